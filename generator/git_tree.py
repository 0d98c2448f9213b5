"""A git revision as a tree: objects are read from git, nothing is ever checked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.git import Objects, resolve_commit, run_git
from generator.tree import DATA_ROOTS, RUBRIC_PATH, Entry, EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KINDS = {
    "100644": EntryKind.FILE,
    "100664": EntryKind.FILE,
    "100755": EntryKind.EXECUTABLE,
    "120000": EntryKind.LINK,
    "160000": EntryKind.SUBMODULE,
}
DATA = (*DATA_ROOTS, RUBRIC_PATH)


class Item(NamedTuple):
    """One line of a listing: mode, object id, size in bytes (0 where git gives none), path."""

    mode: str
    object_id: str
    size: int
    path: str


def list_tree(root: Path, treeish: str, paths: Iterable[str] = DATA) -> list[Item]:
    """Return all files below ``paths`` of a commit or tree; what does not exist is left out."""
    listing = run_git(
        root, "--literal-pathspecs", "ls-tree", "-r", "-z", "--long", treeish, "--", *paths
    )
    found = []
    for line in listing.split(b"\0"):
        if line:
            meta, _, name = line.partition(b"\t")
            mode, _, blob, size = meta.decode("ascii").split()
            path = name.decode("utf-8", "surrogateescape")
            found.append(Item(mode, blob, int(size) if size.isdigit() else 0, path))
    return found


def list_folder(root: Path, treeish: str, folder: str = "") -> list[str]:
    """Return the names in one folder of a commit or tree, none where it does not exist."""
    below = [f"{folder}/"] if folder else []
    listing = run_git(
        root, "--literal-pathspecs", "ls-tree", "-z", "--name-only", treeish, "--", *below
    )
    names = [line.decode("utf-8", "surrogateescape") for line in listing.split(b"\0") if line]
    return [name.rpartition("/")[2] for name in names]


class GitTree:
    """The data of one commit or tree; raises GitError where git cannot give it.

    ``items`` narrows it to some files; ``objects`` shares the process that reads.
    """

    def __init__(
        self,
        root: Path,
        treeish: str,
        *,
        items: Iterable[Item] | None = None,
        objects: Objects | None = None,
    ) -> None:
        self.root = root
        self.treeish = treeish
        self.objects = objects or Objects(root)
        self.items = {i.path: i for i in (list_tree(root, treeish) if items is None else items)}

    @classmethod
    def at(cls, root: Path, revision: str) -> GitTree:
        """Return the tree of the commit that ``revision`` names."""
        return cls(root, resolve_commit(root, revision))

    def replacing(self, item: Item) -> GitTree:
        """Return this tree with one file put in place of what it holds there."""
        items = {**self.items, item.path: item}
        return GitTree(self.root, self.treeish, items=items.values(), objects=self.objects)

    def entries(self) -> list[Entry]:
        """Return rubric.yml and all below branches/ and committee/, sorted by path."""
        return [
            Entry(item.path, KINDS.get(item.mode, EntryKind.OTHER), item.size)
            for item in sorted(self.items.values(), key=lambda item: item.path)
        ]

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content."""
        return self.items[path].object_id

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises GitError where the object is missing."""
        return self.objects.read(self.blob_id(path))

    def close(self) -> None:
        """End the process that reads objects."""
        self.objects.close()
