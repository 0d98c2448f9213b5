"""What became of each entry that was asked of a branch: answered, late, unanswered, still open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.rubric.asked import answer_of
from generator.rubric.measures import RECEIVED
from generator.rubric.methods.complete import Share
from generator.text.language import mark
from generator.text.privacy import NO_TEXT, masked

if TYPE_CHECKING:
    from generator.rubric.asked import Answer
    from generator.rubric.document import Criterion, Rubric
    from generator.rubric.measures import Having
    from generator.rubric.methods.base import Facts
    from generator.text.privacy import Printable

#: Answered in full; answered, but not all that is asked; not answered; its day has not passed.
ANSWERED, SHORT, UNANSWERED, OPEN = "answered", "short", "unanswered", "open"
STATES = {
    ANSWERED: mark("符合要求"),
    SHORT: mark("未达要求"),
    UNANSWERED: mark("没有回应"),
    OPEN: mark("没有到期"),
}


class DueLine(NamedTuple):
    """An entry as it was asked of a branch, and what answers it: paths, days as text or ``""``.

    ``state`` is by what the first criterion asks that counts entries of the kind; where none
    does, any answer will do. ``received`` is the day of its answer where the rubric asks for it.
    """

    id: str
    kind: str
    kind_title: Printable
    title: Printable
    asked: str
    held: str
    state: str
    answer: Printable = NO_TEXT
    received: str = ""
    others: tuple[Printable, ...] = ()


def due_lines(rubric: Rubric, facts: Facts) -> tuple[DueLine, ...]:
    """Return what was asked of a branch, in the order of the due list."""
    asked = having_of(rubric) if facts.asked else {}
    return tuple(
        line_of(answer_of(entry, facts.of(entry.kind), asked.get(entry.kind)), rubric)
        for entry in facts.asked
    )


def counted_kinds(criterion: Criterion) -> frozenset[str]:
    """Return the kinds of documents of which a criterion counts entries."""
    methods = [item.method for item in (criterion, *criterion.parts)]
    return frozenset(own.of for own in methods if isinstance(own, Share) and own.due)


def having_of(rubric: Rubric) -> dict[str, Having]:
    """Return kind → what the first criterion that counts its entries asks of an answer."""
    found: dict[str, Having] = {}
    for _, criterion in rubric.criteria.values():
        for item in (criterion, *criterion.parts):
            if isinstance(item.method, Share) and item.method.due:
                found.setdefault(item.method.of, item.method.having)
    return found


def line_of(answer: Answer, rubric: Rubric) -> DueLine:
    """Return an entry with what became of it."""
    entry, taken = answer.entry, answer.taken
    received = taken.value(RECEIVED) if taken is not None else None
    return DueLine(
        id=entry.id,
        kind=entry.kind,
        kind_title=masked(f"{rubric.vocabulary.kind_titles.get(entry.kind, entry.kind)}"),
        title=entry.title,
        asked=f"{entry.asked}",
        held=f"{entry.held or ''}",
        state=state_of(answer),
        answer=masked(taken.path) if taken is not None else NO_TEXT,
        received=f"{received or ''}",
        others=tuple(masked(record.path) for record in answer.others),
    )


def state_of(answer: Answer) -> str:
    """Return what became of an entry."""
    if answer.met:
        return ANSWERED
    if not answer.entry.come:
        return OPEN
    return UNANSWERED if answer.taken is None else SHORT
