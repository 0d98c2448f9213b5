"""The ledger of a year and its lists as pages, of the rows of the workbooks; for the committee."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.workbooks.ledger import summary
from generator.exchange.workbooks.lists import tables
from generator.reports.book import Kind
from generator.site.addresses import LEDGER, LISTS, addresses_of, scorecard_address
from generator.site.data.standings import ROWS, PageLink
from generator.site.html.templating import fixed
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.reports.book import Column, Table
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: What a table is about: it heads the row.
NAME = "name"
EMPTY = (None, "")
FIGURES = frozenset({Kind.COUNT, Kind.POINTS, Kind.MONEY})


class Head(NamedTuple):
    """The head of a column, and whether figures stand below it."""

    title: str
    figure: bool


class Cell(NamedTuple):
    """A cell as a page shows it: under which title, what kind of one; where a branch's card is."""

    title: str
    kind: str
    text: str
    address: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a table on a page; ``count`` are those of the whole table."""

    anchor: str
    name: str
    heading: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int


class Paged:
    """Tables of a year, so many rows of them a page; made when the first page is asked for."""

    def __init__(self, made: YearPages, make: Callable[[], Sequence[Table]]) -> None:
        self.made = made
        self.make = make

    @cached_property
    def pages(self) -> list[list[tuple[int, int, int]]]:
        """The pages: of which table which rows; a table without rows has its place all the same."""
        found: list[list[tuple[int, int, int]]] = [[]]
        room = ROWS
        for number, table in enumerate(self.tables):
            first, count = 0, len(table.rows)
            while first < count or first == 0:
                if not room:
                    found.append([])
                    room = ROWS
                last = min(first + room, count)
                found[-1].append((number, first, last))
                room -= last - first
                first = max(last, 1)
        return found

    @cached_property
    def tables(self) -> Sequence[Table]:
        """The tables, as the workbook has them."""
        return self.make()

    @cached_property
    def filled(self) -> list[tuple[int, ...]]:
        """The columns of each table that say anything; those to be filled by hand do not."""
        return [
            tuple(
                number
                for number in range(len(table.columns))
                if not table.rows or any(row[number] not in EMPTY for row in table.rows)
            )
            for table in self.tables
        ]

    def pieces(self, page: int) -> list[Piece]:
        """Return what stands on a page, the first being 0."""
        return [self.piece(*entry) for entry in self.pages[page]]

    def piece(self, number: int, first: int, last: int) -> Piece:
        """Return some rows of a table; the id of a branch goes with its name."""
        table, filled = self.tables[number], self.filled[number]
        ids = [n for n in filled if table.columns[n].branch]
        shown = [n for n in filled if n not in ids]
        heads = tuple(Head(c.title, c.kind in FIGURES) for c in (table.columns[n] for n in shown))
        rows = tuple(
            tuple(self.cell(table.columns, n, row) for n in shown) for row in table.rows[first:last]
        )
        anchor = f"list-{number + 1}"
        return Piece(anchor, table.name, table.heading, heads, rows, len(table.rows))

    def cell(self, columns: Sequence[Column], number: int, row: Sequence[object]) -> Cell:
        """Return one cell of a row."""
        column, text = columns[number], self.words(row[number], columns[number].kind)
        if number and columns[number - 1].branch:
            own = f"{row[number - 1]}"
            card = scorecard_address(self.made.shown.year, own)
            return Cell(column.title, NAME, text, card, own)
        return Cell(column.title, "num" if column.kind in FIGURES else "text", text)

    def words(self, value: object, kind: Kind) -> str:
        """Return a value as pages write it: points with all their places, yuan and fen."""
        if isinstance(value, Decimal) and kind is Kind.MONEY:
            return f"{value:,.2f}"
        if isinstance(value, Decimal):
            return fixed(value, self.made.site.rubric.places)
        if isinstance(value, datetime.date):
            return f"{value:%Y-%m-%d}"
        return "" if value is None else f"{value}"


def ledger_pages(made: YearPages) -> Iterator[Standing]:
    """Yield the pages of the ledger: a row a branch."""
    results, rubric = made.site.published, made.site.rubric
    yield from pages(made, LEDGER, gettext("考核汇总"), lambda: [summary(results, rubric)])


def lists_pages(made: YearPages) -> Iterator[Standing]:
    """Yield the pages of the lists that results are for."""
    results, rubric = made.site.published, made.site.rubric
    after = made.site.evaluation.after
    yield from pages(made, LISTS, gettext("名单"), lambda: tables(results, rubric, after))


def pages(
    made: YearPages, own: str, title: str, make: Callable[[], Sequence[Table]]
) -> Iterator[Standing]:
    """Yield the pages of some tables."""
    paged = Paged(made, make)
    first = f"{made.site.prefix}{own}"
    addresses = addresses_of(first, len(paged.pages))
    for number, address in enumerate(addresses):
        yield address, partial(page, paged, title, addresses, number)


def page(paged: Paged, title: str, addresses: list[str], number: int) -> GeneratedPage:
    """Return a page of tables, the first being 0."""
    made = paged.made
    if len(addresses) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    return made.page(
        addresses[number],
        "office.html.jinja",
        title,
        description=tr("{year} 年度：{title}", year=made.shown.year, title=title),
        pieces=paged.pieces(number),
        ledger=addresses[0].endswith(LEDGER),
        pages=tuple(PageLink(a, f"{n}") for n, a in enumerate(addresses, start=1)),
        at=number,
    )
