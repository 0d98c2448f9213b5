"""A tree in memory: files as bytes, and names that stand for something else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from generator.files.paths import BRANCHES, DATA_ROOTS, RUBRIC_PATH, may_hold, root_of
from generator.files.tree import Entry, EntryKind, blob_id
from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class MemoryTree:
    """Files by path, which stay as they are; to read one of the ``others`` is a fault."""

    knows_blobs = False

    def __init__(
        self, files: Mapping[str, bytes], others: Mapping[str, EntryKind] | None = None
    ) -> None:
        self.others = dict(others or {})
        self.files = {path: data for path, data in files.items() if path not in self.others}
        found = [Entry(path, EntryKind.FILE, len(data)) for path, data in self.files.items()]
        found += [Entry(path, kind, 0) for path, kind in self.others.items()]
        self.entries = sorted(found, key=lambda entry: entry.path)
        self.below: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if is_below(entry.path):
                self.below.setdefault(entry.path.split("/")[1], []).append(entry)

    def common(self) -> list[Entry]:
        """Return what is common to all branches, sorted by path."""
        found = [entry for entry in self.entries if not is_below(entry.path)]
        return [e for e in found if e.path == RUBRIC_PATH or root_of(e.path) in DATA_ROOTS]

    def beside(self) -> list[str]:
        """Return the paths of files right in the root, and below its folders for records."""
        found = [e.path for e in self.entries if e.kind is EntryKind.FILE]
        return [path for path in found if "/" not in path or may_hold(path.split("/")[0])]

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, sorted."""
        return sorted(self.below)

    def folder(self, name: str) -> list[Entry]:
        """Return all below one folder in branches/, sorted by path."""
        return [*self.below.get(name, ())]

    def prepare(self) -> None:
        """All is there."""

    def forked(self) -> None:
        """Nothing is open."""

    def close(self) -> None:
        """Nothing is open."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises FileNotFoundError for what is no file."""
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content."""
        return blob_id(self.read(path))


def is_below(path: str) -> bool:
    """Whether a path lies in a folder of branches/."""
    parts = path.split("/")
    return parts[0] == BRANCHES and len(parts) > 2


def files_below(root: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder, by path."""
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@cache
def base() -> dict[str, bytes]:
    """Return the files of the small clean repository, read once."""
    return files_below(BASE)


def base_files() -> dict[str, bytes]:
    """Return the files of the small clean repository, to be changed."""
    return {**base()}
