"""What a cell surely says: a day, a count, a yes or no, an id by its title. Nothing is guessed.

Each function raises UnreadableCellError, with words for whoever made the sheet, where a cell does
not surely hold what is due. A blank cell holds nothing, which is for the caller to judge.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from generator.exchange.sheets.grid import Cell, Kind, day_of_serial
from generator.exchange.sheets.problems import UnreadableCellError
from generator.text.language import mark
from generator.text.messages import Message, Words, listed, some
from generator.text.names import SHORT, visible
from generator.text.titles import (
    AmbiguousChoiceError,
    UnknownChoiceError,
    chosen,
    spaceless,
    title_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Letters, digits and signs in full width → in half width; no other sign is a digit.
HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

FAULT = mark("这一格是表格软件算不出的错误值，请改正公式或直接写数值")
NO_VALUE = mark("这一格是公式，文件里没有存它的结果：用表格软件打开并保存一次，或直接写数值")
NO_TEXT = mark("这里应写文字")
NO_COUNT = mark("“{text}”不能确定是几：请只写数字，例如 21")
NO_NUMBER = mark("“{text}”不能确定是多少：请只写数字，例如 4.5")
NO_DAY = mark("“{text}”不能确定是哪一天：请写年月日，例如 2025-03-12")
NO_YEAR = mark("“{text}”没有写年份：请写年月日，例如 2025-03-12")
MONTH = mark("“{text}”只有年月，没有写哪一天：请写年月日，例如 2025-03-12")
NO_ANSWER = mark("“{text}”不能确定是“是”还是“否”")
BROKEN = mark("这里分成了几行，看不出是一个还是几个：几个的用顿号隔开，一个的不换行")
NO_CHOICE = mark("没有“{text}”；可以写：{known}")
NO_LIST = mark("没有“{text}”")
SEVERAL = mark("“{text}”是几个编号的名称，请写编号：{ids}")

_YEAR_FIRST = re.compile(
    r"([0-9]{4})(?:([-./])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号])"
)
_NO_YEAR = re.compile(r"[0-9]{1,2}(?:月|[-./])[0-9]{1,2}[日号]?")
_MONTH = re.compile(r"[0-9]{4}(?:年|[-./])[0-9]{1,2}月?(?:份)?")
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
#: A time of day or a weekday behind a day.
_BEHIND = re.compile(
    r"(?:[T ]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0+)?)?)?"
    r"(?: ?\(?(?:星期|周)[一二三四五六日天]\)?)?"
)
#: The first day that a bare number may stand for, and the last: outside it is no day.
FIRST, LAST = datetime.date(1921, 1, 1), datetime.date(2100, 12, 31)
_COUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.0+)?(?: ?[人名位个票张份])?")
_NUMBER = re.compile(r"(-?[0-9]{1,9}(?:\.[0-9]{1,6})?)(?: ?分)?")
#: So many titles of a list are shown where none of them is meant.
SHOWN = 20
MOST_COUNT = 999_999_999
YES = frozenset(
    {"是", "有", "已", "对", "y", "yes", "true", "1", "√", "✓", "✔", "☑", "已建立", "建立"}
)
NO = frozenset(
    {"否", "无", "未", "没有", "不是", "n", "no", "false", "0", "×", "✗", "✘", "x", "未建立", "☒"}
)
_BETWEEN = re.compile("[、，,；;]+")


def folded(cell: Cell) -> str:
    """Return what a cell says in half width, as it is compared; raises UnreadableCellError."""
    if cell.kind is Kind.FAULT:
        raise UnreadableCellError(FAULT)
    if cell.kind is Kind.UNCOMPUTED:
        raise UnreadableCellError(NO_VALUE)
    return cell.text.translate(HALF).strip()


def shown(cell: Cell) -> str:
    """Return what a cell says, for a message."""
    return visible(cell.text, SHORT)


def text_of(cell: Cell) -> str:
    """Return the text of a cell; a whole number is text, a day is not."""
    folded(cell)
    number = isinstance(cell.value, Decimal) and cell.value == cell.value.to_integral_value()
    if cell.kind is Kind.TEXT or (cell.kind is Kind.NUMBER and number and not cell.percent):
        return cell.text
    raise UnreadableCellError(NO_TEXT)


def count_of(cell: Cell) -> int:
    """Return the count in a cell: ``21``, ``２１``, ``21人``, ``1,234``."""
    text = folded(cell)
    if cell.kind is Kind.NUMBER and isinstance(cell.value, Decimal):
        whole = cell.value == cell.value.to_integral_value()
        if whole and 0 <= cell.value <= MOST_COUNT and not cell.percent:
            return int(cell.value)
    elif cell.kind is Kind.TEXT:
        found = _COUNT.fullmatch(text)
        if found:
            return int(found[1].replace(",", ""))
    raise UnreadableCellError(NO_COUNT, text=shown(cell))


def number_of(cell: Cell) -> Decimal:
    """Return the number in a cell: ``4.5``, ``４．５``, ``4.5分``."""
    text = folded(cell)
    if cell.kind is Kind.NUMBER and isinstance(cell.value, Decimal) and not cell.percent:
        return cell.value
    found = _NUMBER.fullmatch(text) if cell.kind is Kind.TEXT else None
    if found is None:
        raise UnreadableCellError(NO_NUMBER, text=shown(cell))
    return Decimal(found[1])


def day_of(cell: Cell, *, since_1904: bool = False) -> datetime.date:
    """Return the day in a cell of a column for days: a bare number is a workbook's own day."""
    text = folded(cell)
    if cell.kind is Kind.DAY and isinstance(cell.value, datetime.date):
        return cell.value
    if cell.kind is Kind.MONTH:
        raise UnreadableCellError(MONTH, text=shown(cell)[:7])
    day = None
    if cell.kind in {Kind.TEXT, Kind.NUMBER}:
        day = _written_day(text)
    if day is None and cell.kind is Kind.NUMBER and isinstance(cell.value, Decimal):
        day = None if cell.percent else _counted_day(cell.value, since_1904=since_1904)
    if day is None:
        if cell.kind is Kind.TEXT and _NO_YEAR.fullmatch(text):
            raise UnreadableCellError(NO_YEAR, text=shown(cell))
        month = cell.kind is Kind.TEXT and _MONTH.fullmatch(text)
        raise UnreadableCellError(MONTH if month else NO_DAY, text=shown(cell))
    return day


