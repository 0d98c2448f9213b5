"""A git revision as a tree: objects are read from git, nothing is ever checked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import Objects, resolve_commit, run_git
from generator.files.paths import BRANCHES, COMMITTEE, DATA_PATHS, RUBRIC_PATH, branch_of, may_hold
from generator.files.tree import Entry, EntryKind

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
FOLDER = "040000"
#: Up to this many folders are listed one by one.
FEW = 8


class Item(NamedTuple):
    """One line of a listing: mode, object id, size in bytes (0 where git gives none), path."""

    mode: str
    object_id: str
    size: int
    path: str


def list_tree(root: Path, treeish: str, paths: Iterable[str] = DATA_PATHS) -> list[Item]:
    """Return all files below ``paths`` of a commit or tree; what does not exist is left out."""
    listing = run_git(
        root, "--literal-pathspecs", "ls-tree", "-r", "-z", "--long", treeish, "--", *paths
    )
    return [item for item in map(parse_item, listing.split(b"\0")) if item]


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


def list_branches(root: Path, treeish: str) -> list[Folder]:
    """Return the folders directly in branches/, in git's order."""
    return folders_of(list_directly(root, treeish))


def list_directly(root: Path, treeish: str) -> list[Item]:
    """Return what lies directly in branches/, in git's order; ``branches`` itself if no folder."""
    listing = run_git(root, "ls-tree", "-z", "--long", treeish, "--", BRANCHES, f"{BRANCHES}/")
    return [item for item in map(parse_item, listing.split(b"\0")) if item]


def folders_of(items: Iterable[Item]) -> list[Folder]:
    """Return the folders among what lies in branches/."""
    named = ((item.path.partition("/")[2], item) for item in items if item.mode == FOLDER)
    return [Folder(name, item.object_id) for name, item in named if name]


class GitTree:
    """The data of one commit or tree; raises GitError where git cannot give it.

    ``items`` narrows it to some files; ``objects`` shares the process that reads.
    """

    knows_blobs = True

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
        self._common: dict[str, Item] = {}
        self._taken: dict[str, dict[str, Item]] = {}
        self._listing: Listing | None = None
        if items is None:
            self.take(list_tree(root, treeish, [COMMITTEE, RUBRIC_PATH]))
            listed = list_directly(root, treeish)
            self.take(item for item in listed if item.mode != FOLDER)
            self._listing = Listing(root, treeish, folders_of(listed))
        else:
            self.take(items)

    @classmethod
    def at(cls, root: Path, revision: str) -> GitTree:
        """Return the tree of the commit that ``revision`` names."""
        return cls(root, resolve_commit(root, revision))

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
        items = list_top(self.root, self.treeish)
        found = [item.path for item in items if KINDS.get(item.mode) is EntryKind.FILE]
        folders = [item.path for item in items if item.mode == FOLDER and may_hold(item.path)]
        if folders:
            found += [item.path for item in list_tree(self.root, self.treeish, folders)]
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
        return self.objects.read(self.blob_id(path))

    def prepare(self) -> None:
        """List everything before several processes begin."""
        if self._listing:
            self._listing.load()

    def forked(self) -> None:
        """Read through a process of its own: the parent's answers the parent."""
        self.objects = Objects(self.root)

    @property
    def tree_ids(self) -> dict[str, str]:
        """Tree id of each folder in branches/; empty where the tree was narrowed."""
        return dict(self._listing.tree_ids) if self._listing and not self._taken else {}

    def close(self) -> None:
        """End the process that reads objects."""
        self.objects.close()


def entries_of(items: Iterable[Item]) -> list[Entry]:
    """Return items as entries, sorted by path."""
    return [
        Entry(item.path, KINDS.get(item.mode, EntryKind.OTHER), item.size, item.object_id)
        for item in sorted(items, key=lambda item: item.path)
    ]


def list_top(root: Path, treeish: str) -> list[Item]:
    """Return what lies right in the root, folders too."""
    listing = run_git(root, "ls-tree", "-z", "--long", treeish)
    return [item for item in map(parse_item, listing.split(b"\0")) if item]


class Listing:
    """All below branches/ of a commit or tree, listed by git.

    A few folders are listed one by one; after that one listing gives all of them. ``folders`` are
    those of branches/ where they are known.
    """

    def __init__(self, root: Path, treeish: str, folders: list[Folder] | None = None) -> None:
        self.root = root
        self.treeish = treeish
        self.folders = list_branches(root, treeish) if folders is None else folders
        self.tree_ids = {folder.name: folder.tree_id for folder in self.folders}
        self._single: dict[str, bytes] = {}
        self._whole: bytes | None = None
        self._places: dict[str, tuple[int, int]] = {}
        self._last: tuple[str, dict[str, Item]] = ("", {})

    def load(self) -> None:
        """List all folders at once."""
        if self._whole is None:
            self._whole = self._list(f"{BRANCHES}/") if self.folders else b""
            self._places = self._index(self._whole)

    def _list(self, folder: str) -> bytes:
        return run_git(
            self.root, "--literal-pathspecs", "ls-tree", "-r", "-z", "--long", self.treeish,
            "--", folder,
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
        if self._last[0] != name:
            key = f"{BRANCHES}/{name}/"
            lines = map(parse_item, self._lines(name).split(b"\0"))
            found = {item.path: item for item in lines if item and item.path.startswith(key)}
            self._last = (name, found)
        return self._last[1]

    def _lines(self, name: str) -> bytes:
        if name not in self.tree_ids:
            return b""
        if self._whole is None and name not in self._single:
            if len(self._single) < FEW:
                self._single[name] = self._list(f"{BRANCHES}/{name}/")
            else:
                self.load()
        if self._whole is None:
            return self._single[name]
        start, end = self._places.get(name, (0, 0))
        return self._whole[start:end]
