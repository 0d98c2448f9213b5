"""Starting: what a command does not need is not imported, and every command is there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import Context
from click.testing import CliRunner

from generator.cli.main import COMMANDS, cli
from generator.text.codes import CODES
from generator.text.language import load_catalogue
from tests.gitrepo import GitRepo
from tests.support import appraise

ROOT = Path(__file__).resolve().parent.parent
NEEDLESS = {
    "mkdocs", "material", "jinja2", "markupsafe", "babel", "pygments", "jieba", "sqlite3",
    "multiprocessing", "concurrent", "traceback",
}  # fmt: skip
OWN_NEEDLESS = {
    "generator.site",
    "generator.proposals.impact",
    "generator.proposals.guard",
    "generator.reports.explain",
}
PROMISED = {
    "check", "score", "explain", "build", "serve", "impact", "guard", "review", "ready", "finalize",
    "verify", "schema",
}  # fmt: skip


def imported(*arguments: str, root: Path) -> set[str]:
    """Return the names of all modules that one run of the program has imported."""
    code = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print('\\n' + json.dumps(sorted(sys.modules)), flush=True))\n"
        "from generator.cli.main import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--root", str(root), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode in {0, 1}, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "root")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "demo-a"),
        ("check", "demo-a", "--at", "main"),
        ("check", "--since", "main"),
        ("check", "--no-cache"),
    ],
)
def test_check_imports_nothing_needless(arguments: tuple[str, ...], repo: GitRepo) -> None:
    modules = imported(*arguments, root=repo.root)
    assert "generator.checks.claims" in modules
    assert {m.split(".")[0] for m in modules} & NEEDLESS == set()
    assert modules & OWN_NEEDLESS == set()


def test_help_of_the_program_lists_every_command() -> None:
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    assert [name for name in COMMANDS if name not in result.output] == []
    assert set(COMMANDS) == set(cli.list_commands(Context(cli)))
    assert set(COMMANDS) >= PROMISED


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_what_it_does(name: str) -> None:
    """In both languages (tests/test_cli_words.py); how that is laid out is click's affair."""
    command = cli.get_command(Context(cli), name)
    assert command is not None
    assert re.search(r"[\u4e00-\u9fff]", command.help or "")
    assert re.search(r"[A-Z]\w*\W+[a-z]", load_catalogue("en")[command.help or ""])
    assert {"root", "lang"} <= {option.name for option in command.params}
    assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0


def test_a_mistyped_command_is_told_the_nearest(tmp_path: Path) -> None:
    result = appraise("chekc", root=tmp_path)
    assert result.exit_code == 2
    assert "check" in result.output


def asked(words: str) -> dict[str, str]:
    """Return what a shell sets where it asks how words go on."""
    return {
        "_APPRAISE_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }


def offered(told: str) -> list[str]:
    """Return what the program offers a shell."""
    return [line.split(",")[1] for line in told.splitlines() if line]


def test_the_program_answers_a_shell(repo: GitRepo) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from generator.cli.main import main; main()"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **asked("appraise explain demo-b")},
        cwd=repo.root / "branches/demo-a",
    )
    assert offered(done.stdout) == ["demo-b"]


def test_the_shell_completes_what_a_command_takes(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def completed(words: str, folder: str = "") -> list[str]:
        monkeypatch.chdir(repo.root / folder)
        done = CliRunner().invoke(cli, [], env=asked(words), prog_name="appraise")
        assert done.exit_code == 0, done.output
        return offered(done.stdout)

    assert completed("appraise fi") == ["finalize"]
    assert set(completed("appraise ")) >= PROMISED
    assert completed("appraise check demo-") == ["demo-a", "demo-b"]
    assert completed("appraise explain demo-b", "branches/demo-a") == ["demo-b"]
    assert completed("appraise explain e00") == [code for code in CODES if code.startswith("E00")]
    assert completed("appraise explain demo-a d") == ["discipline", "debrief"]
    assert completed("appraise explain E001 d") == []
    assert completed("appraise whatif q-") == ["q-target"]
    assert completed("appraise check --year 20") == completed("appraise verify 20") == ["2025"]


@pytest.mark.parametrize(
    "words", [["X999"], ["zzz"], ["demo-aa"], ["debrief"], ["demo-a", "debreif"]]
)
def test_explain_says_what_it_explains(words: list[str], repo: GitRepo) -> None:
    """Branches, codes and criteria, for whoever named none; what is near is proposed."""
    done = appraise("explain", *words, root=repo.root)
    assert done.exit_code == 2
    told = {
        "X999": ["demo-a、demo-b", "E001–E0", "discipline"],
        "zzz": ["demo-a、demo-b", "E001–E0", "discipline"],
        "demo-aa": ["您是否要写“demo-a”"],
        "debrief": ["appraise explain demo-a debrief"],
        "demo-a": ["您是否要写“debrief”", "discipline"],
    }[words[0]]
    assert [text for text in told if text not in done.stderr] == []
