"""Reduced branches kept between runs: one file, a row a branch, each valid for its exact inputs.

A row's key covers everything that a branch's result rests on: the tree id of its folder, what the
committee keeps of it and of all, the rubric, the program. History counts by one rule: a row holds
while the commit that it was computed at lies on the first-parent line of the present one, because
the oldest commit that brought a file in is then the same.
"""

from __future__ import annotations

import hashlib
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from generator.engine.encoding import decode, encode
from generator.engine.store import BrokenStoreError, RowFile, Rows, digest_of, git_file
from generator.files.git import run_git
from generator.files.paths import appraisal_path, branch_path
from generator.formats.kept import Whom, reaching
from generator.loading.accepted import AcceptedList

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping
    from hashlib import blake2b as Digest  # noqa: N812 - the type of a running digest

    from generator.engine.branch import Reduced
    from generator.engine.repository import Repository
    from generator.loading.accepted import Target
    from generator.loading.committee import CommitteeYear
    from generator.loading.due import DueList
    from generator.text.findings import Acceptance

PROGRAM = Path(__file__).resolve().parents[1]
FILE = "appraisal-cache.sqlite"
SCHEMA = 4
TABLE = """
CREATE TABLE IF NOT EXISTS branches (
    branch TEXT, year INTEGER, details INTEGER, key TEXT, history TEXT, digest BLOB,
    value TEXT, PRIMARY KEY (branch, year, details)
) WITHOUT ROWID
"""
INSERT = "INSERT OR REPLACE INTO branches VALUES (?, ?, ?, ?, ?, ?, ?)"


def cache_path(root: Path) -> Path | None:
    """Return where the cache lies, None without git."""
    return git_file(root, FILE)


class Cache:
    """Rows of one year.

    Branches that are as ``commit`` has them, by ``tree_ids``, may have a row.
    """

    def __init__(self, path: Path, root: Path, commit: str, tree_ids: Mapping[str, str]) -> None:
        self.rows = Rows(RowFile(path, TABLE, SCHEMA))
        self.root = root
        self.commit = commit
        self.tree_ids = tree_ids
        self._line: frozenset[str] | None = None

    @property
    def broken(self) -> bool:
        """Whether the file was damaged, and is made anew."""
        return self.rows.broken

    def keys(
        self, repository: Repository, committee: CommitteeYear, due: DueList
    ) -> dict[str, str]:
        """Return branch → key of those whose folder is as the commit has it."""
        return keys_of(repository, committee, due, self.tree_ids)

    def load(self, year: int, keys: Mapping[str, str], *, details: bool) -> dict[str, Reduced]:
        """Return branch → reduced branch of those whose key is that of a row."""
        asked = partial(self._found, year, keys, details=details)
        return self.rows.read(lambda store: dict(asked(store)), {})

    def _found(
        self, year: int, keys: Mapping[str, str], store: sqlite3.Connection, *, details: bool
    ) -> Iterator[tuple[str, Reduced]]:
        rows = store.execute(
            "SELECT branch, key, history, digest, value FROM branches"
            " WHERE year = ? AND details = ?",
            (year, int(details)),
        )
        for branch, key, history, digest, value in rows:
            if keys.get(branch) != key or not self._holds(history):
                continue
            if digest != row_digest(key, history, value):
                raise BrokenStoreError(branch)
            yield branch, decode(value)

    def save(
        self, year: int, keys: Mapping[str, str], reduced: Iterable[Reduced], *, details: bool
    ) -> None:
        """Keep branches that have a key; if the file cannot be written, nothing is kept."""
        rows = (
            self._row(year, keys[item.result.id], item, details=details)
            for item in reduced
            if item.result.id in keys
        )
        first = next(rows, None)
        if first is not None:
            self.rows.write(lambda store: store.executemany(INSERT, chain((first,), rows)))

    def _row(self, year: int, key: str, item: Reduced, *, details: bool) -> tuple[object, ...]:
        value = encode(item)
        digest = row_digest(key, self.commit, value)
        return (
            item.result.id, year, int(details), key, self.commit, digest, value
        )  # fmt: skip

    def _holds(self, commit: str) -> bool:
        """Whether a commit lies on the first-parent line of the present one."""
        if commit == self.commit:
            return True
        if self._line is None:
            out = run_git(self.root, "rev-list", "--first-parent", self.commit)
            self._line = frozenset(out.decode("ascii").split())
        return commit in self._line


