"""Measures: counting the records of a branch. Facts first; what they are worth is for methods.

A ``where`` maps a field to a value, a list of values or a comparison. What is absent, null or
empty matches no value and no comparison; a list matches where one of its entries does.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_null
from generator.formats.records import Record, key
from generator.formats.shapes import (
    INVALID,
    NUMBER,
    Context,
    Invalid,
    ListShape,
    Schema,
    Shape,
    WordShape,
    number,
    parse_date,
    text,
)
from generator.text.language import mark
from generator.text.messages import Message, Words, say
from generator.text.names import SHORT, visible
from generator.text.unknown import report_unknown

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping as MappingType
    from collections.abc import Sequence as SequenceType

    from generator.text.findings import Place

ACTIVITY = "activity"
#: A field that no file holds: the day on which the record reached main. Committing sets it.
RECEIVED = "received"
FIELD = WordShape(r"[^\s{}\[\],:&*#?|<>=!%@\\/\x22'`]{1,40}", mark("字段名，不含空格和标点"))

FieldValue = str | int | bool | Decimal | datetime.date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, eq=False)
class FactRecord:
    """A record of evidence that counts: its kind, folder path, date and field values.

    An attachment that is missing, empty or damaged is absent from ``fields``, as is an
    attendance that does not add up: ``faulty`` has what the file says of these, as text.
    An absent boolean is held apart in ``booleans``. ``due`` is the entry of the due list that a
    document says it answers, ``""`` without one; ``names`` are words for fields that no file has.
    ``registered`` is why the committee wrote its day of receipt down, ``""`` where it did not.
    """

    path: str
    kind: str
    title: str
    date: datetime.date
    fields: MappingType[str, FieldValue]
    booleans: frozenset[str]
    faulty: MappingType[str, str] = field(default_factory=dict)
    due: str = ""
    names: MappingType[str, str] = field(default_factory=dict)
    registered: str = ""

    def present(self, name: str) -> bool:
        """Whether the field is there and not empty."""
        return self.fields.get(name) not in (None, "", ())

    def holds(self, name: str) -> bool:
        """Whether the field is present and not false."""
        return self.present(name) and self.fields.get(name) is not False

    def value(self, name: str) -> FieldValue:
        """Return the field's value; an absent boolean is false."""
        value = self.fields.get(name)
        return False if value is None and name in self.booleans else value


@dataclass(frozen=True, slots=True)
class Condition:
    """What one field must be: one of ``values``, present, at least, or not after."""

    field: str
    values: tuple[str, ...] | None = None
    present: bool = False
    at_least: Decimal | None = None
    not_after: datetime.date | str | None = None

    def matches(self, record: FactRecord) -> bool:
        """Whether ``record`` meets the condition."""
        if self.present and not record.present(self.field):
            return False
        value = record.value(self.field)
        if self.values is not None and not any(equals(value, wanted) for wanted in self.values):
            return False
        if self.at_least is not None and not (
            isinstance(value, (int, Decimal))
            and not isinstance(value, bool)
            and value >= self.at_least
        ):
            return False
        return self.not_after is None or self._not_after(record, value)

    def _not_after(self, record: FactRecord, value: FieldValue) -> bool:
        limit = record.value(self.not_after) if isinstance(self.not_after, str) else self.not_after
        return (
            isinstance(value, datetime.date) and isinstance(limit, datetime.date) and value <= limit
        )


def equals(value: FieldValue, wanted: str) -> bool:
    """Whether a field's value is what the rubric wrote, compared by the value's own type."""
    if value is None or value == "":
        return False
    if isinstance(value, tuple):
        return any(equals(entry, wanted) for entry in value)
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    if isinstance(value, (int, Decimal)):
        return NUMBER.fullmatch(wanted) is not None and Decimal(wanted) == value
    if isinstance(value, datetime.date):
        return parse_date(wanted) == value
    return value == wanted


@dataclass(frozen=True, slots=True)
class Where:
    """All conditions must hold."""

    conditions: tuple[Condition, ...]

    def matches(self, record: FactRecord) -> bool:
        """Whether ``record`` meets every condition."""
        return all(condition.matches(record) for condition in self.conditions)

    @property
    def fields(self) -> frozenset[str]:
        """Every field that the conditions look at."""
        others = {c.not_after for c in self.conditions if isinstance(c.not_after, str)}
        return frozenset(others | {c.field for c in self.conditions})


ALL = Where(())
_OPERATORS = ("present", "at_least", "not_after")


