"""Titles of ids that rubrics do not explain: levels of a bonus, levels of ballots."""

from __future__ import annotations

from generator.text.language import mark
from generator.text.messages import Words, say

#: Level of a bonus → what a document of that level is called.
LEVELS = {
    "central": mark("中央级"),
    "national": mark("国家级"),
    "provincial": mark("省级"),
    "department": mark("部门级"),
    "municipal": mark("市级"),
    "district": mark("区县级"),
}
#: Level of a ballot → what stands on the ballot.
BALLOTS = {
    "excellent": mark("优秀"),
    "good": mark("良好"),
    "fair": mark("一般"),
    "poor": mark("较差"),
}


def level_title(level: str) -> Words:
    """Return what a level of a bonus is called; a level that nobody knows is its own title."""
    return say(LEVELS[level]) if level in LEVELS else level


def ballot_title(level: str) -> Words:
    """Return what stands on a ballot of a level; a level that nobody knows is its own title."""
    return say(BALLOTS[level]) if level in BALLOTS else level
