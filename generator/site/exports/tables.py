"""Tables for programs: every column by name, kind and meaning; as CSV and as typed rows.

The ranking has a row a branch. The lines have a row a line of a scorecard: of a criterion, of a
part of one, of the scaling of a section, and of a bonus claim.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import StrEnum

# Any: JSON that packed.shown_json gives.
from typing import TYPE_CHECKING, Any

from generator.reports.scores import BOM, cell
from generator.results.packed import AS_CLAIMED, shown_json
from generator.text.language import gettext, mark
from generator.text.titles import level_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.results.model import BranchResult, Results

#: Branches whose lines are held at once.
CHUNK = 200
#: What stands between several values in one cell of a table.
BETWEEN = " "


class Kind(StrEnum):
    """What a column holds; points are decimals with at most six places."""

    TEXT = "text"
    COUNT = "count"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; what does not exist is null, in CSV an empty cell."""

    name: str
    kind: Kind
    words: str


def text(name: str, words: str) -> Column:
    """Return a column of text."""
    return Column(name, Kind.TEXT, words)


def points(name: str, words: str) -> Column:
    """Return a column of points."""
    return Column(name, Kind.POINTS, words)


def count(name: str, words: str) -> Column:
    """Return a column of whole numbers."""
    return Column(name, Kind.COUNT, words)


RANKING = (
    count("rank", mark("名次；不排名的没有")),
    count("rank_best", mark("可能的最好名次")),
    count("rank_worst", mark("可能的最差名次")),
    text("id", mark("党支部编号")),
    text("name", mark("党支部名称")),
    text("kind", mark("支部类型（考核办法 branch_kinds 的键）")),
    text("consortium", mark("联合体编号")),
    text("societies", mark("所属学会，用顿号隔开")),
    text("status", mark("scored、vetoed、not-submitted 或 unreadable")),
    points("fixed", mark("固定分")),
    points("bonus", mark("加分")),
    points("total", mark("总分")),
    points("low", mark("可能的最低总分")),
    points("high", mark("可能的最高总分")),
    text("grade", mark("等次（考核办法 grades 的编号）；未定的没有")),
    count("assessed", mark("已评小项数")),
    count("criteria", mark("小项总数")),
)

LINES = (
    text("branch", mark("党支部编号")),
    text("name", mark("党支部名称")),
    text("line", mark("criterion（小项）、part（细分）、scaling（折算）或 bonus（加分）")),
    text("section", mark("大项编号")),
    text("criterion", mark("小项编号")),
    text("part", mark("细分编号；细分已含在小项里，不另加")),
    text("rule", mark("加分项编号")),
    text("claim", mark("加分申报编号")),
    text("level", mark("加分级别")),
    text("title", mark("名称")),
    text("clause", mark("条款")),
    points("points", mark("得分；未评的没有")),
    points("max", mark("分值")),
    text("basis", mark("依据；加分是 accepted、rejected、claimed 或 same-matter")),
    points("claimed", mark("自评")),
    points("computed", mark("系统计算")),
    points("verified", mark("核定")),
    text("reason", mark("理由")),
    text("statement", mark("支部说明")),
    text("evidence", mark("佐证的路径，用空格隔开")),
    text("decided_by", mark("核定者")),
    text("decided_on", mark("核定日期")),
    text("question", mark("所依据的待定事项")),
    text("level_title", mark("加分级别的名称")),
)

#: Columns of a year in which claims were taken over as they stand, and of no other.
RANKING_ACCEPTED = (count(AS_CLAIMED, mark("按自评认定的小项数")),)
LINES_ACCEPTED = (text(AS_CLAIMED, mark("按自评认定的是 true，其余没有")),)


def accepting(results: Results) -> bool:
    """Whether any criterion of a year has the points that were claimed, taken over."""
    return any(branch.accepted for branch in results.branches)


def ranking_columns(results: Results) -> tuple[Column, ...]:
    """Return the columns of the ranking of a year."""
    return (*RANKING, *(RANKING_ACCEPTED if accepting(results) else ()))


def line_columns(results: Results) -> tuple[Column, ...]:
    """Return the columns of the lines of a year."""
    return (*LINES, *(LINES_ACCEPTED if accepting(results) else ()))


def ranking_row(branch: BranchResult) -> list[object]:
    """Return a branch as a row of the ranking, with a value for each column there can be."""
    best, worst = branch.rank_range or (None, None)
    return [
        branch.rank, best, worst, branch.id, branch.name, branch.kind, branch.consortium,
        gettext("、").join(branch.societies), branch.status, branch.fixed, branch.bonus,
        branch.total, branch.low, branch.high, branch.grade, branch.done, branch.of,
        branch.accepted,
    ]  # fmt: skip


def line_rows(branch: BranchResult) -> Iterator[list[object]]:
    """Yield the lines of a branch as rows; points are JSON numbers."""
    shown = shown_json(branch.packed, ("lines", "bonus_lines"))
    for line in shown["lines"]:
        yield line_row(branch, line)
    for claim in shown["bonus_lines"]:
        yield bonus_row(branch, claim)


def line_row(branch: BranchResult, line: Mapping[str, Any]) -> list[object]:
    """Return one line of a scorecard, in the form of docs/format.md §7, as a row."""
    what = "part" if line["part"] else "criterion" if line["criterion"] else "scaling"
    return [
        branch.id, branch.name, what, line["section"], line["criterion"], line["part"],
        None, None, None, line["title"], line["clause"], line["points"], line["max"],
        line["basis"], line["claimed"], line["computed"], line["verified"],
        line["reason"], line["statement"], BETWEEN.join(line["evidence"]), line["decided_by"],
        line["decided_on"], line["question"], None, "true" if line.get(AS_CLAIMED) else None,
    ]  # fmt: skip


def bonus_row(branch: BranchResult, line: Mapping[str, Any]) -> list[object]:
    """Return one bonus line, in the form of docs/format.md §7, as a row."""
    return [
        branch.id, branch.name, "bonus", None, None, None, line["rule"], line["claim"],
        line["level"], line["title"], line["clause"], line["points"], None, line["status"],
        None, None, None, line["reason"], line["matter"], BETWEEN.join(line["evidence"]),
        None, None, None, str(level_title(line["level"], line.get("level_title", ""))), None,
    ]  # fmt: skip


def chunks(branches: Sequence[BranchResult]) -> Iterator[Sequence[BranchResult]]:
    """Yield branches some at a time, and at least once."""
    for first in range(0, max(len(branches), 1), CHUNK):
        yield branches[first : first + CHUNK]


def lines_csv(results: Results) -> Iterator[bytes]:
    """Yield all lines as CSV with a byte-order mark and CRLF; text is no formula."""
    stream = io.StringIO()
    stream.write(BOM)
    writer = csv.writer(stream, lineterminator="\r\n")
    columns = line_columns(results)
    writer.writerow([column.name for column in columns])
    texts = [number for number, column in enumerate(columns) if column.kind is Kind.TEXT]
    for branches in chunks(results.branches):
        for branch in branches:
            for row in line_rows(branch):
                for number in texts:
                    if row[number]:
                        row[number] = cell(f"{row[number]}")
                writer.writerow(row[: len(columns)])
        yield stream.getvalue().encode("utf-8")
        stream.seek(0)
        stream.truncate()
