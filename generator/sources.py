"""Which commit the data comes from, and the tree that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.git import GitError, commit_date, resolve_commit, run_git
from generator.git_tree import GitTree
from generator.receipts import Receipts
from generator.results import Source
from generator.tree import DATA_ROOTS, RUBRIC_PATH, Tree, WorkingTree

if TYPE_CHECKING:
    from pathlib import Path


def source_of(root: Path) -> Source:
    """Return the commit that the working tree rests on; nothing where there is no history."""
    try:
        commit = resolve_commit(root, "HEAD")
        date = commit_date(root, commit)
        status = run_git(
            root,
            "status",
            "--porcelain",
            "-z",
            "--untracked-files=all",
            "--",
            *DATA_ROOTS,
            RUBRIC_PATH,
        )
    except GitError:
        return Source()
    return Source(commit, bool(status), date)


class Snapshot(NamedTuple):
    """Data as of one moment: the tree, the commit that it rests on, and when files came in."""

    tree: Tree
    source: Source
    receipts: Receipts | None


def snapshot_of(root: Path, revision: str | None = None) -> Snapshot:
    """Return the working tree or a revision; raises GitError for no such revision."""
    if revision is None:
        source = source_of(root)
        receipts = Receipts(root, source.commit) if source.commit else None
        return Snapshot(WorkingTree(root), source, receipts)
    tree = GitTree.at(root, revision)
    commit = tree.treeish
    source = Source(commit, dirty=False, date=commit_date(root, commit))
    return Snapshot(tree, source, Receipts(root, commit))
