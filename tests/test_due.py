"""The due list: what was asked of branches, which answer counts, when, and what it gives."""

from __future__ import annotations

import datetime
import itertools
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.encoding import decode, encode
from generator.engine.evaluate import evaluate
from generator.engine.repository import open_repository
from generator.engine.year import Means, Run
from generator.results.document import dump, to_json
from generator.results.frozen import read_results
from generator.text.numbers import read_json
from tests.memory import MemoryTree
from tests.tiers import tiered
from tests.years import YEAR, Branch, Data, document, encoded, rubric, section, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.engine.evaluate import Evaluation

#: Kinds of documents in these years: a report has a day, a training whether one was there.
KINDS: Data = {
    "report": {"title": "报表", "fields": {"filed": "date"}},
    "training": {"title": "培训", "fields": {"there": "boolean"}},
}
IN_TIME: Data = {"filed": {"not_after": "asked"}}
DAY = datetime.date(2025, 6, 30)


def counting(having: Any = IN_TIME, of: str = "report", **more: Any) -> Data:
    """Return a criterion of 12 points that counts entries of the due list."""
    own = {"method": "share", "of": of, "having": having, "due": True, **more}
    return {"id": "c", "title": "c", "points": 12, **own}


def entry(name: str, due: str = "2025-03-31", kind: str = "report", **more: Any) -> Data:
    """Return an entry of the due list."""
    return {"id": name, "kind": kind, "title": f"事项 {name}", "due": due, **more}


def answer(due: str, filed: str = "2025-03-01", slug: str = "", kind: str = "report") -> Any:
    """Return a document that answers an entry."""
    path, data = document(slug or due, kind, filed=filed)
    return path, data | {"due": due}


def year(
    entries: Any, *branches: Branch, having: Any = IN_TIME, today: datetime.date = DAY, **more: Any
) -> Evaluation:
    """Evaluate a year with a due list; branches are called a, b, c."""
    rules = rubric(section("s", counting(having, **more)))
    rules["document_kinds"] |= KINDS
    named = dict(zip("abc", branches, strict=False))
    files = year_of(rules, named, due=entries)
    raw = {path: encoded(data) for path, data in files.items()}
    return evaluate(MemoryTree(raw), YEAR, Means(as_of=today))


def line(evaluation: Evaluation, branch: str = "a") -> tuple[Any, str]:
    """Return the points of the only criterion of a branch, and its reason."""
    assert evaluation.results is not None
    own = evaluation.results.branch(branch).lines[0]
    return own.points, f"{own.reason}"


def points(*arguments: Any, **more: Any) -> Any:
    """Return the points alone, as a number."""
    found = line(year(*arguments, **more))[0]
    return None if found is None else float(found)


def states(evaluation: Evaluation, branch: str = "a") -> dict[str, str]:
    """Return entry → what became of it."""
    assert evaluation.results is not None
    return {own.id: own.state for own in evaluation.results.branch(branch).due}


def test_who_does_not_answer_loses_what_the_entry_is_worth() -> None:
    entries = [entry("r1"), entry("r2"), entry("r3")]
    two = Branch(records=[answer("r1"), answer("r2", filed="2025-04-02")])
    found = year(entries, two)
    value, reason = line(found)
    assert value == 4
    assert "到期的报表 3 项，符合要求 1 项：12 × 1/3 = 4" in reason
    assert "2025-03-31“事项 r2”：filed 2025-04-02，期限 2025-03-31（迟 2 天）" in reason
    assert "2025-03-31“事项 r3”：没有材料回应" in reason
    assert states(found) == {"r1": "answered", "r2": "short", "r3": "unanswered"}
    # Leaving out the late record is no better, nor is filing nothing.
    assert points(entries, Branch(records=[answer("r1")])) == 4
    assert points(entries, Branch()) == 0


def test_an_entry_counts_from_the_day_after_its_own() -> None:
    entries = [entry("r1", "2025-06-30"), entry("r2", "2025-03-31")]
    one = Branch(records=[answer("r2")])
    assert points(entries, one, today=datetime.date(2025, 6, 30)) == 12
    assert points(entries, one, today=datetime.date(2025, 7, 1)) == 6


