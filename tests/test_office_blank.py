"""Office files that say nothing are empty evidence; whatever says something is not."""

from __future__ import annotations

import random
from itertools import product

import pytest

from generator.files.attachments import Defect, Problem, inspect
from generator.files.attachments.content import Content
from tests.effort import at_most
from tests.memory import base_files
from tests.test_attachments import CELL, SHEET, docx, png, xlsx
from tests.test_misplaced import found_in

NO_CELLS = (Defect(Problem.DAMAGED, "cells"),)
NO_WORDS = (Defect(Problem.DAMAGED, "words"),)
STRINGS, BODY = "xl/sharedStrings.xml", "word/document.xml"
BLANKS = ("", " ", "\n\t ", "&#32;", "&#x3000;", "\u3000", "\u200b\ufeff", "\xa0")
#: Names that people give a cell's content in XML, with and without a name space.
PREFIXES = ("", "x:")


def padding(draw: random.Random, prefix: str = "") -> str:
    """Return rows as programs leave them behind: formats, heights, empty values and texts."""
    cells = (
        '<{p}c r="A{n}" s="3"/>', '<{p}c r="A{n}" s="3"><{p}v></{p}v></{p}c>',
        '<{p}c r="A{n}" t="s"><{p}v>0</{p}v></{p}c>',
        '<{p}c r="A{n}" t="inlineStr"><{p}is><{p}t>{blank}</{p}t></{p}is></{p}c>',
    )  # fmt: skip
    rows = []
    for number in range(1, draw.randrange(2, 60)):
        cell = draw.choice(cells).format(p=prefix, n=number, blank=draw.choice(BLANKS))
        inside = cell if draw.random() < 0.6 else ""
        rows.append(f'<{prefix}row r="{number}" ht="15">{inside}</{prefix}row>')
    return "".join(rows)


def sheet(prefix: str, rows: str) -> str:
    before = "<P:worksheet><P:dimension ref='A1'/><P:cols><P:col/></P:cols><P:sheetData>"
    behind = "</P:sheetData><P:mergeCells><P:mergeCell ref='A1:B2'/></P:mergeCells></P:worksheet>"
    return before.replace("P:", prefix) + rows + behind.replace("P:", prefix)


def blank_book(draw: random.Random) -> dict[str, str | bytes]:
    """Return the parts of a workbook without content: one to three sheets."""
    prefix = draw.choice(PREFIXES)
    text = f"<sst><si><t>{draw.choice(BLANKS)}</t></si></sst>"
    sheets = {f"xl/worksheets/sheet{n}.xml": sheet(prefix, padding(draw, prefix))
              for n in range(1, draw.randrange(2, 5))}  # fmt: skip
    return {CELL: "<worksheet/>", STRINGS: text, "xl/styles.xml": "<styleSheet/>",
            "xl/theme/theme1.xml": "<a:theme/>", "docProps/app.xml": "<t>Sheet1</t>",
            **sheets}  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_a_workbook_without_cells_is_empty(seed: int) -> None:
    assert inspect("a.xlsx", xlsx(blank_book(random.Random(seed)))) == NO_CELLS


@pytest.mark.parametrize("seed", range(60))
def test_one_cell_anywhere_is_content(seed: int) -> None:
    """A number, a text, a formula, a word of the shared ones, behind any padding."""
    draw = random.Random(seed)
    parts = blank_book(draw)
    cell = draw.choice(
        ["<c><v>0</v></c>", '<c t="inlineStr"><is><t>甲</t></is></c>', "<c><f>SUM(A1)</f></c>",
         '<c t="s"><v>1</v></c>', '<c t="str"><v>x</v></c>', "<x:c><x:v> 3 </x:v></x:c>",
         "<c><v><![CDATA[5]]></v></c>", '<c t="b"><v>1</v></c>']
    )  # fmt: skip
    if 't="s"' in cell:
        parts[STRINGS] = "<sst><si><t> </t></si><si><r><t>姓名</t></r></si></sst>"
    at = draw.choice(["before", "behind"])
    rows = f"<row>{cell}</row>"
    draw_rows = padding(draw)
    parts[SHEET] = sheet("", rows + draw_rows if at == "before" else draw_rows + rows)
    assert inspect("a.xlsx", xlsx(parts)) == ()


