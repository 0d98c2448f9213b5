"""EXIF as cameras write it: where it stands in a picture, and its entries, read within bounds."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How far into a JPEG metadata may lie: before the picture itself.
HEAD = 1_000_000
_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">I4s")
#: Chunks of a PNG that are looked at.
MAX_CHUNKS = 100_000
MARK = b"Exif\0\0"
TIFF = (b"II*\0", b"MM\0*")
LONG = 4
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
MAX_ENTRIES, MAX_TEXT = 200, 400
#: Directories of one block that are read.
MAX_DIRECTORIES = 4
#: The directory of the camera, that of the place; the first of a block has no tag.
FIRST, CAMERA, GPS = 0, 0x8769, 0x8825


class Entry(NamedTuple):
    """An entry of a block: the directory it stands in, its tag, and the bytes of its value."""

    directory: int
    tag: int
    value: bytes


def exif_of(data: bytes) -> bytes:
    """Return the block of a JPEG, PNG or WebP that begins with TIFF's mark; else nothing."""
    if data.startswith(_PNG):
        block = _chunk(data).removeprefix(MARK)
    else:
        at = data.find(MARK, 0, HEAD)
        block = data[at + len(MARK) :] if at >= 0 else _part(data)
    return block if block[:4] in TIFF else b""


def _part(data: bytes) -> bytes:
    """Return the metadata of a WebP, which stand in a part of their own."""
    at = -1 if data.startswith(_JPEG) else data.find(b"EXIF")
    return data[at + 8 :] if at >= 0 else b""


def _chunk(data: bytes) -> bytes:
    """Return the metadata of a PNG, which stand in a chunk of their own."""
    at = len(_PNG)
    for _ in range(MAX_CHUNKS):
        head = data[at : at + _HEAD.size]
        if len(head) < _HEAD.size:
            break
        size, name = _HEAD.unpack(head)
        if name == b"eXIf":
            return data[at + _HEAD.size :][:size]
        at += _HEAD.size + size + 4
    return b""


def order_of(block: bytes) -> str:
    """Return the order of bytes in a block, as ``struct`` writes it."""
    return "<" if block[:2] == b"II" else ">"


def entries_of(block: bytes) -> Iterator[Entry]:
    """Yield the entries of a block's directories; nothing more where they lead out of it."""
    order = order_of(block)
    try:
        waiting = [(struct.unpack_from(f"{order}I", block, 4)[0], FIRST)]
        for _ in range(MAX_DIRECTORIES):
            if not waiting:
                return
            at, directory = waiting.pop()
            (count,) = struct.unpack_from(f"{order}H", block, at)
            for number in range(min(count, MAX_ENTRIES)):
                tag, kind, size, value = struct.unpack_from(
                    f"{order}HHI4s", block, at + 2 + 12 * number
                )
                if tag in {CAMERA, GPS} and kind == LONG:
                    waiting.append((struct.unpack(f"{order}I", value)[0], tag))
                else:
                    yield Entry(directory, tag, _bytes(block, kind, size, value, order))
    except struct.error:
        return


def _bytes(block: bytes, kind: int, count: int, value: bytes, order: str) -> bytes:
    """Return the bytes of a value, wherever they stand."""
    size = _SIZES.get(kind, 0) * count
    if size <= len(value):
        return value[:size]
    (at,) = struct.unpack(f"{order}I", value)
    return block[at : at + min(size, MAX_TEXT)]
