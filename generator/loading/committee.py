"""Loading of what the committee keeps: the rubric and the files of one year's appraisal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.files.paths import (
    ACCEPTED_FILE,
    APPEALS_FOLDER,
    CONSORTIA_PATH,
    DEBRIEF_FILE,
    DECISION_FILE,
    DUE_FILE,
    RECEIVED_FOLDER,
    REVIEWS_FOLDER,
    ROSTER_PATH,
    RUBRIC_PATH,
    TEAMS_FOLDER,
    VETOES_FOLDER,
    YAML,
    CommitteePath,
    after_path,
    appraisal_path,
    audit_path,
    committee_folder,
    received_path,
)
from generator.files.told import Awarded
from generator.formats.after import AFTER, AfterYear
from generator.formats.committee_files import (
    APPRAISAL,
    CONSORTIA,
    DEBRIEF,
    DECISION,
    DUE,
    REVIEW,
    ROSTER,
    SUPERVISION,
    Appraisal,
    Consortium,
    Debrief,
    DebriefEntry,
    Decision,
    DueEntry,
    Review,
    Roster,
    Supervision,
)
from generator.formats.kept import BRANCH_GROUPS, GROUPS
from generator.formats.nodes import COMMITTEE_LIMITS, Scalar, parse
from generator.formats.nodes import Mapping as Node
from generator.formats.received import (
    ACCEPTED,
    APPEALS,
    AUDIT,
    VETOES,
    AcceptedEntry,
    AppealEntry,
    Audit,
    VetoEntry,
)
from generator.formats.received import RECEIVED as RECEIVED_FILE
from generator.formats.shapes import INVALID, NUMBER, Context
from generator.rubric.document import RUBRIC, Rubric
from generator.rubric.measures import RECEIVED
from generator.rubric.whole import completed
from generator.text.findings import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.files.tree import Entry
    from generator.formats.nodes import Node as YamlNode
    from generator.formats.received import Received
    from generator.formats.shapes import Names, Shape, T
    from generator.loading.reader import Reader
    from generator.text.findings import Report


@dataclass(slots=True)
class CommitteeYear:
    """The committee's files of one year, except those about a single branch.

    ``files`` has, by folder of the year, the names of the files in it without their ending;
    ``appeals`` is branch → entries of its file. ``awarded`` are the points of criteria whose
    ballots are not shown. ``judged_in`` is the stage that it is judged by where that is not its
    own.
    """

    year: int
    files: Mapping[str, frozenset[str]]
    appraisal: Appraisal | None = None
    supervision: dict[str, Supervision] = field(default_factory=dict)
    debrief: Debrief | None = None
    decision: Decision | None = None
    due: tuple[DueEntry, ...] = ()
    accepted: tuple[AcceptedEntry, ...] = ()
    audit: Audit | None = None
    after: AfterYear | None = None
    appeals: dict[str, tuple[AppealEntry, ...]] = field(default_factory=dict)
    awarded: Mapping[str, Decimal] = field(default_factory=dict)
    judged_in: str = ""

    @property
    def stage(self) -> str:
        """Stage of the year; open where appraisal.yml does not say."""
        return self.judged_in or (self.appraisal.stage if self.appraisal else "open")

    @property
    def folder(self) -> str:
        """Path of the year's folder."""
        return committee_folder(self.year)

    @property
    def branches(self) -> frozenset[str]:
        """Names of branches, there or not, that have a file of their own."""
        return frozenset[str]().union(*(self.files[group] for group in BRANCH_GROUPS))


def load_rubric(reader: Reader, path: str = RUBRIC_PATH) -> Rubric | None:
    """Return the rubric, as far as it can be read; None if its text cannot be parsed."""
    data = reader.tree.read(path)
    before = reader.report.count
    node = parse(data, reader.report, path, COMMITTEE_LIMITS)
    if node is None or any(f.severity == "error" for f in reader.report.findings[before:]):
        return None
    value = read_rubric(node, path, reader.report)
    if value is None:
        return None
    return replace(
        value,
        sha256=hashlib.sha256(data).hexdigest(),
        asks_received=RECEIVED.encode() in data,
    )


def read_rubric(node: YamlNode, path: str, report: Report) -> Rubric | None:
    """Return the rubric of a parsed file, without its digest; None if the file is no mapping."""
    place = Place(path, node.line, node.column)
    value = RUBRIC.read(node, place, Context(report, _places(node)))
    return None if value is INVALID else completed(value)


def _places(node: object) -> int | None:
    """Return the places that the rubric gives to points, before it is read as a whole."""
    rounding = node.entries.get("rounding") if isinstance(node, Node) else None
    if rounding and isinstance(rounding[1], Node):
        places = rounding[1].entries.get("places")
        if places and isinstance(places[1], Scalar) and NUMBER.fullmatch(places[1].text):
            return int(Decimal(places[1].text))
    return None


def load_roster(reader: Reader, entries: Mapping[str, Entry]) -> Roster | None:
    """Return the accounts of the committee; None where none are listed."""
    entry = entries.get(ROSTER_PATH)
    if entry is None or not entry.is_file:
        return None
    value, _ = reader.load(ROSTER_PATH, ROSTER)
    return value


def load_consortia(reader: Reader, entries: Mapping[str, Entry]) -> dict[str, Consortium]:
    """Return the consortia by id."""
    path = CONSORTIA_PATH
    if path not in entries or not entries[path].is_file:
        return {}
    value, _ = reader.load(path, CONSORTIA, limits=COMMITTEE_LIMITS)
    return {item.id: item for item in value or () if item.valid}


