"""Branches in no consortium: supervision teams do not order them, they report directly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.site.addresses import branch_address
from generator.site.data.figures import RecordLink

if TYPE_CHECKING:
    from generator.site.data.year import YearPages

#: How many of them are named; the list has all.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Direct:
    """Branches that report directly: where all are listed, how many, the first with their cards."""

    address: str
    count: int
    branches: tuple[RecordLink, ...]


def direct_of(made: YearPages) -> Direct | None:
    """Return the branches that report directly; None where every branch is in a consortium."""
    for listing in made.standings.consortia:
        if listing.branches[0].consortium is None:
            named = tuple(
                RecordLink(branch_address(made.shown.year, branch), branch.name)
                for branch in listing.branches[:NAMED]
            )
            return Direct(listing.address, len(listing.branches), named)
    return None
