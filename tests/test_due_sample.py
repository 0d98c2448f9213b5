"""The due list of the sample, each figure worked out by hand (2025, data of 2026-01-12).

Reports (5 points): four came due; that of the year (2026-01-31) has not. Trainings (5): four, of
everybody. Forums (8): two of ten branches, a third of demo-e. Fractions are entries in full ÷ due.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.engine.year import Means
from generator.files.tree import WorkingTree
from tools.removals import Arrived

if TYPE_CHECKING:
    from generator.engine.year import Evaluation
    from generator.results.model import BranchResult
    from generator.scoring.scorecard import Line


ROOT = Path(__file__).resolve().parents[1]
REPORTS, TRAININGS, FORUMS = "org-reporting", "org-training", "ideology-filing"
PENDING = None
#: Branch → points of reports, trainings and forums.
BY_HAND: dict[str, tuple[str | None, str | None, str | None]] = {
    "demo-a": ("5", "5", "8"),  # 5/5: that of the year came early, so it counts; 4/4; 2/2
    "demo-b": ("3.75", "5", "8"),  # 3/4: the fourth came ten days late; 4/4; 2/2
    "demo-c": ("5", "3.75", "8"),  # 4/4; 3/4: away in July; 2/2
    "demo-d": ("5", "3.75", "8"),  # 4/4: a summary that answers the fourth answers nothing
    "demo-e": ("5", "5", "5.33"),  # 8 × 2/3 = 5.333…: the third was filed after it was held
    "demo-f": ("5", "3.75", "8"),
    "demo-g": ("5", "5", "8"),
    "demo-h": ("0", "0", PENDING),  # 0/4, 0/4: nothing answered; no forum was asked of it
    "demo-j": ("0", "0", PENDING),
    "demo-k": ("5", "5", PENDING),
    "demo-l": ("5", "5", "8"),  # 4/4: the fourth is answered twice, and counts once
    "demo-m": ("3.75", "2.5", "4"),  # 3/4: the fourth extended to 12-25; 2/4; 1/2: June unanswered
    "demo-n": ("1.25", "1.25", "0"),  # 1/4; 1/4; 0/2: both filed after they were held
}


@lru_cache
def sample() -> Evaluation:
    """Evaluate it; its files came in before the history that it relies on, on whatever day."""
    return evaluate(WorkingTree(ROOT), 2025, Means(receipts=Arrived()))


def branch(name: str) -> BranchResult:
    """Return a branch of the sample."""
    results = sample().results
    assert results is not None
    return results.branch(name)


def line(name: str, criterion: str) -> Line:
    """Return the line of a criterion."""
    (own,) = (own for own in branch(name).lines if own.criterion == criterion)
    return own


@pytest.mark.parametrize("name", BY_HAND)
def test_each_figure_is_the_one_worked_out_by_hand(name: str) -> None:
    for criterion, points in zip((REPORTS, TRAININGS, FORUMS), BY_HAND[name], strict=True):
        assert line(name, criterion).computed == (None if points is None else Decimal(points))


def test_who_filed_nothing_is_asked_all_the_same() -> None:
    own = branch("demo-i")
    assert own.lines == ()
    assert {entry.state for entry in own.due if entry.kind == "report"} == {"unanswered", "open"}


@pytest.mark.parametrize(
    ("name", "entry", "state", "asked"),
    [
        ("demo-a", "report-year", "answered", "2026-01-31"),
        ("demo-b", "report-year", "open", "2026-01-31"),
        ("demo-b", "report-q4", "short", "2025-12-10"),
        ("demo-m", "report-q4", "answered", "2025-12-25"),
        ("demo-m", "report-q3", "short", "2025-09-10"),
        ("demo-m", "forum-june", "unanswered", "2025-06-20"),
        ("demo-d", "report-q4", "answered", "2025-12-10"),
        ("demo-l", "report-q4", "answered", "2025-12-10"),
    ],
)
def test_what_became_of_an_entry(name: str, entry: str, state: str, asked: str) -> None:
    (own,) = (own for own in branch(name).due if own.id == entry)
    assert (own.state, own.asked) == (state, asked)


def test_reasons_say_the_days() -> None:
    words = f"{line('demo-b', REPORTS).reason}"
    assert "到期的报送事项 4 项，符合要求 3 项：5 × 3/4 = 3.75" in words
    assert "“第四季度简报信息”：2025-12-20 收到，期限 2025-12-10（迟 10 天）" in words
    assert "“第一季度简报信息”：2025-03-08 收到，期限 2025-03-10" in words
    words = f"{line('demo-m', FORUMS).reason}"
    assert "2025-06-20“六月学术论坛”：没有材料回应" in words
    words = f"{line('demo-l', REPORTS).reason}"
    assert "“第四季度简报信息”另有 1 份材料同答一项，不另计：report-4-more" in words
    words = f"{line('demo-n', FORUMS).reason}"
    assert "报备日期 2025-05-28，举办日期 2025-05-20（迟 8 天）" in words


def test_a_summary_answers_no_report() -> None:
    found = [f for f in sample().findings if f.code == "E020"]
    assert [(f.branch, f.severity, f.path.split("/")[4]) for f in found] == [
        ("demo-d", "warning", "summary")
    ]
