"""Consortia: the totals of the branches of each, and beside them the place that teams give it.

The order that is computed here is a comparison and no more: teams order consortia, nobody gives
points for it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import TYPE_CHECKING

from generator.site.addresses import CONSORTIA
from generator.site.data.figures import median
from generator.site.data.scale import ZERO
from generator.site.data.standings import links_of, page_of
from generator.site.groups.direct import direct_of
from generator.site.ranking.pages import listing
from generator.text.language import gettext, heading, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from generator.results.model import SupervisionOpinion
    from generator.site.data.standings import Listing, PageLink
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing


#: Consortia on a page of their list: each is a row in two tables, the second as wide as there are
#: teams.
ROWS = 100
#: Up to this many consortia the page of each repeats the whole order of every team.
TOLD = 40


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a team puts a consortium, from 1; None where it does not name it."""

    title: str
    position: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Totals of the ranked branches of a consortium, in points, and where they lie on the scale."""

    median: Decimal
    low: Decimal
    high: Decimal
    x_median: Decimal
    x_low: Decimal
    x_high: Decimal


@dataclass(frozen=True, slots=True)
class Consortium:
    """A consortium; ``position`` in the computed order, None where no branch of it is ranked."""

    id: str
    title: str
    address: str
    count: int
    ranked: int
    position: int | None
    tied: bool
    spread: Spread | None
    seats: tuple[Seat, ...]


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the list of consortia, and the pages of each; branches without one come last."""
    directory = Directory(made)
    for number, link in enumerate(directory.links):
        yield link.address, partial(index, directory, number)
    for found in made.standings.consortia:
        name = found.branches[0].consortium
        for number, link in enumerate(found.pages):
            if name is None:
                yield link.address, partial(listing, made, found, number)
            else:
                yield link.address, partial(consortium, directory, name, found, number)


class Directory:
    """All consortia of a year: those with branches, and those that a team names."""

    def __init__(self, made: YearPages) -> None:
        self.made = made
        self.teams = made.site.results.supervision

    @cached_property
    def listings(self) -> dict[str | None, Listing]:
        """The lists of branches by consortium; None holds those that are in none."""
        return {found.branches[0].consortium: found for found in self.made.standings.consortia}

    @cached_property
    def titles(self) -> dict[str, str]:
        """Titles of all consortia, by id."""
        found: dict[str, str] = {}
        for team in self.teams:
            found.update(zip(team.order, team.titles, strict=False))
        for name, item in self.listings.items():
            if name is not None:
                found[name] = item.title
        return {name: found[name] for name in sorted(found)}

    @cached_property
    def links(self) -> tuple[PageLink, ...]:
        """The pages of the list."""
        prefix = self.made.site.prefix
        count = len(self.titles)
        return links_of(f"{prefix}{CONSORTIA}", f"{prefix}consortia-index", count, ROWS)

    @cached_property
    def totals(self) -> dict[str, list[Decimal]]:
        """Totals of the ranked branches of each consortium that has any, ascending."""
        found = {}
        for name, item in self.listings.items():
            ranked = [b.total or ZERO for b in item.branches if b.rank is not None]
            if name is not None and ranked:
                found[name] = sorted(ranked)
        return found

    @cached_property
    def medians(self) -> dict[str, Decimal]:
        """Median of the totals of the ranked branches, for each consortium that has any."""
        vocabulary = self.made.site.rubric.vocabulary
        middles = {name: median(values) or ZERO for name, values in self.totals.items()}
        return {name: vocabulary.round(Fraction(value)) for name, value in middles.items()}

    @cached_property
    def entries(self) -> tuple[Consortium, ...]:
        """All consortia in the computed order, those without a ranked branch last."""
        positions = positions_of(self.medians)
        seats = [seats_of(team, self.medians) for team in self.teams]
        shared = Counter(positions.values())
        entries = []
        for name, title in self.titles.items():
            own = self.listings.get(name)
            position = positions.get(name)
            entry = Consortium(
                name,
                title,
                own.address if own else "",
                len(own.branches) if own else 0,
                len(self.totals.get(name, ())),
                position,
                tied=position is not None and shared[position] > 1,
                spread=self.spread(name),
                seats=tuple(
                    found.get(name, Seat(team.title, None, gettext("没有列入")))
                    for team, found in zip(self.teams, seats, strict=True)
                ),
            )
            entries.append(entry)
        return tuple(sorted(entries, key=lambda e: (e.position is None, e.position or 0)))

    @cached_property
    def by_id(self) -> dict[str, Consortium]:
        """All consortia by id."""
        return {entry.id: entry for entry in self.entries}

    def spread(self, name: str) -> Spread | None:
        """Return how the totals of a consortium lie; None where no branch is ranked."""
        values = self.totals.get(name)
        if not values:
            return None
        middle, low, high = self.medians[name], values[0], values[-1]
        x = self.made.site.scale.x
        return Spread(middle, low, high, x(middle), x(low), x(high))

    @property
    def incomplete(self) -> bool:
        """Whether a team leaves out a consortium that has ranked branches."""
        return any(set(self.medians) - set(team.order) for team in self.teams)


