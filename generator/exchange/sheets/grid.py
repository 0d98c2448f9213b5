"""Sheets as grids of typed cells: where each stands, what it holds, what is merged and hidden.

Rows and columns count from 1, as they are shown; a cell that holds nothing is not kept.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.sheets.problems import UnreadableSheetError
from generator.text.language import mark
from generator.text.names import BIDI, SHORT, visible
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Cells that hold something, those filled from a merged one among them.
MAX_CELLS = 500_000
MAX_COLUMN, MAX_ROW = 16_384, 1_048_576
TOO_MANY = mark("工作表里有内容的格子超过 {limit} 个，不读：只留要用的行和列，另存后再试")


class Kind(Enum):
    """What a cell holds."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MONTH = "month"  #: a day of which the cell shows year and month alone
    TIME = "time"
    YES_NO = "yes-no"
    FAULT = "fault"  #: an error such as ``#REF!``
    UNCOMPUTED = "uncomputed"  #: a formula of which the file holds no value


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds; ``value`` is text, an exact number, a day or a yes or no by its kind."""

    kind: Kind
    value: str | Decimal | datetime.date | bool | None = None
    percent: bool = False

    @property
    def text(self) -> str:
        """The content as one would read it aloud, without white space around and unseen signs."""
        if isinstance(self.value, str):
            return tidy(self.value)
        if isinstance(self.value, bool):
            return "TRUE" if self.value else "FALSE"
        if isinstance(self.value, Decimal):
            return plain(self.value)
        return self.value.isoformat() if self.value else ""


BLANK = Cell(Kind.BLANK)
UNCOMPUTED = Cell(Kind.UNCOMPUTED)


class Span(NamedTuple):
    """A merged area, its edges included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Room:
    """How many more cells of a file may hold something, over all of its sheets."""

    left: int = MAX_CELLS

    def take(self, cells: int = 1) -> None:
        """Take room for some cells; raises UnreadableSheetError where there is none left."""
        self.left -= cells
        if self.left < 0:
            raise UnreadableSheetError(TOO_MANY, limit=MAX_CELLS)


@dataclass(slots=True)
class Sheet:
    """A sheet: row → column → cell; ``filled`` are cells that show what a merged one holds.

    ``since_1904`` says from which day the numbers of the file count.
    """

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filled: dict[tuple[int, int], Span] = field(default_factory=dict)
    since_1904: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell; one that holds nothing is blank."""
        return self.rows.get(row, {}).get(column, BLANK)

    def address(self, row: int, column: int) -> str:
        """Return where a cell stands: ``评审!H12``."""
        return f"{visible(self.name, SHORT)}!{letters(column)}{row}"

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Keep a cell that holds something."""
        if cell.kind is not Kind.BLANK:
            self.rows.setdefault(row, {})[column] = cell

    def numbers(self) -> list[int]:
        """Return the numbers of the rows that hold something, in order."""
        return sorted(self.rows)

    def own(self, row: int) -> Iterator[int]:
        """Yield the columns of a row that hold something of their own, in order."""
        for column in sorted(self.rows.get(row, ())):
            if (row, column) not in self.filled:
                yield column

    def fill(self, spans: list[Span], room: Room) -> None:
        """Let every cell of a merged area, as far as the sheet is used, hold what the area shows.

        Raises UnreadableSheetError where that would be too many.
        """
        last = max(self.rows, default=0)
        right = max((max(row) for row in self.rows.values()), default=0)
        for span in spans:
            cell = self.cell(span.top, span.left)
            if cell.kind is Kind.BLANK:
                continue
            bottom, edge = min(span.bottom, last), min(span.right, max(right, span.left))
            room.take((bottom - span.top + 1) * (edge - span.left + 1) - 1)
            for row in range(span.top, bottom + 1):
                for column in range(span.left, edge + 1):
                    if (row, column) != (span.top, span.left):
                        self.rows.setdefault(row, {})[column] = cell
                        self.filled[row, column] = span


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a file, in their order."""

    sheets: tuple[Sheet, ...]


def letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 28 is AB."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def column_of(name: str) -> int:
    """Return the column of letters, A is 1; 0 for anything else."""
    column = 0
    for char in name:
        if not "A" <= char <= "Z":
            return 0
        column = column * 26 + ord(char) - ord("A") + 1
    return column


def tidy(text: str) -> str:
    """Return a text on one line, without white space around and without signs nobody sees."""
    lines = [" ".join(line.split()) for line in BIDI.sub("", text).splitlines()]
    joined = ""
    for line in filter(None, lines):
        # Words of Latin letters are told apart by the break, Chinese goes on behind it.
        apart = joined and joined[-1].isascii() and line[0].isascii()
        joined += f" {line}" if apart else line
    return joined


def exact(number: str) -> Decimal:
    """Return a number as a sheet shows it: 15 digits, without zeros that rounding leaves.

    Raises ArithmeticError, ValueError.
    """
    value = Decimal(number)
    if not value.is_finite() or abs(value.adjusted()) > 300:
        raise ValueError(number)
    if len(value.as_tuple().digits) <= 15:
        return value
    return Decimal(plain(Decimal(f"{value:.15g}")))


#: The day before day 1 of the two ways in which workbooks count days.
SINCE_1900, SINCE_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
#: 29 February 1900, which never was; days before it are counted one less.
NO_DAY = 60


def day_of_serial(serial: Decimal, *, since_1904: bool = False) -> datetime.date | None:
    """Return the day that a workbook's number stands for, its time left out; None for no day."""
    whole = int(serial)
    if whole < 0 or (whole == NO_DAY and not since_1904):
        return None
    start = SINCE_1904 if since_1904 else SINCE_1900
    try:
        return start + datetime.timedelta(days=whole + (whole < NO_DAY and not since_1904))
    except OverflowError:
        return None
