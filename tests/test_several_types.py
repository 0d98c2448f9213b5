"""One meeting of several kinds: one activity, which meets what is asked for each of its types."""

from __future__ import annotations

import json
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from generator.engine.evaluate import evaluate
from generator.formats.branch_files import ACTIVITY
from generator.formats.nodes import parse
from generator.formats.shapes import INVALID, Context
from generator.loading.activity_types import report_types
from generator.reports.schemas import all_schemas
from generator.results.document import dump_parts
from generator.results.packed import PACKED, PACKED_READING, Details, details_json, read_details
from generator.site.branches.calendar import calendar_of
from generator.site.data.year import Shown
from generator.text.findings import Place, Report
from tests.effort import steps_of
from tests.memory import MemoryTree, base_files
from tests.tiers import tiered
from tests.years import YEAR, Branch, Data, activity, evaluated, rubric, scored, section, year_of

if TYPE_CHECKING:
    from generator.engine.evaluate import Evaluation
    from generator.results.packed import EvidenceRecord
    from generator.text.findings import Finding

TYPES = {"theme-day": "主题党日", "lecture": "党课", "meeting": "党员大会", "study": "学习、讨论"}
OWN = "branches/demo-a/2025/activities/2025-03-12-theme-day/activity.yml"
SEEDS = tiered(range(60), often=12, fast=4)


def rules(*criteria: Data) -> Data:
    """Return a rubric with these types."""
    return rubric(section("s", *criteria), activity_types=TYPES)


def counting(name: str, where: Data, target: int) -> Data:
    """Return a criterion that counts activities."""
    measure = {"count": "activity", "where": where}
    return {"id": name, "title": name, "points": 10, "method": "proportion", "measure": measure,
            "target": target}  # fmt: skip


def drawn(draw: Random, most: int = 3) -> list[list[str]]:
    """Return the types of some activities."""
    names = list(TYPES)
    return [draw.sample(names, draw.randint(1, most)) for _ in range(draw.randint(1, 8))]


