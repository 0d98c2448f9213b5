"""A tree opened: its rubric, its branches' folders, the years on file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.checks import run_rubric
from generator.checks.misplaced import report_misplaced
from generator.checks.names import check_names
from generator.checks.titles import consortium_titles
from generator.files.misplaced.outside import find_in_root
from generator.files.paths import (
    COMMITTEE,
    RUBRIC_PATH,
    YEAR,
    BranchPath,
    appraisal_path,
    branch_folder,
    is_branch_id,
    results_path,
    rubric_path,
)
from generator.files.tree import MemoryTree
from generator.loading.committee import (
    CommitteeYear,
    load_after,
    load_appraisal,
    load_consortia,
    load_roster,
    load_rubric,
    load_year,
    names_of,
    years_of,
)
from generator.loading.reader import Reader
from generator.results.after import After, Carried
from generator.rubric.whole import marked
from generator.text.findings import Report

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping

    from generator.files.tree import Entry, Tree
    from generator.formats.after import AfterYear
    from generator.formats.committee_files import Consortium, Roster
    from generator.formats.kept import Kept
    from generator.rubric.document import Rubric
    from generator.text.findings import Finding


class MissingRubricError(Exception):
    """The root holds no rubric.yml: this is not a repository of this program."""


class UnknownYearError(Exception):
    """The year asked for is not in the repository."""


@dataclass(slots=True)
class Repository:
    """A tree with its rubric, branches and years; ``report`` holds what was found so far.

    ``entries`` are what is common to all branches; the folder of a branch is listed when it is
    asked for. ``known_ids`` names all branches where the tree was narrowed to some of them.
    """

    tree: Tree
    report: Report
    entries: dict[str, Entry]
    rubric: Rubric | None
    consortia: dict[str, Consortium]
    names: list[str]
    opened: list[int]
    known_ids: frozenset[str] | None = None
    roster: Roster | None = None
    rubric_from: str = RUBRIC_PATH

    def of_year(self, year: int) -> Repository:
        """Return the repository with the rubric of a year, its own where the committee keeps one.

        What is found in it goes to the same report.
        """
        path = rubric_path(year)
        if path == self.rubric_from or not self.is_file(path):
            return self
        rubric = read_rubric(Reader(self.tree, self.report), path)
        return replace(self, rubric=rubric, rubric_from=path)

    @property
    def branch_ids(self) -> list[str]:
        """Ids of the branch folders here with a legal name, in order."""
        return [name for name in self.names if is_branch_id(name)]

    @property
    def all_ids(self) -> frozenset[str]:
        """Ids of all branches, also of those that are not here."""
        return frozenset(self.branch_ids) if self.known_ids is None else self.known_ids

    @property
    def filed(self) -> set[int]:
        """Years that branches filed for: every folder is listed for it."""
        groups = (group for name in self.branch_ids for group in groups_of(self.tree, name))
        return {int(group) for group in groups if YEAR.fullmatch(group)}

    @property
    def frozen_years(self) -> list[int]:
        """Years that have frozen results."""
        return [year for year in self.opened if self.is_file(results_path(year))]

    def is_file(self, path: str) -> bool:
        """Whether a file of the committee is there."""
        return path in self.entries and self.entries[path].is_file

    def blobs(self, kinds: Iterable[Kept], year: int, branch: str = "") -> str:
        """Return the blob ids of the committee's files of some kinds, each followed by NUL.

        The id of a file that is not there is empty.
        """
        entries = (self.entries.get(f"{COMMITTEE}/{kind.at(year, branch)}") for kind in kinds)
        found = (entry if entry is not None and entry.is_file else None for entry in entries)
        ids = ((e.blob or self.tree.blob_id(e.path)) if e is not None else "" for e in found)
        return "".join(f"{blob}\0" for blob in ids)

    @property
    def years(self) -> list[int]:
        """Years of the committee, or else those that branches filed for."""
        return self.opened or sorted(self.filed)

    def knows(self, year: int) -> bool:
        """Whether the committee opened a year or a branch filed for it."""
        return year in self.opened or year in self.filed

    def committee_year(self, year: int) -> CommitteeYear:
        """Read the committee's files of a year; findings go to ``report``."""
        places = self.rubric.places if self.rubric else None
        names = names_of(self.rubric, self.consortia)
        return load_year(Reader(self.tree, self.report, names), year, self.entries, places)

    def after(self, year: int, own: AfterYear | None) -> After:
        """Return what came after a year's results, and what earlier talks asked that is open."""
        reader = Reader(self.tree, Report())
        carried: list[Carried] = []
        for earlier in self.opened:
            found = load_after(reader, earlier, self.entries) if earlier < year else None
            open_ones = (talk for talk in (found.talks if found else ()) if talk.is_open)
            carried += (Carried(earlier, talk) for talk in open_ones)
        talks = tuple(talk for talk in own.talks if talk.valid) if own else ()
        funds = tuple(fund for fund in own.funds if fund.valid) if own else ()
        return After(talks, funds, tuple(carried))

    def check_common_names(self) -> None:
        """Report what is wrong with names outside of the branches' own folders."""
        report_misplaced(find_in_root(self.tree.beside(), self.all_ids), self.report)
        folders = [branch_folder(name) for name in self.names]
        check_names(self.entries, self.report, folders)
        for name in self.names:
            if not is_branch_id(name):
                check_names({entry.path: entry for entry in self.tree.folder(name)}, self.report)


