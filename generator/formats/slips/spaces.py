"""Spaces that look like one and are none: of full width, without a break, of other widths.

YAML knows only the ordinary space. Where another stands in the indentation, behind a colon or
behind the hyphen of a list, lines run together or fall apart; one finding says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.text.language import mark
from generator.text.messages import say
from generator.text.remedies import on_lines

if TYPE_CHECKING:
    from generator.text.findings import Place, Report

ANY = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
#: Where such a space makes the structure: at the beginning, behind a colon, behind a hyphen.
_AT = re.compile(f"^[ \t]*({ANY.pattern})|^[ \t]*(?:- +)*(?:[^\\s:#\"']+:|-)({ANY.pattern})")
#: So many lines are named.
NAMED = 20

SPACED = mark("第 {lines} 行用了特殊空格（{name}），看起来像空格，读取时却不算空格")
NAMES = {"\u3000": mark("全角空格"), "\u00a0": mark("不间断空格，多从网页或 Word 复制而来")}
INSTEAD = mark("把这几行里的特殊空格换成普通空格：切换到英文输入法，删去后重新输入")


class Spaced(NamedTuple):
    """A special space that makes the structure: 1-based line and column, and itself."""

    line: int
    column: int
    char: str


def spaced_in(lines: list[str]) -> list[Spaced]:
    """Return the first such space of each line that has one."""
    found = ((number, _AT.match(line)) for number, line in enumerate(lines, start=1))
    return [
        Spaced(number, (at := match.start(1) if match[1] else match.start(2)) + 1, match[0][at])
        for number, match in found
        if match
    ]


def report_special(report: Report, place: Place, found: list[Spaced], new: str) -> None:
    """Report Y001 once for lines with the same special space; ``new`` is to stand for it."""
    first = found[0]
    numbers = [own.line for own in found if own.char == first.char][:NAMED]
    report.add(
        "Y001",
        place._replace(line=first.line, column=first.column),
        SPACED,
        hint=on_lines(INSTEAD, first.char, new, numbers),
        lines="、".join(map(str, numbers)),
        name=say(NAMES[first.char]) if first.char in NAMES else f"U+{ord(first.char):04X}",
    )


def report_spaced(report: Report, place: Place, text: str) -> bool:
    """Report a key, or an entry of a list, that a special space made a plain text; or do not."""
    found = spaced_in([text])
    if not found:
        return False
    (own,) = found
    here = own._replace(line=place.line, column=place.column + own.column - 1)
    report_special(report, place, [here], " ")
    return True
