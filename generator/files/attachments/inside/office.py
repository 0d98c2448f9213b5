"""What workbooks and documents say: cells and paragraphs, and the names in their properties."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from generator.files.attachments.inside.programs import is_program
from generator.files.attachments.inside.said import Said, Told
from generator.files.attachments.markup import plain
from generator.text.privacy import NAMES, may_hold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Bytes of one part, and of all parts of a file, that are read.
MAX_PART, MAX_ALL = 20_000_000, 60_000_000
_STRINGS = "xl/sharedstrings.xml"
#: Parts with texts that people wrote.
_PARTS = re.compile(
    r"xl/sharedstrings\.xml|xl/worksheets/[^/]+\.xml|xl/(?:threaded)?comments(?:/?[^/]*)\.xml"
    r"|xl/workbook\.xml|xl/drawings/[^/]+\.xml"
    r"|word/(?:document|comments|footnotes|endnotes|header\d*|footer\d*)\.xml"
)
_BOOK = "xl/workbook.xml"
#: Names of sheets; what stands above and below each page of one.
_SHEETS = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"')
_HEADS = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>([^<]+)<")
#: What ends a paragraph of a drawing, and the words in it: its other values are places.
_PARAGRAPH, _WORDS = re.compile(rb"</\w+:p>"), re.compile(rb"<\w+:t\b[^>]*>([^<]*)<")
_CORE = "docprops/core.xml"
#: Where a cell or a paragraph ends; a tab or a new line inside of one.
_ENDS = re.compile(rb"</(?:\w+:)?(?:p|si|c|is|row|tc|comment)>|<(?:\w+:)?(?:br|tab|cr)\b[^>]*>")
_TAG = re.compile(rb"<[^>]*>")
#: What parts the words of one cell.
_RUNS = re.compile(rb"<(?:\w+:)?(?:r|rPh)[\s>]|</(?:\w+:)?t>\s*<(?:\w+:)?t[\s>]")
_BETWEEN = re.compile(rb">([^<]++)<")
#: A computed number that fills its cell: of so few digits no number of a person is parted there.
_LONG_FRACTION = re.compile(
    rb"\0(?:0\.[0-9]{9,18}|(?=[0-9.]{11,18}\0)[0-9]{1,7}\.[0-9]{9,16})(?=\0)"
)
_RUBY = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>")
_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\br=\"([A-Z]{1,3}\d{1,7})\")([^>]*)>(.*?)</(?:\w+:)?c>", re.DOTALL
)
_VALUE = re.compile(rb"<(?:v|is><t)>([^<]*)</(?:v|t></is)>")
_SHARED = re.compile(rb"<(?:\w+:)?v>(\d{1,7})</(?:\w+:)?v>")
_AUTHOR = re.compile(rb"<(?:\w+:)?(creator|lastModifiedBy)\b[^>]*>([^<]{1,400})</")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    OSError, ValueError, IndexError, OverflowError,
)  # fmt: skip


def office_texts(data: bytes) -> Iterator[Said]:
    """Yield the text of each part, of a sheet cell by cell where it may hold something."""
    strings: list[str] = []
    shared = False
    for name, part in _parts(data, _PARTS):
        if name == _STRINGS:
            # A new line inside of a string, or between two, is none that parts strings.
            strings = _lines(_RUBY.sub(b"", part).replace(b"\n", b" "))
            shared = _may_tell("\0".join(strings))
            continue
        if name == _BOOK:
            yield from _told(_SHEETS.findall(part))
        elif name.startswith("xl/drawings/"):
            paragraphs = _PARAGRAPH.split(part)
            yield from _told(b"".join(_WORDS.findall(words)) for words in paragraphs)
        elif name.startswith("xl/worksheets/"):
            yield from _told(_HEADS.findall(part) if b"eaderFooter" in part else ())
            if shared or _may_tell(_values(part)):
                yield from _cells(part, strings)
        else:
            yield Said("\n".join(_lines(part)))


def _told(found: Iterable[bytes]) -> Iterator[Said]:
    """Yield pieces of markup, if there are any, as one text."""
    text = "\n".join(plain(piece).decode("utf-8", "replace") for piece in found)
    if text.strip():
        yield Said(text)


def _values(part: bytes) -> str:
    """Return what stands between the tags of a sheet, computed numbers apart."""
    parting = b"" if _RUNS.search(part) else b"\0"
    values = parting.join((b"", *_BETWEEN.findall(part), b"")).replace(b"\n", b"")
    return plain(_LONG_FRACTION.sub(b"", values)).decode("utf-8", "replace")


def _may_tell(text: str) -> bool:
    """Whether the words of a sheet may hold personal data, or head a column of people's names."""
    return may_hold(text) or any(name in text.casefold() for name in NAMES)


def office_metadata(data: bytes) -> Iterator[Told]:
    """Yield who wrote a file and who changed it last, programs apart."""
    for _, part in _parts(data, re.compile(re.escape(_CORE))):
        names = {
            plain(match[2]).decode("utf-8", "replace").strip() for match in _AUTHOR.finditer(part)
        }
        for name in sorted(names):
            if name and not is_program(name):
                yield Told("author", name)


def _parts(data: bytes, wanted: re.Pattern[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the wanted parts by name, shared strings first; a broken archive has none."""
    left = MAX_ALL
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            named = [
                (entry.filename.replace("\\", "/").lstrip("/").lower(), entry)
                for entry in archive.infolist()
            ]
            for name, entry in sorted(named, key=lambda item: (item[0] != _STRINGS, item[0])):
                if not wanted.fullmatch(name) or entry.flag_bits & 1 or left <= 0:
                    continue
                with archive.open(entry) as stream:
                    part = stream.read(min(MAX_PART, left))
                left -= len(part)
                yield name, part
    except _BROKEN:
        return


def _lines(part: bytes) -> list[str]:
    """Return the words of a part, one line a paragraph, a cell or a shared string."""
    text = _TAG.sub(b"", _ENDS.sub(b"\n", part))
    return plain(text).decode("utf-8", "replace").split("\n")


def _cells(part: bytes, strings: list[str]) -> Iterator[Said]:
    """Yield what each cell of a sheet says."""
    for match in _CELL.finditer(part):
        address, attributes, body = match.groups()
        cell = address.decode("ascii")
        if b't="s"' in attributes:
            shared = _SHARED.search(body)
            number = int(shared[1]) if shared else -1
            if 0 <= number < len(strings):
                yield Said(strings[number], cell=cell)
            continue
        value = _VALUE.fullmatch(body)
        if value is not None:
            text = plain(value[1]).decode("utf-8", "replace").replace("\n", "")
        else:
            text = "".join(_lines(_FORMULA.sub(b"", _RUBY.sub(b"", body))))
        if text:
            yield Said(text, cell=cell)
