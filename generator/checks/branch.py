"""Checks of one branch: its self-assessment, bonus claims, evidence and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.inactivity import candidates
from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.files.paths import RECORD_FILES, SELF_ASSESSMENT_FILE, RecordPath
from generator.formats.branch_files import Activity
from generator.loading.evidence import (
    activity_identity,
    fold,
    list_places,
)
from generator.scoring.decision import claim_taken, review_taken
from generator.scoring.fingerprint import fingerprint
from generator.scoring.scorecard import Basis
from generator.text.findings import Place
from generator.text.language import gettext, mark
from generator.text.names import visible
from generator.text.numbers import plain
from generator.text.unknown import NO_RECORD, report_unknown

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.formats.branch_files import BonusClaim, Claim
    from generator.formats.committee_files import CriterionReview
    from generator.rubric.document import Criterion
    from generator.scoring.scorecard import Line


NO_LEVEL = mark("没有“{value}”这一级别；可用：{known}{nearest}")


@check(BRANCH_CHECKS, "S004")
def consortium_exists(context: BranchContext) -> None:
    """The consortium of branch.yml is on the committee's list."""
    branch = context.data.branch
    if branch and branch.consortium and branch.consortium not in context.consortia:
        place = branch.at("consortium")
        report_unknown(context.report, "S004", place, branch.consortium, context.consortia)


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
    path = f"{data.folder}/{SELF_ASSESSMENT_FILE}"
    received = context.setting.received_on(path, assessment.submitted)
    day = received or assessment.submitted
    if day is not None and day > deadline:
        words = (
            "{date} 收到，截止日期是 {deadline}"
            if received
            else "{date} 报送，截止日期是 {deadline}"
        )
        context.report.add("E011", assessment.at("submitted"), words, date=day, deadline=deadline)


@check(BRANCH_CHECKS, "S004", "R001", "E001", "E007")
def claims(context: BranchContext) -> None:
    """Claims name criteria, stay within the maximum, and rest on evidence that exists."""
    assessment = context.data.assessment
    if assessment is None:
        return
    for name, claim in assessment.claims.items():
        entry = context.rubric.criteria.get(name)
        if entry is None:
            report_unknown(context.report, "S004", claim.place, name, context.rubric.criteria)
            continue
        criterion = entry[1]
        points_within(context, claim, criterion)
        missing = cited_evidence(context, claim)
        if not missing:
            _carried(context, claim, criterion)


def points_within(context: BranchContext, claim: Claim, criterion: Criterion) -> None:
    """Report R001 where a claim is above the maximum or negative."""
    if claim.points is None or 0 <= claim.points <= criterion.points:
        return
    context.report.add(
        "R001",
        claim.at("points"),
        "自评 {points} 分，分值是 {max} 分（{clause}）",
        hint="points 应在 0 与 {max} 之间",
        points=plain(claim.points),
        max=plain(criterion.points),
        clause=criterion.clause,
    )


def cited_evidence(context: BranchContext, claim: Claim | BonusClaim) -> bool:
    """Report E001 for each record cited that is not there; return whether one was missing."""
    data = context.data
    missing = False
    for reference in claim.evidence:
        if data.cited(reference) is not None:
            continue
        missing = True
        present = reference in data.evidence or reference in data.broken
        known = [*data.evidence, *data.standing]
        if present:
            continue
        report_unknown(
            context.report,
            "E001",
            dict(list_places(claim, "evidence")).get(reference, claim.place),
            reference,
            known,
            "没有佐证“{value}”{nearest}",
        )
    return missing


def _carried(context: BranchContext, claim: Claim, criterion: Criterion) -> None:
    """Report E007 where evidence is required or of another kind, and the claim would count."""
    review = context.review.criteria.get(criterion.id) if context.review else None
    decided = review is not None and review_taken(review, criterion.points)
    if criterion.method.computed or decided or not claim_taken(claim, criterion.points):
        return
    rule = criterion.evidence
    if claim.points is None or rule is None:
        return
    titles = context.rubric.vocabulary.kind_titles
    wanted = gettext("、").join(titles.get(kind, kind) for kind in rule.kinds) or gettext(
        "活动或材料"
    )
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
    """Whether a record cited is of one of these kinds; one that is missing is reported so."""
    found = context.data.cited(reference)
    return found is None or found.kind in kinds


@check(BRANCH_CHECKS, "S003", "S004", "S006", "R002", "R003", "E001", "E007")
def bonus_claims(context: BranchContext) -> None:
    """Bonus claims name a rule and one of its levels, once for each matter."""
    assessment = context.data.assessment
    rules = context.rubric.bonus_rules
    ids: set[str] = set()
    matters: dict[tuple[str, str], str] = {}
    for claim in assessment.bonus if assessment else ():
        if claim.id is not None and claim.id in ids:
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
            report_unknown(context.report, "S004", claim.at("rule"), claim.rule, rules)
            continue
        if claim.level is not None and claim.level not in rule.levels:
            report_unknown(
                context.report, "R002", claim.at("level"), claim.level, rule.levels, NO_LEVEL
            )
        if claim.matter is not None:
            first = matters.setdefault((rule.id, fold(claim.matter)), claim.id)
            if first != claim.id:
                context.report.add(
                    "R003", claim.at("matter"), "与“{first}”是同一事项，只计一次", first=first
                )


def _bonus_date(context: BranchContext, claim: BonusClaim) -> None:
    period = context.setting.period
    if claim.date is None or period is None or period[0] <= claim.date <= period[1]:
        return
    context.report.add(
        "S006",
        claim.at("date"),
        "{what}日期 {date} 不在考核期 {start} 至 {end} 之内",
        what=gettext("加分事项"),
        date=claim.date,
        start=period[0],
        end=period[1],
    )


