"""PDF as programs write it, and content under a name that is not its own."""

from __future__ import annotations

import io
import random
from functools import partial
from typing import Any

import pytest
from pypdf import PdfWriter

from generator.files.attachments import TYPES, Defect, Problem, inspect
from generator.files.attachments.pdf.password import Lock, encrypt, opens, rc4
from generator.files.attachments.pdf.syntax import dictionary, string_at, visible
from tests.effort import calls_of, power_of
from tests.test_attachments import OLE, archive, docx, jpeg, pdf, png, riff, vp8, xlsx

TRAILING = (Defect(Problem.TRAILING, "trailing"),)
PDF_ACTIVE = (Defect(Problem.PDF_ACTIVE, "active"),)
LOCKED = (Defect(Problem.ENCRYPTED, "encrypted"),)
WORDS = ["/JavaScript", "/Encrypt 5 0 R", "/OpenAction << /S /URI >>", "/Launch", "/EmbeddedFile"]


@pytest.mark.parametrize("number", range(50))
def test_padding_behind_a_pdf(number: int) -> None:
    dice = random.Random(number)
    padding = bytes(dice.choices(b"\0\0\0\n\r \t\x0c", k=dice.randrange(1, 40_000)))
    assert inspect("a.pdf", pdf(after=padding)) == ()


@pytest.mark.parametrize("number", range(50))
def test_other_bytes_behind_a_pdf(number: int) -> None:
    dice = random.Random(number)
    text = bytes(dice.choices(b"<html> abc.\n\0\xe5\xff", k=dice.randrange(30, 9_000)))
    assert inspect("a.pdf", pdf(after=text)) == TRAILING


@pytest.mark.parametrize("number", range(50))
def test_a_pdf_that_breaks_off_in_its_next_version(number: int) -> None:
    """Programs append; the mark of the first version is no end of the second."""
    more = b"".join(b"%d 0 obj\n<< /Length 40 >>\nendobj\n" % n for n in range(7, 8 + number))
    assert inspect("a.pdf", pdf() + more) == (Defect(Problem.DAMAGED, "truncated"),)
    assert inspect("a.pdf", pdf() + more + b"startxref\n0\n%%EOF\n") == ()


def spoken(number: int) -> bytes:
    """Return a place in which a word of the format is a word on the page, or a remark."""
    dice = random.Random(number)
    word = dice.choice(WORDS).encode()
    depth = dice.randrange(4)
    string = b"(" * depth + b"HTML" + word + b" \\) \\( \\\\" + b")" * depth
    return dice.choice(
        [
            b">> endobj 4 0 obj <<>>\nstream\r\nBT (x" + word + b" ) Tj ET\nendstream\nendobj\n<<",
            b"/Title (" + string + b")",
            b"/A << /S /URI /URI (https://example.org" + word + b") >>",
            b"% " + word + b"\n",
            b"/Lang (zh) % (\n/Title (" + word + b")",
        ]
    )  # fmt: skip


@pytest.mark.parametrize("number", range(100))
def test_words_of_the_format_on_a_page(number: int) -> None:
    assert inspect("a.pdf", pdf(spoken(number))) == ()
    assert inspect("a.pdf", pdf(spoken(number) + b" /AA 3 0 R /JavaScript 7 0 R ")) == PDF_ACTIVE


@pytest.mark.parametrize(
    "value",
    [
        *("/Fit", "[3 0 R /Fit]", "[3 0 R/XYZ null null 0]", "null", "(chapter one)", "<feff>"),
        *("<</S/GoTo/D[3 0 R/Fit]>>", "<< /Type /Action /S /GoTo /D (x) >>", "8 0 R", "9 0 R"),
    ],
)
def test_a_view_on_opening_is_no_action(value: str) -> None:
    more = b"/OpenAction " + value.encode() + b" /Lang (zh)"
    rest = b">>\nendobj\n8 0 obj\n[3 0 R /FitH 800]\nendobj\n9 0 obj<</S /GoTo /D [1]>>endobj\n<<"
    assert inspect("a.pdf", pdf(more + rest)) == ()


