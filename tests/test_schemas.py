"""The JSON Schemas are read by editors, whose regular expressions are those of ECMAScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.reports.schemas import all_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

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
