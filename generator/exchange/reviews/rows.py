"""What rows of both sheets share: whose they are, their stamp, whether a decision can be taken."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from generator.exchange.plan import Item, Plan, RowReader, differences, told_twice
from generator.exchange.values import Titles, chosen_of, count_of, text_of
from generator.text.language import mark
from generator.text.messages import Words, say
from generator.text.unknown import entitled

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from generator.checks import BranchContext
    from generator.exchange.table import Column, Table
    from generator.formats.writing import Entries
    from generator.rubric.document import BonusRule

STATE, SEEN = 8, 16

NO_STAMP = mark("这一行没有印记，不知道核定时看到的是什么：请从新导出的表里复制整行")
OTHER_YEAR = mark("这是 {other} 年的表，现在导入的是 {year} 年")
STALE = mark(
    "导出以后，这一项的自评或材料改过（C002），或者这一行的编号改过：请重新导出，看过再核定"
)
DECIDED = mark("导出以后，这一项已由别人核定为{verdict}：请重新导出，核对后再改")


@dataclass(frozen=True, slots=True)
class Known:
    """What is there: the year, criteria and bonus rules of its rubric, branches, what each filed.

    ``context`` gives None for a branch that there is not, ``data`` the bytes of a file.
    """

    year: int
    places: int
    criteria: Mapping[str, Words]
    rules: Mapping[str, BonusRule]
    branches: Titles
    context: Callable[[str], BranchContext | None]
    data: Callable[[str], bytes]
    today: datetime.date


class Decision(Protocol):
    """A decision as a row has it: a named tuple."""

    @property
    def state(self) -> str:
        """What tells one decision from another."""

    @property
    def verdict(self) -> Words:
        """The decision in words."""

    def _asdict(self) -> dict[str, object]: ...


def one_line(text: str | None) -> str:
    """Return a text as cells keep it: white space around and within it counts for one space."""
    return " ".join((text or "").split())


def state_of(*said: str | None) -> str:
    """Return what tells one decision from another: 8 hex digits, of none as well."""
    text = "\0".join(map(one_line, said))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:STATE]


#: The state of no decision.
NONE = state_of("", "", "", "")


def stamp_of(decision: Decision, branch: str, name: str, seen: str) -> str:
    """Return what a row carries: the decision's state, and what was seen, of whom and about what.

    A row whose stamp came to stand beside another branch, as when some columns were sorted and
    others not, decides nothing, even where both filed the same.
    """
    told = f"{branch}\0{name}\0{seen}".encode("utf-8", "surrogatepass")
    return f"{decision.state}-{hashlib.sha256(told).hexdigest()[:SEEN]}"


class Filled(NamedTuple):
    """A row that was read: whose it is, what it is about, and what is decided."""

    branch: str
    name: str
    decision: Decision
    stamp: str
    reader: RowReader


class Subject(NamedTuple):
    """What a decision is about: what it is called, its fingerprint, the decision that stands."""

    title: Words
    seen: str
    before: Decision


class Sort(ABC):
    """A sort of row: those on criteria, those on bonus claims."""

    #: Keys of reviews/<id>.yml and of the column that names what a row is about.
    group: ClassVar[str]
    key: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    #: Columns without which nothing is decided, and the one at which a decision is told of.
    deciding: ClassVar[tuple[str, ...]]
    told_at: ClassVar[str]
    titles: ClassVar[Mapping[str, Words]]
    #: What a row is told that is about nothing which the branch has.
    nothing: ClassVar[str]

    def __init__(self, known: Known) -> None:
        self.known = known

    @abstractmethod
    def named(self, reader: RowReader) -> str | None:
        """Return the id of what a row is about; tells of one that there is not."""

    @abstractmethod
    def read(self, reader: RowReader) -> Decision:
        """Return the decision of a row."""

    @abstractmethod
    def subject(self, context: BranchContext, name: str) -> Subject | None:
        """Return what a branch has of this name; None for nothing."""

    @abstractmethod
    def check(self, row: Filled, context: BranchContext) -> None:
        """Tell of a decision that cannot be."""

    @abstractmethod
    def entry(self, row: Filled, seen: str) -> Entries:
        """Return the entry of a decision."""

    @abstractmethod
    def names(self, row: Filled) -> Mapping[str, Mapping[str, Words]]:
        """Return key → titles of the ids that a decision holds."""


@dataclass(slots=True)
class Read:
    """The rows of one sort that somebody filled, by branch."""

    sort: Sort
    branches: dict[str, list[Filled]] = field(default_factory=dict)


def read_table(table: Table, sort: Sort, plan: Plan) -> Read:
    """Return the rows of a table on which something is decided."""
    filled = [row for row in table.rows if any(map(row.has, sort.deciding))]
    plan.empty += len(table.rows) - len(filled)
    rows = [own for row in filled if (own := read_row(RowReader(row, plan), plan, sort))]
    told_twice((f"{own.branch}/{own.name}", own.reader, sort.key) for own in rows)
    found = Read(sort)
    for own in rows:
        found.branches.setdefault(own.branch, []).append(own)
    return found


def read_row(reader: RowReader, plan: Plan, sort: Sort) -> Filled | None:
    """Read a row that somebody filled; None where it is as it left, or cannot be read."""
    known = sort.known
    year = reader.take("year", count_of)
    if year is not None and year != known.year:
        reader.fail("year", OTHER_YEAR, other=f"{year}", year=f"{known.year}")
        return None
    branch = reader.take("id", lambda cell: chosen_of(text_of(cell), known.branches))
    name = sort.named(reader)
    stamp = (reader.take("stamp", text_of) or "").strip()
    state, _, seen = stamp.partition("-")
    if not reader.clean or not branch or not name:
        return None
    if len(state) != STATE or len(seen) != SEEN:
        reader.fail("stamp", NO_STAMP)
        return None
    decision = sort.read(reader)
    if not reader.clean:
        return None
    if decision.state == state:
        plan.same += 1
        return None
    return Filled(branch, name, decision, stamp, reader)


def taken(row: Filled, context: BranchContext | None, sort: Sort, plan: Plan) -> Entries | None:
    """Return the entry of a row whose decision is new; None of one left out, which is told."""
    reader, decision = row.reader, row.decision
    subject = sort.subject(context, row.name) if context is not None else None
    if context is None or subject is None:
        reader.fail(sort.key, sort.nothing)
        return None
    before = subject.before
    if before.state == decision.state:
        plan.same += 1
        return None
    if row.stamp != stamp_of(before, row.branch, row.name, subject.seen):
        if before.state != row.stamp[:STATE]:
            reader.fail(sort.told_at, DECIDED, verdict=before.verdict)
        else:
            reader.fail(sort.told_at, STALE)
        return None
    sort.check(row, context)
    if not reader.clean:
        return None
    plan.items.append(item_of(row, subject, sort))
    return sort.entry(row, subject.seen)


def item_of(row: Filled, subject: Subject, sort: Sort) -> Item:
    """Return what is told of a decision that is taken over."""
    branch = entitled(row.branch, sort.known.branches)
    name = say("{branch} {criterion}", branch=branch, criterion=subject.title)
    before, after = subject.before._asdict(), row.decision._asdict()
    found = differences(before, after, sort.titles, sort.names(row))
    return Item(name, new=subject.before.state == NONE, differences=found)
