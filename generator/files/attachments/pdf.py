"""Judge of PDF files: a scan of plain bytes.

What hides in compressed object streams is not seen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.files.attachments.problems import TRUNCATED, Defect, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

TAIL = 2048
#: Names of 7 letters and more: `/JS` or `/AA` turn up by chance in compressed pictures.
_ACTIVE = re.compile(rb"/(?:JavaScript|OpenAction|Launch|EmbeddedFiles?|RichMedia)\b")
_ENCRYPT = re.compile(rb"/Encrypt\b")
#: A name with `#xx` escapes: `/J#61vaScript` is `/JavaScript`.
_ESCAPED = re.compile(rb"/[A-Za-z]{0,16}(?:#[0-9A-Fa-f]{2}[A-Za-z]{0,16}){1,16}")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def pdf_defects(data: bytes) -> Iterator[Defect]:
    """Judge a PDF: its end, then the names of encryption and of what acts by itself."""
    if b"%%EOF" not in data[-TAIL:]:
        yield Defect(Problem.DAMAGED, TRUNCATED)
        return
    names = _unescaped(data)
    if _ENCRYPT.search(data) or _ENCRYPT.search(names):
        yield Defect(Problem.ENCRYPTED, "encrypted")
    if _ACTIVE.search(data) or _ACTIVE.search(names):
        yield Defect(Problem.PDF_ACTIVE, "active")


def _unescaped(data: bytes) -> bytes:
    """Return the names that are written with escapes, one a line, as they read without them."""
    if b"#" not in data:
        return b""
    found = b"\n".join(_ESCAPED.findall(data))
    return _HEX.sub(lambda match: bytes((int(match[1], 16),)), found)
