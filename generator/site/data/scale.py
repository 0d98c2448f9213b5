"""The scale of totals: one axis for all branches of a year, and the constants of drawings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.results.model import Results
    from generator.rubric.document import Rubric

ZERO = Decimal(0)
TEN = Decimal(10)
#: Width of the drawings' own coordinates.
WIDE = Decimal(400)


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of points from ``start`` to ``end`` with its ticks and grade bands."""

    start: Decimal
    end: Decimal
    ticks: tuple[Decimal, ...]
    guides: tuple[Decimal, ...]

    @classmethod
    def of(cls, results: Results, rubric: Rubric) -> Scale:
        """Return the axis that holds every total's range."""
        lows = [b.low for b in results.branches if b.low is not None]
        highs = [b.high for b in results.branches if b.high is not None]
        start = (min(lows, default=ZERO) / TEN).to_integral_value(ROUND_FLOOR) * TEN
        end = (max(highs, default=TEN) / TEN).to_integral_value(ROUND_CEILING) * TEN
        end = end if end > start else start + TEN
        step = TEN if end - start <= TEN * 6 else TEN * 2
        ticks = tuple(start + step * n for n in range(int((end - start) / step) + 1))
        guides = tuple(band.min for band in rubric.grades if start < band.min < end)
        return cls(start, end, ticks, guides)

    def x(self, value: Decimal) -> Decimal:
        """Return the coordinate of a total."""
        return (value - self.start) * WIDE / (self.end - self.start)
