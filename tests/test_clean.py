"""``appraise clean``: metadata goes, pixels and parts stay; the same bytes every time."""

from __future__ import annotations

import io
import random
import shutil
import struct
import zipfile
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from PIL import Image, ImageOps, PngImagePlugin

from generator.cli.filing.clean import clean_one
from generator.files.attachments import Problem, inspect
from generator.files.attachments.clean import MAX_CLEANED, UnsoundError, cleaned
from generator.files.attachments.clean.office import clean_office
from generator.files.attachments.inside import Told, metadata_of
from generator.files.attachments.problems import DamageError
from tests.filling import as_set
from tests.support import BASE, appraise
from tests.test_clean_paper import SIGNED
from tests.test_privacy import paper, workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HIDDEN = "王五在此"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><dc:creator><rdf:Seq><rdf:li>王五</rdf:li>'
    "</rdf:Seq></dc:creator></rdf:RDF></x:xmpmeta>"
).encode()
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
ENDS = tuple(FORMATS)


def exif(picture: Image.Image, turn: int) -> Image.Exif:
    """Return what a phone writes: owner, day, place, and how the picture is turned."""
    found = picture.getexif()
    found[0x013B], found[0x0112] = "Wang Wu", turn
    found.get_ifd(0x8769)[0x9003] = "2025:03:12 09:00:00"
    found.get_ifd(0x8825)[2] = (29.0, 33.0, 1.0)
    return found


def picture(end: str, turn: int = 1, **options: Any) -> bytes:
    """Return a picture of noise with all metadata that Pillow writes for its format."""
    own = Image.frombytes("RGB", (24, 16), random.Random(turn).randbytes(24 * 16 * 3))
    out = io.BytesIO()
    if end == "png":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", HIDDEN)
        texts.add_itxt("Comment", HIDDEN, zip=True)
        texts.add_text("Copyright", "Wang Wu", zip=True)
        options |= {"pnginfo": texts, "dpi": (72, 72)}
    else:
        options |= {"xmp": XMP}
        options |= {"comment": HIDDEN} if end == "jpg" else {"lossless": True}
    options = {"icc_profile": b"profile" * 40, **options}
    own.save(out, FORMATS[end], exif=exif(own, turn), **options)
    return out.getvalue()


def upright(data: bytes) -> bytes:
    """Return the pixels of a picture as people see it."""
    with Image.open(io.BytesIO(data)) as own:
        shown = ImageOps.exif_transpose(own)
        return b"%dx%d" % shown.size + shown.convert("RGBA").tobytes()


def has_nothing_left(name: str, data: bytes) -> None:
    assert list(metadata_of(name, data)) == []
    assert inspect(name, data) == ()
    for told in (HIDDEN.encode(), "王五".encode(), b"Wang Wu", b"2025:03:12"):
        assert told not in data
    assert cleaned(name, data).data == data


@pytest.mark.parametrize(("end", "turn"), list(product(ENDS, (1, 3, 6, 8))))
def test_pictures_keep_what_is_seen(end: str, turn: int) -> None:
    data, name = picture(end, turn), f"a.{end}"
    assert set(metadata_of(name, data)) >= {Told("place"), Told("author", "Wang Wu")}
    copy = cleaned(name, data)
    assert copy.left == ()
    has_nothing_left(name, copy.data)
    assert upright(copy.data) == upright(data)
    with Image.open(io.BytesIO(copy.data)) as own:
        assert own.info["icc_profile"] == b"profile" * 40
        assert dict(own.getexif()) == ({0x0112: turn} if turn > 1 else {})
        assert not {"comment", "xmp", "Author", "Comment", "Copyright"} & set(own.info)


def test_a_turned_picture_of_each_kind_looks_turned() -> None:
    """The picture that is compared is one whose turning can be seen."""
    for end in ENDS:
        assert upright(picture(end, 6)).startswith(b"16x24")


