"""States of the data of which a few branches are read: commits, trees, the working tree."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Protocol

from generator.engine.narrow.excerpt import excerpt
from generator.engine.narrow.scope import committee_paths, ids_among, list_narrow
from generator.files.checked_out import CheckedOut
from generator.files.git_tree import KINDS, GitTree
from generator.files.paths import (
    BRANCHES,
    COMMITTEE,
    DEBRIEF_FILE,
    RUBRIC_PATH,
    YEAR,
    branch_path,
)
from generator.files.tree import EntryKind, Tree, WorkingTree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from generator.files.git_objects import Trees
    from generator.files.git_tree import Item
    from generator.files.tree import Entry

FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)
DEBRIEF = re.compile(rf"{COMMITTEE}/{YEAR.pattern}/{re.escape(DEBRIEF_FILE)}")


class ShownTree(GitTree):
    """Files of a commit or tree; of debrief.yml the entries of a few branches."""

    names: frozenset[str] = frozenset()

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises GitError where the object is missing."""
        data = super().read(path)
        return excerpt(data, self.names) if DEBRIEF.fullmatch(path) else data


class ShownFiles(WorkingTree):
    """Files on disk; of the committee's what a few branches depend on."""

    names: frozenset[str] = frozenset()

    def common(self) -> list[Entry]:
        """Return rubric.yml and the committee's files for these branches, sorted."""
        return self.below((RUBRIC_PATH, *committee_paths(self._names, self.names)))

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OSError for a link or where there is no file."""
        data = super().read(path)
        return excerpt(data, self.names) if DEBRIEF.fullmatch(path) else data

    def _names(self, folder: str) -> list[str]:
        path = self.root / folder
        is_folder = path.is_dir() and not path.is_symlink()
        return sorted(item.name for item in path.iterdir()) if is_folder else []


class Side(Protocol):
    """One state of the data, of which some branches are read."""

    ids: frozenset[str]

    @property
    def tree(self) -> Tree:
        """The tree that the files are read from."""

    def take(self, ids: Collection[str]) -> None:
        """Make the files readable that the results of these branches depend on."""

    def identity(self, branch: str) -> bytes:
        """Return the bytes of a branch's branch.yml, nothing where there is none."""


def claimants(side: Side, former: Collection[str]) -> frozenset[str]:
    """Return the branches whose branch.yml may name one of these former ids: who reads it knows.

    An id may be written with escapes, which all begin with a backslash.
    """
    marks = [b"\\", *(name.encode("ascii") for name in former)]
    return frozenset(
        branch for branch in side.ids if any(mark in side.identity(branch) for mark in marks)
    )


class GitSide:
    """A commit or tree; ``rubric`` stands in for its own rubric.yml."""

    def __init__(self, trees: Trees, treeish: str, rubric: Iterable[Item] = ()) -> None:
        self.trees = trees
        self.top = trees.top(treeish)
        self.rubric = tuple(rubric)
        self.tree = ShownTree(trees.root, treeish, items=(), trees=trees)
        self.ids = ids_among(trees.folders(self.top, BRANCHES) if self.top else ())

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, none where it does not exist."""
        return self.trees.names(self.top, folder) if self.top else []

    def files(self, folders: Iterable[str]) -> list[str]:
        """Return the paths of all files at and below some folders."""
        found = (self.trees.files(self.top, folder) for folder in folders) if self.top else ()
        return [file.path for files in found for file in files]

    def take(self, ids: Collection[str]) -> None:
        """Make the files readable that the results of these branches depend on."""
        self.tree.names |= frozenset(ids)
        self.tree.take(list_narrow(self.trees, self.top, ids))
        self.tree.take(self.rubric)

    def identity(self, branch: str) -> bytes:
        """Return the bytes of a branch's branch.yml, nothing where there is none."""
        found = self.trees.find(self.top, branch_path(branch)) if self.top else None
        there = found is not None and KINDS.get(found.mode) in FILES
        return self.trees.objects.read(found.id) if found is not None and there else b""


class WorkingSide:
    """The working tree."""

    def __init__(self, root: Path) -> None:
        self.tree = ShownFiles(root)
        self.ids = ids_among(self.tree.folders())

    def take(self, ids: Collection[str]) -> None:
        """Make the committee's files readable that the results of these branches depend on."""
        self.tree.names |= frozenset(ids)

    def identity(self, branch: str) -> bytes:
        """Return the bytes of a branch's branch.yml, nothing where there is none."""
        with contextlib.suppress(OSError):
            return self.tree.read(branch_path(branch))
        return b""


class CheckedOutSide:
    """The working tree of a commit: branches that are as git has them are listed by git."""

    def __init__(self, trees: Trees, commit: str, changed: Collection[str]) -> None:
        self.git = GitSide(trees, commit)
        self.disk = WorkingSide(trees.root)
        self.tree = CheckedOut(self.disk.tree, self.git.tree, changed, self.git.ids)
        self.ids = self.disk.ids if self.tree.differs else self.git.ids

    def take(self, ids: Collection[str]) -> None:
        """Make the files readable that the results of these branches depend on."""
        self.git.take(ids)
        self.disk.take(ids)

    def identity(self, branch: str) -> bytes:
        """Return the bytes of a branch's branch.yml: those on disk, else what git has."""
        return self.disk.identity(branch) or self.git.identity(branch)
