"""Keys of what attachments hold, kept between runs, and where in a tree a content lies.

One file beside git's own, a row a branch: the keys by blob id, and the tree of which none lacks. A
key rests on the bytes alone, so a row is never out of date; it may only hold too few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.engine.narrow.scope import BlobIndex
from generator.engine.store import BrokenStoreError, RowFile, Rows, digest_of, git_file
from generator.files.attachments.inside.same import FORM, KEY_SIZE, key_of_blob
from generator.files.attachments.inside.same.known import key_of, known_key, remember
from generator.files.git_objects import Trees
from generator.files.git_tree import KINDS, Item, Listing
from generator.files.limits import MAX_BRANCH_YEAR
from generator.files.paths import is_attachment
from generator.files.tree import EntryKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from generator.checks.summary import BranchSummary
    from generator.engine.branch import Contents
    from generator.engine.year import Progress
    from generator.files.git_objects import Objects

FILE = "appraisal-contents.sqlite"
SCHEMA = 1
TABLE = """
CREATE TABLE IF NOT EXISTS contents (
    branch TEXT PRIMARY KEY, tree TEXT, digest BLOB, value BLOB
) WITHOUT ROWID
"""
INSERT = "INSERT OR REPLACE INTO contents VALUES (?, ?, ?, ?)"
#: Larger files are told apart by their ids alone: no year allows them.
MOST = MAX_BRANCH_YEAR
#: Files that are read again sooner than rows of them are kept.
FEW = 50
#: A row may hold so many times the keys of its tree: those of other states of the branch.
STATES = 3
FILES = frozenset({EntryKind.FILE, EntryKind.EXECUTABLE})


class Row(NamedTuple):
    """What is kept of a branch: keys by blob id, and the tree of which none lacks, if any."""

    tree: str
    keys: Mapping[str, bytes]


NOTHING = Row("", {})


class ContentStore:
    """The rows of one repository. Where they cannot be had, every key is made anew.

    ``progress`` is told how many of the branches that lack some were read.
    """

    def __init__(self, path: Path | None, progress: Progress | None = None) -> None:
        self.progress = progress
        self.kept = Rows(RowFile(path, TABLE, SCHEMA) if path else None)
        self.rows: dict[str, Row] = {}

    @classmethod
    def at(cls, root: Path, *, keep: bool = True, progress: Progress | None = None) -> ContentStore:
        """Return the store of a repository, an empty one unless ``keep``; raises GitError."""
        return cls(git_file(root, FILE) if keep else None, progress)

    def load(self, branches: Collection[str] | None = None) -> None:
        """Make known what is kept of some branches, or of all."""
        nothing: dict[str, Row] = {}
        found = self.kept.read(lambda store: dict(rows_of(store, branches)), nothing)
        for row in found.values():
            remember(row.keys)
        self.rows.update(found)

    def save(self, summaries: Iterable[BranchSummary]) -> None:
        """Keep the keys of branches that were read."""
        self.keep({summary.id: Row("", keys_in(summary)) for summary in summaries})

    def keep(self, rows: Mapping[str, Row]) -> None:
        """Keep rows that say more than what is kept; if that cannot be written, nothing is.

        A file is begun where it spares reading more than ``FEW`` files.
        """
        new = {branch: joined(self.rows.get(branch, NOTHING), row) for branch, row in rows.items()}
        new = {branch: row for branch, row in new.items() if row != self.rows.get(branch, NOTHING)}
        many = sum(len(row.keys) for row in new.values()) > FEW
        if not new or not (many or self.kept.there):
            return
        self.rows.update(new)
        values = [(branch, row.tree, packed(row.keys)) for branch, row in new.items()]
        told = [(b, tree, row_digest(b, tree, value), value) for b, tree, value in values]
        self.kept.write(lambda store: store.executemany(INSERT, told))


def rows_of(
    store: sqlite3.Connection, branches: Collection[str] | None
) -> Iterator[tuple[str, Row]]:
    """Yield the rows of some branches, or of all; raises BrokenStoreError."""
    asked = "SELECT branch, tree, digest, value FROM contents"
    one = f"{asked} WHERE branch = ?"
    found = (
        store.execute(asked)
        if branches is None
        else (row for branch in branches for row in store.execute(one, (branch,)))
    )
    for branch, tree, digest, value in found:
        if not isinstance(value, bytes) or digest != row_digest(branch, tree, value):
            raise BrokenStoreError(branch)
        yield branch, Row(tree, unpacked(value))


def row_digest(branch: str, tree: str, value: bytes) -> bytes:
    """Return what a row must carry to be believed; another form of keys has another one."""
    return digest_of(f"{FORM}\0{branch}\0{tree}".encode("utf-8", "surrogatepass"), value)


def packed(keys: Mapping[str, bytes]) -> bytes:
    """Return keys by blob id as bytes: the size of an id, then each id with its key."""
    ids = [bytes.fromhex(blob) for blob in sorted(keys)]
    size = len(ids[0]) if ids else 0
    pairs = (own + key for own, key in zip(ids, (keys[b] for b in sorted(keys)), strict=True))
    return bytes([size]) + b"".join(pairs)


def unpacked(value: bytes) -> dict[str, bytes]:
    """Return keys by blob id from their bytes."""
    size = value[0]
    steps = range(1, len(value), size + KEY_SIZE) if size else ()
    return {value[at : at + size].hex(): value[at + size : at + size + KEY_SIZE] for at in steps}


def joined(old: Row, new: Row) -> Row:
    """Return what two rows of a branch say, as long as it is not much more than the new one."""
    if old.keys.keys() >= new.keys.keys() and new.tree in {"", old.tree}:
        return old
    keys = {**old.keys, **new.keys}
    return Row(new.tree, keys if len(keys) <= STATES * len(new.keys) else new.keys)


def keys_in(summary: BranchSummary) -> dict[str, bytes]:
    """Return the keys of a branch's files by blob id."""
    return {blob: bytes.fromhex(key) for blob, key in summary.contents if key}


