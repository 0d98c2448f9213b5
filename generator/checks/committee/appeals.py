"""Checks of publicity and appeals: what is asked is answered, and an answer has its consequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.committee.consequences import has_consequence
from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check, open_severity
from generator.files.paths import appraisal_path
from generator.formats.committee_files import FINAL, PUBLICITY
from generator.formats.nodes import is_absent
from generator.formats.received import SUBJECTS
from generator.text.codes import Severity
from generator.text.findings import Place
from generator.text.language import mark
from generator.text.messages import say
from generator.text.unknown import Known, report_unknown

if TYPE_CHECKING:
    from generator.formats.received import AppealEntry
    from generator.text.messages import Words

NO_PUBLICITY = mark("已进入公示，没有写公示期和受理异议的地方")
WRITE_PUBLICITY = mark(
    "在 appraisal.yml 里加一行，写上起止日和去处，例如 "
    "publicity: {{from: {year}-01-22, to: {year}-01-28, contact: 考核办公室}}"
)
STILL_OPEN = mark("申诉“{id}”还没有答复，不能定稿")
OVERDUE = mark("公示已于 {end} 结束，申诉“{id}”还没有答复")
NO_CONSEQUENCE = mark("申诉“{id}”已采纳，此后核定、等次和一票否决都没有改动")
ACT = mark(
    "按答复改这个支部的核定、一票否决，或 decision.yml 里的等次；不必改的，写 dismissed 和理由"
)
TWICE = mark("申诉的编号“{id}”重复")
OTHER_ID = mark("换一个没有用过的编号")
UNANSWERED = {
    "answer": mark("申诉“{id}”已有结论，没有写答复（answer）"),
    "date": mark("申诉“{id}”已有结论，没有写答复日期（date）"),
}
SAY_WHY = mark("补上答复和日期，它们会登在支部的评分卡上")


@check(COMMITTEE_CHECKS, "C011")
def publicity(context: YearContext) -> None:
    """Results are posted with the days of publicity, and where one objects."""
    appraisal = context.committee.appraisal
    if appraisal is None or context.committee.stage != PUBLICITY:
        return
    _, written = appraisal.node.entries.get("publicity", (None, None))
    if written is None or is_absent(written):
        context.report.add(
            "C011",
            Place(appraisal_path(context.committee.year)),
            NO_PUBLICITY,
            hint=WRITE_PUBLICITY,
            severity=Severity.WARNING,
            year=context.committee.year + 1,
        )


@check(COMMITTEE_CHECKS, "S001", "S003", "S004", "C011")
def appeals(context: YearContext) -> None:
    """Appeals are told apart, say what they are about, and are answered in time."""
    committee = context.committee
    for branch, entries in committee.appeals.items():
        with context.report.about(branch, committee.year):
            known: set[str] = set()
            for entry in entries:
                if entry.id in known:
                    place = entry.at("id")
                    context.report.add("S003", place, TWICE, hint=OTHER_ID, id=entry.id)
                known.add(entry.id)
                _subject(context, entry)
                if entry.state == "open":
                    _unsettled(context, entry)
                else:
                    _answered(context, branch, entry)


def _subject(context: YearContext, entry: AppealEntry) -> None:
    """S004 on what is neither a criterion nor one of the other subjects."""
    name, rubric = entry.criterion, context.rubric
    if name is None or name in SUBJECTS or name in rubric.criteria or not rubric.has_all_criteria:
        return
    titles: dict[str, Words] = {own: say(title) for own, title in SUBJECTS.items()}
    titles |= {own: item.title for own, (_, item) in rubric.criteria.items()}
    report_unknown(context.report, "S004", entry.at("criterion"), name, Known(titles, titles))


def _unsettled(context: YearContext, entry: AppealEntry) -> None:
    """C011 on an open appeal at the end of the year, or after the publicity."""
    committee, place = context.committee, entry.at("state")
    appraisal = committee.appraisal
    posted = appraisal.publicity if appraisal else None
    if committee.stage == FINAL:
        severity = open_severity(committee, "C011")
        context.report.add("C011", place, STILL_OPEN, severity=severity, id=entry.id)
    elif posted and context.day and context.day > posted.end:
        warning, end = Severity.WARNING, f"{posted.end}"
        context.report.add("C011", place, OVERDUE, severity=warning, id=entry.id, end=end)


def _answered(context: YearContext, branch: str, entry: AppealEntry) -> None:
    """S001 on a decision without answer or day; C011 where one that was upheld changed nothing."""
    place, severity = entry.at("state"), Severity.WARNING
    for name, words in UNANSWERED.items():
        if entry.valid and getattr(entry, name) is None:
            context.report.add("S001", place, words, hint=SAY_WHY, severity=severity, id=entry.id)
    upheld = entry.state == "upheld" and branch in context.branch_ids
    if upheld and not has_consequence(context, branch, entry):
        context.report.add("C011", place, NO_CONSEQUENCE, hint=ACT, severity=severity, id=entry.id)
