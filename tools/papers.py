"""Make the Word templates of site_templates/office anew: ``python -m tools.papers``.

They were made once, and are edited in Word ever since; this says how they were made. Sizes are
those of GB/T 9704: A4 with margins of 37, 35, 28 and 26 mm, 22 lines of 28 characters of 16 points.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

# Any: python-docx types little.
from typing import Any, ClassVar

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from generator.reports.book import undated

FOLDER = Path(__file__).resolve().parents[1] / "site_templates" / "office"
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
LINES, CHARACTERS = 22, 28
#: Height of a line and width of a character, in points: the page less its margins, shared out.
#: Word keeps heights in twentieths of a point; rounded up, the last line would not fit.
LINE = math.floor((297 - TOP - BOTTOM) / 25.4 * 72 / LINES * 20) / 20
CHARACTER = (210 - LEFT - RIGHT) / 25.4 * 72 / CHARACTERS
BODY, TITLE, SMALL = 16, 22, 9
#: Font → what takes its place where a machine has not got it.
FANGSONG, HEI, KAI, SONG, TITLES = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
FALLBACKS = {
    FANGSONG: "FangSong",
    HEI: "SimHei",
    KAI: "KaiTi",
    SONG: "SimSun",
    TITLES: "SimSun",
}
BALLOT_RULE = "每个党支部只选一档，在格内画“√”；不选或多选的，这一行不计。不署名。"
RED = RGBColor(0xC0, 0x00, 0x00)
#: What the English papers say; the notice is in Chinese always.
ENGLISH = {
    "{{ year }}年度党支部考核结果告知书": "Appraisal of {{ year }}: the result of your branch",
    "{{ name }}：": "To {{ name }}:",
    "失分的小项和理由：": "Criteria that lost points, and why:",
    "各小项没有失分。": "No criterion lost points.",
    "小项": "Criterion", "得分": "Points", "满分": "Most", "理由": "Reason",
    "依据提交 {{ commit }}，结果校验码 {{ digest }}":
        "Commit {{ commit }}, digest of the results {{ digest }}",
    "{{ year }}年度党支部考核自评表": "Appraisal of {{ year }}: self-assessment",
    "党支部：{{ name }}　　类型：{{ kind }}　　党员：{{ members }}人":
        "Branch: {{ name }}   Kind: {{ kind }}   Members: {{ members }}",
    "大项": "Section", "小项与要求": "Criterion and requirement", "自评": "Claimed",
    "说明与材料": "Statement and evidence",
    "自评合计：{{ total }}分（满分{{ most }}分）":
        "Claimed in all: {{ total }} of {{ most }}",
    "加分申报：": "Bonus claims:", "加分项": "Bonus", "级别": "Level", "事项": "Matter",
    "加分": "Points",
    "党支部书记（签字）：＿＿＿＿＿＿＿":
        "Secretary (signature): ____________________",
    "党支部（盖章）　　　　年　　月　　日":
        "Seal of the branch, day: ____________________",
    "{{ year }}年度党支部书记述职测评表": "Debrief of {{ year }}: ballot paper",
    BALLOT_RULE:
        "Mark one box a branch; a row without a mark, or with several, does not count. Not signed.",
    "序号": "No.", "党支部": "Branch",
}  # fmt: skip


class Words:
    """What texts are written as: those of the language whose templates are made."""

    of: ClassVar[dict[str, str]] = {}


def attribute(element: Any, **values: object) -> Any:
    """Set attributes of Word's own namespace."""
    for name, value in values.items():
        element.set(qn(f"w:{name}"), f"{value}")
    return element


def page() -> Any:
    """Return an empty document with the page, the grid, the fonts and numbers of pages."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance, section.header_distance = Mm(BOTTOM - 7), Mm(15)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    attribute(grid, type="lines", linePitch=round(LINE * 20))
    style = document.styles["Normal"]
    style.font.size = Pt(BODY)
    fonts(style.element.get_or_add_rPr(), FANGSONG)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(LINE)
    document.settings.odd_and_even_pages_header_footer = True
    numbers(section.footer.paragraphs[0], ALIGN.RIGHT)
    numbers(section.even_page_footer.paragraphs[0], ALIGN.LEFT)
    for header in (section.header, section.even_page_header):
        marked = header.paragraphs[0]
        marked.alignment = ALIGN.CENTER
        run(marked, "{{ mark }}", HEI, 14, RED)
    substitutes(document)
    return document


def fonts(properties: Any, name: str) -> None:
    """Set the font of a style or a run, for letters of every script."""
    own = properties.find(qn("w:rFonts"))
    if own is None:
        own = OxmlElement("w:rFonts")
        properties.insert(0, own)
    attribute(own, eastAsia=name, ascii="Times New Roman", hAnsi="Times New Roman")


def substitutes(document: Any) -> None:
    """Name, in the document's table of fonts, what takes the place of each."""
    part = next(
        rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable")
    )
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{entries}</w:fonts>".encode())


