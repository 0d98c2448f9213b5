"""Workbooks for the office: real numbers, a head that stays, filters, pages to print.

The same data gives the same bytes: times inside are fixed. Text is never a formula, and there is
none. Every workbook ends in a sheet that says how to read it and what it was made from.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

# Any: openpyxl ships no types.
from typing import TYPE_CHECKING, Any

from generator import __version__
from generator.reports.findings import safe
from generator.reports.scores import width
from generator.results.projection import whole_digest
from generator.text.language import gettext, mark, speaking, tr
from generator.text.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.results.model import Results

#: Characters that a cell can hold.
MOST = 32_000
#: Rows above the first of a table: the heading, the titles of its columns.
HEAD = 2
#: The day inside of every workbook: nothing in it hangs on when it was made.
FIXED = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's times have no zone
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
PAPER_A4 = 9
#: Height of a line of text, in points, and margins at the sides, in inches.
LINE, MARGIN = 16, 0.4
#: What cells are written in: a character of two is as wide as two digits, as columns count them.
FONT, SIZE = "SimSun", 11
#: Characters that a page across holds at a size that can be read; what is wider takes two or more.
LEGIBLE = 190
#: What the name of a sheet cannot hold, and how long it may be.
UNFIT, LONGEST = re.compile(r"[\[\]:*?/\\]|^'|'$"), 31
HOW_TO_READ = mark("怎么读")
#: The language of results as they are published, and of their digest.
PUBLISHED = "zh"


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    POINTS = "points"
    DAY = "day"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in characters, what it holds and what that means.

    ``branch`` marks ids of branches; their names stand in the column behind it.
    """

    title: str
    width: int
    kind: Kind = Kind.TEXT
    told: str = ""
    branch: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, a heading, columns, and rows of values; None is an empty cell.

    So many columns ``stay`` in view while one moves to the right.
    """

    name: str
    heading: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[object]]
    stay: int = 0


def workbook(
    tables: Iterable[Table], about: Sequence[tuple[str, str]], places: int, nothing: str = ""
) -> bytes:
    """Return a workbook of tables; ``about`` are facts about where it comes from, by title.

    ``nothing`` is what a table without rows says; in one that is read back it would be a row.
    """
    book = begun()
    book.remove(book.active)
    shown = list(tables)
    for table in shown:
        sheet = book.create_sheet(sheet_name(table.name))
        fill(sheet, table, places)
        if nothing and not table.rows:
            put(sheet, HEAD + 1, [capital(nothing)])
            sheet.row_dimensions[HEAD + 1].height = 2 * LINE
    legend(book.create_sheet(gettext(HOW_TO_READ)), shown, about)
    return saved(book)


def begun() -> Any:
    """Return a workbook with an empty sheet, in the font of offices."""
    import openpyxl  # noqa: PLC0415 - a quarter of a second that no other command waits for
    from openpyxl.styles import Font  # noqa: PLC0415 - as openpyxl

    book = openpyxl.Workbook()
    font = Font(name=FONT, size=SIZE)
    book._fonts[0] = book._named_styles["Normal"].font = font  # noqa: SLF001 - it has no other way
    return book


def sheet_name(title: str) -> str:
    """Return a title as the name of a sheet."""
    return UNFIT.sub(" ", capital(title))[:LONGEST].strip() or "-"


def capital(title: str) -> str:
    """Return a title as headings are written, whatever it is in a sentence."""
    return title[:1].upper() + title[1:]


def saved(book: Any) -> bytes:
    """Return the bytes of a workbook, the same whenever it is made."""
    book.properties.created = FIXED
    book.properties.creator = "appraise"
    stream = io.BytesIO()
    book.save(stream)
    return undated(stream.getvalue())


def undated(archive: bytes) -> bytes:
    """Return an office file whose parts have one fixed time, and no day of its making."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as before,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            data = before.read(name)
            if name == "docProps/core.xml":
                data = MODIFIED.sub(rf"\g<1>{FIXED.isoformat()}Z\g<2>".encode(), data)
            entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            after.writestr(entry, data)
    return written.getvalue()


def fill(sheet: Any, table: Table, places: int) -> None:
    """Write a table, and set up its sheet for the screen and for paper."""
    from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415 - as openpyxl

    put(sheet, 1, [table.heading])
    sheet["A1"].font = Font(name=FONT, bold=True, size=14)
    put(sheet, HEAD, [capital(column.title) for column in table.columns])
    line = Side(style="thin", color="999999")
    for number, column in enumerate(table.columns, start=1):
        head = sheet.cell(HEAD, number)
        head.font = Font(name=FONT, size=SIZE, bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        head.border = Border(bottom=line, top=line)
        sheet.column_dimensions[head.column_letter].width = column.width
    titles = [Column("", column.width) for column in table.columns]
    sheet.row_dimensions[1].height = 2 * LINE
    sheet.row_dimensions[HEAD].height = LINE * lines_of([c.title for c in table.columns], titles)
    formats = {Kind.COUNT: "0", Kind.POINTS: "0." + "0" * places if places else "0"}
    formats |= {Kind.DAY: "yyyy-mm-dd", Kind.MONEY: "#,##0.00"}
    text = Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1)
    figure = Alignment(vertical="center", horizontal="right")
    for number, row in enumerate(table.rows, start=HEAD + 1):
        put(sheet, number, row)
        sheet.row_dimensions[number].height = LINE * lines_of(row, table.columns)
        for cell, column in zip(sheet[number], table.columns, strict=False):
            cell.alignment = text if column.kind is Kind.TEXT else figure
            if column.kind in formats:
                cell.number_format = formats[column.kind]
            cell.border = Border(bottom=line)
    set_up(sheet, table)


