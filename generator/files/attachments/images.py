"""Judges of JPEG and WebP by structure alone: no pixel is decoded.

They raise DamageError, struct.error or IndexError where a file ends too early.
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

MAX_PIXELS = 40_000_000
#: Segments, chunks or pictures; more is an attack on the reader's time.
MAX_SEGMENTS = 10_000
#: Frame headers of JPEG; C4, C8 and CC are tables and a reserved marker.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
#: Frames in Huffman codes, whose data have a least size.
_HUFFMAN = frozenset({0xC0, 0xC1, 0xC2})
_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_PADDING = re.compile(rb"[\0\r\n \t]*")
#: The end of entropy-coded data: a marker that is neither a stuffed FF nor a restart.
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def size_defects(width: int, height: int) -> Iterator[Defect]:
    """Judge a picture's size in pixels."""
    if width * height > MAX_PIXELS:
        yield Defect(Problem.EXPANDS, f"{width}×{height}")
    elif width * height <= 1:
        yield Defect(Problem.DAMAGED, "pixel")


def skip_padding(data: bytes, at: int) -> int:
    """Return where something other than zeros and white space begins."""
    match = _PADDING.match(data, at)
    return at if match is None else match.end()


def jpeg_defects(data: bytes) -> Iterator[Defect]:
    """Judge a JPEG and the further pictures that phones put behind it (MPF), each in full."""
    at, width, height = _jpeg_picture(data, 0)
    yield from size_defects(width, height)
    for _ in range(MAX_SEGMENTS):
        at = skip_padding(data, at)
        if at == len(data):
            return
        if not data.startswith(b"\xff\xd8\xff", at):
            break
        try:
            at, width, height = _jpeg_picture(data, at)
        except (DamageError, struct.error, IndexError):
            break
        yield from size_defects(width, height)
    yield Defect(Problem.TRAILING, "trailing")


def _jpeg_picture(data: bytes, at: int) -> tuple[int, int, int]:
    """Walk one JPEG; return the position after its end, its width and its height in pixels."""
    end, width, height, least, scanned = at, 0, 0, 0, 0
    for marker, start, end in _segments(data, at + 2):
        if marker == _SCAN:
            scanned += end - start
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, start + 3)
            # Every block of 8×8 pixels takes a bit at the very least.
            if marker in _HUFFMAN and width * height <= MAX_PIXELS:
                least = width * height // 512
    if not width or not scanned:
        raise DamageError(STRUCTURE)
    if scanned < least:
        raise DamageError(TRUNCATED)
    return end, width, height


def _segments(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Walk the segments to the end of the image: marker, start and end of each, scans included."""
    for _ in range(MAX_SEGMENTS):
        if data[at] != 0xFF:
            raise DamageError(STRUCTURE)
        while data[at] == 0xFF:
            at += 1
        marker, at = data[at], at + 1
        if marker == _END:
            yield marker, at, at
            return
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if length < 2 or marker in {0x00, 0xD8}:
            raise DamageError(STRUCTURE)
        end = _scan_end(data, at + length) if marker == _SCAN else at + length
        yield marker, at, end
        at = end
    raise DamageError(STRUCTURE)


def _scan_end(data: bytes, at: int) -> int:
    """Return the position of the first marker after entropy-coded data."""
    match = _NEXT_MARKER.search(data, at)
    if match is None:
        raise DamageError(TRUNCATED)
    return match.start()


def webp_defects(data: bytes) -> Iterator[Defect]:
    """Judge a WebP: stated against real length, sizes of canvas and frames, what follows."""
    (size,) = struct.unpack_from("<I", data, 4)
    end = 8 + size
    if end > len(data):
        raise DamageError(TRUNCATED)
    pictures = 0
    sizes: dict[tuple[int, int], None] = {}
    for name, body in _webp_chunks(data, end):
        found = _webp_size(name, body)
        if found is not None:
            sizes[found] = None
        pictures += name in {b"VP8 ", b"VP8L", b"ANMF"}
    for width, height in sizes:
        yield from size_defects(width, height)
    if not pictures:
        raise DamageError(TRUNCATED)
    if skip_padding(data, end) != len(data):
        yield Defect(Problem.TRAILING, "trailing")


def _webp_chunks(data: bytes, end: int) -> Iterator[tuple[bytes, bytes]]:
    """Walk the chunks: name and the first bytes of each."""
    at = 12
    for _ in range(MAX_SEGMENTS):
        if at >= end:
            return
        name, length = struct.unpack_from("<4sI", data, at)
        at += 8
        if at + length > end:
            raise DamageError(TRUNCATED)
        yield name, data[at : at + min(length, 16)]
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
