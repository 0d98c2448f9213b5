"""Checks of the review of a branch: that it fits, is not out of date, and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.claims import points_within, unknown_criterion, unknown_level
from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.formats.committee_files import PUBLICITY
from generator.formats.nodes import Mapping
from generator.scoring.fingerprint import fingerprint
from generator.scoring.mending import own_step
from generator.scoring.scorecard import Basis, Status
from generator.text.language import mark
from generator.text.messages import say
from generator.text.unknown import Known, report_unknown

if TYPE_CHECKING:
    from generator.formats.branch_files import BonusClaim, SelfAssessment
    from generator.formats.committee_files import CriterionReview, Review
    from generator.scoring.scorecard import Line
    from generator.text.messages import Message


UNREAD = mark("这个支部没有一份记录能读出来，无法计分")
READ = mark("按其他提示改正它的文件；确实没有报送的，由党委移走这一年的文件夹")
VERIFIED = mark("核定 {points} 分，分值是 {max} 分（{clause}）")


@check(BRANCH_CHECKS, "S004", "R001", "R002", "C001", "C002", "C006")
def reviews(context: BranchContext) -> None:
    """The committee's review names criteria and claims, stays within bounds, gives reasons."""
    review = context.review
    if review is None:
        return
    lines = {line.criterion: line for line in context.card.lines if line.part is None}
    for name, item in review.criteria.items():
        entry = context.rubric.criteria.get(name)
        if entry is None:
            unknown_criterion(context, review.at_key("criteria", name), name)
            continue
        if not entry[1].valid:
            continue
        points_within(context, item, entry[1], VERIFIED)
        line = lines.get(name)
        if line is not None:
            stale_review(context, item, line)
            _unreasoned(context, item, line)
    _all_excluded(context, review)
    _bonus_reviews(context)


def _unreasoned(context: BranchContext, item: CriterionReview, line: Line) -> None:
    """Report C001 where verified points differ from those before, and no reason is given."""
    if item.points is None or item.reason:
        return
    before = line.computed if line.computed is not None else line.claimed
    if before is not None and before != item.points:
        context.report.add(
            "C001",
            item.at("points"),
            "核定 {points} 分，{what} {before} 分，没有写理由",
            points=item.points,
            what=say("系统计算") if line.computed is not None else say("自评"),
            before=before,
        )


def _all_excluded(context: BranchContext, review: Review) -> None:
    """Report C006 where every criterion of a section is excluded."""
    for section in context.rubric.sections:
        treatments = [review.criteria.get(c.id) for c in section.criteria]
        if treatments and all(t is not None and t.not_applicable == "excluded" for t in treatments):
            first = treatments[0]
            context.report.add(
                "C006",
                first.at("not_applicable") if first else review.place,
                "“{title}”的小项全部被排除",
                title=section.title,
            )


def stale_review(context: BranchContext, item: CriterionReview, line: Line) -> None:
    """Report C002 if claim or evidence changed since the reviewer saw them."""
    if item.reviewed is None:
        return
    if item.reviewed.removeprefix("sha256:") != fingerprint(context.data, line):
        context.report.add(
            "C002",
            item.at("reviewed"),
            "“{title}”核定之后，自评或佐证有改动",
            hint="由党委核对变动后的材料，再把 reviewed 换成 appraise review {id} 印出的新指纹",
            id=context.data.id,
            title=line.title,
        )


def claims_by_id(assessment: SelfAssessment | None) -> dict[str, BonusClaim]:
    """Return the bonus claims that have an id, the last where one stands twice."""
    claims = assessment.bonus if assessment else ()
    return {claim.id: claim for claim in claims if claim.id is not None}


