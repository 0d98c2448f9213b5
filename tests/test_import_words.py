"""The first word of ``appraise import`` names a kind of sheet, or is the path of a package."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from generator.cli.filing import sheets
from generator.cli.filing.importing import SHEETS, Importing
from generator.cli.line.saying import argument, command, option


@click.command(cls=Importing, name="import")
@argument("packages", nargs=-1)
@option("--commit", is_flag=True)
@option("--lang")
def importing(packages: tuple[str, ...], *, commit: bool, lang: str | None) -> None:
    click.echo(f"packages {packages} {commit} {lang}")


@command("")
@argument("file")
@option("--lang")
def due(file: str, lang: str | None) -> None:
    click.echo(f"due {file} {lang}")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("due a.xlsx", "due a.xlsx None"),
        ("--lang en due a.xlsx", "due a.xlsx en"),
        ("--lang=en due a.xlsx", "due a.xlsx en"),
        ("due --lang en due", "due due en"),
        ("a.zip due", "packages ('a.zip', 'due') False None"),
        ("./due", "packages ('./due',) False None"),
        ("-- due", "packages ('due',) False None"),
        ("--commit a.zip", "packages ('a.zip',) True None"),
        ("attendance a.xlsx", "packages ('attendance', 'a.xlsx') False None"),
        ("", "packages () False None"),
    ],
)
def test_the_first_word_decides(words: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "OFFERED", {"due": due})
    result = CliRunner().invoke(importing, words.split())
    assert result.output == f"{told}\n"


def test_what_is_no_kind_is_never_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "OFFERED", dict.fromkeys([*SHEETS, "rubric"], due))
    assert list(Importing("import").others) == list(SHEETS)


def test_help_lists_the_kinds_that_are_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "OFFERED", {"due": due})
    told = CliRunner().invoke(importing, ["--help"]).output
    assert "也可以导入:\n  due" in told
    monkeypatch.setattr(sheets, "OFFERED", {})
    assert "也可以导入" not in CliRunner().invoke(importing, ["--help"]).output