@pytest.mark.parametrize("end", ENDS)
def test_what_lies_behind_a_picture_is_left_out(end: str) -> None:
    data = picture(end)
    behind = data + b"ftypmp42" + HIDDEN.encode() * 50
    assert [defect.problem for defect in inspect(f"a.{end}", behind)] == [Problem.TRAILING]
    assert cleaned(f"a.{end}", behind).data == cleaned(f"a.{end}", data).data


def test_further_pictures_of_a_phone_are_left_out() -> None:
    first, second = picture("jpg"), picture("jpg", 8)
    index = b"\xff\xe2" + struct.pack(">H", 12) + b"MPF\0II*\0\0\0"
    both = first[:2] + index + first[2:] + second
    assert inspect("a.jpg", both) == ()
    assert cleaned("a.jpg", both).data == cleaned("a.jpg", first).data


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("CMYK", {}), ("L", {}), ("RGB", {"progressive": True}),
        ("RGB", {"restart_marker_rows": 1}), ("RGB", {"optimize": True, "subsampling": 2}),
    ],
)  # fmt: skip
def test_every_kind_of_jpeg_keeps_its_coded_data(mode: str, options: dict[str, Any]) -> None:
    noise = random.Random(5).randbytes(40 * 30 * len(mode))
    own = Image.frombytes(mode, (40, 30), noise)
    out = io.BytesIO()
    own.save(out, "JPEG", comment=HIDDEN, **options)
    copy = cleaned("a.jpg", out.getvalue()).data
    has_nothing_left("a.jpg", copy)
    assert upright(copy) == upright(out.getvalue())
    scan = out.getvalue().index(b"\xff\xda")
    assert copy.endswith(out.getvalue()[scan:])


def test_a_jpeg_without_its_end_gets_one() -> None:
    data = picture("jpg")
    assert cleaned("a.jpg", data[:-2]).data == cleaned("a.jpg", data).data


