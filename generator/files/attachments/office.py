"""Judge of xlsx and docx by their archive: bounded, nothing is executed, no cell is read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.files.attachments.active import acts, effort, is_workbook
from generator.files.attachments.content import Content, strings_first
from generator.files.attachments.problems import (
    ARCHIVE,
    DamageError,
    Defect,
    Problem,
)
from generator.files.limits import MAX_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    Parts = dict[str, zipfile.ZipInfo]

MAX_TOTAL = 100_000_000
#: Parts larger than this must not be more than RATIO times their packed size.
RATIO_FROM = 1_000_000
RATIO = 100
#: Rows that hold something: programs pad a sheet to its end.
MAX_ROWS = 100_000
MAX_PARTS = 2_000
#: How much of each part is searched for formulas and fields that act.
SCANNED = 1_000_000
#: Tags and values that are looked at in all parts together.
MAX_STEPS = 2_000_000
READ = 262_144
#: The part that makes an archive an office file of a kind; those not on the list are named only.
MAIN_PARTS = {
    "xl/workbook.xml": "xlsx",
    "word/document.xml": "docx",
    "xl/workbook.bin": "xlsb",
    "ppt/presentation.xml": "pptx",
}
#: A part that tells a file that is none of office programs' own kinds.
MARKED = {"ofd.xml": "ofd", "meta-inf/manifest.xml": "odf"}
#: A stream of an OLE container → which file of before 2007 it makes of it.
OLE_STREAMS = (
    ("WpsDocument", "wps"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
)
ROWS = (b"<row", b":row")
#: What begins a value or a text of a cell; a name space may stand before it.
VALUES = (b"<v>", b":v>", b"<is>", b":is>", b"<v ", b":v ")
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    OSError, ValueError, IndexError, OverflowError,
)  # fmt: skip


def ole_defect(data: bytes) -> Defect:
    """Judge an OLE container under an office name: an encrypted file, or one of before 2007."""
    kind = _ole_kind(data)
    if kind != "ole":
        return Defect(Problem.TYPE, kind)
    return Defect(Problem.ENCRYPTED, "encrypted")


def _ole_kind(data: bytes) -> str:
    """Return which file of before 2007 this is, or ``ole``."""
    if "EncryptedPackage".encode("utf-16-le") not in data:
        for stream, kind in OLE_STREAMS:
            if stream.encode("utf-16-le") in data:
                return kind
    return "ole"


def office_kind(data: bytes) -> str:
    """Return which file an archive or an OLE container is, by the names of its parts alone."""
    if not data.startswith(b"PK"):
        return _ole_kind(data)
    if data.count(b"PK\x01\x02") > 2 * MAX_PARTS:
        return "zip"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {_part_name(entry.filename): entry for entry in archive.infolist()}
    except _BROKEN:
        return "zip"
    marked = (kind for name, kind in MARKED.items() if name in parts)
    return next(marked, None) or _kind(parts)


@dataclass(slots=True)
class _Spent:
    """What a file and the workbooks inside it have taken so far."""

    entries: int = 0
    parts: int = 0
    size: int = 0
    rows: int = 0
    filled: int = 0
    steps: int = 0
    inside: bool = False

    def too_much(self) -> str | None:
        """Return which bound is passed by what was read, None where none is."""
        if min(self.rows, self.filled) > MAX_ROWS:
            return "rows"
        return "markup" if self.steps > MAX_STEPS else None


def office_defects(suffix: str, data: bytes) -> Iterator[Defect]:
    """Judge an xlsx or docx: kind, sizes once unpacked, what acts, and every checksum."""
    return _office_defects(suffix, data, _Spent())


def _office_defects(suffix: str, data: bytes, spent: _Spent) -> Iterator[Defect]:
    # Counted before zipfile makes an object of each.
    spent.entries += data.count(b"PK\x01\x02")
    if spent.entries > 2 * MAX_PARTS:
        yield Defect(Problem.EXPANDS, "parts")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _archive_defects(suffix, archive, spent)
    except _BROKEN:
        raise DamageError(ARCHIVE) from None


def _archive_defects(suffix: str, archive: zipfile.ZipFile, spent: _Spent) -> Iterator[Defect]:
    entries = archive.infolist()
    parts = {_part_name(entry.filename): entry for entry in entries}
    kind = _kind(parts)
    if kind != suffix:
        yield Defect(Problem.TYPE, kind)
        return
    if len(parts) != len(entries) or any(e.compress_type not in _METHODS for e in entries):
        raise DamageError(ARCHIVE)
    if any(_leads_out(entry.filename) for entry in entries):
        raise DamageError(ARCHIVE)
    if any(entry.flag_bits & 1 for entry in entries):
        yield Defect(Problem.ENCRYPTED, "encrypted")
        return
    too_much = _too_much(entries, spent)
    if too_much is not None:
        yield Defect(Problem.EXPANDS, too_much)
        return
    yield from _part_defects(archive, parts, spent, Content(suffix))


def _part_name(name: str) -> str:
    """Return a part's name as office programs compare it: without case, with slashes."""
    return name.replace("\\", "/").lstrip("/").lower()


