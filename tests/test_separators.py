"""Chinese marks where YAML wants half-width ones: named where they stand, with what to write."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate, read_branch
from generator.formats.nodes import Mapping, Scalar, parse
from generator.text.findings import Report
from tests.effort import at_most
from tests.memory import MemoryTree, base_files
from tests.tiers import tiered

if TYPE_CHECKING:
    from generator.text.findings import Finding

OWN = "branches/demo-a/2025"
BRANCH = "branches/demo-a/branch.yml"
ACTIVITY = f"{OWN}/activities/2025-03-12-theme-day/activity.yml"
CLAIMS = f"{OWN}/self-assessment.yml"
PLAN = f"{OWN}/documents/plan/document.yml"
MARKS = ("、", "，", "；", "、 ", " ，")


def joined(draw: random.Random, names: list[str]) -> str:
    """Return names as one entry, parted by Chinese marks."""
    return "".join(f"{name}{draw.choice(MARKS)}" for name in names[:-1]) + names[-1]


def found(path: str, old: str, new: str, more: dict[str, bytes] | None = None) -> list[Finding]:
    """Return the findings of the base repository with a change of one file."""
    text = base_files()[path].decode()
    assert old in text
    files = {**base_files(), path: text.replace(old, new).encode(), **(more or {})}
    return evaluate(MemoryTree(files)).findings


@pytest.mark.parametrize("seed", tiered(range(60), often=20, fast=8))
def test_societies_run_into_one_are_a_warning(seed: int) -> None:
    """The branch stands as it is written, and the split is proposed."""
    draw = random.Random(seed)
    names = [f"示例{letter}学会" for letter in draw.sample("甲乙丙丁戊己庚", draw.randrange(2, 5))]
    entry = joined(draw, names)
    quote = draw.choice(["", "'", '"'])
    listed = f"societies: [{quote}{entry}{quote}]"
    (finding,) = found(BRANCH, "societies: [示例a学会]", listed)
    assert (finding.code, finding.severity, finding.path) == ("S003", "warning", BRANCH)
    assert f"[{', '.join(names)}]" in str(finding.hint)
    branch = read_branch(MemoryTree(base_files()), "demo-a", 2025).data.branch
    assert branch is not None


@pytest.mark.parametrize("seed", tiered(range(60), often=24, fast=12))
def test_other_lists_say_how_to_part_them(seed: int) -> None:
    """Ids, accounts, records and files that are there: one error, with the split."""
    draw = random.Random(seed)
    count = draw.randrange(2, 5)
    ids = [f"demo-{draw.choice('bcd')}{n}" for n in range(count)]
    kind = seed % 4
    if kind == 0:
        findings = found(ACTIVITY, "collective:", f"joint_with: [{joined(draw, ids)}]\ncollective:")
        names = ids
    elif kind == 1:
        findings = found(BRANCH, "submitters: [example-a]", f"submitters: [{joined(draw, ids)}]")
        names = ids
    elif kind == 2:
        names = [f"documents/{name}" for name in ids]
        entry = f"evidence: [{joined(draw, names)}]"
        findings = found(CLAIMS, "evidence: [documents/plan]", entry)
    else:
        names = [f"照片{n}.md" for n in range(count)]
        folder = ACTIVITY.rpartition("/")[0]
        files = {f"{folder}/{name}": f"{name}{seed}\n".encode() for name in names}
        entry = f"photos: [{joined(draw, names)}]\ncollective:"
        findings = found(ACTIVITY, "collective:", entry, files)
    errors = [f for f in findings if f.severity == "error" and f.code != "E007"]
    assert [f.code for f in errors] == ["E001" if kind == 3 else "S003"], findings
    assert f"[{', '.join(names)}]" in str(errors[0].hint)


def test_a_file_with_such_a_mark_in_its_name_is_no_fault() -> None:
    name = "方案、总结.md"
    files = {f"{PLAN.rpartition('/')[0]}/{name}": "方案和总结\n".encode()}
    assert found(PLAN, "files: [plan.md]", f"files: [plan.md, {name}]", files) == []


@pytest.mark.parametrize("seed", tiered(range(80), often=24, fast=10))
def test_full_width_marks_inside_braces_are_named(seed: int) -> None:
    """The first colon and the first comma are named where they stand, and nothing else is."""
    draw = random.Random(seed)
    counts = [("members", 9), ("present", 7), ("leave", 1), ("absent", 1)]
    draw.shuffle(counts)
    colons = [draw.choice(["：", "： ", " ："]) for _ in counts]
    commas = ["，", "， ", ", "]
    text = "attendance: {"
    for number, ((name, count), colon) in enumerate(zip(counts, colons, strict=True)):
        text += f"{name}{colon}{count}" + (draw.choice(commas) if number < 3 else "}")
    findings = found(ACTIVITY, "attendance: {members: 9, present: 8, leave: 1}", text)
    assert {f.code for f in findings} == {"Y001"}
    line = base_files()[ACTIVITY].decode().split("\n").index(
        "attendance: {members: 9, present: 8, leave: 1}"
    ) + 1  # fmt: skip
    for finding in findings:
        assert finding.line == line
        assert text[finding.column - 1] in "：，"
        assert text[finding.column - 1] in str(finding.message)
    assert text.index("：") + 1 in {finding.column for finding in findings}


@pytest.mark.parametrize(
    "text",
    ["a: {'甲：乙': 1}", 'a: {"甲，乙": 1}', "a: {b: 甲：乙，丙}", "a: [甲：乙]", "a: 甲，乙：丙"],
)
def test_quoted_keys_and_values_are_text(text: str) -> None:
    report = Report()
    assert isinstance(parse(text.encode(), report, "x.yml"), Mapping)
    assert report.findings == []


def test_what_was_meant_is_read() -> None:
    report = Report()
    root = parse("a: {b：1，c：d e，f: [g]}".encode(), report, "x.yml")
    assert isinstance(root, Mapping)
    inner = root.entries["a"][1]
    assert isinstance(inner, Mapping)
    assert [*inner.entries] == ["b", "c", "f"]
    said = [node.text for _, node in inner.entries.values() if isinstance(node, Scalar)]
    assert said == ["1", "d e"]


@pytest.mark.parametrize("size", [20_000, 40_000])
def test_a_key_of_commas_takes_no_more_calls_the_longer_it_is(size: int) -> None:
    report = Report()
    with at_most(calls=2_000):
        parse(f"a: {{{'b，' * size}c：1}}".encode(), report, "x.yml")
    assert len(re.findall("Y001", " ".join(f.code for f in report.findings))) == 2
