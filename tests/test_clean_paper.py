"""PDFs lose Info and metadata, and no other byte: pages, places and lengths stay as they were."""

from __future__ import annotations

import io
import random
import re
import zlib
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from generator.files.attachments import inspect
from generator.files.attachments.clean import cleaned
from generator.files.attachments.clean.paper import clean_pdf
from generator.files.attachments.inside import Told, metadata_of
from generator.files.attachments.inside.paper import packed_authors

if TYPE_CHECKING:
    from collections.abc import Callable

XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>王五</rdf:li>'
    "</rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
).encode()
WORDS = b"BT /F1 12 Tf 72 700 Td (/Author [Wang Wu] /Info) Tj ET"


def pdf(
    objects: dict[int, bytes], trailer: bytes, before: bytes = b"%PDF-1.7\n%\xe2\xe3\n"
) -> bytes:
    """Return a file of objects with a table of their places, or a new version of one."""
    out, places = bytearray(before), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<</Size 99/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, table)
    return bytes(out)


def stream(head: bytes, body: bytes, length: bytes = b"") -> bytes:
    return b"<<%s/Length %s>>\nstream\n%s\nendstream" % (head, length or b"%d" % len(body), body)


PAGES = {
    1: b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R>>",
    4: stream(b"", WORDS),
}
INFO = (
    b"<</Author(\\(Wang\\) Wu)/Title<FEFF738B4E94>"
    b"/Producer(WPS \\) Office)/Company 8 0 R/Trapped/False>>"
)
PACKED_XMP = zlib.compress(XMP)
WHOLE = {
    **PAGES,
    5: INFO,
    6: stream(b"/Type/Metadata/Subtype/XML", XMP),
    7: stream(b"/Type /Metadata /Subtype /XML /Filter [/FlateDecode]", PACKED_XMP, b"9 0 R"),
    8: b"(the office of Wang Wu)",
    9: b"%d" % len(PACKED_XMP),
}
PLAIN = pdf(WHOLE, b"/Info 5 0 R")
#: A second version: another author, the first still in the file.
UPDATED = pdf(
    {5: b"<</Author (Zhao Liu)>>"}, b"/Info 5 0 R/Prev %d" % PLAIN.rindex(b"xref\n", 0, -20), PLAIN
)
SIGNED = pdf({**WHOLE, 10: b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>"}, b"/Info 5 0 R")
NAMES = re.compile(rb"Wang Wu|Zhao Liu|\\u738b|738B4E94|WPS|\xe7\x8e\x8b")


def written(change: Callable[[PdfWriter], None]) -> bytes:
    """Return a file as a library writes it."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 100)
    words = DecodedStreamObject()
    words.set_data(WORDS)
    page[NameObject("/Contents")] = writer._add_object(words)
    writer.add_metadata({"/Author": "王五", "/Title": "计划", "/CreationDate": "D:20250312"})
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pages(data: bytes) -> list[object]:
    found = PdfReader(io.BytesIO(data)).pages
    return [
        (page.mediabox, own.get_data() if (own := page.get_contents()) else b"") for page in found
    ]


def packing(writer: PdfWriter) -> None:
    for page in writer.pages:
        page.compress_content_streams()


MADE = {
    "plain": PLAIN,
    "updated": UPDATED,
    "of a library": written(lambda _: None),
    "packed by a library": written(packing),
}


@pytest.mark.parametrize("name", MADE)
def test_info_and_metadata_go_and_nothing_else(name: str) -> None:
    data = MADE[name]
    copy, left, why = cleaned("a.pdf", data)
    assert (left, why) == ((), "")
    assert len(copy) == len(data)
    assert inspect("a.pdf", copy) == ()
    assert list(metadata_of("a.pdf", copy)) == []
    reader = PdfReader(io.BytesIO(copy))
    assert not reader.metadata
    assert pages(copy) == pages(data)
    own = copy.replace(WORDS, b"")
    assert not NAMES.search(own)
    assert not any(b"\xe7\x8e\x8b" in piece for piece in inflated(copy))
    assert cleaned("a.pdf", copy).data == copy
    assert clean_pdf(data).data == copy


def inflated(data: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            found.append(
                zlib.decompress(
                    data[match.end() : data.index(b"endstream", match.end())].rstrip(b"\r\n")
                )
            )
        except (zlib.error, ValueError):
            continue
    return found


def test_metadata_is_a_sound_packet_that_says_nothing() -> None:
    copy = cleaned("a.pdf", PLAIN).data
    xmp = PdfReader(io.BytesIO(copy)).xmp_metadata
    assert xmp is not None
    assert not xmp.dc_creator
    at = copy.index(b"7 0 obj")
    begin = copy.index(b"stream\n", at) + 7
    packed = copy[begin : copy.index(b"\nendstream", begin)]
    assert len(packed) == len(PACKED_XMP)
    assert (
        zlib.decompress(packed).strip().startswith(b"<?xpacket")
        or not zlib.decompress(packed).strip()
    )
    for size in (11, 12, 400, 65_546, 65_547, 131_086, 131_087, 200_000):
        noise = random.Random(size).randbytes(size)
        body = stream(b"/Type/Metadata/Filter/FlateDecode", noise)
        whole = pdf({**PAGES, 6: body}, b"")
        own = cleaned("a.pdf", whole).data
        begin = own.index(b"stream\n", own.index(b"6 0 obj")) + 7
        assert (
            not zlib.decompress(own[begin : begin + size]).replace(b" ", b"").strip().count(b"dc:")
        )
        assert own[begin + size :].startswith(b"\nendstream")
        assert len(own) == len(whole)


def test_pages_that_show_the_words_of_a_dictionary_keep_them() -> None:
    assert WORDS in cleaned("a.pdf", PLAIN).data


def encrypted(words: str) -> bytes:
    return written(lambda writer: writer.encrypt("", words, algorithm="RC4-128"))


ORPHAN = pdf(
    {
        **PAGES,
        10: stream(
            b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode",
            zlib.compress(b"11 0 <</Author(Wang Wu)>>"),
        ),
    },
    b"/Info 11 0 R",
)
SHORT = pdf({**PAGES, 6: stream(b"/Type/Metadata/Subtype/XML", XMP, b"7")}, b"")
OTHER = pdf({**PAGES, 6: stream(b"/Type/Metadata/Filter/LZWDecode", XMP)}, b"")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (SIGNED, "signed"),
        (encrypted("x"), "encrypted"),
        (ORPHAN, "packed"),
        (SHORT, "packed"),
        (OTHER, "packed"),
    ],
)
def test_what_cannot_be_taken_out_is_told_with_the_reason(data: bytes, why: str) -> None:
    assert inspect("a.pdf", data) == ()
    copy = cleaned("a.pdf", data)
    assert (copy.why, bool(copy.left)) == (why, True)
    assert copy.data == data


def test_what_names_nobody_is_copied_as_it_is() -> None:
    plain = pdf({**PAGES, 1: b"<</Type/Catalog/Pages 2 0 R>>"}, b"")
    assert cleaned("a.pdf", plain) == (plain, (), "")
    program = stream(
        b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode", zlib.compress(b"11 0 <</Producer(x)>>")
    )
    packed = pdf({**PAGES, 1: b"<</Type/Catalog/Pages 2 0 R>>", 10: program}, b"/Info 11 0 R")
    assert cleaned("a.pdf", packed) == (packed, (), "")


def test_a_dictionary_that_is_no_info_stays() -> None:
    data = pdf({**PAGES, 5: b"<</Type/Font/Name(Wang Wu)>>"}, b"/Info 5 0 R")
    assert b"(Wang Wu)" in cleaned("a.pdf", data).data
    assert list(packed_authors(ORPHAN)) == [Told("author", "Wang Wu")]


def test_damaged_files_keep_their_length_and_raise_nothing() -> None:
    dice = random.Random(3)
    for data in (PLAIN, UPDATED, ORPHAN):
        for _ in range(60):
            broken = bytearray(data)
            for _ in range(dice.randint(1, 6)):
                broken[dice.randrange(len(broken))] = dice.choice(b"<>()[]/ \n0R%")
            copy = clean_pdf(bytes(broken)).data
            assert len(copy) == len(broken)
            assert clean_pdf(copy).data == copy
