"""What the page hands over: JSON that is held to its types, or refused in words."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from generator.text.language import mark
from generator.text.messages import Words, say
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

#: An answer as the page has it: text, several, by parts, or nothing.
Typed: TypeAlias = "str | tuple[str, ...] | Mapping[str, str] | None"
Arguments: TypeAlias = Mapping[str, object]

#: Characters of a request in JSON: bundles, or drafts whole; and of one bundle.
MAX_REQUEST, MAX_BUNDLE = 60_000_000, 50_000_000
MAX_DRAFTS, MAX_FILES, MAX_KEYS = 500, 1_000, 1_000
#: Characters of a name.
MAX_NAME = 300
NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")

BROKEN = mark("网页传来的内容不完整（{name}），请刷新网页再试")
TOO_LONG = mark("“{name}”写得太长：最多 {most} 个字")
TOO_MANY = mark("一次最多交 {most} 份草稿，请分几次交")
TWICE = mark("有两份草稿同名（{name}），请刷新网页再试")


class RefusedError(Exception):
    """Something that cannot be done as it was asked for, told to whoever asked."""

    def __init__(self, words: Words) -> None:
        """Keep the words."""
        super().__init__(words)
        self.words = words


class Filled(NamedTuple):
    """A record as somebody filled it in: which form, which record it changes, what was typed.

    ``values`` are key → what was typed; ``files`` are names of attached files.
    """

    draft: str
    form: str
    id: str | None
    values: Mapping[str, Typed]
    files: tuple[str, ...] = ()


def broken(what: str) -> RefusedError:
    """Return the refusal of an argument that is not what it should be."""
    return RefusedError(say(BROKEN, name=visible(what, SHORT)))


def request_of(text: str) -> tuple[object, str, Arguments]:
    """Return id, call and arguments of a request; raises RefusedError."""
    if len(text) > MAX_REQUEST:
        raise broken(what="request")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise broken(what="request") from None
    if not isinstance(document, dict):
        raise broken(what="request")
    call, args = document.get("call"), document.get("args", {})
    if not isinstance(call, str) or not isinstance(args, dict):
        raise broken(what="call")
    id_ = document.get("id")
    return (id_ if isinstance(id_, int | str) else None), call, args


def text_of(args: Arguments, name: str, most: int = MAX_NAME) -> str:
    """Return an argument that is text, not empty; raises RefusedError."""
    value = args.get(name)
    if not isinstance(value, str) or not value:
        raise broken(name)
    if len(value) > most:
        raise RefusedError(say(TOO_LONG, name=visible(name, SHORT), most=most))
    return value


def text_or_none(args: Arguments, name: str) -> str | None:
    """Return an argument that is text, None where it is left out; raises RefusedError."""
    value = args.get(name)
    return None if value is None or value == "" else text_of(args, name)


def year_of(args: Arguments) -> int | None:
    """Return the year that is asked for; raises RefusedError."""
    value = args.get("year")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1000 <= value <= 9999:
        raise broken(what="year")
    return value


def day_of(args: Arguments) -> datetime.date:
    """Return the day on which somebody asks; raises RefusedError."""
    try:
        return datetime.date.fromisoformat(text_of(args, "today"))
    except ValueError:
        raise broken(what="today") from None


def drafts_of(args: Arguments) -> tuple[Filled, ...]:
    """Return all drafts, in the order in which they came; raises RefusedError."""
    value = args.get("drafts", [])
    if not isinstance(value, list):
        raise broken(what="drafts")
    if len(value) > MAX_DRAFTS:
        raise RefusedError(say(TOO_MANY, most=MAX_DRAFTS))
    found = tuple(map(filled_of, value))
    names = [own.draft for own in found]
    for name in names:
        if names.count(name) > 1:
            raise RefusedError(say(TWICE, name=name))
    return found


def draft_or_none(args: Arguments) -> Filled | None:
    """Return the one draft that is meant, None without one; raises RefusedError."""
    return None if args.get("draft") is None else filled_of(args["draft"])


def filled_of(value: object) -> Filled:
    """Return one draft; raises RefusedError."""
    if not isinstance(value, dict):
        raise broken(what="draft")
    name = text_of(value, "draft")
    if not NAME.fullmatch(name):
        raise broken(what="draft")
    form = text_of(value, "form")
    return Filled(name, form, text_or_none(value, "id"), values_of(value), files_of(value))


def files_of(args: Arguments) -> tuple[str, ...]:
    """Return names of files; raises RefusedError."""
    value = args.get("files", [])
    if not isinstance(value, list) or len(value) > MAX_FILES:
        raise broken(what="files")
    if not all(isinstance(name, str) and 0 < len(name) <= MAX_NAME for name in value):
        raise broken(what="files")
    return tuple(dict.fromkeys(value))


def values_of(args: Arguments) -> dict[str, Typed]:
    """Return what was typed, by key; raises RefusedError."""
    value = args.get("values", {})
    if not isinstance(value, dict) or len(value) > MAX_KEYS:
        raise broken(what="values")
    return dict(typed(value))


def typed(values: dict[str, object]) -> Iterator[tuple[str, Typed]]:
    """Yield key and answer; raises RefusedError for an answer of another type."""
    for key, own in values.items():
        if isinstance(own, list):
            checked(key, *own)
            yield key, tuple(text for text in own if text)
        elif isinstance(own, dict):
            checked(key, *own.values())
            yield key, {name: f"{text}" for name, text in own.items() if text is not None}
        elif own is None or isinstance(own, str):
            checked(key, own)
            yield key, own
        else:
            raise broken(key)


def checked(key: str, *texts: object) -> None:
    """Raise RefusedError where one of them is no text."""
    if len(key) > MAX_NAME or not all(text is None or isinstance(text, str) for text in texts):
        raise broken(key)
