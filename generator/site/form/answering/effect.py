"""What drafts do: the criteria that differ, the total, the rank, old and new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.proposals.difference import subtract
from generator.reports.findings import safe
from generator.reports.impact.words import grade_of, shown_points, total_words
from generator.text.language import gettext, mark, tr
from generator.text.messages import Listed, Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.engine.year import Evaluation
    from generator.proposals.difference import BranchImpact, LineChange
    from generator.results.model import BranchResult

Shown = dict[str, object]

TOTAL, RANK, GRADE = mark("总分"), mark("名次（可能范围）"), mark("等次")
COUNTED = mark("{n} {unit}")
PLACE = mark("{rank}（{low}–{high}）")


def effect_of(branch: str, year: int, before: Evaluation, after: Evaluation) -> list[Shown]:
    """Return rows with ``before`` and ``after``; nothing where nothing differs.

    ``lead`` marks the one that says most in one line.
    """
    found = subtract(year, before, after, frozenset({branch}), [], ranked=False)
    rows = [row for own in found.branches for row in rows_of(own)]
    return [row for n, row in enumerate(rows) if row not in rows[:n]]


def rows_of(own: BranchImpact) -> Iterator[Shown]:
    """Yield what a branch's figures were and become: what is counted, points, total and rank."""
    for change in (*own.lines, *own.bonus):
        yield from counted(change)
        points = shown_points(change, "points").split(" → ")
        yield row(f"{change.line.title}", points[0], points[-1], safe(f"{change.why}"))
    yield row(gettext(TOTAL), total_words(own.before), total_words(own.after), lead=True)
    yield row(gettext(RANK), rank_of(own.before), rank_of(own.after))
    if grade_of(own.before) != grade_of(own.after):
        yield row(gettext(GRADE), grade_of(own.before), grade_of(own.after))


def row(title: str, before: str, after: str, why: str = "", *, lead: bool = False) -> Shown:
    """Return one row."""
    return {"title": safe(title), "before": before, "after": after, "why": why, "lead": lead}


def rank_of(branch: BranchResult | None) -> str:
    """Return a rank and the range that it can still reach; a dash without one."""
    if branch is None or branch.rank is None or branch.rank_range is None:
        return "—"
    low, high = branch.rank_range
    return tr(PLACE, rank=branch.rank, low=low, high=high)


def counted(change: LineChange) -> Iterator[Shown]:
    """Yield what is counted by other numbers than before, by its own label."""
    if change.before is None or change.after is None:
        return
    old = dict(counts_in(change.before.reason))
    for label, (n, unit) in counts_in(change.after.reason):
        was = old.get(label)
        if was is not None and was[0] != n:
            yield row(label, tr(COUNTED, n=was[0], unit=unit), tr(COUNTED, n=n, unit=unit))


def counts_in(value: object) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield label → number and unit of what a reason counts."""
    if isinstance(value, Message):
        label, n, unit = value.value("label"), value.value("n"), value.value("unit")
        if label is not None and isinstance(n, int):
            yield f"{label}", (n, f"{unit or ''}")
        for _, own in value.values:
            yield from counts_in(own)
    elif isinstance(value, Listed):
        for own in value.items:
            yield from counts_in(own)
