"""What some files held on main, commit by commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.git import MissingHistoryError, run_git
from generator.files.git_tree import KINDS
from generator.files.tree import EntryKind, Past
from generator.text.days import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.files.git_objects import Trees


#: What git keeps as a content: a link's is where it leads.
HELD = (EntryKind.FILE, EntryKind.EXECUTABLE, EntryKind.LINK)


def past_of(trees: Trees, commit: str, paths: Sequence[str]) -> list[Past]:
    """Return what some files held after each first-parent commit that changed one of them.

    Raises MissingHistoryError where a shallow clone has cut off how they came to be.
    """
    lines = run_git(
        trees.root, "--literal-pathspecs", "log", "--first-parent", "--format=%H %ct",
        "--no-show-signature", "--end-of-options", commit, "--", *paths,
    )  # fmt: skip
    told = [line.split() for line in reversed(lines.decode("ascii").splitlines())]
    if told and told[0][0] in trees.clone.cut_commits:
        raise MissingHistoryError(paths[0])
    return [Past(day_of(int(time)), held(trees, name, paths)) for name, time in told]


def held(trees: Trees, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Return the contents of those of the files that a commit has."""
    top = trees.top(commit)
    found = (trees.find(top, path) for path in paths) if top else ()
    files = [file for file in found if file is not None and KINDS.get(file.mode) in HELD]
    return {file.path: trees.objects.read(file.id) for file in files}
