"""The formats of the files that the committee keeps, one class each; see ``received`` for more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.branch_files import branch_id, login
from generator.formats.nodes import Scalar
from generator.formats.records import Record, RecordShape, Values, key
from generator.formats.shapes import (
    INVALID,
    ChoiceShape,
    Context,
    Invalid,
    ListShape,
    MapShape,
    NumberShape,
    Schema,
    TextShape,
    WordShape,
    boolean,
    count,
    day,
    identifier,
    identifier_of,
    signed_points,
    text,
)
from generator.formats.slips.meant import as_boolean
from generator.text.language import mark

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from decimal import Decimal

    from generator.formats.nodes import Mapping, Node
    from generator.text.findings import Place
    from generator.text.privacy import Printable


@dataclass(frozen=True, kw_only=True, slots=True)
class Consortium(Record):
    """One consortium of ``committee/consortia.yml``."""

    id: str = key(identifier, mark("编号"), required=True)
    title: Printable = key(text, mark("名称"), required=True)


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


#: Megabytes of one file that a committee may allow at most: a file is read in one piece.
LARGEST = 100
megabytes = NumberShape()


@dataclass(frozen=True, kw_only=True, slots=True)
class Period(Record):
    """The period that an appraisal covers, both days included."""

    start: datetime.date = key(day, mark("起"), required=True, name="from")
    end: datetime.date = key(day, mark("止"), required=True, name="to")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadlines(Record):
    """Deadlines of an appraisal."""

    self_assessment: datetime.date | None = key(day, mark("自评截止日期"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Publicity(Record):
    """When results are posted for objections, both days included, and where one objects."""

    start: datetime.date = key(day, mark("起"), required=True, name="from")
    end: datetime.date = key(day, mark("止"), required=True, name="to")
    contact: Printable | None = key(
        TextShape(public=True), mark("受理异议的地方"), mark("照写的样子公布，不写姓名")
    )


class PublicityShape(RecordShape[Publicity]):
    """Publicity ends no earlier than it begins."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report an end that lies before the beginning."""
        start, end = values["start"], values["end"]
        if end >= start:
            return clean
        at = node.place(place, "to")
        context.report.add(
            "S003",
            at,
            "公示到 {end} 为止，早于开始的 {start}",
            hint=mark("核对 from 和 to：止日不早于起日"),
            start=f"{start}",
            end=f"{end}",
        )
        return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits(Record):
    """How large files may be, in megabytes of 1,000,000 bytes."""

    file: Decimal | None = key(megabytes, mark("每个文件"), mark("MB，不写的是 10"))
    branch: Decimal | None = key(megabytes, mark("每个支部一年"), mark("MB，不写的是 200"))


class LimitsShape(RecordShape[Limits]):
    """Limits are above 0, and a file has at most what is read in one piece."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report a limit that cannot be."""
        for name, value in values.items():
            too_high = name == "file" and value > LARGEST
            words = TOO_LOW if value <= 0 else TOO_HIGH if too_high else None
            if words is not None:
                at = node.place(place, name)
                context.report.add("S003", at, words, hint=SENSIBLE, value=value, most=LARGEST)
                clean = False
        return clean


TOO_LOW = mark("上限 {value} MB 太小：应大于 0")
TOO_HIGH = mark("上限 {value} MB 太大：每个文件最多 {most} MB")
SENSIBLE = mark("写合适的 MB 数，例如 {{file: 10, branch: 200}}")
STAGES = {
    "open": mark("报送"),
    "review": mark("评审"),
    "publicity": mark("公示"),
    "final": mark("定稿"),
}
PUBLICITY, FINAL = "publicity", "final"


@dataclass(frozen=True, kw_only=True, slots=True)
class Appraisal(Record):
    """``committee/<year>/appraisal.yml``: period, stage and deadlines of a year."""

    period: Period | None = key(
        RecordShape(Period, mark("考核期")), mark("考核期"), required=True, default=None
    )
    stage: str = key(ChoiceShape(STAGES), mark("阶段"), required=True, default="open")
    deadlines: Deadlines | None = key(RecordShape(Deadlines, mark("截止日期")), mark("截止日期"))
    publicity: Publicity | None = key(
        PublicityShape(Publicity, mark("公示")), mark("公示"), mark("公示期和受理异议的地方")
    )
    limits: Limits | None = key(
        LimitsShape(Limits, mark("文件大小的上限")), mark("文件大小的上限"), mark("以 MB 计")
    )
    as_of: datetime.date | None = key(
        day, mark("数据日期"), mark("统计到这一天；不写的，以所据版本的日期为准")
    )
    history_from: datetime.date | None = key(
        day, mark("历史起算日"), mark("此日以前入库的材料，收到日期以材料自己写的为准")
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
    reason: Printable | None = key(text, mark("理由"))
    by: Printable | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
    date: datetime.date | None = key(day, mark("日期"))
    reviewed: str | None = key(
        WordShape(r"(?:sha256:)?[0-9a-f]{64}", mark("64 位十六进制指纹")), mark("所见材料的指纹")
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
    level: Printable | None = key(text, mark("认定级别"))
    reason: Printable | None = key(text, mark("理由"))
    by: Printable | None = key(text, mark("经办"))
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Supervision(Record):
    """``supervision/<team>.yml``: a team's opinion on the order of the consortia, no points."""

    title: Printable | None = key(text, mark("督导团名称"))
    order: tuple[str, ...] = key(
        ListShape(identifier_of("consortia")),
        mark("排序"),
        mark("联合体编号，从高到低"),
        required=True,
        default=(),
    )
    opinion: Printable | None = key(text, mark("初评意见"))


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
    reason: Printable | None = key(text, mark("理由"))


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

    grade: Printable | None = key(text, mark("等次"), required=True, default=None)
    reason: Printable | None = key(text, mark("理由"))


NO_REASON = mark("accept_claims 后面要写照自评认定的理由，“{text}”不是理由")
GIVE_REASON = mark("写出理由，如 accept_claims: 党委会逐项审阅后按自评认定；不照认的，删去这一行")


class ReasonShape(TextShape):
    """Why claims are taken over: a yes or no is no reason, and takes none over."""

    def take(self, node: Node, context: Context) -> Printable | Invalid:
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

    meeting: Printable | None = key(text, mark("会议"))
    decided: datetime.date | None = key(day, mark("决定日期"))
    notice: Printable | None = key(text, mark("发文字号"))
    addressees: Printable | None = key(text, mark("主送"), mark("发文的主送单位"))
    issued_by: Printable | None = key(text, mark("印发单位"))
    copies: Printable | None = key(text, mark("抄送"))
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
    kind: Printable | None = key(text, mark("材料种类"), mark("rubric.yml 中 document_kinds 的键"))
    title: Printable | None = key(text, mark("名称"))
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
APPRAISAL = RecordShape(Appraisal, mark("年度考核"))
REVIEW = RecordShape(Review, mark("核定"))
SUPERVISION = RecordShape(Supervision, mark("督导团意见"))
DEBRIEF = RecordShape(Debrief, mark("述职测评"))
DECISION = RecordShape(Decision, mark("党委评定"))
DUE = ListShape(DueShape(DueEntry, mark("应报事项")))
