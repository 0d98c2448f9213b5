"""What a review file holds already: all of it stays when the form is written over it.

Lines that begin with ``##:`` are the program's own and are made anew; so are proposals that nobody
touched. Everything else is kept: decisions, drafts, keys unknown here, comments where they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from generator.formats.nodes import NULLS, Mapping, Node, Scalar, Sequence
from generator.formats.spelling.lines import QUOTED, solid
from generator.formats.spelling.scalars import inline
from generator.formats.writing import parsed as parsed_whole
from generator.scoring.fingerprint import node_text

#: How the program's own lines begin: still a comment where one sign is taken off.
OWN = "##:"
GROUPS = ("criteria", "bonus")
INDENT = "  "
DRAFT = re.compile(r"\s*#\s*([a-z0-9-]+): \{(.*)\}\s*")

#: A group of the file (or a key beside them) and an entry of it; "" for the group itself.
Name = tuple[str, str]


class UnreadableReviewError(Exception):
    """The file there cannot be read as a review: nothing may be written over it."""


class Start(NamedTuple):
    """Where an item begins: its line from 0, the column of its key, its name, its node."""

    line: int
    column: int
    name: Name
    node: Node


@dataclass(slots=True)
class Kept:
    """A review file as it stands: the lines of its entries, drafts and comments by name."""

    head: list[str] = field(default_factory=list)
    entries: dict[Name, list[str]] = field(default_factory=dict)
    comments: dict[Name, list[str]] = field(default_factory=dict)
    drafts: dict[Name, str] = field(default_factory=dict)
    indents: dict[str, str] = field(default_factory=dict)
    tail: list[str] = field(default_factory=list)

    def indent(self, group: str) -> str:
        """Return how far the entries of a group stand in."""
        return self.indents.get(group, INDENT)

    def names(self, group: str) -> list[str]:
        """Return the ids of a group's entries, in the order of the file."""
        return [name for own, name in self.entries if own == group and name]


def kept_of(data: bytes) -> Kept:
    """Return what stays of a review file; raises UnreadableReviewError."""
    root = parsed(data)
    text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    lines = text.split("\n")
    starts = starts_of(root)
    if not in_blocks(starts, lines):
        return from_nodes(root, lines)
    return Lines(lines, starts).read()


def parsed(data: bytes) -> Mapping:
    """Return the root of a review file; raises UnreadableReviewError."""
    root = parsed_whole(data)
    if not isinstance(root, Mapping):
        raise UnreadableReviewError
    for group in GROUPS:
        entry = root.entries.get(group)
        node = entry[1] if entry else None
        empty = isinstance(node, Scalar) and node.is_null
        if node is not None and not empty and not isinstance(node, Mapping):
            raise UnreadableReviewError
    return root


def same(before: bytes, after: bytes) -> bool:
    """Whether a file holds all that another one held, key by key."""
    old, new = parsed(before), parsed(after)
    for key, (_, node) in old.entries.items():
        now = new.entries[key][1] if key in new.entries else Mapping(0, 0, {})
        if key in GROUPS:
            own = node.entries if isinstance(node, Mapping) else {}
            theirs = now.entries if isinstance(now, Mapping) else {}
            if {k: node_text(v) for k, (_, v) in own.items()} != {
                k: node_text(v) for k, (_, v) in theirs.items()
            }:
                return False
        elif node_text(node) != node_text(now):
            return False
    return True


def starts_of(root: Mapping) -> list[Start]:
    """Return where each key of the file and each entry of its groups begins."""
    found = []
    for key, ((line, column), node) in root.entries.items():
        found.append(Start(line - 1, column - 1, (key, ""), node))
        if key in GROUPS and isinstance(node, Mapping):
            for name, ((own_line, own_column), own) in node.entries.items():
                found.append(Start(own_line - 1, own_column - 1, (key, name), own))
    return found


