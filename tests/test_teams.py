"""What supervision teams file: an order that names each consortium once (C020)."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from generator.text.messages import source_words
from tests.tiers import tiered
from tests.years import YEAR, Branch, Data, branches_of, evaluated, judged, rubric, section, year_of

if TYPE_CHECKING:
    from generator.text.findings import Finding

CONSORTIA = ("east", "north", "south", "west")
PATH = f"committee/{YEAR}/supervision/one.yml"
SEEDS = tiered(range(80), often=20, fast=4)


def files_of(order: object, consortia: tuple[str, ...] = CONSORTIA) -> Data:
    """Return the files of a year in which a team files this order."""
    files = year_of(rubric(section("s", judged("c"))), {"a": Branch()})
    files["committee/consortia.yml"] = [{"id": name, "title": f"{name}片"} for name in consortia]
    return files | {PATH: {"order": order}}


def told(findings: list[Finding], code: str = "C020") -> set[tuple[str, str]]:
    """Return severity and pointer of what is said of the order."""
    return {(str(f.severity), f.pointer) for f in findings if f.path == PATH and f.code == code}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_consortium_named_twice_or_left_out_is_told(seed: int) -> None:
    """At the second place, and once for all that are left out; an unknown one stands as S004."""
    draw = Random(seed)
    order = [draw.choice([*CONSORTIA, *CONSORTIA, "gone"]) for _ in range(draw.randint(0, 7))]
    seen: Counter[str] = Counter()
    twice, unknown = set(), set()
    for number, name in enumerate(order):
        seen[name] += 1
        if name not in CONSORTIA:
            unknown.add(("error", f"/order/{number}"))
        elif seen[name] > 1:
            twice.add(("warning", f"/order/{number}"))
    left = [name for name in CONSORTIA if not seen[name]]
    findings = evaluated(files_of(order)).findings
    assert told(findings) == twice | ({("warning", "/order")} if left else set())
    assert told(findings, "S004") == unknown
    words = "".join(
        source_words(f.message) for f in findings if f.code == "C020" and f.pointer == "/order"
    )
    assert [name for name in CONSORTIA if f"（{name}）" in words] == left


@pytest.mark.parametrize("order", ["east", ["east", ["north"]], ["东片"], None, {"east": 1}, [7.5]])
def test_an_order_that_cannot_be_read_leaves_nothing_out(order: object) -> None:
    """It is said once that it cannot be read."""
    findings = evaluated(files_of(order)).findings
    assert not told(findings)
    assert [f.code for f in findings if f.path == PATH and f.severity == "error"]


def test_no_consortia_no_order_is_due() -> None:
    assert not told(evaluated(files_of([], ())).findings)


def test_an_order_moves_no_figure() -> None:
    """Whatever stands in it."""
    orders: list[list[str]] = [[*CONSORTIA], ["west", "west"], []]
    first, *others = (branches_of(files_of(order)) for order in orders)
    assert all(other == first for other in others)
