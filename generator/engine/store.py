"""Files of rows beside git's own: opened, begun anew where they are broken, believed by digests.

What is kept between runs saves time and nothing else, so any fault of such a file is mended by
making its rows again. SQLite's own faults are raised as they are.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from generator.files.git import clone_at
from generator.files.remedies import history_at

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

#: Seconds that a writer waits for another one.
TIMEOUT = 5.0
#: Bytes of a digest.
SIZE = 16
#: Endings of a file of rows and of what SQLite puts beside it.
ENDINGS = ("", "-wal", "-shm", "-journal")


#: Faults that lie outside of the file, by the low byte of SQLite's code: no permission, busy,
#: locked, no memory, read-only, interrupted, input and output, full, cannot be opened, locking
#: protocol, no large files, not authorised.
OUTSIDE = frozenset({3, 5, 6, 7, 8, 9, 10, 13, 14, 15, 22, 23})
#: What SQLite says of a missing table, and Python of text that is none: the file is at fault.
OF_THE_FILE = 1


class BrokenStoreError(Exception):
    """The file is not what this program wrote."""


def is_out_of_reach(error: Exception) -> bool:
    """Whether a file of rows is sound for all we know, but cannot be had now.

    Another process holds it, the disk is full, it may not be written: it is never taken away.
    """
    return getattr(error, "sqlite_errorcode", OF_THE_FILE) & 0xFF in OUTSIDE


def git_file(root: Path, name: str) -> Path | None:
    """Return where a file lies in the git folder, so that it is never committed; None without.

    Raises GitError where there is a git folder that git cannot read.
    """
    if history_at(root) is None:
        return None
    return clone_at(root).folder / name


class RowFile(NamedTuple):
    """A file with one table of rows, in the form that ``schema`` numbers (from 1).

    ``shared``: some processes read it while one writes.
    """

    path: Path
    table: str
    schema: int
    shared: bool = False

    def connect(self) -> sqlite3.Connection:
        """Return a connection to rows of this form, made where there are none.

        Raises sqlite3.DatabaseError, and BrokenStoreError for rows of another form.
        """
        rows = self.reader()
        try:
            self._prepare(rows)
        except BaseException:
            rows.close()
            raise
        return rows

    def _prepare(self, rows: sqlite3.Connection) -> None:
        # No run waits for the disk: rows that a machine lost as it fell are made again.
        rows.execute("PRAGMA synchronous = OFF")
        if self.shared:
            rows.execute("PRAGMA journal_mode = WAL")
        version = rows.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, self.schema}:
            raise BrokenStoreError(str(version))
        if version == self.schema:
            return  # so that who only reads does not wait for who writes
        rows.execute(self.table)
        rows.execute(f"PRAGMA user_version = {self.schema}")

    def reader(self) -> sqlite3.Connection:
        """Return a connection to the file as it is; nothing is looked at or written yet."""
        import sqlite3  # noqa: PLC0415 - 10 ms that a run without the cache need not wait for

        return sqlite3.connect(self.path, timeout=TIMEOUT)

    def remove(self) -> None:
        """Take the file away, and what lies beside it; what cannot be taken away stays."""
        for ending in ENDINGS:
            with contextlib.suppress(OSError):
                self.path.with_name(f"{self.path.name}{ending}").unlink()


class Rows:
    """What is kept in a file, if there is one; where it cannot be had, nothing is.

    A ``broken`` file is taken away and begun anew, one that is ``out_of_reach`` is left alone.
    """

    def __init__(self, file: RowFile | None) -> None:
        self.file = file
        self.broken = self.out_of_reach = False

    @property
    def there(self) -> bool:
        """Whether there is a file to read."""
        return self.file is not None and self.file.path.exists()

    def read(self, ask: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Return what ``ask`` finds, which may raise BrokenStoreError; or ``nothing``."""
        if self.file is None or self.out_of_reach or not self.there:
            return nothing
        import sqlite3  # noqa: PLC0415 - 10 ms that a run without such a file need not wait for

        try:
            with contextlib.closing(self.file.connect()) as store:
                return ask(store)
        except (sqlite3.DatabaseError, BrokenStoreError) as error:
            self._lose(self.file, error)
            return nothing

    def write(self, tell: Callable[[sqlite3.Connection], object]) -> None:
        """Let ``tell`` write rows, all or none of them."""
        if self.file is None or self.out_of_reach:
            return
        import sqlite3  # noqa: PLC0415 - as above: most runs have nothing to keep

        try:
            with contextlib.closing(self.file.connect()) as store, store:
                tell(store)
        except sqlite3.OperationalError:
            return  # busy, read-only or full: the next run makes the rows again
        except (sqlite3.DatabaseError, BrokenStoreError) as error:
            self._lose(self.file, error)

    def _lose(self, file: RowFile, error: Exception) -> None:
        """Do without the rows; only a broken file is taken away."""
        if is_out_of_reach(error):
            self.out_of_reach = True
        else:
            self.broken = True
            file.remove()


def digest_of(*parts: bytes) -> bytes:
    """Return what a row must carry to be believed."""
    return hashlib.blake2b(b"\0".join(parts), digest_size=SIZE).digest()
