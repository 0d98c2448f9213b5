"""What some bytes are, by their first ones; a name is never believed."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

HEAD = 1024
_MAGICS = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"8BPS", "psd"),
    (b"%!PS", "eps"),
    (b"\xc5\xd0\xd3\xc6", "eps"),
    (b"\xd7\xcd\xc6\x9a", "wmf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"{\\rtf", "rtf"),
    (b"\x1aE\xdf\xa3", "mkv"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "wmv"),
    (b"\0\0\x01\xba", "mpg"),
    (b"ID3", "mp3"),
    (b"#!AMR", "amr"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "exe"),
    (b"L\0\0\0\x01\x14\x02\0", "lnk"),
)
#: Brands of ``ftyp`` boxes that are pictures of phones; the others are films.
_BRANDS = {
    **dict.fromkeys(
        (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "heic"
    ),
    b"avif": "avif",
    b"avis": "avif",
    b"qt  ": "mov",
    **dict.fromkeys((b"M4A ", b"M4B "), "m4a"),
}
#: What a RIFF container holds.
_RIFF = {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "wav"}
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*+<(!doctype|html|svg|script|\?xml)\b", re.IGNORECASE)
_SVG = re.compile(rb"<svg\b", re.IGNORECASE)
#: What Git LFS and git-annex leave in the place of a file that was not sent.
_LFS = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/")
_ANNEX = b"/annex/objects/"
_ANNEX_KEY = re.compile(rb"/[A-Z][A-Z0-9_]{1,15}(?:-[a-zA-Z][0-9]{1,15}){0,4}--[0-9A-Za-z]")
CONTROLS = bytes({*range(32), 0x7F} - {0x09, 0x0A, 0x0D})


def has_controls(data: bytes) -> bool:
    """Whether there are control characters besides tab, line feed and carriage return."""
    return len(data.translate(None, CONTROLS)) != len(data)


def kind_of(data: bytes) -> str:
    """Return what the content is: ``text`` or ``binary`` where nothing else fits."""
    for magic, kind in _MAGICS:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] in _RIFF:
        return _RIFF[data[8:12]]
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "bmp"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "mp4")
    return _kind_by_head(data[:HEAD])


def _kind_by_head(head: bytes) -> str:
    """Return what has no signature at a fixed place."""
    markup = _MARKUP.match(head)
    if markup is not None:
        return _markup_kind(markup[1].lower(), head)
    if not has_controls(head):
        # White space, zeros and a mark of UTF-8 may stand before a PDF; text may not.
        before, found, _ = head.partition(b"%PDF-")
        return "pdf" if found and not before.removeprefix(BOM_UTF8).strip() else "text"
    if head.startswith(b"MZ"):
        return "exe"
    return _kind_of_binary(head)


def _kind_of_binary(head: bytes) -> str:
    """Return ``pdf`` where its mark stands behind zeros or other bytes that are no text."""
    before, found, _ = head.partition(b"%PDF-")
    before = before.removeprefix(BOM_UTF8).strip(b"\0\t\n\x0c\r ")
    return "pdf" if found and (not before or has_controls(before)) else "binary"


def stand_in(data: bytes) -> str | None:
    """Return the tool that left a note instead of a file, ``lfs`` or ``annex``, None elsewhere."""
    if len(data) > HEAD:
        return None
    if data.startswith(_LFS) and b"\noid " in data and b"\nsize " in data:
        return "lfs"
    first = data.split(b"\n", 1)[0].replace(b"\\", b"/")
    return "annex" if _ANNEX in first and _ANNEX_KEY.search(first) else None


def _markup_kind(first: bytes, head: bytes) -> str:
    """Return ``svg``, ``xml`` or ``html`` by the first tag and what follows it."""
    if first == b"svg" or (first in {b"?xml", b"!doctype"} and _SVG.search(head)):
        return "svg"
    return "xml" if first == b"?xml" else "html"
