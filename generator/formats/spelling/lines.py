"""Lines of a file that stay as they are while others are written anew.

``Lines`` goes through a file beside the tree that it is to say. Where a value says this already its
lines stay, with comments, quotes and blank lines; only the others are written. Comments between
values stay where they stand. What is written in a way that has no lines of its own (braces, odd
indentation) is written anew with the key that holds it; the caller reads the outcome again.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, NamedTuple

from generator.formats.nodes import Mapping, Node, Scalar, Sequence, is_absent
from generator.formats.spelling.scalars import inline
from generator.formats.spelling.trees import (
    Definition,
    Leaf,
    OfAny,
    Tree,
    token,
    tree_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_MARK = re.compile(r"---(?:[ \t]|$)")
_DASHES = re.compile(r"( *)- +")


class OddError(Exception):
    """A value has no lines of its own."""


class Item(NamedTuple):
    """An entry of a list: the loose lines before it, its own lines, its node."""

    before: list[str]
    own: range
    node: Node


def lines_in(data: bytes) -> list[str]:
    """Return the lines of a file that can be read, without byte-order mark and line ends."""
    text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    return text.removesuffix("\n").split("\n") if text else []


def head_of(lines: list[str]) -> list[str]:
    """Return the comments and blank lines before the first value, without the mark ``---``."""
    found = []
    for line in lines:
        own = line.removeprefix("---").lstrip() if _MARK.match(line) else line
        if own.strip() and not own.lstrip().startswith("#"):
            break
        if own == line or own:
            found.append(own)
    return found


def solid(body: list[str], column: int) -> int:
    """Return how many lines of an item are its own; comments behind it are the next one's."""
    size = len(body)
    while size > 1:
        line = body[size - 1]
        text = line.strip()
        further = len(line) - len(line.lstrip(" ")) > column
        ends = text == "..." or text.startswith("... ")
        if text and not ends and (further or not text.startswith("#")):
            break
        size -= 1
    return size


def swap(line: str, node: Scalar, leaf: Leaf, *, flow: bool) -> str:
    """Return a line with another single value in place of one; raises OddError.

    ``flow`` says that it stands between braces or brackets, where more has to be quoted.
    """
    start = node.column - 1
    if node.plain:
        end = start + len(node.text) if node.text and line.startswith(node.text, start) else 0
    else:
        text = QUOTED.match(line, start)
        end = text.end() if text else 0
    if not end:
        raise OddError
    new = inline(leaf.text, plain=leaf.plain) if flow else token(leaf)
    return f"{line[:start]}{new}{line[end:]}"


