"""Attachments: recognised by content, judged by size and soundness, never parsed for points.

Nothing is executed, nothing is unpacked without a bound, and no bytes make ``inspect`` fail.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from generator.files.attachments.images import webp_defects
from generator.files.attachments.jpeg import jpeg_defects
from generator.files.attachments.kinds import kind_of, stand_in
from generator.files.attachments.pdf import pdf_defects
from generator.files.attachments.problems import UNUSABLE, DamageError, Defect, Problem
from generator.files.attachments.text import text_defects
from generator.files.limits import MAX_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TYPES", "UNUSABLE", "Defect", "Problem", "inspect", "kind_of", "media_type"]

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
_TEXT = frozenset({"md", "txt", "csv"})
_MACROS = frozenset({"xlsm", "xltm", "docm", "dotm"})
_PAGES = frozenset({"htm", "html", "mht", "mhtml"})
_OFFICE = frozenset({"xlsx", "docx"})
#: Content of which nothing more can be said than that its name is not on the list.
NAMELESS = frozenset({"text", "binary", "xml", "zip", "ole"})
_KINDS = {"jpg": "jpeg", "xlsx": "zip", "docx": "zip"}


def extension(name: str) -> str:
    """Return a file name's extension in lower case, without the dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def media_type(name: str) -> str | None:
    """Return the media type that a name stands for, None where it is not on the list."""
    return TYPES.get(extension(name))


def inspect(name: str, data: bytes, most: int = MAX_FILE) -> tuple[Defect, ...]:
    """Return what is wrong with an attachment, in order of its bytes; nothing for a sound one.

    ``most`` is how many bytes it may have. Never raises. Takes time in proportion to the size, at
    most that of inflating 100 MB.
    """
    suffix = extension(name)
    if not data:
        return (Defect(Problem.DAMAGED, "empty"),)
    if suffix not in TYPES:
        return (Defect(Problem.TYPE, _foreign_kind(suffix, data)),)
    if len(data) > most:
        return (Defect(Problem.TOO_LARGE, "size"),)
    found: list[Defect] = []
    try:
        # What was found before the file broke off stays in the list.
        found.extend(_defects(suffix, data))
    except DamageError as damage:
        found.append(Defect(Problem.DAMAGED, str(damage)))
    except (struct.error, IndexError):
        found.append(Defect(Problem.DAMAGED, "truncated"))
    return tuple(dict.fromkeys(_told(defect, data) for defect in found))


def _foreign_kind(suffix: str, data: bytes) -> str:
    """Return what stands under an extension off the list, where a remedy follows from it.

    What is named as a file with macros needs more than another name.
    """
    if suffix in _MACROS:
        return "extension"
    if suffix in _PAGES:
        return "html"
    kind = _content(data)
    # An archive under its own name is no office file that broke.
    if kind == "zip" and suffix == "zip":
        return kind
    return "extension" if kind in NAMELESS else kind


def _content(data: bytes) -> str:
    """Return what the content is, office files told apart."""
    kind = stand_in(data) or kind_of(data)
    if kind in {"zip", "ole"}:
        from generator.files.attachments.office import office_kind  # noqa: PLC0415 - loads zipfile, which few files need

        kind = office_kind(data)
    return kind


def _told(defect: Defect, data: bytes) -> Defect:
    """Return a defect with the kind of office file that stands under another name."""
    plain = defect.problem is Problem.TYPE and defect.detail in {"zip", "ole"}
    return Defect(defect.problem, _content(data)) if plain else defect


def _defects(suffix: str, data: bytes) -> Iterator[Defect]:
    """Judge content under an extension of the list; zlib and zipfile load where they are needed."""
    kind = stand_in(data) or kind_of(data)
    if suffix in _TEXT and kind not in {"lfs", "annex"}:
        return text_defects(data)
    if kind == "ole" and suffix in _OFFICE:
        from generator.files.attachments.office import ole_defect  # noqa: PLC0415 - loads zipfile, which few files need

        return iter((ole_defect(data),))
    if kind != _KINDS.get(suffix, suffix):
        return iter((Defect(Problem.TYPE, kind),))
    if kind == "zip":
        from generator.files.attachments.office import office_defects  # noqa: PLC0415 - loads zipfile, which few files need

        return office_defects(suffix, data)
    if kind == "png":
        from generator.files.attachments.png import png_defects  # noqa: PLC0415 - loads zlib, which few files need

        return png_defects(data)
    return {"pdf": pdf_defects, "jpeg": jpeg_defects, "webp": webp_defects}[kind](data)
