"""What if: a year under other answers to its open questions, scored by the very same code.

An answer is a change of the rubric. The changed rubric is read and checked like any other, and
every branch is scored by it while its records are at hand. What it then comes to is packed and
kept with the branch, so that no branch is read twice, however many answers there are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.checks import run_branch, run_rubric
from generator.checks.rubric import find_target
from generator.committee import read_rubric
from generator.findings import Place, Report
from generator.ranking import place
from generator.scoring import Scorer
from generator.source import Mapping, Node, Sequence, is_null

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as MappingType

    from generator.branch_reader import Setting
    from generator.committee_model import Decision
    from generator.findings import Finding
    from generator.ranking import Placed, Placing
    from generator.reducing import Scored
    from generator.results import BranchResult, Results
    from generator.rubric import Alternative, Criterion, Question, Rubric
    from generator.scorecard import Line, Scorecard

#: What a branch comes to where an answer leaves all its figures as they are.
SAME = 0
#: Parts of a rubric that the figures of a branch rest on; the rest only places branches.
SCORING = ("sections", "bonus", "ballot")


@dataclass(frozen=True)
class Answer:
    """Another answer to an open question, and the rubric that it makes; None where it cannot be.

    ``problems`` say why not. ``changed`` are the criteria that are scored anew; ``scores`` says
    whether any figure of a branch can change, ``checks`` whether its records can be at fault.
    """

    question: Question
    number: int
    label: str
    rubric: Rubric | None
    problems: tuple[Finding, ...] = ()
    changed: frozenset[str] = frozenset()
    scores: bool = False
    checks: bool = False

    @property
    def id(self) -> str:
        """Name of the answer: that of the question, and which of its answers, from 1."""
        return f"{self.question.id}-{self.number}"


def answers_of(rubric: Rubric) -> tuple[Answer, ...]:
    """Return every other answer to the open questions of a rubric, in the order of the file."""
    return tuple(
        answer_of(rubric, question, number, alternative)
        for question in rubric.open_questions
        for number, alternative in enumerate(question.alternatives, start=1)
    )


def answer_of(rubric: Rubric, question: Question, number: int, alternative: Alternative) -> Answer:
    """Return an answer with the rubric that it makes, read and checked."""
    report = Report()
    other = changed_rubric(rubric, alternative.change, report)
    problems = tuple(f for f in report.sorted() if f.severity == "error")
    answer = Answer(question, number, alternative.label, None if problems else other, problems)
    if answer.rubric is None:
        return answer
    old, new = rubric.node.entries, answer.rubric.node.entries
    rules = [list(r.node.entries.items()) for r in rubric.bonus_rules.values()]
    other_rules = [list(r.node.entries.items()) for r in answer.rubric.bonus_rules.values()]
    return replace(
        answer,
        changed=frozenset(rescored(rubric, answer.rubric)),
        scores=any(old.get(name) != new.get(name) for name in SCORING),
        checks=old.get("sections") != new.get("sections") or rules != other_rules,
    )


def changed_rubric(rubric: Rubric, change: MappingType[str, Node], report: Report) -> Rubric | None:
    """Return a rubric with a change, read anew; what does not hold together goes to ``report``.

    A value of null takes the key away.
    """
    copies: dict[int, Mapping] = {}
    root = copy_of(rubric.node, copies)
    for path, value in change.items():
        target = find_target(rubric, path)
        if target is None:
            report.add("B004", rubric.place, "“{path}”不通向任何内容", path=path)
            continue
        node, key = target
        entries = copies[id(node)].entries
        entries[key] = ((value.line, value.column), value)
        if is_null(value):
            del entries[key]
    other = read_rubric(root, rubric.place.path, report)
    if other is None:
        report.add("B004", Place(rubric.place.path), "改动之后读不出考核办法")
        return None
    run_rubric(other, report)
    other.sha256 = rubric.sha256
    other.asks_received = rubric.asks_received
    return other


def copy_of(node: Node, copies: dict[int, Mapping]) -> Node:
    """Return a copy of a node whose mappings can be changed; scalars are shared.

    ``copies`` is filled: id of a mapping → its copy.
    """
    if isinstance(node, Mapping):
        entries = {key: (at, copy_of(value, copies)) for key, (at, value) in node.entries.items()}
        copies[id(node)] = made = Mapping(node.line, node.column, entries)
        return made
    if isinstance(node, Sequence):
        return Sequence(node.line, node.column, [copy_of(item, copies) for item in node.items])
    return node


def rescored(before: Rubric, after: Rubric) -> Iterator[str]:
    """Yield the criteria whose lines may be others under another rubric."""
    weights = before.ballot != after.ballot
    for name, (section, criterion) in after.criteria.items():
        own = before.criteria.get(name)
        same = own is not None and own[0].id == section.id and own[1].node == criterion.node
        if not same or (weights and takes_ballots(criterion)):
            yield name


def takes_ballots(criterion: Criterion) -> bool:
    """Whether a criterion, or a part of it, is scored by ballots."""
    methods = [criterion.method, *(part.method for part in criterion.parts)]
    return any(not method.reads_records for method in methods)


class Comparer:
    """Scores a branch under each answer while its records are at hand."""

    def __init__(self, setting: Setting, answers: tuple[Answer, ...]) -> None:
        self.answers = answers
        self.settings = [
            None if answer.rubric is None else replace(setting, rubric=answer.rubric)
            for answer in answers
        ]

    def pack(self, scored: Scored, known: Iterable[Finding]) -> str:
        """Return what a branch comes to under each answer as JSON; nothing without answers.

        ``known`` are the findings of the branch as the rubric stands.
        """
        if not self.answers:
            return ""
        lines: dict[str, list[Line]] = {}
        for line in scored.card.lines:
            if line.criterion is not None:
                lines.setdefault(line.criterion, []).append(line)
        errors = {f.fingerprint for f in known if f.severity == "error"}
        found = [self._figures(n, scored, lines, errors) for n in range(len(self.answers))]
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    def _figures(
        self, number: int, scored: Scored, lines: dict[str, list[Line]], errors: set[str]
    ) -> Any:
        answer, setting = self.answers[number], self.settings[number]
        if setting is None or not answer.scores:
            return SAME
        verdicts = scored.verdicts
        scorer = Scorer(setting.rubric, scored.data, verdicts.review, verdicts.debrief)
        same = {name: own for name, own in lines.items() if name not in answer.changed}
        card = scorer.score(scored.card.status, same)
        new = 0
        if answer.checks:
            report = Report()
            run_branch(replace(scored.context, report=report, setting=setting, card=card))
            new = len({f.fingerprint for f in report.findings if f.severity == "error"} - errors)
        figures = figures_of(card)
        return [*figures, new] if new or figures != figures_of(scored.card) else SAME


def figures_of(card: Scorecard) -> list[Any]:
    """Return what ranking looks at, as JSON holds it: decimals as they are written."""
    amounts = (card.fixed, card.bonus, card.total, card.low, card.high)
    sections = {name: str(value) for name, value in card.sections.items()}
    return [*(None if value is None else str(value) for value in amounts), sections, card.pending]


class Card(NamedTuple):
    """A branch under another answer, as ranking looks at it; ``errors`` are new ones in its files.

    Points are decimals, None where the branch has none.
    """

    id: str
    status: str
    fixed: Decimal | None
    bonus: Decimal | None
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    sections: MappingType[str, Decimal]
    pending: bool
    errors: int


def card_of(branch: BranchResult, entry: Any) -> Card:
    """Return a branch under an answer from what was packed of it."""
    if entry == SAME:
        return Card(
            branch.id, branch.status, branch.fixed, branch.bonus, branch.total, branch.low,
            branch.high, branch.sections, branch.pending, 0,
        )  # fmt: skip
    *amounts, sections, pending, errors = entry
    fixed, bonus, total, low, high = (None if a is None else Decimal(a) for a in amounts)
    parts = {name: Decimal(value) for name, value in sections.items()}
    return Card(
        branch.id, branch.status, fixed, bonus, total, low, high, parts, pending, errors
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A branch that stands otherwise under an answer: as it is now, and what it would come to."""

    now: BranchResult
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    rank: int | None
    rank_range: tuple[int, int] | None
    grade: str | None
    grade_title: str

    @property
    def points_change(self) -> bool:
        """Whether the total would be another."""
        return self.total != self.now.total

    @property
    def rank_changes(self) -> bool:
        """Whether the rank would be another."""
        return self.rank != self.now.rank

    @property
    def grade_changes(self) -> bool:
        """Whether the grade would be another."""
        return self.grade != self.now.grade

    @property
    def range_changes(self) -> bool:
        """Whether what is possible yet would be otherwise: total or rank."""
        then = (self.low, self.high, self.rank_range)
        return then != (self.now.low, self.now.high, self.now.rank_range)


