"""The reason beside a figure says how it came about, in numbers that can be checked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.years import (
    Branch,
    Data,
    activity,
    award,
    claim,
    document,
    judged,
    rubric,
    scored,
    section,
)

WEIGHTS: Data = {"good": 1, "fair": 0.6, "poor": 0}
BONUS: Data = {"rules": [{"id": "award", "title": "表彰", "levels": {"one": 1, "two": 2}}]}
BROKEN = ("documents/b/document.yml", "[")


def line(parameters: Data, branch: Branch, points: float = 10) -> Data:
    """Return the line of a rubric's only criterion."""
    criterion = {"id": "c", "title": "c", "points": points, **parameters}
    result: Data = scored(rubric(section("s", criterion), ballot=WEIGHTS), branch)["lines"][0]
    return result


def counting(method: str, count: str = "activity", where: Data | None = None, **more: Any) -> Data:
    """Return the parameters of a method that counts."""
    return {"method": method, "measure": {"count": count, "where": where or {}}, **more}


def activities(n: int) -> list[tuple[str, Data]]:
    """Return so many activities, of a day each."""
    return [activity(f"2025-03-{day:02}") for day in range(1, n + 1)]


def forms(n: int, **fields: Any) -> list[tuple[str, Data]]:
    """Return so many forms, of a day each."""
    return [document(f"y{i}", "form", f"2025-02-{i:02}", **fields) for i in range(1, n + 1)]


def share(having: Any, of: str = "form", **more: Any) -> Data:
    """Return the parameters of a share."""
    return {"method": "share", "of": of, "having": having, **more}


MANY: Data = {"type": ["meeting", "theme-day"]}
BOTH: Data = {"collective": True, "type": "meeting"}
FIELDS: Data = {"note": "甲", "sign": True, "flag": False, "level": "a"}
TIERS: list[Data] = [{"at_least": 2, "points": 5}]


