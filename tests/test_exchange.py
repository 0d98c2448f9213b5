"""What cells surely say, and where a table stands in a sheet; what is not sure is told."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from generator.exchange.sheets import read_book
from generator.exchange.sheets.grid import UNCOMPUTED, Cell, Kind
from generator.exchange.sheets.problems import UnreadableCellError, UnreadableSheetError
from generator.exchange.table import Column, Table, find_table
from generator.exchange.values import (
    Titles,
    answer_of,
    chosen_of,
    count_of,
    day_of,
    number_of,
    parts_of,
    text_of,
)
from tests.sheetbook import rows, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DAY = datetime.date(2025, 3, 12)


def text(value: str) -> Cell:
    return Cell(Kind.TEXT, value)


def number(value: str, *, percent: bool = False) -> Cell:
    return Cell(Kind.NUMBER, Decimal(value), percent=percent)


WRITTEN = (
    "2025-03-12", "2025.3.12", "2025/3/12", "2025-3-12", "2025年3月12日", "2025年3月12号",
    "20250312", "２０２５．３．１２", " 2025年03月12日\u3000", "2025-03-12 09:30:00",
    "\xa02025-3-12",
    "2025年3月12日 星期三", "2025/3/12(周三)", "2025-03-12T09:30",
)  # fmt: skip
NOT_SURE = "不能确定是哪一天"
NO_DAYS = (
    "12/03/2025", "25.3.12", "2025-2-30", "2025.3/12", "2025年3月12", "去年三月", "2025-03-12左右",
    "2025", "45728.5", "2025-3-12 3-14",
)  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    [
        *map(text, WRITTEN),
        number("45728"),
        number("20250312"),
        Cell(Kind.DAY, DAY),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: Cell) -> None:
    assert day_of(cell) == DAY


def test_a_bare_number_counts_from_the_first_day_of_its_workbook() -> None:
    assert day_of(number("44266"), since_1904=True) == DAY


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (text("3月12日"), "没有写年份"),
        (text("3.12"), "没有写年份"),
        (text("2025年3月"), "没有写哪一天"),
        (text("2025.3"), "没有写哪一天"),
        (Cell(Kind.MONTH, datetime.date(2012, 9, 1)), "“2012-09”只有年月"),
        *((text(value), NOT_SURE) for value in NO_DAYS),
        *((number(value), NOT_SURE) for value in ("2025", "2025.3", "45728.5", "99999", "-3")),
        (number("1", percent=True), NOT_SURE),
        (Cell(Kind.TIME, Decimal("0.5")), NOT_SURE),
        (Cell(Kind.YES_NO, value=True), NOT_SURE),
        (Cell(Kind.FAULT, "#REF!"), "算不出的错误值"),
        (UNCOMPUTED, "文件里没有存它的结果"),
    ],
)  # fmt: skip
def test_a_day_that_is_not_sure_is_told(cell: Cell, words: str) -> None:
    with pytest.raises(UnreadableCellError, match=words):
        day_of(cell)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        *((text(value), 21) for value in ("21", "２１", "21人", "21 名", "21.0", "\u200b21\xa0")),
        (text("1,234"), 1234), (text("1,234人"), 1234), (text("0"), 0),
        (number("21"), 21), (number("21.0"), 21), (number("0"), 0),
    ],
)  # fmt: skip
def test_a_count_is_read_however_it_is_written(cell: Cell, count: int) -> None:
    assert count_of(cell) == count


@pytest.mark.parametrize(
    "cell",
    [
        *map(text, ("约21", "21-23", "二十一", "12,34", "1,2345", "21.5", "-1", "21%", "21人左右")),
        *map(text, ("１２３４５６７８９０", "²", "①", "21 22")),
        number("21.5"), number("-1"), number("1", percent=True), number("1E12"),
        Cell(Kind.DAY, DAY), Cell(Kind.YES_NO, value=True), Cell(Kind.FAULT), UNCOMPUTED,
    ],
)  # fmt: skip
def test_a_count_that_is_not_sure_is_told(cell: Cell) -> None:
    with pytest.raises(UnreadableCellError):
        count_of(cell)


def test_numbers_texts_answers_and_parts() -> None:
    assert number_of(text("４．５分")) == number_of(number("4.5")) == Decimal("4.5")
    assert text_of(text(" 重庆市\n甲学会\xa0")) == "重庆市甲学会"
    assert text_of(number("12")) == "12"
    assert [answer_of(text(word)) for word in ("是", "√", "有", "否", "×", "无", "Ｙ")] == [
        *(True, True, True, False, False, False, True)
    ]
    assert answer_of(Cell(Kind.YES_NO, value=False)) is False
    assert parts_of(text("甲学会、\n乙学会；甲学会,丙学会，\n")) == ("甲学会", "乙学会", "丙学会")


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (answer_of, text("筹建中")), (answer_of, Cell(Kind.DAY, DAY)),
        (text_of, Cell(Kind.DAY, DAY)), (text_of, number("4.5")),
        (number_of, text("4.5左右")), (number_of, number("1", percent=True)),
        (parts_of, UNCOMPUTED), (parts_of, text("甲学会\n乙学会")),
    ],
)  # fmt: skip
def test_what_is_due_and_is_not_there_is_told(read: Callable[[Cell], object], cell: Cell) -> None:
    with pytest.raises(UnreadableCellError):
        read(cell)


def test_titles_are_chosen_and_two_of_one_title_are_told() -> None:
    titles = Titles({"east": "东片", "west": "西片", "far": "西片"})
    assert chosen_of(" 东 片", titles) == "east"
    with pytest.raises(UnreadableCellError, match="没有“南片”；可以写：东片、西片"):
        chosen_of("南片", titles)
    with pytest.raises(UnreadableCellError, match="请写编号：west、far"):
        chosen_of("西片", titles)


COLUMNS = (
    Column("name", "名称", frozenset({"支部名称"}), required=True),
    Column("members", "党员数", frozenset({"人数"}), required=True),
    Column("since", "成立日期"),
)


def table(lines: Sequence[Sequence[object]], after: str = "") -> Table:
    return find_table(read_book("a.xlsx", workbook(rows(lines), after=after)), COLUMNS)


def taken(found: Table) -> list[tuple[str, ...]]:
    return [tuple(row.cell(own.key).text for own in COLUMNS) for row in found.rows]


ONE, TWO = ["一支部", 21, "2012-09-14"], ["二支部", 9, None]
READ = [("一支部", "21", "2012-09-14"), ("二支部", "9", "")]


def test_columns_go_by_their_titles_in_any_order() -> None:
    found = table(
        [["成立日期", "序号", " 党员数（人）", "*支部\n名称："], ["2012-09-14", 1, 21, "一支部"]]
    )
    assert taken(found) == READ[:1]
    assert [(other.where, other.title) for other in found.others] == [("评审!B1", "序号")]
    assert found.rows[0].at("members") == "评审!C2"


def test_lines_above_padding_and_notes_are_no_records() -> None:
    found = table(
        [
            ["各支部基本情况"], ["填报单位：示例党委", None, "2025年12月"], [None, None, None],
            ["名称", "党员数", "成立日期"], ONE, [" ", None, "\u3000"], TWO,
            ["名称", "党员数", "成立日期"], ["合计", 30, None], ["备注：功能型支部另报"],
            ["1. 人数以年底为准"], ["制表人：示例", None, "审核人：示例"],
        ]
    )  # fmt: skip
    assert taken(found) == READ
    assert found.passed == [f"评审!A{row}" for row in (8, 9, 10, 11, 12)]


def test_a_record_may_begin_like_a_note() -> None:
    found = table(
        [["名称", "党员数", "成立日期"], ["会议：一支部", 21, "2012-09-14"], ["会议：无"]]
    )
    assert [row.number for row in found.rows] == [2]
    assert found.passed == ["评审!A3"]


def test_units_below_the_heading_are_no_record() -> None:
    found = table([["名称", "党员数", "成立日期"], [None, "（人）", "（年月日）"], ONE, TWO])
    assert taken(found) == READ
    assert found.passed == ["评审!B2"]


def test_a_heading_over_two_rows_is_one() -> None:
    lines: list[list[object]] = [["名称", "基本情况"], [None, "党员数", "成立日期"], [*ONE], [*TWO]]
    merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>'
    assert taken(table(lines, after=merged)) == READ
    assert taken(table(lines)) == READ


def test_hidden_rows_are_read_and_told_and_merged_ones_show_what_they_hold() -> None:
    data = rows([["名称", "党员数", "学会"], ["一支部", 21, "甲"], ["二支部", 9, None]])
    data = data.replace('<row r="3">', '<row r="3" hidden="1">')
    merged = '<mergeCells><mergeCell ref="C2:C3"/></mergeCells>'
    book = read_book("a.xlsx", workbook(data, after=merged))
    found = find_table(book, (*COLUMNS[:2], Column("society", "学会")))
    assert [row.cell("society").text for row in found.rows] == ["甲", "甲"]
    assert found.hidden == ["评审!A3"]


def test_a_column_s_own_title_comes_before_another_one() -> None:
    found = table([["人数", "名称", "党员数"], [3, "一支部", 21]])
    assert found.rows[0].cell("members").text == "21"
    assert [other.title for other in found.others] == ["人数"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([["甲", "乙"], [1, 2]], "找不到标题行：表里应有这些列：名称、党员数"),
        ([["名称", "成立日期"], ["一支部", 1]], "评审!A1 这一行是标题，缺少这些列：党员数"),
        ([["名称", "党员数", "党员数"], ONE], "“党员数”这一列出现了不止一次：评审!B1、评审!C1"),
    ],
)
def test_headings_that_do_not_tell_are_refused(lines: list[list[object]], words: str) -> None:
    with pytest.raises(UnreadableSheetError, match=words):
        table(lines)


def test_of_several_sheets_the_one_with_the_table_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["说明", "请填第二张"])
    for name in ("名册", "旧名册"):
        book.create_sheet(name)
        for line in (["名称", "党员数"], [name, 3]):
            book[name].append(line)
    book.create_sheet("空白")
    book["旧名册"].sheet_state = "hidden"

    def found(sheet: str | None = None) -> str:
        stream = io.BytesIO()
        book.save(stream)
        table = find_table(read_book("a.xlsx", stream.getvalue()), COLUMNS, sheet)
        return table.rows[0].cell("name").text

    assert (found(), found(" 旧名册"), found("名册")) == ("名册", "旧名册", "名册")
    book["旧名册"].sheet_state = "visible"
    with pytest.raises(UnreadableSheetError, match="几张工作表都像是要导入的：名册、旧名册"):
        found()
    with pytest.raises(UnreadableSheetError, match="没有工作表“新”；有：Sheet、名册、旧名册、空白"):
        found("新")
