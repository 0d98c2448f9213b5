"""Shapes of single values: text, numbers, yes and no, days, choices."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.formats.nodes import Node, Scalar, Sequence
from generator.formats.shape import INVALID, Context, Invalid, Schema, Shape
from generator.formats.slips.meant import as_boolean, as_day, as_number, plain, unquoted
from generator.formats.slips.spaces import report_spaced
from generator.text.language import mark
from generator.text.messages import Message, Value, listed, say
from generator.text.privacy import Printable, as_written, masked
from generator.text.remedies import write
from generator.text.unknown import Known, entitled, meant, report_unknown, several

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.text.findings import Place, Report

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.([0-9]{1,6}))?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID = 40
#: The end of a record's path that its folder does not have.
RECORD_FILE = re.compile(r"(?:/(?:activity|document)\.yml|/)$")
#: What a path is given before it begins in the year of its branch.
OWN_YEAR = re.compile(r"(?:(?:branches/)?(?P<branch>[^/]+)/)?(?P<year>[0-9]{4})/(?P<below>.+)")
QUOTE_ALL = mark("文字以 [ 或 {{ 开头时，把整段放进英文引号")
HALF_DIGITS = mark("请用半角数字，例如 4.5")
SIGNED = mark("“{text}”不能带负号")
FROM_NOUGHT = mark("填 0 或大于 0 的数")


class TextShape(Shape[Printable]):
    """Any text on one or more lines, not blank.

    Personal data in it is masked where it is read, so that nothing made of it can show it;
    ``public`` is what is there to be called, such as the committee's own telephone.
    """

    def __init__(self, *, public: bool = False) -> None:
        self.gate = as_written if public else masked

    def take(self, node: Node, context: Context) -> Printable | Invalid:
        """Return the text without surrounding white space, its personal data masked."""
        del context
        return self.gate(node.text.strip()) if isinstance(node, Scalar) else INVALID

    def help(self, node: Node, context: Context) -> str | Message | None:
        """Return the hint; a title in brackets is a list until the whole is in quotes."""
        if isinstance(node, Sequence):
            written = flow_text(node)
            return write(written, f'"{written}"') if written and '"' not in written else QUOTE_ALL
        return super().help(node, context)

    def schema(self) -> Schema:
        """Return a string schema."""
        return {"type": "string", "minLength": 1}

    def expected(self) -> Value:
        """Say what text is due."""
        return say("一段文字")


class WordShape(Shape[str]):
    """A word of a pattern, such as an id, a path or an address; ``of`` names those there are."""

    def __init__(self, pattern: str, wanted: str, of: str = "") -> None:
        self.pattern = re.compile(pattern)
        self.wanted = wanted
        self.of = of

    def take(self, node: Node, context: Context) -> str | Invalid:
        """Return the word without surrounding white space."""
        del context
        text = node.text.strip() if isinstance(node, Scalar) else ""
        return text if self.pattern.fullmatch(text) else INVALID

    def meant(self, text: str, context: Context) -> str:
        """Return the id that a title stands for, or the text as the pattern has it."""
        known = context.names.get(self.of, {})
        forms = (*self._forms(text), self._below(text, context.report))
        fitting = [own for own in forms if self.pattern.fullmatch(own)]
        ends = [name for name in known if name.endswith(f"/{plain(text)}")]
        named = meant(text, known, known) or (ends[0] if len(ends) == 1 else "")
        return named or (fitting[0] if fitting else "")

    def _forms(self, text: str) -> tuple[str, ...]:
        """Return other ways to write a text, the nearest first."""
        half = plain(text)
        folder = RECORD_FILE.sub("", half.removeprefix("./"))
        return (unquoted(text), half, half.casefold(), folder, half.lstrip("@"))

    def _below(self, text: str, report: Report) -> str:
        """Return a path without the branch and the year before it, where they are its own."""
        found = OWN_YEAR.fullmatch(RECORD_FILE.sub("", plain(text).removeprefix("./")))
        own = found is not None and found["branch"] in {None, report.branch}
        return found["below"] if found and own and found["year"] == f"{report.year}" else ""

    def help(self, node: Node, context: Context) -> str | Message | None:
        """Return the hint: which of several a title stands for."""
        known = context.names.get(self.of, {})
        title = node.text if isinstance(node, Scalar) and known else ""
        return several(title, known, known) or super().help(node, context)

    def schema(self) -> Schema:
        """Return a string schema."""
        return {"type": "string", "pattern": f"^(?:{self.pattern.pattern})$"}

    def expected(self) -> Value:
        """Say what is due."""
        return say(self.wanted)


class NumberShape(Shape[Decimal]):
    """A decimal written in ASCII digits; with ``points`` at most the rubric's places."""

    def __init__(self, *, points: bool = False, negative: bool = False) -> None:
        self.points = points
        self.negative = negative

    def take(self, node: Node, context: Context) -> Decimal | Invalid:
        """Return a Decimal, exactly as written."""
        match = NUMBER.fullmatch(node.text) if isinstance(node, Scalar) else None
        return INVALID if match is None or self._fault(match, context) else Decimal(match.group())

    def _fault(self, match: re.Match[str], context: Context) -> str:
        """Return what is wrong with a number: ``sign``, ``places`` or nothing."""
        text = match.group()
        if text.startswith("-") and (not self.negative or Decimal(text) == 0):
            return "sign"
        decimals, places = match.group(1), context.places
        too_fine = self.points and decimals and places is not None and len(decimals) > places
        return "places" if too_fine else ""

    def refuse(self, node: Node, place: Place, context: Context) -> Invalid:
        """Report S003: no number, a sign that may not be, or more places than the rubric has."""
        text = node.text if isinstance(node, Scalar) else ""
        match = NUMBER.fullmatch(text)
        fault = match and self._fault(match, context)
        if fault == "sign":
            context.report.add("S003", place, SIGNED, hint=FROM_NOUGHT, text=text)
            return INVALID
        if fault == "places":
            context.report.add(
                "S003",
                place,
                "“{text}”的小数超过 {places} 位",
                hint="最多写到小数点后 {places} 位",
                text=text,
                places=context.places,
            )
            return INVALID
        return super().refuse(node, place, context)

    def meant(self, text: str, context: Context) -> str:
        """Return the figure of a number with a unit or in full-width digits."""
        return figure_of(self, text, context)

    def help(self, node: Node, context: Context) -> str | Message | None:
        """Return the hint: what to write, or that digits are to be half-width."""
        text = node.text if isinstance(node, Scalar) else ""
        if any(c.isnumeric() and not c.isascii() for c in text) or "．" in text:
            return self.proposal(node, context) or HALF_DIGITS
        return super().help(node, context)

    def schema(self) -> Schema:
        """Return a number schema."""
        return {"type": "number"} if self.negative else {"type": "number", "minimum": 0}

    def expected(self) -> Value:
        """Say what number is due."""
        return say("数字，例如 4.5")


