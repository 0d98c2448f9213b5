"""Other answers to open questions, each with the rubric that it makes, read and checked."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.checks import run_rubric
from generator.checks.rubric import find_target
from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_null
from generator.loading.committee import read_rubric
from generator.rubric.levels import number_of
from generator.text.findings import Place, Report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as MappingType

    from generator.rubric.document import Alternative, Question, Rubric
    from generator.text.findings import Finding

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


#: The answers of the rubrics that were asked for last; a file that stays is one rubric.
_known: deque[tuple[Rubric, tuple[Answer, ...]]] = deque(maxlen=4)


def answers_of(rubric: Rubric) -> tuple[Answer, ...]:
    """Return every other answer to the open questions of a rubric, in the order of the file."""
    for known, answers in _known:
        if known is rubric:
            return answers
    answers = tuple(
        answer_of(rubric, question, number, alternative)
        for question in rubric.open_questions
        for number, alternative in enumerate(question.alternatives, start=1)
    )
    _known.append((rubric, answers))
    return answers


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
        if path.startswith("ballot.") and isinstance(value, Scalar) and not is_null(value):
            node, key = number_place(node, key)
        entries = copies[id(node)].entries
        entries[key] = ((value.line, value.column), value)
        if is_null(value):
            del entries[key]
    other = read_rubric(root, rubric.place.path, report)
    if other is None:
        report.add("B004", Place(rubric.place.path), "改动之后读不出考核办法")
        return None
    other = replace(other, sha256=rubric.sha256, asks_received=rubric.asks_received)
    run_rubric(other, report)
    return other


def number_place(levels: Mapping, level: str) -> tuple[Mapping, str]:
    """Return (mapping, key) at which the number of a level stands; it keeps its title."""
    own = levels.entries.get(level, (None, None))[1]
    key = number_of(own)[1] if own is not None else ""
    return (own, key) if isinstance(own, Mapping) and key else (levels, level)


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
    weights = before.vocabulary.weights != after.vocabulary.weights
    for name, (section, criterion) in after.criteria.items():
        own = before.criteria.get(name)
        same = own is not None and own[0].id == section.id and own[1].node == criterion.node
        if not same or (weights and criterion.takes_ballots):
            yield name
