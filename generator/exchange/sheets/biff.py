"""The records of a workbook of before 2007 (Excel 97 to 2003): what its cells hold.

Read by hand: the reader that was tried takes an error for an empty cell, makes room for every cell
up to the last one, and breaks off with a fault of its own where a file is damaged.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.sheets.cells import counted, said
from generator.exchange.sheets.grid import (
    BLANK,
    Cell,
    Kind,
    Room,
    Sheet,
    Span,
)
from generator.exchange.sheets.styles import Styles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOUND_SHEET, BEGIN, END, LOCKED, SINCE = 0x0085, 0x0809, 0x000A, 0x002F, 0x0022
SHARED, MORE, FORMAT, STYLE = 0x00FC, 0x003C, 0x041E, 0x00E0
ROW, COLUMNS, MERGED = 0x0208, 0x007D, 0x00E5
SHARED_TEXT, NUMBER, SHORT, SHORTS, ANSWER = 0x00FD, 0x0203, 0x027E, 0x00BD, 0x0205
FORMULA, RESULT, LABEL, RICH_LABEL = 0x0006, 0x0207, 0x0204, 0x00D6
#: The version of Excel 97 and later, and the kind of a substream that is a sheet of cells.
EXCEL_97, WORKSHEET = 0x0600, 0x0010
#: Result of a formula that is no number: a text that follows, a yes or no, an error, no text.
NO_NUMBER = b"\xff\xff"


class DamagedRecordsError(Exception):
    """Records that say what no workbook says."""


class OldRecordsError(Exception):
    """Records of Excel 95 and earlier."""


class LockedRecordsError(Exception):
    """Records behind a password."""


class Bound(NamedTuple):
    """A sheet of the workbook: where its records begin, its name, whether it is hidden."""

    offset: int
    name: str
    hidden: bool
    is_cells: bool


@dataclass(slots=True)
class Globals:
    """What the sheets of a workbook share."""

    bounds: list[Bound] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    styles: Styles = field(default_factory=Styles)
    since_1904: bool = False


class Record(NamedTuple):
    """A record with those that go on with it: its kind, the bytes of each, where they end."""

    kind: int
    pieces: list[bytes]
    end: int = 0

    @property
    def body(self) -> bytes:
        """The bytes of the first piece."""
        return self.pieces[0]


def read_sheets(stream: bytes) -> list[Sheet]:
    """Return the sheets of cells; raises DamagedRecordsError, OldRecordsError, LockedRecordsError.

    Raises UnreadableSheetError for more cells than are read.
    """
    try:
        shared = globals_of(stream)
        found, end = {}, 0
        room = Room()
        # Each lies behind the one before, so that no byte is read twice.
        for bound in sorted(filter(is_cells, shared.bounds)):
            if bound.offset < end:
                raise DamagedRecordsError
            sheet = Sheet(bound.name, hidden=bound.hidden, since_1904=shared.since_1904)
            end = Taking(sheet, shared, room).take(stream, bound.offset)
            found[bound] = sheet
        sheets = [found[bound] for bound in shared.bounds if bound in found]
    except (struct.error, IndexError, ValueError, ArithmeticError):
        raise DamagedRecordsError from None
    return sheets


def is_cells(bound: Bound) -> bool:
    """Whether a sheet is one of cells, not a chart or a macro."""
    return bound.is_cells


def records(stream: bytes, at: int) -> Iterator[Record]:
    """Yield the records of a substream up to its end."""
    depth = 0
    held: Record | None = None
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == MORE and held is not None:
            held.pieces.append(body)
            continue
        if held is not None:
            yield held
        depth += (kind == BEGIN) - (kind == END)
        held = Record(kind, [body], at)
        if depth <= 0:
            return
    if held is not None:
        yield held


def globals_of(stream: bytes) -> Globals:
    """Return what the first substream tells."""
    found = Globals()
    first = struct.unpack_from("<HHHH", stream)
    if first[0] != BEGIN or first[2] != EXCEL_97:
        raise OldRecordsError
    codes: list[int] = []
    for record in records(stream, 0):
        body = record.body
        if record.kind == LOCKED:
            raise LockedRecordsError
        if record.kind == BOUND_SHEET:
            offset, state, kind = struct.unpack_from("<IBB", body)
            name = plain_text(body[6:], wide_count=False)
            found.bounds.append(Bound(offset, name, state & 3 != 0, kind == 0))
        elif record.kind == SHARED:
            found.strings = Texts(record.pieces).read()
        elif record.kind == FORMAT:
            found.styles.name(struct.unpack_from("<H", body)[0], plain_text(body[2:]))
        elif record.kind == STYLE:
            codes.append(struct.unpack_from("<H", body, 2)[0])
        elif record.kind == SINCE:
            found.since_1904 = body[:1] == b"\x01"
    for code in codes:
        found.styles.add(code)
    return found


def plain_text(body: bytes, *, wide_count: bool = True) -> str:
    """Return a text that stands in one record: how many characters, how wide, they themselves."""
    count = struct.unpack_from("<H" if wide_count else "<B", body)[0]
    at = 2 if wide_count else 1
    wide, at = body[at] & 1, at + 1
    if wide:
        return body[at : at + 2 * count].decode("utf-16-le", "replace")
    return body[at : at + count].decode("latin-1")


class Texts:
    """The texts that cells share, which go on over the edges of records.

    Where a text is cut, the next record says anew how wide its characters are.
    """

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self._piece = self._at = 0

    def read(self) -> list[str]:
        """Return all texts; raises IndexError where they are cut off."""
        count = struct.unpack("<I", self._bytes(8)[4:])[0]
        if count > sum(map(len, self._pieces)):
            raise IndexError(count)
        return [self._text() for _ in range(count)]

    def _text(self) -> str:
        count, options = struct.unpack("<HB", self._bytes(3))
        runs = struct.unpack("<H", self._bytes(2))[0] if options & 8 else 0
        more = struct.unpack("<I", self._bytes(4))[0] if options & 4 else 0
        found = []
        while True:
            wide = options & 1
            here = (len(self._pieces[self._piece]) - self._at) // (1 + wide)
            taken = min(count, here)
            data = self._bytes(taken * (1 + wide))
            found.append(data.decode("utf-16-le" if wide else "latin-1", "replace"))
            count -= taken
            if not count:
                break
            self._piece, self._at = self._piece + 1, 1
            options = self._pieces[self._piece][0]
        self._skip(4 * runs + more)
        return "".join(found)

    def _bytes(self, count: int) -> bytes:
        """Return the next bytes, which may lie on both sides of an edge."""
        found = b""
        while count:
            piece = self._pieces[self._piece]
            data = piece[self._at : self._at + count]
            self._at += len(data)
            count -= len(data)
            found += data
            if count:
                self._piece, self._at = self._piece + 1, 0
        return found

    def _skip(self, count: int) -> None:
        while count:
            here = min(count, len(self._pieces[self._piece]) - self._at)
            self._at += here
            count -= here
            if count:
                self._piece, self._at = self._piece + 1, 0


class Taking:
    """Takes the records of one sheet into its grid."""

    def __init__(self, sheet: Sheet, shared: Globals, room: Room) -> None:
        self._sheet = sheet
        self._shared = shared
        self._spans: list[Span] = []
        self._room = room
        self._last = 0
        self._awaited: tuple[int, int] | None = None
        self._takers: dict[int, Callable[[bytes], None]] = {
            SHARED_TEXT: self._shared_text,
            NUMBER: self._number,
            SHORT: self._short,
            SHORTS: self._shorts,
            ANSWER: self._answer,
            FORMULA: self._formula,
            LABEL: self._label,
            RICH_LABEL: self._label,
            ROW: self._row,
            COLUMNS: self._columns,
            MERGED: self._merged,
        }

    def take(self, stream: bytes, offset: int) -> int:
        """Take all records from an offset of the stream on; return where they end."""
        end = offset + 1
        for record in records(stream, offset):
            if record.kind == RESULT and self._awaited is not None:
                pieces = [record.body, *(piece[1:] for piece in record.pieces[1:])]
                self._put(*self._awaited, said(plain_text(b"".join(pieces))))
                self._awaited = None
            elif record.kind in self._takers:
                self._takers[record.kind](record.body)
            end = record.end
        self._sheet.fill(self._spans, self._room)
        return end

    def _put(self, row: int, column: int, cell: Cell) -> None:
        self._sheet.put(row + 1, column + 1, cell)
        if cell is not BLANK:
            self._room.take()

    def _counted(self, number: str, style: int) -> Cell:
        how = self._shared.styles.of(style)
        return counted(number, how, since_1904=self._shared.since_1904)

    def _shared_text(self, body: bytes) -> None:
        row, column, _, number = struct.unpack_from("<HHHI", body)
        self._put(row, column, said(self._shared.strings[number]))

    def _number(self, body: bytes) -> None:
        row, column, style, number = struct.unpack_from("<HHHd", body)
        self._put(row, column, self._counted(repr(number), style))

    def _short(self, body: bytes) -> None:
        row, column, style, number = struct.unpack_from("<HHHI", body)
        self._put(row, column, self._counted(unpacked(number), style))

    def _shorts(self, body: bytes) -> None:
        row, first = struct.unpack_from("<HH", body)
        for place in range((len(body) - 6) // 6):
            style, number = struct.unpack_from("<HI", body, 4 + 6 * place)
            self._put(row, first + place, self._counted(unpacked(number), style))

    def _answer(self, body: bytes) -> None:
        row, column, _, value, wrong = struct.unpack_from("<HHHBB", body)
        self._put(row, column, Cell(Kind.FAULT) if wrong else Cell(Kind.YES_NO, value == 1))

    def _formula(self, body: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        self._awaited = None
        if body[12:14] != NO_NUMBER:
            number = struct.unpack_from("<d", body, 6)[0]
            self._put(row, column, self._counted(repr(number), style))
        elif body[6] == 0:
            self._awaited = (row, column)
        elif body[6] == 1:
            self._put(row, column, Cell(Kind.YES_NO, body[8] == 1))
        elif body[6] == 2:
            self._put(row, column, Cell(Kind.FAULT))

    def _label(self, body: bytes) -> None:
        row, column = struct.unpack_from("<HH", body)
        self._put(row, column, said(plain_text(body[6:])))

    def _row(self, body: bytes) -> None:
        if struct.unpack_from("<H", body, 12)[0] & 0x20:
            self._sheet.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)

    def _columns(self, body: bytes) -> None:
        first, last, _, _, options = struct.unpack_from("<HHHHH", body)
        if options & 1:
            first, last = max(first + 1, self._last + 1), min(last, 255) + 1
            self._sheet.hidden_columns.update(range(first, last + 1))
            self._last = max(self._last, last)

    def _merged(self, body: bytes) -> None:
        for place in range(struct.unpack_from("<H", body)[0]):
            top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * place)
            self._spans.append(Span(top + 1, left + 1, bottom + 1, right + 1))


def unpacked(number: int) -> str:
    """Return the figures of a number that was written short: whole, half as long, a hundredth."""
    if number & 2:
        whole = number >> 2
        value = whole - (1 << 30) if whole & (1 << 29) else whole
    else:
        value = struct.unpack("<d", struct.pack("<Q", (number & 0xFFFFFFFC) << 32))[0]
    return repr(value / 100 if number & 1 else value)
