"""A table in a sheet: its heading row, found by the titles of its columns, and the rows below.

Titles may stand in any order, over one or two rows; lines above the heading are passed over. Rows
below that are no records (sums, notes, who made the table, a heading once more) are told, not read.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.sheets.grid import Book, Kind, letters
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.text.language import gettext, mark
from generator.text.messages import listed, say
from generator.text.names import SHORT, visible
from generator.text.titles import spaceless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.exchange.sheets.grid import Cell, Sheet

NO_HEADING = mark("找不到标题行：表里应有这些列：{titles}")
LACKING = mark("{where} 这一行是标题，缺少这些列：{titles}")
TWICE = mark("“{title}”这一列出现了不止一次：{cells}。请只留一列，或改掉多余的标题")
SEVERAL_SHEETS = mark("有几张工作表都像是要导入的：{names}。请用 --sheet 指明一张")
NO_SUCH_SHEET = mark("没有工作表“{name}”；有：{names}")

#: Rows with something in them among which the heading is looked for.
LOOKED = 60
#: What stands behind a title and is none of it: a unit, that it is due.
_ASIDE = re.compile(r"\([^()]*\)|[*:]+")
#: How a row begins that sums up, and one that says something of the table.
_SUM = re.compile(r"(?:合计|小计|总计|共计|总数|总人数|平均)(?:[:(\d].*|人数|数)?")
_NOTE = re.compile(
    r"(?:备注|说明|注|附注|填表说明|填报说明|制表|填表|填报|审核|审批|审签|经办|负责|联系|主持|记录|统计|签字|签章|盖章|打印)"
    r"(?:人|日期|时间|单位|电话|签字|盖章|意见)*(?:\d*[:.、].*|\(.*|)"
)
_DATED = re.compile(
    r"(?:日期|时间|单位|地点|主题|会议|活动)[^:]{0,6}:.*|(?:应到|实到|到会|请假|缺席|出席)(?:人数|人员)?[:\d].*"
)
#: What a note goes on with.
_NUMBERED = re.compile(r"[\d①-⑳一二三四五六七八九十]+[.、:)].*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is looked for: its own title, and others under which it goes.

    Its own title is one of the catalogue: a sheet may have it in the language in use.
    ``repeated``: the table may have it several times, beside one another.
    """

    key: str
    title: str
    others: frozenset[str] = frozenset()
    required: bool = False
    repeated: bool = False


class Titles:
    """The titles of columns as headings are compared with them, in the language in use."""

    def __init__(self, columns: Sequence[Column]) -> None:
        #: Title → how surely it is a column's (0 its own, 1 another), the column's number and key.
        self.known: dict[str, tuple[int, int, str]] = {}
        for number, column in enumerate(columns):
            ranked = [(0, column.title), (0, gettext(column.title))]
            for rank, title in (*ranked, *((1, other) for other in column.others)):
                own, name = (rank, number, column.key), spaceless(title).lower()
                self.known[name] = min(own, self.known.get(name, own))

    def best(self, heading: str) -> tuple[int, str] | None:
        """Return the surest (rank, key) that a heading stands for, of equals the first column's.

        None where it is no column's. What stands in brackets may be left out.
        """
        whole = spaceless(heading).lower()
        found = [self.known[own] for own in (whole, _ASIDE.sub("", whole)) if own in self.known]
        if not found:
            return None
        rank, _, key = min(found)
        return rank, key


class Other(NamedTuple):
    """A column that is not read: where its title stands, and the title."""

    where: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row to read: its cells by the keys of columns."""

    sheet: Sheet
    number: int
    columns: dict[str, int]

    def cell(self, key: str) -> Cell:
        """Return the cell of a column; blank where the table has no such column."""
        return self.sheet.cell(self.number, self.columns.get(key, 0))

    def has(self, key: str) -> bool:
        """Whether there is something in the column."""
        return self.cell(key).kind is not Kind.BLANK

    def at(self, key: str) -> str:
        """Return where the cell of a column stands."""
        return self.sheet.address(self.number, self.columns[key])

    @property
    def place(self) -> str:
        """Where the row begins."""
        return self.sheet.address(self.number, min(self.columns.values(), default=1))


@dataclass(slots=True)
class Table:
    """A table that was found: ``columns`` key → columns of the sheet; what was passed over."""

    sheet: Sheet
    top: int
    bottom: int
    columns: dict[str, list[int]]
    rows: list[Row] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where the heading stands."""
        return self.sheet.address(self.bottom, min(min(own) for own in self.columns.values()))


class Heading(NamedTuple):
    """A heading that may be meant: its rows, and key → columns with how sure each is."""

    top: int
    bottom: int
    found: dict[str, list[tuple[int, int]]]

    @property
    def weight(self) -> tuple[int, int, int]:
        """How much speaks for it: columns that are found, how surely; of equals the first row."""
        sure = sum(all(rank == 0 for rank, _ in own) for own in self.found.values())
        return (len(self.found), sure, -(self.bottom - self.top))


