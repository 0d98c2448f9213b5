"""What somebody typed into a form, read into answers, and answers as a form has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping as Pairs
from generator.formats.nodes import Scalar, Sequence, is_absent
from generator.formats.shapes import ListShape
from generator.proposals.filing.answers import (
    COUNTED,
    FILE_NAME,
    AnswerError,
    added,
    answer,
    attendance_part,
    choice,
    seen,
    single,
)
from generator.proposals.filing.questions import SEVERAL, Input
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from generator.formats.nodes import Node
    from generator.proposals.filing.answers import Plain
    from generator.proposals.filing.questions import Question
    from generator.site.form.answering.arguments import Typed

#: Characters of one answer.
MAX_ANSWER = 10_000
#: Counts that may be left out: nobody was on leave, nobody was absent.
NONE_SAID = ("leave", "absent")
TOO_LONG = mark("写得太长：有 {n} 个字，最多 {most} 个")
ONE_ONLY = mark("这里只写一个答案，现在有 {n} 个")
NO_PART = mark("这里没有“{name}”这一栏")


def taken(
    question: Question, typed: Typed, names: Iterable[str] = (), kept: Collection[str] = ()
) -> Plain | None:
    """Return what an answer says, None where it says nothing; raises AnswerError.

    ``kept`` are entries of a list that are there already, and need be no choice that is offered.
    """
    if typed is None:
        return None
    if isinstance(typed, str):
        return answer(question, bounded(typed), names)
    if isinstance(typed, Mapping):
        return by_parts(question, typed)
    bounded("".join(typed))
    if question.input not in SEVERAL:
        if len(typed) > 1:
            raise AnswerError(say(ONE_ONLY, n=len(typed)))
        return answer(question, typed[0], names) if typed else None
    found: Plain | None = None
    for text in typed:
        own = seen(text)
        found = added(found, (own,) if own in kept else one_of_several(question, own))
    return found


def bounded(text: str) -> str:
    """Return an answer; raises AnswerError for one that is too long for any file."""
    if len(text) > MAX_ANSWER:
        raise AnswerError(say(TOO_LONG, n=len(text), most=MAX_ANSWER))
    return text


def one_of_several(question: Question, text: str) -> tuple[Plain, ...] | None:
    """Return one entry of a list, which is never parted; raises AnswerError."""
    if not text:
        return None
    if question.input is Input.SOME:
        return (choice(question, text),)
    shape = question.shape
    return (single(shape.item if isinstance(shape, ListShape) else shape, text),)


def by_parts(question: Question, typed: Mapping[str, str]) -> Plain | None:
    """Return an answer in parts: counts, or the name of a file; raises AnswerError."""
    if question.input is not Input.ATTENDANCE:
        raise AnswerError(say(ONE_ONLY, n=len(typed)))
    found: dict[str, Plain] = {}
    for name, text in typed.items():
        try:
            value = attendance_part(name, bounded(text))
        except KeyError:
            raise AnswerError(say(NO_PART, name=visible(name, SHORT))) from None
        if value is not None:
            found[name] = value
    if found.keys() & COUNTED.keys():
        found = {**dict.fromkeys(NONE_SAID, 0), **found}
    return {name: found[name] for name in (*COUNTED, FILE_NAME) if name in found} or None


def written_in(question: Question, root: Pairs | None) -> Typed:
    """Return what a file says at a question, as it is written there; None where it says nothing."""
    node: Node | None = root
    for step in question.key.split("."):
        entry = node.entries.get(step) if isinstance(node, Pairs) else None
        node = entry[1] if entry else None
    return spelled(node)


def spelled(node: Node | None) -> Typed:
    """Return the texts of a node: a single value, a list of them, or parts."""
    if node is None or (isinstance(node, Scalar) and is_absent(node)):
        return None
    if isinstance(node, Scalar):
        return node.text.strip()
    if isinstance(node, Sequence):
        return tuple(own.text.strip() for own in node.items if isinstance(own, Scalar))
    if isinstance(node, Pairs):
        parts = {name: own for name, (_, own) in node.entries.items()}
        return {n: own.text.strip() for n, own in parts.items() if isinstance(own, Scalar)}
    return None


def spoken(value: Plain | None) -> Typed:
    """Return an answer as the page has it: ids, days and numbers as text."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return tuple(word(own) for own in value)
    if isinstance(value, dict):
        return {name: word(own) for name, own in value.items()}
    return word(value)


def word(value: Plain) -> str:
    """Return one value as text; yes and no as files have them."""
    return ("true" if value else "false") if isinstance(value, bool) else f"{value}"
