"""Bundles kept between builds: one file, a row a branch, each valid for its exact inputs.

Sites in two languages, or for two audiences, have rows of their own.
"""

from __future__ import annotations

import sqlite3
import zlib
from typing import TYPE_CHECKING, NamedTuple

from generator.engine.store import BrokenStoreError, RowFile, digest_of, is_out_of_reach

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE = "appraisal-bundles.sqlite"
SCHEMA = 2
LEVEL = 1
TABLE = """
CREATE TABLE IF NOT EXISTS bundles (
    branch TEXT, year INTEGER, shown TEXT, key BLOB, digest BLOB, value BLOB,
    PRIMARY KEY (branch, year, shown)
)
"""
SELECT = "SELECT key, digest, value FROM bundles WHERE branch = ? AND year = ? AND shown = ?"
INSERT = "INSERT OR REPLACE INTO bundles VALUES (?, ?, ?, ?, ?, ?)"


class Made(NamedTuple):
    """The bundle of a branch, and what all share of it; both are JSON on one line."""

    own: bytes
    shared: bytes


class Place(NamedTuple):
    """Where a bundle is kept: its branch and year, and how it is shown: language, audience."""

    branch: str
    year: int
    shown: str


class Row(NamedTuple):
    """A bundle as it is kept."""

    branch: str
    year: int
    shown: str
    key: bytes
    digest: bytes
    value: bytes


class BundleStore:
    """Rows of earlier builds. Without a sound file all bundles are made again."""

    def __init__(self, path: Path) -> None:
        self.file = RowFile(path, TABLE, SCHEMA, shared=True)
        self._given_up = False

    def read(self, place: Place, key: bytes) -> Made | None:
        """Return what an earlier build made of the same; None where there is nothing."""
        if not self.file.path.exists():
            return None
        try:
            rows = self.file.reader()
            try:
                row = rows.execute(SELECT, place).fetchone()
            finally:
                rows.close()
        except sqlite3.DatabaseError:
            return None
        if not row or row[0] != key or row[1] != digest_of(key, row[2]):
            return None
        own, shared = zlib.decompress(row[2]).split(b"\n")
        return Made(own, shared)

    def row(self, place: Place, key: bytes, made: Made) -> Row:
        """Return the row of what was just made."""
        value = zlib.compress(made.own + b"\n" + made.shared, LEVEL)
        return Row(*place, key, digest_of(key, value), value)

    def keep(self, rows: Sequence[Row]) -> None:
        """Write rows; without a writable file nothing is kept, and a broken one starts again."""
        if not rows or self._given_up:
            return
        try:
            self._write(rows)
        except (sqlite3.DatabaseError, BrokenStoreError) as error:
            self._given_up = is_out_of_reach(error) or isinstance(error, sqlite3.OperationalError)
            if not self._given_up:
                self.file.remove()
                self._given_up = True  # the next build keeps what it makes

    def _write(self, rows: Sequence[Row]) -> None:
        connection = self.file.connect()
        try:
            with connection:
                connection.executemany(INSERT, rows)
        finally:
            connection.close()


def kept_beside(path: Path) -> BundleStore:
    """Return the rows that lie beside another file of them."""
    return BundleStore(path.with_name(FILE))
