"""A survey of a year: every criterion of every branch, for pages that look across branches.

One pass over the packed details, before pages are shared out to processes; how a branch stands on
a criterion is one small object, which all branches that stand alike share.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from generator.results.packed import figures
from generator.scoring.scorecard import Basis, summed
from generator.site.data.figures import median
from generator.site.data.scale import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Criterion, Rubric, Section
    from generator.scoring.ballots import Ballots

#: Bases that give a figure to compare: pending has none, not applicable is outside of losses.
COMPARABLE = frozenset({Basis.VERIFIED, Basis.ACCEPTED, Basis.COMPUTED, Basis.CLAIMED})


class Mark(NamedTuple):
    """How a branch stands on one criterion; points are None while pending, never zero."""

    basis: Basis
    points: Decimal | None
    max: Decimal | None

    @property
    def comparable(self) -> bool:
        """Whether there are points to set beside those of others."""
        return self.basis in COMPARABLE and self.points is not None and self.max is not None

    @property
    def lost(self) -> Decimal | None:
        """Points lost; None where pending or not applicable: those are outside of losses."""
        if not self.comparable or self.points is None or self.max is None:
            return None
        return self.max - self.points


class Column(NamedTuple):
    """A criterion with its section."""

    section: Section
    criterion: Criterion


@dataclass(frozen=True)
class Survey:
    """Marks of all branches that have a scorecard, by branch id, in the order of the columns.

    ``ballots`` are those of branches of which it is known how many were handed out.
    """

    columns: tuple[Column, ...]
    branches: tuple[BranchResult, ...]
    marks: Mapping[str, tuple[Mark | None, ...]] = field(repr=False)
    ballots: Mapping[str, Ballots] = field(default_factory=dict, repr=False)

    def of(self, branch: BranchResult) -> tuple[Mark | None, ...]:
        """Return the marks of a branch; all None where it has no scorecard."""
        return self.marks.get(branch.id) or (None,) * len(self.columns)

    def column(self, number: int) -> list[tuple[BranchResult, Mark]]:
        """Return all branches that have a mark on a criterion, in the order of the results."""
        found = []
        for branch in self.branches:
            mark = self.marks[branch.id][number]
            if mark is not None:
                found.append((branch, mark))
        return found

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each criterion stands among the columns, by its id."""
        return {c.criterion.id: number for number, c in enumerate(self.columns)}

    @cached_property
    def by_kind(self) -> dict[str | None, tuple[BranchResult, ...]]:
        """Ranked branches of each kind; None holds those whose kind is not told."""
        found: dict[str | None, list[BranchResult]] = {}
        for branch in self.branches:
            if branch.rank is not None:
                found.setdefault(branch.kind, []).append(branch)
        return {kind: tuple(branches) for kind, branches in found.items()}

    @cached_property
    def medians(self) -> dict[str | None, dict[str, Decimal]]:
        """Median points of each section over the ranked branches of a kind, by kind and section.

        A section of which a branch has no figure at all is outside: pending is not zero.
        """
        return {kind: self._section_medians(members) for kind, members in self.by_kind.items()}

    def _section_medians(self, members: Sequence[BranchResult]) -> dict[str, Decimal]:
        found = {}
        for section in dict.fromkeys(column.section.id for column in self.columns):
            here = [n for n, column in enumerate(self.columns) if column.section.id == section]
            values = sorted(
                branch.sections.get(section, ZERO)
                for branch in members
                if any(assessed(self.marks[branch.id][n]) for n in here)
            )
            middle = median(values)
            if middle is not None:
                found[section] = middle
        return found


def assessed(mark: Mark | None) -> bool:
    """Whether a criterion has been given a figure or a treatment."""
    return mark is not None and mark.basis is not Basis.PENDING


def survey_of(results: Results, rubric: Rubric) -> Survey:
    """Return the survey of a year's results."""
    columns = tuple(Column(s, c) for s in rubric.sections for c in s.criteria)
    where = {column.criterion.id: number for number, column in enumerate(columns)}
    same: dict[Mark, Mark] = {}
    branches = tuple(b for b in results.branches if b.total is not None)
    marks, ballots = {}, {}
    for branch in branches:
        row: list[Mark | None] = [None] * len(columns)
        for line in figures(branch.packed):
            number = where.get(line.criterion)
            if number is not None:
                mark = Mark(line.basis, line.points, line.max)
                row[number] = same.setdefault(mark, mark)
                if line.ballots is not None:
                    ballots[branch.id] = line.ballots
        marks[branch.id] = tuple(row)
    return Survey(columns, branches, marks, ballots)


def losses(marks: Iterable[Mark | None]) -> Decimal:
    """Return the points lost on some criteria, of those that have a figure."""
    return summed(mark.lost for mark in marks if mark is not None)
