"""Vetoes that records point to: candidates for the committee, and what nobody can tell."""

from __future__ import annotations

from generator.checks.activity import limits
from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check, open_severity
from generator.files.paths import VETOES_FOLDER, YAML
from generator.text.findings import Place


@check(COMMITTEE_CHECKS, "R004")
def inactivity(context: YearContext) -> None:
    """A branch without activity for as long as the rubric says is a candidate for its veto."""
    year = context.committee.year
    for candidate in context.inactive:
        with context.report.about(candidate.branch, year):
            context.report.add(
                "R004",
                candidate.home,
                "“{title}”（{clause}）：{reason}",
                severity=open_severity(context.committee, "R004"),
                title=candidate.rule.title,
                clause=candidate.rule.clause,
                reason=candidate.reason,
            )


@check(COMMITTEE_CHECKS, "R004")
def untold(context: YearContext) -> None:
    """Of a branch whose last year is not on file nobody can tell: the committee's to know.

    It stands at the file that settles it, and belongs to no branch.
    """
    year, until = context.committee.year, context.until
    if until is None:
        return
    told = {(candidate.branch, candidate.rule.id) for candidate in context.inactive}
    for activity in context.activities:
        for rule, _ in limits(context.rubric):
            known = activity.known or not activity.reaches(until) or rule.id in activity.decided
            if known or (activity.branch, rule.id) in told:
                continue
            with context.report.about(None, year):
                context.report.add(
                    "R004",
                    Place(f"{context.committee.folder}/{VETOES_FOLDER}/{activity.branch}{YAML}"),
                    "“{title}”（{clause}）：没有 {year} 年的记录，无法判断",
                    title=rule.title,
                    clause=rule.clause,
                    year=year - 1,
                )
