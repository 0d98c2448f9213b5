"""What totals are made of: every basis and the bonus, named whether or not there is any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.scoring.scorecard import INKS, summed
from generator.site.data.figures import INK_WORDS
from generator.site.html.templating import shown
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult

BONUS = "bonus"
WORDS = {**INK_WORDS, BONUS: mark("加分")}


@dataclass(frozen=True, slots=True)
class TotalPart:
    """A part of a total: on what it rests, its points, of how many criteria (None of a bonus)."""

    basis: str
    points: Decimal
    criteria: int | None

    @property
    def words(self) -> str:
        """The part in words: what is pending has no points, and is counted."""
        title = gettext(WORDS[self.basis])
        if self.criteria is None:
            return tr("{title} {points} 分", title=title, points=shown(self.points))
        if self.basis == "pending":
            return tr("{title} {n} 项", title=title, n=self.criteria)
        return tr(
            "{title} {points} 分（{n} 项）",
            title=title,
            points=shown(self.points),
            n=self.criteria,
        )


def makeup_of(branches: Sequence[BranchResult]) -> tuple[TotalPart, ...]:
    """Return the parts of the totals of some branches, always all of them; they add up to these.

    Nothing where no branch has a total.
    """
    filed = [branch for branch in branches if branch.total is not None]
    if not filed:
        return ()
    fixed = (
        TotalPart(
            basis,
            summed(branch.portions[basis].points for branch in filed),
            sum(branch.portions[basis].criteria for branch in filed),
        )
        for basis in INKS
    )
    return (*fixed, TotalPart(BONUS, summed(branch.bonus for branch in filed), None))
