"""What papers are made of: a page with its grid, fonts, lines, tables, numbers of pages.

``tools/papers.py`` puts them together. Sizes are those of GB/T 9704 where a paper is an official
one: A4 with margins of 37, 35, 28 and 26 mm, 22 lines of 28 characters of 16 points.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import partial

# Any: python-docx types little.
from typing import Any, ClassVar

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from generator.reports.book import undated

WIDE, HIGH = 210, 297
POINT = 25.4 / 72
LINES, CHARACTERS = 22, 28
#: Font → what takes its place where a machine has not got it.
FANGSONG, HEI, KAI, SONG, TITLES = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
FALLBACKS = {
    FANGSONG: "FangSong",
    HEI: "SimHei",
    KAI: "KaiTi",
    SONG: "SimSun",
    TITLES: "SimSun",
}
LATIN = "Times New Roman"
RED = RGBColor(0xC0, 0x00, 0x00)
#: The order in which Word wants what is said of paragraphs and of runs.
ORDER = {
    "pPr": ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "pBdr", "tabs", "autoSpaceDE",
            "autoSpaceDN", "snapToGrid", "spacing", "ind", "jc", "rPr"),
    "rPr": ("rStyle", "rFonts", "b", "color", "spacing", "sz", "szCs", "lang"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """Margins of a page in mm, the size of its text and the height of a line in points."""

    top: float
    bottom: float
    left: float
    right: float
    size: float
    pitch: float

    @property
    def width(self) -> float:
        """Width of a line, in points."""
        return (WIDE - self.left - self.right) / POINT


#: Word keeps heights in twentieths of a point; rounded up, the last line would not fit.
OFFICIAL = Page(37, 35, 28, 26, 16, math.floor((HIGH - 37 - 35) / POINT / LINES * 20) / 20)
#: Papers for which the standard is not made: as much as possible on one sheet.
PLAIN = Page(22, 22, 20, 20, 14, 23)
#: A letter, on one page however many points were lost.
CLOSE = Page(18, 18, 20, 20, 14, 21)


class Words:
    """What texts are written as: those of the language whose templates are made."""

    of: ClassVar[dict[str, str]] = {}


def attribute(element: Any, **values: object) -> Any:
    """Set attributes of Word's own namespace."""
    for name, value in values.items():
        element.set(qn(f"w:{name}"), f"{value}")
    return element


def fonts(properties: Any, name: str) -> None:
    """Set the font of a style or a run, for letters of every script."""
    own = properties.get_or_add_rFonts()
    attribute(own, eastAsia=name, ascii=LATIN, hAnsi=LATIN)


