"""A git revision as a tree: objects are read from git, nothing is ever checked out."""

from __future__ import annotations

from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import run_git
from generator.files.git_objects import MAX_WHOLE, Objects, TreeFile, Trees
from generator.files.paths import (
    BRANCHES,
    COMMITTEE,
    RUBRIC_PATH,
    branch_folder,
    branch_of,
    may_hold,
)
from generator.files.tree import Entry, EntryKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

KINDS = {
    "100644": EntryKind.FILE,
    "100664": EntryKind.FILE,
    "100755": EntryKind.EXECUTABLE,
    "120000": EntryKind.LINK,
    "160000": EntryKind.SUBMODULE,
}
SUBMODULE = "160000"
#: Up to this many folders are read one by one.
FEW = 8


class Item(NamedTuple):
    """One line of a listing: mode, object id, size in bytes (0 where git gives none), path."""

    mode: str
    object_id: str
    size: int
    path: str


def list_paths(trees: Trees, tree: str | None, paths: Iterable[str]) -> list[Item]:
    """Return all files at and below some paths of a tree, with their sizes; raises GitError."""
    found = [file for path in paths for file in trees.files(tree, path, MAX_WHOLE)] if tree else []
    return sized(trees, found)


def sized(trees: Trees, files: Collection[TreeFile]) -> list[Item]:
    """Return files with the sizes of their objects, 0 for what is none of this repository."""
    told = trees.objects.describe({file.id for file in files if file.mode != SUBMODULE})
    return [
        Item(file.mode, file.id, told[file.id][1] if file.id in told else 0, file.path)
        for file in files
    ]


def parse_item(line: bytes) -> Item | None:
    """Return one line of ``ls-tree -z --long``; None for an empty one."""
    if not line:
        return None
    meta, _, name = line.partition(b"\t")
    mode, _, blob, size = meta.decode("ascii").split()
    path = name.decode("utf-8", "surrogateescape")
    return Item(mode, blob, int(size) if size.isdigit() else 0, path)


class Folder(NamedTuple):
    """A folder of branches/ in a commit or tree: name and tree id."""

    name: str
    tree_id: str


def list_directly(trees: Trees, tree: str | None) -> list[TreeFile]:
    """Return what lies directly in branches/, in git's order; ``branches`` itself if no folder."""
    found = trees.find(tree, BRANCHES) if tree else None
    if found is None:
        return []
    return list(trees.inside(found.id, BRANCHES)) if found.is_folder else [found]


def folders_of(items: Iterable[TreeFile]) -> list[Folder]:
    """Return the folders among what lies in branches/."""
    return [Folder(item.path.partition("/")[2], item.id) for item in items if item.is_folder]


class GitTree:
    """The data of one commit or tree; raises GitError where git cannot give it.

    ``items`` narrows it to some files; ``trees`` shares the process that reads.
    """

    knows_blobs = True

    def __init__(
        self,
        root: Path,
        treeish: str,
        *,
        items: Iterable[Item] | None = None,
        trees: Trees | None = None,
    ) -> None:
        self.root = root
        self.treeish = treeish
        self.trees = trees or Trees(root, Objects(root))
        self._common: dict[str, Item] = {}
        self._taken: dict[str, dict[str, Item]] = {}
        self._listing: Listing | None = None
        if items is None:
            top = self.trees.top(treeish)
            self.take(list_paths(self.trees, top, [COMMITTEE, RUBRIC_PATH]))
            listed = list_directly(self.trees, top)
            self.take(sized(self.trees, [item for item in listed if not item.is_folder]))
            self._listing = Listing(self.trees, treeish, folders_of(listed))
        else:
            self.take(items)

    @classmethod
    def at(cls, root: Path, revision: str) -> GitTree:
        """Return the tree of the commit that ``revision`` names; raises GitError."""
        with ExitStack() as stack:
            objects = stack.enter_context(closing(Objects(root)))
            (commit,) = objects.resolve(revision)
            tree = cls(root, commit, trees=Trees(root, objects))
            stack.pop_all()  # what reads is the tree's to close
        return tree

    def take(self, items: Iterable[Item]) -> None:
        """Take in files, in place of what the tree holds at their paths."""
        for item in items:
            branch = branch_of(item.path)
            if branch:
                self._taken.setdefault(branch, {})[item.path] = item
            else:
                self._common[item.path] = item

    def folder_items(self, name: str) -> dict[str, Item]:
        """Return path → item of all below ``branches/<name>/``."""
        items = self._listing.items(name) if self._listing else {}
        return {**items, **self._taken[name]} if name in self._taken else items

    def common(self) -> list[Entry]:
        """Return rubric.yml, all below committee/ and the files directly in branches/, sorted."""
        return entries_of(self._common.values())

    def beside(self) -> list[str]:
        """Return the paths of files right in the root, and below its folders for records."""
        top = self.trees.top(self.treeish)
        items = list(self.trees.inside(top)) if top else []
        found = [item.path for item in items if KINDS.get(item.mode) is EntryKind.FILE]
        for item in items:
            if item.is_folder and may_hold(item.path):
                found += [file.path for file in self.trees.walk(item.id, item.path)]
        return sorted(found)

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, sorted."""
        listed = self._listing.tree_ids if self._listing else {}
        return sorted({*listed, *self._taken})

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""
        return entries_of(self.folder_items(name).values())

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content."""
        branch = branch_of(path)
        if branch:
            return self.folder_items(branch)[path].object_id
        return self._common[path].object_id

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises GitError where the object is missing."""
        return self.trees.objects.read(self.blob_id(path))

    def prepare(self) -> None:
        """List everything before several processes begin; none of them holds the one that reads."""
        if self._listing:
            self._listing.load()
        self.trees.objects.close()

    def forked(self) -> None:
        """Read through a process of its own: the parent's answers the parent."""
        self.trees = Trees(self.root, Objects(self.root), self.trees.clone)
        if self._listing:
            self._listing.trees = self.trees

    @property
    def tree_ids(self) -> dict[str, str]:
        """Tree id of each folder in branches/; empty where the tree was narrowed."""
        return dict(self._listing.tree_ids) if self._listing and not self._taken else {}

    def close(self) -> None:
        """End the process that reads objects."""
        self.trees.objects.close()


