"""Criteria and parts as scored items, and the method that adds up parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, TypeVar

from generator.formats.nodes import Mapping, Node, Scalar
from generator.formats.records import (
    Key,
    Record,
    Values,
    key,
    keys_of,
    object_schema,
    read_keys,
)
from generator.formats.shapes import (
    Context,
    Invalid,
    ListShape,
    Schema,
    Shape,
    identifier,
    points,
    text,
)
from generator.rubric.kept import stand_in
from generator.rubric.methods.base import (
    METHODS,
    Award,
    Facts,
    Judgement,
    Method,
    PartAward,
    Problem,
    method,
)
from generator.text.language import mark
from generator.text.messages import SEMICOLON, Value, listed, say
from generator.text.numbers import plain
from generator.text.unknown import Known, report_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.rubric.vocabulary import Vocabulary
    from generator.text.findings import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored(Record):
    """Something that points are given for, with the method that gives them."""

    id: str = key(identifier, mark("编号"), required=True)
    title: str = key(text, mark("名称"), required=True)
    points: Decimal = key(points, mark("分值"), required=True)
    question: str | None = key(text, mark("待定事项"), mark("分值或方式所依据的待定事项编号"))
    method: Method


@dataclass(frozen=True, kw_only=True, slots=True)
class Part(Scored):
    """One part of a criterion."""


S = TypeVar("S", bound=Scored)


#: Why a line is pending whose criterion is at fault.
FAULTY = mark("考核办法的这一项有误，改正以前不能计分")


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread(Method):
    """What stands for a method that is unknown or whose parameters cannot be read: no points."""

    title: ClassVar[str] = mark("读不懂的计分方式")

    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Give nothing: nobody can tell."""
        del maximum, facts
        return Award(None, say(FAULTY))


class ScoredShape(Shape[S]):
    """A record whose further keys are the parameters of the method that it names."""

    def __init__(self, cls: type[S], title: str, excluded: frozenset[str] = frozenset()) -> None:
        self.cls = cls
        self.title = title
        self.excluded = excluded
        self.base = keys_of(cls)

    @property
    def methods(self) -> dict[str, type[Method]]:
        """Methods that may stand here."""
        return {name: cls for name, cls in METHODS.items() if name not in self.excluded}

    def read(self, node: Node, place: Place, context: Context) -> S | Invalid:
        """Return the record with its method, or INVALID where the method is not known."""
        if not isinstance(node, Mapping):
            return self.refuse(node, place, context)
        before = context.report.count
        name_node = node.entries.get("method", (None, None))[1]
        name = name_node.text if isinstance(name_node, Scalar) else ""
        cls = self.methods.get(name)
        if cls is None:
            return self._stand_in(self._unknown(name, node, place, context), node, place)
        parameters = keys_of(cls)
        values = read_keys({**self.base, **METHOD_KEY, **parameters}, node, place, context)
        values.pop("method", None)
        own = {a: values.pop(a) for a, _ in parameters.values() if a in values}
        valid = context.report.count == before
        if not valid:
            return self._stand_in(values, node, place)
        scoring = cls(**own, place=place, node=node)
        return self.cls(**values, method=scoring, place=place, node=node)

    def _stand_in(self, values: Values, node: Mapping, place: Place) -> S:
        """Return what stands for a record at fault: with its id and points where they are read."""
        own = {attribute: values[attribute] for attribute, _ in self.base.values()
               if attribute in values}  # fmt: skip
        standing = {**stand_in(node), "points": Decimal(0), **own}
        unread = Unread(place=place, node=node)
        return self.cls(**standing, method=unread, place=place, node=node, valid=False)

    def _unknown(self, name: str, node: Mapping, place: Place, context: Context) -> Values:
        every = {
            k: (attribute, replace(definition, required=False))
            for cls in METHODS.values()
            for k, (attribute, definition) in keys_of(cls).items()
        }
        values = read_keys({**self.base, **METHOD_KEY, **every}, node, place, context)
        if "method" in values:
            at = node.place(place, "method")
            words = "没有“{value}”这种计分方式；可用：{known}{nearest}"
            titles = {own: say(cls.title) for own, cls in self.methods.items()}
            report_unknown(context.report, "B004", at, name, Known(titles, titles), words)
        return values

    def schema(self) -> Schema:
        """Return one object schema a method."""
        variants = []
        for name, cls in self.methods.items():
            variant = object_schema({**self.base, **METHOD_KEY, **keys_of(cls)}, cls.title)
            variant["properties"]["method"] = {"const": name, "title": say(cls.title)}
            variants.append(variant)
        return {"title": say(self.title), "oneOf": variants}

    def expected(self) -> Value:
        """Name the keys that are due."""
        return say("编号、名称、分值和计分方式")


METHOD_KEY = {"method": ("method", Key("method", text, mark("计分方式"), "", required=True))}
PARTS = "parts"
PART_SHAPE = ScoredShape(Part, mark("细分"), frozenset({PARTS, Judgement.name}))


@method
@dataclass(frozen=True, kw_only=True, slots=True)
class Parts(Method):
    """The sum of parts, each rounded; pending where a part is."""

    name: ClassVar[str] = PARTS
    title: ClassVar[str] = mark("分项合计")

    parts: tuple[Part, ...] = key(ListShape(PART_SHAPE), mark("细分"), required=True)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of all parts."""
        return frozenset().union(*(part.method.kinds for part in self.parts))

    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Add up what the parts give."""
        del maximum
        awards = tuple(
            PartAward(
                part.id,
                part.title,
                part.points,
                part.question,
                part.method.award(part.points, facts),
            )
            for part in self.parts
        )
        rounded = [
            None if own.award.points is None else facts.vocabulary.round(own.award.points)
            for own in awards
        ]
        records = tuple(dict.fromkeys(r for own in awards for r in own.award.records))
        missing = [own.title for own, value in zip(awards, rounded, strict=True) if value is None]
        known = [value for value in rounded if value is not None]
        if missing:
            return Award(None, say("{titles}待评", titles=listed(missing)), records, awards)
        total = sum(known, Decimal(0))
        terms = " + ".join(plain(value) for value in known)
        reason = say(
            "{words}。合计 {sum}",
            words=listed((own.award.reason for own in awards), SEMICOLON),
            sum=terms if len(known) == 1 else f"{terms} = {plain(total)}",
        )
        return Award(Fraction(total), reason, records, awards)

    def problems(self, maximum: Decimal | None, vocabulary: Vocabulary) -> Iterator[Problem]:
        """Check each part, that ids differ, and that the parts sum to the criterion."""
        seen: set[str] = set()
        for index, part in enumerate(self.parts):
            for problem in part.method.problems(part.points, vocabulary):
                yield problem._replace(key=f"parts/{index}/{problem.key}")
            if part.id in seen:
                yield Problem("B003", f"parts/{index}/id", "编号“{id}”重复", {"id": part.id})
            seen.add(part.id)
        total = sum((part.points for part in self.parts), Decimal(0))
        whole = all(part.valid for part in self.parts)
        if maximum is not None and whole and total != maximum:
            values: dict[str, object] = {"sum": plain(total), "max": plain(maximum)}
            yield Problem("B005", "parts", "各细分之和为 {sum}，应等于分值 {max}", values)
