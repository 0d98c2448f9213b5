"""What photos say of a place and of people: EXIF and XMP, read within bounds."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from generator.files.attachments.inside.programs import is_program
from generator.files.attachments.inside.said import Told
from generator.files.attachments.markup import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How far into a file metadata may lie: before the picture itself, and a phone's further ones.
_HEAD = 1_000_000
_EXIF = b"Exif\0\0"
_TIFF = (b"II*\0", b"MM\0*")
#: Tags of a directory → what they say; the last ones are text in UTF-16.
_ARTIST, _GPS, _CAMERA, _XP_AUTHOR, _OWNER, _SUB = 0x013B, 0x8825, 0x013C, 0x9C9D, 0xA430, 0x8769
_NAMES = frozenset({_ARTIST, _XP_AUTHOR, _OWNER})
#: Latitude and longitude in a directory of the place.
_PLACES = frozenset({2, 4})
_ASCII, _LONG = 2, 4
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
MAX_ENTRIES, MAX_TEXT = 200, 400
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_XMP_PLACE = re.compile(rb"exif:GPSL(?:at|ong)itude\s*[=>]")
_XMP_AUTHOR = re.compile(
    rb"<dc:creator>.{0,200}?<rdf:li[^>]*>([^<]{1,400})</rdf:li>|(?:aux:OwnerName|photoshop:Credit)=\"([^\"]{1,400})\"",
    re.DOTALL,
)


def picture_metadata(data: bytes) -> Iterator[Told]:
    """Yield that a picture names its place, and whom it names as author or owner; each once."""
    found: dict[Told, None] = {}
    at = data.find(_EXIF, 0, _HEAD)
    block = data[at + len(_EXIF) :] if at >= 0 else _block(data)
    if block[:4] in _TIFF:
        found.update(dict.fromkeys(_exif(block)))
    for match in _XMP.finditer(data[:_HEAD]):
        if _XMP_PLACE.search(match.group()):
            found[Told("place")] = None
        for author in _XMP_AUTHOR.finditer(match.group()):
            name = plain(author[1] or author[2]).decode("utf-8", "replace").strip()
            found.update({Told("author", name): None} if name and not is_program(name) else {})
    yield from found


def _block(data: bytes) -> bytes:
    """Return the metadata of a PNG or a WebP, which stand in a part of their own."""
    for mark, behind in ((b"eXIf", 0), (b"EXIF", 4)):
        at = data.find(mark)
        if at >= 0:
            return data[at + len(mark) + behind :]
    return b""


def _exif(block: bytes) -> Iterator[Told]:
    """Yield what the directories of a TIFF block say; nothing where they lead out of it."""
    order = "<" if block[:2] == b"II" else ">"
    try:
        waiting = [(struct.unpack_from(f"{order}I", block, 4)[0], False)]
        for _ in range(4):
            if not waiting:
                return
            at, of_place = waiting.pop()
            for tag, kind, count, value in _entries(block, at, order):
                if of_place:
                    if tag in _PLACES and any(_bytes(block, kind, count, value, order)):
                        yield Told("place")
                elif tag in {_GPS, _SUB} and kind == _LONG:
                    waiting.append((struct.unpack(f"{order}I", value)[0], tag == _GPS))
                elif tag in _NAMES:
                    raw = _bytes(block, kind, count, value, order)[:MAX_TEXT]
                    coding = "utf-16-le" if tag == _XP_AUTHOR else "utf-8"
                    name = raw.decode(coding, "replace").replace("\0", "").strip()
                    if name and not is_program(name):
                        yield Told("author", name)
    except struct.error:
        return


def _entries(block: bytes, at: int, order: str) -> Iterator[tuple[int, int, int, bytes]]:
    (count,) = struct.unpack_from(f"{order}H", block, at)
    for number in range(min(count, MAX_ENTRIES)):
        tag, kind, size, value = struct.unpack_from(f"{order}HHI4s", block, at + 2 + 12 * number)
        yield tag, kind, size, value


def _bytes(block: bytes, kind: int, count: int, value: bytes, order: str) -> bytes:
    """Return the bytes of a value, wherever they stand."""
    size = _SIZES.get(kind, 0) * count
    if size <= len(value):
        return value[:size]
    (at,) = struct.unpack(f"{order}I", value)
    return block[at : at + min(size, MAX_TEXT)]
