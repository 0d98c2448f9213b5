"""Where files come from: the working tree here, a git revision elsewhere, behind one interface."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from generator.files.paths import (
    BRANCHES,
    COMMITTEE,
    DATA_ROOTS,
    RUBRIC_PATH,
    branch_folder,
    branch_of,
    may_hold,
    root_of,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from generator.files.told import Told

#: How a file is opened: a link is not followed. Python's streams would take twice as many calls
#: of the system.
READ_ONLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
BLOCK = 1 << 16
#: The id that git writes where there is no blob.
NO_BLOB = "0" * 40

#: Files that operating systems and editors leave behind; they are not part of the working tree.
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


class EntryKind(Enum):
    """What a name in a tree stands for."""

    FILE = "file"
    EXECUTABLE = "executable"
    LINK = "link"
    SUBMODULE = "submodule"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a tree: path from the root with ``/``, kind, size in bytes.

    ``blob`` is the git blob id of its content where the tree knows it without reading; ``told`` is
    there where the tree holds a part of the file alone, or none.
    """

    path: str
    kind: EntryKind
    size: int
    blob: str = ""
    told: Told | None = None

    @property
    def is_file(self) -> bool:
        """Whether the entry has content of its own that may be read."""
        return self.kind is EntryKind.FILE or self.kind is EntryKind.EXECUTABLE


class Tree(Protocol):
    """A snapshot of a repository's data: what is common to all branches, and a folder each.

    ``knows_blobs``: most entries come with their blob id, so that the others are worth hashing.
    """

    @property
    def knows_blobs(self) -> bool:
        """Whether most entries come with their blob id."""

    def common(self) -> list[Entry]:
        """Return rubric.yml, all below committee/ and the files directly in branches/, sorted."""

    def beside(self) -> list[str]:
        """Return the paths of files right in the root, and below its folders for records."""

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, sorted."""

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises FileNotFoundError where ``path`` is no regular file."""

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content, 40 hex digits."""

    def prepare(self) -> None:
        """Read what all branches share, before several processes begin."""

    def forked(self) -> None:
        """Make the tree usable in a process that was forked."""

    def close(self) -> None:
        """Close what the tree holds open; the caller that made the tree calls this."""


class Past(NamedTuple):
    """What some files held on main from one day on; those that were not there are left out."""

    day: datetime.date
    files: Mapping[str, bytes]


class Deed(NamedTuple):
    """What one commit on main did to a file: blob ids before and after, ``""`` for no file.

    ``whole`` is false where a shallow clone is cut off: what came before is not known.
    """

    commit: str
    day: datetime.date
    path: str
    old: str
    new: str
    whole: bool = True


class Annals(Protocol):
    """What commits on main did, and what was there after each."""

    def deeds(self, paths: Sequence[str], after: str = "") -> list[Deed]:
        """Return what was done at and below some paths, after a commit; the newest first."""

    def is_same(self, commit: str, folder: str) -> bool:
        """Whether all below a folder is now as a commit had it."""

    def files(self, commit: str, folder: str) -> dict[str, str]:
        """Return path → blob id of the files that a commit had below a folder."""

    def sizes(self, blobs: Collection[str]) -> Mapping[str, int]:
        """Return the sizes of contents, in bytes."""

    def read(self, blob: str) -> bytes:
        """Return a content."""


class Receipts(Protocol):
    """When files reached main: asked for from outside, as only a history can tell."""

    def day(self, path: str, blob: str, names: Sequence[str]) -> datetime.date:
        """Return the day on which a YAML file of a branch with these names was received."""

    def now(self, path: str, day: datetime.date | None, names: Sequence[str]) -> frozenset[str]:
        """Return where the file lies now that lay at ``path`` on a day; nothing: it is gone."""

    def past(self, paths: Sequence[str]) -> list[Past]:
        """Return what some files held after each commit on main that changed one; oldest first."""

    def annals(self) -> AbstractContextManager[Annals] | None:
        """Return what commits on main did, to be closed at the end; None: nobody knows."""

    def prepare(self) -> None:
        """Read what all branches share, before several processes begin."""


def blob_id(data: bytes) -> str:
    """Return the id that git gives to this content."""
    digest = blob_digest(len(data))
    digest.update(data)
    return digest.hexdigest()


def blob_digest(size: int) -> hashlib._Hash:
    """Return the digest that becomes the id of a content of so many bytes, fed with them."""
    return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)


class WorkingTree:
    """Files as they lie on disk below ``root``; links are listed and never followed."""

    knows_blobs = False

    def __init__(self, root: Path) -> None:
        self.root = root
        self._top = f"{root}/"

    def common(self) -> list[Entry]:
        """Return rubric.yml, all below committee/ and the files directly in branches/, sorted."""
        found = self.below((COMMITTEE, RUBRIC_PATH))
        path = self.root / BRANCHES
        if path.is_symlink() or path.is_file():
            found += self.below((BRANCHES,))
        elif path.is_dir():
            with os.scandir(path) as scan:
                for item in scan:
                    if item.name not in LITTER:
                        self._take(f"{BRANCHES}/{item.name}", item, [], found)
        return sorted(found, key=lambda entry: entry.path)

    def beside(self) -> list[str]:
        """Return the paths of files right in the root, and below its folders for records."""
        found, folders = [], []
        with os.scandir(self.root) as scan:
            for item in scan:
                if item.is_dir(follow_symlinks=False):
                    folders += [item.name] if may_hold(item.name) else []
                elif item.is_file(follow_symlinks=False) and item.name not in LITTER:
                    found.append(item.name)
        return sorted([*found, *(entry.path for entry in self.below(folders))])

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, sorted."""
        path = self.root / BRANCHES
        if path.is_symlink() or not path.is_dir():
            return []
        with os.scandir(path) as scan:
            return sorted(item.name for item in scan if item.is_dir(follow_symlinks=False))

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""
        return self.below((branch_folder(name),))

    def below(self, paths: Iterable[str]) -> list[Entry]:
        """Return all files at and below these paths, sorted by path."""
        found: list[Entry] = []
        for path in paths:
            self._walk(path, found)
        return sorted(found, key=lambda entry: entry.path)

    def _walk(self, top: str, found: list[Entry]) -> None:
        path = self.root / top
        if path.is_symlink():
            found.append(Entry(top, EntryKind.LINK, 0))
            return
        if path.is_file():
            found.append(Entry(top, EntryKind.FILE, path.stat().st_size))
            return
        pending = [top] if path.is_dir() else []
        while pending:
            folder = pending.pop()
            with os.scandir(self.root / folder) as scan:
                for item in scan:
                    if item.name not in LITTER:
                        self._take(f"{folder}/{item.name}", item, pending, found)

    def _take(
        self, path: str, item: os.DirEntry[str], pending: list[str], found: list[Entry]
    ) -> None:
        if item.is_symlink():
            found.append(Entry(path, EntryKind.LINK, 0))
        elif item.is_dir(follow_symlinks=False):
            pending.append(path)
        elif item.is_file(follow_symlinks=False):
            status = item.stat(follow_symlinks=False)
            kind = EntryKind.EXECUTABLE if status.st_mode & 0o100 else EntryKind.FILE
            found.append(Entry(path, kind, status.st_size))
        else:
            found.append(Entry(path, EntryKind.OTHER, 0))

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OSError for a link or where there is no file."""
        descriptor = os.open(self._top + path, READ_ONLY)
        try:
            return b"".join(iter(lambda: os.read(descriptor, BLOCK), b""))
        finally:
            os.close(descriptor)

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content, of which one block at a time is held."""
        descriptor = os.open(self._top + path, READ_ONLY)
        try:
            size = os.fstat(descriptor).st_size
            digest = blob_digest(size)
            for block in iter(lambda: os.read(descriptor, BLOCK), b""):
                digest.update(block)
                size -= len(block)
        finally:
            os.close(descriptor)
        return blob_id(self.read(path)) if size else digest.hexdigest()

    def prepare(self) -> None:
        """Every folder is listed by itself."""

    def forked(self) -> None:
        """Nothing is open between two reads."""

    def close(self) -> None:
        """Nothing is open between two reads."""


