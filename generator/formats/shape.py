"""What every shape shares: the context of reading, and how a value that cannot be read is told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from enum import Enum

# Any: JSON Schema is a dict of whatever JSON holds.
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_absent
from generator.formats.slips.separators import HALF_WIDTH, full_width
from generator.formats.slips.spaces import report_spaced
from generator.text.messages import Message, Value, Words, say
from generator.text.names import SHORT, visible
from generator.text.remedies import LONG, write

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.text.findings import Place, Report


class Invalid(Enum):
    """What a shape returns for a value that it has reported."""

    INVALID = "invalid"


INVALID: Final = Invalid.INVALID

#: A JSON Schema, or a part of one.
Schema = dict[str, Any]
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
#: Name of a list of ids (``criteria``, ``consortia``…) → id → its title.
Names = MappingType[str, MappingType[str, Words]]
NO_NAMES: Names = {}
#: So many values of a file get a proposal of what to write: more than are listed.
PROPOSED = 100


@dataclass(slots=True)
class Budget:
    """How many more values of a file get a proposal, and which keys of the top stand elsewhere."""

    left: int = PROPOSED
    astray: set[str] = field(default_factory=set)

    def take(self) -> bool:
        """Whether there is one left, and take it."""
        self.left -= 1
        return self.left >= 0


@dataclass(frozen=True, slots=True)
class Context:
    """What reading needs besides the node: where findings go, how many places points have.

    ``names`` are the ids that a title may stand for; ``root`` is the shape of the whole file;
    ``held`` are keys, as JSON pointers, that are there and not shown: they are not missed.
    """

    report: Report
    places: int | None = None
    names: Names = field(default_factory=dict)
    root: Shape[object] | None = None
    budget: Budget = field(default_factory=Budget)
    held: Collection[str] = ()


class Shape(ABC, Generic[T_co]):
    """Reads one kind of value, a ``T_co``; ``expected`` words what is due.

    ``take`` is the way of nearly all values: it needs no place, since it reports nothing.
    ``takes_null`` says that absence is a value like any other.
    """

    takes_null = False

    def take(self, node: Node, context: Context) -> T_co | Invalid:
        """Return the value of ``node``, or INVALID where only ``read`` can tell."""
        del node, context
        return INVALID

    def read(self, node: Node, place: Place, context: Context) -> T_co | Invalid:
        """Return the value of ``node``, or INVALID after a finding."""
        value = self.take(node, context)
        return self.refuse(node, place, context) if value is INVALID else value

    @abstractmethod
    def schema(self) -> Schema:
        """Return the JSON Schema (2020-12) of the value."""

    @abstractmethod
    def expected(self) -> Value:
        """Say in the user's language what is due here."""

    def below(self) -> MappingType[str, Shape[object]]:
        """Return key → shape of what stands below; ``*`` for any key, empty for an entry."""
        return {}

    def meant(self, text: str, context: Context) -> str:
        """Return what ``text`` was meant to be, as it is to be written; or nothing."""
        del text, context
        return ""

    def proposal(self, node: Node, context: Context) -> Message | None:
        """Return the hint to write what a value was meant to be, where that can be read."""
        if not isinstance(node, Scalar) or len(node.text) > LONG or not context.budget.take():
            return None
        text = self.meant(node.text, context)
        if not text or text == node.text or (not node.plain and text[0] in "[{"):
            return None
        return write(node.text, text)

    def help(self, node: Node, context: Context) -> str | Message | None:
        """Return the hint of a value that is refused; None: the hint of its code."""
        return self.proposal(node, context) or (HALF_WIDTH if full_width(node) else None)

    def refuse(self, node: Node, place: Place, context: Context) -> Invalid:
        """Report S003: what was found and what is due."""
        plain = node.text if isinstance(node, Scalar) and node.plain else ""
        if report_spaced(context.report, place, plain):
            return INVALID
        context.report.add(
            "S003",
            place,
            "{found}：应为{expected}",
            hint=self.help(node, context),
            found=describe(node),
            expected=self.expected(),
            mark=full_width(node),
        )
        return INVALID


def describe(node: Node) -> Message:
    """Name what a node holds, for a message."""
    if isinstance(node, Mapping):
        return say("这里是一组键和值")
    if isinstance(node, Sequence):
        return say("这里是一个列表")
    if isinstance(node, Scalar) and not is_absent(node):
        return say("“{text}”不合要求", text=visible(node.text, SHORT))
    return say("这里是空的")
