"""What an attachment is told to be, and what to do, follows from its content, whatever its name;
what systems leave behind is told once, as such."""

from __future__ import annotations

import random

import pytest

from generator.engine.evaluate import evaluate
from generator.files.attachments import TYPES, Defect, Problem, inspect
from generator.files.misplaced.leftovers import is_leftover
from generator.files.tree import MemoryTree
from generator.loading.defects import KINDS, report_defect
from generator.text.findings import Content, Finding, Report
from tests.support import BASE
from tests.test_attachments import archive as zipped
from tests.test_attachments import docx, jpeg, pdf, png, xlsx
from tests.tiers import tiered

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + bytes(100)


def film(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + bytes(40)


#: What people hand in → its bytes, and words of the remedy.
CONTENTS = {
    "heic": (film(b"heic"), ["手机", "JPG"]),
    "avif": (film(b"avif"), ["JPG"]),
    "mov": (film(b"qt  "), ["画面"]),
    "mp4": (film(b"isom"), ["画面"]),
    "avi": (b"RIFF\x24\0\0\0AVI LIST" + bytes(40), ["画面"]),
    "mkv": (b"\x1aE\xdf\xa3" + bytes(40), ["画面"]),
    "wmv": (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(40), ["画面"]),
    "m4a": (film(b"M4A "), ["文字"]),
    "mp3": (b"ID3\x03" + bytes(40), ["文字"]),
    "doc": (ole("WordDocument"), ["WPS", "docx"]),
    "wps": (ole("WpsDocument"), ["WPS", "docx"]),
    "xls": (ole("Workbook"), ["WPS", "xlsx"]),
    "et": (ole("Workbook"), ["WPS", "xlsx"]),
    "ppt": (ole("PowerPoint Document"), ["WPS", "PDF"]),
    "dps": (ole("PowerPoint Document"), ["WPS", "PDF"]),
    "pptx": (zipped({"[Content_Types].xml": "x", "ppt/presentation.xml": "x"}), ["PDF"]),
    "ofd": (zipped({"OFD.xml": "x"}), ["OFD", "PDF"]),
    "odt": (zipped({"mimetype": "x", "META-INF/manifest.xml": "x"}), ["WPS"]),
    "rar": (b"Rar!\x1a\x07\x01\0" + bytes(40), ["解压"]),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(40), ["解压"]),
    "zip": (zipped({"照片.jpg": "x"}), ["解压"]),
    "gif": (b"GIF89a" + bytes(40), ["JPG"]),
    "bmp": (b"BM\x36\0\0\0\0\0\0\0" + bytes(40), ["JPG"]),
    "tiff": (b"II*\0" + bytes(40), ["JPG"]),
    "rtf": (b"{\\rtf1\\ansi }\0", ["docx"]),
    "lnk": (b"L\0\0\0\x01\x14\x02\0" + bytes(40), ["指向"]),
    "html": (b"<!doctype html><p>x", ["浏览器", "PDF"]),
}
#: Sound content → the endings that it may have.
SOUND = {
    "jpg": (jpeg(), {"jpg", "jpeg"}),
    "png": (png(), {"png"}),
    "pdf": (pdf(), {"pdf"}),
    "xlsx": (xlsx(), {"xlsx"}),
    "docx": (docx(), {"docx"}),
}
ENDINGS = [*TYPES, *CONTENTS, "HEIC", "JPG", "jfif", "dat", "wps", "jpge", "tmp", "照片", "bak"]


def told(name: str, data: bytes) -> list[Finding]:
    report = Report()
    for defect in inspect(name, data):
        report_defect(report, Content(name, ""), defect)
    return report.findings


@pytest.mark.parametrize("kind", CONTENTS)
def test_each_kind_has_its_own_remedy_under_its_own_name(kind: str) -> None:
    data, words = CONTENTS[kind]
    (finding,) = told(f"文件.{kind}", data)
    assert finding.code == "E003"
    assert [word for word in words if word not in str(finding.hint)] == []
    assert "改名" not in str(finding.hint) or "只改名称不行" in str(finding.hint)


@pytest.mark.parametrize("seed", tiered(range(400), often=100, fast=50))
def test_the_remedy_lies_in_the_content_and_not_in_the_name(seed: int) -> None:
    """The same words under an ending of the list, another kind's, and one that nobody knows."""
    rng = random.Random(seed)
    kind = rng.choice([kind for kind in CONTENTS if kind not in {"zip", "html", "rtf"}])
    ending = rng.choice(ENDINGS)
    data, words = CONTENTS[kind]
    findings = told(f"文件.{ending}", data)
    assert [finding.code for finding in findings] == ["E003"], (kind, ending)
    hint = str(findings[0].hint)
    if ending.lower() not in {"html", "htm"}:
        assert [word for word in words if word not in hint] == [], (kind, ending, hint)


