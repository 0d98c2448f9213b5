"""Scalars as they are written: plain where every reader takes them for the same, else in quotes.

The strict reader knows no types, but others do: text that YAML 1.1 or 1.2 takes for a number, a
day, a yes or nothing is quoted, so that it is text for them too.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from generator.formats.nodes import FORBIDDEN, Scalar
from generator.formats.shape import INVALID, Context, Shape
from generator.formats.single import (
    NUMBER,
    BooleanShape,
    ChoiceShape,
    CountShape,
    DateShape,
    NumberShape,
    TextShape,
    WordShape,
)
from generator.text.findings import Report
from generator.text.messages import Message, say

#: Shapes whose values are words of YAML, never text.
TYPED = (NumberShape, CountShape, BooleanShape, DateShape)
#: What a plain text may not begin with, nor hold, nor end with.
_BEGINS = re.compile(r"[,\[\]{}#&*!|>'\"%@`]|[-?:](?:\s|$)|(?:---|\.\.\.)(?:\s|$)")
_HOLDS = re.compile(r":(?:\s|$)|\s#|[\t\n\r\ufffe\uffff]")
#: What YAML 1.1 or 1.2 reads as something else than text.
_TAKEN = re.compile(
    r"""~|null|Null|NULL|<<|=
    |[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE
    |[-+]?0b[01_]+|[-+]?0o[0-7_]+|[-+]?0x[0-9a-fA-F_]+
    |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
    |[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?
    |[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
    |[0-9]{4}-[0-9]{2}-[0-9]{2}
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
     (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?""",
    re.VERBOSE,
)
#: What a plain text may not hold, or begin with, between braces or brackets.
_FLOW = re.compile(r"[,\[\]{}]|^[-?:]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'[\\"\n\r\t\ufffe\uffff]')
_SURROGATE = re.compile("[\ud800-\udfff]")


class UnwritableError(ValueError):
    """A value that no file can hold: where it stands (a JSON pointer), and why."""

    def __init__(self, pointer: str, reason: Message) -> None:
        super().__init__(pointer, reason)
        self.pointer = pointer
        self.reason = reason


def spelled(text: str) -> str:
    """Return a text as it stands in a file: plain where that is read as this text, else quoted."""
    return text if is_plain(text) else quoted(text)


def is_plain(text: str) -> bool:
    """Whether a text without quotes is read as this text, by any reader."""
    return is_safe(text) and not _TAKEN.fullmatch(text)


def is_safe(text: str) -> bool:
    """Whether a text without quotes is read as this text by the strict reader."""
    clean = bool(text) and text == text.strip()
    return clean and not (_BEGINS.match(text) or _HOLDS.search(text))


def inline(text: str, *, plain: bool) -> str:
    """Return a single value as it stands between braces, in quotes unless it may be ``plain``."""
    return text if plain and is_safe(text) and not _FLOW.search(text) else quoted(text)


def quoted(text: str) -> str:
    """Return a text in double quotes, on one line."""
    return f'"{_ESCAPED.sub(lambda found: escape(found.group()), text)}"'


def escape(char: str) -> str:
    """Return how a character stands between double quotes."""
    return _ESCAPES.get(char) or f"\\u{ord(char):04X}"


def refuse_unseen(text: str, pointer: str) -> None:
    """Raise UnwritableError for a text with a character that no file may hold."""
    found = _SURROGATE.search(text) or FORBIDDEN.search(text)
    if found is not None:
        char = f"U+{ord(found.group()[0]):04X}"
        raise UnwritableError(pointer, say("含有看不见的控制字符 {char}", char=char))


def text_of(value: object, shape: Shape[object] | None, pointer: str) -> tuple[str, bool]:
    """Return the text of a single value, and whether it is written as it is, without quotes.

    Raises UnwritableError for a value that a file cannot hold, TypeError for one that the shape
    never has.
    """
    if isinstance(value, str):
        refuse_unseen(value, pointer)
        text = value.strip()
        typed = isinstance(shape, TYPED) and takes(shape, text)
        return text, typed or is_plain(text)
    if isinstance(shape, TextShape | WordShape | ChoiceShape):
        message = f"{pointer}: {type(value).__name__} where text is due"
        raise TypeError(message)
    if isinstance(value, bool):
        return ("true" if value else "false"), True
    if isinstance(value, int | Decimal):
        return figure(value, pointer), True
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat(), True
    message = f"{pointer}: {type(value).__name__} cannot be written"
    raise TypeError(message)


def takes(shape: Shape[object], text: str) -> bool:
    """Whether a shape reads a plain text."""
    return shape.take(Scalar(0, 0, text, plain=True), Context(Report())) is not INVALID


def figure(value: int | Decimal, pointer: str) -> str:
    """Return a number as it is written, without an exponent; raises UnwritableError."""
    number = Decimal(value)
    text = format(number, "f") if number.is_finite() else str(number)
    if number == 0:
        text = text.removeprefix("-")
    if not NUMBER.fullmatch(text):
        words = say("数字“{text}”写不下：小数点前最多 9 位，后面最多 6 位", text=text[:40])
        raise UnwritableError(pointer, words)
    return text
