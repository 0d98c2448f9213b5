"""``appraise package``: what differs on the disk, whole; the same files give the same bytes."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile

# Any: JSON of a package.
from typing import TYPE_CHECKING, Any

import pytest

from tests.gitrepo import GitRepo, blob_id
from tests.packing import HOME, PLAN
from tests.support import BASE, appraise

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

RECORD = f"{HOME}/documents/summary/document.yml"
SUMMARY = f"{HOME}/documents/summary/总结.md"
GONE = f"{HOME}/activities/2025-03-12-theme-day/record.md"
NEW = {
    RECORD: "kind: plan\ntitle: 总结\ndate: 2025-12-01\nfiles: [总结.md]\n".encode(),
    SUMMARY: "# 全年总结\n".encode(),
    PLAN: "# 改过的计划\n".encode(),
}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Return a repository with two new files, one changed, one removed, none committed."""
    repo = GitRepo(tmp_path / "root")
    for path, data in NEW.items():
        (repo.root / path).parent.mkdir(exist_ok=True)
        (repo.root / path).write_bytes(data)
    (repo.root / GONE).unlink()
    return repo


def made(repo: GitRepo, *options: str, name: str = "p.zip") -> bytes:
    """Return the bytes of a package of the branch."""
    path = repo.root.parent / name
    done = appraise("package", "demo-a", str(path), *options, root=repo.root)
    assert done.exit_code == 0, done.output
    return path.read_bytes()


def told(data: bytes) -> Any:
    """Return package.json of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(archive.read("package.json"))


def refused(result: Result, status: int, *words: str) -> None:
    assert result.exit_code == status, result.output
    for each in words:
        assert each in result.output, result.output


def test_it_holds_what_differs_and_what_is_gone(repo: GitRepo) -> None:
    data = made(repo)
    document = told(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(archive.namelist()) == {"package.json", *NEW}
        assert {path: archive.read(path) for path in NEW} == NEW
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert (document["branch"], document["year"]) == ("demo-a", 2025)
    assert document["base"] == {"commit": repo.git("rev-parse", "main")}
    origins = {path: repo.git("rev-parse", f"main:{path}") for path in (PLAN, GONE)}
    found = {entry["path"]: entry["from"] for entry in document["files"]}
    assert found == {RECORD: None, SUMMARY: None, PLAN: origins[PLAN]}
    assert document["removed"] == [{"path": GONE, "from": origins[GONE]}]


def test_it_says_what_is_in_it(repo: GitRepo) -> None:
    done = appraise("package", "demo-a", str(repo.root.parent / "p.zip"), root=repo.root)
    assert "文件：共 4 个，新增 2 个，改动 1 个，删去 1 个" in done.stdout
    assert all(f"  {path}\n" in done.stdout for path in (*NEW, GONE))
    assert len(done.stdout.partition("校验码：")[2].strip()) == 64


def test_the_same_files_give_the_same_bytes(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo(tmp_path / "other", base=False)
    shutil.rmtree(other.root)
    shutil.copytree(repo.root, other.root)
    for path in other.root.rglob("*.yml"):
        os.utime(path, (1, 1))
    assert made(repo) == made(other, name="other.zip")


@pytest.mark.parametrize("commit", [False, True], ids=["tree", "commit"])
def test_what_was_imported_makes_the_same_package(
    repo: GitRepo, tmp_path: Path, *, commit: bool
) -> None:
    data = made(repo)
    clone = tmp_path / "clone"
    repo.git("clone", "--quiet", str(repo.root), str(clone))
    options = ["--keep-errors", *(["--commit"] if commit else [])]
    done = appraise("import", str(tmp_path / "p.zip"), *options, root=clone)
    assert done.exit_code == 0, done.output
    other = GitRepo(clone, base=False)
    if commit:
        branch = other.git("branch", "--list", "filing/*", "--format=%(refname:short)")
        other.git("checkout", "--quiet", branch)
    assert made(other, name="again.zip") == data


def test_what_git_ignores_and_what_systems_leave_stays_out(repo: GitRepo) -> None:
    (repo.root / ".gitignore").write_text("*.tmp\n")
    for name in ("a.tmp", ".DS_Store", "~$计划.docx", "Thumbs.db"):
        (repo.root / HOME / name).write_bytes(b"x")
    path = repo.root.parent / "p.zip"
    done = appraise("package", "demo-a", str(path), root=repo.root)
    assert done.exit_code == 0, done.output
    assert {entry["path"] for entry in told(path.read_bytes())["files"]} == set(NEW)
    for name in ("a.tmp", ".DS_Store", "~$计划.docx", "Thumbs.db"):
        assert f"{HOME}/{name}" in done.stderr


def test_what_is_committed_already_counts_from_main(repo: GitRepo) -> None:
    first = made(repo)
    repo.git("checkout", "--quiet", "-b", "mine")
    repo.commit("mine")
    assert made(repo) == first


def test_since_takes_another_start(repo: GitRepo) -> None:
    start = repo.git("rev-parse", "main")
    repo.commit("mine")
    (repo.root / PLAN).write_bytes(b"later\n")
    (one,) = told(made(repo))["files"]
    assert one["from"] == blob_id(NEW[PLAN])
    assert len(told(made(repo, "--since", start))["files"]) == 3


def test_nothing_that_differs_is_nothing_to_send(repo: GitRepo, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    done = appraise("package", "demo-b", str(path), root=repo.root)
    refused(done, 2, "没有改动，不必报送")
    refused(appraise("package", "demo-x", str(path), root=repo.root), 2, "没有支部“demo-x”")
    assert not path.exists()


@pytest.mark.parametrize("what", ["name", "link", "size", "case"])
def test_what_nobody_would_import_is_refused(what: str, repo: GitRepo, tmp_path: Path) -> None:
    home = repo.root / HOME / "documents"
    if what == "name":
        (home / "plan/CON.md").write_bytes(b"x")
    elif what == "link":
        (home / "plan/link.md").symlink_to("plan.md")
    elif what == "size":
        (home / "plan/large.md").write_bytes(bytes(10_000_001))
    else:
        (home / "plan/PLAN.md").write_bytes(b"x")
    path = tmp_path / "p.zip"
    done = appraise("package", "demo-a", str(path), root=repo.root)
    code = {"name": "G005", "link": "G004", "size": "G006", "case": "G005"}[what]
    refused(done, 1, code, f"{HOME}/documents/plan/", "没有生成报送包")
    assert not path.exists()


def test_without_history_it_holds_everything(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(BASE, root)
    path = tmp_path / "p.zip"
    done = appraise("package", "demo-a", str(path), root=root)
    assert done.exit_code == 0, done.output
    document = told(path.read_bytes())
    assert (document["made"], document["base"]) == (None, {"commit": None})
    names = {str(p.relative_to(root)) for p in (root / HOME).rglob("*") if p.is_file()}
    assert {entry["path"] for entry in document["files"]} == names
    again = appraise("import", str(path), root=root)
    assert (again.exit_code, again.stdout.count("\n")) == (0, 1)