class WhereShape(Shape[Where]):
    """Field → value, list of values, or comparison."""

    def read(self, node: Node, place: Place, context: Context) -> Where | Invalid:
        """Return a Where."""
        if not isinstance(node, Mapping):
            return self.refuse(node, place, context)
        conditions = []
        for name, (_, value_node) in node.entries.items():
            at = place.child(name, value_node.line, value_node.column)
            condition = self._condition(name, value_node, at, context)
            if condition is None:
                return INVALID
            conditions.append(condition)
        return Where(tuple(conditions))

    def _condition(self, name: str, node: Node, place: Place, context: Context) -> Condition | None:
        items = node.items if isinstance(node, Sequence) else [node]
        if not items or (isinstance(node, Mapping) and not node.entries):
            words = "“{field}”后面没有写条件：请写出条件，或删去这个字段"
            context.report.add("S003", place, words, field=visible(name, SHORT))
            return None
        if isinstance(node, Mapping):
            return self._comparison(name, node, place, context)
        values = []
        for item in items:
            if not isinstance(item, Scalar) or is_null(item):
                self.refuse(item, place, context)
                return None
            values.append(item.text)
        return Condition(name, values=tuple(values))

    def _comparison(
        self, name: str, node: Mapping, place: Place, context: Context
    ) -> Condition | None:
        found, sound = Condition(name), True
        for operator, (_, value_node) in node.entries.items():
            at = place.child(operator, value_node.line, value_node.column)
            text_ = value_node.text if isinstance(value_node, Scalar) else ""
            if operator == "present" and text_ == "true":
                found = replace(found, present=True)
            elif operator == "at_least":
                least = number.read(value_node, at, context)
                if least is INVALID:
                    sound = False
                else:
                    found = replace(found, at_least=least)
            elif operator == "not_after" and text_:
                found = replace(found, not_after=parse_date(text_) or text_)
            elif operator in _OPERATORS:
                self.refuse(value_node, at, context)
                return None
            else:
                words = "未知的比较“{value}”；这里可以写：{known}{nearest}"
                report_unknown(context.report, "S002", at, operator, _OPERATORS, words)
                return None
        return found if sound else None

    def schema(self) -> Schema:
        """Return the schema of a where."""
        scalar = {"type": ["string", "number", "boolean"]}
        comparison = {
            "type": "object",
            "properties": {
                "present": {"const": True},
                "at_least": {"type": "number"},
                "not_after": {"type": "string"},
            },
            "minProperties": 1,
            "additionalProperties": False,
        }
        several = {"type": "array", "items": scalar, "minItems": 1}
        return {
            "type": "object",
            "additionalProperties": {"anyOf": [scalar, several, comparison]},
        }

    def expected(self) -> Message:
        """Show the forms."""
        return say("字段: 值、字段: [值, 值]、字段: {present: true} 等")


where = WhereShape()


Having = tuple[str, ...] | Where


class HavingShape(Shape[Having]):
    """A list of fields that must be present and not false, or a where."""

    fields = ListShape(FIELD)

    def read(self, node: Node, place: Place, context: Context) -> Having | Invalid:
        """Return a tuple of field names or a Where."""
        if isinstance(node, Sequence):
            reader = self.fields.read if node.items else self.refuse
            return reader(node, place, context)
        return where.read(node, place, context)

    def schema(self) -> Schema:
        """Return either form."""
        return {"anyOf": [{**self.fields.schema(), "minItems": 1}, where.schema()]}

    def expected(self) -> Message:
        """Show both forms."""
        return say("[字段, 字段] 或一组条件")


def has_all(record: FactRecord, having: Having) -> bool:
    """Whether ``record`` has what is asked of it."""
    if isinstance(having, Where):
        return having.matches(record)
    return all(record.holds(name) for name in having)


def fields_of(having: Having) -> Collection[str]:
    """Return the fields that are looked at."""
    return having.fields if isinstance(having, Where) else having


def undated(records: SequenceType[FactRecord], *asked: Having) -> bool:
    """Whether someone asks for the day of receipt of a record that no history tells."""
    wanted = any(RECEIVED in fields_of(a) for a in asked)
    return wanted and any(r.fields.get(RECEIVED, r) is None for r in records)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure(Record):
    """``{count: activity | <document kind>, where: {…}}``, with a title where it is shown."""

    count: str = key(text, mark("计数对象"), mark("activity 或材料种类"), required=True)
    where: Where = key(where, mark("条件"), default=ALL)
    title: str = key(text, mark("名称"), mark("在评分卡上的叫法"), default="")

    def undated(self, records: SequenceType[FactRecord]) -> bool:
        """Whether the measure asks for a day of receipt that no history tells of its records."""
        return undated(records, self.where)

    def matching(self, records: SequenceType[FactRecord]) -> tuple[FactRecord, ...]:
        """Return those of the records of its kind that meet the conditions."""
        return tuple(r for r in records if self.where.matches(r))


def words_of(where_: Where, titles: MappingType[str, str]) -> tuple[Words, ...]:
    """Word the conditions for a reader; ``titles`` names values such as activity types."""
    parts: list[Words] = []
    for condition in where_.conditions:
        for value in condition.values or ():
            if value in titles:
                parts.append(titles[value])
            elif condition.field == "collective" and value == "true":
                parts.append(say("集中"))
            elif value not in ("true", "false"):
                parts.append(say("{field} 为 {value}", field=condition.field, value=value))
    return tuple(parts)