class CountShape(Shape[int]):
    """A whole number from 0."""

    def take(self, node: Node, context: Context) -> int | Invalid:
        """Return an int."""
        del context
        if isinstance(node, Scalar):
            match = NUMBER.fullmatch(node.text)
            if match and not match.group(1) and not node.text.startswith("-"):
                return int(node.text)
        return INVALID

    def refuse(self, node: Node, place: Place, context: Context) -> Invalid:
        """Report S003: no whole number, or one below 0."""
        text = node.text if isinstance(node, Scalar) else ""
        if text.startswith("-") and NUMBER.fullmatch(text):
            context.report.add("S003", place, SIGNED, hint=FROM_NOUGHT, text=text)
            return INVALID
        return super().refuse(node, place, context)

    def meant(self, text: str, context: Context) -> str:
        """Return the figure of a count with a unit or in full-width digits."""
        return figure_of(self, text, context)

    def schema(self) -> Schema:
        """Return an integer schema."""
        return {"type": "integer", "minimum": 0}

    def expected(self) -> Value:
        """Say what count is due."""
        return say("整数，例如 12")


class BooleanShape(Shape[bool]):
    """``true`` or ``false`` alone."""

    def take(self, node: Node, context: Context) -> bool | Invalid:
        """Return a bool."""
        del context
        if isinstance(node, Scalar) and node.text in {"true", "false"}:
            return node.text == "true"
        return INVALID

    def meant(self, text: str, context: Context) -> str:
        """Return ``true`` or ``false`` for yes or no."""
        del context
        return as_boolean(text)

    def schema(self) -> Schema:
        """Return a boolean schema."""
        return {"type": "boolean"}

    def expected(self) -> Value:
        """Say what is due."""
        return say("“true”（是）或“false”（否）")


