"""Shapes: one definition of a value reads it, words its faults and writes its JSON Schema.

A shape reads a node by the type that is expected, never by YAML's guess. Quoting does not
change a type, but a quoted ``null`` is text. ``INVALID`` is what a shape returns after it
has reported why; absence is None.
"""

from __future__ import annotations

import re

from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_absent, parse
from generator.formats.shape import (
    INVALID,
    NO_NAMES,
    Context,
    Invalid,
    Names,
    Schema,
    Shape,
    T,
    T_co,
    describe,
)
from generator.formats.single import (
    DATE,
    ID,
    IDENTIFIER,
    MAX_ID,
    NUMBER,
    BooleanShape,
    ChoiceShape,
    CountShape,
    DateShape,
    NumberShape,
    TextShape,
    WordShape,
    boolean,
    count,
    day,
    identifier,
    identifier_of,
    number,
    parse_date,
    points,
    signed_points,
    text,
)
from generator.formats.slips.levels import ANY_KEY, ENTRY, WRONG_LEVEL, level_hint
from generator.formats.slips.meant import in_half_width, unquoted
from generator.formats.slips.separators import is_joined, report_joined
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.messages import Message, Value, say
from generator.text.names import SHORT, visible
from generator.text.remedies import write
from generator.text.unknown import meant, several

__all__ = [
    "DATE", "ID", "IDENTIFIER", "INVALID", "MAX_ID", "NO_NAMES", "NUMBER", "BooleanShape",
    "ChoiceShape", "Context", "CountShape", "DateShape", "Invalid", "ListShape", "MapShape",
    "Names", "NumberShape", "Schema", "Shape", "T", "T_co", "TextShape", "WordShape", "boolean",
    "count", "day", "describe", "identifier", "identifier_of", "in_braces", "number", "parse_date",
    "points", "signed_points", "text",
]  # fmt: skip

#: Marks that part entries or open others: of an entry with one nobody knows where it ends.
UNFIT = re.compile(r"[\[\]{}#:]|, *,")
ENTRIES = mark("这里是列表：每一项前面写短横线和空格“- ”")


def in_braces(shape: Shape[object], text: str, context: Context) -> str:
    """Return braces in full width as YAML has them, where the shape reads them without a fault."""
    written = in_half_width(text)
    if not written.startswith("{"):
        return ""
    report = Report()
    node = parse(written.encode("utf-8", "surrogatepass"), report, "")
    if isinstance(node, Mapping) and not report.findings:
        shape.read(node, Place(""), Context(report, context.places))
    return "" if node is None or report.findings else written


class ListShape(Shape[tuple[T, ...]]):
    """A list of values of one shape; entries at fault are reported and left out."""

    def __init__(self, item: Shape[T]) -> None:
        self.item = item
        self.free = isinstance(item, TextShape)

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
            if isinstance(node, Scalar) and is_joined(node) and not in_half_width(node.text):
                report_joined(context.report, place, node, alone=True)
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

    def below(self) -> dict[str, Shape[object]]:
        """Return the shape of an entry."""
        return {ENTRY: self.item}

    def meant(self, text: str, context: Context) -> str:
        """Return a single entry, or brackets in full width, as a list."""
        written = in_half_width(text) or f"[{unquoted(text).removeprefix('-').strip()}]"
        entries = [Scalar(0, 0, entry, plain=True) for entry in written[1:-1].split(", ")]
        sound = written[0] == "[" and not UNFIT.search(written[1:-1])
        known = sound and all(self.item.take(e, context) is not INVALID for e in entries if e.text)
        return written if known else ""

    def help(self, node: Node, context: Context) -> str | Message | None:
        """Return the hint; entries without a hyphen are a mapping until they have one."""
        if not isinstance(node, Mapping):
            return super().help(node, context)
        first = next(iter(node.entries), "")
        return write(first, f"- {first[1:]}") if first.startswith("-") else ENTRIES

    def schema(self) -> Schema:
        """Return an array schema."""
        return {"type": "array", "items": self.item.schema()}

    def expected(self) -> Value:
        """Say what is due."""
        return say("列表，每项为{item}", item=self.item.expected())


class MapShape(Shape[dict[str, T]]):
    """Keys of one pattern to values of one shape; entries at fault are reported and left out."""

    def __init__(self, value: Shape[T], key: re.Pattern[str] = IDENTIFIER, of: str = "") -> None:
        self.value = value
        self.key = key
        self.of = of

    def read(self, node: Node, place: Place, context: Context) -> dict[str, T] | Invalid:
        """Return a dict of the entries that could be read, in the order of the file."""
        if not isinstance(node, Mapping):
            return self.refuse(node, place, context)
        values: dict[str, T] = {}
        for key, (position, value_node) in node.entries.items():
            at = place.child(key, value_node.line, value_node.column)
            if not self.key.fullmatch(key):
                self._wrong_key(key, place.child(key, *position), context)
                continue
            if self._is_astray(key, value_node, place.child(key, *position), context):
                continue
            if is_absent(value_node) and not self.value.takes_null:
                context.report.add("S001", at, "“{key}”后面缺少内容", key=visible(key, SHORT))
                continue
            value = self.value.read(value_node, at, context)
            if value is not INVALID:
                values[key] = value
        return values

    def below(self) -> dict[str, Shape[object]]:
        """Return the shape of a value."""
        return {ANY_KEY: self.value}

    def meant(self, text: str, context: Context) -> str:
        """Return braces in full width as YAML has them."""
        return in_braces(self, text, context)

    def _is_astray(self, key: str, node: Node, place: Place, context: Context) -> bool:
        """Report a key of another level, with a value that cannot stand here."""
        if not isinstance(node, Scalar) or key in context.names.get(self.of, {}):
            return False
        above = place._replace(pointer=place.pointer.rpartition("/")[0])
        hint = level_hint(context, above, key) if context.budget.take() else None
        if hint is None or self.value.take(node, context) is not INVALID:
            return False
        context.report.add("S002", place, WRONG_LEVEL, hint=hint, value=visible(key, SHORT))
        return True

    def _wrong_key(self, key: str, place: Place, context: Context) -> None:
        """Report a key that is no id, and the id whose title it is."""
        known = context.names.get(self.of, {})
        left = context.budget.take()
        name = meant(key, known, known) if left else ""
        unclear = several(key, known, known) if left else None
        context.report.add(
            "S003",
            place,
            "“{key}”不是合法的编号：只用小写字母、数字和短横线",
            hint=write(key, name, known[name]) if name else unclear,
            key=visible(key, SHORT),
        )

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
