"""Which commit the data comes from, and the tree that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.git import GitError, commit_date, resolve_commit, run_git
from generator.git_tree import GitTree
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


def tree_at(root: Path, revision: str | None) -> tuple[Tree, Source]:
    """Return the tree of a revision, or the working tree; raises GitError for no such revision."""
    if revision is None:
        return WorkingTree(root), source_of(root)
    tree = GitTree.at(root, revision)
    commit = tree.treeish
    return tree, Source(commit, dirty=False, date=commit_date(root, commit))
