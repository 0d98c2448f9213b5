"""Attachments: recognised by content, judged by size and soundness, never parsed for points.

Nothing is executed, nothing is unpacked without a bound, and no bytes make ``inspect`` fail.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import Enum

from generator.offices import office_defects
from generator.pictures import jpeg_defects, png_defects, webp_defects

MAX_SIZE = 10_000_000
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "md": "text/markdown",
    "txt": "text/plain",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Problem(Enum):
    """What may be wrong with an attachment; the value is the finding code."""

    TYPE = "E003"
    DAMAGED = "E004"
    TOO_LARGE = "E013"
    EXPANDS = "E014"
    ACTIVE = "E015"
    TRAILING = "E016"
    PDF_ACTIVE = "E017"
    ENCRYPTED = "E018"


#: Problems for which an attachment counts as absent.
UNUSABLE = frozenset(
    {Problem.TYPE, Problem.DAMAGED, Problem.TOO_LARGE, Problem.EXPANDS, Problem.ACTIVE}
)
_BY_CODE = {problem.value: problem for problem in Problem}

_MAGICS = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
)
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|svg|script|\?xml)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|OpenAction|AA|Launch|EmbeddedFile|RichMedia)\b")
#: Content that an extension stands for, where their names differ.
_EXPECTED = {"jpg": "jpeg", "xlsx": "zip", "docx": "zip"}


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong with an attachment; ``detail`` is a short key for the message."""

    problem: Problem
    detail: str


def extension(name: str) -> str:
    """Return a file name's extension in lower case, without the dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def media_type(name: str) -> str | None:
    """Return the media type that a name stands for, None where it is not on the list."""
    return TYPES.get(extension(name))


def kind_of(data: bytes) -> str:
    """Return what the content is, by its first bytes: ``text`` where nothing else fits."""
    for magic, kind in _MAGICS:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return "heic"
    if _MARKUP.match(data[:512]):
        return "html"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    return "text"


def inspect(name: str, data: bytes) -> tuple[Defect, ...]:  # noqa: PLR0911 - one return a rule
    """Return what is wrong with an attachment; nothing for a sound one. Never raises."""
    suffix = extension(name)
    if not data:
        return (Defect(Problem.DAMAGED, "empty"),)
    if suffix not in TYPES:
        return (Defect(Problem.TYPE, "extension"),)
    if len(data) > MAX_SIZE:
        return (Defect(Problem.TOO_LARGE, "size"),)
    if suffix in {"md", "txt", "csv"}:
        return _text_defects(data)
    kind = kind_of(data)
    if kind == "ole" and suffix in {"xlsx", "docx"}:
        return (Defect(Problem.ENCRYPTED, "encrypted"),)
    if kind != _EXPECTED.get(suffix, suffix):
        return (Defect(Problem.TYPE, kind),)
    try:
        found = _sound(suffix, kind, data)
    except (struct.error, IndexError, ValueError, OverflowError):
        found = [("E004", "structure")]
    return tuple(Defect(_BY_CODE[code], detail) for code, detail in found)


def _sound(suffix: str, kind: str, data: bytes) -> list[tuple[str, str]]:
    """Return code and detail of what is wrong inside a file of the right kind."""
    if kind == "pdf":
        return _pdf_defects(data)
    if kind == "png":
        return png_defects(data)
    if kind == "jpeg":
        return jpeg_defects(data)
    if kind == "webp":
        return webp_defects(data)
    return office_defects(suffix, data)


def _text_defects(data: bytes) -> tuple[Defect, ...]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        kind = kind_of(data)
        if b"\0" in data or kind != "text":
            return (Defect(Problem.TYPE, kind if kind != "text" else "binary"),)
        return (Defect(Problem.DAMAGED, "encoding"),)
    if _CONTROL.search(text):
        return (Defect(Problem.TYPE, "binary"),)
    if kind_of(data) not in {"text", "html", "exe"}:
        return (Defect(Problem.TYPE, kind_of(data)),)
    return () if text.strip() else (Defect(Problem.DAMAGED, "blank"),)


def _pdf_defects(data: bytes) -> list[tuple[str, str]]:
    if b"%%EOF" not in data[-2048:]:
        return [("E004", "truncated")]
    found = []
    if b"/Encrypt" in data:
        found.append(("E018", "encrypted"))
    if _PDF_ACTIVE.search(data):
        found.append(("E017", "active"))
    return found
