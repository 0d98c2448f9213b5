"""The program and a second, naive reading of docs/format.md §5 agree on random repositories."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from tests.naive.reading import read
from tests.naive.repositories import make_repository
from tests.support import appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

SEEDS, OFTEN, FAST = 60, 15, 4
LINE = ("section", "criterion", "part", "basis")
FIGURES = ("points", "max", "claimed", "computed", "verified")
WHOLE = ("fixed", "bonus", "total", "low", "high")


def exact(value: object) -> Fraction | None:
    """Return a figure of the JSON as the fraction that its decimal form names."""
    return None if value is None else Fraction(Decimal(str(value)))


def shown(branch: dict[str, Any]) -> dict[str, Any]:
    """Return a branch of the JSON in the form of the naive reading."""
    result = {
        key: branch[key] for key in ("id", "status", "rank", "rank_range", "grade", "assessed")
    }
    result |= {key: exact(branch[key]) for key in WHOLE}
    result["lines"] = [
        {key: line[key] for key in LINE}
        | {key: exact(line[key]) for key in FIGURES}
        | {"evidence": set(line["evidence"]), "taken": line.get("accepted_as_claimed", False)}
        for line in branch["lines"]
    ]
    keys = ("claim", "rule", "level", "status")
    result["bonus_lines"] = [
        {key: line[key] for key in keys} | {"points": exact(line["points"])}
        for line in branch["bonus_lines"]
    ]
    return result


def naive(branch: dict[str, Any]) -> dict[str, Any]:
    """Return a branch of the naive reading with the keys that are compared."""
    keys = ("id", "status", "rank", "rank_range", "grade", "assessed", *WHOLE, "bonus_lines")
    result = {key: branch[key] for key in keys}
    result["lines"] = [{k: v for k, v in line.items() if k != "out"} for line in branch["lines"]]
    return result


@pytest.mark.parametrize("flawed", [False, True], ids=["plain", "flawed"])
@pytest.mark.parametrize("seed", tiered(range(SEEDS), often=OFTEN, fast=FAST))
def test_both_readings_agree(seed: int, flawed: bool, tmp_path: Path) -> None:
    year = make_repository(tmp_path, seed, flawed=flawed, accepts=seed % 3 == 1)
    result = appraise("score", "--year", str(year), "--format", "json", root=tmp_path)
    ours = [shown(branch) for branch in json.loads(result.stdout)["branches"]]
    theirs = [naive(branch) for branch in read(tmp_path, year)]
    assert [b["id"] for b in ours] == [b["id"] for b in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        for key in other:
            assert mine[key] == other[key], f"seed {seed}, {mine['id']}, {key}"


@pytest.mark.parametrize("seed", tiered(range(0, SEEDS, 4), often=8, fast=2))
def test_check_finds_no_error_in_a_valid_repository(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed)
    result = appraise("check", "--format", "json", root=tmp_path)
    errors = [f for f in json.loads(result.stdout)["findings"] if f["severity"] == "error"]
    needless = [f for f in errors if f["code"] != "E007"]
    assert needless == []


def test_flaws_are_really_there(tmp_path: Path) -> None:
    codes = set()
    for seed in range(8):
        root = tmp_path / str(seed)
        make_repository(root, seed, flawed=True)
        document = json.loads(appraise("check", "--format", "json", root=root).stdout)
        codes |= {finding["code"] for finding in document["findings"]}
    assert {"E001", "E004", "E006", "E007", "E009", "S004", "S007", "Y001"} <= codes
