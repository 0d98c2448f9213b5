"""Blank text says nothing, as null does: editors write it for a field that was left empty."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from generator.formats import branch_files, committee_files
from generator.formats.nodes import Mapping, parse
from generator.formats.records import Key, RecordShape, object_schema, read_keys
from generator.formats.shapes import Context, Shape
from generator.rubric.document import RUBRIC
from generator.text.findings import Place, Report
from tests.test_finer_points import ACTIVITY, CLAIMS, OWN, changed, findings, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLANKS = ("''", '""', "' '", '"\\t "', "'\u3000'", "|\n  \n", ">-\n\n")
PLAN = f"{OWN}/documents/plan/document.yml"


def records(shape: object, seen: set[int]) -> Iterator[RecordShape[Any]]:
    """Yield every record that a shape reads, at any depth."""
    if not isinstance(shape, Shape) or id(shape) in seen:
        return
    seen.add(id(shape))
    if isinstance(shape, RecordShape):
        yield shape
        for _, key in shape.keys.values():
            yield from records(key.shape, seen)
    for name in ("item", "value", "counts", "file"):
        yield from records(getattr(shape, name, None), seen)


def all_keys() -> list[tuple[str, RecordShape[Any], Key]]:
    """Return every key of every file, with its record."""
    tops = [RUBRIC, *vars(branch_files).values(), *vars(committee_files).values()]
    seen: set[int] = set()
    found = [record for top in tops for record in records(top, seen)]
    return [
        (f"{record.cls.__name__}.{name}", record, key)
        for record in found
        for name, (_, key) in record.keys.items()
    ]


KEYS = all_keys()


def read(record: RecordShape[Any], text: str) -> tuple[dict[str, Any], list[str]]:
    """Return the values that a mapping gives, and its findings without their places."""
    report = Report()
    node = parse(text.encode(), report, "x.yml")
    assert isinstance(node, Mapping)
    values = read_keys(record.keys, node, Place("x.yml"), Context(report, 2))
    return values, [f"{f.code} {f.message}" for f in report.findings]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key[0])
def test_blank_is_null_for_every_key(key: tuple[str, RecordShape[Any], Key]) -> None:
    _, record, definition = key
    nothing = read(record, f"{definition.name}: null\n")
    missing = [text for text in nothing[1] if f"“{definition.name}”" in text]
    assert [text.split()[0] for text in missing] == ["S001"] * definition.required
    for blank in BLANKS:
        assert read(record, f"{definition.name}: {blank}\n") == nothing, blank


def test_all_files_are_among_them() -> None:
    assert len(KEYS) > 100
    assert {name.split(".")[0] for name, *_ in KEYS} >= {"Activity", "Branch", "Claim", "Period"}


@pytest.mark.parametrize("key", [key for key in KEYS if not key[2].required], ids=lambda k: k[0])
def test_the_schema_takes_blank_for_an_optional_key(
    key: tuple[str, RecordShape[Any], Key],
) -> None:
    _, record, definition = key
    named = object_schema({definition.name: record.keys[definition.name]})
    schema = json.loads(json.dumps(named, default=str))
    for value in ("", None):
        jsonschema.validate({definition.name: value}, schema)


@pytest.mark.parametrize("blank", BLANKS[:4])
def test_a_record_with_blank_keys_counts(blank: str, tmp_path: Path) -> None:
    """Every optional key of an activity, a document and a claim may stand there empty."""
    before = line(changed(tmp_path / "a"), "activities")
    activity = "".join(f"{key}: {blank}\n" for key in ("plan", "photos", "joint_with"))
    counts = "attendance: {members: 9, present: 8, leave: 1"
    root = changed(
        tmp_path / "b",
        replace={
            ACTIVITY: {"record:": f"{activity}record:", counts: f"{counts}, file: {blank}"},
            PLAN: {"kind: plan": f"kind: plan\nurl: {blank}\nfields: {blank}"},
            CLAIMS: {"statement:": f"not_applicable: {blank}\n    statement:"},
            "branches/demo-a/branch.yml": {"kind:": f"has_committee: {blank}\nkind:"},
        },
    )  # fmt: skip
    assert findings(root) == []
    assert line(root, "activities")["points"] == before["points"]


@pytest.mark.parametrize("blank", BLANKS[:4])
def test_a_required_key_left_blank_is_missing(blank: str, tmp_path: Path) -> None:
    root = changed(
        tmp_path,
        replace={
            ACTIVITY: {"place: 会议室": f"place: {blank}"},
            PLAN: {"files: [plan.md]": f"files: [plan.md, {blank}]"},
        },
    )
    assert sorted(f["code"] for f in findings(root) if f["severity"] == "error") == ["S001", "S003"]
