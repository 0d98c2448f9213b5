"""Methods that count records and hold the number against a target or tiers."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from generator.formats.nodes import Mapping, Node
from generator.formats.records import Record, RecordShape, key
from generator.formats.shapes import (
    Context,
    Invalid,
    ListShape,
    MapShape,
    Schema,
    Shape,
    number,
    points,
)
from generator.rubric.failing import in_time, uncounted
from generator.rubric.measures import FactRecord, Measure
from generator.rubric.methods.base import Award, Facts, Method, Problem, method, no_history
from generator.rubric.methods.parameters import check_measure
from generator.text.language import mark
from generator.text.messages import Message, Value, Words, listed, say
from generator.text.numbers import exact, plain
from generator.text.unknown import Known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.rubric.vocabulary import Vocabulary
    from generator.text.findings import Place


NO_BRANCH_KIND = mark("没有“{value}”这一支部类型；可用：{known}{nearest}")
#: One target, or one a kind of branch.
Target = Decimal | dict[str, Decimal]


class TargetShape(Shape[Target]):
    """A number above 0, or a map from every kind of branch to one."""

    by_kind = MapShape(number)

    def read(self, node: Node, place: Place, context: Context) -> Target | Invalid:
        """Return a Decimal or a dict."""
        shape: Shape[Target] = self.by_kind if isinstance(node, Mapping) else number
        return shape.read(node, place, context)

    def schema(self) -> Schema:
        """Return either form."""
        above = {"type": "number", "exclusiveMinimum": 0}
        return {"anyOf": [above, {"type": "object", "additionalProperties": above}]}

    def expected(self) -> Value:
        """Show both forms."""
        return say("大于 0 的数，或按支部类型各给一个")


#: How many there are of how many; why nobody can tell of how many.
OF_TARGET = mark("{label} {n} {unit}，标准 {target} {unit}")
NO_KIND = mark("支部类型不明，无法确定标准")


class Reached(NamedTuple):
    """What a branch has of a target: in words, what does not count or came in time, the records."""

    lead: Message
    more: Value
    records: tuple[FactRecord, ...]

    @property
    def n(self) -> int:
        """How many records count."""
        return len(self.records)

    def in_full(self, maximum: Decimal) -> Award:
        """Return the award for a target that is reached."""
        words = "{lead}：达到标准，得 {points}{more}"
        reason = say(words, lead=self.lead, points=maximum, more=self.more)
        return Award(exact(maximum), reason, self.records)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Counted(Method):
    """Base of methods that hold one measure against a target."""

    measure: Measure = key(RecordShape(Measure, mark("实测")), mark("实测"), required=True)
    target: Target = key(TargetShape(), mark("标准"), required=True)

    def target_for(self, kind: str | None) -> Decimal | None:
        """Return the target of a kind of branch; None if the kind is unknown."""
        if isinstance(self.target, dict):
            return None if kind is None else self.target.get(kind)
        return self.target

    @property
    def kinds(self) -> frozenset[str]:
        """The kind that is measured."""
        return frozenset({self.measure.count})

    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Compare the number measured with the target."""
        counted = facts.of(self.measure.count)
        if self.measure.undated(counted):
            return no_history()
        records = self.measure.matching(counted)
        target = self.target_for(facts.kind)
        if target is None:
            return Award(None, say(NO_KIND), records)
        unit = facts.vocabulary.unit(self.measure.count)
        lead = say(
            OF_TARGET,
            label=facts.vocabulary.label(self.measure),
            n=len(records),
            unit=unit,
            target=target,
        )
        more: Value = in_time(records, self.measure.where)
        if len(records) < target:
            missed = uncounted(counted, self.measure.where, facts.vocabulary)
            more = listed(filter(None, (missed, more)), "")
        return self.compare(maximum, target, Reached(lead, more, records), facts)

    @abstractmethod
    def compare(self, maximum: Decimal, target: Decimal, reached: Reached, facts: Facts) -> Award:
        """Return the award for what was reached."""

    def problems(self, maximum: Decimal | None, vocabulary: Vocabulary) -> Iterator[Problem]:
        """Check the measure, and that every kind of branch has a target above 0."""
        del maximum
        yield from check_measure(self.measure, "measure", vocabulary)
        targets = self.target if isinstance(self.target, dict) else {"": self.target}
        for kind, target in targets.items():
            at = f"target/{kind}" if kind else "target"
            if kind and kind not in vocabulary.branch_kinds:
                known = Known(vocabulary.branch_kinds, vocabulary.branch_kinds)
                yield Problem("B004", f"{at}/@", NO_BRANCH_KIND, {"value": kind}, known)
            elif target <= 0:
                yield Problem("B005", at, "标准应大于 0", {})
        if isinstance(self.target, dict):
            if not self.target:
                yield Problem("B005", "target", "至少要有一项", {})
            for kind in vocabulary.branch_kinds:
                if kind not in self.target:
                    yield Problem("B005", "target", "标准缺少支部类型“{kind}”", {"kind": kind})