@pytest.mark.parametrize(
    "value",
    [
        *("<< /S /URI /URI (x) >>", "<</S/Named/N/Print>>", "<< /S /SubmitForm >>", "<<>>"),
        *("<< /S /GoTo /D [1] /Next 4 0 R >>", "<< /S /GoToR /F (x) >>", "8 0 R", "77 0 R"),
        *("<< /S /#47oToR >>", "<< /S", "<<" * 900),
    ],
)
def test_an_action_on_opening(value: str) -> None:
    rest = b">>\nendobj\n8 0 obj\n<< /S /URI /URI (x) >>\nendobj\n<<"
    assert inspect("a.pdf", pdf(rest + b"/OpenAction " + value.encode())) == PDF_ACTIVE


def written(algorithm: str, user: str) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": f"{algorithm} /Encrypt /JavaScript"})
    writer.encrypt(user, f"owner {algorithm}", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128"])
@pytest.mark.parametrize("number", range(25))
def test_a_password_of_the_owner_alone_locks_nobody_out(algorithm: str, number: int) -> None:
    assert inspect("a.pdf", written(algorithm, "")) == ()
    assert inspect("a.pdf", written(algorithm, f"user {number}")) == LOCKED


#: What another program (qpdf) wrote for an empty user password: the newest revision.
NEWEST = bytes.fromhex(
    "b017ee609d08e6560061119017a5be20f2aa00586477b9bb45af84644d2d1e6f28fae419d14f9d88179db0ed39aa5ec5"
)


def test_the_newest_revision() -> None:
    lock = Lock(6, 256, bytes(48), NEWEST, -4, b"")
    assert opens(lock)
    assert not opens(lock._replace(user=NEWEST[:-16] + bytes(16)))
    assert not opens(lock._replace(user=NEWEST[:30]))
    assert not opens(lock._replace(revision=7))


def test_ciphers_by_their_published_vectors() -> None:
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    coded = encrypt(bytes(range(16)), bytes(16), plain)
    assert coded.hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"
    assert rc4(b"Key", b"Plaintext").hex() == "bbf316e8d940af0ad3"


REPEATED = [
    "(", ")", "\\(", "(\\", "%", "%\n", "/", "/#", "/#41", "/JavaScript#", "<<", ">>", "<", "[",
    "stream\n", ">>stream\n", ">>stream\nendstream", "endobj", "1 0 obj", "1 0 obj(",
    "/OpenAction ", "/OpenAction 1 0 R ", "/OpenAction<<", "/Encrypt ", "/Encrypt 1 0 R ",
    "/Encrypt<<", "/ID[<", "/ID[(", "%%EOF", "%%EOF ", "1 ", "0 obj ", "/S /GoTo ", "(%", "%(\n",
]  # fmt: skip


@pytest.mark.parametrize("text", REPEATED)
def test_a_pdf_takes_steps_in_proportion(text: str) -> None:
    def of(times: int) -> bytes:
        return pdf(b"/Launch /Encrypt 1 0 R /OpenAction 1 0 R" + text.encode() * times)

    few, many = (calls_of(partial(inspect, "a.pdf", of(times))) for times in (2_000, 8_000))
    assert power_of(many) <= power_of(few) + 2
    assert many <= 60 * 8_000 + 100_000


def test_what_is_visible_stands_at_its_place() -> None:
    data = pdf(b"/T (a(b)\\)c) /K /V % x\n>>stream\nBT\nendstream") + b"(open /Name"
    text = visible(data)
    assert len(text) == len(data)
    assert b"/T (" + bytes(7) + b") /K /V %" + bytes(2) + b"\n>>" in text
    assert text.endswith(b"(open /Name")


def test_dictionaries() -> None:
    text = b" <</A/B/C 1 0 R/D[/E<</F 1>>]/G<abc>/H <</I/J>> /K(x)>> /L"
    found = dictionary(text, 0) or {}
    words = {key: text[begin:end].strip() for key, (begin, end) in found.items()}
    assert words.pop(b"G").startswith(b"<abc")
    assert words == {
        b"A": b"/B", b"C": b"1 0 R", b"D": b"[/E<</F 1>>]", b"H": b"<</I/J>>", b"K": b"(x)",
    }  # fmt: skip
    literal = b"(a\\)\\101\\n\\\r\nb)"
    assert string_at(literal, (0, len(literal))) == b"a)A\nb"
    assert string_at(b" <41 42 4> ", (0, 11)) == b"AB@"


@pytest.mark.parametrize("number", range(60))
def test_text_before_the_mark_is_no_pdf(number: int) -> None:
    dice = random.Random(number)
    length = dice.choice([8, 100, 500, 900])
    text = "".join(dice.choices("党日活动 abc,.\n", k=length // 3)).encode() + "会".encode()
    assert inspect("a.pdf", text + pdf()) == (Defect(Problem.TYPE, "text"),)


@pytest.mark.parametrize("number", range(50))
def test_blanks_before_the_mark_are_a_pdf(number: int) -> None:
    dice = random.Random(number)
    blanks = bytes(dice.choices(b"\n\r \t" + bytes(number % 2), k=dice.randrange(1_000)))
    assert inspect("a.pdf", dice.choice([b"", b"\xef\xbb\xbf"]) + blanks + pdf()) == ()


CONTENTS = {
    "jpeg": jpeg(),
    "png": png(),
    "webp": riff(vp8()),
    "pdf": pdf(),
    "xlsx": xlsx(),
    "docx": docx(),
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "avif": b"\0\0\0\x18ftypavif\0\0\0\0",
    "mov": b"\0\0\0\x14ftypqt  \0\0\0\0",
    "doc": OLE + "WordDocument".encode("utf-16-le"),
    "xls": OLE + "Workbook".encode("utf-16-le"),
    "wps": OLE + "WpsDocument".encode("utf-16-le"),
    "ofd": archive({"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "<x/>"}),
}


@pytest.mark.parametrize(
    "suffix", ["HEIC", "jfif", "jpe", "tif", "doc", "wps", "ofd", "mov", "dat"]
)
@pytest.mark.parametrize("kind", CONTENTS)
def test_the_content_says_what_helps(kind: str, suffix: str) -> None:
    assert inspect(f"IMG_0001.{suffix}", CONTENTS[kind]) == (Defect(Problem.TYPE, kind),)


@pytest.mark.parametrize("suffix", ["xlsm", "docm"])
def test_a_file_with_macros_needs_more_than_a_name(suffix: str) -> None:
    found = inspect(f"a.{suffix}", CONTENTS[f"{suffix[:-1]}x"])
    assert found == (Defect(Problem.TYPE, "extension"),)


def notes(number: int) -> list[tuple[str, str]]:
    """Return what tools leave in the place of a file that they did not send."""
    dice = random.Random(number)
    digest, size = f"{dice.getrandbits(256):064x}", dice.randrange(10**8)
    server = dice.choice(["git-lfs.github.com", "hawser.github.com"])
    extension = dice.choice(["", f"ext-0-x sha256:{digest}\n"])
    lfs = f"version https://{server}/spec/v1\n{extension}oid sha256:{digest}\nsize {size}\n"
    key = dice.choice(
        [f"SHA256E-s{size}--{digest}.pdf", f"MD5-s{size}--{digest[:32]}", f"WORM--{digest}"]
    )
    before = dice.choice(
        ["/annex/objects/", "../../.git/annex/objects/mk/w4/x/", ".git\\annex\\objects\\"]
    )
    return [
        ("lfs", lfs),
        ("lfs", lfs.rstrip()),
        ("annex", before + key),
        ("annex", f"{before}{key}\n"),
    ]


@pytest.mark.parametrize("suffix", sorted(TYPES))
@pytest.mark.parametrize("number", range(8))
def test_notes_in_the_place_of_files_are_named(suffix: str, number: int) -> None:
    for kind, text in notes(number):
        assert inspect(f"a.{suffix}", text.encode()) == (Defect(Problem.TYPE, kind),)


@pytest.mark.parametrize(
    "text",
    [
        "version https://git-lfs.github.com/spec/v1 是占位的第一行",
        "我们用 git-annex，文件在 /annex/objects/ 里",
        notes(1)[0][1] + "说明" * 400,
    ],
)
def test_text_about_such_tools_is_text(text: str) -> None:
    assert inspect("a.md", text.encode()) == ()


def test_everything_on_the_list_has_a_remedy_by_its_content() -> None:
    kinds: dict[str, Any] = {kind.replace("jpeg", "jpg"): kind for kind in CONTENTS}
    assert {name for name in TYPES if name in kinds} == {
        "jpg",
        "png",
        "webp",
        "pdf",
        "xlsx",
        "docx",
    }