@check(BRANCH_CHECKS, "E009")
def activity_twice(context: BranchContext) -> None:
    """No activity is filed twice: same date, place and title."""
    seen: dict[tuple[object, ...], str] = {}
    for evidence in context.data.evidence.values():
        if not evidence.valid or not isinstance(evidence.record, Activity):
            continue
        first = seen.setdefault(activity_identity(evidence.record), evidence.folder)
        if first != evidence.folder:
            context.report.add(
                "E009",
                evidence.record.at("title"),
                "与“{first}”的日期、地点、名称相同，只计第一份",
                first=first,
            )


@check(BRANCH_CHECKS, "E002")
def orphan_files(context: BranchContext) -> None:
    """Every file of a record's folder is named by its record, and no file lies elsewhere."""
    data = context.data
    named = {
        f"{evidence.path}/{name}" for evidence in data.evidence.values() for name in evidence.named
    }
    for path, file in data.attachments.items():
        own = RecordPath.of(path)
        if path in named or (own and own.file and own.reference in data.broken):
            continue
        expected = [SELF_ASSESSMENT_FILE] if path == f"{data.folder}/{file.name}" else []
        if own and own.is_direct and own.group in RECORD_FILES:
            expected = [RECORD_FILES[own.group]]
        report_unknown(context.report, "E002", Place(visible(path)), file.name, expected, NO_RECORD)


@check(BRANCH_CHECKS, "E002")
def unopened_years(context: BranchContext) -> None:
    """No files lie in the folder of a later year that the committee has not opened."""
    for name, entries in context.groups.items():
        if name.isdigit() and int(name) > context.setting.year and entries:
            if int(name) in context.setting.opened:
                continue
            context.report.add(
                "E002",
                Place(visible(entries[0].path)),
                "{year} 年还没有开放考核，这些文件不会被读取",
                year=name,
            )


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
            report_unknown(context.report, "S004", item.place, name, context.rubric.criteria)
            continue
        maximum = entry[1].points
        if item.points is not None and not 0 <= item.points <= maximum:
            context.report.add(
                "R001",
                item.at("points"),
                "核定 {points} 分，分值是 {max} 分（{clause}）",
                hint="points 应在 0 与 {max} 之间",
                points=plain(item.points),
                max=plain(maximum),
                clause=entry[1].clause,
            )
        line = lines.get(name)
        if line is None:
            continue
        stale_review(context, item, line)
        if item.points is None or item.reason:
            continue
        before = line.computed if line.computed is not None else line.claimed
        if before is not None and before != item.points:
            context.report.add(
                "C001",
                item.at("points"),
                "核定 {points} 分，{what} {before} 分，没有写理由",
                points=plain(item.points),
                what=gettext("系统计算") if line.computed is not None else gettext("自评"),
                before=plain(before),
            )
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
    _bonus_reviews(context)


def stale_review(context: BranchContext, item: CriterionReview, line: Line) -> None:
    """Report C002 where claim or evidence are no longer what the reviewer saw."""
    if item.reviewed is None:
        return
    if item.reviewed.removeprefix("sha256:") != fingerprint(context.data, line):
        context.report.add(
            "C002",
            item.at("reviewed"),
            "“{title}”核定之后，自评或佐证有改动",
            title=line.title,
        )


def _bonus_reviews(context: BranchContext) -> None:
    review = context.review
    assessment = context.data.assessment
    claims_ = {claim.id: claim for claim in assessment.bonus} if assessment else {}
    for name, item in (review.bonus if review else {}).items():
        claim = claims_.get(name)
        if claim is None:
            report_unknown(context.report, "S004", item.place, name, claims_)
            continue
        rule = context.rubric.bonus_rules.get(claim.rule)
        if rule is not None and item.level is not None and item.level not in rule.levels:
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
        claim = assessment.claims.get(line.criterion or "") if assessment else None
        context.report.add(
            "C007",
            claim.place if claim else fallback,
            "“{title}”未评：{reason}",
            severity=context.open_matter,
            title=line.title,
            reason=line.reason,
        )
    by_id = {claim.id: claim for claim in assessment.bonus} if assessment else {}
    for bonus in context.card.bonus_lines:
        if bonus.status == "claimed" and bonus.claim in by_id:
            context.report.add(
                "C007",
                by_id[bonus.claim].place,
                "加分申报“{claim}”待党委认定",
                severity=context.open_matter,
                claim=bonus.claim,
            )


@check(BRANCH_CHECKS, "S004", "R004")
def vetoes(context: BranchContext) -> None:
    """Veto facts name vetoes of the rubric; what is neither verified nor dismissed is open."""
    rules = {rule.id: rule for rule in context.rubric.vetoes}
    for entry in context.vetoes:
        rule = rules.get(entry.veto)
        if rule is None:
            if entry.veto is not None:
                report_unknown(context.report, "S004", entry.at("veto"), entry.veto, rules)
        elif entry.state in {"alleged", "under-review"}:
            context.report.add(
                "R004",
                entry.at("state"),
                "“{title}”尚未查实或排除（{clause}）",
                severity=context.open_matter,
                title=rule.title,
                clause=rule.clause,
            )


@check(BRANCH_CHECKS, "R004")
def inactivity(context: BranchContext) -> None:
    """A branch without activity for as long as the rubric says is a candidate for its veto."""
    for candidate in candidates(context):
        context.report.add(
            "R004",
            context.data.home,
            "“{title}”（{clause}）：{reason}",
            severity=context.open_matter if candidate.certain else None,
            title=candidate.rule.title,
            clause=candidate.rule.clause,
            reason=candidate.reason,
        )
