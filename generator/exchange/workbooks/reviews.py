"""The committee's workbook of reviews: what is known of each criterion, and cells to decide in.

Bonus claims have a sheet of their own (``workbooks/bonus``). Only the cells to fill in can be
changed; the rest is protected, without a password. What comes back is read by
``exchange/reviews``.
"""

from __future__ import annotations

# Any: openpyxl ships no types.
from typing import TYPE_CHECKING, Any

from generator.exchange.reviews.criteria import TREATED, Verified, verified_of
from generator.exchange.reviews.rows import stamp_of
from generator.exchange.workbooks.bonus import bonus_rows, bonus_table, offer_answers
from generator.exchange.workbooks.filling import FIRST, evidence, offer, open_cells
from generator.reports.book import HEAD, Column, Kind, Table, begun, fill, legend, saved, sheet_name
from generator.rubric.methods.parts import FAULTY
from generator.scoring.fingerprint import fingerprint
from generator.text.language import gettext, mark, tr
from generator.text.messages import SEMICOLON, Words, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.exchange.workbooks.filling import Asked, Reviewed
    from generator.rubric.document import Criterion
    from generator.scoring.scorecard import Line

LAST_YEAR = mark("{verdict}：{reason}")


def reviews_book(branches: Iterable[Reviewed], asked: Asked) -> bytes:
    """Return the workbook; with one criterion alone there is no sheet of bonus claims."""
    rows: list[list[object]] = []
    claims: list[list[object]] = []
    for branch in branches:
        rows += rows_of(branch, asked)
        claims += bonus_rows(branch, asked) if asked.criterion is None else ()
    told = tr("{year} 年度核定：填浅黄色的格，其余的格是锁定的", year=asked.year)
    tables = [Table(gettext("核定"), told, columns(), rows, stay=4)]
    tables += [bonus_table(claims, asked)] if claims else []
    book = begun()
    book.remove(book.active)
    for table in tables:
        sheet = book.create_sheet(sheet_name(table.name))
        fill(sheet, table, asked.rubric.places)
        open_cells(sheet, len(table.rows))
    check_cells(book.worksheets[0], rows)
    if claims:
        offer_answers(book.worksheets[1], claims, asked)
    legend(book.create_sheet(gettext("怎么读")), tables, asked.about)
    return saved(book)


def columns() -> tuple[Column, ...]:
    """Return the columns: what is known, what is to be filled in, and the stamp."""
    points = Kind.POINTS
    return (
        Column(gettext("年度"), 6, Kind.COUNT),
        Column(gettext("编号"), 10),
        Column(gettext("党支部"), 22),
        Column(gettext("小项编号"), 16),
        Column(gettext("小项"), 18),
        Column(gettext("条款与要求"), 30),
        Column(gettext("分值"), 7, points),
        Column(gettext("自评"), 7, points, gettext("支部自己评的分；空着的没有写")),
        Column(gettext("系统计算"), 8, points, gettext("程序按材料数出的分；空着的不由程序计算")),
        Column(gettext("依据"), 30, told=gettext("系统计算的过程，与评分有关的事实")),
        Column(gettext("支部说明"), 26),
        Column(gettext("材料"), 26, told=gettext("材料的名称和网址，或在仓库里的位置")),
        Column(gettext("上年核定"), 14),
        Column(gettext("核定分"), 8, points, gettext("0 到分值之间；核定分和不适用只填一个")),
        Column(gettext("不适用"), 16, told=f"{listed(TREATED.values())}"),
        Column(gettext("核定理由"), 30, told=gettext("与系统计算（没有的，与自评）不同时要写")),
        Column(gettext("经办"), 12, told=gettext("部门或小组，不写姓名")),
        Column(gettext("印记"), 12, told=gettext("导入时据此判断导出以后有没有变，不要改")),
    )


def rows_of(branch: Reviewed, asked: Asked) -> Iterator[list[object]]:
    """Yield the rows of a branch, a criterion each; what the rubric cannot say is left out."""
    for line in branch.context.card.lines:
        known = asked.rubric.criteria.get(line.criterion or "")
        wanted = asked.criterion in {None, line.criterion}
        if known is not None and line.part is None and wanted and line.reason != say(FAULTY):
            yield row_of(branch, line, known[1], asked)


def row_of(branch: Reviewed, line: Line, criterion: Criterion, asked: Asked) -> list[object]:
    """Return the row of a criterion."""
    context, name = branch.context, line.criterion or ""
    held = context.review.criteria.get(name) if context.review else None
    decision = verified_of(held)
    treated = TREATED.get(decision.not_applicable or "")
    return [
        asked.year,
        context.data.id,
        branch.name,
        name,
        line.title,
        f"{listed([part for part in (line.clause, criterion.requires) if part])}",
        line.max,
        line.claimed,
        line.computed,
        grounds(line),
        line.statement,
        evidence(context, line.evidence, asked),
        last_year(branch, name),
        decision.points,
        treated,
        decision.reason,
        decision.by,
        stamp_of(decision, context.data.id, name, fingerprint(context.data, line)),
    ]


def grounds(line: Line) -> str:
    """Return how the computed points came about, and the facts beside them."""
    told: list[Words] = [line.reason] if line.computed is not None else []
    return f"{listed([*told, *line.facts], SEMICOLON)}"


def last_year(branch: Reviewed, criterion: str) -> str:
    """Return what the committee decided the year before."""
    held = branch.last.criteria.get(criterion) if branch.last else None
    decision = verified_of(held)
    if decision == Verified():
        return ""
    if not decision.reason:
        return f"{decision.verdict}"
    return tr(LAST_YEAR, verdict=decision.verdict, reason=decision.reason)


def check_cells(sheet: Any, rows: Sequence[Sequence[object]]) -> None:
    """Let the program in which it is filled in refuse points out of range, and offer treatments."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - as openpyxl

    offer(sheet, TREATED.values(), range(HEAD + 1, HEAD + len(rows) + 1), FIRST + 1)
    points: dict[object, DataValidation] = {}
    for number, row in enumerate(rows, start=HEAD + 1):
        most = row[6]
        if most not in points:
            made = DataValidation(type="decimal", operator="between", formula1="0",
                                  formula2=f"{most}", allow_blank=True)  # fmt: skip
            made.error, made.errorTitle = tr("应在 0 到 {max} 之间", max=most), gettext("核定分")
            made.showErrorMessage = True
            points[most] = made
            sheet.add_data_validation(made)
        points[most].add(sheet.cell(number, FIRST))