def in_blocks(starts: list[Start], lines: list[str]) -> bool:
    """Whether each item begins a line of its own, further in than its group."""
    held = -1
    for start in starts:
        before = lines[start.line][: start.column]
        if start.line <= held or before.strip(" ") or bool(start.name[1]) != bool(before):
            return False
        if not re.match(r"[A-Za-z0-9_-]+:(?:\s|$)", lines[start.line][start.column :]):
            return False
        held = start.line
    return True


def from_nodes(root: Mapping, lines: list[str]) -> Kept:
    """Return a file that is written between brackets; comments of it stand at the head."""
    kept = Kept()
    for key, (_, node) in root.entries.items():
        if key not in GROUPS:
            kept.entries[key, ""] = [f"{bare(key)}: {flow(node)}"]
        elif isinstance(node, Mapping):
            for name, (_, own) in node.entries.items():
                kept.entries[key, name] = [f"{INDENT}{bare(name)}: {flow(own)}".rstrip()]
    for line in lines:
        comment = line if line.lstrip().startswith("#") else QUOTED.sub("", line)
        if "#" in comment and not line.startswith(OWN):
            kept.head.append(comment[comment.index("#") :])
    return kept


class Lines:
    """The lines of a file in blocks, shared out to the items that they belong to."""

    def __init__(self, lines: list[str], starts: list[Start]) -> None:
        self.lines = lines
        self.starts = starts
        self.kept = Kept()
        self.pending: list[str] = []
        self.group = ""

    def read(self) -> Kept:
        """Return what stays of the file."""
        first = self.starts[0].line if self.starts else len(self.lines)
        for line in self.lines[:first]:
            if "#" in line and not line.startswith(OWN):
                written = line.lstrip().startswith("#")
                self.kept.head.append(line if written else line[line.index("#") :])
        ends = [start.line for start in self.starts[1:]] + [len(self.lines)]
        for start, end in zip(self.starts, ends, strict=True):
            self.item(start, end)
        self.kept.tail = self.pending
        return self.kept

    def item(self, start: Start, end: int) -> None:
        """Take an item and the loose lines behind it."""
        group, name = start.name
        self.group = group
        if self.pending:
            self.kept.comments[start.name] = self.pending
            self.pending = []
        body = self.lines[start.line : end]
        if not name and group in GROUPS:
            note = body[0].partition("#")[2]
            self.pending = [f"{INDENT}#{note}"] if note else []
            loose = body[1:]
        else:
            size = solid(body, start.column)
            loose = body[size:]
            self.kept.entries[start.name] = shown(start, body[:size])
            if name:
                self.kept.indents.setdefault(group, " " * start.column)
        for line in loose:
            self.loose(line)

    def loose(self, line: str) -> None:
        """Take a comment: of the program, a draft, or of somebody."""
        if line.startswith(OWN) or "#" not in line:
            return
        draft = DRAFT.fullmatch(line)
        if draft is None or self.group not in GROUPS:
            self.pending.append(line)
            return
        name = (self.group, draft.group(1))
        self.kept.drafts[name] = line.strip().removeprefix("#").strip()
        if self.pending:
            self.kept.comments[name] = self.pending
            self.pending = []


def shown(start: Start, body: list[str]) -> list[str]:
    """Return an entry in one line where nothing is lost by it, else as it stands."""
    values = start.node.entries.values() if isinstance(start.node, Mapping) else ()
    simple = all(isinstance(node, Scalar) and "\n" not in node.text for _, node in values)
    if not start.name[1] or not values or len(body) == 1 or not simple or "#" in "".join(body):
        return body
    return [f"{' ' * start.column}{start.name[1]}: {flow(start.node)}"]


def flow(node: Node) -> str:
    """Write a node in one line, with the text of each scalar as it is."""
    if isinstance(node, Mapping):
        pairs = (f"{bare(key)}: {flow(value)}" for key, (_, value) in node.entries.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(flow(item) for item in node.items) + "]"
    if not isinstance(node, Scalar):
        return ""
    return node.text if node.is_null else bare(node.text, plain=node.plain)


def bare(text: str, *, plain: bool = True) -> str:
    """Write a text without quotes where that says the same."""
    return inline(text, plain=plain and text not in NULLS)
