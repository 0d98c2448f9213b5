"""Packages where git fails: each of its calls may, none is swallowed, nothing is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.failing_git import WAYS, FailingGit
from tests.gitrepo import GitRepo
from tests.packing import HOME, zipped
from tests.support import appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    f"{HOME}/documents/more/document.yml": (
        b"kind: plan\ntitle: more\ndate: 2025-12-01\nfiles: [a.md]\n"
    ),
    f"{HOME}/documents/more/a.md": b"# more\n",
}
#: Every so many-th call fails in each run, the others before a release.
SHARES = 5


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Return a repository beside a package, called ``p.zip``, with a file that git lacks."""
    repo = GitRepo(tmp_path / "root")
    (tmp_path / "p.zip").write_bytes(zipped(FILES))
    return repo


def kept(repo: GitRepo) -> dict[str, bytes]:
    """Return what may not differ after a failure: files, names, and no commit without one."""
    return {
        str(path): path.read_bytes()
        for path in repo.root.rglob("*")
        if path.is_file() and "objects" not in path.parts
    }


def asked(git: FailingGit) -> int:
    """Return how often git was called; a message of several lines is one call."""
    return int((git.folder / "n").read_text("utf-8"))


@pytest.mark.parametrize("share", tiered(range(SHARES), often=1))
@pytest.mark.parametrize("option", ["--commit", "--received=2025-12-11"])
def test_each_call_of_an_import_may_fail(
    option: str, share: int, repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    other = GitRepo(tmp_path / "other" / "root")
    git = FailingGit(tmp_path, monkeypatch)
    command = ("import", str(tmp_path / "p.zip"), "--keep-errors", option)
    assert appraise(*command, root=other.root).exit_code == 0
    calls, before = asked(git), kept(repo)
    assert calls > 10
    for number in range(1 + share, calls + 1, SHARES):
        git.fail(number, WAYS[number % len(WAYS)])
        done = appraise(*command, root=repo.root)
        assert (done.exit_code, "回执" in done.stdout) == (2, False), git.calls[number - 1 :]
        assert "git 读不到" in done.stderr or "git 没有写成" in done.stderr
        assert kept(repo) == before, number
    git.fail(0)
    assert appraise(*command, root=repo.root).exit_code == 0


@pytest.mark.parametrize("share", tiered(range(SHARES), often=1))
def test_each_call_of_making_may_fail(
    share: int, repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, data in FILES.items():
        (repo.root / path).parent.mkdir(exist_ok=True)
        (repo.root / path).write_bytes(data)
    git = FailingGit(tmp_path, monkeypatch)
    target = tmp_path / "made.zip"
    command = ("package", "demo-a", str(target))
    assert appraise(*command, root=repo.root).exit_code == 0
    target.unlink()
    for number in range(1 + share, asked(git) + 1, SHARES):
        git.fail(number, WAYS[number % len(WAYS)])
        done = appraise(*command, root=repo.root)
        assert (done.exit_code, done.stdout) == (2, ""), git.calls[number - 1 :]
        assert not target.exists()
