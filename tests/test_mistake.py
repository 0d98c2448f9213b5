"""The run-book for something private that was merged: its own commands, to the new site."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.results.corrections import read_corrections
from generator.results.frozen import load_document
from tests.gitrepo import GitRepo
from tests.support import appraise, end_year
from tests.test_attachments import jpeg

if TYPE_CHECKING:
    from tests.workflow_project import Project

DOCS = Path(__file__).resolve().parents[1] / "docs"
BLOCK = re.compile(r"^```sh ([a-z]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PRIVATE = "示例人的病情：张三（示例）"
FOLDER = "branches/demo-a/2025"
CLAIMS, RECORD = f"{FOLDER}/self-assessment.yml", f"{FOLDER}/documents/plan/document.yml"
PHOTO = f"{FOLDER}/documents/plan/sign-in.jpg"


def steps() -> dict[str, str]:
    """Return the commands of the run-book by the names of their blocks."""
    return dict(BLOCK.findall((DOCS / "mistake.md").read_text("utf-8")))


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A final year in whose files, results and history something private lies."""
    repo = GitRepo(tmp_path_factory.mktemp("mistake") / "repo")
    edit(repo.root, CLAIMS, "statement: 按要求完成。", f"statement: 按要求完成，{PRIVATE}。")
    (repo.root / PHOTO).write_bytes(jpeg())
    edit(repo.root, RECORD, "files: [plan.md]", "files: [plan.md, sign-in.jpg]")
    repo.commit("the mistake", when="2025-12-20T09:00:00+08:00")
    end_year(repo.root)
    repo.commit("final", when="2026-02-01T09:00:00+08:00")
    assert appraise("finalize", "2025", root=repo.root).exit_code == 0
    assert PRIVATE in (repo.root / "committee/2025/results.json").read_text("utf-8")
    repo.commit("results", when="2026-02-01T10:00:00+08:00")
    return repo


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory, forge: Project) -> str:
    """Return a PATH on which the command is one that is forked, not started."""
    folder = tmp_path_factory.mktemp("programs")
    own = folder / ".venv" / "bin"
    own.mkdir(parents=True)
    assert forge.warm is not None
    forge.warm.install(folder)
    return os.pathsep.join([str(own), str(Path(sys.executable).parent), os.environ["PATH"]])


def totals(root: Path) -> list[object]:
    """Return the totals of the final results of a repository."""
    document = load_document((root / "committee/2025/results.json").read_bytes())
    return [branch["total"] for branch in document["branches"]]


def run(repo: GitRepo, script: str, programs: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run commands of the run-book where they are to be run."""
    environment = {
        **os.environ,
        **more,
        "PATH": programs,
        "PYTHONPATH": str(DOCS.parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_{what}": "example@example.org"
           for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip
    return subprocess.run(
        ["sh", "-eu", "-c", script], cwd=repo.root, env=environment, text=True,
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip


def objects(root: Path) -> bytes:
    """Return every object of a history, one behind the other."""
    listed = subprocess.run(
        ["git", "rev-list", "--all", "--objects"], cwd=root, capture_output=True, check=True
    ).stdout
    ids = b"\n".join(line.split(b" ")[0] for line in listed.splitlines())
    return subprocess.run(
        ["git", "cat-file", "--batch"], cwd=root, input=ids, capture_output=True, check=True
    ).stdout


def test_a_mistake_is_gone_and_all_else_is_as_it_was(merged: GitRepo, programs: str) -> None:
    """From the files, every version of them, the results and the site; figures and days stay."""
    root, told = merged.root, steps()
    photo = (root / PHOTO).read_bytes()
    (root.parent / "private.txt").write_text(f"{PRIVATE}\n", "utf-8")
    figures = totals(root)
    edit(root, CLAIMS, f"，{PRIVATE}", "")
    edit(root, RECORD, ", sign-in.jpg", "")
    (root / PHOTO).unlink()
    merged.commit("mended", when="2026-03-01T09:00:00+08:00")
    assert PRIVATE.encode() in objects(root)
    script = "".join(told[name] for name in ("setup", "correct", "before", "list", "photos"))
    done = run(merged, script, programs, PHOTOS=PHOTO)
    assert done.returncode == 0, done.stderr
    assert run(merged, told["setup"] + told["guard"], programs).stdout == ""
    script = "".join(told[name] for name in ("setup", "rewrite", "prove", "publish"))
    done = run(merged, script, programs)
    assert done.returncode == 0, done.stdout + done.stderr
    clean = root.parent / "clean"
    held = objects(clean)
    assert PRIVATE.encode() not in held
    assert photo not in held
    assert "现有文件" in done.stdout
    document = load_document((clean / "committee/2025/results.json").read_bytes())
    assert totals(clean) == figures
    (correction,) = read_corrections(document)
    assert [change.key for change in correction.changes if change.withheld]
    assert all(change.old is None for change in correction.changes if change.withheld)


def test_the_proof_fails_where_something_is_left(
    merged: GitRepo, programs: str, tmp_path: Path
) -> None:
    """Each line of the proof stops the script by itself."""
    told = steps()
    (tmp_path / "private.txt").write_text("title:\n", "utf-8")
    script = told["setup"].replace("../private.txt", f"{tmp_path}/private.txt")
    proof = told["prove"].splitlines()[0]
    assert run(merged, f"{script}{proof}\necho proven", programs).stdout == ""
    (tmp_path / "private.txt").write_text("nowhere in it\n", "utf-8")
    assert run(merged, f"{script}{proof}\necho proven", programs).stdout == "proven\n"


def test_both_languages_have_the_same_steps() -> None:
    chinese = (DOCS / "mistake.zh-CN.md").read_text("utf-8")
    english = (DOCS / "mistake.md").read_text("utf-8")
    assert len(re.findall(r"^\d\. \*\*", chinese, re.MULTILINE)) == len(
        re.findall(r"^## \d\. ", english, re.MULTILINE)
    )
    assert set(steps()) == {
        "setup", "correct", "before", "list", "photos", "guard", "rewrite", "prove", "publish"
    }  # fmt: skip
