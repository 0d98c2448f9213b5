"""``build --after``: what was published last must be part of history (G011)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.site.build.succession import succession
from tests.gitrepo import GitRepo
from tests.sites import PROFILE, digest_of
from tests.support import BASE, appraise

SHALLOW = "错误：这份克隆只有部分历史，无法判断；请先运行 git fetch --unshallow\n"


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "root")


def publish(repo: GitRepo, after: str) -> tuple[int, str]:
    """Run ``build --after``; return exit status and standard error."""
    return publish_from(repo.root, repo, after)


def publish_from(root: Path, repo: GitRepo, after: str) -> tuple[int, str]:
    """Run ``build --after`` in a clone; the site lies beside the first repository."""
    site = str(repo.root.parent / "site")
    done = appraise("build", "--quiet", "--site-dir", site, "--after", after, root=root)
    return done.exit_code, done.stderr


def test_history_that_goes_on_is_published(repo: GitRepo) -> None:
    first = repo.git("rev-parse", "HEAD")
    repo.merge(repo.change({str(PROFILE): (BASE / PROFILE).read_text("utf-8") + "\n"}))
    assert publish(repo, first) == (0, "")
    for after in (first, first[:10], "HEAD", "main~1"):
        assert succession(repo.root, after) == []


def test_history_rewritten_is_refused(repo: GitRepo, tmp_path: Path) -> None:
    """A finding, exit 1, and the old site to the byte; whether the commit is still there or not."""
    published = repo.commit("published")
    assert publish(repo, published) == (0, "")
    before = digest_of(tmp_path / "site")
    repo.git("reset", "--quiet", "--soft", "HEAD~1")
    repo.commit("forced")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", repo.root.as_uri(), clone], check=True)
    for root in (repo.root, clone):
        status, words = publish_from(root, repo, published)
        assert status == 1
        assert words.startswith(f".:1:1: error G011 上次公布的提交 {published[:12]}")
        assert ("已不在仓库里" in words) is (root == clone)
        assert words.endswith("有错误未改，网站没有生成，旧网站保持不变\n")
        assert digest_of(tmp_path / "site") == before


def test_a_replaced_commit_deceives_nobody(repo: GitRepo) -> None:
    """``git replace`` can give any commit another parent; history is read as it was written."""
    published = repo.commit("published")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    head = repo.commit("other")
    repo.git("replace", "--graft", head, published)
    status, words = publish(repo, published)
    assert status == 1
    assert "G011" in words


def test_an_older_commit_is_no_successor(repo: GitRepo) -> None:
    published = repo.commit("published")
    repo.git("checkout", "--quiet", "--detach", "HEAD~1")
    assert publish(repo, published)[0] == 1


def test_a_shallow_clone_cannot_tell(repo: GitRepo, tmp_path: Path) -> None:
    """A clear error and exit 2, neither a refusal nor a site."""
    first = repo.git("rev-parse", "HEAD")
    second = repo.commit("second")
    repo.commit("third")
    root = tmp_path / "shallow"
    url = repo.root.as_uri()
    subprocess.run(["git", "clone", "--quiet", "--depth=2", url, root], check=True)
    assert publish_from(root, repo, first) == (2, SHALLOW)
    assert not (tmp_path / "site").exists()
    assert succession(root, second) == []


def test_dates_of_a_shallow_clone_are_not_guessed(repo: GitRepo, tmp_path: Path) -> None:
    """Days of receipt come from history; where that is cut off, nothing is built."""
    repo.commit("second")
    root = tmp_path / "shallow"
    url = repo.root.as_uri()
    subprocess.run(["git", "clone", "--quiet", "--depth=1", url, root], check=True)
    done = appraise("build", "--quiet", root=root)
    assert (done.exit_code, done.stderr) == (2, SHALLOW)
    assert not (root / "site").exists()
    subprocess.run(["git", "fetch", "--quiet", "--unshallow"], cwd=root, check=True)
    done = appraise("build", "--quiet", root=root)
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize("after", ["nowhere", "--upload-pack=x", "main~99", ""])
def test_a_name_that_means_nothing(repo: GitRepo, after: str) -> None:
    status, words = publish(repo, after)
    assert status == 2
    assert words.startswith("错误：git 读不到")


def test_no_history_no_succession(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(BASE, tmp_path / "root")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    done = appraise("build", "--after", "HEAD", root=Path("root"))
    assert done.exit_code == 2
    assert not (tmp_path / "root/site").exists()