def find_table(book: Book, columns: Sequence[Column], name: str | None = None) -> Table:
    """Return the table with these columns; raises UnreadableSheetError.

    ``name`` is the sheet to look in; without it there must be one in which the table is.
    """
    names = [sheet.name for sheet in book.sheets]
    sheets = [sheet for sheet in book.sheets if name is None or spaceless(name) == sheet_key(sheet)]
    if not sheets:
        told = listed([visible(own, SHORT) for own in names])
        raise UnreadableSheetError(NO_SUCH_SHEET, name=visible(name or "", SHORT), names=told)
    found = [(sheet, heading) for sheet in sheets if (heading := heading_of(sheet, columns))]
    whole = [(sheet, own) for sheet, own in found if not lacking(own, columns)]
    shown = [(sheet, own) for sheet, own in whole if not sheet.hidden]
    likely = shown or whole or found[:1]
    if not likely:
        titles = listed([say(column.title) for column in columns if column.required])
        raise UnreadableSheetError(NO_HEADING, titles=titles)
    if len(likely) > 1:
        told = listed([visible(sheet.name, SHORT) for sheet, _ in likely])
        raise UnreadableSheetError(SEVERAL_SHEETS, names=told)
    return table_of(*likely[0], columns)


def find_tables(
    book: Book, sorts: Sequence[tuple[Sequence[Column], str]], name: str | None = None
) -> list[Table | None]:
    """Return the table of each sort (columns, key of the one that tells it), None where none is.

    Raises UnreadableSheetError where there is none of any sort, or one that cannot be read.
    """
    found: list[Table | None] = []
    for columns, telling in sorts:
        headings = ((sheet, heading_of(sheet, columns)) for sheet in book.sheets)
        own = tuple(sheet for sheet, heading in headings if heading and telling in heading.found)
        if name is not None:
            own = tuple(sheet for sheet in own if spaceless(name) == sheet_key(sheet))
        found.append(find_table(Book(own), columns) if own else None)
    if not any(found):
        find_table(book, sorts[0][0], name)  # tells what is missing
    return found


def sheet_key(sheet: Sheet) -> str:
    """Return the name of a sheet as it is compared."""
    return spaceless(sheet.name)


def lacking(heading: Heading, columns: Sequence[Column]) -> list[str]:
    """Return the titles of the columns that must be there and are not."""
    return [own.title for own in columns if own.required and own.key not in heading.found]


def heading_of(sheet: Sheet, columns: Sequence[Column]) -> Heading | None:
    """Return the rows that hold most of the titles; None where fewer than two stand together."""
    best: Heading | None = None
    titles = Titles(columns)
    numbers = sheet.numbers()[:LOOKED]
    for at, number in enumerate(numbers):
        following = numbers[at + 1] if at + 1 < len(numbers) else 0
        one = Heading(number, number, matched(sheet, number, number, titles))
        two = one
        if following == number + 1 and may_be_two(sheet, number, titles):
            two = Heading(number, following, matched(sheet, number, following, titles))
        better = two if two.weight > one.weight else one
        if best is None or better.weight > best.weight:
            best = better
    few = min(2, sum(column.required for column in columns))
    return best if best is not None and len(best.found) >= max(few, 1) else None


def may_be_two(sheet: Sheet, top: int, titles: Titles) -> bool:
    """Whether a heading may go on in the row below: no column that has its title has more there."""
    for column, cell in sheet.rows[top].items():
        below = sheet.cell(top + 1, column)
        apart = below.kind is not Kind.BLANK and below.text != cell.text
        if below.kind not in {Kind.BLANK, Kind.TEXT} or (
            apart
            and titles.best(cell.text)
            and (top, column) not in sheet.filled
            and not spread(sheet, top, column)
        ):
            return False
    return True


