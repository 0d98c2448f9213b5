"""A title where an id is due: in every list the finding says which id to write."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from generator.text.remedies import remedy_of
from tests.years import (
    YEAR,
    Branch,
    Data,
    activity,
    award,
    claim,
    document,
    evaluated,
    judged,
    rubric,
    section,
    year_of,
)

COUNTED: Data = {
    "id": "n", "title": "次数", "points": 5, "method": "proportion",
    "measure": {"count": "plan"}, "target": {"regular": 1, "functional": 1},
    "evidence": {"kinds": ["plan"]},
}  # fmt: skip
SHARE: Data = {
    "id": "h", "title": "齐全", "points": 5, "method": "share", "of": "activity",
    "where": {"type": "theme-day"}, "having": ["plan"], "empty": "zero",
}  # fmt: skip
LEVELS: Data = {"city": {"title": "市", "points": 1}}
RULES: Data = rubric(
    section("s", {**judged("c"), "title": "学习"}, COUNTED, SHARE),
    section("t", {"id": "b", "title": "述职", "points": 5, "method": "ballot"}),
    bonus={
        "rules": [{"id": "x", "title": "表彰", "levels": {"city": {"title": "市", "points": 1}}}]
    },
    vetoes=[{"id": "v", "title": "违纪"}],
    ballot={"good": {"title": "满意", "weight": 1}},
    grades=[{"id": "high", "title": "优秀", "min": 5}, {"id": "low", "title": "不合格", "min": 0}],
    ties=["fixed", "s"],
)
RULES["sections"][0]["title"] = "政治建设"
HOME, COMMITTEE = f"branches/a/{YEAR}", f"committee/{YEAR}"
FILES: Data = year_of(
    RULES,
    {
        "a": Branch(
            claims={"c": claim(5)},
            records=[activity(), document("x", due="y")],
            bonus=[award("w", "city", "甲", rule="x")],
            reviews={"c": {"not_applicable": "full", "reason": "无"}},
            decided={"w": {"accepted": True, "level": "city"}},
            vetoes=[{"veto": "v", "state": "dismissed"}],
            debrief={"mode": "onsite", "ballots": {"good": 3}},
        ),
    },
    due=[{"id": "y", "kind": "plan", "title": "年度计划", "due": f"{YEAR}-03-01"}],
    decision={"meeting": "会", "grades": {"a": {"grade": "low", "reason": "议定"}}},
)
FILES["branches/a/branch.yml"]["consortium"] = "east"
FILES[f"{HOME}/documents/x/document.yml"] = {
    "kind": "plan", "title": "x", "date": f"{YEAR}-02-01", "due": "y",
}  # fmt: skip
FILES["committee/consortia.yml"] = [{"id": "east", "title": "东片"}]
FILES[f"{COMMITTEE}/supervision/one.yml"] = {"title": "一团", "order": ["east"]}
FILES[f"{COMMITTEE}/appeals/a.yml"] = [
    {"id": "p", "received": f"{YEAR}-12-01", "criterion": "c", "matter": "异议", "state": "open"},
]

#: File, steps to the value or key, the title that stands there, code, id that is told.
PLACES = [
    ("branches/a/branch.yml", "kind", "党支部", "S004", "regular"),
    ("branches/a/branch.yml", "consortium", "东片", "S003", "east"),
    (f"{HOME}/activities/2025-03-12-x/activity.yml", "type", "支部党员大会", "S004", "meeting"),
    (f"{HOME}/documents/x/document.yml", "kind", "计划", "S004", "plan"),
    (f"{HOME}/documents/x/document.yml", "due", "年度计划", "E020", "y"),
    (f"{HOME}/self-assessment.yml", "claims/c@", "学习", "S003", "c"),
    (f"{HOME}/self-assessment.yml", "bonus/0/rule", "表彰", "S004", "x"),
    (f"{HOME}/self-assessment.yml", "bonus/0/level", "市", "R002", "city"),
    (f"{COMMITTEE}/reviews/a.yml", "criteria/c@", "学习", "S003", "c"),
    (f"{COMMITTEE}/reviews/a.yml", "criteria/c/not_applicable", "按满分计", "S005", "full"),
    (f"{COMMITTEE}/reviews/a.yml", "bonus/w/level", "市", "R002", "city"),
    (f"{COMMITTEE}/vetoes/a.yml", "0/veto", "违纪", "S004", "v"),
    (f"{COMMITTEE}/vetoes/a.yml", "0/state", "已查实", "S005", "verified"),
    (f"{COMMITTEE}/appeals/a.yml", "0/criterion", "学习", "S004", "c"),
    (f"{COMMITTEE}/appeals/a.yml", "0/state", "待答复", "S005", "open"),
    (f"{COMMITTEE}/debrief.yml", "branches/a/mode", "现场述职", "S005", "onsite"),
    (f"{COMMITTEE}/debrief.yml", "branches/a/ballots/good@", "满意", "S003", "good"),
    (f"{COMMITTEE}/decision.yml", "grades/a/grade", "优秀", "S004", "high"),
    (f"{COMMITTEE}/due.yml", "0/kind", "计划", "C012", "plan"),
    (f"{COMMITTEE}/supervision/one.yml", "order/0", "东片", "S003", "east"),
    (f"{COMMITTEE}/appraisal.yml", "stage", "评审", "S005", "review"),
    ("rubric.yml", "rounding/mode", "四舍五入", "S005", "half-up"),
    ("rubric.yml", "ties/1", "政治建设", "B005", "s"),
    ("rubric.yml", "sections/0/criteria/1/method", "按比例", "B004", "proportion"),
    ("rubric.yml", "sections/0/criteria/1/measure/count", "计划", "B004", "plan"),
    ("rubric.yml", "sections/0/criteria/1/evidence/kinds/0", "计划", "B004", "plan"),
    ("rubric.yml", "sections/0/criteria/2/of", "计划", "B004", "plan"),
    ("rubric.yml", "sections/0/criteria/2/where/type", "主题党日", "B004", "theme-day"),
    ("rubric.yml", "sections/0/criteria/2/having/0", "方案", "B004", "plan"),
    ("rubric.yml", "sections/0/criteria/2/empty", "按 0 分", "S005", "zero"),
]


def put(files: Data, path: str, steps: str, value: str) -> None:
    """Write a value at some steps into a file, or in place of a key (``@``)."""
    node: Any = files[path]
    *above, last = steps.split("/")
    for step in above:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if last.endswith("@"):
        node[value] = node.pop(last[:-1])
    elif isinstance(node, list):
        node[int(last)] = value
    else:
        node[last] = value


def test_nothing_is_wrong_with_the_ids() -> None:
    codes = {code for _, _, _, code, _ in PLACES}
    assert [f.code for f in evaluated(FILES).findings if f.code in codes] == []


@pytest.mark.parametrize(
    ("path", "steps", "title", "code", "id_"), PLACES, ids=[f"{p[0]}:{p[1]}" for p in PLACES]
)
def test_a_title_is_told_with_the_id_to_write(
    path: str, steps: str, title: str, code: str, id_: str
) -> None:
    files = copy.deepcopy(FILES)
    put(files, path, steps, title)
    found = [f for f in evaluated(files).findings if f.path == path and f.code == code]
    assert found, sorted({f.code for f in evaluated(files).findings})
    remedy = remedy_of(found[0].hint)
    assert remedy is not None, (str(found[0].message), str(found[0].hint))
    assert (remedy.old, remedy.new) == (title, id_)
