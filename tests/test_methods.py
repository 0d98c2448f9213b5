"""What each scoring method gives, at its edges: a rubric of one criterion, a branch, a figure.

Measures are looked at through ``threshold``: a record matches where it reaches a target of 1.
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from generator.rubric.asked import Asked
from generator.rubric.measures import where
from generator.rubric.methods.base import Facts
from generator.rubric.vocabulary import Vocabulary
from generator.text.privacy import masked
from tests.receiving import Days
from tests.years import (
    Branch,
    Data,
    activity,
    branches_of,
    document,
    evaluated,
    found,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Records = list[tuple[str, Data]]
PENDING = (None, "pending")
WEIGHTS: Data = {"good": 1, "fair": 0.6, "poor": 0}


class Receipts(Days):
    """A history in which every file was received on one day."""

    def __init__(self, day: str) -> None:
        self.received = datetime.date.fromisoformat(day)

    def on(self, path: str) -> datetime.date:
        """Return the day."""
        assert path.endswith(".yml")
        return self.received


def one(
    parameters: Data,
    *records: tuple[str, Data],
    points: float = 10,
    received: str | None = None,
    kinds: Data | None = None,
    others: Sequence[str] = (),
    **more: Any,
) -> tuple[Any, str]:
    """Return points and basis of the only criterion, of the first branch."""
    criterion = {"id": "c", "title": "c", "points": points, **parameters}
    rules = rubric(section("s", criterion), ballot=WEIGHTS)
    rules["document_kinds"] |= kinds or {}
    receipts = Receipts(received) if received else None
    branches = {"a": Branch(records=[*records], **more)} | {name: Branch() for name in others}
    line = branches_of(year_of(rules, branches), receipts)["a"]["lines"][0]
    return line["points"], line["basis"]


def computed(points: float) -> tuple[float, str]:
    """Return a computed figure."""
    return (points, "computed")


def activities(n: int, **more: Any) -> Records:
    """Return so many activities, of a day each."""
    return [activity(f"2025-03-{day:02}", **more) for day in range(1, n + 1)]


def counting(method: str, count: str = "activity", where: Data | None = None, **more: Any) -> Data:
    """Return the parameters of a method that counts."""
    return {"method": method, "measure": {"count": count, "where": where or {}}, **more}


# Counting against a target.


@pytest.mark.parametrize(
    ("target", "n", "points", "expected"),
    [
        (12, 7, 16.5, 9.63),
        (12, 0, 16.5, 0),
        (12, 11, 12, 11),
        (12, 12, 12, 12),
        (3, 4, 12, 12),
        (3, 1, 1, 0.33),
        (3, 2, 1, 0.67),
        (8, 1, 1, 0.13),
        (1.5, 1, 3, 2),
    ],
)
def test_proportion(target: float, n: int, points: float, expected: float) -> None:
    parameters = counting("proportion", target=target)
    assert one(parameters, *activities(n), points=points) == computed(expected)


@pytest.mark.parametrize(
    ("target", "n", "expected"), [(2, 0, 0), (2, 1, 0), (2, 2, 10), (2, 3, 10), (1.5, 1, 0)]
)
def test_threshold(target: float, n: int, expected: float) -> None:
    assert one(counting("threshold", target=target), *activities(n)) == computed(expected)


@pytest.mark.parametrize("method", ["proportion", "threshold"])
def test_each_kind_of_branch_has_its_target(method: str) -> None:
    parameters = counting(method, target={"regular": 2, "functional": 1})
    assert one(parameters, *activities(1), kind="functional") == computed(10)
    low = 5 if method == "proportion" else 0
    assert one(parameters, *activities(1), kind="regular") == computed(low)
    assert one(parameters, *activities(1), kind="unknown") == PENDING
    assert one(counting(method, target=1), *activities(1), kind="unknown") == computed(10)


@pytest.mark.parametrize(
    ("n", "expected"), [(0, 0), (1, 0), (2, 3), (3, 3), (4, 7), (5, 7), (6, 10)]
)
def test_tiers_in_any_order(n: int, expected: float) -> None:
    tiers = [
        {"at_least": 4, "points": 7},
        {"at_least": 6, "points": 10},
        {"at_least": 2, "points": 3},
    ]
    assert one(counting("tiers", tiers=tiers), *activities(n)) == computed(expected)


def test_the_highest_tier_is_the_one_that_starts_highest() -> None:
    tiers = [{"at_least": 1, "points": 7}, {"at_least": 2, "points": 3}]
    assert one(counting("tiers", tiers=tiers), *activities(2)) == computed(3)


def test_an_activity_filed_twice_counts_once() -> None:
    same = {"title": "主题 党日", "place": "会议室"}
    records = [
        activity(slug="a", **same),
        activity(slug="b", **{**same, "title": "主题党日"}),
        activity(slug="c", **{**same, "place": "社区"}),
        activity("2025-03-13", "a", **same),
    ]
    assert one(counting("proportion", target=4), *records) == computed(7.5)


def test_a_record_at_fault_does_not_count() -> None:
    records = [
        activity(),
        activity("2025-03-13", unknown=1),
        activity("2025-03-14", type="unknown"),
    ]
    assert one(counting("proportion", target=2), *records) == computed(5)


def test_only_the_kind_asked_for_is_counted() -> None:
    records = [activity(), document("x"), document("y", "form"), document("z", "form")]
    for kind, n in (("activity", 1), ("plan", 1), ("form", 2)):
        assert one(counting("proportion", kind, target=10), *records) == computed(n)


# Conditions.

FORM: Data = {
    "sign": True,
    "rooms": 3,
    "area": 12.5,
    "note": "甲",
    "held": "2025-03-10",
    "filed": "2025-03-08",
    "level": "a",
}


@pytest.mark.parametrize(
    ("where", "matches"),
    [
        ({}, True),
        ({"note": "甲"}, True),
        ({"note": "乙"}, False),
        ({"note": ["乙", "甲"]}, True),
        ({"note": ["乙", "丙"]}, False),
        ({"note": "None"}, False),
        ({"note": "甲", "rooms": 4}, False),
        ({"note": "甲", "rooms": 3}, True),
        ({"rooms": 3}, True),
        ({"rooms": 3.0}, True),
        ({"rooms": 4}, False),
        ({"rooms": "many"}, False),
        ({"area": 12.50}, True),
        ({"level": "a"}, True),
        ({"level": "b"}, False),
        ({"sign": True}, True),
        ({"sign": False}, False),
        ({"flag": False}, True),
        ({"flag": True}, False),
        ({"held": "2025-03-10"}, True),
        ({"held": "2025-03-09"}, False),
        ({"held": "2025-03-11"}, False),
        ({"sign": {"present": True}}, True),
        ({"flag": {"present": True}}, False),
        ({"rooms": {"at_least": 3}}, True),
        ({"rooms": {"at_least": 3.01}}, False),
        ({"rooms": {"at_least": 2}}, True),
        ({"area": {"at_least": 12.5}}, True),
        ({"held": {"not_after": "2025-03-10"}}, True),
        ({"held": {"not_after": "2025-03-09"}}, False),
        ({"held": {"not_after": "2025-03-11"}}, True),
        ({"filed": {"not_after": "held"}}, True),
        ({"held": {"not_after": "held"}}, True),
        ({"held": {"not_after": "filed"}}, False),
        ({"note": {"not_after": "2025-12-31"}}, False),
        ({"held": {"not_after": "note"}}, False),
        ({"rooms": {"present": True, "at_least": 4}}, False),
        ({"kind": "form"}, True),
        ({"title": "x"}, True),
        ({"date": "2025-02-01"}, True),
        ({"url": {"present": True}}, False),
        ({"files": {"present": True}}, False),
    ],
)
def test_conditions(where: Data, matches: bool) -> None:
    parameters = counting("threshold", "form", where, target=1)
    assert one(parameters, document(kind="form", **FORM)) == computed(10 if matches else 0)


@pytest.mark.parametrize(
    ("where", "matches"),
    [
        ({"note": "甲"}, False),
        ({"note": ["", "甲"]}, False),
        ({"rooms": 0}, False),
        ({"rooms": {"at_least": 0}}, False),
        ({"held": {"not_after": "2025-12-31"}}, False),
        ({"held": {"not_after": "filed"}}, False),
        ({"filed": {"present": True}}, False),
        ({"sign": False}, True),
        ({"sign": {"present": True}}, False),
        ({"note": "None"}, False),
    ],
)
def test_what_is_absent_meets_nothing(where: Data, matches: bool) -> None:
    parameters = counting("threshold", "form", where, target=1)
    absent: Data = dict.fromkeys(FORM)
    for fields in ({}, absent):
        assert one(parameters, document(kind="form", **fields)) == computed(10 if matches else 0)


@pytest.mark.parametrize(
    ("where", "n"),
    [
        ({"collective": True}, 1),
        ({"collective": False}, 2),
        ({"collective": {"present": True}}, 2),
        ({"type": "meeting"}, 1),
        ({"type": ["meeting", "theme-day"]}, 3),
        ({"joint_with": "b"}, 1),
        ({"joint_with": ["a", "c"]}, 1),
        ({"joint_with": "a"}, 0),
        ({"joint_with": {"present": True}}, 1),
        ({"attendance": {"present": True}}, 1),
        ({"plan": {"present": True}}, 1),
        ({"photos": "甲.md"}, 1),
        ({"date": {"not_after": "2025-03-13"}}, 2),
    ],
)
def test_conditions_on_activities(where: Data, n: int) -> None:
    counts = {"members": 10, "present": 8, "leave": 1, "absent": 1}
    wrong = {**counts, "absent": 2}
    records = [
        activity("2025-03-12", collective=True, joint_with=["b", "c"], attendance=counts),
        activity("2025-03-13", collective=False, plan="计划.md", photos=["甲.md"]),
        activity("2025-03-14", type="meeting", plan="缺.md", attendance=wrong),
    ]
    beside = f"2025/{records[1][0].rpartition('/')[0]}"
    files = {f"{beside}/计划.md": "内容\n", f"{beside}/甲.md": "内容二\n"}
    parameters = counting("proportion", "activity", where, target=10)
    assert one(parameters, *records, files=files, others=["b", "c"]) == computed(n)


# Shares.


def share(having: Any, **more: Any) -> Data:
    """Return the parameters of a share of forms."""
    return {"method": "share", "of": "form", "having": having, **more}


@pytest.mark.parametrize(
    ("empty", "expected"),
    [
        ({}, computed(0)),
        ({"empty": "zero"}, computed(0)),
        ({"empty": "full"}, computed(10)),
        ({"empty": "pending"}, PENDING),
    ],
)
def test_a_share_of_nothing(empty: Data, expected: tuple[Any, str]) -> None:
    assert one(share(["sign"], **empty), document()) == expected
    nothing_left = share(["sign"], where={"note": "乙"}, **empty)
    assert one(nothing_left, document(kind="form", **FORM)) == expected


@pytest.mark.parametrize(
    ("having", "expected"),
    [
        (["sign"], 3.33),
        (["sign", "note"], 3.33),
        (["note"], 6.67),
        (["note", "rooms"], 3.33),
        (["url"], 0),
        ({"rooms": {"at_least": 3}}, 3.33),
        ({"sign": False}, 6.67),
        ({"sign": True, "note": "乙"}, 0),
        ({}, 10),
    ],
)
def test_a_share_of_records_that_have_it_all(having: Any, expected: float) -> None:
    records = [
        document("x", "form", **FORM),
        document("y", "form", sign=False, note="乙"),
        document("z", "form", note=None),
        document("w"),
    ]
    assert one(share(having), *records) == computed(expected)


def test_a_share_is_of_those_that_meet_the_condition() -> None:
    records = [
        document("x", "form", **FORM),
        document("y", "form", note="乙"),
        document("z", "form", note="甲"),
    ]
    assert one(share(["sign"], where={"note": "甲"}), *records) == computed(5)


# When records came in.

RECEIVED: list[Data] = [
    share(["received"]),
    share({"received": {"present": True}}),
    share({"received": {"not_after": "held"}}),
    share({"held": {"not_after": "received"}}),
    share(["sign"], where={"received": {"present": True}}),
    counting(
        "tiers", "form", {"received": {"present": True}}, tiers=[{"at_least": 1, "points": 9}]
    ),
    counting("proportion", "form", {"received": {"present": True}}, target=1),
    counting("threshold", "form", {"held": {"not_after": "received"}}, target=1),
]


@pytest.mark.parametrize("parameters", RECEIVED, ids=str)
def test_without_history_nobody_can_tell_when_a_record_came_in(parameters: Data) -> None:
    assert one(parameters, document(kind="form", **FORM)) == PENDING
    assert one(parameters, document()) == computed(0)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [*zip(RECEIVED, [10, 10, 0, 10, 10, 9, 10, 10], strict=True)],
    ids=str,
)
def test_with_history_the_day_is_a_field(parameters: Data, expected: float) -> None:
    record = document(kind="form", **FORM)
    assert one(parameters, record, received="2025-03-11") == computed(expected)


def test_the_day_of_receipt_is_held_against_others() -> None:
    parameters = share({"received": {"not_after": "held"}})
    for day, expected in (("2025-03-09", 10), ("2025-03-10", 10), ("2025-03-11", 0)):
        record = document(kind="form", **FORM)
        assert one(parameters, record, received=day) == computed(expected)


def test_a_field_of_ones_own_called_received_needs_no_history() -> None:
    kinds = {"letter": {"title": "函", "fields": {"received": "date"}}}
    parameters = counting("threshold", "letter", {"received": {"present": True}}, target=1)
    letter = document(kind="letter", received="2025-03-01")
    assert one(parameters, letter, kinds=kinds) == computed(10)
    assert one(parameters, document(kind="letter"), kinds=kinds) == computed(0)


# Checklists.


def checklist(*fields: str) -> Data:
    """Return the parameters of a checklist of forms."""
    return {"method": "checklist", "of": "form", "fields": [*fields]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sign": True, "flag": True}, 10),
        ({"sign": True, "flag": False}, 5),
        ({"flag": True}, 5),
        ({"sign": False, "flag": False}, 0),
        ({}, 0),
    ],
)
def test_checklist(fields: Data, expected: float) -> None:
    assert one(checklist("sign", "flag"), document(kind="form", **fields)) == computed(expected)


def test_only_what_is_true_is_met_whatever_the_rubric_lists() -> None:
    record = document(kind="form", sign=True, flag=False)
    assert one(checklist("sign", "flag"), record) == computed(5)


def test_a_checklist_of_what_is_no_boolean_is_pending() -> None:
    record = document(kind="form", sign=True, rooms=3, note="true")
    assert one(checklist("sign", "rooms", "note", "odd"), record) == PENDING


def test_a_checklist_without_a_record_gives_nothing() -> None:
    assert one(checklist("sign"), document()) == computed(0)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("2025-02-02", "2025-02-01"), 10),
        (("2025-02-01", "2025-02-02"), 0),
        (("2025-02-01", "2025-02-01"), 0),
    ],
)
def test_a_checklist_looks_at_the_newest_record(dates: tuple[str, str], expected: float) -> None:
    records = [
        document("a", "form", dates[0], sign=True),
        document("b", "form", dates[1], sign=False),
    ]
    assert one(checklist("sign"), *records) == computed(expected)


# Ballots.

BALLOT: Data = {"method": "ballot"}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (None, PENDING),
        ({"mode": "none"}, PENDING),
        ({"mode": "none", "points": 3, "ballots": {"good": 1}}, PENDING),
        ({"mode": "onsite"}, PENDING),
        ({"mode": "onsite", "ballots": {"good": 0}}, PENDING),
        ({"mode": "onsite", "ballots": {"unknown": 5}}, PENDING),
        ({"mode": "onsite", "points": 3}, PENDING),
        ({"mode": "onsite", "ballots": {"good": 4, "fair": 1}, "points": 3}, computed(4.6)),
        ({"mode": "onsite", "ballots": {"good": 4, "fair": 1}, "void": 5}, computed(4.6)),
        ({"mode": "onsite", "ballots": {"good": 1, "fair": 1, "poor": 1}}, computed(2.67)),
        ({"mode": "onsite", "ballots": {"good": 1, "unknown": 3}}, computed(5)),
        ({"mode": "onsite", "ballots": {"poor": 2}}, computed(0)),
        ({"mode": "written", "points": 3.5}, computed(3.5)),
        ({"mode": "written", "points": 3.5, "ballots": {"good": 1}}, computed(3.5)),
        ({"mode": "written", "points": 0}, computed(0)),
        ({"mode": "written", "points": 5}, computed(5)),
        ({"mode": "written", "points": 5.01}, PENDING),
        ({"mode": "written", "points": 50}, PENDING),
        ({"mode": "written", "points": -0.5}, PENDING),
        ({"mode": "written"}, PENDING),
        ({"mode": "written", "ballots": {"good": 1}}, PENDING),
    ],
)
def test_ballot(entry: Data | None, expected: tuple[Any, str]) -> None:
    assert one(BALLOT, points=5, debrief=entry) == expected


@pytest.mark.parametrize("kind", ["activity", "abc", "form"])
def test_a_title_is_taken_for_a_field_of_an_activity_alone(kind: str) -> None:
    """A document may have a field of the same name, which the rubric calls nothing."""
    criterion = {"id": "c", "title": "c", "points": 10, **share(["地点"]), "of": kind}
    rules = rubric(section("s", criterion))
    for own in ("abc", "form"):
        rules["document_kinds"][own] = {"title": own, "fields": {"place": "text"}}
    (finding,) = [f for f in evaluated(year_of(rules, {})).findings if f.code == "B004"]
    assert ("place" in f"{finding.hint}") == (kind == "activity")


def test_without_any_kind_of_branch_there_is_still_a_target_to_name() -> None:
    criterion = {"id": "c", "title": "c", "points": 10, **counting("threshold", target={})}
    rules = rubric(section("s", criterion), branch_kinds={})
    assert found(rules) == [("B005", "/sections/0/criteria/0/target")]


# What a rubric can not ask: code and place.

TIER: Data = {"at_least": 1, "points": 5}
TARGETS: Data = {"regular": 1, "functional": 2}
CHECKED: list[tuple[Data, list[tuple[str, str]]]] = [
    (counting("proportion", target=0.5), []),
    (counting("proportion", target=0), [("B005", "target")]),
    (counting("threshold", target=-1), [("B005", "target")]),
    (counting("proportion", target=TARGETS), []),
    (counting("proportion", target={"regular": 1}), [("B005", "target")]),
    (counting("proportion", target={**TARGETS, "functional": 0}), [("B005", "target/functional")]),
    (counting("proportion", target={**TARGETS, "odd": 1}), [("B004", "target/odd")]),
    (counting("proportion", "odd", target=1), [("B004", "measure/count")]),
    (counting("tiers", "odd", tiers=[TIER]), [("B004", "measure/count")]),
    (counting("tiers", tiers=[]), [("B005", "tiers")]),
    (counting("tiers", tiers=[TIER, {"at_least": 2, "points": 10}]), []),
    (
        counting("tiers", tiers=[TIER, {"at_least": 2, "points": 10.01}]),
        [("B005", "tiers/1/points")],
    ),
    (counting("tiers", tiers=[TIER, {"at_least": 1, "points": 6}]), [("B005", "tiers/1/at_least")]),
    (
        counting("tiers", tiers=[TIER, {"at_least": 2, "points": 6}, TIER, TIER]),
        [("B005", "tiers/2/at_least"), ("B005", "tiers/3/at_least")],
    ),
    (share(["sign"]), []),
    (share(["odd"]), [("B004", "having/0")]),
    (share({"odd": 1}), [("B004", "having/odd")]),
    (share(["sign"], where={"odd": 1}), [("B004", "where/odd")]),
    ({**share(["sign"]), "of": "odd"}, [("B004", "of")]),
    (share(["received"]), []),
    (checklist("sign", "flag"), []),
    (checklist(), [("B005", "fields")]),
    (checklist("sign", "rooms"), [("B005", "fields/1")]),
    (checklist("sign", "odd"), [("B004", "fields/1")]),
    ({**checklist("collective"), "of": "activity"}, [("B005", "of")]),
    ({**checklist("sign"), "of": "odd"}, [("B004", "of")]),
    (counting("threshold", "form", {"note": "x"}, target=1), []),
    (counting("threshold", "form", {"level": "a"}, target=1), []),
    (
        counting("threshold", "form", {"level": ["a", "z"]}, target=1),
        [("B004", "measure/where/level/1")],
    ),
    (counting("threshold", where={"type": "odd"}, target=1), [("B004", "measure/where/type")]),
    (counting("threshold", where={"type": "meeting"}, target=1), []),
    (counting("threshold", "form", {"rooms": {"at_least": 1}}, target=1), []),
    (counting("threshold", "form", {"area": {"at_least": 1}}, target=1), []),
    (
        counting("threshold", "form", {"note": {"at_least": 1}}, target=1),
        [("B005", "measure/where/note")],
    ),
    (counting("threshold", "form", {"held": {"not_after": "filed"}}, target=1), []),
    (counting("threshold", "form", {"held": {"not_after": "2025-01-01"}}, target=1), []),
    (
        counting("threshold", "form", {"held": {"not_after": "odd"}}, target=1),
        [("B004", "measure/where/held/not_after")],
    ),
    (
        counting("threshold", "form", {"odd": {"present": True}}, target=1),
        [("B004", "measure/where/odd")],
    ),
]


@pytest.mark.parametrize(("parameters", "expected"), CHECKED, ids=str)
def test_what_a_method_cannot_ask(parameters: Data, expected: list[tuple[str, str]]) -> None:
    criterion = {"id": "c", "title": "c", "points": 10, **parameters}
    home = "/sections/0/criteria/0"
    assert [
        (code, at.removeprefix(f"{home}/")) for code, at in found(rubric(section("s", criterion)))
    ] == expected


def test_facts_are_checked_like_measures() -> None:
    facts = [{"count": "plan"}, {"count": "odd"}, {"count": "form", "where": {"odd": 1}}]
    criterion = {"id": "c", "title": "c", "points": 10, "method": "judgement", "facts": facts}
    home = "/sections/0/criteria/0/facts"
    assert found(rubric(section("s", criterion))) == [
        ("B004", f"{home}/1/count"),
        ("B004", f"{home}/2/where/odd"),
    ]


def test_ballots_need_weights() -> None:
    criterion = {"id": "c", "title": "c", "points": 10, **BALLOT}
    assert found(rubric(section("s", criterion), ballot=WEIGHTS)) == []
    assert found(rubric(section("s", criterion))) == [("B005", "/sections/0/criteria/0/method")]


@pytest.mark.parametrize(
    ("ids", "points", "expected"),
    [
        (("p", "q"), (4, 6), []),
        (("p", "q"), (4, 5), [("B005", "parts")]),
        (("p", "q"), (4, 6.01), [("B005", "parts")]),
        (("p", "p"), (4, 6), [("B003", "parts/1/id")]),
        (("p", "q"), (0, 10), [("B005", "parts/1/target")]),
    ],
)
def test_parts_differ_and_add_up(
    ids: tuple[str, str], points: tuple[float, float], expected: list[tuple[str, str]]
) -> None:
    target = 0 if points == (0, 10) else 1
    parts = [
        {"id": ids[0], "title": "p", "points": points[0], **counting("threshold", target=1)},
        {"id": ids[1], "title": "q", "points": points[1], **counting("threshold", target=target)},
    ]
    criterion = {"id": "c", "title": "c", "points": 10, "method": "parts", "parts": parts}
    home = "/sections/0/criteria/0"
    assert [
        (code, at.removeprefix(f"{home}/")) for code, at in found(rubric(section("s", criterion)))
    ] == expected


@pytest.mark.parametrize("method", ["parts", "judgement", "odd"])
def test_what_a_part_cannot_be(method: str) -> None:
    part = {"id": "p", "title": "p", "points": 10, "method": method}
    criterion = {"id": "c", "title": "c", "points": 10, "method": "parts", "parts": [part]}
    assert ("B004", "/sections/0/criteria/0/parts/0/method") in found(
        rubric(section("s", criterion))
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"method": "odd"}, {("B004", "/method")}),
        ({"method": "odd", "of": "form", "target": 1}, {("B004", "/method")}),
        ({"method": "odd", "target": "many"}, {("B004", "/method"), ("S003", "/target")}),
        ({"method": "odd", "unknown": 1}, {("B004", "/method"), ("S002", "/unknown")}),
        ({"method": "odd", "title": None}, {("B004", "/method"), ("S001", "/title")}),
        ({}, {("S001", "")}),
        ({"of": "form"}, {("S001", "")}),
        ({"method": None}, {("S001", "/method")}),
        ({"method": ""}, {("S001", "/method")}),
        ({"method": ["ballot"]}, {("S003", "/method")}),
        ({"method": {"ballot": {}}}, {("S003", "/method")}),
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_method_that_is_missing_or_unknown_is_told_once(
    change: Data, expected: set[tuple[str, str]], *, inside: bool
) -> None:
    """Nothing is said of keys that only some method asks for."""
    item: Data = {"id": "c", "title": "c", "points": 10, **change}
    criterion = {"id": "d", "title": "d", "points": 10, "method": "parts", "parts": [item]}
    own = rubric(section("s", criterion if inside else item))
    home = "/sections/0/criteria/0" + "/parts/0" * inside
    told = [(code, at.removeprefix(home)) for code in "BS" for code, at in found(own, code=code)]
    assert sorted(told) == sorted(expected)


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"note": None}, "S003"),
        ({"note": ["甲", None]}, "S003"),
        ({"note": [["甲"]]}, "S003"),
        ({"note": {"present": False}}, "S003"),
        ({"note": {"not_after": []}}, "S003"),
        ({"note": {"below": 1}}, "S002"),
        ({"rooms": {"at_least": "many"}}, "S003"),
        (["note"], "S003"),
    ],
)
def test_conditions_that_are_none(where: Any, code: str) -> None:
    criterion = {"id": "c", "title": "c", "points": 10, **share(["sign"]), "where": where}
    rules = rubric(section("s", criterion))
    assert code in [c for c, _ in found(rules, code="S")]
    branches = branches_of(year_of(rules, {"a": Branch(records=[document(kind="form", **FORM)])}))
    assert [(li["basis"], li["max"]) for li in branches["a"]["lines"]] == [("pending", 10)]


PART: Data = {"id": "p", "title": "p", "points": 10, "method": "ballot"}
NEEDED: list[tuple[Data, str]] = [
    (counting("proportion", target=1), "measure"),
    (counting("proportion", target=1), "target"),
    (counting("threshold", target=1), "target"),
    (counting("tiers", tiers=[TIER]), "measure"),
    (counting("tiers", tiers=[TIER]), "tiers"),
    (counting("tiers", tiers=[TIER]), "tiers/0/at_least"),
    (counting("tiers", tiers=[TIER]), "tiers/0/points"),
    (counting("proportion", target=1), "measure/count"),
    (share(["sign"]), "of"),
    (share(["sign"]), "having"),
    (checklist("sign"), "of"),
    (checklist("sign"), "fields"),
    ({"method": "parts", "parts": [PART]}, "parts"),
    ({"method": "parts", "parts": [PART]}, "parts/0/id"),
    ({"method": "parts", "parts": [PART]}, "parts/0/title"),
    ({"method": "parts", "parts": [PART]}, "parts/0/points"),
]


@pytest.mark.parametrize(("parameters", "path"), NEEDED, ids=str)
def test_what_a_method_needs(parameters: Data, path: str) -> None:
    whole = json.loads(json.dumps({"id": "c", "title": "c", "points": 10, **parameters}))
    rules = rubric(section("s", whole), ballot=WEIGHTS)
    assert found(rules, code="S") == []
    *above, last = path.split("/")
    inner = whole
    for name in above:
        inner = inner[int(name) if name.isdigit() else name]
    del inner[last]
    assert [code for code, _ in found(rules, code="S")] == ["S001"]


# --- what mutants got past --------------------------------------------------------------------


def test_only_entries_of_a_kind_are_asked_of_it() -> None:
    """Whatever the order of kinds by their letters."""
    day = datetime.date(2025, 3, 1)
    entries = tuple(
        Asked(kind, kind, masked(kind), day, None, come=True) for kind in ("a", "b", "c")
    )
    facts = Facts(None, {}, None, Vocabulary({}, {}, {}, {}, {}, {}, 2), entries)
    assert [entry.kind for entry in facts.asked_for("b")] == ["b"]


def under_condition(condition: Data) -> Data:
    """Return a rubric with one criterion that counts theme days under a condition."""
    measure = {"count": "activity", "where": {"type": "theme-day", **condition}}
    criterion = {"id": "c", "title": "c", "points": 5, "method": "threshold", "target": 1}
    return rubric(section("s", criterion | {"measure": measure}), ballot=WEIGHTS)


def test_each_condition_of_a_where_is_looked_at() -> None:
    """One that names no field keeps none behind it from being told."""
    told = found(under_condition({"nothing": "x", "title": {"at_least": 3}}))
    assert [(code, pointer.rpartition("/")[2]) for code, pointer in told] == [
        ("B004", "nothing"),
        ("B005", "title"),
    ]


def test_an_empty_condition_is_told_once_with_its_field() -> None:
    told = found(under_condition({"title": []}), code="S")
    assert [(code, pointer.rpartition("/")[2]) for code, pointer in told] == [("S003", "title")]


def test_one_value_in_brackets_is_a_where_by_its_schema() -> None:
    schema = jsonschema.Draft202012Validator(where.schema())
    assert schema.is_valid({"title": ["x"]})
    assert not schema.is_valid({"title": []})
