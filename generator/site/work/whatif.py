"""The page of what if: how points, ranks and grades would be under other answers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from generator.formats.nodes import Mapping, Node, Scalar, Sequence
from generator.reports.whatif import errors_words, summary
from generator.site.addresses import QUESTIONS, WHATIF, branch_address
from generator.site.data.scale import ZERO
from generator.site.data.scant import is_scant
from generator.site.html.templating import signed
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.engine.whatif.answers import Answer
    from generator.engine.whatif.outcomes import Change, Outcome
    from generator.rubric.document import Question, Rubric
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

    #: How each grade is drawn, by its id.
    Looks = dict[str | None, str]

#: Branches that a table lists at most: as many as a page of the ranking.
ROWS = 200
#: Branches that the tables of the page list together, so that it stays below 300 kB; each lists
#: some all the same.
TOGETHER = 400
SOME = 20


@dataclass(frozen=True, slots=True)
class GradeView:
    """A grade as a word in a box; ``look`` is how it is drawn."""

    title: str
    look: str


@dataclass(frozen=True, slots=True)
class Step:
    """A branch now and then; ``gain`` is what its total would gain, None where it stays."""

    name: str
    address: str
    now: Decimal | None
    then: Decimal | None
    gain: Decimal | None
    rank: int | None
    rank_then: int | None
    grade: GradeView
    grade_then: GradeView
    rank_moves: bool
    grade_moves: bool
    scant: bool


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many branches have a grade now, and would have it then."""

    grade: GradeView
    now: int
    then: int
    gain: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer with its outcome; ``computed`` is False where it does not hold together.

    ``changes`` are the lines of the rubric that it changes; ``more`` is the number of branches
    that are not listed.
    """

    id: str
    label: str
    changes: tuple[str, ...]
    problems: tuple[str, ...]
    computed: bool
    words: str = ""
    warning: str = ""
    points: int = 0
    ranks: int = 0
    graded: int = 0
    counts: tuple[GradeCount, ...] = ()
    rows: tuple[Step, ...] = ()
    more: int = 0

    @property
    def caption(self) -> str:
        """Say what the table of branches holds."""
        count = len(self.rows) + self.more
        return tr("{n} 个支部的总分、名次或等次会变；等次会变的在前", n=count)


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its other answers."""

    question: Question
    answers: tuple[AnswerView, ...]


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the page, of the year shown first and of those under way: others have no answers."""
    if made.current:
        yield f"{made.site.prefix}{WHATIF}", partial(page, made)


def page(made: YearPages) -> GeneratedPage:
    """Return the page of what if."""
    questions = views_of(made)
    return made.page(
        f"{made.site.prefix}{WHATIF}",
        "whatif.html.jinja",
        gettext("换一种答案会怎样"),
        description=tr(
            "{year} 年度：待定事项的其他答案对得分、名次和等次的影响", year=made.shown.year
        ),
        nav=QUESTIONS,
        questions=questions,
        final=made.shown.stage == "final",
    )


def views_of(made: YearPages) -> tuple[QuestionView, ...]:
    """Return the open questions that have other answers, in the order of the rubric."""
    whatif = made.site.evaluation.whatif
    if whatif is None:
        return ()
    found: dict[str, list[AnswerView]] = {}
    questions = {}
    most = min(ROWS, max(SOME, TOGETHER // len(whatif.answers)))
    for answer in whatif.answers:
        questions[answer.question.id] = answer.question
        view = answer_view(made, answer, whatif.outcome(answer), most)
        found.setdefault(answer.question.id, []).append(view)
    return tuple(QuestionView(questions[name], tuple(views)) for name, views in found.items())


def answer_view(made: YearPages, answer: Answer, outcome: Outcome | None, most: int) -> AnswerView:
    """Return the view of one answer, with a limited number of branches."""
    alternative = answer.question.alternatives[answer.number - 1]
    changes = tuple(f"{path}: {written(value)}" for path, value in alternative.change.items())
    problems = tuple(f"{finding.code} {finding.message}" for finding in answer.problems)
    if outcome is None or answer.rubric is None:
        return AnswerView(answer.id, answer.label, changes, problems, computed=False)
    listed = sorted((c for c in outcome.changes if moves(c)), key=lambda c: not c.grade_changes)
    looks = looks_of(answer.rubric)
    return AnswerView(
        answer.id,
        answer.label,
        changes,
        problems,
        computed=True,
        words=summary(outcome),
        warning=errors_words(outcome.errors) if outcome.errors else "",
        points=outcome.points,
        ranks=outcome.ranks,
        graded=outcome.graded,
        counts=tuple(counts_of(outcome, looks)),
        rows=tuple(step_of(made, change, looks) for change in listed[:most]),
        more=max(0, len(listed) - most),
    )


def counts_of(outcome: Outcome, looks: Looks) -> Iterator[GradeCount]:
    """Yield how many branches have each grade now and then."""
    for name, title, now, then in outcome.grades:
        grade = GradeView(title or gettext("未定"), looks.get(name, ""))
        yield GradeCount(grade, now, then, signed(Decimal(then - now), 0))


def moves(change: Change) -> bool:
    """Whether more than what is possible would be otherwise."""
    return change.points_change or change.rank_changes or change.grade_changes


def looks_of(rubric: Rubric) -> Looks:
    """Return how each grade is drawn, by its id; none at all is open."""
    looks: Looks = {None: "open"}
    for band in rubric.grades:
        looks[band.id] = ""
    if rubric.grades:
        looks[rubric.grades[0].id] = "top"
        looks[rubric.grades[-1].id] = "low"
    return looks


def step_of(made: YearPages, change: Change, looks: Looks) -> Step:
    """Return a branch now and then."""
    now = change.now
    gain = (change.total or ZERO) - (now.total or ZERO)
    scant = is_scant(made.shown.stage, now)
    return Step(
        now.name,
        branch_address(made.shown.year, now),
        now.total,
        change.total,
        gain if change.points_change else None,
        None if scant else now.rank,
        None if scant else change.rank,
        GradeView(now.grade_title or gettext("未定"), looks.get(now.grade, "")),
        GradeView(change.grade_title or gettext("未定"), looks.get(change.grade, "")),
        change.rank_changes and not scant,
        change.grade_changes,
        scant,
    )


def written(node: Node) -> str:
    """Write a value of a change in one line, as YAML has it in a flow."""
    if isinstance(node, Mapping):
        inside = (f"{key}: {written(value)}" for key, (_, value) in node.entries.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(written(item) for item in node.items) + "]"
    return node.text or "null" if isinstance(node, Scalar) else ""
