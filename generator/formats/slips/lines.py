"""Slips that make a file unreadable: found in its lines, with the line as it is to be.

A parser stops where it cannot go on, which may be lines below the slip. So the lines up to there
are looked at for what people slip on, and a line is proposed only if the parser then gets further.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import yaml

from generator.formats import scanner
from generator.formats.slips.problems import (
    COLON,
    COMMA,
    CONTINUED,
    FULL_COLON,
    FULL_COMMA,
    TAB_WORDS,
)
from generator.formats.slips.spaces import spaced_in
from generator.text.language import mark
from generator.text.remedies import LONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How many lines before the one where the parser stopped are looked at, and how many fit.
BACK, TRIED = 4, 12
#: Larger files are not read again to see whether a proposal helps; nobody types longer lines.
LARGEST, LONGEST = 1 << 16, 400

_KEY = r"[^\s:#\"'\[\]{}&*!|>@%`,\-][^:#\"'\[\]{}]*?"
_FULL = re.compile(rf"\s*(?:- +)*{_KEY} *(\uff1a) *")
_NO_SPACE = re.compile(r"\s*(?:- +)*[A-Za-z_\u4e00-\u9fff][\w-]*(:)(?=[^\s/:])")
_NO_DASH_SPACE = re.compile(r"\s*(?:- +)*(-)(?=[^\s\-0-9.])")
_VALUE = re.compile(rf"(\s*(?:- +)*(?:{_KEY}: +)?)(\S.*?)[ \t\r]*")
_PLAIN = re.compile(rf"( *)((?:- +)*){_KEY}: +[^\s\[{{|>\"'#].*")
_IN_BRACES = re.compile(rf"[{{,] *({_KEY}): +([^\s,{{}}][^,{{}}]*)(?=[,}}])")
_BRACES = re.compile(r"\{[^{}]*: ")
_TEXT = re.compile(rf"\s*(?:- +)*({_KEY}): ")
#: Keys of all files that hold a list or a mapping, and nowhere text: what follows is not quoted.
#: Later packages define the rubric's, so they are named here; a test compares with all schemas.
HOLDERS = frozenset(
    {"activity_types", "alternatives", "attendance", "ballot", "ballots", "bonus",
     "branch_kinds", "branches", "change", "claims", "criteria", "deadlines", "detect",
     "document_kinds", "drawn", "evidence", "extended", "facts", "fields", "files", "formerly",
     "funds", "grades", "having", "inactivity", "joint_with", "kinds", "levels", "limits",
     "measure", "members", "office", "order", "parts", "period", "photos", "publicity",
     "questions", "required", "rounding", "rubric", "rules", "sections", "societies",
     "submitters", "talks", "target", "teams", "tiers", "ties", "type", "vetoes", "where"}
)  # fmt: skip
_CLOSED_QUOTE = re.compile(r"(\"[^\"]*\"|'[^']*')[。，、；,.;]+")
_BACKSLASH = re.compile(r'"[^"]*\\[^"]*"')
_INDICATORS = "[]{}\"'*&!|>@%`?,-#"
_FLOW = str.maketrans({"｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]",
                       COLON: ": ", COMMA: ", ", "、": ", ", "“": '"', "”": '"'})  # fmt: skip

NO_SPACE = mark("冒号后面要空一格")
NO_DASH_SPACE = mark("列表的短横线后面要空一格")
ESCAPE = mark("双引号里的反斜杠“\\”有特殊含义，这里认不出来")
INDICATOR = mark("这里的文字以“{char}”开头，会被当作格式符号")
INNER_COLON = mark("文字里有冒号和空格“: ”，会被当作另一个键")
OPEN_QUOTE = mark("引号只有开头，没有结尾")
OPEN_BRACKET = mark("括号没有成对，或用了全角括号、逗号")
NO_DASH = mark("列表的这一项前面缺少短横线和空格“- ”")
TRAILING = mark("括号或引号后面多了标点")
UNEVEN = mark("这一行的开头与上一行没有对齐")


class Slip(NamedTuple):
    """A slip: 1-based line and column, what stands there, what is to stand there, in words."""

    line: int
    column: int
    old: str
    new: str
    message: str
    lines: tuple[int, ...] = ()

    @property
    def char(self) -> str:
        """What the text begins with, for the message."""
        return self.old[:1]


def find_slip(text: str, stop: int, begun: int) -> Slip | None:
    """Return the slip that keeps the parser from going on from line ``stop``.

    ``begun`` is the line where what was read there began.
    """
    lines = text.split("\n")
    if len(text) > LARGEST:
        return None
    tried = 0
    for slip in _candidates(lines, stop, begun):
        if slip.old == slip.new or len(slip.new) > LONG:
            continue
        if helps(lines, slip, stop):
            return slip
        tried += 1
        if tried == TRIED:
            break
    return None


def _candidates(lines: list[str], stop: int, begun: int) -> Iterator[Slip]:
    """Yield what may be wrong, the likeliest first."""
    yield from _structure(lines)
    near = range(min(stop, len(lines)), max(0, stop - BACK), -1)
    for number in dict.fromkeys((begun, *near)):
        if 0 < number <= len(lines) and len(lines[number - 1]) <= LONGEST:
            yield from _within(lines[number - 1], number)
            yield from filter(None, (kind(lines[number - 1], number) for kind in WITHIN))
            yield from filter(None, (kind(lines, number) for kind in BESIDE))
    for number, line in enumerate(lines[:stop], start=1):
        yield from filter(None, [_open_quote(line, number)])


def _structure(lines: list[str]) -> Iterator[Slip]:
    """Yield special spaces and tabs that indent, for all of their lines at once."""
    spaced = spaced_in(lines)
    if spaced:
        first = spaced[0]
        numbers = tuple(own.line for own in spaced if own.char == first.char)
        yield from fitting(lines, Slip(first.line, first.column, first.char, "", "", numbers))
    tabbed = tuple(n for n, line in enumerate(lines, start=1) if "\t" in indent_of(line))
    if tabbed:
        column = lines[tabbed[0] - 1].index("\t") + 1
        yield from fitting(lines, Slip(tabbed[0], column, "\t", "", TAB_WORDS, tabbed))


def fitting(lines: list[str], slip: Slip) -> list[Slip]:
    """Return a slip with each width that may be meant, first what sets keys below keys."""
    slips = [slip._replace(new=" " * width) for width in (2, 1, 4)]
    return sorted(slips, key=lambda own: not is_stepped(mended(lines, own)))


def is_stepped(lines: list[str]) -> bool:
    """Whether what follows a key that ends its line is indented more, or a list."""
    held = [line for line in lines if line.strip()]
    for line, after in pairwise(held):
        if line.rstrip().endswith(":"):
            deeper = len(indent_of(after)) - len(indent_of(line).replace("- ", ""))
            if deeper < 0 or (deeper == 0 and not after.lstrip().startswith("- ")):
                return False
    return True


def spaced_slip(text: str) -> Slip | None:
    """Return the special spaces that make the structure of a text that can be read."""
    lines = text.split("\n")
    slips = [own for own in _structure(lines) if own.message != TAB_WORDS]
    return next((own for own in slips if helps(lines, own, 0)), slips[0] if slips else None)


def indent_of(line: str) -> str:
    """Return the white space that a line begins with."""
    return line[: len(line) - len(line.lstrip())]


def mended(lines: list[str], slip: Slip) -> list[str]:
    """Return the lines with a slip mended."""
    result = list(lines)
    for number in slip.lines or (slip.line,):
        own = result[number - 1]
        at = 0 if slip.lines else slip.column - 1
        often = -1 if slip.lines else 1
        result[number - 1] = own[:at] + own[at:].replace(slip.old, slip.new, often)
    return result


def helps(lines: list[str], slip: Slip, stop: int) -> bool:
    """Whether the parser gets beyond line ``stop`` and the slip once it is mended."""
    try:
        for _ in iter(scanner.Parser("\n".join(mended(lines, slip))).get_event, None):
            pass
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        return where is not None and where.line + 1 > max(stop, *(slip.lines or (slip.line,)))
    return True


def _full_colon(line: str, number: int) -> Slip | None:
    match = _FULL.match(line)
    if match is None:
        return None
    return Slip(number, match.start(1) + 1, line[match.start(1) : match.end()], ": ", FULL_COLON)


def _no_space(line: str, number: int) -> Slip | None:
    match = _NO_SPACE.match(line)
    return match and Slip(number, match.start(1) + 1, ":", ": ", NO_SPACE)


def _no_dash_space(line: str, number: int) -> Slip | None:
    match = _NO_DASH_SPACE.match(line)
    return match and Slip(number, match.start(1) + 1, "-", "- ", NO_DASH_SPACE)


def value_of(line: str) -> tuple[int, str]:
    """Return where the value of a line begins (0-based), and the value."""
    match = _VALUE.fullmatch(line) if len(line) <= LONGEST else None
    return (match.start(2), match[2]) if match else (0, "")


def _flow(line: str, number: int) -> Slip | None:
    """Brackets and marks in full width, a bracket that is not closed, a mark behind the last."""
    at, value = value_of(line)
    half = value.translate(_FLOW)
    if half[:1] not in {"[", "{"} or not half:
        return None
    closing = "]" if half[0] == "[" else "}"
    half = re.sub(r"([,:]) +", r"\1 ", half)
    tail = half.rstrip("。，、；,.; ")
    if tail.endswith(closing) and tail.count(half[0]) == tail.count(closing):
        message = TRAILING if half == value else OPEN_BRACKET
        return Slip(number, at + 1, value, tail, FULL_COMMA if COMMA in value else message)
    if is_text(line):
        return None
    if half.count(half[0]) == half.count(closing) + 1 and not tail.endswith(tuple("[{")):
        return Slip(number, at + 1, value, tail + closing, OPEN_BRACKET)
    return None


def _open_quote(line: str, number: int) -> Slip | None:
    at, value = value_of(line)
    closed = _CLOSED_QUOTE.fullmatch(value)
    if closed:
        return Slip(number, at + 1, value, closed[1], TRAILING)
    if value[:1] not in {'"', "'"} or value.count(value[0]) != 1:
        return None
    inner = value[1:].rstrip("”’")
    return Slip(number, at + 1, value, f"{value[0]}{inner}{value[0]}", OPEN_QUOTE)


def _escape(line: str, number: int) -> Slip | None:
    """A backslash that is meant as itself."""
    at, value = value_of(line)
    if _BACKSLASH.fullmatch(value) is None:
        return None
    new = "'" + value[1:-1].replace("'", "''") + "'"
    return Slip(number, at + 1, value, new, ESCAPE)


def _indicator(line: str, number: int) -> Slip | None:
    """A text that begins with a mark of YAML."""
    at, value = value_of(line)
    if not at or not value or value[0] not in _INDICATORS or value[0] == "#":
        return None
    if value[0] in "[{" and (not is_text(line) or _BRACES.match(value)):
        return None
    return Slip(number, at + 1, value, quoted(value), INDICATOR)


def _inner_colon(line: str, number: int) -> Slip | None:
    at, value = value_of(line)
    if at == 0 or (": " not in value and not value.endswith(":")) or value[0] in _INDICATORS:
        return None
    return Slip(number, at + 1, value, quoted(value), INNER_COLON)


def is_text(line: str) -> bool:
    """Whether the key of a line holds text, so that brackets are a part of it."""
    match = _TEXT.match(line)
    return match is not None and match[1] not in HOLDERS


def quoted(text: str) -> str:
    """Return a text in the quotes that it does not hold."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _above(lines: list[str], number: int) -> str:
    """Return the last line above one that holds something, ``""`` where none does."""
    return next((own for own in reversed(lines[: number - 1]) if own.strip()), "")


