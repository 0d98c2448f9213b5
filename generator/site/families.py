"""The families of pages that do not belong to one branch, in the order in which they are made.

A family yields the address and the maker of each of its pages; a page is made when, and in the
process where, its turn comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.site import (
    alternatives,
    chronicle,
    consortia,
    criteria,
    fields,
    heat,
    lacking,
    points,
    process,
    rankings,
    reference,
    societies,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.site.making import Pages
    from generator.site.page import Standing

FAMILIES: tuple[Callable[[Pages], Iterator[Standing]], ...] = (
    rankings.pages,
    alternatives.pages,
    fields.pages,
    consortia.pages,
    societies.pages,
    lacking.pages,
    chronicle.pages,
    process.pages,
    heat.pages,
    points.pages,
    criteria.pages,
    reference.pages,
)
