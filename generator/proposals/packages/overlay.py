"""A package laid over a folder without any history: what it would bring, computed without git."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.engine.evaluate import evaluate
from generator.engine.repository import UnknownYearError, default_year, open_repository, under_way
from generator.engine.year import Evaluation
from generator.files.history import Proposal
from generator.files.paths import branch_of
from generator.files.tree import Entry, EntryKind, WorkingTree
from generator.proposals.difference import YearImpact, all_ids, subtract
from generator.proposals.impact import Impact
from generator.proposals.packages.fitting import FILES, FOLDER, NO_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from generator.files.history import Change
    from generator.proposals.packages.draft import Writing
    from generator.proposals.packages.fitting import Held

NO_YEAR = Evaluation(None, [], None, 0, 0)


class Overlay(WorkingTree):
    """A working tree with some files in place of its own, and without some."""

    def __init__(self, root: Path, files: Iterable[Writing], removed: Collection[str]) -> None:
        super().__init__(root)
        self.files = {file.path: file for file in files}
        self.removed = frozenset(removed)

    def _laid(self, found: list[Entry], own: Iterable[str]) -> list[Entry]:
        gone = self.removed | self.files.keys()
        kept = [entry for entry in found if entry.path not in gone]
        new = [Entry(path, EntryKind.FILE, len(self.files[path].read())) for path in own]
        return sorted([*kept, *new], key=lambda entry: entry.path)

    def common(self) -> list[Entry]:
        """Return rubric.yml, all below committee/ and the files directly in branches/, sorted."""
        return self._laid(super().common(), (p for p in self.files if not branch_of(p)))

    def folders(self) -> list[str]:
        """Return the names of the folders in branches/, sorted."""
        return sorted({*super().folders(), *filter(None, map(branch_of, self.files))})

    def folder(self, name: str) -> list[Entry]:
        """Return all below ``branches/<name>/``, sorted by path."""
        return self._laid(super().folder(name), (p for p in self.files if branch_of(p) == name))

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises OSError where there is no file."""
        if path in self.removed:
            raise FileNotFoundError(path)
        return self.files[path].read() if path in self.files else super().read(path)

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content."""
        return self.files[path].blob if path in self.files else super().blob_id(path)


def on_disk(root: Path) -> Held:
    """Return what lies at the paths of a folder; no link on the way is followed."""
    tree = WorkingTree(root)
    known: dict[str, bool] = {"": True}

    def is_real(folder: str) -> bool:
        if folder not in known:
            above = folder.rpartition("/")[0]
            place = root / folder
            known[folder] = is_real(above) and place.is_dir() and not place.is_symlink()
        return known[folder]

    def held(path: str) -> str | None:
        place = root / path
        if not is_real(path.rpartition("/")[0]) or not os.path.lexists(place):
            return None
        if place.is_dir() and not place.is_symlink():
            return FOLDER
        found = tree.below([path])
        return tree.blob_id(path) if found and found[0].kind in FILES else NO_FILE

    return held


def assess_folder(
    root: Path,
    year: int,
    files: Iterable[Writing],
    removed: Collection[str],
    changes: list[Change],
) -> Impact:
    """Compute what a package of a year does to a folder without history.

    Raises MissingRubricError.
    """
    before, after = WorkingTree(root), Overlay(root, files, removed)
    years: set[int | None] = {year}
    for tree in (before, after):
        repository = open_repository(tree)
        years |= {*under_way(tree, repository.entries), default_year(repository)}
    found = tuple(
        compared(year, before, after, changes) for year in sorted(y for y in years if y is not None)
    )
    return Impact(Proposal("", "", "", ""), found)


def compared(
    year: int, before: WorkingTree, after: WorkingTree, changes: list[Change]
) -> YearImpact:
    """Return the difference that a package makes to one year; any branch may differ."""
    one, two = (evaluated(tree, year) for tree in (before, after))
    return subtract(year, one, two, all_ids(one, two), changes, ranked=True)


def evaluated(tree: WorkingTree, year: int) -> Evaluation:
    """Evaluate a year; nothing where the tree does not have it."""
    try:
        return evaluate(tree, year)
    except UnknownYearError:
        return NO_YEAR
