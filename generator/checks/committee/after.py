"""Checks of what came after the results: talks and funds are of branches that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check
from generator.text.unknown import NAMED, Known, report_unknown

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.formats.after import AfterYear
    from generator.text.findings import Report


@check(COMMITTEE_CHECKS, "S004")
def known_branches(context: YearContext) -> None:
    """Each talk and each amount names a branch, by its id or one that it had before."""
    after = context.committee.after
    if after is not None:
        former = {name for summary in context.summaries for name, _ in summary.formerly}
        tell_unknown(after, context.report, context.committee.year, context.branch_ids | former)


def named(after: AfterYear) -> set[str]:
    """Return the ids of branches that a file names."""
    return {entry.branch for entry in after.entries}


def tell_unknown(after: AfterYear, report: Report, year: int, there: Collection[str]) -> None:
    """Report S004 for branches that are not there, without a guess: all hangs on the id."""
    known = Known(sorted(there), {}, guess=False)
    for entry in after.entries:
        if entry.branch not in there:
            with report.about(entry.branch, year):
                report_unknown(report, "S004", entry.at("branch"), entry.branch, known, most=NAMED)
