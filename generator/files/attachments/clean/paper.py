"""A PDF without what it says of its author and its making, each byte of the rest at its place.

Parts of a PDF are found by their places, so what is taken out is written over by as many bytes:
the dictionary Info by blanks, streams of metadata (XMP) by a packet that says nothing. What is
encrypted or signed is left as it is, and what is packed together with other objects.
"""

from __future__ import annotations

import re
import struct
import zlib
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from generator.files.attachments.inside.paper import AUTHOR, packed_authors
from generator.files.attachments.pdf import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

    Span = tuple[int, int]

#: Why something is left; what nobody can make out is as good as packed.
ENCRYPTED, SIGNED, PACKED = "encrypted", "signed", "packed"
#: Names that tell that no byte may be changed.
_FIXED = {b"Encrypt": ENCRYPTED, b"ByteRange": SIGNED}
#: Places of one name that are looked at, and versions of one object.
MAX_PLACES = 64
#: Bytes of what stands before a stream.
_HEAD = 1_000
_STREAM = re.compile(rb"stream\r?\n")
_END = re.compile(rb"[\r\n]{0,2}endstream")
_NUMBER = re.compile(rb"[\s\0]*([0-9]{1,9})(?![0-9])")
_PACKINGS = frozenset({b"/FlateDecode", b"/Fl"})
#: A packet of metadata that says nothing.
_OPENED = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
)
_CLOSED = b'<?xpacket end="w"?>'
#: A zlib stream that is stored as it is: its head, the head of a piece, the sum at its end.
_ZLIB, _PIECE, _SUM = b"\x78\x01", struct.Struct("<BHH"), struct.Struct(">I")
_MOST = 65_535


class Paper(NamedTuple):
    """A copy of a PDF; ``why`` something is left in it that is known, empty where nothing is."""

    data: bytes
    why: str = ""


def clean_pdf(data: bytes) -> Paper:
    """Return a sound PDF without Info and metadata; as it is where it may not be changed."""
    copy = _once(data)
    # Where brackets do not match, what is written over changes what stands behind it.
    again = _once(copy.data)
    return copy if again.data == copy.data else Paper(data, PACKED)


def _once(data: bytes) -> Paper:
    own = _Look(data)
    if own.fixed:
        return Paper(data, own.fixed if any(own.infos()) or any(own.metadata()) else "")
    out, why = bytearray(data), ""
    for begin, end in own.infos():
        for span in own.strings(begin):
            _blank(out, span)
        out[begin + 2 : end - 2] = b" " * (end - begin - 4)
    for match in AUTHOR.finditer(bytes(out)):
        if own.text.startswith(b"/Author", match.start()):
            _blank(out, match.span(1))
    for begin, end, words in own.metadata():
        out[begin:end] = words
        why = why if end > begin else PACKED
    return Paper(bytes(out), PACKED if any(packed_authors(data)) else why)


class _Look:
    """The plain part of a file, and its objects once they are asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.text = syntax.visible(data)

    @cached_property
    def objects(self) -> dict[int, list[int]]:
        """Object → the places of its versions."""
        return syntax.objects(self.text)

    @cached_property
    def fixed(self) -> str:
        """What forbids to change a byte; empty where nothing does."""
        found = {_FIXED[name] for name, _ in syntax.names(self.text) if name in _FIXED}
        return min(found, default="")

    def infos(self) -> Iterator[Span]:
        """Yield from where to where each dictionary Info goes."""
        places = [at for name, at in syntax.names(self.text) if name == b"Info"][-MAX_PLACES:]
        numbers = {syntax.referred(self.text, at) for at in places} - {None}
        for number in sorted(n for n in numbers if n is not None):
            for at in self.objects.get(number, [])[-MAX_PLACES:]:
                span, keys = syntax.extent(self.text, at), syntax.dictionary(self.text, at)
                if span is not None and keys is not None and b"Type" not in keys:
                    yield span

    def strings(self, at: int) -> Iterator[Span]:
        """Yield from where to where the strings go that a dictionary refers to."""
        for begin, _ in (syntax.dictionary(self.text, at) or {}).values():
            number = syntax.referred(self.text, begin)
            places = self.objects.get(number, []) if number is not None else []
            for place in places[-MAX_PLACES:]:
                start = syntax.skip(self.text, place)
                close = {b"(": b")", b"<": b">"}.get(self.text[start : start + 1])
                if close and not self.text.startswith(b"<<", start):
                    end = self.text.find(close, start)
                    yield from [(start, end + 1)] if end > 0 else []

    def metadata(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield from where to where streams of metadata go, and what to write there.

        One whose end or packing is not known goes nowhere.
        """
        for match in _STREAM.finditer(self.data):
            at = match.start()
            before = self.text[max(0, at - 64) : at].rstrip(syntax.BLANKS)
            if self.text[at] or not before.endswith(b">>"):
                continue
            head = self.text.rfind(b"obj", max(0, at - _HEAD), at)
            keys = syntax.dictionary(self.text, head + 3) if head >= 0 else None
            if keys is None or self._word(keys, b"Type") != b"/Metadata":
                continue
            end = match.end() + self._length(keys)
            packing = self._word(keys, b"Filter").strip(b"[]" + syntax.BLANKS)
            known = _END.match(self.data, end) and b"DecodeParms" not in keys
            size = end - match.end()
            if known and (not packing or (packing in _PACKINGS and size >= _LEAST)):
                yield match.end(), end, _stored(size) if packing else _packet(size)
            else:
                yield match.end(), match.end(), b""

    def _word(self, keys: dict[bytes, Span], key: bytes) -> bytes:
        begin, end = keys.get(key, (0, 0))
        return self.text[begin:end].strip(syntax.BLANKS)

    def _length(self, keys: dict[bytes, Span]) -> int:
        """Return how long a stream is, a number that fits none where it does not say."""
        at = keys.get(b"Length", (len(self.text), 0))[0]
        number = syntax.referred(self.text, at)
        if number is not None:
            at = next(iter(self.objects.get(number, [])[-1:]), len(self.text))
        found = _NUMBER.match(self.text, at)
        return int(found[1]) if found else len(self.text)


def _blank(out: bytearray, span: Span) -> None:
    """Write an empty string and blanks over one."""
    begin, end = span
    out[begin:end] = out[begin : begin + 1] + out[end - 1 : end] + b" " * (end - begin - 2)


def _packet(size: int) -> bytes:
    """Return so many bytes of metadata that say nothing."""
    room = size - len(_OPENED) - len(_CLOSED)
    return b" " * size if room < 0 else _OPENED + b" " * room + _CLOSED


def _stored(size: int) -> bytes:
    """Return a zlib stream of so many bytes that holds metadata which say nothing."""
    count = -(-(size - len(_ZLIB) - _SUM.size) // (_MOST + _PIECE.size))
    own = _packet(size - len(_ZLIB) - _SUM.size - count * _PIECE.size)
    pieces = []
    for number in range(count):
        part = own[number * _MOST : (number + 1) * _MOST]
        last = number == count - 1
        pieces.append(_PIECE.pack(last, len(part), len(part) ^ 0xFFFF) + part)
    return b"".join([_ZLIB, *pieces, _SUM.pack(zlib.adler32(own))])


#: Bytes of the shortest zlib stream that can be written.
_LEAST = len(_ZLIB) + _PIECE.size + _SUM.size
