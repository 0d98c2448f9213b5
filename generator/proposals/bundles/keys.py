"""Content keys: what tells in public whether two files have one content, and nothing else of it."""

from __future__ import annotations

import hashlib

from generator.files.attachments.inside.same import PUBLISHED_SIZE, key_of_blob

#: Digits of a blob id.
WHOLE = 40


def content_key(blob: str) -> str:
    """Return the published key of a content by its blob id: 16 hex digits, never the id."""
    return key_of_blob(blob)[:PUBLISHED_SIZE].hex()


def stand_in(key: str) -> str:
    """Return what stands in the place of a blob id that is not known, the same for one content."""
    return key.ljust(WHOLE, "0")


def unlike(path: str) -> str:
    """Return what stands in the place of a blob id where not even a key is known: like no other."""
    return hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
