"""Judge of PNG by its chunks: checksums, size, data enough, bounded text; no pixel is decoded."""

from __future__ import annotations

import struct
import zlib
from itertools import islice
from typing import TYPE_CHECKING

from generator.files.attachments.images import size_defects, skip_padding
from generator.files.attachments.problems import (
    CHECKSUM,
    PIXEL_DATA,
    STRUCTURE,
    TRUNCATED,
    DamageError,
    Defect,
    Problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    Chunks = list[tuple[bytes, bytes]]

SIGNATURE = 8
MAX_CHUNKS = 50_000
#: Compressed texts and profiles of one picture: their bytes once inflated, and their number.
MAX_TEXT = 1_000_000
MAX_TEXTS = 1_000
#: Samples of a pixel by colour type.
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: Deflate turns one byte into 1032 at the most.
_DEFLATE = 1032


def png_defects(data: bytes) -> Iterator[Defect]:
    """Judge a PNG. Raises DamageError, struct.error or IndexError where it is broken."""
    chunks, end = chunks_of(data)
    name, header = chunks[0]
    if name != b"IHDR" or len(header) != 13:
        raise DamageError(STRUCTURE)
    width, height, depth, colour = struct.unpack_from(">IIBB", header)
    sizes = list(size_defects(width, height, len(data)))
    yield from sizes
    if all(defect.problem is not Problem.EXPANDS for defect in sizes):
        if depth not in {1, 2, 4, 8, 16} or colour not in _SAMPLES:
            raise DamageError(STRUCTURE)
        _need_data(chunks, width * height * depth * _SAMPLES[colour] // 8)
    if _text_expands(chunks):
        yield Defect(Problem.EXPANDS, "text")
    if skip_padding(data, end) != len(data):
        yield Defect(Problem.TRAILING, "trailing")


def chunks_of(data: bytes) -> tuple[Chunks, int]:
    """Return name and body of every chunk up to IEND, and the position after it."""
    at, found = SIGNATURE, []
    for _ in range(MAX_CHUNKS):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise DamageError(TRUNCATED)
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise DamageError(CHECKSUM)
        found.append((name, data[at + 8 : end - 4]))
        at = end
        if name == b"IEND":
            return found, at
    raise DamageError(STRUCTURE)


def _need_data(chunks: Chunks, needed: int) -> None:
    """Raise DamageError unless the pixel data begin well and could hold ``needed`` bytes."""
    inflater, begun, length = zlib.decompressobj(), False, 0
    for name, body in chunks:
        if name != b"IDAT":
            continue
        length += len(body)
        if not begun:
            try:
                begun = bool(inflater.decompress(body, 64))
            except zlib.error:
                raise DamageError(PIXEL_DATA) from None
    if not begun or length * _DEFLATE < needed:
        raise DamageError(TRUNCATED)


def _text_expands(chunks: Chunks) -> bool:
    """Whether compressed texts are larger than anyone needs; inflates at most that much."""
    left = MAX_TEXT
    texts = (packed for name, body in chunks if (packed := _packed(name, body)))
    for number, packed in enumerate(islice(texts, MAX_TEXTS + 1)):
        if number == MAX_TEXTS:
            return True
        try:
            left -= len(zlib.decompressobj().decompress(packed, left + 1))
        except zlib.error:
            continue
        if left < 0:
            return True
    return False


def _packed(name: bytes, body: bytes) -> bytes:
    """Return the compressed part of a text or profile chunk, nothing for the others."""
    if name in {b"zTXt", b"iCCP"}:
        return body.partition(b"\0")[2][1:]
    if name == b"iTXt":
        rest = body.partition(b"\0")[2]
        if rest[:1] == b"\x01":
            return rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return b""
