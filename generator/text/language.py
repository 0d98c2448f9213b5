"""Language of messages and pages: Chinese is the source, English comes from a gettext catalogue."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from generator.text.catalogue import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LANGUAGES = ("zh", "en")
LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"

#: In a translation, ``{n:branch|branches}`` is the word that fits the number ``n``.
FITTING = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")

_state: dict[str, Mapping[str, str]] = {"catalogue": {}}


@cache
def load_catalogue(lang: str) -> Mapping[str, str]:
    """Return msgid → msgstr of one language, read once; empty for the source language."""
    if lang == "zh":
        return {}
    with catalogue_path(lang).open(encoding="utf-8") as lines:
        return read_catalogue(lines)


def catalogue_path(lang: str) -> Path:
    """Return where the catalogue of a language lies."""
    return LOCALE_DIR / lang / "LC_MESSAGES" / "messages.po"


def set_language(lang: str) -> None:
    """Choose the language of every later message; raises ValueError for an unknown one."""
    if lang not in LANGUAGES:
        raise ValueError(lang)
    _state["catalogue"] = load_catalogue(lang)
    _state["lang"] = {"code": lang}


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Use another language for a while: frozen files have one language, the reader's or not."""
    before = language()
    set_language(lang)
    try:
        yield
    finally:
        set_language(before)


def language() -> str:
    """Return the code of the language in use."""
    return _state.get("lang", {}).get("code", "zh")


def gettext(msgid: str) -> str:
    """Return the text of ``msgid`` in the language in use; the source text where none exists."""
    return _state["catalogue"].get(msgid, msgid)


def tr(msgid: str, /, **values: object) -> str:
    """Translate ``msgid`` and fill its ``{named}`` places."""
    return fill(gettext(msgid), values)


def fill(text: str, values: Mapping[str, object]) -> str:
    """Fill the ``{named}`` places of a text, and choose the words that fit a number."""
    if "|" in text:
        text = FITTING.sub(lambda place: place[2 if str(values[place[1]]) == "1" else 3], text)
    return text.format(**values)


def mark(msgid: str) -> str:
    """Mark a text for the catalogue where it is written; it is translated where it is shown."""
    return msgid


#: What languages with plurals and parts of speech say in headings: several, or the thing itself.
HEADINGS = {"党支部": mark("各党支部"), "联合体": mark("各联合体"), "自评": mark("自查自评")}


def heading(msgid: str) -> str:
    """Return the text of ``msgid`` as a heading: one word in Chinese, another one elsewhere."""
    return msgid if language() == "zh" else gettext(HEADINGS.get(msgid, msgid))
