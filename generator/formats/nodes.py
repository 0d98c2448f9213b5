"""Strict YAML: libyaml's events become nodes that keep their text and position, nothing guessed.

Every scalar stays text; the reader that expects a type decides. Anchors, aliases, tags,
directives, merge keys, duplicate keys and second documents are findings of family Y.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Any: PyYAML's events have no types, and its fast parser no common class.
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from generator.formats import scanner
from generator.formats.slips.problems import (
    ALIAS,
    ANCHOR,
    COLON,
    COMMA,
    DROP_LINE,
    FULL_WIDTH,
    HALF_WIDTH_ALL,
    MAX_RUN_ON,
    RUN_ON,
    TAG,
    UNSEEN,
)
from generator.formats.slips.spaces import ANY
from generator.formats.slips.syntax import (
    CUT_COMMENT,
    report_mark,
    report_spaced_key,
    report_syntax,
    warn_cut_comments,
)
from generator.text.findings import Place, Report
from generator.text.messages import say
from generator.text.names import SHORT, visible
from generator.text.remedies import on_lines

MAX_DEPTH = 20
#: A 1-based line and column.
Position = tuple[int, int]
NULLS = frozenset({"", "null", "~"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a YAML file may be: bytes of text and number of nodes."""

    size: int
    nodes: int


BRANCH_LIMITS = Limits(size=1 << 20, nodes=20_000)
COMMITTEE_LIMITS = Limits(size=1 << 24, nodes=1_000_000)


@dataclass(slots=True)
class Node:
    """A YAML node at its 1-based line and column."""

    line: int
    column: int


@dataclass(slots=True)
class Scalar(Node):
    """Text as written; ``plain`` tells it from a quoted or block scalar."""

    text: str
    plain: bool

    @property
    def is_null(self) -> bool:
        """Whether this is nothing, ``null`` or ``~``, unquoted: the same as absent."""
        return self.plain and self.text in NULLS


@dataclass(slots=True)
class Mapping(Node):
    """Key text → (position of the key, value node), in the order of the file."""

    entries: dict[str, tuple[Position, Node]]

    def place(self, base: Place, key: str) -> Place:
        """Return the place of the value at ``key``, or of the mapping where it is absent."""
        entry = self.entries.get(key)
        if entry is None:
            return Place(base.path, self.line, self.column, base.pointer)
        return base.child(key, entry[1].line, entry[1].column)


@dataclass(slots=True)
class Sequence(Node):
    """A list of nodes."""

    items: list[Node]


def is_null(node: Node) -> bool:
    """Whether ``node`` counts as absent."""
    return isinstance(node, Scalar) and node.plain and node.text in NULLS


def is_absent(node: Node) -> bool:
    """Whether ``node`` says nothing: null, or blank text, as editors write an empty field."""
    return isinstance(node, Scalar) and (node.is_null or not node.text.strip())


FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|\r(?!\n)"
)
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})(\s|$)", re.MULTILINE)


class _StopReadingError(Exception):
    """The rest of the file is not read any further."""


def parse(data: bytes, report: Report, path: str, limits: Limits = BRANCH_LIMITS) -> Node | None:
    """Return the root node of one YAML document, or None where it cannot be read at all.

    Findings of family Y go to ``report``; the caller compares ``report.count`` to see whether
    the file is clean. Time and memory are linear in ``limits``, whatever the bytes are.
    """
    top = Place(path)
    if len(data) > limits.size:
        report.add(
            "Y005",
            top,
            "文件过大：{size} 字节，上限 {limit} 字节",
            size=len(data),
            limit=limits.size,
        )
        return None
    text = _decode(data, report, path)
    if text is None or not _check_characters(text, report, path):
        return None
    conflict = _CONFLICT.search(text) if _may_conflict(text) else None
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        report.add(
            "Y001",
            Place(path, line),
            "留有 Git 合并冲突的标记",
            hint="保留需要的一份内容，删去 <<<<<<<、=======、>>>>>>> 三行",
        )
        return None
    root = _Builder(report, path, limits, text).build()
    if root is not None and "#" in text and CUT_COMMENT.search(text):
        warn_cut_comments(report, path, text)
    return root