class MemoryTree:
    """Files held in memory, by their paths: a form in a browser, a test."""

    knows_blobs = False

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._common: list[Entry] = []
        self._folders: dict[str, list[Entry]] = {}
        self._beside: list[str] = []
        for path in sorted(files):
            entry = Entry(path, EntryKind.FILE, len(files[path]))
            branch = branch_of(path)
            if branch:
                self._folders.setdefault(branch, []).append(entry)
            elif path == RUBRIC_PATH or root_of(path) in DATA_ROOTS:
                self._common.append(entry)
            elif "/" not in path or may_hold(root_of(path)):
                self._beside.append(path)

    def common(self) -> list[Entry]:
        """Return rubric.yml, all below committee/ and the files directly in branches/, sorted."""
        return [*self._common]

    def beside(self) -> list[str]:
        """Return the paths of files right in the root, and below its folders for records."""
        return [*self._beside]

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, sorted."""
        return sorted(self._folders)

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""
        return [*self._folders.get(name, ())]

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises FileNotFoundError."""
        try:
            return self.files[path]
        except KeyError:
            raise FileNotFoundError(path) from None

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content."""
        return blob_id(self.read(path))

    def prepare(self) -> None:
        """Everything is listed."""

    def forked(self) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""


def all_entries(tree: Tree) -> list[Entry]:
    """Return every entry of a tree, sorted by path: for small trees and for tools."""
    found = [*tree.common(), *(e for name in tree.folders() for e in tree.folder(name))]
    return sorted(found, key=lambda entry: entry.path)


class Unsent(NamedTuple):
    """Files on the disk that a commit would lack; ``folders``, ending in /, are ignored whole."""

    added: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    folders: tuple[str, ...] = ()

    @classmethod
    def of(cls, others: Iterable[str], ignored: Collection[str], prefix: str = "") -> Unsent:
        """Return files not added yet and those ignored, paths shortened by ``prefix``."""
        size = len(prefix)
        return cls(
            frozenset(path[size:] for path in others),
            frozenset(path[size:] for path in ignored if not path.endswith("/")),
            tuple(path[size:] for path in ignored if path.endswith("/")),
        )

    def is_ignored(self, path: str) -> bool:
        """Whether a rule keeps git from taking the file."""
        return path in self.ignored or path.startswith(self.folders)

    def holds(self, path: str) -> bool:
        """Whether a commit of all that git knows would lack the file."""
        return path in self.added or self.is_ignored(path)


#: Where a commit is read, or nothing is known of one.
ALL_SENT = Unsent()
