"""Checks of what a branch claims: its self-assessment, its bonus claims, the evidence of both."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.files.paths import SELF_ASSESSMENT_FILE
from generator.formats.branch_files import Document
from generator.loading.evidence import (
    fold,
    list_places,
)
from generator.rubric.failing import TOLD
from generator.scoring.decision import claim_taken, review_taken
from generator.text.language import mark
from generator.text.messages import listed, say
from generator.text.names import SHORT, visible
from generator.text.unknown import Known, report_unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.formats.branch_files import BonusClaim, Claim
    from generator.formats.committee_files import CriterionReview
    from generator.rubric.document import BonusRule, Criterion
    from generator.text.findings import Place

NO_LEVEL = mark("没有“{value}”这一级别；可用：{known}{nearest}")
CLAIMED = mark("自评 {points} 分，分值是 {max} 分（{clause}）")


@check(BRANCH_CHECKS, "E012", "E011")
def self_assessment_filed(context: BranchContext) -> None:
    """There is a self-assessment, submitted by the deadline."""
    data = context.data
    if not any(entry.path.endswith(f"/{SELF_ASSESSMENT_FILE}") for entry in data.files):
        context.report.add("E012", data.home, "{year} 年还没有自评", year=data.year)
        return
    appraisal = context.setting.appraisal
    deadline = appraisal.deadlines.self_assessment if appraisal and appraisal.deadlines else None
    assessment = data.assessment
    if assessment is None or deadline is None:
        return
    received = data.receipt.day if data.receipt is not None else None
    day = received or assessment.submitted
    if day is not None and day > deadline:
        words = (
            "{date} 收到{told}，截止日期是 {deadline}"
            if received
            else "{date} 报送，截止日期是 {deadline}"
        )
        entry = data.receipt.entry if data.receipt is not None else None
        told = say(TOLD, reason=entry.reason) if entry is not None else ""
        context.report.add(
            "E011", assessment.at("submitted"), words, date=day, told=told, deadline=deadline
        )


@check(BRANCH_CHECKS, "S004", "R001", "R005", "E001", "E007")
def claims(context: BranchContext) -> None:
    """Claims name criteria, stay within the maximum, and rest on evidence that exists."""
    assessment = context.data.assessment
    if assessment is None:
        return
    for name, claim in assessment.claims.items():
        entry = context.rubric.criteria.get(name)
        if entry is None:
            unknown_criterion(context, assessment.at_key("claims", name), name)
            continue
        criterion = entry[1]
        missing = cited_evidence(context, claim)
        if not criterion.valid:
            continue
        points_within(context, claim, criterion, CLAIMED)
        if criterion.method.computed and claim.points is not None:
            place = assessment.at_key("claims", name)
            words = "“{title}”由系统按记录计算，自评的 {points} 分不影响得分"
            context.report.add("R005", place, words, title=criterion.title, points=claim.points)
        if not missing:
            _carried(context, claim, criterion)


def unknown_criterion(context: BranchContext, place: Place, name: str) -> None:
    """Report S004, unless the criterion may be in a section that could not be read."""
    if context.rubric.has_all_criteria:
        titles = {own: item.title for own, (_, item) in context.rubric.criteria.items()}
        report_unknown(context.report, "S004", place, name, Known(titles, titles))


def points_within(
    context: BranchContext, given: Claim | CriterionReview, criterion: Criterion, words: str
) -> None:
    """Report R001 where points that are claimed or verified are above the maximum or negative."""
    if given.points is None or 0 <= given.points <= criterion.points:
        return
    context.report.add(
        "R001",
        given.at("points"),
        words,
        hint="points 应在 0 与 {max} 之间",
        points=given.points,
        max=criterion.points,
        clause=criterion.clause,
    )


def cited_evidence(context: BranchContext, claim: Claim | BonusClaim) -> bool:
    """Report E001 for each cited record that does not exist; return whether one was missing."""
    data = context.data
    missing = [reference for reference in claim.evidence if data.cited(reference) is None]
    places = dict(list_places(claim, "evidence")) if missing else {}
    titles = data.titles if missing else {}
    for reference in missing:
        if reference in data.evidence or reference in data.broken:
            continue
        report_unknown(
            context.report,
            "E001",
            places.get(reference, claim.place),
            reference,
            Known([*data.evidence, *data.standing], titles),
            "没有佐证“{value}”{nearest}",
        )
    return bool(missing)


def _carried(context: BranchContext, claim: Claim, criterion: Criterion) -> None:
    """Report E007 if the claim would count but for its evidence: none, or of another kind."""
    review = context.review.criteria.get(criterion.id) if context.review else None
    decided = review is not None and review_taken(review, criterion.points)
    if criterion.method.computed or decided or not claim_taken(claim, criterion.points):
        return
    rule = criterion.evidence
    if claim.points is None or rule is None:
        return
    titles = context.rubric.vocabulary.kind_titles
    wanted = listed(titles.get(kind, kind) for kind in rule.kinds) or say("活动或材料")
    if rule.required and not claim.evidence:
        context.report.add(
            "E007",
            claim.at("evidence"),
            "“{title}”需要佐证：{wanted}",
            title=criterion.title,
            wanted=wanted,
        )
    if not rule.kinds or all(_fits(context, reference, rule.kinds) for reference in claim.evidence):
        return
    for reference, place in list_places(claim, "evidence"):
        found = context.data.cited(reference)
        if found is not None and found.kind not in rule.kinds:
            context.report.add(
                "E007",
                place,
                "“{title}”的佐证应是{wanted}，“{reference}”是{kind}",
                title=criterion.title,
                wanted=wanted,
                reference=reference,
                kind=titles.get(found.kind, found.kind),
            )


def _fits(context: BranchContext, reference: str, kinds: Collection[str]) -> bool:
    """Whether a cited record has one of these kinds; a missing one is reported elsewhere."""
    found = context.data.cited(reference)
    return found is None or found.kind in kinds


@check(BRANCH_CHECKS, "S003", "S004", "S006", "R002", "R003", "E001", "E007")
def bonus_claims(context: BranchContext) -> None:
    """Bonus claims name a rule and one of its levels, once for each matter."""
    assessment = context.data.assessment
    rules = context.rubric.bonus_rules
    ids: set[str] = set()
    matters: dict[tuple[str, str], str | None] = {}
    for claim in assessment.bonus if assessment else ():
        if claim.id is not None:
            if claim.id in ids:
                context.report.add("S003", claim.at("id"), "加分申报的编号“{id}”重复", id=claim.id)
            ids.add(claim.id)
        _bonus_date(context, claim)
        cited_evidence(context, claim)
        if claim.valid and not claim.evidence:
            context.report.add("E007", claim.at("evidence"), "加分申报“{id}”没有佐证", id=claim.id)
        if claim.rule is None:
            continue
        rule = rules.get(claim.rule)
        if rule is None:
            titles = {name: own.title for name, own in rules.items()}
            known = Known(titles, titles, guess=False)
            report_unknown(context.report, "S004", claim.at("rule"), claim.rule, known)
            continue
        if rule.valid and claim.level is not None and claim.level not in rule.levels:
            unknown_level(context, claim.at("level"), claim.level, rule)
        if claim.matter is not None:
            first = matters.setdefault((rule.id, fold(claim.matter)), claim.id)
            if first != claim.id:
                context.report.add(
                    "R003",
                    claim.at("matter"),
                    "与“{first}”是同一事项，只计一次",
                    hint="留下级别高的一条，删去另一条；不是同一事项的，matter 写清楚区别",
                    first=first or "",
                )


def unknown_level(context: BranchContext, place: Place, level: str, rule: BonusRule) -> None:
    """Report R002; a level is never guessed, as each gives other points."""
    known = Known(rule.levels, rule.level_titles, guess=False)
    report_unknown(context.report, "R002", place, level, known, NO_LEVEL)


def _bonus_date(context: BranchContext, claim: BonusClaim) -> None:
    period = context.setting.period
    if claim.date is None or period is None or period[0] <= claim.date <= period[1]:
        return
    context.report.add(
        "S006",
        claim.at("date"),
        "{what}日期 {date} 不在考核期 {start} 至 {end} 之内",
        what=say("加分事项"),
        date=claim.date,
        start=period[0],
        end=period[1],
    )


@check(BRANCH_CHECKS, "R006")
def one_address_twice(context: BranchContext) -> None:
    """No address stands under two bonus claims, by one record or by two."""
    assessment = context.data.assessment
    first: dict[str, BonusClaim] = {}
    for claim in assessment.bonus if assessment else ():
        for address, place in addresses(context, claim):
            other = first.setdefault(folded(address), claim)
            if other is not claim:
                context.report.add(
                    "R006",
                    place,
                    "“{url}”也是加分申报“{first}”的佐证",
                    url=visible(address, SHORT),
                    first=other.id or other.matter or "",
                )


def addresses(context: BranchContext, claim: BonusClaim) -> Iterator[tuple[str, Place]]:
    """Yield the addresses of the documents that a claim cites, and where it cites them."""
    for reference, place in list_places(claim, "evidence"):
        data = context.data
        evidence = data.evidence.get(reference) or data.standing.get(reference)
        record = evidence.record if evidence is not None else None
        if isinstance(record, Document) and record.url:
            yield record.url, place


def folded(address: str) -> str:
    """Return an address as one page has it: with or without www, a last slash, a place in it."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    host = parts.netloc.casefold().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"