def _continued(lines: list[str], number: int) -> Slip | None:
    """A line without a key, below a text that it seems to go on with."""
    line = lines[number - 1]
    before = _above(lines, number)
    match = _PLAIN.fullmatch(before.rstrip("\r")) if len(before) <= LONGEST else None
    if match is None or not line.strip() or ":" in line or line.lstrip()[0] in _INDICATORS:
        return None
    due = len(match[1]) + len(match[2]) + 2
    own = len(indent_of(line))
    if own >= due:
        return None
    return Slip(number, own + 1, "", " " * (due - own), CONTINUED)


def _within(line: str, number: int) -> Iterator[Slip]:
    """Texts between braces that begin with a mark of YAML, or hold a colon and a space."""
    for match in _IN_BRACES.finditer(line):
        key, value = match[1], match[2].rstrip()
        opened = value[0] == "[" and "]" not in value
        if key not in HOLDERS and not opened and (value[0] in _INDICATORS or ": " in value):
            message = INDICATOR if value[0] in _INDICATORS else INNER_COLON
            yield Slip(number, match.start(2) + 1, value, quoted(value), message)


def _no_dash(lines: list[str], number: int) -> Slip | None:
    """An entry without its hyphen, below one that has it."""
    line = lines[number - 1]
    before = lines[number - 2] if number > 1 else ""
    own = indent_of(line)
    if not before.startswith(f"{own}- ") or ":" in line or not line.strip():
        return None
    if line.strip().startswith("-"):
        return None
    return Slip(number, len(own) + 1, "", "- ", NO_DASH)


