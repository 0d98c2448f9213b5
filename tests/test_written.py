"""What was written is read again as what was given, by every reader there is."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings

from generator.formats import scanner
from generator.formats.branch_files import DOCUMENT, Activity, Branch, Claim
from generator.formats.committee_files import DEBRIEF
from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, Scalar, Sequence, parse
from generator.formats.received import RECEIVED
from generator.formats.records import Record, keys_of
from generator.formats.shapes import Context, boolean, day, text
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


def test_ids_are_text_and_keys_are_as_they_are_defined() -> None:
    """A branch called no is no "no" for another reader; ``on`` stands as the definition has it."""
    data = written(DEBRIEF, {"branches": {"no": {"mode": "onsite"}, "2025": {"mode": "onsite"}}})
    assert yaml.safe_load(data)["branches"].keys() == {"no", "2025"}
    received = {"path": "documents/a", "on": datetime.date(2025, 1, 2), "reason": "纸质"}
    assert b"\n  on: 2025-01-02\n" in written(RECEIVED, [received])


def test_one_type_is_no_list() -> None:
    """A list of one is refused by the reader."""
    assert written(Activity, {"type": ["study"]}) == b"type: study\n"
    assert written(Activity, {"type": ["study", "other"]}) == b"type:\n  - study\n  - other\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [("-0", "0"), ("-0.00", "0.00"), ("4.50", "4.50"), ("1E+2", "100"), ("-1.5E-3", "-0.0015")],
)
def test_figures_stand_as_given_without_an_exponent(value: str, text: str) -> None:
    """Nothing is rounded, and no sign stands before nothing."""
    assert written(Claim, {"points": Decimal(value)}) == f"points: {text}\n".encode()


@pytest.mark.parametrize("value", ["1E+9", "0.0000001", "NaN", "Infinity", "-Infinity"])
def test_figures_that_cannot_be_read_back_are_refused(value: str) -> None:
    """Nine digits before the point, six behind it."""
    with pytest.raises(UnwritableError):
        written(Claim, {"points": Decimal(value)})


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"tittle": "x"}, KeyError),
        ({"title": 5}, TypeError),
        ({"date": datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)}, TypeError),
        ({"attendance": {"members": 1.5}}, TypeError),
        ({"photos": ["a.jpg", " "]}, UnwritableError),
    ],
)
def test_what_a_definition_never_has_is_refused(
    values: dict[str, object], error: type[Exception]
) -> None:
    """A fault of whoever calls, and an entry that says nothing."""
    with pytest.raises(error):
        written(Activity, values)


def test_what_says_nothing_is_left_out() -> None:
    """None and blank text; an empty list is a value."""
    values: dict[str, object] = {
        "title": " ",
        "place": None,
        "photos": [],
        "plan": " 方案.pdf ",
        "collective": False,
    }
    assert written(Activity, values).decode() == "collective: false\nplan: 方案.pdf\nphotos: []\n"


def test_fields_of_a_document_stand_in_the_order_of_their_kind() -> None:
    """Their shapes come from the rubric: text that looks like a day is a day where one is due."""
    free = {"期限": day, "名称": text, "已参加": boolean}
    fields = {"已参加": True, "名称": "2025-01-02", "期限": "2025-01-02"}
    data = written(DOCUMENT, {"kind": "report", "fields": fields}, free)
    assert data.decode() == (
        "kind: report\nfields:\n  期限: 2025-01-02\n"
        '  名称: "2025-01-02"\n  已参加: true\n'
    )  # fmt: skip
