"""The picture that goes with a link to a year: how its totals lie, drawn at build time.

It has no words, since no font for them comes with the program: title and description of the page
stand beside it. Digits are of the font that Pillow brings along.
"""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal

# Any: Pillow has two classes of fonts without a common one.
from typing import TYPE_CHECKING, Any

from generator.site.data.scale import ZERO
from generator.site.data.standings import Standings
from generator.site.html.templating import fixed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import BranchResult
    from generator.site.data.years import SiteData

#: Size in pixels, as services that show links ask for it.
WIDTH, HEIGHT = 1200, 630
#: The axis: its ends and its height, and the room above it for bars.
LEFT, RIGHT, BASE, TOP = 72, 1128, 536, 216
#: Bins of the axis at most.
BINS = 66
#: Points that a bin may have; ends of the axis are multiples of the last.
STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
BACK, INK, GREY = "#ffffff", "#17344f", "#59606a"
OPEN, RED = "#4a7fab", "#a61b29"
YEAR, FIGURE = 112, 30


class Card:
    """Draws the card of one year."""

    def __init__(self, site: SiteData) -> None:
        from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - only where it is drawn

        self.site = site
        self.scale = site.scale
        self.image = Image.new("RGB", (WIDTH, HEIGHT), BACK)
        self.draw = ImageDraw.Draw(self.image)
        self.year_font: Any = ImageFont.load_default(YEAR)
        self.font: Any = ImageFont.load_default(FIGURE)

    def picture(self) -> bytes:
        """Return the card as PNG."""
        standings = Standings(self.site)
        self.text(LEFT, 128, f"{self.site.results.year}", INK, "lm", self.year_font)
        self.guides()
        self.bars(standings.scored)
        self.axis()
        if standings.median is not None:
            self.median(standings.median)
        stream = io.BytesIO()
        self.image.save(stream, "PNG", compress_level=9)
        return stream.getvalue()

    def x(self, value: Decimal) -> int:
        """Return where a total stands."""
        scale = self.scale
        return LEFT + int((value - scale.start) * (RIGHT - LEFT) / (scale.end - scale.start))

    def text(self, x: int, y: int, words: str, fill: str, anchor: str, font: Any = None) -> None:
        """Write a figure; the anchor is Pillow's."""
        self.draw.text((x, y), words, fill=fill, font=font or self.font, anchor=anchor)

    def guides(self) -> None:
        """Draw where grades begin."""
        for guide in self.scale.guides:
            at = self.x(guide)
            for y in range(TOP, BASE, 12):
                self.draw.line((at, y, at, y + 5), GREY, 2)

    def axis(self) -> None:
        """Draw the axis and its ticks; a minus is a hyphen, which the font has."""
        self.draw.line((LEFT, BASE, RIGHT, BASE), GREY, 3)
        for tick in self.scale.ticks:
            self.draw.line((self.x(tick), BASE, self.x(tick), BASE + 12), GREY, 3)
            self.text(self.x(tick), BASE + 20, f"{tick:f}", GREY, "ma")

    def bars(self, branches: tuple[BranchResult, ...]) -> None:
        """Draw how many branches stand where: below those whose grade is certain."""
        step = self.step
        last = int((self.scale.end - self.scale.start) / step) - 1
        certain, open_ = Counter[int](), Counter[int]()
        for branch in branches:
            where = min(int(((branch.total or ZERO) - self.scale.start) / step), last)
            (open_ if branch.grade is None else certain)[where] += 1
        most = max((certain + open_).values(), default=0)
        for where, low, high, fill in stacked(certain, open_):
            left = self.x(self.scale.start + step * where)
            right = self.x(self.scale.start + step * (where + 1))
            top, bottom = self.y(high, most), self.y(low, most) - 1
            box = (left + 1, min(top, bottom), max(right - 2, left + 2), bottom)
            self.draw.rectangle(box, fill=fill)

    @property
    def step(self) -> Decimal:
        """Points of a bin: 1, or as many as keep the bins wide enough to be seen."""
        span = self.scale.end - self.scale.start
        return next(n for n in (*STEPS, span) if span / n <= BINS)

    def y(self, count: int, most: int) -> int:
        """Return the height of a number of branches; a few do not fill the card."""
        return BASE - (BASE - TOP - 24) * count // max(most, 6)

    def median(self, value: Decimal) -> None:
        """Draw the median with its figure."""
        at = self.x(value)
        self.draw.line((at, TOP - 16, at, BASE), RED, 4)
        anchor = "lm" if at < (LEFT + RIGHT) // 2 else "rm"
        room = 12 if anchor == "lm" else -12
        words = fixed(value, self.site.rubric.places).replace("\u2212", "-")
        self.text(at + room, TOP - 20, words, RED, anchor)


def stacked(certain: Counter[int], open_: Counter[int]) -> Iterator[tuple[int, int, int, str]]:
    """Yield the pieces of all bars: bin, count below, count with it, colour."""
    for where in sorted(certain.keys() | open_.keys()):
        own = certain[where]
        if own:
            yield where, 0, own, INK
        if open_[where]:
            yield where, own, own + open_[where], OPEN


def picture_of(site: SiteData) -> bytes:
    """Return the card of a year as PNG: the same results and library give the same bytes."""
    return Card(site).picture()
