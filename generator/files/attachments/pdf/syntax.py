"""A linear look at the plain part of a PDF: what stands outside streams, strings and comments.

Places in what is returned are places in the file, so that strings can be read there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BLANKS = b"\0\t\n\x0c\r "
#: Brackets of strings, escapes and comments that are looked at; what follows more stays as it is.
MAX_MARKS = 500_000
#: Keys and values of one dictionary, with what is nested in them.
MAX_TOKENS = 500
_STREAM, _END_STREAM, _END_OBJECT = b"stream", b"endstream", b"endobj"
_MARK = re.compile(rb"[(%]")
_IN_STRING = re.compile(rb"[()]|\\.", re.DOTALL)
_LINE_END = re.compile(rb"[\r\n]")
_NAME = re.compile(rb"/[^\0\t\n\x0c\r ()<>\[\]{}/%]*")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_TOKEN = re.compile(rb"<<|>>|[\[\](<>]|/[^\0\t\n\x0c\r ()<>\[\]{}/%]*")
_REFERENCE = re.compile(
    rb"[\0\t\n\x0c\r ]{0,8}([0-9]{1,10})[\0\t\n\x0c\r ]{1,8}[0-9]{1,5}[\0\t\n\x0c\r ]{1,8}R"
)
_OBJECT = re.compile(rb"([0-9]{1,10})[\0\t\n\x0c\r ]{1,8}[0-9]{1,5}[\0\t\n\x0c\r ]{1,8}obj")


def visible(data: bytes) -> bytes:
    """Return a file of the same length with blanks for streams, strings and comments."""
    found, left = [], MAX_MARKS
    for part, plain in _parts(data):
        if plain and left > 0:
            clean, used = _without_words(part)
            found.append(clean)
            left -= used
        else:
            found.append(part if plain else bytes(len(part)))
    return b"".join(found)


def _parts(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """Cut a file at its streams and objects; say of each part whether it is to be looked at."""
    at = begin = 0
    while (begin := data.find(_STREAM, begin)) >= 0:
        after = data[begin + len(_STREAM) : begin + len(_STREAM) + 1]
        head = data[max(begin - 64, at) : begin].rstrip(BLANKS)
        if after not in {b"\r", b"\n"} or not head.endswith(b">>"):
            begin += len(_STREAM)
            continue
        end = data.find(_END_STREAM, begin)
        if end < 0:
            break
        yield from _objects(data[at:begin])
        yield data[begin:end], _is_plain_object_stream(data[max(at, begin - 512) : begin])
        at = begin = end + len(_END_STREAM)
        yield _END_STREAM, True
    yield from _objects(data[at:])


def _is_plain_object_stream(head: bytes) -> bool:
    """Whether a stream, by what stands before it, holds objects that can be read as they are."""
    own = head[head.rfind(b" obj") + 1 :]
    return b"/ObjStm" in own and b"/Filter" not in own


def _objects(text: bytes) -> Iterator[tuple[bytes, bool]]:
    """Cut text behind each object, so that a string left open ends with it."""
    at = 0
    while (end := text.find(_END_OBJECT, at)) >= 0:
        end += len(_END_OBJECT)
        yield text[at:end], True
        at = end
    yield text[at:], True


def _without_words(text: bytes) -> tuple[bytes, int]:
    """Blank strings and comments; return the marks that were looked at. Open strings stay."""
    found, at, used = [], 0, 0
    while used < MAX_MARKS and (match := _MARK.search(text, at)) is not None:
        used += 1
        begin = match.end()
        found.append(text[at:begin])
        if match[0] == b"%":
            line = _LINE_END.search(text, begin)
            end = len(text) if line is None else line.start()
        else:
            end, marks = _string_end(text, begin)
            used += marks
        if end < 0:
            at = begin
            break
        found.append(bytes(end - begin))
        at = end
    return b"".join([*found, text[at:]]), used


def _string_end(text: bytes, at: int) -> tuple[int, int]:
    """Return where the bracket stands that closes a string, below zero where none does; marks."""
    depth, marks = 1, 0
    for match in _IN_STRING.finditer(text, at):
        marks += 1
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if not depth:
            return match.start(), marks
        if marks > MAX_MARKS:
            break
    return -1, marks


def names(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield every name without its slash and escapes, and the place behind it."""
    for match in _NAME.finditer(text):
        yield _unescaped(match[0][1:]), match.end()


