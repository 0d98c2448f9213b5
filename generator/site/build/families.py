"""The families of pages that do not belong to one branch, in the order in which they are made.

A family yields the address and the maker of each of its pages; a page is made when, and in the
process where, its turn comes. Pages that not everybody may see stand in ``only`` with their class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from generator.results.audience import FieldClass
from generator.site.criteria import criteria, heat, points
from generator.site.exports import columns_page
from generator.site.form import page as form
from generator.site.groups import consortia, societies
from generator.site.ranking import pages as ranking
from generator.site.ranking import years
from generator.site.reference import ids
from generator.site.reference import pages as reference
from generator.site.work import (
    alike,
    appeals,
    asked,
    corrections,
    counting,
    lacking,
    lot,
    office,
    process,
    queue,
    whatif,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.site.data.year import YearPages
    from generator.site.html.page import Standing

Family: TypeAlias = "Callable[[YearPages], Iterator[Standing]]"


def only(kind: FieldClass, family: Family) -> Family:
    """Return a family of pages that a site has where it shows a class (``results/audience``)."""

    def pages(made: YearPages) -> Iterator[Standing]:
        if made.site.publish.shows(kind):
            yield from family(made)

    return pages


FAMILIES: tuple[Family, ...] = (
    ranking.pages,
    whatif.pages,
    columns_page.pages,
    consortia.pages,
    societies.pages,
    form.pages,
    only(FieldClass.DUE, lacking.pages),
    only(FieldClass.DUE, asked.pages),
    only(FieldClass.QUEUE, queue.pages),
    only(FieldClass.LIKENESS, alike.pages),
    only(FieldClass.LISTS, office.ledger_pages),
    only(FieldClass.LISTS, office.lists_pages),
    only(FieldClass.LOTS, lot.pages),
    corrections.pages,
    years.pages,
    process.pages,
    counting.pages,
    appeals.pages,
    heat.pages,
    points.pages,
    criteria.pages,
    reference.pages,
    ids.pages,
)
