"""Which conditions of records a change mends or breaks, told from the reasons of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.rubric.failing import RECORD, REST
from generator.text.messages import SEMICOLON, Listed, Message, Value, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.scoring.scorecard import BonusLine, Line

#: How many records are named before the rest is counted.
NAMED = 3


class Failing(NamedTuple):
    """The records that a reason names, by their folders, and the folders that it only counts."""

    named: dict[str, Message]
    counted: frozenset[str]


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
        first = state(one, counted=path in before.evidence)
        last = state(two, counted=path in after.evidence)
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
    for message in messages_in(reason):
        if message.id == RECORD:
            named[f"{message.value('path')}"] = message
        elif message.id == REST:
            paths = message.value("paths")
            counted |= {f"{path}" for path in paths.items} if isinstance(paths, Listed) else set()
    return Failing(named, frozenset(counted))


def messages_in(value: Value) -> Iterator[Message]:
    """Yield a message and all that it holds."""
    if isinstance(value, Message):
        yield value
        for _, own in value.values:
            yield from messages_in(own)
    elif isinstance(value, Listed):
        for item in value.items:
            yield from messages_in(item)
