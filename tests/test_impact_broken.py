"""A record that a change breaks is named, with the criteria that count records of its kind."""

from __future__ import annotations

import functools
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.files.tree import WorkingTree
from generator.loading.committee import load_rubric
from generator.loading.reader import Reader
from generator.proposals.difference.broken import counting
from generator.proposals.impact import assess
from generator.reports.impact.comment import as_markdown
from generator.reports.impact.document import as_json
from generator.reports.impact.table import as_table
from generator.text.findings import Report
from tests.gitrepo import GitRepo
from tests.sites import PROGRAM
from tests.support import appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

OWN = "branches/demo-a/2025"
ACTIVITY = f"{OWN}/activities/2025-03-12-theme-day"
PLAN = f"{OWN}/documents/plan"
SOUND = {
    ACTIVITY: "title: 主题党日\ntype: theme-day\ndate: 2025-03-12\nplace: 会议室\n",
    PLAN: "kind: plan\ntitle: 年度计划\ndate: 2025-01-15\nfiles: [plan.md]\n",
}
FILES = {ACTIVITY: "activity.yml", PLAN: "document.yml"}
KINDS = {ACTIVITY: "activity", PLAN: "plan"}


def broken(rng: random.Random, text: str) -> str:
    """Return a record's text with one fault that costs it its count."""
    lines = text.splitlines()
    at = rng.randrange(len(lines))
    name = lines[at].partition(":")[0]
    fault = rng.choice(["open", "twice", "unknown", "date", "nothing", "noise"])
    if fault == "open":
        lines[at] = f"{name}: [{rng.randrange(99)}"
    elif fault == "twice":
        lines.insert(at, lines[at])
    elif fault == "unknown":
        lines.insert(at, f"示例键{rng.randrange(99)}: 1")
    elif fault == "date":
        lines = [f"date: 2025-{rng.randrange(13, 99)}-01" if "date" in x else x for x in lines]
    elif fault == "nothing":
        lines = [x for x in lines if not x.startswith(("date", "title"))]
    else:
        lines[at] += "\x07"
    return "\n".join(lines) + "\n"


@functools.cache
def plainly_read(path: Path) -> Any:
    """Return what a rubric holds; nobody changes it."""
    return yaml.safe_load(path.read_text("utf-8"))


def counting_by_hand(root: Path, kind: str) -> list[str]:
    """Return the criteria of rubric.yml that count a kind, read without the program."""

    def counts(method: dict[str, Any]) -> bool:
        kinds = {method.get("of"), (method.get("measure") or {}).get("count")}
        return kind in kinds or any(map(counts, method.get("parts", ())))

    rubric = plainly_read(root / "rubric.yml")
    every = [criterion for section in rubric["sections"] for criterion in section["criteria"]]
    return [criterion["id"] for criterion in every if counts(criterion)]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    return GitRepo(tmp_path_factory.mktemp("broken") / "root")


@pytest.mark.parametrize("seed", tiered(range(60), often=8, fast=2))
def test_it_is_named_with_the_criteria_that_would_count_it(seed: int, repo: GitRepo) -> None:
    rng = random.Random(seed)
    record = rng.choice([ACTIVITY, PLAN])
    head = repo.change({f"{record}/{FILES[record]}": broken(rng, SOUND[record])})
    found = assess(repo.root, "main", head)
    (branch,) = json.loads(as_json(found))["years"][0]["branches"]
    wanted = counting_by_hand(repo.root, KINDS[record])
    assert branch["broken_records"] == [{"path": record, "criteria": wanted}]
    assert record not in branch["evidence_without_effect"]
    for words in (as_table(found), as_markdown(found)):
        assert "记录有误，没有计入：" in words
        assert ("改好后可计入：" in words) == bool(wanted)


def test_criteria_of_every_kind_are_found() -> None:
    """In the project's own rubric: by share, list, measure, tiers and in parts."""
    report = Report()
    rubric = load_rubric(Reader(WorkingTree(PROGRAM), report))
    assert rubric is not None
    kinds = ["activity", *rubric.document_kinds]
    found = {kind: [one.id for one in counting(rubric, kind)] for kind in kinds}
    assert found == {kind: counting_by_hand(PROGRAM, kind) for kind in kinds}
    assert sum(map(bool, found.values())) > 3
    assert counting(None, "activity") == ()


def test_a_sound_record_and_one_that_is_gone_are_not_named(repo: GitRepo) -> None:
    for text in (SOUND[PLAN].replace("年度计划", "另一份"), None):
        head = repo.change({f"{PLAN}/document.yml": text, f"{PLAN}/plan.md": text})
        told = appraise("impact", "main", head, "--format", "json", root=repo.root).stdout
        (branch,) = json.loads(told)["years"][0]["branches"]
        assert branch["broken_records"] == []


def test_of_a_new_record_that_cannot_be_read_no_kind_is_guessed(repo: GitRepo) -> None:
    head = repo.change({f"{OWN}/documents/new/document.yml": "kind: [plan\n"})
    told = appraise("impact", "main", head, "--format", "json", root=repo.root).stdout
    (branch,) = json.loads(told)["years"][0]["branches"]
    assert branch["broken_records"] == [{"path": f"{OWN}/documents/new", "criteria": []}]
