"""The distribution of totals: a dot a branch while there is room, counts in columns beyond."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from generator.site.data.drawing import breadth
from generator.site.data.figures import median
from generator.site.data.scale import ZERO
from generator.site.html.templating import EN_DASH, shown
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.results.model import BranchResult
    from generator.rubric.document import Rubric
    from generator.site.data.scale import Scale

#: Widths of the drawing's own coordinates, so that words keep their size: screen, paper, phone.
WIDTHS = (1172, 718, 358)
#: Room above the dots for the names of the bands and the median, and below for the axis.
TOP, BOTTOM = 44, 26
#: The least width of a bin, so that readers can tell dots apart.
LEAST = Decimal(6)
STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10), Decimal(20), Decimal(50))
#: Height of all dots, the space that a dot takes where there is plenty, and where it is too little.
HEIGHT, PITCH, TIGHT = 192, Decimal(12), Decimal(5)
#: Pixels that the words of the median take beside its line.
MEDIAN_ROOM = 92


@dataclass(frozen=True, slots=True)
class Dot:
    """A branch in the drawing: where, and whether its grade is certain."""

    y: Decimal
    certain: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The branches whose totals lie from ``start`` up to, not including, ``end``."""

    start: Decimal
    end: Decimal
    x: Decimal
    certain: int
    open: int
    dots: tuple[Dot, ...]
    height: Decimal

    @property
    def count(self) -> int:
        """All branches of the bin."""
        return self.certain + self.open

    @property
    def words(self) -> str:
        """From which total to which."""
        return f"{shown(self.start)}{EN_DASH}{shown(self.end)}"


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the axis: coordinate, words, and where the words are anchored."""

    x: Decimal
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class BandCount:
    """A grade, the totals that it takes, and how many branches have it for certain."""

    title: str
    range: str
    count: int
    x: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """The distribution drawn at one width."""

    width: int
    height: int
    base: int
    radius: Decimal
    bar: Decimal
    bins: tuple[Bin, ...]
    ticks: tuple[Tick, ...]
    guides: tuple[Tick, ...]
    bands: tuple[BandCount, ...]
    median: Tick | None
    dotted: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the totals of the ranked branches lie; ``open`` counts grades that are not certain."""

    count: int
    open: int
    median: Decimal | None
    bands: tuple[BandCount, ...]
    drawings: tuple[Drawing, ...]

    @property
    def bins(self) -> tuple[Bin, ...]:
        """The bins of the widest drawing that hold a branch."""
        return tuple(b for b in self.drawings[0].bins if b.count) if self.drawings else ()

    @property
    def words(self) -> str:
        """Say what the drawing shows."""
        bands = gettext("，").join(
            tr("{grade} {n} 个", grade=band.title, n=band.count) for band in self.bands
        )
        words = tr("{n} 个党支部的总分分布：{bands}", n=self.count, bands=bands)
        return words + (tr("，等次未定 {n} 个", n=self.open) if self.open else "")


def distribution_of(
    branches: Sequence[BranchResult], rubric: Rubric, scale: Scale
) -> Distribution | None:
    """Return the distribution of ranked branches; None where there are fewer than two."""
    totals = sorted(branch.total or ZERO for branch in branches)
    if len(totals) < 2:
        return None
    middle = median(totals)
    bands = bands_of(branches, rubric)
    drawings = tuple(draw(branches, bands, middle, scale, width) for width in WIDTHS)
    undecided = sum(branch.grade is None for branch in branches)
    return Distribution(len(totals), undecided, middle, bands, drawings)


