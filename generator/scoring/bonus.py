"""Bonus claims: one a rule and matter counts, at its highest level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.loading.evidence import fold

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.formats.branch_files import BonusClaim
    from generator.formats.committee_files import (
        BonusReview,
    )
    from generator.rubric.document import BonusRule


@dataclass(frozen=True, slots=True, eq=False)
class BonusEntry:
    """A bonus claim with the level that counts and the committee's decision."""

    claim: BonusClaim
    rule: BonusRule
    level: str
    points: Decimal | None
    state: str
    review: BonusReview | None


def best_of(entries: list[BonusEntry]) -> list[BonusEntry]:
    """Keep one entry a rule and matter: the highest level, the first where levels are equal."""
    best: dict[tuple[str, str], BonusEntry] = {}
    for entry in entries:
        if entry.points is None:
            continue
        identity = (entry.rule.id, fold(entry.claim.matter))
        held = best.get(identity)
        if held is None or held.points is None or entry.points > held.points:
            best[identity] = entry
    return list(best.values())
