"""Personal data: found by form and check digits, never where it only looks like it, and masked."""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from PIL import Image

from benchmarks.privacy import HARMLESS, IDENTITY_FORMS, MOBILE_FORMS, identity, mobile
from generator.files.attachments.inside import Told, metadata_of, texts_of
from generator.text.privacy import Kind, hits_of, mask, masked, may_number
from tests.support import BASE, appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: An identity number that nobody has: its check digit is right.
NUMBER = "110101199003078515"


def kinds(text: str) -> list[Kind]:
    return [hit.kind for hit in hits_of(text)]


@pytest.mark.parametrize("form", IDENTITY_FORMS)
@pytest.mark.parametrize("count", tiered([30, 3000], often=1, fast=1))
def test_every_identity_number_is_found_in_every_form(form: str, count: int) -> None:
    rng = random.Random(count)
    for _ in range(count):
        written = IDENTITY_FORMS[form](identity(rng))
        assert Kind.IDENTITY in kinds(f"证件 {written}。"), written


@pytest.mark.parametrize("form", MOBILE_FORMS)
@pytest.mark.parametrize("count", tiered([30, 3000], often=1, fast=1))
def test_every_mobile_number_is_found_in_every_form(form: str, count: int) -> None:
    rng = random.Random(count)
    for _ in range(count):
        written = MOBILE_FORMS[form](mobile(rng))
        assert kinds(f"电话：{written}转") == [Kind.MOBILE], written


@pytest.mark.parametrize("what", HARMLESS)
@pytest.mark.parametrize("count", tiered([30, 3000], often=1, fast=1))
def test_what_only_looks_like_it_is_left_alone(what: str, count: int) -> None:
    rng = random.Random(count)
    texts = [HARMLESS[what](rng) for _ in range(5 * count)]
    assert [text for text in texts if hits_of(text)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NUMBER[:-1] + "4", []),
        ("110101199013078515", []),
        (NUMBER + "0", []),
        ("110101900307851", [Kind.OLD_IDENTITY]),
        ("110101901307851", []),
        ("0.110101900307851", []),
        ("13812345678.50", []),
        ("邮箱:ab.cd@example.cn", [Kind.EMAIL]),
        ("https://user.name@example.org/", []),
        ("卡号 6222 0212 3456 7890 128", [Kind.CARD]),
        ("编号 6222021234567890128", []),
        ("卡号 6222021234567890127", []),
        ("护照号 E12345678", [Kind.PASSPORT]),
        ("E12345678", []),
        ("微信：zhang_san88", [Kind.WECHAT]),
        ("微信群 zhang_san88", []),
        (f"{NUMBER}，{NUMBER}", [Kind.IDENTITY, Kind.IDENTITY]),
        ("1101011990\n0307\n8515", []),
    ],
)
def test_each_kind_by_its_rule(text: str, expected: list[Kind]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (NUMBER, "1101··········8515"),
        ("13812345678", "1381···5678"),
        ("张三", "张·"),
        ("zhang@x.cn", "zh······cn"),
        ("1101 0119900307\n8515", "1101··········8515"),
    ],
)
def test_four_signs_at_either_end_are_shown(text: str, shown: str) -> None:
    assert mask(text) == shown
    if hits_of(text):
        assert masked(f"甲{text}乙") == f"甲{shown}乙"
        assert masked(masked(text)) == masked(text)


