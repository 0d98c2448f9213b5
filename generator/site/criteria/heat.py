"""Where points are lost most: a map of branches by criteria, by consortium where there are many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from generator.scoring.scorecard import Basis
from generator.site.addresses import HEAT, POINTS, branch_address
from generator.site.criteria.grid import Cell, Grid, standing
from generator.site.criteria.shading import KeyEntry, Shading
from generator.site.data.counting import HeadGroup, note_of, numbered
from generator.site.data.scale import ZERO
from generator.site.html.templating import fixed
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult
    from generator.site.data.counting import Circle, Paging, Tally
    from generator.site.data.survey import Mark
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: Widths of the bars of sums, and heights of those of means, in their own coordinates.
BAR, COLUMN = 100, 32
#: Columns that fit beside names and sums on a wide screen, so that headings can stay in sight.
FIT = 22
#: Criteria that the introduction names.
NAMED = 3

#: Class names of bases in cells; the script has words for them.
LETTERS = {Basis.VERIFIED: "v", Basis.COMPUTED: "c", Basis.ACCEPTED: "a", Basis.CLAIMED: "d"}


@dataclass(frozen=True, slots=True)
class Spot(Cell):
    """A cell of the map: the loss in words, and how many figures stand for it."""

    figures: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A branch or a consortium on the map; ``width`` is that of the bar of its sum."""

    name: str
    note: str
    address: str
    cells: tuple[Spot, ...]
    total: Decimal | None
    width: Decimal


@dataclass(frozen=True, slots=True)
class Foot:
    """The mean loss on a criterion, and the height of its bar."""

    lost: Decimal | None
    height: Decimal
    first: bool


@dataclass(frozen=True, slots=True)
class Map:
    """A map as a page shows it; ``feet`` is empty where a mean would be one branch's figure."""

    groups: tuple[HeadGroup, ...]
    key: tuple[KeyEntry, ...]
    rows: tuple[Row, ...]
    feet: tuple[Foot, ...]
    mean: Decimal | None
    means: bool
    worst: tuple[str, ...]

    @property
    def wide(self) -> bool:
        """Whether the map may be wider than a screen."""
        return sum(len(group.heads) for group in self.groups) > FIT


