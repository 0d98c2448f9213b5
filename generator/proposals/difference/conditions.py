"""Which conditions of records a change mends or breaks, told from the reasons of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.rubric.failing import RECORD, REST
from generator.rubric.methods.answering import OF_DUE
from generator.text.messages import SEMICOLON, Listed, Message, Value, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.scoring.scorecard import BonusLine, Line

#: How many records are named before the rest is counted.
NAMED = 3


class Failing(NamedTuple):
    """The records that a reason names, by their folders, and the folders that it only counts.

    Entries of the due list go by their ids; ``met`` are those that are answered in full.
    """

    named: dict[str, Message]
    counted: frozenset[str]
    met: frozenset[str]


def mended(before: Line | BonusLine, after: Line | BonusLine) -> Value | None:
    """Word the conditions that differ, the old one → the new one; None where none does.

    A record that one reason names and the other does not met all on that side only if it counted
    there; where it was not there, or is only counted among the rest, nothing is said of that side.
    """
    old, new = failing(before.reason), failing(after.reason)
    rows = []
    for path in dict.fromkeys([*old.named, *new.named]):
        one = old.named.get(path)
        two = new.named.get(path)
        if one == two or path in old.counted | new.counted:
            continue
        first = state(one, counted=path in old.met or path in before.evidence)
        last = state(two, counted=path in new.met or path in after.evidence)
        record = two or one
        if record is None or last is None:
            continue
        words = say("{date}“{title}”", date=record.value("date"), title=record.value("title"))
        if first is None:
            rows.append(say("{title}：{words}", title=words, words=last))
        else:
            rows.append(say("{title}：{before} → {after}", title=words, before=first, after=last))
    if not rows:
        return None
    rest = [say(REST, n=len(rows) - NAMED)] if len(rows) > NAMED else []
    return listed([*rows[:NAMED], *rest], SEMICOLON)


def state(record: Message | None, *, counted: bool) -> Value | None:
    """Return what a record fails on one side, or that it meets all; None where nobody can tell."""
    if record is not None:
        return record.value("failed")
    return say("符合要求") if counted else None


def failing(reason: Value) -> Failing:
    """Return the records that a reason says fail."""
    named: dict[str, Message] = {}
    counted: set[str] = set()
    met: set[str] = set()
    for message in messages_in(reason):
        if message.id == RECORD:
            named[f"{message.value('due') or message.value('path')}"] = message
        elif message.id == REST:
            counted |= texts_of(message.value("paths"))
        elif message.id == OF_DUE:
            met |= texts_of(message.value("met"))
    return Failing(named, frozenset(counted), frozenset(met))


def texts_of(value: Value | None) -> set[str]:
    """Return the texts of a row of them; none where there is none."""
    return {f"{item}" for item in value.items} if isinstance(value, Listed) else set()


def messages_in(value: Value) -> Iterator[Message]:
    """Yield a message and all that it holds."""
    if isinstance(value, Message):
        yield value
        for _, own in value.values:
            yield from messages_in(own)
    elif isinstance(value, Listed):
        for item in value.items:
            yield from messages_in(item)
