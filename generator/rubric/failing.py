"""Which conditions a record fails: the field by its title, its value, and what was asked.

A condition in words is a message whose id stands here, so that others find it in a reason again.
It has values beside those that are shown: ``field`` or ``fields``, the names in the file. A
record is named by ``RECORD``, which has its folder as ``path``, and what stands for an entry of the
due list its id as ``due``; ``REST`` has the others' ``paths``, of entries their ids.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.formats.branch_files import ACTIVITY as ACTIVITY_FILE
from generator.formats.branch_files import DOCUMENT as DOCUMENT_FILE
from generator.rubric.measures import ACTIVITY, RECEIVED, Condition, Where
from generator.text.language import mark
from generator.text.messages import SEMICOLON, Message, Value, Words, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Mapping as MappingType

    from generator.formats.records import Key
    from generator.rubric.measures import FactRecord, FieldValue, Having
    from generator.rubric.vocabulary import Vocabulary

#: How many records a reason names before it only counts them.
NAMED = 3

RECORD = mark("{date}“{title}”：{failed}")
REST = mark("还有 {n} 项")
LATE = mark("{date} 收到{told}，{bound}（迟 {n} 天）")
#: Where the day of receipt comes from, unless from history.
TOLD = mark("（党委登记：{reason}）")
AFTER = mark("{title} {date}，{bound}（迟 {n} 天）")
NO_DATE = mark("{title}是“{value}”，不是日期")
NO_BOUND = mark("没有填{title}，{other}是否按时无从判断")
BELOW = mark("{title} {value}，应不少于 {bound}（差 {n}）")
OTHER = mark("{title}是“{value}”，应为{wanted}")
WITHOUT = mark("{title}是“{value}”，应包括{wanted}")
EMPTY = mark("没有填{titles}")
UNMET = mark("没有填{title}，{wanted}")
UNSET = mark("没有填{titles}，应为“是”")
FALSE = mark("{titles}为“否”，应为“是”")
LACKING = mark("缺{titles}")
UNUSABLE = mark("{title}“{name}”不能采用")
UNEQUAL = mark("考勤不能采用")
#: Of an entry of the due list: nobody answers it, and whether an answer could still be in time.
UNANSWERED, UNANSWERED_IN_TIME = mark("没有材料回应"), mark("没有材料回应，期限已过")
#: What stands before the records that fail: those that ought to have more, those that do not count.
LACKS, MISSED = mark("；未达要求：{named}"), mark("；未计：{named}")
#: What stands before the records that came in time, and one of them.
KEPT, IN_TIME = mark("；按时：{named}"), mark("{date}“{title}”：{received} 收到{told}，{bound}")
AND, OR = mark("，且"), mark("或")
#: What a kind of activity is told by: an activity of another type is no failure.
TYPE = "type"


def named(records: Sequence[FactRecord], asked: Having, vocabulary: Vocabulary) -> Value:
    """Return the first records with what each of them fails, and how many more there are."""
    found: list[Message] = [
        say(
            RECORD,
            date=record.date,
            title=record.title,
            failed=listed(failures(record, asked, vocabulary), AND),
            path=record.path,
            **({"due": record.due} if record.names else {}),
        )
        for record in records[:NAMED]
    ]
    rest = records[NAMED:]
    if rest:
        found.append(
            say(REST, n=len(rest), paths=listed(r.due if r.names else r.path for r in rest))
        )
    return listed(found, SEMICOLON)


def uncounted(records: Sequence[FactRecord], where: Where, vocabulary: Vocabulary) -> Words:
    """Say which records of a kind do not count, and why; nothing where all do.

    An activity of another type than those that count is another matter, and not named.
    """
    typed = [c for c in where.conditions if c.field == TYPE and c.values is not None]
    beside = [
        record
        for record in records
        if not where.matches(record)
        and (record.kind != ACTIVITY or all(condition.matches(record) for condition in typed))
    ]
    return say(MISSED, named=named(beside, where, vocabulary)) if beside else ""


def failures(record: FactRecord, asked: Having, vocabulary: Vocabulary) -> tuple[Message, ...]:
    """Return every condition that ``record`` fails; nothing where it meets all."""
    if not record.path:
        late = isinstance(asked, Where) and any(
            c.field == RECEIVED and c.not_after is not None for c in asked.conditions
        )
        id_ = UNANSWERED_IN_TIME if late else UNANSWERED
        return (say(id_, title=record.title, due=record.due),)
    if isinstance(asked, Where):
        failed = [condition for condition in asked.conditions if not condition.matches(record)]
        bare = [c.field for c in failed if c == Condition(c.field, present=True)]
        more = [c for c in failed if c.field not in bare]
        found = (message for c in more for message in against(record, c, vocabulary))
        return (*missing(record, bare), *found)
    return tuple(missing(record, [name for name in asked if not record.holds(name)]))


def missing(record: FactRecord, names: Sequence[str]) -> Iterator[Message]:
    """Yield what is not there, or false, of the fields that ought to be: a message a kind."""
    absent = [name for name in names if not record.present(name)]
    for name in (name for name in absent if name in record.faulty):
        if record.faulty[name]:
            title = title_of(record, name)
            yield say(UNUSABLE, title=title, name=record.faulty[name], field=name)
        else:
            yield say(UNEQUAL, field=name)
    absent = [name for name in absent if name not in record.faulty]
    open_ = [name for name in absent if name not in record.booleans]
    keys = keys_of_file(record.kind)
    groups = (
        (LACKING, [name for name in open_ if name in keys]),
        (EMPTY, [name for name in open_ if name not in keys]),
        (UNSET, [name for name in absent if name in record.booleans]),
        (FALSE, [name for name in names if record.present(name)]),
    )
    for id_, found in groups:
        if found:
            titles = listed(title_of(record, name) for name in found)
            yield say(id_, titles=titles, fields=listed(found))


def against(record: FactRecord, condition: Condition, vocabulary: Vocabulary) -> Iterator[Message]:
    """Yield how a record fails one condition; one that compares in several ways fails in each."""
    name, value = condition.field, record.value(condition.field)
    if not record.present(name):
        if name in record.faulty:
            yield from missing(record, [name])
            return
        wanted = tuple(bounds(record, condition, vocabulary))
        title = title_of(record, name)
        yield say(UNMET, title=title, wanted=listed(wanted, "，"), field=name)
        return
    if condition.values is not None and not Condition(name, condition.values).matches(record):
        yield unlike(record, condition, vocabulary)
    least = condition.at_least
    if least is not None and not Condition(name, at_least=least).matches(record):
        yield below(record, name, value, least)
    limit = condition.not_after
    if limit is not None and not Condition(name, not_after=limit).matches(record):
        yield after(record, name, value, limit)


def unlike(record: FactRecord, condition: Condition, vocabulary: Vocabulary) -> Message:
    """Word a value that is none of those asked for."""
    value = record.value(condition.field)
    return say(
        WITHOUT if isinstance(value, tuple) else OTHER,
        title=title_of(record, condition.field),
        value=shown(value, record, condition.field, vocabulary),
        wanted=choices(record, condition, vocabulary),
        field=condition.field,
    )


def below(record: FactRecord, name: str, value: FieldValue, least: Decimal) -> Message:
    """Word a number that is too small."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        wanted = say("不少于 {bound} 的数", bound=least)
        return say(OTHER, title=title_of(record, name), value=f"{value}", wanted=wanted, field=name)
    return say(
        BELOW, title=title_of(record, name), value=value, bound=least, n=least - value, field=name
    )


