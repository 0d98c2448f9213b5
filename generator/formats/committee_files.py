"""The formats of the files that the committee keeps, one class each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.branch_files import branch_id, login
from generator.formats.meant import as_boolean
from generator.formats.nodes import Scalar
from generator.formats.records import Record, RecordShape, Values, key
from generator.formats.shapes import (
    INVALID,
    ChoiceShape,
    Context,
    Invalid,
    ListShape,
    MapShape,
    Schema,
    TextShape,
    boolean,
    count,
    day,
    identifier,
    identifier_of,
    signed_points,
    text,
)
from generator.text.language import mark

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from decimal import Decimal

    from generator.formats.nodes import Mapping, Node
    from generator.text.findings import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Consortium(Record):
    """One consortium of ``committee/consortia.yml``."""

    id: str = key(identifier, mark("编号"), required=True)
    title: str = key(text, mark("名称"), required=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster(Record):
    """``committee/roster.yml``: accounts that may change committee files.

    Those of the office may file for a branch, those of a team change its opinion alone.
    """

    members: tuple[str, ...] = key(ListShape(login), mark("账号"), required=True, default=())
    office: tuple[str, ...] = key(
        ListShape(login), mark("办公室账号"), mark("可以为支部代报"), default=()
    )
    teams: dict[str, tuple[str, ...]] = key(
        MapShape(ListShape(login)),
        mark("督导团账号"),
        mark("督导团编号和账号，只能改动本团的意见"),
        factory=dict,
    )


TREATMENTS = {
    "full": mark("按满分计"),
    "zero": mark("按零分计"),
    "excluded": mark("不计入，其余小项折算"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CriterionReview(Record):
    """The committee's decision on one criterion of a branch."""

    points: Decimal | None = key(signed_points, mark("核定分"))
    not_applicable: str | None = key(ChoiceShape(TREATMENTS), mark("不适用的处理"))
    reason: str | None = key(text, mark("理由"))
    by: str | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
    date: datetime.date | None = key(day, mark("日期"))
    reviewed: str | None = key(
        TextShape(r"(?:sha256:)?[0-9a-f]{64}", mark("64 位十六进制指纹")), mark("所见材料的指纹")
    )


class CriterionReviewShape(RecordShape[CriterionReview]):
    """A review must hold points or a treatment."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report a review without either, or with both; of both the treatment is taken."""
        del node
        if clean and values.keys().isdisjoint(("points", "not_applicable")):
            context.report.add("S001", place, "缺少 points 或 not_applicable")
            return False
        if clean and "points" in values and "not_applicable" in values:
            context.report.add("S003", place, "points 与 not_applicable 只能写一个")
        return clean

    def schema(self) -> Schema:
        """Return a review of points or of not-applicable."""
        either = [{"required": ["points"]}, {"required": ["not_applicable"]}]
        return {**super().schema(), "anyOf": either}


