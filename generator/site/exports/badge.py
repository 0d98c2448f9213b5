"""A badge for each branch: a small picture of its grade and total that stands by itself.

It is drawn without any font of its own, so that widths are estimated: wide enough for every font,
and the text is fitted to the estimate.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.scoring.scorecard import Status
from generator.site.data.scant import SCANT, place_of
from generator.site.exports.feed import xml
from generator.site.html.foreign import marked
from generator.site.html.templating import shown
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from generator.results.model import BranchResult

#: Height of the badge, size of its letters, and room beside a text, in pixels.
HEIGHT, SIZE, ROOM = 20, 12, 8
#: Width of a letter in parts of its size: Chinese ones are square, others at most this wide.
WIDE, NARROW = 1.0, 0.62
#: Letters of a text at most: titles of grades come from a rubric.
MOST = 24
FONTS = "PingFang SC, Hiragino Sans GB, Microsoft YaHei, Noto Sans CJK SC, sans-serif"

#: Colours: label, grade, text; the same ink as the site's. White text on each has 4.5:1 or more.
LABEL, PLAIN, LOW, OPEN = "#59606a", "#17344f", "#a61b29", "#6b727c"

BADGE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
    ' viewBox="0 0 {width} {height}" role="img">'
    "<title>{title}</title><desc>{desc}</desc>"
    '<rect width="{left}" height="{height}" fill="{label_fill}"/>'
    '<rect x="{left}" width="{right}" height="{height}" fill="{fill}"/>'
    '<g fill="#fff" font-family="{fonts}" font-size="{size}" text-anchor="middle">'
    '<text x="{left_middle}" y="14.5" textLength="{left_text}"'
    ' lengthAdjust="spacingAndGlyphs">{label}</text>'
    '<text x="{right_middle}" y="14.5" textLength="{right_text}"'
    ' lengthAdjust="spacingAndGlyphs">{words}</text></g></svg>\n'
)


def badge_of(year: int, branch: BranchResult, grades: tuple[str, ...]) -> bytes:
    """Return the badge of a branch; ``grades`` are the ids of the rubric's, from the top."""
    label = tr("{year} 考核", year=year)
    words = cut(state_words(branch))
    left_text, right_text = width(label), width(words)
    left, right = left_text + 2 * ROOM, right_text + 2 * ROOM
    text = BADGE.format(
        width=left + right,
        height=HEIGHT,
        left=left,
        right=right,
        left_text=left_text,
        right_text=right_text,
        left_middle=half(left),
        right_middle=half(2 * left + right),
        label=xml(label),
        words=xml(words),
        title=xml(tr("{name}：{label} {words}", name=branch.name, label=label, words=words)),
        desc=xml(description(branch)),
        fill=fill_of(branch, grades),
        label_fill=LABEL,
        fonts=FONTS,
        size=SIZE,
    )
    return marked(str(text)).encode("utf-8")


def state_words(branch: BranchResult) -> str:
    """Say how a branch stands: its grade and total, or why it has none."""
    status = Status(branch.status)
    if status is Status.VETOED:
        return gettext("一票否决")
    if status is Status.NOT_SUBMITTED:
        return gettext("未报送")
    if status is Status.UNREADABLE:
        return gettext("无法计分")
    if place_of(branch) == SCANT:
        return gettext("未评足")
    return f"{branch.grade_title or gettext('未定')} {shown(branch.total)}"


def description(branch: BranchResult) -> str:
    """Say what the figures of a badge are, for those who hear it."""
    if branch.rank is None or branch.low is None or branch.low == branch.high:
        return branch.name
    return tr(
        "总分 {total}，可能区间 {low} 至 {high}",
        total=shown(branch.total),
        low=shown(branch.low),
        high=shown(branch.high),
    )


def fill_of(branch: BranchResult, grades: tuple[str, ...]) -> str:
    """Return the colour of what a badge says; the words say it as well."""
    if branch.status == Status.VETOED or (grades and branch.grade == grades[-1]):
        return LOW
    return OPEN if branch.grade is None else PLAIN


def width(text: str) -> int:
    """Return the pixels that a text takes in any font."""
    parts = (WIDE if unicodedata.east_asian_width(c) in "WFA" else NARROW for c in text)
    return int(sum(parts) * SIZE) + 1


def half(value: int) -> str:
    """Return half of a whole number as it is written."""
    return f"{value / 2:g}"


def cut(text: str) -> str:
    """Return a text cut to a number of letters."""
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