def _may_conflict(text: str) -> bool:
    """Whether the pattern needs to be tried: it looks at every line."""
    return "<<<<<<<" in text or "=======" in text or ">>>>>>>" in text


def _decode(data: bytes, report: Report, path: str) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        place = Place(path, line, len(before.decode("utf-8")) + 1)
        report.add("Y003", place, "第 {line} 行不是 UTF-8 编码", line=line)
        return None
    return text.removeprefix("\ufeff")


def _check_characters(text: str, report: Report, path: str) -> bool:
    clean = True
    for match in FORBIDDEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        char = f"U+{ord(match.group()[0]):04X}"
        old, new = match.group(), "\n" if match.group() == "\r" else ""
        place = Place(path, line, column)
        # What ends a line may hide the next one: of that nobody knows what is left without it.
        hint = None if old in "\u2028\u2029" else say(UNSEEN, old=old, new=new)
        report.add("Y006", place, "含有看不见的控制字符 {char}", hint=hint, char=char)
        if clean is False:
            break
        clean = False
    return clean


def _position(event: Any) -> Position:
    start = event.start_mark
    return start.line + 1, start.column + 1


class _Builder:
    """Builds nodes from events without recursion: ``parent`` is the collection that is open.

    ``key`` is what the next value of a mapping stands at, None where a key is due.
    """

    def __init__(self, report: Report, path: str, limits: Limits, text: str) -> None:
        self.report = report
        self.path = path
        self.limits = limits
        self.escapes = "\\" in text
        self.text = text
        self.lines: list[str] = []
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0
        self.stack: list[Mapping | Sequence | None] = []
        self.parent: Mapping | Sequence | None = None
        self.key: tuple[str, Position] | None = None
        self.flows: set[int] = set()
        self.run_on = False

    def build(self) -> Node | None:
        """Return the root of the only document; None where nothing usable was read."""
        try:
            self._run()
        except _StopReadingError:
            return None
        except yaml.YAMLError as error:
            report_syntax(self.report, self.path, self.text, error, MAX_DEPTH)
            return None
        if self.root is None or is_null(self.root):
            self.report.add("Y007", Place(self.path), "文件是空的")
            return None
        return self.root

    def _run(self) -> None:
        for event in iter(scanner.Parser(self.text).get_event, None):
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent:
                node = Mapping(*_position(event), {})
                self._open(event, node)
                if event.flow_style:
                    self.flows.add(id(node))
            elif kind is SequenceStartEvent:
                self._open(event, Sequence(*_position(event), []))
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self.parent = self.stack.pop()
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is DocumentStartEvent:
                self._document(event)

    def _place(self, event: Any) -> Place:
        return Place(self.path, *_position(event))

    def _refuse(self, event: Any) -> None:
        """Report what no node may have; raises where there are too many of them."""
        if self.nodes > self.limits.nodes:
            self.report.add(
                "Y005", self._place(event), "内容过多：超过 {n} 个节点", n=self.limits.nodes
            )
            raise _StopReadingError
        if event.anchor is not None:
            self._mark(event, ANCHOR)
        if event.tag is not None:
            self._mark(event, TAG)

    def _mark(self, event: Any, message: str) -> None:
        """Report a mark of YAML: it is to go, or it is text that wants quotes."""
        if not self.lines:
            self.lines = self.text.split("\n")
        start = event.start_mark
        report_mark(self.report, self._place(event), self.lines[start.line], message)

    def _scalar(self, event: Any) -> None:
        self.nodes += 1
        if event.anchor is not None or event.tag is not None or self.nodes > self.limits.nodes:
            self._refuse(event)
        text, plain, start = event.value, not event.style, event.start_mark
        if self.escapes and not plain and FORBIDDEN.search(text):
            self.report.add("Y006", self._place(event), "引号里的转义写出了控制字符")
        if self.key is None and type(self.parent) is Mapping:
            self.run_on = plain and id(self.parent) in self.flows and bool(RUN_ON.search(text))
            if plain and ANY.match(text) and report_spaced_key(self.report, self.path, self.text):
                raise _StopReadingError
            self._take_key(text, (start.line + 1, start.column + 1))
        else:
            self._attach(Scalar(start.line + 1, start.column + 1, text, plain))

    def _take_key(self, text: str, position: Position) -> None:
        if text == "<<":
            place = Place(self.path, *position)
            self.report.add("Y004", place, "用了合并键“<<”：请把内容完整写出")
        self.key = (text, position)

    def _attach(self, node: Node) -> None:
        parent = self.parent
        if parent is None:
            if self.root is None:
                self.root = node
        elif type(parent) is Sequence:
            parent.items.append(node)
        elif isinstance(parent, Mapping) and self.key is not None:
            text, position = self.key
            self.key = None
            if self.run_on:
                self._part(parent, text, position, node)
            elif text in parent.entries:
                self._duplicate(text, position, parent.entries[text][0])
            else:
                parent.entries[text] = (position, node)
        else:  # pragma: no cover - libyaml's grammar
            raise AssertionError

    def _part(self, parent: Mapping, text: str, position: Position, node: Node) -> None:
        """Report a key of full-width marks, and read what was meant, so that nothing seems missing.

        One such mark of each kind is reported.
        """
        self.run_on = False
        for char, message in FULL_WIDTH:
            if char in text:
                place = Place(self.path, position[0], position[1] + text.index(char))
                new = ": " if char == COLON else ", "
                hint = on_lines(HALF_WIDTH_ALL, char, new, [position[0]])
                self.report.add("Y001", place, message, hint=hint)
        pairs = text.split(COMMA, MAX_RUN_ON)
        for number, pair in enumerate(pairs, start=1):
            name, colon, value = (part.strip() for part in pair.partition(COLON))
            own = bool(colon) and (number < len(pairs) or is_null(node))
            said = Scalar(*position, value, plain=True) if own else node
            parent.entries.setdefault(name, (position, said))

    def _duplicate(self, key: str, position: Position, first: Position) -> None:
        self.report.add(
            "Y002",
            Place(self.path, *position),
            "键“{key}”重复：第 {line} 行已经写过",
            key=visible(key, SHORT),
            line=first[0],
        )

    def _open(self, event: Any, node: Mapping | Sequence) -> None:
        self.nodes += 1
        if event.anchor is not None or event.tag is not None or self.nodes > self.limits.nodes:
            self._refuse(event)
        if len(self.stack) >= MAX_DEPTH:
            self.report.add("Y005", self._place(event), "嵌套过深：超过 {n} 层", n=MAX_DEPTH)
            raise _StopReadingError
        if self.key is None and type(self.parent) is Mapping:
            self.report.add("Y001", self._place(event), "键必须是一段文字")
            raise _StopReadingError
        self._attach(node)
        self.stack.append(self.parent)
        self.parent = node

    def _alias(self, event: Any) -> None:
        self._mark(event, ALIAS)
        position = _position(event)
        if self.key is None and type(self.parent) is Mapping:
            self.key = ("", position)
        else:
            self._attach(Scalar(*position, "", plain=True))

    def _document(self, event: Any) -> None:
        self.documents += 1
        if event.version or event.tags:
            line = self.text.partition("\n")[0]
            hint = say(DROP_LINE, old=line, new="") if line.startswith("%") else None
            self.report.add("Y004", self._place(event), "用了指令“%”：请删去这一行", hint=hint)
        if self.documents > 1:
            self.report.add("Y007", self._place(event), "一个文件里有多份文档（“---”）")
            raise _StopReadingError