def lines_of(row: Sequence[object], columns: Sequence[Column]) -> int:
    """Return how many lines the longest text of a row takes in its column."""
    texts = [
        (f"{value}", column.width - 2)
        for value, column in zip(row, columns, strict=False)
        if column.kind is Kind.TEXT and value is not None
    ]
    return max((sum(max(1, -(-width(part) // size)) for part in text.split("\n"))
                for text, size in texts), default=1)  # fmt: skip


def set_up(sheet: Any, table: Table) -> None:
    """Let the head stay in view and on every page; a filter; A4 across, page numbers.

    A table too wide to be read on one page takes two, with the columns that stay on both.
    """
    from openpyxl.styles import Alignment  # noqa: PLC0415 - as openpyxl

    last = sheet.cell(HEAD, len(table.columns)).column_letter
    sheet.freeze_panes = sheet.cell(HEAD + 1, table.stay + 1)
    if table.rows:
        sheet.auto_filter.ref = f"A{HEAD}:{last}{len(table.rows) + HEAD}"
    printed(sheet, landscape=True)
    sheet.print_title_rows = f"1:{HEAD}"
    across = -(-sum(column.width for column in table.columns) // LEGIBLE)
    if across > 1 and table.stay:
        sheet.page_setup.fitToWidth = across
        stays = sheet.cell(HEAD, table.stay).column_letter
        sheet.print_title_cols = f"A:{stays}"
        sheet.merge_cells(f"A1:{stays}1")  # a heading that runs on ends where the columns do
        sheet["A1"].alignment = Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[1].height = 3 * LINE


def printed(sheet: Any, *, landscape: bool) -> None:
    """Set up a sheet for A4, as wide as the page, with numbers of pages at the foot."""
    sheet.page_setup.paperSize = PAPER_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
    margins = sheet.page_margins
    margins.left = margins.right = MARGIN
    margins.top = margins.bottom = 2 * MARGIN


def legend(sheet: Any, tables: Sequence[Table], about: Sequence[tuple[str, str]]) -> None:
    """Say what each column means, and what the workbook was made from."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as openpyxl

    put(sheet, 1, [gettext(HOW_TO_READ)])
    sheet["A1"].font = Font(name=FONT, bold=True, size=14)
    rows: list[Sequence[object]] = [[gettext("表"), gettext("列"), gettext("意思")]]
    rows += [
        [capital(t.name), capital(c.title), c.told] for t in tables for c in t.columns if c.told
    ]
    rows += [[], *([title, "", words] for title, words in about)]
    columns = [Column("", size) for size in (18, 24, 62)]
    for number, row in enumerate(rows, start=HEAD):
        put(sheet, number, row)
        sheet.row_dimensions[number].height = LINE * lines_of(row, columns)
        for cell in sheet[number]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(name=FONT, size=SIZE, bold=number == HEAD)
    for letter, size in (("A", 18), ("B", 24), ("C", 62)):
        sheet.column_dimensions[letter].width = size
    printed(sheet, landscape=False)


def put(sheet: Any, row: int, values: Sequence[object]) -> None:
    """Write a row: numbers and days as such, everything else as text that no reader executes."""
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, int | Decimal | datetime.date):
            cell.value = value
        elif isinstance(value, str | Message) and f"{value}":
            cell.value = "\n".join(map(safe, f"{value}".split("\n")))[:MOST]
            cell.data_type = "s"  # what begins with “=” was taken for a formula
        elif value is not None and value != "":
            raise TypeError(value)


class Digests:
    """Gives the digest of results as they are published; that of the last ones is kept.

    Every paper of a year names it, and to make it all branches are looked at.
    """

    def __init__(self) -> None:
        self.last: tuple[Results, str] | None = None

    def __call__(self, results: Results) -> str:
        """Return the digest; one branch is in memory at a time."""
        if self.last is None or self.last[0] is not results:
            with speaking(PUBLISHED):
                self.last = results, whole_digest(results)
        return self.last[1]


published_digest = Digests()


def made_from(results: Results) -> list[tuple[str, str]]:
    """Return what a workbook says of its source: the year, commit, digest, day, program."""
    source = results.source
    commit = source.commit or gettext("没有提交")
    if source.dirty:
        commit = tr("{commit}（另有未提交的改动）", commit=commit)
    told = [
        (gettext("年度"), f"{results.year}"),
        (gettext("依据的提交"), commit),
        (gettext("结果校验码"), published_digest(results)),
        (gettext("数据日期"), source.date or ""),
        (gettext("程序版本"), source.program or __version__),
    ]
    return [(title, words) for title, words in told if words]
