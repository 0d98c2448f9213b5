"""What the map of losses and the table of points share: a cell for each branch and criterion."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from generator.site.data.counting import circles, heads_of, overview_paging, whole_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.site.data.counting import Circle, Paging
    from generator.site.data.survey import Mark
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands where a row and a criterion meet: classes of its look, and words."""

    look: str
    words: str


AnyCell = TypeVar("AnyCell", bound=Cell)


class Grid(ABC, Generic[AnyCell]):
    """Makes the cells of one year."""

    def __init__(self, made: YearPages) -> None:
        self.made = made
        self.survey = made.survey
        self.year = whole_year(made)
        self.places = made.site.rubric.places
        self.groups = heads_of(self.survey, made.site.prefix)
        self.firsts = [head.first for group in self.groups for head in group.heads]
        self.known: dict[Mark | None, AnyCell] = {}

    def cell(self, mark: Mark | None) -> AnyCell:
        """Return the cell of a mark; equal marks share it."""
        if mark not in self.known:
            self.known[mark] = self.new_cell(mark)
        return self.known[mark]

    @abstractmethod
    def new_cell(self, mark: Mark | None) -> AnyCell:
        """Return the cell of a mark that is not known yet."""

    def apart(self, cells: Iterable[AnyCell]) -> tuple[AnyCell, ...]:
        """Return the cells of a row; the first of each section stands apart."""
        return tuple(
            replace(cell, look=f"{cell.look} g".lstrip()) if first else cell
            for cell, first in zip(cells, self.firsts, strict=True)
        )


class MakesOverview(Protocol):
    """Makes a page over all consortia."""

    def __call__(self, found: Sequence[Circle], paging: Paging, number: int) -> GeneratedPage:
        """Return the page of this number, the first being 0."""


class MakesPage(Protocol):
    """Makes a page of the branches of one consortium, or of all where they are few."""

    def __call__(self, circle: Circle, number: int) -> GeneratedPage:
        """Return the page of this number, the first being 0."""


def standing(
    made: YearPages, name: str, overview: MakesOverview, page: MakesPage
) -> Iterator[Standing]:
    """Yield the page of all branches; where they are many that of the consortia, and of each."""
    found = circles(made, name)
    if made.standings.large:
        paging = overview_paging(made, name, len(found))
        for number, link in enumerate(paging.links):
            yield link.address, partial(overview, found, paging, number)
    for circle in found:
        for number, link in enumerate(circle.paging.links):
            yield link.address, partial(page, circle, number)
