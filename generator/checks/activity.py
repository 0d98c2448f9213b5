"""The longest stretch without activity, over the years on file (docs/format.md §5, rule 7).

A branch keeps what tells of it; it is judged in the year's step, since it hangs on the date of the
data, which nothing that is kept of a branch may do.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import pairwise

# Any: JSON of what is kept.
from typing import TYPE_CHECKING, Any

from generator.rubric.measures import ACTIVITY
from generator.text.findings import Place
from generator.text.messages import Words, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.formats.received import VetoEntry
    from generator.loading.branch import Setting
    from generator.loading.evidence import BranchYear
    from generator.rubric.document import Rubric, VetoRule


@dataclass(frozen=True, slots=True)
class Candidate:
    """A veto that records of a branch point to."""

    branch: str
    home: Place
    rule: VetoRule
    reason: Words


@dataclass(frozen=True, slots=True)
class Activity:
    """When a branch was active: days since year 1, from ``start`` on; ``start`` 0: unknown.

    ``known`` says that last year is on file, or that the branch did not exist then. ``decided``
    are the vetoes that the committee has a file on.
    """

    branch: str
    home: Place
    start: int
    days: tuple[int, ...]
    known: bool
    decided: tuple[str, ...]

    def to_json(self) -> list[Any]:
        """Return what a branch keeps as JSON."""
        return [self.home, self.start, self.days, self.known, self.decided]

    @classmethod
    def of_json(cls, branch: str, value: Any) -> Activity:
        """Return it from JSON; raises TypeError or ValueError."""
        home, start, days, known, decided = value
        return cls(branch, Place(*home), start, tuple(days), known, tuple(decided))

    def reaches(self, until: datetime.date) -> bool:
        """Whether a day is one that tells of the branch."""
        return 0 < self.start <= until.toordinal()

    def judge(self, rule: VetoRule, limit: int, until: datetime.date) -> Candidate | None:
        """Return a candidate if the longest stretch up to a day reaches ``limit`` days."""
        last = until.toordinal()
        if not self.reaches(until):
            return None
        begin, end = longest_stretch(self.start, [day for day in self.days if day <= last], last)
        if end - begin < limit:
            return None
        reason = say(
            "{begin} 至 {end} 共 {n} 天没有活动记录，办法以 {limit} 天为限",
            begin=datetime.date.fromordinal(begin),
            end=datetime.date.fromordinal(end),
            n=end - begin,
            limit=limit,
        )
        return Candidate(self.branch, self.home, rule, reason)


def activity_of(
    data: BranchYear,
    setting: Setting,
    vetoes: Iterable[VetoEntry],
    earlier: Iterable[datetime.date],
    years: frozenset[int],
) -> Activity:
    """Return when a branch was active, for the year's step; ``years`` are those on its file."""
    period, branch = setting.period, data.branch
    decided = tuple(sorted({entry.veto for entry in vetoes if entry.veto}))
    if period is None or branch is None or branch.established is None:
        return Activity(data.id, data.home, 0, (), known=True, decided=decided)
    start = max(branch.established, first_day_on_file(setting.year, years, period[0]))
    days = {fact.date for fact in data.facts if fact.kind == ACTIVITY} | set(earlier)
    found = tuple(sorted(day.toordinal() for day in days if day >= start))
    known = setting.year - 1 in years or branch.established >= period[0]
    return Activity(data.id, data.home, start.toordinal(), found, known, decided)


def limits(rubric: Rubric) -> Iterator[tuple[VetoRule, int]]:
    """Yield the vetoes that inactivity leads to, each with its days."""
    for rule in rubric.vetoes:
        limit = rule.detect.inactivity.days if rule.detect and rule.detect.inactivity else None
        if limit is not None:
            yield rule, limit


def candidates(
    rubric: Rubric, activities: Iterable[Activity], until: datetime.date | None
) -> tuple[Candidate, ...]:
    """Return the vetoes by inactivity that the committee has not decided yet, up to a day."""
    rules = tuple(limits(rubric)) if until is not None else ()
    found = (
        activity.judge(rule, limit, until)
        for activity in activities
        for rule, limit in rules
        if until is not None and rule.id not in activity.decided
    )
    return tuple(candidate for candidate in found if candidate is not None)


def first_day_on_file(year: int, years: frozenset[int], start: datetime.date) -> datetime.date:
    """Return the first day that the unbroken run of years on file up to this one covers."""
    while year - 1 in years:
        year -= 1
        start = datetime.date(year, 1, 1)
    return start


def longest_stretch(start: int, days: list[int], end: int) -> tuple[int, int]:
    """Return first and last day of the longest stretch between neighbouring days."""
    return max(pairwise((start, *days, end)), key=lambda pair: pair[1] - pair[0])
