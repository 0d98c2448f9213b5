"""What a change does: both sides computed by the same program and rubric, then subtracted.

The sides are the base revision and the tree that merging would give. A change of the rubric is
taken apart: its effect is computed on the base's data, held fixed.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from generator.engine.evaluate import Evaluation, evaluate
from generator.engine.narrow.asked import with_asked
from generator.engine.narrow.contents import ContentIndex, ContentStore
from generator.engine.narrow.held import with_holders
from generator.engine.narrow.run import NarrowRun, Reach, compare, data_paths, folders_of, open_side
from generator.engine.narrow.scope import BlobIndex, Scope
from generator.engine.narrow.sides import GitSide
from generator.engine.repository import UnknownYearError, default_year, under_way
from generator.engine.year import Means
from generator.files.git_objects import Objects, Trees
from generator.files.git_tree import KINDS, GitTree, list_paths
from generator.files.history import Change, Proposal, changes, propose
from generator.files.paths import (
    BRANCHES,
    COMMITTEE,
    RESULTS_FILE,
    RUBRIC_PATH,
    YEAR,
    CommitteePath,
    committee_folder,
    results_path,
)
from generator.files.receipts import GitReceipts, Proposed
from generator.files.tree import EntryKind
from generator.proposals.difference import YearImpact, all_ids, subtract
from generator.proposals.guard import Judgement, judge
from generator.proposals.guard.due import check_due
from generator.results.model import Source
from generator.text.findings import Place, Report

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from generator.engine.narrow.run import Opened
    from generator.results.corrections import Correction
    from generator.text.findings import Finding

    Progress = Callable[[int, int], None]

FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)
#: Up to this many branches every rank is computed without being asked for.
RANKED = 1_000
NOTHING = Evaluation(None, [], None, 0, 0)


@dataclass(frozen=True, slots=True)
class Impact:
    """What merging a proposal does to points, ranks, reviews and findings."""

    proposal: Proposal
    years: tuple[YearImpact, ...] = ()
    rubric: tuple[YearImpact, ...] = ()
    guard: Judgement | None = None
    frozen: tuple[int, ...] = ()
    author: str | None = None
    outside: tuple[Change, ...] = field(default=())

    @property
    def effect(self) -> bool:
        """Whether anything is different."""
        return any(year.effect for year in (*self.years, *self.rubric)) or bool(self.frozen)

    @property
    def errors(self) -> int:
        """Number of errors that the change brings; one that several years show is one."""
        new = [f for year in (*self.years, *self.rubric) for f in year.new]
        guarded = self.guard.findings if self.guard else []
        conflicts = len(self.proposal.conflicts) if self.guard is None else 0
        found = {f.sort_key for f in (*new, *guarded) if f.severity == "error"}
        return conflicts + len(self.uncomputed) + len(found)

    @property
    def stopped(self) -> bool:
        """Whether nothing was computed since the guard lets nothing through."""
        return self.guard is not None and self.guard.closed

    @property
    def uncomputed(self) -> list[int]:
        """Years that nothing can be said of, though no new error says why."""
        years = self.rubric or self.years
        return [y.year for y in years if not y.computed and not any_error(y.new)]


def assess(
    root: Path,
    base: str,
    head: str,
    *,
    ranks: bool | None = None,
    author: str | None = None,
    progress: Progress | None = None,
    as_of: datetime.date | None = None,
) -> Impact:
    """Compute what merging ``head`` into ``base`` does; raises GitError, MissingRubricError.

    Nothing is computed of a change that ``author`` may not make for its names, its size or for
    being unknown.

    ``ranks`` asks for every branch's rank or for none; None: as many branches allow it. Both sides
    have one date of the data: ``as_of``, else the day of the base's commit.
    """
    with closing(Objects(root)) as objects:
        trees = Trees(root, objects)
        proposal = propose(trees, base, head)
        guard = judge(trees, proposal, author) if author is not None else None
        if proposal.merged is None or (guard is not None and guard.closed):
            return Impact(proposal, guard=guard, author=author)
        found = changes(root, proposal.base, proposal.merged)
        comparison = Comparison(trees, proposal, found, progress, as_of)
        data, rubric, frozen = comparison.run(ranks=ranks)
        if guard is None:
            data = with_late_entries(data, comparison)
    outside = tuple(c for c in found if not data_paths([c.path]))
    return Impact(proposal, data, rubric, guard, frozen, author, outside)


class Comparison:
    """Both sides of one proposal, evaluated."""

    def __init__(
        self,
        trees: Trees,
        proposal: Proposal,
        found: list[Change],
        progress: Progress | None,
        as_of: datetime.date | None = None,
    ) -> None:
        self.root = trees.root
        self.trees = trees
        self.objects = trees.objects
        self.proposal = proposal
        self.found = found
        self.progress = progress
        self.merged = proposal.merged or ""
        self.before = GitSide(trees, proposal.base)
        self.base_rubric = list_paths(trees, self.before.top, [RUBRIC_PATH])
        self.after = GitSide(trees, self.merged, self.base_rubric)
        self.scope = Scope.of(change.path for change in found)
        self.scope = with_asked(self.scope, self.before, self.after)
        index = BlobIndex(self.root, proposal.base)
        self.scope = with_holders(self.scope, self.before, self.after, index)
        if self.before.ids != self.after.ids:
            self.scope = self.scope.widened()
        self.source = Source(proposal.base, dirty=False, date=trees.date(proposal.base))
        self.as_of = as_of

    @cached_property
    def opened(self) -> Opened:
        """What is common to all branches in the base; raises MissingRubricError."""
        self.before.take(())
        return open_side(self.before, ())

    def run(
        self, *, ranks: bool | None
    ) -> tuple[tuple[YearImpact, ...], tuple[YearImpact, ...], tuple[int, ...]]:
        """Return the impact of data, that of the rubric, and the frozen years that are touched."""
        frozen = self.frozen_years()
        touched = tuple(sorted(frozen & self.scope.years))
        if not data_paths(change.path for change in self.found):
            return (), (), touched
        ranked = len(self.before.ids) <= RANKED if ranks is None else ranks
        data = tuple(
            self.year(year, ranked=ranked or self.scope.shared)
            for year in self.years(frozen)
            if self.scope.data
        )
        data = tuple(sorted((*data, *self.corrected()), key=lambda year: year.year))
        rubric: tuple[YearImpact, ...] = ()
        if self.scope.rubric:
            rubric = tuple(self.rubric_effect(year) for year in self.default_years(frozen))
        return data, rubric, touched

    def corrected(self) -> Iterator[YearImpact]:
        """Yield the final years whose results differ, both sides as they were frozen."""
        for year in self.frozen_years_of(self.before) & self.frozen_years_of(self.after):
            path = results_path(year)
            if any(change.path == path for change in self.found):
                before, after = self.full(year)
                ids = all_ids(before, after)
                told = corrections_of(after)[len(corrections_of(before)) :]
                found = subtract(year, before, after, ids, self.found, ranked=True)
                yield replace(found, corrections=told)

    def frozen_years_of(self, side: GitSide) -> frozenset[int]:
        """Return the years that are frozen on one side."""
        return frozenset(
            int(name)
            for name in side.names(COMMITTEE)
            if YEAR.fullmatch(name) and RESULTS_FILE in side.names(committee_folder(name))
        )

    def frozen_years(self) -> frozenset[int]:
        """Return the years that are frozen before or after."""
        return self.frozen_years_of(self.before) | self.frozen_years_of(self.after)

    def default_years(self, frozen: frozenset[int]) -> list[int]:
        """Return the years under way in the base, with that which commands take by default."""
        repository = self.opened.repository
        years = {*under_way(repository.tree, repository.entries), default_year(repository)}
        return sorted(year for year in years if year is not None and year not in frozen)

    def years(self, frozen: frozenset[int]) -> list[int]:
        """Return the years to compare: those touched and not frozen, and those under way."""
        return sorted({*self.default_years(frozen), *(self.scope.years - frozen)})

    def year(self, year: int, *, ranked: bool) -> YearImpact:
        """Compare one year under the base's rubric."""
        sides = None if ranked else self.narrow(year)
        before, after = self.full(year) if sides is None else sides
        ids = all_ids(before, after) if self.scope.shared else self.scope.ids
        return subtract(year, before, after, ids, self.found, ranked=sides is None)

    def full(self, year: int) -> tuple[Evaluation, Evaluation]:
        """Evaluate every branch on both sides."""
        before = GitTree(self.root, self.proposal.base, trees=self.trees)
        after = GitTree(self.root, self.merged, trees=self.trees)
        after.take(self.base_rubric)
        return (
            self.evaluate(before, year, self.receipts()),
            self.evaluate(after, year, self.receipts(merged=True)),
        )

    def evaluate(self, tree: GitTree, year: int, receipts: GitReceipts) -> Evaluation:
        """Evaluate every branch of a tree; an empty evaluation where it has no such year."""
        try:
            means = Means(self.source, receipts, self.progress, as_of=self.as_of)
            return evaluate(tree, year, means)
        except UnknownYearError:
            return NOTHING

    def receipts(
        self, folders: Iterable[str] = (BRANCHES,), *, merged: bool = False
    ) -> GitReceipts:
        """Return the days of receipt in the base, or those once the proposal is merged."""
        pending = self.proposed if merged else None
        clone = self.trees.clone
        return GitReceipts(self.root, self.proposal.base, folders, pending, clone=clone)

    @cached_property
    def proposed(self) -> Proposed:
        """The proposal as a commit that is yet to come: with its own time."""
        return Proposed(self.trees.time(self.proposal.head), self.merged, self.found)

    def narrow(self, year: int) -> tuple[Evaluation, Evaluation] | None:
        """Evaluate the branches in reach on both sides; None where the others matter as well."""
        store = ContentStore.at(self.root)
        index = ContentIndex(self.root, self.proposal.base, self.objects, store)
        paths = frozenset(data_paths(change.path for change in self.found))
        reach = Reach(self.scope.ids, paths, index)
        own = self.receipts(folders_of(reach.ids))
        before, after = (
            NarrowRun(
                side,
                reach,
                year,
                Means(self.source, receipts, as_of=self.as_of, contents=store),
                known=self.opened,
            )
            for side, receipts in ((self.before, own), (self.after, own.beside(self.proposed)))
        )
        if before.needs_ranking or after.needs_ranking:
            return None
        found = compare(before, after)
        return found[0] or NOTHING, found[1] or NOTHING

    def rubric_effect(self, year: int) -> YearImpact:
        """Compare the base's data under the base's rubric and under the proposed one."""
        tree = GitTree(self.root, self.proposal.base, trees=self.trees)
        listed = list_paths(self.trees, self.after.top, [RUBRIC_PATH])
        proposed = [
            item for item in listed if item.path == RUBRIC_PATH and KINDS.get(item.mode) in FILES
        ]
        if not proposed:
            return without_rubric(year)
        before = self.evaluate(tree, year, self.receipts())
        tree.take(proposed)
        after = self.evaluate(tree, year, self.receipts())
        return subtract(year, before, after, all_ids(before, after), [], ranked=True)


