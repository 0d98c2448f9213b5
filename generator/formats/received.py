"""What reaches the committee about branches: days of receipt, veto facts, appeals, findings.

A file a branch have ``received/<id>.yml`` (days that history cannot know), ``vetoes/<id>.yml`` and
``appeals/<id>.yml``; ``accepted.yml`` lists findings that it has looked at and accepts.
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
    Schema,
    TextShape,
    day,
    identifier,
    text,
)
from generator.text.codes import CODES
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

#: Findings about content that may be in order; any other is mended in the file itself.
ACCEPTABLE = ("E005", "E010", "E014", "E016", "E017")
#: What an entry is about, one of them.
ABOUT = frozenset({"digest", "path"})


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedEntry(Record):
    """A finding that is accepted: of every use of a content this year, or at one place."""

    code: str | None = key(
        ChoiceShape({code: CODES[code].title for code in ACCEPTABLE}),
        mark("校验代码"),
        required=True,
        default=None,
    )
    digest: str | None = key(
        TextShape(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", mark("文件校验码：40 位十六进制数")),
        mark("文件校验码"),
        mark("今年凡是用到这个内容的地方都接受；校验提示里写着它"),
    )
    path: str | None = key(text, mark("文件位置"), mark("只接受这一处，从 branches/ 写起"))
    reason: str | None = key(text, mark("理由"), required=True, default=None)
    by: str | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
    date: datetime.date | None = key(day, mark("日期"))


class AcceptedShape(RecordShape[AcceptedEntry]):
    """An entry is about a content or a place."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report an entry about neither, or about both: it accepts nothing then."""
        del node
        if clean and values.keys().isdisjoint(ABOUT):
            context.report.add("S001", place, "缺少 digest 或 path")
            return False
        if clean and values.keys() >= ABOUT:
            context.report.add("S003", place, "digest 与 path 只能写一个")
            return False
        return clean

    def schema(self) -> Schema:
        """Return an entry about one of the two."""
        either = [{"required": [name]} for name in sorted(ABOUT)]
        return {**super().schema(), "oneOf": either}


ACCEPTED = ListShape(AcceptedShape(AcceptedEntry, mark("接受的问题")))
