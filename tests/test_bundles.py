"""A branch judged by its bundles is judged as by its files, in all that the bundles hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.files.tree import WorkingTree
from tests.bundling import Bundles
from tests.naive.repositories import make_repository
from tests.support import cases
from tests.tiers import tiered

if TYPE_CHECKING:
    from tests.support import Case

ROOT = Path(__file__).resolve().parent.parent
YEAR = 2025


@pytest.fixture(scope="module")
def sample() -> Bundles:
    """The bundles of the sample."""
    return Bundles.of(WorkingTree(ROOT), YEAR)


def test_every_branch_of_the_sample_is_judged_alike(sample: Bundles) -> None:
    assert [line for name in sample.views for line in sample.differences(name)] == []


@pytest.mark.parametrize("flawed", [False, True], ids=["plain", "flawed"])
@pytest.mark.parametrize("seed", tiered(range(20), often=3, fast=1))
def test_random_repositories_are_judged_alike(seed: int, flawed: bool, tmp_path: Path) -> None:
    year = make_repository(tmp_path, seed, flawed=flawed, accepts=seed % 3 == 1)
    made = Bundles.of(WorkingTree(tmp_path), year)
    for name in made.views:
        assert made.differences(name) == [], f"seed {seed}"


@pytest.mark.parametrize("case", tiered(cases(), often=20, fast=2), ids=lambda case: case.path.stem)
def test_cases_are_judged_alike(case: Case, tmp_path: Path) -> None:
    case.build(tmp_path)
    made = Bundles.of(WorkingTree(tmp_path), YEAR)
    for name in made.views:
        assert made.differences(name) == []
