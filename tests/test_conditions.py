"""A reason that takes points names the condition: the field, its value in the file, the bound.

Each kind of condition is drawn many times and worded a second time here, from the raw data alone.
"""

from __future__ import annotations

import datetime
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.receiving import Days
from tests.tiers import tiered
from tests.years import Branch, Data, activity, document, rubric, scored, section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How many inputs are drawn of each kind of condition.
DRAWN = 60
DAY = datetime.date(2025, 3, 1)
WEIGHTS: Data = {"good": 1, "fair": 0.6, "poor": 0}


class Received(Days):
    """Days of receipt by the name of a record's folder."""

    def __init__(self, days: dict[str, datetime.date]) -> None:
        self.days = days

    def on(self, path: str) -> datetime.date:
        """Return the day of a record's file."""
        return self.days[path.split("/")[-2]]


class Drawn(NamedTuple):
    """A criterion with records, and the condition that its reason must end with."""

    parameters: Data
    branch: Branch
    expected: str
    receipts: Any = None


def reason(drawn: Drawn) -> str:
    """Return the reason of the only criterion."""
    criterion = {"id": "c", "title": "c", "points": 10, **drawn.parameters}
    rules = rubric(section("s", criterion), ballot=WEIGHTS)
    result: Data = scored(rules, drawn.branch, drawn.receipts)["lines"][0]
    return str(result["reason"])


def days(random: Random, least: int = 0, most: int = 40) -> datetime.date:
    """Return a day."""
    return DAY + datetime.timedelta(random.randint(least, most))


def told(lead: str, failed: list[tuple[str, str]]) -> str:
    """Word records that fail: three by name, the others by their number."""
    named = [f"2025-02-01“{name}”：{words}" for name, words in failed[:3]]
    rest = [f"还有 {len(failed) - 3} 项"] if len(failed) > 3 else []
    return f"；{lead}：" + "；".join(named + rest) if failed else ""


def names(random: Random) -> Iterator[str]:
    """Yield names of records, in order."""
    return (f"y{number}" for number in range(random.randint(1, 6)))


def late(random: Random) -> Drawn:
    """Records received some days before or after a day that they state, or the rubric does."""
    fixed = days(random) if random.random() < 0.3 else None
    records, failed, came = [], [], {}
    kept: list[tuple[str, str]] = []
    for name in names(random):
        due = days(random)
        came[name] = days(random)
        records.append(document(name, "form", held=f"{due}"))
        bound = f"期限 {fixed}" if fixed else f"held {due}"
        over = (came[name] - (fixed or due)).days
        if over > 0:
            failed.append((name, f"{came[name]} 收到，{bound}（迟 {over} 天）"))
        else:
            kept.append((name, f"{came[name]} 收到，{bound}"))
    asked = {"received": {"not_after": f"{fixed}" if fixed else "held"}}
    parameters = {"method": "share", "of": "form", "having": asked}
    expected = told("未达要求", failed) + told("按时", kept)
    return Drawn(parameters, Branch(records=records), expected, Received(came))


def order(random: Random) -> Drawn:
    """Records with a day after another day, or without one of the two."""
    records, failed = [], []
    for name in names(random):
        filed = days(random) if random.random() < 0.8 else None
        held = days(random) if random.random() < 0.8 else None
        fields = {"filed": filed and f"{filed}", "held": held and f"{held}", "note": "x"}
        records.append(document(name, "form", **{k: v for k, v in fields.items() if v}))
        if filed is None:
            failed.append((name, f"没有填filed，应不晚于held{f' {held}' if held else ''}"))
        elif held is None:
            failed.append((name, "没有填held，filed是否按时无从判断"))
        elif filed > held:
            failed.append((name, f"filed {filed}，held {held}（迟 {(filed - held).days} 天）"))
    asked = {"filed": {"not_after": "held"}}
    parameters = {"method": "share", "of": "form", "having": asked}
    return Drawn(parameters, Branch(records=records), told("未达要求", failed))


