"""What came after the results of a year, and what is still to be put right of earlier ones.

None of it is in the results: it is written when they are final, and it is the committee's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.formats.after import Fund, Talk
    from generator.results.model import BranchResult, Results


class Carried(NamedTuple):
    """What a talk after the results of a year asked, and what is not put right yet."""

    year: int
    talk: Talk

    def is_late(self, day: str) -> bool:
        """Whether its last day is over on a day."""
        until = self.talk.until
        return bool(day) and until is not None and until.isoformat() < day


class Rectify(NamedTuple):
    """What is to be put right, as it is shown: after which year, until when, whether that is over.

    ``until`` is empty where no day was set.
    """

    year: int
    asked: str
    until: str
    late: bool


@dataclass(frozen=True, slots=True)
class After:
    """Talks and funds of a year, and what earlier years' talks asked that is still open."""

    talks: tuple[Talk, ...] = ()
    funds: tuple[Fund, ...] = ()
    carried: tuple[Carried, ...] = ()

    def rectify(self, branch: BranchResult, results: Results) -> tuple[Rectify, ...]:
        """Return what a branch still has to put right, as it is shown by the date of the data."""
        day = day_of(results)
        return tuple(
            Rectify(item.year, item.talk.asked or "", f"{item.talk.until or ''}", item.is_late(day))
            for item in self.carried_of(branch)
        )

    def carried_of(self, branch: BranchResult) -> tuple[Carried, ...]:
        """Return what a branch still has to put right, whatever it was called then."""
        names = {branch.id, *branch.formerly}
        return tuple(item for item in self.carried if item.talk.branch in names)

    def talks_of(self, branch: BranchResult) -> tuple[Talk, ...]:
        """Return the talks with a branch, in the order of the file."""
        names = {branch.id, *branch.formerly}
        return tuple(talk for talk in self.talks if talk.branch in names)

    def given(self, branch: BranchResult) -> Decimal | None:
        """Return what a branch is given in all, in yuan; None for nothing."""
        names = {branch.id, *branch.formerly}
        own = [fund.amount for fund in self.funds if fund.branch in names and fund.amount]
        return sum(own, Decimal(0)) if own else None


#: Nothing came after the results yet.
NOTHING = After()


def day_of(results: Results) -> str:
    """Return the date of the data, nothing where it is not known."""
    return results.as_of or results.source.date or ""


def by_branch(branches: Iterable[BranchResult]) -> dict[str, BranchResult]:
    """Return each branch by its id, and by those that it had before where no other has them."""
    found: dict[str, BranchResult] = {}
    for branch in branches:
        for name in (branch.id, *branch.formerly):
            found.setdefault(name, branch)
        found[branch.id] = branch
    return found
