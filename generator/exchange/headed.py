"""Which year a workbook of ours says, above its titles, that it is of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.exchange.sheets.problems import UnreadableSheetError
from generator.text.language import gettext, mark

if TYPE_CHECKING:
    from generator.exchange.table import Table

#: What the sheets that we give out, and that have no column of years, are headed with.
DUE = mark("{year} 年度应报事项")
BALLOTS = mark("{year} 年度述职测评计票表")
OTHER_YEAR = mark("{where} 写着这是 {other} 年的表，现在导入的是 {year} 年")
_YEAR = re.compile(r"[0-9]{4}")


def check_year(table: Table, heading: str, year: int) -> None:
    """Refuse a table whose heading is ours, but of another year; raises UnreadableSheetError.

    What offices write above their own lists tells no year: it may name one that is past.
    """
    ours = {heading, gettext(heading)}
    for number in table.sheet.numbers():
        if number >= table.top:
            break
        for column in table.sheet.own(number):
            text = table.sheet.cell(number, column).text.strip()
            found = _YEAR.search(text)
            if found is None or int(found[0]) == year:
                continue
            if text in {own.replace("{year}", found[0]) for own in ours}:
                where = table.sheet.address(number, column)
                raise UnreadableSheetError(OTHER_YEAR, where=where, other=found[0], year=f"{year}")