@pytest.mark.parametrize("seed", tiered(range(300), often=80, fast=50))
def test_sound_content_needs_another_name_alone(seed: int) -> None:
    rng = random.Random(seed)
    kind = rng.choice(sorted(SOUND))
    data, own = SOUND[kind]
    ending = rng.choice([e for e in ENDINGS if e.lower() not in own | {"html"}])
    (finding,) = told(f"IMG_{seed:04}.{ending}", data)
    assert f"把名称的结尾改为 .{kind}" in str(finding.hint), ending
    assert told(f"IMG_{seed:04}.{kind}", data) == []
    assert told(f"IMG_{seed:04}.{kind.upper()}", data) == []


def test_every_kind_that_is_told_is_worded() -> None:
    for kind in KINDS.values():
        assert kind.title.strip() == kind.title
        assert bool(kind.end) == ("{end}" in kind.remedy)
    seen = {d.detail for data, _ in CONTENTS.values() for d in inspect("文件.dat", data)}
    assert seen - {"extension", "zip"} <= set(KINDS)


def base_files() -> dict[str, bytes]:
    paths = [path for path in BASE.rglob("*") if path.is_file()]
    return {path.relative_to(BASE).as_posix(): path.read_bytes() for path in paths}


FOLDER = "branches/demo-a/2025/documents/plan"


def left_behind(seed: int) -> tuple[str, bytes]:
    """Return a file that a system or a program leaves, drawn by a seed."""
    rng = random.Random(seed)
    name = rng.choice(["照片.jpg", "plan.md", "年度 计划.docx", "a.xlsx", "document.yml", "x"])
    made = (
        f"._{name}", f"~${name}", f"~$${name}", ".DS_Store", "Thumbs.db", "thumbs.db",
        "desktop.ini", "Desktop.ini", f".~lock.{name}#", f".~{name}", f"~WRL{seed:04}.tmp",
        "ehthumbs.db", f"__MACOSX/{name}", f"__MACOSX/._{name}", f".{name}.swp",
    )  # fmt: skip
    content = rng.choice([b"\0\x05\x16\x07\0\x02\0\0Mac OS X", b"", b"[.ShellClassInfo]\r\n", OLE])
    return rng.choice(made), content


FOLDERS = (
    FOLDER, "branches/demo-a/2025", "branches/demo-a", "branches/demo-a/2025/activities",
    "branches/demo-a/2025/activities/new", "committee/2025", "branches",
)  # fmt: skip


@pytest.mark.parametrize("seed", tiered(range(150), often=50, fast=15))
def test_what_a_system_leaves_is_one_warning(seed: int) -> None:
    """In git too; on the disk three of the names are not looked at."""
    files = base_files()
    before = evaluate(MemoryTree(files))
    name, content = left_behind(seed)
    path = f"{random.Random(seed).choice(FOLDERS)}/{name}"
    after = evaluate(MemoryTree({**files, path: content}))
    new = [f for f in after.findings if f not in before.findings]
    assert [(f.code, f.severity, str(f.hint)) for f in new] == [("E002", "warning", "删去即可")]
    assert new[0].path == path
    assert after.results is not None
    assert before.results is not None
    assert after.results.branches == before.results.branches


@pytest.mark.parametrize(
    "name", ["照片.jpg", "_x.jpg", "x - 副本.jpg", "~x.docx", "db.Thumbs", "thumbs.md", "$x.md",
             "desktop.md", "MACOSX/x.jpg", "a~$b.docx", "tmp.md"],
)  # fmt: skip
def test_what_people_make_is_no_leftover(name: str) -> None:
    assert not is_leftover(f"{FOLDER}/{name}")


def test_a_record_that_names_a_leftover_lacks_the_file_itself() -> None:
    files = base_files()
    record = f"{FOLDER}/document.yml"
    files[record] = files[record].replace(b"files: [plan.md]", b'files: ["~$plan.md"]')
    files[f"{FOLDER}/~$plan.md"] = OLE
    found = [f for f in evaluate(MemoryTree(files)).findings if f.path == record]
    assert [f.code for f in found] == ["E001"]
    assert "您是否要写“plan.md”" in str(found[0].message)


def test_expanded_files_are_told_without_words_of_the_program() -> None:
    report = Report()
    for detail in ("rows", "parts", "size", "ratio", "markup", "text"):
        report_defect(report, Content("x.xlsx", ""), Defect(Problem.EXPANDS, detail))
    assert len(report.findings) == 6
    words = "".join(str(f.message) for f in report.findings)
    assert not [char for char in words if char.isascii() and char.isalpha()]
