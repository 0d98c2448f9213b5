"""A question to whoever fills in a record: title, help, example, kind of input, choices.

A question follows from the definition of a key; a terminal and a form in a browser ask the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from generator.formats.branch_files import AttendanceShape, TypesShape, attachment
from generator.formats.shapes import (
    BooleanShape,
    ChoiceShape,
    CountShape,
    DateShape,
    ListShape,
    NumberShape,
    Shape,
)
from generator.proposals.filing.words import NOTHING_TOLD, WORDS
from generator.text.language import mark
from generator.text.messages import Value, Words, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.formats.records import Key


class Input(Enum):
    """How a question is answered."""

    TEXT = "text"
    LONG = "long-text"
    COUNT = "count"
    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes-no"
    ONE = "one"
    SOME = "some"
    TEXTS = "texts"
    FILE = "file"
    FILES = "files"
    ATTENDANCE = "attendance"


#: Inputs that take several answers, one added to the other.
SEVERAL = frozenset({Input.SOME, Input.TEXTS, Input.FILES})
#: Inputs that name files beside the record.
NAMING = frozenset({Input.FILE, Input.FILES, Input.ATTENDANCE})
#: Inputs that are answered by ids of a list.
CHOOSING = frozenset({Input.ONE, Input.SOME})
#: Kind of input → an example where nothing better is known.
EXAMPLES: dict[Input, Words] = {
    Input.TEXT: say(mark("照材料上的写")),
    Input.LONG: say(mark("一两句话")),
    Input.COUNT: "12",
    Input.NUMBER: "4.5",
    Input.DAY: "2025-03-12",
    Input.YES_NO: say(mark("是")),
    Input.TEXTS: say(mark("几个的用顿号隔开")),
    Input.FILE: say(mark("方案.pdf")),
    Input.FILES: say(mark("现场.jpg")),
}
YES_OR_NO = mark("写“是”或“否”")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its id, its title, and what tells it from others of a like title."""

    id: str
    title: Words
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to fill in; ``key`` is where it goes in the record, names joined by dots.

    ``places`` are the decimals that points may have. ``shape`` reads the answer in the file.
    ``instead`` is the question that may be answered in place of this one.
    """

    key: str
    title: Words
    help: Value
    example: Words
    required: bool
    input: Input
    shape: Shape[object]
    choices: tuple[Choice, ...] = ()
    places: int | None = None
    instead: str = ""

    @property
    def titles(self) -> dict[str, Words]:
        """Titles of the choices by id."""
        return {choice.id: choice.title for choice in self.choices}

    def asking(self, help_: Value) -> Question:
        """Return the question with another help."""
        return replace(self, help=help_)

    def called(self, key: str) -> Question:
        """Return the question under another key."""
        return replace(self, key=key)

    def due(self, *, required: bool) -> Question:
        """Return the question as one that must be answered, or need not be."""
        return replace(self, required=required)

    def of_year(self, year: int) -> Question:
        """Return the question with an example of that year, where it asks for a day."""
        if self.input is not Input.DAY:
            return self
        _, mark_, rest = f"{self.example}".partition("-")
        return replace(self, example=f"{year:04}{mark_}{rest}")

    def or_else(self, key: str) -> Question:
        """Return the question as one in place of which another may be answered."""
        return replace(self, instead=key)

    def among(self, choices: Iterable[Choice], *, several: bool = False) -> Question:
        """Return the question as one that is answered by a choice, or by several."""
        own = tuple(choices)
        example = own[0].title or own[0].id if own else self.example
        kind = Input.SOME if several else Input.ONE
        return replace(self, input=kind, choices=own, example=example)


def question_of(record: str, key: Key, *, prefix: str = "", places: int | None = None) -> Question:
    """Return the question about one key of a record; ``record`` is the kind of record."""
    kind = input_of(key.shape)
    help_, example, long = WORDS.get(f"{record}.{key.name}", NOTHING_TOLD)
    if isinstance(key.shape, NumberShape) and not key.shape.points:
        places = None
    told: Value = say(help_) if help_ else say(key.description) if key.description else ""
    shown: Words = say(example) if example else EXAMPLES.get(kind, "")
    if kind is Input.YES_NO and not told:
        told = say(YES_OR_NO)
    made = Question(
        key=f"{prefix}{key.name}",
        title=say(key.title) if key.title else key.name,
        help=told or key.shape.expected(),
        example=shown,
        required=key.required,
        input=Input.LONG if long else kind,
        shape=key.shape,
        places=places,
    )
    if isinstance(key.shape, ChoiceShape):
        titles = key.shape.titles
        return made.among(Choice(word, titles.get(word, word)) for word in key.shape.choices)
    return made


def input_of(shape: Shape[object]) -> Input:
    """Return how a value of a shape is filled in."""
    if isinstance(shape, ListShape):
        return Input.FILES if shape.item is attachment else Input.TEXTS
    if shape is attachment:
        return Input.FILE
    for cls, kind in INPUTS.items():
        if isinstance(shape, cls):
            return kind
    return Input.TEXT


INPUTS: dict[type[Shape[object]], Input] = {
    AttendanceShape: Input.ATTENDANCE,
    TypesShape: Input.SOME,
    BooleanShape: Input.YES_NO,
    CountShape: Input.COUNT,
    NumberShape: Input.NUMBER,
    DateShape: Input.DAY,
    ChoiceShape: Input.ONE,
}


def choices_of(titles: Mapping[str, Words]) -> tuple[Choice, ...]:
    """Return ids with their titles as choices."""
    return tuple(Choice(id_, title or id_) for id_, title in titles.items())