def test_a_moving_webp_keeps_its_frames() -> None:
    frames = [Image.new("RGBA", (9, 9), (n * 40, 9, 9, 200)) for n in range(4)]
    out = io.BytesIO()
    frames[0].save(
        out, "WEBP", save_all=True, append_images=frames[1:], xmp=XMP, exif=exif(frames[0], 1)
    )
    copy = cleaned("a.webp", out.getvalue()).data
    has_nothing_left("a.webp", copy)
    with Image.open(io.BytesIO(copy)) as own:
        own.seek(3)
        with pytest.raises(EOFError):
            own.seek(4)
    flags = copy[20]
    assert (flags & 0x0C, struct.unpack_from("<I", copy, 4)[0] + 8) == (0, len(copy))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def repacked(data: bytes, *, backwards: bool, level: int) -> bytes:
    """Return the same parts as another program packs them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.comment = HIDDEN.encode()
        for name, body in sorted(parts(data).items(), reverse=backwards):
            entry = zipfile.ZipInfo(name, (2025, 3, 12, 9, 0, 0))
            entry.extra = b"\xfe\xca\x02\0ab"
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, body)
    return out.getvalue()


def document() -> bytes:
    """Return a document whose properties name people in all places that there are."""
    space = "http://schemas.openxmlformats.org/package/2006/"
    words = "<w:body><w:p><w:r><w:t>计划</w:t></w:r></w:p></w:body>"
    names = "<dc:creator>王五</dc:creator><cp:lastModifiedBy>王五</cp:lastModifiedBy>"
    own = {
        "word/document.xml": f"<w:document xmlns:w='w'>{words}</w:document>",
        "[Content_Types].xml": f"<Types xmlns='{space}content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='{space}relationships'/>",
        "docProps/core.xml": f"<c>{names}</c>",
        "docProps/app.xml": f"<Properties><Company>{HIDDEN}</Company></Properties>",
        "docProps/custom.xml": f"<Properties>{HIDDEN}</Properties>",
        "word/中文.xml": "<a/>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in own.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(("name", "make"), [("a.xlsx", workbook), ("a.docx", document)])
def test_office_files_lose_properties_alone(name: str, make: Callable[[], bytes]) -> None:
    data = make()
    assert Told("author", "王五") in set(metadata_of(name, data))
    copy = cleaned(name, data).data
    has_nothing_left(name, copy)
    before, after = parts(data), parts(copy)
    assert set(before) == set(after)
    assert {n for n in before if before[n] != after[n]} == {
        n for n in before if n.startswith("docProps/")
    }
    packed = repacked(data, backwards=True, level=9)
    again = cleaned(name, repacked(data, backwards=False, level=9)).data
    assert cleaned(name, packed).data == again
    assert HIDDEN.encode() not in again
    assert b"ab" + data[:2] not in again
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_a_workbook_still_opens() -> None:
    book = load_workbook(io.BytesIO(cleaned("a.xlsx", workbook()).data))
    assert book.active is not None
    assert [cell.value for cell in book.active[1]] == ["序号", "姓名", "电话"]
    assert book.properties.lastModifiedBy is None


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.csv"])
def test_text_is_copied(name: str) -> None:
    data = "\ufeff一,二\r\n三\n".encode()
    assert cleaned(name, data)[:2] == (data, ())


@pytest.mark.parametrize(
    ("name", "make"),
    [
        *[(f"a.{end}", lambda end=end: picture(end, 6)) for end in ENDS],
        ("a.xlsx", workbook),
        ("a.docx", document),
        ("a.pdf", paper),
    ],
)
def test_damaged_files_are_refused_or_sound(name: str, make: Callable[[], bytes]) -> None:
    """What comes out is fit as an attachment and has no metadata; nothing else is ever raised."""
    data, dice = make(), random.Random(11)
    refused = 0
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(dice.randint(1, 4)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        for version in (bytes(broken), bytes(broken[: dice.randrange(len(broken))])):
            try:
                copy = cleaned(name, version).data
            except UnsoundError:
                refused += 1
                continue
            assert inspect(name, copy) == ()
            assert cleaned(name, copy).data == copy
            assert name != "a.pdf" or len(copy) == len(version)
    assert refused > (20 if name != "a.pdf" else 5)


def test_parts_that_share_bytes_are_refused() -> None:
    """An archive whose parts lie over one another would be written many times as large."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in parts(document()).items():
            archive.writestr(name, body)
        archive.writestr("word/media/a.bin", random.Random(3).randbytes(5000))
        first = archive.getinfo("word/media/a.bin")
        for number in range(40):
            other = zipfile.ZipInfo(f"word/media/{number:05}")
            other.CRC, other.file_size, other.compress_size = first.CRC, 5000, 5000
            other.header_offset = first.header_offset
            archive.filelist.append(other)
    with pytest.raises(UnsoundError):
        cleaned("a.docx", out.getvalue())
    with pytest.raises(DamageError):
        clean_office(out.getvalue())


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.exe", b"MZ"), ("a.jpg", b""), ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.xlsx", b"PK\x03\x04")],
)
def test_what_is_no_attachment_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(UnsoundError):
        cleaned(name, data)


