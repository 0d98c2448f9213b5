"""Judge of PDF files: a scan of what stands outside streams, strings and comments.

What hides in compressed object streams is not seen.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from generator.files.attachments.pdf import syntax
from generator.files.attachments.pdf.password import Lock, opens
from generator.files.attachments.problems import TRUNCATED, Defect, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_END = b"%%EOF"
#: What stands behind the end of a file that breaks off in its next version.
_OBJECT = re.compile(rb"[0-9] obj\b")
#: Names of 7 letters and more: `/JS` or `/AA` turn up by chance in compressed pictures.
ACTIVE = frozenset({b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia"})
_OPEN, _ENCRYPT = b"OpenAction", b"Encrypt"
#: What a file must hold before it is looked at more closely: one of the names, or an escape.
_SIGNS = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/OpenAction", b"/Encrypt")
_ESCAPE = re.compile(rb"/[A-Za-z]{0,16}#[0-9A-Fa-f]{2}")
#: Names that are looked at; a file of more is one to be looked at by a person.
MAX_NAMES = 1_000_000
#: References of these names that are followed.
MAX_FOLLOWED = 16


def pdf_defects(data: bytes) -> Iterator[Defect]:
    """Judge a PDF: its end, encryption, what acts by itself, what follows."""
    end = data.rfind(_END)
    behind = data[end + len(_END) :].strip(syntax.BLANKS)
    if end < 0 or _OBJECT.search(behind):
        yield Defect(Problem.DAMAGED, TRUNCATED)
        return
    if any(sign in data for sign in _SIGNS) or _ESCAPE.search(data):
        yield from _Look(data).defects()
    if behind:
        yield Defect(Problem.TRAILING, "trailing")


class _Look:
    """The plain part of a file, and its objects once they are asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.text = syntax.visible(data)
        self.objects: dict[int, list[int]] | None = None

    def defects(self) -> Iterator[Defect]:
        """Judge by the names in the file."""
        found, opened, encrypted = False, [], []
        for number, (name, at) in enumerate(syntax.names(self.text)):
            found = found or name in ACTIVE or number >= MAX_NAMES
            if number >= MAX_NAMES:
                break
            if name == _OPEN:
                opened.append(at)
            elif name == _ENCRYPT:
                encrypted.append(at)
        if self._is_locked(encrypted):
            yield Defect(Problem.ENCRYPTED, "encrypted")
        if found or len(opened) > MAX_FOLLOWED or any(map(self._acts, opened)):
            yield Defect(Problem.PDF_ACTIVE, "active")

    def _values(self, at: int) -> list[int] | None:
        """Return where the object begins that a value is: each version of it; None elsewhere."""
        number = syntax.referred(self.text, at)
        if number is None:
            return [at] if self.text.startswith(b"<<", syntax.skip(self.text, at)) else None
        if self.objects is None:
            self.objects = syntax.objects(self.text)
        return self.objects.get(number, [])

    def _acts(self, at: int) -> bool:
        """Whether what happens on opening is more than the choice of a page and its view."""
        places = self._values(at)
        if places is None:
            return False
        return not places or len(places) > MAX_FOLLOWED or any(map(self._is_action, places))

    def _is_action(self, at: int) -> bool:
        if not self.text.startswith(b"<<", syntax.skip(self.text, at)):
            return False
        keys = syntax.dictionary(self.text, at)
        if keys is None or b"Next" in keys or b"S" not in keys:
            return True
        begin, end = keys[b"S"]
        return self.text[begin:end] != b"/GoTo"

    def _is_locked(self, places: list[int]) -> bool:
        """Whether nobody can open the file without a password."""
        locks = [values for at in places[:MAX_FOLLOWED] if (values := self._values(at)) is not None]
        return any(not values or not any(map(self._opens, values[-2:])) for values in locks[-2:])

    def _opens(self, at: int) -> bool:
        keys = syntax.dictionary(self.text, at)
        if keys is None:
            return False
        return any(opens(lock) for lock in self._locks(keys))

    def _locks(self, keys: dict[bytes, tuple[int, int]]) -> Iterator[Lock]:
        """Yield what the dictionary of encryption says, with each identity of the file."""
        if not {b"R", b"O", b"U", b"P"} <= keys.keys():
            return
        owner, user = (syntax.string_at(self.data, keys[key]) for key in (b"O", b"U"))
        metadata = self._word(keys, b"EncryptMetadata") != b"false"
        bits = self._number(keys, b"Length", 40)
        revision = self._number(keys, b"R", 0)
        # The new revisions do not ask for the identity of the file.
        for identity in [*(self._identities() if revision < 5 else ()), b""]:
            for size in {bits, 128 if revision == 4 else bits}:
                yield Lock(
                    revision, size, owner, user, self._number(keys, b"P", 0), identity, metadata
                )

    def _identities(self) -> list[bytes]:
        """Return the first parts of the identities that stand in the file, few at most."""
        found = []
        for name, at in islice(syntax.names(self.text), MAX_NAMES):
            if name != b"ID":
                continue
            place = syntax.skip(self.text, at)
            if self.text[place : place + 1] != b"[":
                continue
            begin = syntax.skip(self.text, place + 1)
            close = {b"<": b">", b"(": b")"}.get(self.text[begin : begin + 1])
            end = -1 if close is None else self.text.find(close, begin, begin + 256)
            if end > 0:
                found.append(syntax.string_at(self.data, (begin, end + 1)))
        return list(dict.fromkeys(found))[-4:]

    def _word(self, keys: dict[bytes, tuple[int, int]], key: bytes) -> bytes:
        begin, end = keys.get(key, (0, 0))
        return self.text[begin:end].strip(syntax.BLANKS)

    def _number(self, keys: dict[bytes, tuple[int, int]], key: bytes, default: int) -> int:
        word = self._word(keys, key)
        return int(word) if re.fullmatch(rb"-?[0-9]{1,10}", word) else default