def after(record: FactRecord, name: str, value: FieldValue, limit: datetime.date | str) -> Message:
    """Word a day that lies behind its bound, or what cannot be compared with one."""
    title = title_of(record, name)
    bound = record.value(limit) if isinstance(limit, str) else limit
    if not isinstance(value, datetime.date):
        return say(NO_DATE, title=title, value=f"{value}", field=name)
    if isinstance(limit, str) and not record.present(limit):
        return say(NO_BOUND, title=title_of(record, limit), other=title, field=limit)
    if not isinstance(bound, datetime.date):
        other = f"{limit}"
        return say(NO_DATE, title=title_of(record, other), value=f"{bound}", field=other)
    days = (value - bound).days
    if name == RECEIVED:
        bound_, told = bound_of(record, limit), told_by(record)
        return say(LATE, date=value, told=told, bound=bound_, n=days, field=name)
    words = bound_of(record, limit)
    return say(AFTER, title=title, date=value, bound=words, n=days, field=name)


def in_time(records: Sequence[FactRecord], asked: Having) -> Words:
    """Say when records came that meet a bound on their receipt; nothing where none is asked."""
    conditions = asked.conditions if isinstance(asked, Where) else ()
    bounded = [c for c in conditions if c.field == RECEIVED and c.not_after is not None]
    found = [
        (record, condition.not_after)
        for condition in bounded
        for record in records
        if condition.matches(record)
    ]
    if not found:
        return ""
    shown = [
        say(
            IN_TIME,
            date=record.date,
            title=record.title,
            received=f"{record.value(RECEIVED)}",
            told=told_by(record),
            bound=bound_of(record, limit),
        )
        for record, limit in found[:NAMED]
        if limit is not None
    ]
    rest = len(found) - NAMED
    shown += [say(REST, n=rest)] if rest > 0 else []
    return say(KEPT, named=listed(shown, SEMICOLON))


