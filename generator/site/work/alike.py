"""Pictures that look alike, beside each other: a person looks at both; for the committee."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.site.addresses import (
    ALIKE,
    addresses_of,
    path_address,
    picture_address,
    scorecard_address,
)
from generator.site.data.standings import PageLink
from generator.text.language import gettext, tr
from generator.text.names import visible
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.reports.alike.pairs import Pair, Picture
    from generator.reports.alike.small import Small
    from generator.reports.alike.year import Likeness
    from generator.results.packed import EvidenceRecord
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: Pairs of a page: two pictures each.
PAIRS = 24
KINDS = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two pictures: whose, beside which record, of which day; ``small`` where it is shown.

    ``record`` is the address of the record's page, ``card`` that of the branch's scorecard, if any.
    """

    branch: str
    card: str
    title: str
    record: str
    date: str
    file: str
    earlier: bool
    small: Small | None
    address: str


@dataclass(frozen=True, slots=True)
class Two:
    """Two pictures that look alike, their number in the year, the places in which they differ."""

    number: int
    bits: int
    partners: bool
    sides: tuple[Side, Side]


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the pages of a year whose pictures were compared."""
    likeness = made.site.likeness
    if likeness is None:
        return
    first = f"{made.site.prefix}{ALIKE}"
    addresses = addresses_of(first, -(-len(likeness.shown) // PAIRS))
    for number, address in enumerate(addresses):
        yield address, partial(page, made, likeness, addresses, number)


def page(made: YearPages, likeness: Likeness, addresses: list[str], number: int) -> GeneratedPage:
    """Return a page of pairs, the first being 0."""
    title = gettext("很像的照片")
    if len(addresses) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    first = number * PAIRS
    shown = likeness.shown[first : first + PAIRS]
    return made.page(
        addresses[number],
        "alike.html.jinja",
        title,
        description=tr("{year} 年度哪些照片看起来很像", year=made.shown.year),
        likeness=likeness,
        pairs=[two(made, likeness, pair, first + n) for n, pair in enumerate(shown, start=1)],
        lacking=gettext("、").join(KINDS[kind] for kind in likeness.lacking),
        pages=tuple(PageLink(a, f"{n}") for n, a in enumerate(addresses, start=1)),
        at=number,
    )


def two(made: YearPages, likeness: Likeness, pair: Pair, number: int) -> Two:
    """Return two pictures as they are shown."""
    sides = side(made, likeness, pair.one), side(made, likeness, pair.other)
    return Two(number, pair.bits, pair.one.branch != pair.other.branch, sides)


def side(made: YearPages, likeness: Likeness, picture: Picture) -> Side:
    """Return one picture; of a record that no year of the site has, its folder is told."""
    small = likeness.small.get(picture.path)
    names = {branch.id: branch.name for branch in made.site.results.branches}
    known = picture.branch in names
    record = record_of(made, picture)
    return Side(
        branch=names.get(picture.branch, picture.branch),
        card=scorecard_address(made.shown.year, picture.branch) if known else "",
        title=record.title if record else visible(masked(picture.record)),
        record=path_address(picture.record) if record else "",
        date=record.date if record else "",
        file=visible(masked(picture.path.rpartition("/")[2])),
        earlier=not picture.current,
        small=small,
        address=picture_address(made.site.prefix, small.data) if small else "",
    )


def record_of(made: YearPages, picture: Picture) -> EvidenceRecord | None:
    """Return the record that a picture stands beside, as some year of the site has it."""
    records = (
        record
        for point in reversed(made.whole.trend(picture.branch))
        for record in point.result.records
    )
    return next((record for record in records if record.path == picture.record), None)
