"""``appraise new``: a record from answers, asked for at a terminal or given by options."""

from __future__ import annotations

from dataclasses import replace

# Any: click hands options to a command by their names, each of its own type.
from typing import TYPE_CHECKING, Any

import click

from generator.cli.common import (
    EnvironmentProblem,
    UnknownBranch,
    answers,
    common,
    prepare,
)
from generator.cli.filing.completing import branch_or_nothing, set_values
from generator.cli.filing.making import Asked, Making, is_terminal, spelled
from generator.cli.line.completion import years
from generator.cli.line.handing import Handing
from generator.cli.line.saying import argument, option
from generator.files.paths import is_branch_id
from generator.text.language import gettext, mark, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.cli.line.saying import Command
    from generator.engine.year import Means
    from generator.files.tree import Tree
    from generator.proposals.filing.desk import Desk

YEAR = "year"
KINDS = ("branch", YEAR, "activity", "document", "claim", "bonus")
NOT_YET = {
    "review": mark("{year} 年已经进入评审：现在改动会使已作的核定过期"),
    "publicity": mark("{year} 年正在公示：支部的改动不再收，要改的先问党委"),
}


class New(Handing):
    """A command that makes something new; a year has a command of its own."""

    heading = mark("也可以新建")

    @property
    def others(self) -> Mapping[str, Command]:
        """What is made → its command."""
        from generator.cli.filing.new_year import new_year

        return {YEAR: new_year}


@click.command(cls=New, help=mark("按提问写一条新的记录：支部、年度、活动、材料、自评、加分申报"))
@argument("what", type=click.Choice(KINDS))
@argument("name", required=False, metavar="[支部编号]", shell_complete=branch_or_nothing)
@option(
    "--set",
    "sets",
    multiple=True,
    metavar="项目=内容",
    shell_complete=set_values,
    help="填一项，可以写几次，例如 --set title=主题党日",
)
@option(
    "--attach",
    "files",
    multiple=True,
    metavar="文件",
    help="附件，可以写几次，去掉定位、作者等信息复制到记录旁边；"
    "要指明是哪一项的，写 --attach plan=方案.pdf",
)
@option("--like", default=None, metavar="记录", help="照着另一条填：往年（2024）或记录的路径")
@option("--year", type=int, default=None, metavar="年度", shell_complete=years, help="年度")
@option("--yes", is_flag=True, help="不再询问，直接写入")
@option("--dry-run", is_flag=True, help="只输出文件的内容，不写入")
@common
def new(root: Path | None, lang: str | None, year: int | None, **options: Any) -> None:
    """Make a record; exit 1 where it has errors, 2 where something is missing."""
    from generator.engine.narrow.contents import ContentStore
    from generator.engine.snapshot import means_of, snapshot_of

    asked = Asked(**options)
    if asked.what == YEAR:
        raise click.UsageError(gettext("开始新的一年，写作 appraise new year 2026"))
    where = prepare(root, lang)
    with answers("HEAD", root=where), snapshot_of(where) as snapshot:
        means = replace(means_of(where, snapshot, keep=False), contents=ContentStore.at(where))
        desk = desk_of(snapshot.tree, means, year, asked)
        tell_stage(desk)
        with spelled():
            Making(where, desk, asked).run()


def desk_of(tree: Tree, means: Means, year: int | None, asked: Asked) -> Desk:
    """Return what is chosen from: the year asked for or that is open, and the branch."""
    from generator.proposals.filing.desk import Desk, UnreadableRubricError, year_to_file

    chosen = year_to_file(tree) if year is None else year
    if chosen is None:
        words = gettext("没有可以填报的年度：请先写 committee/<年度>/appraisal.yml")
        raise EnvironmentProblem(words)
    try:
        desk = Desk(tree, chosen, branch_of(Desk(tree, chosen, "", means), asked), means)
    except UnreadableRubricError:
        words = gettext(
            "考核办法 rubric.yml 读不懂，不知道要填什么：先按 appraise check 的提示改正"
        )
        raise EnvironmentProblem(words) from None
    if not desk.repository.knows(chosen):
        raise EnvironmentProblem(tr("没有 {year} 年的数据", year=chosen))
    if desk.is_frozen and asked.what != "branch":
        raise EnvironmentProblem(tr("{year} 年已经定稿，不能再填报", year=chosen))
    return desk


def branch_of(desk: Desk, asked: Asked) -> str:
    """Return the id of the branch that is meant; asks for it at a terminal."""
    if asked.what == "branch":
        name = asked.name or desk.next_branch
        if not is_branch_id(name):
            words = tr("“{id}”不是合法的编号：只用小写字母、数字和短横线", id=visible(name))
            raise EnvironmentProblem(words)
        return name
    if asked.name is None and is_terminal():
        from generator.cli.filing.dialogue import branch_asked

        return branch_asked(desk)
    if asked.name is None:
        from generator.text.messages import some
        from generator.text.unknown import NAMED

        names = some(sorted(desk.repository.all_ids), NAMED)
        raise click.UsageError(tr("缺少支部编号；现有：{names}", names=names))
    return known_branch(desk, asked.name)


def known_branch(desk: Desk, name: str) -> str:
    """Return the id that a name is, or whose title it is; raises UnknownBranch."""
    from generator.proposals.filing.answers import SAME_TITLE
    from generator.text.messages import listed
    from generator.text.titles import AmbiguousChoiceError, UnknownChoiceError, chosen

    if name in desk.repository.all_ids:
        return name
    try:
        return chosen(name, desk.branches)
    except AmbiguousChoiceError as error:
        words = tr(SAME_TITLE, text=visible(name), ids=listed(error.ids))
        raise EnvironmentProblem(words) from None
    except UnknownChoiceError:
        raise UnknownBranch(name, desk.repository.branch_ids) from None


def tell_stage(desk: Desk) -> None:
    """Say that a year is beyond filing, where the guard or the committee may mind."""
    words = NOT_YET.get(desk.stage)
    if words:
        click.echo(tr(words, year=desk.year), err=True)
