"""Checks of the committee's files of a year: unknown ids, open questions, the decision."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from generator.checks.misplaced import report_misplaced
from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check, open_severity
from generator.files.misplaced.leftovers import is_leftover
from generator.files.misplaced.outside import find_in_committee
from generator.files.paths import (
    REVIEWS_FOLDER,
    YAML,
    CommitteePath,
    appraisal_path,
)
from generator.formats.branch_files import account
from generator.formats.kept import BRANCH_GROUPS, COMMON_NAMES, YEAR_NAMES
from generator.rubric.methods.ballot import Ballot
from generator.rubric.methods.parts import Parts
from generator.text.codes import Severity
from generator.text.findings import Place
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import SHORT, visible
from generator.text.unknown import NAMED, Known, nearest_text, report_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.formats.committee_files import DebriefEntry, GradeDecision
    from generator.text.messages import Words

TOO_MANY = mark("收回 {n} 张（有效 {valid} 张、废票 {void} 张），多于发出的 {issued} 张")
OTHERS = mark("发出 {issued} 张，同一次会上别的支部多为 {usual} 张")
COUNT_AGAIN = mark("核对发出的票数；确实不同的，不用改")
NO_REASON = mark("书面述职评了 {points} 分，没有写理由")
GIVE_REASON = mark("在 reason 后面写出评分的理由")


RENAME = mark("把文件改名为支部的编号加 .yml；没有这个支部的，删去文件")


def _unknown(
    context: YearContext, value: str, place: Place, titles: Mapping[str, Words], rest: str = ""
) -> None:
    """Report S004 without a guess: whom it concerns, and what it gives, hangs on the id."""
    known = Known(titles, titles, guess=False, rest=rest)
    report_unknown(context.report, "S004", place, value, known, most=NAMED)


@check(COMMITTEE_CHECKS, "E001", "E002", "E019")
def files(context: YearContext) -> None:
    """The year has its appraisal.yml, and every committee file has a known name."""
    year = context.committee.year
    own = appraisal_path(year)
    if own not in context.entries:
        context.report.add("E001", Place(own), "缺少 {year} 年的 appraisal.yml", year=year)
    found = {path: CommitteePath.of(path) for path in context.entries if not is_leftover(path)}
    strange = [path for path, own in found.items() if own is not None and own.kind is None]
    misplaced = find_in_committee(strange, context.branch_ids, found)
    covered = report_misplaced(misplaced, context.report)
    for path in strange:
        if path not in covered:
            name = path.rpartition("/")[2]
            known = (*COMMON_NAMES, *YEAR_NAMES)
            context.report.add(
                "E002",
                Place(visible(path)),
                "党委的文件夹里没有叫“{value}”的文件，它不会被读取{nearest}",
                hint="改成规定的名称（如 decision.yml）；不用的，移到 docs 或删去",
                value=visible(name, SHORT),
                nearest=nearest_text(name, known),
            )


@check(COMMITTEE_CHECKS, "S004")
def known_branches(context: YearContext) -> None:
    """Reviews, vetoes, ballots and grades concern branches that exist."""
    committee = context.committee
    ids = dict.fromkeys(sorted(context.branch_ids), "")
    named = [
        (name, Place(f"{committee.folder}/{group}/{name}{YAML}"))
        for group in BRANCH_GROUPS
        for name in sorted(committee.files[group])
    ]
    if committee.debrief:
        found = committee.debrief
        named += [(name, found.at_key("branches", name)) for name in found.branches]
    if committee.decision:
        choice = committee.decision
        named += [(name, choice.at_key("grades", name)) for name in choice.grades]
    for name, place in named:
        if name not in context.branch_ids:
            with context.report.about(name, committee.year):
                _unknown(context, name, place, ids, "" if place.pointer else RENAME)


@check(COMMITTEE_CHECKS, "C019")
def own_reviewers(context: YearContext) -> None:
    """No account of the committee files for a branch that has been reviewed."""
    if not context.members:
        return
    reviewed = context.committee.files[REVIEWS_FOLDER]
    for summary in context.summaries:
        if summary.id not in reviewed or not context.concerns(summary.id):
            continue
        with context.report.about(summary.id, context.committee.year):
            for name, place in summary.submitters:
                if account(name) in context.members:
                    words = "这个报送账号也是党委的账号，评审这个支部时应当回避"
                    context.report.add("C019", place, words)


@check(COMMITTEE_CHECKS, "S001", "S004", "R001")
def debrief(context: YearContext) -> None:
    """Ballots are of the rubric's levels; a written report's points stay within the maximum."""
    maximum = max(
        (
            item.points
            for _, criterion in context.rubric.criteria.values()
            for item in (criterion, *criterion.parts)
            if isinstance(item.method, Ballot) and not isinstance(item.method, Parts)
        ),
        default=None,
    )
    entries = context.committee.debrief.branches if context.committee.debrief else {}
    for entry in entries.values():
        for level in entry.ballots:
            if level not in context.rubric.ballot:
                titles = context.rubric.names["ballot"]
                _unknown(context, level, entry.at_key("ballots", level), titles)
        _written(context, entry)
        if entry.points is not None and maximum is not None and not 0 <= entry.points <= maximum:
            context.report.add(
                "R001",
                entry.at("points"),
                "书面述职 {points} 分，分值是 {max} 分",
                hint="points 应在 0 与 {max} 之间",
                points=entry.points,
                max=maximum,
            )


def _written(context: YearContext, entry: DebriefEntry) -> None:
    if entry.valid and entry.mode == "written" and entry.points is None:
        words = say("“points”（书面述职得分）")
        context.report.add("S001", entry.place, "缺少{words}", words=words)


@check(COMMITTEE_CHECKS, "C010")
def ballots(context: YearContext) -> None:
    """No more ballots come back than were handed out; a written report's points have a reason."""
    committee = context.committee
    entries = committee.debrief.branches if committee.debrief else {}
    usual = usually_issued([e for e in entries.values() if e.valid])
    for name, entry in entries.items():
        if not entry.valid:
            continue
        with context.report.about(name, committee.year):
            _issued(context, entry, usual)
            if entry.mode == "written" and entry.points is not None and not entry.reason:
                at, points = entry.at("points"), entry.points
                severity = Severity.WARNING
                context.report.add(
                    "C010", at, NO_REASON, hint=GIVE_REASON, severity=severity, points=points
                )


