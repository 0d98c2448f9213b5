"""Some branches of a large repository, evaluated with all that their comparisons need.

Nothing but the branches asked for is read in full: what they share files or joint activities with
is found in a listing of the tree, and read for the comparison alone.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from generator.engine.concerned import asked_for
from generator.engine.evaluate import check_after
from generator.engine.narrow.asked import with_asked
from generator.engine.narrow.contents import ContentIndex, ContentStore
from generator.engine.narrow.held import with_holders
from generator.engine.narrow.scope import Scope, ids_among
from generator.engine.narrow.sides import (
    CheckedOutSide,
    GitSide,
    Side,
    WorkingSide,
    claimants,
)
from generator.engine.repository import Repository, default_year, open_repository
from generator.engine.snapshot import Changed, changed_paths, committed_in
from generator.engine.year import Evaluation, Means, Run
from generator.files.git import HEAD
from generator.files.git_objects import Objects, Trees
from generator.files.history import changes, edited, merge_base, unsent
from generator.files.paths import (
    COMMITTEE,
    DATA_ROOTS,
    RUBRIC_PATH,
    accepted_path,
    after_path,
    branch_folder,
    branch_of,
    is_attachment,
    root_of,
)
from generator.files.receipts import GitReceipts, OnDisk
from generator.files.remedies import history_at
from generator.files.tree import EntryKind, WorkingTree
from generator.formats.kept import COMMON_NAMES
from generator.loading.committee import years_of
from generator.text.findings import Finding, Report

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from generator.checks.summary import BranchSummary
    from generator.engine.year import Progress
    from generator.files.tree import EntryKind, Tree, Unsent

NOTHING = Means()
#: What both sides of a change mostly have in common, and what takes long to read.
COMMON = (RUBRIC_PATH, *(f"{COMMITTEE}/{name}" for name in COMMON_NAMES))
SAME_FILE = "E005"


class UnknownBranchError(Exception):
    """There is no such branch; ``known`` lists those that exist."""

    def __init__(self, branch: str, known: Collection[str]) -> None:
        """Keep both."""
        super().__init__(branch)
        self.branch = branch
        self.known = sorted(known)


@dataclass(frozen=True, slots=True)
class Reach:
    """Branches to read, changed paths, and where to look for the same files elsewhere."""

    ids: frozenset[str]
    paths: frozenset[str]
    index: ContentIndex


class Opened(NamedTuple):
    """What one side has read that is common to all branches, and what was found in it."""

    repository: Repository
    findings: tuple[Finding, ...]
    blobs: tuple[tuple[EntryKind, str] | None, ...]


def open_side(side: Side, names: Collection[str], known: Opened | None = None) -> Opened:
    """Open a side; what another one has read already, of the same files, is taken from it.

    Raises MissingRubricError.
    """
    tree = side.tree
    entries = {entry.path: entry for entry in tree.common()}
    blobs = tuple(
        (entries[path].kind, tree.blob_id(path)) if path in entries else None for path in COMMON
    )
    if known is None or known.blobs != blobs:
        repository = open_repository(tree, names=names, known_ids=side.ids)
    else:
        repository = replace(
            known.repository,
            tree=tree,
            report=Report([*known.findings]),
            entries=entries,
            names=sorted(names),
            opened=years_of(entries),
            known_ids=side.ids,
        )
    return Opened(repository, tuple(repository.report.findings), blobs)


class NarrowRun:
    """Evaluates the branches in reach on one side; ranks and quotas mean nothing in its results.

    With ``scored=False`` the branches are read for comparisons alone. ``known`` is what another
    side has read.
    """

    def __init__(
        self,
        side: Side,
        reach: Reach,
        year: int | None = None,
        means: Means = NOTHING,
        *,
        known: Opened | None = None,
        scored: bool = True,
        details: bool = True,
    ) -> None:
        self.side = side
        self.reach = reach
        side.take(reach.ids)
        self.opened = open_side(side, reach.ids & side.ids, known)
        self.repository = self.opened.repository
        self.year = default_year(self.repository) if year is None else year
        self.summaries: list[BranchSummary] = []
        if self.year is None:
            return
        self.run = Run(self.repository, self.year, means, details)
        self.repository = self.run.repository
        for final in self.repository.frozen_years:
            if after_path(final) in reach.paths:
                check_after(self.repository, final)
        self.count = self.repository.report.count
        self.peeked: set[str] = set()
        if self.needs_ranking:
            return
        if scored:
            self.run.read(self.repository.branch_ids)
        else:
            self._peek(self.repository.branch_ids)
        self.summaries += [*(r.summary for r in self.run.reduced.values()), *self.run.neighbours]

    def _peek(self, ids: Iterable[str]) -> None:
        new = sorted(frozenset(ids) - self.peeked)
        self.peeked.update(new)
        self.run.peek(new)

    @property
    def partners(self) -> frozenset[str]:
        """Branches that activities of those in reach name."""
        claims = (claim for summary in self.summaries for claim in summary.joint)
        return frozenset(partner for claim in claims for partner, _ in claim.partners)

    @property
    def rivals(self) -> frozenset[str]:
        """Branches whose branch.yml may claim former ids of those in reach, or asked ones."""
        former = {name for summary in self.summaries for name, _ in summary.formerly}
        former |= self.run.due.strangers(self.repository.all_ids)
        return claimants(self.side, former) if former else frozenset()

    @property
    def uses(self) -> set[tuple[tuple[object, ...], tuple[str, str]]]:
        """What comparisons of files see of the branches in reach, each with its content."""
        joint = {c.record: (c.date, frozenset(partner for partner, _ in c.partners))
                 for summary in self.summaries for c in summary.joint}  # fmt: skip
        found = {((use.record, use.path, joint.get(use.record)), (use.blob, use.key))
                 for summary in self.summaries for use in summary.uses}  # fmt: skip
        old = (file for summary in self.summaries for file in summary.old)
        return found | {((file.path,), (file.blob, file.key)) for file in old if file.blob}

    @property
    def contents(self) -> frozenset[tuple[str, str]]:
        """Blob id and key of the attachments of the branches in reach, as far as they are known."""
        return frozenset(own for summary in self.summaries for own in summary.contents)

    @property
    def named(self) -> frozenset[str]:
        """Branches that hold what a changed list of accepted findings names: it may not be there.

        Nobody looks for it where that list is as it was.
        """
        if self.year is None or accepted_path(self.year) not in self.reach.paths:
            return frozenset()
        accepted = self.run.accepted
        places = {branch_of(target.path) for target in accepted.entries if target.path}
        return self.reach.index.branches(accepted.digests) | places

    @property
    def needs_ranking(self) -> bool:
        """Whether a grade was decided for one of these branches beside bands with quotas.

        What the computed grade is, and whether the two differ, rests on every branch's rank then.
        """
        rubric = self.repository.rubric
        if rubric is None or self.year is None:
            return False
        decision = self.run.committee.decision
        quotas = any(band.quota is not None for band in rubric.grades)
        return quotas and decision is not None and not self.reach.ids.isdisjoint(decision.grades)

    def conclude(self, near: Collection[str]) -> Evaluation | None:
        """Compare with the branches that are near; None without a year."""
        if self.year is None:
            return None
        there = (self.rivals | frozenset(near)) & self.side.ids - self.reach.ids
        self.side.take(there)
        self._peek(there)
        del self.repository.report.findings[self.count :]
        return self.run.conclude(focus=self.reach.ids, paths=self.reach.paths)


def compare(before: NarrowRun, after: NarrowRun) -> tuple[Evaluation | None, Evaluation | None]:
    """Conclude both sides, each with the branches that either names or shares a file with.

    A file that is used as before is not looked for elsewhere: what its comparison finds is on
    both sides. Where the same file is found twice after all, a finding names all that hold it,
    and every file is looked for.
    """
    index = after.reach.index
    partners = before.partners | after.partners
    changed = {content for _, content in before.uses ^ after.uses}
    partners |= before.named | after.named
    near = partners | index.holders(changed)
    found = before.conclude(near), after.conclude(near)
    if any(f.code == SAME_FILE for side in found if side for f in side.findings):
        near = partners | index.holders(before.contents | after.contents)
        found = before.conclude(near), after.conclude(near)
    return found


def evaluate_since(
    root: Path,
    since: str,
    revision: str | None = None,
    year: int | None = None,
    as_of: datetime.date | None = None,
    *,
    keep: bool = True,
    progress: Progress | None = None,
) -> Evaluation | None:
    """Evaluate what changed since the merge base; None where the change reaches every branch.

    The working tree is compared without ``revision``; ``keep`` uses what is kept. Raises GitError.
    """
    with closing(Objects(root)) as objects:
        trees = Trees(root, objects)
        commit, start = objects.resolve(revision or HEAD, since)
        base = merge_base(root, start, commit)
        committed = revision is not None
        paths = [c.path for c in changes(root, base, commit)] if committed else edited(root, base)
        scope = Scope.of(paths)
        if trees.clone.prefix or scope.shared or scope.rubric:
            return None
        old = GitSide(trees, base)
        side = WorkingSide(root) if revision is None else GitSide(trees, commit)
        if side.ids != old.ids:
            return None
        kept = ContentStore.at(root, keep=keep, progress=progress)
        index = ContentIndex(root, base, objects, kept)
        scope = with_holders(with_asked(scope, old, side), old, side, index)
        reach = Reach(scope.ids, frozenset(data_paths(paths)), index)
        means = means_at(trees, commit, scope.ids, as_of, index.store)
        here = beside(means, side.tree, None, unsent(root)) if revision is None else means
        after = NarrowRun(side, reach, year, here, details=False)
        if after.needs_ranking:
            return None
        before = NarrowRun(old, reach, after.year, means, known=after.opened, scored=False)
        _, found = compare(before, after)
    return found or Evaluation(None, [], None, 0, 0)


def evaluate_some(
    root: Path,
    ids: Collection[str],
    revision: str | None = None,
    year: int | None = None,
    as_of: datetime.date | None = None,
    *,
    keep: bool = True,
    progress: Progress | None = None,
) -> Evaluation | None:
    """Evaluate some branches alone; None where only an evaluation of all can tell.

    Findings are those of an evaluation of all that concern these branches. Raises GitError,
    MissingRubricError and UnknownBranchError.
    """
    if not revision and history_at(root) is None:
        return None
    with closing(Objects(root)) as objects:
        trees = Trees(root, objects)
        (commit,) = objects.resolve(revision or HEAD)
        if not revision and trees.clone.prefix:
            return None
        side = GitSide(trees, commit)
        store = ContentStore.at(root, keep=keep, progress=progress)
        means = means_at(trees, commit, ids, as_of, store)
        if revision:
            return some_of(side, ids, year, means)
        if is_apart(side, ids):
            changed = changed_paths(root, paths=(*folders_of(ids), COMMITTEE, RUBRIC_PATH))
            found = some_of(side, ids, year, means, changed, apart=True)
            if found is not None:
                return found
        return some_of(side, ids, year, means, changed_paths(root))


def is_apart(side: GitSide, ids: Collection[str]) -> bool:
    """Whether no file of these branches can be met in another one: they have no attachment.

    What is edited elsewhere is then none of their business, and git need not look for it.
    """
    disk = WorkingTree(side.trees.root)
    if not side.ids.issuperset(ids) or ids_among(disk.folders()) != side.ids:
        return False
    files = side.files(folders_of(ids)) + [e.path for name in ids for e in disk.folder(name)]
    return not any(map(is_attachment, files))


def some_of(
    git: GitSide,
    ids: Collection[str],
    year: int | None,
    means: Means,
    changed: Changed | None = None,
    *,
    apart: bool = False,
) -> Evaluation | None:
    """Evaluate some branches of a commit, or of the working tree that differs by ``changed``.

    With ``apart`` git was asked about these alone: None as well where they name partners.
    """
    root, commit = git.trees.root, git.tree.treeish
    side: Side = git if changed is None else CheckedOutSide(git.trees, commit, changed.all)
    for branch in ids:
        if branch not in side.ids:
            raise UnknownBranchError(branch, side.ids)
    index = ContentIndex(root, commit, git.trees.objects, means.contents)
    reach = Reach(frozenset(ids), frozenset(), index)
    if changed is not None:
        means = beside(means, side.tree, changed.all, changed.unsent)
    run = NarrowRun(side, reach, year, means)
    if not is_usual(run) or (apart and (run.partners or run.rivals)):
        return None
    dirty = Scope.of(changed.all).ids if changed else frozenset()
    found = run.conclude(run.partners | reach.index.holders(run.contents) | dirty)
    if found is not None:
        found.findings = [f for f in found.findings if asked_for(f, reach.ids)]
    return found


def beside(means: Means, tree: Tree, paths: Iterable[str] | None, unsent_: Unsent) -> Means:
    """Return the means for a working tree that differs from its commit at some paths."""
    receipts = means.receipts
    if isinstance(receipts, GitReceipts):
        receipts = receipts.beside(OnDisk(tree, None if paths is None else frozenset(paths)))
    return replace(means, unsent=unsent_, receipts=receipts)


def means_at(
    trees: Trees, commit: str, ids: Iterable[str], as_of: datetime.date | None, store: ContentStore
) -> Means:
    """Return the history of some branches at a commit, its date, and what is kept of contents."""
    source, receipts = committed_in(trees, commit, folders_of(ids))
    return Means(source, receipts, as_of=as_of, contents=store)


def is_usual(run: NarrowRun) -> bool:
    """Whether some branches suffice to tell of a year: open, known, no grades decided by quota."""
    repository = run.repository
    if repository.rubric is None or run.year is None or run.needs_ranking:
        return False
    return run.year in repository.opened and run.year not in repository.frozen_years


def folders_of(ids: Iterable[str]) -> list[str]:
    """Return the folders of some branches."""
    return [branch_folder(branch) for branch in sorted(ids)]


def data_paths(paths: Iterable[str]) -> list[str]:
    """Return those of the paths that hold data."""
    return [path for path in paths if root_of(path) in DATA_ROOTS or path == RUBRIC_PATH]
