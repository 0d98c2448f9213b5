"""What reaches the committee about branches: days of receipt, veto facts, appeals, findings, lots.

A file a branch have ``received/<id>.yml`` (days that history cannot know), ``vetoes/<id>.yml`` and
``appeals/<id>.yml``; ``accepted.yml`` lists findings that it has looked at and accepts,
``audit.yml`` the records that it drew by lot and looked at.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.formats.records import Record, RecordShape, Values, key
from generator.formats.shapes import (
    ChoiceShape,
    Context,
    ListShape,
    NumberShape,
    Schema,
    TextShape,
    WordShape,
    day,
    identifier,
    text,
)
from generator.text.codes import CODES
from generator.text.language import mark
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from generator.formats.nodes import Mapping
    from generator.text.findings import Place
    from generator.text.privacy import Printable

filed = WordShape(
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
    reason: Printable = key(text, mark("理由"), mark("怎么知道是这一天收到的"), required=True)
    by: Printable | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
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

    veto: Printable | None = key(text, mark("否决项"), required=True, default=None)
    state: str | None = key(ChoiceShape(VETO_STATES), mark("状态"), required=True, default=None)
    reason: Printable | None = key(text, mark("事实与理由"))
    reference: Printable | None = key(text, mark("依据文件"))
    date: datetime.date | None = key(day, mark("日期"))


APPEAL_STATES = {"open": mark("待答复"), "upheld": mark("已采纳"), "dismissed": mark("未采纳")}
#: What an appeal may be about beside a criterion of the rubric.
SUBJECTS = {"bonus": mark("加分"), "grade": mark("等次"), "veto": mark("一票否决")}


@dataclass(frozen=True, kw_only=True, slots=True)
class AppealEntry(Record):
    """An objection to a branch's result and what came of it; without names."""

    id: str = key(identifier, mark("编号"), mark("本文件内不重复"), required=True)
    received: datetime.date = key(day, mark("收到日期"), required=True)
    criterion: Printable | None = key(
        text, mark("对什么有异议"), mark("小项编号，或 bonus、grade、veto；对整体有异议的不写")
    )
    matter: Printable = key(text, mark("异议"), mark("公开的网站上没有，也不写姓名"), required=True)
    state: str = key(ChoiceShape(APPEAL_STATES), mark("状态"), required=True)
    answer: Printable | None = key(text, mark("答复"), mark("照此公布，不写姓名"))
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
        WordShape(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", mark("文件校验码：40 位十六进制数")),
        mark("文件校验码"),
        mark("今年凡是用到这个内容的地方都接受；校验提示里写着它"),
    )
    path: Printable | None = key(text, mark("文件位置"), mark("只接受这一处，从 branches/ 写起"))
    reason: Printable | None = key(text, mark("理由"), required=True, default=None)
    by: Printable | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
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


#: The folder of a record, from the root.
drawn_path = WordShape(
    r"branches/[^/\\\x00-\x1f]{1,200}/[0-9]{4}/(?:activities|documents)/(?!\.)[^/\\\x00-\x1f]{1,200}",
    mark("记录文件夹的路径，从 branches/ 写起，例如 branches/demo-a/2025/documents/plan"),
)
AGREES, DIFFERS = "agrees", "differs"
OUTCOMES = {AGREES: mark("相符"), DIFFERS: mark("不符")}
UNDATED = mark("写了结论，没有写哪一天看的（looked）")
WRITE_LOOKED = mark("在这一条写上 looked，例如 looked: 2026-01-22")
TOO_EARLY = mark("种子 {known} 就能知道，早于宣布抽查的 {announced}")
LATER = mark("known 写种子能知道的那一天，announced 写宣布抽查的那一天，宣布在前")
NO_SHARE = mark("抽查比例 {share} 应大于 0，不超过 1")
WRITE_SHARE = mark("抽十分之一的，写 share: 0.1")
DRAWN_TWICE = mark("“{path}”写了两次")
DRAWN_ONCE = mark("只留一条，把两条的结论合在一起")


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnEntry(Record):
    """One record that was drawn: who looked at it, when, and whether it is what it says."""

    path: str = key(
        drawn_path, mark("记录"), mark("抽取所依据的版本里的路径，从 branches/ 写起"), required=True
    )
    looked: datetime.date | None = key(day, mark("查看日期"))
    by: Printable | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
    outcome: str | None = key(
        ChoiceShape(OUTCOMES), mark("结论"), mark("相符 agrees，不符 differs")
    )
    note: Printable | None = key(text, mark("说明"), mark("内部留存，不公布"))


class DrawnShape(RecordShape[DrawnEntry]):
    """An outcome has the day on which somebody looked."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report an outcome without its day: nobody knows what was verified since."""
        if clean and "outcome" in values and "looked" not in values:
            at = node.place(place, "outcome")
            context.report.add("S001", at, UNDATED, hint=WRITE_LOOKED)
            return False
        return clean


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit(Record):
    """``audit.yml``: how records are drawn, and what came of each; the draw is ``proposals/lot``.

    ``seed`` is shown as it is written: whoever draws again needs every sign of it.
    """

    seed: Printable | None = key(
        TextShape(public=True), mark("种子"), mark("宣布时谁也不能知道的一句话，知道了照写")
    )
    announced: datetime.date | None = key(
        day, mark("宣布日期"), mark("宣布抽查和种子取自哪里的那一天"), required=True, default=None
    )
    known: datetime.date | None = key(
        day, mark("种子知晓日"), mark("种子在这一天才能知道"), required=True, default=None
    )
    share: Decimal | None = key(
        NumberShape(), mark("比例"), mark("大于 0、不超过 1，例如 0.1"), required=True, default=None
    )
    drawn: tuple[DrawnEntry, ...] = key(
        ListShape(DrawnShape(DrawnEntry, mark("抽中的记录"))), mark("抽中的记录"), default=()
    )


class AuditShape(RecordShape[Audit]):
    """A seed is known no earlier than announced, the share is one, no record stands twice."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report what nobody could draw by."""
        announced, known, share = (values.get(name) for name in ("announced", "known", "share"))
        add = context.report.add
        if (
            isinstance(announced, datetime.date)
            and isinstance(known, datetime.date)
            and known < announced
        ):
            at = node.place(place, "known")
            add("S003", at, TOO_EARLY, hint=LATER, known=known, announced=announced)
            clean = False
        if isinstance(share, Decimal) and not 0 < share <= 1:
            add("S003", node.place(place, "share"), NO_SHARE, hint=WRITE_SHARE, share=share)
            clean = False
        seen: set[str] = set()
        drawn = values.get("drawn")
        for entry in drawn if isinstance(drawn, tuple) else ():
            if entry.path in seen:
                path = visible(entry.path, SHORT)
                add("S003", entry.at("path"), DRAWN_TWICE, hint=DRAWN_ONCE, path=path)
                clean = False
            seen.add(entry.path)
        return clean


AUDIT = AuditShape(Audit, mark("抽查"))