def attached(random: Random) -> Drawn:
    """An activity that lacks attachments, or names ones that are not there."""
    titles = {"plan": "方案", "record": "详细记录"}
    asked = random.sample([*titles, "attendance"], random.randint(1, 3))
    folder = "2025/activities/2025-02-01-x"
    fields: Data = {}
    files: Data = {}
    unusable: list[str] = []
    absent: list[str] = []
    for name in asked:
        state = random.choice(["there", "absent", "named"])
        if name == "attendance":
            present = 7 if state == "there" else 8
            counts = {"members": 9, "present": present, "leave": 1, "absent": 1}
            fields |= {} if state == "absent" else {name: counts}
            unusable += ["考勤不能采用"] if state == "named" else []
            absent += ["考勤"] if state == "absent" else []
            continue
        fields |= {} if state == "absent" else {name: f"{name}.md"}
        files |= {f"{folder}/{name}.md": b"# x\n\nText.\n"} if state == "there" else {}
        unusable += [f"{titles[name]}“{name}.md”不能采用"] if state == "named" else []
        absent += [titles[name]] if state == "absent" else []
    path, data = activity("2025-02-01", **fields)
    data["title"] = "甲"
    words = "，且".join(unusable + (["缺" + "、".join(absent)] if absent else []))
    parameters = {"method": "share", "of": "activity", "having": asked}
    expected = told("未达要求", [("甲", words)] if words else [])
    return Drawn(parameters, Branch(records=[(path, data)], files=files), expected)


def flags(random: Random) -> Drawn:
    """The newest form with fields that are true, false or not there."""
    states = {name: random.choice([True, False, None]) for name in ("sign", "flag")}
    given: Data = {name: value for name, value in states.items() if value is not None}
    unset = "、".join(name for name, value in states.items() if value is None)
    untrue = "、".join(name for name, value in states.items() if value is False)
    words = [f"没有填{unset}，应为“是”"] if unset else []
    words += [f"{untrue}为“否”，应为“是”"] if untrue else []
    listed: Data = {"method": "checklist", "of": "form", "fields": [*states]}
    share: Data = {"method": "share", "of": "form", "having": [*states]}
    records = [document("y0", "form", note="x", **given)]
    expected = told("未达要求", [("y0", "，且".join(words))] if words else [])
    return Drawn(random.choice([listed, share]), Branch(records=records), expected)


def number(random: Random) -> Drawn:
    """Records with a number below or above a bound."""
    field, least = random.choice([("rooms", random.randint(2, 9)), ("area", 12.5)])
    records, failed = [], []
    for name in names(random):
        value = random.choice([None, random.randint(0, 20)])
        given: Data = {} if value is None else {field: value}
        records.append(document(name, "form", note="x", **given))
        if value is None:
            failed.append((name, f"没有填{field}，应不少于 {least}"))
        elif value < least:
            failed.append((name, f"{field} {value}，应不少于 {least}（差 {least - value:g}）"))
    parameters = {"method": "share", "of": "form", "having": {field: {"at_least": least}}}
    return Drawn(parameters, Branch(records=records), told("未达要求", failed))


def level(random: Random) -> Drawn:
    """Records of a level that is not the one to be counted, or of none."""
    wanted = random.choice(["a", "b", ["a", "b"]])
    words = "“a”或“b”" if isinstance(wanted, list) else f"“{wanted}”"
    records, failed = [], []
    for name in names(random):
        value = random.choice([None, "a", "b"])
        records.append(document(name, "form", note="x", **({"level": value} if value else {})))
        if value is None:
            failed.append((name, f"没有填level，应为{words}"))
        elif value not in wanted:
            failed.append((name, f"level是“{value}”，应为{words}"))
    measure = {"count": "form", "title": "表", "where": {"level": wanted}}
    target = random.randint(1, 8)
    counted = len(records) - len(failed)
    method = random.choice(["proportion", "threshold"])
    expected = told("未计", failed) if counted < target else ""
    return Drawn(
        {"method": method, "measure": measure, "target": target},
        Branch(records=records),
        f"表 {counted} 份，标准 {target} 份" + "*" + expected,
    )


