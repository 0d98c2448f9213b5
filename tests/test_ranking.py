"""Ranks, their ranges and grades: branches whose points the committee verified, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.years import (
    Branch,
    Data,
    award,
    branches_of,
    claim,
    found,
    judged,
    rubric,
    section,
    year_of,
)

BONUS: Data = {"rules": [{"id": "award", "title": "表彰", "levels": {"one": 10}}]}
VETO: Data = {"veto": "veto", "state": "verified", "reason": "x"}
BANDS: list[Data] = [
    {"id": "top", "title": "优秀", "min": 80},
    {"id": "mid", "title": "合格", "min": 60},
    {"id": "low", "title": "不合格", "min": 50},
]


def bands(*quotas: float | None) -> list[Data]:
    """Return the bands with quotas, the last one without."""
    return [{**band, "quota": quota} for band, quota in zip(BANDS, (*quotas, None), strict=True)]


def rules(**more: Any) -> Data:
    """Return a rubric of two sections with 50 points each."""
    own: Data = {"bonus": BONUS, "vetoes": [{"id": "veto", "title": "否决"}], **more}
    return rubric(section("s", judged("c", 50)), section("t", judged("d", 50)), **own)


def verified(c: float, d: float | None = 0, *, bonus: bool = False, **more: Any) -> Branch:
    """Return a branch whose points are verified; None is pending, ``bonus`` gives 10."""
    reviews: Data = {"c": {"points": c, "reason": "x"}}
    if d is not None:
        reviews["d"] = {"points": d, "reason": "x"}
    claims = [award("x", "one", "甲")] if bonus else []
    decided = {"x": {"accepted": True}} if bonus else {}
    return Branch(reviews=reviews, bonus=claims, decided=decided, **more)


def totals(*points: float | None) -> dict[str, Branch]:
    """Return branches a, b, c … with these totals; None has filed nothing."""
    return {
        name: Branch(silent=True) if p is None else verified(min(p, 50), max(round(p - 50, 2), 0))
        for name, p in zip("abcdefgh", points, strict=False)
    }


def of(
    key: str, branches: dict[str, Branch], decided: Data | None = None, **more: Any
) -> list[Any]:
    """Return one value of every branch, in the order of their ids."""
    committee = {"decision": {"meeting": "x", "grades": decided}} if decided else {}
    results = branches_of(year_of(rules(**more), branches, **committee))
    return [results[name][key] for name in sorted(branches)]


# Ranks.


def test_equal_totals_share_a_rank_and_the_next_is_skipped() -> None:
    assert of("rank", totals(70, 90, 60, 70)) == [2, 1, 4, 2]
    assert of("rank", totals(70, 70, 70)) == [1, 1, 1]
    assert of("rank", totals(0, 0.01)) == [2, 1]
    assert of("rank_range", totals(0, 0.5)) == [[2, 2], [1, 1]]
    assert of("rank_range", totals(0, 0)) == [[1, 1], [1, 1]]


def test_only_the_scored_are_ranked() -> None:
    branches = totals(70, None, 90, 60)
    branches["c"].vetoes = [VETO]
    broken = Branch(silent=True, files={"2025/self-assessment.yml": b"[" * 3000})
    branches["e"] = broken
    assert of("rank", branches) == [1, None, None, 2, None]
    assert of("rank_range", branches) == [[1, 1], None, None, [2, 2], None]
    assert of("status", branches) == ["scored", "not-submitted", "vetoed", "scored", "unreadable"]


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [
        ([], [1, 1, 1, 1]),
        (["fixed"], [2, 2, 2, 1]),
        (["s"], [1, 3, 3, 2]),
        (["t"], [4, 2, 2, 1]),
        (["fixed", "s"], [2, 3, 3, 1]),
        (["fixed", "t"], [4, 2, 2, 1]),
        (["s", "fixed"], [1, 3, 3, 2]),
        (["odd", "t"], [4, 2, 2, 1]),
    ],
)
def test_ties_are_broken_in_turn(ties: list[str], ranks: list[int]) -> None:
    branches = {
        "a": verified(40, 10, bonus=True),
        "b": verified(20, 30, bonus=True),
        "c": verified(20, 30, bonus=True),
        "d": verified(25, 35),
    }
    assert of("total", branches) == [60] * 4
    assert of("rank", branches, ties=ties) == ranks


def test_nothing_is_less_than_something_in_a_tie_and_at_a_band() -> None:
    branches = {"a": verified(0, 40), "b": verified(0.5, 39.5)}
    assert of("rank", branches, ties=["s"]) == [2, 1]
    bonus = {"a": verified(0, 0, bonus=True), "b": verified(0.5, 9.5)}
    assert of("rank", bonus, ties=["fixed"]) == [2, 1]
    least = [BANDS[0], {**BANDS[1], "min": 0.5}, {**BANDS[2], "min": 0}]
    assert of("grade", totals(0, 0.5), grades=least) == ["low", "mid"]


def test_nobody_is_graded_above_better_ones_who_do_not_fit() -> None:
    assert of("grade", totals(90, 90, 85), grades=bands(0.4, None)) == ["mid", "mid", "mid"]


def test_ties_are_broken_by_the_scaled_points_of_a_section() -> None:
    two = section("s", judged("c", 10), judged("e", 10))
    excluded: Data = {"c": {"points": 6}, "e": {"not_applicable": "excluded"}}
    branches = {
        "a": Branch(reviews={"c": {"points": 6}, "e": {"points": 5}, "d": {"points": 1}}),
        "b": Branch(reviews={**excluded, "d": {"points": 0}}),
    }
    own = rubric(two, section("t", judged("d", 10)), ties=["s"])
    results = branches_of(year_of(own, branches))
    assert [(results[name]["total"], results[name]["rank"]) for name in "ab"] == [(12, 2), (12, 1)]


def test_ranks_that_can_still_be_reached() -> None:
    """Low and high: a 40 to 90, b 60 to 60, c 90 to 90, d 39 to 39, e 60 to 60."""
    branches = {
        "a": verified(40, None),
        "b": verified(50, 10),
        "c": verified(50, 40),
        "d": verified(39),
        "e": verified(50, 10),
    }
    assert of("low", branches) == [40, 60, 90, 39, 60]
    assert of("high", branches) == [90, 60, 90, 39, 60]
    assert of("rank_range", branches) == [[1, 4], [2, 3], [1, 1], [5, 5], [2, 3]]


def test_a_claim_can_still_become_more_or_nothing() -> None:
    branches = {"a": Branch({"c": claim(30)}, reviews={"d": {"points": 20}}), "b": verified(50, 10)}
    assert of("rank", branches) == [2, 1]
    assert of("rank_range", branches) == [[1, 2], [1, 2]]


# Grades.


def test_a_band_takes_those_who_reach_it_and_the_last_takes_the_rest() -> None:
    grades = of("grade", totals(80, 79.99, 60, 59.99, 50, 0), grades=BANDS)
    assert grades == ["top", "mid", "mid", "low", "low", "low"]


def test_without_bands_there_are_no_grades() -> None:
    assert of("grade", totals(80, 60)) == [None, None]
    vetoed = totals(80)
    vetoed["a"].vetoes = [VETO]
    assert of("grade", vetoed) == [None]


@pytest.mark.parametrize(
    ("quotas", "points", "grades"),
    [
        ((0.5, None), (90, 90, 70, 60), ["top", "top", "mid", "mid"]),
        ((0.5, None), (95, 92, 90, 60), ["top", "top", "mid", "mid"]),
        ((0.49, None), (95, 92, 90, 60), ["top", "mid", "mid", "mid"]),
        ((0.5, None), (95, 90, 90, 60), ["top", "mid", "mid", "mid"]),
        ((0.25, None), (90, 90, 70, 60), ["mid", "mid", "mid", "mid"]),
        ((0.5, None), (90, 85, 82), ["top", "mid", "mid"]),
        ((1, None), (90, 85, 82), ["top", "top", "top"]),
        ((0, None), (90, 85, 82), ["mid", "mid", "mid"]),
        ((0.25, 0.5), (95, 90, 85, 80), ["top", "mid", "mid", "low"]),
        ((0.25, 0.25), (95, 90, 90, 55), ["top", "low", "low", "low"]),
        ((None, 0.25), (95, 90, 75, 70), ["top", "top", "mid", "low"]),
        ((0.5, None), (95, None, None, None), ["mid", None, None, None]),
    ],
)
def test_quotas_are_shares_of_all_ranked(
    quotas: tuple[float | None, ...], points: tuple[float | None, ...], grades: list[str | None]
) -> None:
    assert of("grade", totals(*points), grades=bands(*quotas)) == grades


def test_a_pending_branch_keeps_its_place_and_has_no_grade() -> None:
    branches = totals(95, 90, 85, 55)
    branches["a"] = verified(50, None, bonus=True)
    assert of("rank", branches) == [3, 1, 2, 4]
    assert of("grade", branches, grades=BANDS) == [None, "top", "top", "low"]
    branches["a"] = verified(50, None, bonus=True)
    branches["b"] = verified(45, 10)
    lower = [{**BANDS[0], "min": 50, "quota": 0.5}, {**BANDS[1], "min": 50}, BANDS[2]]
    assert of("rank", branches) == [2, 3, 1, 3]
    assert of("grade", branches, grades=lower) == [None, "mid", "top", "mid"]


def test_a_part_that_waits_under_a_verified_figure_holds_no_grade_back() -> None:
    part = {"id": "p", "title": "p", "points": 10, "method": "ballot"}
    criterion = {"id": "c", "title": "c", "points": 10, "method": "parts", "parts": [part]}
    own = rubric(section("s", criterion), ballot={"good": 1}, grades=[{**BANDS[0], "min": 5}])
    for reviews, grade in (({"c": {"points": 6}}, "top"), ({}, None)):
        branches = branches_of(year_of(own, {"a": Branch(reviews=reviews)}))
        assert branches["a"]["lines"][1]["basis"] == "pending"
        assert branches["a"]["grade"] == grade


def test_a_vetoed_branch_has_the_last_grade_and_takes_no_place() -> None:
    branches = totals(95, 90, 85)
    branches["a"].vetoes = [VETO]
    assert of("grade", branches, grades=bands(0.5, None)) == ["low", "top", "mid"]


def test_what_is_decided_stands_over_what_is_computed_and_frees_no_place() -> None:
    decided: Data = {"a": {"grade": "mid", "reason": "x"}, "c": {"grade": "odd", "reason": "x"}}
    branches = totals(95, 90, 85)
    more = {"grades": bands(0.4, None)}
    assert of("grade", branches, decided, **more) == ["mid", "mid", "mid"]
    assert of("computed_grade", branches, decided, **more) == ["top", "mid", "mid"]


def test_a_decision_gives_a_pending_branch_its_grade_and_changes_no_veto() -> None:
    branches = totals(95, 90)
    branches["a"] = verified(50, None)
    branches["b"].vetoes = [VETO]
    decided: Data = {name: {"grade": "top", "reason": "x"} for name in "ab"}
    assert of("grade", branches, decided, grades=BANDS) == ["top", "low"]
    assert of("computed_grade", branches, decided, grades=BANDS) == [None, "low"]


def test_where_a_band_does_not_say_what_it_asks_for_there_is_no_grade() -> None:
    own = [{"id": "top", "title": "优秀"}, *BANDS[1:]]
    assert of("grade", totals(90, 55), grades=own) == [None, None]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"grades": bands(0, 1)}, []),
        ({"grades": bands(1.01, None)}, [("B005", "/grades/0/quota")]),
        ({"grades": bands(None, -0.01)}, [("B005", "/grades/1/quota")]),
        ({"grades": [BANDS[1], BANDS[0]]}, [("B005", "/grades/1/min")]),
        ({"grades": [BANDS[1], {**BANDS[0], "min": 60}]}, []),
        ({"grades": [BANDS[0], BANDS[0]]}, [("B003", "/grades/1/id")]),
        ({"ties": ["fixed", "t", "s"]}, []),
        ({"ties": ["fixed", "total"]}, [("B005", "/ties/1")]),
    ],
)
def test_what_bands_and_ties_cannot_be(change: Data, expected: list[tuple[str, str]]) -> None:
    assert found(rules(**change)) == expected
