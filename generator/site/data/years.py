"""The years that a site shows: the one under way from its files, final ones from frozen results."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from generator.engine.evaluate import Evaluation, evaluate, frozen_evaluation
from generator.engine.repository import open_repository, under_way
from generator.engine.snapshot import means_of, snapshot_of
from generator.files.paths import results_path, rubric_path
from generator.results.public import is_public, public
from generator.site.addresses import branch_address
from generator.site.data.scale import Scale
from generator.text.language import set_language

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.engine.year import Means, Progress
    from generator.files.tree import Tree
    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric
    from generator.text.findings import Finding


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How a branch stood in one year."""

    year: int
    address: str
    result: BranchResult


@dataclass(frozen=True)
class SiteData:
    """All that the pages of one year are made of; ``past`` holds the earlier, final years.

    ``prefix`` is the folder of the year's own pages: none for the year that the home page shows.
    """

    root: Path
    templates: Path
    evaluation: Evaluation
    prefix: str = ""
    past: tuple[SiteData, ...] = ()
    frozen: tuple[Path, ...] = ()
    trends: dict[str, tuple[TrendPoint, ...]] = field(default_factory=dict)

    @property
    def results(self) -> Results:
        """The results of the year; raises ValueError without results."""
        if self.evaluation.results is None:
            raise ValueError(self.root)
        return self.evaluation.results

    @property
    def rubric(self) -> Rubric:
        """The rubric of the year; raises ValueError where it cannot be read."""
        if self.evaluation.rubric is None:
            raise ValueError(self.root)
        return self.evaluation.rubric

    @property
    def years(self) -> Iterator[SiteData]:
        """The years of the site, the newest first."""
        yield self
        yield from self.past

    @property
    def under_way(self) -> bool:
        """Whether the year is still under way: a final one lacks nothing that could be filed."""
        return not self.prefix and not self.frozen and self.results.stage != "final"

    def trend(self, branch: str) -> tuple[TrendPoint, ...]:
        """Return how a branch stood in every year on file, the oldest first."""
        return self.trends.get(branch, ())

    @cached_property
    def by_branch(self) -> dict[str, list[Finding]]:
        """Findings of each branch that its pages may show."""
        found: dict[str, list[Finding]] = {}
        for finding in self.evaluation.findings:
            own = finding.year in {None, self.results.year}
            if finding.branch and own and is_public(finding):
                found.setdefault(finding.branch, []).append(finding)
        return found

    @cached_property
    def scale(self) -> Scale:
        """One scale for the totals of all branches."""
        return Scale.of(self.results, self.rubric)


def load_site(
    root: Path,
    lang: str,
    templates: Path,
    *,
    keep: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
    as_of: datetime.date | None = None,
) -> SiteData:
    """Evaluate the default year of the working tree, and read the final ones before it.

    Findings of the other years under way stand beside those of the default one: nothing is
    published while any of them holds an error.

    ``keep`` lets the run use the cache; ``jobs`` is the number of processes; ``as_of`` the date of
    the data where one is told.
    """
    set_language(lang)
    with snapshot_of(root) as snapshot:
        means = means_of(root, snapshot, progress, keep=keep, jobs=jobs, as_of=as_of)
        evaluation = published(evaluate(snapshot.tree, means=means))
        repository = open_repository(snapshot.tree)
        shown = evaluation.results.year if evaluation.results else None
        others = [year for year in under_way(repository) if year != shown]
        evaluation = beside(evaluation, snapshot.tree, others, means)
        final = [
            (year, frozen_evaluation(repository, year))
            for year in sorted(repository.frozen_years, reverse=True)
            if year != shown
        ]
    trends = trends_of([*(item for _, item in reversed(final)), evaluation])
    past = tuple(
        SiteData(root, templates, item, f"{year}/", frozen=frozen_files(root, year), trends=trends)
        for year, item in final
        if item.results is not None and item.rubric is not None
    )
    frozen = frozen_files(root, shown) if shown in repository.frozen_years and shown else ()
    return SiteData(root, templates, evaluation, past=past, frozen=frozen, trends=trends)


def beside(evaluation: Evaluation, tree: Tree, years: Iterable[int], means: Means) -> Evaluation:
    """Return an evaluation with the findings of other years beside its own, each once."""
    found = set(evaluation.findings)
    for year in years:
        found |= set(evaluate(tree, year, means, details=False).findings)
    return replace(evaluation, findings=sorted(found, key=lambda finding: finding.sort_key))


def published(evaluation: Evaluation) -> Evaluation:
    """Return an evaluation whose results hold what is public; a final year's stays as it is."""
    if evaluation.results is None or evaluation.frozen:
        return evaluation
    return replace(evaluation, results=public(evaluation.results))


def trends_of(evaluations: Iterable[Evaluation]) -> dict[str, tuple[TrendPoint, ...]]:
    """Return how each branch stood in some years, in their order, by its id."""
    trends: dict[str, tuple[TrendPoint, ...]] = {}
    for item in evaluations:
        for branch in item.results.branches if item.results else ():
            point = TrendPoint(item.year, branch_address(item.year, branch), branch)
            trends[branch.id] = (*trends.get(branch.id, ()), point)
    return trends


def frozen_files(root: Path, year: int) -> tuple[Path, ...]:
    """Return the files that a final year was frozen into."""
    paths = (root / results_path(year), root / rubric_path(year))
    return tuple(path for path in paths if path.is_file())