def test_an_answer_in_full_counts_before_the_day() -> None:
    entries = [entry("r1", "2025-12-31"), entry("r2", "2025-03-31")]
    early, incomplete = answer("r1"), answer("r1", filed="2026-01-02")
    assert points(entries, Branch(records=[early])) == 6
    assert points(entries, Branch(records=[early, answer("r2")])) == 12
    found = year(entries, Branch(records=[incomplete, answer("r2")]))
    assert line(found)[0] == 12
    assert "另有 1 项没有到期" in line(found)[1]
    assert states(found) == {"r1": "open", "r2": "answered"}


def test_an_extension_is_of_the_branch_alone() -> None:
    entries = [entry("r1", extended={"a": "2025-07-10"})]
    late = Branch(records=[answer("r1", filed="2025-04-02")])
    found = year(entries, late, late)
    assert (line(found)[0], line(found, "b")[0]) == (12, 0)
    assert line(year(entries, Branch(), Branch()), "a")[0] is None
    assert line(year(entries, Branch(), Branch()), "b")[0] == 0


def test_the_day_is_the_date_where_nothing_is_due() -> None:
    entries = [{"id": "t1", "kind": "training", "title": "培训一", "date": "2025-05-18"}]
    more: Data = {"having": ["there"], "of": "training"}
    came = document("t", "training", there=True)
    came[1]["due"] = "t1"
    assert points(entries, Branch(records=[came]), **more) == 12
    assert points(entries, Branch(), **more) == 0
    assert points(entries, Branch(), today=datetime.date(2025, 5, 18), **more) is None
    both = [entries[0] | {"due": "2025-08-01"}]
    assert points(both, Branch(), **more) is None


def test_the_first_answer_that_has_all_counts_and_the_others_are_shown() -> None:
    entries = [entry("r1")]
    late, good, again = (
        answer("r1", filed="2025-05-01", slug="x1"), answer("r1", slug="x2"),
        answer("r1", slug="x3"),
    )  # fmt: skip
    found = year(entries, Branch(records=[again, good, late]))
    assert line(found)[0] == 12
    assert "“事项 r1”另有 2 份材料同答一项，不另计：x1、x3" in line(found)[1]
    assert found.results is not None
    (own,) = found.results.branch("a").due
    home = f"branches/a/{YEAR}/documents"
    assert (own.answer, own.others) == (f"{home}/x2", (f"{home}/x1", f"{home}/x3"))
    assert found.results.branch("a").lines[0].evidence == (f"{home}/x2",)
    none = year(entries, Branch(records=[answer("r1", "2025-05-02", "y2"), late]))
    assert none.results is not None
    assert none.results.branch("a").due[0].answer == f"{home}/x1"


@pytest.mark.parametrize(
    ("empty", "expected"), [({}, 0), ({"empty": "full"}, 12), ({"empty": "pending"}, None)]
)
def test_where_nothing_was_asked_of_the_branch_the_rubric_says_what_that_means(
    empty: Data, expected: float | None
) -> None:
    others = [entry("t1", kind="training"), entry("r1", branches=["b"])]
    for entries in ([], others):
        record = Branch(records=[answer("r1")])
        assert points(entries, record, Branch(), **empty) == expected
    assert points([entry("r9", "2025-12-31")], Branch(), **empty) is None


def test_before_anything_is_due_the_line_names_the_first_day() -> None:
    entries = [entry("r2", "2025-09-30"), entry("r1", "2025-07-31")]
    value, reason = line(year(entries, Branch()))
    assert value is None
    assert reason == "报表都没有到期，最早一项 7月31日到期"


def test_a_document_answers_its_own_branch_and_kind_alone() -> None:
    entries = [entry("r1"), entry("t1", kind="training"), entry("r2", branches=["b"])]
    wrong = Branch(records=[answer("t1", slug="x1"), answer("r2", slug="x2")])
    found = year(entries, wrong, Branch(records=[answer("r2")]))
    assert (line(found)[0], line(found, "b")[0]) == (0, 6)
    assert states(found) == {"r1": "unanswered", "t1": "unanswered"}
    told = [(f.code, f.severity, f.path.split("/")[4]) for f in found.findings if f.code == "E020"]
    assert told == [("E020", "warning", "x1"), ("E020", "warning", "x2")]


