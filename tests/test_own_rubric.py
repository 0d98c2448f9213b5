"""A year that has its own rubric.yml uses it in every stage: next year's move no point."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from generator.proposals.guard import guard
from generator.proposals.impact import assess
from tests.gitrepo import GitRepo
from tests.support import appraise

if TYPE_CHECKING:
    from pathlib import Path

OWN, ROOT = "committee/2025/rubric.yml", "rubric.yml"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """The base, whose year keeps the rules of its first day while those for later years move on."""
    repo = GitRepo(tmp_path)
    write(repo, OWN, text(repo))
    write(repo, ROOT, halved(text(repo)))
    repo.commit("rules")
    return repo


def text(repo: GitRepo, path: str = ROOT) -> str:
    return (repo.root / path).read_text("utf-8")


def write(repo: GitRepo, path: str, words: str) -> None:
    (repo.root / path).parent.mkdir(parents=True, exist_ok=True)
    (repo.root / path).write_text(words, "utf-8")


def halved(words: str) -> str:
    """Return rules by which every ballot counts half."""
    changed = re.sub(
        r"ballot: \{.*\}", "ballot: {excellent: 0.5, good: 0.4, fair: 0.3, poor: 0}", words
    )
    assert changed != words
    return changed


def scored(repo: GitRepo, *options: str) -> Any:
    return json.loads(appraise("score", "--format", "json", *options, root=repo.root).stdout)


def points(document: Any) -> list[Any]:
    return [[line["points"] for line in branch["lines"]] for branch in document["branches"]]


@pytest.mark.parametrize("stage", ["open", "review", "publicity"])
def test_a_year_counts_by_its_own_rubric(repo: GitRepo, stage: str) -> None:
    path = "committee/2025/appraisal.yml"
    write(repo, path, re.sub(r"(?m)^stage: .*$", f"stage: {stage}", text(repo, path)))
    own = scored(repo)
    write(repo, ROOT, text(repo, OWN))
    assert scored(repo)["branches"] == own["branches"]
    (repo.root / OWN).unlink()
    assert points(scored(repo)) == points(own)
    write(repo, ROOT, halved(text(repo)))
    assert points(scored(repo)) != points(own)


def test_faults_stand_in_the_file_that_has_them(repo: GitRepo) -> None:
    """Those of the common rubric are told all the same: it is somebody's next year."""
    faulty = text(repo, OWN).replace("total: 30", "total: 7")
    write(repo, OWN, faulty)
    told = appraise("check", root=repo.root).stdout
    assert f"{OWN}:" in told
    assert f"\n{ROOT}:" not in f"\n{told}"
    write(repo, ROOT, faulty)
    told = appraise("check", root=repo.root).stdout
    assert [f"\n{path}:" in f"\n{told}" for path in (OWN, ROOT)] == [True, True]


def test_narrow_and_full_agree_on_an_edit_of_either(repo: GitRepo) -> None:
    for path in (OWN, ROOT):
        base = repo.commit(f"before {path}")
        write(repo, path, text(repo, path).replace("title: ", "title: 新", 1))
        repo.commit(f"edit {path}")
        narrow, full = (
            appraise("check", "--format", "json", *options, root=repo.root).stdout
            for options in (("--since", base), ())
        )
        assert json.loads(narrow)["findings"] == json.loads(full)["findings"]
        assert scored(repo) == scored(repo, "--no-cache")


def test_impact_shows_what_a_change_of_the_own_rubric_moves(repo: GitRepo) -> None:
    before = repo.commit("before")
    write(repo, OWN, text(repo))
    changed = repo.commit("the same rules")
    found = assess(repo.root, before, changed)
    moved = [branch for year in found.years for branch in year.branches]
    assert {branch.id for branch in moved} == {"demo-a", "demo-b"}
    write(repo, ROOT, text(repo).replace("title: ", "title: 新", 1))
    other = repo.commit("next year's rules")
    found = assess(repo.root, changed, other)
    assert [branch for year in (*found.years, *found.rubric) for branch in year.branches] == []


@pytest.mark.parametrize("path", [OWN, ROOT])
def test_rules_that_a_verified_year_uses_do_not_change(repo: GitRepo, path: str) -> None:
    """G010 looks at the file that the year uses."""
    write(repo, "committee/roster.yml", "members: [example-committee]\n")
    write(repo, "committee/2025/reviews/demo-a.yml", "criteria: {}\n")
    base = repo.commit("verified")
    changed = repo.change({path: text(repo, path).replace("min: 20", "min: 21")}, start=base)
    gone = repo.change({OWN: None}, start=base)
    same = repo.change({OWN: text(repo, OWN) + "# 说明\n"}, start=base)

    def told(head: str) -> list[str]:
        judged = guard(repo.root, base, head, "example-committee")
        return [f.path for f in judged.findings if f.code == "G010"]

    assert told(changed) == ([OWN] if path == OWN else [])
    assert told(gone) == [OWN]
    assert told(same) == []