def test_nothing_that_is_filed_shows_it(tmp_path: Path) -> None:
    """In a title, a statement, a place, a comment and a file's name: each told, and never shown."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "branches" / "demo-a" / "2025"
    own = folder / "self-assessment.yml"
    text = own.read_text("utf-8")
    assert "statement: 按要求完成。" in text
    own.write_text(text.replace("按要求完成。", f"按要求完成，{NUMBER}，13812345678。", 1), "utf-8")
    record = folder / "documents" / "plan" / "document.yml"
    name = f"名册{NUMBER}.md"
    told = record.read_text("utf-8").replace("年度计划", f"年度计划 {NUMBER}", 1)
    told = told.replace("files: [plan.md]", f"files: [plan.md, {name}] # {NUMBER}")
    assert told.count(NUMBER) == 3
    record.write_text(told, "utf-8")
    (record.parent / name).write_text(f"# 名册（示例）\n\n{NUMBER}\n", "utf-8")
    found = appraise("check", "--format", "json", root=tmp_path)
    findings = [f for f in json.loads(found.stdout)["findings"] if f["code"] == "E010"]
    places = {(f["path"].rpartition("/")[2], f["line"], f["severity"]) for f in findings}
    assert {
        ("self-assessment.yml", 5, "error"),
        ("self-assessment.yml", 5, "warning"),
        ("document.yml", 2, "error"),
        ("document.yml", 4, "error"),
        (f"名册{mask(NUMBER)}.md", 1, "error"),
        (f"名册{mask(NUMBER)}.md", 3, "error"),
    } == places
    said = [found.stdout, found.stderr]
    for command in (("score", "--format", "json"), ("explain", "demo-a"), ("check",)):
        done = appraise(*command, root=tmp_path)
        said += [done.stdout, done.stderr]
    assert masked(NUMBER) in "".join(said)
    assert [text for text in said if NUMBER in text or "13812345678" in text] == []


def test_names_of_folders_and_files_never_show_it(tmp_path: Path) -> None:
    """A record whose folder and files are named for a telephone, cited by a claim."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    number, shown_as = "13812345678", mask("13812345678")
    folder = tmp_path / "branches" / "demo-a" / "2025"
    before = folder / "activities" / "2025-03-12-theme-day"
    record = before.rename(before.with_name(f"2025-03-12-{number}"))
    (record / "record.md").rename(record / f"{number}.md")
    own = record / "activity.yml"
    own.write_text(own.read_text("utf-8").replace("record.md", f"{number}.md"), "utf-8")
    claims = folder / "self-assessment.yml"
    text = claims.read_text("utf-8")
    cited = f"evidence: [activities/{record.name}, documents/plan]"
    assert "evidence: [documents/plan]" in text
    claims.write_text(text.replace("evidence: [documents/plan]", cited, 1), "utf-8")
    commands: tuple[tuple[str, ...], ...] = (
        ("check",), ("check", "--format", "json"), ("check", "--format", "sarif"),
        ("score", "--format", "json"), ("score",), ("score", "--format", "csv"),
        ("explain", "demo-a"), ("explain", "demo-a", "discipline"), ("missing", "demo-a"),
    )  # fmt: skip
    for command in commands:
        done = appraise(*command, root=tmp_path)
        assert done.exit_code in {0, 1}, done.output
        assert number not in done.output, command
    results = json.loads(appraise("score", "--format", "json", root=tmp_path).stdout)
    found = json.dumps(results, ensure_ascii=False)
    assert found.count(f"2025-03-12-{shown_as}") >= 3
    assert f'"{shown_as}.md"' in found
    told = results["branches"][0]
    paths = {own["path"] for own in told["records"]}
    assert {path for line in told["lines"] for path in line["evidence"]} <= paths


def test_points_do_not_hang_on_it(tmp_path: Path) -> None:
    """What is private is to be taken out; it takes no point away."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    before = json.loads(appraise("score", "--format", "json", root=tmp_path).stdout)
    own = tmp_path / "branches" / "demo-a" / "2025" / "self-assessment.yml"
    own.write_text(own.read_text("utf-8").replace("按要求完成。", f"{NUMBER}。", 1), "utf-8")
    after = json.loads(appraise("score", "--format", "json", root=tmp_path).stdout)
    assert [b["total"] for b in after["branches"]] == [b["total"] for b in before["branches"]]


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["序号", "姓名", "电话"], [1, "示例甲", 13812345678], [2, "示例乙", NUMBER]):
        sheet.append(row)
    book.properties.creator = "王五"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def photo() -> bytes:
    picture = Image.new("RGB", (64, 64), (200, 10, 10))
    exif = picture.getexif()
    exif[0x013B] = "Wang Wu"
    exif.get_ifd(0x8825)[2] = (29.0, 33.0, 1.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def paper() -> bytes:
    shown = zlib.compress(
        f"BT /F1 12 Tf 72 700 Td (ID {NUMBER[:10]}) Tj ({NUMBER[10:]}) Tj ET".encode()
    )
    parts = [
        b"%PDF-1.4\n4 0 obj\n<</Filter/FlateDecode/Length ", f"{len(shown)}".encode(),
        b">>\nstream\n", shown, b"\nendstream\nendobj\n",
        b"5 0 obj\n<</Author <FEFF738B4E94>>>\nendobj\n",
        b"trailer<</Root 1 0 R>>\n%%EOF\n",
    ]  # fmt: skip
    return b"".join(parts)


def test_sheets_are_read_cell_by_cell() -> None:
    said = {text.cell: text.text for text in texts_of("名单.xlsx", workbook())}
    assert (said["C2"], said["C3"], said["B1"]) == ("13812345678", NUMBER, "姓名")


def test_what_stands_beside_the_cells_is_read_too() -> None:
    """Notes, wherever a program keeps them, names of sheets, heads of pages, words in drawings."""
    place = "<xdr:from><xdr:col>1</xdr:col><xdr:colOff>38123</xdr:colOff></xdr:from>"
    parts = {
        "xl/comments1.xml": f"<comments><comment><t>{NUMBER}</t></comment></comments>",
        "xl/comments/comment1.xml": f"<comments><comment><t>{NUMBER}</t></comment></comments>",
        "xl/threadedComments/threadedComment1.xml": f"<x><text>{NUMBER}</text></x>",
        "xl/workbook.xml": f'<workbook><sheets><sheet name="{NUMBER}"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": "<worksheet><headerFooter>"
        f"<oddHeader>&amp;C{NUMBER}</oddHeader></headerFooter></worksheet>",
        "xl/drawings/drawing1.xml": f"<xdr:wsDr>{place}<a:p><a:r><a:t>{NUMBER[:9]}</a:t></a:r><a:r>"
        f"<a:t>{NUMBER[9:]}</a:t></a:r></a:p></xdr:wsDr>",
    }
    for name, part in parts.items():
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as book:
            book.writestr(name, part)
        (said,) = texts_of("a.xlsx", out.getvalue())
        assert kinds(said.text) == [Kind.IDENTITY], name
    quiet = place.replace("38123", "3812345678") + "<xdr:row>19900307</xdr:row>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/drawings/drawing1.xml", f"<xdr:wsDr>{quiet}</xdr:wsDr>")
    assert [*texts_of("a.xlsx", out.getvalue())] == []


def test_pages_are_read_where_letters_are_codes() -> None:
    (said,) = texts_of("名单.pdf", paper())
    assert kinds(said.text) == [Kind.IDENTITY]


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("名单.xlsx", workbook(), [Told("author", "王五")]),
        ("名单.pdf", paper(), [Told("author", "王五")]),
        ("现场.jpg", photo(), [Told("place"), Told("author", "Wang Wu")]),
        ("记录.md", b"# \xe8\xae\xb0\xe5\xbd\x95", []),
    ],
)
def test_metadata_says_who_and_where(name: str, data: bytes, expected: list[Told]) -> None:
    assert set(metadata_of(name, data)) == set(expected)


@pytest.mark.parametrize(
    ("name", "make"), [("a.xlsx", workbook), ("a.pdf", paper), ("a.jpg", photo)]
)
def test_damaged_files_are_looked_into_without_a_fault(
    name: str, make: Callable[[], bytes]
) -> None:
    data, rng = make(), random.Random(7)
    for _ in range(120):
        broken = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        cut = bytes(broken[: rng.randrange(len(broken))])
        for version in (bytes(broken), cut):
            list(texts_of(name, version))
            list(metadata_of(name, version))


def test_the_committee_is_called_by_its_number(tmp_path: Path) -> None:
    """Where one objects is published as it is written, and no finding."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "committee" / "2025" / "appraisal.yml"
    text = path.read_text("utf-8")
    stage = "stage: review"
    assert stage in text
    posted = "publicity: {from: 2026-01-20, to: 2026-01-28, contact: 13812345678}\nstage: publicity"
    path.write_text(text.replace(stage, posted), "utf-8")
    found = appraise("check", "--format", "json", root=tmp_path)
    assert "E010" not in found.stdout
    results = json.loads(appraise("score", "--format", "json", root=tmp_path).stdout)
    assert "13812345678" in json.dumps(results)


