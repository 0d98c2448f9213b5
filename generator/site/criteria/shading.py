"""Squares for points lost: the area repeats the shade, and both are read from the data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.site.data.scale import ZERO
from generator.site.html.templating import EN_DASH, shown
from generator.text.language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Sides of the smallest and the largest square, in pixels; the area between stands for points.
LEAST, MOST = 6, 26
#: The share of losses that the largest square has to hold; the few beyond are clamped.
HELD = Decimal("0.95")
#: Full squares stand for one of these, times a power of ten.
ROUND = (1, 2, 4, 8, 10)
#: Where one shade ends and the next begins, as shares of a full square's points.
SHARES = tuple(map(Decimal, ("0.125", "0.25", "0.5", "0.75")))


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One entry of the key: classes of its square, and words."""

    look: str
    words: str


@dataclass(frozen=True, slots=True)
class Shading:
    """What squares stand for: one of the largest size for ``full`` points."""

    full: Decimal

    @classmethod
    def of(cls, lost: Sequence[Decimal]) -> Shading:
        """Return the shading whose largest square holds most of some losses."""
        found = sorted(points for points in lost if points > 0)
        if not found:
            return cls(Decimal(1))
        high = found[int((len(found) - 1) * HELD)]
        unit = Decimal(1).scaleb(high.adjusted())
        return cls(next(number * unit for number in ROUND if number * unit >= high))

    @property
    def steps(self) -> tuple[Decimal, ...]:
        """Points at which a darker shade begins."""
        return tuple(share * self.full for share in SHARES)

    def level(self, lost: Decimal) -> int:
        """Return the shade of a loss, 1 to 5."""
        return 1 + sum(lost >= step for step in self.steps)

    def side(self, lost: Decimal) -> int:
        """Return the side of a square in pixels, whose area stands for the loss."""
        side = MOST * (lost / self.full).sqrt()
        return max(LEAST, min(MOST, int(side.to_integral_value(ROUND_HALF_UP))))

    def look(self, lost: Decimal) -> str:
        """Return the classes of a loss."""
        return f"h{self.level(lost)} s{self.side(lost)}" if lost > 0 else "z"

    @property
    def key(self) -> tuple[KeyEntry, ...]:
        """Say what the shades stand for, the lightest first."""
        steps = self.steps
        words = [
            tr("不足 {n} 分", n=shown(steps[0])),
            *(f"{shown(a)}{EN_DASH}{shown(b)}" for a, b in pairwise(steps)),
            tr("{n} 分以上", n=shown(steps[-1])),
        ]
        ends = (ZERO, *steps, self.full)
        middles = [(a + b) / 2 for a, b in pairwise(ends)]
        return tuple(map(KeyEntry, map(self.look, middles), words))
