"""Messages as data: an id with values. Words are made where they are shown, for whoever reads.

The id is the catalogue text in the source language. A value is text of the data, a number, a
further message or a list of these; it never holds words of the program, so that one stored
message can be read in every language. ``str(message)`` gives the words in the language in use.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

# Any: JSON, written as it comes and read by functions that raise for another type.
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from generator.text.language import LANGUAGES, fill, gettext, load_catalogue
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: What a message may hold.
Value: TypeAlias = "str | int | Decimal | Message | Listed"
#: What is shown: a message, or text that is shown as it stands (of the data, or of a frozen year).
Words: TypeAlias = "Message | str"

V = TypeVar("V", bound="Value")

COMMA, SEMICOLON = "、", "；"


@dataclass(frozen=True, slots=True)
class Message:
    """A text of the catalogue with the values of its ``{named}`` places."""

    id: str
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        """Return the words in the language in use."""
        return self.words(gettext)

    @property
    def source(self) -> str:
        """The words in the source language, whatever language is in use."""
        return self.words(str)

    def words(self, translate: Callable[[str], str]) -> str:
        """Return the words; ``translate`` gives the text of an id."""
        text = translate(self.id)
        if not self.values:
            return text
        return fill(text, {name: worded(value, translate) for name, value in self.values})

    def value(self, name: str) -> Value | None:
        """Return one of the values, None where there is none of this name."""
        return dict(self.values).get(name)


@dataclass(frozen=True, slots=True)
class Listed:
    """Several values in a row; what stands between them is a text of the catalogue."""

    items: tuple[Value, ...]
    between: str = COMMA

    def __str__(self) -> str:
        """Return the words in the language in use."""
        return self.words(gettext)

    def __bool__(self) -> bool:
        """Whether there is an item."""
        return bool(self.items)

    def words(self, translate: Callable[[str], str]) -> str:
        """Return the words of all items."""
        return translate(self.between).join(worded(item, translate) for item in self.items)


def worded(value: Value, translate: Callable[[str], str]) -> str:
    """Return the words of a value."""
    if isinstance(value, str):
        return value
    if isinstance(value, Message | Listed):
        return value.words(translate)
    return plain(value) if isinstance(value, Decimal) else str(value)


def mapped(value: V, change: Callable[[str], str]) -> V:
    """Return a value, or words, with a function applied to every text of the data in it."""
    if isinstance(value, str):
        return cast("V", change(value))
    if isinstance(value, Message):
        pairs = tuple((name, mapped(own, change)) for name, own in value.values)
        return cast("V", value if pairs == value.values else Message(value.id, pairs))
    if isinstance(value, Listed):
        items = tuple(mapped(item, change) for item in value.items)
        return cast("V", value if items == value.items else Listed(items, value.between))
    return value


def spoken(id_: str) -> list[str]:
    """Return the text of an id in every language: what a file of one of them may hold."""
    return [load_catalogue(lang).get(id_, id_) for lang in LANGUAGES]


def source_words(words: Words) -> str:
    """Return words in the source language; text stays as it is."""
    return words.source if isinstance(words, Message) else words


def say(id_: str, /, **values: object) -> Message:
    """Return a message; raises TypeError for a value that no message may hold."""
    return Message(id_, tuple((name, value_of(value)) for name, value in values.items()))


def followed(lead: object, more: object) -> Message:
    """Return one value behind another, with nothing between."""
    return say("{lead}{more}", lead=lead, more=more)


def some(items: Sequence[object], most: int | None, between: str = COMMA) -> Value:
    """Return the first values in a row, and that there are more."""
    shown = listed(items[:most], between)
    return say("{names}…", names=shown) if len(shown.items) < len(items) else shown


def listed(items: Iterable[object], between: str = COMMA) -> Listed:
    """Return values in a row; raises TypeError for one that no message may hold."""
    return Listed(tuple(value_of(item) for item in items), between)


def value_of(value: object) -> Value:
    """Return a value as messages hold it: a date as text; raises TypeError for another type."""
    if isinstance(value, str | Decimal | Message | Listed):
        return str(value) if type(value) is not str and isinstance(value, str) else value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(value)


def value_json(value: Value) -> Any:
    """Return a value in JSON without floats: text and counts as they are, the others as lists."""
    if isinstance(value, Decimal):
        return [str(value)]
    if isinstance(value, Message):
        return [value.id, {name: value_json(own) for name, own in value.values}]
    if isinstance(value, Listed):
        return [value.between, [value_json(item) for item in value.items]]
    return value


def read_value(document: Any) -> Value:
    """Return a value from its JSON: the way back that every page takes, so it is short.

    Raises TypeError, ValueError or ArithmeticError for anything else.
    """
    kind = type(document)
    if kind is str or kind is int:
        value: str | int = document
        return value
    if kind is not list:
        raise TypeError(document)
    if len(document) == 1:
        return Decimal(*document)
    first, second = document
    if type(first) is not str:
        raise TypeError(first)
    if type(second) is dict:
        if not second:
            return bare(first)
        return Message(first, tuple([(name, read_value(own)) for name, own in second.items()]))
    if type(second) is list:
        return Listed(tuple([read_value(item) for item in second]), first)
    raise TypeError(second)


@lru_cache(maxsize=1024)
def bare(id_: str) -> Message:
    """Return a message without values: the same few titles stand in every scorecard."""
    return Message(id_)


def shown_value(document: Any) -> str:
    """Return ``str(read_value(document))`` in the language in use, but make no message of it."""
    if type(document) is list and len(document) == 1:
        return str(Decimal(*document))
    return _shown(document)


def _shown(document: Any) -> str:
    kind = type(document)
    if kind is str:
        text: str = document
        return text
    if kind is not list:
        return str(document)
    if len(document) == 1:
        return plain(Decimal(*document))
    first, second = document
    words = gettext(first)
    if type(second) is list:
        return words.join([_shown(item) for item in second])
    return fill(words, {name: _shown(own) for name, own in second.items()}) if second else words


def read_words(document: Any) -> Words:
    """Return a message or text from its JSON; raises TypeError or ValueError for anything else."""
    value = read_value(document)
    if not isinstance(value, Message | str):
        raise TypeError(value)
    return value
