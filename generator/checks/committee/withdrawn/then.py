"""The files of one branch as a commit had them, beside all else as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.attachments import extension
from generator.files.paths import branch_of, is_attachment
from generator.files.told import Judged
from generator.files.tree import Entry, EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.files.tree import Annals, Tree

#: Attachments that are read for what they say: rolls of attendance.
READ = frozenset({"csv"})


class Then:
    """A tree in which one branch has other files: path, as it would be now, → blob id.

    Its attachments are taken as sound and nobody opens them again.
    """

    knows_blobs = True

    def __init__(self, tree: Tree, annals: Annals, branch: str, files: Mapping[str, str]) -> None:
        self.tree = tree
        self.annals = annals
        self.branch = branch
        self.files = files

    def common(self) -> list[Entry]:
        """Return what is common to all branches, as it is now."""
        return self.tree.common()

    def beside(self) -> list[str]:
        """Return the paths of files in the root, as they are now."""
        return self.tree.beside()

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, as they are now."""
        return self.tree.folders()

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""
        if name != self.branch:
            return self.tree.folder(name)
        sizes = self.annals.sizes({*self.files.values()})
        return [
            Entry(path, EntryKind.FILE, sizes[blob], blob, Judged() if is_told(path) else None)
            for path, blob in sorted(self.files.items())
        ]

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises FileNotFoundError where there was none."""
        if branch_of(path) != self.branch:
            return self.tree.read(path)
        return self.annals.read(self.blob_id(path))

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content; raises FileNotFoundError."""
        if branch_of(path) != self.branch:
            return self.tree.blob_id(path)
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def prepare(self) -> None:
        """Nothing is begun for it."""

    def forked(self) -> None:
        """It goes to no other process."""

    def close(self) -> None:
        """Whoever opened the parts closes them."""


def is_told(path: str) -> bool:
    """Whether a file is taken as sound without being read."""
    return is_attachment(path) and extension(path) not in READ
