"""Other answers to open questions, as a table for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.reports.findings import safe
from generator.reports.scores import number, pad, width
from generator.text.language import gettext, mark, tr
from generator.text.names import visible
from generator.text.numbers import figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from generator.engine.whatif.answers import Answer
    from generator.engine.whatif.outcomes import Change, Outcome, WhatIf

SCHEMA = "appraisal-whatif/1"
COUNTS = (mark("{n} 个支部总分会变"), mark("{n} 个支部名次会变"), mark("{n} 个支部等次会变"))
ARROW = "\u2192"


def as_json(whatif: WhatIf, answers: Iterable[Answer]) -> dict[str, object]:
    """Return the outcomes of some answers, with the branches that would change."""
    results = whatif.results
    return {
        "schema": SCHEMA,
        "year": results.year,
        "stage": results.stage,
        "rubric": {"id": results.rubric_id, "sha256": results.rubric_sha256},
        "source": {"commit": results.source.commit, "dirty": results.source.dirty},
        "answers": [answer_json(answer, whatif.outcome(answer)) for answer in answers],
    }


def answer_json(answer: Answer, outcome: Outcome | None) -> dict[str, object]:
    """Return one answer; ``computed`` is null where it does not hold together."""
    return {
        "id": answer.id,
        "question": answer.question.id,
        "clause": answer.question.clause,
        "issue": answer.question.issue,
        "choice": answer.question.choice,
        "label": answer.label,
        "problems": [
            {"code": f.code, "pointer": f.pointer, "message": str(f.message)}
            for f in answer.problems
        ],
        "computed": None if outcome is None else outcome_json(outcome),
    }


def outcome_json(outcome: Outcome) -> dict[str, object]:
    """Return how many branches change, the grades now and then, and each branch that changes."""
    return {
        "points": outcome.points,
        "ranks": outcome.ranks,
        "grades": outcome.graded,
        "ranges": outcome.ranges,
        "errors": outcome.errors,
        "by_grade": [
            {"grade": name, "title": title or None, "now": now, "then": then}
            for name, title, now, then in outcome.grades
        ],
        "branches": [change_json(change) for change in outcome.changes],
    }


def change_json(change: Change) -> dict[str, object]:
    """Return a branch as it is and as it would be."""
    now = change.now
    return {
        "id": now.id,
        "name": now.name,
        "now": standing(now.total, now.low, now.high, now.rank, now.rank_range, now.grade),
        "then": standing(
            change.total, change.low, change.high, change.rank, change.rank_range, change.grade
        ),
    }


def standing(
    total: Decimal | None,
    low: Decimal | None,
    high: Decimal | None,
    rank: int | None,
    span: Sequence[int] | None,
    grade: str | None,
) -> dict[str, object]:
    """Return what places a branch."""
    return {
        "total": figure(total),
        "low": figure(low),
        "high": figure(high),
        "rank": rank,
        "rank_range": list(span) if span else None,
        "grade": grade,
    }


def as_table(whatif: WhatIf, answers: Iterable[Answer]) -> str:
    """Return the outcomes of some answers in words, with a table of the branches that change."""
    lines = [tr("{year} 年度：换一种答案，得分、名次和等次会怎样", year=whatif.results.year)]
    for answer in answers:
        lines += ["", *answer_lines(answer, whatif.outcome(answer))]
    return "\n".join(lines) + "\n"


def answer_lines(answer: Answer, outcome: Outcome | None) -> list[str]:
    """Return the lines of one answer."""
    question = answer.question
    lines = [
        safe(f"{answer.id}  {question.clause}  {question.issue}"),
        safe(tr("  现行：{choice}", choice=question.choice or gettext("没有写明"))),
        safe(tr("  换成：{label}", label=answer.label)),
    ]
    if outcome is None:
        lines.append("  " + gettext("算不出来，因为照此改动的考核办法不自洽："))
        lines += [safe(f"    {f.code} {visible(str(f.message))}") for f in answer.problems]
        return lines
    lines.append("  " + summary(outcome))
    if outcome.errors:
        lines.append("  " + errors_words(outcome.errors))
    if any((outcome.points, outcome.ranks, outcome.graded)):
        lines += table(outcome)
    return lines


def summary(outcome: Outcome) -> str:
    """Say how many branches change in what."""
    if not outcome.changes:
        return gettext("没有一个支部的总分、名次、等次或可能的区间会变。")
    numbers = (outcome.points, outcome.ranks, outcome.graded)
    words = [tr(message, n=n) for message, n in zip(COUNTS, numbers, strict=True) if n]
    if not words:
        words = [gettext("没有一个支部的总分、名次或等次会变")]
    if outcome.ranges:
        words.append(tr("{n} 个支部只是可能的区间会变", n=outcome.ranges))
    return gettext("；").join(words) + gettext("。")


def errors_words(errors: int) -> str:
    """Say that what is on file would not fit the answer."""
    return tr(
        "照此改动，已有材料里会多出 {n} 处错误（例如分数高于新的分值），有错的条目不予采用。",
        n=errors,
    )


def table(outcome: Outcome) -> list[str]:
    """Return the branches whose total, rank or grade would be another, aligned."""
    titles = {name: title for name, title, _, _ in outcome.grades}
    rows = [[gettext(word) for word in ("编号", "党支部", "总分", "名次", "等次")]]
    rows += [
        [
            change.now.id,
            safe(change.now.name),
            step(number(change.now.total), number(change.total)),
            step(f"{change.now.rank or '—'}", f"{change.rank or '—'}"),
            step(grade_of(change.now.grade, titles), grade_of(change.grade, titles)),
        ]
        for change in outcome.changes
        if change.points_change or change.rank_changes or change.grade_changes
    ]
    sizes = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        (
            "    " + "  ".join(pad(cell, size) for cell, size in zip(row, sizes, strict=True))
        ).rstrip()
        for row in rows
    ]


def step(now: str, then: str) -> str:
    """Write a value and what it would become; once where it stays."""
    return now if now == then else f"{now} {ARROW} {then}"


def grade_of(name: str | None, titles: dict[str | None, str]) -> str:
    """Word a grade; 未定 without one."""
    return titles.get(name, name or "") if name is not None else gettext("未定")