def bands_of(branches: Sequence[BranchResult], rubric: Rubric) -> tuple[BandCount, ...]:
    """Return the grades from the lowest, with the totals that they take and their branches."""
    counts = Counter(branch.grade for branch in branches)
    found = []
    above: Decimal | None = None
    for number, band in enumerate(rubric.grades):
        if number == len(rubric.grades) - 1 and above is not None:
            words = tr("{n} 分以下", n=shown(above))
        elif above is None:
            words = tr("{n} 分以上", n=shown(band.min))
        else:
            words = tr("{low}–{high} 分", low=shown(band.min), high=shown(above))
        found.append(BandCount(band.title, words, counts[band.id]))
        above = band.min
    return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Room:
    """What a drawing has room for: its width, the step of a bin, the space of a dot."""

    width: int
    scale: Scale
    step: Decimal
    tallest: int

    @property
    def wide(self) -> Decimal:
        """Width of a bin."""
        return self.width * self.step / (self.scale.end - self.scale.start)

    @property
    def pitch(self) -> Decimal:
        """Space that a dot takes."""
        return min(PITCH, Decimal(HEIGHT) / self.tallest, self.wide)

    @property
    def dotted(self) -> bool:
        """Whether dots are large enough for readers to tell them apart."""
        return self.pitch >= TIGHT

    @property
    def base(self) -> int:
        """Where dots and columns stand."""
        return TOP + (int(self.pitch * self.tallest) if self.dotted else HEIGHT)

    def x(self, value: Decimal) -> Decimal:
        """Return the coordinate of a total."""
        return (value - self.scale.start) * self.width / (self.scale.end - self.scale.start)


def draw(
    branches: Sequence[BranchResult],
    bands: Sequence[BandCount],
    middle: Decimal | None,
    scale: Scale,
    width: int,
) -> Drawing:
    """Return the distribution drawn ``width`` wide."""
    span = scale.end - scale.start
    step = next((s for s in STEPS if width * s / span >= LEAST), STEPS[-1])
    counts: dict[int, list[bool]] = {}
    for branch in branches:
        at = ((branch.total or ZERO) - scale.start) / step
        counts.setdefault(int(at.to_integral_value(ROUND_FLOOR)), []).append(
            branch.grade is not None
        )
    room = Room(width, scale, step, max(map(len, counts.values())))
    return Drawing(
        width,
        room.base + BOTTOM,
        room.base,
        room.pitch * 5 / 12,
        room.wide * 4 / 5,
        tuple(bin_of(room, number, counts[number]) for number in sorted(counts)),
        tuple(Tick(room.x(t), shown(t), anchor_of(t, scale)) for t in scale.ticks),
        tuple(Tick(room.x(guide), shown(guide)) for guide in scale.guides),
        placed(bands, room),
        None if middle is None else median_tick(room, middle),
        room.dotted,
    )


def placed(bands: Sequence[BandCount], room: Room) -> tuple[BandCount, ...]:
    """Return the bands whose names have room above their totals; none where not all are on it."""
    ends = [room.x(end) for end in (room.scale.start, *sorted(room.scale.guides), room.scale.end)]
    if len(ends) != len(bands) + 1:
        return ()
    return tuple(
        replace(band, x=(low + high) / 2)
        for band, low, high in zip(bands, ends, ends[1:], strict=False)
        if high - low > breadth(f"{band.title} {band.count}")
    )


def bin_of(room: Room, number: int, certain: list[bool]) -> Bin:
    """Return one bin; certain grades lie below those that are open."""
    low = room.scale.start + number * room.step
    dots = [
        Dot(room.base - room.pitch * (2 * n + 1) / 2, sure)
        for n, sure in enumerate(sorted(certain, reverse=True))
    ]
    return Bin(
        low,
        low + room.step,
        room.wide * (2 * number + 1) / 2,
        sum(certain),
        len(certain) - sum(certain),
        tuple(dots) if room.dotted else (),
        Decimal(HEIGHT) * len(certain) / room.tallest,
    )


def anchor_of(value: Decimal, scale: Scale) -> str:
    """Return how a tick's words are anchored: at both ends they stay inside the drawing."""
    return {scale.start: "start", scale.end: "end"}.get(value, "middle")


def median_tick(room: Room, middle: Decimal) -> Tick:
    """Return the line of the median; its words stand on a side that no grade's line crosses."""
    x = room.x(middle)
    sides = {"start": (x, x + MEDIAN_ROOM), "end": (x - MEDIAN_ROOM, x)}
    if x * 3 > room.width * 2:
        sides = dict(reversed(sides.items()))
    lines = [room.x(guide) for guide in room.scale.guides]
    free = (
        side
        for side, (low, high) in sides.items()
        if low >= 0 and high <= room.width and not any(low < line < high for line in lines)
    )
    return Tick(x, "", next(free, next(iter(sides))))
