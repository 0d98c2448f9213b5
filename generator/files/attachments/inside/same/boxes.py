"""What a picture of a phone shows that is kept in boxes (HEIC, AVIF): its coded items."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from generator.files.attachments.problems import STRUCTURE, DamageError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Items that say something about the picture.
_ABOUT = frozenset({b"Exif", b"mime", b"uri "})
#: Boxes, items and extents of one file; more is an attack on the reader's time.
MAX_PARTS = 10_000
_FORMS = {1: ">B", 2: ">H", 4: ">I", 8: ">Q"}


class Box(NamedTuple):
    """A box: its name, and where its body begins and ends."""

    name: bytes
    start: int
    end: int


def heif_pieces(data: bytes) -> Iterator[memoryview]:
    """Yield the coded items of a HEIC or AVIF; raises DamageError, struct.error or IndexError."""
    meta = _find(data, 0, len(data), b"meta")
    items = _find(data, meta.start + 4, meta.end, b"iinf")
    places = _find(data, meta.start + 4, meta.end, b"iloc")
    own = next((b for b in _boxes(data, meta.start + 4, meta.end) if b.name == b"idat"), None)
    kinds = dict(_kinds(data, items))
    left, found = len(data), False
    for item, inside, start, length in _extents(data, places):
        if kinds.get(item, b"") in _ABOUT:
            continue
        at = start + (own.start if inside and own is not None else 0)
        left -= length
        if left < 0 or at + length > len(data):
            raise DamageError(STRUCTURE)
        found = found or length > 0
        yield memoryview(data)[at : at + length]
    if not found:
        raise DamageError(STRUCTURE)


def _boxes(data: bytes, at: int, end: int) -> Iterator[Box]:
    """Walk the boxes between two places."""
    for _ in range(MAX_PARTS):
        if at + 8 > end:
            return
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        stop = at + size if size else end
        if size and (size < head or stop > end):
            raise DamageError(STRUCTURE)
        yield Box(name, at + head, stop)
        at = stop
    raise DamageError(STRUCTURE)


def _find(data: bytes, at: int, end: int, name: bytes) -> Box:
    found = next((box for box in _boxes(data, at, end) if box.name == name), None)
    if found is None:
        raise DamageError(STRUCTURE)
    return found


def _kinds(data: bytes, items: Box) -> Iterator[tuple[int, bytes]]:
    """Yield number and kind of each item."""
    start = items.start + (6 if data[items.start] == 0 else 8)
    for box in _boxes(data, start, items.end):
        version = data[box.start]
        wide = version == 3
        if box.name == b"infe" and version >= 2:
            (item,) = struct.unpack_from(">I" if wide else ">H", data, box.start + 4)
            at = box.start + 4 + (4 if wide else 2) + 2
            yield item, data[at : at + 4]


class _Reader:
    """Reads numbers one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def number(self, size: int) -> int:
        """Return the next number of so many bytes; one of no bytes is 0."""
        if not size:
            return 0
        if size not in _FORMS:
            raise DamageError(STRUCTURE)
        (value,) = struct.unpack_from(_FORMS[size], self.data, self.at)
        self.at += size
        return int(value)


def _extents(data: bytes, places: Box) -> Iterator[tuple[int, bool, int, int]]:
    """Yield of each piece of an item: item, whether it lies in the box ``idat``, place, length."""
    version = data[places.start]
    reader = _Reader(data, places.start + 4)
    sizes, more = reader.number(1), reader.number(1)
    offset, length, base, index = sizes >> 4, sizes & 15, more >> 4, more & 15
    wide = 4 if version == 2 else 2
    parts = 0
    for _ in range(reader.number(wide)):
        item = reader.number(wide)
        inside = bool(version and reader.number(2) & 15)
        reader.number(2)
        start = reader.number(base)
        for _ in range(reader.number(2)):
            parts += 1
            if parts > MAX_PARTS or reader.at > places.end:
                raise DamageError(STRUCTURE)
            reader.number(index if version else 0)
            at = start + reader.number(offset)
            yield item, inside, at, reader.number(length)