@method
@dataclass(frozen=True, kw_only=True, slots=True)
class Proportion(_Counted):
    """Points × min(1, measured ÷ target)."""

    name: ClassVar[str] = "proportion"
    title: ClassVar[str] = mark("按比例")

    def compare(self, maximum: Decimal, target: Decimal, reached: Reached, facts: Facts) -> Award:
        """Give the share of the target that was reached."""
        if reached.n >= target:
            return reached.in_full(maximum)
        value = exact(maximum) * reached.n / exact(target)
        reason = say(
            "{lead}：{points} × {n}/{target} = {result}{more}",
            lead=reached.lead,
            points=maximum,
            n=reached.n,
            target=target,
            result=facts.vocabulary.round(value),
            more=reached.more,
        )
        return Award(value, reason, reached.records)


@method
@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold(_Counted):
    """All where measured ≥ target, else 0."""

    name: ClassVar[str] = "threshold"
    title: ClassVar[str] = mark("达标")

    def compare(self, maximum: Decimal, target: Decimal, reached: Reached, facts: Facts) -> Award:
        """Give all or nothing."""
        del facts
        if reached.n >= target:
            return reached.in_full(maximum)
        reason = say("{lead}：未达到，得 0{more}", lead=reached.lead, more=reached.more)
        return Award(Fraction(0), reason, reached.records)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier(Record):
    """From this many on, these points."""

    at_least: Decimal = key(number, mark("不少于"), required=True)
    points: Decimal = key(points, mark("得分"), required=True)


#: What a branch has not reached of the tiers.
NEXT_TIER = mark("；下一档不少于 {at_least} {unit}，得 {points}{more}")


@method
@dataclass(frozen=True, kw_only=True, slots=True)
class Tiers(Method):
    """Points of the highest tier reached, else 0."""

    name: ClassVar[str] = "tiers"
    title: ClassVar[str] = mark("分档")

    measure: Measure = key(RecordShape(Measure, mark("实测")), mark("实测"), required=True)
    tiers: tuple[Tier, ...] = key(
        ListShape(RecordShape(Tier, mark("档"))), mark("各档"), required=True
    )

    @property
    def kinds(self) -> frozenset[str]:
        """The kind that is measured."""
        return frozenset({self.measure.count})

    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Find the highest tier reached."""
        del maximum
        counted = facts.of(self.measure.count)
        if self.measure.undated(counted):
            return no_history()
        records = self.measure.matching(counted)
        reached = [tier for tier in self.tiers if len(records) >= tier.at_least]
        lead = say(
            "{label} {n} {unit}",
            label=facts.vocabulary.label(self.measure),
            n=len(records),
            unit=facts.vocabulary.unit(self.measure.count),
        )
        given = max(reached, key=lambda item: item.at_least) if reached else None
        following = self._short_of(given, len(records), counted, facts)
        more = listed(filter(None, (following, in_time(records, self.measure.where))), "")
        if given is None:
            reason = say("{lead}，未达到任何一档：得 0{more}", lead=lead, more=more)
            return Award(Fraction(0), reason, records)
        reason = say(
            "{lead}，达到“不少于 {at_least}”一档：得 {points}{more}",
            lead=lead,
            at_least=given.at_least,
            points=given.points,
            more=more,
        )
        return Award(exact(given.points), reason, records)

    def _short_of(
        self, given: Tier | None, n: int, counted: tuple[FactRecord, ...], facts: Facts
    ) -> Words:
        """Name the next tier that gives more, and what does not count; nothing above the last."""
        held = given.points if given else Decimal(0)
        higher = [tier for tier in self.tiers if tier.at_least > n and tier.points > held]
        if not higher:
            return ""
        following = min(higher, key=lambda item: item.at_least)
        return say(
            NEXT_TIER,
            at_least=following.at_least,
            unit=facts.vocabulary.unit(self.measure.count),
            points=following.points,
            more=uncounted(counted, self.measure.where, facts.vocabulary),
            n=n,
            label=facts.vocabulary.label(self.measure),
        )

    def problems(self, maximum: Decimal | None, vocabulary: Vocabulary) -> Iterator[Problem]:
        """Check the measure, and that tiers are there and none is above the maximum."""
        yield from check_measure(self.measure, "measure", vocabulary)
        if not self.tiers:
            yield Problem("B005", "tiers", "至少要有一档", {})
        seen: set[Decimal] = set()
        for index, tier in enumerate(self.tiers):
            if maximum is not None and tier.points > maximum:
                values: dict[str, object] = {"points": plain(tier.points), "max": plain(maximum)}
                yield Problem(
                    "B005", f"tiers/{index}/points", "一档 {points} 分超过分值 {max} 分", values
                )
            if tier.at_least in seen:
                yield Problem("B005", f"tiers/{index}/at_least", "两档的起点相同", {})
            seen.add(tier.at_least)
