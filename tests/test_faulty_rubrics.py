"""A rubric with a fault stays whole: what is at fault is pending, and nobody else is accused."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.text.findings import Severity
from tests.years import (
    Branch,
    Data,
    activity,
    award,
    branches_of,
    claim,
    document,
    evaluated,
    judged,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.engine.evaluate import Evaluation

COUNT: Data = {"count": "activity", "where": {"type": ["theme-day"], "title": {"present": True}}}
SHARE: Data = {
    "method": "share",
    "of": "form",
    "where": {"held": {"not_after": "filed"}, "rooms": {"at_least": 1}},
    "having": ["sign"],
    "empty": "full",
}
METHODS: dict[str, Data] = {
    "proportion": {"method": "proportion", "measure": COUNT, "target": 2},
    "threshold": {
        "method": "threshold",
        "measure": {"count": "plan"},
        "target": {"regular": 1, "functional": 2},
    },
    "tiers": {
        "method": "tiers",
        "measure": COUNT,
        "tiers": [{"at_least": 1, "points": 4}, {"at_least": 3, "points": 10}],
    },
    "share": SHARE,
    "asked": {**SHARE, "having": {"sign": True, "level": ["a", "b"]}},
    "checklist": {"method": "checklist", "of": "form", "fields": ["sign", "flag"]},
    "parts": {
        "method": "parts",
        "parts": [
            {"id": "p", "title": "p", "points": 4, **SHARE},
            {"id": "q", "title": "q", "points": 6, "method": "ballot"},
        ],
    },
}
FILED = Branch(
    claims={"judged": claim(7), "other": claim(5)} | {name: claim(3) for name in METHODS},
    records=[
        activity(),
        document("plan"),
        document(
            "form", "form", sign=True, rooms=3, held="2025-03-01", filed="2025-03-02", level="a"
        ),
    ],
    bonus=[award("a1", "one", "甲"), award("a2", "one", "乙", rule="praise")],
    decided={"a1": {"accepted": True, "reason": "x"}, "a2": {"accepted": True, "reason": "x"}},
    reviews={"other": {"points": 6, "reason": "x"}},
    debrief={"mode": "onsite", "ballots": {"good": 4}},
)
#: What no parameter of any method can be.
WRONG: list[Any] = [{"x": {}}, [[]], [{}], {"": 1}, "没有 这个", "?", [None], {"x": [None]}]
#: What only a ``where`` may be: it asks for nothing.
EMPTY: list[Any] = [{}, []]
#: What no key of a rubric can be.
BROKEN: list[Any] = [{"a": {}}, [[]], [{}]]
Path = tuple[str | int, ...]


def rules() -> Data:
    """Return a rubric with every method, bonus rules, a veto and grades."""
    computed = [
        {"id": name, "title": name, "points": 10, **copy.deepcopy(own)}
        for name, own in METHODS.items()
    ]
    return rubric(
        section("s", judged("judged"), *computed),
        section("t", judged("other")),
        ballot={"good": 1, "poor": 0},
        bonus={
            "cap": 9,
            "rules": [
                {"id": "award", "title": "表彰", "levels": {"one": 2}},
                {"id": "praise", "title": "表扬", "levels": {"one": 3}},
            ],
        },
        vetoes=[{"id": "v", "title": "否决"}],
        grades=[
            {"id": "top", "title": "优秀", "min": 50},
            {"id": "low", "title": "不合格", "min": 0},
        ],
    )


def judge(own: Data) -> Evaluation:
    """Evaluate a year of one branch under a rubric."""
    return evaluated(year_of(own, {"a": FILED}))


def below(node: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value below a node."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from below(value, (*path, key))


def put(root: Any, path: Path, value: Any) -> None:
    """Set the value at a path."""
    for key in path[:-1]:
        root = root[key]
    root[path[-1]] = value


def is_value(path: Path) -> bool:
    """Whether a path leads to what a field is compared with: any text may stand there."""
    return any(key in path[:-1] for key in ("where", "having")) and path[-1] != "at_least"


def faults(evaluation: Evaluation) -> list[str]:
    """Return the pointers of what is wrong with the rubric."""
    return [
        f.pointer
        for f in evaluation.findings
        if f.path == "rubric.yml" and f.severity is Severity.ERROR and f.code[0] in "BS"
    ]


def lines_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return basis, points and maximum of each criterion."""
    assert evaluation.results is not None
    lines = evaluation.results.branch("a").lines
    return {li.criterion or "": (li.basis, li.points, li.max) for li in lines if li.part is None}


CLEAN = judge(rules())
NAMES = list(METHODS)
PATHS = [(name, path) for name, own in METHODS.items() for path in below(own)]


def test_the_rubric_to_damage_is_sound() -> None:
    assert faults(CLEAN) == []
    assert [b for b, *_ in lines_of(CLEAN).values()].count("pending") == 0
    assert len(PATHS) > 50


