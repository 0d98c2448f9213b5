"""What photos say of a place, of people and of their day: EXIF and XMP, read within bounds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.files.attachments.inside.exif import (
    CAMERA,
    GPS,
    HEAD,
    MAX_TEXT,
    entries_of,
    exif_of,
)
from generator.files.attachments.inside.programs import is_program
from generator.files.attachments.inside.said import Told
from generator.files.attachments.markup import plain
from generator.text.days import read_day

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

#: Tags of a directory → what they say; one of them is text in UTF-16.
_ARTIST, _XP_AUTHOR, _OWNER, _TAKEN = 0x013B, 0x9C9D, 0xA430, 0x9003
_NAMES = frozenset({_ARTIST, _XP_AUTHOR, _OWNER})
#: Latitude and longitude in a directory of the place.
_PLACES = frozenset({2, 4})
_OPENED = b"<x:xmpmeta"
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_XMP_PLACE = re.compile(rb"exif:GPSL(?:at|ong)itude\s*[=>]")
_XMP_AUTHOR = re.compile(
    rb"<dc:creator>.{0,200}?<rdf:li[^>]*>([^<]{1,400})</rdf:li>|(?:aux:OwnerName|photoshop:Credit)=\"([^\"]{1,400})\"",
    re.DOTALL,
)


def picture_metadata(data: bytes) -> Iterator[Told]:
    """Yield that a picture names its place, and whom it names as author or owner; each once."""
    found: dict[Told, None] = {}
    found.update(dict.fromkeys(_exif(exif_of(data))))
    for match in _XMP.finditer(data[:HEAD]) if data.find(_OPENED, 0, HEAD) >= 0 else ():
        if _XMP_PLACE.search(match.group()):
            found[Told("place")] = None
        for author in _XMP_AUTHOR.finditer(match.group()):
            name = plain(author[1] or author[2]).decode("utf-8", "replace").strip()
            found.update({Told("author", name): None} if name and not is_program(name) else {})
    yield from found


def taken_on(data: bytes) -> datetime.date | None:
    """Return the day that a photo says it was taken on; None where it says none that can be."""
    for entry in entries_of(exif_of(data)):
        if entry.directory == CAMERA and entry.tag == _TAKEN:
            day = entry.value[:10].decode("ascii", "replace").replace(":", "-")
            return read_day(day)
    return None


def _exif(block: bytes) -> Iterator[Told]:
    """Yield what the directories of a block say."""
    for entry in entries_of(block):
        if entry.directory == GPS:
            if entry.tag in _PLACES and any(entry.value):
                yield Told("place")
        elif entry.tag in _NAMES:
            coding = "utf-16-le" if entry.tag == _XP_AUTHOR else "utf-8"
            name = entry.value[:MAX_TEXT].decode(coding, "replace").replace("\0", "").strip()
            if name and not is_program(name):
                yield Told("author", name)
