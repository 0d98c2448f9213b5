"""What an attachment says: its texts, and what its own metadata says of people, places and days.

Nothing is run, and only what may hold personal data is looked at closely. Attachments that are no
sound file of their kind are not looked into: ``inspect`` tells of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.attachments.inside.pictures import picture_metadata
from generator.files.attachments.inside.pictures import taken_on as day_of_picture
from generator.files.attachments.inside.said import Said, Told

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

__all__ = ["Said", "Told", "metadata_of", "taken_on", "texts_of"]

_TEXTS = frozenset({"md", "txt", "csv"})
_OFFICE = frozenset({"xlsx", "docx"})
_PICTURES = frozenset({"jpg", "jpeg", "png", "webp"})


def texts_of(name: str, data: bytes) -> Iterator[Said]:
    """Yield the texts of a sound attachment that may hold personal data."""
    suffix = _suffix(name)
    if suffix in _TEXTS:
        yield Said(data.decode("utf-8", "replace").removeprefix("\ufeff"))
    elif suffix in _OFFICE:
        from generator.files.attachments.inside.office import office_texts  # noqa: PLC0415 - loads zipfile, which few files need

        yield from office_texts(data)
    elif suffix == "pdf":
        from generator.files.attachments.inside.paper import pdf_texts  # noqa: PLC0415 - loads zlib, which few files need

        yield from pdf_texts(data)


def metadata_of(name: str, data: bytes) -> Iterator[Told]:
    """Yield what a sound attachment's own metadata says of a place or of its author."""
    suffix = _suffix(name)
    if suffix in _PICTURES:
        yield from picture_metadata(data)
    elif suffix in _OFFICE:
        from generator.files.attachments.inside.office import office_metadata  # noqa: PLC0415 - loads zipfile, which few files need

        yield from office_metadata(data)
    elif suffix == "pdf":
        from generator.files.attachments.inside.paper import pdf_metadata  # noqa: PLC0415 - loads zlib, which few files need

        yield from pdf_metadata(data)


def taken_on(name: str, data: bytes) -> datetime.date | None:
    """Return the day that a photo says it was taken on; None for whatever says none."""
    if _suffix(name) not in _PICTURES:
        return None
    return day_of_picture(data)


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
