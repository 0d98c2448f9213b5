"""What reaches the committee about one branch: days of receipt, veto facts, appeals.

Each has a file a branch: ``received/<id>.yml`` (days that history cannot know),
``vetoes/<id>.yml`` and ``appeals/<id>.yml``.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.records import Record, RecordShape, Values, key
from generator.formats.shapes import (
    ChoiceShape,
    Context,
    ListShape,
    TextShape,
    day,
    identifier,
    text,
)
from generator.text.language import mark

if TYPE_CHECKING:
    from generator.formats.nodes import Mapping
    from generator.text.findings import Place

filed = TextShape(
    r"self-assessment\.yml|(?:activities|documents)/(?!\.)[^/\\\x00-\x1f]{1,200}",
    mark("支部本年度文件夹里的“activities/文件夹”“documents/文件夹”或“self-assessment.yml”"),
)
AFTER = mark("收到日期 {on} 在登记日期 {date} 之后")
DAYS = mark("on 写材料送到的那一天，date 写登记的那一天")


@dataclass(frozen=True, kw_only=True, slots=True)
class Received(Record):
    """One entry: a record or the self-assessment, the day it was there, and how that is known."""

    path: str = key(filed, mark("材料"), mark("支部本年度文件夹里的路径"), required=True)
    on: datetime.date = key(day, mark("收到日期"), required=True)
    reason: str = key(text, mark("理由"), mark("怎么知道是这一天收到的"), required=True)
    by: str | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
    date: datetime.date | None = key(day, mark("登记日期"))


class ReceivedShape(RecordShape[Received]):
    """Nothing is received after it was written down."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report a day of receipt behind that of the entry, which counts for nothing then."""
        on, date = values.get("on"), values.get("date")
        if not isinstance(on, datetime.date) or not isinstance(date, datetime.date) or on <= date:
            return clean
        context.report.add("S003", node.place(place, "on"), AFTER, hint=DAYS, on=on, date=date)
        return False


VETO_STATES = {
    "alleged": mark("被反映"),
    "under-review": mark("核查中"),
    "verified": mark("已查实"),
    "dismissed": mark("已排除"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class VetoEntry(Record):
    """A veto fact about a branch and its state."""

    veto: str | None = key(text, mark("否决项"), required=True, default=None)
    state: str | None = key(ChoiceShape(VETO_STATES), mark("状态"), required=True, default=None)
    reason: str | None = key(text, mark("事实与理由"))
    reference: str | None = key(text, mark("依据文件"))
    date: datetime.date | None = key(day, mark("日期"))


APPEAL_STATES = {"open": mark("待答复"), "upheld": mark("已采纳"), "dismissed": mark("未采纳")}
#: What an appeal may be about beside a criterion of the rubric.
SUBJECTS = {"bonus": mark("加分"), "grade": mark("等次"), "veto": mark("一票否决")}


@dataclass(frozen=True, kw_only=True, slots=True)
class AppealEntry(Record):
    """An objection to a branch's result and what came of it; without names."""

    id: str = key(identifier, mark("编号"), mark("本文件内不重复"), required=True)
    received: datetime.date = key(day, mark("收到日期"), required=True)
    criterion: str | None = key(
        text, mark("对什么有异议"), mark("小项编号，或 bonus、grade、veto；对整体有异议的不写")
    )
    matter: str = key(text, mark("异议"), mark("照此公布，不写姓名"), required=True)
    state: str = key(ChoiceShape(APPEAL_STATES), mark("状态"), required=True)
    answer: str | None = key(text, mark("答复"), mark("照此公布，不写姓名"))
    date: datetime.date | None = key(day, mark("答复日期"))


RECEIVED = ListShape(ReceivedShape(Received, mark("收到日期登记")))
VETOES = ListShape(RecordShape(VetoEntry, mark("一票否决")))
APPEALS = ListShape(RecordShape(AppealEntry, mark("申诉")))