def _uneven(lines: list[str], number: int) -> Slip | None:
    """A line that begins one space beside the line above."""
    own, due = indent_of(lines[number - 1]), indent_of(_above(lines, number))
    if abs(len(own) - len(due)) != 1 or "\t" in own + due:
        return None
    return Slip(number, 1, own, due, UNEVEN)


def _too_deep(lines: list[str], number: int) -> Slip | None:
    """The first line below a key, indented more than this one and all that follows."""
    above = [at for at in range(number - 1, 0, -1) if lines[at - 1].strip()][:2]
    if len(above) < 2:
        return None
    first, key = (indent_of(lines[at - 1]) for at in above)
    due = indent_of(lines[number - 1])
    after = next((indent_of(own) for own in lines[number:] if own.strip()), due)
    if not len(key) < len(due) < len(first) or after == first or "\t" in first + due:
        return None
    return Slip(above[0], 1, first, due, UNEVEN)


#: Ways to slip within a line and in what stands above it, the likeliest first.
WITHIN: tuple[Callable[[str, int], Slip | None], ...] = (
    _full_colon, _no_space, _no_dash_space, _flow, _open_quote, _inner_colon, _escape, _indicator,
)  # fmt: skip
BESIDE: tuple[Callable[[list[str], int], Slip | None], ...] = (
    _no_dash, _continued, _too_deep, _uneven,
)  # fmt: skip
