"""Pictures without metadata: segments and chunks are chosen, coded pixels stay as they are.

Colour profiles stay, and how a picture is to be turned, in an EXIF block of that alone. All these
take a sound picture.
"""

from __future__ import annotations

import struct
import zlib

from generator.files.attachments.images import webp_chunks
from generator.files.attachments.inside.exif import FIRST, MARK, TIFF, entries_of, order_of
from generator.files.attachments.jpeg import END, segments
from generator.files.attachments.png import SIGNATURE, chunks_of

_TURNED = 0x0112
#: How a picture may be turned or mirrored; 1 is as it stands.
_TURNS = range(2, 9)
#: A block with one entry: how the picture is turned.
_BLOCK = struct.Struct("<4sIHHHIII")

_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
#: What programs put into a JPEG for themselves, and comments.
_ADDED = frozenset({*range(0xE0, 0xF0), 0xFE})
_JFIF, _PROFILE, _ADOBE = b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"
#: Bytes of a JFIF header without its small picture, and of Adobe's.
_JFIF_HEAD, _ADOBE_HEAD = 12, 12

#: Chunks that tell how a PNG is to be shown; others that a reader may pass over are left out.
_SHOWN = frozenset(
    {
        b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD",
        b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
    }
)  # fmt: skip
_EXIF_CHUNK = b"eXIf"
#: Lower case in the first letter of a chunk's name: a reader may pass over it.
_OPTIONAL = 0x20

_WEBP = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def turned(block: bytes) -> bytes:
    """Return a block that says how a picture is turned, as this one does; nothing if it is not."""
    block = block.removeprefix(MARK)
    if block[:4] not in TIFF:
        return b""
    for entry in entries_of(block):
        if entry.directory == FIRST and entry.tag == _TURNED and len(entry.value) in {2, 4}:
            turn = int.from_bytes(entry.value, "little" if order_of(block) == "<" else "big")
            return _BLOCK.pack(b"II*\0", 8, 1, _TURNED, 3, 1, turn, 0) if turn in _TURNS else b""
    return b""


def clean_jpeg(data: bytes) -> bytes:
    """Return a JPEG without metadata, and without further pictures and data behind it."""
    first, block, rest = b"", b"", []
    for marker, start, end in segments(data, 2):
        body = data[start + 2 : end]
        if marker == _APP0 and body.startswith(_JFIF):
            first = first or _segment(_APP0, body[:_JFIF_HEAD] + b"\0\0")
        elif marker == _APP1 and body.startswith(MARK):
            block = block or turned(body)
        elif marker == _APP14 and body.startswith(_ADOBE):
            rest.append(_segment(marker, body[:_ADOBE_HEAD]))
        elif marker == _APP2 and body.startswith(_PROFILE):
            rest.append(_segment(marker, body))
        elif marker not in _ADDED and marker != END:
            rest.append(b"\xff" + bytes([marker]) + data[start:end])
    own = _segment(_APP1, MARK + block) if block else b""
    return b"".join([data[:2], first, own, *rest, b"\xff", bytes([END])])


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def clean_png(data: bytes) -> bytes:
    """Return a PNG without texts, times, and chunks that nobody needs to show it."""
    chunks, _ = chunks_of(data)
    block = next((turned(body) for name, body in chunks if name == _EXIF_CHUNK), b"")
    own = [(_EXIF_CHUNK, block)] if block else []
    kept = [(name, body) for name, body in chunks if name in _SHOWN or not name[0] & _OPTIONAL]
    return data[:SIGNATURE] + b"".join(_chunk(*pair) for pair in (*kept[:1], *own, *kept[1:]))


def _chunk(name: bytes, body: bytes) -> bytes:
    whole = name + body
    return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))


def clean_webp(data: bytes) -> bytes:
    """Return a WebP without EXIF, XMP and unknown chunks, and without data behind it."""
    (size,) = struct.unpack_from("<I", data, 4)
    chunks = list(webp_chunks(data, 8 + size))
    extended = any(name == b"VP8X" for name, _ in chunks)
    block = next((turned(body) for name, body in chunks if name == b"EXIF"), b"")
    kept = [
        (name, _flags(body, turned=bool(block)) if name == b"VP8X" else body)
        for name, body in chunks
        if name in _WEBP
    ]
    if block and extended:
        kept.append((b"EXIF", block))
    body = b"WEBP" + b"".join(_riff(*pair) for pair in kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _flags(body: bytes, *, turned: bool) -> bytes:
    """Return the head of an extended file that says which chunks it has."""
    flags = body[0] & ~(_EXIF_FLAG | _XMP_FLAG)
    return bytes([flags | (_EXIF_FLAG if turned else 0)]) + body[1:]


def _riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