def positions_of(values: Mapping[str, Decimal]) -> dict[str, int]:
    """Return the place of each by its value, the highest first; equal ones share a place."""
    order = sorted(values.values(), reverse=True)
    first = {value: place for place, value in reversed(list(enumerate(order, start=1)))}
    return {name: first[value] for name, value in values.items()}


def seats_of(team: SupervisionOpinion, medians: Mapping[str, Decimal]) -> dict[str, Seat]:
    """Return where a team puts each consortium that it names, and how that differs.

    Compared are the consortia that it names and that have a ranked branch, among each other.
    """
    named = list(dict.fromkeys(team.order))
    own = places([name for name in named if name in medians])
    computed = positions_of({name: medians[name] for name in own})
    return {
        name: Seat(
            team.title,
            place,
            difference(computed[name] - own[name])
            if name in own
            else gettext("没有参加排名的党支部"),
        )
        for name, place in places(named).items()
    }


def places(names: Iterable[str]) -> dict[str, int]:
    """Return the place of each name in a list, from 1."""
    return {name: place for place, name in enumerate(names, start=1)}


def difference(places: int) -> str:
    """Say how a team's place differs from the computed one; ``places`` above 0 is higher."""
    if not places:
        return gettext("与计算次序相同")
    if places > 0:
        return tr("比计算次序高 {n} 位", n=places)
    return tr("比计算次序低 {n} 位", n=-places)


def index(directory: Directory, number: int) -> GeneratedPage:
    """Return a page of the list of consortia, the first being 0."""
    made = directory.made
    links = directory.links
    title = heading("联合体")
    if len(links) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    return made.page(
        links[number].address,
        "consortia.html.jinja",
        title,
        description=tr("{year} 年度各联合体的总分与督导团的排序", year=made.shown.year),
        nav=CONSORTIA,
        entries=page_of(directory.entries, number, ROWS),
        teams=directory.teams,
        incomplete=directory.incomplete,
        direct=direct_of(made) if number == 0 else None,
        pages=links,
        at=number,
        scale=made.site.scale,
    )


def consortium(directory: Directory, name: str, listing: Listing, number: int) -> GeneratedPage:
    """Return a page of a consortium, the first being 0: what teams think of it, its branches."""
    made = directory.made
    links = listing.pages
    title = listing.title
    if len(links) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    branches = listing.rows(number)
    ranked = [branch for branch in branches if branch.rank is not None]
    return made.page(
        links[number].address,
        "consortium.html.jinja",
        title,
        description=tr("{title} {year} 年度考核结果", title=listing.title, year=made.shown.year),
        nav=CONSORTIA,
        listing=listing,
        entry=directory.by_id[name],
        of=len(directory.medians),
        teams=directory.teams,
        told=len(directory.titles) <= TOLD,
        pages=links,
        at=number,
        rows=made.standings.rows_of(ranked),
        groups=made.standings.groups_of(branches, listing.branches),
        caption=listing.caption(number),
        scale=made.site.scale,
    )
