"""A linear look at XML: tags, attributes and words, as office programs write them.

Nothing is parsed and nothing goes back: every byte is looked at a fixed number of times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = b" \t\r\n"
#: What is no tag, by its first bytes behind ``<``, and how it ends. Only the first holds words.
_CDATA_END = b"]]>"
_SPECIAL = {b"![CDATA[": _CDATA_END, b"!--": b"-->", b"?": b"?>"}
_REFERENCE = re.compile(rb"&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
#: A tag to its end: a value may hold ``>``. Possessive, and matched once a tag.
_TAG = re.compile(rb"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_NAMED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}


def texts(text: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield every tag with what follows it: name without a prefix, all up to the next, words.

    Words that stand behind a comment, or in CDATA, come once more under the name of their tag.
    """
    name, end = b"", b""
    for piece in text.split(b"<"):
        rest = piece
        if not end and piece[:1] in {b"!", b"?"}:
            start = next(filter(piece.startswith, _SPECIAL), b"")
            end, rest = _SPECIAL.get(start, b""), piece[len(start) :]
        if end:
            inner, closed, words = rest.partition(end)
            if end == _CDATA_END:
                yield name, b"", inner
            if closed:
                end = b""
                yield name, b"", words
            continue
        tag = _TAG.match(piece)
        end_of_tag = piece.find(b">") + 1 if tag is None else tag.end()
        first = piece.partition(b">")[0].split(None, 1)
        name = first[0].rpartition(b":")[2].rstrip(b"/") if first else b""
        yield name, piece, piece[end_of_tag:] if end_of_tag else b""


def attributes(piece: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield names, without a prefix, and values of a tag's attributes."""
    at = 0
    while (equals := piece.find(b"=", at)) >= 0:
        name = piece[at:equals]
        if b">" in name:
            return
        words = name.split()
        begin = _skip(piece, equals + 1)
        quote = piece[begin : begin + 1]
        at = begin
        if quote not in {b'"', b"'"}:
            continue
        end = piece.find(quote, begin + 1)
        if end < 0:
            return
        at = end + 1
        yield words[-1].rpartition(b":")[2] if words else b"", piece[begin + 1 : end]


def _skip(text: bytes, at: int) -> int:
    """Return where something other than white space stands."""
    while text[at : at + 1] and text[at : at + 1] in _SPACE:
        at += 1
    return at


def plain(words: bytes) -> bytes:
    """Return words without references to characters."""
    return _REFERENCE.sub(_character, words) if b"&" in words else words


def _character(found: re.Match[bytes]) -> bytes:
    decimal, hexadecimal, named = found.groups()
    if named:
        return _NAMED[named]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(min(number, 0x10FFFF)).encode("utf-8", "replace")