def told_by(record: FactRecord) -> Words:
    """Say why the committee wrote down when a record was received; nothing of history."""
    return say(TOLD, reason=record.registered) if record.registered else ""


def bound_of(record: FactRecord, limit: datetime.date | str) -> Message:
    """Word the day that another day may not be after, with the field that it stands in."""
    if isinstance(limit, datetime.date):
        return say("期限 {date}", date=limit)
    return say("{title} {date}", title=title_of(record, limit), date=record.value(limit))


def bounds(record: FactRecord, condition: Condition, vocabulary: Vocabulary) -> Iterator[Message]:
    """Yield what is asked of a field that a record does not have."""
    if condition.values is not None:
        yield say("应为{wanted}", wanted=choices(record, condition, vocabulary))
    if condition.at_least is not None:
        yield say("应不少于 {bound}", bound=condition.at_least)
    limit = condition.not_after
    if isinstance(limit, str) and not isinstance(record.value(limit), datetime.date):
        yield say("应不晚于{title}", title=title_of(record, limit))
    elif limit is not None:
        yield say("应不晚于{bound}", bound=bound_of(record, limit))


def choices(record: FactRecord, condition: Condition, vocabulary: Vocabulary) -> Value:
    """Word the values that a field may have."""
    return listed(
        (
            say("“{name}”", name=shown(value, record, condition.field, vocabulary))
            for value in condition.values or ()
        ),
        OR,
    )


def shown(value: FieldValue, record: FactRecord, name: str, vocabulary: Vocabulary) -> Value:
    """Return a value as it is called: a type of activity by its title, true and false in words."""
    if isinstance(value, tuple):
        return listed(shown(entry, record, name, vocabulary) for entry in value)
    truth = isinstance(record.value(name), bool) and value in {"true", "false"}
    if isinstance(value, bool) or truth:
        return say("是") if value in {True, "true"} else say("否")
    if isinstance(value, str) and record.kind == ACTIVITY and name == TYPE:
        return vocabulary.activity_types.get(value, value)
    return f"{value}"


def title_of(record: FactRecord, name: str) -> Words:
    """Return what a field of a record is called."""
    if name in record.names:
        return say(record.names[name])
    if name == RECEIVED and isinstance(record.value(name), datetime.date):
        return say("收到日期")
    return field_title(record.kind, name)


def field_title(kind: str, name: str) -> Words:
    """Return what a field is called: a key by its title, a field of the kind by its name."""
    found = keys_of_file(kind).get(name)
    return say(found[1].title) if found else name


def keys_of_file(kind: str) -> MappingType[str, tuple[str, Key]]:
    """Return the keys of the file that a record of a kind is."""
    return ACTIVITY_FILE.keys if kind == ACTIVITY else DOCUMENT_FILE.keys
