"""Reading a gettext catalogue: what messages are in another language, without a library."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A line of an entry: its keyword, or nothing where a text goes on, and the text.
LINE = re.compile(r'(?:(msgid|msgstr)[ \t]+)?"(.*)"')
ESCAPED = re.compile(r"\\(.)")
MEANT = {"n": "\n", "t": "\t", "r": "\r"}


def read_catalogue(lines: Iterable[str]) -> dict[str, str]:
    """Return message → translation of the lines of a .po file; entries without one are left out.

    Its head, comments and entries that are no longer used are passed over.
    """
    return {message: words for message, words in entries(lines) if message and words}


def entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each message with its translation, either of them perhaps empty."""
    texts: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        found = LINE.fullmatch(line.strip())
        if found is None:
            continue
        keyword, text = found.groups()
        if keyword == "msgid" and texts:
            yield joined(texts)
            texts = {}
        if keyword:
            current = texts.setdefault(keyword, [])
        current.append(ESCAPED.sub(lambda sign: MEANT.get(sign[1], sign[1]), text))
    yield joined(texts)


def joined(texts: dict[str, list[str]]) -> tuple[str, str]:
    """Return the two texts of an entry."""
    return "".join(texts.get("msgid", ())), "".join(texts.get("msgstr", ()))
