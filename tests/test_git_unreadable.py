"""Git that is there but cannot be read: an error with its words and the remedy, for everybody."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.engine.freeze import chain
from generator.files.git import GitError
from generator.files.remedies import history_at
from generator.site.build.plugin import UnreadableGitError
from generator.site.build.producing import Done, Production
from tests.failing_git import WAYS, FailingGit
from tests.gitrepo import GitRepo
from tests.support import BASE, appraise, end_year
from tools.house import parsed

if TYPE_CHECKING:
    from collections.abc import Callable

GENERATOR = Path(__file__).resolve().parents[1] / "generator"
YEAR = 2025
APPRAISAL = f"committee/{YEAR}/appraisal.yml"
RESULTS = f"committee/{YEAR}/results.json"
CLAIMS = f"branches/demo-a/{YEAR}/self-assessment.yml"

#: Every command that reads data.
COMMANDS = [
    ("check",),
    ("check", "demo-a"),
    ("check", "demo-a", "--at", "HEAD"),
    ("check", "--since", "HEAD~1"),
    ("check", "--shard", "1/2"),
    ("score", "--format", "json"),
    ("score", "--format", "csv", "--at", "HEAD~1"),
    ("explain", "demo-a"),
    ("review", "demo-a"),
    ("whatif",),
    ("impact", "HEAD~1"),
    ("impact", "HEAD~1", "HEAD", "--author", "someone"),
    ("guard", "HEAD~1", "HEAD", "--author", "someone"),
    ("finalize", f"{YEAR}"),
    ("build", "--site-dir", "SITE", "--quiet", "--after", "HEAD~1"),
]


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """A repository with two commits, whose year is ready to be frozen."""
    repo = GitRepo(tmp_path / "repo")
    end_year(repo.root)
    repo.commit("final")
    return repo


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def run(repo: GitRepo, command: tuple[str, ...], site: Path) -> tuple[int, str, str]:
    arguments = [str(site) if word == "SITE" else word for word in command]
    done = appraise(*arguments, root=repo.root)
    return done.exit_code, done.stdout, done.stderr


def fails(repo: GitRepo, command: tuple[str, ...], site: Path) -> str:
    """Run a command of which git fails; return what it says, having shown no result."""
    status, told, words = run(repo, command, site)
    whole = '{"end"' in told if "--shard" in command else told
    assert (status, bool(whole)) == (2, False), (command, status, told, words)
    assert not (repo.root / RESULTS).exists()
    assert not site.exists()
    return words


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_single_call_of_git_may_fail_and_none_is_swallowed(
    command: tuple[str, ...], repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    git = FailingGit(tmp_path, monkeypatch)
    sound, *_ = run(repo, command, site)
    assert sound in {0, 1}
    calls = git.calls
    assert 3 <= len(calls) <= 15, calls
    shutil.rmtree(site, ignore_errors=True)
    (repo.root / RESULTS).unlink(missing_ok=True)
    (repo.root / f"committee/{YEAR}/rubric.yml").unlink(missing_ok=True)
    cache = repo.root / ".git" / "appraisal-cache.sqlite"
    if "build" in command:  # generated pages are written without git: once is enough
        cache.unlink()
        monkeypatch.setattr(Production, "run", lambda *_: Done())
        git.fail(0)
        assert run(repo, command, site)[0] == sound
        assert git.calls == calls
        shutil.rmtree(site)
    for number in range(1, len(calls) + 1):
        way = WAYS[number % len(WAYS)]
        cache.unlink(missing_ok=True)
        git.fail(number, way)
        words = fails(repo, command, site)
        assert len(git.calls) >= number, (command, number)
        assert "git 读不到" in words
        assert "out of luck" in words or way == WAYS[2], (git.calls, words)


def test_calls_of_verify_fail_alike(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert appraise("finalize", f"{YEAR}", root=repo.root).exit_code == 0
    repo.commit("frozen")
    git = FailingGit(tmp_path, monkeypatch)
    for command in (("verify", f"{YEAR}"), ("check", "--year", f"{YEAR}")):
        git.fail(0)
        assert appraise(*command, root=repo.root).exit_code == 0
        for number in range(1, len(git.calls) + 1):
            git.fail(number)
            done = appraise(*command, root=repo.root)
            assert (done.exit_code, done.stdout) == (2, ""), (command, number, done.output)


def broken_head(repo: GitRepo) -> str:
    (repo.root / ".git/HEAD").write_text("ref: refs/heads/gone\n", "ascii")
    return "git switch"


def head_of_noise(repo: GitRepo) -> str:
    (repo.root / ".git/HEAD").write_bytes(b"\xff\xfe")
    return "git fsck"


def no_head(repo: GitRepo) -> str:
    (repo.root / ".git/HEAD").unlink()
    return "git fsck"


def elsewhere(repo: GitRepo) -> str:
    (repo.root / ".git").rename(repo.root.parent / "hidden")
    (repo.root / ".git").write_text("gitdir: /host/repo/.git/worktrees/x\n", "ascii")
    return "挂载"


def emptied(repo: GitRepo) -> str:
    shutil.rmtree(repo.root / ".git")
    (repo.root / ".git").mkdir()
    return "git fsck"


def dangling(repo: GitRepo) -> str:
    (repo.root / ".git").rename(repo.root.parent / "hidden")
    (repo.root / ".git").symlink_to("/nowhere/at/all")
    return "git fsck"


def no_objects(repo: GitRepo) -> str:
    shutil.rmtree(repo.root / ".git/objects")
    (repo.root / ".git/objects").mkdir()
    return "git fsck"


def without_commits(repo: GitRepo) -> str:
    shutil.rmtree(repo.root / ".git")
    repo.git("init", "--quiet")
    return "git commit"


BREAKS = (broken_head, head_of_noise, no_head, elsewhere, emptied, dangling, no_objects,
          without_commits)  # fmt: skip


@pytest.mark.parametrize("breaks", [broken_head, head_of_noise, no_head, without_commits])
def test_a_whole_commit_id_helps_no_broken_head(
    breaks: Callable[[GitRepo], str], repo: GitRepo, tmp_path: Path
) -> None:
    """No command works past it: the id may be right, and what HEAD would say is lost."""
    assert appraise("finalize", f"{YEAR}", root=repo.root).exit_code == 0
    head = repo.commit("frozen")
    base = repo.git("rev-parse", "HEAD~1")
    frozen = repo.root / RESULTS
    kept = frozen.rename(tmp_path / "results.json")
    remedy = breaks(repo)
    for command in (
        ("check", "--at", head),
        ("check", "demo-a", "--at", head),
        ("check", "--since", base),
        ("score", "--at", head),
        ("explain", "demo-a", "--at", head),
        ("whatif", "--at", head),
        ("impact", base, head),
        ("impact", base, head, "--author", "someone"),
        ("guard", base, head, "--author", "someone"),
        ("build", "--site-dir", "SITE", "--quiet", "--after", base),
        ("verify", f"{YEAR}", str(kept)),
    ):
        words = fails(repo, command, tmp_path / "site")
        assert "git 读不到" in words
        assert remedy in words, (command, words)


@pytest.mark.parametrize("breaks", BREAKS)
def test_a_broken_repository_is_no_missing_history(
    breaks: Callable[[GitRepo], str], repo: GitRepo, tmp_path: Path
) -> None:
    remedy = breaks(repo)
    assert history_at(repo.root) is not None
    for command in COMMANDS:
        words = fails(repo, command, tmp_path / "site")
        assert "git 读不到" in words
        known = [word for word in ("HEAD~1", "没有“") if word in words]
        assert remedy in words or known, (command, words)
    assert remedy in fails(repo, ("check",), tmp_path / "site")


def test_no_program_and_one_that_may_not_run(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for command in COMMANDS:
        assert "请先安装 git" in fails(repo, command, tmp_path / "site")
    (folder / "git").mkdir()
    for command in COMMANDS:
        assert "请先安装 git" in fails(repo, command, tmp_path / "site")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_of_another_user_is_told_with_the_command(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for path in (repo.root, repo.root / ".git"):
        os.chown(path, 12345, 12345)
    for command in COMMANDS:
        words = fails(repo, command, tmp_path / "site")
        assert "dubious ownership" in words
        assert f"git config --global --add safe.directory {repo.root}" in words


def test_mkdocs_ends_with_the_words_and_status_two(repo: GitRepo, tmp_path: Path) -> None:
    broken_head(repo)
    program = GENERATOR.parent
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(program / "mkdocs.yml"),
               "-d", str(tmp_path / "site")]  # fmt: skip
    environment = {**os.environ, "APPRAISAL_ROOT": str(repo.root), "PYTHONPATH": str(program)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "git switch" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert UnreadableGitError(GitError("words")).exit_code == 2


def test_only_a_folder_without_git_has_no_history_and_says_so_once(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "data")
    assert history_at(tmp_path / "data") is None
    for command in (("check",), ("check", "demo-a"), ("score",), ("explain", "demo-a")):
        done = appraise(*command, root=tmp_path / "data")
        assert done.exit_code == 0, done.output
        assert done.stderr.count("没有 git 历史") == 1, command


def test_without_history_only_the_seal_is_checked(repo: GitRepo) -> None:
    assert appraise("finalize", f"{YEAR}", root=repo.root).exit_code == 0
    shutil.rmtree(repo.root / ".git")
    change(repo.root / CLAIMS, "points: 4.5", "points: 1")
    done = appraise("verify", f"{YEAR}", root=repo.root)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "没有历史，只能核对封签"
    assert "不一致" not in done.stdout
    assert "重算" not in done.stdout
    assert appraise("check", "--year", f"{YEAR}", root=repo.root).exit_code == 0
    change(repo.root / RESULTS, '"rank": 1', '"rank": 2')
    tampered = appraise("verify", f"{YEAR}", root=repo.root)
    assert tampered.exit_code == 1
    assert "封印 seal" in tampered.stdout


def test_no_place_swallows_a_git_error_and_one_function_starts_git() -> None:
    starts, swallows = [], []
    for path in GENERATOR.rglob("*.py"):
        source = path.read_text("utf-8")
        name = path.relative_to(GENERATOR).as_posix()
        asked = "subprocess" in source or "GitError" in source
        for node in ast.walk(parsed(source)) if asked else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("subprocess."):
                starts.append(name)
            if isinstance(node, ast.ExceptHandler) and node.type is not None:
                caught = ast.unparse(node.type)
                if "GitError" in caught.split(".")[-1] and not isinstance(node.body[-1], ast.Raise):
                    swallows.append(f"{name}:{node.lineno}")
    assert starts == ["files/git.py"]
    assert swallows == []


def test_a_revision_that_is_not_there_is_told_from_a_git_that_fails(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chain.known_commit(repo.root, "0" * 40) is None
    git = FailingGit(tmp_path, monkeypatch)
    for way in WAYS:
        git.fail(1, way)
        with pytest.raises(GitError):
            chain.known_commit(repo.root, "0" * 40)
