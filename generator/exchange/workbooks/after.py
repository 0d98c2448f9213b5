"""Lists of what came after the results (第七条): talks, what is to be put right, funds.

Amounts are the committee's own; they are listed and added, and no rule is made of them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from generator.reports.book import Column, Kind, Table
from generator.results.after import by_branch, day_of
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.formats.after import Talk
    from generator.results.after import After, Carried
    from generator.results.model import BranchResult, Results


def tables_after(results: Results, after: After) -> Iterator[Table]:
    """Yield the lists that have anything in them."""
    if after.talks:
        yield talks(results, after)
    if after.carried:
        yield carried(results, after)
    if after.funds:
        yield funds(results, after)


def talks(results: Results, after: After) -> Table:
    """Return the talks after the results of a year, in the order of the file."""
    columns = (
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 28),
        Column(gettext("等次"), 10),
        Column(gettext("谈话日期"), 13, Kind.DAY, gettext("空着的还没有谈")),
        Column(gettext("谈话人"), 14, told=gettext("部门或职务，不写姓名")),
        Column(gettext("谈话情况"), 34),
        Column(gettext("整改要求"), 34),
        Column(gettext("整改期限"), 13, Kind.DAY),
        Column(gettext("整改情况"), 30, told=gettext("没有完成的，下一年度还列出来")),
    )
    known = by_branch(results.branches)
    rows: list[list[object]] = []
    for talk in after.talks:
        own = known.get(talk.branch)
        grade = own.grade_title if own else None
        rows.append([*named(talk.branch, own), grade, talk.held, talk.by, talk.outcome,
                     talk.asked, talk.until, standing(talk)])  # fmt: skip
    heading = tr("{year} 年度考核结果公布后的谈话（{n} 次）", year=results.year, n=len(rows))
    return Table(gettext("谈话"), heading, columns, rows, stay=2)


def named(name: str, own: BranchResult | None) -> tuple[object, object]:
    """Return the id and the name of a branch; a branch that is gone has its id alone."""
    return (own.id, own.name) if own else (name, name)


def standing(talk: Talk) -> str:
    """Return how far what a talk asked has come; nothing where nothing was asked."""
    if talk.asked is None:
        return ""
    if talk.closed is None:
        return gettext("还没有完成")
    done = tr("{day} 完成", day=f"{talk.closed}")
    return tr("{done}：{result}", done=done, result=talk.result) if talk.result else done


def carried(results: Results, after: After) -> Table:
    """Return what talks of earlier years asked and is still open, the oldest first."""
    columns = (
        Column(gettext("年度"), 7, Kind.COUNT, gettext("考核结果的年度，谈话在它之后")),
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 28),
        Column(gettext("谈话日期"), 13, Kind.DAY),
        Column(gettext("谈话人"), 14, told=gettext("部门或职务，不写姓名")),
        Column(gettext("整改要求"), 44),
        Column(gettext("整改期限"), 13, Kind.DAY),
        Column(gettext("现状"), 14),
    )
    known = by_branch(results.branches)
    day = day_of(results)
    rows = [
        [item.year, *named(item.talk.branch, known.get(item.talk.branch)), item.talk.held,
         item.talk.by, item.talk.asked, item.talk.until, lateness(item, day)]
        for item in after.carried
    ]  # fmt: skip
    heading = tr("往年谈话要求、还没有完成的整改（{n} 项）", n=len(rows))
    return Table(gettext("整改"), heading, columns, rows, stay=3)


def lateness(item: Carried, day: str) -> str:
    """Return whether the last day is over, on a day."""
    return gettext("已过期限") if item.is_late(day) else gettext("还没有完成")


def funds(results: Results, after: After) -> Table:
    """Return the amounts that branches are given, in the order of the file, and their sum."""
    columns = (
        Column(gettext("编号"), 10, branch=True),
        Column(gettext("党支部"), 28),
        Column(gettext("等次"), 10),
        Column(gettext("金额"), 14, Kind.MONEY, gettext("元，由党委决定")),
        Column(gettext("用途"), 34),
        Column(gettext("经办"), 14, told=gettext("部门或小组，不写姓名")),
        Column(gettext("日期"), 13, Kind.DAY),
    )
    known = by_branch(results.branches)
    rows: list[list[object]] = []
    for fund in after.funds:
        own = known.get(fund.branch)
        grade = own.grade_title if own else None
        rows.append([*named(fund.branch, own), grade, fund.amount, fund.purpose, fund.by,
                     fund.date])  # fmt: skip
    total = sum((fund.amount for fund in after.funds if fund.amount), Decimal(0))
    heading = tr("{year} 年度考核后发放的经费：{n} 笔，共 {sum} 元", year=results.year,
                 n=len(rows), sum=f"{total:,.2f}")  # fmt: skip
    return Table(gettext("经费"), heading, columns, rows, stay=2)
