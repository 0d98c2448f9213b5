"""Trees: what a file says, as text, in the order in which it is written; and their lines.

A tree is made of plain values or of a node that was read. Blank text and None say nothing, as in
reading: such a key is left out, and such an entry of a list cannot be written.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from generator.formats.branch_files import RawShape, TypesShape
from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_absent
from generator.formats.shape import Shape
from generator.formats.single import CountShape, NumberShape
from generator.formats.slips.levels import ANY_KEY, ENTRY
from generator.formats.spelling.scalars import (
    UnwritableError,
    is_safe,
    quoted,
    refuse_unseen,
    spelled,
    takes,
    text_of,
)
from generator.text.findings import escape_pointer
from generator.text.messages import say
from generator.text.privacy import masked

INDENT = 2


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value: its text, and whether that is written without quotes."""

    text: str
    plain: bool = True


Tree: TypeAlias = "Leaf | dict[str, Tree] | list[Tree]"
#: What a tree says, whatever way it is written.
Said: TypeAlias = "str | Decimal | frozenset[tuple[str, Said]] | tuple[Said, ...]"
OfAny: TypeAlias = Shape[object] | None


@dataclass(frozen=True, slots=True)
class Definition:
    """The shape of a file, and what stands in its free mapping (``fields`` of a document)."""

    shape: Shape[object]
    free: MappingType[str, Shape[object]] = field(default_factory=dict)

    def below(self, shape: OfAny) -> MappingType[str, Shape[object]]:
        """Return key → shape of what stands below a shape."""
        if isinstance(shape, RawShape):
            return self.free
        return shape.below() if shape else {}

    def at(self, shape: OfAny, key: str) -> OfAny:
        """Return the shape of the value at a key."""
        below = self.below(shape)
        return below.get(key) or below.get(ANY_KEY)

    def entry(self, shape: OfAny) -> OfAny:
        """Return the shape of an entry of a list."""
        return self.below(shape).get(ENTRY)

    def ordered(self, keys: list[str], shape: OfAny) -> list[str]:
        """Return keys in the order of the definition; those of nobody's choice come last."""
        places = {name: place for place, name in enumerate(self.below(shape))}
        return sorted(keys, key=lambda name: places.get(name, len(places)))

    def known(self, key: str, shape: OfAny, pointer: str) -> None:
        """Raise KeyError for a key that a record does not have."""
        below = self.below(shape)
        if below and key not in below and ANY_KEY not in below and not isinstance(shape, RawShape):
            raise KeyError(pointer)

    def tree(self, value: object, shape: OfAny, pointer: str = "") -> Tree | None:
        """Return the tree of a plain value; None where it says nothing.

        Raises UnwritableError, KeyError for an unknown key and TypeError for another type.
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, MappingType):
            return self.mapping(value, shape, pointer)
        if isinstance(value, list | tuple):
            if isinstance(shape, TypesShape) and len(value) == 1:
                return self.tree(value[0], shape, pointer)
            inner = self.entry(shape)
            return [
                entry_of(self.tree(item, inner, f"{pointer}/{index}"), f"{pointer}/{index}")
                for index, item in enumerate(value)
            ]
        return Leaf(*text_of(value, shape, pointer))

    def mapping(
        self, values: MappingType[str, object], shape: OfAny, pointer: str
    ) -> dict[str, Tree]:
        """Return the tree of a mapping, in the order of the definition."""
        found: dict[str, Tree] = {}
        for key in self.ordered(list(values), shape):
            at = f"{pointer}/{escape_pointer(key)}"
            refuse_unseen(key, at)
            self.known(key, shape, at)
            tree = self.tree(values[key], self.at(shape, key), at)
            if tree is not None:
                found[key] = tree
        return found

    def said(self, tree: Tree, shape: OfAny) -> Said:
        """Return what a tree says: absent keys left out, a number as its value."""
        if isinstance(tree, dict):
            return frozenset(
                (key, self.said(value, self.at(shape, key)))
                for key, value in tree.items()
                if not (isinstance(value, Leaf) and says_nothing(value))
            )
        if isinstance(tree, list):
            inner = self.entry(shape)
            return tuple(self.said(item, inner) for item in tree)
        text = "" if says_nothing(tree) else tree.text.strip()
        if isinstance(shape, NumberShape | CountShape) and takes(shape, text):
            return Decimal(text)
        return text

    def lines(self, tree: Tree, shape: OfAny, column: int = 0) -> list[str]:
        """Return the lines of a tree in block style, each ``column`` spaces in."""
        if isinstance(tree, dict) and tree:
            pairs = (self.pair(key, value, shape, column) for key, value in tree.items())
            return [line for lines in pairs for line in lines]
        if isinstance(tree, list) and tree:
            inner = self.entry(shape)
            return [line for item in tree for line in self.item(item, inner, column)]
        return [f"{' ' * column}{single(tree)}"]

    def pair(self, key: str, tree: Tree, shape: OfAny, column: int) -> list[str]:
        """Return the lines of a key of a mapping and its value; keys of a record are as defined."""
        name = key if key in self.below(shape) else spelled(key)
        head = f"{' ' * column}{name}:"
        if isinstance(tree, Leaf) or not tree:
            return [f"{head} {single(tree)}"]
        return [head, *self.lines(tree, self.at(shape, key), column + INDENT)]

    def item(self, tree: Tree, shape: OfAny, column: int) -> list[str]:
        """Return the lines of an entry of a list."""
        first, *rest = self.lines(tree, shape, column + INDENT)
        return [f"{' ' * column}- {first[column + INDENT :]}", *rest]


def says_nothing(leaf: Leaf) -> bool:
    """Whether a single value counts as absent."""
    return is_absent(Scalar(0, 0, leaf.text, leaf.plain))


def entry_of(tree: Tree | None, pointer: str) -> Tree:
    """Return an entry of a list; raises UnwritableError for one that says nothing."""
    if tree is None:
        raise UnwritableError(pointer, say("这里是空的"))
    return tree


def tree_of(node: Node) -> Tree:
    """Return the tree of what was read; single values keep their text."""
    if isinstance(node, Mapping):
        return {key: tree_of(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [tree_of(item) for item in node.items]
    if isinstance(node, Scalar):
        return Leaf(node.text, node.plain and (node.is_null or is_safe(node.text)))
    raise TypeError(node)


def unmasked(tree: Tree, before: Tree) -> Tree:
    """Return a tree with what stood there before in place of its masked form.

    Records are read with personal data masked: who hands such a value back has not changed it.
    """
    if isinstance(tree, dict) and isinstance(before, dict):
        return {
            key: unmasked(value, before[key]) if key in before else value
            for key, value in tree.items()
        }
    if isinstance(tree, list) and isinstance(before, list):
        kept = [unmasked(*pair) for pair in zip(tree, before, strict=False)]
        return [*kept, *tree[len(kept) :]]
    if isinstance(tree, Leaf) and isinstance(before, Leaf):
        own = before.text.strip()
        return before if tree.text != own and tree.text == masked(own) else tree
    return tree


def token(leaf: Leaf) -> str:
    """Return a single value as it stands in a file."""
    if leaf.plain and says_nothing(leaf):
        return "null"
    return leaf.text if leaf.plain else quoted(leaf.text)


def single(tree: Tree) -> str:
    """Return a single value, or an empty list or mapping."""
    return token(tree) if isinstance(tree, Leaf) else "[]" if isinstance(tree, list) else "{}"
