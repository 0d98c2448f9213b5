"""Copies of attachments without metadata: nothing that is seen changes, nothing is encoded anew.

Pictures keep their coded pixels and how they are turned; workbooks and documents keep the bytes of
all parts but their properties. A copy of a copy is the same, and the same file gives the same
bytes on every machine.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from generator.files.attachments import extension, inspect
from generator.files.attachments.inside import Told, metadata_of
from generator.files.attachments.problems import STRUCTURE, DamageError, Defect, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MAX_CLEANED", "Cleaned", "UnsoundError", "cleaned"]

#: Bytes of a file that is looked at: a photo may lose a film that lies behind it.
MAX_CLEANED = 50_000_000


class Cleaned(NamedTuple):
    """A copy without metadata; ``left`` is what could not be taken out, ``why`` the reason.

    It is one of those of ``clean/paper``: only a PDF keeps anything.
    """

    data: bytes
    left: tuple[Told, ...]
    why: str = ""


class UnsoundError(Exception):
    """A file is no sound attachment, and is not copied: ``defects`` say why."""

    def __init__(self, defects: tuple[Defect, ...]) -> None:
        """Keep what is wrong with it."""
        super().__init__()
        self.defects = defects


def cleaned(name: str, data: bytes, most: int = MAX_CLEANED) -> Cleaned:
    """Return a copy of an attachment without metadata; raises UnsoundError, and nothing else.

    What lies behind the end of a picture is left out.
    """
    defects = tuple(d for d in inspect(name, data, most) if not _goes(name, d))
    if defects:
        raise UnsoundError(defects)
    if extension(name) == "pdf":
        return _clean_paper(name, data)
    try:
        copy = _cleaner(extension(name))(data)
    except DamageError as damage:
        raise UnsoundError((Defect(Problem.DAMAGED, str(damage)),)) from None
    except (struct.error, IndexError):
        raise UnsoundError((Defect(Problem.DAMAGED, STRUCTURE),)) from None
    return Cleaned(copy, tuple(metadata_of(name, copy)))


def _clean_paper(name: str, data: bytes) -> Cleaned:
    """Return a copy of a sound PDF."""
    from generator.files.attachments.clean.paper import clean_pdf  # noqa: PLC0415 - loads zlib, which few files need

    copy, why = clean_pdf(data)
    left = tuple(metadata_of(name, copy))
    return Cleaned(copy, left or ((Told("author"),) if why else ()), why)


def _goes(name: str, defect: Defect) -> bool:
    """Whether a defect goes with what is left out."""
    return defect.problem is Problem.TRAILING and extension(name) != "pdf"


def _cleaner(suffix: str) -> Callable[[bytes], bytes]:
    """Return what makes the copy of a sound file."""
    if suffix in {"xlsx", "docx"}:
        from generator.files.attachments.clean.office import clean_office  # noqa: PLC0415 - loads zipfile, which few files need

        return clean_office
    if suffix in {"jpg", "jpeg", "png", "webp"}:
        from generator.files.attachments.clean import pictures  # noqa: PLC0415 - loads zlib, which few files need

        return {"png": pictures.clean_png, "webp": pictures.clean_webp}.get(
            suffix, pictures.clean_jpeg
        )
    return bytes
