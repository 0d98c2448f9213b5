"""What sheets share that the committee fills in: of which branches, which cells are open."""

from __future__ import annotations

# Any: openpyxl ships no types.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.reports.book import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from generator.checks import BranchContext
    from generator.formats.committee_files import Review
    from generator.rubric.document import Rubric
    from generator.text.messages import Words

#: Where the columns to fill in begin, and how many they are; the stamp stands behind them.
FIRST, TO_FILL = 14, 4
FILL = "FFF8E1"
#: So long a list of choices may be in a cell, and what none of them may hold.
LONGEST, APART = 250, frozenset(',"')


class Reviewed(NamedTuple):
    """A branch to review: what it filed and how it scores, and last year's decisions."""

    context: BranchContext
    name: str
    last: Review | None


class Asked(NamedTuple):
    """What a workbook is made of: the year, its rubric, one criterion or all, addresses."""

    year: int
    rubric: Rubric
    criterion: str | None
    address: Callable[[str], str]
    about: Sequence[tuple[str, str]]


def evidence(context: BranchContext, paths: Iterable[str], asked: Asked) -> str:
    """Return the evidence, a record a line: its title and where it can be looked at."""
    known = {e.path: e for e in (*context.data.evidence.values(), *context.data.standing.values())}
    found = [known[path] for path in paths if path in known]
    return "\n".join(f"{e.record.title or e.path} {asked.address(e.path)}".strip() for e in found)


def open_cells(sheet: Any, count: int) -> None:
    """Lock all but the cells to fill in; filters, sorting and widths stay free."""
    from openpyxl.styles import PatternFill, Protection  # noqa: PLC0415 - as openpyxl

    colour = PatternFill("solid", start_color=FILL, end_color=FILL)
    for row in range(HEAD + 1, HEAD + count + 1):
        for column in range(FIRST, FIRST + TO_FILL):
            cell = sheet.cell(row, column)
            cell.protection = Protection(locked=False)
            cell.fill = colour
    protection = sheet.protection
    protection.sheet = True
    protection.autoFilter = protection.sort = False
    protection.formatColumns = protection.formatRows = protection.formatCells = False


def offer(sheet: Any, choices: Iterable[Words], rows: Iterable[int], column: int) -> None:
    """Let some cells of a column be chosen from a list; what else stands there is read as well."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - as openpyxl

    words = [f"{choice}" for choice in choices]
    text = ",".join(words)
    if not words or len(text) > LONGEST or any(APART & set(word) for word in words):
        return
    offered = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True)
    offered.showErrorMessage = False
    sheet.add_data_validation(offered)
    for row in rows:
        offered.add(sheet.cell(row, column))