@dataclass(frozen=True)
class Outcome:
    """What an answer comes to: the branches that change, in the order of the results.

    ``grades`` are those of the rubric, from the top, with how many branches have each now and
    would have it then; the last, without an id, are those that have none. ``errors`` is the number
    of errors that the answer would make of what is on file.
    """

    answer: Answer
    changes: tuple[Change, ...]
    grades: tuple[tuple[str | None, str, int, int], ...]
    errors: int

    @cached_property
    def points(self) -> int:
        """Number of branches with another total."""
        return sum(change.points_change for change in self.changes)

    @cached_property
    def ranks(self) -> int:
        """Number of branches with another rank."""
        return sum(change.rank_changes for change in self.changes)

    @cached_property
    def graded(self) -> int:
        """Number of branches with another grade."""
        return sum(change.grade_changes for change in self.changes)

    @cached_property
    def ranges(self) -> int:
        """Number of branches of which only what is possible yet would be otherwise."""
        return sum(
            not (change.points_change or change.rank_changes or change.grade_changes)
            for change in self.changes
        )


@dataclass(frozen=True)
class WhatIf:
    """A year under other answers: worked out for one answer at a time, when it is asked for.

    ``packed`` is what each branch comes to under all of them, by its id.
    """

    answers: tuple[Answer, ...]
    results: Results
    packed: MappingType[str, str] = field(repr=False)
    decision: Decision | None = None

    def outcome(self, answer: Answer) -> Outcome | None:
        """Return what an answer comes to; None where its rubric does not hold together."""
        if answer.rubric is None:
            return None
        number = self.answers.index(answer)
        branches = self.results.branches
        cards = [
            card_of(b, json.loads(self.packed[b.id])[number]) if answer.scores else card_of(b, SAME)
            for b in branches
        ]
        placings = place(cards, answer.rubric, self.decision)
        titles = {band.id: band.title for band in answer.rubric.grades}
        changes = (
            change_of(branch, card, placings[branch.id], titles)
            for branch, card in zip(branches, cards, strict=True)
        )
        return Outcome(
            answer,
            tuple(change for change in changes if changed(change)),
            tuple(count_grades(branches, placings, titles)),
            sum(card.errors for card in cards),
        )