def test_what_was_asked_under_a_former_id_is_asked_of_the_branch() -> None:
    entries = [
        entry("r1", branches=["old-a"], extended={"old-a": "2025-05-31"}),
        entry("r2", extended={"older-a": "2025-08-31"}),
    ]
    branch = Branch(records=[answer("r1", filed="2025-05-02")])
    rules = rubric(section("s", counting()))
    rules["document_kinds"] |= KINDS
    files = year_of(rules, {"a": branch, "b": Branch()}, due=entries)
    files["branches/a/branch.yml"]["formerly"] = ["old-a", "older-a"]
    raw = {path: encoded(data) for path, data in files.items()}
    found = evaluate(MemoryTree(raw), YEAR, Means(as_of=DAY))
    assert line(found)[0] == 12
    assert states(found) == {"r1": "answered", "r2": "open"}
    assert states(found, "b") == {"r2": "unanswered"}
    assert [f for f in found.findings if f.code == "C012"] == []


def test_where_looks_at_the_days_of_the_entry() -> None:
    entries = [entry("r1"), entry("r2", "2025-05-31"), entry("r3", date="2025-02-01")]
    two = Branch(records=[answer("r1")])
    assert points(entries, two, where={"asked": {"not_after": "2025-04-30"}}) == 6
    assert points(entries, two, where={"held": {"present": True}}) == 0
    assert points(entries, two, where={"held": {"not_after": "asked"}}) == 0
    assert points(entries, two, where={"asked": {"not_after": "2025-01-31"}}, empty="full") == 12


def test_an_entry_without_what_it_must_have_asks_nobody() -> None:
    entries: list[Any] = [
        entry("r1", "月底"), {"id": "r2", "kind": "report"}, {"id": "r3", "due": "2025-01-31"},
        entry("r4", kind="nothing"), entry("r4"), entry("r5", branches=[]), {"kind": "report"}, 7,
        entry("r6", extended={"a": "?"}), None, ["x"], entry("r7", odd=1),
    ]  # fmt: skip
    assert states(year(entries, Branch())) == {}
    assert states(year([*entries, entry("r8")], Branch())) == {"r8": "unanswered"}


@pytest.mark.parametrize(
    "shape",
    ["", "x", "7", "a: b", "{}", "[]", "[[]]", "- {id: [], kind: {}, due: []}",
     "- {id: x, extended: [], branches: {a: b}}", "- {id: x, extended: {a: {b: c}}, branches: 7}",
     "- {id: x, kind: report, due: 2025-01-01, branches: [a, [b], {c: d}, null]}", "a: [",
     "- !x {id: y}", "- &a {id: z}\n- *a", "\x00", "- id: ''\n  kind: ''\n  branches: ''"],
)  # fmt: skip
def test_any_shape_of_the_file_is_harmless(shape: str) -> None:
    found = year(shape, Branch(records=[answer("r1")]), Branch())
    assert found.results is not None
    assert {f.code[0] for f in found.findings if "due.yml" in f.path} <= {"Y", "S", "C"}
    assert shape in {"[]", "{}", "", "[[]]"} or any("due.yml" in f.path for f in found.findings)


@pytest.mark.parametrize("due", [[], {}, ["r1"], {"r1": 1}, "", None, "\u202e", "x" * 5000])
def test_any_shape_of_the_key_is_harmless(due: Any) -> None:
    path, data = document("x", "report")
    found = year([entry("r1")], Branch(records=[(path, data | {"due": due})]))
    assert states(found) == {"r1": "unanswered"}
    assert any(f.path.endswith(path) for f in found.findings)


FAULTS: list[tuple[Data, list[tuple[str, str]]]] = [
    ({}, []),
    ({"where": {"asked": {"present": True}, "held": {"not_after": "asked"}}}, []),
    ({"of": "activity", "having": ["plan"]}, [("B005", "of")]),
    ({"where": {"filed": {"present": True}}}, [("B005", "where/filed")]),
    ({"where": {"asked": {"not_after": "filed"}}}, [("B005", "where/asked")]),
    ({"where": {"odd": 1}}, [("B005", "where/odd")]),
    ({"having": ["odd"]}, [("B004", "having/0")]),
    ({"having": {"filed": {"not_after": "held"}}}, []),
    ({"of": "own"}, [("B003", "of"), ("B003", "of")]),
    ({"due": False, "having": IN_TIME}, [("B004", "having/filed/not_after")]),
    ({"each": "report"}, [("S002", "each")]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), FAULTS)
