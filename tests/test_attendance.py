"""Rolls of attendance: counted, or every line at fault named."""

from __future__ import annotations

import csv
import random

import pytest

from generator.engine.evaluate import evaluate, read_branch
from generator.files.attachments.inside.hollow import is_hollow
from generator.loading.attendance import read_roll
from tests.memory import MemoryTree, base_files
from tests.tiers import tiered

HOME = "branches/demo-a/2025/activities/2025-05-20-study"
STUDY = "title: 学习\ntype: theme-day\ndate: 2025-05-20\nplace: 会议室\n"
#: Characters without width.
UNSEEN = "\xa0\u3000\u200b\u200d\u2060\ufeff\xad"


def test_counts_come_from_the_lines_whatever_the_order_of_the_columns() -> None:
    """Blank lines and white space count for nothing; members are the sum."""
    data = "\ufeffstatus, member\r\npresent,A01\r\n\r\nleave , A02\r\nabsent,A03\r\n".encode()
    counts, faults = read_roll(data)
    assert counts == {"members": 3, "present": 1, "leave": 1, "absent": 1}
    assert faults == []


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("A01", "member"),
        ("A01,present,x", "member"),
        ("甲乙,present", "member"),
        ("A01,late", "status"),
        ("B01,absent", "代号"),
    ],
)
def test_a_line_at_fault_is_named(line: str, start: str) -> None:
    """The header is line 1; the other lines count all the same."""
    counts, faults = read_roll(f"member,status\nB01,present\n{line}\n".encode())
    assert [(fault.line, fault.message.startswith(start)) for fault in faults] == [(3, True)]
    assert counts["members"] == 1


@pytest.mark.parametrize("number", range(60))
def test_spreadsheets_pad_rows_and_columns(number: int) -> None:
    """Blank columns before, between and behind, blank lines anywhere: the counts are the same."""
    draw = random.Random(number)
    before, between, behind = (draw.randrange(4) for _ in range(3))
    people = [(f"A{n:02d}", draw.choice(["present", "leave", "absent"])) for n in range(20)]
    lines = []
    for member, status in [("member", "status"), *people]:
        lines += [draw.choice(["", ",", " , ,", "," * 9])] * draw.randrange(3)
        lines.append("," * before + member + "," * (between + 1) + status + "," * behind)
    counts, faults = read_roll("\n".join([*lines, ",,,", ""]).encode())
    statuses = [status for _, status in people]
    wanted = {name: statuses.count(name) for name in ("present", "leave", "absent")}
    assert (counts, faults) == ({"members": 20, **wanted}, [])
    aside = "," * (before + between + behind + 2) + "x"
    _, faults = read_roll("\n".join([*lines, f"{lines[-1]}{aside}", aside]).encode())
    assert [fault.line for fault in faults] == [len(lines) + 1, len(lines) + 2]


def test_another_header_is_one_fault() -> None:
    """Nothing is counted where the columns are others."""
    counts, faults = read_roll(b"name,status\nA01,present\n")
    assert (counts, [fault.line for fault in faults]) == ({}, [1])


def test_a_cell_without_end_is_a_fault_of_its_line_not_of_the_program() -> None:
    """A quote that is never closed makes a cell larger than the csv module takes."""
    endless = "member,status\nA01,present\n" + '"' + "x" * (csv.field_size_limit() + 1)
    _, faults = read_roll(endless.encode())
    assert [fault.line for fault in faults] == [3]


def nobody(draw: random.Random) -> tuple[str, dict[str, bytes]]:
    """Return attendance of nobody as it stands in activity.yml, and its file if it has one."""
    if draw.random() < 0.3:
        keys = draw.sample(["leave: 0", "absent: 0", "leave: null", "absent: ''"], 2)
        keys = keys if keys[0][:3] != keys[1][:3] else keys[:1]
        parts = ["members: 0", "present: 0", *keys[: draw.randrange(3)]]
        draw.shuffle(parts)
        return f"attendance: {{{', '.join(parts)}}}\n", {}
    name = draw.choice(["attendance.csv", "签到.csv", "roll.CSV", "考勤.txt"])
    end = draw.choice(["\n", "\r\n"])
    header = draw.choice(["member,status", "status,member", " member , status", '"member",status'])
    blanks = ["", ",", " , ", '"",""', "\t,", ",,,", '" "', "\u3000,"]
    rows = draw.choices(blanks, k=draw.randrange(12))
    text = draw.choice(["", "\ufeff"]) + end.join([header, *rows]) + draw.choice(["", end])
    return f"attendance: {{file: {name}}}\n", {f"{HOME}/{name}": text.encode()}


