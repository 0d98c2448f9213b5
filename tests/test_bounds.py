"""Nothing grows faster than the input: findings of a file and code are bounded, work is linear."""

from __future__ import annotations

import shutil
from collections import Counter
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.files.tree import WorkingTree
from generator.text.findings import MORE, MOST, Finding, Place, Report, bounded
from generator.text.messages import Message
from generator.text.unknown import FEW, FIRST, report_unknown
from tests.crowds import CROWDS, MEETING, NAMINGS
from tests.effort import steps_of
from tests.support import BASE, write
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

    from generator.engine.evaluate import Evaluation
    from tests.crowds import Files

#: Things in a crowd; more than are listed.
COUNT = 150
#: Work at twice the input, of the work at once; what is squared would be 4.
GROWTH = 2.6


def repository(root: Path, files: Files) -> Path:
    """Write the base with these files."""
    shutil.copytree(BASE, root)
    for path, data in files.items():
        write(root / path, data.encode())
    return root


def evaluated(root: Path) -> Evaluation:
    """Evaluate a folder."""
    return evaluate(WorkingTree(root), 2025)


def several(finding: Finding) -> int:
    """Return how many findings one stands for."""
    message = finding.message
    number = message.value("n") if isinstance(message, Message) and message.id == MORE else 1
    assert isinstance(number, int)
    return number


@pytest.mark.parametrize("kind", tiered(product(CROWDS, NAMINGS), often=len(CROWDS), fast=6))
def test_work_grows_with_the_input_and_no_faster(tmp_path: Path, kind: tuple[str, str]) -> None:
    name, naming = kind
    steps = []
    evaluated(BASE)  # what is kept for all evaluations is made
    for count in (0, COUNT, 2 * COUNT):
        root = repository(tmp_path / str(count), CROWDS[name](count, NAMINGS[naming]))
        steps.append(steps_of(partial(evaluated, root)))
    none, once, twice = steps
    assert once > none
    assert twice - none < GROWTH * (once - none), steps


@pytest.mark.parametrize("name", CROWDS)
def test_findings_of_a_file_and_code_are_bounded(tmp_path: Path, name: str) -> None:
    files = CROWDS[name](3 * COUNT, NAMINGS["alike"])
    found = evaluated(repository(tmp_path / "root", files)).findings
    met = Counter((f.path, f.code, f.severity) for f in found)
    assert max(met.values()) <= MOST + 1
    size = sum(len(f"{f.path}{f.message}{f.hint}") for f in found)
    given = sum(
        len(path) + len(data) for path, data in CROWDS[name](3 * COUNT, NAMINGS["alike"]).items()
    )
    assert size < 20 * given


def test_a_roll_of_half_a_megabyte_gives_a_hundred_findings_and_says_how_many_more(
    tmp_path: Path,
) -> None:
    files = CROWDS["rolls_at_fault"](100_000, lambda _: "x")
    found = evaluated(repository(tmp_path / "root", files)).findings
    roll = [f for f in found if f.path == f"{MEETING}/attendance.csv"]
    assert len(roll) == MOST + 1
    assert sum(map(several, roll)) == 100_000
    assert str(roll[-1].message) == "还有 99900 处同样的问题，改好上面列出的以后再看"
    assert roll[-1].line == MOST + 2


@pytest.mark.parametrize("count", [*range(0, 2 * MOST + 60, 13), MOST - 1, MOST, MOST + 1])
def test_what_is_bounded_twice_counts_the_same(count: int) -> None:
    report, whole = Report(), Report()
    for number in range(count):
        report.add("E006", Place("a.csv", number + 1), "第一行应为 member,status")
        report.add("E006", Place("b.csv", number + 1), "第一行应为 member,status")
    once = report.sorted()
    assert len(once) == 2 * min(count, MOST + 1)
    assert sum(map(several, once)) == 2 * count
    assert bounded(once) == once
    whole.extend(once)
    for number in range(count):
        whole.add("E006", Place("b.csv", count + number + 1), "第一行应为 member,status")
    assert sum(map(several, whole.sorted())) == 3 * count
    assert len(whole.sorted()) == min(count, MOST + 1) + min(2 * count, MOST + 1)


def test_severities_and_codes_are_bounded_apart() -> None:
    report = Report()
    for number in range(MOST + 5):
        for code in ("E006", "E009"):
            report.add(code, Place("a.csv", number + 1), "第一行应为 member,status")
        report.add("E006", Place("a.csv", number + 1), "x{n}", severity=None, n=number)
    assert Counter(f.code for f in report.sorted()) == {"E006": MOST + 1, "E009": MOST + 1}


def test_the_first_unknown_names_get_proposals_and_all_that_is_known() -> None:
    report, known = Report(), [f"plan-{number}" for number in range(30)]
    for number in range(FIRST + 5):
        report_unknown(report, "S004", Place("x.yml", number + 1), "plan-x", known)
    texts = [str(f.message) for f in report.findings]
    assert [("您是否要写" in text, text.count("plan-") > 20) for text in texts] == (
        [(True, True)] * FIRST + [(False, False)] * 5
    )
    assert texts[-1] == "没有“plan-x”；可用：" + "、".join(known[:FEW]) + "…"
    report_unknown(report, "S005", Place("x.yml"), "plan-x", known)
    assert "您是否要写" in str(report.findings[-1].message)


def test_a_long_word_gets_no_proposal() -> None:
    report = Report()
    report_unknown(report, "S004", Place("x.yml"), "a" * 5_000, ["a" * 5_000, "b"])
    assert "您是否要写" not in str(report.findings[0].message)
