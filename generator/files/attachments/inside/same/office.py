"""What an office file holds: its parts by name, without properties, however they are packed."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from generator.files.attachments.office import (
    MAX_PARTS,
    MAX_TOTAL,
    RATIO,
    RATIO_FROM,
    READ,
)
from generator.files.attachments.problems import ARCHIVE, DamageError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Parts that say who made a file and when, and those that say which parts there are.
_ASIDE = re.compile(r"docprops/.*|.*\.psmdcp|_rels/\.rels|\[content_types\]\.xml|.*/")
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    OSError, ValueError, IndexError, OverflowError,
)  # fmt: skip


def office_pieces(data: bytes) -> Iterator[bytes]:
    """Yield name, size and bytes of each part, in order; raises DamageError."""
    if data.count(b"PK\x01\x02") > 2 * MAX_PARTS:
        raise DamageError(ARCHIVE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _parts(archive)
    except _BROKEN:
        raise DamageError(ARCHIVE) from None


def _parts(archive: zipfile.ZipFile) -> Iterator[bytes]:
    found = {_plain(entry.filename): entry for entry in archive.infolist()}
    parts = {name: entry for name, entry in found.items() if not _ASIDE.fullmatch(name)}
    if not parts or len(found) != len(archive.infolist()) or _is_too_much([*found.values()]):
        raise DamageError(ARCHIVE)
    for name in sorted(parts):
        entry = parts[name]
        yield f"{name}\0{entry.file_size}\0".encode("utf-8", "surrogatepass")
        with archive.open(entry) as stream:
            while block := stream.read(READ):
                yield block


def _is_too_much(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether an archive is not to be unpacked by what it states; no part gives more than that."""
    return (
        len(entries) > MAX_PARTS
        or sum(entry.file_size for entry in entries) > MAX_TOTAL
        or any(e.file_size > RATIO_FROM and e.file_size > RATIO * e.compress_size for e in entries)
        or any(e.flag_bits & 1 or e.compress_type not in _METHODS for e in entries)
    )


def _plain(name: str) -> str:
    """Return a part's name as office programs compare it."""
    return name.replace("\\", "/").lstrip("/").lower()
