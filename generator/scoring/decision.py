"""The points and basis of a line, and why (docs/format.md §5, rule 1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from generator.rubric.methods.base import Award
from generator.rubric.methods.parts import FAULTY
from generator.scoring.scorecard import Basis, Line
from generator.text.language import mark
from generator.text.messages import Message, Words, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.formats.branch_files import Claim
    from generator.formats.committee_files import (
        CriterionReview,
    )
    from generator.loading.evidence import BranchYear
    from generator.rubric.document import Criterion, Section
    from generator.rubric.methods.base import Facts


#: Why a claim is not taken, or there is none.
NO_CLAIM, BAD_CLAIM = mark("没有自评"), mark("自评有误，不予采用")
GARBLED = mark("自评文件有误，读不出来，改正后再评")
SUSPENDED = mark("自评 {points} 分暂不计入：{fault}")
AS_CLAIMED = mark("按自评认定：{reason}")
NOT_CONCERNED = mark("申报不适用：{reason}；待党委决定")
#: What is wrong with the evidence of a claim.
NO_EVIDENCE = mark("佐证“{reference}”不存在或有误")
OTHER_KIND = mark("佐证“{reference}”不是要求的种类")
UNPROVEN = mark("没有佐证")
#: Why ballots that are not shown give their points.
UNSHOWN = mark("按公布的得分计；少于 5 的票数不公开")
#: Beside a reason: records that do not count as they are at fault.
UNCOUNTED = mark("{reason}（另有 {n} 项记录有误，未计：{names}）")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Points and basis of a line, with the reason."""

    points: Decimal | None
    basis: Basis
    reason: Words
    excluded: bool = False


def award_of(criterion: Criterion, facts: Facts, told: Mapping[str, Decimal]) -> Award:
    """Return what records or ballots give; ``told`` are points of ballots that are not shown."""
    points = None if criterion.method.reads_records else told.get(criterion.id)
    if points is None:
        return criterion.method.award(criterion.points, facts)
    return Award(Fraction(points), say(UNSHOWN))


def claim_taken(claim: Claim, maximum: Decimal) -> bool:
    """Whether a claim can be used: clean, and its points between 0 and the maximum."""
    return claim.valid and (claim.points is None or 0 <= claim.points <= maximum)


def review_taken(review: CriterionReview, maximum: Decimal) -> bool:
    """Whether a review can be used: clean, and its points between 0 and the maximum."""
    return review.valid and (review.points is None or 0 <= review.points <= maximum)


def known_points(review: CriterionReview | None) -> Decimal | None:
    """Return the points of a review; None without one."""
    return review.points if review else None


def evidence_fault(data: BranchYear, criterion: Criterion, claim: Claim) -> Message | None:
    """Say why the evidence of a claim does not carry it; None where it does."""
    rule = criterion.evidence
    for reference in claim.evidence:
        found = data.cited(reference)
        if found is None:
            return say(NO_EVIDENCE, reference=reference)
        if rule is not None and rule.kinds and found.kind not in rule.kinds:
            return say(OTHER_KIND, reference=reference)
    if rule is not None and rule.required and not claim.evidence:
        return say(UNPROVEN)
    return None


def not_applicable(maximum: Decimal, review: CriterionReview) -> Outcome:
    """Return the outcome of a criterion that the committee set aside as not applicable."""
    reason = review.reason or ""
    if review.not_applicable == "full":
        words = say("不适用，按满分计：{reason}", reason=reason)
        return Outcome(maximum, Basis.NOT_APPLICABLE, words)
    if review.not_applicable == "zero":
        return Outcome(
            Decimal(0), Basis.NOT_APPLICABLE, say("不适用，按零分计：{reason}", reason=reason)
        )
    words = say("不适用，不计入，其余小项按比例折算：{reason}", reason=reason)
    return Outcome(None, Basis.NOT_APPLICABLE, words, excluded=True)


def verified_reason(
    points: Decimal,
    review: CriterionReview,
    award: Award,
    computed: Decimal | None,
    claim: Claim | None,
) -> Message:
    """Word a verified figure: the committee's reason, beside what was computed or claimed."""
    words = say("党委核定 {points} 分", points=points)
    if review.reason:
        words = say("{lead}：{reason}", lead=words, reason=review.reason)
    if computed is not None:
        return say(
            "{lead}（系统计算 {points}：{reason}）",
            lead=words,
            points=computed,
            reason=award.reason,
        )
    if claim is not None and claim.points is not None:
        return say("{lead}（自评 {points}）", lead=words, points=claim.points)
    return words


def unread_line(section: Section, criterion: Criterion) -> Line:
    """Return the line of a criterion that the rubric does not define: pending, with its points."""
    return Line(
        section=section.id,
        criterion=criterion.id,
        part=None,
        title=criterion.title,
        clause=criterion.clause,
        points=None,
        max=criterion.points,
        basis=Basis.PENDING,
        reason=say(FAULTY),
        question=criterion.question or "",
    )
