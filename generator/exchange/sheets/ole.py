"""The container of a workbook of before 2007: a file of streams, each a chain of sectors.

Every step is bounded by the size of the file.
"""

from __future__ import annotations

import struct

HEADER, ENTRY = 512, 128
#: Sectors from here on mean that a chain ends, or that a sector is free.
LAST = 0xFFFFFFFA
SMALL = 4096
STREAMS = ("workbook", "book")
MACROS = ("_vba_project_cur", "_vba_project", "macros")


class DamagedContainerError(Exception):
    """What is no container, or leads round in a circle."""


class Container:
    """A container of streams by their names in lower case; raises DamagedContainerError."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError):
            raise DamagedContainerError from None

    def _open(self) -> None:
        shift, small = struct.unpack_from("<HH", self._data, 30)
        if shift not in {9, 12} or small != 6:
            raise DamagedContainerError
        self._size = 1 << shift
        first, cutoff, mini, _ = struct.unpack_from("<IxxxxIII", self._data, 48)
        del cutoff
        self._table = self._numbers(self._table_sectors())
        names = self._chain(first, self._table)
        listing = b"".join(map(self._sector, names))
        self._entries: dict[str, tuple[int, int]] = {}
        root = 0
        for at in range(0, len(listing) - ENTRY + 1, ENTRY):
            entry = listing[at : at + ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            start, size = struct.unpack_from("<II", entry, 116)
            if kind == 5:
                root = start
            elif kind in {1, 2}:
                name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                self._entries.setdefault(name.lower(), (start, size))
        self._small = self._numbers(self._chain(mini, self._table))
        self._root = root

    def _table_sectors(self) -> list[int]:
        """Return the sectors that hold the table of chains."""
        found = [*struct.unpack_from("<109I", self._data, 76)]
        following, count = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, len(self._data) // self._size)):
            *more, following = struct.unpack(f"<{self._size // 4}I", self._sector(following))
            found += more
        return [number for number in found if number < LAST]

    def _sector(self, number: int) -> bytes:
        start = HEADER if self._size == HEADER else self._size
        at = start + number * self._size
        found = self._data[at : at + self._size]
        return found + bytes(self._size - len(found)) if found else found

    def _numbers(self, sectors: list[int]) -> tuple[int, ...]:
        if len(sectors) * self._size > len(self._data) + self._size:
            raise DamagedContainerError
        joined = b"".join(map(self._sector, sectors))
        return struct.unpack(f"<{len(joined) // 4}I", joined)

    @staticmethod
    def _chain(first: int, table: tuple[int, ...]) -> list[int]:
        """Return the sectors of a stream in their order."""
        found: list[int] = []
        while first < LAST:
            if first >= len(table) or len(found) > len(table):
                raise DamagedContainerError
            found.append(first)
            first = table[first]
        return found

    @property
    def has_macros(self) -> bool:
        """Whether there is a stream or folder of macros."""
        return not self._entries.keys().isdisjoint(MACROS)

    def workbook(self) -> bytes:
        """Return the stream of the workbook; raises DamagedContainerError without one."""
        name = next((name for name in STREAMS if name in self._entries), None)
        if name is None:
            raise DamagedContainerError
        first, size = self._entries[name]
        if size > len(self._data):
            raise DamagedContainerError
        try:
            if size >= SMALL:
                return b"".join(map(self._sector, self._chain(first, self._table)))[:size]
            inner = b"".join(map(self._sector, self._chain(self._root, self._table)))
        except (struct.error, IndexError):
            raise DamagedContainerError from None
        pieces = (inner[at * 64 : at * 64 + 64] for at in self._chain(first, self._small))
        return b"".join(pieces)[:size]
