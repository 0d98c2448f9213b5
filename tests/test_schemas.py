"""The JSON Schemas are read by editors, whose regular expressions are those of ECMAScript."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from generator.reports.schemas import all_schemas
from tests.support import appraise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What may be escaped in the Unicode mode of ECMAScript: syntax, classes, codes; no quotes.
ALLOWED = frozenset(r"^$\.*+?()[]{}|/-dDwWsSbBfnrtvcxu0")


def patterns(schema: object) -> Iterator[str]:
    """Yield every regular expression in a schema."""
    if isinstance(schema, dict):
        found = schema.get("pattern")
        if isinstance(found, str):
            yield found
        for value in schema.values():
            yield from patterns(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from patterns(value)


def test_patterns_escape_only_what_ecmascript_lets_them() -> None:
    every = {pattern for schema in all_schemas().values() for pattern in patterns(schema)}
    assert len(every) > 5
    escaped = {char for pattern in every for char in re.findall(r"\\(.)", pattern)}
    assert escaped - ALLOWED == set()


def test_an_address_may_hold_no_quote() -> None:
    (url,) = patterns(all_schemas()["document"]["properties"]["url"])
    assert re.search(url, "https://example.org/a?b=c#d")
    for quote in "\"'`\\<> ":
        assert not re.search(url, f"https://example.org/a{quote}b"), quote


def accepted(criterion: dict[str, Any]) -> bool:
    """Whether the schema of rubric.yml takes a criterion."""
    section = {"id": "s", "title": "s", "points": 10}
    whole = {
        "rubric": {"id": "small", "title": "x", "total": 10},
        "sections": [
            {**section, "criteria": [{"id": "c", "title": "c", "points": 10, **criterion}]}
        ],
    }
    schema = all_schemas()["rubric"]
    return not list(jsonschema.Draft202012Validator(schema).iter_errors(whole))


SHARE: dict[str, Any] = {"method": "share", "of": "form", "having": ["sign"]}
TIERS: dict[str, Any] = {"method": "tiers", "measure": {"count": "form"}}
COUNTED: dict[str, Any] = {"method": "proportion", "measure": {"count": "form"}}
PART: dict[str, Any] = {"id": "p", "title": "p", "points": 10}


@pytest.mark.parametrize(
    ("criterion", "taken"),
    [
        ({"method": "judgement"}, True),
        ({"method": "odd"}, False),
        ({}, False),
        ({"method": "judgement", "of": "form"}, False),
        (SHARE, True),
        ({**SHARE, "odd": 1}, False),
        ({**SHARE, "having": {"sign": True}}, True),
        ({**SHARE, "having": "sign"}, False),
        ({"method": "share", "of": "form"}, False),
        ({**SHARE, "empty": "full"}, True),
        ({**SHARE, "empty": "odd"}, False),
        ({**SHARE, "where": {}}, True),
        ({**SHARE, "where": {"a": "x", "b": 1, "c": True, "d": ["x", 1]}}, True),
        ({**SHARE, "where": {"a": {}}}, False),
        ({**SHARE, "where": {"a": [["x"]]}}, False),
        ({**SHARE, "where": {"a": {"present": True}}}, True),
        ({**SHARE, "where": {"a": {"present": False}}}, False),
        ({**SHARE, "where": {"a": {"at_least": 1.5, "not_after": "2025-01-01"}}}, True),
        ({**SHARE, "where": {"a": {"at_least": "many"}}}, False),
        ({**SHARE, "where": {"a": {"below": 1}}}, False),
        ({**COUNTED, "target": 0.5}, True),
        ({**COUNTED, "target": 0}, False),
        ({**COUNTED, "target": {"regular": 1}}, True),
        ({**COUNTED, "target": {"regular": 0}}, False),
        (COUNTED, False),
        ({"method": "threshold", "target": 1}, False),
        ({**TIERS, "tiers": [{"at_least": 1, "points": 5}]}, True),
        ({**TIERS, "tiers": [{"at_least": 1}]}, False),
        ({**TIERS, "tiers": [{"points": 5}]}, False),
        (TIERS, False),
        ({"method": "tiers", "tiers": []}, False),
        ({**TIERS, "measure": {"where": {}}, "tiers": []}, False),
        ({"method": "checklist", "of": "form", "fields": ["sign"]}, True),
        ({"method": "checklist", "of": "form"}, False),
        ({"method": "checklist", "fields": ["sign"]}, False),
        ({"method": "ballot"}, True),
        ({"method": "parts", "parts": [{**PART, "method": "ballot"}]}, True),
        ({"method": "parts", "parts": [{**PART, "method": "judgement"}]}, False),
        ({"method": "parts", "parts": [{**PART, "method": "parts", "parts": []}]}, False),
        ({"method": "parts", "parts": [PART]}, False),
        ({"method": "parts"}, False),
    ],
    ids=str,
)
def test_the_schema_takes_the_criteria_that_there_are(
    criterion: dict[str, Any], taken: bool
) -> None:
    assert accepted(criterion) == taken


def test_the_command_prints_and_writes_them_in_the_language_asked_for(tmp_path: Path) -> None:
    shown = json.loads(appraise("schema", root=tmp_path).stdout)
    assert shown["branch"]["properties"]["name"]["title"] == "名称"
    assert appraise("schema", "--output", str(tmp_path / "out"), root=tmp_path).exit_code == 0
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in files] == sorted(f"{name}.schema.json" for name in shown)
    assert {path.name: json.loads(path.read_text("utf-8")) for path in files} == {
        f"{name}.schema.json": schema for name, schema in shown.items()
    }
    english = appraise("--lang", "en", "schema", root=tmp_path).stdout
    assert "名称" not in english
    (tmp_path / "taken").write_text("", "utf-8")
    refused = appraise("schema", "--output", str(tmp_path / "taken" / "x"), root=tmp_path)
    assert (refused.exit_code, "没有写成" in refused.stderr) == (2, True)