def filed(meetings: list[list[str]]) -> Branch:
    """Return a branch that held these meetings: one type is written as text."""
    one = [types[0] if len(types) == 1 else types for types in meetings]
    return Branch(records=[activity(slug=f"n{n}", type=types) for n, types in enumerate(one)])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_condition_holds_for_each_type_and_the_activity_counts_once(seed: int) -> None:
    draw = Random(seed)
    meetings, target = drawn(draw), draw.randint(8, 12)
    asked = {name: [name] for name in TYPES} | {"two": draw.sample(list(TYPES), 2)}
    wheres = {name: {"type": t if len(t) > 1 else t[0]} for name, t in asked.items()}
    every = {**wheres, "all": {}}
    card = scored(rules(*(counting(n, w, target) for n, w in every.items())), filed(meetings))
    asked["all"] = list(TYPES)
    for line in card["lines"]:
        held = [n for n, types in enumerate(meetings) if set(types) & set(asked[line["criterion"]])]
        exact = Fraction(10 * len(held), target)
        assert line["points"] == float(Fraction((exact * 100 + Fraction(1, 2)).__floor__(), 100))
        assert [path.rpartition("-n")[2] for path in line["evidence"]] == [f"{n}" for n in held]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_further_type_moves_no_other_count(seed: int) -> None:
    """What counted before counts on, once, and no activity appears beside those that there are."""
    draw = Random(seed)
    meetings, n = drawn(draw, most=2), draw.randint(0, 99)
    chosen = meetings[n % len(meetings)]
    more = draw.choice([name for name in TYPES if name not in chosen])
    asked = rules(*(counting(t, {"type": t}, 20) for t in TYPES), counting("all", {}, 20))
    before = scored(asked, filed(meetings))
    chosen.append(more)
    after = scored(asked, filed(meetings))
    for old, new in zip(before["lines"], after["lines"], strict=True):
        assert len(new["evidence"]) - len(old["evidence"]) == (old["criterion"] == more)
        assert len(set(new["evidence"])) == len(new["evidence"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_reason_names_the_types_by_their_titles(seed: int) -> None:
    meetings = drawn(Random(seed))
    asked = {"method": "share", "of": "activity", "having": {"type": "study"}}
    card = scored(rules({"id": "c", "title": "c", "points": 10, **asked}), filed(meetings))
    failing = [types for types in meetings if "study" not in types][:3]
    for types in failing:
        words, one = "、".join(TYPES[name] for name in types), len(types) == 1
        due = f"类型是“{words}”，{'应为' if one else '应包括'}“学习、讨论”"
        assert due in card["lines"][0]["reason"]


def records(meetings: list[list[str]], **more: Any) -> tuple[Evaluation, list[EvidenceRecord]]:
    """Return the year and the records of its branch."""
    found = evaluated(year_of(rules(counting("c", {}, 1)), {"a": filed(meetings)}, **more))
    assert found.results is not None
    return found, list(found.results.branches[0].records)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_types_are_shown_and_results_hold_them(seed: int) -> None:
    """In words on pages, as ids in JSON; with one type there is no other key than before."""
    meetings = drawn(Random(seed))
    found, shown = records(meetings)
    assert [f for f in found.findings if f.severity == "error" and f.code != "C007"] == []
    assert found.results is not None
    written = json.loads("".join(dump_parts(found.results)))["branches"][0]["records"]
    for types, record, told in zip(meetings, shown, written, strict=True):
        words = "、".join(TYPES[name] for name in types)
        assert {str(k): str(v) for k, v in record.details}["类型"] == words
        assert dict(told["details"])["类型"] == words
        assert told.get("types", []) == (types if len(types) > 1 else [])
    for form, reading in ((None, None), (PACKED, PACKED_READING)):
        details = Details(records=tuple(shown))
        document = details_json(details, form) if form else details_json(details)
        again = read_details(document, reading) if reading else read_details(document)
        assert [list(r.types) for r in again.records] == [r.get("types", []) for r in written]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_calendar_has_an_activity_on_the_lane_of_each_type(seed: int) -> None:
    """A title that holds the mark between titles is no two."""
    meetings = drawn(Random(seed))
    files = year_of(rules(counting("c", {}, 1)), {"a": filed(meetings)})
    raw = {path: json.dumps(data, ensure_ascii=False).encode() for path, data in files.items()}
    found = evaluate(MemoryTree(raw), YEAR)
    assert found.results is not None
    assert found.rubric is not None
    shown = Shown(YEAR, "review", "", "", found.results.period, accepts=False)
    calendar = calendar_of(found.rubric, found.results.branches[0], shown)
    assert calendar is not None
    lanes = {lane.title: lane.count for lane in calendar.lanes}
    assert lanes.pop("全部活动") == len(meetings) == len(calendar.entries)
    told = {TYPES[t]: sum(t in types for types in meetings) for t in TYPES}
    assert lanes == {title: count for title, count in told.items() if count}


FAULTS = ("one", "none", "twice", "title", "joined", "unknown", "empty", "nested")


def wrong(draw: Random, fault: str) -> tuple[str, str, str]:
    """Return a type as it is written, what the hint must hold, and what is due in its place."""
    first, other = draw.sample([name for name in TYPES if name != "study"], 2)
    both, form = f"[{first}, {other}]", draw.choice(["{}", f"[{{}}, {other}]"])
    name, run = draw.choice([first, "study"]), [draw.choice([n, TYPES[n]]) for n in (first, other)]
    joined = draw.choice(["{}", "[{}]"]).format(draw.choice("、，；").join(run))
    return {
        "one": (f"[{first}]", f"写 {first}", first),
        "none": ("[]", "type: theme-day", first),
        "twice": (f"[{first}, {other}, {first}]", f"type: {first}", both),
        "title": (form.format(TYPES[name]), name, form.format(name)),
        "joined": (joined, both, both),
        "unknown": (f"[{first}, nothing-{draw.randint(0, 9)}]", "", both),
        "empty": (f"[{first}, '']", "", both),
        "nested": (f"[{first}, [{other}]]", "", both),
    }[fault]


def checked(written: str) -> list[Finding]:
    """Return the findings about the file of an activity with this type."""
    files = year_of(rules(counting("c", {}, 1)), {"a": Branch()})
    raw = {path: json.dumps(data, ensure_ascii=False).encode() for path, data in files.items()}
    path = "branches/a/2025/activities/2025-03-12-x/activity.yml"
    raw[path] = f"title: x\ntype: {written}\ndate: 2025-03-12\nplace: 会议室\n".encode()
    return [f for f in evaluate(MemoryTree(raw), YEAR).findings if f.path == path]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_told_where_it_stands_with_what_to_write(fault: str, seed: int) -> None:
    written, hint, due = wrong(Random(f"{fault} {seed}"), fault)
    (finding,) = checked(written)
    by_rubric = fault in {"title", "joined", "unknown"}
    assert (finding.code, finding.severity) == ("S004" if by_rubric else "S003", "error")
    assert finding.line == 2
    assert finding.pointer.split("/")[1] == "type"
    assert hint in str(finding.hint)
    assert checked(due) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_schema_takes_what_the_reader_takes(seed: int) -> None:
    draw = Random(seed)
    types = [draw.choice(["a", "b", "c"]) for _ in range(draw.randint(0, 4))]
    value: Any = draw.choice([types, "a", types, None])
    data = {"title": "x", "date": "2025-03-12", "place": "x"} | ({"type": value} if value else {})
    sound = isinstance(value, str) or (bool(value) and 2 <= len(value) == len(set(value)))
    validator = jsonschema.Draft202012Validator(all_schemas()["activity"])
    assert validator.is_valid(data) == sound
    report = Report()
    node = parse(json.dumps(data).encode(), report, "x.yml")
    assert node is not None
    read = ACTIVITY.read(node, Place("x.yml"), Context(report))
    assert read is not INVALID
    assert (report.count == 0) == sound


def test_a_meeting_filed_as_two_kinds_is_told_how_to_be_one() -> None:
    text = base_files()[OWN].decode().replace("theme-day", "[member-meeting, theme-day]")
    files = base_files() | {OWN: text.encode()}
    assert evaluate(MemoryTree(files)).findings == []
    again = "title: 主题党日\ntype: {}\ndate: 2025-03-12\nplace: 会议室\n"
    for type_, told in (("theme-day", False), ("[theme-day, member-meeting]", False)):
        other = OWN.replace("-theme-day/", "-z/")
        found = evaluate(MemoryTree(files | {other: again.format(type_).encode()})).findings
        (finding,) = [f for f in found if f.code == "E009"]
        assert ("type: [" in str(finding.hint)) == told
    more = {other: again.format("member-meeting").encode()}
    found = evaluate(MemoryTree(base_files() | more)).findings
    (finding,) = [f for f in found if f.code == "E009"]
    assert "type: [theme-day, member-meeting]" in str(finding.hint)


def test_naming_types_is_linear() -> None:
    def steps(n: int) -> int:
        known = {f"t{k}": f"类型{k}" for k in range(n)}
        report = Report()
        lines = [f"title: x\ntype: [{', '.join(f'类型{k}' for k in range(n))}]"]
        node = parse(lines[0].encode(), report, "x.yml")
        assert node is not None
        value = ACTIVITY.read(node, Place("x.yml"), Context(report))
        assert value is not INVALID
        return steps_of(lambda: report_types(value, known, report))

    assert steps(160) < 2.5 * steps(80)
