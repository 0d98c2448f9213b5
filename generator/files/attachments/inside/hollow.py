"""Text files that say nothing: marks and separators alone, or characters that nobody sees."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

#: Endings of the files that are read as text.
TEXT_ENDINGS = (".md", ".txt", ".csv")
#: White space, ASCII marks, and what has no width: one class, so that one pass decides.
_NOTHING = re.compile(
    r"[\s!-/:-@\[-`{-~"
    r"\xad\u034f\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u3164\ufeff]*"
)


def is_hollow(name: str, data: bytes) -> bool:
    """Whether a text file holds no letter, digit or sign: commas of empty cells, a lone ``#``."""
    if not name.casefold().endswith(TEXT_ENDINGS):
        return False
    text = data.removeprefix(BOM_UTF8).decode("utf-8", "replace")
    return _NOTHING.fullmatch(text) is not None
