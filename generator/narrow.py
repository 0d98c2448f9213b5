"""Some branches of a large repository, evaluated with all that their comparisons need.

Nothing but the changed branches is read in full: what they share files or joint activities with
is found in a listing of the tree, and read for the comparison alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from generator.checks.summary import is_attachment
from generator.git import Objects, resolve_commit
from generator.git_tree import GitTree
from generator.history import changes, edited, merge_base
from generator.receipts import Receipts
from generator.repository import default_year, is_branch_id, open_repository
from generator.results import Source
from generator.run import Evaluation, Means, Run
from generator.scope import BlobIndex, Scope, branch_ids, list_narrow
from generator.tree import DATA_ROOTS, RUBRIC_PATH, Tree, WorkingTree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from generator.git_tree import Item


class Side(Protocol):
    """One state of the data, of which some branches are read."""

    ids: frozenset[str]

    @property
    def tree(self) -> Tree:
        """The tree that the files are read from."""

    def take(self, ids: Collection[str]) -> None:
        """Make the files readable that the results of these branches depend on."""


class GitSide:
    """A commit or tree; ``rubric`` stands in for its own rubric.yml."""

    def __init__(
        self, root: Path, treeish: str, objects: Objects, rubric: Iterable[Item] = ()
    ) -> None:
        self.root = root
        self.treeish = treeish
        self.rubric = tuple(rubric)
        self.tree: GitTree = GitTree(root, treeish, items=(), objects=objects)
        self.ids = branch_ids(root, treeish)

    def take(self, ids: Collection[str]) -> None:
        """Make the files readable that the results of these branches depend on."""
        self.tree.take(list_narrow(self.root, self.treeish, ids))
        self.tree.take(self.rubric)


class WorkingSide:
    """The working tree."""

    def __init__(self, root: Path) -> None:
        self.tree: WorkingTree = WorkingTree(root)
        folder = root / "branches"
        names = [item.name for item in folder.iterdir()] if folder.is_dir() else []
        self.ids = frozenset(name for name in names if is_branch_id(name))

    def take(self, ids: Collection[str]) -> None:
        """Everything is there already."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Branches to read, changed paths, and where to look for the same files elsewhere."""

    ids: frozenset[str]
    paths: frozenset[str]
    index: BlobIndex


class NarrowRun:
    """Evaluates the branches in reach on one side; ranks and quotas mean nothing in its results.

    ``neighbours`` are the branches that share a file with those or that they name as partners.
    """

    def __init__(
        self,
        side: Side,
        reach: Reach,
        year: int | None = None,
        *,
        source: Source | None = None,
        receipts: Receipts | None = None,
    ) -> None:
        self.side = side
        self.reach = reach
        side.take(reach.ids)
        self.repository = open_repository(side.tree, names=reach.ids & side.ids, known_ids=side.ids)
        self.year = default_year(self.repository) if year is None else year
        self.neighbours: frozenset[str] = frozenset()
        if self.year is None:
            return
        means = Means(source or Source(), receipts)
        self.run = Run(self.repository, self.year, means)
        if self.needs_ranking:
            return
        self.run.read(self.repository.branch_ids)
        self.neighbours = self._find_neighbours()

    def _find_neighbours(self) -> frozenset[str]:
        tree, ids = self.side.tree, self.repository.branch_ids
        own = {
            entry.blob or tree.blob_id(entry.path)
            for name in ids
            for entry in tree.folder(name)
            if entry.size and entry.is_file and is_attachment(entry.path)
        }
        sharing = {path.split("/")[1] for path in self.reach.index.paths(own)}
        partners = {
            partner
            for reduced in self.run.reduced.values()
            for claim in reduced.summary.joint
            for partner, _ in claim.partners
        }
        return frozenset(partners | sharing) - self.reach.ids

    @property
    def needs_ranking(self) -> bool:
        """Whether findings rest on every branch's rank: grades decided beside bands with quotas."""
        rubric = self.repository.rubric
        if rubric is None or self.year is None:
            return False
        decision = self.run.committee.decision
        quotas = any(band.quota is not None for band in rubric.grades)
        return quotas and decision is not None and bool(decision.grades)

    def conclude(self, neighbours: Collection[str] = ()) -> Evaluation | None:
        """Compare with the neighbours, also those of another side; None without a year."""
        if self.year is None:
            return None
        near = self.neighbours.union(neighbours) & self.side.ids
        self.side.take(near)
        self.run.peek(sorted(near))
        return self.run.conclude(focus=self.reach.ids, paths=self.reach.paths)


def evaluate_since(
    root: Path, since: str, revision: str | None = None, year: int | None = None
) -> Evaluation | None:
    """Evaluate what changed since the merge base; None where the change reaches every branch.

    The working tree is compared where no ``revision`` is given. Raises GitError.
    """
    commit = resolve_commit(root, revision or "HEAD")
    base = merge_base(root, resolve_commit(root, since), commit)
    if revision is None:
        paths = edited(root, base)
    else:
        paths = [change.path for change in changes(root, base, commit)]
    scope = Scope.of(paths)
    if scope.shared or scope.rubric:
        return None
    objects = Objects(root)
    try:
        side = WorkingSide(root) if revision is None else GitSide(root, commit, objects)
        if side.ids != branch_ids(root, base):
            return None
        reach = Reach(scope.ids, frozenset(data_paths(paths)), BlobIndex(root, base))
        receipts = Receipts(root, commit, [f"branches/{branch}" for branch in sorted(scope.ids)])
        after = NarrowRun(side, reach, year, receipts=receipts)
        before = NarrowRun(GitSide(root, base, objects), reach, after.year, receipts=receipts)
        if after.needs_ranking:
            return None
        found = after.conclude(before.neighbours)
    finally:
        objects.close()
    return found or Evaluation(None, [], None, 0, 0)


def data_paths(paths: Iterable[str]) -> list[str]:
    """Return those of the paths that hold data."""
    return [path for path in paths if path.split("/")[0] in DATA_ROOTS or path == RUBRIC_PATH]
