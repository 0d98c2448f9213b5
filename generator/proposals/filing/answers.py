"""What a person types, read tolerantly into values: nothing is guessed, what is due is said.

Days, counts, yes and no are taken in every form that can be read in one way only, choices by id or
title. The definition of the key decides in the end, in its own words.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias, cast

from generator.formats.branch_files import AttendanceFile, Counts, attachment
from generator.formats.nodes import FORBIDDEN, Scalar
from generator.formats.records import keys_of
from generator.formats.shapes import INVALID, Context, ListShape, Shape
from generator.proposals.filing.questions import Input, Question
from generator.text.codes import CODES
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.messages import Message, Value, Words, listed, say, some
from generator.text.names import SHORT, UNDECODED, visible
from generator.text.privacy import masked
from generator.text.titles import AmbiguousChoiceError, UnknownChoiceError, chosen
from generator.text.unknown import NAMED, entitled, nearest_text

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

#: A value of a record: as the writer of files takes it.
Plain: TypeAlias = (
    "str | bool | int | Decimal | datetime.date | tuple[Plain, ...] | dict[str, Plain]"
)
#: What parts several answers in one line, and what they are joined by again.
PARTS = re.compile("[、，,；;\n]")
MARKS = re.compile("、，,；; \n").pattern
FILE_NAME = next(iter(keys_of(AttendanceFile)))
#: Counts in a line: each behind its name, or all of them in their order.
COUNTED = {
    "members": re.compile(r"应到\D{0,3}?([0-9]{1,9})(?![0-9])"),
    "present": re.compile(r"(?:到会|实到)\D{0,3}?([0-9]{1,9})(?![0-9])"),
    "leave": re.compile(r"请假\D{0,3}?([0-9]{1,9})(?![0-9])"),
    "absent": re.compile(r"缺[席勤]\D{0,3}?([0-9]{1,9})(?![0-9])"),
}
NUMBERS = re.compile(r"[0-9]+")
IN_ORDER = re.compile(r"[0-9]{1,9}(?: *人?[ 、,;/]+[0-9]{1,9}){1,3} *人?")

UNSEEN = mark("含有看不见的字符（{text}），请删去")
UNKNOWN_CHOICE = mark("没有“{text}”{nearest}；可选：{choices}")
UNKNOWN_SHORT = mark("没有“{text}”{nearest}；请写上面的序号、名称或编号")
SAME_TITLE = mark("有几个都叫“{text}”：{ids}；请写编号")
NOTHING_TO_CHOOSE = mark("没有“{text}”：这里没有可选的")
NO_ATTENDANCE = mark(
    "“{text}”看不出人数：依次写应到、到会、请假、缺席，例如 23、19、3、1；或者写考勤表的文件名"
)


class AnswerError(Exception):
    """An answer that cannot be taken: what is wrong, and what to do where that is known."""

    def __init__(self, message: Words, hint: Words = "") -> None:
        """Keep the words for whoever answered."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class UnknownAnswerError(AnswerError):
    """An answer that is none of the choices; ``short`` says so where these are seen already."""

    def __init__(self, text: str, titles: Mapping[str, Words]) -> None:
        """Keep the words for whoever answered."""
        super().__init__(unknown(text, titles))
        near = nearest_text(text, [*titles, *map(str, titles.values())])
        self.short = say(UNKNOWN_SHORT, text=visible(text, SHORT), nearest=near)


def answer(question: Question, text: str, names: Iterable[str] = ()) -> Plain | None:
    """Return what an answer says, None where it says nothing; raises AnswerError.

    ``names`` are those of files that are there: one of them is never parted.
    """
    written = seen(text)
    if not written:
        return None
    if question.input is Input.ATTENDANCE:
        return attendance(written, names)
    if question.input is Input.ONE:
        return choice(question, written)
    if question.input is Input.SOME:
        return tuple(choices(question, written))
    if question.input in {Input.TEXTS, Input.FILES}:
        return tuple(entries(question, written, frozenset(names)))
    return single(question.shape, written, question.places)


def seen(text: str) -> str:
    """Return what was typed, without white space around it; raises AnswerError for unseen signs."""
    written = text.strip()
    if hidden := FORBIDDEN.search(written) or UNDECODED.search(written):
        raise AnswerError(say(UNSEEN, text=visible(hidden[0])))
    return written


