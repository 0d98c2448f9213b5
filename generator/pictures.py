"""Soundness of pictures by their structure alone: no pixel is decoded.

Functions return pairs of finding code and detail. They may raise struct.error or IndexError on
broken files; the caller takes that for damage.
"""

from __future__ import annotations

import struct
import zlib

MAX_PIXELS = 40_000_000
MAX_TEXT = 1_000_000
PNG_SIGNATURE = 8
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
PADDING = b"\0\r\n \t"

Defects = list[tuple[str, str]]


def size_defects(width: int, height: int) -> Defects:
    """Judge a picture's size in pixels."""
    if width * height > MAX_PIXELS:
        return [("E014", f"{width}×{height}")]
    return [("E004", "pixel")] if width <= 1 or height <= 1 else []


def png_defects(data: bytes) -> Defects:
    """Walk the chunks of a PNG: checksums, size, bounded text, nothing after the end."""
    at, found, names = PNG_SIGNATURE, [], set()
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(name + body) != checksum:
            return [("E004", "checksum")]
        if name == b"IHDR":
            found += size_defects(*struct.unpack_from(">II", body))
        elif name == b"IDAT" and b"IDAT" not in names:
            if not _inflates(body):
                return [("E004", "data")]
        elif name in {b"zTXt", b"iTXt", b"iCCP"} and _expands(body):
            found.append(("E014", "text"))
        names.add(name)
        at += 12 + length
        if name == b"IEND":
            break
    if not names >= {b"IHDR", b"IDAT", b"IEND"}:
        return [("E004", "truncated")]
    if data[at:].strip(PADDING):
        found.append(("E016", "trailing"))
    return found


def _inflates(body: bytes) -> bool:
    try:
        return bool(zlib.decompressobj().decompress(body, 64))
    except zlib.error:
        return False


def _expands(body: bytes) -> bool:
    """Whether a compressed text chunk is larger than anyone needs; reads at most that much."""
    for start in range(len(body)):
        if body[start] == 0x78:
            inflater = zlib.decompressobj()
            try:
                out = inflater.decompress(body[start:], MAX_TEXT + 1)
            except zlib.error:
                continue
            return len(out) > MAX_TEXT
    return False


def jpeg_defects(data: bytes) -> Defects:
    """Walk the segments of a JPEG: a frame with its size, the end, nothing after it."""
    at, found, framed = 2, [], False
    while True:
        if data[at] != 0xFF:
            return [("E004", "structure")]
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker == 0xD9:
            break
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            found += size_defects(width, height)
            framed = True
        at += length
        if marker == 0xDA:
            at = _end_of_scan(data, at)
    if not framed:
        return [("E004", "structure")]
    rest = data[at:].strip(PADDING)
    if rest and not rest.startswith(b"\xff\xd8\xff"):
        found.append(("E016", "trailing"))
    return found


def _end_of_scan(data: bytes, at: int) -> int:
    """Return the position of the next marker after entropy-coded data; raises IndexError."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise IndexError
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def webp_defects(data: bytes) -> Defects:
    """Hold the size that a WebP's header states against what is there."""
    (size,) = struct.unpack_from("<I", data, 4)
    end = 8 + size + size % 2
    if len(data) < 8 + size or size < 12:
        return [("E004", "truncated")]
    return [("E016", "trailing")] if data[end:].strip(PADDING) else []
