"""What a text says: no white space, nor signs that nobody sees, full and half width alike."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from generator.files.attachments.problems import STRUCTURE, DamageError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Signs that take no others to themselves: a text may be cut before any of them.
_PLAIN = r"\t-\r -~\u2010-\u2027\u2030-\u203e\u3000-\u3029\u4e00-\u9fff\uff01-\uff5e"
_CUT = re.compile(f"[{_PLAIN}]")
#: More other signs on end than words have. Thousands of combining marks on end take time by the
#: square: such a text is looked at in small pieces.
_MOST = 64
_LONG = re.compile(f"[^{_PLAIN}]{{{_MOST + 1}}}")
_SMALL = re.compile(f"[{_PLAIN}]{{1,4096}}|[^{_PLAIN}]{{1,{_MOST}}}")
#: Signs that nobody sees, and white space that has no compatible form.
_UNSEEN = re.compile("[\x85\xad\u1680\u200b-\u200f\u2028\u2029\u2060-\u2064\u3164\ufeff]+")
_WHITE = b"\t\n\v\f\r\x1c\x1d\x1e\x1f "
#: Signs at a time.
_BLOCK = 1 << 15


def text_pieces(data: bytes) -> Iterator[bytes]:
    """Yield a text in its compatible form, without white space; raises UnicodeDecodeError.

    Two texts are the same in this form where they are in NFKC: it takes signs apart and puts none
    together, so a text may be looked at in pieces. A blank text raises DamageError.
    """
    said = False
    for part in _pieces(data.decode("utf-8")):
        plain = part.isascii()
        seen = part if plain else _UNSEEN.sub("", unicodedata.normalize("NFKD", part))
        shown = seen.encode("utf-8").translate(None, _WHITE)
        said = said or bool(shown)
        yield shown
    if not said:
        raise DamageError(STRUCTURE)


def _pieces(text: str) -> Iterator[str]:
    """Cut a text, where it can be before a plain sign."""
    if text.isascii():
        yield text
        return
    if _LONG.search(text):
        yield from (match[0] for match in _SMALL.finditer(text))
        return
    at = 0
    while at < len(text):
        cut = _CUT.search(text, at + _BLOCK)
        end = cut.start() if cut else len(text)
        yield text[at:end]
        at = end
