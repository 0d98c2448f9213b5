"""What check looks at on the disk is what git would send: ignored and forgotten files are said."""

from __future__ import annotations

import random
import shlex
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.gitrepo import GitRepo
from tests.support import appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

YEAR = 2025
FOLDER = f"branches/demo-a/{YEAR}/documents/extra"
RECORD = f"{FOLDER}/document.yml"
NAMES = ("plan.md", "方案.md", "a b.md", "it's.md", "记录（一）.md", "UPPER.MD", "x.y.md")
#: Rules by which people's ignore files swallow an attachment, and where they stand.
RULES = ("*.md", "*.MD", "{name}", "extra/", "documents/", "/branches/demo-a/2025/", "**/extra/*",
         "branches/**/*.md", "*")  # fmt: skip


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "root")


def file_record(repo: GitRepo, names: list[str]) -> None:
    folder = repo.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    files = ", ".join(f'"{name}"' for name in names)
    text = f"kind: plan\ntitle: 补充\ndate: 2025-02-01\nfiles: [{files}]\n"
    (repo.root / RECORD).write_text(text, "utf-8")
    for name in names:
        (folder / name).write_text(f"内容 {name}\n", "utf-8")


def told(repo: GitRepo, *command: str) -> list[tuple[str, str]]:
    """Return the lines of E022, each with its remedy."""
    lines = (
        appraise(*(command or ("check",)), root=repo.root).stdout.partition("\n\n")[0].splitlines()
    )
    pairs = pairwise(lines)
    return [(line, after) for line, after in pairs if " E022 " in line]


@pytest.mark.parametrize("seed", tiered(range(50), often=12, fast=2))
def test_files_that_git_would_not_send_are_said_with_the_remedy(
    seed: int, tmp_path: Path, repo: GitRepo
) -> None:
    rng = random.Random(seed)
    names = rng.sample(NAMES, rng.randint(1, 3))
    rule = rng.choice(RULES).format(name=names[0].replace(" ", "\\ "))
    file_record(repo, names)
    if rng.random() < 0.5:
        repo.git("add", "--force", RECORD)
    if rng.random() < 0.7:
        ignore = tmp_path / "ignore"
        ignore.write_text(f"{rule}\n", "utf-8")
        repo.git("config", "core.excludesFile", str(ignore))
    before = set(repo.git("ls-files", "-z").split("\0"))
    found = told(repo)
    assert found == told(repo, "check", "demo-a") == told(repo, "check", "--since", "HEAD")
    own = [pair for pair in found if pair[0].startswith(f"{RECORD}:")]
    assert len(own) == 1, found
    line, hint = own[0]
    assert "warning E022" in line
    assert all(name in line for name in names)
    command = hint[hint.index("git add") : hint.index("，再提交")]
    repo.git(*shlex.split(command)[1:])
    after = set(repo.git("ls-files", "-z").split("\0"))
    wanted = {RECORD, *(f"{FOLDER}/{name}" for name in names)}
    assert wanted - before <= after - before
    assert [pair for pair in told(repo) if pair[0].startswith(f"{RECORD}:")] == []


def test_what_git_has_is_not_said_nor_what_nobody_names(repo: GitRepo) -> None:
    file_record(repo, ["plan.md"])
    repo.git("add", "--force", FOLDER)
    (repo.root / ".gitignore").write_text("*.md\nThumbs.db\n", "utf-8")
    (repo.root / FOLDER / "Thumbs.db").write_bytes(b"x")
    assert told(repo) == []
    assert told(repo, "check", "--at", "HEAD") == []


def test_many_files_are_one_finding_with_a_short_remedy(repo: GitRepo) -> None:
    file_record(repo, [f"part-{number}.md" for number in range(40)])
    ((line, hint),) = told(repo)
    assert "part-0.md" in line
    assert "…" in line
    assert f"git add -f {FOLDER}，" in hint


def test_files_of_the_committee_and_of_the_branch_alike(repo: GitRepo) -> None:
    review = f"committee/{YEAR}/reviews/demo-a.yml"
    claims = f"branches/demo-a/{YEAR}/self-assessment.yml"
    paths = [path for path in (review, claims) if (repo.root / path).exists()]
    assert claims in paths
    repo.git("rm", "--quiet", "--cached", *paths)
    repo.git("commit", "--quiet", "-m", "forgotten")
    assert sorted(line.split(":")[0] for line, _ in told(repo)) == sorted(paths)


def test_in_a_subfolder_of_a_larger_repository(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "whole", base=False)
    inner = GitRepo(tmp_path / "whole" / "data")
    (inner.root / ".git").rename(tmp_path / "unused")
    repo.commit("all")
    inner.root.joinpath(".gitignore").write_text("*.md\n", "utf-8")
    file_record(inner, ["plan.md"])
    ((line, hint),) = told(inner)
    assert line.startswith(f"{RECORD}:")
    assert f"git add -f {RECORD} {FOLDER}/plan.md" in hint


def test_without_git_nothing_can_be_told(tmp_path: Path, repo: GitRepo) -> None:
    file_record(repo, ["plan.md"])
    (repo.root / ".git").rename(tmp_path / "unused")
    assert told(repo) == []
