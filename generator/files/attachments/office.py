"""Judge of xlsx and docx by their archive: bounded, nothing is executed, no cell is read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from generator.files.attachments.active import acts
from generator.files.attachments.problems import (
    ARCHIVE,
    DamageError,
    Defect,
    Problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    Parts = dict[str, zipfile.ZipInfo]

MAX_TOTAL = 100_000_000
#: Parts larger than this must not be more than RATIO times their packed size.
RATIO_FROM = 1_000_000
RATIO = 100
MAX_ROWS = 100_000
MAX_PARTS = 2_000
#: How much of each part is searched for formulas and fields that act.
SCANNED = 1_000_000
READ = 262_144
#: The part that makes an archive an office file of a kind; those not on the list are named only.
MAIN_PARTS = {
    "xl/workbook.xml": "xlsx",
    "word/document.xml": "docx",
    "xl/workbook.bin": "xlsb",
    "ppt/presentation.xml": "pptx",
}
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    OSError, ValueError, IndexError, OverflowError,
)  # fmt: skip


def ole_defect(data: bytes) -> Defect:
    """Judge an OLE container under an office name: an encrypted file, or one of before 2007."""
    if "EncryptedPackage".encode("utf-16-le") not in data:
        for stream, kind in (("WordDocument", "doc"), ("Workbook", "xls")):
            if stream.encode("utf-16-le") in data:
                return Defect(Problem.TYPE, kind)
    return Defect(Problem.ENCRYPTED, "encrypted")


def office_defects(suffix: str, data: bytes) -> Iterator[Defect]:
    """Judge an xlsx or docx: kind, sizes once unpacked, what acts, and every checksum."""
    # Counted before zipfile makes an object of each.
    if data.count(b"PK\x01\x02") > 2 * MAX_PARTS:
        yield Defect(Problem.EXPANDS, "parts")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _archive_defects(suffix, archive)
    except _BROKEN:
        raise DamageError(ARCHIVE) from None


def _archive_defects(suffix: str, archive: zipfile.ZipFile) -> Iterator[Defect]:
    entries = archive.infolist()
    parts = {_part_name(entry.filename): entry for entry in entries}
    kind = _kind(parts)
    if kind != suffix:
        yield Defect(Problem.TYPE, kind)
        return
    if len(parts) != len(entries) or any(e.compress_type not in _METHODS for e in entries):
        raise DamageError(ARCHIVE)
    if any(entry.flag_bits & 1 for entry in entries):
        yield Defect(Problem.ENCRYPTED, "encrypted")
        return
    too_much = _too_much(entries)
    if too_much is not None:
        yield Defect(Problem.EXPANDS, too_much)
        return
    yield from _part_defects(archive, parts)


def _part_name(name: str) -> str:
    """Return a part's name as office programs compare it: without case, with slashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _kind(parts: Parts) -> str:
    """Return which office file this is, or ``zip``."""
    kinds = [kind for main, kind in MAIN_PARTS.items() if main in parts]
    return kinds[0] if len(kinds) == 1 and "[content_types].xml" in parts else "zip"


def _too_much(entries: list[zipfile.ZipInfo]) -> str | None:
    """Return what is out of bounds by the sizes that the archive states, None where nothing is."""
    if len(entries) > MAX_PARTS:
        return "parts"
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        return "size"
    if any(e.file_size > RATIO_FROM and e.file_size > RATIO * e.compress_size for e in entries):
        return "ratio"
    return None


def _part_defects(archive: zipfile.ZipFile, parts: Parts) -> Iterator[Defect]:
    """Read every part once; zipfile stops at the size stated and compares the checksum."""
    rows, active = 0, False
    for name, entry in parts.items():
        head, counted = _read(archive, entry, count=name.startswith("xl/") and name.endswith("l"))
        rows += counted
        if rows > MAX_ROWS:
            yield Defect(Problem.EXPANDS, "rows")
            break
        active = active or acts(name, head)
    if active:
        yield Defect(Problem.ACTIVE, "active")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, count: bool) -> tuple[bytes, int]:
    """Return the first SCANNED bytes of a part and, where asked, its number of rows."""
    head, rows, tail = bytearray(), 0, b""
    with archive.open(entry) as part:
        while block := part.read(READ):
            if len(head) < SCANNED:
                head += block
            if count:
                # `<row` or `<x:row`; what a block's edge cuts is counted with the next block.
                seen = tail + block
                rows += seen.count(b"<row") + seen.count(b":row")
                tail = seen[-3:]
                if rows > MAX_ROWS:
                    break
    return bytes(head), rows
