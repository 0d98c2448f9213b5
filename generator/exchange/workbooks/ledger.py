"""The ledger of a year (考核汇总表): branches, criteria, lost points with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.reports.book import Column, Kind, Table, made_from, workbook
from generator.reports.explain import BASIS_WORDS
from generator.reports.scores import grade_words, status_words
from generator.scoring.scorecard import Basis, Status
from generator.text.language import gettext, mark, tr
from generator.text.titles import level_title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric

#: What points can rest on, and the title of its column.
BASES = {
    "verified": mark("核定"),
    "computed": mark("系统计算"),
    "accepted": mark("按自评认定"),
    "claimed": mark("自评"),
    "pending": mark("未评"),
}
#: What became of a bonus claim.
CLAIMS = {
    "accepted": mark("已认定"),
    "rejected": mark("不认定"),
    "claimed": mark("自评"),
    "same-matter": mark("同一事项"),
}


def ledger(results: Results, rubric: Rubric) -> bytes:
    """Return the ledger of a year as a workbook."""
    tables = (
        summary(results, rubric),
        criteria(results, rubric),
        lost(results, rubric),
        bonuses(results),
    )
    return workbook(tables, made_from(results), rubric.places, gettext("无"))


def summary(results: Results, rubric: Rubric) -> Table:
    """Return a row a branch: rank, sections, total, grade, and what the total rests on."""
    points = Kind.POINTS
    columns = (
        Column(gettext("名次"), 6, Kind.COUNT, gettext("空着的不排名：一票否决、未报送或无法计分")),
        Column(gettext("可能的名次"), 9, told=gettext("评定完以后，名次可能在这个范围里")),
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 26),
        Column(gettext("类型"), 8),
        Column(gettext("联合体"), 14),
        *(Column(s.title, 9, points, s.clause) for s in rubric.sections),
        Column(gettext("固定分"), 8, points, gettext("各大项之和")),
        Column(gettext("加分"), 8, points),
        Column(gettext("总分"), 8, points, gettext("固定分加上加分；空着的没有结果")),
        Column(gettext("下限"), 8, points, gettext("自评全不认可时的总分")),
        Column(gettext("上限"), 8, points, gettext("自评全认可、未评的得满分时的总分")),
        Column(gettext("等次"), 10),
        Column(gettext("说明"), 10, told=gettext("一票否决、未报送、无法计分的在这里写明")),
        *(Column(tr("依据：{basis}", basis=gettext(title)), 8, points,
                 gettext("满分中有多少分值以此为依据")) for title in BASES.values()),
    )  # fmt: skip
    rows = [summary_row(branch, rubric) for branch in results.branches]
    return Table(gettext("汇总"), heading(results), columns, rows, stay=4)


def heading(results: Results) -> str:
    """Return what a sheet of a year is headed with: the year, and its stage until it is final."""
    if results.stage == "final":
        return tr("{year} 年度党支部考核汇总表", year=results.year)
    return tr("{year} 年度党支部考核汇总表（未定稿，仅供内部使用）", year=results.year)


def summary_row(branch: BranchResult, rubric: Rubric) -> list[object]:
    """Return a branch as a row of the summary."""
    scored = branch.total is not None
    return [
        branch.rank,
        rank_range(branch),
        branch.id,
        branch.name,
        branch.kind_title,
        branch.consortium_title,
        *(branch.sections.get(s.id) if scored else None for s in rubric.sections),
        branch.fixed,
        branch.bonus,
        branch.total,
        branch.low,
        branch.high,
        grade_words(branch),
        status_words(branch),
        *(branch.maxima.get(basis) if scored else None for basis in BASES),
    ]


def rank_range(branch: BranchResult) -> str:
    """Return the ranks that a branch may still have; empty where it is sure or has none."""
    best, worst = branch.rank_range or (branch.rank, branch.rank)
    return "" if best == worst else f"{best}–{worst}"


def criteria(results: Results, rubric: Rubric) -> Table:
    """Return a row a branch and a column a criterion: its points; empty where nobody knows yet."""
    columns = [Column(gettext("编号"), 10, branch=True), Column(gettext("党支部"), 26)]
    for section, criterion in rubric.criteria.values():
        told = tr("{section}，{clause}，满分 {points}", section=section.title,
                  clause=criterion.clause, points=criterion.points)  # fmt: skip
        columns.append(Column(criterion.title, 9, Kind.POINTS, told))
    rows = [list(points_row(branch, rubric)) for branch in scored(results)]
    told = tr("{year} 年度各小项得分（空着的未评或不适用）", year=results.year)
    return Table(gettext("各小项"), told, tuple(columns), rows, stay=2)


def points_row(branch: BranchResult, rubric: Rubric) -> Iterator[object]:
    """Yield the cells of a branch: its id and name, then the points of each criterion."""
    found = {line.criterion: line for line in branch.criteria if line.criterion}
    yield from (branch.id, branch.name)
    for name in rubric.criteria:
        line = found.get(name)
        applies = line is not None and line.basis is not Basis.NOT_APPLICABLE
        yield line.points if line is not None and applies else None


def lost(results: Results, rubric: Rubric) -> Table:
    """Return a row a lost point: how many, why, on which basis."""
    columns = (
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 22),
        Column(gettext("大项"), 12),
        Column(gettext("条款"), 13),
        Column(gettext("小项"), 20),
        Column(gettext("分值"), 8, Kind.POINTS),
        Column(gettext("得分"), 8, Kind.POINTS),
        Column(gettext("失分"), 8, Kind.POINTS, gettext("分值减去得分；未评的不在表里")),
        Column(gettext("依据"), 10),
        Column(gettext("理由"), 48),
        Column(gettext("支部说明"), 26),
    )
    titles = {section.id: section.title for section in rubric.sections}
    rows = [
        [branch.id, branch.name, titles.get(line.section, ""), line.clause, f"{line.title}",
         line.max, line.points, less, gettext(BASIS_WORDS[line.basis]), f"{line.reason}",
         line.statement]
        for branch in scored(results)
        for line in branch.criteria
        if line.basis is not Basis.NOT_APPLICABLE
        and (less := missing(line.max, line.points)) is not None
    ]  # fmt: skip
    return Table(
        gettext("失分"), tr("{year} 年度失分与理由", year=results.year), columns, rows, stay=2
    )


def missing(most: Decimal | None, points: Decimal | None) -> Decimal | None:
    """Return how many points are lost, None for none or where nobody knows."""
    return most - points if most is not None and points is not None and points < most else None


def bonuses(results: Results) -> Table:
    """Return a row a bonus claim."""
    columns = (
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 22),
        Column(gettext("加分项"), 20),
        Column(gettext("条款"), 13),
        Column(gettext("级别"), 10),
        Column(gettext("事项"), 36),
        Column(gettext("加分"), 8, Kind.POINTS),
        Column(gettext("状态"), 12),
        Column(gettext("理由"), 40),
    )
    rows = [
        [branch.id, branch.name, line.title, line.clause,
         f"{level_title(line.level, line.level_title)}", line.matter, line.points,
         gettext(CLAIMS.get(line.status, line.status)), f"{line.reason}"]
        for branch in scored(results)
        for line in branch.bonus_lines
    ]  # fmt: skip
    return Table(
        gettext("加分"), tr("{year} 年度加分申报", year=results.year), columns, rows, stay=2
    )


def scored(results: Results) -> list[BranchResult]:
    """Return the branches that have a scorecard, also where they are vetoed."""
    return [b for b in results.branches if b.status in {Status.SCORED, Status.VETOED} and b.of]
