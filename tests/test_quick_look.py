"""Files that hold no personal data are told by a quick look; the close one finds none there."""

from __future__ import annotations

import random
import zlib
from typing import TYPE_CHECKING

from benchmarks.inspecting import office
from generator.files.attachments.inside import office as sheets
from generator.files.attachments.inside import paper
from generator.loading.personal import report_attachment
from generator.text.findings import Content, Report
from tests.test_privacy import NUMBER

if TYPE_CHECKING:
    import pytest

VALUES = [
    "出席", "21", "95.5", "2025-03-12", "0.07000000000000001", "71.95999999999999", "1380",
    "138.12345678", "13812345678", NUMBER, "1.10101199003078515", "姓名", "name", "张三",
    "&#20826;", "&#49;3812345678",
    "a@b.cn", "微信：zhangsan01", "", "1", "7.5", "138\n12345678", "138</t></r><r><t>12345678",
]  # fmt: skip
SHOWN = [
    "(words)", "(2025-03-12)", "(138)", "(12345678)", "(13812345678)", f"({NUMBER[:9]})",
    f"({NUMBER[9:]})", "(\\0611)", "(38\\0611)", "<3133383132333435363738>", "<FEFF00310033>",
    "(a@b.cn)", "(\\344\\270\\255)", "(1)",
]  # fmt: skip


def told(name: str, data: bytes) -> list[tuple[int, str]]:
    report = Report()
    report_attachment(report, Content(f"branches/a/2025/documents/b/{name}", "0"), data)
    return [(finding.line, f"{finding.message}") for finding in report.findings]


def sheet(rng: random.Random) -> bytes:
    """Return a workbook of some rows, of which cells are numbers, shared and inline texts."""
    picked = rng.sample(VALUES, rng.randint(1, 5))
    shared = [rng.choice(picked) for _ in range(3)]
    cells = []
    for row in range(1, 5):
        for column in "ABC":
            value, place = rng.choice(picked), f'r="{column}{row}"'
            kind = rng.randrange(4)
            if kind == 0:
                cells.append(f'<c {place} t="s"><v>{rng.randrange(3)}</v></c>')
            elif kind == 1:
                cells.append(f'<c {place} t="inlineStr"><is><t>{value}</t></is></c>')
            elif kind == 2:
                cells.append(f"<c {place}><f>A1</f><v>{value}</v></c>")
            else:
                cells.append(f"<c {place}><v>{value}</v></c>")
    words = "".join(f"<si><t>{value}</t></si>" for value in shared)
    parts = {
        "xl/worksheets/sheet1.xml": f"<worksheet>{''.join(cells)}</worksheet>",
        "xl/sharedStrings.xml": f"<sst>{words}</sst>",
    }
    return office("xl/workbook.xml", parts)


def page(rng: random.Random) -> bytes:
    picked = rng.sample(SHOWN, rng.randint(1, 4))
    shown = " ".join(f"{rng.choice(picked)} {rng.choice(['Tj', 'Tj T*', 'TJ'])}" for _ in range(6))
    body = zlib.compress(f"BT 72 700 Td {shown} ET".encode())
    head = b"%%PDF-1.4\n4 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n" % len(body)
    return head + body + b"\nendstream\nendobj\n%%EOF\n"


def test_what_a_quick_look_passes_over_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng, found, none = random.Random(5), 0, 0
    for number in range(600):
        name, data = ("a.pdf", page(rng)) if number % 2 else ("a.xlsx", sheet(rng))
        quick = told(name, data)
        with monkeypatch.context() as close:
            close.setattr(sheets, "_may_tell", lambda _: True)
            close.setattr(paper, "_may_hold", lambda _: True)
            close.setattr("generator.loading.personal.may_hold", lambda _: True)
            assert told(name, data) == quick
        found, none = found + bool(quick), none + (not quick)
    assert found > 100
    assert none > 100


def test_shared_words_of_several_lines_are_counted_as_one() -> None:
    words = (
        "<sst>\n<si><t>第一行\n第二行</t></si>\n<si><t>姓名</t></si>\n<si><t>张三</t></si>\n</sst>"
    )
    cells = "".join(f'<c r="A{n}" t="s"><v>{n}</v></c>' for n in (1, 2))
    parts = {"xl/worksheets/s.xml": f"<x>{cells}</x>", "xl/sharedStrings.xml": words}
    (found,) = told("a.xlsx", office("xl/workbook.xml", parts))
    assert "“姓名”是写人名的一栏" in found[1]
