"""The years that a site shows: evaluated from their files, or read from frozen results."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from generator.engine.evaluate import Evaluation, evaluate, frozen_evaluation
from generator.engine.repository import (
    default_year,
    open_repository,
    opened_years,
    under_way,
)
from generator.engine.snapshot import means_of, snapshot_of
from generator.files.git import asking_once
from generator.files.paths import RESULTS_FILE, results_path, rubric_path
from generator.formats.kept import Whom, reaching
from generator.proposals.lot import moved
from generator.results.after import NOTHING as NOTHING_AFTER
from generator.results.audience import PUBLIC, WITHHELD, FieldClass, Publish
from generator.results.projection import Hidden, Projection, is_told, whole_digest
from generator.site.addresses import branch_address
from generator.site.data.filed import Filed, filed_years
from generator.site.data.scale import Scale
from generator.site.data.scant import OPEN, ranked_for_pages
from generator.text.language import gettext, set_language

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.engine.year import Means, Progress
    from generator.files.tree import Tree
    from generator.reports.alike.year import Likeness
    from generator.results.corrections import Changed, Correction
    from generator.results.model import AcceptedFinding, BranchResult, Results
    from generator.rubric.document import Rubric
    from generator.site.data.forge import Forge
    from generator.text.findings import Finding


#: The line of a final year's results that states its digest.
DIGEST = re.compile(rb' "digest": "(sha256:[0-9a-f]{64})",\n')
#: Stages in which results come about, and the one in which branches file.
DECIDING, FILING = frozenset({"publicity", "review"}), frozenset({OPEN})


class FrozenFile(NamedTuple):
    """A file that a final year was frozen into; ``data`` are its bytes where no disk has them."""

    path: Path
    data: bytes | None = None

    def open(self) -> BinaryIO:
        """Open it for reading."""
        return self.path.open("rb") if self.data is None else io.BytesIO(self.data)


#: Files of no frozen year.
NOTHING_FROZEN: Mapping[int, tuple[FrozenFile, ...]] = MappingProxyType({})
NOTHING_FILED: Mapping[int, Filed] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How a branch stood in one year, and whether that is final."""

    year: int
    address: str
    result: BranchResult
    final: bool = True