def with_attendance(body: str, files: dict[str, bytes]) -> MemoryTree:
    """Return the base repository with one more activity."""
    return MemoryTree({**base_files(), f"{HOME}/activity.yml": (STUDY + body).encode(), **files})


@pytest.mark.parametrize("seed", tiered(range(60), often=20, fast=10))
def test_attendance_of_nobody_is_none(seed: int) -> None:
    tree = with_attendance(*nobody(random.Random(seed)))
    evidence = read_branch(tree, "demo-a", 2025).data.evidence["activities/2025-05-20-study"]
    assert evidence.attendance == {}
    assert evidence.fact is not None
    assert evidence.fact.fields["attendance"] is None
    found = [(f.code, f.severity) for f in evaluate(tree).findings]
    assert found == [("E006", "error")]


@pytest.mark.parametrize("seed", tiered(range(50), often=16, fast=8))
def test_a_collective_activity_without_anyone_is_for_a_person_to_look_at(seed: int) -> None:
    """It counts as it stands, with a warning; with one who came, or not collective, none."""
    draw = random.Random(seed)
    leave, absent = draw.randrange(1, 5), draw.randrange(6)
    members = [f"A{n:02}" for n in range(leave + absent)]
    for collective, present in ((True, 0), (True, 1), (False, 0)):
        states = ["leave"] * leave + ["absent"] * absent
        states[0] = "present" if present else "leave"
        rows = [f"{name},{state}" for name, state in zip(members, states, strict=True)]
        body, files = (
            "attendance: {file: roll.csv}\n",
            {f"{HOME}/roll.csv": "\n".join(["member,status", *rows]).encode()},
        )
        if seed % 2:
            away = leave - present
            total = f"members: {leave + absent}, present: {present}"
            body, files = f"attendance: {{{total}, leave: {away}, absent: {absent}}}\n", {}
        tree = with_attendance(f"collective: {str(collective).lower()}\n{body}", files)
        data = read_branch(tree, "demo-a", 2025).data
        fact = data.evidence["activities/2025-05-20-study"].fact
        assert fact is not None
        assert fact.fields["attendance"] is True
        found = [(f.code, f.severity) for f in evaluate(tree).findings]
        assert found == [("E006", "warning")] * (collective and not present)


@pytest.mark.parametrize("seed", tiered(range(80), often=24, fast=12))
def test_a_file_that_says_nothing_counts_as_empty(seed: int) -> None:
    """White space, marks and what nobody sees are nothing; one letter or sign more is something."""
    draw = random.Random(seed)
    nothing = "".join(draw.choices([*" \n\t,;\"'#-*_>|`=.()[]", *UNSEEN], k=draw.randrange(1, 60)))
    name = f"x{draw.choice(['.md', '.txt', '.csv', '.MD'])}"
    data = draw.choice([b"", b"\xef\xbb\xbf"]) + nothing.encode()
    assert is_hollow(name, data)
    at = draw.randrange(len(nothing) + 1)
    sign = draw.choice("无a7√。○é")
    assert not is_hollow(name, f"{nothing[:at]}{sign}{nothing[at:]}".encode())
    assert not is_hollow("x.pdf", data)
    path = f"branches/demo-a/2025/documents/plan/{name}"
    record = "kind: plan\ntitle: 年度计划\ndate: 2025-01-15\nfiles: [" + name + "]\n"
    files = {path: data, "branches/demo-a/2025/documents/plan/document.yml": record.encode()}
    tree = MemoryTree({**base_files(), **files})
    fact = read_branch(tree, "demo-a", 2025).data.evidence["documents/plan"].fact
    assert fact is not None
    assert fact.fields["files"] == ()
    assert ("E004", path) in {(f.code, f.path) for f in evaluate(tree).findings}