def row_digest(key: str, history: str, value: str) -> bytes:
    """Return what a row must carry to be believed."""
    return digest_of(*(text.encode("utf-8", "surrogatepass") for text in (key, history, value)))


def program_digest(*, anywhere: bool = False) -> str:
    """Return what changes when the program does: names, sizes and times of its files.

    ``anywhere``: the contents instead of the times, which every checkout sets anew.
    """
    return digest_of_program(PROGRAM, anywhere=anywhere)


@cache
def digest_of_program(folder: Path, *, anywhere: bool) -> str:
    """Return the digest of the program in a folder, once a process: what has begun, runs on."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".po"}:
            status = path.stat()
            mark = blake(path.read_bytes()) if anywhere else status.st_mtime_ns
            line = f"{path.relative_to(folder)}\0{status.st_size}\0{mark}\n"
            digest.update(line.encode())
    return digest.hexdigest()


def blake(content: bytes) -> str:
    """Return the digest of a file of the program."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def base_digest(
    repository: Repository, committee: CommitteeYear, *, anywhere: bool = False
) -> Digest:
    """Return the digest of everything that all branches of a year rest on.

    ``anywhere``: one that is the same on every machine with the same files.
    """
    digest = hashlib.blake2b(digest_size=20)
    digest.update(repository.blobs(reaching(Whom.EVERY), committee.year).encode())
    facts = (
        program_digest(anywhere=anywhere),
        repository.rubric.sha256 if repository.rubric else "",
        committee.year,
        sorted(repository.all_ids),
        [y for y in repository.opened if repository.is_file(appraisal_path(y))],
    )
    digest.update(repr(facts).encode())
    return digest


def keys_of(
    repository: Repository, committee: CommitteeYear, due: DueList, tree_ids: Mapping[str, str]
) -> dict[str, str]:
    """Return branch → key of those whose folder is as a commit has it (``tree_ids``).

    Of the due list a key holds what is asked of the branch, and what of it has come due; of what is
    accepted, what is about its files.
    """
    common = base_digest(repository, committee)
    own = reaching(Whom.BRANCH)
    accepted = AcceptedList.of(committee.accepted)
    strangers = sorted(due.strangers(repository.all_ids))
    keys = {}
    for branch, tree_id in tree_ids.items():
        digest = common.copy()
        digest.update(repository.blobs(own, committee.year, branch).encode())
        names = (branch, *former_names(repository, branch, strangers))
        asked = [due.of((name,)) for name in names]
        told = (asked, accepted_of(accepted, repository, branch))
        digest.update(f"{told!r}\0{branch}\0{tree_id}".encode())
        keys[branch] = digest.hexdigest()
    return keys


def former_names(repository: Repository, branch: str, strangers: Iterable[str]) -> list[str]:
    """Return the names of no branch that a branch may have had: its branch.yml writes them."""
    path = branch_path(branch)
    there = strangers and any(e.path == path and e.is_file for e in repository.tree.folder(branch))
    text = repository.tree.read(path) if there else b""
    return [name for name in strangers if b"\\" in text or name.encode("ascii") in text]


def accepted_of(
    accepted: AcceptedList, repository: Repository, branch: str
) -> tuple[tuple[Target, Acceptance], ...]:
    """Return what is accepted of a branch's files; they are listed where contents are named."""
    files = repository.tree.folder(branch) if accepted.digests else ()
    return accepted.own(branch, {entry.blob for entry in files if entry.blob})