def names_of(rubric: Rubric | None, consortia: Mapping[str, Consortium]) -> Names:
    """Return the ids that a title in a file may stand for, by what they are ids of."""
    own = {name: item.title for name, item in consortia.items()}
    return {**(rubric.names if rubric else {}), "consortia": own}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the committee keeps of one branch for one year.

    ``accept_claims`` is why it takes over what branches claim; empty where it does not.
    ``awarded`` are the points of criteria whose ballots are not shown.
    """

    review: Review | None = None
    vetoes: tuple[VetoEntry, ...] = ()
    debrief: DebriefEntry | None = None
    accept_claims: str = ""
    awarded: Mapping[str, Decimal] = field(default_factory=dict)


def load_year(
    reader: Reader, year: int, entries: Mapping[str, Entry], places: int | None
) -> CommitteeYear:
    """Read the committee's files of a year that concern all branches."""
    result = CommitteeYear(year, grouped(year, entries))
    folder = result.folder

    def read(name: str, shape: Shape[T]) -> T | None:
        path = f"{folder}/{name}"
        if path not in entries or not entries[path].is_file:
            return None
        value, _ = reader.load(path, shape, places=places, limits=COMMITTEE_LIMITS)
        return value

    result.appraisal = load_appraisal(reader, year, entries)
    result.debrief = read(DEBRIEF_FILE, DEBRIEF)
    ballots = entries.get(f"{folder}/{DEBRIEF_FILE}")
    if ballots is not None and isinstance(ballots.told, Awarded):
        result.awarded = ballots.told.points
    result.decision = read(DECISION_FILE, DECISION)
    result.due = read(DUE_FILE, DUE) or ()
    result.accepted = read(ACCEPTED_FILE, ACCEPTED) or ()
    result.audit = load_audit(reader, year, entries)
    result.after = load_after(reader, year, entries)
    for team in sorted(result.files[TEAMS_FOLDER]):
        opinion = read(f"{TEAMS_FOLDER}/{team}.yml", SUPERVISION)
        if opinion is not None:
            result.supervision[team] = opinion
    for branch in sorted(result.files[APPEALS_FOLDER]):
        with reader.report.about(branch, year):
            result.appeals[branch] = tuple(read(f"{APPEALS_FOLDER}/{branch}{YAML}", APPEALS) or ())
    return result


def load_appraisal(reader: Reader, year: int, entries: Mapping[str, Entry]) -> Appraisal | None:
    """Read a year's appraisal.yml alone; None if it is missing or cannot be read."""
    path = appraisal_path(year)
    if path not in entries or not entries[path].is_file:
        return None
    value, _ = reader.load(path, APPRAISAL, limits=COMMITTEE_LIMITS)
    return value


def load_audit(reader: Reader, year: int, entries: Mapping[str, Entry]) -> Audit | None:
    """Read a year's audit.yml alone; None if it is missing or cannot be read."""
    path = audit_path(year)
    if path not in entries or not entries[path].is_file:
        return None
    value, _ = reader.load(path, AUDIT, limits=COMMITTEE_LIMITS)
    return value


def load_after(reader: Reader, year: int, entries: Mapping[str, Entry]) -> AfterYear | None:
    """Read what came after the results of a year; None where nothing is written."""
    path = after_path(year)
    if path not in entries or not entries[path].is_file:
        return None
    value, _ = reader.load(path, AFTER, limits=COMMITTEE_LIMITS)
    return value


def grouped(year: int, entries: Mapping[str, Entry]) -> dict[str, frozenset[str]]:
    """Return folder of a year → names of the files in it, without their ending."""
    found: dict[str, set[str]] = {group: set() for group in GROUPS}
    for path, entry in entries.items():
        own = CommitteePath.of(path)
        if own is None or own.group not in found or own.year != year:
            continue
        if path.endswith(YAML) and entry.is_file:
            found[own.group].add(own.stem)
    return {group: frozenset(names) for group, names in found.items()}


def load_verdicts(
    reader: Reader, committee: CommitteeYear, branch: str, places: int | None
) -> Verdicts:
    """Read what the committee keeps of one branch; findings go to the reader's report."""
    review: Review | None = None
    vetoes: tuple[VetoEntry, ...] | None = None
    if branch in committee.files[REVIEWS_FOLDER]:
        path = f"{committee.folder}/{REVIEWS_FOLDER}/{branch}{YAML}"
        review, _ = reader.load(path, REVIEW, places=places, limits=COMMITTEE_LIMITS)
    if branch in committee.files[VETOES_FOLDER]:
        path = f"{committee.folder}/{VETOES_FOLDER}/{branch}{YAML}"
        vetoes, _ = reader.load(path, VETOES, places=places, limits=COMMITTEE_LIMITS)
    ballots = committee.debrief.branches.get(branch) if committee.debrief else None
    return Verdicts(
        review,
        vetoes or (),
        ballots if ballots is not None and ballots.valid else None,
        (committee.decision.accept_claims or "") if committee.decision else "",
        committee.awarded,
    )


def load_received(reader: Reader, committee: CommitteeYear, branch: str) -> tuple[Received, ...]:
    """Read the days of receipt that the committee wrote down of a branch: those that are sound."""
    if branch not in committee.files[RECEIVED_FOLDER]:
        return ()
    path = received_path(branch, committee.year)
    found, _ = reader.load(path, RECEIVED_FILE, limits=COMMITTEE_LIMITS)
    return tuple(entry for entry in found or () if entry.valid)


def years_of(entries: Iterable[str]) -> list[int]:
    """Return the years that the committee opened."""
    paths = filter(None, map(CommitteePath.of, entries))
    return sorted({p.year for p in paths if p.year is not None and len(p.names) > 1})
