"""The reference of file formats, made from the definitions that read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.branch_files import AttendanceShape
from generator.formats.records import RecordShape, keys_of
from generator.formats.shapes import ListShape, MapShape, Shape
from generator.rubric.levels import LevelShape
from generator.rubric.methods.parts import METHOD_KEY, ScoredShape
from generator.text.language import gettext, heading

if TYPE_CHECKING:
    from generator.reports.schemas import FileFormat


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a format: where it stands, what it is called, whether it must be there."""

    key: str
    title: str
    required: bool
    expected: str
    description: str


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
    return FormatTable(item.name, heading(item.title), item.path, rows)


def key_rows(shape: Shape[object], prefix: str) -> list[KeyRow]:
    """Return the rows of a shape's keys, nested keys behind those that hold them."""
    if isinstance(shape, ListShape):
        return key_rows(shape.item, f"{prefix}[]")
    if isinstance(shape, MapShape):
        return key_rows(shape.value, f"{prefix}.*" if prefix else "*")
    if isinstance(shape, LevelShape):
        return key_rows(shape.form, prefix)
    if isinstance(shape, AttendanceShape):
        return key_rows(shape.counts, prefix) + key_rows(shape.file, prefix)
    if isinstance(shape, ScoredShape):
        every = {k: v for cls in shape.methods.values() for k, v in keys_of(cls).items()}
        keys = {**shape.base, **METHOD_KEY, **every}
    elif isinstance(shape, RecordShape):
        keys = shape.keys
    else:
        return []
    rows = []
    for name, (_, definition) in keys.items():
        key = f"{prefix}.{name}" if prefix else name
        rows.append(
            KeyRow(
                key,
                gettext(definition.title) if definition.title else "",
                definition.required,
                str(definition.shape.expected()),
                gettext(definition.description) if definition.description else "",
            )
        )
        rows += key_rows(definition.shape, key)
    return rows