def entries_of(items: Iterable[Item]) -> list[Entry]:
    """Return items as entries, sorted by path."""
    return [
        Entry(item.path, KINDS.get(item.mode, EntryKind.OTHER), item.size, item.object_id)
        for item in sorted(items, key=lambda item: item.path)
    ]


class Listing:
    """All below branches/ of a commit or tree.

    A few folders are read one by one; after that one listing by git gives all of them. ``folders``
    are those of branches/ where they are known.
    """

    def __init__(self, trees: Trees, treeish: str, folders: list[Folder] | None = None) -> None:
        self.trees = trees
        self.treeish = treeish
        known = folders_of(list_directly(trees, trees.top(treeish))) if folders is None else folders
        self.folders = known
        self.tree_ids = {folder.name: folder.tree_id for folder in self.folders}
        self._few: dict[str, dict[str, Item]] = {}
        self._whole: bytes | None = None
        self._places: dict[str, tuple[int, int]] = {}
        self._last: tuple[str, dict[str, Item]] = ("", {})

    def load(self) -> None:
        """List all folders at once."""
        if self._whole is None:
            self._whole = self._list() if self.folders else b""
            self._places = self._index(self._whole)

    def _list(self) -> bytes:
        return run_git(
            self.trees.root, "--literal-pathspecs", "ls-tree", "-r", "-z", "--long", self.treeish,
            "--", f"{BRANCHES}/",
        )  # fmt: skip

    def _index(self, listing: bytes) -> dict[str, tuple[int, int]]:
        """Return where the lines of each folder begin and end; git lists them one after another."""
        starts = []
        at = 0
        for folder in self.folders:
            key = f"\t{BRANCHES}/{folder.name}/".encode("utf-8", "surrogateescape")
            found = listing.find(key, at)
            if found >= 0:
                at = listing.rfind(b"\0", 0, found) + 1
                starts.append((folder.name, at))
        ends = [*(start for _, start in starts), len(listing)][1:]
        return {name: (start, end) for (name, start), end in zip(starts, ends, strict=True)}

    def items(self, name: str) -> dict[str, Item]:
        """Return path → item of one folder."""
        if self._whole is None and name in self.tree_ids and name not in self._few:
            if len(self._few) < FEW:
                files = list(self.trees.walk(self.tree_ids[name], branch_folder(name)))
                self._few[name] = {item.path: item for item in sized(self.trees, files)}
            else:
                self.load()
        if name in self._few:
            return self._few[name]
        if self._last[0] != name:
            key = f"{BRANCHES}/{name}/"
            lines = map(parse_item, self._lines(name).split(b"\0"))
            found = {item.path: item for item in lines if item and item.path.startswith(key)}
            self._last = (name, found)
        return self._last[1]

    def _lines(self, name: str) -> bytes:
        start, end = self._places.get(name, (0, 0))
        return (self._whole or b"")[start:end]