def corrections_of(evaluation: Evaluation) -> tuple[Correction, ...]:
    """Return the corrections of a final year."""
    return evaluation.results.corrections if evaluation.results else ()


def with_late_entries(
    years: tuple[YearImpact, ...], comparison: Comparison
) -> tuple[YearImpact, ...]:
    """Return the years with what a changed due list asks too late (G012), which no guard says."""
    report = Report()
    base = comparison.proposal.base
    check_due(comparison.trees, base, comparison.merged, comparison.found, report)
    found = {year.year: [f for f in report.sorted() if is_of(f, year.year)] for year in years}
    return tuple(replace(year, new=(*year.new, *found[year.year])) for year in years)


def is_of(finding: Finding, year: int) -> bool:
    """Whether a finding lies in the committee's files of a year."""
    own = CommitteePath.of(finding.path)
    return own is not None and own.year == year


def any_error(findings: Iterable[Finding]) -> bool:
    """Whether one of the findings is an error."""
    return any(finding.severity == "error" for finding in findings)


def without_rubric(year: int) -> YearImpact:
    """Return the effect of a proposal that removes the rubric: an error, and nothing computed."""
    report = Report(year=year)
    report.add("E001", Place(RUBRIC_PATH), "缺少 rubric.yml：没有考核办法就不能计分")
    return YearImpact(
        year, ranked=False, branches=(), others=(), new=tuple(report.findings), fixed=(), still=()
    )
