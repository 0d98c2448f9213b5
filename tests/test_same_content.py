"""One key for what a file holds: whatever it is wrapped in, and never for something else."""

from __future__ import annotations

import io
import random
import struct
import unicodedata
import zipfile
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, PngImagePlugin

from generator.files.attachments.clean import cleaned
from generator.files.attachments.inside.same import (
    KEY_SIZE,
    PUBLISHED_FROM,
    content_key,
    key_of_blob,
    published_key,
)
from generator.files.attachments.inside.same.paper import MAX_ENDS
from generator.files.attachments.jpeg import segments
from tests.effort import at_most
from tests.sheetbook import packed, rows, workbook
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (40, 24)


@cache
def noise(seed: int) -> Image.Image:
    return Image.frombytes("RGB", SIZE, random.Random(seed).randbytes(SIZE[0] * SIZE[1] * 3))


def saved(form: str, seed: int = 1, **options: Any) -> bytes:
    out = io.BytesIO()
    noise(seed).save(out, form, **options)
    return out.getvalue()


def exif() -> Image.Exif:
    found = Image.Exif()
    found[0x010E], found[0x0132] = "theme day", "2025:03:12 09:00:00"
    return found


def marker(number: int, body: bytes) -> bytes:
    return bytes([0xFF, number]) + struct.pack(">H", len(body) + 2) + body


def parts(jpeg: bytes) -> list[tuple[int, bytes]]:
    return [(m, jpeg[start:end]) for m, start, end in segments(jpeg, 2)]


def joined(found: list[tuple[int, bytes]]) -> bytes:
    return b"\xff\xd8" + b"".join(bytes([0xFF, m]) + body for m, body in found)


def regrouped(jpeg: bytes, kind: int) -> bytes:
    """Return a JPEG with all tables of a kind in one segment, as cameras write them."""
    found = parts(jpeg)
    body = b"".join(own[2:] for m, own in found if m == kind)
    first = next(n for n, (m, _) in enumerate(found) if m == kind)
    rest = [pair for pair in found if pair[0] != kind]
    return joined([*rest[:first], (kind, struct.pack(">H", len(body) + 2) + body), *rest[first:]])


def split(jpeg: bytes) -> bytes:
    """Return a JPEG with one table of codes a segment, the last first."""
    found = parts(regrouped(jpeg, 0xC4))
    at = next(n for n, (m, _) in enumerate(found) if m == 0xC4)
    body, tables = found[at][1][2:], []
    while body:
        size = 17 + sum(body[1:17])
        tables.append((0xC4, struct.pack(">H", size + 2) + body[:size]))
        body = body[size:]
    assert len(tables) > 1
    return joined([*found[:at], *reversed(tables), *found[at + 1 :]])


JPEG = saved("JPEG", quality=90)
UNUSED = marker(0xC4, b"\x03" + bytes([0, 1, *[0] * 14]) + b"\x05")
PHOTOS = {
    "EXIF": saved("JPEG", quality=90, exif=exif()),
    "XMP, comment": saved("JPEG", quality=90, xmp=b"<x:xmpmeta/>", comment=b"13812345678"),
    "behind": JPEG + b"another digest",
    "another picture behind": JPEG + saved("JPEG", 2),
    "zeros behind": JPEG + bytes(500),
    "no end": JPEG[:-2],
    "programs": JPEG[:2] + marker(0xED, b"Photoshop 3.0\0") + marker(0xE5, b"x" * 900) + JPEG[2:],
    "before the scan": JPEG.replace(b"\xff\xda", marker(0xFE, b"note") + b"\xff\xda", 1),
    "filled": JPEG.replace(b"\xff\xdb", b"\xff\xff\xff\xff\xdb"),
    "one segment of codes": regrouped(JPEG, 0xC4),
    "one segment of steps": regrouped(JPEG, 0xDB),
    "a segment a table": split(JPEG),
    "a table that nobody uses": JPEG[:2] + UNUSED + JPEG[2:],
    "cleaned": cleaned("a.jpg", saved("JPEG", quality=90, dpi=(72, 72), exif=exif())).data,
}


@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_is_the_same_whatever_stands_around_it(name: str) -> None:
    assert PHOTOS[name] != JPEG
    assert content_key(PHOTOS[name]) == content_key(JPEG)


def test_other_coded_data_are_another_photo() -> None:
    others = [
        saved("JPEG", 2, quality=90), saved("JPEG", quality=89), saved("JPEG", subsampling=0),
        saved("JPEG", quality=90, progressive=True), JPEG[:-40], saved("PNG"),
        JPEG.replace(b"\xff\xc0", b"\xff\xc1", 1),
    ]  # fmt: skip
    keys = [content_key(data) for data in (JPEG, *others)]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {KEY_SIZE}


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def in_chunks(png: bytes, size: int) -> bytes:
    """Return a PNG with its data in chunks of another size."""
    at = png.index(b"IDAT") - 4
    length = int.from_bytes(png[at : at + 4], "big")
    body, rest = png[at + 8 : at + 8 + length], png[at + 12 + length :]
    return png[:at] + b"".join(
        chunk(b"IDAT", body[n : n + size]) for n in range(0, length, size)
    ) + rest  # fmt: skip


