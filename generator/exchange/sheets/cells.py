"""The cells of one sheet of a workbook, as its part tells them."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from generator.exchange.sheets.grid import (
    BLANK,
    MAX_COLUMN,
    MAX_ROW,
    UNCOMPUTED,
    Cell,
    Kind,
    Span,
    column_of,
    day_of_serial,
    exact,
)
from generator.exchange.sheets.styles import Shows, Styles, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.exchange.sheets.grid import Room, Sheet

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_TRUE = frozenset({"1", "true", "on"})
_TEXTS = frozenset({"s", "str", "inlineStr"})


class Cells:
    """Takes the part of a sheet: its cells, what is hidden, what is merged.

    ``strings`` are the texts that cells share. Raises UnreadableSheetError for too many cells, and
    ValueError or LookupError for a part that holds what no sheet holds.
    """

    def __init__(self, sheet: Sheet, strings: Sequence[str], styles: Styles, room: Room) -> None:
        self.spans: list[Span] = []
        self._sheet = sheet
        self._strings = strings
        self._styles = styles
        self._room = room
        self._row = self._column = self._last = 0
        self._type = ""
        self._style: str | None = None
        self._formula = self._valued = False
        self._value: list[str] | None = None
        self._shown = ""
        self._text = Words()

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Take the beginning of a row, a cell, a value; a column, a merged area."""
        if name == "c":
            self._begin(given)
        elif name == "row":
            self._row = int(given.get("r", self._row + 1))
            self._column = 0
            if not 0 < self._row <= MAX_ROW:
                raise ValueError(self._row)
            if given.get("hidden") in _TRUE:
                self._sheet.hidden_rows.add(self._row)
        elif name == "v":
            self._value, self._valued = [], True
        elif name == "f":
            self._formula = True
        elif name in {"t", "rPh"}:
            self._text.start(name)
        elif name == "mergeCell":
            self.spans.append(span_of(given.get("ref", "")))
        elif name == "col" and given.get("hidden") in _TRUE:
            # They stand in their order, so that each column is looked at once.
            first, last = max(int(given["min"]), self._last + 1), min(int(given["max"]), MAX_COLUMN)
            self._sheet.hidden_columns.update(range(first, last + 1))
            self._last = max(self._last, last)

    def _begin(self, given: Mapping[str, str]) -> None:
        self._column += 1
        place = given.get("r")
        if place is not None:
            found = _CELL.fullmatch(place)
            if found is None:
                raise ValueError(place)
            self._column = column_of(found[1])
        if self._column > MAX_COLUMN:
            raise ValueError(self._column)
        self._type, self._style = given.get("t", "n"), given.get("s")
        self._formula = self._valued = False
        self._shown = ""

    def end(self, name: str) -> None:
        """Take the end of a value or a cell."""
        if name == "v" and self._value is not None:
            self._shown, self._value = "".join(self._value), None
        elif name in {"t", "rPh"}:
            self._text.end(name)
        elif name == "c":
            words = self._text.taken()
            cell = self._cell(words if self._type == "inlineStr" else self._shown)
            self._sheet.put(self._row, self._column, cell)
            if cell is not BLANK:
                self._room.take()

    def words(self, text: str) -> None:
        """Take words of a value or a text."""
        if self._value is None:
            self._text.words(text)
        else:
            self._value.append(text)

    def _cell(self, shown: str) -> Cell:
        """Return the cell that was told; ``shown`` is its value as it is written."""
        if self._type in _TEXTS:
            return self._said(shown)
        if not shown:
            return UNCOMPUTED if self._formula else BLANK
        if self._type == "e":
            return Cell(Kind.FAULT, shown)
        if self._type == "b":
            return Cell(Kind.YES_NO, shown in _TRUE)
        if self._type == "d":
            return Cell(Kind.DAY, datetime.datetime.fromisoformat(shown).date())
        return counted(shown, self._styles.of(self._style), since_1904=self._sheet.since_1904)

    def _said(self, shown: str) -> Cell:
        """Return the cell of a text: shared, computed, or in the cell itself."""
        if self._type == "s":
            return said(self._strings[int(shown)]) if shown else BLANK
        return UNCOMPUTED if self._formula and not self._valued else said(shown)


def said(text: str) -> Cell:
    """Return a cell of text; what is only white space is blank."""
    cell = Cell(Kind.TEXT, text)
    return cell if cell.text else BLANK


def counted(shown: str, how: Shows, *, since_1904: bool) -> Cell:
    """Return the cell of a number by what its format shows; raises ValueError for no number."""
    try:
        number = exact(shown.strip())
    except InvalidOperation:
        raise ValueError(shown) from None
    if how is Shows.NUMBER:
        return Cell(Kind.NUMBER, number)
    if how is Shows.PERCENT:
        return Cell(Kind.NUMBER, number, percent=True)
    if how is Shows.TIME or 0 <= number < 1:
        return Cell(Kind.TIME, number)
    day = day_of_serial(number, since_1904=since_1904)
    if day is None:
        return Cell(Kind.FAULT, shown)
    # Who types a month alone gets its first day, which nobody said.
    alone = how is Shows.MONTH and day.day == 1 and number == Decimal(int(number))
    return Cell(Kind.MONTH if alone else Kind.DAY, day)


def span_of(reference: str) -> Span:
    """Return the area of ``B2:D5``; raises ValueError."""
    first, _, last = reference.partition(":")
    ends = [_CELL.fullmatch(end) for end in (first, last or first)]
    if None in ends:
        raise ValueError(reference)
    columns = sorted(column_of(end[1]) for end in ends if end)
    rows = sorted(int(end[2]) for end in ends if end)
    return Span(rows[0], columns[0], rows[1], columns[1])
