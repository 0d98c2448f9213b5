"""Titles of ids that rubrics do not explain: levels of a bonus, levels of ballots."""

from __future__ import annotations

from generator.text.language import mark

#: Level of a bonus → what a document of that level is called.
LEVELS = {
    "central": mark("中央级"),
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
