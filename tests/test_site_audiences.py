"""Two sites of one evaluation, and none that shows what it may not."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from benchmarks.alike import CHANGES, photo, saved
from generator.engine.year import Run
from generator.results.document import digest_of
from tests.gitrepo import GitRepo
from tests.support import appraise, write
from tests.test_alike import filed
from tests.test_site_pages import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

MATTER = "对活动次数的计算有不同意见"
APPEALS = "committee/2025/appeals/demo-a.yml"
ENTRY = f"- {{id: a, received: 2026-01-08, criterion: study, matter: {MATTER}, state: open}}\n"
PLUGIN = "plugins:\n  - appraisal"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A repository with an appeal, and pages of its own."""
    repo = GitRepo(tmp_path_factory.mktemp("audiences") / "repo")
    path = repo.root / APPEALS
    path.parent.mkdir(parents=True)
    path.write_text(ENTRY, "utf-8")
    shutil.copytree(TEMPLATES, repo.root / "site_templates", symlinks=True)
    settings = (TEMPLATES.parent / "mkdocs.yml").read_text("utf-8")
    moved = f"{PLUGIN}: {{publish: {{statements: internal}}}}"
    (repo.root / "mkdocs.yml").write_text(settings.replace(PLUGIN, moved), "utf-8")
    own = photo(random.Random(1)).resize((240, 180))
    photos = filed("demo-a", "2025-04-01", saved(own))
    for place, data in (photos | filed("demo-a", "2025-05-01", CHANGES["grey"](own))).items():
        write(repo.root / place, data)
    repo.commit()
    return repo


def test_two_sites_of_one_evaluation_and_both_or_none(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []

    def counted(*args: object, **more: object) -> object:
        runs.append(1)
        return Run(*args, **more)  # type: ignore[arg-type] # handed on as they come

    monkeypatch.setattr("generator.engine.evaluate.Run", counted)
    public, internal = tmp_path / "site", tmp_path / "site-internal"
    build = ("build", "--site-dir", str(public), "--audience", "both", "--jobs", "1")
    done = appraise(*build, root=repo.root)
    assert done.exit_code == 0, done.output
    assert len(runs) == 1
    assert f"{public / 'index.html'}" in done.output
    assert f"{internal / 'index.html'}" in done.output
    told = {}
    for folder in (public, internal):
        told[folder] = (folder / "appeals.html").read_text("utf-8")
        assert json.loads((folder / "results.json").read_bytes())["branches"]
    assert MATTER not in told[public]
    assert MATTER in told[internal]
    shown = json.loads((public / "results.json").read_bytes())
    whole = json.loads((internal / "results.json").read_bytes())
    assert shown["full_digest"] == whole["digest"] == digest_of(whole)
    assert shown["digest"] == digest_of(shown)
    assert "statements" in shown["withheld"]
    assert "full_digest" not in whole
    alike = (internal / "alike.html").read_text("utf-8")
    assert alike.count("<img ") == len([*(internal / "alike").iterdir()]) == 2
    assert not [path for path in public.rglob("*") if "alike" in path.name or path.suffix == ".jpg"]
    assert "alike.html" in (internal / "index.html").read_text("utf-8")
    assert "alike.html" not in (public / "index.html").read_text("utf-8")
    told_alone = appraise("score", "--public", "--format", "json", root=repo.root)
    assert json.loads(told_alone.stdout) == shown
    about = (public / "about.html").read_text("utf-8")
    assert "党委另行决定不公布：支部的说明和不适用的理由" in about
    assert "仓库是否公开，这里没有写明" in about
    assert "这是内部的网站" in (internal / "about.html").read_text("utf-8")
    # What a hand-written page says: nothing is swapped in, neither here nor there.
    page = repo.root / "site_templates/pages/about.md"
    page.write_text(page.read_text("utf-8") + f"\n有支部{MATTER}。\n", "utf-8")
    before = {path: path.stat().st_mtime_ns for path in (public, internal)}
    done = appraise(*build, root=repo.root)
    assert done.exit_code == 1
    assert "about.html：appeals.matter（申诉的内容）" in done.output
    assert MATTER not in done.output
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["site", "site-internal"]


@pytest.mark.parametrize(
    ("publish", "words"),
    [
        ("{statement: internal}", "没有“statement”这一类；您是否要写“statements”？"),
        ("{statements: private}", "后面写 public 或 internal，不能写“private”"),
        ("{private: public}", "“private”（账号、作者和党员代号）不能改：任何网站都不公布它"),
    ],
)
def test_what_is_unfit_in_mkdocs_yml_ends_the_build(
    repo: GitRepo, tmp_path: Path, publish: str, words: str
) -> None:
    root = tmp_path / "root"
    for name in ("branches", "committee"):
        shutil.copytree(repo.root / name, root / name)
    shutil.copy(repo.root / "rubric.yml", root)
    settings = (TEMPLATES.parent / "mkdocs.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text(settings.replace(PLUGIN, f"{PLUGIN}: {{publish: {publish}}}"))
    done = appraise("build", root=root)
    assert done.exit_code == 2
    assert words in done.output
    assert not (root / "site").exists()
    done = appraise("score", "--public", root=root)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words in done.output
