"""A rubric with faults is kept whole: what is at fault is pending, what is named is known.

A criterion, section or rule with a finding of family B or S keeps its place, id and points. So
totals and bounds are those of the whole, and nobody else is told that an id does not exist.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping, Node, Scalar, Sequence
from generator.formats.shapes import IDENTIFIER
from generator.rubric.document import DocumentKind
from generator.rubric.levels import Level
from generator.text.findings import Severity, escape_pointer
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.formats.records import Record
    from generator.rubric.document import Bonus, Criterion, Rubric, Section
    from generator.text.findings import Finding
    from generator.text.privacy import Printable

#: Families of findings that say that the rubric itself cannot be.
FAMILIES = ("B", "S")
#: Keys of a measure or method that name a kind of record.
COUNTED = frozenset({"count", "of"})


def completed(rubric: Rubric) -> Rubric:
    """Return a rubric that knows every kind, type and level that its file names."""
    empty = Mapping(rubric.node.line, rubric.node.column, {})
    unread = DocumentKind(place=rubric.place, node=empty, valid=False)
    kinds = dict(rubric.document_kinds)
    for name in names_in(rubric, "document_kinds"):
        kinds.setdefault(name, unread)
    return replace(
        rubric,
        document_kinds=kinds,
        branch_kinds={n: masked(n) for n in names_in(rubric, "branch_kinds")} | rubric.branch_kinds,
        activity_types={n: masked(n) for n in names_in(rubric, "activity_types")}
        | rubric.activity_types,
        ballot=dict.fromkeys(names_in(rubric, "ballot"), Level(Decimal(0))) | rubric.ballot,
    )


def names_in(rubric: Rubric, key: str) -> list[str]:
    """Return the ids that stand as keys in a part of the file."""
    entry = rubric.node.entries.get(key)
    node = entry[1] if entry else None
    names = node.entries if isinstance(node, Mapping) else ()
    return [name for name in names if IDENTIFIER.fullmatch(name)]


def marked(rubric: Rubric, findings: Iterable[Finding]) -> Rubric:
    """Return a rubric whose faulty parts, and what rests on them, are not valid."""
    faults = Faults(rubric, findings)
    if not faults.pointers:
        return rubric
    return replace(
        rubric,
        valid=False,
        sections=tuple(faults.section(section) for section in rubric.sections),
        bonus=None if rubric.bonus is None else faults.bonus(rubric.bonus),
    )


class Faults:
    """Where a rubric is at fault, by JSON pointers into its file."""

    def __init__(self, rubric: Rubric, findings: Iterable[Finding]) -> None:
        self.pointers = {
            finding.pointer
            for finding in findings
            if finding.path == rubric.place.path
            and finding.severity is Severity.ERROR
            and finding.code.startswith(FAMILIES)
        }
        self.kinds = {
            name
            for name in rubric.document_kinds
            if self.below(f"/document_kinds/{escape_pointer(name)}")
        }
        self.ballot = self.below("/ballot")
        self.rounding = self.below("/rounding")

    def below(self, pointer: str, *but: str) -> bool:
        """Whether there is a fault at a pointer or below it, except below some of its keys."""
        found = (own for own in self.pointers if own == pointer or own.startswith(f"{pointer}/"))
        return any(not own.startswith(tuple(f"{pointer}/{key}/" for key in but)) for own in found)

    def section(self, section: Section) -> Section:
        """Return a section with its faults."""
        own = self.rounding or self.below(section.place.pointer, "criteria")
        criteria = tuple(
            replace(criterion, valid=False) if own or self.criterion(criterion) else criterion
            for criterion in section.criteria
        )
        return replace(section, criteria=criteria, valid=not own)

    def criterion(self, criterion: Criterion) -> bool:
        """Whether a criterion, or what it counts, is at fault."""
        if self.below(criterion.place.pointer):
            return True
        if self.ballot and criterion.takes_ballots:
            return True
        return bool(self.kinds) and not self.kinds.isdisjoint(counted(criterion.node))

    def bonus(self, bonus: Bonus) -> Bonus:
        """Return the bonus with its faults: without its cap no claim can be counted."""
        own = self.below("/bonus", "rules")
        rules = tuple(
            replace(rule, valid=not own and not self.below(rule.place.pointer))
            for rule in bonus.rules
        )
        return replace(bonus, rules=rules)


def counted(node: Node) -> Iterator[str]:
    """Yield the kinds of record that are counted anywhere below a node."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from counted(item)
    elif isinstance(node, Mapping):
        for key, (_, value) in node.entries.items():
            if key in COUNTED and isinstance(value, Scalar):
                yield value.text
            yield from counted(value)


def told(record: Record, key: str, value: object) -> bool:
    """Whether a number of a record is what stands in the file, not what stands in for it."""
    entry = record.node.entries.get(key)
    return entry is not None and isinstance(entry[1], Scalar) and entry[1].text == f"{value}"


def named(rubric: Rubric, key: str) -> dict[str, Printable]:
    """Return the names that a file has under a key, each as its own title."""
    return {name: masked(name) for name in names_in(rubric, key)}
