"""What first-parent commits did to files, and what was there after each, asked of git."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from generator.files.git import stream_git
from generator.files.git_tree import KINDS
from generator.files.receipts.history import blob
from generator.files.tree import Deed, EntryKind
from generator.text.days import day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from generator.files.git_objects import Trees

FILES = frozenset({EntryKind.FILE, EntryKind.EXECUTABLE})


class GitAnnals:
    """The first-parent line of one commit; ``edited`` tells whether a folder differs beside it."""

    def __init__(self, trees: Trees, commit: str, edited: Callable[[str], bool]) -> None:
        self.root = trees.root
        self.trees = trees
        self.objects = trees.objects
        self.commit = commit
        self.edited = edited

    @cached_property
    def cut(self) -> frozenset[str]:
        """The commits at which a shallow clone is cut off."""
        return self.trees.clone.cut_commits

    def deeds(self, paths: Sequence[str], after: str = "") -> list[Deed]:
        """Return what was done at and below some paths, after a commit; the newest first."""
        range_ = [self.commit, *([f"^{after}"] if after else [])]
        lines = stream_git(
            self.root, "-c", "log.showRoot=true", "--literal-pathspecs", "log", "--first-parent",
            "--diff-merges=first-parent", "--no-renames", "--raw", "--no-abbrev", "--relative",
            "-z", "--format=%H %ct", "--no-show-signature", "--end-of-options", *range_, "--",
            *paths,
        )  # fmt: skip
        found: list[Deed] = []
        commit, day, meta = "", day_of(0), b""
        for line in lines:
            token = line.lstrip(b"\n") if not meta else line
            if meta:
                _, _, old, new, _ = meta.split(b" ")
                path = token.decode("utf-8", "surrogateescape")
                whole = commit not in self.cut
                found.append(Deed(commit, day, path, blob(old), blob(new), whole))
                meta = b""
            elif token.startswith(b":"):
                meta = token
            elif token:
                commit, seconds = token.decode("ascii").split()
                day = day_of(int(seconds))
        return found

    def is_same(self, commit: str, folder: str) -> bool:
        """Whether all below a folder is now as a commit had it."""
        if self.edited(folder):
            return False
        return self._tree(commit, folder) == self._tree(self.commit, folder)

    def _tree(self, commit: str, folder: str) -> str | None:
        return self.objects.tree(f"{commit}:{self.trees.clone.prefix}{folder}")

    def files(self, commit: str, folder: str) -> dict[str, str]:
        """Return path → blob id of the files that a commit had below a folder."""
        tree = self._tree(commit, folder)
        listed = self.trees.files(tree, "") if tree else ()
        return {
            f"{folder}/{item.path}": item.id for item in listed if KINDS.get(item.mode) in FILES
        }

    def sizes(self, blobs: Collection[str]) -> Mapping[str, int]:
        """Return the sizes of contents, in bytes."""
        return {name: size for name, (_, size) in self.objects.describe(blobs).items()}

    def read(self, name: str) -> bytes:
        """Return a content."""
        return self.objects.read(name)
