"""Workbooks of today, read by their cells alone.

Written by hand, because readers of whole workbooks stop at styles and drawings that programs
write amiss, show what could not be computed as if the cell were empty, or make room for every cell
up to the last one. ``files/attachments`` has judged the archive before: its size, what is in it,
every checksum.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import TYPE_CHECKING, Protocol

# Expat is told to refuse every document type, so that no entity is ever declared.
from xml.parsers import expat

from generator.exchange.sheets.cells import Cells
from generator.exchange.sheets.grid import Book, Room, Sheet
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.exchange.sheets.styles import Strings, Styles
from generator.text.language import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

DAMAGED = mark("工作簿已损坏：用表格软件打开，另存后再试")
ENTITIES = mark("工作簿里有不该有的 XML 声明，不读：用表格软件打开，另存后再试")
NO_SHEET = mark("工作簿里没有工作表")

WORKBOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedstrings.xml", "xl/styles.xml"
WORKSHEET, SHARED_STRINGS, STYLE_SHEET = "/worksheet", "/sharedstrings", "/styles"


class Part(Protocol):
    """Takes the tags and words of one part; names come without their prefix."""

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def words(self, text: str) -> None:
        """Take words between two tags."""


class Outline:
    """The sheets of a workbook, and the day from which it counts."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Take a sheet: its name, the id of its part, whether it is hidden."""
        if name == "sheet":
            hidden = given.get("state", "visible") != "visible"
            own = next((value for key, value in given.items() if local(key) == "id"), "")
            self.sheets.append((given.get("name", ""), own, hidden))
        elif name == "workbookPr":
            self.since_1904 = given.get("date1904", "0") in {"1", "true", "on"}

    def end(self, name: str) -> None:
        """Nothing ends here."""

    def words(self, text: str) -> None:
        """Nothing is said here."""


class Relations:
    """Which parts a workbook refers to: id → path; the first of a kind."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.others: dict[str, str] = {}

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Take a reference to a part."""
        if name != "Relationship" or given.get("TargetMode") == "External":
            return
        path = posixpath.normpath(posixpath.join("/xl", given.get("Target", ""))).lstrip("/")
        kind = "/" + given.get("Type", "").lower().rpartition("/")[2]
        if kind == WORKSHEET:
            self.sheets[given.get("Id", "")] = path.lower()
        else:
            self.others.setdefault(kind, path.lower())

    def end(self, name: str) -> None:
        """Nothing ends here."""

    def words(self, text: str) -> None:
        """Nothing is said here."""


def read_xlsx(data: bytes) -> Book:
    """Return the sheets of a workbook that was found sound; raises UnreadableSheetError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except (expat.ExpatError, ValueError, KeyError, LookupError, ArithmeticError):
        raise UnreadableSheetError(DAMAGED) from None


def _read(archive: zipfile.ZipFile) -> Book:
    parts = {
        entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in archive.infolist()
    }

    def take(path: str, part: Part) -> None:
        if path in parts:
            with archive.open(parts[path]) as stream:
                feed(stream.read(), part)

    outline, relations, strings, styles = Outline(), Relations(), Strings(), Styles()
    take(WORKBOOK, outline)
    take("xl/_rels/workbook.xml.rels", relations)
    take(relations.others.get(SHARED_STRINGS, STRINGS), strings)
    take(relations.others.get(STYLE_SHEET, STYLES), styles)
    sheets, room, read = [], Room(), set()
    for name, own, hidden in outline.sheets:
        path = relations.sheets.get(own, "")
        if path in parts and path not in read:
            read.add(path)
            sheet = Sheet(name, hidden=hidden, since_1904=outline.since_1904)
            cells = Cells(sheet, strings.found, styles, room)
            take(path, cells)
            sheet.fill(cells.spans, room)
            sheets.append(sheet)
    if not sheets:
        raise UnreadableSheetError(NO_SHEET)
    return Book(tuple(sheets))


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def feed(data: bytes, part: Part) -> None:
    """Hand the tags and words of an XML part to who takes them; raises expat.ExpatError."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise UnreadableSheetError(ENTITIES)

    def start(name: str, given: dict[str, str]) -> None:
        part.start(local(name), given)

    def end(name: str) -> None:
        part.end(local(name))

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = part.words
    parser.Parse(data, True)  # noqa: FBT003 - expat takes it by its place
