"""The share of what was asked: entries of the due list in place of records (``due: true``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.formats.shapes import day
from generator.rubric.asked import ASKED, HELD, OF_ENTRY, Answer, answer_of
from generator.rubric.failing import LACKS, NAMED, in_time, named
from generator.rubric.measures import ACTIVITY, Where, undated
from generator.rubric.methods.base import Award, Facts, Problem, no_history
from generator.text.language import mark
from generator.text.messages import Listed, Message, Words, listed, say
from generator.text.numbers import exact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from generator.formats.shapes import Shape
    from generator.rubric.measures import Having
    from generator.rubric.vocabulary import Vocabulary

#: Nothing has come due: which entry is the first to. ``OF_DUE`` has the ids of entries as ``met``.
NOT_YET = mark("{label}都没有到期，最早一项 {month}月{day}日到期")
OF_DUE = mark("到期的{label} {n} 项，符合要求 {complete} 项")
FURTHER = mark("；“{title}”另有 {n} 份材料同答一项，不另计：{folders}")
AHEAD = mark("；另有 {n} 项没有到期")
OWN_FIELD = mark("“{kind}”有要素“{field}”，按应报事项计分的材料种类不能用这个名字")
OTHER_FIELD = mark("按应报事项计分的，where 只能写 asked 和 held，不能写“{field}”")
NO_DOCUMENT = mark("应报事项是材料，不能用于活动")


class Counting(NamedTuple):
    """What is asked of a kind: which entries, and what their answers must have."""

    of: str
    where: Where
    having: Having


def answers_of(counting: Counting, facts: Facts) -> tuple[Answer, ...]:
    """Return the entries that are counted, answered or not, in the order of the due list."""
    records = facts.of(counting.of)
    found = (answer_of(own, records, counting.having) for own in facts.asked_for(counting.of))
    return tuple(answer for answer in found if counting.where.matches(answer.record))


def award_of(maximum: Decimal, counting: Counting, facts: Facts) -> Award | None:
    """Return the share of entries that are answered in full; None where nothing was asked."""
    answers = answers_of(counting, facts)
    if not answers:
        return None
    candidates = [r for a in answers for r in (a.record, *a.others)]
    if undated(candidates, counting.having):
        return no_history()
    due = [answer for answer in answers if answer.counts]
    label = facts.vocabulary.kind_titles.get(counting.of, counting.of)
    if not due:
        return Award(None, not_yet(label, answers))
    complete = sum(answer.met for answer in due)
    value = exact(maximum) * complete / len(due)
    reason = say(
        "{lead}：{points} × {n}/{of} = {result}{more}",
        lead=say(OF_DUE, label=label, n=len(due), complete=complete, met=ids_of(due)),
        points=maximum,
        n=complete,
        of=len(due),
        result=facts.vocabulary.round(value),
        more=listed(more_of(counting, answers, facts.vocabulary), ""),
    )
    return Award(value, reason, tuple(a.taken for a in due if a.taken is not None))


def ids_of(answers: list[Answer]) -> Listed:
    """Return the ids of entries that are answered in full."""
    return listed(answer.entry.id for answer in answers if answer.met)


def not_yet(label: Words, answers: tuple[Answer, ...]) -> Message:
    """Say which entry is the first to come due; the first of the list where days are equal."""
    first = min((answer.entry for answer in answers), key=lambda entry: entry.asked)
    asked = first.asked
    return say(
        NOT_YET,
        label=label,
        month=asked.month,
        day=asked.day,
        date=asked,
        title=first.title,
        due=first.id,
    )


def more_of(
    counting: Counting, answers: tuple[Answer, ...], vocabulary: Vocabulary
) -> Iterator[Words]:
    """Yield which entries lack something, which came when, further answers, what is not due yet."""
    due = [answer for answer in answers if answer.counts]
    short = [answer.record for answer in due if not answer.met]
    if short:
        yield say(LACKS, named=named(short, counting.having, vocabulary))
    met = in_time([answer.record for answer in due if answer.met], counting.having)
    if met:
        yield met
    for answer in due:
        if answer.others:
            folders = listed(record.path.rpartition("/")[2] for record in answer.others[:NAMED])
            title, n = answer.entry.title, len(answer.others)
            yield say(FURTHER, title=title, n=n, folders=folders)
    if len(due) < len(answers):
        yield say(AHEAD, n=len(answers) - len(due))


def with_entry(kind: str, vocabulary: Vocabulary) -> Vocabulary:
    """Return the names of a rubric where records of a kind have the fields of an entry, too."""
    own: dict[str, Shape[object]] = {ASKED: day, HELD: day}
    fields = vocabulary.fields
    return (
        vocabulary.having({**fields, kind: {**fields[kind], **own}})
        if kind in fields
        else (vocabulary)
    )


def problems_of(counting: Counting, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield what cannot be where entries are counted: activities, fields of records."""
    if counting.of == ACTIVITY:
        yield Problem("B005", "of", NO_DOCUMENT, {})
    for name in OF_ENTRY:
        if name in vocabulary.fields.get(counting.of, {}):
            values: dict[str, object] = {"kind": counting.of, "field": name}
            yield Problem("B003", "of", OWN_FIELD, values)
    for condition in counting.where.conditions:
        for name in sorted(Where((condition,)).fields - OF_ENTRY.keys()):
            yield Problem("B005", f"where/{condition.field}/@", OTHER_FIELD, {"field": name})
