"""Whether a package fits: its paths on main hold what it was made from, or what it brings."""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeGuard

from generator.files.git_tree import KINDS
from generator.files.tree import EntryKind, blob_id
from generator.text.language import mark
from generator.text.names import folders_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from generator.files.git_objects import Trees
    from generator.proposals.packages.manifest import Manifest

FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)
SHA256 = 64
#: What lies at a path and is no file: a folder, or a link and its like.
FOLDER, NO_FILE = "/", "-"


class State(Enum):
    """How a path of a package stands to main; the last three do not fit."""

    FITS = mark("可以写入")
    THERE = mark("已经在主线上")
    TAKEN = mark("主线上已有这个文件，报送包却当作新文件")
    GONE = mark("主线上没有这个文件，报送包却要改它（可能已改名或删去）")
    CHANGED = mark("主线上的这个文件后来改过，与报送包所改的那一份不同")
    BLOCKED = mark("主线上这个位置是文件夹或链接，不是文件")


class Standing(NamedTuple):
    """A path of a package, and how it stands to main."""

    path: str
    state: State


class Held(Protocol):
    """A state of the data: what lies at a path."""

    def __call__(self, path: str) -> str | None:
        """Return the blob id of a file, None for nothing, ``/`` for a folder, else ``-``."""


def standings(manifest: Manifest, blobs: Mapping[str, str], held: Held) -> list[Standing]:
    """Return how every path stands; ``blobs`` are the ids of the package's files by path."""
    removed = {gone.path for gone in manifest.removed}
    found = [
        Standing(file.path, state_of(held(file.path), file.replaces, blobs[file.path]))
        for file in manifest.files
    ]
    found += [
        Standing(gone.path, state_of(held(gone.path), gone.replaces, None))
        for gone in manifest.removed
    ]
    above = folders_of(file.path for file in manifest.files) - removed
    blocked = {folder for folder in above if is_no_folder(held(folder))}
    return [
        Standing(path, State.BLOCKED) if blocked & folders_of([path]) else Standing(path, state)
        for path, state in found
    ]


def state_of(now: str | None, before: str | None, new: str | None) -> State:
    """Return how a path stands that holds ``now``, should hold ``before``, and is to hold ``new``.

    None: no file.
    """
    if now is not None and not is_file(now):
        return State.BLOCKED
    if now == new:
        return State.THERE
    if now == before:
        return State.FITS
    if before is None:
        return State.TAKEN
    return State.GONE if now is None else State.CHANGED


def misfits(found: Collection[Standing]) -> list[Standing]:
    """Return what does not fit."""
    return [each for each in found if each.state not in {State.FITS, State.THERE}]


def is_file(held: str | None) -> TypeGuard[str]:
    """Whether what lies at a path is a file."""
    return held not in {None, FOLDER, NO_FILE}


def is_no_folder(held: str | None) -> bool:
    """Whether what lies at a path keeps a folder from being there."""
    return held not in {None, FOLDER}


def in_tree(trees: Trees, tree: str) -> Held:
    """Return what lies at the paths of a tree."""

    def held(path: str) -> str | None:
        found = trees.find(tree, path)
        if found is None:
            return None
        if found.is_folder:
            return FOLDER
        return found.id if KINDS.get(found.mode) in FILES else NO_FILE

    return held


def blob_like(example: str) -> Callable[[bytes], str]:
    """Return what gives a content its blob id, in the form of another id of the repository."""
    return sha256_blob if len(example) == SHA256 else blob_id


def sha256_blob(data: bytes) -> str:
    """Return the id that git gives to a content where its ids are SHA-256."""
    return hashlib.sha256(b"blob %d\0" % len(data) + data).hexdigest()