@dataclass(frozen=True)
class SiteData:
    """All that the pages of one year are made of; ``others`` holds the other years of the site.

    A year is evaluated from its files or read from what it was frozen into; its pages are made
    alike. ``prefix`` is the folder of the year's own pages: none for the year that the home page
    shows, which alone has ``others``, ``findings`` (what was found in all years) and ``forge``
    (where the repository lies, as mkdocs.yml says). ``publish`` says whom it is for, ``hidden`` are
    the texts that were taken out of the year's results; ``filed`` is there while branches file,
    ``likeness`` where the site shows pictures that look alike.
    """

    root: Path
    templates: Path
    evaluation: Evaluation
    prefix: str = ""
    others: tuple[SiteData, ...] = ()
    frozen: tuple[FrozenFile, ...] = ()
    trends: dict[str, tuple[TrendPoint, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    forge: Forge | None = None
    filed: Filed | None = None
    likeness: Likeness | None = None
    publish: Publish = PUBLIC
    hidden: frozenset[Hidden] = frozenset()

    @property
    def published(self) -> Results:
        """The results of the year as files for programs hold them; raises ValueError without."""
        if self.evaluation.results is None:
            raise ValueError(self.root)
        return self.evaluation.results

    @cached_property
    def results(self) -> Results:
        """The results of the year as pages show them; raises ValueError without."""
        return ranked_for_pages(self.published)

    @cached_property
    def pairs(self) -> tuple[tuple[BranchResult, BranchResult], ...]:
        """Every branch as files hold it and as pages show it, in the order of the files."""
        shown = {branch.id: branch for branch in self.results.branches}
        return tuple((branch, shown[branch.id]) for branch in self.published.branches)

    @property
    def rubric(self) -> Rubric:
        """The rubric of the year; raises ValueError where it cannot be read."""
        if self.evaluation.rubric is None:
            raise ValueError(self.root)
        return self.evaluation.rubric

    @property
    def years(self) -> Iterator[SiteData]:
        """The years of the site, the newest first."""
        yield from sorted((self, *self.others), key=lambda site: -site.results.year)

    @property
    def under_way(self) -> bool:
        """Whether the year is still under way: a final one lacks nothing that could be filed."""
        return not self.evaluation.frozen and self.results.stage != "final"

    @property
    def tells_lacking(self) -> bool:
        """Whether its pages list what branches still lack."""
        return self.under_way and self.publish.shows(FieldClass.DUE)

    @property
    def tells_lot(self) -> bool:
        """Whether it has a page of an audit by lot."""
        return self.evaluation.audit is not None and self.publish.shows(FieldClass.LOTS)

    def trend(self, branch: str) -> tuple[TrendPoint, ...]:
        """Return how a branch stood in every year on file, the oldest first."""
        return self.trends.get(branch, ())

    @cached_property
    def by_branch(self) -> dict[str, list[Finding]]:
        """Findings of each branch that its pages may show; results tell of accepted ones."""
        found: dict[str, list[Finding]] = {}
        for finding in self.evaluation.findings:
            own = finding.year in {None, self.results.year}
            if finding.branch and own and not finding.accepted and is_told(finding, self.publish):
                found.setdefault(finding.branch, []).append(finding)
        return found

    @cached_property
    def corrected(self) -> dict[str, tuple[tuple[int, Correction], ...]]:
        """The corrections of each branch, with their numbers and its own changes alone."""
        found: dict[str, tuple[tuple[int, Correction], ...]] = {}
        for number, correction in enumerate(self.published.corrections, start=1):
            changes: dict[str, list[Changed]] = {}
            for change in correction.changes:
                if change.branch is not None:
                    changes.setdefault(change.branch, []).append(change)
            for name, own in changes.items():
                item = replace(correction, changes=tuple(own))
                found[name] = (*found.get(name, ()), (number, item))
        return found

    @cached_property
    def accepted(self) -> dict[str, list[AcceptedFinding]]:
        """Findings of each branch that the committee accepts."""
        found: dict[str, list[AcceptedFinding]] = {}
        for item in self.published.accepted:
            found.setdefault(item.branch, []).append(item)
        return found

    @cached_property
    def scale(self) -> Scale:
        """One scale for the totals of all branches."""
        return Scale.of(self.results, self.rubric)


class Evaluated(NamedTuple):
    """The years that a site may show, the oldest first; files of final ones, data of open ones."""

    years: Sequence[Evaluation]
    frozen: Mapping[int, tuple[FrozenFile, ...]] = NOTHING_FROZEN
    filed: Mapping[int, Filed] = NOTHING_FILED


def load_site(
    root: Path,
    lang: str,
    templates: Path,
    *,
    keep: bool = True,
    jobs: int | None = None,
    publish: Publish = PUBLIC,
) -> SiteData:
    """Return the site of a repository as ``publish`` shows it; the others as for ``evaluated``."""
    found = evaluated(root, lang, keep=keep, jobs=jobs)
    return assembled(root, templates, found.years, found.frozen, publish, found.filed)


def evaluated(
    root: Path,
    lang: str,
    *,
    keep: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
    as_of: datetime.date | None = None,
    revision: str | None = None,
    summaries: bool = False,
) -> Evaluated:
    """Evaluate the years that are not frozen, and read those that are.

    ``keep`` lets the run use the cache; ``jobs`` is the number of processes; ``as_of`` the date of
    the data where one is told; ``revision`` is read in place of the working tree; ``summaries``
    are asked for where pictures are to be compared.
    """
    set_language(lang)
    with asking_once(), snapshot_of(root, revision) as snapshot:
        means = means_of(root, snapshot, progress, keep=keep, jobs=jobs, as_of=as_of)
        means = replace(means, summaries=summaries)
        found = evaluations(snapshot.tree, means)
        final = [item.year for item in found if item.frozen]
        tree = snapshot.tree if revision else None
        frozen = {year: frozen_files(root, year, tree) for year in final}
        return Evaluated(found, frozen, filed_years(snapshot.tree, means, found))


def assembled(
    root: Path,
    templates: Path,
    found: Sequence[Evaluation],
    frozen: Mapping[int, tuple[FrozenFile, ...]] = NOTHING_FROZEN,
    publish: Publish = PUBLIC,
    filed: Mapping[int, Filed] = NOTHING_FILED,
) -> SiteData:
    """Return the site of some years, the oldest first: the one shown first, with all others.

    Nothing of it has more than ``publish`` shows. Where a year cannot be evaluated, it is the whole
    site: nothing can be published.
    """
    findings = {finding for item in found for finding in item.findings}
    told = tuple(sorted(findings, key=lambda finding: finding.sort_key))
    projections = [published(item, publish, frozen.get(item.year, ())) for item in found]
    found = [item for item, _ in projections]
    hidden = {item.year: texts for item, texts in projections if item.results is not None}
    shown = [item for item in found if item.results is not None and item.rubric is not None]
    front = front_of({item.year: item.results.stage for item in shown if item.results})
    unreadable = next((i for i in found if i.results is None and not i.frozen), None)
    if front is None or unreadable is not None:
        return SiteData(root, templates, unreadable or found[-1], findings=told, publish=publish)
    trends = trends_of(shown)
    sites = {
        item.year: SiteData(
            root,
            templates,
            item,
            "" if item.year == front else f"{item.year}/",
            frozen=frozen.get(item.year, ()),
            trends=trends,
            filed=filed.get(item.year),
            publish=publish,
            hidden=hidden[item.year],
        )
        for item in reversed(shown)
    }
    first = sites.pop(front)
    return replace(first, others=tuple(sites.values()), findings=told)


def evaluations(tree: Tree, means: Means) -> list[Evaluation]:
    """Return what the site may show, the oldest year first: every year that was opened.

    Where none was, the newest that branches filed for, or what is found without any year. A year
    that is ended and not frozen yet is left out while it holds an error: nothing checks it.
    """
    repository = open_repository(tree)
    default = default_year(repository)
    if default is None:
        return [evaluate(tree, means=means)]
    asked = {default, *under_way(tree, repository.entries)}
    own = reaching(Whom.BRANCH, scored=False)
    found = []
    for year in sorted({*asked, *opened_years(repository)}):
        if year in repository.frozen_years:
            found.append(frozen_evaluation(repository, year))
        else:
            item = evaluate(tree, year, means)
            item.kept = {name: repository.blobs(own, year, name) for name in item.ids}
            if year in asked or not item.errors:
                found.append(item)
    for item in found:
        item.moved = moved(item.audit, item.results, means.receipts)
    return found


def front_of(stages: Mapping[int, str]) -> int | None:
    """Return the year that the home page shows, given the stage of each; None without any.

    The newest that is being decided, else the newest that is being filed, else the newest.
    """
    for wanted in (DECIDING, FILING):
        found = [year for year, stage in stages.items() if stage in wanted]
        if found:
            return max(found)
    return max(stages, default=None)


def published(
    evaluation: Evaluation, publish: Publish, frozen: Iterable[FrozenFile] = ()
) -> tuple[Evaluation, frozenset[Hidden]]:
    """Return an evaluation whose results hold what is shown, and the texts that they do not."""
    results = evaluation.results
    if not publish.shows(FieldClass.AFTER):
        evaluation = replace(evaluation, after=NOTHING_AFTER)
    if results is None or not publish.withheld:
        return evaluation, frozenset()
    digest = next(filter(None, map(digest_told, frozen)), "") or whole_digest(results)
    projection = Projection(publish, gettext(WITHHELD))
    shown = projection.results(results, digest)
    return replace(evaluation, results=shown), frozenset(projection.hidden)


def digest_told(file: FrozenFile) -> str:
    """Return the digest that a final year's results have, nothing of another file.

    The file has one form to the byte, so that the line that holds it is known without it being
    read as a whole.
    """
    if file.path.name != RESULTS_FILE:
        return ""
    with file.open() as stream:
        found = next(filter(None, map(DIGEST.fullmatch, stream)), None)
    return found[1].decode() if found else ""


def trends_of(evaluations: Iterable[Evaluation]) -> dict[str, tuple[TrendPoint, ...]]:
    """Return how each branch stood in some years, in their order, by its id and its former ones.

    Where a year has both, the branch is the one of the newer id.
    """
    found = [item for item in evaluations if item.results is not None]
    now = {
        former: branch.id
        for item in found
        for branch in (item.results.branches if item.results else ())
        for former in branch.formerly
    }
    points: dict[str, dict[int, TrendPoint]] = {}
    named: dict[str, str] = {}
    for item in found:
        if item.results is None:
            continue
        final = item.results.stage == "final"
        for branch in ranked_for_pages(item.results).branches:
            last = named[branch.id] = newest_id(branch.id, now)
            point = TrendPoint(item.year, branch_address(item.year, branch), branch, final)
            years = points.setdefault(last, {})
            if branch.id == last or item.year not in years:
                years[item.year] = point
    return {name: tuple(points[last].values()) for name, last in named.items()}


def newest_id(branch: str, now: Mapping[str, str]) -> str:
    """Return what a branch is called last; ``now`` has the id after each former one."""
    seen = {branch}
    while branch in now and now[branch] not in seen:
        branch = now[branch]
        seen.add(branch)
    return branch


def frozen_files(root: Path, year: int, tree: Tree | None) -> tuple[FrozenFile, ...]:
    """Return the files that a final year was frozen into: on the disk, or in a revision's tree."""
    paths = (results_path(year), rubric_path(year))
    if tree is None:
        return tuple(FrozenFile(root / path) for path in paths if (root / path).is_file())
    there = {entry.path for entry in tree.common() if entry.is_file}
    return tuple(FrozenFile(root / path, tree.read(path)) for path in paths if path in there)
