"""The longest stretch without activity, over the years on file (docs/format.md §5, rule 7)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.rubric.measures import ACTIVITY
from generator.text.messages import Words, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.checks.registry import BranchContext
    from generator.rubric.document import VetoRule


@dataclass(frozen=True, slots=True)
class Candidate:
    """A veto that records point to; ``certain`` is False if history is missing."""

    rule: VetoRule
    reason: Words
    certain: bool


def candidates(context: BranchContext) -> Iterator[Candidate]:
    """Yield the vetoes by inactivity that the committee has not decided yet."""
    decided = {entry.veto for entry in context.vetoes}
    for rule in context.rubric.vetoes:
        limit = rule.detect.inactivity.days if rule.detect and rule.detect.inactivity else None
        if limit is None or rule.id in decided:
            continue
        found = judge(context, rule, limit)
        if found is not None:
            yield found


def judge(context: BranchContext, rule: VetoRule, limit: int) -> Candidate | None:
    """Return a candidate if the longest stretch reaches ``limit`` days, or nobody can tell."""
    period = context.setting.period
    branch = context.data.branch
    if period is None or branch is None or branch.established is None:
        return None
    year = context.setting.year
    start = max(branch.established, first_day_on_file(context, period[0]))
    days = sorted({r.date for r in context.data.facts if r.kind == ACTIVITY} | set(context.earlier))
    begin, end = longest_stretch(start, [d for d in days if start <= d <= period[1]], period[1])
    if (end - begin).days >= limit:
        reason = say(
            "{begin} 至 {end} 共 {n} 天没有活动记录，办法以 {limit} 天为限",
            begin=begin,
            end=end,
            n=(end - begin).days,
            limit=limit,
        )
        return Candidate(rule, reason, certain=True)
    if year - 1 not in context.years_on_file and branch.established < period[0]:
        reason = say("没有 {year} 年的记录，无法判断", year=year - 1)
        return Candidate(rule, reason, certain=False)
    return None


def first_day_on_file(context: BranchContext, start: datetime.date) -> datetime.date:
    """Return the first day that the unbroken run of years on file up to this one covers."""
    year = context.setting.year
    while year - 1 in context.years_on_file:
        year -= 1
        start = datetime.date(year, 1, 1)
    return start


def longest_stretch(
    start: datetime.date, days: list[datetime.date], end: datetime.date
) -> tuple[datetime.date, datetime.date]:
    """Return first and last day of the longest stretch between neighbouring dates."""
    marks = [start, *days, max(start, end)]
    return max(pairwise(marks), key=lambda pair: pair[1] - pair[0])
