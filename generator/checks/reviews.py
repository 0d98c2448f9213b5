"""Checks of the review of a branch: that it fits, is not out of date, and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.claims import NO_LEVEL, unknown_criterion
from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.scoring.fingerprint import fingerprint
from generator.scoring.scorecard import Basis
from generator.text.messages import say
from generator.text.unknown import report_unknown

if TYPE_CHECKING:
    from generator.formats.branch_files import BonusClaim, SelfAssessment
    from generator.formats.committee_files import CriterionReview, Review
    from generator.rubric.document import Criterion
    from generator.scoring.scorecard import Line


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
            unknown_criterion(context, item.place, name)
            continue
        if not entry[1].valid:
            continue
        _within(context, item, entry[1])
        line = lines.get(name)
        if line is not None:
            stale_review(context, item, line)
            _unreasoned(context, item, line)
    _all_excluded(context, review)
    _bonus_reviews(context)


def _within(context: BranchContext, item: CriterionReview, criterion: Criterion) -> None:
    """Report R001 where verified points are above the maximum or negative."""
    if item.points is None or 0 <= item.points <= criterion.points:
        return
    context.report.add(
        "R001",
        item.at("points"),
        "核定 {points} 分，分值是 {max} 分（{clause}）",
        hint="points 应在 0 与 {max} 之间",
        points=item.points,
        max=criterion.points,
        clause=criterion.clause,
    )


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
    for name, item in (review.bonus if review else {}).items():
        claim = claims_.get(name)
        if claim is None:
            report_unknown(context.report, "S004", item.place, name, claims_)
            continue
        rule = context.rubric.bonus_rules.get(claim.rule) if claim.rule else None
        if rule is None or not rule.valid:
            continue
        if item.level is not None and item.level not in rule.levels:
            report_unknown(
                context.report, "R002", item.at("level"), item.level, rule.levels, NO_LEVEL
            )


@check(BRANCH_CHECKS, "C007")
def not_assessed(context: BranchContext) -> None:
    """Pending lines and undecided bonus claims are still open."""
    assessment = context.data.assessment
    fallback = assessment.at("claims") if assessment else context.data.home
    for line in context.card.lines:
        if line.part is not None or line.basis is not Basis.PENDING:
            continue
        entry = context.rubric.criteria.get(line.criterion or "")
        if entry is not None and not entry[1].valid:
            continue
        claim = assessment.claims.get(line.criterion) if assessment and line.criterion else None
        context.report.add(
            "C007",
            claim.place if claim else fallback,
            "“{title}”未评：{reason}",
            severity=context.open_matter,
            title=line.title,
            reason=line.reason,
        )
    by_id = claims_by_id(assessment)
    for bonus in context.card.bonus_lines:
        if bonus.status == "claimed" and bonus.claim in by_id:
            context.report.add(
                "C007",
                by_id[bonus.claim].place,
                "加分申报“{claim}”待党委认定",
                severity=context.open_matter,
                claim=bonus.claim,
            )
