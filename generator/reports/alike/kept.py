"""What decoding pictures came to, kept between runs by blob id: one file beside git's own.

A row rests on the bytes of a picture and on the decoder, whose versions its digest covers: one of
another decoder, or one that nobody wrote, is not believed, and the picture is decoded again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.engine.store import RowFile, Rows, digest_of, git_file
from generator.reports.alike.decoding import decoder

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

FILE = "appraisal-looks.sqlite"
SCHEMA = 1
TABLE = """
CREATE TABLE IF NOT EXISTS looks (
    kind TEXT, blob TEXT, digest BLOB, value BLOB, PRIMARY KEY (kind, blob)
) WITHOUT ROWID
"""
SELECT = "SELECT digest, value FROM looks WHERE kind = ? AND blob = ?"
#: The file may hold so many times the rows that were asked for, and some: those of other years.
STATES, FEW = 3, 1000


class LookStore:
    """The rows of one repository. Where they cannot be had, every picture is decoded anew."""

    def __init__(self, path: Path | None = None) -> None:
        self.kept = Rows(RowFile(path, TABLE, SCHEMA) if path else None)

    @classmethod
    def at(cls, root: Path, *, keep: bool = True) -> LookStore:
        """Return the store of a repository, an empty one unless ``keep``; raises GitError."""
        return cls(git_file(root, FILE) if keep else None)

    def load(self, kind: str, blobs: Collection[str]) -> dict[str, bytes]:
        """Return blob → what is kept of it, of those that something sound is kept of."""
        return self.kept.read(lambda rows: dict(believed(rows, kind, blobs)), {})

    def keep(self, kind: str, values: Mapping[str, bytes], used: Collection[str] = ()) -> None:
        """Keep values by blob id; if that cannot be written, nothing is.

        Where the file holds far more than what is ``used``, the rest of the kind goes.
        """
        if not values:
            return
        rows = [(kind, b, row_digest(kind, b, value), value) for b, value in values.items()]

        def tell(store: sqlite3.Connection) -> None:
            store.executemany("INSERT OR REPLACE INTO looks VALUES (?, ?, ?, ?)", rows)
            leave(store, kind, {*used, *values})

        self.kept.write(tell)


def believed(
    store: sqlite3.Connection, kind: str, blobs: Collection[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield the sound rows of some blobs."""
    for blob in blobs:
        row = store.execute(SELECT, (kind, blob)).fetchone()
        if row and isinstance(row[1], bytes) and row[0] == row_digest(kind, blob, row[1]):
            yield blob, row[1]


def leave(store: sqlite3.Connection, kind: str, used: Collection[str]) -> None:
    """Take away the rows of a kind that are not used, where there are far more than those."""
    (count,) = store.execute("SELECT count(*) FROM looks WHERE kind = ?", (kind,)).fetchone()
    if count <= STATES * len(used) + FEW:
        return
    known = [blob for (blob,) in store.execute("SELECT blob FROM looks WHERE kind = ?", (kind,))]
    gone = ((kind, blob) for blob in known if blob not in used)
    store.executemany("DELETE FROM looks WHERE kind = ? AND blob = ?", gone)


def row_digest(kind: str, blob: str, value: bytes) -> bytes:
    """Return what a row must carry to be believed; another decoder has another one."""
    return digest_of(f"{decoder()}\0{kind}\0{blob}".encode("utf-8", "surrogatepass"), value)