def test_no_remedy_would_write_down_what_is_masked(tmp_path: Path) -> None:
    """A line that is to be mended and holds a number is never proposed with dots in it."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    record = tmp_path / "branches" / "demo-a" / "2025" / "documents" / "plan" / "document.yml"
    text = record.read_text("utf-8")
    assert "title: 年度计划" in text
    record.write_text(text.replace("title: 年度计划", "title： 年度计划 13812345678", 1), "utf-8")
    told = json.loads(appraise("check", "--format", "json", root=tmp_path).stdout)["findings"]
    (finding,) = [f for f in told if f["code"] == "Y001"]
    assert finding["remedy"] is None
    assert "先把这一处的个人信息" in finding["hint"]
    assert "·" not in finding["hint"]


def test_what_is_handed_back_masked_stays_as_it_was(tmp_path: Path) -> None:
    """One key of a claim is renewed: its words keep their number, and no output shows it."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    own = tmp_path / "branches" / "demo-a" / "2025" / "self-assessment.yml"
    text = own.read_text("utf-8").replace("按要求完成。", "按要求完成，电话 13812345678。", 1)
    own.write_text(text, "utf-8")
    asked = ("--set", "criterion=discipline", "--set", "points=4", "--yes")
    done = appraise("new", "claim", "demo-a", *asked, root=tmp_path)
    assert done.exit_code == 0, done.output
    assert own.read_text("utf-8") == text.replace("points: 4.5", "points: 4", 1)
    assert "13812345678" not in done.output


def test_what_holds_no_number_is_known_without_looking_at_each_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever a text is made of: where it is said to hold no number, a closer look finds none."""
    monkeypatch.setattr("generator.text.privacy.SHORT_TEXT", 0)
    rng = random.Random(12)
    parts = [
        *"0123456789",
        *"1380" * 2,
        *" \t\r\n.-,xX０１８‐–．·\u200b\u3000年号卡,;a@",
        "\n  ",
        "500101",
    ]
    numbers = [
        "13812345678",
        NUMBER,
        NUMBER[:9] + "\n" + NUMBER[9:],
        "138-1234-5678",
        "500101900101123",
    ]
    few = 0
    for number in range(6_000):
        drawn = rng.choices(parts, k=rng.randint(0, 40))
        if number % 4 == 0:
            drawn.insert(rng.randint(0, len(drawn)), rng.choice(numbers))
        text = "".join(drawn)
        if may_number(text):
            continue
        few += 1
        with monkeypatch.context() as closer:
            closer.setattr("generator.text.privacy.may_number", lambda _: True)
            seen = hits_of(text)
        assert seen == hits_of(text), repr(text)
    assert few > 1_000
