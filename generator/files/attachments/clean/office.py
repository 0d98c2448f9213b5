"""Workbooks and documents without properties: all other parts keep their bytes, packed as they are.

Parts stand in one order and have one time, so that the same file gives the same bytes, whichever
machine packs it.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from generator.files.attachments.problems import ARCHIVE, DamageError

#: Parts that come first, as office programs write them.
_FIRST = ("[content_types].xml", "_rels/.rels")
_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACE = b"http://schemas.openxmlformats.org/"
_CORE = (
    _XML + b'<cp:coreProperties xmlns:cp="' + _SPACE + b"package/2006/metadata/core-properties"
    b'" xmlns:dcterms="http://purl.org/dc/terms/"'
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    b'<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>'
    b'<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified>'
    b"</cp:coreProperties>"
)
_APP = _XML + b'<Properties xmlns="' + _SPACE + b'officeDocument/2006/extended-properties"/>'
_CUSTOM = _XML + b'<Properties xmlns="' + _SPACE + b'officeDocument/2006/custom-properties"/>'
#: Parts by name → what stands in their place.
_PROPERTIES = (
    (re.compile(r"docprops/core[^/]*\.xml|.*\.psmdcp"), _CORE),
    (re.compile(r"docprops/app[^/]*\.xml"), _APP),
    (re.compile(r"docprops/custom[^/]*\.xml"), _CUSTOM),
)
#: 1980-01-01, the first day that an archive can name: time and date.
_TIME, _DATE = 0, 33
_VERSION, _UTF8 = 20, 0x800
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_BROKEN = (zipfile.BadZipFile, struct.error, OSError, ValueError, IndexError, OverflowError)


def clean_office(data: bytes) -> bytes:
    """Return a sound xlsx or docx without properties; raises DamageError where it is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = sorted(archive.infolist(), key=_order)
        # Parts of a sound file share no byte: what is written is never more than what was read.
        if sum(entry.compress_size for entry in entries) > len(data):
            raise DamageError(ARCHIVE)
        return _archive(data, entries)
    except _BROKEN:
        raise DamageError(ARCHIVE) from None


def _order(entry: zipfile.ZipInfo) -> tuple[int, str]:
    name = _plain(entry.filename)
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), entry.filename)


def _plain(name: str) -> str:
    """Return a part's name as office programs compare it."""
    return name.replace("\\", "/").lstrip("/").lower()


def _archive(data: bytes, entries: list[zipfile.ZipInfo]) -> bytes:
    """Return an archive of these parts, properties apart with their bytes as they are packed."""
    out, index = bytearray(), bytearray()
    for entry in entries:
        own = next(
            (text for name, text in _PROPERTIES if name.fullmatch(_plain(entry.filename))), None
        )
        if own is None:
            packed, method, crc, size = (
                _packed(data, entry),
                entry.compress_type,
                entry.CRC,
                entry.file_size,
            )
        else:
            packed, method, crc, size = own, zipfile.ZIP_STORED, zlib.crc32(own), len(own)
        name = entry.filename.encode("utf-8")
        flags = 0 if name.isascii() else _UTF8
        head = (flags, method, _TIME, _DATE, crc, len(packed), size, len(name), 0)
        index += (
            _CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *head, 0, 0, 0, 0, len(out)) + name
        )
        out += _LOCAL.pack(b"PK\x03\x04", _VERSION, *head) + name + packed
    count = len(entries)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(index), len(out), 0)
    return bytes(out + index + end)


def _packed(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a part as they lie in the archive."""
    at = entry.header_offset
    names, more = struct.unpack_from("<HH", data, at + 26)
    start = at + 30 + names + more
    packed = data[start : start + entry.compress_size]
    if at < 0 or len(packed) != entry.compress_size:
        raise DamageError(ARCHIVE)
    return packed
