"""Judges of Markdown, plain text and tables: UTF-8 without control characters."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import TYPE_CHECKING

from generator.files.attachments.kinds import has_controls, kind_of
from generator.files.attachments.problems import Defect, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

#: U+0080 to U+009F: terminals take them for escape sequences.
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
#: What text may begin with and still be text: it is shown escaped and never published.
_AS_TEXT = frozenset({"text", "html", "svg", "xml"})


def text_defects(data: bytes) -> Iterator[Defect]:
    """Judge text. Another encoding is damage, since nobody can read it; binary is another type."""
    if _is_utf16(data):
        yield Defect(Problem.DAMAGED, "encoding")
        return
    if has_controls(data):
        kind = kind_of(data)
        yield Defect(Problem.TYPE, "binary" if kind in _AS_TEXT else kind)
        return
    try:
        text = data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        yield Defect(Problem.DAMAGED, "encoding")
        return
    if _C1.search(data):
        yield Defect(Problem.TYPE, "binary")
    elif data.startswith(b"%PDF-"):
        yield Defect(Problem.TYPE, "pdf")
    elif not text.strip():
        yield Defect(Problem.DAMAGED, "blank")


def _is_utf16(data: bytes) -> bool:
    """Whether this is text as old editors save it under the name of Unicode."""
    if not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return False
    try:
        return not has_controls(data.decode("utf-16").encode("utf-8"))
    except UnicodeError:
        return False
