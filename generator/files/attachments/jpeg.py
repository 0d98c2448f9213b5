"""Judge of JPEG by its markers: no pixel is decoded.

It raises DamageError, struct.error or IndexError where a file ends too early.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, NamedTuple

from generator.files.attachments.images import (
    MAX_PIXELS,
    MAX_SEGMENTS,
    size_defects,
    skip_padding,
)
from generator.files.attachments.jpeg_coded import FRAMES, SCAN, Segment, is_whole
from generator.files.attachments.problems import (
    STRUCTURE,
    TRUNCATED,
    DamageError,
    Defect,
    Problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Frames in Huffman codes, whose data have a least size.
_HUFFMAN = frozenset({0xC0, 0xC1, 0xC2})
START, _LINES, END = 0xD8, 0xDC, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
#: A marker that is neither a stuffed FF nor a restart. Two bytes: nothing to go back over.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_FILL = re.compile(rb"\xff*")


class Picture(NamedTuple):
    """Where a picture ends, and its size in pixels."""

    end: int
    width: int
    height: int


def jpeg_defects(data: bytes) -> Iterator[Defect]:
    """Judge a JPEG and the further pictures that phones put behind it (MPF), each in full."""
    picture = _picture(data, 0)
    yield from size_defects(picture.width, picture.height, len(data))
    for _ in range(MAX_SEGMENTS):
        at = skip_padding(data, picture.end)
        if at == len(data):
            return
        if not data.startswith(b"\xff\xd8\xff", at):
            break
        try:
            picture = _picture(data, at)
        except (DamageError, struct.error, IndexError):
            break
        yield from size_defects(picture.width, picture.height, len(data))
    yield Defect(Problem.TRAILING, "trailing")


def _picture(data: bytes, at: int) -> Picture:
    """Walk one JPEG. Where its end marker is left out, all that is coded must be there."""
    found = list(segments(data, at + 2))
    width, height, least, scanned = 0, 0, 0, 0
    for marker, start, end in found:
        if marker == SCAN:
            scanned += end - start
        elif marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, start + 3)
            # Every block of 8×8 pixels takes a bit at the very least.
            if marker in _HUFFMAN and width * height <= MAX_PIXELS:
                least = width * height // 512
        elif marker == _LINES and not height:
            (height,) = struct.unpack_from(">H", data, start + 2)
    if not width or not scanned:
        raise DamageError(STRUCTURE)
    if scanned < least:
        raise DamageError(TRUNCATED)
    if found[-1].marker != END:
        # Between pictures the marker may lack once, or whoever sends many has them all counted.
        between = at > 0 and found[-1].end < len(data)
        if between or not is_whole(data, found, height):
            raise DamageError(TRUNCATED)
    return Picture(found[-1].end, width, height)


def segments(data: bytes, at: int) -> Iterator[Segment]:
    """Walk the segments up to the end marker, the next picture, or the end of the data."""
    scanned = False
    for _ in range(MAX_SEGMENTS):
        if scanned and at >= len(data):
            return
        if data[at] != 0xFF:
            raise DamageError(STRUCTURE)
        at = _after_fill(data, at)
        marker = data[at]
        if scanned and marker == START:
            return
        at += 1
        if marker == END:
            yield Segment(marker, at, at)
            return
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if length < 2 or marker in {0x00, START}:
            raise DamageError(STRUCTURE)
        end = _scan_end(data, at + length) if marker == SCAN else at + length
        yield Segment(marker, at, end)
        scanned, at = scanned or marker == SCAN, end
    raise DamageError(STRUCTURE)


def _after_fill(data: bytes, at: int) -> int:
    """Return where the marker stands that may have any number of FF before it."""
    match = _FILL.match(data, at)
    return at if match is None else match.end()


def _scan_end(data: bytes, at: int) -> int:
    """Return the position of the first marker after coded data, or of the end of the data."""
    match = _MARKER.search(data, at)
    return len(data) if match is None else match.start()
