"""Two revisions and what lies between them: merge base, merged tree, changes of paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.files.git import (
    GitError,
    MissingHistoryError,
    SubfolderError,
    UnmergeableError,
    clone_at,
    run_git,
)
from generator.files.paths import DATA_PATHS
from generator.files.remedies import history_at
from generator.files.tree import Unsent

if TYPE_CHECKING:
    from pathlib import Path

    from generator.files.git_objects import Trees

TREE_MODE = "040000"
#: Renames are never guessed: a moved file is one that was deleted and one that was added.
NO_RENAMES = ("-c", "merge.renames=false", "-c", "merge.directoryRenames=false")
CONFLICT = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One path that differs: ``A``dded, ``M``odified, ``D``eleted or ``T`` (type changed)."""

    status: str
    path: str
    old_mode: str
    new_mode: str
    old_id: str
    new_id: str

    @property
    def deleted(self) -> bool:
        """Whether nothing is left at the path."""
        return self.status == "D"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What merging ``head`` into ``base`` means; all ids are of commits, ``merged`` of a tree.

    ``conflicts`` holds the paths that git cannot merge; ``merged`` is None then.
    """

    base: str
    head: str
    merge_base: str
    merged: str | None
    conflicts: tuple[str, ...] = ()


def is_shallow(root: Path) -> bool:
    """Whether the clone holds only a part of the history."""
    return clone_at(root).cut is not None


def is_sparse(root: Path) -> bool:
    """Whether git checks out a part of the files alone; without any history never."""
    if history_at(root) is None:
        return False
    asked = ("config", "--type=bool", "--get", "core.sparseCheckout")
    return run_git(root, *asked, accept=(0, 1)).strip() == b"true"


def merge_base(root: Path, base: str, head: str) -> str:
    """Return the commit that both come from; raises MissingHistoryError, or GitError for none."""
    out = run_git(root, "merge-base", base, head, accept=(0, 1)).decode("ascii").strip()
    if out:
        return out
    if is_shallow(root):
        raise MissingHistoryError(head)
    words = f"{base[:12]} … {head[:12]}: no common commit"
    raise GitError(words)


def prefix_of(root: Path) -> str:
    """Return the path from git's root to ours, with a slash at its end, or nothing."""
    return clone_at(root).prefix


def propose(trees: Trees, base: str, head: str) -> Proposal:
    """Resolve two revisions, find their merge base once, and merge them without a checkout.

    Raises SubfolderError where the data is not in git's own root: paths of changes start there,
    and UnmergeableError.
    """
    root = trees.root
    if trees.clone.prefix:
        raise SubfolderError(str(root))
    base, head = trees.objects.resolve(base, head)
    origin = merge_base(root, base, head)
    if origin in (base, head):
        newer = head if origin == base else base
        return Proposal(base, head, origin, trees.of(newer))
    try:
        out = run_git(
            root, *NO_RENAMES, "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages",
            base, head, accept=(0, CONFLICT),
        )  # fmt: skip
    except GitError as error:
        raise UnmergeableError(error.words, error.remedy) from error
    merged, *conflicts = out.decode("utf-8", "surrogateescape").rstrip("\0\n").split("\0")
    if conflicts:
        return Proposal(base, head, origin, None, tuple(dict.fromkeys(filter(None, conflicts))))
    return Proposal(base, head, origin, merged)


def changes(root: Path, old: str, new: str, *, folders: bool = False) -> list[Change]:
    """Return every path that differs between two commits or trees, in git's order.

    ``folders`` lists the trees above them as well (mode ``040000``).
    """
    deep = ("-r", "-t") if folders else ("-r",)
    out = run_git(
        root, "diff-tree", *deep, "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff",
        "--no-textconv", "--ignore-submodules=none", "--end-of-options", old, new, "--",
        index=False,
    )  # fmt: skip
    fields = out.split(b"\0")
    found = []
    for meta, name in zip(fields[::2], fields[1::2], strict=False):
        old_mode, new_mode, old_id, new_id, status = meta.decode("ascii").lstrip(":").split()
        path = name.decode("utf-8", "surrogateescape")
        found.append(Change(status[0], path, old_mode, new_mode, old_id, new_id))
    return found


def edited(root: Path, commit: str) -> list[str]:
    """Return the paths of data at which the working tree differs from a commit."""
    told = run_git(
        root, "--literal-pathspecs", "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff",
        "--ignore-submodules=none", "--relative", commit, "--", *DATA_PATHS,
    )  # fmt: skip
    return sorted({*names_in(told), *strangers(root)})


def strangers(root: Path, *options: str) -> set[str]:
    """Return the paths of data that git does not have."""
    return names_in(
        run_git(
            root, "--literal-pathspecs", "ls-files", "--others", *options, "-z", "--",
            *DATA_PATHS,
        )
    )  # fmt: skip


def names_in(told: bytes) -> set[str]:
    """Return paths that git tells, parted at NUL."""
    return {name.decode("utf-8", "surrogateescape") for name in told.split(b"\0") if name}


def unsent(root: Path) -> Unsent:
    """Return what lies on the disk and would not be in a commit."""
    everything, added = strangers(root), strangers(root, "--exclude-standard")
    return Unsent.of(added, everything - added)
