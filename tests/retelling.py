"""A workbook as other programs write it: the same cells, told otherwise.

What LibreOffice writes was looked at; that it is read is tried in the long tier
(``tests/test_rendered.py``), where it is installed.
"""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass, field

# Any: openpyxl ships no types.
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl

from tests.sheetbook import MAIN, PACKAGE, REL, TYPES, packed

if TYPE_CHECKING:
    from collections.abc import Iterator

ZERO = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass
class Form:
    """How a program tells cells: texts, days, numbers, names of parts and of elements."""

    strings: str = "shared"
    days: str = "serial"
    numbers: str = "number"
    since_1904: bool = False
    absolute: bool = False
    prefix: str = ""
    styles: bool = True
    texts: list[str] = field(default_factory=list)

    def cell(self, sheet: Any, place: str, value: Any) -> str:
        """Return a cell; of a sum its value, too."""
        if isinstance(value, datetime.datetime):
            return self.day(place, value.date())
        if isinstance(value, bool) or value is None:
            return f'<c r="{place}" s="0"/>'
        if isinstance(value, int | float):
            if self.numbers == "number":
                return f'<c r="{place}" s="0" t="n"><v>{value!r}</v></c>'
            return self.text(place, f"{value}".translate(WIDE if self.numbers == "wide" else {}))
        if value.startswith("=SUM("):
            sums = f"{sum(added(sheet, value))}"
            return f'<c r="{place}" s="0"><f>{escape(value[1:])}</f><v>{sums}</v></c>'
        return self.text(place, value)

    def day(self, place: str, value: datetime.date) -> str:
        """Return a cell of a day."""
        if self.days == "text":
            return self.text(place, f"{value.year}.{value.month}.{value.day}")
        if self.days == "iso":
            return f'<c r="{place}" s="0" t="d"><v>{value}T00:00:00</v></c>'
        count = (value - ZERO[self.since_1904]).days
        return f'<c r="{place}" s="1" t="n"><v>{count}</v></c>'

    def text(self, place: str, value: str) -> str:
        """Return a cell of a text."""
        own = f'<t xml:space="preserve">{escape(value)}</t>'
        if self.strings == "inline":
            return f'<c r="{place}" s="0" t="inlineStr"><is>{own}</is></c>'
        if self.strings == "runs" and len(value) > 1:
            halves = (value[: len(value) // 2], value[len(value) // 2 :])
            own = "".join(
                f'<r><rPr><b val="true"/></rPr><t xml:space="preserve">{escape(half)}</t></r>'
                for half in halves
            )
        self.texts.append(f"<si>{own}</si>")
        return f'<c r="{place}" s="0" t="s"><v>{len(self.texts) - 1}</v></c>'


def added(sheet: Any, formula: str) -> Iterator[int]:
    """Yield the numbers that a formula adds up."""
    for area in formula.removeprefix("=SUM(").removesuffix(")").split(","):
        found = sheet[area]
        for row in found if isinstance(found, tuple) else ((found,),):
            yield from (cell.value or 0 for cell in row)


def rows(sheet: Any, form: Form) -> Iterator[str]:
    """Yield the rows of a sheet."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        hidden = ' hidden="true"' if sheet.row_dimensions[number].hidden else ""
        cells = "".join(form.cell(sheet, cell.coordinate, cell.value) for cell in row)
        yield f'<row r="{number}"{hidden} customFormat="false">{cells}</row>'


def retold(data: bytes, form: Form) -> bytes:
    """Return a workbook's cells in a form."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheets = {
        f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>'
        f"{''.join(rows(sheet, form))}</sheetData></worksheet>"
        for number, sheet in enumerate(book, start=1)
    }
    named = "".join(
        f'<sheet name={quoteattr(sheet.title)} sheetId="{n}" state="visible" r:id="r{n}"/>'
        for n, sheet in enumerate(book, start=1)
    )
    where = "/xl/" if form.absolute else ""
    targets = {f"r{n}": ("worksheet", path) for n, path in enumerate(sheets, start=1)}
    targets |= {"strings": ("sharedStrings", "xl/sharedStrings.xml")}
    targets |= {"styles": ("styles", "xl/styles.xml")} if form.styles else {}
    refers = "".join(
        f'<Relationship Id="{id_}" Type="{REL}/{kind}" Target="{where}{path.removeprefix("xl/")}"/>'
        for id_, (kind, path) in targets.items()
    )
    since = "true" if form.since_1904 else "false"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{REL}/officeDocument" Target="{where}workbook.xml"/></Relationships>'.replace(
            '"workbook.xml', '"xl/workbook.xml'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">'
        f'<workbookPr date1904="{since}"/><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{refers}</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(form.texts)}</sst>',
        **sheets,
    }
    if form.styles:
        parts["xl/styles.xml"] = (
            f'<styleSheet xmlns="{MAIN}"><fills><fill/></fills><cellXfs>'
            '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="true"/></cellXfs></styleSheet>'
        )
    if form.prefix:
        parts = {path: prefixed(text, form.prefix) for path, text in parts.items()}
    return packed({path: text.encode() for path, text in parts.items()})


def prefixed(text: str, prefix: str) -> str:
    """Return a part of a workbook whose elements carry a prefix."""
    if f'xmlns="{MAIN}"' not in text:
        return text
    for name in ("workbook", "workbookPr", "sheets", "sheet", "worksheet", "sheetData", "row",
                 "c", "v", "f", "is", "t", "r", "rPr", "b", "si", "sst", "styleSheet", "fills",
                 "fill", "cellXfs", "xf"):  # fmt: skip
        for end in (" ", ">", "/>"):
            text = text.replace(f"<{name}{end}", f"<{prefix}:{name}{end}")
        text = text.replace(f"</{name}>", f"</{prefix}:{name}>")
    return text.replace(f'xmlns="{MAIN}"', f'xmlns:{prefix}="{MAIN}"')