def single(shape: Shape[object], text: str, places: int | None = None) -> Plain:
    """Return one value as a shape reads it, or reads what was meant; raises AnswerError.

    Shapes mask personal data that they read. Here it stays as it was typed, for dots would be
    written into the file in its place, where nobody could find it any more.
    """
    report = Report()
    context = Context(report, places)
    value = shape.take(Scalar(0, 0, text, plain=False), context)
    if isinstance(value, str) and value != text and value == masked(text):
        return text
    if value is INVALID:
        meant = shape.meant(text, context)
        value = shape.take(Scalar(0, 0, meant, plain=False), context) if meant else INVALID
    if value is not INVALID:
        return cast("Plain", value)
    shape.read(Scalar(0, 0, text, plain=False), Place(""), context)
    found = report.findings[0]
    usual = say(CODES[found.code].hint)
    raise AnswerError(found.message, "" if found.hint == usual else found.hint)


def choice(question: Question, text: str) -> str:
    """Return the id that an answer is, or whose title it is; raises AnswerError."""
    titles = question.titles
    try:
        return chosen(text, titles)
    except AmbiguousChoiceError as error:
        ids = listed(error.ids)
        raise AnswerError(say(SAME_TITLE, text=visible(text, SHORT), ids=ids)) from None
    except UnknownChoiceError:
        raise UnknownAnswerError(text, titles) from None


def unknown(text: str, titles: Mapping[str, Words]) -> Message:
    """Return words for what is no id and no title of a list."""
    shown = visible(text, SHORT)
    if not titles:
        return say(NOTHING_TO_CHOOSE, text=shown)
    known: Value = some([entitled(id_, titles) for id_ in titles], NAMED)
    near = nearest_text(text, [*titles, *map(str, titles.values())])
    return say(UNKNOWN_CHOICE, text=shown, nearest=near, choices=known)


def choices(question: Question, text: str) -> list[str]:
    """Return the ids of several answers in one line, each once; raises AnswerError.

    A title may hold what parts answers: the longest stretch that is one counts.
    """
    found: dict[str, None] = {}
    parts = pieces(text)
    at = 0
    while at < len(parts):
        for end in range(min(len(parts), at + NAMED), at, -1):
            joined = "".join(parts[at:end]).strip(MARKS)
            try:
                found[choice(question, joined)] = None
            except AnswerError:
                if end == at + 1:
                    raise
            else:
                at = end
                break
    return list(found)


def pieces(text: str) -> list[str]:
    """Return the parts of a line, each with the mark behind it, so that joined they are it."""
    cuts = [match.end() for match in PARTS.finditer(text)]
    edges = [0, *cuts, len(text)]
    parts = [text[a:b] for a, b in pairwise(edges)]
    return [part for part in parts if part.strip(MARKS)]


def entries(question: Question, text: str, names: frozenset[str]) -> list[Plain]:
    """Return the entries of a list in one line, each once; raises AnswerError."""
    shape = question.shape
    item: Shape[object] = shape.item if isinstance(shape, ListShape) else shape
    parts = [text] if text in names else [part.strip() for part in PARTS.split(text)]
    return list(dict.fromkeys(single(item, part) for part in parts if part))


def attendance(text: str, names: Iterable[str] = ()) -> dict[str, Plain]:
    """Return attendance as counts, or the name of a file; raises AnswerError."""
    if text in names or text.casefold().endswith(".csv"):
        return {FILE_NAME: single(attachment, text)}
    half = unicodedata.normalize("NFKC", text)
    told = {name: pattern.findall(half) for name, pattern in COUNTED.items()}
    numbers = NUMBERS.findall(half)
    if sum(map(len, told.values())) == len(numbers) and told["members"] and told["present"]:
        if all(len(found) < 2 for found in told.values()):
            return {name: int(found[0]) if found else 0 for name, found in told.items()}
    elif not any(told.values()) and IN_ORDER.fullmatch(half):
        counts = [*map(int, numbers), 0, 0][: len(COUNTED)]
        return dict(zip(COUNTED, counts, strict=True))
    raise AnswerError(say(NO_ATTENDANCE, text=visible(text, SHORT)))


def attendance_part(name: str, text: str) -> Plain | None:
    """Return one count of attendance, or the file's name; raises AnswerError."""
    if not text.strip():
        return None
    for cls in (Counts, AttendanceFile):
        keys = keys_of(cls)
        if name in keys:
            return single(keys[name][1].shape, text.strip())
    raise KeyError(name)


def added(before: Plain | None, more: Plain | None) -> Plain | None:
    """Return a list with more entries, each once."""
    one = before if isinstance(before, tuple) else ()
    other: Sequence[Plain] = more if isinstance(more, tuple) else ()
    return tuple(dict.fromkeys((*one, *other))) or None