class DateShape(Shape[date]):
    """A calendar day written yyyy-mm-dd."""

    def take(self, node: Node, context: Context) -> date | Invalid:
        """Return a datetime.date."""
        del context
        day = parse_date(node.text) if isinstance(node, Scalar) else None
        return INVALID if day is None else day

    def meant(self, text: str, context: Context) -> str:
        """Return the day that is written in another way; nothing where there is no such day."""
        del context
        written = as_day(text)
        return written if parse_date(written) else ""

    def schema(self) -> Schema:
        """Return a date schema."""
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

    def expected(self) -> Value:
        """Say what is due."""
        return say("真实的日期，写作 2025-03-12")


def parse_date(text: str) -> date | None:
    """Return the day that ``text`` names as yyyy-mm-dd in ASCII digits, or None."""
    if not DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class ChoiceShape(Shape[str]):
    """One of a fixed set of words, each with its title."""

    def __init__(self, choices: Mapping[str, str]) -> None:
        self.choices = choices

    @property
    def titles(self) -> dict[str, Message]:
        """Titles of the choices that have one."""
        return {word: say(title) for word, title in self.choices.items() if title != word}

    def take(self, node: Node, context: Context) -> str | Invalid:
        """Return the word chosen."""
        del context
        return node.text if isinstance(node, Scalar) and node.text in self.choices else INVALID

    def read(self, node: Node, place: Place, context: Context) -> str | Invalid:
        """Return the word chosen; report S005 for another one."""
        if not isinstance(node, Scalar) or node.text in self.choices:
            return super().read(node, place, context)
        words = "“{value}”不在可选值之内：{known}{nearest}"
        report = context.report
        if not report_spaced(report, place, node.text if node.plain else ""):
            known = Known(self.choices, self.titles, guess=False)
            report_unknown(report, "S005", place, node.text, known, words)
        return INVALID

    def schema(self) -> Schema:
        """Return one constant a choice, with its title."""
        return {"oneOf": [{"const": k, "title": say(v)} for k, v in self.choices.items()]}

    def expected(self) -> Value:
        """List the choices."""
        return listed(entitled(word, self.titles) for word in self.choices)


def figure_of(shape: NumberShape | CountShape, text: str, context: Context) -> str:
    """Return the figure that a text was meant to be, where the shape takes it."""
    figure = as_number(text)
    node = Scalar(0, 0, figure, plain=True)
    return figure if figure and shape.take(node, context) is not INVALID else ""


def flow_text(node: Sequence) -> str:
    """Return a list of plain texts as it stands on its line in brackets; or nothing."""
    column, texts = node.column + 1, []
    for item in node.items:
        if not isinstance(item, Scalar) or not item.plain or item.line != node.line:
            return ""
        if item.column != column:
            return ""
        texts.append(item.text)
        column += len(item.text) + 2
    return f"[{', '.join(texts)}]" if texts else ""


text = TextShape()
ID, ID_WORDS = rf"(?=.{{1,{MAX_ID}}}$){IDENTIFIER.pattern}", mark("编号：小写字母、数字、短横线")
identifier = WordShape(ID, ID_WORDS)


def identifier_of(names: str) -> WordShape:
    """Return the shape of an id of a list, which its title stands for."""
    return WordShape(ID, ID_WORDS, names)


points = NumberShape(points=True)
signed_points = NumberShape(points=True, negative=True)
number = NumberShape(negative=True)
count = CountShape()
boolean = BooleanShape()
day = DateShape()
