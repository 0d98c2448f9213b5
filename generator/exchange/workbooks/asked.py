"""Workbooks of what is asked of branches, of what they lack, and of ballots to count.

What is asked and ballots are read back by ``exchange/due`` and ``exchange/ballots``.
"""

from __future__ import annotations

# Any: openpyxl ships no types.
from typing import TYPE_CHECKING, Any

from generator.exchange.ballots import LEVEL, MODE_TITLES, columns_of
from generator.exchange.headed import BALLOTS, DUE
from generator.reports.book import (
    HEAD,
    Column,
    Kind,
    Table,
    begun,
    fill,
    legend,
    saved,
    sheet_name,
    workbook,
)
from generator.reports.left.missing import AFTER_YEAR, FILES, OPEN, WAITING, grouped
from generator.text.language import gettext, mark, tr
from generator.text.messages import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.formats.committee_files import DebriefEntry, DueEntry
    from generator.reports.left.missing import Missing
    from generator.text.messages import Words

    About = Sequence[tuple[str, str]]

ALL = mark("全部")
GROUPS = {OPEN: mark("支部可以补的"), FILES: mark("文件有误"), WAITING: mark("等党委评定")}


def due_book(
    year: int, entries: Iterable[DueEntry], kinds: Mapping[str, Words], about: About
) -> bytes:
    """Return what is asked of branches in a year as a workbook."""
    columns = (
        Column(gettext("编号"), 12, told=gettext("新的事项不写编号，导入时给下一个")),
        Column(gettext("材料种类"), 22),
        Column(gettext("名称"), 34),
        Column(gettext("期限"), 13, Kind.DAY),
        Column(gettext("举办日期"), 13, Kind.DAY, gettext("没有写期限的，以举办日期为准")),
        Column(gettext("支部"), 30, told=gettext("编号，几个用顿号隔开；所有支部都要报的写“全部”")),
        Column(gettext("延期"), 30, told=gettext("支部编号和延到的日期，例如 demo-a 2025-04-10")),
    )
    rows = [
        [e.id, title_of(e.kind or "", kinds), e.title, e.due, e.date, asked(e), extended(e)]
        for e in entries
    ]
    told = tr(DUE, year=year)
    return workbook([Table(gettext("应报事项"), told, columns, rows, stay=3)], about, 0)


def title_of(id_: str, titles: Mapping[str, Words]) -> str:
    """Return the title of an id where no other has it, or else the id."""
    named = [f"{title}" for title in titles.values()]
    own = f"{titles.get(id_, '')}"
    return own if own and named.count(own) == 1 else id_


def asked(entry: DueEntry) -> str:
    """Return of whom an entry is asked."""
    return gettext(ALL) if entry.branches is None else f"{listed(entry.branches)}"


def extended(entry: DueEntry) -> str:
    """Return the branches that have a later day, with it."""
    return f"{listed([f'{branch} {day}' for branch, day in entry.extended.items()])}"


def ballots_book(
    year: int,
    branches: Mapping[str, Words],
    levels: Mapping[str, Words],
    entries: Mapping[str, DebriefEntry],
    about: About,
) -> bytes:
    """Return the count sheet of a year's ballots; the sum stands beside the levels."""
    own = columns_of(levels)
    wide = {"name": 28, "reason": 30, "mode": 12}
    kinds = {"id": Kind.TEXT, "name": Kind.TEXT, "mode": Kind.TEXT, "reason": Kind.TEXT}
    columns = tuple(
        Column(gettext(c.title), wide.get(c.key, 10), kinds.get(c.key, Kind.COUNT)) for c in own
    )
    rows = [
        [counted(column.key, id_, name, entries.get(id_)) for column in own]
        for id_, name in branches.items()
    ]
    told = tr(BALLOTS, year=year)
    table = Table(gettext("计票"), told, columns, rows, stay=2)
    book = begun()
    sheet = book.active
    sheet.title = sheet_name(table.name)
    fill(sheet, table, 0)
    sums(sheet, [column.key for column in own], len(rows))
    legend(book.create_sheet(gettext("怎么读")), [table], about)
    return saved(book)


def counted(key: str, id_: str, name: Words, entry: DebriefEntry | None) -> object:
    """Return a cell of the count sheet: what is filed already, or nothing."""
    if key in {"id", "name"}:
        return id_ if key == "id" else name
    if entry is None:
        return None
    if key.startswith(LEVEL):
        return entry.ballots.get(key.removeprefix(LEVEL), 0) if entry.ballots else None
    if key == "mode":
        return MODE_TITLES.get(entry.mode or "")
    if key == "void":
        return entry.void if entry.ballots else None
    return getattr(entry, key, None) if key in {"issued", "points", "reason"} else None


def sums(sheet: Any, keys: Sequence[str], count: int) -> None:
    """Let the sheet add up the ballots of each row: levels and void ones."""
    levels = [number for number, key in enumerate(keys, start=1) if key.startswith(LEVEL)]
    place, void = keys.index("sum") + 1, keys.index("void") + 1
    for row in range(HEAD + 1, HEAD + count + 1):
        first, last = sheet.cell(row, levels[0]), sheet.cell(row, levels[-1])
        sheet.cell(
            row, place
        ).value = f"=SUM({first.coordinate}:{last.coordinate},{sheet.cell(row, void).coordinate})"


def missing_book(missing: Missing, about: About, places: int) -> bytes:
    """Return what branches lack, a row an item, the most points first."""
    columns = (
        Column(gettext("编号"), 10),
        Column(gettext("党支部"), 26),
        Column(gettext("类别"), 14),
        Column(gettext("事项"), 26),
        Column(gettext("分"), 8, Kind.POINTS, gettext("与此有关的分：失去的，没有评的是分值")),
        Column(gettext("最后一天"), 12),
        Column(gettext("还有几天"), 9, Kind.COUNT, gettext("小于 0 的已经过了")),
        Column(gettext("缺什么"), 40),
        Column(gettext("怎么办"), 44),
    )
    rows: list[list[object]] = []
    for lack in missing.lacks:
        own = [lack.branch.id, lack.branch.name]
        if lack.state:
            rows.append([*own, gettext(GROUPS[OPEN]), lack.state, None, missing.last,
                         missing.left(missing.last), None, None])  # fmt: skip
        rows += (
            [*own, gettext(GROUPS[group]), item.title, item.points, item.day,
             missing.left(item.day), item.reason, item.how]
            for group, item in grouped(lack)
        )  # fmt: skip
        rows += (
            [*own, gettext("整改"), item.asked, None, item.until, missing.left(item.until),
             tr(AFTER_YEAR, year=item.year), None]
            for item in missing.rectify.get(lack.branch.id, ())
        )  # fmt: skip
    told = tr("{year} 年度各支部还缺什么（{day}）", year=missing.results.year, day=missing.today)
    table = Table(gettext("还缺什么"), told, columns, rows, stay=2)
    return workbook([table], about, places, gettext("无"))
