"""What a scorecard shows of other branches: no more than this, so that it can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.results import BranchResult
    from generator.site.standings import Standings
    from generator.site.survey import Survey
    from generator.site.years import Scale, SiteData

#: The least number of branches of a kind that have a median worth the name.
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Peers:
    """How many are ranked, their scale, and what the branch's kind came to, section by section.

    ``medians`` are points by section id; none where the kind has only one ranked branch. All of
    it is in the key of the kept pages: a branch's pages may show nothing else of the others.
    """

    ranked: int
    scale: Scale
    of_kind: int
    medians: tuple[tuple[str, Decimal], ...]


def peers_of(site: SiteData, standings: Standings, survey: Survey, branch: BranchResult) -> Peers:
    """Return what the pages of a branch show of all others."""
    kind = branch.kind or ""
    of_kind = len(survey.by_kind.get(kind, ()))
    medians = survey.medians.get(kind, {}) if of_kind >= ENOUGH else {}
    return Peers(standings.count, site.scale, of_kind, tuple(medians.items()))