def labelled() -> PngImagePlugin.PngInfo:
    found = PngImagePlugin.PngInfo()
    found.add_text("Author", "x", zip=True)
    found.add_itxt("Comment", "y")
    found.add(b"tIME", bytes([7, 233, 3, 12, 9, 0, 0]))
    return found


PNG = saved("PNG")
FORMS = ("PNG", "WEBP", "GIF", "AVIF")
WRAPPED = {
    "PNG with texts": (PNG, saved("PNG", pnginfo=labelled(), dpi=(300, 300))),
    "PNG with EXIF": (PNG, saved("PNG", exif=exif())),
    "PNG in small chunks": (PNG, in_chunks(PNG, 100)),
    "PNG with bytes behind": (PNG, PNG + b"x" * 50),
    "WebP with EXIF": (saved("WEBP"), saved("WEBP", exif=exif(), xmp=b"<x/>")),
    "lossless WebP": (saved("WEBP", lossless=True), saved("WEBP", lossless=True, exif=exif())),
    "GIF with a comment": (saved("GIF"), saved("GIF", comment=b"x")),
    "AVIF with EXIF": (saved("AVIF"), saved("AVIF", exif=exif())),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_other_pictures_too_are_the_same_without_what_is_said_of_them(name: str) -> None:
    one, other = WRAPPED[name]
    assert one != other
    assert content_key(one) == content_key(other)
    assert content_key(one) not in {content_key(saved(form, 2)) for form in FORMS}


def test_a_palette_and_transparency_are_part_of_a_picture() -> None:
    grey = saved("PNG")
    palette = io.BytesIO()
    noise(1).quantize(16).save(palette, "PNG")
    other = bytearray(palette.getvalue())
    at = other.index(b"PLTE") + 4
    other[at] ^= 1
    clear = io.BytesIO()
    noise(1).quantize(16).save(clear, "PNG", transparency=3)
    keys = {
        content_key(bytes(data)) for data in (grey, palette.getvalue(), other, clear.getvalue())
    }
    assert len(keys) == 4


def rezipped(
    data: bytes, change: Callable[[dict[str, bytes]], dict[str, bytes]] = dict, **options: Any
) -> bytes:
    """Return the parts of an archive in another order, at another time, with its folders."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = change({name: archive.read(name) for name in archive.namelist()})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:
        for folder in sorted({name.rpartition("/")[0] for name in found if "/" in name}):
            archive.writestr(zipfile.ZipInfo(f"{folder}/", (2025, 3, 12, 9, 0, 0)), b"")
        for name in sorted(found, reverse=True):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), found[name])
    return out.getvalue()


BOOK = workbook(rows([["编号", "状态"], ["m01", "present"]]))
PROPERTIES = {"docProps/core.xml": b"<x/>", "docProps/thumbnail.jpeg": b"x"}
BOOKS = {
    "stored": rezipped(BOOK),
    "packed": rezipped(BOOK, compression=zipfile.ZIP_DEFLATED, compresslevel=9),
    "properties": rezipped(BOOK, lambda found: found | PROPERTIES),
    "named otherwise": rezipped(BOOK, lambda found: {n.upper(): d for n, d in found.items()}),
    "bytes behind": BOOK + b"x" * 30,
    "bytes before": b"PK\x03\x04" + BOOK,
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_is_the_same_however_its_parts_are_packed(name: str) -> None:
    assert BOOKS[name] != BOOK
    assert content_key(BOOKS[name]) == content_key(BOOK)


def test_a_cell_makes_another_workbook() -> None:
    others = [
        workbook(rows([["编号", "状态"], ["m01", "absent"]])),
        rezipped(BOOK, lambda found: found | {"xl/media/a.png": b"x"}),
        rezipped(BOOK, lambda found: {n: d for n, d in found.items() if "sheet1" not in n}),
        packed({"word/document.xml": b"<a/>", "word/x.xml": b"<b/>"}),
        packed({"word/document.xml": b"<a/><b/>", "word/x.xml": b""}),
        packed({"word/document.xm": b"l<a/>", "word/x.xml": b"<b/>"}),
    ]
    keys = {content_key(data) for data in (BOOK, *others)}
    assert len(keys) == len(others) + 1


TEXT = "# 2025 年计划\n\n一、学习（每月1次）：café ①\n二、活动 50%\n"
TEXTS = {
    "new lines": TEXT.replace("\n", "\r\n"),
    "a mark before": f"\ufeff{TEXT}",
    "spaces": TEXT.replace("、", "、 \u3000\t").replace("\n", "\n\n\n"),
    "full width": TEXT.replace("2025", "２０２５").replace("50%", "５０％"),
    "half width": TEXT.replace("（", "(").replace("）", ")").replace("：", ":"),
    "taken apart": unicodedata.normalize("NFD", TEXT),
    "compatible": unicodedata.normalize("NFKC", TEXT),
    "signs that nobody sees": "\u200b".join(TEXT),
    "one line": "".join(TEXT.split()),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_the_same_without_white_space_and_in_nfkc(name: str) -> None:
    assert TEXTS[name] != TEXT
    assert content_key(TEXTS[name].encode()) == content_key(TEXT.encode())


def test_a_word_makes_another_text_and_blank_ones_are_no_content() -> None:
    others = [
        TEXT.replace("每月", "每季"),
        TEXT.lower().replace("é", "e"),
        TEXT[:-2],
        " ",
        "\n",
        "",
    ]
    assert len({content_key(text.encode()) for text in (TEXT, *others)}) == len(others) + 1
    assert content_key(TEXT.encode("gb18030")) != content_key(TEXT.encode())


@pytest.mark.parametrize("seed", tiered(range(400), often=60, fast=20))
def test_texts_have_one_key_as_they_have_one_form(seed: int) -> None:
    """Drawn from signs that compose, decompose, and change their order; in pieces of any size."""
    rng = random.Random(seed)
    signs = "aé\u0301\u0316\u0323가각ㄱ가\u11a8ﬁ½㈱ｶﾞがカ\u3099字、\u00a8\u1fee １"
    text = "".join(rng.choices(signs, k=rng.choice((3, 8, 60)))) * rng.choice((1, 1, 900))
    other = "".join(rng.choices(signs, k=4))
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    keys = {content_key(own.encode()) for own in (text, *forms) if own.strip()}
    assert len(keys) == 1
    plain = "".join(unicodedata.normalize("NFKC", other).split())
    same = "".join(unicodedata.normalize("NFKC", text).split()) == plain
    assert (content_key(other.encode()) in keys) == same


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF"
PAPERS = {
    "a line behind": PDF + b"\r\n",
    "bytes behind": PDF + b"\nanother digest",
    "an end behind": PDF + b"\njunk %%EOF\n",
    "bytes before": b"\n\n" + PDF,
}


@pytest.mark.parametrize("name", PAPERS)
def test_a_pdf_is_the_same_whatever_follows_its_end(name: str) -> None:
    assert content_key(PAPERS[name]) == content_key(PDF)


def test_a_later_version_is_another_pdf() -> None:
    later = PDF + b"\n2 0 obj\n<<>>\nendobj\nstartxref\n60\n%%EOF"
    assert content_key(later) != content_key(PDF)
    assert content_key(b"%PDF-1.4\nx%%EOF") != content_key(b"%PDF-1.4\ny%%EOF")


def test_the_same_bytes_under_different_kinds_have_different_keys() -> None:
    inside = packed({"word/document.xml": b"x"})
    assert content_key(b"x") != content_key(inside)
    assert content_key(b"") != key_of_blob("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")


def test_small_files_have_no_key_that_is_published() -> None:
    key = content_key(JPEG)
    assert published_key(key, PUBLISHED_FROM - 1) == b""
    assert published_key(key, PUBLISHED_FROM) == key[:8]


SAMPLES = [JPEG, PNG, saved("WEBP"), saved("GIF"), saved("AVIF"), BOOK, PDF, TEXT.encode()]


@pytest.mark.parametrize("seed", tiered(range(2000), often=200, fast=60))
def test_no_bytes_make_it_fail(seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(SAMPLES[seed % len(SAMPLES)])
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data))
        what = rng.randrange(3)
        if what == 0:
            data[at] = rng.randrange(256)
        elif what == 1:
            del data[at : at + rng.randint(1, 40)]
        else:
            data[at:at] = rng.randbytes(rng.randint(1, 4))
        data = data or bytearray(b"x")
    assert len(content_key(bytes(data))) == KEY_SIZE
    assert content_key(bytes(data)) == content_key(bytes(data))


def bomb() -> bytes:
    """Return an archive of which a part unpacks to a thousand times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", bytes(60_000_000))
    return out.getvalue()


#: What is made where it is asked for: some of it takes a while.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a bomb": bomb,
    "more parts than any file": lambda: packed({f"xl/{n}.xml": b"" for n in range(5_000)}),
    "marks on end": lambda: b"a" + "\u0301\u0316".encode() * 60_000,
    "signs that grow": lambda: "\ufdfa".encode() * 60_000,
    "ends on end": lambda: b"%PDF-1.4\n" + b"%%EOF" * 20 * MAX_ENDS,
    "tables on end": lambda: JPEG[:2] + UNUSED * 6_000 + JPEG[2:],
    "scans on end": lambda: JPEG[:-2] + JPEG[JPEG.index(b"\xff\xda") :][:12] * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_built_to_hold_a_reader_up_does_not(name: str) -> None:
    data = HOSTILE[name]()
    with at_most(calls=1_000_000, megabytes=80):
        assert len(content_key(data)) == KEY_SIZE