def test_what_a_rubric_may_not_ask(change: Data, expected: list[tuple[str, str]]) -> None:
    rules = rubric(section("s", counting() | change))
    own: Data = {"title": "自定", "fields": {"asked": "date", "held": "date", "filed": "date"}}
    rules["document_kinds"] |= KINDS | {"own": own}
    files = year_of(rules, {"a": Branch()})
    raw = {path: encoded(data) for path, data in files.items()}
    findings = evaluate(MemoryTree(raw), YEAR).findings
    told = [(f.code, f.pointer.removeprefix("/sections/0/criteria/0/")) for f in findings]
    assert [own for own in told if own[0] in {"B003", "B004", "B005", "S002"}] == expected


def test_a_part_follows_the_same_rule() -> None:
    part = {k: v for k, v in counting().items() if k != "points"} | {"id": "p", "points": 8}
    rest = {"id": "q", "title": "q", "points": 4, "method": "share", "of": "plan",
            "having": ["files"], "empty": "full"}  # fmt: skip
    whole = {"id": "c", "title": "c", "points": 12, "method": "parts", "parts": [part, rest]}
    rules = rubric(section("s", whole))
    rules["document_kinds"] |= KINDS
    branch = Branch(records=[answer("r1")])
    files = year_of(rules, {"a": branch}, due=[entry("r1"), entry("r2")])
    raw = {path: encoded(data) for path, data in files.items()}
    found = evaluate(MemoryTree(raw), YEAR, Means(as_of=DAY))
    assert found.results is not None
    assert [float(own.points or 0) for own in found.results.branch("a").lines] == [8, 4, 4]
    assert states(found) == {"r1": "answered", "r2": "unanswered"}


def test_due_is_no_field_of_a_condition() -> None:
    """A kind may have a field of that name, as files had before there was a key."""
    kinds: Data = {"own": {"title": "自定", "fields": {"due": "date"}}}
    shared: Data = {"method": "share", "of": "own", "having": {"due": {"not_after": "2025-03-31"}}}
    rules = rubric(section("s", {"id": "c", "title": "c", "points": 12, **shared}))
    rules["document_kinds"] |= kinds
    path, data = document("x", "own", due="2025-03-01")
    for key, expected in ({}, 12), ({"due": "2025-05-01"}, 12):
        branch = Branch(records=[(path, data | key)])
        raw = {name: encoded(own) for name, own in year_of(rules, {"a": branch}).items()}
        assert line(evaluate(MemoryTree(raw), YEAR))[0] == expected
    rules["document_kinds"] = {"own": {"title": "自定"}}
    raw = {name: encoded(own) for name, own in year_of(rules, {"a": Branch()}).items()}
    assert "B004" in {f.code for f in evaluate(MemoryTree(raw), YEAR).findings}


def test_without_a_day_nothing_has_come_due() -> None:
    rules = rubric(section("s", counting()))
    rules["document_kinds"] |= KINDS
    files = year_of(rules, {"a": Branch()}, due=[entry("r1", "2001-01-01")])
    files[f"committee/{YEAR}/appraisal.yml"] = {"stage": "open"}
    raw = {name: encoded(own) for name, own in files.items()}
    assert line(evaluate(MemoryTree(raw), YEAR))[0] is None


def drawn(rng: random.Random) -> tuple[list[Data], Branch]:
    """Return a random due list, and a branch that answers some of it."""
    months = [f"2025-{month:02}-15" for month in range(1, 13)]
    entries = [
        entry(f"r{n}", rng.choice(months), rng.choice(["report", "training"]))
        | ({"extended": {"a": rng.choice(months)}} if rng.random() < 0.2 else {})
        | ({"date": rng.choice(months)} if rng.random() < 0.5 else {})
        | ({"branches": [rng.choice("ab")]} if rng.random() < 0.2 else {})
        for n in range(rng.randint(0, 5))
    ]
    records = []
    for n in range(rng.randint(0, 8)):
        path, data = document(f"x{n}", rng.choice(["report", "report", "training", "plan"]))
        fields: Data = {}
        if data["kind"] == "report" and rng.random() < 0.8:
            fields["filed"] = rng.choice(months)
        if data["kind"] == "training" and rng.random() < 0.8:
            fields["there"] = rng.random() < 0.6
        due = {"due": f"r{rng.randint(0, 5)}"} if rng.random() < 0.8 else {}
        records.append((path, data | due | ({"fields": fields} if fields else {})))
    return entries, Branch(records=records)


