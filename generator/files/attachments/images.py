"""How large a picture may be, and the judge of WebP by structure alone: no pixel is decoded.

It raises DamageError, struct.error or IndexError where a file ends too early.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from generator.files.attachments.problems import (
    STRUCTURE,
    TRUNCATED,
    DamageError,
    Defect,
    Problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

#: No pixel is decoded here: a phone makes 48 to 200 million of them.
MAX_PIXELS = 200_000_000
#: What is larger than the first must not hold more pixels a byte than the second: a bomb does.
DENSE_FROM = 40_000_000
DENSE = 2_000
#: Segments, chunks or pictures; more is an attack on the reader's time.
MAX_SEGMENTS = 10_000
PADDING = re.compile(rb"[\0\r\n \t]*")


def size_defects(width: int, height: int, size: int) -> Iterator[Defect]:
    """Judge a picture's size in pixels, in a file of ``size`` bytes."""
    pixels = width * height
    if pixels > MAX_PIXELS or pixels > max(DENSE_FROM, DENSE * size):
        yield Defect(Problem.EXPANDS, f"{width}×{height}")
    elif pixels <= 1:
        yield Defect(Problem.DAMAGED, "pixel")


def skip_padding(data: bytes, at: int) -> int:
    """Return where something other than zeros and white space begins."""
    match = PADDING.match(data, at)
    return at if match is None else match.end()


def webp_defects(data: bytes) -> Iterator[Defect]:
    """Judge a WebP: stated against real length, sizes of canvas and frames, what follows."""
    (size,) = struct.unpack_from("<I", data, 4)
    end = 8 + size
    if end > len(data):
        raise DamageError(TRUNCATED)
    pictures = 0
    sizes: dict[tuple[int, int], None] = {}
    for name, body in webp_chunks(data, end):
        found = _webp_size(name, body[:16])
        if found is not None:
            sizes[found] = None
        pictures += name in {b"VP8 ", b"VP8L", b"ANMF"}
    for width, height in sizes:
        yield from size_defects(width, height, len(data))
    if not pictures:
        raise DamageError(TRUNCATED)
    if skip_padding(data, end) != len(data):
        yield Defect(Problem.TRAILING, "trailing")


def webp_chunks(data: bytes, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Walk the chunks of a file that ends at ``end``: name and body of each."""
    at = 12
    for _ in range(MAX_SEGMENTS):
        if at >= end:
            return
        name, length = struct.unpack_from("<4sI", data, at)
        at += 8
        if at + length > end:
            raise DamageError(TRUNCATED)
        yield name, data[at : at + length]
        at += length + length % 2
    raise DamageError(STRUCTURE)


def _webp_size(name: bytes, body: bytes) -> tuple[int, int] | None:
    """Return width and height of a canvas, a frame or a picture, None for other chunks."""
    if name == b"VP8X":
        return _uint24(body, 4) + 1, _uint24(body, 7) + 1
    if name == b"ANMF":
        return _uint24(body, 6) + 1, _uint24(body, 9) + 1
    if name == b"VP8L":
        signature, bits = struct.unpack_from("<BI", body)
        if signature != 0x2F:
            raise DamageError(STRUCTURE)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        start, width, height = struct.unpack_from("<3sHH", body, 3)
        if start != b"\x9d\x01\x2a":
            raise DamageError(STRUCTURE)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _uint24(body: bytes, at: int) -> int:
    low, high = struct.unpack_from("<HB", body, at)
    return int(low) | int(high) << 16
