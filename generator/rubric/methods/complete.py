"""Methods that ask whether records have all that is asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from generator.formats.records import key
from generator.formats.shapes import (
    ChoiceShape,
    ListShape,
    boolean,
    text,
)
from generator.rubric.asked import OF_ENTRY
from generator.rubric.failing import LACKS, in_time, named, uncounted
from generator.rubric.measures import (
    ACTIVITY,
    ALL,
    FIELD,
    Having,
    HavingShape,
    Where,
    has_all,
    undated,
    where,
)
from generator.rubric.methods.answering import Counting, award_of, problems_of, with_entry
from generator.rubric.methods.base import Award, Facts, Method, Problem, method, no_history
from generator.rubric.methods.parameters import check_fields, check_kind, check_where
from generator.text.language import mark
from generator.text.messages import Value, Words, listed, say
from generator.text.numbers import exact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from generator.rubric.measures import FactRecord
    from generator.rubric.vocabulary import Vocabulary


#: There is no record: nothing, or for the committee to decide.
NONE, NONE_UNDECIDED = mark("没有{label}：得 0{more}"), mark("没有{label}，待党委评定{more}")
ASKED_OF = mark("要本支部报的{label}")
EMPTY = {"zero": mark("按 0 分"), "full": mark("按满分"), "pending": mark("待评")}


@method
@dataclass(frozen=True, kw_only=True, slots=True)
class Share(Method):
    """Points × records that have it all ÷ records; ``empty`` says what no record means.

    With ``due`` entries of the due list stand in for the records, answered or not.
    """

    name: ClassVar[str] = "share"
    title: ClassVar[str] = mark("齐全率")

    of: str = key(text, mark("种类"), mark("activity 或材料种类"), required=True)
    where: Where = key(where, mark("条件"), default=ALL)
    having: Having = key(HavingShape(), mark("应具备"), required=True)
    empty: str = key(ChoiceShape(EMPTY), mark("没有记录时"), default="zero")
    due: bool = key(
        boolean,
        mark("按应报事项"),
        mark("按 due.yml 列出的事项计，没有回应的算作没有"),
        default=False,
    )

    @property
    def kinds(self) -> frozenset[str]:
        """The kind that is asked for."""
        return frozenset({self.of})

    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Give the share of records that have all that is asked."""
        if self.due:
            label = facts.vocabulary.kind_titles.get(self.of, self.of)
            nothing = self._none(maximum, say(ASKED_OF, label=label), "")
            return award_of(maximum, self.counting, facts) or nothing
        counted = facts.of(self.of)
        if undated(counted, self.where, self.having):
            return no_history()
        records = tuple(record for record in counted if self.where.matches(record))
        label = facts.vocabulary.label_of(self.of, self.where)
        if not records:
            return self._none(maximum, label, uncounted(counted, self.where, facts.vocabulary))
        complete = sum(has_all(record, self.having) for record in records)
        value = exact(maximum) * complete / len(records)
        lead = say(
            "{label} {n} {unit}，符合要求 {complete} {unit}",
            label=label,
            n=len(records),
            unit=facts.vocabulary.unit(self.of),
            complete=complete,
        )
        reason = say(
            "{lead}：{points} × {n}/{of} = {result}{more}",
            lead=lead,
            points=maximum,
            n=complete,
            of=len(records),
            result=facts.vocabulary.round(value),
            more=self._more(records, facts.vocabulary),
        )
        return Award(value, reason, records)

    @property
    def counting(self) -> Counting:
        """What is asked where entries of the due list are counted."""
        return Counting(self.of, self.where, self.having)

    def _more(self, records: tuple[FactRecord, ...], vocabulary: Vocabulary) -> Value:
        """Name the first records that lack something, and what each lacks; which came in time."""
        short_of = [record for record in records if not has_all(record, self.having)]
        lacking = [say(LACKS, named=named(short_of, self.having, vocabulary))] if short_of else []
        kept = (in_time(records, asked) for asked in (self.where, self.having))
        return listed((*lacking, *filter(None, kept)), "")

    def _none(self, maximum: Decimal, label: Words, more: Words) -> Award:
        if self.empty == "full":
            return Award(
                exact(maximum),
                say("没有{label}，按满分计：{points}", label=label, points=maximum),
            )
        if self.empty == "pending":
            return Award(None, say(NONE_UNDECIDED, label=label, more=more))
        return Award(Fraction(0), say(NONE, label=label, more=more))

    def problems(self, maximum: Decimal | None, vocabulary: Vocabulary) -> Iterator[Problem]:
        """Check the kind and the fields named."""
        del maximum
        yield from check_kind(self.of, "of", vocabulary)
        if self.due:
            yield from problems_of(self.counting, vocabulary)
            vocabulary = with_entry(self.of, vocabulary)
        if not self.due or self.where.fields <= OF_ENTRY.keys():
            yield from check_where(self.of, self.where, "where", vocabulary)
        if self.of not in vocabulary.fields:
            return
        if isinstance(self.having, Where):
            yield from check_where(self.of, self.having, "having", vocabulary)
        else:
            yield from check_fields(self.of, self.having, "having", vocabulary)


@method
@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist(Method):
    """Points × true fields ÷ fields, over the kind's newest record."""

    name: ClassVar[str] = "checklist"
    title: ClassVar[str] = mark("清单")

    of: str = key(text, mark("材料种类"), required=True)
    fields: tuple[str, ...] = key(ListShape(FIELD), mark("各项"), required=True)

    @property
    def kinds(self) -> frozenset[str]:
        """The kind that is asked for."""
        return frozenset({self.of})

    def award(self, maximum: Decimal, facts: Facts) -> Award:
        """Give the share of boolean fields that are true."""
        records = facts.of(self.of)
        title = facts.vocabulary.kind_titles.get(self.of, self.of)
        if not records:
            return Award(Fraction(0), say(NONE, label=title, more=""))
        newest = max(records, key=lambda record: (record.date, record.path))
        missing = [name for name in self.fields if newest.value(name) is not True]
        met = len(self.fields) - len(missing)
        value = exact(maximum) * met / len(self.fields)
        reason = say(
            "{lead}：{points} × {n}/{of} = {result}{more}",
            lead=say("{label}共 {n} 项，具备 {met} 项", label=title, n=len(self.fields), met=met),
            points=maximum,
            n=met,
            of=len(self.fields),
            result=facts.vocabulary.round(value),
            more=self._lacking(newest, missing, facts.vocabulary),
        )
        return Award(value, reason, (newest,))

    def _lacking(self, newest: FactRecord, missing: list[str], vocabulary: Vocabulary) -> Words:
        if not missing:
            return ""
        return say(LACKS, named=named((newest,), tuple(missing), vocabulary))

    def problems(self, maximum: Decimal | None, vocabulary: Vocabulary) -> Iterator[Problem]:
        """Check that all fields are boolean fields of the kind."""
        del maximum
        yield from check_kind(self.of, "of", vocabulary)
        if self.of == ACTIVITY:
            yield Problem("B005", "of", "清单只能用于材料种类", {})
        if not self.fields:
            yield Problem("B005", "fields", "至少要有一项", {})
        fields = vocabulary.fields.get(self.of)
        if fields is None:
            return
        yield from check_fields(self.of, self.fields, "fields", vocabulary)
        for index, name in enumerate(self.fields):
            if name in fields and fields[name].schema().get("type") != "boolean":
                yield Problem(
                    "B005", f"fields/{index}", "“{field}”不是 true/false 字段", {"field": name}
                )
