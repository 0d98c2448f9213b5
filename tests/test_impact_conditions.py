"""Impact tells the condition that a change mends or breaks: the old one → the new one."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from generator.proposals.difference import line_changes
from tests.tiers import tiered
from tests.years import Branch, document, evaluated, rubric, section, year_of

if TYPE_CHECKING:
    from generator.results.model import BranchResult

LEAST = 3
SHARE = {
    "id": "c", "title": "c", "points": 12, "method": "share", "of": "form",
    "having": {"rooms": {"at_least": LEAST}},
}  # fmt: skip


def result(rooms: dict[str, int]) -> BranchResult:
    """Return the only branch, with a form for each number."""
    records = [document(name, "form", rooms=number) for name, number in rooms.items()]
    files = year_of(rubric(section("s", SHARE)), {"a": Branch(records=records)})
    results = evaluated(files).results
    assert results is not None
    return results.branches[0]


def words(number: int) -> str:
    """Word what fails of a number, or that nothing does."""
    if number >= LEAST:
        return "符合要求"
    return f"rooms {number}，应不少于 {LEAST}（差 {LEAST - number}）"


def expected(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Return the records whose condition differs, those that failed before first."""
    rows = []
    failed = [name for side in (before, after) for name, n in side.items() if n < LEAST]
    for name in dict.fromkeys(failed):
        one, two = before.get(name), after.get(name)
        if two is None or one == two:
            continue
        title = f"2025-02-01“{name}”"
        if one is None:
            rows.append(f"{title}：{words(two)}")
        else:
            rows.append(f"{title}：{words(one)} → {words(two)}")
    return rows


def drawn(random: Random) -> tuple[dict[str, int], dict[str, int]]:
    """Return numbers of forms before and after, at most three of which fail on a side."""
    sides = []
    for _ in range(2):
        names = [name for name in ("y1", "y2", "y3") if random.random() < 0.8]
        sides.append({"y0": 9} | {name: random.choice([0, 1, 2, 5]) for name in names})
    return sides[0], sides[1]


@pytest.mark.parametrize("seed", tiered(range(60), often=10, fast=4))
def test_a_condition_is_told_as_it_was_and_as_it_is(seed: int) -> None:
    before, after = drawn(Random(seed))
    changes = line_changes(result(before), result(after))
    told = expected(before, after)
    for change in changes:
        shown = str(change.why)
        for row in told:
            assert row in shown
        assert shown.count("→ 符合要求") == sum(row.endswith("→ 符合要求") for row in told)
        assert shown.count("：符合要求 →") == sum("：符合要求 →" in row for row in told)
    figures = [
        (len(side), sum(number >= LEAST for number in side.values())) for side in (before, after)
    ]
    assert bool(changes) == (figures[0] != figures[1] or before.keys() != after.keys())


def test_what_one_side_only_counts_is_not_said_to_differ() -> None:
    before = {f"y{n}": 1 for n in range(6)}
    shown = str(line_changes(result(before), result(before | {"y1": 9}))[0].why)
    assert f"2025-02-01“y1”：{words(1)} → 符合要求" in shown
    assert "“y3”：" not in shown.partition("→ 符合要求")[2]
    assert "：符合要求 →" not in shown


def test_many_changed_conditions_are_bounded() -> None:
    before = {f"y{n}": 1 for n in range(3)}
    after = before | {f"x{n}": 2 for n in range(3)} | {f"y{n}": 9 for n in range(3)}
    shown = str(line_changes(result(before), result(after))[0].why)
    assert shown.count("→ 符合要求") == 3
    assert shown.endswith("还有 3 项")
