"""From claims, records and reviews to lines and totals: every figure is worked out by hand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from generator.files.tree import blob_id
from generator.scoring.scorecard import Basis, Line, maxima, portions
from generator.text.privacy import NO_TEXT
from tests.years import (
    Branch,
    Data,
    activity,
    award,
    branches_of,
    claim,
    document,
    encoded,
    evaluated,
    judged,
    rubric,
    scored,
    section,
    year_of,
)

LEVELS: Data = {"district": 1, "municipal": 2, "central": 5}
BONUS: Data = {
    "cap": None,
    "rules": [
        {"id": "award", "title": "表彰", "levels": LEVELS},
        {"id": "paper", "title": "论文", "levels": {"municipal": 3}},
    ],
}
VETO: Data = {"id": "veto", "title": "否决"}
PLAIN = rubric(section("s", judged("c")), bonus=BONUS, vetoes=[VETO])
COUNTED: Data = {
    "id": "c",
    "title": "c",
    "points": 10,
    "method": "proportion",
    "measure": {"count": "activity"},
    "target": 4,
}
BALLOT: Data = {"id": "b", "title": "b", "points": 5, "method": "ballot"}


def line_of(result: Data, criterion: str = "c", part: str | None = None) -> Data:
    """Return one line."""
    return next(x for x in result["lines"] if (x["criterion"], x["part"]) == (criterion, part))


def shown(line: Data) -> tuple[Any, str]:
    """Return points and basis."""
    return line["points"], line["basis"]


def one(criterion: Data, branch: Branch, **more: Any) -> tuple[Any, str]:
    """Return points and basis of the only criterion of a rubric."""
    result = scored(rubric(section("s", criterion), **more), branch)
    return shown(line_of(result, criterion["id"]))


# Which of the reasons for a line holds first.


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        ({"not_applicable": "full"}, (10, "not-applicable")),
        ({"not_applicable": "zero"}, (0, "not-applicable")),
        ({"not_applicable": "excluded"}, (None, "not-applicable")),
        ({"points": 3}, (3, "verified")),
        ({"points": 0}, (0, "verified")),
        ({"points": 10}, (10, "verified")),
        ({"points": 10.01}, (7, "claimed")),
        ({"points": -0.01}, (7, "claimed")),
        ({"points": 3, "unknown": 1}, (7, "claimed")),
        ({"reason": "没有分数"}, (7, "claimed")),
    ],
)
def test_a_review_that_can_be_used_decides(review: Data, expected: tuple[Any, str]) -> None:
    assert one(judged("c"), Branch({"c": claim(7)}, reviews={"c": review})) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (claim(7), (7, "claimed")),
        (claim(0), (0, "claimed")),
        (claim(10), (10, "claimed")),
        (claim(10.01), (None, "pending")),
        (claim(-1), (None, "pending")),
        (claim(7, unknown=1), (None, "pending")),
        ({"not_applicable": "未加入"}, (None, "pending")),
        ({"points": 7}, (None, "pending")),
    ],
)
def test_a_claim_counts_where_it_can_be_used(stated: Data, expected: tuple[Any, str]) -> None:
    assert one(judged("c"), Branch({"c": stated})) == expected


def test_without_claim_and_review_it_is_pending() -> None:
    assert one(judged("c"), Branch()) == (None, "pending")


def test_a_computed_method_takes_no_claim() -> None:
    branch = Branch({"c": claim(9)}, [activity()])
    result = line_of(scored(rubric(section("s", COUNTED)), branch))
    assert shown(result) == (2.5, "computed")
    assert (result["claimed"], result["computed"], result["verified"]) == (9, 2.5, None)


def test_a_review_stands_over_what_is_computed_and_both_are_kept() -> None:
    branch = Branch({"c": claim(9)}, [activity()], reviews={"c": {"points": 4}})
    result = line_of(scored(rubric(section("s", COUNTED)), branch))
    assert shown(result) == (4, "verified")
    assert (result["claimed"], result["computed"], result["verified"]) == (9, 2.5, 4)


def test_figures_that_cannot_be_used_are_shown_nowhere() -> None:
    branch = Branch({"c": claim(10.5)}, reviews={"c": {"points": 11}})
    result = line_of(scored(PLAIN, branch))
    assert (result["claimed"], result["verified"]) == (None, None)


def test_a_claim_of_not_applicable_waits_even_where_something_is_computed() -> None:
    branch = Branch({"c": {"not_applicable": "没有活动"}}, [activity()])
    assert one(COUNTED, branch) == (None, "pending")


def test_a_method_that_cannot_tell_is_pending() -> None:
    assert one(BALLOT, Branch(), ballot={"good": 1}) == (None, "pending")


@pytest.mark.parametrize(
    ("rule", "cited", "expected"),
    [
        ({"required": True}, [], "pending"),
        ({"required": True}, ["documents/x"], "claimed"),
        ({"required": False}, [], "claimed"),
        ({"kinds": ["plan"]}, [], "claimed"),
        ({"kinds": ["plan"]}, ["documents/x"], "claimed"),
        ({"kinds": ["form", "plan"]}, ["documents/x"], "claimed"),
        ({"kinds": ["form"]}, ["documents/x"], "pending"),
        ({"kinds": ["activity"]}, ["activities/2025-03-12-x"], "claimed"),
        ({"kinds": ["plan"]}, ["documents/x", "activities/2025-03-12-x"], "pending"),
        ({"required": True}, ["documents/x", "documents/gone"], "pending"),
        ({"required": True}, ["documents/broken"], "pending"),
        (None, ["documents/gone"], "pending"),
        (None, ["documents/x"], "claimed"),
    ],
)
def test_what_evidence_a_claim_rests_on(rule: Data | None, cited: list[str], expected: str) -> None:
    criterion = judged("c") if rule is None else judged("c", evidence=rule)
    broken = ("documents/broken/document.yml", {"kind": "plan", "title": "x"})
    branch = Branch({"c": claim(7, *cited)}, [activity(), document(), broken])
    assert one(criterion, branch)[1] == expected


def test_a_document_of_an_earlier_year_is_evidence() -> None:
    standing = {
        "2023/documents/y/document.yml": {"kind": "form", "title": "y", "date": "2023-02-01"}
    }
    for kind, expected in (("form", "claimed"), ("plan", "pending")):
        criterion = judged("c", evidence={"required": True, "kinds": [kind]})
        branch = Branch({"c": claim(7, "2023/documents/y")}, files=standing)
        line = line_of(scored(rubric(section("s", criterion)), branch))
        assert line["basis"] == expected
        assert line["evidence"] == ["branches/a/2023/documents/y"]


def test_a_line_shows_what_was_cited_and_what_was_counted_once_each() -> None:
    branch = Branch(
        {"c": claim(9, "documents/x", "documents/gone", "activities/2025-03-12-x")},
        [activity(), activity("2025-04-01"), document()],
    )
    home = "branches/a/2025"
    assert line_of(scored(rubric(section("s", COUNTED)), branch))["evidence"] == [
        f"{home}/documents/x",
        f"{home}/activities/2025-03-12-x",
        f"{home}/activities/2025-04-01-x",
    ]


def test_a_line_names_who_decided_and_where_it_is_written() -> None:
    rules = rubric(section("s", judged("c"), BALLOT, {**COUNTED, "id": "n"}), ballot={"good": 1})
    review = {"points": 3, "reason": "x", "by": "office", "date": "2026-01-05"}
    branch = Branch(
        {"c": claim(7)},
        reviews={"c": review, "b": {"points": 1}},
        debrief={"mode": "onsite", "ballots": {"good": 1}},
    )
    result = scored(rules, branch)
    line = line_of(result)
    assert (line["decided_by"], line["decided_on"]) == ("office", "2026-01-05")
    assert line["statement"] == "已完成"
    own, review_file = "branches/a/2025/self-assessment.yml:1", "committee/2025/reviews/a.yml:1"
    assert line["sources"] == [own, review_file]
    ballot = line_of(result, "b")
    assert (ballot["decided_by"], ballot["decided_on"]) == ("", "")
    assert ballot["sources"] == [review_file, "committee/2025/debrief.yml:1"]
    assert line_of(result, "n")["sources"] == []


def test_why_a_criterion_does_not_apply_is_its_statement() -> None:
    assert line_of(scored(PLAIN, Branch({"c": {"not_applicable": "未加入"}})))["statement"] == (
        "未加入"
    )


def test_facts_count_what_matches_and_give_nothing() -> None:
    facts = [
        {"count": "activity", "where": {"collective": True}, "title": "集中"},
        {"count": "plan"},
    ]
    records = [activity(collective=True), activity("2025-04-01"), document()]
    result = scored(rubric(section("s", judged("c", facts=facts))), Branch(records=records))
    assert line_of(result)["facts"] == ["集中 1 次", "计划 1 份"]
    assert line_of(result)["points"] is None


# Parts.

HALF: Data = {"method": "proportion", "measure": {"count": "activity"}}
PARTS: Data = {
    "id": "c",
    "title": "c",
    "points": 6,
    "method": "parts",
    "parts": [
        {"id": "p", "title": "p", "points": 1, "target": 3, **HALF},
        {"id": "q", "title": "q", "points": 1, "target": 3, **HALF},
        {"id": "r", "title": "r", "points": 4, "method": "ballot"},
    ],
}


def test_parts_are_rounded_each_and_add_up() -> None:
    branch = Branch(records=[activity()], debrief={"mode": "onsite", "ballots": {"good": 1}})
    result = scored(rubric(section("s", PARTS), ballot={"good": 1}), branch)
    assert [(x["part"], x["points"], x["max"], x["basis"]) for x in result["lines"]] == [
        (None, 4.66, 6, "computed"),
        ("p", 0.33, 1, "computed"),
        ("q", 0.33, 1, "computed"),
        ("r", 4, 4, "computed"),
    ]
    assert result["fixed"] == 4.66
    assert result["assessed"] == {"done": 1, "of": 1}


def test_parts_wait_for_one_that_waits_and_are_shown_all_the_same() -> None:
    result = scored(rubric(section("s", PARTS), ballot={"good": 1}), Branch(records=[activity()]))
    assert [(x["part"], x["points"], x["basis"], x["computed"]) for x in result["lines"]] == [
        (None, None, "pending", None),
        ("p", 0.33, "computed", 0.33),
        ("q", 0.33, "computed", 0.33),
        ("r", None, "pending", None),
    ]
    assert (result["fixed"], result["low"], result["high"]) == (0, 0, 6)
    assert result["assessed"] == {"done": 0, "of": 1}


def test_part_lines_stay_as_computed_under_a_review() -> None:
    branch = Branch(records=[activity()], reviews={"c": {"points": 5}})
    result = scored(rubric(section("s", PARTS), ballot={"good": 1}), branch)
    assert shown(line_of(result)) == (5, "verified")
    assert shown(line_of(result, part="p")) == (0.33, "computed")
    assert result["fixed"] == 5


# What lines add up to.

SCALED = rubric(
    section("s", judged("c", 4), judged("d", 5), judged("e", 3)), section("t", judged("f", 8))
)


def test_where_one_is_excluded_the_rest_is_scaled_and_rounded_once() -> None:
    reviews = {"e": {"not_applicable": "excluded"}, "d": {"points": 2}}
    result = scored(SCALED, Branch({"c": claim(3), "f": claim(1)}, reviews=reviews))
    scaled = result["lines"][3]
    assert (scaled["section"], scaled["criterion"], scaled["part"]) == ("s", None, None)
    assert (scaled["max"], scaled["basis"]) == (None, "scaled")
    assert scaled["points"] == 1.67
    assert result["sections"] == {"s": 6.67, "t": 1}
    assert (result["fixed"], result["total"]) == (7.67, 7.67)
    assert (result["low"], result["high"]) == (2.67, 16)
    assert result["assessed"] == {"done": 2, "of": 4}
    assert [x["criterion"] for x in result["lines"]] == ["c", "d", "e", None, "f"]


def test_nothing_is_scaled_where_nothing_was_reached_or_nothing_excluded() -> None:
    excluded = Branch(reviews={"e": {"not_applicable": "excluded"}})
    for branch in (excluded, Branch({"c": claim(3)}, reviews={"e": {"not_applicable": "zero"}})):
        assert [x["criterion"] for x in scored(SCALED, branch)["lines"]] == ["c", "d", "e", "f"]


def test_a_criterion_without_points_changes_no_scale() -> None:
    rules = rubric(section("s", judged("c", 4), judged("d", 0), judged("e", 4)))
    result = scored(rules, Branch({"c": claim(3)}, reviews={"e": {"not_applicable": "excluded"}}))
    assert result["sections"] == {"s": 6}
    assert result["lines"][-1]["reason"] == "有小项不计入，其余 4 分折算为 8 分"


def test_a_section_whose_criteria_are_all_excluded_gives_nothing() -> None:
    reviews = {name: {"not_applicable": "excluded"} for name in "cde"}
    result = scored(SCALED, Branch({"f": claim(1)}, reviews=reviews))
    assert (result["sections"], result["fixed"]) == ({"s": 0, "t": 1}, 1)
    assert (result["low"], result["high"]) == (0, 8)
    assert len(result["lines"]) == 4


def test_the_least_and_the_greatest_that_a_total_can_come_to() -> None:
    rules = rubric(section("s", *(judged(name) for name in "cdefg"), {**COUNTED, "id": "n"}))
    branch = Branch(
        {"c": claim(3), "d": claim(4), "e": claim(5)},
        [activity()],
        reviews={
            "d": {"points": 2},
            "e": {"not_applicable": "full"},
            "f": {"not_applicable": "zero"},
        },
    )
    result = scored(rules, branch)
    assert [x["basis"] for x in result["lines"]] == [
        "claimed", "verified", "not-applicable", "not-applicable", "pending", "computed",
    ]  # fmt: skip
    assert (result["fixed"], result["low"], result["high"]) == (17.5, 14.5, 34.5)
    assert result["assessed"] == {"done": 4, "of": 6}


def test_maxima_by_what_they_rest_on() -> None:
    def line(basis: Basis, points: int | None, **more: Any) -> Line:
        maximum = None if points is None else Decimal(points)
        return Line("s", "c", more.pop("part", None), "", NO_TEXT, None, maximum, basis, **more)

    lines = [
        line(Basis.VERIFIED, 1),
        line(Basis.NOT_APPLICABLE, 2),
        line(Basis.NOT_APPLICABLE, 4, excluded=True),
        line(Basis.COMPUTED, 8),
        line(Basis.COMPUTED, 16, part="p"),
        line(Basis.CLAIMED, 32),
        line(Basis.PENDING, 64),
        line(Basis.ACCEPTED, 128),
        replace(line(Basis.SCALED, None), criterion=None, points=Decimal("0.5")),
    ]
    assert maxima(lines) == {
        "verified": 3, "computed": 8, "accepted": 128, "claimed": 32, "pending": 64,
    }  # fmt: skip
    found = portions(lines)
    assert {name: own.criteria for name, own in found.items()} == {
        "verified": 3, "computed": 1, "accepted": 1, "claimed": 1, "pending": 1,
    }  # fmt: skip
    assert found["verified"].points == Decimal("0.5")


# Bonus.


def bonus(claims: list[Data], decided: Data | None = None, **rules: Any) -> Data:
    """Return the results of a branch with these bonus claims."""
    own = rubric(section("s", judged("c")), bonus={**BONUS, **rules})
    return scored(own, Branch(bonus=claims, decided=decided or {}))


def lines_of(result: Data) -> list[tuple[Any, ...]]:
    """Return claim, level, points and status of the bonus lines."""
    return [(x["claim"], x["level"], x["points"], x["status"]) for x in result["bonus_lines"]]


YES: Data = {"accepted": True}


def test_of_two_claims_with_one_id_the_first_counts() -> None:
    claims = [
        award("x", "municipal", "甲"),
        award("x", "central", "乙"),
        award("y", "district", "丙"),
    ]
    result = bonus(claims, {"x": YES, "y": YES})
    assert lines_of(result) == [("x", "municipal", 2, "accepted"), ("y", "district", 1, "accepted")]
    assert (result["bonus"], result["total"], result["low"], result["high"]) == (3, 3, 3, 13)


@pytest.mark.parametrize(
    "wrong",
    [
        award("x", "central", "甲", unknown=1),
        award("x", "central", "甲", rule="unknown"),
        {"id": "x", "rule": "award", "level": "central", "matter": "甲", "evidence": []},
    ],
)
def test_a_claim_at_fault_is_left_out_and_the_next_counts(wrong: Data) -> None:
    result = bonus([wrong, award("y", "municipal", "乙")], {"x": YES, "y": YES})
    assert lines_of(result) == [("y", "municipal", 2, "accepted")]
    assert (result["bonus"], result["high"]) == (2, 12)


@pytest.mark.parametrize(
    ("level", "decision", "line", "figures"),
    [
        ("municipal", YES, ("municipal", 2, "accepted"), (2, 2)),
        ("municipal", {**YES, "level": "central"}, ("central", 5, "accepted"), (5, 5)),
        ("central", {**YES, "level": "district"}, ("district", 1, "accepted"), (1, 1)),
        ("unknown", {**YES, "level": "district"}, ("district", 1, "accepted"), (1, 1)),
        ("municipal", {**YES, "level": "unknown"}, ("municipal", None, "claimed"), (0, 2)),
        ("municipal", {**YES, "unknown": 1}, ("municipal", None, "claimed"), (0, 2)),
        ("municipal", {"accepted": False}, ("municipal", 0, "rejected"), (0, 0)),
        ("municipal", None, ("municipal", None, "claimed"), (0, 2)),
        ("unknown", None, ("unknown", None, "claimed"), (0, 0)),
        ("unknown", YES, ("unknown", None, "claimed"), (0, 0)),
    ],
)
def test_what_the_committee_decides_on_a_bonus(
    level: str, decision: Data | None, line: tuple[Any, ...], figures: tuple[int, int]
) -> None:
    result = bonus([award("x", level, "甲")], {"x": decision} if decision else {})
    assert lines_of(result) == [("x", *line)]
    assert (result["bonus"], result["high"] - 10) == figures


def test_one_matter_counts_once_a_rule_at_its_highest_level() -> None:
    claims = [
        award("a", "district", "先进 ＡＢ"),
        award("b", "central", "先进AB"),
        award("c", "municipal", "先进ab "),
        award("d", "municipal", "先进ab", rule="paper"),
        award("e", "district", "先进abc"),
    ]
    result = bonus(claims, dict.fromkeys("abcde", YES))
    assert lines_of(result) == [
        ("a", "district", 0, "same-matter"),
        ("b", "central", 5, "accepted"),
        ("c", "municipal", 0, "same-matter"),
        ("d", "municipal", 3, "accepted"),
        ("e", "district", 1, "accepted"),
    ]
    assert (result["bonus"], result["high"]) == (9, 19)


def test_of_equal_levels_the_first_in_the_file_counts() -> None:
    claims = [award("b", "central", "甲"), award("a", "central", "甲")]
    assert lines_of(bonus(claims, {"a": YES, "b": YES})) == [
        ("b", "central", 5, "accepted"),
        ("a", "central", 0, "same-matter"),
    ]


def test_a_matter_that_was_rejected_or_is_undecided_hides_no_other() -> None:
    claims = [
        award("a", "central", "甲"),
        award("b", "municipal", "甲"),
        award("c", "central", "乙"),
    ]
    result = bonus(claims, {"a": {"accepted": False}, "b": YES})
    assert (result["bonus"], result["low"], result["high"]) == (2, 2, 17)
    undecided = bonus(claims, {"b": YES})
    assert (undecided["bonus"], undecided["low"], undecided["high"]) == (2, 2, 20)


@pytest.mark.parametrize(
    ("cap", "figures"), [(4, (4, 14)), (6, (5, 16)), (8, (5, 17)), (0, (0, 10))]
)
def test_the_cap_holds_for_the_bonus_and_for_what_is_possible(
    cap: int, figures: tuple[int, int]
) -> None:
    claims = [award("a", "central", "甲"), award("b", "municipal", "乙")]
    result = bonus(claims, {"a": YES}, cap=cap)
    assert (result["bonus"], result["high"]) == figures


def test_a_level_without_points_gives_nothing() -> None:
    rules = [{"id": "award", "title": "表彰", "levels": {"named": 0, "one": 1}}]
    claims = [award("a", "named", "甲"), award("b", "one", "乙")]
    result = bonus(claims, {"a": YES}, rules=rules)
    assert lines_of(result) == [("a", "named", 0, "accepted"), ("b", "one", None, "claimed")]
    assert (result["bonus"], result["high"]) == (0, 11)


def test_a_bonus_line_shows_evidence_that_there_is_once_each() -> None:
    cited = ["documents/x", "documents/gone", "documents/x"]
    branch = Branch(
        bonus=[award("x", "central", "甲", evidence=cited)],
        decided={"x": YES},
        records=[document()],
    )
    line = scored(PLAIN, branch)["bonus_lines"][0]
    assert line["evidence"] == ["branches/a/2025/documents/x"]
    assert line["sources"] == [
        "branches/a/2025/self-assessment.yml:1",
        "committee/2025/reviews/a.yml:1",
    ]


def test_bonus_comes_on_top_of_what_is_fixed() -> None:
    branch = Branch({"c": claim(4)}, bonus=[award("x", "central", "甲")], decided={"x": YES})
    result = scored(PLAIN, branch)
    assert (result["fixed"], result["bonus"], result["total"]) == (4, 5, 9)
    assert (result["low"], result["high"]) == (5, 15)


# Status.


def entry(state: str, **more: Any) -> Data:
    """Return an entry of a vetoes file."""
    return {
        "veto": "veto",
        "state": state,
        "reason": "x",
        "reference": "y",
        "date": "2026-01-06",
    } | more


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry("verified")], "vetoed"),
        ([entry("dismissed"), entry("verified")], "vetoed"),
        ([entry("alleged"), entry("under-review"), entry("dismissed")], "scored"),
        ([entry("verified", unknown=1)], "scored"),
        ([entry("verified", date="someday")], "scored"),
        ([entry("verified", unknown=1), entry("verified")], "vetoed"),
        ([], "scored"),
    ],
)
def test_a_clean_verified_entry_is_a_veto(entries: list[Data], expected: str) -> None:
    grades = [{"id": "good", "title": "好", "min": 1}, {"id": "bad", "title": "差", "min": 0}]
    rules = rubric(section("s", judged("c")), vetoes=[VETO], grades=grades)
    result = scored(rules, Branch({"c": claim(4)}, vetoes=entries))
    assert result["status"] == expected
    assert result["total"] == 4
    placed = (None, "bad") if expected == "vetoed" else (1, "good")
    assert (result["rank"], result["grade"]) == placed


def test_a_branch_without_files_has_no_figures() -> None:
    for vetoes, status in ((None, "not-submitted"), ([entry("verified")], "vetoed")):
        result = scored(PLAIN, Branch(silent=True, vetoes=vetoes))
        assert (result["status"], result["lines"], result["bonus_lines"]) == (status, [], [])
        figures = [result[name] for name in ("fixed", "bonus", "total", "low", "high")]
        assert figures == [None] * 5
        assert result["assessed"] == {"done": 0, "of": 1}


def test_a_branch_of_which_nothing_can_be_read_has_no_figures() -> None:
    broken = {"2025/self-assessment.yml": b"[" * 3000}
    result = scored(PLAIN, Branch(silent=True, files=broken))
    assert (result["status"], result["lines"], result["total"]) == ("unreadable", [], None)
    one_left = Branch(silent=True, files=broken, records=[activity()])
    assert scored(PLAIN, one_left)["status"] == "scored"


# What a reviewer saw.


def test_a_review_holds_while_claim_and_files_are_what_they_were() -> None:
    path = "branches/a/2025/documents/x"
    stated = claim(7, "documents/x")
    name, data = document()
    record, beside = {**data, "files": ["计划.md"]}, "内容\n".encode()
    seen = {
        "claim": canonical({**stated, "points": "7"}),
        "evidence": {
            f"{path}/document.yml": blob_id(encoded(record)),
            f"{path}/计划.md": blob_id(beside),
        },
    }
    right = hashlib.sha256(canonical(seen).encode("utf-8")).hexdigest()
    without = hashlib.sha256(canonical({**seen, "evidence": {}}).encode("utf-8")).hexdigest()
    for reviewed, codes in ((right, []), (without, ["C002"]), ("0" * 64, ["C002"])):
        branch = Branch(
            {"c": stated},
            [(name, record), document("other")],
            reviews={"c": {"points": 7, "reviewed": reviewed}},
            files={"2025/documents/x/计划.md": beside},
        )
        findings = evaluated(year_of(PLAIN, {"a": branch})).findings
        assert [f.code for f in findings if f.code == "C002"] == codes


def test_a_criterion_without_claim_has_a_fingerprint_of_what_was_counted() -> None:
    name, data = activity()
    path = f"branches/a/2025/{name}"
    seen = canonical({"claim": "", "evidence": {path: blob_id(encoded(data))}})
    right = hashlib.sha256(seen.encode("utf-8")).hexdigest()
    branch = Branch(
        records=[(name, data)], reviews={"c": {"points": 7, "reviewed": right, "reason": "x"}}
    )
    findings = evaluated(year_of(rubric(section("s", COUNTED)), {"a": branch})).findings
    assert "C002" not in [f.code for f in findings]


def canonical(value: Any) -> str:
    """Return canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_branches_are_scored_each_for_itself() -> None:
    result = branches_of(
        year_of(PLAIN, {"a": Branch({"c": claim(4)}), "b": Branch({"c": claim(6)})})
    )
    assert (result["a"]["total"], result["b"]["total"]) == (4, 6)


