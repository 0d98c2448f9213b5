"""What whoever fills in a record chooses from: rubric, records, branches, what was asked."""

from __future__ import annotations

import re
from collections import Counter
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from generator.engine.evaluate import NOTHING
from generator.engine.repository import default_year, open_repository, under_way
from generator.engine.year import Run
from generator.files.paths import (
    DOCUMENTS,
    RECORD_FILES,
    SELF_ASSESSMENT_FILE,
    CommitteePath,
    RecordPath,
    branch_path,
    year_folder,
)
from generator.formats.branch_files import BRANCH, DOCUMENT, Branch
from generator.loading.committee import load_appraisal
from generator.loading.reader import Reader
from generator.text.findings import Report
from generator.text.language import mark
from generator.text.messages import say, source_words

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from generator.checks import BranchContext
    from generator.engine.repository import Repository
    from generator.engine.year import Means
    from generator.files.limits import Allowed
    from generator.files.tree import Entry, Tree
    from generator.rubric.asked import Asked
    from generator.rubric.document import Rubric
    from generator.text.messages import Words

OPEN = "open"
#: Titles are the same every year.
OF_YEAR = mark("{title}（{year} 年）")
NUMBERED = re.compile(r"b([0-9]{3,9})")


class UnreadableRubricError(Exception):
    """The year's rubric cannot be read: nobody can tell what a record is to have."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A record that claims may cite: what it is called, its kind and its day."""

    reference: str
    kind: str
    title: Words
    date: datetime.date | None

    def dated(self) -> Cited:
        """Return the record of an earlier year with a title that says so."""
        year = self.reference.partition("/")[0]
        return replace(self, title=say(OF_YEAR, title=self.title, year=year))


