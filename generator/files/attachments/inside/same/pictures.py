"""What a picture shows, as it is coded: no metadata, nothing behind its end, no pixel decoded.

All raise DamageError, struct.error or IndexError where a file is not of their kind.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from generator.files.attachments.images import webp_chunks
from generator.files.attachments.jpeg import segments
from generator.files.attachments.jpeg_coded import FRAMES, SCAN
from generator.files.attachments.problems import STRUCTURE, TRUNCATED, DamageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    Piece = bytes | memoryview

_HUFFMAN, _QUANTA, _LINES = 0xC4, 0xDB, 0xDC
#: Arithmetic coding, and how often a scan begins anew.
_SETTINGS = frozenset({0xCC, 0xDD})
_CODES, _TABLE = 17, 64
_SIGNATURE = 8
#: Chunks of a PNG that its picture is made of: header, palette, transparency, data, frames.
_PNG = frozenset({b"IHDR", b"tRNS", b"IDAT", b"acTL", b"fcTL", b"fdAT"})
_PALETTE, _COLOURS, _END = b"PLTE", 3, b"IEND"
_WEBP = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
#: Segments, chunks, boxes or items of one file; more is an attack on the reader's time.
MAX_PARTS = 50_000


def jpeg_pieces(data: bytes) -> Iterator[Piece]:
    """Yield frame and scans of a JPEG, before each scan the tables that it is coded with.

    So it does not matter in how many segments, in which order, the tables stand.
    """
    view = memoryview(data)
    tables: dict[int, bytes] = {}
    quanta: dict[int, bytes] = {}
    frame = b""
    scans = 0
    for marker, start, end in segments(data, 2):
        if marker == SCAN:
            yield b"".join([*_used(tables, data, start), b"\0", *_quanta(quanta, frame)])
            yield view[start:end]
            scans += 1
        elif marker in FRAMES:
            frame = data[start:end]
            yield bytes([marker]) + frame
        elif marker == _HUFFMAN:
            tables.update(_huffman(data[start + 2 : end]))
        elif marker == _QUANTA:
            quanta.update(_quantizers(data[start + 2 : end]))
        elif marker in _SETTINGS or (marker == _LINES and _open(frame)):
            yield bytes([marker]) + data[start:end]
    if not scans or not frame:
        raise DamageError(STRUCTURE)


def _open(frame: bytes) -> bool:
    """Whether a frame leaves it to a later segment how high the picture is."""
    return frame[3:5] == b"\0\0"


def _huffman(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the tables of one segment by class and number."""
    at = 0
    while at < len(body):
        size = _CODES + sum(body[at + 1 : at + _CODES])
        yield body[at], body[at : at + size]
        at += size


def _quantizers(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the quantization tables of one segment by number."""
    at = 0
    while at < len(body):
        size = 1 + _TABLE * (2 if body[at] >> 4 else 1)
        yield body[at] & 15, body[at : at + size]
        at += size


def _used(tables: dict[int, bytes], data: bytes, start: int) -> list[bytes]:
    """Return the tables that the header of a scan names; there are none in arithmetic coding."""
    names = data[start + 3 : start + 3 + 2 * data[start + 2]][1::2]
    wanted = {name >> 4 for name in names} | {0x10 | name & 15 for name in names}
    return [tables[name] for name in sorted(wanted) if name in tables]


def _quanta(quanta: dict[int, bytes], frame: bytes) -> list[bytes]:
    """Return the quantization tables that a frame names."""
    wanted = set(frame[8:][2::3])
    return [quanta[name] for name in sorted(wanted) if name in quanta]


def png_pieces(data: bytes) -> Iterator[Piece]:
    """Yield the chunks of a PNG that its picture is made of, its data as one run."""
    view = memoryview(data)
    at, colour, whole = _SIGNATURE, -1, False
    before = b""
    for _ in range(MAX_PARTS):
        length, name = struct.unpack_from(">I4s", data, at)
        if at + 12 + length > len(data):
            raise DamageError(TRUNCATED)
        if name == b"IHDR":
            colour = data[at + 17]
        if name in _PNG or (name == _PALETTE and colour == _COLOURS):
            if name != before or name != b"IDAT":
                yield name
            yield view[at + 8 : at + 8 + length]
            before = name
        at += 12 + length
        if name == _END:
            whole = True
            break
    if not whole or colour < 0:
        raise DamageError(STRUCTURE)


def webp_pieces(data: bytes) -> Iterator[Piece]:
    """Yield the chunks of a WebP that its picture is made of; the head says which others follow."""
    (size,) = struct.unpack_from("<I", data, 4)
    if 8 + size > len(data):
        raise DamageError(TRUNCATED)
    pictures = 0
    for name, body in webp_chunks(data, 8 + size):
        if name in _WEBP:
            pictures += 1
            yield name
            yield body
    if not pictures:
        raise DamageError(STRUCTURE)


def gif_pieces(data: bytes) -> Iterator[Piece]:
    """Yield screen, colours and pictures of a GIF, with how long each is shown."""
    yield data[6:13]
    at = 13 + _colours(data[10])
    yield data[13:at]
    for _ in range(MAX_PARTS):
        start, mark = at, data[at]
        if mark == 0x3B:
            return
        if mark == 0x2C:
            at = _blocks(data, at + 11 + _colours(data[at + 9]))
            yield data[start:at]
        elif mark == 0x21:
            at = _blocks(data, at + 2)
            if data[start + 1] == 0xF9:
                yield data[start:at]
        else:
            break
    raise DamageError(STRUCTURE)


def _colours(flags: int) -> int:
    """Return the bytes of a table of colours."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """Return where a chain of blocks ends."""
    while data[at]:
        at += 1 + data[at]
    return at + 1
