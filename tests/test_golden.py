"""The number of the rules is raised with every change that gives other figures."""

from __future__ import annotations

import copy
import json
import random
from functools import cache
from typing import Any

import pytest

from generator import RULES
from generator.engine.evaluate import evaluate
from generator.results.document import to_json
from tests.golden import FILE, INPUTS, RAISE, RENEW, complaint, computed, digest, figures
from tests.memory import MemoryTree, base_files

TOLD = json.loads(FILE.read_text("utf-8"))


def test_the_same_rules_give_the_same_figures() -> None:
    assert complaint(TOLD, computed()) == ""


@pytest.mark.parametrize("seed", range(50))
def test_other_figures_ask_for_another_number(seed: int) -> None:
    """Whatever moves; a number that was raised asks for the file, new files for themselves."""
    draw = random.Random(seed)
    found = copy.deepcopy(TOLD)
    moved = draw.sample(sorted(found["figures"]), draw.randrange(1, 4))
    for name in moved:
        found["figures"][name] = f"{draw.random()}"
    assert complaint(TOLD, found) == RAISE.format(names=", ".join(sorted(moved)))
    found["rules"] += draw.randrange(1, 5)
    assert complaint(TOLD, found) == RENEW
    found["rules"] = TOLD["rules"]
    for name in moved:
        found["inputs"][name] = f"{draw.random()}"
    assert complaint(TOLD, found) == INPUTS.format(names=", ".join(sorted(moved)))
    assert complaint(found, found) == ""


@cache
def base_document() -> dict[str, Any]:
    """Return the results of the small repository as JSON."""
    results = evaluate(MemoryTree(base_files())).results
    assert results is not None
    return to_json(results)


@pytest.mark.parametrize("seed", range(50))
def test_every_figure_is_in_the_digest(seed: int) -> None:
    """A changed figure of any branch, line or bonus claim is another digest; a word is none."""
    draw = random.Random(seed)
    document = copy.deepcopy(base_document())
    before = digest(figures(document))
    branch = draw.choice([b for b in document["branches"] if b["lines"]])
    line = draw.choice(branch["lines"])
    branch["name"] = line["reason"] = line["title"] = f"{seed}"
    assert digest(figures(document)) == before
    entry, key = draw.choice(
        [(branch, "total"), (branch, "rank"), (branch, "grade"), (line, "points"), (line, "basis"),
         (line, "computed"), (line, "evidence"), (branch, "low"), (branch, "status")]
    )  # fmt: skip
    entry[key] = f"other {seed}"
    assert digest(figures(document)) != before


def test_the_file_is_of_the_present_rules() -> None:
    assert TOLD["rules"] == RULES
