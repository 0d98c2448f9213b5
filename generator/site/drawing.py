"""Drawings as figures: axes, bars and their pieces, in percent of the width they are given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.scorecard import Basis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.results import BranchResult, Results
    from generator.rubric import Rubric
    from generator.scorecard import Line

ZERO = Decimal(0)
TEN = Decimal(10)
HUNDRED = Decimal(100)
#: Room beside the axis, in percent, so that dots and labels at its ends are whole.
MARGIN = Decimal(4)
MOST_TICKS = 6

#: How certain a figure is, from the darkest ink to the lightest.
INKS = ("verified", "computed", "claimed", "pending")
SOLID = frozenset({Basis.VERIFIED, Basis.NOT_APPLICABLE, Basis.SCALED})


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure on an axis and where it stands."""

    value: Decimal
    x: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of points with its ticks, and the least totals of grades as guides."""

    start: Decimal
    end: Decimal
    ticks: tuple[Tick, ...]
    guides: tuple[Tick, ...]

    @classmethod
    def of(cls, results: Results | None, rubric: Rubric) -> Scale:
        """Return the axis that holds the range of every ranked total."""
        ranked = [b for b in results.branches if b.rank is not None] if results else []
        lows = [b.low for b in ranked if b.low is not None]
        highs = [b.high for b in ranked if b.high is not None]
        start = (min(lows, default=ZERO) // TEN) * TEN
        end = max(-(-max(highs, default=HUNDRED) // TEN) * TEN, start + TEN)
        bare = cls(start, end, (), ())
        step = TEN
        while (end - start) / step > MOST_TICKS:
            step *= 2
        count = int((end - start) / step) + 1
        ticks = tuple(Tick(start + step * n, bare.x(start + step * n)) for n in range(count))
        bands = (band.min for band in rubric.grades if start < band.min < end)
        return cls(start, end, ticks, tuple(Tick(least, bare.x(least)) for least in bands))

    def x(self, value: Decimal) -> Decimal:
        """Return where a total stands."""
        return MARGIN + (value - self.start) * (HUNDRED - 2 * MARGIN) / (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar: its ink, where it begins, how wide it is, what it stands for."""

    ink: str
    x: Decimal
    width: Decimal
    points: Decimal


def ink_of(line: Line) -> str:
    """Return how a line is drawn: ink means certainty."""
    return "verified" if line.basis in SOLID else line.basis.value


def bar(amounts: Iterable[tuple[str, Decimal]], whole: Decimal) -> tuple[Segment, ...]:
    """Return the pieces of a bar whose full width stands for ``whole`` points."""
    segments, at = [], ZERO
    for ink, points in amounts:
        if points > 0 and whole > 0:
            width = points * HUNDRED / whole
            segments.append(Segment(ink, at, width, points))
            at += width
    return tuple(segments)


def maxima(branch: BranchResult) -> dict[str, Decimal]:
    """Return the maximum points that rest on each kind of ground, by ink."""
    sums = dict.fromkeys(INKS, ZERO)
    for line in branch.criteria:
        if line.max is not None and not line.excluded:
            sums[ink_of(line)] += line.max
    return sums


def share(part: Decimal, whole: Decimal) -> int | None:
    """Return whole percents, rounded down, so that 100 means all; None of nothing."""
    return int(part * HUNDRED / whole) if whole else None


def median(values: Iterable[Decimal]) -> Decimal | None:
    """Return the median, None where there are no values."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
