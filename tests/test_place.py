"""Where a command works: the nearest folder upwards with a rubric.yml, or the one that is named."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from generator.cli.line.place import LANG, asked_language, find_root, surrounding_language
from generator.cli.main import cli
from tests.support import BASE
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="appraise", catch_exceptions=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository in a folder, with a year that has a rubric of its own."""
    root = tmp_path / "some" / "考核"
    shutil.copytree(BASE, root)
    shutil.copy(root / "rubric.yml", root / "committee" / "2025" / "rubric.yml")
    return root


def below(root: Path, seed: int) -> Path:
    """Return a folder of a tree, drawn by a seed; now and then a new one, deeper down."""
    chance = random.Random(seed)
    folders = sorted(path for path in root.rglob("*") if path.is_dir())
    folder = chance.choice([root, *folders])
    return folder / "下" / "更下" if chance.random() < 0.3 else folder


@pytest.mark.parametrize("seed", tiered(range(200), often=50, fast=20))
def test_every_folder_of_a_repository_finds_its_root(seed: int, root: Path) -> None:
    folder = below(root, seed)
    folder.mkdir(parents=True, exist_ok=True)
    assert find_root(folder) == root
    assert find_root(root.parent) is None


def test_a_repository_inside_of_another_is_its_own(root: Path) -> None:
    inner = root / "documents" / "copy"
    shutil.copytree(BASE, inner)
    assert find_root(inner / "branches" / "demo-a") == inner
    assert find_root(root / "documents") == root


def test_a_command_works_below_the_root_and_says_where(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    at_root = run("score", "--format", "csv")
    assert "考核仓库" not in at_root.stderr
    for folder in ("branches/demo-a/2025", "committee/2025"):
        monkeypatch.chdir(root / folder)
        done = run("score", "--format", "csv")
        assert (done.exit_code, done.stdout) == (0, at_root.stdout)
        assert f"考核仓库：{root}" in done.stderr
        assert run("--root", str(root), "score", "--format", "csv").stdout == at_root.stdout


def test_no_repository_is_told_with_the_whole_path(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    for command in (["check"], ["score"], ["explain", "demo-a"], ["review", "demo-a"], ["whatif"]):
        done = run(*command)
        assert done.exit_code == 2
        assert f"“{elsewhere}”和它的上级文件夹里都没有 rubric.yml" in done.stderr
        assert "没有 git 历史" not in done.stderr
    named = run("--root", "..", "check")
    assert f"“{root.parent}”里没有 rubric.yml" in named.stderr


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("", None),
        ("check", None),
        ("--lang en", "en"),
        ("check --lang=en --help", "en"),
        ("--help --lang zh", "zh"),
        ("--lang en check --lang zh", "zh"),
        ("check --lang", None),
        ("--lang fr", None),
        ("check -- --lang en", None),
        ("check demo-a --lang", None),
    ],
)
def test_the_language_is_read_before_the_rest(words: str, language: str | None) -> None:
    assert asked_language(words.split()) == language


def test_the_environment_gives_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, language in (("en", "en"), ("zh", "zh"), ("", "zh"), ("fr", "zh")):
        monkeypatch.setenv(LANG, given)
        assert surrounding_language() == language
    monkeypatch.delenv(LANG)
    assert surrounding_language() == "zh"