class Lines:
    """The lines of a file, and those that say something else."""

    def __init__(self, lines: list[str], definition: Definition) -> None:
        self.lines = [*lines]
        self.definition = definition

    def whole(self, node: Node, tree: Tree) -> list[str]:
        """Return the lines of a file that says ``tree``; raises OddError."""
        shape = self.definition.shape
        every = range(len(self.lines))
        try:
            return self.block(node, tree, shape, every)
        except OddError:
            return self.patched(node, tree, shape, every)

    def block(self, node: Node, tree: Tree, shape: OfAny, where: range) -> list[str]:
        """Return the lines of a mapping or a list that has lines of its own; raises OddError."""
        if isinstance(node, Mapping) and isinstance(tree, dict) and tree:
            return self.mapping(node, tree, shape, where)
        if isinstance(node, Sequence) and isinstance(tree, list) and tree:
            return self.sequence(node, tree, shape, where)
        raise OddError

    def same(self, node: Node, tree: Tree, shape: OfAny) -> bool:
        """Whether a node says what a tree does."""
        said = self.definition.said
        return said(tree_of(node), shape) == said(tree, shape)

    def mapping(
        self, node: Mapping, tree: dict[str, Tree], shape: OfAny, where: range
    ) -> list[str]:
        """Return the lines of a mapping; new keys follow the one that they follow in the tree."""
        starts = [(line - 1, column - 1) for (line, column), _ in node.entries.values()]
        column = self.begin(starts, where)
        ends = [line for line, _ in starts[1:]] + [where.stop]
        first = starts[0][0]
        parts: dict[str, tuple[list[str], list[str]]] = {"": (self.cut(where.start, first), [])}
        for (start, _), end, (key, (_, value)) in zip(
            starts, ends, node.entries.items(), strict=True
        ):
            size = solid(self.lines[start:end], column)
            own = range(start, start + size)
            loose = self.cut(own.stop, end)
            if key not in tree:
                parts[key] = (self.cut(own.start, own.stop) if is_absent(value) else [], loose)
                continue
            inner = self.definition.at(shape, key)
            kept = self.same(value, tree[key], inner)
            lines = self.cut(own.start, own.stop)
            parts[key] = (lines if kept else self.pair(key, value, tree[key], shape, own), loose)
        after = ""
        for key, value_tree in tree.items():
            if key not in node.entries:
                parts[after][0].extend(self.definition.pair(key, value_tree, shape, column))
            else:
                after = key
        return [line for own_lines, loose in parts.values() for line in (*own_lines, *loose)]

    def begin(self, starts: list[tuple[int, int]], where: range) -> int:
        """Return the column of the keys of a mapping, each on a line of its own; or raise."""
        held = where.start - 1
        columns = {column for _, column in starts}
        for line, column in starts:
            if line <= held or self.lines[line][:column].strip(" "):
                raise OddError
            held = line
        if len(columns) != 1:
            raise OddError
        return columns.pop()

    def pair(self, key: str, node: Node, tree: Tree, shape: OfAny, own: range) -> list[str]:
        """Return the lines of a key of a mapping whose value is another one now."""
        line = self.lines[own.start]
        try:
            return self.inside(node, tree, self.definition.at(shape, key), own)
        except OddError:
            return self.definition.pair(key, tree, shape, len(line) - len(line.lstrip(" ")))

    def inside(self, node: Node, tree: Tree, shape: OfAny, own: range) -> list[str]:
        """Return the lines of a key with another value in them; raises OddError."""
        if isinstance(node, Scalar) and isinstance(tree, Leaf):
            return self.swapped([(node, tree)], own, flow=False)
        below = range(own.start + 1, own.stop)
        if node.line - 1 in below:
            return [self.lines[own.start], *self.block(node, tree, shape, below)]
        return self.patched(node, tree, shape, own)

    def patched(self, node: Node, tree: Tree, shape: OfAny, own: range) -> list[str]:
        """Return lines in which single values alone are others now, as between braces; or raise."""
        return self.swapped(self.pairs(node, tree, shape), own, flow=True)

    def pairs(self, node: Node, tree: Tree, shape: OfAny) -> list[tuple[Scalar, Leaf]]:
        """Return the single values that are others now; raises OddError where more is."""
        if isinstance(node, Scalar) and isinstance(tree, Leaf):
            return [] if self.same(node, tree, shape) else [(node, tree)]
        inner: list[tuple[Node, Tree, OfAny]]
        if isinstance(node, Mapping) and isinstance(tree, dict):
            there = {key: own for key, (_, own) in node.entries.items()}
            saying = {key for key, own in there.items() if not is_absent(own)}
            if not saying <= {*tree} <= there.keys():
                raise OddError
            at = self.definition.at
            inner = [(there[key], own, at(shape, key)) for key, own in tree.items()]
        elif isinstance(node, Sequence) and isinstance(tree, list) and len(node.items) == len(tree):
            entry = self.definition.entry(shape)
            inner = [(own, new, entry) for own, new in zip(node.items, tree, strict=True)]
        else:
            raise OddError
        return [pair for own in inner for pair in self.pairs(*own)]

    def swapped(self, pairs: list[tuple[Scalar, Leaf]], own: range, *, flow: bool) -> list[str]:
        """Return lines with other single values in them; raises OddError."""
        lines = self.cut(own.start, own.stop)
        for node, leaf in sorted(pairs, key=lambda pair: (pair[0].line, -pair[0].column)):
            if node.line - 1 not in own:
                raise OddError
            number = node.line - 1 - own.start
            lines[number] = swap(lines[number], node, leaf, flow=flow)
        return lines

    def sequence(self, node: Sequence, tree: list[Tree], shape: OfAny, where: range) -> list[str]:
        """Return the lines of a list: of each entry those that said it, or most of it."""
        items, tail, column = self.items(node, where)
        inner = self.definition.entry(shape)
        waiting = Waiting(self.definition, inner, items)
        lines = waiting.head()
        for entry in tree:
            index, same = waiting.take(entry)
            if index is None:
                lines += self.definition.item(entry, inner, column)
                continue
            lines += waiting.until(index)
            own = items[index].own
            kept = self.cut(own.start, own.stop)
            lines += kept if same else self.entry(items[index], entry, inner, column)
        return [*lines, *waiting.until(len(items) - 1), *tail]

    def items(self, node: Sequence, where: range) -> tuple[list[Item], list[str], int]:
        """Return the entries of a list in lines, what is behind them, the column of hyphens."""
        starts = [item.line - 1 for item in node.items]
        columns = set()
        for item, held in zip(node.items, [where.start - 1, *starts[:-1]], strict=True):
            dash = _DASHES.fullmatch(self.lines[item.line - 1][: item.column - 1])
            if dash is None or item.line - 1 <= held:
                raise OddError
            columns.add(len(dash[1]))
        if len(columns) != 1:
            raise OddError
        column = columns.pop()
        ends = [*starts[1:], where.stop]
        before, found = self.cut(where.start, starts[0]), []
        for item, start, end in zip(node.items, starts, ends, strict=True):
            size = solid(self.lines[start:end], column)
            found.append(Item(before, range(start, start + size), item))
            before = self.cut(start + size, end)
        return found, before, column

    def entry(self, item: Item, tree: Tree, shape: OfAny, column: int) -> list[str]:
        """Return the lines of an entry that says something else now."""
        start = item.own.start
        line = self.lines[start]
        self.lines[start] = f"{line[:column]} {line[column + 1 :]}"
        try:
            lines = self.itself(item, tree, shape)
        except OddError:
            return self.definition.item(tree, shape, column)
        finally:
            self.lines[start] = line
        first = next(n for n, own in enumerate(lines) if own.strip() and own.lstrip()[0] != "#")
        lines[first] = f"{lines[first][:column]}-{lines[first][column + 1 :]}"
        return lines

    def itself(self, item: Item, tree: Tree, shape: OfAny) -> list[str]:
        """Return the lines of an entry without its hyphen; raises OddError."""
        if isinstance(item.node, Scalar) and isinstance(tree, Leaf):
            return self.swapped([(item.node, tree)], item.own, flow=False)
        if isinstance(item.node, Mapping) and isinstance(tree, dict) and tree:
            with contextlib.suppress(OddError):
                return self.mapping(item.node, tree, shape, item.own)
        return self.patched(item.node, tree, shape, item.own)

    def cut(self, start: int, stop: int) -> list[str]:
        """Return some lines."""
        return self.lines[start:stop]


