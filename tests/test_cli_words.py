"""The command line speaks one language at a time: no English sentence in Chinese, no Chinese in
English, in help and behind every mistake."""

from __future__ import annotations

import ast
import errno
import os
import random
import re
from pathlib import Path

import pytest
from click import Context, Group
from click.testing import CliRunner, Result

from generator.cli.line.words import CLICK, MODULES, width
from generator.cli.main import COMMANDS, cli
from generator.text.language import gettext, set_language
from generator.text.system import REASONS, reason
from tests.support import BASE
from tests.tiers import tiered

HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
#: Two English words in a row are a sentence: names of options, files and commands stand alone.
ENGLISH = re.compile(r"(?<![\w/.-])[A-Za-z]{2,} +(?:[a-z]{2,}\b)(?![\w/.-])")
#: A command line in a Chinese text, as it is typed.
COMMAND_LINE = re.compile(r"appraise( [a-z]+)?|git [a-z]+")
#: What click says only to whoever writes a program with it, or asks at a terminal, or may be said
#: with what is fixed before a language is chosen.
NEVER = re.compile(
    r"Windows error|Editing failed|DeprecationWarning|Value must be an|Could not determine"
    r"|No options defined|Arguments take exactly|defined twice|Boolean option|Do you want"
    r"|Confirm the|version %|Invalid start|Press any key|Repeat for|two entered|Unknown color"
    r"|invalid input|^(file|directory|path|d)$|Choice\(|match the format|valid UUID"
    r"|values are required|Unknown standard|extra"
)


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), prog_name="appraise", env=env)


def shown(result: Result) -> str:
    """Return what a command line printed, mistakes as ``main()`` shows them."""
    return result.stdout + result.stderr


def english_in(text: str) -> list[str]:
    """Return the English sentences of a Chinese text."""
    return [
        match.group()
        for line in text.splitlines()
        for match in ENGLISH.finditer(COMMAND_LINE.sub("", line))
    ]


def texts_of_click() -> set[str]:
    """Return every text that the installed click asks a translation for."""
    found = set()
    for module in MODULES:
        source = Path(str(module.__file__)).read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}:
                found |= {
                    argument.value
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                }
    return found


def test_everything_that_click_says_is_there_in_chinese() -> None:
    said = texts_of_click()
    assert len(said) > 60
    assert {text for text in said if not NEVER.search(text)} <= set(CLICK)


def test_the_chinese_keeps_the_places_of_click() -> None:
    place = re.compile(r"\{(\w+)")
    for theirs, ours in CLICK.items():
        assert set(place.findall(ours)) <= set(place.findall(theirs)), theirs
        assert HAN.search(ours)


@pytest.mark.parametrize("name", ["", *sorted(COMMANDS)])
def test_help_is_in_one_language(name: str) -> None:
    command = [name] if name else []
    chinese = shown(run(*command, "--help"))
    assert english_in(chinese) == []
    assert HAN.search(chinese)
    for arguments in (["--lang", "en", *command, "-h"], [*command, "--help", "--lang=en"]):
        english = shown(run(*arguments))
        assert HAN.findall(english) == []
        assert "Usage:" in english
    assert shown(run(*command, "--help", env={"APPRAISAL_LANG": "en"})) == english
    again = shown(run("--lang", "zh", *command, "--help", env={"APPRAISAL_LANG": "en"}))
    assert again == chinese


def options_of(name: str) -> list[str]:
    command = cli.get_command(Context(cli), name)
    assert command is not None
    return sorted(text for each in command.params for text in each.opts if text.startswith("-"))


#: Ways to call a command wrongly; W stands for its name, O for one of its options.
MISUSES = (
    "W --no-such-option", "W --yer 2025", "W --root", "W --root /no/such/folder", "W --lang fr",
    "W a b c d e f g", "W O x --no-such", "W O O O O --no-such", "W O=x --no-such",
    "W --year twenty", "W --jobs 0", "W --jobs x",
    "W --format xml", "W --format", "W --as-of 2025-02-30", "W --as-of yesterday", "W --shard 5/4",
    "W --shard x", "Wx", "xW", "--no-such W", "--root", "--lang", "W -x", "W --quiet=1",
    "W demo-zz", "W --address nowhere", "W /no/such/file",
)  # fmt: skip


def misuse(seed: int) -> list[str]:
    """Return a wrong command line, drawn by a seed."""
    chance = random.Random(seed)
    name = sorted(COMMANDS)[seed % len(COMMANDS)]
    option = chance.choice(options_of(name))
    words = MISUSES[(seed * 5 + seed // len(COMMANDS)) % len(MISUSES)].split()
    return [re.sub("O", option, word.replace("W", name)) for word in words]


@pytest.mark.parametrize("seed", tiered(range(300), often=60, fast=30))
def test_a_mistake_is_told_in_one_language(seed: int) -> None:
    """In the language asked for, wherever ``--lang`` stands; with status 2, and never a fault."""
    words = misuse(seed)
    if {"serve", "build"} & {*words}:
        words.append("--no-such-option")
    root = [] if any(word.startswith("--root") for word in words) else ["--root", str(BASE)]
    for language, wrong in (("zh", english_in), ("en", HAN.findall)):
        result = run(*root, "--lang", language, *words)
        assert result.exit_code == 2, (words, result.exception)
        assert wrong(shown(result)) == [], words


def test_no_command_at_all_shows_the_help() -> None:
    assert "用法" in shown(run())
    assert "Usage" in shown(run("--lang", "en"))


def test_an_unknown_language_of_the_environment_is_chinese() -> None:
    assert "用法" in shown(run("--help", env={"APPRAISAL_LANG": "fr"}))


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_what_the_system_refuses_is_told_without_its_words(number: int) -> None:
    error = OSError(number, os.strerror(number))
    set_language("zh")
    words = str(reason(error))
    assert HAN.search(words)
    assert os.strerror(number) not in words
    assert number in REASONS or errno.errorcode[number] in words
    set_language("en")
    assert HAN.findall(str(reason(error))) == []


def test_a_refusal_without_a_number_has_its_kind() -> None:
    assert str(reason(OSError("odd"))) == "系统错误 OSError"


def test_columns_are_counted_as_a_terminal_shows_them() -> None:
    assert [width(text) for text in ("", "ab", "年度", "a年", "：")] == [0, 2, 4, 3, 2]
    lines = shown(run("check", "--help")).splitlines()
    begin = {
        width(line[: line.index(gettext(word))])
        for line in lines
        for word in ("年度", "不显示进度", "显示这段说明")
        if line.startswith(("  --quiet", "  -h")) and word in line
    }
    assert len(begin) == 1


def test_the_program_is_a_group_of_all_commands() -> None:
    assert isinstance(cli, Group)
    for name in COMMANDS:
        command = cli.get_command(Context(cli), name)
        assert command is not None
        assert command.help
