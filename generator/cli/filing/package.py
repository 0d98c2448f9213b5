"""``appraise package``: a package of what a branch changed on the disk."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    ERRORS,
    YEAR,
    EnvironmentProblem,
    UnknownBranch,
    answers,
    common,
    prepare,
    unwritten,
)
from generator.cli.line.completion import branch_ids, folders
from generator.cli.line.saying import argument, command, option
from generator.files.paths import BRANCHES
from generator.text.language import gettext, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from generator.proposals.packages.making import Made


@command("把支部改过的材料做成一个报送包")
@argument("branch", metavar="支部编号", shell_complete=branch_ids)
@argument("file", metavar="文件.zip", type=click.Path(path_type=Path, dir_okay=False))
@YEAR
@option("--since", metavar="版本", default=None, help="与哪个版本比较，默认为主线")
@common
def package(
    branch: str,
    file: Path,
    year: int | None,
    since: str | None,
    root: Path | None,
    lang: str | None,
) -> None:
    """Make a package of what differs on the disk."""
    from generator.files.writing import UnwrittenError, write_whole
    from generator.proposals.packages.making import make
    from generator.proposals.packages.manifest import PackageError
    from generator.reports.packages import contents

    where = prepare(root, lang)
    known = folders(where, BRANCHES)
    if branch not in known:
        raise UnknownBranch(branch, known)
    with answers(since or "HEAD", root=where):
        chosen = year if year is not None else newest(where)
        try:
            made = make(where, branch, chosen, since)
        except PackageError as error:
            click.echo(tr("错误：{words}", words=f"{error.words}"), err=True)
            sys.exit(ERRORS)
    if made is None:
        words = tr("“{id}”{year} 年的材料没有改动，不必报送", id=branch, year=chosen)
        raise EnvironmentProblem(words)
    refuse(made)
    try:
        write_whole(file, made.data)
    except UnwrittenError as error:
        raise unwritten(error) from None
    click.echo("\n".join(contents(made.manifest)))
    if made.left_out:
        names = gettext("、").join(visible(path) for path in made.left_out)
        click.echo(tr("没有放进去（不属于材料）：{names}", names=names), err=True)
    click.echo(tr("已写入 {path}", path=visible(f"{file}")), err=True)


def newest(root: Path) -> int:
    """Return the year that commands take by default; raises UnknownYearError without any."""
    from generator.engine.repository import UnknownYearError, default_year, open_repository
    from generator.files.tree import WorkingTree

    found = default_year(open_repository(WorkingTree(root)))
    if found is None:
        raise UnknownYearError(None)
    return found


def refuse(made: Made) -> None:
    """Exit 1 with the names of what nobody would import."""
    from generator.reports.findings import as_text

    click.echo(as_text(made.findings), nl=False)
    if any(finding.severity == "error" for finding in made.findings):
        click.echo(gettext("没有生成报送包：请先改正上面的问题"), err=True)
        sys.exit(ERRORS)
