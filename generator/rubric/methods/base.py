"""What every scoring method shares: facts in, an exact award with its reason out.

A method never takes claimed points. Points are exact fractions until the caller rounds them.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from generator.formats.records import Record
from generator.text.language import mark
from generator.text.messages import Words, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as MappingType
    from decimal import Decimal
    from fractions import Fraction

    from generator.formats.committee_files import DebriefEntry
    from generator.rubric.asked import Asked
    from generator.rubric.measures import FactRecord
    from generator.rubric.vocabulary import Vocabulary
    from generator.text.unknown import Known


class Award(NamedTuple):
    """What a method gives: exact points or None where it cannot tell, why, and on which records."""

    points: Fraction | None
    reason: Words
    records: tuple[FactRecord, ...] = ()
    parts: tuple[PartAward, ...] = ()


class PartAward(NamedTuple):
    """What one part of a criterion gives, out of ``maximum`` points."""

    id: str
    title: str
    maximum: Decimal
    question: str | None
    award: Award


class Problem(NamedTuple):
    """A parameter at fault: finding code, key below the method, message and its values.

    The key is a path of keys and indexes, ``@`` at its end for a key itself. ``known`` are the
    names that may stand in place of ``values["value"]``.
    """

    code: str
    key: str
    message: str
    values: dict[str, object]
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a method may look at: the branch's kind, its records that count, its ballots.

    ``records`` are held by their kind, in order of their paths; ``asked`` is what was asked of the
    branch, in the order of the due list.
    """

    kind: str | None
    records: MappingType[str, tuple[FactRecord, ...]]
    debrief: DebriefEntry | None
    vocabulary: Vocabulary
    asked: tuple[Asked, ...] = ()

    def asked_for(self, kind: str) -> tuple[Asked, ...]:
        """Return what was asked of the branch that documents of a kind answer."""
        return tuple(entry for entry in self.asked if entry.kind == kind)

    def of(self, kind: str) -> tuple[FactRecord, ...]:
        """Return the records of one kind."""
        return self.records.get(kind, ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Method(Record):
    """Base of all methods; subclasses register themselves by ``name``."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    computed: ClassVar[bool] = True
    reads_records: ClassVar[bool] = True

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of the records that are counted: ``activity``, or kinds of documents."""
        return frozenset()

    @abstractmethod
    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Return the exact points out of ``maximum``, with the reason in words."""

    def problems(self, maximum: Decimal | None, vocabulary: Vocabulary) -> Iterator[Problem]:
        """Yield parameters that cannot be (B004, B005)."""
        del maximum, vocabulary
        return iter(())


#: Why nobody can tell the day of receipt.
NO_HISTORY = mark("没有版本记录，无法判断收到日期")


def no_history() -> Award:
    """Return the award for a day of receipt that no history tells."""
    return Award(None, say(NO_HISTORY))


METHODS: dict[str, type[Method]] = {}


def method(cls: type[Method]) -> type[Method]:
    """Register a scoring method under its name."""
    METHODS[cls.name] = cls
    return cls


@method
@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement(Method):
    """What the committee verifies, before that the claim."""

    name: ClassVar[str] = "judgement"
    title: ClassVar[str] = mark("评议")
    computed: ClassVar[bool] = False

    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Give nothing: a person judges."""
        del maximum, facts
        return Award(None, say("由党委评议核定"))