def _unescaped(name: bytes) -> bytes:
    if b"#" not in name:
        return name
    return _ESCAPE.sub(lambda match: bytes((int(match[1], 16),)), name)


def referred(text: bytes, at: int) -> int | None:
    """Return the number of the object that is referred to at a place, None where none is."""
    match = _REFERENCE.match(text, at)
    return None if match is None else int(match[1])


def objects(text: bytes) -> dict[int, list[int]]:
    """Return the places behind ``n g obj``, by number: a file may hold several versions."""
    found: dict[int, list[int]] = {}
    for match in _OBJECT.finditer(text):
        found.setdefault(int(match[1]), []).append(match.end())
    return found


def dictionary(text: bytes, at: int) -> dict[bytes, tuple[int, int]] | None:
    """Return the keys of a dictionary that begins at a place, and from where to where values go.

    None where none begins there, or where it is too long or has no end.
    """
    at = skip(text, at)
    if not text.startswith(b"<<", at):
        return None
    found: dict[bytes, tuple[int, int]] = {}
    depth, key, begin = 0, b"", 0
    for number, match in enumerate(_TOKEN.finditer(text, at)):
        token, start, end = match[0], *match.span()
        if number > MAX_TOKENS:
            return None
        if depth == 1 and token.startswith((b"/", b">>")):
            if not key:
                key, begin = token, end
            elif token == b">>" or text[begin:start].strip(BLANKS):
                found[_unescaped(key[1:])] = begin, start
                key, begin = token, end
            else:
                # A name right behind a key is its value.
                found[_unescaped(key[1:])] = start, end
                key = b""
        depth += {b"<<": 1, b"[": 1, b">>": -1, b"]": -1}.get(token, 0)
        if depth <= 0:
            return found
    return None


def extent(text: bytes, at: int) -> tuple[int, int] | None:
    """Return where a dictionary begins that stands at a place, and where it ends.

    None where none begins there, or where it is too long or has no end.
    """
    begin, depth = skip(text, at), 0
    if not text.startswith(b"<<", begin):
        return None
    for number, match in enumerate(_TOKEN.finditer(text, begin)):
        depth += {b"<<": 1, b"[": 1, b">>": -1, b"]": -1}.get(match[0], 0)
        if depth <= 0:
            return begin, match.end()
        if number > MAX_TOKENS:
            break
    return None


def skip(text: bytes, at: int) -> int:
    """Return where something other than white space stands, at most 64 bytes further."""
    for place in range(at, at + 64):
        if text[place : place + 1] not in {bytes((blank,)) for blank in BLANKS}:
            return place
    return at + 64


def string_at(data: bytes, span: tuple[int, int]) -> bytes:
    """Return the bytes of a string, literal or in hexadecimal figures."""
    text = data[span[0] : span[1]].strip(BLANKS)
    if text.startswith(b"<"):
        figures = re.sub(rb"[^0-9A-Fa-f]", b"", text)
        return bytes.fromhex((figures + b"0" * (len(figures) % 2)).decode("ascii"))
    return _LITERAL.sub(_literal, text[1:-1])


_LITERAL = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|(.))|\r\n?", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}


def _literal(found: re.Match[bytes]) -> bytes:
    octal, letter = found.groups()
    if octal:
        return bytes((int(octal, 8) & 0xFF,))
    if letter is not None:
        return _LETTERS.get(letter, letter)
    return b"" if found[0].startswith(b"\\") else b"\n"
