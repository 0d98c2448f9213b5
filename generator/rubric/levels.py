"""Levels of a bonus and of ballots: what each gives, and its title where the rubric has one.

``municipal: 3`` and ``municipal: {title: 市级, points: 3}`` give the same points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping, Node, Scalar
from generator.formats.records import Record, RecordShape, Values, key, report_missing
from generator.formats.shapes import (
    INVALID,
    Context,
    Invalid,
    NumberShape,
    Schema,
    Shape,
    in_braces,
    number,
    points,
    text,
)
from generator.text.language import mark
from generator.text.messages import Value, say
from generator.text.privacy import NO_TEXT

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.text.findings import Place
    from generator.text.privacy import Printable

#: Keys of a level with a title at which its number stands; a ballot's is a weight.
POINTS, WEIGHT = "points", "weight"
NUMBERS = (POINTS, WEIGHT)
TWICE = mark("points 与 weight 只写一个")


@dataclass(frozen=True, slots=True)
class Level:
    """What a level gives: points of a bonus, the weight of a ballot; and what it is called.

    ``title`` is the rubric's own, empty where it gives none.
    """

    points: Decimal
    title: Printable = NO_TEXT


@dataclass(frozen=True, kw_only=True, slots=True)
class BonusLevel(Record):
    """A level of a bonus with its title."""

    title: Printable = key(text, mark("名称"), required=True, default=NO_TEXT)
    points: Decimal | None = key(points, mark("加分"), required=True, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotLevel(Record):
    """A level of ballots with its title; the weight stands at either key."""

    title: Printable = key(text, mark("名称"), required=True, default=NO_TEXT)
    points: Decimal | None = key(number, mark("权重"))
    weight: Decimal | None = key(number, mark("权重"), mark("与 points 相同，只写一个"))


class BallotLevelShape(RecordShape[BallotLevel]):
    """A level of ballots has one weight."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report a weight that is missing, or one too many."""
        found = [name for name in NUMBERS if name in values]
        if len(found) > 1:
            context.report.add("S003", node.place(place, WEIGHT), TWICE)
            return False
        if clean and not found:
            report_missing(context, place, self.keys[POINTS][1])
            return False
        return clean

    def schema(self) -> Schema:
        """Return an object with one of the two keys."""
        return {**super().schema(), "oneOf": [{"required": [name]} for name in NUMBERS]}


class LevelShape(Shape[Level]):
    """A number, or a title and a number."""

    def __init__(
        self,
        form: RecordShape[BonusLevel] | RecordShape[BallotLevel],
        single: NumberShape,
    ) -> None:
        self.form, self.single = form, single

    def take(self, node: Node, context: Context) -> Level | Invalid:
        """Return a level that is written as a number."""
        value = self.single.take(node, context)
        return INVALID if value is INVALID else Level(value)

    def read(self, node: Node, place: Place, context: Context) -> Level | Invalid:
        """Return a level; without a number that can be read there is none."""
        if isinstance(node, Mapping):
            record = self.form.read(node, place, context)
            return INVALID if record is INVALID else level_of(record)
        if isinstance(node, Scalar) and not in_braces(self.form, node.text, context):
            value = self.single.read(node, place, context)
            return INVALID if value is INVALID else Level(value)
        return self.refuse(node, place, context)

    def below(self) -> dict[str, Shape[object]]:
        """Return the keys of a level with a title."""
        return self.form.below()

    def meant(self, text: str, context: Context) -> str:
        """Return braces in full width as YAML has them."""
        return in_braces(self.form, text, context)

    def schema(self) -> Schema:
        """Return either form."""
        return {"anyOf": [self.single.schema(), self.form.schema()]}

    def expected(self) -> Value:
        """Show both forms."""
        return say("数字，例如 3；或者名称和数字 {title: …, points: 3}")


def level_of(record: BonusLevel | BallotLevel) -> Level | Invalid:
    """Return the level that a record is; INVALID where it has no number."""
    weight = record.weight if isinstance(record, BallotLevel) else None
    found = record.points if record.points is not None else weight
    return INVALID if found is None else Level(found, record.title)


BONUS_LEVEL = LevelShape(RecordShape(BonusLevel, mark("级别")), points)
BALLOT_LEVEL = LevelShape(BallotLevelShape(BallotLevel, mark("测评档次")), number)


def number_of(node: Node) -> tuple[Node, str]:
    """Return the number of a level as it is written, and the key at which it stands, or none.

    A level in another form is its own number.
    """
    entries = node.entries if isinstance(node, Mapping) else {}
    found = [name for name in NUMBERS if name in entries]
    if len(found) == 1 and entries.keys() <= {"title", *found}:
        return entries[found[0]][1], found[0]
    return node, ""
