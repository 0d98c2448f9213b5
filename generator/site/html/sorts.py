"""What an attachment is, in a word that readers know, instead of its media type."""

from __future__ import annotations

from generator.text.language import gettext, mark

#: What a media type is called, by itself or by what stands before its slash.
SORTS = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": mark("表格"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": mark("文档"),
    "image": mark("照片"),
    "text": mark("文字"),
    "text/csv": mark("表格"),
}
OTHER = mark("其他")


def sort_of(media_type: str) -> str:
    """Return what a file of a media type is called in the language in use."""
    kind = media_type.partition("/")[0]
    return gettext(SORTS.get(media_type) or SORTS.get(kind) or OTHER)
