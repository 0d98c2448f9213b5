"""The page of open questions: what is chosen, what else is possible, and what rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.site.addresses import WHATIF
from generator.text.language import gettext, mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.rubric.document import Asker, Question, Rubric
    from generator.site.data.year import YearPages

#: What the anchor of a grade is on the page of the rubric: grades have one together.
GRADES = "grades"

CRITERION, PART = mark("小项"), mark("细分")
BONUS, VETO, GRADE = mark("加分项"), mark("一票否决"), mark("等次")


@dataclass(frozen=True, slots=True)
class Resting:
    """Something in the rubric that rests on a question; ``anchor`` is its place there."""

    what: str
    title: str
    clause: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another answer: its label, and where the page of what if has it; empty for none."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what rests on it."""

    question: Question
    resting: tuple[Resting, ...]
    others: tuple[Other, ...]


def asked(made: YearPages) -> tuple[Asked, ...]:
    """Return all questions of a year's rubric, in its order."""
    whatif = made.site.evaluation.whatif
    known = {answer.id for answer in whatif.answers} if whatif and made.current else set()
    found: dict[str, list[Resting]] = {}
    for name, resting in resting_of(made.site.rubric):
        found.setdefault(name, []).append(resting)
    return tuple(
        Asked(
            question,
            tuple(dict.fromkeys(found.get(question.id, ()))),
            tuple(
                Other(a.label, f"{made.site.prefix}{WHATIF}#{name}" if name in known else "")
                for number, a in enumerate(question.alternatives, start=1)
                for name in [f"{question.id}-{number}"]
            ),
        )
        for question in made.site.rubric.questions
    )


def resting_of(rubric: Rubric) -> Iterator[tuple[str, Resting]]:
    """Yield what rests on a question, with its id."""
    for section in rubric.sections:
        for item in section.criteria:
            yield from asking(item, Resting(gettext(CRITERION), item.title, item.clause, item.id))
            for part in item.parts:
                resting = Resting(gettext(PART), part.title, item.title, item.id)
                yield from asking(part, resting)
    for rule in rubric.bonus.rules if rubric.bonus else ():
        yield from asking(rule, Resting(gettext(BONUS), rule.title, rule.clause, rule.id))
    for veto in rubric.vetoes:
        yield from asking(veto, Resting(gettext(VETO), veto.title, veto.clause, veto.id))
    for band in rubric.grades:
        yield from asking(band, Resting(gettext(GRADE), band.title, "", GRADES))


def asking(record: Asker, resting: Resting) -> Iterator[tuple[str, Resting]]:
    """Yield the question of a record, where it has one."""
    if record.question:
        yield record.question, resting
