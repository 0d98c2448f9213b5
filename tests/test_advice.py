"""Each lost point says why and what can be done; nothing that is proposed makes points up."""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from generator.results.advice import Advice, When, advice_of
from generator.text.codes import CODES
from tests.test_conditions import KINDS as CONDITIONS
from tests.tiers import tiered
from tests.years import (
    Branch,
    Data,
    activity,
    claim,
    document,
    evaluated,
    judged,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.scoring.scorecard import Line

DRAWN = 60
DAY, END = "2025-12-20", "2025-12-31"
WEIGHTS: Data = {"good": 1, "fair": 0.6, "poor": 0}
WAIT = "等待党委"


def advised(
    criterion: Data, branch: Branch, stage: str = "open", receipts: Any = None
) -> tuple[Line, Advice | None]:
    """Return the line of the only criterion, and the advice on it."""
    rules = rubric(section("s", criterion), ballot=WEIGHTS)
    evaluation = evaluated(year_of(rules, {"a": branch}), receipts)
    assert evaluation.results is not None
    assert evaluation.rubric is not None
    line, *parts = evaluation.results.branches[0].lines
    definition = evaluation.rubric.criteria["c"][1]
    return line, advice_of(line, parts, definition, When(stage, DAY, END))


def computed(**parameters: Any) -> Data:
    """Return a criterion with a method."""
    return {"id": "c", "title": "c", "points": 10, **parameters}


@pytest.mark.parametrize("seed", tiered(range(DRAWN), often=4, fast=1))
@pytest.mark.parametrize("kind", CONDITIONS)
def test_there_is_advice_exactly_where_points_are_missing(kind: str, seed: int) -> None:
    drawn = CONDITIONS[kind](Random(f"{kind} {seed}"))
    line, advice = advised(computed(**drawn.parameters), drawn.branch, receipts=drawn.receipts)
    assert (advice is None) == (line.points == line.max)
    if advice is not None:
        condition = drawn.expected.rpartition("*")[2].partition("；按时：")[0]
        for piece in condition.replace("未达要求：", "").split("；"):
            assert piece in f"{advice.why}"
        assert str(advice.how)
        assert not (advice.own and f"{advice.how}".startswith(WAIT))


def attached(random: Random) -> tuple[Data, Branch, str]:
    """Activities that lack attachments: which to add, and in which files."""
    titles = {"plan": "方案（plan）", "record": "详细记录（record）"}
    asked = random.sample([*titles], random.randint(1, 2))
    days = [f"2025-02-{day:02}" for day in range(1, random.randint(2, 6))]
    files = [f"activities/{day}-x/activity.yml" for day in days[:3]]
    fields = "、".join(titles[name] for name in asked)
    how = f"{DAY} 前：补上{fields}，写进 {'、'.join(files)}"
    records = [activity(day) for day in days]
    return computed(method="share", of="activity", having=asked), Branch(records=records), how


def untrue(random: Random) -> tuple[Data, Branch, str]:
    """A form with fields that are not true: to be changed only where they are so."""
    names = random.sample(["sign", "flag"], random.randint(1, 2))
    given = random.random() < 0.5
    fields: Data = {"note": "x"} | (dict.fromkeys(names, False) if given else {})
    listed, file = "、".join(names), "documents/y0/document.yml"
    how = (
        f"“{listed}”属实的，在 {file} 中改为 true；不属实的，不能改"
        if given
        else f"在 {file} 中按实际填写{listed}"
    )
    records = [document("y0", "form", **fields)]
    parameters = computed(method="checklist", of="form", fields=names)
    return parameters, Branch(records=records), f"{DAY} 前：{how}"


def below(random: Random) -> tuple[Data, Branch, str]:
    """A number below its bound: to be mended only where it was written wrongly."""
    value, least = random.randint(0, 4), random.randint(5, 9)
    records = [document("y0", "form", rooms=value)]
    how = "“rooms”写错的，在 documents/y0/document.yml 中按实际改正；没有写错的，不能改"
    having = {"rooms": {"at_least": least}}
    return computed(method="share", of="form", having=having), Branch(records=records), (
        f"{DAY} 前：{how}"
    )  # fmt: skip


def short(random: Random) -> tuple[Data, Branch, str]:
    """Too few activities or documents: how many more."""
    n, target = random.randint(0, 3), random.choice([4, 4.5, 6])
    lacking = math.ceil(target) - n
    method = random.choice(["proportion", "threshold"])
    if random.random() < 0.5:
        records = [activity(f"2025-02-{day:02}") for day in range(1, n + 1)]
        how = f"{END} 前再开展 {lacking} 次活动并报送"
        kind = "activity"
    else:
        records = [document(f"y{number}", "form", note="x") for number in range(n)]
        how = f"{DAY} 前：再报送 {lacking} 份表"
        kind = "form"
    criterion = computed(method=method, measure={"count": kind}, target=target)
    return criterion, Branch(records=records), how


def unclaimed(random: Random) -> tuple[Data, Branch, str]:
    """What a branch claims, or does not: what to write, or to wait where nothing is missing."""
    state = random.choice(["none", "bad", "without", "missing", "kind", "whole", "apart"])
    rule = {"required": state == "without", "kinds": ["plan"]}
    points = random.randint(1, 10)
    claims: Data = {
        "none": {},
        "bad": {"c": claim(11)},
        "without": {"c": claim(points)},
        "missing": {"c": claim(points, "documents/z")},
        "kind": {"c": claim(points, "documents/y0")},
        "whole": {"c": claim(points, "documents/x")},
        "apart": {"c": {"not_applicable": "未加入"}},
    }[state]
    where = f"{DAY} 前：在 self-assessment.yml"
    how = {
        "none": f"{where} 的 claims 下写上 c 的自评分、说明和佐证",
        "bad": f"{DAY} 前：按校验提示改正 self-assessment.yml 中 c 的自评",
        "without": f"{where} 中给 c 写上佐证",
        "missing": f"{DAY} 前：改正 self-assessment.yml 中 c 的佐证，或改正它所指的记录",
        "kind": f"{where} 中给 c 换上要求的种类的佐证",
        "whole": "等待党委核定",
        "apart": "等待党委决定是否适用",
    }[state]
    records = [document("x"), document("y0", "form", note="x")]
    return judged("c", evidence=rule), Branch(claims, records), how


HOWS: dict[str, Callable[[Random], tuple[Data, Branch, str]]] = {
    own.__name__: own for own in (attached, untrue, below, short, unclaimed)
}


@pytest.mark.parametrize("seed", tiered(range(DRAWN), often=5, fast=2))
@pytest.mark.parametrize("kind", HOWS)
def test_what_can_be_done_follows_from_the_condition(kind: str, seed: int) -> None:
    criterion, branch, how = HOWS[kind](Random(f"{kind} {seed}"))
    _, advice = advised(criterion, branch)
    assert advice is not None
    assert f"{advice.how}".startswith(how)
    assert advice.own == (WAIT not in how)


@pytest.mark.parametrize("seed", tiered(range(DRAWN), often=4, fast=1))
@pytest.mark.parametrize("kind", HOWS)
def test_a_review_sets_no_day_and_a_final_year_proposes_nothing(kind: str, seed: int) -> None:
    criterion, branch, _ = HOWS[kind](Random(f"{kind} {seed}"))
    _, reviewed = advised(criterion, branch, "review")
    assert reviewed is not None
    assert DAY not in f"{reviewed.how}"
    assert END not in f"{reviewed.how}"
    assert advised(criterion, branch, "final")[1] is None


@pytest.mark.parametrize("seed", tiered(range(DRAWN), often=12, fast=4))
def test_the_finding_on_a_claim_says_what_the_card_says(seed: int) -> None:
    """Without the day; a branch that can do nothing hears the words for all that waits."""
    criterion, branch, how = unclaimed(Random(f"unclaimed {seed}"))
    rules = rubric(section("s", criterion), ballot=WEIGHTS)
    found = evaluated(year_of(rules, {"a": branch})).findings
    due = CODES["C007"].hint if WAIT in how else how.removeprefix(f"{DAY} 前：")
    waits = how == "等待党委核定"
    assert [f"{f.hint}" for f in found if f.code == "C007"] == ([] if waits else [due])


def test_what_is_late_cannot_be_mended() -> None:
    told: list[tuple[str, bool]] = []
    for seed in range(20):
        drawn = CONDITIONS["late"](Random(f"late {seed}"))
        _, advice = advised(computed(**drawn.parameters), drawn.branch, receipts=drawn.receipts)
        told += [(f"{advice.how}", advice.own)] if advice is not None else []
    assert set(told) == {("期限已过，收到日期不会再变，这一项不能再补", False)}


def test_parts_name_themselves_and_records_at_fault_are_told() -> None:
    parts: list[Data] = [
        {"id": "p", "title": "甲", "points": 6, "method": "threshold", "target": 1,
         "measure": {"count": "form"}},
        {"id": "q", "title": "乙", "points": 4, "method": "ballot"},
    ]  # fmt: skip
    branch = Branch(records=[activity(), activity("2025-04-01", unknown=1)])
    _, advice = advised(computed(method="parts", parts=parts), branch)
    assert advice is not None
    assert f"{advice.why}" == (
        "甲：表 0 份，标准 1 份；乙：还没有述职测评结果；另有 1 项记录有误，未计：2025-04-01-x"
    )
    assert f"{advice.how}" == f"{DAY} 前：再报送 1 份表；按校验提示改正有误的记录"


def test_what_the_committee_verified_is_the_committees() -> None:
    branch = Branch({"c": claim(7)}, reviews={"c": {"points": 3, "reason": "缺"}})
    _, advice = advised(judged("c"), branch)
    assert advice is not None
    assert f"{advice.why}" == "党委核定 3 分：缺（自评 7）"
    assert not advice.own
