"""What a scorecard shows of other branches: no more than this, so that it can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from generator.site.work.lacking import Register

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.results.model import BranchResult
    from generator.site.data.scale import Scale
    from generator.site.data.year import YearPages

#: The least number of branches of a kind that have a median worth the name.
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Peers:
    """How many are ranked and how many 未评足, their scale, the medians of the branch's kind.

    ``medians`` are points by section id, rounded as points are, so that a difference is that of
    the figures shown; none where the kind has only one ranked branch.
    ``lacking`` is where the list of what all branches lack has this one, empty in a final year.
    All of it is in the key of the kept pages: a branch's pages may show nothing else of others.
    """

    ranked: int
    scale: Scale
    of_kind: int
    medians: tuple[tuple[str, Decimal], ...]
    lacking: str
    scant: int = 0


def peers_of(made: YearPages, branch: BranchResult, lacking: str) -> Peers:
    """Return what the pages of a branch show of all others; ``lacking`` as in ``Peers``."""
    survey = made.survey
    of_kind = len(survey.by_kind.get(branch.kind, ()))
    medians = survey.medians.get(branch.kind, {}) if of_kind >= ENOUGH else {}
    rounded = made.site.rubric.vocabulary.round
    return Peers(
        made.standings.count,
        made.site.scale,
        of_kind,
        tuple((section, rounded(Fraction(middle))) for section, middle in medians.items()),
        lacking,
        len(made.standings.scant),
    )


def lacking_of(made: YearPages) -> dict[str, str]:
    """Return where each branch stands in the list of what all lack; none in a final year."""
    if not made.site.tells_lacking:
        return {}
    register = Register(made)
    return {
        branch.id: f"{address}#{branch.id}"
        for address, sheet in zip(register.addresses, register.sheets, strict=True)
        for branch in sheet
    }