@given(st.sampled_from(PATHS), st.sampled_from([*WRONG, *EMPTY]))
def test_a_damaged_parameter_is_found_at_its_key(place_: tuple[str, Path], wrong: Any) -> None:
    name, path = place_
    if wrong == {} and path[-1] in {"where", "having"}:
        return
    if isinstance(wrong, str) and (is_value(path) or path[-1] in {"title", "id"}):
        return
    own = rules()
    index = 1 + NAMES.index(name)
    put(own["sections"][0]["criteria"][index], path, wrong)
    evaluation = judge(own)
    at = f"/sections/0/criteria/{index}/{path[0]}"
    assert any(f == at or f.startswith(f"{at}/") for f in faults(evaluation))
    lines, clean = lines_of(evaluation), lines_of(CLEAN)
    assert lines.pop(name) == ("pending", None, Decimal(10))
    clean.pop(name)
    assert lines == clean


def damages() -> Iterator[tuple[Path, Any]]:
    """Yield what may be wrong with a criterion, a section or a rule."""
    keys: list[tuple[Path, tuple[str, ...]]] = [
        (("sections", 0, "criteria", 0), ("title", "points", "method", "clause", "question")),
        (("sections", 0, "criteria", 3), ("title", "points", "method", "tiers", "evidence")),
        (("sections", 1), ("title", "points", "clause")),
        (("bonus", "rules", 0), ("title", "clause", "question")),
        (("bonus",), ("cap",)),
        (("vetoes", 0), ("title", "detect", "clause")),
        (("grades", 0), ("title", "min", "quota")),
        (("document_kinds", "plan"), ("title", "fields", "required")),
    ]
    for path, names in keys:
        yield (*path, "unknown-key"), 1
        for name in names:
            yield from (((*path, name), wrong) for wrong in BROKEN)
    for path in (("activity_types", "theme-day"), ("branch_kinds", "regular")):
        yield path, []
    yield ("document_kinds", "plan"), 5
    yield ("ballot", "good"), "x"
    yield ("rounding", "places"), "x"


@pytest.mark.parametrize(("path", "wrong"), list(damages()), ids=str)
def test_a_fault_takes_nothing_away(path: Path, wrong: Any) -> None:
    own = rules()
    put(own, path, wrong)
    evaluation = judge(own)
    assert evaluation.results is not None
    assert faults(evaluation) != []
    elsewhere = {f.code for f in evaluation.findings if f.path != "rubric.yml"}
    assert elsewhere <= {f.code for f in CLEAN.findings} | {"C007"}
    assert "S004" not in elsewhere
    branch = evaluation.results.branch("a")
    lines, clean = lines_of(evaluation), lines_of(CLEAN)
    assert {name: line[2] for name, line in lines.items()} == {n: li[2] for n, li in clean.items()}
    assert branch.grade is None
    assert all(line == clean[name] for name, line in lines.items() if line[0] != "pending")
    before = CLEAN.results.branch("a") if CLEAN.results else branch
    assert branch.low is not None
    assert branch.high is not None
    assert before.low is not None
    assert before.high is not None
    assert branch.low <= before.low
    assert branch.high >= before.high


@pytest.mark.parametrize(
    ("path", "pending"),
    [
        (("sections", 0, "criteria", 0, "points"), ["judged"]),
        (("sections", 1, "title"), ["other"]),
        (("ballot", "good"), ["parts"]),
        (("document_kinds", "plan", "required"), ["threshold"]),
        (("rounding", "places"), ["judged", *NAMES, "other"]),
    ],
    ids=str,
)
def test_what_rests_on_a_fault_is_pending(path: Path, pending: list[str]) -> None:
    own = rules()
    put(own, path, {"a": {}})
    lines = lines_of(judge(own))
    assert [name for name, line in lines.items() if line[0] == "pending"] == pending


def test_a_bonus_rule_at_fault_leaves_its_claims_undecided() -> None:
    own = rules()
    own["bonus"]["rules"][0]["unknown-key"] = 1
    branch = branches_of(year_of(own, {"a": FILED}))["a"]
    assert [(li["claim"], li["points"], li["status"]) for li in branch["bonus_lines"]] == [
        ("a1", None, "claimed"),
        ("a2", 3, "accepted"),
    ]
    assert branch["bonus"] == 3


def test_a_level_that_cannot_be_read_accuses_nobody() -> None:
    own = rules()
    own["bonus"]["rules"][0]["levels"] = {"one": {"title": "一级"}}
    evaluation = judge(own)
    assert "R002" not in {f.code for f in evaluation.findings}
    assert faults(evaluation) == ["/bonus/rules/0/levels/one"]


def test_a_criterion_without_an_id_keeps_its_points() -> None:
    own = rules()
    del own["sections"][0]["criteria"][2]["id"]
    lines = lines_of(judge(own))
    assert len(lines) == len(lines_of(CLEAN))
    assert list(lines.values())[2] == ("pending", None, Decimal(10))
    assert list(lines)[2].startswith("unnamed-")
