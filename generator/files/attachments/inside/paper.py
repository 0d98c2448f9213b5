"""What a PDF says as far as it can be read without running anything, and who its Info names."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from generator.files.attachments.inside.programs import is_program
from generator.files.attachments.inside.said import Said, Told
from generator.text.privacy import may_hold

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of one stream once it is inflated, and of all streams of a file.
MAX_STREAM, MAX_ALL = 4_000_000, 40_000_000
_STREAM = re.compile(rb">>[\s\0]*stream\r?\n")
_END = b"endstream"
_HEAD = 600
#: A filter that needs more than inflating.
_OTHER = re.compile(rb"/(?:LZW|ASCII85|ASCIIHex|RunLength|CCITTFax|JBIG2|DCT|JPX|Crypt)\w*")
#: Letters between brackets, numbers that move them apart, and what begins another line.
_SHOWN = re.compile(
    rb"\((?:[^\\()]++|\\.)*+\)|<[0-9A-Fa-f\s]+>|\][\s\0]*TJ|\bT[dDm*]|\bTj|\bET|'|\"", re.DOTALL
)
_STRING = re.compile(rb"\((?:[^\\()]++|\\.)*+\)|<[0-9A-Fa-f\s]+>", re.DOTALL)
#: Signs of strings themselves, and what is not of ASCII.
_BRACKETS, _HIGH = b"()", bytes(range(128, 256))
_MARKS = (b"<", b"\xfe\xff", b"\xff\xfe")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r?\n)|(.))", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b""}
AUTHOR = re.compile(rb"/Author[\s\0]*(\((?:[^\\()]++|\\.)*+\)|<[0-9A-Fa-f\s]{2,800}>)", re.DOTALL)
_NEW_LINE = frozenset({b"Td", b"TD", b"Tm", b"T*", b"ET", b"'", b'"'})


def pdf_texts(data: bytes) -> Iterator[Said]:
    """Yield the text of each stream of a page whose letters are codes that anybody can read."""
    left = MAX_ALL
    for stream in _streams(data):
        if left <= 0:
            return
        left -= len(stream)
        if b"BT" in stream and _may_hold(stream):
            text = _words(stream)
            if text.strip():
                yield Said(text)


def pdf_metadata(data: bytes) -> Iterator[Told]:
    """Yield the authors that a file names in the open."""
    names = {_string(match[1]).strip() for match in AUTHOR.finditer(data)}
    for name in sorted(names):
        if name and not is_program(name):
            yield Told("author", name)


def packed_authors(data: bytes) -> Iterator[Told]:
    """Yield the authors that a file names in objects which are packed together."""
    left, names = MAX_ALL, set()
    for match in _STREAM.finditer(data):
        if left > 0 and b"/ObjStm" in head_of(data, match.start()):
            stream = _inflated(data[match.end() : match.end() + MAX_STREAM])
            left -= len(stream)
            names |= {_string(found[1]).strip() for found in AUTHOR.finditer(stream)}
    yield from (Told("author", name) for name in sorted(names) if name and not is_program(name))


def head_of(data: bytes, at: int) -> bytes:
    """Return what stands before a stream that follows a place, as far as it is its own."""
    head = data[max(0, at - _HEAD) : at]
    return head[head.rfind(b" obj") + 1 :]


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, MAX_STREAM)
    except zlib.error:
        return data


def _streams(data: bytes) -> Iterator[bytes]:
    """Yield streams that are plain, or that inflating makes so."""
    at = 0
    while (match := _STREAM.search(data, at)) is not None:
        end = data.find(_END, match.end())
        if end < 0:
            return
        head = head_of(data, match.start())
        body = data[match.end() : end]
        at = end + len(_END)
        if _OTHER.search(head) or b"/Image" in head or b"/FontFile" in head or b"/Length1" in head:
            continue
        if b"/FlateDecode" in head or b"/Fl" in head:
            try:
                body = zlib.decompressobj().decompress(body, MAX_STREAM)
            except zlib.error:
                continue
        yield body[:MAX_STREAM]


def _may_hold(stream: bytes) -> bool:
    """Whether what a page shows may hold personal data: quicker told than read line by line."""
    shown = b"".join(_STRING.findall(stream))
    if b"\\" in shown:
        shown = _ESCAPE.sub(_sign, shown)
    if any(mark in shown for mark in _MARKS):
        return True
    shown = shown.translate(None, _BRACKETS)
    # Bytes above may be signs that part digits, or letters of UTF-8.
    plain = shown if shown.isascii() else shown.translate(None, _HIGH)
    return may_hold(plain.decode("ascii")) or may_hold(shown.decode("utf-8", "replace"))


def _words(stream: bytes) -> str:
    """Return the strings that a page's stream shows, those of one line together."""
    pieces = []
    for match in _SHOWN.finditer(stream):
        token = match.group()
        if token[:1] in b"(<":
            pieces.append(_string(token))
        elif token in _NEW_LINE:
            pieces.append("\n")
    return "".join(pieces)


def _string(token: bytes) -> str:
    """Return a string of a PDF, in UTF-16 where it says so, else as it stands."""
    if token[:1] == b"<":
        digits = re.sub(rb"\s", b"", token[1:-1])
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    else:
        raw = _ESCAPE.sub(_sign, token[1:-1])
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _sign(match: re.Match[bytes]) -> bytes:
    octal, line, sign = match.groups()
    if octal:
        return bytes([int(octal, 8) & 0xFF])
    return b"" if line else _SIGNS.get(sign, sign)
