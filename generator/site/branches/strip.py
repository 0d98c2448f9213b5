"""Where a branch's total stands among all totals, with its range and the lines of the grades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.site.branches.peers import ENOUGH
from generator.site.data.drawing import at

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.results.model import BranchResult
    from generator.rubric.document import Rubric
    from generator.site.branches.peers import Peers

#: As many figures of the axis fit on a narrow screen; of more, every second gives way there.
NARROW = 7
EVERY = 2


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure of the axis; ``anchor`` is how its text stands to its place."""

    x: str
    points: Decimal
    anchor: str
    minor: bool


@dataclass(frozen=True, slots=True)
class GradeLine:
    """The least total of a grade."""

    x: str
    points: Decimal
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A branch's total and its range on the scale of all totals."""

    total: str
    low: str
    high: str
    ticks: tuple[Tick, ...]
    lines: tuple[GradeLine, ...]


def strip_of(rubric: Rubric, branch: BranchResult, peers: Peers) -> Strip | None:
    """Return where a branch stands; None if it is unranked or the only one."""
    if branch.rank is None or branch.total is None or peers.ranked < ENOUGH:
        return None
    start, end = peers.scale.start, peers.scale.end
    last = len(peers.scale.ticks) - 1
    ticks = tuple(
        Tick(
            at(value, start, end),
            value,
            "start" if number == 0 else "end" if number == last else "middle",
            minor=last >= NARROW and number % EVERY == 1,
        )
        for number, value in enumerate(peers.scale.ticks)
    )
    return Strip(
        at(branch.total, start, end),
        at(branch.total if branch.low is None else branch.low, start, end),
        at(branch.total if branch.high is None else branch.high, start, end),
        ticks,
        grade_lines(rubric, start, end),
    )


def grade_lines(rubric: Rubric, start: Decimal, end: Decimal) -> tuple[GradeLine, ...]:
    """Return the lines between grades that lie on a scale; the last grade takes the rest."""
    return tuple(
        GradeLine(at(band.min, start, end), band.min, band.title)
        for band in rubric.grades[:-1]
        if start < band.min < end
    )
