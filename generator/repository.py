"""A tree opened: its rubric, its branches' folders, the years on file."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.checks import run_rubric
from generator.committee import CommitteeYear, load_consortia, load_rubric, load_year, years_of
from generator.findings import Report
from generator.frozen import results_path
from generator.loading import Reader
from generator.shapes import IDENTIFIER, MAX_ID
from generator.tree import RUBRIC_PATH, Entry, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.committee_model import Consortium
    from generator.rubric import Rubric


class MissingRubricError(Exception):
    """The root holds no rubric.yml: this is not a repository of this program."""


class UnknownYearError(Exception):
    """The year asked for is not in the repository."""


@dataclass(slots=True)
class Repository:
    """A tree with its rubric, branches and years; ``report`` holds what was found so far.

    ``known_ids`` names all branches where the tree was narrowed to some of them.
    """

    tree: Tree
    report: Report
    entries: dict[str, Entry]
    rubric: Rubric | None
    consortia: dict[str, Consortium]
    folders: dict[str, dict[str, list[Entry]]]
    opened: list[int]
    filed: set[int]
    known_ids: frozenset[str] | None = None

    @property
    def branch_ids(self) -> list[str]:
        """Ids of the branch folders here with a legal name, in order."""
        return [b for b in self.folders if is_branch_id(b)]

    @property
    def all_ids(self) -> frozenset[str]:
        """Ids of all branches, also of those that are not here."""
        return frozenset(self.branch_ids) if self.known_ids is None else self.known_ids

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in entries of the tree: its list of paths and the folders of branches."""
        for entry in sorted(entries, key=lambda e: e.path):
            if entry.path in self.entries:
                continue
            self.entries[entry.path] = entry
            parts = entry.path.split("/")
            if parts[0] == "branches" and len(parts) > 2:
                group = parts[2] if len(parts) > 3 else ""
                self.folders.setdefault(parts[1], {}).setdefault(group, []).append(entry)

    @property
    def frozen_years(self) -> list[int]:
        """Years that have frozen results."""
        return [y for y in self.opened if self._is_file(results_path(y))]

    def _is_file(self, path: str) -> bool:
        return path in self.entries and self.entries[path].is_file

    @property
    def years(self) -> list[int]:
        """Years of the committee, or else those that branches filed for."""
        return self.opened or sorted(self.filed)

    def committee_year(self, year: int) -> CommitteeYear:
        """Read the committee's files of a year; findings go to ``report``."""
        places = self.rubric.places if self.rubric else None
        return load_year(Reader(self.tree, self.report), year, self.entries, places)


def is_branch_id(name: str) -> bool:
    """Whether a folder below branches/ has a legal name."""
    return IDENTIFIER.fullmatch(name) is not None and len(name) <= MAX_ID


def open_repository(
    tree: Tree,
    listed: Iterable[Entry] | None = None,
    *,
    known_ids: frozenset[str] | None = None,
    rubric_path: str = RUBRIC_PATH,
) -> Repository:
    """Read what is common to all years; raises MissingRubricError.

    ``listed`` narrows the tree to some of its entries.
    """
    report = Report()
    given = tree.entries() if listed is None else listed
    entries = {entry.path: entry for entry in sorted(given, key=lambda e: e.path)}
    if rubric_path not in entries or not entries[rubric_path].is_file:
        raise MissingRubricError
    reader = Reader(tree, report)
    rubric = load_rubric(reader, rubric_path)
    if rubric is not None:
        run_rubric(rubric, report)
    consortia = load_consortia(reader, entries)
    opened, filed = years_of(entries)
    repository = Repository(tree, report, {}, rubric, consortia, {}, opened, filed, known_ids)
    repository.add(entries.values())
    return repository


def default_year(repository: Repository) -> int | None:
    """Return the newest year that is not final, or else the newest; None without any."""
    scratch = dataclasses.replace(repository, report=Report())
    years = repository.years
    for year in reversed(years):
        if year not in repository.frozen_years and scratch.committee_year(year).stage != "final":
            return year
    return years[-1] if years else None