def collective(random: Random) -> Drawn:
    """Activities that are not marked as collective; those of another type are another matter."""
    records, failed, counted = [], [], 0
    for name in names(random):
        type_ = random.choice(["theme-day", "meeting"])
        mark = random.choice([None, True, False])
        fields: Data = {"type": type_} | ({} if mark is None else {"collective": mark})
        path, data = activity("2025-02-01", name, place=name, **fields)
        records.append((path, data | {"title": name}))
        counted += type_ == "theme-day" and mark is True
        if type_ == "theme-day" and mark is not True:
            words = "没有填集中活动，应为“是”" if mark is None else "集中活动是“否”，应为“是”"
            failed.append((name, words))
    tiers = [{"at_least": n, "points": 4 * n} for n in range(1, random.randint(2, 3))]
    where = {"collective": True, "type": "theme-day"}
    parameters = {"method": "tiers", "measure": {"count": "activity", "where": where}}
    above = [tier for tier in tiers if tier["at_least"] > counted]
    following = (
        f"；下一档不少于 {above[0]['at_least']} 次，得 {above[0]['points']}" if above else ""
    )
    expected = following + (told("未计", failed) if above else "")
    return Drawn(parameters | {"tiers": tiers}, Branch(records=records), expected)


def several(random: Random) -> Drawn:
    """A form that fails some of several conditions: all of them are named."""
    asked: Data = {"note": {"present": True}, "sign": True, "rooms": {"at_least": 3}, "level": "a"}
    fields: Data = {"held": "2025-02-01"}
    failed = ["没有填note"]
    if random.random() < 0.5:
        fields["note"], failed = "甲", []
    for name, good, bad, words in (
        ("sign", True, False, "sign是“否”，应为“是”"),
        ("rooms", 3, 1, "rooms 1，应不少于 3（差 2）"),
        ("level", "a", "b", "level是“b”，应为“a”"),
    ):
        right = random.random() < 0.5
        fields[name] = good if right else bad
        failed += [] if right else [words]
    expected = told("未达要求", [("y0", "，且".join(failed))] if failed else [])
    records = [document("y0", "form", **fields)]
    parameters = {"method": "share", "of": "form", "having": asked}
    return Drawn(parameters, Branch(records=records), expected)


def ballots(random: Random) -> Drawn:
    """Ballots, some of which give less than all points."""
    votes = {name: random.choice([0, 0, 3]) for name in WEIGHTS} | {"good": random.randint(1, 5)}
    below = [
        f"{title} {votes[name]} 票，每票按 {WEIGHTS[name]} 计"
        for name, title in (("fair", "一般"), ("poor", "较差"))
        if votes[name]
    ]
    branch = Branch(records=[activity()], debrief={"mode": "onsite", "ballots": votes})
    return Drawn({"method": "ballot"}, branch, "；未计满：" + "、".join(below) if below else "")


KINDS: dict[str, Callable[[Random], Drawn]] = {
    own.__name__: own
    for own in (late, order, attached, flags, number, level, collective, several, ballots)
}


@pytest.mark.parametrize("seed", tiered(range(DRAWN), often=6, fast=2))
@pytest.mark.parametrize("kind", KINDS)
def test_the_condition_is_named_with_value_and_bound(kind: str, seed: int) -> None:
    drawn = KINDS[kind](Random(f"{kind} {seed}"))
    lead, _, ending = drawn.expected.rpartition("*")
    words = reason(drawn)
    assert words.startswith(lead)
    assert words.endswith(ending)
    marks = [sign for sign in ("未达要求", "未计：", "未计满", "下一档") if sign in words]
    assert marks == [sign for sign in ("未达要求", "未计：", "未计满", "下一档") if sign in ending]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn_with_and_without_a_failure(kind: str) -> None:
    drawn = [KINDS[kind](Random(f"{kind} {seed}")).expected for seed in range(DRAWN)]
    ending = [expected.rpartition("*")[2] for expected in drawn]
    none = sum(not own or own.startswith("；按时") for own in ending)
    assert min(none, DRAWN - none) >= 3


def test_a_number_of_records_is_named_and_the_rest_is_counted() -> None:
    records = [document(f"y{number}", "form", note="x") for number in range(40)]
    parameters = {"method": "share", "of": "form", "having": {"sign": True}}
    words = reason(Drawn(parameters, Branch(records=records), ""))
    assert words.count("“y") == 3
    assert words.endswith("；还有 37 项")
