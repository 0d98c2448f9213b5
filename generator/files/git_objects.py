"""Trees as git stores them, entry by entry: listings hide what is wrong in them, or fail."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import GitError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.files.git import Objects

#: One entry: mode as written, name, object id in bytes. Plain tuples: a folder may hold 10,000.
Entry = tuple[bytes, bytes, bytes]

FOLDER = b"40000"
#: Files below one path; a few kilobytes can describe billions.
MAX_FILES = 200_000
#: Object ids are SHA-1 or SHA-256: their bytes, by the length of the hexadecimal form.
BYTES = {40: 20, 64: 32}


class RawTree:
    """The entries of one tree, as written; parsed on the first use of all of them."""

    def __init__(self, data: bytes = b"", size: int = 20) -> None:
        self.data = data
        self.size = size

    @cached_property
    def entries(self) -> list[Entry]:
        """All entries in the order of the tree."""
        pattern = _pattern(rb"([0-7]+) ([^\0]*)\0(.{%d})" % self.size)
        return pattern.findall(self.data)

    @property
    def names(self) -> list[bytes]:
        """Names in the order of the tree."""
        return [name for _, name, _ in self.entries]

    def named(self, name: bytes) -> Entry | None:
        """Return the first entry of this name."""
        before = _entry(self.size) + b"*?"
        wanted = rb"([0-7]+) (%s)\0(.{%d})" % (re.escape(name), self.size)
        found = re.compile(before + wanted, re.DOTALL).match(self.data)
        return (found[1], found[2], found[3]) if found else None

    def below(self, path: str) -> Iterable[tuple[str, Entry]]:
        """Return each entry with its path, given the path of this tree."""
        return paths_of(self.entries, path)


def paths_of(entries: Iterable[Entry], path: str) -> Iterable[tuple[str, Entry]]:
    """Return each entry with its path, given the path of their tree."""
    for entry in entries:
        name = entry[1].decode("utf-8", "surrogateescape")
        yield (f"{path}/{name}" if path else name), entry


EMPTY = RawTree()


class TreeFile(NamedTuple):
    """What lies at a path: mode of six digits, object id."""

    path: str
    mode: str
    id: str

    @property
    def is_folder(self) -> bool:
        """Whether this is a tree."""
        return self.mode == "040000"


class Trees:
    """Reads the trees of one repository, each once."""

    def __init__(self, root: Path, objects: Objects) -> None:
        self.root = root
        self.objects = objects
        self._known: dict[str, RawTree | None] = {}

    def of(self, commit: str) -> str:
        """Return the id of a commit's tree; raises GitError."""
        head = self.objects.read(commit).split(b"\n", 1)[0]
        return head.removeprefix(b"tree ").decode("ascii")

    def time(self, commit: str) -> int:
        """Return the committer's time of a commit, in seconds since 1970; raises GitError."""
        head = self.objects.read(commit).partition(b"\n\n")[0]
        line = next(line for line in head.split(b"\n") if line.startswith(b"committer "))
        return int(line.split()[-2])

    def read(self, identifier: str) -> RawTree | None:
        """Return a tree, or None for another object; raises GitError for a missing one."""
        if identifier not in self._known:
            kind, data = self.objects.typed(identifier)
            size = BYTES[len(identifier)]
            self._known[identifier] = parse(data, size) if kind == "tree" else None
        return self._known[identifier]

    def find(self, tree: str, path: str) -> TreeFile | None:
        """Return what lies at a path of a tree, or None."""
        found = TreeFile("", "040000", tree)
        for part in filter(None, path.encode("utf-8", "surrogateescape").split(b"/")):
            inside = self.read(found.id) if found.is_folder else None
            entry = inside.named(part) if inside else None
            if entry is None:
                return None
            found = file_at(path, entry)
        return found

    def names(self, tree: str, folder: str) -> list[str]:
        """Return the names in a folder of a tree, none where it does not exist."""
        found = self.find(tree, folder)
        inside = self.read(found.id) if found is not None and found.is_folder else None
        names = inside.names if inside else []
        return [name.decode("utf-8", "surrogateescape") for name in names]

    def folders(self, tree: str, folder: str) -> list[str]:
        """Return the names of the folders in a folder of a tree, none where it does not exist."""
        found = self.find(tree, folder)
        inside = self.read(found.id) if found is not None and found.is_folder else None
        entries = inside.entries if inside else []
        return [name.decode("utf-8", "surrogateescape") for mode, name, _ in entries
                if mode == FOLDER]  # fmt: skip

    def files(self, tree: str, path: str) -> list[TreeFile]:
        """Return all files at and below a path of a tree, in no particular order.

        Raises GitError where they are more than any folder of files can be.
        """
        top = self.find(tree, path)
        pending = [top] if top is not None and top.is_folder else []
        found: list[TreeFile] = [top] if top is not None and not top.is_folder else []
        while pending:
            at = pending.pop()
            for below, entry in (self.read(at.id) or EMPTY).below(at.path):
                item = file_at(below, entry)
                (pending if item.is_folder else found).append(item)
            if len(found) + len(pending) > MAX_FILES:
                raise GitError(path)
        return found


def file_at(path: str, entry: Entry) -> TreeFile:
    """Return an entry at its path."""
    mode, _, identifier = entry
    return TreeFile(path, mode.decode("ascii").zfill(6), identifier.hex())


def parse(data: bytes, size: int = 20) -> RawTree | None:
    """Return a raw tree, None where the bytes are not those of a tree."""
    return RawTree(data, size) if _pattern(_entry(size) + b"*+").fullmatch(data) else None


def _entry(size: int) -> bytes:
    """Return the pattern of one entry; it never tries another way to read the same bytes."""
    return rb"(?:[0-7]++ [^\0]*+\0.{%d})" % size


@lru_cache(maxsize=8)
def _pattern(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)
