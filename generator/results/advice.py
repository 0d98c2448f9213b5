"""Why a line has not all of its points, and what can still be done: one sentence each.

Both are read out of the line's reason. A final year has the words that it was frozen with, and
nothing can be done about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from generator.results.steps import (
    GRADED,
    HELD,
    HOLD,
    OF_REASON,
    OVER,
    VOTED,
    WAIT,
    Step,
    Told,
    at_fault,
    worded,
)
from generator.scoring.decision import UNCOUNTED
from generator.scoring.mending import ANSWER_BY, PROVE
from generator.scoring.scorecard import Basis
from generator.text.language import mark
from generator.text.messages import SEMICOLON, Message, Value, Words, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.results.model import Results
    from generator.rubric.document import Criterion
    from generator.scoring.scorecard import Line

#: Steps that name their own last day.
DATED = frozenset({ANSWER_BY, HOLD})
REVIEW, PUBLICITY, FINAL = "review", "publicity", "final"
#: What a branch can still do once results are posted.
POSTED = mark("公示期间不再收材料；对这一项有异议的，在公示期内向党委提出")
#: What is said once of all that a branch can still do while evidence is under review.
REVIEWED = mark("材料正在评审，现在补报是否计入由党委决定。")


class When(NamedTuple):
    """Up to when a branch can hand in: the stage, the deadline, the end of the period."""

    stage: str
    deadline: str
    end: str

    @classmethod
    def of(cls, results: Results) -> When:
        """Return it of a year."""
        return cls(results.stage, results.deadline, results.period[1])


@dataclass(frozen=True, slots=True)
class Advice:
    """Why points are missing, and what can be done; ``own`` is whether the branch can do it.

    ``day`` is the last one for the most urgent of it, empty where none is told.
    """

    why: Words
    how: Words
    own: bool
    day: str = ""


def advice_of(
    line: Line, parts: Sequence[Line], criterion: Criterion | None, when: When
) -> Advice | None:
    """Return the advice on a criterion's line; None where it lacks nothing or is settled."""
    settled = line.excluded or line.basis is Basis.SCALED or line.max is None
    if when.stage == FINAL or settled or not isinstance(line.reason, Message):
        return None
    if line.basis is Basis.CLAIMED:
        asked = criterion is not None and criterion.evidence is not None and not line.evidence
        words = line.reason
        step = Step(WAIT)
        if asked:
            words = say("自评 {points} 分，没有佐证", points=line.claimed or 0)
            step = Step(PROVE, values=(("criterion", line.criterion or ""),))
        return advised(words, {step: []}, when)
    if line.points == line.max:
        return None
    if line.basis in {Basis.VERIFIED, Basis.ACCEPTED, Basis.NOT_APPLICABLE}:
        return Advice(line.reason, say(GRADED), own=False)
    steps: dict[Step, list[str]] = {}
    why: list[Value] = []
    for told, own in readings(line, parts):
        why.append(own)
        for step, files in told.steps.items():
            steps.setdefault(step, []).extend(files)
    words = say("{words}", words=listed(why, SEMICOLON))
    return advised(words, steps, when)


def advised(why: Words, steps: Mapping[Step, list[str]], when: When) -> Advice:
    """Return an advice: the steps that are left in the stage of the year."""
    own = any(step.own for step in steps)
    if own and when.stage == PUBLICITY:
        return Advice(why, say(POSTED), own=False)
    return Advice(why, how_of(steps, when), own, day_of(steps, when) if own else "")


def last_day(step: Step, when: When) -> str:
    """Return the last day for a step of the branch, empty where none is told."""
    if step.id == ANSWER_BY:
        return f"{dict(step.values)['asked']}"
    return when.end if step.id == HOLD else when.deadline or when.end


def day_of(steps: Iterable[Step], when: When) -> str:
    """Return the last day for the most urgent of the steps that are the branch's own."""
    if when.stage == REVIEW:
        return ""
    days = (last_day(step, when) for step in steps if step.own)
    return min(filter(None, days), default="")


def readings(line: Line, parts: Sequence[Line]) -> Iterator[tuple[Told, Value]]:
    """Yield what the reasons of a line say that lacks points, those of its parts where it has any.

    The words say of which part they are.
    """
    criterion = line.criterion or ""
    alone = isinstance(line.reason, Message) and line.reason.id in OF_REASON
    short = [] if alone else [part for part in parts if part.points != part.max]
    for own in short or [line]:
        told = Told(own.reason, criterion)
        words = listed(told.why, SEMICOLON)
        titled = bool(short) and told.label != own.title
        yield told, say("{title}：{words}", title=own.title, words=words) if titled else words
    if short and isinstance(line.reason, Message) and line.reason.id == UNCOUNTED:
        told = Told(None, criterion)
        at_fault(told, line.reason)
        yield told, listed(told.why)


def how_of(steps: Mapping[Step, list[str]], when: When) -> Message:
    """Return the steps as a sentence: what the branch can do, up to which day, or who else can."""
    own = [step for step in steps if step.own]
    if not own:
        return say("{words}", words=listed((worded(step, []) for step in steps), SEMICOLON))
    held = [step for step in own if step.id in DATED]
    files = [step for step in own if step.id not in DATED]
    sentences: list[Value] = []
    if when.stage == REVIEW:
        held = [step._replace(id=HELD) if step.id == HOLD else step for step in held]
    words = listed((worded(step, steps[step]) for step in files), SEMICOLON)
    if files:
        day = when.deadline or when.end
        dated = day and when.stage != REVIEW
        sentences.append(say("{day} 前：{words}", day=day, words=words) if dated else words)
    sentences += [worded(step, [], end=when.end) for step in held]
    sentences += [worded(step, []) for step in steps if step.id in {OVER, VOTED}]
    return say("{words}", words=listed(sentences, SEMICOLON))
