"""What some files held on main, commit by commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.git import MissingHistoryError, run_git
from generator.files.receipts.history import cut_commits
from generator.files.tree import Past
from generator.text.days import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def past_of(root: Path, commit: str, paths: Sequence[str]) -> list[Past]:
    """Return what some files held after each first-parent commit that changed one of them.

    Raises MissingHistoryError where a shallow clone has cut off how they came to be.
    """
    lines = run_git(
        root, "--literal-pathspecs", "log", "--first-parent", "--format=%H %ct",
        "--no-show-signature", "--end-of-options", commit, "--", *paths,
    )  # fmt: skip
    told = [line.split() for line in reversed(lines.decode("ascii").splitlines())]
    if told and told[0][0] in cut_commits(root):
        raise MissingHistoryError(paths[0])
    return [Past(day_of(int(time)), held(root, name, paths)) for name, time in told]


def held(root: Path, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Return the contents of those of the files that a commit has."""
    files = {}
    for entry in run_git(root, "ls-tree", "-z", commit, "--", *paths).split(b"\0"):
        meta, _, name = entry.partition(b"\t")
        if meta.split()[1:2] == [b"blob"]:
            data = run_git(root, "cat-file", "blob", meta.split()[2].decode("ascii"))
            files[name.decode("utf-8", "surrogateescape")] = data
    return files
