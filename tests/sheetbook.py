"""Workbooks of tests, written part by part, so that they may hold what no program writes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from generator.exchange.sheets.grid import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
#: Style → its format; 0 is none.
FORMATS = ("General", "yyyy-mm-dd", "0%", 'yyyy"年"m"月"', "h:mm", '[$-804]yyyy"年"m"月"d"日";@')


def text_cell(place: str, text: str) -> str:
    """Return a cell that holds its text itself."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def number_cell(place: str, number: object, style: int = 0) -> str:
    """Return a cell of a number, with a style by its place in ``FORMATS``."""
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def rows(table: Sequence[Sequence[object]], top: int = 1) -> str:
    """Return rows of texts and numbers; None is no cell, a text with ``<`` first is as it is."""
    found = []
    for number, line in enumerate(table, start=top):
        cells = []
        for column, value in enumerate(line, start=1):
            place = f"{letters(column)}{number}"
            if isinstance(value, str) and value.startswith("<"):
                cells.append(value.replace("HERE", place))
            elif isinstance(value, str):
                cells.append(text_cell(place, value))
            elif value is not None:
                cells.append(number_cell(place, value))
        found.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(found)


def workbook(
    data: str,
    *,
    name: str = "评审",
    after: str = "",
    before: str = "",
    properties: str = "",
    strings: str = "",
    extra: dict[str, bytes] | None = None,
) -> bytes:
    """Return a workbook of one sheet with these rows, and what stands before and after them."""
    own = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for at, code in enumerate(FORMATS)
    )
    styles = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(FORMATS)))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{properties}<sheets>'
        f'<sheet name="{escape(name)}" sheetId="1" r:id="s1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="s1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="s2" Type="{REL}/styles" Target="styles.xml"/>'
        f'<Relationship Id="s3" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>'
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{data}</sheetData>{after}</worksheet>",
    }
    return packed({**{path: text.encode("utf-8") for path, text in parts.items()}, **(extra or {})})


def packed(parts: dict[str, bytes]) -> bytes:
    """Return an archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in parts.items():
            archive.writestr(path, data)
    return stream.getvalue()
