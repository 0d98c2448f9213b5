"""Invariants that hold for every repository: sums, bounds, order, independence of branches."""

from __future__ import annotations

import random
import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.evaluate import Evaluation, evaluate
from generator.files.tree import Entry, WorkingTree
from generator.formats.nodes import parse
from generator.results.document import to_json
from generator.scoring.ranking import rank, rank_ranges
from generator.scoring.scorecard import Scorecard, Status
from generator.text.findings import Report
from generator.text.numbers import plain, round_half_up
from tests.support import BASE

if TYPE_CHECKING:
    from generator.results.model import BranchResult

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
#: The sample's year with most in it.
YEAR = 2025
points = st.decimals(min_value=0, max_value=120, places=2)


def test_half_up_is_exact() -> None:
    assert round_half_up(Fraction(165, 10) * 7 / 12, 2) == Decimal("9.63")
    assert round_half_up(Fraction(5, 1000), 2) == Decimal("0.01")
    assert round_half_up(Fraction(-5, 1000), 2) == Decimal("-0.01")
    assert plain(Decimal("4.50")) == "4.5"
    assert plain(Decimal(100)) == "100"


@given(st.fractions(min_value=0, max_value=1000), st.integers(0, 4))
def test_half_up_is_the_nearest(value: Fraction, places: int) -> None:
    rounded = Fraction(round_half_up(value, places))
    step = Fraction(1, 10**places)
    assert abs(rounded - value) <= step / 2
    assert (rounded / step).denominator == 1
    if abs(rounded - value) == step / 2:
        assert rounded > value


def card(name: str, total: Decimal, low: Decimal, high: Decimal) -> Scorecard:
    result = Scorecard(name, Status.SCORED, bonus=total)
    result.low, result.high = low, high
    return result


@given(st.lists(st.tuples(points, points, points), max_size=12), st.randoms())
def test_ranks_and_ranges(values: list[tuple[Decimal, ...]], rng: random.Random) -> None:
    cards = []
    for index, triple in enumerate(values):
        low, total, high = sorted(triple)
        cards.append(card(f"b{index}", total, low, high))
    ranks, ranges = rank(cards, ()), rank_ranges(cards)
    for one in cards:
        better = sum((other.total or 0) > (one.total or 0) for other in cards)
        assert ranks[one.id] == 1 + better
        others = [other for other in cards if other is not one]
        best = 1 + sum((other.low or 0) > (one.high or 0) for other in others)
        worst = 1 + sum((other.high or 0) > (one.low or 0) for other in others)
        assert ranges[one.id] == (best, worst)
    shuffled = list(cards)
    rng.shuffle(shuffled)
    assert (rank(shuffled, ()), rank_ranges(shuffled)) == (ranks, ranges)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    report = Report()
    node = parse(data, report, "x.yml")
    assert node is not None or report.count


@given(st.text(alphabet="{}[]:,-?|>&*!%@`#'\"\\ \n\tab1é中：", max_size=120))
def test_no_yaml_like_text_crashes_the_reader(text: str) -> None:
    report = Report()
    node = parse(text.encode("utf-8"), report, "x.yml")
    assert node is not None or report.count
    assert all(finding.code.startswith("Y") for finding in report.findings)


class Shuffled(WorkingTree):
    """The same tree, its entries in another order."""

    def common(self) -> list[Entry]:
        """Return what is common to all branches, shuffled."""
        return shuffled(super().common())

    def folders(self) -> list[str]:
        """Return the names of branches, shuffled."""
        return shuffled(super().folders())

    def folder(self, name: str) -> list[Entry]:
        """Return the entries of a branch, shuffled."""
        return shuffled(super().folder(name))


def shuffled(items: list[T]) -> list[T]:
    random.Random(7).shuffle(items)
    return items


def sample() -> Evaluation:
    return evaluate(WorkingTree(ROOT), YEAR)


def test_the_order_of_files_changes_nothing() -> None:
    straight, shuffled = evaluate(WorkingTree(ROOT), YEAR), evaluate(Shuffled(ROOT), YEAR)
    assert straight.results is not None
    assert shuffled.results is not None
    assert to_json(straight.results) == to_json(shuffled.results)
    assert straight.findings == shuffled.findings


def check_sums(branch: BranchResult) -> None:
    counted = [line.points or Decimal(0) for line in branch.lines if line.part is None]
    assert sum(counted, Decimal(0)) == branch.fixed
    assert branch.bonus is not None
    assert branch.fixed is not None
    assert branch.low is not None
    assert branch.high is not None
    assert branch.total == branch.fixed + branch.bonus
    assert branch.low <= branch.total <= branch.high
    for line in branch.lines:
        if line.points is not None and line.max is not None:
            assert 0 <= line.points <= line.max


def test_lines_add_up_on_every_branch_of_the_sample() -> None:
    results = sample().results
    assert results is not None
    scored = [branch for branch in results.branches if branch.fixed is not None]
    assert len(scored) >= 10
    for branch in scored:
        check_sums(branch)


@pytest.mark.parametrize("victim", ["demo-a", "demo-b"])
def test_a_broken_branch_leaves_the_others_alone(tmp_path: Path, victim: str) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    before = {b["id"]: b for b in to_json_of(tmp_path)["branches"]}
    for path in (tmp_path / "branches" / victim / "2025").rglob("*.yml"):
        path.write_bytes(b"[" * 3000)
    after = {b["id"]: b for b in to_json_of(tmp_path)["branches"]}
    assert after[victim]["status"] == "unreadable"
    assert after[victim]["total"] is None
    for name, branch in after.items():
        if name != victim:
            assert branch["lines"] == before[name]["lines"]
            assert branch["total"] == before[name]["total"]


def to_json_of(root: Path) -> dict[str, list[dict[str, object]]]:
    results = evaluate(WorkingTree(root)).results
    assert results is not None
    return to_json(results)