@pytest.mark.parametrize(
    ("parameters", "records", "expected"),
    [
        (counting("proportion", target=4), activities(3), "活动 3 次，标准 4 次：10 × 3/4 = 7.5"),
        (counting("proportion", target=3), activities(3), "活动 3 次，标准 3 次：达到标准，得 10"),
        (counting("threshold", target=2.5), activities(2), "活动 2 次，标准 2.5 次：未达到，得 0"),
        (counting("threshold", target=2), activities(2), "活动 2 次，标准 2 次：达到标准，得 10"),
        (
            counting("threshold", where=BOTH, target=1),
            [],
            "集中、支部党员大会活动 0 次，标准 1 次：未达到，得 0",
        ),
        (
            counting("threshold", where={"collective": False}, target=1),
            [],
            "活动 0 次，标准 1 次：未达到，得 0",
        ),
        (
            counting("threshold", where={"type": "meeting"}, target=1),
            [],
            "支部党员大会 0 次，标准 1 次：未达到，得 0",
        ),
        (
            counting("threshold", where=MANY, target=1),
            [],
            "支部党员大会、主题党日活动 0 次，标准 1 次：未达到，得 0",
        ),
        (
            counting("threshold", "form", FIELDS, target=1),
            [],
            "note 为 甲、level 为 a表 0 份，标准 1 份：未达到，得 0",
        ),
        (
            {"method": "threshold", "target": 1, "measure": {"count": "form", "title": "论坛"}},
            [],
            "论坛 0 份，标准 1 份：未达到，得 0",
        ),
        (
            counting("proportion", target={"regular": 3, "functional": 1}),
            activities(1),
            "活动 1 次，标准 3 次：10 × 1/3 = 3.33",
        ),
        (counting("tiers", tiers=TIERS), activities(2), "活动 2 次，达到“不少于 2”一档：得 5"),
        (
            counting("tiers", tiers=TIERS),
            activities(1),
            "活动 1 次，未达到任何一档：得 0；下一档不少于 2 次，得 5",
        ),
        (
            counting("tiers", tiers=[*TIERS, {"at_least": 3, "points": 4}]),
            activities(3),
            "活动 3 次，达到“不少于 3”一档：得 4",
        ),
        (
            share({"type": "meeting"}, of="activity"),
            activities(1),
            (
                "活动 1 次，符合要求 0 次：10 × 0/1 = 0；未达要求："
                "2025-03-01“2025-03-01 x”：类型是“主题党日”，应为“支部党员大会”"
            ),
        ),
        (share(["sign"]), [], "没有表：得 0"),
        (share(["sign"], empty="full"), [], "没有表，按满分计：10"),
        (share(["sign"], empty="pending"), [], "没有表，待党委评定"),
        (share(["sign"]), forms(2, sign=True), "表 2 份，符合要求 2 份：10 × 2/2 = 10"),
        (
            share(["sign", "note"]),
            forms(3, note="x"),
            (
                "表 3 份，符合要求 0 份：10 × 0/3 = 0；未达要求："
                "2025-02-01“y1”：没有填sign，应为“是”；2025-02-02“y2”：没有填sign，应为“是”；"
                "2025-02-03“y3”：没有填sign，应为“是”"
            ),
        ),
        (
            share(["sign", "note"]),
            forms(4),
            (
                "表 4 份，符合要求 0 份：10 × 0/4 = 0；未达要求："
                "2025-02-01“y1”：没有填note，且没有填sign，应为“是”；"
                "2025-02-02“y2”：没有填note，且没有填sign，应为“是”；"
                "2025-02-03“y3”：没有填note，且没有填sign，应为“是”；还有 1 项"
            ),
        ),
        (
            share({"sign": True}),
            [*forms(1), document("z", "form", sign=True)],
            (
                "表 2 份，符合要求 1 份：10 × 1/2 = 5；"
                "未达要求：2025-02-01“y1”：没有填sign，应为“是”"
            ),
        ),
        (
            share(["plan", "record", "attendance"], "activity"),
            activities(1),
            (
                "活动 1 次，符合要求 0 次：10 × 0/1 = 0；"
                "未达要求：2025-03-01“2025-03-01 x”：缺方案、详细记录、考勤"
            ),
        ),
        (
            {"method": "checklist", "of": "form", "fields": ["flag", "sign"]},
            forms(1, sign=True),
            ("表共 2 项，具备 1 项：10 × 1/2 = 5；未达要求：2025-02-01“y1”：没有填flag，应为“是”"),
        ),
        (
            {"method": "checklist", "of": "form", "fields": ["sign"]},
            forms(1, sign=True),
            "表共 1 项，具备 1 项：10 × 1/1 = 10",
        ),
        ({"method": "checklist", "of": "form", "fields": ["sign"]}, [], "没有表：得 0"),
        (share(["received"]), forms(1), "没有版本记录，无法判断收到日期"),
        (
            counting("proportion", target=3),
            [*activities(1), activity("2025-04-01", unknown=1), BROKEN],
            "活动 1 次，标准 3 次：10 × 1/3 = 3.33（另有 2 项记录有误，未计：2025-04-01-x、b）",
        ),
    ],
)
def test_what_is_computed(parameters: Data, records: list[Any], expected: str) -> None:
    assert line(parameters, Branch(records=records))["reason"] == expected


def test_documents_of_every_name_are_counted_in_the_same_word() -> None:
    rules = rubric(
        section("s", {"id": "c", "title": "c", "points": 1, **counting("threshold", "a", target=1)})
    )
    rules["document_kinds"]["a"] = {"title": "甲"}
    assert scored(rules, Branch())["lines"][0]["reason"] == "甲 0 份，标准 1 份：未达到，得 0"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (None, "还没有述职测评结果"),
        ({"mode": "odd", "ballots": {"good": 1}}, "还没有述职测评结果"),
        ({"mode": "none"}, "未述职，待党委评定"),
        ({"mode": "onsite"}, "还没有测评票"),
        ({"mode": "written"}, "书面述职还没有得分"),
        ({"mode": "written", "points": 3.5}, "书面述职评分：3.5"),
        ({"mode": "written", "points": 3.5, "reason": "按时"}, "书面述职评分：3.5（按时）"),
        (
            {"mode": "onsite", "ballots": {"good": 4, "fair": 1, "poor": 0}},
            "测评 5 票：5 × (4×1 + 1×0.6)/5 = 4.6；未计满：一般 1 票，每票按 0.6 计",
        ),
    ],
)
def test_ballots(entry: Data | None, expected: str) -> None:
    branch = Branch(debrief=entry, records=[activity(unknown=1)])
    assert line({"method": "ballot"}, branch, 5)["reason"] == expected


PART: Data = {"id": "p", "title": "甲", "points": 6, **counting("threshold", target=1)}
BALLOT: Data = {"id": "q", "title": "乙", "points": 4, "method": "ballot"}


