"""Drawn sheets: whatever their order, padding and way of writing, the same files come of them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from generator.exchange.branches import COLUMNS, Known, plan_branches
from generator.exchange.sheets import read_book
from generator.exchange.sheets.grid import Book, Cell, Kind, Sheet
from generator.exchange.table import find_table
from generator.exchange.values import Titles
from generator.files.tree import MemoryTree
from generator.formats.branch_files import BRANCH, Branch
from generator.loading.reader import Reader
from generator.text.findings import Report
from tests.sheetbook import number_cell, rows, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Draw = Callable[[st.SearchStrategy[Any]], Any]

KINDS = Titles({"regular": "党支部", "functional": "功能型"})
CONSORTIA = Titles({"east": "东片", "west": "西片"})
KNOWN = Known(KINDS, CONSORTIA, {}, {}, set())
ANSWERS = {True: ["是", "√", "有"], False: ["否", "无", "×"]}
EPOCH = datetime.date(1899, 12, 30)

days = st.dates(datetime.date(1921, 1, 1), datetime.date(2100, 1, 1))
words = st.text("示例甲乙丙丁戊己AB（）·1", min_size=2, max_size=12).filter(
    lambda text: "示" in text
)
branch = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(list(KINDS)),
        "societies": st.lists(words, min_size=1, max_size=3, unique=True),
        "has_committee": st.none() | st.booleans(),
        "consortium": st.none() | st.sampled_from(list(CONSORTIA)),
        "established": days,
        "members": st.integers(0, 20_000),
        "submitters": st.lists(
            st.from_regex("[a-z][a-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=2, unique=True
        ),
    }
)


def day_as(day: datetime.date) -> list[object]:
    """Return the ways in which a sheet may hold a day."""
    serial = (day - EPOCH).days
    year, month, number = day.year, day.month, day.day
    return [
        f"{day}",
        f"{year}.{month}.{number}",
        f"{year}/{month:02}/{number}",
        f" {year}年{month}月{number}日",
        f"{year}{month:02}{number:02}",
        serial,
        number_cell("HERE", serial, 1),
        number_cell("HERE", serial, 5),
    ]


def count_as(count: int) -> list[object]:
    """Return the ways in which a sheet may hold a count."""
    wide = f"{count}".translate({0x30 + digit: 0xFF10 + digit for digit in range(10)})
    return [count, f"{count}", f"{count}人", f"{count:,}", wide, f"\xa0{count}.0"]


def cells_of(draw: Draw, name: str, own: Mapping[str, object]) -> dict[str, object]:
    """Return a row by the keys of its columns, each cell in a drawn way of writing."""

    def one_of(ways: Sequence[object]) -> object:
        return draw(st.sampled_from(ways))

    between = draw(st.sampled_from(["、", "，", "; ", "、\n"]))
    kind, day, count = own["kind"], own["established"], own["members"]
    assert isinstance(day, datetime.date)
    assert isinstance(count, int)
    group, answer = own["consortium"], own["has_committee"]
    return {
        "name": one_of([name, f"\u3000{name} "]),
        "kind": one_of([kind, KINDS[f"{kind}"], f" {KINDS[f'{kind}']}"]),
        "societies": between.join(map(str, listed(own["societies"]))),
        "has_committee": None if answer is None else one_of(ANSWERS[answer is True]),
        "consortium": one_of([group, CONSORTIA[f"{group}"]]) if group else None,
        "established": one_of(day_as(day)),
        "members": one_of(count_as(count)),
        "submitters": between.join(map(str, listed(own["submitters"]))),
    }


def listed(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def read(data: bytes) -> Branch:
    """Return a branch by the strict reader, which finds nothing in it."""
    report = Report()
    path = "branches/b001/branch.yml"
    value = Reader(MemoryTree({path: data}), report).load(path, BRANCH)[0]
    assert value is not None
    assert report.findings == []
    return value


@given(st.data())
def test_a_list_of_branches_is_read_right_in_every_order_and_way_of_writing(
    data: st.DataObject,
) -> None:
    draw = data.draw
    records: list[Mapping[str, object]] = draw(st.lists(branch, min_size=1, max_size=2))
    names = [f"示例{number}党支部" for number in range(len(records))]
    table = [cells_of(draw, *pair) for pair in zip(names, records, strict=True)]
    columns = draw(st.permutations([column for column in COLUMNS if column.key != "id"]))
    places = [draw(st.integers(0, 2)) for _ in columns]
    lines: list[list[object]] = [["示例名册"], [None]] * draw(st.integers(0, 1))
    heads: list[object] = []
    for column, gap in zip(columns, places, strict=True):
        heads += [*[None] * gap, column.title]
    lines.append(heads)
    for own in table:
        line: list[object] = []
        for column, gap in zip(columns, places, strict=True):
            line += [*[None] * gap, own[column.key]]
        lines += [[None]] * draw(st.integers(0, 1))
        lines.append(line)
    lines += [[None], ["备注：示例"]] * draw(st.integers(0, 1))
    book = read_book("a.xlsx", workbook(rows(lines)))
    plan = plan_branches(find_table(book, COLUMNS), KNOWN)
    assert plan.troubles == []
    for number, record in enumerate(records, start=1):
        found = read(plan.files[f"branches/b{number:03}/branch.yml"])
        said = {key: getattr(found, key) for key in record}
        lists = {key: tuple(listed(record[key])) for key in ("societies", "submitters")}
        has = bool(record["has_committee"])
        assert found.name == names[number - 1]
        assert said == {**record, **lists, "has_committee": has}


texts = st.text(st.characters(codec="utf-8"), max_size=12)
anything = st.one_of(
    texts.map(lambda text: Cell(Kind.TEXT, text)),
    st.sampled_from(["党支部", "是", "2025.1.2", "21", "x-1", "示例"]).map(
        lambda text: Cell(Kind.TEXT, text)
    ),
    days.map(lambda day: Cell(Kind.DAY, day)),
    st.decimals(-9, 99_999, places=1).map(lambda number: Cell(Kind.NUMBER, number)),
    st.sampled_from([Cell(Kind.FAULT), Cell(Kind.UNCOMPUTED), Cell(Kind.YES_NO, value=True)]),
)


@given(st.lists(st.lists(anything, min_size=9, max_size=9), max_size=5))
def test_whatever_cells_hold_what_is_written_is_sound(lines: list[list[Cell]]) -> None:
    sheet = Sheet("表")
    for at, column in enumerate(COLUMNS, start=1):
        sheet.put(1, at, Cell(Kind.TEXT, column.title))
    for row, line in enumerate(lines, start=2):
        for at, cell in enumerate(line, start=1):
            sheet.put(row, at, cell if cell.text or cell.value is None else Cell(Kind.BLANK))
    table = find_table(Book((sheet,)), COLUMNS)
    plan = plan_branches(table, KNOWN)
    for data in plan.files.values():
        read(data)
    troubled = {trouble.place[0] for trouble in plan.troubles}
    assert len(plan.items) == sum(row.number not in troubled for row in table.rows)
