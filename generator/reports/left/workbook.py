"""What stands between a year and its end as a workbook: to sort, to share out, to tick off."""

from __future__ import annotations

import io

# Any: openpyxl ships no types.
from typing import TYPE_CHECKING

from generator.reports.book import put
from generator.reports.left.ready import WHO, heading, lines_of, notes
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from generator.engine.freeze.standing import Standing

#: Columns with their widths, in characters.
COLUMNS = (
    (mark("由谁办"), 12),
    (mark("支部编号"), 20),
    (mark("党支部"), 28),
    (mark("事项"), 60),
    (mark("怎么办"), 70),
    (mark("文件"), 50),
    (mark("行号"), 8),
    (mark("规则"), 10),
    (mark("已办"), 8),
)


def as_workbook(standing: Standing) -> bytes:
    """Return the list as a workbook, with an empty column to tick; text is never a formula."""
    import openpyxl  # noqa: PLC0415 - a quarter of a second that no other form waits for
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - likewise

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = tr("{year} 年度", year=standing.year)
    results = standing.evaluation.results
    names = {branch.id: branch.name for branch in results.branches} if results else {}
    lines = lines_of(standing)
    put(sheet, 1, [heading(standing, lines)])
    put(sheet, 2, [gettext(title) for title, _ in COLUMNS])
    for number, line in enumerate(lines, start=3):
        who, branch = gettext(WHO[line.who]), line.branch or ""
        place = (line.path, line.line if line.path else "", line.code)
        put(sheet, number, [who, branch, names.get(branch, ""), line.what, line.settle, *place])
    for number, words in enumerate(notes(standing, lines), start=len(lines) + 4):
        put(sheet, number, [words])
    for number, (_, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[sheet.cell(2, number).column_letter].width = width
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=3, max_row=len(lines) + 2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A3"
    if lines:
        sheet.auto_filter.ref = f"A2:{sheet.cell(2, len(COLUMNS)).column_letter}{len(lines) + 2}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
