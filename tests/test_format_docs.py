"""``docs/format.md`` names all that the program knows, and nothing that it does not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from generator import RULES
from generator.cli.line.handing import Handing
from generator.cli.main import COMMANDS, cli
from generator.formats.records import RecordShape
from generator.reports.schemas import FORMATS, FileFormat
from generator.rubric.methods.base import METHODS
from generator.rubric.methods.parts import PART_SHAPE
from generator.scoring.scorecard import Basis, Status
from generator.site.reference.formats import key_rows
from generator.text.codes import CODES
from tests.support import BASE, FINDINGS, appraise

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "format.md").read_text("utf-8")
CODE = re.compile(r"`([^`]+)`")
RUBRIC = "rubric.yml"

#: A line of a table: its cells.
Cells = list[str]


def section(number: int) -> str:
    """Return the text of a numbered section."""
    begin = TEXT.index(f"\n## {number}. ")
    end = TEXT.find("\n## ", begin + 1)
    return TEXT[begin : end if end >= 0 else len(TEXT)]


def tables(text: str) -> list[tuple[Cells, list[Cells]]]:
    """Return (heading, rows) of every table."""
    found: list[tuple[Cells, list[Cells]]] = []
    before = ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|---"):
            found.append(([cell.strip() for cell in before.strip("|").split("|")], []))
        elif line.startswith("|") and found and before.startswith("|"):
            found[-1][1].append(cells)
        before = line
    return found


def table(text: str, heading: str) -> list[Cells]:
    """Return the rows of the one table whose first heading is this."""
    (rows,) = [rows for head, rows in tables(text) if head[0] == heading]
    return rows


def part_about(path: str) -> str:
    """Return the text below the heading of a kind of file."""
    begin = TEXT.index(f"\n### `{path}`\n")
    return re.split(r"\n##+ ", TEXT[begin + 1 :], maxsplit=1)[0]


def documented(path: str) -> dict[str, tuple[bool, str]]:
    """Return key → (whether it is ticked, title) of a kind of file, as the page has it."""
    found = {}
    for head, rows in tables(part_about(path)):
        if not head[0].startswith("key"):
            continue
        for row in rows:
            (name,) = CODE.findall(row[0])
            for prefix in CODE.findall(head[0]) or [""]:
                key = f"{prefix}.{name}" if prefix else name
                assert key not in found, key
                found[key] = (row[1] == "✓", row[2])
    return found


@pytest.mark.parametrize("item", FORMATS, ids=lambda item: item.name)
def test_every_key_of_every_file(item: FileFormat) -> None:
    rows = key_rows(item.shape, "")
    known = {row.key: (row.required, row.title) for row in rows}
    found = documented(item.path)
    assert set(found) == set(known)
    # One name may be a parameter of several methods, each with a title of its own.
    loose = {key for key in known if item.path == RUBRIC and key.endswith(".of")}
    differing = {key for key in known if found[key] != known[key]} - loose
    assert differing == set()


def test_every_code_with_its_severity() -> None:
    rows = {row[0]: row[1] for row in table(section(6), "code")}
    assert rows == {code.code: code.severity.value for code in CODES.values()}
    assert set(re.findall(r"\b[YSERCBG][0-9]{3}\b", TEXT)) == set(CODES)


def test_every_method_with_its_title_and_parameters() -> None:
    rows = {CODE.findall(row[0])[0]: row[1:3] for row in table(section(3), "method")}
    assert set(rows) == set(METHODS)
    for name, cls in METHODS.items():
        title, takes = rows[name]
        assert title == cls.title
        own = {row.key for row in key_rows(RecordShape(cls), "") if row.key.isidentifier()}
        assert set(CODE.findall(takes)) == own


def test_parts_have_the_methods_that_the_page_says() -> None:
    assert set(METHODS) - set(PART_SHAPE.methods) == {"parts", "judgement"}
    assert "any method but `parts` and `judgement`" in section(3)


def test_every_basis_and_status() -> None:
    (line,) = re.findall(r"`basis` is (.*?)\. ", section(7), re.DOTALL)
    assert set(CODE.findall(line)) == {basis.written for basis in Basis}
    (row,) = [
        row for row in table(section(7).split("A branch has", 1)[1], "key") if row[0] == "`status`"
    ]
    assert set(CODE.findall(row[1])) == {status.value for status in Status}
    rule = section(5)
    for value in (*(basis.written for basis in Basis), *Status):
        assert f"`{value}`" in rule, value


def commands() -> dict[str, click.Command]:
    """Return name → command of the program."""
    context = click.Context(cli)
    return {name: command for name in COMMANDS if (command := cli.get_command(context, name))}


def test_every_command() -> None:
    told = re.findall(r"`appraise ([a-z]+)", TEXT)
    assert set(told) == set(commands())
    rows = [row[0] for row in table(section(8), "command")]
    assert {CODE.findall(row)[0].split()[1] for row in rows} == set(commands())


def options(command: click.Command) -> set[str]:
    """Return the options of a command and of those that it hands over to, as they are typed."""
    others = command.others.values() if isinstance(command, Handing) else ()
    return {
        text
        for own in (command, *others)
        for parameter in own.params
        if isinstance(parameter, click.Option)
        for text in (*parameter.opts, *parameter.secondary_opts)
    }


def test_every_option_of_every_command() -> None:
    shared = {"--root", "--lang"}
    rows = {}
    for row in table(section(8), "option"):
        for text in CODE.findall(row[0]):
            rows[text.split()[0]] = row[1]
    known = set[str]().union(*(options(command) for command in commands().values()), options(cli))
    assert set(rows) == known | {"--help", "-h"}
    for name, command in commands().items():
        assert shared <= options(command)
        for option in options(command) - shared:
            assert re.search(rf"\b{name}\b", rows[option]), (name, option)
    for option in set(rows) - shared - {"--help", "-h", "--version"}:
        of = set(re.findall(r"[a-z]+", re.sub("`[^`]*`", "", rows[option])))
        assert of == {n for n, command in commands().items() if option in options(command)}, option


def test_every_format_of_the_output() -> None:
    (row,) = [row for row in table(section(8), "option") if row[0] == "`--format`"]
    told = {
        name.strip(): CODE.findall(words)
        for name, words in (entry.split(":", 1) for entry in row[1].split("·"))
    }
    known = {}
    for name, command in commands().items():
        for parameter in command.params:
            if "--format" in parameter.opts and isinstance(parameter.type, click.Choice):
                known[name] = [parameter.default, *parameter.type.choices]
    assert {name: [words[0], *words] for name, words in told.items()} == known


def keys_in(value: object) -> set[str]:
    """Return every key of a JSON document, at any depth."""
    if isinstance(value, dict):
        return set(value) | set[str]().union(*map(keys_in, value.values()))
    return set[str]().union(*map(keys_in, value)) if isinstance(value, list) else set()


def test_every_key_of_the_json() -> None:
    words = set(CODE.findall(section(7)))
    document = json.loads(appraise("score", "--format", "json", root=BASE).stdout)
    assert keys_in({**document, "branches": []}) - {"from", "to", "titles", "team", "order"} <= (
        words | {"title", "opinion", "meeting", "decided", "notice"}
    )
    (branch, *_) = document["branches"]
    shown = {**branch, "records": [], "sections": {}, "lines": branch["lines"]}
    assert keys_in(shown) <= words
    findings = json.loads(appraise("check", "--format", "json", root=BASE).stdout)
    assert keys_in({**findings, "findings": []}) <= set(re.findall(r"[a-z]+", section(6)))


def named_tests() -> list[tuple[str, str, str]]:
    """Return (file, function, case) of every test that the page names; no case is ""."""
    return re.findall(r"`(tests/\w+\.py)::(\w+)(?:\[([^\]`]+)\])?`", section(9))


def test_every_finer_point_names_a_test_that_exists() -> None:
    points = re.split(r"\n- ", section(9))[1:]
    assert len(points) >= 30
    for point in points:
        assert re.search(r"`tests/\w+\.py::\w+", point), point
    for file, function, case in named_tests():
        source = (ROOT / file).read_text("utf-8")
        assert re.search(rf"^def {function}\(", source, re.MULTILINE), f"{file}::{function}"
        assert not case or (FINDINGS / f"{case}.yml").is_file(), case
    assert section(9).count("tests/") == len(named_tests())


def test_sections_that_the_code_points_to_exist() -> None:
    pointer = re.compile(r"docs/format\.md\s+§([0-9]+)(?:,\s+rules?\s+([0-9]+))?")
    rules = set(re.findall(r"^([0-9]+)\. ", section(5), re.MULTILINE))
    found = 0
    for folder in ("generator", "tests", "tools", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            for number, rule in pointer.findall(path.read_text("utf-8")):
                found += 1
                assert f"\n## {number}. " in TEXT, path
                assert not rule or (number == "5" and rule in rules), path
    assert found > 0


def test_every_number_of_the_rules_says_what_it_changed() -> None:
    rows = table(section(7), "rules")
    assert [int(row[0]) for row in rows] == list(range(1, RULES + 1))
    assert all(len(row[1]) > 5 for row in rows)