@pytest.mark.parametrize(
    ("parts", "points", "expected"),
    [
        ([PART, BALLOT], None, "乙待评"),
        (
            [{**BALLOT, "points": 5}, {**BALLOT, "id": "r", "title": "丙", "points": 5}],
            None,
            "乙、丙待评",
        ),
        (
            [PART, BALLOT],
            3.5,
            "活动 1 次，标准 1 次：达到标准，得 6；书面述职评分：3.5。合计 6 + 3.5 = 9.5",
        ),
        ([{**PART, "points": 10}], None, "活动 1 次，标准 1 次：达到标准，得 10。合计 10"),
    ],
)
def test_parts(parts: list[Data], points: float | None, expected: str) -> None:
    entry = {"mode": "none"} if points is None else {"mode": "written", "points": points}
    branch = Branch(records=activities(1), debrief=entry)
    assert line({"method": "parts", "parts": parts}, branch)["reason"] == expected


CLAIM: Data = {"c": claim(7)}


@pytest.mark.parametrize(
    ("branch", "expected"),
    [
        (Branch(), "没有自评"),
        (Branch({"c": claim(11)}), "自评有误，不予采用"),
        (Branch(CLAIM), "自评 7 分，待党委核定"),
        (
            Branch({"c": claim(7, "documents/x")}),
            "自评 7 分暂不计入：佐证“documents/x”不存在或有误",
        ),
        (Branch({"c": {"not_applicable": "未加入"}}), "申报不适用：未加入；待党委决定"),
        (Branch(reviews={"c": {"points": 3}}), "党委核定 3 分"),
        (Branch(reviews={"c": {"points": 0, "reason": "缺"}}), "党委核定 0 分：缺"),
        (Branch(CLAIM, reviews={"c": {"points": 3}}), "党委核定 3 分（自评 7）"),
        (
            Branch({"c": {"not_applicable": "未加入"}}, reviews={"c": {"points": 3}}),
            "党委核定 3 分",
        ),
        (Branch(reviews={"c": {"not_applicable": "full"}}), "不适用，按满分计："),
        (
            Branch(reviews={"c": {"not_applicable": "zero", "reason": "无"}}),
            "不适用，按零分计：无",
        ),
        (
            Branch(reviews={"c": {"not_applicable": "excluded", "reason": "无"}}),
            "不适用，不计入，其余小项按比例折算：无",
        ),
    ],
)
def test_what_people_judge(branch: Branch, expected: str) -> None:
    assert line({"method": "judgement"}, branch)["reason"] == expected


def test_evidence_that_is_asked_for() -> None:
    for kinds, cited, expected in (
        ([], [], "没有佐证"),
        (["form"], ["documents/x"], "佐证“documents/x”不是要求的种类"),
    ):
        rule = {"required": True, "kinds": kinds}
        branch = Branch({"c": claim(7, *cited)}, [document()])
        told = line({"method": "judgement", "evidence": rule}, branch)["reason"]
        assert told == f"自评 7 分暂不计入：{expected}"


def test_a_verified_figure_stands_beside_the_computed_one() -> None:
    branch = Branch(CLAIM, activities(1), reviews={"c": {"points": 3, "reason": "缺"}})
    assert line(counting("proportion", target=2), branch)["reason"] == (
        "党委核定 3 分：缺（系统计算 5：活动 1 次，标准 2 次：10 × 1/2 = 5）"
    )


def test_what_is_left_is_scaled() -> None:
    rules = rubric(section("s", judged("c", 4), judged("d", 5), judged("e", 3)))
    reviews: Data = {"e": {"not_applicable": "excluded"}}
    result = scored(rules, Branch({"c": claim(3)}, reviews=reviews))
    assert result["lines"][-1]["reason"] == "有小项不计入，其余 9 分折算为 12 分"


def test_bonus() -> None:
    names = {"a": "甲", "b": "乙", "c": "丙", "d": "丁", "e": "丁"}
    levels = {"e": "two"}
    decided: Data = {
        "a": {"accepted": True},
        "b": {"accepted": True, "reason": "有文件"},
        "c": {"accepted": False},
        "d": {"accepted": True},
        "e": {"accepted": True},
    }
    claims = [award(k, levels.get(k, "one"), v) for k, v in names.items()] + [
        award("f", "one", "戊")
    ]
    rules = rubric(section("s", judged("c")), bonus=BONUS)
    result = scored(rules, Branch(bonus=claims, decided=decided))
    assert [x["reason"] for x in result["bonus_lines"]] == [
        "已认可",
        "已认可：有文件",
        "未认可",
        "同一事项已按最高级别计分",
        "已认可",
        "待党委认定",
    ]