class Waiting:
    """Entries of a list as it stands that no entry of the new list has taken yet."""

    def __init__(self, definition: Definition, inner: OfAny, items: Iterable[Item]) -> None:
        self.items = [*items]
        self.definition = definition
        self.inner = inner
        self.shown = 0
        self.by_said: dict[object, list[int]] = {}
        self.by_name: dict[object, list[int]] = {}
        for index, item in enumerate(self.items):
            tree = tree_of(item.node)
            self.by_said.setdefault(definition.said(tree, inner), []).append(index)
            self.by_name.setdefault(self.name(tree), []).append(index)
        self.free = set(range(len(self.items)))

    def head(self) -> list[str]:
        """Return what stands before the first entry."""
        return self.until(0)

    def until(self, index: int) -> list[str]:
        """Return the loose lines before an entry and those before it that were not shown yet."""
        lines: list[str] = []
        while self.shown <= index:
            lines += self.items[self.shown].before
            self.shown += 1
        return lines

    def name(self, tree: Tree) -> object:
        """Return what an entry is called by: the first key of its definition."""
        first = next(iter(self.definition.below(self.inner)), None)
        own = tree.get(first) if isinstance(tree, dict) and first else None
        return own.text.strip() if isinstance(own, Leaf) else None

    def take(self, tree: Tree) -> tuple[int | None, bool]:
        """Return the entry that says this, or is called so, and whether it says the same."""
        same = self.first(self.by_said.get(self.definition.said(tree, self.inner), []))
        if same is not None:
            return same, True
        name = self.name(tree)
        return (None if name is None else self.first(self.by_name.get(name, []))), False

    def first(self, found: list[int]) -> int | None:
        """Return the first of some entries that is free, and take it."""
        for index in found:
            if index in self.free:
                self.free.discard(index)
                return index
        return None
