"""The reference of file formats, made from the definitions that read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.i18n import gettext
from generator.methods.parts import METHOD_KEY, ScoredShape
from generator.model import AttendanceShape
from generator.records import RecordShape, keys_of
from generator.shapes import ListShape, MapShape, Shape

if TYPE_CHECKING:
    from generator.records import Key
    from generator.schemas import FileFormat


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a format: where it stands, what is due, and which method it belongs to, if any."""

    key: str
    title: str
    required: bool
    expected: str
    description: str
    method: str


@dataclass(frozen=True, slots=True)
class FormatTable:
    """A kind of file and all its keys."""

    name: str
    title: str
    path: str
    rows: tuple[KeyRow, ...]


def format_tables(item: FileFormat) -> FormatTable:
    """Return the table of one kind of file."""
    rows = tuple(key_rows(item.shape, ""))
    return FormatTable(item.name, gettext(item.title), item.path, rows)


def key_rows(shape: Shape, prefix: str) -> list[KeyRow]:
    """Return the rows of a shape's keys, nested keys behind those that hold them."""
    if isinstance(shape, ListShape):
        return key_rows(shape.item, f"{prefix}[]")
    if isinstance(shape, MapShape):
        return key_rows(shape.value, f"{prefix}.*" if prefix else "*")
    if isinstance(shape, AttendanceShape):
        return key_rows(shape.counts, prefix) + key_rows(shape.file, prefix)
    if isinstance(shape, ScoredShape):
        return record_rows({**shape.base, **METHOD_KEY}, prefix) + method_rows(shape, prefix)
    return record_rows(shape.keys, prefix) if isinstance(shape, RecordShape) else []


def record_rows(keys: dict[str, tuple[str, Key]], prefix: str, method: str = "") -> list[KeyRow]:
    """Return the rows of a record's keys, or of the parameters of a scoring method."""
    rows = []
    for name, (_, definition) in keys.items():
        key = f"{prefix}.{name}" if prefix else name
        rows.append(
            KeyRow(
                key,
                gettext(definition.title) if definition.title else "",
                definition.required,
                definition.shape.expected(),
                gettext(definition.description) if definition.description else "",
                method,
            )
        )
        rows += key_rows(definition.shape, key)
    return rows


def method_rows(shape: ScoredShape, prefix: str) -> list[KeyRow]:
    """Return the parameters of each scoring method that may stand here."""
    rows = []
    for name, cls in shape.methods.items():
        rows += record_rows(keys_of(cls), prefix, name)
    return rows
