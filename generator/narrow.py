"""Some branches of a large repository, evaluated with all that their comparisons need.

Nothing but the changed branches is read in full: what they share files or joint activities with
is found in a listing of the tree, and read for the comparison alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from generator.committee import YEAR
from generator.git import Objects, resolve_commit
from generator.git_tree import KINDS, GitTree, list_tree
from generator.history import changes, edited, merge_base
from generator.receipts import Receipts
from generator.repository import default_year, is_branch_id, open_repository
from generator.run import Evaluation, Run
from generator.scope import OWN_FILES, BlobIndex, Scope, branch_ids, list_narrow
from generator.tree import DATA_ROOTS, RUBRIC_PATH, Entry, EntryKind, Tree, WorkingTree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from generator.git_tree import Item
    from generator.results import Source


class Side(Protocol):
    """One state of the data, of which some branches are read."""

    ids: frozenset[str]

    @property
    def tree(self) -> Tree:
        """The tree that the files are read from."""

    def branches(self, ids: Collection[str]) -> list[Entry]:
        """Return the files that the results of these branches depend on."""

    def below(self, paths: Iterable[str]) -> list[Entry]:
        """Return the files at and below these paths."""


class GitSide:
    """A commit or tree; ``rubric`` stands in for its own rubric.yml."""

    def __init__(
        self, root: Path, treeish: str, objects: Objects, rubric: Item | None = None
    ) -> None:
        self.root = root
        self.treeish = treeish
        self.rubric = rubric
        self.tree: GitTree = GitTree(root, treeish, items=(), objects=objects)
        self.ids = branch_ids(root, treeish)

    def _take(self, items: Iterable[Item]) -> list[Entry]:
        taken = {item.path: item for item in items}
        if self.rubric is not None:
            taken[RUBRIC_PATH] = self.rubric
        self.tree.items.update(taken)
        return [Entry(i.path, KINDS.get(i.mode, EntryKind.OTHER), i.size) for i in taken.values()]

    def branches(self, ids: Collection[str]) -> list[Entry]:
        """Return the files that the results of these branches depend on."""
        return self._take(list_narrow(self.root, self.treeish, ids))

    def below(self, paths: Iterable[str]) -> list[Entry]:
        """Return the files at and below these paths."""
        wanted = list(paths)
        return self._take(list_tree(self.root, self.treeish, wanted)) if wanted else []


class WorkingSide:
    """The working tree."""

    def __init__(self, root: Path) -> None:
        self.tree: WorkingTree = WorkingTree(root)
        folder = root / "branches"
        names = [item.name for item in folder.iterdir()] if folder.is_dir() else []
        self.ids = frozenset(name for name in names if is_branch_id(name))

    def branches(self, ids: Collection[str]) -> list[Entry]:
        """Return the committee's files and those of these branches."""
        own = [f"branches/{branch}" for branch in sorted(ids)]
        return self.tree.below(["committee", RUBRIC_PATH, *own])

    def below(self, paths: Iterable[str]) -> list[Entry]:
        """Return the files at and below these paths."""
        return self.tree.below(path for path in paths if path.split("/")[0] in DATA_ROOTS)


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
        entries = {e.path: e for e in [*side.branches(reach.ids), *side.below(reach.paths)]}
        self.repository = open_repository(side.tree, entries.values(), known_ids=side.ids)
        self.year = default_year(self.repository) if year is None else year
        self.neighbours: frozenset[str] = frozenset()
        self._same: list[str] = []
        if self.year is None:
            return
        self.run = Run(self.repository, self.year, source, receipts=receipts)
        if self.needs_ranking:
            return
        self.run.read(sorted(reach.ids.intersection(self.repository.branch_ids)))
        self._find_neighbours(entries.values())

    def _find_neighbours(self, entries: Iterable[Entry]) -> None:
        ids = self.reach.ids
        own = {
            self.side.tree.blob_id(e.path)
            for e in entries
            if e.size and e.is_file and is_attachment(e.path) and e.path.split("/")[1] in ids
        }
        self._same = [p for p in self.reach.index.paths(own) if p.split("/")[1] not in ids]
        sharing = {p.split("/")[1] for p in self._same if p.split("/")[2] == str(self.year)}
        partners = {
            partner
            for summary in self.run.summaries
            for claim in summary.joint
            for partner, _ in claim.partners
        }
        self.neighbours = frozenset(partners | sharing) - ids

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
        near = sorted(n for n in self.neighbours.union(neighbours) & self.side.ids)
        below = [f"branches/{branch}" for branch in near]
        self.repository.add(self.side.below([*below, *self._same]))
        self.run.peek(near)
        return self.run.conclude(focus=self.reach.ids, paths=self.reach.paths)


def is_attachment(path: str) -> bool:
    """Whether a path is that of a file beside a record."""
    parts = path.split("/")
    return (
        len(parts) == 6
        and parts[0] == "branches"
        and YEAR.fullmatch(parts[2]) is not None
        and parts[5] not in OWN_FILES
    )


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