def _bonus_reviews(context: BranchContext) -> None:
    review = context.review
    assessment = context.data.assessment
    claims_ = claims_by_id(assessment)
    for name, item in review.bonus.items() if review else ():
        claim = claims_.get(name)
        if claim is None and review is not None and not bonus_unclear(context):
            matters = {own: entry.matter or "" for own, entry in claims_.items()}
            known = Known(matters, matters, guess=False)
            report_unknown(context.report, "S004", review.at_key("bonus", name), name, known)
        if claim is None:
            continue
        rule = context.rubric.bonus_rules.get(claim.rule) if claim.rule else None
        if rule is None or not rule.valid:
            continue
        if item.level is not None and item.level not in rule.levels:
            unknown_level(context, item.at("level"), item.level, rule)


@check(BRANCH_CHECKS, "C007")
def not_assessed(context: BranchContext) -> None:
    """Pending lines and undecided bonus claims are still open."""
    assessment = context.data.assessment
    fallback = assessment.at_key("claims") if assessment else context.data.home
    unclear = claims_unclear(context)
    for line in context.card.lines:
        if line.part is not None or line.basis is not Basis.PENDING:
            continue
        entry = context.rubric.criteria.get(line.criterion or "")
        if entry is None or not entry[1].valid:
            continue
        claim = assessment.claims.get(entry[1].id) if assessment else None
        if claim is None and unclear and not entry[1].method.computed:
            continue
        context.report.add(
            "C007",
            assessment.at_key("claims", entry[1].id) if claim and assessment else fallback,
            "“{title}”未评：{reason}",
            hint=None if context.committee.stage == PUBLICITY else _step_of(context, line),
            severity=context.unsettled("C007"),
            title=line.title,
            reason=line.reason,
            criterion=line.criterion,
        )
    by_id = claims_by_id(assessment)
    for bonus in context.card.bonus_lines:
        if bonus.status == "claimed" and bonus.claim in by_id:
            context.report.add(
                "C007",
                by_id[bonus.claim].place,
                "加分申报“{claim}”待党委认定",
                severity=context.unsettled("C007"),
                claim=bonus.claim,
            )


@check(BRANCH_CHECKS, "C007")
def unreadable(context: BranchContext) -> None:
    """A branch of which nothing can be read has no points, which no year may end with."""
    if context.closing and context.card.status is Status.UNREADABLE:
        context.report.add(
            "C007", context.data.home, UNREAD, hint=READ, severity=context.unsettled("C007")
        )


@check(BRANCH_CHECKS, "C009")
def only_claimed(context: BranchContext) -> None:
    """Towards the end of a year no line may still rest on what the branch claims."""
    assessment = context.data.assessment
    if not context.closing or assessment is None:
        return
    for line in context.card.lines:
        if line.criterion is not None and line.basis is Basis.CLAIMED:
            context.report.add(
                "C009",
                assessment.at_key("claims", line.criterion),
                "“{title}”按自评计 {points} 分，还没有核定",
                severity=context.unsettled("C009"),
                title=line.title,
                points=line.points or 0,
                criterion=line.criterion,
            )


def _step_of(context: BranchContext, line: Line) -> Message | None:
    """Return what the branch can do about a pending criterion, or about its first pending part."""
    parts = [part for part in context.card.lines
             if part.criterion == line.criterion and part.basis is Basis.PENDING]  # fmt: skip
    criterion = line.criterion or ""
    return next(filter(None, (own_step(own.reason, criterion) for own in (line, *parts))), None)


def bonus_unclear(context: BranchContext) -> bool:
    """Whether a slip of the branch hides which bonus it claims: no review is at fault for that."""
    assessment = context.data.assessment
    if assessment is None:
        return context.data.is_garbled
    return not assessment.valid


def claims_unclear(context: BranchContext) -> bool:
    """Whether a slip hides which criteria are claimed: nobody is told that a claim lacks then.

    The file cannot be read, or a key of its claims is no criterion.
    """
    assessment = context.data.assessment
    if assessment is None:
        return context.data.is_garbled
    node = assessment.node.entries.get("claims", (None, None))[1]
    if not isinstance(node, Mapping):
        return True
    return not context.rubric.criteria.keys() >= node.entries.keys()