class Paper:
    """A template in the making: a document with a page, the grid, the fonts, numbers of pages."""

    def __init__(self, page: Page) -> None:
        """Begin with an empty page."""
        self.page, self.document = page, Document()
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(WIDE), Mm(HIGH)
        section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
        section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
        section.header_distance = Mm(page.top / 2 - 4)
        section.footer_distance = Mm(page.bottom - 7 - 7 * POINT)
        grid = section._sectPr.find(qn("w:docGrid"))
        attribute(grid, type="lines", linePitch=round(page.pitch * 20))
        self._style()
        self.document.settings.odd_and_even_pages_header_footer = True
        for footer, align in (
            (section.footer, ALIGN.RIGHT),
            (section.even_page_footer, ALIGN.LEFT),
        ):
            self._numbers(footer.paragraphs[0], align)
        for header in (section.header, section.even_page_header):
            marked = header.paragraphs[0]
            marked.alignment = ALIGN.CENTER
            marked.paragraph_format.line_spacing = Pt(20)
            self.run(marked, "{{ mark }}", HEI, 14, RED)
        self._substitutes()

    def _style(self) -> None:
        """Set what all text has: Chinese, its size and pitch, no gap beside digits and letters."""
        style = self.document.styles["Normal"]
        style.font.size = Pt(self.page.size)
        properties = style.element.get_or_add_rPr()
        fonts(properties, FANGSONG)
        properties.append(attribute(OxmlElement("w:lang"), val="en-US", eastAsia="zh-CN"))
        own = style.element.get_or_add_pPr()
        for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
            own.append(attribute(OxmlElement(name), val=0))
        spacing = style.paragraph_format
        spacing.space_after = spacing.space_before = Pt(0)
        spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        spacing.line_spacing = Pt(self.page.pitch)

    def _substitutes(self) -> None:
        """Name, in the document's table of fonts, what takes the place of each."""
        part = next(rel.target_part for rel in self.document.part.rels.values()
                    if rel.reltype.endswith("/fontTable"))  # fmt: skip
        entries = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
            for name, other in FALLBACKS.items()
        )
        part._blob = part.blob.replace(b"</w:fonts>", f"{entries}</w:fonts>".encode())

    def _numbers(self, paragraph: Any, align: Any) -> None:
        """Write the number of the page between dashes, a character from the edge, 7 mm below."""
        paragraph.alignment = align
        indent = paragraph.paragraph_format
        indent.right_indent = indent.left_indent = Pt(14)
        indent.line_spacing = Pt(14)
        off_grid(paragraph)
        self.run(paragraph, "— ", SONG, 14)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            added = self.run(paragraph, "", SONG, 14)._r
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                attribute(element, fldCharType=kind)
            element.text = text or None
            added.append(element)
        self.run(paragraph, " —", SONG, 14)

    def run(
        self,
        paragraph: Any,
        text: str,
        font: str = FANGSONG,
        size: float = 0,
        color: RGBColor | None = None,
    ) -> Any:
        """Add text in a font; without a size in that of the page."""
        added = paragraph.add_run(Words.of.get(text, text))
        added.font.size = Pt(size or self.page.size)
        fonts(added._r.get_or_add_rPr(), font)
        if not size and self.page is OFFICIAL:
            closer(added, self.page)
        if color is not None:
            added.font.color.rgb = color
        return added

    def line(
        self,
        text: str = "",
        font: str = FANGSONG,
        size: float = 0,
        align: Any = None,
        *,
        indent: float = 0,
        keep: bool = False,
        pitch: float = 0,
        color: RGBColor | None = None,
    ) -> Any:
        """Add a paragraph; ``indent`` is that of its first line, in characters.

        With ``keep`` it stands on the page of the next one. What has a ``pitch`` or a size of its
        own is off the grid, which is that of the body.
        """
        added = self.document.add_paragraph()
        added.alignment = align
        if indent:
            mark = added._p.get_or_add_pPr().get_or_add_ind()
            size_of = size or self.page.size
            attribute(mark, firstLineChars=round(indent * 100),
                      firstLine=round(indent * size_of * 20))  # fmt: skip
        added.paragraph_format.keep_with_next = keep or None
        if pitch:
            added.paragraph_format.line_spacing = Pt(pitch)
        if size or pitch:
            off_grid(added)
        if text:
            self.run(added, text, font, size, color)
        return added

    def body(self, text: str, *, keep: bool = False) -> None:
        """Add a paragraph of the body: two characters in, from edge to edge."""
        self.line(text, align=ALIGN.JUSTIFY, indent=2, keep=keep)

    def each(self, words: str) -> None:
        """Add a line that repeats or leaves out what stands between it and its end."""
        self.line(f"{{%p {words} %}}")

    def title(self, text: str, size: float = 22) -> None:
        """Add the heading of a paper."""
        self.line(text, TITLES, size, ALIGN.CENTER, pitch=size + 12, keep=True)

    def signed(self, day_indent: float) -> None:
        """End with who issues it, above the day, which ends so many characters from the edge."""
        size = self.page.width / CHARACTERS if self.page is OFFICIAL else self.page.size
        #: Half of a day in words is three to four characters wide.
        middle = day_indent + 3.4
        issuer = self.line("{{ issuer }}", align=ALIGN.CENTER, keep=True)
        issuer.paragraph_format.left_indent = Pt(self.page.width - 2 * middle * size)
        day = self.line("{{ day }}", align=ALIGN.RIGHT)
        day.paragraph_format.right_indent = Pt(day_indent * size)

    def source(self) -> None:
        """End a paper with the line by which it can be checked."""
        self.line("依据提交 {{ commit }}，结果校验码 {{ digest }}", SONG, 7.5, pitch=14)

    def table(
        self,
        widths: tuple[float, ...],
        head: tuple[str, ...],
        loop: str,
        cells: tuple[str, ...],
        size: float = 12,
        pitch: float = 0,
    ) -> Any:
        """Add a table with a head on every page, and one row for each entry of a list."""
        made = self.document.add_table(rows=4, cols=len(head))
        made.style = "Table Grid"
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        made.autofit = False
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Mm(width)
        texts = (head, (f"{{%tr for row in {loop} %}}",), cells, ("{%tr endfor %}",))
        for number, (row, values) in enumerate(zip(made.rows, texts, strict=True)):
            for column, width in enumerate(widths):
                cell = row.cells[column]
                cell.width, cell.vertical_alignment = Mm(width), WD_ALIGN_VERTICAL.CENTER
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.line_spacing = Pt(pitch or size + 4.5)
                paragraph.alignment = ALIGN.CENTER if number == 0 else None
                off_grid(paragraph)
                if column < len(values):
                    self.run(paragraph, values[column], FANGSONG if number else HEI, size)
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        return made

    def saved(self) -> bytes:
        """Return the file, the same whenever it is made."""
        section = self.document.sections[0]
        parts = [self.document.element, self.document.styles["Normal"].element,
                 *(own._element for own in (section.header, section.even_page_header,
                                            section.footer, section.even_page_footer))]  # fmt: skip
        for part in parts:
            for name, order in ORDER.items():
                for own in part.iter(qn(f"w:{name}")):
                    own[:] = sorted(own, key=partial(place, order))
        stream = io.BytesIO()
        self.document.save(stream)
        return undated(stream.getvalue())


def place(order: tuple[str, ...], element: Any) -> int:
    """Return where an element belongs among those of its kind."""
    return order.index(element.tag.rpartition("}")[2])


def closer(body: Any, page: Page) -> None:
    """Move the characters of the body so close that a line holds all of them."""
    apart = math.ceil((page.size - page.width / CHARACTERS) * 20)
    body._r.get_or_add_rPr().append(attribute(OxmlElement("w:spacing"), val=-apart))


def off_grid(paragraph: Any) -> None:
    """Let a paragraph of another size have its own pitch: the grid is that of the body."""
    paragraph._p.get_or_add_pPr().append(attribute(OxmlElement("w:snapToGrid"), val=0))


def ruled(paragraph: Any, *sides: tuple[str, float, float], color: str = "000000") -> None:
    """Draw lines above or below a paragraph: side, thickness and distance in points."""
    border = OxmlElement("w:pBdr")
    for side, thick, space in sides:
        border.append(attribute(OxmlElement(f"w:{side}"), val="single", sz=round(thick * 8),
                                space=round(space), color=color))  # fmt: skip
    paragraph._p.get_or_add_pPr().append(border)