class Heat(Grid[Spot]):
    """Makes the maps of one year."""

    def __init__(self, made: YearPages) -> None:
        super().__init__(made)
        self.orders: dict[str, list[tuple[BranchResult, Decimal | None]]] = {}

    @cached_property
    def shading(self) -> Shading:
        """One shading for all branches of the year."""
        rows = (self.survey.of(branch) for branch in self.survey.branches)
        return Shading.of([m.lost or ZERO for row in rows for m in row if m is not None])

    @cached_property
    def most(self) -> Decimal:
        """The most that a branch lost."""
        return max((lost or ZERO for lost in self.year.lost.values()), default=ZERO)

    def new_cell(self, mark: Mark | None) -> Spot:
        """Return the cell of a mark that is not known yet."""
        if mark is None:
            return Spot("e", "—")
        if mark.lost is not None:
            look = f"{self.shading.look(mark.lost)} {LETTERS[mark.basis]}"
            return Spot(look, fixed(max(mark.lost, ZERO), self.places))
        if mark.basis is Basis.NOT_APPLICABLE:
            return Spot("n", gettext("不适用"))
        return Spot("p", gettext("未评"))

    def sorted(self, circle: Circle) -> list[tuple[BranchResult, Decimal | None]]:
        """Return the branches of a circle with what each lost, the most first."""
        name = circle.paging.address
        if name not in self.orders:
            pairs = [(branch, circle.lost[branch.id]) for branch in circle.branches]
            self.orders[name] = sorted(pairs, key=lambda p: (p[1] is None, -(p[1] or ZERO)))
        return self.orders[name]

    def map(self, circle: Circle, number: int) -> Map:
        """Return the map of a page of a circle, the first being 0."""
        year = self.made.shown.year
        rows = tuple(
            Row(
                branch.name,
                note_of(branch),
                branch_address(year, branch),
                self.apart(map(self.cell, self.survey.of(branch))),
                lost,
                self.width(lost, self.most),
            )
            for branch, lost in self.sorted(circle)[circle.paging.rows(number)]
        )
        several = len(circle.branches) > 1
        counted = circle.tallies if several else ()
        return self.whole(self.shading, rows, counted, circle.mean_lost, means=False)

    def overview(self, found: Sequence[Circle], number: int, paging: Paging) -> Map:
        """Return the map of the consortia: the mean of what the branches of each lost."""
        shading = Shading.of([t.lost or ZERO for circle in found for t in circle.tallies])
        most = max((circle.mean_lost or ZERO for circle in found), default=ZERO)
        rows = [
            Row(
                circle.title,
                tr("{n} 个党支部", n=len(circle.branches)),
                circle.paging.address,
                self.apart(self.mean_cell(shading, t) for t in circle.tallies),
                circle.mean_lost,
                self.width(circle.mean_lost, most),
            )
            for circle in found
        ]
        rows.sort(key=lambda row: (row.total is None, -(row.total or ZERO)))
        here, year = tuple(rows[paging.rows(number)]), self.year
        return self.whole(shading, here, year.tallies, year.mean_lost, means=True)

    def mean_cell(self, shading: Shading, counted: Tally) -> Spot:
        """Return the cell of a mean."""
        if counted.lost is not None:
            words = fixed(counted.lost, self.places)
            return Spot(shading.look(counted.lost), words, counted.figures)
        if counted.pending:
            return Spot("p", gettext("未评"))
        return Spot("n", gettext("不适用")) if counted.outside else Spot("e", "—")

    def width(self, lost: Decimal | None, most: Decimal) -> Decimal:
        """Return the width of the bar of a sum."""
        return lost * BAR / most if lost and most else ZERO

    def whole(
        self,
        shading: Shading,
        rows: tuple[Row, ...],
        counted: Sequence[Tally],
        whole: Decimal | None,
        *,
        means: bool,
    ) -> Map:
        """Return a map with its margins."""
        highest = max((t.lost or ZERO for t in counted), default=ZERO)
        feet = tuple(
            Foot(t.lost, (t.lost or ZERO) * COLUMN / highest if highest else ZERO, first)
            for t, first in zip(counted, self.firsts, strict=False)
        )
        titles = [head.title for group in self.groups for head in group.heads]
        order = sorted(zip(titles, counted, strict=False), key=lambda pair: -(pair[1].lost or ZERO))
        worst = tuple(
            tr("{title} {points} 分", title=title, points=fixed(t.lost, self.places))
            for title, t in order[:NAMED]
            if t.lost
        )
        return Map(self.groups, shading.key, rows, feet, whole, means, worst)


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the map of all branches; where they are many that of the consortia, and of each."""
    heat = Heat(made)
    return standing(made, "heat", partial(overview, heat), partial(page, heat))


def overview(heat: Heat, found: Sequence[Circle], paging: Paging, number: int) -> GeneratedPage:
    """Return a page of the map of the consortia."""
    words = tr("{n} 个联合体（含未加入的），每格是其党支部的平均失分", n=len(found))
    view = heat.overview(found, number, paging)
    return framed(
        heat.made,
        view,
        paging,
        number,
        words=words,
        title=gettext("失分热力图"),
        absent=heat.year.absent,
    )


def page(heat: Heat, circle: Circle, number: int) -> GeneratedPage:
    """Return a page of the map of a circle."""
    words = tr("{n} 个党支部 × {m} 个小项", n=len(circle.branches), m=len(heat.survey.columns))
    title = gettext("失分热力图")
    if circle.title:
        title = tr("{title}：{name}", title=title, name=circle.title)
    view = heat.map(circle, number)
    return framed(
        heat.made, view, circle.paging, number, words=words, title=title, absent=circle.absent
    )


def framed(
    made: YearPages, view: Map, paging: Paging, number: int, *, words: str, title: str, absent: str
) -> GeneratedPage:
    """Return a page with a map."""
    prefix = made.site.prefix
    top = f"{prefix}{HEAT}"
    table = paging.links[number].address.replace(f"{prefix}heat", f"{prefix}points", 1)
    return made.page(
        paging.links[number].address,
        "heat.html.jinja",
        numbered(title, paging, number),
        description=tr("{year} 年度各党支部在各小项上的失分", year=made.shown.year),
        nav=HEAT,
        view=view,
        words=words,
        absent=absent,
        above=top if paging.address != top else "",
        pages=paging.links,
        at=number,
        table=f"{prefix}{POINTS}" if view.means else table,
    )