def test_a_fingerprint_takes_files_in_order_and_those_of_earlier_years() -> None:
    """Other orders of the same files, and files of no record that was cited, change nothing."""
    old, own = "branches/a/2023/documents/y", "branches/a/2025/documents/x"
    record = {"kind": "plan", "title": "y", "date": "2023-02-01", "files": ["z.md", "a.md"]}
    stated = claim(7, "documents/x", "2023/documents/y")
    files = {
        f"{old}/document.yml": encoded(record),
        f"{old}/a.md": b"one\n",
        f"{old}/z.md": b"two\n",
        f"{own}/document.yml": encoded({**document()[1], "files": ["a.md"]}),
        f"{own}/a.md": b"three\n",
    }
    seen = {
        "claim": canonical({**stated, "points": "7"}),
        "evidence": {path: blob_id(data) for path, data in files.items()},
    }
    right = hashlib.sha256(canonical(seen).encode("utf-8")).hexdigest()
    branch = Branch({"c": stated}, reviews={"c": {"points": 7, "reviewed": right}})
    branch.files = {path.removeprefix("branches/a/"): data for path, data in files.items()}
    findings = evaluated(year_of(PLAIN, {"a": branch})).findings
    assert "C002" not in [f.code for f in findings]


def test_a_branch_of_an_unknown_kind_has_no_target_even_where_one_is_written() -> None:
    target = {"regular": 1, "functional": 1, "odd": 1}
    branch = Branch(records=[activity()], kind="odd")
    assert one({**COUNTED, "target": target}, branch) == (None, "pending")
    assert one({**COUNTED, "target": target}, Branch(records=[activity()])) == (None, "pending")
