"""Changes of final results as proposals: what the guard refuses, what impact shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.proposals.guard import guard
from generator.proposals.guard.final import results_of
from generator.results.frozen import frozen_bytes, load_document
from tests.gitrepo import GitRepo
from tests.support import appraise, end_year
from tests.test_corrections import (
    BALLOTS,
    RESULTS,
    RUBRIC,
    YEAR,
    finalize,
    replace,
    sealed_anew,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.verify_support import Json

MEMBER = "example-committee"
ROSTER = "committee/roster.yml"


class Proposed:
    """A repository with a year that was corrected once, and what a second correction writes."""

    def __init__(self, repo: GitRepo) -> None:
        self.repo = repo
        end_year(repo.root)
        (repo.root / ROSTER).write_text(f"members: [{MEMBER}]\n", "utf-8")
        repo.commit("final")
        self.first = finalize(repo)
        replace(repo.root, BALLOTS, "good: 8, fair: 2", "good: 7, fair: 3")
        repo.commit("mended")
        self.main = finalize(repo, "--correct", "计票有误")
        self.base = repo.git("rev-parse", "HEAD")
        repo.git("checkout", "--quiet", "-b", "again")
        replace(repo.root, BALLOTS, "points: 4,", "points: 3,")
        repo.commit("mended again")
        self.second = finalize(repo, "--correct", "书面述职补评")
        self.head = repo.git("rev-parse", "HEAD")
        repo.git("checkout", "--quiet", "main")

    def told(self, head: str, author: str = MEMBER) -> list[str]:
        """Return what the guard says of final results in a change."""
        found = guard(self.repo.root, "main", head, author).findings
        return [f"{f.severity} {f.message}" for f in found if (f.code, f.path) == ("G003", RESULTS)]

    def replaced(self, data: bytes | None, **files: bytes | None) -> str:
        """Return a commit in which other results stand, or none."""
        return self.repo.change({RESULTS: data, **files})


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Proposed:
    return Proposed(GitRepo(tmp_path_factory.mktemp("proposed")))


REMOVED = f"error {YEAR} 年已定稿，results.json 不能删去"
UNNAMED = f"error {YEAR} 年的定稿结果被换掉，而没有写明更正的是主线上的那一份"
DROPPED = f"error {YEAR} 年以前的更正被改动或去掉了"


def test_a_correction_of_mains_results_is_told_and_allowed(proposed: Proposed) -> None:
    assert proposed.told(proposed.head) == [f"warning {YEAR} 年的定稿结果被更正，第 2 次"]
    assert guard(proposed.repo.root, "main", proposed.head, MEMBER).errors == 0


def test_removing_final_results_is_refused(proposed: Proposed) -> None:
    for author in (MEMBER, "stranger"):
        assert proposed.told(proposed.replaced(None), author) == [REMOVED]
    both = proposed.replaced(None, **{RUBRIC: None})
    assert proposed.told(both) == [REMOVED]
    link = proposed.repo.graft(RESULTS, "120000", proposed.repo.blob(b"elsewhere"))
    assert proposed.told(link) == [UNNAMED]
    renamed = proposed.replaced(None, **{f"committee/{YEAR}/old.json": proposed.main})
    assert proposed.told(renamed) == [REMOVED]


def test_other_files_of_the_change_hide_no_removal(proposed: Proposed) -> None:
    assert REMOVED in proposed.told(proposed.replaced(None, **{BALLOTS: b"branches: {}\n"}))


def test_the_first_correction_is_allowed_as_the_next_ones_are(proposed: Proposed) -> None:
    repo = proposed.repo
    base = repo.change({RESULTS: proposed.first})
    head = repo.change({RESULTS: proposed.main}, start=base)
    found = [f for f in guard(repo.root, base, head, MEMBER).findings if f.path == RESULTS]
    assert [(f.code, f.severity) for f in found] == [("G003", "warning")]


@pytest.mark.parametrize(
    ("path", "year"),
    [
        ("committee/2024/results.json", "2024"),
        ("committee/2024/rubric.yml", ""),
        ("committee/2024/appraisal.yml", ""),
        ("committee/2024/results.json/x", ""),
        ("committee/20245/results.json", ""),
        ("committee/results.json", ""),
        ("branches/2024/results.json", ""),
    ],
)
def test_final_results_are_one_file_of_a_year(path: str, year: str) -> None:
    assert results_of(path) == year


def test_deleting_and_finalizing_anew_is_refused(proposed: Proposed) -> None:
    repo = proposed.repo
    repo.git("checkout", "--quiet", "-B", "anew", "main")
    for path in (RESULTS, RUBRIC):
        (repo.root / path).unlink()
    replace(repo.root, BALLOTS, "points: 4,", "points: 1,")
    repo.commit("deleted")
    finalize(repo)
    head = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "main")
    assert proposed.told(head) == [UNNAMED]
    done = appraise("guard", "main", head, "--author", MEMBER, root=repo.root)
    assert done.exit_code == 1
    assert "--correct" in done.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.pop("corrections"), UNNAMED),
        (lambda d: d["corrections"].pop(), UNNAMED),
        (lambda d: d["corrections"][-1].update(digest="sha256:" + "0" * 64), UNNAMED),
        (lambda d: d["corrections"].reverse(), UNNAMED),
        (lambda d: d["corrections"].pop(0), DROPPED),
        (lambda d: d["corrections"][0].update(reason="另一个理由"), DROPPED),
        (lambda d: d.update(corrections={}), UNNAMED),
        (lambda d: d.update(corrections=[1]), UNNAMED),
        (lambda d: d.update(schema="x"), UNNAMED),
    ],
)
def test_results_that_do_not_name_mains_are_refused(
    change: Callable[[Json], object], words: str, proposed: Proposed
) -> None:
    document = load_document(proposed.second)
    change(document)
    head = proposed.replaced(frozen_bytes(sealed_anew(document)))
    assert proposed.told(head) == [words]


def test_what_is_no_results_file_is_refused(proposed: Proposed) -> None:
    for data in (b"", b"{}", b"\xff", b"[]", proposed.first, b"[" * 100_000):
        assert proposed.told(proposed.replaced(data)) == [UNNAMED], data[:20]


def test_a_stranger_may_not_correct(proposed: Proposed) -> None:
    assert proposed.told(proposed.head, "stranger") == [UNNAMED]
    assert guard(proposed.repo.root, "main", proposed.head, "stranger").errors > 1


def test_a_change_begun_before_the_end_removes_nothing(proposed: Proposed) -> None:
    """Its tree lacks the results; merging it does not take them away."""
    old = proposed.repo.git("rev-list", "--max-parents=0", "main")
    head = proposed.repo.change({"docs/x.md": "x\n"}, start=old)
    assert proposed.told(head) == []


def test_the_first_results_of_a_year_are_no_correction(proposed: Proposed) -> None:
    head = proposed.repo.change({"committee/2026/results.json": proposed.first})
    found = guard(proposed.repo.root, "main", head, MEMBER).findings
    assert [f for f in found if f.code == "G003" and f.severity == "error"] == []


def impact_of(proposed: Proposed, head: str, *options: str) -> Any:
    done = appraise("impact", "main", head, *options, root=proposed.repo.root)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_impact_shows_a_correction_before_and_after(proposed: Proposed) -> None:
    document = json.loads(impact_of(proposed, proposed.head, "--format", "json"))
    (year,) = document["years"]
    assert (year["year"], year["ranked"]) == (YEAR, True)
    (told,) = year["corrections"]
    assert told["reason"] == "书面述职补评"
    assert told == json.loads(proposed.second)["corrections"][-1]
    (branch,) = year["branches"]
    old, new = (
        next(b for b in json.loads(data)["branches"] if b["id"] == "demo-b")
        for data in (proposed.main, proposed.second)
    )
    assert branch["id"] == "demo-b"
    for side, result in (("before", old), ("after", new)):
        for key in ("total", "rank", "grade", "rank_range"):
            assert branch[side][key] == result[key], (side, key)
    assert old["total"] - new["total"] == pytest.approx(1)
    assert [f["code"] for f in year["findings"]["new"]] == ["C014"]
    table = impact_of(proposed, proposed.head)
    marked = impact_of(proposed, proposed.head, "--format", "markdown")
    for text in (table, marked):
        assert "更正：书面述职补评" in text
        assert "述职" in text
        assert "→" in text


def test_impact_says_when_files_of_a_final_year_change_without_a_correction(
    proposed: Proposed,
) -> None:
    head = proposed.repo.change({BALLOTS: "branches: {}\n"})
    document = json.loads(impact_of(proposed, head, "--format", "json"))
    assert document["years"] == []
    assert document["frozen"] == [YEAR]