@dataclass
class Desk:
    """One branch and year, as it lies in a tree; the branch need not exist yet.

    Raises UnreadableRubricError and MissingRubricError.
    """

    tree: Tree
    year: int
    branch: str
    means: Means = NOTHING
    run: Run = field(init=False, repr=False)
    rubric: Rubric = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the tree."""
        self.run = Run(open_repository(self.tree), self.year, self.means, details=False)
        rubric = self.run.repository.rubric
        if rubric is None:
            raise UnreadableRubricError
        self.rubric = rubric

    @property
    def repository(self) -> Repository:
        """The tree, opened, with the rubric of the year."""
        return self.run.repository

    @property
    def stage(self) -> str:
        """Stage of the year."""
        return self.run.committee.stage

    @property
    def is_frozen(self) -> bool:
        """Whether the year has final results."""
        return self.year in self.repository.frozen_years

    @property
    def exists(self) -> bool:
        """Whether the branch has a folder."""
        return self.branch in self.repository.all_ids

    @property
    def period(self) -> tuple[datetime.date, datetime.date] | None:
        """First and last day of the appraisal, None where unknown."""
        appraisal = self.run.committee.appraisal
        period = appraisal.period if appraisal else None
        return (period.start, period.end) if period else None

    @property
    def folder(self) -> str:
        """Path of the branch's folder of the year."""
        return year_folder(self.branch, self.year)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """All below the branch's folder, by path."""
        known = self.branch in self.repository.names
        return {e.path: e for e in self.tree.folder(self.branch)} if known else {}

    @cached_property
    def context(self) -> BranchContext | None:
        """The branch, read and scored; None where there is none."""
        reducer = self.run.reducer()
        return reducer.score(self.branch, Report()) if reducer and self.exists else None

    @property
    def allowed(self) -> Allowed:
        """How large files may be."""
        reducer = self.run.reducer()
        if reducer is None:
            raise UnreadableRubricError
        return reducer.setting.allowed

    def folders(self, group: str) -> frozenset[str]:
        """Return the names in the folder of activities or documents of the year."""
        prefix = f"{self.folder}/{group}/"
        return frozenset(
            path[len(prefix) :].partition("/")[0]
            for path in self.entries
            if path.startswith(prefix)
        )

    @cached_property
    def records(self) -> dict[str, Branch | None]:
        """What every branch is, by id; None where its file cannot be read."""
        found: dict[str, Branch | None] = {}
        for name in self.repository.branch_ids:
            path = branch_path(name)
            there = any(e.path == path and e.is_file for e in self.tree.folder(name))
            found[name] = Reader(self.tree, Report()).load(path, BRANCH)[0] if there else None
        return found

    @property
    def branches(self) -> dict[str, Words]:
        """Name of every branch by id; the id where the name cannot be read."""
        return {id_: (own.name if own else None) or id_ for id_, own in self.records.items()}

    @property
    def consortia(self) -> dict[str, Words]:
        """Titles of the consortia by id."""
        return {name: item.title for name, item in self.repository.consortia.items()}

    def with_records(self, cited: Iterable[Cited], entries: Iterable[Entry]) -> Desk:
        """Return the desk with records that are on their way, which claims may cite already."""
        own = copy(self)
        own.__dict__["entries"] = {**self.entries, **{entry.path: entry for entry in entries}}
        known = {record.reference: record for record in (*cited, *self.cited)}
        own.__dict__["cited"] = tuple(known.values())
        return own

    def asked(self, kind: str) -> tuple[Asked, ...]:
        """Return what was asked of the branch for a kind of document."""
        data = self.context.data if self.context else None
        return tuple(own for own in (data.asked if data else ()) if own.kind == kind)

    @cached_property
    def cited(self) -> tuple[Cited, ...]:
        """Records that claims may cite: those of the year, then documents of earlier ones."""
        data = self.context.data if self.context else None
        own = [
            Cited(name, found.kind or "", found.record.title or name, found.record.date)
            for name, found in (data.evidence if data else {}).items()
        ]
        standing = self._standing()
        often = Counter(source_words(record.title) for record in (*own, *standing))
        return (*own, *(record.dated() if often[f"{record.title}"] > 1 else record
                        for record in standing))  # fmt: skip

    def _standing(self) -> list[Cited]:
        found = []
        for path in self.entries:
            place = RecordPath.of(path)
            if place is None or place.group != DOCUMENTS or not place.is_record:
                continue
            if place.year.isdigit() and int(place.year) < self.year:
                try:
                    record, _ = Reader(self.tree, Report()).load(path, DOCUMENT)
                except FileNotFoundError:
                    # Of a file that cannot be read a bundle holds the name alone.
                    continue
                if record is not None and record.kind:
                    name = f"{place.year}/{place.reference}"
                    found.append(Cited(name, record.kind, record.title or name, record.date))
        return found

    @property
    def assessment_path(self) -> str:
        """Where the branch's self-assessment of the year lies."""
        return f"{self.folder}/{SELF_ASSESSMENT_FILE}"

    @property
    def assessment_bytes(self) -> bytes | None:
        """The self-assessment as it is; None without one."""
        entry = self.entries.get(self.assessment_path)
        return self.tree.read(entry.path) if entry is not None and entry.is_file else None

    def kind_title(self, kind: str) -> Words:
        """Return what a kind of record is called."""
        return self.rubric.vocabulary.kind_titles.get(kind, kind)

    @property
    def next_branch(self) -> str:
        """The next number that no branch ever had, as far as the files tell, from b001."""
        used = {*self.tree.folders()}
        for path in self.repository.entries:
            kept = CommitteePath.of(path)
            used |= {kept.branch} if kept is not None else set()
        for branch in self.records.values():
            used |= {*branch.formerly} if branch else set()
        numbers = [int(found[1]) for name in used if (found := NUMBERED.fullmatch(name))]
        return f"b{max(numbers, default=0) + 1:03}"


def record_path(desk: Desk, group: str, folder: str) -> str:
    """Return where the YAML file of a record of the year lies."""
    return f"{desk.folder}/{group}/{folder}/{RECORD_FILES[group]}"


def year_to_file(tree: Tree) -> int | None:
    """Return the year that records are filed for where none is named.

    The newest that is open, else the one that commands take by default; None without any.
    """
    repository = open_repository(tree)
    reader = Reader(tree, Report())
    for year in reversed(under_way(tree, repository.entries)):
        appraisal = load_appraisal(reader, year, repository.entries)
        if appraisal is None or appraisal.stage == OPEN:
            return year
    return default_year(repository)
