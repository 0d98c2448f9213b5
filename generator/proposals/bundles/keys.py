"""Content keys: what tells in public whether two files have one content, and nothing else of it."""

from __future__ import annotations

import hashlib

#: Bytes of a key: enough to tell some millions of files apart.
SIZE = 8
#: Digits of a blob id.
WHOLE = 40


def content_key(blob: str) -> str:
    """Return the key of a content by its blob id: 16 hex digits, from which nobody gets the id."""
    return hashlib.blake2b(blob.encode("ascii"), digest_size=SIZE, person=b"content").hexdigest()


def stand_in(key: str) -> str:
    """Return what stands in the place of a blob id that is not known, the same for one content."""
    return key.ljust(WHOLE, "0")


def unlike(path: str) -> str:
    """Return what stands in the place of a blob id where not even a key is known: like no other."""
    return hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
