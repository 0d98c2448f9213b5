"""When results are posted and where one objects, and appeals as pages show them.

The days stand in the page; how many are left is told by a script, so that no page hangs on the day
on which it is made.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.committee_files import PUBLICITY
from generator.formats.received import APPEAL_STATES, SUBJECTS
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from generator.results.model import Appeal, BranchResult, Results
    from generator.rubric.document import Rubric

MONTHS = (
    mark("1月"), mark("2月"), mark("3月"), mark("4月"), mark("5月"), mark("6月"),
    mark("7月"), mark("8月"), mark("9月"), mark("10月"), mark("11月"), mark("12月"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posting:
    """The first and the last day of publicity (``yyyy-mm-dd``), and where one objects."""

    start: str
    end: str
    contact: str

    @property
    def days(self) -> str:
        """The days as people write them."""
        first, last = map(datetime.date.fromisoformat, (self.start, self.end))
        if first == last:
            return day_words(last)
        if (first.year, first.month) == (last.year, last.month):
            month = gettext(MONTHS[first.month - 1])
            return tr("{month}{first}日至{last}日", month=month, first=first.day, last=last.day)
        if first.year == last.year:
            return tr("{first}至{last}", first=day_words(first), last=day_words(last))
        return tr("{start} 至 {end}", start=self.start, end=self.end)

    @property
    def until(self) -> str:
        """The last day as people write it."""
        return day_words(datetime.date.fromisoformat(self.end))


def day_words(day: datetime.date) -> str:
    """Return a day of the year as people write it."""
    return tr("{month}{day}日", month=gettext(MONTHS[day.month - 1]), day=day.day)


def posting_of(results: Results) -> Posting | None:
    """Return when and where one objects, or objected; None where the committee wrote nothing."""
    told = results.publicity
    if not told:
        return None
    return Posting(told.get("from", ""), told.get("to", ""), told.get("contact", ""))


def posted(results: Results) -> bool:
    """Whether a year is posted, was, or will be on a day that is known."""
    appeals = any(branch.appeals for branch in results.branches)
    return results.stage == PUBLICITY or bool(results.publicity) or appeals


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal, what it is about, its state in words; ``anchor`` is the line of the scorecard."""

    appeal: Appeal
    subject: str
    state: str
    anchor: str


def appeals_of(rubric: Rubric, branch: BranchResult) -> tuple[AppealView, ...]:
    """Return the appeals of a branch as they are shown, in the order of the file."""
    lines = {line.criterion for line in branch.criteria}
    return tuple(
        AppealView(
            appeal,
            subject_of(rubric, appeal.criterion),
            gettext(APPEAL_STATES.get(appeal.state, appeal.state)),
            appeal.criterion if appeal.criterion in lines else "",
        )
        for appeal in branch.appeals
    )


def subject_of(rubric: Rubric, name: str) -> str:
    """Return in words what an appeal is about."""
    if not name:
        return gettext("整体结果")
    _, criterion = rubric.criteria.get(name, (None, None))
    return criterion.title if criterion else gettext(SUBJECTS.get(name, name))
