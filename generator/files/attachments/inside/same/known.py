"""Keys of contents that were read before in this process, or kept by another: by git's id.

An id stands for one content, and a content for one key, so nothing here can be out of date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.attachments.inside.same import content_key

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Contents that are remembered; of more only what is asked for is read again.
MOST = 500_000
_KNOWN: dict[str, bytes] = {}


def known_key(blob: str) -> bytes | None:
    """Return the key of a content by git's id, None where it was not read."""
    return _KNOWN.get(blob)


def key_of(blob: str, data: bytes) -> bytes:
    """Return the key of a content of this id, made where it is not known."""
    key = _KNOWN.get(blob)
    if key is None:
        key = content_key(data)
        remember({blob: key})
    return key


def remember(keys: Mapping[str, bytes]) -> None:
    """Take in keys by id, as long as there is room."""
    if len(_KNOWN) + len(keys) <= MOST:
        _KNOWN.update(keys)