HAVINGS: list[tuple[str, Any]] = [
    ("report", IN_TIME), ("report", ["filed"]), ("report", {"filed": {"not_after": "held"}}),
    ("training", ["there"]), ("training", {"there": False}), ("training", {"there": True}),
    ("report", {}), ("training", {"asked": {"not_after": "2025-06-01"}}),
]  # fmt: skip


@pytest.mark.parametrize("seed", tiered(range(150), often=40, fast=10))
def test_taking_away_a_record_never_raises_points(seed: int) -> None:
    rng = random.Random(seed)
    entries, branch = drawn(rng)
    of, having = HAVINGS[seed % len(HAVINGS)]
    more: Data = {
        "having": having, "of": of, "empty": rng.choice(["zero", "full", "pending"]),
        "today": datetime.date(2025, rng.randint(1, 12), 20),
        "where": rng.choice([{}, {"held": {"present": True}}]),
    }  # fmt: skip
    before = points(entries, branch, Branch(), **more) or 0
    for n in range(len(branch.records)):
        rest = Branch(records=[own for m, own in enumerate(branch.records) if m != n])
        assert (points(entries, rest, Branch(), **more) or 0) <= before


def test_what_became_of_each_entry_is_in_the_results_and_comes_back() -> None:
    entries = [entry("r1", date="2025-03-30"), entry("r2")]
    found = year(
        entries, Branch(records=[answer("r1"), answer("r1", slug="z")]), Branch(silent=True)
    )
    assert found.results is not None
    document_ = to_json(found.results)
    by_id = {branch["id"]: branch for branch in document_["branches"]}
    home = f"branches/a/{YEAR}/documents"
    assert by_id["a"]["due"][0] == {
        "id": "r1", "kind": "report", "kind_title": "报表", "title": "事项 r1",
        "asked": "2025-03-31", "held": "2025-03-30", "state": "answered", "answer": f"{home}/r1",
        "received": None, "others": [f"{home}/z"],
    }  # fmt: skip
    assert [own["state"] for own in by_id["b"]["due"]] == ["unanswered", "unanswered"]
    again = read_results(read_json(dump(document_)))
    assert to_json(again) == document_
    assert "due" not in to_json(none_asked())["branches"][0]


def none_asked() -> Any:
    """Return the results of a year without a due list."""
    return year([], Branch()).results


def run_of(raw: Mapping[str, bytes], today: datetime.date) -> Run:
    """Return a run of the year on a day."""
    return Run(open_repository(MemoryTree(raw)), YEAR, Means(as_of=today))


def test_a_reduced_branch_with_answers_is_read_back() -> None:
    rules = rubric(section("s", counting()))
    rules["document_kinds"] |= KINDS
    files = year_of(rules, {"a": Branch(records=[answer("r1")])}, due=[entry("r1"), entry("r2")])
    reducer = run_of({p: encoded(d) for p, d in files.items()}, DAY).reducer()
    assert reducer is not None
    reduced = reducer.reduce("a")
    assert reduced.result.due[0].others == ()
    assert decode(encode(reduced)) == reduced


@pytest.mark.parametrize("seed", tiered(range(40), often=15, fast=5))
def test_an_entry_that_is_asked_otherwise_is_asked_of_nobody_else(seed: int) -> None:
    """What the program takes for whom it is asked is what the file says, on any day."""
    rng = random.Random(seed)
    entries, _ = drawn(rng)
    rules = rubric(section("s", counting()))
    rules["document_kinds"] |= KINDS
    files = year_of(rules, {"a": Branch(), "b": Branch()}, due=entries)
    raw = {path: encoded(data) for path, data in files.items()}
    for name, month in itertools.product("ab", (1, 6, 12)):
        today = datetime.date(2025, month, 15)
        wanted = []
        for own in entries:
            day = own.get("extended", {}).get(name, own["due"])
            if name in own.get("branches", "ab"):
                wanted.append((own["id"], day, day < today.isoformat()))
        asked = run_of(raw, today).due.of((name,))
        assert [(one.id, one.asked.isoformat(), one.come) for one in asked] == wanted
    assert json.loads(raw[f"committee/{YEAR}/due.yml"]) == entries
