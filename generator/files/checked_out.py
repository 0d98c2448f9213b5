"""The working tree of a commit: what git calls unchanged is listed from git, and read from disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import BranchPath, branch_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from generator.files.git_tree import GitTree
    from generator.files.tree import Entry, WorkingTree


class CheckedOut:
    """A working tree beside its commit; ``changed`` are the paths at which the two differ.

    Listing a folder from git gives sizes and blob ids without looking at a file. Where an
    unchanged file is not on disk (a sparse checkout), its object is read. ``listed`` names the
    folders in the commit's branches/ where ``git`` was narrowed.
    """

    knows_blobs = True

    def __init__(
        self,
        disk: WorkingTree,
        git: GitTree,
        changed: Iterable[str],
        listed: Collection[str] = (),
    ) -> None:
        self.disk = disk
        self.git = git
        found = [BranchPath.of(path) for path in changed]
        self.changed = {own.branch for own in found if own and own.branch}
        self.common_changed = any(own is None or not own.below for own in found)
        known = git.tree_ids
        self.tree_ids = {name: i for name, i in known.items() if name not in self.changed}
        self.unchanged = frozenset(known or listed) - self.changed

    def common(self) -> list[Entry]:
        """Return rubric.yml, all below committee/ and the files directly in branches/, sorted."""
        return self.disk.common() if self.common_changed else self.git.common()

    def beside(self) -> list[str]:
        """Return the paths of files right in the root, and below its folders for records."""
        return self.disk.beside()

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, sorted."""
        return self.disk.folders() if self.differs else self.git.folders()

    @property
    def differs(self) -> bool:
        """Whether anything differs from the commit."""
        return bool(self.changed) or self.common_changed

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""
        tree = self.git if name in self.unchanged else self.disk
        return tree.folder(name)

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OSError or GitError without such a file."""
        try:
            return self.disk.read(path)
        except FileNotFoundError:
            if self._is_unchanged(path):
                return self.git.read(path)
            raise

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content."""
        return self.git.blob_id(path) if self._is_unchanged(path) else self.disk.blob_id(path)

    def _is_unchanged(self, path: str) -> bool:
        branch = branch_of(path)
        return branch in self.unchanged if branch else not self.common_changed

    def prepare(self) -> None:
        """List everything before several processes begin."""
        self.git.prepare()

    def forked(self) -> None:
        """Read objects through a process of its own."""
        self.git.forked()

    def close(self) -> None:
        """End the process that reads objects."""
        self.git.close()