@pytest.mark.parametrize(
    "name",
    ["xl/media/image1.png", "xl/charts/chart1.xml", "xl/pivotCache/pivotCacheDefinition1.xml",
     "xl/chartsheets/sheet1.xml", "xl/diagrams/data1.xml"],
)  # fmt: skip
def test_pictures_and_charts_are_content_of_a_workbook(name: str) -> None:
    assert inspect("a.xlsx", xlsx({CELL: "", name: png()})) == ()


def paragraphs(draw: random.Random) -> str:
    """Return what an empty document holds."""
    texts = (f"<w:p><w:r><w:t>{blank}</w:t></w:r></w:p>" for blank in BLANKS)
    others = ("<w:p/>", "<w:p><w:pPr><w:jc/></w:pPr></w:p>", "<w:br/>",
              "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>", "<w:sectPr/>",
              "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>",
              "<w:p><w:del><w:delText>旧</w:delText></w:del></w:p>")  # fmt: skip
    return "".join(draw.choices([*texts, *others], k=draw.randrange(1, 40)))


@pytest.mark.parametrize("seed", range(60))
def test_a_document_without_words_and_pictures_is_empty(seed: int) -> None:
    draw = random.Random(seed)
    parts: dict[str, str | bytes] = {
        BODY: f"<w:document><w:body>{paragraphs(draw)}</w:body></w:document>",
        "word/footer1.xml": f"<w:ftr><w:p><w:t>— {seed} / 3 —</w:t></w:p></w:ftr>",
        "word/glossary/document.xml": "<w:t>单击此处输入文字</w:t>",
        "word/styles.xml": "<w:styles/>",
        "docProps/thumbnail.jpeg": b"x",
    }
    assert inspect("a.docx", docx(parts)) == NO_WORDS
    something = draw.choice(
        ["<w:t>字</w:t>", "<w:drawing/>", "<w:pict/>", "<w:sym w:char='F0FE'/>", "<m:t>x</m:t>",
         "<w:t><![CDATA[a]]></w:t>", "<w:altChunk r:id='r1'/>", "<w:t>7</w:t>"]
    )  # fmt: skip
    body = f"<w:document>{paragraphs(draw)}{something}{paragraphs(draw)}</w:document>"
    assert inspect("a.docx", docx(parts | {BODY: body})) == ()


@pytest.mark.parametrize(
    "parts",
    [
        {"word/media/image1.png": png()},
        {"word/header1.xml": "<w:t>某党支部</w:t>"},
        {"word/footnotes.xml": "<w:t>注</w:t>"},
        {"word/charts/chart1.xml": "<c/>"},
    ],
)
def test_other_parts_are_content_of_a_document(parts: dict[str, str | bytes]) -> None:
    assert inspect("a.docx", docx({BODY: "<w:document/>", **parts})) == ()


@pytest.mark.parametrize("form", list(product(["<c r='A1'/>", "<row/>"], [0, 1])))
def test_large_padding_is_empty_and_a_value_behind_it_is_content(form: tuple[str, int]) -> None:
    """Only the beginning of a part is looked at; values are counted to its end."""
    cell, values = form
    text = "".join(f"{cell}<!--{number}-->" for number in range(90_000))
    parts: dict[str, str | bytes] = {CELL: "", SHEET: text + "<c><v>1</v></c>" * values}
    assert len(text) > 1_000_000
    assert inspect("a.xlsx", xlsx(parts)) == (() if values else NO_CELLS)


def test_looking_is_linear_and_bounded() -> None:
    """Twice the padding takes about twice the calls, and many parts end the search."""
    for count in (500, 1_000):
        head = b"<c t='s'><v></v></c>" * count
        with at_most(calls=60 * count):
            Content("xlsx").look("xl/worksheets/a.xml", head, whole=True, values=0)
    content = Content("xlsx")
    for number in range(4):
        content.look(f"xl/x{number}.xml", b"<" * 150_000, whole=True, values=0)
    assert content.found


def test_an_empty_table_and_document_are_damaged_attachments() -> None:
    """As other empty files: E004 with what is missing, and the record has no such file."""
    files = base_files()
    path = next(path for path in files if path.endswith("/document.yml") and "/2025/" in path)
    home = path.rpartition("/")[0]
    for name, data in (("a.xlsx", xlsx({CELL: ""})), ("a.docx", docx({BODY: "<w:p/>"}))):
        found = found_in(files | {f"{home}/{name}": data})
        told = [f for f in found if f.path == f"{home}/{name}" and f.code == "E004"]
        assert [f"{f.message}" for f in told] == [
            "表格里没有填写任何内容" if name == "a.xlsx" else "文档里没有文字，也没有图片"
        ]
