"""One file as typed values of what may be shown, and written anew from them.

Values are JSON: mappings and lists as the file has them, true and false, whole numbers, null for an
entry that says nothing; all else is text, days and points too, as it was written. A key that the
definition does not know gives way to ``WITHHELD``: it stays a fault and says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from generator.formats.branch_files import RawShape
from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_absent
from generator.formats.single import BooleanShape, CountShape, TextShape
from generator.formats.slips.levels import ANY_KEY
from generator.formats.spelling.scalars import text_of
from generator.formats.spelling.trees import Definition, Leaf, OfAny, Tree
from generator.results.audience import WITHHELD
from generator.text.findings import escape_pointer
from generator.text.privacy import as_written, masked

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.results.audience import Publish

#: A key that YAML takes for something else; no file may have it.
MERGE = "<<"
#: What JSON holds of a file.
Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value] | None"


@dataclass(slots=True)
class Shower:
    """Turns a file that was read into values; ``withheld`` are the pointers of what they lack.

    ``name`` is that of the format, as the list of fields has it; ``hidden`` are keys, as pointers,
    that are left out whatever the list says. ``whole`` says that a file is published as it stands,
    with keys that its definition does not tell of, such as those of a rubric's methods.
    """

    shows: Publish
    definition: Definition
    name: str
    hidden: Collection[str] = ()
    whole: bool = False
    withheld: list[str] = field(default_factory=list)

    def values(self, node: Node) -> Value:
        """Return the values of a whole file."""
        return self._value(node, self.definition.shape, self.name, "")

    def _value(self, node: Node, shape: OfAny, name: str, pointer: str) -> Value:
        if isinstance(node, Mapping):
            return self._mapping(node, shape, name, pointer)
        if isinstance(node, Sequence):
            inner = self.definition.entry(shape) or shape
            return [
                self._value(item, inner, name, f"{pointer}/{index}")
                for index, item in enumerate(node.items)
            ]
        return self._single(node, shape, name, pointer) if isinstance(node, Scalar) else None

    def _mapping(self, node: Mapping, shape: OfAny, name: str, pointer: str) -> Value:
        below = self.definition.below(shape)
        found: dict[str, Value] = {}
        for key in self.definition.ordered(list(node.entries), shape):
            _, value = node.entries[key]
            at = f"{pointer}/{escape_pointer(key)}"
            if key == MERGE:
                self.withheld.append(f"{pointer}/{MERGE}")
                continue
            if key in below:
                inner = name if isinstance(shape, RawShape) else f"{name}.{key}"
            elif ANY_KEY in below or self.whole:
                inner = f"{name}.*"
            else:
                self.withheld.append(f"{pointer}/{WITHHELD}")
                found[f"{WITHHELD}{len(found)}"] = WITHHELD
                continue
            if at in self.hidden or self._is_left_out(value, self.definition.at(shape, key), inner):
                self.withheld.append(at)
                continue
            found[self._key(key, pointer)] = (
                None
                if is_absent(value)
                else self._value(value, self.definition.at(shape, key), inner, at)
            )
        return found

    def _key(self, key: str, pointer: str) -> str:
        """Return a key that somebody chose, without personal data."""
        shown = masked(key)
        if shown != key:
            self.withheld.append(f"{pointer}/{escape_pointer(shown)}")
        return shown

    def _is_left_out(self, node: Node, shape: OfAny, name: str) -> bool:
        """Whether a field is left out whole: one that is not shown, and is no text of people's."""
        if isinstance(node, Mapping) or self.shows.shows_field(name):
            return False
        inner = self.definition.entry(shape) or shape
        has_keys = isinstance(node, Sequence) and bool(self.definition.below(inner))
        free = isinstance(node, Scalar) and isinstance(shape, TextShape)
        return not has_keys and not free

    def _single(self, node: Scalar, shape: OfAny, name: str, pointer: str) -> Value:
        if is_absent(node):
            return None
        if not self.shows.shows_field(name):
            self.withheld.append(pointer)
            return WITHHELD
        text = node.text if is_called(shape) else masked(node.text)
        if text != node.text:
            self.withheld.append(pointer)
            return text
        return typed(text, shape)


def is_called(shape: OfAny) -> bool:
    """Whether a text is published as it is written, so that people can call there."""
    return isinstance(shape, TextShape) and shape.gate is as_written


def typed(text: str, shape: OfAny) -> Value:
    """Return a text as the value that its shape reads, where JSON has such values."""
    if isinstance(shape, BooleanShape) and text in {"true", "false"}:
        return text == "true"
    if isinstance(shape, CountShape) and text.isascii() and text.isdecimal():
        number = int(text[:9])
        return number if f"{number}" == text else text
    return text


def written_anew(value: Value, definition: Definition) -> bytes:
    """Return the bytes of a file that says these values, as the one writer spells them.

    Raises UnwritableError for a text that no file may hold.
    """
    tree = tree_of_value(value, definition.shape, definition)
    lines = definition.lines(tree, definition.shape)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")


def tree_of_value(value: Value, shape: OfAny, definition: Definition) -> Tree:
    """Return the tree of some values; keys stand in the order of the definition."""
    if isinstance(value, dict):
        keys = definition.ordered(list(value), shape)
        return {k: tree_of_value(value[k], definition.at(shape, k), definition) for k in keys}
    if isinstance(value, list):
        inner = definition.entry(shape)
        return [tree_of_value(item, inner, definition) for item in value]
    if value is None:
        return Leaf("null")
    if isinstance(value, bool):
        return Leaf("true" if value else "false")
    return Leaf(*text_of(f"{value}", shape, ""))
