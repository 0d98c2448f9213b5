"""A year begun: what the committee's files of the year before give for it.

Taken over are appraisal.yml and due.yml with all their days as many years later; what belongs to
one year alone is not. Years without final results get a copy of the rubric, so that the next
year's rules move none of their points. Pure: a tree in, paths and bytes out.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from generator.engine.repository import open_repository, opened_years
from generator.files.paths import (
    COMMITTEE,
    DUE_FILE,
    RUBRIC_PATH,
    CommitteePath,
    appraisal_path,
    rubric_path,
)
from generator.formats.committee_files import APPRAISAL, DUE, STAGES
from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, Node, Scalar, Sequence, parse
from generator.formats.shapes import DateShape, parse_date
from generator.formats.spelling.trees import Definition, OfAny
from generator.formats.writing import UneditableError, UnwritableError, edited
from generator.loading.reader import Reader
from generator.text.findings import Report, Severity

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from generator.engine.repository import Repository
    from generator.files.tree import Tree
    from generator.formats.committee_files import DueEntry
    from generator.formats.shape import Shape, T

#: Keys of appraisal.yml that belong to one year alone; the stage is the first one again.
OWN = ("publicity", "as_of", "history_from")
RENEWED: dict[str, object] = {**dict.fromkeys(OWN), "stage": next(iter(STAGES))}


class YearExistsError(Exception):
    """There is something in the folder of the new year already."""


class NoSourceError(Exception):
    """There is no year to start from; ``years`` are those there are."""

    def __init__(self, years: list[int]) -> None:
        super().__init__(years)
        self.years = years


class FaultyError(Exception):
    """A file that is to be taken over has errors, or a day that no later year has."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Named(NamedTuple):
    """An entry of the due list: its id and its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class NewYear:
    """What beginning a year writes: path → bytes; and what a person has to know about it.

    ``left`` are the keys that were not taken over, ``unfit`` the entries of a kind that the rubric
    does not have, ``dated`` those whose words name the old year. ``kept`` are years that get a
    copy of the rubric.
    """

    year: int
    source: int
    files: dict[str, bytes]
    start: datetime.date
    end: datetime.date
    entries: int
    left: list[str]
    unfit: list[Named]
    dated: list[Named]
    kept: list[int]


def begin(tree: Tree, year: int, source: int) -> NewYear:
    """Return what begins a year, taken over from another.

    Raises MissingRubricError, YearExistsError, NoSourceError and FaultyError.
    """
    repository = open_repository(tree, names=())
    if any(there(path, year) for path in repository.entries):
        raise YearExistsError
    if not repository.is_file(appraisal_path(source)):
        opened = opened_years(repository)
        raise NoSourceError([own for own in opened if repository.is_file(appraisal_path(own))])
    if repository.rubric is None:
        raise FaultyError(RUBRIC_PATH)
    return Beginning(repository, year, source).made()


def there(path: str, year: int) -> bool:
    """Whether a path lies in the folder of a year, or is it."""
    own = CommitteePath.of(path)
    return own is not None and own.year == year


class Beginning:
    """One year taken over from another."""

    def __init__(self, repository: Repository, year: int, source: int) -> None:
        self.repository = repository
        self.tree = repository.tree
        self.year, self.source = year, source
        self.asked: tuple[DueEntry, ...] = ()

    def made(self) -> NewYear:
        """Return what begins the year; raises FaultyError."""
        path = appraisal_path(self.source)
        appraisal = self.read(path, APPRAISAL)
        if appraisal.period is None:
            raise FaultyError(path)
        due_path = due_list(self.source)
        if self.repository.is_file(due_path):
            self.asked = self.read(due_path, DUE)
        fit = [entry for entry in self.asked if self.fits(entry)]
        files = {appraisal_path(self.year): self.written(path, APPRAISAL, self.opened)}
        if fit:
            files[due_list(self.year)] = self.written(due_path, DUE, self.fitting)
        kept = self.kept()
        files |= {rubric_path(own): self.tree.read(RUBRIC_PATH) for own in kept}
        return NewYear(
            year=self.year,
            source=self.source,
            files=files,
            start=self.later(appraisal.period.start, path),
            end=self.later(appraisal.period.end, path),
            entries=len(fit),
            left=[key for key in OWN if key in appraisal.node.entries],
            unfit=[named(entry) for entry in self.asked if entry not in fit],
            dated=[named(entry) for entry in fit if self.tells_year(entry)],
            kept=kept,
        )

    def read(self, path: str, shape: Shape[T]) -> T:
        """Return what a file holds; raises FaultyError where it has an error."""
        report = Report()
        value, _ = Reader(self.tree, report).load(path, shape, limits=COMMITTEE_LIMITS)
        faulty = any(found.severity is Severity.ERROR for found in report.findings)
        if value is None or faulty:
            raise FaultyError(path)
        return value

    def fits(self, entry: DueEntry) -> bool:
        """Whether the rubric of the new year has the kind that an entry asks for."""
        rubric = self.repository.rubric
        return rubric is None or entry.kind is None or entry.kind in rubric.document_kinds

    def tells_year(self, entry: DueEntry) -> bool:
        """Whether the words of an entry name the old year."""
        return f"{self.source}" in f"{entry.id} {entry.title}"

    def opened(self, values: object) -> object:
        """Return the values of appraisal.yml as the year begins."""
        return {**values, **RENEWED} if isinstance(values, dict) else values

    def fitting(self, values: object) -> object:
        """Return the entries of the due list that the new year's rubric has a kind for."""
        entries = zip(values if isinstance(values, list) else (), self.asked, strict=True)
        return [value for value, entry in entries if self.fits(entry)]

    def kept(self) -> list[int]:
        """Return the years without final results that have no rubric of their own."""
        repository = self.repository
        frozen = {*repository.frozen_years}
        without = [own for own in opened_years(repository) if own not in frozen]
        return [own for own in without if rubric_path(own) not in repository.entries]

    def written(
        self, path: str, shape: Shape[object], renewed: Callable[[object], object]
    ) -> bytes:
        """Return a file with its days later, and what else is renewed; raises FaultyError."""
        data = self.tree.read(path)
        node = parse(data, Report(), path, COMMITTEE_LIMITS)
        try:
            values = self.shifted(node, shape, Definition(shape), path)
            return edited(data, shape, renewed(values))
        except (UneditableError, UnwritableError):
            raise FaultyError(path) from None

    def shifted(self, node: Node | None, shape: OfAny, definition: Definition, path: str) -> object:
        """Return what a node holds as plain values, its days later; raises FaultyError."""
        if isinstance(node, Mapping):
            return {
                key: self.shifted(value, definition.at(shape, key), definition, path)
                for key, (_, value) in node.entries.items()
            }
        if isinstance(node, Sequence):
            inner = definition.entry(shape)
            return [self.shifted(item, inner, definition, path) for item in node.items]
        if not isinstance(node, Scalar) or node.is_null:
            return None
        day = parse_date(node.text) if isinstance(shape, DateShape) else None
        return node.text if day is None else self.later(day, path)

    def later(self, day: datetime.date, path: str) -> datetime.date:
        """Return the day in the new year; 29 February may become 28. Raises FaultyError."""
        year = day.year + self.year - self.source
        try:
            return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))
        except ValueError:
            raise FaultyError(path) from None


def due_list(year: int) -> str:
    """Return the path of a year's due list."""
    return f"{COMMITTEE}/{year}/{DUE_FILE}"


def named(entry: DueEntry) -> Named:
    """Return what an entry is called."""
    return Named(entry.id, entry.title or "")
