"""Who sees what: the one list of fields that may be shown, by class (docs/format.md, Audiences).

A field is named by where it stands: ``results.branches.lines.statement`` in the JSON of results,
``activity.attendance.leave`` in a record (the name of the file's format, keys parted by dots, ``*``
for any key of a mapping; lists add no step). A field that is not in the list is internal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from generator.text.language import mark
from generator.text.messages import Words, listed, say
from generator.text.names import SHORT, visible
from generator.text.unknown import nearest_text

if TYPE_CHECKING:
    from collections.abc import Iterable


class Audience(StrEnum):
    """Whom a site is made for: everybody, or the committee and its branches."""

    PUBLIC = "public"
    INTERNAL = "internal"


class FieldClass(StrEnum):
    """A class of fields: they are shown to the same people."""

    FIGURES = "figures"
    EVIDENCE = "evidence"
    REASONS = "reasons"
    REVIEWS = "reviews"
    STATEMENTS = "statements"
    BONUS = "bonus"
    APPEALS = "appeals"
    VETOES = "vetoes"
    DUE = "due"
    LOTS = "lots"
    ATTENDANCE = "attendance"
    BALLOTS = "ballots"
    ATTACHMENTS = "attachments"
    DIGESTS = "digests"
    FEW = "few"
    SMALL_DIGESTS = "small-digests"
    MATTERS = "appeal-matters"
    VETO_REASONS = "veto-reasons"
    SUSPICIONS = "suspicions"
    FINDINGS = "findings"
    LISTS = "lists"
    AFTER = "after"
    QUEUE = "queue"
    LOT_NOTES = "lot-notes"
    LIKENESS = "likeness"
    PRIVATE = "private"


#: What each class is, in words: the site says so of those that are moved.
TITLES: Mapping[FieldClass, str] = {
    FieldClass.FIGURES: mark("得分、名次和等次"),
    FieldClass.EVIDENCE: mark("活动和材料的名称、日期与要素"),
    FieldClass.REASONS: mark("系统计算的理由"),
    FieldClass.REVIEWS: mark("核定、评定和督导意见"),
    FieldClass.STATEMENTS: mark("支部的说明和不适用的理由"),
    FieldClass.BONUS: mark("加分事项"),
    FieldClass.APPEALS: mark("申诉的状态和答复"),
    FieldClass.VETOES: mark("已查实的一票否决"),
    FieldClass.DUE: mark("应报事项和还缺的材料"),
    FieldClass.LOTS: mark("抽查的种子、抽中的记录和结论"),
    FieldClass.ATTENDANCE: mark("考勤人数"),
    FieldClass.BALLOTS: mark("测评各档票数"),
    FieldClass.ATTACHMENTS: mark("附件的名称、类型和大小"),
    FieldClass.DIGESTS: mark("附件的校验码"),
    FieldClass.FEW: mark("少于 5 的人数和票数"),
    FieldClass.SMALL_DIGESTS: mark("小附件的校验码"),
    FieldClass.MATTERS: mark("申诉的内容"),
    FieldClass.VETO_REASONS: mark("一票否决的事实和依据"),
    FieldClass.SUSPICIONS: mark("没有查实的一票否决"),
    FieldClass.FINDINGS: mark("文件的校验提示"),
    FieldClass.LISTS: mark("清单"),
    FieldClass.AFTER: mark("谈话、整改和经费"),
    FieldClass.QUEUE: mark("待办"),
    FieldClass.LOT_NOTES: mark("抽查的说明"),
    FieldClass.LIKENESS: mark("相像的照片"),
    FieldClass.PRIVATE: mark("账号、作者和党员代号"),
}

#: Classes that everybody sees unless the site says otherwise; of the others nobody outside does.
OPEN = frozenset(
    {
        FieldClass.FIGURES,
        FieldClass.EVIDENCE,
        FieldClass.REASONS,
        FieldClass.REVIEWS,
        FieldClass.STATEMENTS,
        FieldClass.BONUS,
        FieldClass.APPEALS,
        FieldClass.VETOES,
        FieldClass.DUE,
        FieldClass.LOTS,
        FieldClass.ATTENDANCE,
        FieldClass.BALLOTS,
        FieldClass.ATTACHMENTS,
        FieldClass.DIGESTS,
    }
)
#: What the whole site is about, and what no site ever shows: neither can be moved.
FIXED = frozenset({FieldClass.FIGURES, FieldClass.PRIVATE})

#: Counts below this are told apart by nobody who knows the people.
LEAST = 5
#: Bytes from which on a digest tells nothing of what a file says: nobody tries all short texts.
DIGESTED = 4096
#: What stands in the place of a text that is not shown.
WITHHELD = mark("（不公开）")

#: The list: class → its fields. ``rubric`` is the whole file: it is published as it stands.
FIELDS: Mapping[FieldClass, str] = {
    FieldClass.FIGURES: """
        rubric
        results.schema results.year results.stage results.period.from results.period.to
        results.deadline results.rubric.id results.rubric.sha256 results.open_questions
        results.as_of results.publicity.from results.publicity.to results.publicity.contact
        results.source.commit results.source.dirty results.source.date results.source.program
        results.source.rules results.source.seal results.digest results.full_digest
        results.withheld
        results.branches.id results.branches.name results.branches.kind
        results.branches.kind_title results.branches.consortium
        results.branches.consortium_title results.branches.societies results.branches.members
        results.branches.has_committee results.branches.submitted results.branches.formerly
        results.branches.status results.branches.rank results.branches.rank_range
        results.branches.grade results.branches.grade_title results.branches.computed_grade
        results.branches.fixed results.branches.bonus results.branches.total
        results.branches.low results.branches.high results.branches.assessed.done
        results.branches.assessed.of results.branches.assessed.accepted_as_claimed
        results.branches.sections.*
        results.branches.lines.section results.branches.lines.criterion
        results.branches.lines.part results.branches.lines.title results.branches.lines.clause
        results.branches.lines.points results.branches.lines.max results.branches.lines.basis
        results.branches.lines.claimed results.branches.lines.computed
        results.branches.lines.verified results.branches.lines.question
        results.branches.lines.sources results.branches.lines.excluded
        results.branches.lines.evidence results.branches.lines.accepted_as_claimed
        results.branches.bonus_lines.claim results.branches.bonus_lines.rule
        results.branches.bonus_lines.title results.branches.bonus_lines.clause
        results.branches.bonus_lines.level results.branches.bonus_lines.level_title
        results.branches.bonus_lines.points results.branches.bonus_lines.status
        results.branches.bonus_lines.sources results.branches.bonus_lines.evidence
        results.branches.records.path results.branches.records.file
        results.branches.records.kind results.branches.records.kind_title
        results.branches.records.types results.branches.records.line
        results.branches.records.counted
        branch.name branch.kind branch.societies branch.has_committee branch.consortium
        branch.established branch.members branch.formerly
        self-assessment.submitted self-assessment.claims.*.points
        self-assessment.claims.*.evidence
        self-assessment.bonus.id self-assessment.bonus.rule self-assessment.bonus.level
        self-assessment.bonus.date self-assessment.bonus.evidence
        activity.type document.kind document.due
        consortia.id consortia.title
        appraisal.period.from appraisal.period.to appraisal.stage
        appraisal.deadlines.self_assessment appraisal.publicity.from appraisal.publicity.to
        appraisal.publicity.contact appraisal.limits.file appraisal.limits.branch
        appraisal.as_of appraisal.history_from
        debrief.held debrief.branches.*.mode debrief.branches.*.points""",
    FieldClass.EVIDENCE: """
        results.branches.records.title results.branches.records.date
        results.branches.records.details results.branches.records.url
        results.branches.records.note
        activity.title activity.date activity.place activity.collective activity.joint_with
        document.title document.date document.url document.fields""",
    FieldClass.REASONS: """
        results.branches.lines.reason results.branches.lines.facts""",
    FieldClass.REVIEWS: """
        results.branches.lines.decided_by results.branches.lines.decided_on
        results.branches.bonus_lines.reason results.branches.grade_reason
        results.supervision.team results.supervision.title results.supervision.order
        results.supervision.titles results.supervision.opinion
        results.decision.meeting results.decision.decided results.decision.notice
        results.decision.addressees results.decision.issued_by results.decision.copies
        results.decision.accept_claims
        results.corrections.digest results.corrections.seal results.corrections.blob
        results.corrections.commit results.corrections.reason results.corrections.date
        results.corrections.changes.branch results.corrections.changes.key
        results.corrections.changes.old results.corrections.changes.new
        results.corrections.changes.withheld
        review.criteria.*.points review.criteria.*.not_applicable review.criteria.*.reason
        review.criteria.*.by review.criteria.*.date
        review.bonus.*.accepted review.bonus.*.level review.bonus.*.reason review.bonus.*.by
        review.bonus.*.date
        received.path received.on received.reason received.by received.date
        supervision.title supervision.order supervision.opinion
        debrief.branches.*.reason
        decision.meeting decision.decided decision.notice decision.addressees
        decision.issued_by decision.copies decision.grades.*.grade decision.grades.*.reason
        decision.accept_claims""",
    FieldClass.STATEMENTS: """
        results.branches.lines.statement
        self-assessment.claims.*.statement self-assessment.claims.*.not_applicable""",
    FieldClass.BONUS: """
        results.branches.bonus_lines.matter self-assessment.bonus.matter""",
    FieldClass.APPEALS: """
        results.branches.appeals.id results.branches.appeals.received
        results.branches.appeals.criterion results.branches.appeals.state
        results.branches.appeals.answer results.branches.appeals.date
        appeals.id appeals.received appeals.criterion appeals.state appeals.answer
        appeals.date""",
    FieldClass.MATTERS: "results.branches.appeals.matter appeals.matter",
    FieldClass.VETOES: """
        results.branches.vetoes.veto results.branches.vetoes.title
        results.branches.vetoes.clause results.branches.vetoes.state
        vetoes.veto vetoes.state""",
    FieldClass.VETO_REASONS: """
        results.branches.vetoes.reason results.branches.vetoes.reference
        results.branches.vetoes.date
        vetoes.reason vetoes.reference vetoes.date""",
    FieldClass.DUE: """
        results.branches.due.id results.branches.due.kind results.branches.due.kind_title
        results.branches.due.title results.branches.due.asked results.branches.due.held
        results.branches.due.state results.branches.due.answer results.branches.due.received
        results.branches.due.others
        due.id due.kind due.title due.due due.date due.extended.* due.branches""",
    FieldClass.LOTS: """
        audit.seed audit.announced audit.known audit.share audit.drawn.path audit.drawn.looked
        audit.drawn.by audit.drawn.outcome""",
    FieldClass.LOT_NOTES: "audit.drawn.note",
    FieldClass.ATTENDANCE: """
        activity.attendance.members activity.attendance.present activity.attendance.leave
        activity.attendance.absent""",
    FieldClass.BALLOTS: """
        results.branches.lines.ballots.issued results.branches.lines.ballots.valid
        results.branches.lines.ballots.void results.branches.lines.ballots.absent
        debrief.branches.*.ballots.* debrief.branches.*.void debrief.branches.*.issued""",
    FieldClass.ATTACHMENTS: """
        results.branches.records.files.name results.branches.records.files.type
        results.branches.records.files.size results.branches.records.files.usable
        activity.plan activity.record activity.photos activity.attendance.file
        document.files""",
    FieldClass.DIGESTS: "results.branches.records.files.blob",
    FieldClass.FINDINGS: """
        results.accepted.branch results.accepted.code results.accepted.path
        results.accepted.message results.accepted.reason results.accepted.by
        results.accepted.date
        accepted.code accepted.digest accepted.path accepted.reason accepted.by
        accepted.date""",
    FieldClass.AFTER: """
        after.talks.branch after.talks.held after.talks.by after.talks.outcome after.talks.asked
        after.talks.until after.talks.closed after.talks.result
        after.funds.branch after.funds.amount after.funds.purpose after.funds.by
        after.funds.date""",
    FieldClass.PRIVATE: "branch.submitters roster.members roster.office roster.teams.*",
}

CLASSES: Mapping[str, FieldClass] = MappingProxyType(
    {name: kind for kind, names in FIELDS.items() for name in names.split()}
)


def class_of(name: str) -> FieldClass | None:
    """Return the class of a field; None for one that is not in the list: it is internal."""
    if name == "rubric" or name.startswith("rubric."):
        return CLASSES["rubric"]
    return CLASSES.get(name)


@dataclass(frozen=True, slots=True)
class Publish:
    """Whom a site is made for, and the classes that it moves, each to its new audience."""

    audience: Audience = Audience.PUBLIC
    moved: Mapping[FieldClass, Audience] = field(default_factory=dict)

    @classmethod
    def withholding(cls, names: Iterable[str]) -> Publish:
        """Return what shows everything but the classes of these names."""
        kept = set(names)
        movable = (kind for kind in FieldClass if kind not in FIXED)
        sides = {kind: kind.value in kept for kind in movable}
        return cls(moved={k: Audience.INTERNAL if sides[k] else Audience.PUBLIC for k in sides})

    def shows(self, kind: FieldClass | None) -> bool:
        """Whether a class is shown here; None is that of fields that no list names."""
        if kind is FieldClass.PRIVATE:
            return False
        if self.audience is Audience.INTERNAL:
            return True
        if kind is None:
            return False
        told = self.moved.get(kind)
        return kind in OPEN if told is None else told is Audience.PUBLIC

    def shows_field(self, name: str) -> bool:
        """Whether a field is shown here, whatever it holds."""
        return self.shows(class_of(name))

    def shows_digest(self, size: int) -> bool:
        """Whether the digest of an attachment of so many bytes is shown here."""
        own = self.shows(FieldClass.DIGESTS)
        return own and (size >= DIGESTED or self.shows(FieldClass.SMALL_DIGESTS))

    def shows_counts(self, counts: Iterable[int], kind: FieldClass = FieldClass.ATTENDANCE) -> bool:
        """Whether counts that belong together are all shown here: none may be below five."""
        few = any(count < LEAST for count in counts)
        return self.shows(kind) and (not few or self.shows(FieldClass.FEW))

    @property
    def withheld(self) -> tuple[str, ...]:
        """The classes that are not shown here, ``private`` apart, which no site shows."""
        return tuple(
            k.value for k in FieldClass if k is not FieldClass.PRIVATE and not self.shows(k)
        )


PUBLIC, INTERNAL = Publish(Audience.PUBLIC), Publish(Audience.INTERNAL)

NO_MAPPING = mark("mkdocs.yml 里的 publish 不合要求：写作 {{statements: internal}}")
NO_CLASS = mark("mkdocs.yml 里的 publish 没有“{value}”这一类{nearest}；可用：{known}")
NO_AUDIENCE = mark(
    "mkdocs.yml 里 publish 的“{name}”后面写 public 或 internal，不能写“{value}”{nearest}"
)
UNMOVED = mark("mkdocs.yml 里 publish 的“{name}”（{title}）不能改：{why}")
ALWAYS, NEVER = mark("网站总要公布它"), mark("任何网站都不公布它")


class PublishError(ValueError):
    """``publish`` in mkdocs.yml is unfit: says why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