def change_of(
    branch: BranchResult, card: Placed, placing: Placing, titles: MappingType[str, str]
) -> Change:
    """Return a branch beside what it would come to."""
    return Change(
        branch,
        card.total,
        card.low,
        card.high,
        placing.rank,
        placing.rank_range,
        placing.grade,
        titles.get(placing.grade or "", ""),
    )


def changed(change: Change) -> bool:
    """Whether anything would be otherwise."""
    return (
        change.points_change or change.rank_changes or change.grade_changes or change.range_changes
    )


def count_grades(
    branches: Iterable[BranchResult],
    placings: MappingType[str, Placing],
    titles: MappingType[str, str],
) -> Iterator[tuple[str | None, str, int, int]]:
    """Yield id and title of each grade, how many have it now, and how many would have it then.

    Branches that nothing was filed for have no grade to lose and are not counted.
    """
    now: dict[str | None, int] = {}
    then: dict[str | None, int] = {}
    for branch in branches:
        if branch.total is not None or branch.grade is not None:
            grade = placings[branch.id].grade
            now[branch.grade] = now.get(branch.grade, 0) + 1
            then[grade] = then.get(grade, 0) + 1
    known = {**titles, **dict.fromkeys(name for name in now if name not in titles and name)}
    for name in (*known, None):
        if name is not None or now.get(None) or then.get(None):
            title = known.get(name) or name or "" if name is not None else ""
            yield name, title, now.get(name, 0), then.get(name, 0)
