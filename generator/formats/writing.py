"""The one writer: plain values into the bytes of a file, or into a file that is there.

Values are plain: text, bool, int, Decimal, date, lists and mappings by the keys of the file. Keys
stand in the order of the definition, in block style; text is plain where every reader reads it
back the same, else in double quotes on one line. Nothing else is written: no anchor, tag or
exponent. What was written is read again before it is returned, and says the same.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from generator.formats.nodes import (
    COMMITTEE_LIMITS,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_absent,
    parse,
)
from generator.formats.records import Record, RecordShape
from generator.formats.shape import Shape
from generator.formats.slips.levels import ANY_KEY
from generator.formats.spelling.lines import Lines, OddError, head_of, lines_in
from generator.formats.spelling.scalars import UnwritableError
from generator.formats.spelling.trees import Definition, OfAny, Tree, tree_of, unmasked
from generator.text.findings import Report, Severity, escape_pointer
from generator.text.messages import say

__all__ = ["Entries", "Of", "UneditableError", "UnwritableError", "edited", "written"]

#: What is written: a record class, or the shape of a file.
Of = type[Record] | Shape[object]
NO_FREE: dict[str, Shape[object]] = {}
ROOT = ""


class UneditableError(ValueError):
    """The file that is there cannot be read, so nothing may be written over it."""


@dataclass(frozen=True, slots=True)
class Entries:
    """Some entries of a mapping or a list, None for one that goes; all others stay.

    Entries of a list are called by the value of a key, ``by``. A value is the whole of an entry,
    or ``Entries`` again: some of its keys.
    """

    values: MappingType[str, object]
    by: str = "id"


def written(of: Of, values: object, free: MappingType[str, Shape[object]] = NO_FREE) -> bytes:
    """Return the bytes of a new file that holds these values.

    ``free`` is key → shape of a free mapping, ``fields`` of a document: its order. Raises
    UnwritableError for a value that no file can hold, KeyError for a key that the definition does
    not have, TypeError for a value of another type.
    """
    definition = defined(of, free)
    tree = definition.tree(values, definition.shape)
    tree = {} if tree is None else tree
    return checked(definition, definition.lines(tree, definition.shape), tree)


def edited(
    before: bytes, of: Of, values: object, free: MappingType[str, Shape[object]] = NO_FREE
) -> bytes:
    """Return a file with some keys renewed, None for one that goes; the same where all are so.

    A list is given whole, or as ``Entries``. What is not renewed keeps its bytes where the file is
    in block style, and its values in any case; so do the comments at the head. Raises
    UneditableError for a file that cannot be read or is of another kind, a list where keys are due,
    and what ``written`` raises.
    """
    definition = defined(of, free)
    shape = definition.shape
    node, lines = read(before)
    if isinstance(values, MappingType):
        values = Entries(values)
    tree = Merging(definition).merged(node, shape, values, ROOT)
    tree = {} if tree is None else tree
    if node is not None:
        tree = unmasked(tree, tree_of(node))
    if node is not None and says(node) and isinstance(node, Mapping) != isinstance(tree, dict):
        raise UneditableError
    if node is not None and definition.said(tree_of(node), shape) == definition.said(tree, shape):
        return before
    if node is not None:
        try:
            return checked(definition, Lines(lines, definition).whole(node, tree), tree)
        except (OddError, UnwritableError):
            pass
    return checked(definition, [*head_of(lines), *definition.lines(tree, definition.shape)], tree)


def defined(of: Of, free: MappingType[str, Shape[object]]) -> Definition:
    """Return the definition of a record class or a shape."""
    return Definition(of if isinstance(of, Shape) else RecordShape(of), free)


def read(data: bytes) -> tuple[Node | None, list[str]]:
    """Return the root of a file, None where it holds nothing, and its lines; or raise."""
    try:
        lines = lines_in(data)
    except UnicodeDecodeError as error:
        raise UneditableError from error
    if all(not line.strip() or line.lstrip().startswith("#") for line in lines):
        return None, lines
    node = parsed(data)
    if node is None or isinstance(node, Scalar):
        raise UneditableError
    return node, lines


def says(node: Node) -> bool:
    """Whether a node holds anything."""
    if isinstance(node, Mapping):
        return bool(node.entries)
    return bool(node.items) if isinstance(node, Sequence) else not is_absent(node)


def parsed(data: bytes) -> Node | None:
    """Return the root of a file; None where something in it cannot be read."""
    report = Report()
    node = parse(data, report, "", COMMITTEE_LIMITS)
    faulty = any(found.severity is Severity.ERROR for found in report.findings)
    return None if faulty else node


def checked(definition: Definition, lines: list[str], tree: Tree) -> bytes:
    """Return the bytes of some lines that say a tree; raises UnwritableError where they do not."""
    data = "".join(f"{line}\n" for line in lines).encode("utf-8")
    node = parsed(data)
    said, shape = definition.said, definition.shape
    if node is None or said(tree_of(node), shape) != said(tree, shape):
        raise UnwritableError(ROOT, say("这些内容写成文件后读不回来"))
    return data


class Merging:
    """What a file is to say: what it says, with the values that are given."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def merged(self, node: Node | None, shape: OfAny, value: object, pointer: str) -> Tree | None:
        """Return the tree of a value that is given whole or in part; None where it goes.

        Raises UneditableError where entries are to be renewed in what has none.
        """
        if not isinstance(value, Entries):
            return self.definition.tree(value, shape, pointer)
        inner = self.definition.entry(shape)
        if node is not None and not isinstance(node, Sequence if inner else Mapping) and says(node):
            raise UneditableError
        if inner is not None:
            items = node.items if isinstance(node, Sequence) else []
            return self.items(items, inner, value, pointer)
        return self.pairs(node if isinstance(node, Mapping) else None, shape, value, pointer)

    def pairs(
        self, node: Mapping | None, shape: OfAny, some: Entries, pointer: str
    ) -> dict[str, Tree]:
        """Return a mapping with some keys renewed; new ones stand where the definition says."""
        entries = node.entries if node else {}
        found = {key: tree_of(own) for key, (_, own) in entries.items()}
        for key in self.definition.ordered(list(some.values), shape):
            at = f"{pointer}/{escape_pointer(key)}"
            self.definition.known(key, shape, at)
            old = entries[key][1] if key in entries else None
            tree = self.merged(old, self.definition.at(shape, key), some.values[key], at)
            if tree is None:
                found.pop(key, None)
            elif key in found:
                found[key] = tree
            else:
                found = self.placed(found, key, tree, shape)
        return found

    def placed(self, found: dict[str, Tree], key: str, tree: Tree, shape: OfAny) -> dict[str, Tree]:
        """Return a mapping with a new key behind the nearest one before it by the definition."""
        order = list(self.definition.below(shape))
        if key not in order or ANY_KEY in order:
            return {**found, key: tree}
        before = [name for name in order[: order.index(key)] if name in found]
        if not before:
            return {key: tree, **found}
        placed: dict[str, Tree] = {}
        for name, own in found.items():
            placed[name] = own
            if name == before[-1]:
                placed[key] = tree
        return placed

    def items(self, items: list[Node], inner: OfAny, some: Entries, pointer: str) -> list[Tree]:
        """Return a list with some entries renewed, and new ones behind them."""
        waiting = {**some.values}
        found: list[Tree] = []
        for index, item in enumerate(items):
            name = name_of(item, some.by)
            if name is None or name not in some.values:
                found.append(tree_of(item))
                continue
            value = some.values[name] if name in waiting else item
            waiting.pop(name, None)
            if value is item:
                found.append(tree_of(item))
                continue
            tree = self.merged(item, inner, value, f"{pointer}/{index}")
            if tree is not None:
                found.append(tree)
        for name, value in waiting.items():
            tree = self.merged(None, inner, value, f"{pointer}/{len(found)}")
            if isinstance(tree, dict):
                named = self.definition.tree(name, self.definition.at(inner, some.by))
                found.append(tree if some.by in tree or named is None else {some.by: named, **tree})
        return found


def name_of(node: Node, by: str) -> str | None:
    """Return what an entry of a list is called by."""
    entry = node.entries.get(by) if isinstance(node, Mapping) else None
    own = entry[1] if entry else None
    return own.text.strip() if isinstance(own, Scalar) else None
