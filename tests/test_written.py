"""What was written is read again as what was given, by every reader there is."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings

from generator.formats import scanner
from generator.formats.branch_files import Branch
from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, Scalar, Sequence, parse
from generator.formats.records import Record, keys_of
from generator.formats.shapes import Context
from generator.formats.spelling.scalars import spelled
from generator.formats.writing import UnwritableError, written
from generator.text.findings import Place, Report
from tests.drawn import FILES, TEXTS, values

if TYPE_CHECKING:
    from generator.formats.shape import Shape

#: What YAML 1.2 takes for a number, or 1.1 for a yes, though PyYAML does not; what ends a document;
#: tabs, which nobody sees.
OTHERS = re.compile(r"[yYnN]$|[-+]?[0-9.][0-9_.]*(?:[eE][-+]?[0-9]+)?$|0o|---|\.\.\.|(?s:.*\t)")


def read(data: bytes, shape: Shape[Any]) -> Any:
    """Read a file by its shape; nothing in it may be refused as YAML."""
    report = Report()
    node = parse(data, report, "", COMMITTEE_LIMITS)
    assert node is not None, data
    assert not report.findings, (data, report.findings)
    return shape.read(node, Place(""), Context(report))


def agrees(given: Any, found: Any) -> bool:
    """Whether what was read is what was given."""
    if isinstance(found, Record):
        keys = keys_of(type(found))
        return all(agrees(value, getattr(found, keys[key][0])) for key, value in given.items())
    if isinstance(found, Mapping):
        return all(agrees(value, found.entries[key][1]) for key, value in given.items())
    if isinstance(found, Scalar):
        return agrees_raw(given, found.text)
    if isinstance(given, list | tuple):
        own = [*found] if isinstance(found, tuple) else found
        return len(given) == len(own) and all(map(agrees, given, own))
    if isinstance(given, dict):
        return given.keys() == found.keys() and all(agrees(given[k], found[k]) for k in given)
    return bool(given == found)


def agrees_raw(given: Any, text: str) -> bool:
    """Whether a text says what a plain value does."""
    if isinstance(given, bool):
        return text == ("true" if given else "false")
    if isinstance(given, Decimal):
        return Decimal(text) == given and "E" not in text
    return text == f"{given}"


@pytest.mark.parametrize("name", FILES)
def test_reading_gives_what_was_written(name: str) -> None:
    """Every file that people keep, with values drawn from its shapes."""
    shape = FILES[name]

    @settings(max_examples=settings().max_examples // 4)
    @given(values(shape))
    def holds(drawn: Any) -> None:
        data = written(shape, drawn)
        assert agrees(drawn, read(data, shape)), data.decode()
        assert data.endswith(b"\n")

    holds()


@given(TEXTS)
def test_every_reader_sees_text_as_text(text: str) -> None:
    """libyaml, the scanner of browsers, and PyYAML's own loader with the types of YAML 1.1."""
    data = written(Branch, {"name": text, "societies": [text, text]})
    assert texts_of(data) == [text, text, text]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanner, "Parser", scanner.PythonParser)
        assert texts_of(data) == [text, text, text]
    assert yaml.safe_load(data) == {"name": text, "societies": [text, text]}


@given(TEXTS)
def test_quotes_stand_only_where_a_reader_needs_them(text: str) -> None:
    """A text in quotes would be read otherwise without them, or be no text for YAML."""
    if spelled(text) == text:
        return
    try:
        told = yaml.safe_load(f"a: {text}\n")
    except (yaml.YAMLError, ValueError):
        return
    assert told != {"a": text} or OTHERS.match(text), text


def texts_of(data: bytes) -> list[str]:
    """Return the texts of a branch's name and societies as the strict reader has them."""
    node = parse(data, report := Report(), "")
    assert not report.findings, data
    assert isinstance(node, Mapping)
    societies = node.entries["societies"][1]
    assert isinstance(societies, Sequence)
    items = [node.entries["name"][1], *societies.items]
    return [item.text for item in items if isinstance(item, Scalar)]


@pytest.mark.parametrize(
    "text", ["a\x00", "\x1b[31m", "a\u202eb", "\ud800", "a\u0085b", "a\u2028b"]
)
def test_what_no_file_holds_is_refused(text: str) -> None:
    """Signs that nobody sees: the place and the sign are told."""
    with pytest.raises(UnwritableError) as told:
        written(Branch, {"societies": ["好", text]})
    assert told.value.pointer == "/societies/1"
    assert "U+" in f"{told.value.reason}"
