"""Ranks, their ranges and grades over all branches of a year (docs/format.md §5, rules 5 and 6)."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from generator.scoring.scorecard import Status, known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.formats.committee_files import Decision
    from generator.rubric.document import Band, Rubric

FIXED = "fixed"


class Placed(Protocol):
    """What ranking looks at: figures are decimals, None where a branch has none."""

    @property
    def id(self) -> str:
        """Id of the branch."""

    @property
    def status(self) -> str:
        """Whether it has a result."""

    @property
    def total(self) -> Decimal | None:
        """Fixed points and bonus."""

    @property
    def fixed(self) -> Decimal | None:
        """Fixed points."""

    @property
    def low(self) -> Decimal | None:
        """Total that is certain."""

    @property
    def high(self) -> Decimal | None:
        """Total that is possible."""

    @property
    def sections(self) -> Mapping[str, Decimal]:
        """Points of each section."""

    @property
    def pending(self) -> bool:
        """Whether a criterion is still pending."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a branch stands: rank and its possible range, computed and final grade (band ids)."""

    rank: int | None = None
    rank_range: tuple[int, int] | None = None
    computed_grade: str | None = None
    grade: str | None = None


def place(cards: Iterable[Placed], rubric: Rubric, decision: Decision | None) -> dict[str, Placing]:
    """Return the placing of every branch by id."""
    cards = list(cards)
    scored = [card for card in cards if card.status == Status.SCORED]
    ranks = rank(scored, rubric.ties)
    ranges = rank_ranges(scored)
    grades = grade(scored, ranks, rubric.grades)
    last = rubric.grades[-1].id if rubric.grades else None
    decided = decision.grades if decision else {}
    known = {band.id for band in rubric.grades}
    placings = {}
    for card in cards:
        computed = last if card.status == Status.VETOED else grades.get(card.id)
        if not rubric.valid:
            computed = None
        final = computed
        choice = decided.get(card.id)
        if choice is not None and choice.grade in known and card.status != Status.VETOED:
            final = choice.grade
        placings[card.id] = Placing(ranks.get(card.id), ranges.get(card.id), computed, final)
    return placings


def sort_key(card: Placed, ties: Sequence[str]) -> tuple[Decimal, ...]:
    """Return the figures that rank a branch, highest first: total, then ``ties`` in turn."""
    figures = [known(card.total)]
    figures += [
        known(card.fixed) if tie == FIXED else card.sections.get(tie, Decimal(0)) for tie in ties
    ]
    return tuple(-figure for figure in figures)


def rank(scored: Sequence[Placed], ties: Sequence[str]) -> dict[str, int]:
    """Return 1-based ranks; equal figures share a rank and the next is skipped (1, 2, 2, 4)."""
    ranks: dict[str, int] = {}
    ordered = sorted(scored, key=lambda card: sort_key(card, ties))
    position = 1
    for _, group in groupby(ordered, key=lambda card: sort_key(card, ties)):
        members = list(group)
        ranks.update(dict.fromkeys((card.id for card in members), position))
        position += len(members)
    return ranks


def rank_ranges(scored: Sequence[Placed]) -> dict[str, tuple[int, int]]:
    """Return branch id → the best and the worst rank that it can still reach."""
    lows = sorted(known(card.low) for card in scored)
    highs = sorted(known(card.high) for card in scored)
    ranges = {}
    for card in scored:
        low, high = known(card.low), known(card.high)
        above = len(lows) - bisect.bisect_right(lows, high)
        reach = len(highs) - bisect.bisect_right(highs, low)
        reach -= high > low
        ranges[card.id] = (1 + above, 1 + reach)
    return ranges


def grade(
    scored: Sequence[Placed], ranks: dict[str, int], bands: Sequence[Band]
) -> dict[str, str | None]:
    """Return band ids; a branch with a pending line keeps its place but has no grade (rule 6)."""
    remaining = sorted(scored, key=lambda card: (ranks[card.id], card.id))
    grades: dict[str, str | None] = {}
    for index, band in enumerate(bands):
        last = index == len(bands) - 1
        taken = remaining if last else fitting(remaining, band, ranks, len(scored))
        for card in taken:
            grades[card.id] = None if card.pending else band.id
        remaining = remaining[len(taken) :]
    return grades


def fitting(
    remaining: Sequence[Placed], band: Band, ranks: dict[str, int], of: int
) -> list[Placed]:
    """Return the best who reach the band and fit its quota; equal ranks stay together."""
    room = len(remaining) if band.quota is None else int(Fraction(band.quota) * of)
    taken: list[Placed] = []
    for _, group in groupby(remaining, key=lambda card: ranks[card.id]):
        members = list(group)
        if known(members[0].total) < band.min or len(taken) + len(members) > room:
            break
        taken += members
    return taken
