"""Content keys: what tells in public whether two files have one content, and nothing else of it."""

from __future__ import annotations

import hashlib

from generator.files.attachments.inside.same import PUBLISHED_SIZE

SCHEMA = "appraisal-bundle/1"
#: Digits of a blob id, and of a key that is published.
WHOLE, SHOWN = 40, 2 * PUBLISHED_SIZE


def published(key: str) -> str:
    """Return what is published of a key of content: 16 hex digits."""
    return key[:SHOWN]


def stand_in(key: str) -> str:
    """Return what stands in the place of a blob id that is not known, the same for one content."""
    return key.ljust(WHOLE, "0")


def unlike(path: str) -> str:
    """Return what stands in the place of a blob id where not even a key is known: like no other."""
    return hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