def test_the_command_writes_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is told of; one that is unfit keeps no other from being written."""
    monkeypatch.chdir(tmp_path)
    made = {
        "现场.jpg": picture("jpg") + b"more", "计划.md": "# 计划\n".encode(),
        "坏.png": b"\x89PNG\r\n\x1a\n1", "作者.pdf": SIGNED,
    }  # fmt: skip
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    done = appraise("clean", *made, root=tmp_path)
    assert done.exit_code == 1
    assert "现场.jpg → clean/现场.jpg" in done.stdout
    assert "坏.png:1:1: error E004" in done.stderr
    assert "作者.pdf：没有写。PDF 带电子签名，改动一个字节签名就失效" in done.stderr
    assert sorted(path.name for path in (tmp_path / "clean").iterdir()) == ["现场.jpg", "计划.md"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == made
    assert appraise("clean", "现场.jpg", root=tmp_path).exit_code == 0


def test_nothing_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    photo, other = tmp_path / "a.jpg", tmp_path / "clean" / "a.jpg"
    photo.write_bytes(picture("jpg"))
    other.parent.mkdir()
    other.write_bytes(b"mine")
    done = appraise("clean", "a.jpg", root=tmp_path)
    assert (done.exit_code, other.read_bytes()) == (1, b"mine")
    assert "内容不同，不会覆盖" in done.stderr
    done = appraise("clean", "a.jpg", "--output", ".", root=tmp_path)
    assert (done.exit_code, photo.read_bytes()) == (1, picture("jpg"))
    assert "--in-place" in done.stderr
    other.unlink()
    other.symlink_to(photo)
    assert appraise("clean", "a.jpg", root=tmp_path).exit_code == 1
    assert photo.read_bytes() == picture("jpg")


def test_in_place_writes_over_the_file_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    photo = tmp_path / "a.jpg"
    photo.write_bytes(picture("jpg", 6))
    for words in ("去掉了", "没有要去掉的"):
        done = appraise("clean", "--in-place", "a.jpg", root=tmp_path)
        assert (done.exit_code, words in done.stdout) == (0, True)
        assert photo.read_bytes() == cleaned("a.jpg", picture("jpg", 6)).data
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


def test_wrong_use_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text("一", "utf-8")
    same = appraise("clean", "x/a.md", "y/a.md", root=tmp_path)
    both = appraise("clean", "x/a.md", "--in-place", "--output", "z", root=tmp_path)
    none = appraise("clean", "x/a.md", "x/none.md", root=tmp_path)
    assert (same.exit_code, both.exit_code, none.exit_code) == (2, 2, 2)
    assert "“x/none.md”不是文件" in none.stderr
    assert not (tmp_path / "clean").exists()
    assert "都叫“a.md”" in same.stderr
    assert appraise("clean", "--in-place", "x/a.md", "y/a.md", root=tmp_path).exit_code == 0
    with (tmp_path / "large.jpg").open("wb") as stream:
        stream.truncate(MAX_CLEANED + 1)
    large = appraise("clean", "large.jpg", root=tmp_path)
    assert (large.exit_code, "太大" in large.stderr) == (1, True)


def test_attached_files_are_copied_without_metadata(tmp_path: Path) -> None:
    """A line says so of each file that loses something; what is attached as it is has none."""
    root = tmp_path / "repository"
    shutil.copytree(BASE, root)
    (tmp_path / "现场.jpg").write_bytes(picture("jpg", 6) + b"more")
    (tmp_path / "说明.md").write_text("# 计划\n", "utf-8")
    given = [f"--attach={tmp_path / name}" for name in ("现场.jpg", "说明.md")]
    answers = as_set(["kind=plan", "title=又一份计划", "date=2025-02-01"])
    done = appraise("new", "document", "demo-a", *answers, *given, "--yes", root=root)
    assert done.exit_code == 0, done.output
    assert [line for line in done.stderr.splitlines() if line.startswith("附件")] == [
        "附件“现场.jpg”：复制时去掉文件自带的信息（定位、作者等），画面和内容不变"
    ]
    assert "E010" not in done.output
    (photo,) = root.rglob("现场.jpg")
    assert photo.read_bytes() == cleaned("现场.jpg", picture("jpg", 6)).data
    (text,) = root.rglob("说明.md")
    assert text.read_bytes() == (tmp_path / "说明.md").read_bytes()


def test_one_file_at_a_time(tmp_path: Path) -> None:
    """The folder that copies go to is made where it lacks."""
    (tmp_path / "a.md").write_text("一", "utf-8")
    assert "没有要去掉的" in clean_one(tmp_path / "a.md", tmp_path / "far" / "away")
    assert (tmp_path / "far" / "away" / "a.md").read_text("utf-8") == "一"
