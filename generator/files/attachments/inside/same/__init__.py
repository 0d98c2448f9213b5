"""What an attachment holds, whatever it is wrapped in: one key for the same photo, text, workbook.

A key rests on the bytes alone, never on a name, so the same file has the same key. What cannot be
told apart into content and wrapping, such as a damaged file, is keyed by its bytes. Nothing is
decoded, nothing is unpacked without a bound, and no bytes make ``content_key`` fail.
"""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING

from generator.files.attachments.inside.same import boxes, paper, pictures, texts
from generator.files.attachments.kinds import kind_of
from generator.files.attachments.problems import DamageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.files.attachments.inside.same.pictures import Piece

    Pieces = Callable[[bytes], Iterator[Piece]]

__all__ = ["FORM", "KEY_SIZE", "PUBLISHED_FROM", "content_key", "key_of_blob", "published_key"]

#: Raised by every change that gives another key for the same bytes: keys are kept between runs.
FORM = 1
#: Bytes of a key, and of one that is published.
KEY_SIZE, PUBLISHED_SIZE = 16, 8
#: Smaller files have no published key: whoever guesses what they hold could try it.
PUBLISHED_FROM = 4096
_TEXTS = frozenset({"text", "html", "svg", "xml"})
_PIECES: dict[str, Pieces] = {
    "jpeg": pictures.jpeg_pieces,
    "png": pictures.png_pieces,
    "webp": pictures.webp_pieces,
    "gif": pictures.gif_pieces,
    "heic": boxes.heif_pieces,
    "avif": boxes.heif_pieces,
    "pdf": paper.pdf_pieces,
    **dict.fromkeys(_TEXTS, texts.text_pieces),
}


def content_key(data: bytes) -> bytes:
    """Return the key of what a file holds, ``KEY_SIZE`` bytes. Never raises.

    Takes time in proportion to the size, at most that of inflating 100 MB.
    """
    kind = kind_of(data)
    pieces = _PIECES.get(kind) or (_archive() if kind == "zip" else None)
    if pieces is not None:
        try:
            return _digest("text" if kind in _TEXTS else kind, pieces(data))
        except (DamageError, struct.error, IndexError, UnicodeDecodeError):
            pass
    return _digest("bytes", (data,))


def key_of_blob(blob: str) -> bytes:
    """Return what stands for the key of a file that is not read, by git's id of its content."""
    return _digest("blob", (blob.encode("ascii"),))


def published_key(key: bytes, size: int) -> bytes:
    """Return what of a key is published, nothing of a file of fewer than ``PUBLISHED_FROM``."""
    return key[:PUBLISHED_SIZE] if size >= PUBLISHED_FROM else b""


def _digest(kind: str, pieces: Iterator[Piece] | tuple[bytes, ...]) -> bytes:
    """Return the key of content of a kind; raises what ``pieces`` raises."""
    digest = hashlib.blake2b(digest_size=KEY_SIZE, person=kind.encode("ascii"))
    for piece in pieces:
        digest.update(piece)
    return digest.digest()


def _archive() -> Pieces:
    from generator.files.attachments.inside.same.office import office_pieces  # noqa: PLC0415 - loads zipfile, which few files need

    return office_pieces
