"""The figures of the heat map as a table of numbers, in which two branches can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.reports.explain import BASIS_WORDS
from generator.scoring.scorecard import Basis
from generator.site.addresses import HEAT, POINTS, branch_address
from generator.site.criteria.grid import Cell, Grid, standing
from generator.site.criteria.heat import LETTERS
from generator.site.data.counting import HeadGroup, Tally, note_of, numbered
from generator.site.html.templating import MINUS, fixed
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from generator.site.data.counting import Circle, Paging
    from generator.site.data.survey import Mark
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing


@dataclass(frozen=True, slots=True)
class Figure(Cell):
    """A cell of the table: points, what was lost, and the basis in words."""

    lost: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A branch with its figures; a consortium with means, which has no sums but that of losses."""

    id: str
    name: str
    note: str
    address: str
    cells: tuple[Figure, ...]
    lost: Decimal | None
    sums: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a page; ``feet`` are the means of points and of losses, by criterion."""

    groups: tuple[HeadGroup, ...]
    rows: tuple[Row, ...]
    feet: tuple[Tally, ...]
    lost: Decimal | None
    means: bool

    @property
    def comparable(self) -> bool:
        """Whether there are two rows to be compared."""
        return len(self.rows) > 1


class Figures(Grid[Figure]):
    """Makes the tables of one year."""

    def new_cell(self, mark: Mark | None) -> Figure:
        """Return the cell of a mark that is not known yet; what does not apply may still count."""
        if mark is None:
            return Figure("e", "—")
        words = gettext(BASIS_WORDS[mark.basis])
        if mark.lost is not None:
            points = fixed(mark.points, self.places)
            return Figure(LETTERS[mark.basis], points, self.minus(mark.lost), words)
        if mark.basis is Basis.NOT_APPLICABLE:
            counts = "" if mark.points is None else tr("计 {n}", n=fixed(mark.points, self.places))
            return Figure("n", gettext("不适用"), counts)
        return Figure("p", gettext("未评"))

    def minus(self, lost: Decimal | None) -> str:
        """Write a loss; nothing where nothing was lost."""
        return f"{MINUS}{fixed(lost, self.places)}" if lost and lost > 0 else ""

    def table(self, circle: Circle, number: int) -> Table:
        """Return the table of a page of a circle, in the order of the results."""
        year = self.made.shown.year
        rows = tuple(
            Row(
                branch.id,
                branch.name,
                note_of(branch),
                branch_address(year, branch),
                self.apart(map(self.cell, self.survey.of(branch))),
                circle.lost[branch.id],
                (branch.fixed, branch.bonus, branch.total),
            )
            for branch in circle.branches[circle.paging.rows(number)]
        )
        feet = circle.tallies if len(circle.branches) > 1 else ()
        return Table(self.groups, rows, feet, circle.mean_lost, means=False)

    def overview(self, found: Sequence[Circle], number: int, paging: Paging) -> Table:
        """Return the table of the consortia: means of points and losses."""
        rows = tuple(
            Row(
                "",
                circle.title,
                tr("{n} 个党支部", n=len(circle.branches)),
                circle.paging.address,
                self.apart(map(self.mean_cell, circle.tallies)),
                circle.mean_lost,
                (),
            )
            for circle in found[paging.rows(number)]
        )
        return Table(self.groups, rows, self.year.tallies, self.year.mean_lost, means=True)

    def mean_cell(self, counted: Tally) -> Figure:
        """Return the cell of a mean."""
        if counted.points is not None:
            return Figure("", fixed(counted.points, self.places), self.minus(counted.lost))
        if counted.pending:
            return Figure("p", gettext("未评"))
        return Figure("n", gettext("不适用") if counted.outside else "—")


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the table of all branches; where they are many that of the consortia, and of each."""
    figures = Figures(made)
    return standing(made, "points", partial(overview, figures), partial(page, figures))


def overview(
    figures: Figures, found: Sequence[Circle], paging: Paging, number: int
) -> GeneratedPage:
    """Return a page of the table of the consortia."""
    view = figures.overview(found, number, paging)
    return framed(
        figures.made,
        view,
        paging,
        number,
        title=gettext("各联合体的得分与失分"),
        absent=figures.year.absent,
    )


def page(figures: Figures, circle: Circle, number: int) -> GeneratedPage:
    """Return a page of the table of a circle."""
    title = gettext("得分明细与对比")
    if circle.title:
        title = tr("{title}：{name}", title=title, name=circle.title)
    view = figures.table(circle, number)
    return framed(figures.made, view, circle.paging, number, title=title, absent=circle.absent)


def framed(
    made: YearPages, view: Table, paging: Paging, number: int, *, title: str, absent: str
) -> GeneratedPage:
    """Return a page with a table."""
    prefix = made.site.prefix
    top = f"{prefix}{POINTS}"
    heat = paging.links[number].address.replace(f"{prefix}points", f"{prefix}heat", 1)
    return made.page(
        paging.links[number].address,
        "points.html.jinja",
        numbered(title, paging, number),
        description=tr("{year} 年度各党支部在各小项上的得分、失分和依据", year=made.shown.year),
        nav=HEAT,
        view=view,
        absent=absent,
        above=top if paging.address != top else "",
        pages=paging.links,
        at=number,
        heat=heat,
    )