def read_publish(said: object) -> dict[FieldClass, Audience]:
    """Return the classes that a site moves, from ``publish`` in mkdocs.yml; raises PublishError."""
    if said is None:
        return {}
    if not isinstance(said, Mapping):
        raise PublishError(say(NO_MAPPING))
    return {_class(f"{name}"): _audience(f"{name}", value) for name, value in said.items()}


def _class(name: str) -> FieldClass:
    movable = [kind.value for kind in FieldClass if kind not in FIXED]
    if name in movable:
        return FieldClass(name)
    value = visible(name, SHORT)
    if name in {kind.value for kind in FIXED}:
        kind = FieldClass(name)
        why = say(ALWAYS if kind is FieldClass.FIGURES else NEVER)
        raise PublishError(say(UNMOVED, name=value, title=say(TITLES[kind]), why=why))
    near = nearest_text(name, movable)
    raise PublishError(say(NO_CLASS, value=value, nearest=near, known=listed(movable)))


def _audience(name: str, value: object) -> Audience:
    known = [audience.value for audience in Audience]
    if isinstance(value, str) and value in known:
        return Audience(value)
    near = nearest_text(f"{value}", known)
    shown = visible(f"{value}", SHORT)
    raise PublishError(say(NO_AUDIENCE, name=name, value=shown, nearest=near))