def groups_of(tree: Tree, name: str) -> dict[str, list[Entry]]:
    """Return the entries of a branch by the folder below it; the files beside it under ``""``."""
    groups: dict[str, list[Entry]] = {}
    for entry in sorted(tree.folder(name), key=lambda entry: entry.path):
        own = BranchPath.of(entry.path)
        groups.setdefault(own.group if own else "", []).append(entry)
    return groups


def open_repository(
    tree: Tree,
    *,
    names: Iterable[str] | None = None,
    known_ids: frozenset[str] | None = None,
    rubric_from: str = RUBRIC_PATH,
) -> Repository:
    """Read what is common to all years; raises MissingRubricError.

    ``names`` narrows the tree to some folders of branches. The rubric is read from
    ``rubric_from`` where that is there: a final year rests on its own alone.
    """
    report = Report()
    entries = {entry.path: entry for entry in sorted(tree.common(), key=lambda e: e.path)}
    path = rubric_from if rubric_from in entries else RUBRIC_PATH
    if path not in entries or not entries[path].is_file:
        raise MissingRubricError
    reader = Reader(tree, report)
    rubric = read_rubric(reader, path)
    roster = load_roster(reader, entries)
    consortia = load_consortia(reader, entries)
    consortium_titles(consortia.values(), report)
    folders = sorted(tree.folders() if names is None else names)
    opened = years_of(entries)
    return Repository(
        tree, report, entries, rubric, consortia, folders, opened, known_ids, roster, path
    )


class ReadRubric(NamedTuple):
    """What a rubric file comes to: None where its text cannot be parsed, and what was found."""

    rubric: Rubric | None
    findings: tuple[Finding, ...]
    unknown: Counter[str]


def read_rubric(reader: Reader, path: str) -> Rubric | None:
    """Read a rubric and check it; findings go to the reader's report."""
    found = rubric_of(reader.tree.read(path), path)
    reader.report.findings += found.findings
    reader.report.unknown += found.unknown
    return found.rubric


@lru_cache(maxsize=4)
def rubric_of(data: bytes, path: str) -> ReadRubric:
    """Return what a text comes to: years and both sides of a proposal mostly share one."""
    reader = Reader(MemoryTree({path: data}), Report())
    rubric = load_rubric(reader, path)
    if rubric is not None:
        run_rubric(rubric, reader.report)
        rubric = marked(rubric, reader.report.findings)
    return ReadRubric(rubric, tuple(reader.report.findings), reader.report.unknown)


def opened_years(repository: Repository) -> list[int]:
    """Return the years that the committee opened or ended, the oldest first."""
    frozen = repository.frozen_years
    return [
        year
        for year in repository.opened
        if year in frozen or repository.is_file(appraisal_path(year))
    ]


def under_way(tree: Tree, entries: Mapping[str, Entry]) -> list[int]:
    """Return the years that the committee opened and has not ended, the oldest first.

    Of ``entries`` each year's appraisal.yml and results.json are looked at.
    """
    reader = Reader(tree, Report())
    files = {path for path, entry in entries.items() if entry.is_file}
    found = []
    for year in years_of(entries):
        if appraisal_path(year) in files and results_path(year) not in files:
            appraisal = load_appraisal(reader, year, entries)
            if appraisal is None or appraisal.stage != "final":
                found.append(year)
    return found


def default_year(repository: Repository) -> int | None:
    """Return the newest year that is not final, or else the newest; None without any."""
    reader = Reader(repository.tree, Report())
    years = repository.years
    for year in reversed(years):
        if year not in repository.frozen_years:
            appraisal = load_appraisal(reader, year, repository.entries)
            if appraisal is None or appraisal.stage != "final":
                return year
    return years[-1] if years else None
