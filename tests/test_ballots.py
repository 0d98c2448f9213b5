"""Ballots are reconciled: handed out, valid, void and not returned; those of one meeting agree."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.engine.evaluate import evaluate
from generator.engine.narrow import excerpt as narrow
from generator.results.document import dump_parts
from generator.results.packed import PACKED, PACKED_READING, Details, details_json, read_details
from tests.memory import MemoryTree
from tests.tiers import tiered
from tests.years import (
    YEAR,
    Branch,
    Data,
    branches_of,
    encoded,
    evaluated,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from generator.text.findings import Finding

BALLOT: Data = {"id": "c", "title": "c", "points": 10, "method": "ballot"}
PARTS: Data = {
    "id": "c", "title": "c", "points": 10, "method": "parts", "parts": [
        {"id": "p", "title": "p", "points": 6, "method": "ballot"},
        {"id": "q", "title": "q", "points": 4, "method": "share", "of": "plan", "having": ["url"]},
    ],
}  # fmt: skip
SEEDS = tiered(range(60), often=12, fast=4)
PATH = f"committee/{YEAR}/debrief.yml"


def drawn(draw: Random, count: int = 8) -> dict[str, Data]:
    """Return what the meeting gave each branch; most have the same number of ballots."""
    usual, found = draw.randint(10, 30), {}
    for number in range(count):
        good, fair, void = draw.randint(0, 20), draw.randint(0, 5), draw.randint(0, 2)
        entry: Data = {"mode": "onsite", "ballots": {"good": good, "fair": fair}, "void": void}
        if draw.random() < 0.7:
            entry["issued"] = usual if draw.random() < 0.8 else draw.randint(0, 40)
        if draw.random() < 0.25:
            entry = {"mode": "written", "points": draw.randint(0, 5)}
            entry |= {"reason": "按时"} if draw.random() < 0.5 else {}
        found[f"b{number}"] = entry
    return found


def files_of(meeting: dict[str, Data], criterion: Data = BALLOT) -> Data:
    """Return the files of a year with this meeting."""
    rules = rubric(section("s", criterion), ballot={"good": 1, "fair": 0.6, "poor": 0})
    return year_of(rules, {name: Branch(debrief=entry) for name, entry in meeting.items()})


def told(findings: list[Finding]) -> set[tuple[str | None, str, str]]:
    """Return branch, severity and pointer of what is said of ballots."""
    return {(f.branch, str(f.severity), f.pointer) for f in findings if f.code == "C010"}


def returned(entry: Data) -> int:
    """Return how many ballots came back."""
    return sum(map(int, [*entry["ballots"].values(), entry["void"]]))


@pytest.mark.parametrize("seed", SEEDS)
def test_more_than_issued_another_number_and_no_reason_are_told(seed: int) -> None:
    meeting = drawn(Random(seed))
    issued = [entry["issued"] for entry in meeting.values() if "issued" in entry]
    due = set()
    for name, entry in meeting.items():
        at = f"/branches/{name}"
        if entry["mode"] == "written" and "reason" not in entry:
            due.add((name, "warning", f"{at}/points"))
        if "issued" in entry and returned(entry) > entry["issued"]:
            due.add((name, "error", f"{at}/issued"))
        if "issued" in entry and entry["issued"] != max(issued, key=issued.count):
            due.add((name, "warning", f"{at}/issued"))
    assert told(evaluated(files_of(meeting)).findings) == due


@pytest.mark.parametrize("seed", SEEDS)
def test_the_card_and_the_results_hold_what_became_of_them(seed: int) -> None:
    """Where it is known how many there were; elsewhere nothing is added, and no figure moves."""
    draw = Random(seed)
    meeting, criterion = drawn(draw), draw.choice([BALLOT, PARTS])
    found = branches_of(files_of(meeting, criterion))
    plain = {n: {k: v for k, v in e.items() if k != "issued"} for n, e in meeting.items()}
    before = branches_of(files_of(plain, criterion))
    for name, entry in meeting.items():
        line, *parts = found[name]["lines"]
        assert all("ballots" not in part for part in parts)
        ballots, facts = line.pop("ballots", None), line["facts"]
        if "issued" not in entry:
            assert ballots is None
            assert found[name] == before[name] | {
                key: found[name][key] for key in ("rank", "rank_range")
            }
            continue
        valid = sum(entry["ballots"].values())
        absent = entry["issued"] - valid - entry["void"]
        own = {"issued": entry["issued"], "valid": valid, "void": entry["void"], "absent": absent}
        assert ballots == own
        words = "发出 {issued} 张，有效 {valid} 张，废票 {void} 张"
        end = f"，未收回 {absent} 张" if absent >= 0 else "：收回的多于发出的"
        assert facts == [words.format_map(own) + end]
        assert line | {"facts": []} == before[name]["lines"][0]


@pytest.mark.parametrize("seed", SEEDS)
def test_they_are_read_back_as_they_were(seed: int) -> None:
    """From the cache's form and from that of a frozen year."""
    results = evaluated(files_of(drawn(Random(seed)))).results
    assert results is not None
    written = json.loads("".join(dump_parts(results)), parse_float=Decimal)["branches"]
    for branch, told_ in zip(results.branches, written, strict=True):
        details = Details(lines=tuple(branch.lines))
        assert read_details(details_json(details, PACKED), PACKED_READING) == details
        again = read_details(told_)
        assert [line.ballots for line in again.lines] == [line.ballots for line in details.lines]


@pytest.mark.parametrize("fault", [{"issued": "27 张左右"}, {"issued": -1}, {"issued": 2.5}])
def test_a_count_is_due(fault: Data) -> None:
    meeting = {"a": {"mode": "onsite", "ballots": {"good": 3}, **fault}}
    found = evaluated(files_of(meeting)).findings
    assert [(f.code, f.pointer) for f in found if f.path == PATH] == [
        ("S003", "/branches/a/issued")
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_few_branches_hear_what_the_whole_file_says(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the entries are written: a comparison with the others is not cut off."""
    draw = Random(seed)
    monkeypatch.setattr(narrow, "SMALL", 0)
    meeting = drawn(draw, count=12)
    text = yaml.safe_dump({"branches": meeting}, sort_keys=False, allow_unicode=True,
                          default_flow_style=draw.choice([None, False]))  # fmt: skip
    spelt = draw.choice(["issued:", "'issued':", '"issued":', '"iss\\x75ed":'])
    data = text.replace("issued:", spelt).encode()
    names = frozenset(draw.sample(sorted(meeting), 3))
    files = {path: encoded(data) for path, data in files_of(meeting).items()}
    whole, part = (
        told(evaluate(MemoryTree(files | {PATH: shown}), YEAR).findings)
        for shown in (data, narrow.excerpt(data, names))
    )
    assert {row for row in part if row[0] in names} == {row for row in whole if row[0] in names}
