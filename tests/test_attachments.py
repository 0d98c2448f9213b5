"""Attachments: what a look into the file decides about its type, damage, size and activity."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.files.attachments import (
    TYPES,
    UNUSABLE,
    Defect,
    Problem,
    inspect,
    media_type,
)
from generator.files.limits import MAX_FILE
from tests.effort import at_most

if TYPE_CHECKING:
    from collections.abc import Callable

TYPE, DAMAGED, EXPANDS = Problem.TYPE, Problem.DAMAGED, Problem.EXPANDS
SIGNATURE = b"\x89PNG\r\n\x1a\n"
TYPES_PART = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(
    width: int = 64,
    height: int = 48,
    *,
    extra: bytes = b"",
    data: bytes | None = None,
    mode: tuple[int, int] = (8, 2),
) -> bytes:
    """Return a PNG; black pixels unless its ``data`` (compressed) are given."""
    header = struct.pack(">IIBBBBB", width, height, *mode, 0, 0, 0)
    if data is None:
        data = zlib.compress(bytes(height * (1 + 3 * width)))
    body = chunk(b"IDAT", data) if data else b""
    return SIGNATURE + chunk(b"IHDR", header) + extra + body + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpeg(
    width: int = 64,
    height: int = 48,
    *,
    frame: int = 0xC0,
    components: int = 3,
    scans: int = 1,
    extra: bytes = b"",
) -> bytes:
    """Return the structure of a JPEG: frame header and scans of stuffed bytes and restarts."""
    layout = b"".join(bytes((number, 0x11, 0)) for number in range(1, components + 1))
    header = struct.pack(">BHHB", 8, height, width, components) + layout
    scan = segment(0xDA, bytes((components, *([1, 0] * components), 0, 63, 0)))
    coded = b"\x12\x34\xff\x00\x56\xff\xd0\x78" * 8
    tables = segment(0xDB, bytes(65)) + segment(0xC4, bytes(20))
    return (
        b"\xff\xd8" + extra + tables + segment(frame, header) + (scan + coded) * scans + b"\xff\xd9"
    )


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = [name + struct.pack("<I", len(b)) + b + bytes(len(b) % 2) for name, b in chunks]
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def vp8(width: int = 64, height: int = 48) -> tuple[bytes, bytes]:
    return b"VP8 ", b"\x30\x01\0\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(9)


def vp8l(width: int = 64, height: int = 48) -> tuple[bytes, bytes]:
    return b"VP8L", b"\x2f" + struct.pack("<I", width - 1 | (height - 1) << 14) + bytes(8)


def vp8x(width: int = 64, height: int = 48) -> tuple[bytes, bytes]:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes(4) + sides


def pdf(catalog: bytes = b"", *, before: bytes = b"", after: bytes = b"") -> bytes:
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog " + catalog + b" >>\nendobj\n"
    return before + body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n" + after


#: The part of a workbook in which its one cell stands.
CELL = "xl/worksheets/own.xml"


#: Content from here on is packed the quick way: what it unpacks to is all that matters.
LARGE = 1_000_000


def archive(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as out:
        for name, content in parts.items():
            level = 1 if len(content) > LARGE else None
            out.writestr(zipfile.ZipInfo(name), content, method, level)
    return target.getvalue()


def xlsx(parts: dict[str, str | bytes] | None = None) -> bytes:
    """Return a workbook with one cell, and further parts."""
    own = {"xl/workbook.xml": "<workbook/>", CELL: "<c><v>1</v></c>"}
    return archive({TYPES_PART: "<Types/>", **own, **(parts or {})})


def docx(parts: dict[str, str | bytes] | None = None) -> bytes:
    """Return a document with one word, and further parts."""
    own = {"word/document.xml": "<w:p><w:t>x</w:t></w:p>"}
    return archive({TYPES_PART: "<Types/>", **own, **(parts or {})})


def relation(kind: str, target: str) -> str:
    kind = f"{RELATIONS}/{kind}"
    tag = f'<Relationship Id="r1" Type="{kind}" Target="{target}" TargetMode="External"/>'
    return f"<Relationships>{tag}</Relationships>"


@cache
def rows(number: int) -> str:
    """Return a sheet of rows that hardly compress."""
    dice = random.Random(1)
    return "".join(f'<row r="{n}"><c><v>{dice.random()}</v></c></row>' for n in range(number))


def encrypted_zip() -> bytes:
    """Return an archive whose entries say that they are encrypted."""
    data = bytearray(xlsx())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(magic, at + 1)) >= 0:
            data[at + offset] |= 1
    return bytes(data)


def exif(marker: int = 0xE1) -> bytes:
    """Return a segment with a thumbnail inside, which is a JPEG with an end of its own."""
    return segment(marker, b"Exif\0\0" + jpeg(16, 16))


ADOBE = segment(0xEE, b"Adobe" + bytes(7))
MPF = segment(0xE2, b"MPF\0" + bytes(40))

SOUND = {
    "png": png(),
    "png-grey-1-bit": png(800, 600, mode=(1, 0)),
    "png-split-data": png(extra=chunk(b"IDAT", b""), data=zlib.compress(bytes(48 * 193))),
    "png-padded": png() + b"\0\0\r\n",
    "png-text": png(extra=chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 9000))),
    "png-bad-text": png(extra=chunk(b"zTXt", b"Comment\0\0" + b"x" * 200_000)),
    "png-largest": png(8000, 5000, data=zlib.compress(bytes(8000 * 5000 // 8 + 5000)), mode=(1, 0)),
    "jpg-baseline": jpeg(),
    "jpg-progressive": jpeg(frame=0xC2, scans=5),
    "jpg-cmyk": jpeg(components=4, extra=ADOBE),
    "jpg-grey": jpeg(components=1),
    "jpg-thumbnail": jpeg(extra=exif()),
    "jpg-fill-bytes": jpeg(extra=b"\xff\xff\xff" + segment(0xFE, b"note")),
    "jpg-two-pictures": jpeg(extra=MPF) + jpeg(32, 24) + b"\0" * 40 + jpeg(16, 16),
    "jpg-padded": jpeg() + b"\0\n",
    "webp": riff(vp8()),
    "webp-lossless": riff(vp8l()),
    "webp-extended": riff(vp8x(), (b"ICCP", b"abc"), vp8()),
    "pdf": pdf(),
    "pdf-late-header": pdf(before=b"\n" * 1000),
    "pdf-late-end": pdf(after=b"\n" * 1000),
    "md": "# 会议记录\n\t一、议程\r\n".encode(),
    "md-mark": "\ufeff会议记录".encode(),
    "md-markup": b"<html><script>alert(1)</script>",
    "md-svg": b"<svg onload=x>",
    "md-about-pdf": "文件以 %PDF- 开头".encode(),
    "md-capitals": "MZ 是缩写".encode(),
    "csv": b"member,status\nA01,present\n",
    "txt": "会议记录".encode(),
    "xlsx": xlsx({SHEET: rows(500), "xl/printerSettings/printerSettings1.bin": b"\0\1"}),
    "xlsx-bar": xlsx({SHEET: "<f>'A|B'!A1&amp;\"x|y\"</f><f>SUM(A1:A2)</f><t>a|b DDE(x)</t>"}),
    "docx": docx({"word/media/image1.png": png()}),
    "docx-links": docx(
        {
            "word/_rels/document.xml.rels": relation("hyperlink", "https://example.org/oleObject"),
            "word/_rels/settings.xml.rels": relation("attachedTemplate", "file:///C:\\T\\a.dotx"),
            "word/header1.xml": "<w:instrText> PAGE </w:instrText><w:t>DDE</w:t>",
        }
    ),
}


@pytest.mark.parametrize("key", SOUND)
def test_sound_files_have_no_defect(key: str) -> None:
    assert inspect(f"a.{key.partition('-')[0]}", SOUND[key]) == ()


@pytest.mark.parametrize("suffix", ["JPG", "jpeg", "JPEG", "Jpg"])
def test_extensions_in_capitals(suffix: str) -> None:
    assert inspect(f"现场.{suffix}", jpeg()) == ()
    assert media_type(f"现场.{suffix}") == "image/jpeg"


@pytest.mark.parametrize(
    "name",
    [
        *("a.svg", "a.js", "a.xml", "a.xhtml", "a.swf"),
        *("a.gif", "a.tiff", "a.psd", "a.eps", "a.wmf", "a.heic"),
        *("a.xlsm", "a.exe", "a.lnk", "a.zip", "a.rar", "a.docm", "a.doc", "a.xls"),
        *("a", "a.", "a.pdf.exe", "pdf"),
    ],
)
def test_types_off_the_list(name: str) -> None:
    assert media_type(name) is None
    assert inspect(name, b"\0\1\2") == (Defect(TYPE, "extension"),)


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.mht", "A.HTML"])
def test_saved_pages_are_told_by_their_name(name: str) -> None:
    """They may begin with anything; what to do is the same."""
    assert media_type(name) is None
    assert inspect(name, b"\0\1\2") == (Defect(TYPE, "html"),)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", b"<svg xmlns='x'><script>alert(1)</script></svg>", "svg"),
        ("a.png", b'\xef\xbb\xbf <?xml version="1.0"?>\n<svg/>', "svg"),
        ("a.jpg", b"<!DOCTYPE html><p>", "html"),
        ("a.pdf", b"<html>" + pdf(), "html"),
        ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        ("a.jpg", b"\0\0\0\x18ftypisom\0\0\0\0", "mp4"),
        ("a.png", b"GIF89a=1;alert(1)//", "gif"),
        ("a.jpg", b"II*\0\x08\0\0\0", "tiff"),
        ("a.jpg", b"8BPS\0\x01", "psd"),
        ("a.jpg", png(), "png"),
        ("a.png", jpeg(), "jpeg"),
        ("a.webp", b"RIFF\x24\0\0\0WAVEfmt ", "wav"),
        ("a.pdf", b"MZ\x90\0\x03", "exe"),
        ("a.pdf", b"Rar!\x1a\x07\x01\0", "rar"),
        ("a.pdf", b"L\0\0\0\x01\x14\x02\0\0\0", "lnk"),
        ("a.pdf", OLE, "ole"),
        ("a.docx", b"7z\xbc\xaf\x27\x1c", "7z"),
        ("a.pdf", b"just text", "text"),
        ("a.txt", png(), "png"),
        ("a.md", pdf(), "pdf"),
        ("a.csv", xlsx(), "xlsx"),
        ("a.txt", b"a\0b", "binary"),
        ("a.md", b"a\x1b[31mb", "binary"),
        ("a.md", "a\x9b31m".encode(), "binary"),
        ("a.xlsx", docx(), "docx"),
        ("a.docx", xlsx(), "xlsx"),
        ("a.xlsx", archive({TYPES_PART: "", "xl/workbook.bin": ""}), "xlsb"),
        ("a.xlsx", archive({"readme.txt": "x"}), "zip"),
        ("a.xlsx", archive({"xl/workbook.xml": "x"}), "zip"),
        ("a.docx", docx({"xl/workbook.xml": "x"}), "zip"),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "doc"),
        ("a.xlsx", OLE + "Workbook".encode("utf-16-le"), "xls"),
    ],
)
def test_content_that_is_not_what_the_name_says(name: str, data: bytes, kind: str) -> None:
    assert inspect(name, data) == (Defect(TYPE, kind),)


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "a.md", "a.xlsx", "a.exe", "a"])
def test_an_empty_file_is_damaged_whatever_its_name(name: str) -> None:
    assert inspect(name, b"") == (Defect(DAMAGED, "empty"),)


def broken_png() -> bytes:
    data = bytearray(png())
    data[45] ^= 1
    return bytes(data)


def broken_xlsx() -> bytes:
    data = bytearray(archive({TYPES_PART: "", "xl/workbook.xml": "<workbook/>"}, 0))
    data[data.index(b"<workbook/>") + 3] ^= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "data", "detail"),
    [
        ("a.png", png(8000, 5000, data=b""), "truncated"),
        ("a.png", png(8000, 5000, data=zlib.compress(bytes(100))), "truncated"),
        ("a.png", png(data=b"not zlib"), "data"),
        ("a.png", png()[:-20], "truncated"),
        ("a.png", SIGNATURE, "truncated"),
        ("a.png", SIGNATURE + chunk(b"IEND", b""), "structure"),
        ("a.png", png(mode=(8, 5)), "structure"),
        ("a.png", broken_png(), "checksum"),
        ("a.png", SIGNATURE + chunk(b"abCd", b"") * 60_000, "structure"),
        ("a.jpg", jpeg()[:-2], "truncated"),
        ("a.jpg", jpeg()[:-30], "truncated"),
        ("a.jpg", jpeg()[:40], "truncated"),
        ("a.jpg", jpeg(6000, 6000), "truncated"),
        ("a.jpg", jpeg(scans=0), "structure"),
        ("a.jpg", b"\xff\xd8\xff\xd9", "structure"),
        ("a.jpg", b"\xff\xd8\xff\xe1\0\0", "structure"),
        ("a.jpg", b"\xff\xd8" + b"\xff\xe1\0\2" * 20_000, "structure"),
        ("a.webp", riff(vp8())[:-4], "truncated"),
        ("a.webp", riff(vp8x()), "truncated"),
        ("a.webp", riff((b"VP8 ", bytes(19))), "structure"),
        ("a.png", png(1, 1), "pixel"),
        ("a.png", png(0, 0, data=zlib.compress(b"x")), "pixel"),
        ("a.jpg", jpeg(1, 1), "pixel"),
        ("a.webp", riff(vp8l(1, 1)), "pixel"),
        ("a.pdf", pdf()[:40], "truncated"),
        ("a.xlsx", xlsx()[:-30], "archive"),
        ("a.docx", b"PK\x03\x04" + bytes(60), "archive"),
        ("a.xlsx", broken_xlsx(), "archive"),
        ("a.xlsx", xlsx({"xl/Workbook.xml": "other"}), "archive"),
        ("a.txt", "会议记录".encode("gbk"), "encoding"),
        ("a.txt", "会议记录 abc\r\n".encode("utf-16"), "encoding"),
        ("a.md", b" \n\t\n", "blank"),
        ("a.md", b"\xef\xbb\xbf", "blank"),
    ],
)
def test_damage(name: str, data: bytes, detail: str) -> None:
    assert inspect(name, data) == (Defect(DAMAGED, detail),)


def test_size() -> None:
    assert inspect("a.txt", b"x" * MAX_FILE) == ()
    assert inspect("a.txt", b"x" * (MAX_FILE + 1)) == (Defect(Problem.TOO_LARGE, "size"),)


def text_chunk(size: int) -> bytes:
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(size), 1))


def international(size: int) -> bytes:
    return chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(size), 1))


@pytest.mark.parametrize(
    ("name", "made", "detail"),
    [
        ("a.png", lambda: png(30_000, 30_000, data=zlib.compress(bytes(100_000))), "30000×30000"),
        (
            "a.png",
            lambda: png(12_000, 12_000, data=zlib.compress(bytes(17_600_000))),
            "12000×12000",
        ),
        ("a.png", lambda: png(2**31 - 1, 2**31 - 1, data=b"x"), f"{2**31 - 1}×{2**31 - 1}"),
        ("a.jpg", lambda: jpeg(65_535, 65_535), "65535×65535"),
        ("a.jpg", lambda: jpeg() + jpeg(60_000, 60_000), "60000×60000"),
        ("a.webp", lambda: riff(vp8(16_383, 16_383)), "16383×16383"),
        ("a.webp", lambda: riff(vp8x(2**24, 2**24), vp8()), f"{2**24}×{2**24}"),
        ("a.png", lambda: png(extra=text_chunk(50_000_000)), "text"),
        ("a.png", lambda: png(extra=text_chunk(900_000) * 300), "text"),
        ("a.png", lambda: png(extra=text_chunk(1) * 2000), "text"),
        ("a.png", lambda: png(extra=international(2_000_000)), "text"),
        (
            "a.png",
            lambda: png(extra=chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(2_000_000)))),
            "text",
        ),
        ("a.xlsx", lambda: xlsx({SHEET: bytes(90_000_000)}), "ratio"),
        ("a.xlsx", lambda: xlsx({SHEET: bytes(60_000_000), "xl/b.xml": bytes(60_000_000)}), "size"),
        ("a.xlsx", lambda: xlsx({SHEET: rows(120_000)}), "rows"),
        ("a.xlsx", lambda: xlsx({SHEET: rows(60_000), "xl/b.xml": rows(60_000)}), "rows"),
        ("a.xlsx", lambda: xlsx({SHEET: rows(120_000).replace("<row", "<x:row")}), "rows"),
        ("a.docx", lambda: docx({f"word/{number}": "" for number in range(2100)}), "parts"),
        ("a.docx", lambda: docx({"word/a": b"PK\x01\x02" * 4500}), None),
    ],
)
def test_what_expands(name: str, made: Callable[[], bytes], detail: str | None) -> None:
    data = made()
    assert len(data) < MAX_FILE
    with at_most(calls=100_000, megabytes=8):
        found = inspect(name, data)
    assert found == (() if detail is None else (Defect(EXPANDS, detail),))


def test_a_size_that_lies_is_found_out() -> None:
    data = bytearray(xlsx({SHEET: bytes(5_000_000)}))
    lie = struct.pack("<I", 900_000)
    true = struct.pack("<I", 5_000_000)
    assert data.count(true) == 2
    assert inspect("a.xlsx", bytes(data.replace(true, lie))) == (Defect(DAMAGED, "archive"),)


ACTIVE_PARTS: list[dict[str, str | bytes]] = [
    {"xl/vbaProject.bin": b"x"},
    {"XL/VBAPROJECT.BIN": b"x"},
    {"xl/externalLinks/externalLink1.xml": "<externalLink/>"},
    {"xl\\externalLinks\\externalLink1.xml": "<externalLink/>"},
    {"xl/embeddings/oleObject1.bin": b"x"},
    {"xl/activeX/activeX1.xml": "<x/>"},
    {"xl/macrosheets/sheet1.xml": "<x/>"},
    {TYPES_PART: "<Override ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/>"},
    {"xl/_rels/workbook.xml.rels": relation("oleObject", "harmless.xml")},
    {"xl/_rels/workbook.xml.rels": relation("oleObject", "a>b.xml")},
    {"xl/_rels/workbook.xml.rels": relation("oleObject", "x.xml").encode("utf-16")},
    {"xl/_rels/workbook.xml.rels": relation("ole&#79;bject", "x.xml")},
    {"word/_rels/settings.xml.rels": relation("attachedTemplate", "https://example.org/a.dotm")},
    {"word/_rels/settings.xml.rels": relation("attachedTemplate", "file://host/a.dotm")},
    {"word/_rels/settings.xml.rels": relation("attachedTemplate", "\\\\host\\a.dotm")},
    {SHEET: "<c><f>cmd|'/c calc'!A0</f></c>"},
    {SHEET: "<c><f t=\"array\">'cmd'|'/c calc'!A0</f></c>"},
    {SHEET: "<x:c><x:f>DDE(&quot;soffice&quot;,A1)</x:f></x:c>"},
    {"xl/links.xml": '<ddeLink ddeService="cmd"/>'},
    {"word/header1.xml": "<w:instrText> DDEAUTO c:\\\\x </w:instrText>"},
    {"word/header1.xml": "<w:instrText>DD</w:instrText><w:instrText>E x</w:instrText>"},
    {"word/header1.xml": '<w:fldSimple w:instr=" DDE x "/>'},
]


@pytest.mark.parametrize("parts", ACTIVE_PARTS, ids=lambda parts: next(iter(parts)))
def test_office_files_that_act(parts: dict[str, str | bytes]) -> None:
    assert inspect("a.xlsx", xlsx(parts)) == (Defect(Problem.ACTIVE, "active"),)
    if not any("xl/worksheets" in name or "links.xml" in name for name in parts):
        assert inspect("a.docx", docx(parts)) == (Defect(Problem.ACTIVE, "active"),)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", png() + b"<script>alert(1)</script>"),
        ("a.png", png() + archive({"a": "b"})),
        ("a.jpg", jpeg() + b"<?php ?>"),
        ("a.jpg", jpeg() + b"\xff\xd8\xff<script>"),
        ("a.jpg", jpeg() + jpeg() + b"\0\0PK\x03\x04"),
        ("a.webp", riff(vp8()) + b"<html>"),
        ("a.pdf", pdf(after=b"x" * 3000)),
    ],
)
def test_data_after_the_end_of_a_picture(name: str, data: bytes) -> None:
    assert inspect(name, data) == (Defect(Problem.TRAILING, "trailing"),)


@pytest.mark.parametrize(
    "token",
    [
        b"/OpenAction << /S /JavaScript /JS (x) >>",
        b"/AA << /O << /S /JavaScript >> >>",
        b"/A<</S/Launch/F(x)>>",
        b"/Names << /EmbeddedFiles 2 0 R >>",
        b"/Type/EmbeddedFile",
        b"/S /J#61vaScript",
        b"/#4caunch",
    ],
)
def test_pdf_that_acts(token: bytes) -> None:
    assert inspect("a.pdf", pdf(token)) == (Defect(Problem.PDF_ACTIVE, "active"),)


def test_bytes_of_a_picture_in_a_pdf_are_no_token() -> None:
    noise = b"/JS \n/AA\0/JavaScriptX/Launcher" + random.Random(7).randbytes(9_000_000)
    assert inspect("a.pdf", pdf(noise)) == ()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", pdf(b"/Encrypt 5 0 R")),
        ("a.pdf", pdf(b"/Encr#79pt 5 0 R")),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
        ("a.docx", OLE),
        ("a.xlsx", encrypted_zip()),
    ],
)
def test_encrypted_files(name: str, data: bytes) -> None:
    assert inspect(name, data) == (Defect(Problem.ENCRYPTED, "encrypted"),)


def test_all_defects_come_at_once_and_in_order() -> None:
    data = png(30_000, 30_000, data=b"x", extra=text_chunk(50_000_000)) + b"<script>"
    assert [defect.problem for defect in inspect("a.png", data)] == [
        EXPANDS,
        EXPANDS,
        Problem.TRAILING,
    ]
    both = inspect("a.pdf", pdf(b"/Encrypt 5 0 R /OpenAction 3 0 R"))
    assert [defect.problem for defect in both] == [Problem.ENCRYPTED, Problem.PDF_ACTIVE]


def test_what_counts_as_absent() -> None:
    usable = {Problem.TRAILING, Problem.PDF_ACTIVE, Problem.ENCRYPTED}
    assert set(Problem) - UNUSABLE == usable
    assert Problem("E003") is TYPE


SUFFIXES = st.sampled_from(sorted(TYPES))
HEADS = st.sampled_from(
    [b"", SIGNATURE, b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04", b"RIFF\x20\0\0\0WEBP", OLE[:8]]
)


@settings(max_examples=400)
@given(suffix=SUFFIXES, head=HEADS, rest=st.binary(max_size=400))
@example(suffix="jpg", head=b"\xff\xd8\xff", rest=b"\xff")
@example(suffix="png", head=SIGNATURE, rest=b"\xff" * 12)
def test_no_bytes_make_it_fail(suffix: str, head: bytes, rest: bytes) -> None:
    found = inspect(f"a.{suffix}", head + rest)
    assert inspect(f"a.{suffix}", head + rest) == found


@settings(max_examples=400)
@given(key=st.sampled_from(sorted(SOUND)), data=st.data())
def test_no_flipped_or_missing_byte_makes_it_fail(key: str, data: st.DataObject) -> None:
    name, sound = f"a.{key.partition('-')[0]}", SOUND[key]
    at = data.draw(st.integers(0, len(sound) - 1))
    flipped = bytearray(sound)
    flipped[at] ^= data.draw(st.integers(1, 255))
    inspect(name, bytes(flipped))
    inspect(name, sound[:at])
    inspect(name, sound[:at] + sound[at + 1 :])


@pytest.mark.parametrize("key", ["jpg-baseline", "png", "webp", "xlsx-bar", "docx-links", "pdf"])
def test_every_flip_and_every_cut_of_a_small_file(key: str) -> None:
    name, sound = f"a.{key.partition('-')[0]}", SOUND[key]
    for at in range(len(sound)):
        for bit in (0x01, 0x80, 0xFF):
            inspect(name, sound[:at] + bytes((sound[at] ^ bit,)) + sound[at + 1 :])
        if name != "a.pdf" or at < len(sound) - 8:
            assert {defect.problem for defect in inspect(name, sound[:at])} & UNUSABLE


@pytest.mark.parametrize("key", ["pdf", "md", "jpg-baseline", "png", "csv"])
def test_a_small_file_takes_few_steps(key: str) -> None:
    name = f"a.{key.partition('-')[0]}"
    data = SOUND[key] * 40 if key in {"md", "csv"} else SOUND[key]
    inspect(name, data)
    with at_most(calls=100):
        inspect(name, data)


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    script = (
        "import sys; before = set(sys.modules); import generator.files.attachments\n"
        "slow = {'zipfile', 'generator.text.findings', 'generator.formats.branch_files'}\n"
        "print(slow & (set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
