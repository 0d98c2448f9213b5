"""From a scored branch to the result that is shown: names resolved, evidence listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.files.attachments import media_type
from generator.formats.branch_files import Activity, AttendanceFile
from generator.results.model import AcceptedFinding, Appeal, BranchResult, SupervisionOpinion, Veto
from generator.results.packed import EvidenceRecord, File, pack
from generator.scoring.scorecard import maxima, portions
from generator.text.language import mark
from generator.text.messages import Message, Value, Words, listed, say
from generator.text.numbers import plain
from generator.text.privacy import NO_TEXT, Printable, masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.checks.activity import Candidate
    from generator.formats.committee_files import Appraisal, Consortium, Decision
    from generator.formats.received import AppealEntry
    from generator.loading.committee import CommitteeYear, Verdicts
    from generator.loading.evidence import BranchYear, Evidence
    from generator.rubric.document import Rubric
    from generator.rubric.measures import FieldValue
    from generator.scoring.ranking import Placing
    from generator.scoring.scorecard import Scorecard
    from generator.text.findings import Finding

#: What details call attendance, plan and minutes of an activity, and how they word the first.
ATTENDANCE, PLAN, MINUTES = mark("考勤"), mark("方案"), mark("记录")
ATTENDED = mark("应到 {members} 人，到会 {present} 人，请假 {leave} 人，缺席 {absent} 人")
#: What is told where not all counts are, and what stands for one that is too low to be told.
COUNTED, FEW = ("members", "present"), mark("少于 5")
#: Keys of a decision that results have only where it has them.
FURTHER = ("addressees", "issued_by", "copies", "accept_claims")


def branch_result(
    card: Scorecard,
    data: BranchYear,
    verdicts: Verdicts,
    rubric: Rubric,
    consortia: Mapping[str, Consortium],
    *,
    details: bool = True,
) -> BranchResult:
    """Return the result of one branch, not placed yet; ``details`` adds what its pages show."""
    branch = data.branch
    kind, consortium = (branch.kind, branch.consortium) if branch else (None, None)
    return BranchResult(
        id=card.id,
        name=(branch.name if branch else None) or masked(card.id),
        kind=kind,
        kind_title=rubric.branch_kinds.get(kind, NO_TEXT) if kind else NO_TEXT,
        consortium=consortium,
        consortium_title=title_of(consortia, consortium),
        societies=branch.societies if branch else (),
        members=branch.members if branch else None,
        has_committee=bool(branch and branch.has_committee),
        status=card.status.value,
        fixed=card.fixed,
        bonus=card.bonus,
        total=card.total,
        low=card.low,
        high=card.high,
        done=card.done,
        of=len(rubric.criteria),
        submitted=f"{(data.assessment.submitted if data.assessment else None) or ''}",
        vetoes=vetoes_of(verdicts, rubric),
        sections=dict(card.sections),
        maxima=maxima(card.lines),
        portions=portions(card.lines),
        pending=card.pending,
        due=card.due,
        packed=pack(card.lines, card.bonus_lines, records_of(data, rubric)) if details else b"",
        formerly=data.names[1:],
    )


def title_of(consortia: Mapping[str, Consortium], consortium: str | None) -> Printable:
    """Return the title of a consortium, nothing of one that is not known."""
    known = consortia.get(consortium) if consortium else None
    return known.title if known else NO_TEXT


def records_of(data: BranchYear, rubric: Rubric) -> list[EvidenceRecord]:
    """Return all records of a branch as their pages show them."""
    counted = {record.path for record in data.facts}
    return [
        evidence_record(evidence, rubric, counted=evidence.path in counted)
        for evidence in [*data.evidence.values(), *data.standing.values()]
    ]


def placed(
    result: BranchResult,
    placing: Placing,
    rubric: Rubric,
    decision: Decision | None,
    candidates: tuple[Veto, ...] = (),
    appeals: Iterable[AppealEntry] = (),
) -> BranchResult:
    """Return a result with rank, grade and appeals, and the vetoes that its records point to."""
    choice = decision.grades.get(result.id) if decision else None
    titles = {band.id: band.title for band in rubric.grades}
    reason = (choice.reason if choice else None) or NO_TEXT
    return replace(
        result,
        vetoes=(*result.vetoes, *candidates),
        rank=placing.rank,
        rank_range=placing.rank_range,
        grade=placing.grade,
        grade_title=titles.get(placing.grade or "", NO_TEXT),
        computed_grade=placing.computed_grade,
        grade_reason=reason if choice and placing.grade == choice.grade else NO_TEXT,
        appeals=tuple(map(appeal_of, appeals)),
    )


def appeal_of(entry: AppealEntry) -> Appeal:
    """Return an appeal as results hold it."""
    return Appeal(
        entry.id,
        f"{entry.received}",
        entry.criterion or "",
        entry.matter,
        entry.state,
        entry.answer or NO_TEXT,
        f"{entry.date or ''}",
    )


def accepted_findings(findings: Iterable[Finding]) -> tuple[AcceptedFinding, ...]:
    """Return the findings that are accepted, in the order of their places."""
    found = (f for f in sorted(set(findings), key=lambda f: f.sort_key) if f.accepted)
    return tuple(
        AcceptedFinding(f.branch or "", f.code, masked(f.path), f.message, *f.accepted)
        for f in found
        if f.accepted
    )


def period_of(appraisal: Appraisal | None) -> tuple[str, str]:
    """Return the first and the last day of the period, empty where it is not written."""
    if appraisal is None or appraisal.period is None:
        return ("", "")
    return (f"{appraisal.period.start}", f"{appraisal.period.end}")


def deadline_of(appraisal: Appraisal | None) -> str:
    """Return the day by which branches assess themselves, empty where it is not written."""
    if appraisal is None or appraisal.deadlines is None:
        return ""
    return f"{appraisal.deadlines.self_assessment or ''}"


def publicity_of(appraisal: Appraisal | None) -> dict[str, Printable]:
    """Return when and where one objects, as results hold it; nothing where it is not written."""
    posted = appraisal.publicity if appraisal else None
    if posted is None:
        return {}
    found = {"from": masked(f"{posted.start}"), "to": masked(f"{posted.end}")}
    return found | ({"contact": posted.contact} if posted.contact else {})


def vetoes_of(verdicts: Verdicts, rubric: Rubric) -> tuple[Veto, ...]:
    """Return the veto facts on file."""
    rules = {rule.id: rule for rule in rubric.vetoes}
    found = []
    for entry in verdicts.vetoes:
        rule = rules.get(entry.veto) if entry.veto else None
        if not entry.valid or entry.state is None or rule is None:
            continue
        found.append(
            Veto(
                veto=rule.id,
                title=rule.title,
                clause=rule.clause,
                state=entry.state,
                reason=entry.reason or "",
                reference=entry.reference or NO_TEXT,
                date=f"{entry.date or ''}",
            )
        )
    return tuple(found)


def evidence_record(evidence: Evidence, rubric: Rubric, *, counted: bool) -> EvidenceRecord:
    """Return a record as its page shows it."""
    record, kind = evidence.record, evidence.kind or ""
    return EvidenceRecord(
        path=masked(evidence.path),
        file=masked(evidence.file),
        kind=kind,
        kind_title=rubric.vocabulary.kind_titles.get(kind, kind),
        title=record.title or NO_TEXT,
        date=f"{record.date or ''}",
        counted=counted,
        details=details(evidence, rubric),
        files=tuple(
            File(masked(a.name), media_type(a.name) or "", a.size, a.blob, a.usable)
            for a in evidence.attachments.values()
            if a.name in evidence.named
        ),
        url=None if isinstance(record, Activity) or record.url is None else masked(record.url),
        line=record.at("date").line,
        note="" if counted else uncounted_words(evidence),
        types=record.type if isinstance(record, Activity) and len(record.type) > 1 else (),
    )


def uncounted_words(evidence: Evidence) -> Message:
    """Say why a record is not counted."""
    if evidence.fact is None:
        return say("记录有误，见校验提示")
    if isinstance(evidence.record, Activity):
        return say("与另一份记录是同一活动")
    return say("往年的材料，只作佐证")


def details(evidence: Evidence, rubric: Rubric) -> tuple[tuple[Words, Value], ...]:
    """Return the fields of a record as pairs of title and text."""
    record = evidence.record
    pairs: list[tuple[Words, Value]] = []
    if isinstance(record, Activity):
        types = [rubric.activity_types.get(type_, type_) for type_ in record.type]
        pairs.append((say("类型"), listed(types) if len(types) > 1 else "".join(types)))
        pairs.append((say("地点"), record.place_ or ""))
        pairs.append((say("集中活动"), yes_no(record.collective)))
        if record.joint_with:
            pairs.append((say("联合开展"), listed(record.joint_with)))
        for title, name in ((PLAN, record.plan), (MINUTES, record.record)):
            pairs.append((say(title), name or say("没有")))
        pairs.append((say(ATTENDANCE), attendance_words(evidence)))
        return tuple(pairs)
    fields = evidence.fact.fields if evidence.fact else {}
    kind = rubric.document_kind(record.kind)
    pairs += [(name, value_words(fields.get(name))) for name in (kind.fields if kind else ())]
    return tuple(pairs)


def attendance_words(evidence: Evidence) -> Message:
    """Word the attendance of an activity."""
    record = evidence.record
    if not isinstance(record, Activity) or record.attendance is None:
        return say("没有")
    if not evidence.attendance:
        return say("对不上，未计")
    words = counts_words(evidence.attendance)
    if isinstance(record.attendance, AttendanceFile):
        return say("{words}（据 {file}）", words=words, file=record.attendance.file)
    return words


def counts_words(counts: Mapping[str, int | None]) -> Message:
    """Word counts; where one of them is not shown, who was due and who came alone."""
    if None not in counts.values():
        return say(ATTENDED, **counts)
    members, present = (say(FEW) if counts[name] is None else counts[name] for name in COUNTED)
    return say("应到 {members} 人，到会 {present} 人", members=members, present=present)


def yes_no(value: object) -> Message:
    """Word a boolean."""
    return say("是") if value else say("否")


def value_words(value: FieldValue) -> Value:
    """Word a field's value."""
    if value is None or value == "":
        return say("没有填")
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, tuple):
        return listed(value)
    return plain(value) if isinstance(value, int) else str(value)


