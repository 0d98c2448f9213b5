"""Soundness of office files by the directory of their archive: bounded, nothing is executed."""

from __future__ import annotations

import io
import re

MAX_TOTAL = 100_000_000
MAX_ENTRY_RATIO = 100
RATIO_FROM = 1_000_000
MAX_ENTRIES = 2_000
MAIN_PART = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
ACTIVE = re.compile(
    r"vbaproject|externallinks/|embeddings/|activex|macrosheets/|customui|ddelinks?", re.IGNORECASE
)

Defects = list[tuple[str, str]]


def office_defects(suffix: str, data: bytes) -> Defects:
    """Return pairs of finding code and detail for an xlsx or docx; reads the directory alone."""
    import zipfile  # noqa: PLC0415 - few records hold office files

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, EOFError):
        return [("E004", "archive")]
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or MAIN_PART[suffix] not in names:
        return [("E003", "zip")]
    found: Defects = []
    large = [
        entry
        for entry in entries
        if entry.file_size > RATIO_FROM
        and entry.file_size > MAX_ENTRY_RATIO * max(entry.compress_size, 1)
    ]
    total = sum(entry.file_size for entry in entries)
    if large or total > MAX_TOTAL or len(entries) > MAX_ENTRIES:
        found.append(("E014", "archive"))
    if any(ACTIVE.search(name) for name in names):
        found.append(("E015", "active"))
    if any(entry.flag_bits & 1 for entry in entries):
        found.append(("E018", "encrypted"))
    return found
