"""Hints that a program can apply: what stands at a finding's place, and what is to stand there.

Such a hint is a message with the values ``old`` and ``new``. ``old`` stands at the finding's line
and column, or behind the quotation mark there. With ``lines`` every ``old`` on them is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.text.language import mark
from generator.text.messages import Listed, Message, Words, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Longest text that is proposed, in characters.
LONG = 200

WRITE = mark("写 {new}")
WRITE_TITLE = mark("写 {new}（{title}）")
IF_MEANT = mark("如果指的是它，写 {new}；否则{rest}")
IF_MEANT_TITLE = mark("如果指的是“{title}”，写 {new}；否则{rest}")
LINE = mark("这一行写作：{fixed}")


class Remedy(NamedTuple):
    """Text that stands somewhere and text to be put there; ``lines`` are 1-based, or none."""

    old: str
    new: str
    lines: tuple[int, ...] = ()


def remedy_of(hint: Words) -> Remedy | None:
    """Return what a program can do about a finding with this hint; None where a person must."""
    if not isinstance(hint, Message):
        return None
    old, new, lines = hint.value("old"), hint.value("new"), hint.value("lines")
    if not isinstance(old, str) or not isinstance(new, str):
        return None
    numbers = lines.items if isinstance(lines, Listed) else ()
    return Remedy(old, new, tuple(n for n in numbers if isinstance(n, int)))


def write(old: str, new: str, title: Words = "") -> Message:
    """Return the hint to write ``new`` in place of ``old``; ``title`` says what ``new`` means."""
    if not title or title == new:
        return say(WRITE, new=new, old=old)
    return say(WRITE_TITLE, new=new, title=title, old=old)


def if_meant(old: str, new: str, title: Words, rest: Message) -> Message:
    """Return the hint to write ``new`` where that is meant, and what else to do (``rest``)."""
    if not title or title == new:
        return say(IF_MEANT, new=new, rest=rest, old=old)
    return say(IF_MEANT_TITLE, new=new, title=title, rest=rest, old=old)


def on_lines(hint: str, old: str, new: str, lines: Iterable[int], **values: object) -> Message:
    """Return the hint to put ``new`` for every ``old`` on some lines."""
    return say(hint, old=old, new=new, lines=listed(lines), **values)
