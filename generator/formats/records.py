"""Records: mappings with fixed keys, each defined once as a dataclass with its shapes and words.

The definition reads the file, refuses unknown keys, writes the JSON Schema and the reference page.

A field has the type of what it may hold. Without a default its key must be there: a mapping that
lacks it is reported and gives no record (INVALID). ``default=None`` makes the field ``| None``:
the record is there without it, for findings and pages. ``valid`` says that nothing in it was
reported, once and for all: records are frozen.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

# Any: the values of one record have a type each, which ``key`` holds to that of the field.
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from generator.formats.nodes import Mapping, Node, Sequence, is_absent
from generator.formats.shapes import (
    INVALID,
    Context,
    Invalid,
    Schema,
    Shape,
    T,
    in_braces,
)
from generator.formats.slips.levels import WRONG_LEVEL, level_hint
from generator.text.language import mark
from generator.text.messages import Value, listed, say
from generator.text.names import SHORT, visible
from generator.text.remedies import write
from generator.text.unknown import Known, report_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Sized

    from generator.text.findings import Place


UNKNOWN_KEY = mark("未知字段“{value}”；这里可以写：{known}{nearest}")
#: Schema of what may stand at an optional key in place of its value.
NOTHING: Schema = {"enum": [None, ""]}

R = TypeVar("R", bound="Record")
D = TypeVar("D")

#: Attribute → value as read. Each value has the type of its field: ``key`` holds them together.
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record: its shape and the words that explain it."""

    name: str
    shape: Shape[object]
    title: str
    description: str
    required: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Base of every record read from a file: where it stands and whether its part was clean."""

    place: Place = field(repr=False, compare=False)
    node: Mapping = field(repr=False, compare=False)
    valid: bool = True

    def at(self, key: str) -> Place:
        """Return the place of the value at ``key``, or of the record where it is absent."""
        return self.node.place(self.place, key)

    def at_key(self, *keys: str) -> Place:
        """Return the place of the last of these keys, each below the one before it."""
        node: Node = self.node
        place = self.place
        for key in keys:
            entry = node.entries.get(key) if isinstance(node, Mapping) else None
            if entry is None:
                break
            position, node = entry
            place = place.child(key, *position)
        return place

    def is_whole(self, key: str, read: Sized) -> bool:
        """Whether every entry of the list at ``key`` could be read; ``read`` are those that were.

        Only then does it mean something to add them up, or to say that one is not there.
        """
        node = self.node.entries.get(key, (None, None))[1]
        return isinstance(node, Sequence) and len(node.items) == len(read)


@overload
def key(
    shape: Shape[T],
    title: str,
    description: str = "",
    *,
    required: Literal[True],
    name: str | None = None,
) -> T: ...
@overload
def key(
    shape: Shape[T], title: str, description: str = "", *, name: str | None = None
) -> T | None: ...
@overload
def key(
    shape: Shape[T],
    title: str,
    description: str = "",
    *,
    required: bool = False,
    default: D,
    name: str | None = None,
) -> T | D: ...
@overload
def key(
    shape: Shape[T],
    title: str,
    description: str = "",
    *,
    required: bool = False,
    factory: Callable[[], T],
    name: str | None = None,
) -> T: ...
def key(
    shape: Shape[T],
    title: str,
    description: str = "",
    *,
    required: bool = False,
    default: object = dataclasses.MISSING,
    factory: Callable[[], T] | None = None,
    name: str | None = None,
) -> object:
    """Define a key of a record's format: a dataclass field, typed by what it may hold.

    A required key without a default must be there; any other is None where it is absent.
    """
    metadata = {
        "shape": shape,
        "title": title,
        "description": description,
        "required": required,
        "name": name,
    }
    if factory is not None:
        return dataclasses.field(default_factory=factory, metadata=metadata)
    if default is dataclasses.MISSING and not required:
        default = None
    return dataclasses.field(default=default, metadata=metadata)


def keys_of(cls: type[Record]) -> dict[str, tuple[str, Key]]:
    """Return key in the file → (attribute, definition) of a record class."""
    found = {}
    for item in dataclasses.fields(cls):
        meta = item.metadata
        if "shape" in meta:
            name = meta["name"] or item.name
            definition = Key(
                name, meta["shape"], meta["title"], meta["description"], meta["required"]
            )
            found[name] = (item.name, definition)
    return found


def due_of(cls: type[Record]) -> frozenset[str]:
    """Return the attributes without which there is no record of a class."""
    return frozenset(
        item.name
        for item in dataclasses.fields(cls)
        if "shape" in item.metadata
        and item.default is dataclasses.MISSING
        and item.default_factory is dataclasses.MISSING
    )


class RecordShape(Shape[R]):
    """A mapping with fixed keys, read into a record class."""

    def __init__(self, cls: type[R], title: str = "") -> None:
        self.cls = cls
        self.title = title
        self.keys = keys_of(cls)
        self.due = due_of(cls)
        self._below = {name: definition.shape for name, (_, definition) in self.keys.items()}

    def read(self, node: Node, place: Place, context: Context) -> R | Invalid:
        """Return a record, ``valid`` where no error was found; INVALID where it lacks its due."""
        if not isinstance(node, Mapping):
            return self.refuse(node, place, context)
        before = context.report.count
        values = read_keys(self.keys, node, place, context)
        found = context.report.findings[before:]
        valid = all(finding.severity != "error" for finding in found)
        if found and not self.due <= values.keys():
            values = self.mended(values, node)
            if not self.due <= values.keys():
                return INVALID
        valid = self.holds(values, node, place, context, clean=valid)
        return self.cls(**values, place=place, node=node, valid=valid)

    def below(self) -> dict[str, Shape[object]]:
        """Return key → shape."""
        return self._below

    def meant(self, text: str, context: Context) -> str:
        """Return braces in full width as YAML has them."""
        return in_braces(self, text, context)

    def mended(self, values: Values, node: Mapping) -> Values:
        """Return values with what stands in for those that could not be read; none here."""
        del node
        return values

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Whether the record is valid; ``clean`` says that no key by itself was reported."""
        del values, node, place, context
        return clean

    def schema(self) -> Schema:
        """Return an object schema with titles and descriptions."""
        return object_schema(self.keys, self.title)

    def expected(self) -> Value:
        """Name the keys that are due."""
        required = [k for k, (_, d) in self.keys.items() if d.required] or list(self.keys)
        return say("一组键和值（{keys}）", keys=listed(required))


