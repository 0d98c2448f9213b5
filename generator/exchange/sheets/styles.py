"""What a workbook keeps apart from its cells: texts that many share, formats of numbers."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A character that XML cannot hold, as workbooks write it: ``_x000D_``.
_CODED = re.compile("_x([0-9A-Fa-f]{4})_")


class Shows(Enum):
    """As what a format shows a number."""

    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    MONTH = "month"
    TIME = "time"


#: Formats that a workbook need not spell, those of Chinese systems among them.
_BUILT_IN = {
    **dict.fromkeys((9, 10), Shows.PERCENT),
    **dict.fromkeys((14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58), Shows.DAY),
    **dict.fromkeys((17, 27, 36, 50, 52, 57), Shows.MONTH),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), Shows.TIME),
}
#: What a format says in words, and how it may be chosen: none of it is a sign for a number.
_SPOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def shows(code: str) -> Shows:
    """Return as what a format shows a number, by its first part, that of positive ones."""
    signs = _SPOKEN.sub("", code.partition(";")[0]).lower()
    if "general" in signs:
        return Shows.NUMBER
    if "d" in signs:
        return Shows.DAY
    if "y" in signs or "e" in signs.replace("e+", "").replace("e-", ""):
        return Shows.MONTH
    if "h" in signs or "s" in signs:
        return Shows.TIME
    if "m" in signs:
        return Shows.MONTH
    return Shows.PERCENT if "%" in signs else Shows.NUMBER


def usual(number: int) -> Shows:
    """Return as what a format shows a number that no workbook need spell."""
    return _BUILT_IN.get(number, Shows.NUMBER)


class Styles:
    """As what the formats of cells show numbers, by the number that cells name."""

    def __init__(self) -> None:
        self.found: list[Shows] = []
        self._own: dict[int, Shows] = {}
        self._inside = False

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Take a format, or the formats of cells."""
        if name == "numFmt":
            self.name(int(given.get("numFmtId", "-1")), given.get("formatCode", ""))
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self.add(int(given.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        """Take the end of the formats of cells."""
        if name == "cellXfs":
            self._inside = False

    def words(self, text: str) -> None:
        """Nothing is said here."""

    def name(self, number: int, code: str) -> None:
        """Take the format that cells name by a number."""
        self._own[number] = shows(code)

    def add(self, number: int) -> None:
        """Take the next style, which has this format."""
        self.found.append(self._own.get(number, usual(number)))

    def of(self, number: str | int | None) -> Shows:
        """Return as what a cell shows numbers, by its style; raises ValueError for no number."""
        at = int(number or 0)
        return self.found[at] if 0 <= at < len(self.found) else Shows.NUMBER


class Words:
    """Collects the words of a text, without how it is to be pronounced."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._aside = 0
        self._open = False

    def start(self, name: str) -> None:
        """Take the beginning of a run, of words, of a hint to pronounce."""
        self._aside += name == "rPh"
        self._open = name == "t"

    def end(self, name: str) -> None:
        """Take the end of either."""
        self._aside -= name == "rPh"
        self._open = False

    def words(self, text: str) -> None:
        """Take words."""
        if self._open and not self._aside:
            self._found.append(text)

    def taken(self) -> str:
        """Return the words since the last time."""
        text = "".join(self._found)
        self._found.clear()
        return _CODED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Strings:
    """The texts that cells share, by the number that cells name."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._text = Words()

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """Take the beginning of a part of a text."""
        del given
        self._text.start(name)

    def end(self, name: str) -> None:
        """Take the end of a text, or of a part."""
        self._text.end(name)
        if name == "si":
            self.found.append(self._text.taken())

    def words(self, text: str) -> None:
        """Take words."""
        self._text.words(text)
