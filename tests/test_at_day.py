"""``--at`` reads files as they were: at a revision, or at the end of a day in Chongqing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.snapshot import snapshot_of
from generator.files.git import UnknownRevisionError, resolve_commit
from generator.site.data.years import frozen_files
from tests.gitrepo import GitRepo
from tests.sites import files_of
from tests.support import appraise

if TYPE_CHECKING:
    from pathlib import Path

#: What stands around the words that a site of earlier files has on every page.
BANNER = re.compile(r'(?<=="announce">)\s*(?:<aside class="md-banner".*?</aside>)?\s*', re.DOTALL)
PLAN = "branches/demo-a/2025/documents/plan"


def scored(repo: GitRepo, *options: str) -> Any:
    return json.loads(appraise("score", "--format", "json", *options, root=repo.root).stdout)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """The base on one day; on the evening and the night of another, two edits."""
    repo = GitRepo(tmp_path)
    for when, words in (
        ("2025-06-30T23:59:59+08:00", "一"),
        ("2025-07-01T00:00:00+08:00", "二"),
        ("2025-06-30T20:00:00Z", "三"),  # 1 July in Chongqing
    ):
        (repo.root / PLAN / "plan.md").write_text(words * 300, "utf-8")
        repo.commit(words, when=when)
    return repo


@pytest.mark.parametrize(
    ("day", "subject"), [("2025-06-30", "一"), ("2025-07-01", "三"), ("2026-01-01", "三")]
)
def test_a_day_is_its_last_commit(repo: GitRepo, day: str, subject: str) -> None:
    commit = resolve_commit(repo.root, day)
    assert repo.git("log", "-1", "--format=%s", commit) == subject
    assert scored(repo, "--at", day)["source"]["commit"] == commit


def test_only_the_first_parents_of_merges_are_days(repo: GitRepo) -> None:
    """What was written on a branch of git counts from its merge."""
    side = repo.change({f"{PLAN}/plan.md": "四" * 300}, when="2025-07-02T09:00:00+08:00")
    repo.merge(side, when="2025-07-05T09:00:00+08:00")
    assert resolve_commit(repo.root, "2025-07-03") == repo.git("rev-parse", "main~1")
    assert resolve_commit(repo.root, "2025-07-05") == repo.git("rev-parse", "main")


def test_a_day_before_all_history_is_unknown(repo: GitRepo) -> None:
    for day in ("2000-01-01", "2025-02-30"):
        with pytest.raises(UnknownRevisionError):
            resolve_commit(repo.root, day)
    done = appraise("score", "--at", "2000-01-01", root=repo.root)
    assert (done.exit_code, "2000-01-01" in done.stderr) == (2, True)


def test_what_is_named_like_a_day_goes_first(repo: GitRepo) -> None:
    repo.git("tag", "2026-01-01", "main~2")
    assert resolve_commit(repo.root, "2026-01-01") == repo.git("rev-parse", "main~2")


def test_a_site_is_built_of_a_day(repo: GitRepo, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever lies in the working tree; the same as one built where that commit is checked out.

    Only that every page says until when it goes.
    """
    folder = tmp_path_factory.mktemp("sites")
    commit = resolve_commit(repo.root, "2025-06-30")
    (repo.root / "branches/demo-b/2025/self-assessment.yml").write_text("claims: [\n", "utf-8")
    done = appraise(
        "build", "--at", "2025-06-30", "--site-dir", str(folder / "then"), root=repo.root
    )
    assert done.exit_code == 0, done.stderr
    repo.git("checkout", "--quiet", "--force", commit)
    done = appraise("build", "--site-dir", str(folder / "now"), root=repo.root)
    assert done.exit_code == 0, done.stderr
    for name, words in (("then", "截至 2025-06-30：本站按当时的文件生成"), ("now", "")):
        for page in (folder / name).rglob("*.html"):
            text = page.read_bytes().decode()
            assert words in text, page
            page.write_bytes(BANNER.sub("", text).encode())
    assert files_of(folder / "then") == files_of(folder / "now")
    results = json.loads((folder / "then" / "results.json").read_text("utf-8"))
    assert results["source"]["commit"] == commit


def test_files_of_final_years_are_those_of_the_revision(repo: GitRepo) -> None:
    folder = repo.root / "committee" / "2024"
    folder.mkdir()
    for name in ("results.json", "rubric.yml"):
        (folder / name).write_text(f"{name} then\n", "utf-8")
    then = repo.commit("final")
    (folder / "results.json").write_text("now\n", "utf-8")
    for revision, words in ((then, b"results.json then\n"), (None, b"now\n")):
        with snapshot_of(repo.root, revision) as snapshot:
            found = frozen_files(repo.root, 2024, snapshot.tree if revision else None)
        assert [file.path.name for file in found] == ["results.json", "rubric.yml"]
        with found[0].open() as stream:
            assert stream.read() == words
