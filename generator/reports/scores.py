"""Results as a table for people, and as CSV that opens in Excel."""

from __future__ import annotations

import csv
import io
import unicodedata
from typing import TYPE_CHECKING

from generator.reports.findings import safe
from generator.results.packed import AS_CLAIMED
from generator.scoring.scorecard import Status
from generator.text.language import gettext, tr
from generator.text.numbers import figure, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult, Results

BOM = "\ufeff"
FORMULA_STARTS = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
CSV_COLUMNS = (
    "rank", "rank_best", "rank_worst", "id", "name", "kind", "consortium", "societies", "status",
    "fixed", "bonus", "total", "low", "high", "grade", "assessed", "criteria",
)  # fmt: skip

STATUS_WORDS = {
    Status.SCORED: "",
    Status.VETOED: "一票否决",
    Status.NOT_SUBMITTED: "未报送",
    Status.UNREADABLE: "无法计分",
}


def number(value: Decimal | None) -> str:
    """Write a figure, or a dash."""
    return "—" if value is None else plain(value)


def grade_words(branch: BranchResult) -> str:
    """Word the grade; 未定 where it cannot be said yet."""
    return branch.grade_title or gettext("未定等次")


def status_words(branch: BranchResult) -> str:
    """Word a status that is out of the ordinary."""
    words = STATUS_WORDS[Status(branch.status)]
    return gettext(words) if words else ""


def width(text: str) -> int:
    """Return the columns that a terminal gives to ``text``."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, size: int, *, right: bool = False) -> str:
    """Pad to a width in terminal columns."""
    space = " " * max(0, size - width(text))
    return space + text if right else text + space


def as_table(results: Results, ids: Sequence[str] = ()) -> str:
    """Return the ranking as an aligned table."""
    header = [
        gettext(word)
        for word in (
            "名次",
            "范围",
            "编号",
            "党支部",
            "固定分",
            "加分",
            "总分",
            "区间",
            "等次",
            "已评",
        )
    ]
    told = [b for b in results.branches if not ids or b.id in ids]
    rows = [table_row(branch) for branch in told]
    if any(branch.accepted for branch in results.branches):
        header.append(gettext("按自评认定"))
        rows = [[*row, f"{b.accepted}"] for row, b in zip(rows, told, strict=True)]
    sizes = [max(width(row[i]) for row in [header, *rows]) for i in range(len(header))]
    right = {0, 1, 4, 5, 6, 7, 9, 10}
    lines = [tr("{year} 年度考核（{stage}）", year=results.year, stage=results.stage)]
    for row in [header, *rows]:
        cells = [pad(cell, sizes[i], right=i in right) for i, cell in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def table_row(branch: BranchResult) -> list[str]:
    """Return the cells of one branch."""
    span = branch.rank_range
    return [
        number_or_dash(branch.rank),
        f"{span[0]}–{span[1]}" if span else "—",
        branch.id,
        safe(branch.name),
        number(branch.fixed),
        number(branch.bonus),
        number(branch.total),
        f"{number(branch.low)}–{number(branch.high)}" if branch.low is not None else "—",
        status_words(branch) or grade_words(branch),
        f"{branch.done}/{branch.of}",
    ]


def number_or_dash(value: int | None) -> str:
    """Write a rank, or a dash."""
    return "—" if value is None else str(value)


def cell(text: str) -> str:
    """Return text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def as_csv(results: Results, ids: Sequence[str] = ()) -> str:
    """Return the ranking as CSV with a byte-order mark and CRLF (RFC 4180)."""
    stream = io.StringIO()
    stream.write(BOM)
    writer = csv.writer(stream, lineterminator="\r\n")
    accepted = any(branch.accepted for branch in results.branches)
    writer.writerow([*CSV_COLUMNS, *([AS_CLAIMED] if accepted else [])])
    for branch in results.branches:
        if not ids or branch.id in ids:
            writer.writerow([*csv_row(branch), *([branch.accepted] if accepted else [])])
    return stream.getvalue()


def csv_row(branch: BranchResult) -> list[object]:
    """Return the values of one branch; figures stay numbers, text is guarded."""
    span = branch.rank_range or ("", "")
    figures = (branch.fixed, branch.bonus, branch.total, branch.low, branch.high)
    return [
        "" if branch.rank is None else branch.rank,
        *span,
        cell(branch.id),
        cell(branch.name),
        cell(branch.kind or ""),
        cell(branch.consortium or ""),
        cell(gettext("、").join(branch.societies)),
        branch.status,
        *("" if value is None else figure(value) for value in figures),
        cell(branch.grade or ""),
        branch.done,
        branch.of,
    ]