def supervision_opinions(
    committee: CommitteeYear, consortia: Mapping[str, Consortium]
) -> tuple[SupervisionOpinion, ...]:
    """Return what the supervision teams think."""
    return tuple(
        SupervisionOpinion(
            team,
            item.title or masked(team),
            item.order,
            item.opinion or NO_TEXT,
            tuple(title_of(consortia, name) or masked(name) for name in item.order),
        )
        for team, item in committee.supervision.items()
    )


def decision_told(decision: Decision | None) -> dict[str, Printable]:
    """Return what results tell of the committee's decision; some keys only where it has them."""
    if decision is None:
        return {}
    further = {name: getattr(decision, name) for name in FURTHER}
    return {
        "meeting": decision.meeting or NO_TEXT,
        "decided": masked(f"{decision.decided or ''}"),
        "notice": decision.notice or NO_TEXT,
        **{name: words for name, words in further.items() if words},
    }


def suspected(inactive: Iterable[Candidate]) -> dict[str, tuple[Veto, ...]]:
    """Return branch → the vetoes that its records point to."""
    found: dict[str, tuple[Veto, ...]] = {}
    for item in inactive:
        rule = item.rule
        veto = Veto(rule.id, rule.title, rule.clause, "candidate", item.reason)
        found[item.branch] = (*found.get(item.branch, ()), veto)
    return found
