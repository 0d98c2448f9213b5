"""Shapes: one definition of a value reads it, words its faults and writes its JSON Schema.

A shape reads a node by the type that is expected, never by YAML's guess. Quoting does not
change a type, but a quoted ``null`` is text. ``INVALID`` is what a shape returns after it
has reported why; absence is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

# Any: JSON Schema is a dict of whatever JSON holds.
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_absent
from generator.formats.separators import HALF_WIDTH, full_width, is_joined, report_joined
from generator.text.messages import Message, Value, listed, say
from generator.text.names import SHORT, visible
from generator.text.unknown import report_unknown

if TYPE_CHECKING:
    from generator.text.findings import Place, Report

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.([0-9]{1,6}))?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID = 40


class Invalid(Enum):
    """What a shape returns for a value that it has reported."""

    INVALID = "invalid"


INVALID: Final = Invalid.INVALID

#: A JSON Schema, or a part of one.
Schema = dict[str, Any]
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Context:
    """What reading needs besides the node: where findings go and how many places points have."""

    report: Report
    places: int | None = None


class Shape(Generic[T_co]):
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

    def schema(self) -> Schema:
        """Return the JSON Schema (2020-12) of the value."""
        raise NotImplementedError

    def expected(self) -> Value:
        """Say in the user's language what is due here."""
        raise NotImplementedError

    def refuse(self, node: Node, place: Place, context: Context) -> Invalid:
        """Report S003: what was found and what is due."""
        context.report.add(
            "S003",
            place,
            "{found}：应为{expected}",
            hint=HALF_WIDTH if full_width(node) else None,
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


class TextShape(Shape[str]):
    """Any text on one or more lines, not blank."""

    def __init__(self, pattern: str | None = None, wanted: str = "") -> None:
        self.pattern = re.compile(pattern) if pattern else None
        self.wanted = wanted

    def take(self, node: Node, context: Context) -> str | Invalid:
        """Return the text without surrounding white space."""
        del context
        if not isinstance(node, Scalar):
            return INVALID
        text = node.text.strip()
        return text if self.pattern is None or self.pattern.fullmatch(text) else INVALID

    def schema(self) -> Schema:
        """Return a string schema."""
        if self.pattern:
            return {"type": "string", "pattern": f"^(?:{self.pattern.pattern})$"}
        return {"type": "string", "minLength": 1}

    def expected(self) -> Value:
        """Say what text is due."""
        return say(self.wanted) if self.wanted else say("一段文字")


class NumberShape(Shape[Decimal]):
    """A decimal written in ASCII digits; with ``points`` at most the rubric's places."""

    def __init__(self, *, points: bool = False, negative: bool = False) -> None:
        self.points = points
        self.negative = negative

    def take(self, node: Node, context: Context) -> Decimal | Invalid:
        """Return a Decimal, exactly as written."""
        match = NUMBER.fullmatch(node.text) if isinstance(node, Scalar) else None
        return INVALID if match is None or self._fault(match, context) else Decimal(match.group())

    def _fault(self, match: re.Match[str], context: Context) -> str:
        """Return what is wrong with a number: ``sign``, ``places`` or nothing."""
        text = match.group()
        if text.startswith("-") and (not self.negative or Decimal(text) == 0):
            return "sign"
        decimals, places = match.group(1), context.places
        too_fine = self.points and decimals and places is not None and len(decimals) > places
        return "places" if too_fine else ""

    def refuse(self, node: Node, place: Place, context: Context) -> Invalid:
        """Report S003: no number, a sign that may not be, or more places than the rubric has."""
        text = node.text if isinstance(node, Scalar) else ""
        match = NUMBER.fullmatch(text)
        if match is not None and self._fault(match, context) == "places":
            context.report.add(
                "S003", place, "“{text}”的小数超过 {places} 位", text=text, places=context.places
            )
            return INVALID
        hint = None
        if any(c.isnumeric() and not c.isascii() for c in text) or "．" in text:
            hint = "请用半角数字，例如 4.5"
        elif full_width(node):
            hint = HALF_WIDTH
        context.report.add(
            "S003",
            place,
            "{found}：应为{expected}",
            hint=hint,
            found=describe(node),
            expected=self.expected(),
            mark=full_width(node),
        )
        return INVALID

    def schema(self) -> Schema:
        """Return a number schema."""
        return {"type": "number"} if self.negative else {"type": "number", "minimum": 0}

    def expected(self) -> Value:
        """Say what number is due."""
        return say("数字，例如 4.5")


class CountShape(Shape[int]):
    """A whole number from 0."""

    def take(self, node: Node, context: Context) -> int | Invalid:
        """Return an int."""
        del context
        if isinstance(node, Scalar):
            match = NUMBER.fullmatch(node.text)
            if match and not match.group(1) and not node.text.startswith("-"):
                return int(node.text)
        return INVALID

    def schema(self) -> Schema:
        """Return an integer schema."""
        return {"type": "integer", "minimum": 0}

    def expected(self) -> Value:
        """Say what count is due."""
        return say("整数，例如 12")


class BooleanShape(Shape[bool]):
    """``true`` or ``false`` alone."""

    def take(self, node: Node, context: Context) -> bool | Invalid:
        """Return a bool."""
        del context
        if isinstance(node, Scalar) and node.text in {"true", "false"}:
            return node.text == "true"
        return INVALID

    def schema(self) -> Schema:
        """Return a boolean schema."""
        return {"type": "boolean"}

    def expected(self) -> Value:
        """Say what is due."""
        return say("“true”或“false”")


class DateShape(Shape[date]):
    """A calendar day written yyyy-mm-dd."""

    def take(self, node: Node, context: Context) -> date | Invalid:
        """Return a datetime.date."""
        del context
        day = parse_date(node.text) if isinstance(node, Scalar) else None
        return INVALID if day is None else day

    def schema(self) -> Schema:
        """Return a date schema."""
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

    def expected(self) -> Value:
        """Say what is due."""
        return say("真实的日期，写作 2025-03-12")


def parse_date(text: str) -> date | None:
    """Return the day that ``text`` names as yyyy-mm-dd in ASCII digits, or None."""
    if not DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class ChoiceShape(Shape[str]):
    """One of a fixed set of words, each with its title."""

    def __init__(self, choices: dict[str, str]) -> None:
        self.choices = choices

    def take(self, node: Node, context: Context) -> str | Invalid:
        """Return the word chosen."""
        del context
        return node.text if isinstance(node, Scalar) and node.text in self.choices else INVALID

    def read(self, node: Node, place: Place, context: Context) -> str | Invalid:
        """Return the word chosen; report S005 for another one."""
        if not isinstance(node, Scalar) or node.text in self.choices:
            return super().read(node, place, context)
        words = "“{value}”不在可选值之内：{known}{nearest}"
        report_unknown(context.report, "S005", place, node.text, self.choices, words)
        return INVALID

    def schema(self) -> Schema:
        """Return one constant a choice, with its title."""
        return {"oneOf": [{"const": k, "title": say(v)} for k, v in self.choices.items()]}

    def expected(self) -> Value:
        """List the choices."""
        return listed(self.choices)


class ListShape(Shape[tuple[T, ...]]):
    """A list of values of one shape; entries at fault are reported and left out."""

    def __init__(self, item: Shape[T]) -> None:
        self.item = item
        self.free = isinstance(item, TextShape) and item.pattern is None

    def take(self, node: Node, context: Context) -> tuple[T, ...] | Invalid:
        """Return a tuple of the entries, where nothing is wrong with any."""
        if not isinstance(node, Sequence):
            return INVALID
        values = []
        for item in node.items:
            value = INVALID if is_absent(item) else self.item.take(item, context)
            if value is INVALID or (self.free and is_joined(item)):
                return INVALID
            values.append(value)
        return tuple(values)

    def read(self, node: Node, place: Place, context: Context) -> tuple[T, ...] | Invalid:
        """Return a tuple of the entries that could be read."""
        if not isinstance(node, Sequence):
            if isinstance(node, Scalar) and is_joined(node):
                report_joined(context.report, place, node)
                return INVALID
            return self.refuse(node, place, context)
        values = []
        for index, item in enumerate(node.items):
            at = place.child(index, item.line, item.column)
            if isinstance(item, Scalar) and is_joined(item):
                value = self.item.take(item, context)
                if value is INVALID or self.free:
                    report_joined(context.report, at, item, sure=not self.free)
            else:
                reader = self.item.refuse if is_absent(item) else self.item.read
                value = reader(item, at, context)
            if value is not INVALID:
                values.append(value)
        return tuple(values)

    def schema(self) -> Schema:
        """Return an array schema."""
        return {"type": "array", "items": self.item.schema()}

    def expected(self) -> Value:
        """Say what is due."""
        return say("列表，每项为{item}", item=self.item.expected())


class MapShape(Shape[dict[str, T]]):
    """Keys of one pattern to values of one shape; entries at fault are reported and left out."""

    def __init__(self, value: Shape[T], key: re.Pattern[str] = IDENTIFIER) -> None:
        self.value = value
        self.key = key

    def read(self, node: Node, place: Place, context: Context) -> dict[str, T] | Invalid:
        """Return a dict of the entries that could be read, in the order of the file."""
        if not isinstance(node, Mapping):
            return self.refuse(node, place, context)
        values: dict[str, T] = {}
        for key, (position, value_node) in node.entries.items():
            at = place.child(key, value_node.line, value_node.column)
            if not self.key.fullmatch(key):
                context.report.add(
                    "S003",
                    place.child(key, *position),
                    "“{key}”不是合法的编号：只用小写字母、数字和短横线",
                    key=visible(key, SHORT),
                )
                continue
            if is_absent(value_node) and not self.value.takes_null:
                context.report.add("S001", at, "“{key}”后面缺少内容", key=visible(key, SHORT))
                continue
            value = self.value.read(value_node, at, context)
            if value is not INVALID:
                values[key] = value
        return values

    def schema(self) -> Schema:
        """Return an object schema."""
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^(?:{self.key.pattern})$"},
            "additionalProperties": self.value.schema(),
        }

    def expected(self) -> Value:
        """Say what is due."""
        return say("一组键和值")


text = TextShape()
identifier = TextShape(rf"(?=.{{1,{MAX_ID}}}$){IDENTIFIER.pattern}", "编号：小写字母、数字、短横线")
points = NumberShape(points=True)
signed_points = NumberShape(points=True, negative=True)
number = NumberShape(negative=True)
count = CountShape()
boolean = BooleanShape()
day = DateShape()