def spread(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell stands above several columns: merged, or with nothing beside it but below."""
    span = sheet.filled.get((row, column + 1))
    if span is not None:
        return (span.top, span.left) == (row, column)
    beside, below = sheet.cell(row, column + 1), sheet.cell(row + 1, column + 1)
    return beside.kind is Kind.BLANK and below.kind is Kind.TEXT


def matched(
    sheet: Sheet, top: int, bottom: int, titles: Titles
) -> dict[str, list[tuple[int, int]]]:
    """Return key → (rank, column) of the titles that stand in these rows."""
    found: dict[str, list[tuple[int, int]]] = {}
    used = sorted({column for row in range(top, bottom + 1) for column in sheet.rows.get(row, ())})
    for column in used:
        pieces = pieces_of(sheet, top, bottom, column)
        names = [pieces[-1], "".join(pieces), pieces[0]] if pieces else []
        ranked = (likely for name in names if (likely := titles.best(name)))
        likely = next(ranked, None)
        if likely and not doubled(sheet, top, bottom, column):
            found.setdefault(likely[1], []).append((likely[0], column))
    return found


def pieces_of(sheet: Sheet, top: int, bottom: int, column: int) -> list[str]:
    """Return the different texts of a heading in a column, from above."""
    cells = [sheet.cell(row, column) for row in range(top, bottom + 1)]
    return list(dict.fromkeys(cell.text for cell in cells if cell.text))


def doubled(sheet: Sheet, top: int, bottom: int, column: int) -> bool:
    """Whether a column only shows again what an area holds that begins in a column before."""
    spans = [sheet.filled.get((row, column)) for row in range(top, bottom + 1)]
    return all(span is not None and span.left < column for span in spans)


def table_of(sheet: Sheet, heading: Heading, columns: Sequence[Column]) -> Table:
    """Return the table below a heading; raises UnreadableSheetError for what is not told apart."""
    chosen: dict[str, list[int]] = {}
    for own in columns:
        ranked = heading.found.get(own.key, [])
        least = min((rank for rank, _ in ranked), default=0)
        places = [column for rank, column in ranked if rank == least]
        if len(places) > 1 and not own.repeated:
            cells = listed([sheet.address(heading.bottom, column) for column in places])
            raise UnreadableSheetError(TWICE, title=say(own.title), cells=cells)
        if places:
            chosen[own.key] = places
    table = Table(sheet, heading.top, heading.bottom, chosen)
    missing = lacking(heading, columns)
    if missing:
        raise UnreadableSheetError(LACKING, where=table.place, titles=listed(map(say, missing)))
    taken = {column for own in chosen.values() for column in own}
    for column in sorted(used_columns(sheet, heading) - taken):
        title = "".join(pieces_of(sheet, heading.top, heading.bottom, column))
        if not doubled(sheet, heading.top, heading.bottom, column):
            place = f"{sheet.address(heading.bottom, column)}"
            table.others.append(Other(place, visible(title, SHORT) if title else letters(column)))
    table.hidden += [
        sheet.address(heading.bottom, column) for column in sorted(taken & sheet.hidden_columns)
    ]
    read_rows(table)
    return table


def used_columns(sheet: Sheet, heading: Heading) -> set[int]:
    """Return the columns of a sheet that have a title."""
    rows = range(heading.top, heading.bottom + 1)
    return {column for row in rows for column in sheet.rows.get(row, ())}


def read_rows(table: Table) -> None:
    """Take the rows below the heading that are records; tell of those that are none."""
    sheet = table.sheet
    taken = {key: own[0] for key, own in table.columns.items()}
    titles = titles_in(sheet, table.bottom, table.columns)
    noted = False
    for number in sheet.numbers():
        own = list(sheet.own(number))
        if number <= table.bottom or not own:
            continue
        if is_note(sheet, number, own, taken, noted=noted) or (
            titles_in(sheet, number, table.columns) == titles
        ):
            table.passed.append(sheet.address(number, own[0]))
            noted = True
            continue
        if any(sheet.cell(number, column).text for own in table.columns.values() for column in own):
            table.rows.append(Row(sheet, number, taken))
            if number in sheet.hidden_rows:
                table.hidden.append(sheet.address(number, own[0]))
        else:
            table.passed.append(sheet.address(number, own[0]))


def titles_in(sheet: Sheet, row: int, columns: dict[str, list[int]]) -> list[str]:
    """Return what stands in a row in the columns of the table."""
    return [sheet.cell(row, column).text for own in columns.values() for column in own]


def is_note(
    sheet: Sheet, row: int, own: Sequence[int], columns: Mapping[str, int], *, noted: bool
) -> bool:
    """Whether a row says something of the table: by how it begins, or that a note goes on."""
    first = noted_text(sheet.cell(row, own[0]))
    says = _NOTE.fullmatch(first) or _DATED.fullmatch(first)
    if _SUM.fullmatch(first) or (says and not is_whole(sheet, row, own[0], columns)):
        return True
    if all(_ASIDE.fullmatch(text) for text in texts_of(sheet, row, own)):
        return True
    # A sum may stand behind an empty number: the first words of the row tell.
    words = next((text for text in texts_of(sheet, row, own) if not text.isdigit()), "")
    if _SUM.fullmatch(words):
        return True
    if len(own) > 1:
        return False
    long = len(first) > 20
    span = sheet.filled.get((row, own[0] + 1))
    wide = span is not None and span.right >= max(columns.values())
    return wide or long or (noted and _NUMBERED.fullmatch(first) is not None)


def is_whole(sheet: Sheet, row: int, first: int, columns: Mapping[str, int]) -> bool:
    """Whether a row that begins like a note says as much as a record, beside this beginning."""
    filled = sum(
        sheet.cell(row, column).kind is not Kind.BLANK
        for column in columns.values()
        if column != first
    )
    return filled > 1 and 2 * filled >= len(columns) - 1


def texts_of(sheet: Sheet, row: int, columns: Sequence[int]) -> Iterator[str]:
    """Yield what some cells of a row say, in half width without white space."""
    for column in columns:
        yield noted_text(sheet.cell(row, column))


def noted_text(cell: Cell) -> str:
    """Return what a cell says in half width, without white space."""
    return "".join(unicodedata.normalize("NFKC", cell.text).split())