def run(
    paragraph: Any,
    text: str,
    font: str = FANGSONG,
    size: float = BODY,
    color: RGBColor | None = None,
) -> Any:
    """Add text in a font."""
    added = paragraph.add_run(Words.of.get(text, text))
    added.font.size = Pt(size)
    fonts(added._r.get_or_add_rPr(), font)
    if size == BODY:
        closer(added)
    if color is not None:
        added.font.color.rgb = color
    return added


def closer(body: Any) -> None:
    """Move the characters of the body so close that a line holds all of them."""
    own = OxmlElement("w:spacing")
    body._r.get_or_add_rPr().insert_element_before(
        attribute(own, val=-math.ceil((BODY - CHARACTER) * 20)), "w:kern", "w:position", "w:sz"
    )


def numbers(paragraph: Any, align: Any) -> None:
    """Write the number of the page between dashes, a character from the edge."""
    paragraph.alignment = align
    indent = paragraph.paragraph_format
    indent.right_indent = indent.left_indent = Pt(14)
    run(paragraph, "— ", SONG, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        added = run(paragraph, "", SONG, 14)._r
        name = "w:fldChar" if kind else "w:instrText"
        element = OxmlElement(name)
        if kind:
            attribute(element, fldCharType=kind)
        element.text = text or None
        added.append(element)
    run(paragraph, " —", SONG, 14)


def line(
    document: Any,
    text: str = "",
    font: str = FANGSONG,
    size: float = BODY,
    align: Any = None,
    *,
    indent: float = 2,
    color: RGBColor | None = None,
) -> Any:
    """Add a paragraph; ``indent`` is that of its first line, in characters."""
    added = document.add_paragraph()
    if align is not None:
        added.alignment = align
    if indent:
        own = added._p.get_or_add_pPr()
        mark = OxmlElement("w:ind")
        own.append(attribute(mark, firstLineChars=round(indent * 100),
                             firstLine=round(indent * size * 20)))  # fmt: skip
    if size != BODY:
        off_grid(added)
    if text:
        run(added, text, font, size, color)
    return added


def off_grid(paragraph: Any) -> None:
    """Let a paragraph of another size have its own pitch: the grid is that of the body."""
    own = OxmlElement("w:snapToGrid")
    paragraph._p.get_or_add_pPr().insert_element_before(
        attribute(own, val=0), "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def rule(paragraph: Any, color: str = "C00000", size: int = 12) -> None:
    """Draw a line below a paragraph."""
    own = paragraph._p.get_or_add_pPr()
    border, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    border.append(attribute(bottom, val="single", sz=size, space=4, color=color))
    own.append(border)


def right(document: Any, text: str, characters: int) -> None:
    """Add a line to the right, so many characters from the edge."""
    added = line(document, text, align=ALIGN.RIGHT, indent=0)
    added.paragraph_format.right_indent = Pt(characters * CHARACTER)


def table(
    document: Any,
    widths: tuple[float, ...],
    head: tuple[str, ...],
    loop: str,
    cells: tuple[str, ...],
) -> None:
    """Add a table with a head on every page, and one row for each entry of a list."""
    made = document.add_table(rows=4, cols=len(head))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    texts = (head, (f"{{%tr for row in {loop} %}}",), cells, ("{%tr endfor %}",))
    for number, values in enumerate(texts):
        row = made.rows[number]
        for column, width in enumerate(widths):
            row.cells[column].width = Mm(width)
            paragraph = row.cells[column].paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(18)
            off_grid(paragraph)
            if column < len(values):
                run(paragraph, values[column], HEI if number == 0 else FANGSONG, 12)
        keep = row._tr.get_or_add_trPr()
        keep.append(OxmlElement("w:cantSplit"))
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def source(document: Any) -> None:
    """End a paper with the line by which it can be checked."""
    added = line(document, "依据提交 {{ commit }}，结果校验码 {{ digest }}", SONG, SMALL, indent=0)
    added.paragraph_format.line_spacing = Pt(14)


def notice() -> Any:
    """Return the notice of the results."""
    document = page()
    line(document, "{{ issuer }}文件", TITLES, 36, ALIGN.CENTER, indent=0, color=RED
         ).paragraph_format.line_spacing = Pt(50)  # fmt: skip
    line(document)
    number = line(document, "{{ number }}", align=ALIGN.CENTER, indent=0)
    rule(number)
    line(document)
    for text in ("关于{{ year }}年度党支部考核结果的通报",):
        line(document, text, TITLES, TITLE, ALIGN.CENTER, indent=0
             ).paragraph_format.line_spacing = Pt(34)  # fmt: skip
    line(document)
    line(document, "{{ addressees }}：", indent=0)
    line(document, "{{ opening }}")
    line(document, "一、考核等次", HEI)
    line(document, "{%p for grade in grades %}", indent=0)
    line(document, "（{{ grade.number }}）{{ grade.title }}（{{ grade.count }}个）", KAI)
    line(document, "{{ grade.names }}")
    line(document, "{%p endfor %}", indent=0)
    line(document, "二、总分排名", HEI)
    line(document, "{{ ranked }}个党支部的总分和名次见附件。{{ unranked }}")
    line(document)
    line(document, "附件：{{ year }}年度党支部考核排名")
    line(document)
    line(document)
    right(document, "{{ issuer }}", 4)
    right(document, "{{ day }}", 4)
    annex = line(document, "附件", HEI, indent=0)
    annex.paragraph_format.page_break_before = True
    line(document, "{{ year }}年度党支部考核排名", TITLES, TITLE, ALIGN.CENTER, indent=0
         ).paragraph_format.line_spacing = Pt(34)  # fmt: skip
    table(document, (16, 92, 22, 26), ("名次", "党支部", "总分", "等次"), "ranking",
          ("{{ row.rank }}", "{{ row.name }}", "{{ row.total }}", "{{ row.grade }}"))  # fmt: skip
    line(document)
    end = line(document, "抄送：{{ copies }}", size=14, indent=1)
    rule(end, "000000", 6)
    last = line(document, "{{ issuer }}　　{{ day }}印发", size=14, indent=1)
    rule(last, "000000", 6)
    source(document)
    return document


def letter() -> Any:
    """Return the letter to a branch about its own result."""
    document = page()
    line(document, "{{ year }}年度党支部考核结果告知书", TITLES, TITLE, ALIGN.CENTER, indent=0
         ).paragraph_format.line_spacing = Pt(34)  # fmt: skip
    line(document)
    line(document, "{{ name }}：", indent=0)
    line(document, "{{ result }}")
    line(document, "{%p if lost %}", indent=0)
    line(document, "失分的小项和理由：")
    table(document, (46, 14, 14, 82), ("小项", "得分", "满分", "理由"), "lost",
          ("{{ row.title }}", "{{ row.points }}", "{{ row.max }}", "{{ row.reason }}"))  # fmt: skip
    line(document, "{%p else %}", indent=0)
    line(document, "各小项没有失分。")
    line(document, "{%p endif %}", indent=0)
    line(document, "{{ appeal }}")
    line(document)
    right(document, "{{ issuer }}", 4)
    right(document, "{{ day }}", 4)
    source(document)
    return document


def form() -> Any:
    """Return the self-assessment of a branch, for signature and seal."""
    document = page()
    line(document, "{{ year }}年度党支部考核自评表", TITLES, TITLE, ALIGN.CENTER, indent=0
         ).paragraph_format.line_spacing = Pt(34)  # fmt: skip
    line(
        document,
        "党支部：{{ name }}　　类型：{{ kind }}　　党员：{{ members }}人",
        size=12,
        indent=0,
    )
    table(document, (24, 42, 16, 18, 56), ("大项", "小项与要求", "满分", "自评", "说明与材料"),
          "criteria",
          ("{{ row.section }}", "{{ row.title }}", "{{ row.max }}", "{{ row.claimed }}",
           "{{ row.told }}"))  # fmt: skip
    line(document, "自评合计：{{ total }}分（满分{{ most }}分）", size=14, indent=0)
    line(document, "{%p if bonuses %}", indent=0)
    line(document, "加分申报：", size=14, indent=0)
    table(document, (46, 24, 72, 14), ("加分项", "级别", "事项", "加分"), "bonuses",
          ("{{ row.title }}", "{{ row.level }}", "{{ row.matter }}",
           "{{ row.points }}"))  # fmt: skip
    line(document, "{%p endif %}", indent=0)
    line(document)
    right(document, "党支部书记（签字）：＿＿＿＿＿＿＿", 0)
    right(document, "党支部（盖章）　　　　年　　月　　日", 0)
    source(document)
    return document


def ballot() -> Any:
    """Return the ballot paper of the debrief, and the form of a written one."""
    document = page()
    line(document, "{{ year }}年度党支部书记述职测评表", TITLES, TITLE, ALIGN.CENTER, indent=0
         ).paragraph_format.line_spacing = Pt(34)  # fmt: skip
    line(
        document,
        BALLOT_RULE,
        size=12,
        indent=0,
    )
    table(document, (14, 86, 56), ("序号", "党支部", "{{ levels }}"), "branches",
          ("{{ row.number }}", "{{ row.name }}", "{{ row.boxes }}"))  # fmt: skip
    return document


def main() -> None:
    """Write all templates."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    papers = {"letter": letter, "form": form, "ballot": ballot}
    for ending, words in (("", {}), (".en", ENGLISH)):
        Words.of = words
        for name, made in (papers if words else {"notice": notice, **papers}).items():
            stream = io.BytesIO()
            made().save(stream)
            (FOLDER / f"{name}{ending}.docx").write_bytes(undated(stream.getvalue()))


if __name__ == "__main__":
    main()