class ContentIndex(BlobIndex):
    """Where in a tree contents lie: each attachment is read once, if its key is not kept."""

    def __init__(
        self, root: Path, treeish: str, objects: Objects, store: Contents | None = None
    ) -> None:
        super().__init__(root, treeish)
        self.objects = objects
        self.store = store if isinstance(store, ContentStore) else ContentStore(None)
        self._rows: dict[str, Row] | None = None

    def holders(self, contents: Collection[tuple[str, str]]) -> frozenset[str]:
        """Return the branches that have one of these contents, told by blob id and key."""
        if not contents:
            return frozenset()
        blobs = {blob for blob, _ in contents}
        keys = {bytes.fromhex(key) for _, key in contents if key}
        rows = self._all()
        return frozenset(
            branch
            for branch, row in rows.items()
            if not blobs.isdisjoint(row.keys) or not keys.isdisjoint(row.keys.values())
        )

    def _all(self) -> dict[str, Row]:
        """Return the keys of every branch of the tree."""
        if self._rows is None:
            self.store.load()
            listing = Listing(Trees(self.root, self.objects), self.treeish)
            new = dict(self._lacking(listing))
            self._rows = {
                branch: new.get(branch) or self.store.rows[branch] for branch in listing.tree_ids
            }
            self.store.keep(new)
        return self._rows

    def _lacking(self, listing: Listing) -> Iterator[tuple[str, Row]]:
        """Yield the branches of which a key is lacking, with all their keys."""
        rows, progress = self.store.rows, self.store.progress
        stale = [(b, t) for b, t in listing.tree_ids.items() if rows.get(b, NOTHING).tree != t]
        for number, (branch, tree) in enumerate(stale, start=1):
            yield branch, Row(tree, dict(self._keys(listing.items(branch).values())))
            if progress:
                progress(number, len(stale))

    def _keys(self, items: Iterable[Item]) -> Iterator[tuple[str, bytes]]:
        """Yield blob id and key of each attachment among some files."""
        for item in items:
            if item.size and KINDS.get(item.mode) in FILES and is_attachment(item.path):
                blob = item.object_id
                known = key_of_blob(blob) if item.size > MOST else known_key(blob)
                yield blob, known or key_of(blob, self.objects.read(blob))
