"""Messages as data: how they are stored, and what stands in their values."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from generator.text.messages import Listed, Message, read_value, value_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.text.findings import Finding
    from generator.text.messages import Value

HAN = re.compile("[\u4e00-\u9fff]+")


def again(value: Value) -> Value:
    """Return a value after it was stored as text."""
    return read_value(json.loads(json.dumps(value_json(value))))


def stored(findings: list[Finding]) -> str:
    """Return findings as they are stored: places, ids and values."""
    rows = [
        [f.code, f.path, f.line, f.column, value_json(f.message), value_json(f.hint), f.fingerprint]
        for f in findings
    ]
    return json.dumps(rows, ensure_ascii=False)


def texts_of(value: Value) -> Iterator[str]:
    """Yield every text among the values of a message, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Message):
        for _, own in value.values:
            yield from texts_of(own)
    elif isinstance(value, Listed):
        for item in value.items:
            yield from texts_of(item)


def ids_of(value: Value) -> Iterator[str]:
    """Yield the ids of a message and of all messages in it."""
    if isinstance(value, Message):
        yield value.id
        for _, own in value.values:
            yield from ids_of(own)
    elif isinstance(value, Listed):
        yield value.between
        for item in value.items:
            yield from ids_of(item)


def data_of(root: Path) -> str:
    """Return all text of a repository: names and content of files, white space apart."""
    found = []
    for path in sorted(root.rglob("*")):
        found.append(str(path))
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            found += [data.decode("utf-8", "replace"), data.decode("gb18030", "replace")]
    return "".join("\n".join(found).split())


def foreign(values: Sequence[Value], root: Path) -> list[str]:
    """Return the Chinese words among values of messages that the data does not hold."""
    words = {word for value in values for text in texts_of(value) for word in HAN.findall(text)}
    data = data_of(root) if words else ""
    return sorted(word for word in words if word not in data)