def _leads_out(name: str) -> bool:
    """Whether whoever unpacks a part by this name would write outside the folder."""
    name = name.replace("\\", "/")
    return name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def _kind(parts: Parts) -> str:
    """Return which office file this is, or ``zip``."""
    kinds = [kind for main, kind in MAIN_PARTS.items() if main in parts]
    return kinds[0] if len(kinds) == 1 and "[content_types].xml" in parts else "zip"


def _too_much(entries: list[zipfile.ZipInfo], spent: _Spent) -> str | None:
    """Return what is out of bounds by the sizes that the archive states, None where nothing is."""
    spent.parts += len(entries)
    spent.size += sum(entry.file_size for entry in entries)
    if spent.parts > MAX_PARTS:
        return "parts"
    if spent.size > MAX_TOTAL:
        return "size"
    if any(e.file_size > RATIO_FROM and e.file_size > RATIO * e.compress_size for e in entries):
        return "ratio"
    return None


def _part_defects(
    archive: zipfile.ZipFile, parts: Parts, spent: _Spent, content: Content
) -> Iterator[Defect]:
    """Read every part once; zipfile stops at the size stated and compares the checksum."""
    active = False
    for name in sorted(parts, key=strings_first):
        entry, filled = parts[name], spent.filled
        part = _read(archive, entry, spent, count=name.startswith("xl/") and name.endswith("l"))
        head = part[:SCANNED]
        spent.steps += effort(name, head)
        too_much = spent.too_much()
        content.look(name, head, whole=len(head) == entry.file_size, values=spent.filled - filled)
        if too_much is None:
            active = active or acts(name, head)
        if too_much is None and is_workbook(name) and not active:
            inner = _inner_problem(part, spent)
            active = inner is Problem.ACTIVE
            too_much = "size" if inner is Problem.EXPANDS else None
        if too_much is not None:
            yield Defect(Problem.EXPANDS, too_much)
            break
    else:
        if not (active or content.found or spent.inside):
            yield Defect(Problem.DAMAGED, content.nothing)
    if active:
        yield Defect(Problem.ACTIVE, "active")


def _inner_problem(data: bytes, spent: _Spent) -> Problem | None:
    """Judge a workbook inside the file: too large, or active, as what cannot be looked through.

    No chart has a workbook that holds another.
    """
    if spent.inside:
        return Problem.ACTIVE
    spent.inside = True
    try:
        problems = {defect.problem for defect in _office_defects("xlsx", data, spent)}
    except DamageError:
        return Problem.ACTIVE
    finally:
        spent.inside = False
    if Problem.EXPANDS in problems:
        return Problem.EXPANDS
    return Problem.ACTIVE if problems else None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, spent: _Spent, *, count: bool) -> bytes:
    """Read a part to its end; return SCANNED bytes of it, or a workbook in full.

    Where asked, count rows, and values in cells.
    """
    head, tail = bytearray(), b""
    kept = MAX_FILE if is_workbook(_part_name(entry.filename)) else SCANNED
    with archive.open(entry) as part:
        while block := part.read(READ):
            if len(head) < kept:
                head += block
            if count:
                # `<row` or `<x:row`; what a block's edge cuts is counted with the next block.
                seen = tail + block
                spent.rows += sum(map(seen.count, ROWS))
                spent.filled += sum(map(seen.count, VALUES))
                tail = seen[-3:]
                if spent.too_much():
                    break
    return bytes(head)
