"""The lists that results are for (第七条): to encourage, to talk to, for societies, for funds."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from generator.exchange.workbooks.after import standing, tables_after
from generator.exchange.workbooks.ledger import CLAIMS, scored
from generator.reports.book import Column, Kind, Table, made_from, workbook
from generator.results.after import NOTHING
from generator.text.language import gettext, tr
from generator.text.messages import SEMICOLON, listed
from generator.text.numbers import plain
from generator.text.titles import level_title

if TYPE_CHECKING:
    from generator.results.after import After
    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Band, Rubric

VERIFIED = "verified"


def lists(results: Results, rubric: Rubric, after: After = NOTHING) -> bytes:
    """Return the lists of a year as a workbook."""
    found = tables(results, rubric, after)
    return workbook(found, made_from(results), rubric.places, gettext("无"))


def tables(results: Results, rubric: Rubric, after: After = NOTHING) -> list[Table]:
    """Return the lists of a year, as workbook and page show them.

    ``after`` is what the committee wrote down since: talks and funds, which results do not hold.
    """
    return [
        *(by_grade(results, band) for band in rubric.grades[:1]),
        *(to_talk_to(results, band, after) for band in rubric.grades[-1:]),
        by_society(results),
        by_bonus(results, rubric),
        funds(results, after),
        *tables_after(results, after),
    ]


def by_grade(results: Results, band: Band) -> Table:
    """Return the branches of the best grade, by rank."""
    columns = (
        Column(gettext("名次"), 7, Kind.COUNT),
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 28),
        Column(gettext("联合体"), 16),
        Column(gettext("学会"), 30),
        Column(gettext("总分"), 9, Kind.POINTS),
        Column(gettext("理由"), 30, told=gettext("等次与分数算出的不同时，党委写的理由")),
    )
    rows = [
        [b.rank, b.id, b.name, b.consortium_title, societies(b), b.total, b.grade_reason]
        for b in results.branches
        if b.grade == band.id
    ]
    heading = tr("{year} 年度考核{grade}的党支部（予以激励）", year=results.year, grade=band.title)
    return Table(band.title, heading, columns, rows, stay=3)


def to_talk_to(results: Results, band: Band, after: After) -> Table:
    """Return the branches of the worst grade, each with clause, reason and its last talk."""
    columns = (
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 28),
        Column(gettext("联合体"), 16),
        Column(gettext("总分"), 9, Kind.POINTS),
        Column(gettext("条款"), 20),
        Column(gettext("理由"), 46),
        Column(gettext("谈话日期"), 14, Kind.DAY, gettext("空着的还没有谈")),
        Column(gettext("整改情况"), 30, told=gettext("没有完成的，下一年度还列出来")),
    )
    rows = [
        [b.id, b.name, b.consortium_title, b.total, *why(b, band), *last_talk(b, after)]
        for b in results.branches
        if b.grade == band.id
    ]
    heading = tr("{year} 年度考核{grade}的党支部（约谈书记）", year=results.year, grade=band.title)
    return Table(band.title, heading, columns, rows, stay=2)


def last_talk(branch: BranchResult, after: After) -> tuple[object, object]:
    """Return the day of the last talk with a branch, and how far what it asked has come."""
    held = [talk for talk in after.talks_of(branch) if talk.held]
    last = max(held, key=lambda talk: talk.held or datetime.date.min, default=None)
    return (last.held, standing(last)) if last else (None, None)


def why(branch: BranchResult, band: Band) -> tuple[str, str]:
    """Return the clauses and reasons for which a branch has the worst grade."""
    found = [veto for veto in branch.vetoes if veto.state == VERIFIED]
    if found:
        clauses = listed(dict.fromkeys(veto.clause for veto in found))
        told = [tr("{title}：{reason}", title=v.title, reason=f"{v.reason}") for v in found]
        return f"{clauses}", f"{listed(told, SEMICOLON)}"
    if branch.grade_reason:
        return "", branch.grade_reason
    if branch.total is None:
        return "", gettext("没有结果")
    return "", tr("总分 {total}，未到上一等次", total=plain(branch.total), grade=band.title)


def by_society(results: Results) -> Table:
    """Return a row a society and branch, for what societies are appraised by."""
    columns = (
        Column(gettext("学会"), 30),
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 28),
        Column(gettext("名次"), 7, Kind.COUNT),
        Column(gettext("总分"), 9, Kind.POINTS),
        Column(gettext("等次"), 10),
    )
    rows = sorted(
        ([name, b.id, b.name, b.rank, b.total, b.grade_title]
         for b in results.branches for name in b.societies),
        key=lambda row: (f"{row[0]}", f"{row[1]}"),
    )  # fmt: skip
    heading = tr("{year} 年度各学会党支部考核结果（供学会考评）", year=results.year)
    return Table(gettext("学会"), heading, columns, rows, stay=1)


def by_bonus(results: Results, rubric: Rubric) -> Table:
    """Return the bonus claims in the order of the rules, for awards."""
    columns = (
        Column(gettext("加分项"), 22),
        Column(gettext("条款"), 14),
        Column(gettext("级别"), 10),
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 28),
        Column(gettext("事项"), 40),
        Column(gettext("加分"), 8, Kind.POINTS),
        Column(gettext("状态"), 12),
    )
    order = [rule.id for rule in rubric.bonus.rules] if rubric.bonus else []
    found = [(order.index(line.rule) if line.rule in order else len(order), b, line)
             for b in scored(results) for line in b.bonus_lines]  # fmt: skip
    rows = [
        [line.title, line.clause, f"{level_title(line.level, line.level_title)}", b.id, b.name,
         line.matter, line.points, gettext(CLAIMS.get(line.status, line.status))]
        for _, b, line in sorted(found, key=lambda item: (item[0], item[1].id, item[2].claim))
    ]  # fmt: skip
    heading = tr("{year} 年度加分事项（供评先评优）", year=results.year)
    return Table(gettext("加分事项"), heading, columns, rows, stay=1)


def funds(results: Results, after: After) -> Table:
    """Return what funds are shared out by; how much a branch is given the committee decides."""
    columns = (
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 28),
        Column(gettext("党员数"), 8, Kind.COUNT),
        Column(gettext("名次"), 7, Kind.COUNT),
        Column(gettext("总分"), 9, Kind.POINTS),
        Column(gettext("等次"), 10),
        Column(gettext("经费"), 14, Kind.MONEY, gettext("元；办法没有写算法，由党委决定")),
    )
    rows = [
        [b.id, b.name, b.members, b.rank, b.total, b.grade_title, after.given(b)]
        for b in results.branches
    ]
    heading = tr("{year} 年度党建经费分配依据", year=results.year)
    return Table(gettext("经费依据"), heading, columns, rows, stay=2)


def societies(branch: BranchResult) -> str:
    """Return the societies of a branch in one cell."""
    return f"{listed(branch.societies)}"