def read_keys(
    keys: dict[str, tuple[str, Key]],
    node: Mapping,
    place: Place,
    context: Context,
    *,
    required: bool = True,
) -> Values:
    """Read the values of known keys; report unknown and missing ones (S002, S001)."""
    values: Values = {}
    refused: list[str] = []
    astray = context.budget.astray
    for name, (position, value_node) in node.entries.items():
        known = keys.get(name)
        if known is None:
            at = place.child(name, *position)
            found = report_unknown_key(keys, name, at, place, context)
            refused.extend(own for own, _ in filter(None, [keys.get(found)]))
            continue
        if is_absent(value_node):
            continue
        attribute, definition = known
        value = definition.shape.take(value_node, context)
        if value is INVALID:
            at = place.child(name, value_node.line, value_node.column)
            value = read_or_refuse(definition.shape, value_node, at, context)
        if value is INVALID:
            refused.append(attribute)
        elif value != "":
            values[attribute] = value
    for name, (attribute, definition) in keys.items() if required else ():
        settled = attribute in values or attribute in refused
        if definition.required and not settled and (place.pointer or name not in astray):
            if context.held and f"{place.pointer}/{name}" in context.held:
                continue
            report_missing(context, node.place(place, name), definition)
    return values


def report_unknown_key(
    keys: dict[str, tuple[str, Key]], name: str, at: Place, place: Place, context: Context
) -> str:
    """Report S002 for a key of the mapping at ``place``: another level's, run on, or unknown.

    Return the key that it seems to be.
    """
    report = context.report
    if name == "<<":
        return ""
    known, colon, rest = (part.strip() for part in name.partition(":"))
    fixed = ""
    if context.budget.take():
        hint = level_hint(context, place, name)
        if hint is not None:
            report.add("S002", at, WRONG_LEVEL, hint=hint, value=visible(name, SHORT))
            return ""
        if colon and known in keys and rest:
            fixed = f"{known}: {rest}"
        elif name.startswith("-") and name[1:].strip() in keys:
            fixed = f"- {name[1:].strip()}"
    if fixed:
        report.add(
            "S002", at, UNKNOWN_KEY, hint=write(name, fixed),
            value=visible(name, SHORT), known=listed([known.removeprefix("-")]), nearest="",
        )  # fmt: skip
        return known.removeprefix("-")
    titles = {own: say(d.title) for own, (_, d) in keys.items() if d.title}
    return report_unknown(report, "S002", at, name, Known(keys, titles), UNKNOWN_KEY)


def read_or_refuse(shape: Shape[T], node: Node, place: Place, context: Context) -> T | Invalid:
    """Read a value; what a shape cannot read is a finding, whatever the shape says itself."""
    before = context.report.count
    value = shape.read(node, place, context)
    if value is INVALID and context.report.count == before:
        return shape.refuse(node, place, context)
    return value


def report_missing(context: Context, place: Place, definition: Key) -> None:
    """Report S001 for a key that must be there."""
    title = say(definition.title) if definition.title else ""
    words = (
        say("“{name}”（{title}）", name=definition.name, title=title)
        if title
        else say("“{name}”", name=definition.name)
    )
    context.report.add("S001", place, "缺少{words}", words=words)


def object_schema(keys: dict[str, tuple[str, Key]], title: str = "") -> Schema:
    """Return the JSON Schema of a mapping with these keys."""
    properties = {}
    for name, (_, definition) in keys.items():
        entry = {"title": say(definition.title)} if definition.title else {}
        if definition.description:
            entry["description"] = say(definition.description)
        value = definition.shape.schema()
        nullable = value if definition.required else {"anyOf": [value, NOTHING]}
        properties[name] = {**entry, **nullable}
    result: Schema = {"type": "object"}
    if title:
        result["title"] = say(title)
    result["properties"] = properties
    required = [name for name, (_, d) in keys.items() if d.required]
    if required:
        result["required"] = required
    result["additionalProperties"] = False
    return result
