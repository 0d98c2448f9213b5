"""Every command that the README and pages for the committee show is one the program takes."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from generator.cli.main import cli

if TYPE_CHECKING:
    import click
    from click.testing import Result

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "README.zh-CN.md", "docs/hosting.md", "docs/hosting.zh-CN.md")
GUIDES = ("docs/after.md", "docs/after.zh-CN.md")
CALL = re.compile(r"(?:^|[ `\"])(?:\.venv/bin/)?appraise( [^`#\n·]+)")
#: What stands for a value → one.
VALUES = {
    "<id>": "demo-b", "<编号>": "demo-b", "ID": "demo-b", "编号": "demo-b", "CODE": "E001",
    "代码": "E001", "<criterion>": "org-plan", "<小项>": "org-plan", "YEAR": "2024",
    "年度": "2024", "BASE": "main", "基准": "main", "HEAD": "main", "版本": "main",
    "LOGIN": "example", "账号": "example", "PART…": "README.md", "分片…": "README.md",
    "FILE.xlsx": f"{ROOT}/tests/sheets/ballots-counted.xlsx",
}  # fmt: skip
#: Short and sure: what may run on the sample.
RUN = {"check", "explain", "score", "schema", "whatif"}


def calls() -> list[tuple[str, str]]:
    """Return page and command line for each call, alternatives apart, what is optional left out."""
    found = []
    for page in (*PAGES, *GUIDES):
        for line in (ROOT / page).read_text("utf-8").splitlines():
            for match in CALL.finditer(line):
                text = re.sub(r" *\[[^\]]*\]", "", match[1].split("  ")[0]).strip()
                if text.startswith(("命令", "COMMAND")):
                    text = "check --help"
                alternatives = re.split(r" \| ", text)
                found += [(page, alternatives[0])]
                found += [(page, f"{text.split()[0]} {other}") for other in alternatives[1:]]
    return found


def words_of(text: str) -> list[str]:
    """Return the words of a command line, values put in."""
    return [VALUES.get(word, word) for word in shlex.split(text) if word != "…"]


def parsed(words: list[str]) -> click.Context:
    """Return what the program makes of a command line, which it does not run."""
    group = cli.make_context("appraise", list(words))
    rest = [*group._protected_args, *group.args]
    name, command, arguments = cli.resolve_command(group, rest)
    assert command is not None
    return command.make_context(name, arguments, parent=group)


@cache
def run(*words: str) -> Result:
    """Return what a command line does, which several pages may show."""
    return CliRunner().invoke(cli, words, catch_exceptions=False)


@pytest.mark.parametrize(("page", "text"), sorted({*calls()}))
def test_every_command_on_a_page_is_taken(page: str, text: str) -> None:
    words = words_of(text)
    if words[:1] == ["check"] and "--help" in words:
        assert run(*words).exit_code == 0
        return
    if "$CI_MERGE_REQUEST_DIFF_BASE_SHA" in words:
        words = ["main" if word.startswith("$") else word for word in words]
    context = parsed(words)
    assert context.command.name in words, page
    if context.command.name in RUN and "--since" not in words:
        done = run("--root", str(ROOT), *words)
        assert done.exit_code == 0, done.output


def test_the_pages_show_many() -> None:
    assert len({text for _, text in calls()}) > 20
    for page in PAGES[:2]:
        names = {text.split()[0] for where, text in calls() if where == page}
        assert names >= {"check", "explain", "build", "verify", "guard", "impact", "schema"}


def test_the_first_lines_put_the_program_on_the_path() -> None:
    """Whoever copies them can run all that follows, which names the program without its folder."""
    for page in PAGES[:2]:
        text = (ROOT / page).read_text("utf-8")
        first = text.index('export PATH="$PWD/.venv/bin:$PATH"')
        assert first < min(match.start() for match in re.finditer(r"\bappraise (?!`)[a-z]", text))
        assert ".venv/bin/appraise" not in text
        assert "--lang en build" in text


def test_the_environment_of_the_language_is_told() -> None:
    told = [*PAGES, "docs/format.md"]
    assert [page for page in told if "APPRAISAL_LANG" not in (ROOT / page).read_text("utf-8")] == []