def usually_issued(entries: list[DebriefEntry]) -> int | None:
    """Return how many ballots most branches of the meeting were given, the first where equal."""
    issued = Counter(e.issued for e in entries if e.mode == "onsite" and e.issued is not None)
    return issued.most_common(1)[0][0] if issued else None


def _issued(context: YearContext, entry: DebriefEntry, usual: int | None) -> None:
    """Compare what was handed out with what came back, and with the others of the meeting."""
    if entry.issued is None:
        return
    valid = sum(entry.ballots.values())
    if valid + entry.void > entry.issued:
        context.report.add(
            "C010",
            entry.at("issued"),
            TOO_MANY,
            n=valid + entry.void,
            valid=valid,
            void=entry.void,
            issued=entry.issued,
        )
    if entry.mode == "onsite" and entry.issued != usual:
        context.report.add(
            "C010",
            entry.at("issued"),
            OTHERS,
            hint=COUNT_AGAIN,
            severity=Severity.WARNING,
            issued=entry.issued,
            usual=usual,
        )


@check(COMMITTEE_CHECKS, "C003")
def open_questions(context: YearContext) -> None:
    """Questions that the document leaves open are shown until someone decides them."""
    for question in context.rubric.open_questions:
        context.report.add(
            "C003",
            question.place,
            "“{id}”（{clause}）{issue}",
            severity=open_severity(context.committee, "C003"),
            id=question.id,
            clause=question.clause,
            issue=question.issue,
        )


@check(COMMITTEE_CHECKS, "C004", "S004")
def decision(context: YearContext) -> None:
    """There is a decision; a grade that differs from the computed one has a reason."""
    committee = context.committee
    if committee.decision is None:
        path = f"{committee.folder}/decision.yml"
        if path not in context.entries:
            appraisal = f"{committee.folder}/appraisal.yml"
            context.report.add(
                "C004",
                Place(appraisal),
                "还没有党委评定 decision.yml",
                severity=open_severity(committee, "C004"),
            )
        return
    for name, choice in committee.decision.grades.items():
        if choice.grade is not None and name in context.branch_ids:
            with context.report.about(name, committee.year):
                _grade(context, name, choice, choice.grade)


def _grade(context: YearContext, name: str, choice: GradeDecision, grade: str) -> None:
    bands = {band.id: band.title for band in context.rubric.grades}
    computed = context.computed_grades.get(name)
    if grade not in bands:
        if context.rubric.is_whole("grades", context.rubric.grades):
            _unknown(context, grade, choice.at("grade"), bands)
    elif computed == grade:
        return
    elif name in context.vetoed:
        context.report.add(
            "C004", choice.at("grade"), "一票否决的支部等次不能改", severity=Severity.ERROR
        )
    elif not choice.reason:
        context.report.add(
            "C004",
            choice.at("grade"),
            "等次“{grade}”与计算的“{computed}”不同，没有写理由",
            severity=Severity.ERROR,
            grade=bands[grade],
            computed=bands.get(computed or "", say("未定")),
        )
