"""What is left to decide: by branch, by criterion, by who decides; and what became stale.

A criterion is left where it rests on a claim alone, or on nothing; what the program counts needs
nobody. Stale is a decision whose claim or files changed since (C002).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from generator.reports.findings import safe
from generator.results.after import NOTHING, by_branch, day_of
from generator.scoring.scorecard import Basis
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.results.after import After
    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric
    from generator.text.findings import Finding

LEFT = frozenset({Basis.CLAIMED, Basis.PENDING})
STALE = "C002"


class Waiting(NamedTuple):
    """A branch with what is left: criteria, stale decisions, bonus claims; who last looked."""

    branch: BranchResult
    left: int
    stale: int
    bonus: int
    last_by: str
    last_on: str


class Column(NamedTuple):
    """A criterion, of how many branches it is left, and of how many it was decided."""

    id: str
    title: str
    left: int
    decided: int


class Reviewer(NamedTuple):
    """Who decides, how many criteria that is, and the last day."""

    name: str
    decided: int
    last_on: str


class Rectifying(NamedTuple):
    """What a talk after the results of an earlier year asked, and whether its last day is over.

    ``branch`` is None for one that has no result this year.
    """

    branch: BranchResult | None
    id: str
    year: int
    asked: str
    until: str
    late: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """The review queue of a year: branches with something left, the most first.

    ``carried`` is what talks of earlier years asked and is not put right yet.
    """

    year: int
    waiting: tuple[Waiting, ...]
    done: int
    criteria: tuple[Column, ...]
    reviewers: tuple[Reviewer, ...]
    carried: tuple[Rectifying, ...] = ()

    @property
    def left(self) -> int:
        """How many decisions are left in all."""
        return sum(item.left + item.stale + item.bonus for item in self.waiting)


def queue_of(
    results: Results, rubric: Rubric, findings: Iterable[Finding], after: After = NOTHING
) -> Queue:
    """Return what is left of a year."""
    stale = Counter(f.branch for f in findings if f.code == STALE and f.year == results.year)
    left: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    offices: Counter[str] = Counter()
    days: dict[str, str] = {}
    found, done = [], 0
    for branch in results.branches:
        lines = [line for line in branch.criteria if line.criterion]
        own = [line for line in lines if line.basis in LEFT]
        left.update(line.criterion or "" for line in own)
        last = ("", "")
        for line in lines:
            if line.basis in {Basis.VERIFIED, Basis.NOT_APPLICABLE} and line.decided_on:
                decided[line.criterion or ""] += 1
                offices[line.decided_by] += 1
                days[line.decided_by] = max(days.get(line.decided_by, ""), line.decided_on)
                last = max(last, (line.decided_on, line.decided_by))
        bonus = sum(line.status == Basis.CLAIMED.value for line in branch.bonus_lines)
        item = Waiting(branch, len(own), stale[branch.id], bonus, last[1], last[0])
        if item.left or item.stale or item.bonus:
            found.append(item)
        else:
            done += 1
    found.sort(key=lambda item: (-(item.left + item.stale + item.bonus), item.branch.id))
    titles = {name: f"{criterion.title}" for name, (_, criterion) in rubric.criteria.items()}
    columns = (Column(name, title, left[name], decided[name]) for name, title in titles.items())
    people = (Reviewer(name, n, days[name]) for name, n in offices.most_common())
    carried = tuple(rectifying(results, after))
    return Queue(results.year, tuple(found), done, tuple(columns), tuple(people), carried)


def rectifying(results: Results, after: After) -> Iterator[Rectifying]:
    """Yield what talks of earlier years asked and is open, by the date of the data."""
    known, day = by_branch(results.branches), day_of(results)
    for item in after.carried:
        talk = item.talk
        until = talk.until.isoformat() if talk.until else ""
        own = known.get(talk.branch)
        yield Rectifying(own, talk.branch, item.year, talk.asked or "", until, item.is_late(day))


def as_text(queue: Queue) -> str:
    """Return the queue for a terminal."""
    lines = [tr("{year} 年还有 {n} 项要核定", year=queue.year, n=queue.left)]
    for item in queue.waiting:
        parts = [tr("未核定 {n}", n=item.left)] if item.left else []
        parts += [tr("材料已变 {n}", n=item.stale)] if item.stale else []
        parts += [tr("加分 {n}", n=item.bonus)] if item.bonus else []
        name = f"{item.branch.id}  {safe(item.branch.name)}"
        lines.append(
            gettext("  ") + tr("{name}：{parts}", name=name, parts=gettext("，").join(parts))
        )
    if queue.done:
        lines.append(tr("没有要核定的支部：{n} 个", n=queue.done))
    lines += [
        gettext("  ") + tr("{name}：{n} 个支部未核定", name=safe(own.title), n=own.left)
        for own in queue.criteria
        if own.left
    ]
    if queue.carried:
        lines.append(tr("往年谈话要求、还没有完成的整改：{n} 项", n=len(queue.carried)))
        lines += (gettext("  ") + rectify_words(item) for item in queue.carried)
    return "\n".join(lines) + "\n"


def rectify_words(item: Rectifying) -> str:
    """Return one line about what is to be put right."""
    name = f"{item.branch.id if item.branch else item.id}"
    name += f"  {safe(item.branch.name)}" if item.branch else ""
    told = tr("{name}：{asked}（{year} 年度）", name=name, asked=safe(item.asked), year=item.year)
    if not item.until:
        return told
    words = mark("{told}，期限 {day}，已过") if item.late else mark("{told}，期限 {day}")
    return tr(words, told=told, day=item.until)
