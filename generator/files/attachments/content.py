"""Whether an office file says anything: a cell that holds something, words, a picture.

What cannot be told counts as content: a file is blank only where all of it was looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.files.attachments.markup import attributes, plain, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Parts that are content whatever is in them, by a piece of their names in lower case.
_HOLDERS = (
    "media/", "charts/", "embeddings/", "diagrams/", "ink/", "pivotcache", "chartsheets/", "model/",
    "afchunk", "activex/",
)  # fmt: skip
#: Elements of a document that show something by themselves.
_SHOWN = frozenset({b"drawing", b"pict", b"object", b"sym", b"altChunk", b"oMath"})
_SHEETS, _STRINGS = "xl/worksheets/", "xl/sharedstrings.xml"
_MARGINS = ("word/header", "word/footer")
#: Text that nobody sees.
_UNSEEN = re.compile("[\\s\xad\u200b-\u200f\u2060-\u2064\u3164\ufeff]*")
#: Page numbers and what stands around them.
_NUMBERS = re.compile("[\\s0-9/—–-]*")
#: Details of files that say nothing, as the callers' messages know them.
NO_CELLS, NO_WORDS = "cells", "words"
#: Tags that are looked at in all parts together.
MAX_LOOKED = 500_000
#: Bytes of a part that are looked at first.
FIRST = 2_048


def strings_first(name: str) -> bool:
    """Order the parts of a file so that the texts of a workbook come before its sheets."""
    return name != _STRINGS


class Content:
    """Looks for content in one part after the other, until there is some."""

    def __init__(self, suffix: str) -> None:
        self.found = False
        self.looked = 0
        self._workbook = suffix == "xlsx"
        self._top = "xl/" if self._workbook else "word/"
        self._strings = False

    @property
    def nothing(self) -> str:
        """The detail of a file that says nothing."""
        return NO_CELLS if self._workbook else NO_WORDS

    def look(self, name: str, head: bytes, *, whole: bool, values: int) -> None:
        """Look at a part, ``head`` or all of it; ``values`` are counted in all of it."""
        if self.found:
            return
        if any(word in name for word in _HOLDERS):
            self.found = True
        elif name.endswith(".xml") and name.startswith(self._top) and "glossary/" not in name:
            self.looked += head.count(b"<")
            text = head.replace(b"\0", b"") if b"\0" in head else head
            if self.looked > MAX_LOOKED:
                self.found = True
            elif name.startswith(_SHEETS):
                self.found = any(map(self._in_sheet, views(text))) or (not whole and values > 0)
            elif name == _STRINGS:
                self._strings = not whole or any(map(_has_words, views(text)))
            else:
                found = any(self._in_text(name, view) for view in views(text))
                self.found = found or not (whole or self._workbook)

    def _in_sheet(self, text: bytes) -> bool:
        """Whether a cell holds something; of numbers of texts, whether there are any texts."""
        refers = False
        for name, piece, words in texts(text):
            if name == b"c":
                refers = (b"t", b"s") in attributes(piece) if b"t=" in piece else False
            counts = name in {b"t", b"f"} or (name == b"v" and (self._strings or not refers))
            if counts and _says(words):
                return True
        return False

    def _in_text(self, name: str, text: bytes) -> bool:
        margin = name.startswith(_MARGINS)
        for tag, _, words in texts(text):
            if tag in _SHOWN and not self._workbook:
                return True
            if tag == b"t" and _says(words) and not (margin and _is_number(words)):
                return True
        return False


def views(text: bytes) -> Iterator[bytes]:
    """Yield the beginning of a part, its tags and words whole, and then all of it.

    Most say something at once.
    """
    if len(text) > FIRST:
        yield text[: max(0, text.rfind(b"<", 0, FIRST))]
    yield text


def _has_words(text: bytes) -> bool:
    return any(tag == b"t" and _says(words) for tag, _, words in texts(text))


def _says(words: bytes) -> bool:
    """Whether there is something to see."""
    return _UNSEEN.fullmatch(plain(words).decode("utf-8", "replace")) is None


def _is_number(words: bytes) -> bool:
    return _NUMBERS.fullmatch(words.decode("utf-8", "replace")) is not None
