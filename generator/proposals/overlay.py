"""Files that are about to be written, laid over a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.tree import MemoryTree, blob_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.files.tree import Entry, Tree


class Overlay:
    """A tree in which some files are other than in the one below; that one stays as it is."""

    def __init__(self, tree: Tree, files: Mapping[str, bytes]) -> None:
        self.tree = tree
        self.over = MemoryTree(files)

    @property
    def knows_blobs(self) -> bool:
        """Whether most entries come with their blob id."""
        return self.tree.knows_blobs

    def common(self) -> list[Entry]:
        """Return rubric.yml, all below committee/ and the files directly in branches/, sorted."""
        return self._laid(self.tree.common(), self.over.common())

    def beside(self) -> list[str]:
        """Return the paths of files right in the root, and below its folders for records."""
        return sorted({*self.tree.beside(), *self.over.beside()})

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, sorted."""
        return sorted({*self.tree.folders(), *self.over.folders()})

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""
        below = self.tree.folder(name) if name in self.tree.folders() else []
        return self._laid(below, self.over.folder(name))

    @staticmethod
    def _laid(below: Iterable[Entry], above: Iterable[Entry]) -> list[Entry]:
        entries = {entry.path: entry for entry in (*below, *above)}
        return [entries[path] for path in sorted(entries)]

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OSError where ``path`` is no regular file."""
        return self.over.files[path] if path in self.over.files else self.tree.read(path)

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content, 40 hex digits."""
        own = self.over.files.get(path)
        return self.tree.blob_id(path) if own is None else blob_id(own)

    def prepare(self) -> None:
        """Read what all branches share, before several processes begin."""
        self.tree.prepare()

    def forked(self) -> None:
        """Make the tree usable in a process that was forked."""
        self.tree.forked()

    def close(self) -> None:
        """The tree below is closed by whoever opened it."""