@dataclass(frozen=True, kw_only=True, slots=True)
class BonusReview(Record):
    """The committee's decision on one bonus claim."""

    accepted: bool | None = key(boolean, mark("认可"), required=True, default=None)
    level: str | None = key(text, mark("认定级别"))
    reason: str | None = key(text, mark("理由"))
    by: str | None = key(text, mark("经办"))
    date: datetime.date | None = key(day, mark("日期"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Review(Record):
    """``reviews/<id>.yml``: verified points and bonus awards of a branch."""

    criteria: dict[str, CriterionReview] = key(
        MapShape(CriterionReviewShape(CriterionReview, mark("核定")), of="criteria"),
        mark("小项核定"),
        factory=dict,
    )
    bonus: dict[str, BonusReview] = key(
        MapShape(RecordShape(BonusReview, mark("加分核定"))), mark("加分核定"), factory=dict
    )


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Supervision(Record):
    """``supervision/<team>.yml``: a team's opinion on the order of the consortia, no points."""

    title: str | None = key(text, mark("督导团名称"))
    order: tuple[str, ...] = key(
        ListShape(identifier_of("consortia")),
        mark("排序"),
        mark("联合体编号，从高到低"),
        required=True,
        default=(),
    )
    opinion: str | None = key(text, mark("初评意见"))


MODES = {"onsite": mark("现场述职"), "written": mark("书面述职"), "none": mark("未述职")}


@dataclass(frozen=True, kw_only=True, slots=True)
class DebriefEntry(Record):
    """The debrief of one branch's secretary."""

    mode: str | None = key(ChoiceShape(MODES), mark("方式"), required=True, default=None)
    ballots: dict[str, int] = key(
        MapShape(count, of="ballot"), mark("测评票"), mark("各档票数"), factory=dict
    )
    void: int = key(count, mark("废票"), default=0)
    issued: int | None = key(count, mark("发出票数"), mark("没有收回的，由发出、有效、废票算出"))
    points: Decimal | None = key(signed_points, mark("书面述职得分"))
    reason: str | None = key(text, mark("理由"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Debrief(Record):
    """``debrief.yml``: ballots of the secretaries' annual report."""

    held: datetime.date | None = key(day, mark("日期"))
    branches: dict[str, DebriefEntry] = key(
        MapShape(RecordShape(DebriefEntry, mark("述职测评"))),
        mark("各支部"),
        required=True,
        factory=dict,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class GradeDecision(Record):
    """A grade that the committee decided otherwise than computed."""

    grade: str | None = key(text, mark("等次"), required=True, default=None)
    reason: str | None = key(text, mark("理由"))


NO_REASON = mark("accept_claims 后面要写照自评认定的理由，“{text}”不是理由")
GIVE_REASON = mark("写出理由，如 accept_claims: 党委会逐项审阅后按自评认定；不照认的，删去这一行")


class ReasonShape(TextShape):
    """Why claims are taken over: a yes or no is no reason, and takes none over."""

    def take(self, node: Node, context: Context) -> str | Invalid:
        """Return the reason."""
        return INVALID if answer_of(node) else super().take(node, context)

    def refuse(self, node: Node, place: Place, context: Context) -> Invalid:
        """Report S003: an answer to a question that nobody asked, or no text at all."""
        answer = answer_of(node)
        if not answer:
            return super().refuse(node, place, context)
        context.report.add("S003", place, NO_REASON, hint=GIVE_REASON, text=answer)
        return INVALID


def answer_of(node: Node) -> str:
    """Return ``true`` or ``false`` where a node is a yes or no; else nothing."""
    return as_boolean(node.text) if isinstance(node, Scalar) else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision(Record):
    """``decision.yml``: meeting, notice, the grades that deviate, whether claims are taken over."""

    meeting: str | None = key(text, mark("会议"))
    decided: datetime.date | None = key(day, mark("决定日期"))
    notice: str | None = key(text, mark("发文字号"))
    addressees: str | None = key(text, mark("主送"), mark("发文的主送单位"))
    issued_by: str | None = key(text, mark("印发单位"))
    copies: str | None = key(text, mark("抄送"))
    grades: dict[str, GradeDecision] = key(
        MapShape(RecordShape(GradeDecision, mark("等次决定"))),
        mark("与计算不同的等次"),
        factory=dict,
    )
    accept_claims: str | None = key(
        ReasonShape(), mark("自评照认"), mark("理由；写了，只有自评、没有核定的小项都按自评认定")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DueEntry(Record):
    """One entry of ``due.yml``: something that was asked of branches, and its day.

    ``branches`` are those that it is asked of, None: all. What it must have besides, C012 says.
    """

    id: str = key(identifier, mark("编号"), mark("材料的 due 写它"), required=True)
    kind: str | None = key(text, mark("材料种类"), mark("rubric.yml 中 document_kinds 的键"))
    title: str | None = key(text, mark("名称"))
    due: datetime.date | None = key(day, mark("期限"), mark("最后一天；没有的，以 date 为准"))
    date: datetime.date | None = key(day, mark("举办日期"))
    extended: dict[str, datetime.date] = key(
        MapShape(day), mark("延期"), mark("支部编号和延到的日期"), factory=dict
    )
    branches: tuple[str, ...] | None = key(
        ListShape(branch_id), mark("支部"), mark("布置给哪些支部；不写的，布置给所有支部")
    )

    def day_for(self, names: Collection[str]) -> datetime.date | None:
        """Return the last day of a branch that has these names; None where none is written."""
        days = (self.extended[name] for name in names if name in self.extended)
        return next(days, self.due or self.date)

    def asks(self, names: Collection[str]) -> bool:
        """Whether it is asked of a branch that has these names."""
        return self.branches is None or any(name in self.branches for name in names)


class DueShape(RecordShape[DueEntry]):
    """An entry of the due list; that it names a kind and a day is for a check to say (C012)."""

    def schema(self) -> Schema:
        """Return an object with a kind and a day."""
        days = [{"required": ["due"]}, {"required": ["date"]}]
        return {**super().schema(), "required": ["id", "kind"], "anyOf": days}


CONSORTIA = ListShape(RecordShape(Consortium, mark("联合体")))
ROSTER = RecordShape(Roster, mark("党委账号"))
REVIEW = RecordShape(Review, mark("核定"))
VETOES = ListShape(RecordShape(VetoEntry, mark("一票否决")))
APPEALS = ListShape(RecordShape(AppealEntry, mark("申诉")))
SUPERVISION = RecordShape(Supervision, mark("督导团意见"))
DEBRIEF = RecordShape(Debrief, mark("述职测评"))
DECISION = RecordShape(Decision, mark("党委评定"))
DUE = ListShape(DueShape(DueEntry, mark("应报事项")))
