"""How points on one criterion lie: classes of equal width, nothing and the maximum apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.scoring.scorecard import Basis
from generator.site.data.figures import Segment, bar
from generator.site.data.scale import ZERO
from generator.site.html.templating import EN_DASH, shown
from generator.text.language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.site.data.survey import Mark

#: Classes between nothing and the maximum, at most.
CLASSES = 8
#: Widths of classes, times a power of ten.
WIDTHS = (1, 2, 5)
BASES = (Basis.VERIFIED, Basis.COMPUTED, Basis.ACCEPTED, Basis.CLAIMED)


@dataclass(frozen=True, slots=True)
class Bin:
    """A class of points: in words, its branches by basis, and their bar on the common scale."""

    words: str
    counts: tuple[int, ...]
    bars: tuple[Segment, ...]

    @property
    def count(self) -> int:
        """All branches of the class."""
        return sum(self.counts)


def width_of(most: Decimal) -> Decimal:
    """Return the width of a class for points up to ``most``, which is above zero."""
    least = most / CLASSES
    unit = Decimal(1).scaleb(least.adjusted())
    return next(n * unit for n in (*WIDTHS, 10) if n * unit >= least)


def bins_of(
    marks: Sequence[Mark | None], most: Decimal, *, accepts: bool = True
) -> tuple[Bin, ...]:
    """Return the classes of points from nothing to the maximum, the empty ones among them.

    Only marks with a figure are counted: pending is not zero, and not applicable is outside.
    ``accepts`` says whether any claim was taken over as it stands.
    """
    bases = [basis for basis in BASES if accepts or basis is not Basis.ACCEPTED]
    if most <= 0:
        return ()
    width = width_of(most)
    last = int((most / width).to_integral_value(ROUND_FLOOR))
    last -= last * width == most
    found: list[Counter[Basis]] = [Counter() for _ in range(last + 3)]
    for mark in marks:
        if mark is not None and mark.comparable and mark.points is not None:
            found[place(mark.points, most, width, last)][mark.basis] += 1
    edges = [n * width for n in range(last + 1)] + [most]
    words = [
        tr("{n} 分", n=0),
        tr("不足 {n}", n=shown(edges[1])),
        *(f"{shown(a)}{EN_DASH}{shown(b)}" for a, b in pairwise(edges[1:])),
        tr("满分 {n}", n=shown(most)),
    ]
    whole = Decimal(max(sum(counts.values()) for counts in found))
    return tuple(
        Bin(
            word,
            tuple(counts[basis] for basis in bases),
            bar([(basis.value, Decimal(counts[basis])) for basis in bases], whole),
        )
        for word, counts in zip(words, found, strict=True)
    )


def place(points: Decimal, most: Decimal, width: Decimal, last: int) -> int:
    """Return the number of the class that points lie in."""
    if points <= ZERO:
        return 0
    if points >= most:
        return last + 2
    return 1 + int(points // width)