def _written_day(text: str) -> datetime.date | None:
    """Return the day of a text that says year, month and day in this order."""
    found = _YEAR_FIRST.match(text)
    if found is None:
        found = _DIGITS.fullmatch(text)
    elif not _BEHIND.fullmatch(text[found.end() :]):
        return None
    if found is None:
        return None
    year, month, day = (part for part in found.groups() if part and part.isdigit())
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _counted_day(number: Decimal, *, since_1904: bool) -> datetime.date | None:
    if number != number.to_integral_value():
        return None
    day = day_of_serial(number, since_1904=since_1904)
    return day if day is not None and FIRST <= day <= LAST else None


def answer_of(cell: Cell) -> bool:
    """Return the yes or no in a cell."""
    if cell.kind is Kind.YES_NO:
        return bool(cell.value)
    said = folded(cell).lower()
    if cell.kind in {Kind.TEXT, Kind.NUMBER} and (said in YES or said in NO):
        return said in YES
    raise UnreadableCellError(NO_ANSWER, text=shown(cell))


def parts_of(cell: Cell) -> tuple[str, ...]:
    """Return the texts in a cell between ``、``, commas and semicolons, each once.

    A line feed may part two texts or break one, so that it tells neither.
    """
    text_of(cell)
    whole = cell.value if isinstance(cell.value, str) else cell.text
    pieces = [piece.strip() for piece in _BETWEEN.split(whole)]
    if any(len(piece.splitlines()) > 1 for piece in pieces):
        raise UnreadableCellError(BROKEN)
    return tuple(dict.fromkeys(filter(None, (Cell(Kind.TEXT, own).text for own in pieces))))


class Titles(dict[str, Words]):
    """Id → title of a list, however long, with what any text may be at hand."""

    def __init__(self, titles: Mapping[str, Words]) -> None:
        super().__init__(titles)
        self._alike: dict[str, list[str]] = {}
        self._own = [pair for pair in titles.items() if isinstance(pair[1], Message)]
        for id_, title in titles.items():
            for own in {spaceless(id_), title_of(title)}:
                self._alike.setdefault(own, []).append(id_)

    def alike(self, text: str) -> dict[str, Words]:
        """Return the ids that a text is, or is the title of, in the order of the list."""
        wanted = spaceless(text)
        found = self._alike.get(wanted)
        if found is None:  # the program's own titles in another language than that of files
            found = [id_ for id_, title in self._own if wanted == spaceless(f"{title}")]
        return {id_: self[id_] for id_ in found}


def chosen_of(text: str, titles: Titles) -> str:
    """Return the id that a text is, or is the title of."""
    try:
        return chosen(text, titles.alike(text))
    except UnknownChoiceError:
        known = some([title or id_ for id_, title in islice(titles.items(), SHOWN + 1)], SHOWN)
        words = visible(text, SHORT)
        raise UnreadableCellError(
            NO_CHOICE if titles else NO_LIST, text=words, known=known
        ) from None
    except AmbiguousChoiceError as error:
        ids = listed(error.ids)
        raise UnreadableCellError(SEVERAL, text=visible(text, SHORT), ids=ids) from None
