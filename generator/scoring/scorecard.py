"""Scorecards: the lines of one branch, their basis, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from generator.text.privacy import NO_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.scoring.ballots import Ballots
    from generator.scoring.due import DueLine
    from generator.text.messages import Words
    from generator.text.privacy import Printable


class Basis(StrEnum):
    """What a figure rests on.

    ``ACCEPTED`` is a claim that the committee took over as it stands (``accept_claims``): files
    have it as verified, with a key of its own, and everything counts it apart.
    """

    VERIFIED = "verified"
    ACCEPTED = "accepted"
    COMPUTED = "computed"
    CLAIMED = "claimed"
    PENDING = "pending"
    NOT_APPLICABLE = "not-applicable"
    SCALED = "scaled"

    @property
    def written(self) -> str:
        """How files have it (docs/format.md §7)."""
        return Basis.VERIFIED.value if self is Basis.ACCEPTED else self.value


DECIDED = frozenset({Basis.VERIFIED, Basis.NOT_APPLICABLE, Basis.SCALED})
CERTAIN = frozenset({Basis.VERIFIED, Basis.ACCEPTED, Basis.COMPUTED, Basis.NOT_APPLICABLE})
#: What points can rest on, the most certain first: what the committee set aside is verified.
INKS = ("verified", "computed", "accepted", "claimed", "pending")


class Status(StrEnum):
    """Whether a branch has a result."""

    SCORED = "scored"
    VETOED = "vetoed"
    NOT_SUBMITTED = "not-submitted"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a scorecard: points out of max, on which basis, why, on which evidence."""

    section: str
    criterion: str | None
    part: str | None
    title: Words
    clause: Printable
    points: Decimal | None
    max: Decimal | None
    basis: Basis
    claimed: Decimal | None = None
    computed: Decimal | None = None
    verified: Decimal | None = None
    reason: Words = ""
    evidence: tuple[str, ...] = ()
    statement: Printable = NO_TEXT
    decided_by: str = ""
    decided_on: str = ""
    facts: tuple[Words, ...] = ()
    question: str = ""
    sources: tuple[str, ...] = ()
    excluded: bool = False
    ballots: Ballots | None = None

    @property
    def counted(self) -> bool:
        """Whether the line's points are added up: a criterion's own line or a scaling."""
        return self.part is None


def bounds_of(line: Line) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most points that a line can still get."""
    if line.basis in CERTAIN:
        return line.points, line.points
    return None, line.max


@dataclass(frozen=True, slots=True)
class BonusLine:
    """One bonus claim: what it gives and whether the committee accepted it.

    ``level_title`` is what the rubric calls its level, empty where it gives no title.
    """

    claim: str
    rule: str
    title: Printable
    clause: Printable
    matter: Printable
    level: str
    points: Decimal | None
    status: str
    reason: Words
    evidence: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    level_title: Printable = NO_TEXT


@dataclass(slots=True)
class Scorecard:
    """All figures of one branch that do not depend on other branches; points are exact decimals."""

    id: str
    status: Status
    lines: list[Line] = field(default_factory=list)
    bonus_lines: list[BonusLine] = field(default_factory=list)
    sections: dict[str, Decimal] = field(default_factory=dict)
    bonus: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    due: tuple[DueLine, ...] = ()

    @property
    def fixed(self) -> Decimal | None:
        """Points of the fixed items: the sum of the lines; None without a result."""
        if self.bonus is None:
            return None
        return summed(line.points for line in self.lines if line.counted)

    @property
    def total(self) -> Decimal | None:
        """Fixed points and bonus."""
        fixed = self.fixed
        return None if fixed is None or self.bonus is None else fixed + self.bonus

    @property
    def done(self) -> int:
        """Number of criteria that are verified, accepted, computed or not applicable."""
        return sum(line.counted and line.basis in CERTAIN for line in self.lines)

    @property
    def pending(self) -> bool:
        """Whether a criterion is still pending."""
        return any(line.counted and line.basis is Basis.PENDING for line in self.lines)


def summed(values: Iterable[Decimal | None]) -> Decimal:
    """Return the sum of points; what nobody knows yet adds nothing."""
    return sum((value for value in values if value is not None), Decimal(0))


def known(figure: Decimal | None) -> Decimal:
    """Return a figure of a scored branch, which has them all; raises ValueError without."""
    if figure is None:
        raise ValueError
    return figure


def maxima(lines: Iterable[Line]) -> dict[str, Decimal]:
    """Return the maximum points that rest on each basis: what the committee decided is verified."""
    sums = dict.fromkeys(INKS, Decimal(0))
    for line in lines:
        if line.counted and line.max is not None and not line.excluded:
            sums[ink(line)] += line.max
    return sums


class Portion(NamedTuple):
    """The part of a branch's fixed points that rests on one basis, and of how many criteria."""

    points: Decimal
    criteria: int


def portions(lines: Iterable[Line]) -> dict[str, Portion]:
    """Return what the fixed points rest on: all of ``INKS``, which add up to them."""
    found = dict.fromkeys(INKS, Portion(Decimal(0), 0))
    for line in lines:
        if line.counted:
            before = found[ink(line)]
            points = before.points + (line.points or 0)
            found[ink(line)] = Portion(points, before.criteria + (line.criterion is not None))
    return found


def ink(line: Line) -> str:
    """Return how certain a line is: one of ``INKS``."""
    return "verified" if line.basis in DECIDED else line.basis.value
