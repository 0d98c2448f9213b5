"""What if: a year under other answers to its open questions, scored by the very same code.

An answer is a change of the rubric. The changed rubric is read and checked like any other, and
every branch is scored by it while its records are at hand. Its result is then packed and
kept with the branch, so that no branch is read twice, however many answers there are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

# Any: JSON that this module packed; it is taken apart in one place.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.checks import BranchContext, run_branch
from generator.scoring.ranking import place
from generator.scoring.scorer import Scorer
from generator.text.findings import Report
from generator.text.numbers import as_text, from_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as MappingType

    from generator.engine.whatif.answers import Answer
    from generator.formats.committee_files import Decision
    from generator.loading.branch import Setting
    from generator.results.model import BranchResult, Results
    from generator.scoring.ranking import Placed, Placing
    from generator.scoring.scorecard import Line, Scorecard
    from generator.text.findings import Finding

#: The outcome of a branch whose figures an answer leaves as they are.
SAME = 0


class Comparer:
    """Scores a branch under each answer while its records are at hand."""

    def __init__(self, setting: Setting, answers: tuple[Answer, ...]) -> None:
        self.answers = answers
        self.settings = [
            None if answer.rubric is None else replace(setting, rubric=answer.rubric)
            for answer in answers
        ]

    def pack(self, context: BranchContext, known: Iterable[Finding]) -> str:
        """Return a branch's result under each answer as JSON; nothing without answers.

        ``known`` are the findings of the branch as the rubric stands.
        """
        if not self.answers:
            return ""
        lines: dict[str, list[Line]] = {}
        for line in context.card.lines:
            if line.criterion is not None:
                lines.setdefault(line.criterion, []).append(line)
        errors = {f.fingerprint for f in known if f.severity == "error"}
        found = [self._figures(n, context, lines, errors) for n in range(len(self.answers))]
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    def _figures(
        self, number: int, context: BranchContext, lines: dict[str, list[Line]], errors: set[str]
    ) -> object:
        answer, setting = self.answers[number], self.settings[number]
        if setting is None or not answer.scores:
            return SAME
        verdicts = context.verdicts
        scorer = Scorer(setting.rubric, context.data, verdicts)
        same = {name: own for name, own in lines.items() if name not in answer.changed}
        card = scorer.score(context.card.status, same)
        new = 0
        if answer.checks:
            report = Report()
            run_branch(replace(context, report=report, setting=setting, card=card))
            new = len({f.fingerprint for f in report.findings if f.severity == "error"} - errors)
        figures = figures_of(card)
        return [*figures, new] if new or figures != figures_of(context.card) else SAME


def figures_of(card: Scorecard) -> list[object]:
    """Return what ranking looks at, as JSON holds it: decimals as they are written."""
    amounts = (card.fixed, card.bonus, card.total, card.low, card.high)
    sections = {name: str(value) for name, value in card.sections.items()}
    return [*map(as_text, amounts), sections, card.pending]


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
    fixed, bonus, total, low, high = map(from_text, amounts)
    parts = {name: Decimal(value) for name, value in sections.items()}
    return Card(
        branch.id, branch.status, fixed, bonus, total, low, high, parts, pending, errors
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A branch that an answer changes: as it is now, and as it would be."""

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
    """The outcome of an answer: the branches that change, in the order of the results.

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

    ``packed`` is branch id → its packed results under all of them.
    """

    answers: tuple[Answer, ...]
    results: Results
    packed: MappingType[str, str] = field(repr=False)
    decision: Decision | None = None

    def outcome(self, answer: Answer) -> Outcome | None:
        """Return the outcome of an answer; None if its rubric is inconsistent."""
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
    """Return a branch as it is, beside what it would be."""
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
