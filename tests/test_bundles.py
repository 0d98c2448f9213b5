"""A branch judged by its bundles is judged as by its files, in all that the bundles hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.files.tree import MemoryTree, WorkingTree
from tests.bundling import Bundles, finding_key, is_own
from tests.memory import files_below
from tests.naive.repositories import make_repository
from tests.support import BASE, cases
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
@pytest.mark.parametrize("seed", tiered(range(20), often=2))
def test_random_repositories_are_judged_alike(seed: int, flawed: bool, tmp_path: Path) -> None:
    year = make_repository(tmp_path, seed, flawed=flawed, accepts=seed % 3 == 1)
    made = Bundles.of(WorkingTree(tmp_path), year)
    for name in made.views:
        assert made.differences(name) == [], f"seed {seed}"


@pytest.mark.parametrize("case", tiered(cases(), often=8, fast=1), ids=lambda case: case.path.stem)
def test_cases_are_judged_alike(case: Case, tmp_path: Path) -> None:
    case.build(tmp_path)
    made = Bundles.of(WorkingTree(tmp_path), YEAR)
    for name in made.views:
        assert made.differences(name) == []


def shared_photo(where: str, size: int) -> dict[str, bytes]:
    """Return a repository in which a new file of demo-a is one that is there already."""
    data = b"# " + "很长的记录 ".encode() * (size // 16)
    files = files_below(BASE)
    return files | {where: data, NEW_FILE: data, NEW_RECORD: RECORD}


NEW = f"branches/demo-a/{YEAR}/documents/report"
NEW_FILE, NEW_RECORD = f"{NEW}/report.md", f"{NEW}/document.yml"
RECORD = "kind: plan\ntitle: 报告\ndate: 2025-06-01\nfiles: [report.md]\n".encode()
PLAN = "documents/plan/plan.md"


@pytest.mark.parametrize(
    "where",
    [
        f"branches/demo-b/{YEAR}/{PLAN}",
        f"branches/demo-a/{YEAR}/{PLAN}",
        f"branches/demo-a/{YEAR - 1}/documents/old/plan.md",
        f"branches/demo-b/{YEAR - 1}/documents/old/plan.md",
    ],
)
@pytest.mark.parametrize("drafted", [False, True], ids=["filed", "drafted"])
def test_a_file_that_is_there_already_is_found_by_its_key(where: str, drafted: bool) -> None:
    files = shared_photo(where, 6000)
    drafts = {path: files.pop(path) for path in (NEW_FILE, NEW_RECORD) if drafted}
    made = Bundles.of(MemoryTree(files), YEAR)
    whole = evaluate(MemoryTree(files | drafts), YEAR).findings
    due = {
        finding_key(f) for f in whole if f.code == "E005" and f.path.startswith("branches/demo-a")
    }
    assert due
    told = made.trial("demo-a").evaluate(drafts).findings
    assert {finding_key(f) for f in told if f.code == "E005" and is_own(f, "demo-a")} == due


def test_small_files_are_not_compared_and_that_is_told() -> None:
    files = shared_photo(f"branches/demo-b/{YEAR}/{PLAN}", 3000)
    made = Bundles.of(MemoryTree(files), YEAR)
    trial = made.trial("demo-a")
    assert [f for f in trial.before.findings if f.code == "E005"] == []
    assert "4 KB" in f"{made.bundled('demo-a').pending[0]}"


def test_a_joint_activity_of_one_side_is_found(sample: Bundles) -> None:
    files = files_below(BASE)
    path = f"branches/demo-a/{YEAR}/activities/2025-03-12-theme-day/activity.yml"
    joined = files[path] + b"joint_with: [demo-b]\n"
    made = Bundles.of(MemoryTree(files), YEAR)
    told = made.trial("demo-a").brought({path: joined}).new
    assert [(f.code, f.path) for f in told if f.code == "E008"] == [("E008", path)]
    both = sample.shared
    assert '"joint":[[' in both


@pytest.mark.parametrize("seed", tiered(range(6), often=1))
def test_ranks_of_a_draft_are_those_of_the_whole(seed: int, tmp_path: Path) -> None:
    """A branch that loses its self-assessment falls, by the bundles as by all files."""
    year = make_repository(tmp_path, seed)
    files = {
        path: data
        for path, data in files_below(tmp_path).items()
        if path.startswith(("branches/", "committee/", "rubric"))
    }
    made = Bundles.of(MemoryTree(files), year)
    for name in sorted(made.views)[:3]:
        path = f"branches/{name}/{year}/self-assessment.yml"
        drafts = {path: b"submitted: 2025-12-31\nclaims: {}\n"}
        whole = evaluate(MemoryTree(files | drafts), year).results
        mine = made.trial(name).evaluate(drafts).results
        assert whole is not None
        assert mine is not None
        one, two = mine.branch(name), whole.branch(name)
        assert (one.total, one.rank, one.rank_range, one.grade) == (
            two.total, two.rank, two.rank_range, two.grade,
        )  # fmt: skip
