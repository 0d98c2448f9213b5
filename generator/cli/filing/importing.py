"""``appraise import``: packages that branches send, and sheets of the office by their kind."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from generator.cli.common import (
    ERRORS,
    DayType,
    EnvironmentProblem,
    answers,
    common,
    prepare,
    unwritten,
)
from generator.cli.filing import sheets
from generator.cli.line.handing import Handing
from generator.cli.line.saying import argument, option
from generator.reports.progress import ProgressLine
from generator.text.days import day_of
from generator.text.language import gettext, mark, tr
from generator.text.names import visible

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from generator.cli.line.saying import Command
    from generator.proposals.packages.bringing import How, Judged
    from generator.proposals.packages.opened import Package

#: First words that mean a kind of sheet; anything else is a path.
SHEETS = ("attendance", "branches", "due", "ballots", "reviews")
#: Exit status where a package cannot be read, or the place cannot be written.
UNREADABLE = 2


class Named(NamedTuple):
    """A package as messages call it, and whether it is one of several."""

    path: str
    several: bool


class Importing(Handing):
    """A command for packages that hands over to another where its first word names a sheet."""

    heading = mark("也可以导入")

    @property
    def others(self) -> Mapping[str, Command]:
        """Kind → command of the sheets that can be imported."""
        return {kind: sheets.OFFERED[kind] for kind in SHEETS if kind in sheets.OFFERED}


@click.command(cls=Importing, name="import", help=mark("导入支部送来的报送包"))
@argument("packages", metavar="报送包…", nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--commit", is_flag=True, help="提交到单独的分支，不动工作区")
@option("--received", type=DayType(), default=None, metavar="日期", help="登记收到报送包的日期")
@option("--as-committee", is_flag=True, help="导入党委自己的报送包")
@option("--keep-errors", is_flag=True, help="带来错误也导入")
@common
def importing(
    packages: tuple[Path, ...],
    *,
    commit: bool,
    received: datetime.date | None,
    as_committee: bool,
    keep_errors: bool,
    root: Path | None,
    lang: str | None,
) -> None:
    """Take packages in, each whole or not at all."""
    from generator.proposals.packages.bringing import How

    where = prepare(root, lang)
    now = int(time.time())
    if received is not None and received > day_of(now):
        raise EnvironmentProblem(tr("收到日期 {day} 还没有到：请检查 --received", day=received))
    progress = ProgressLine(gettext("读取党支部"))
    how = How(commit, received, as_committee, keep_errors, now, progress)
    with answers("HEAD", root=where):
        statuses = [
            take(where, path, how, progress, several=len(packages) > 1) for path in packages
        ]
    if any(statuses):
        sys.exit(max(statuses))


def take(root: Path, path: Path, how: How, progress: ProgressLine, *, several: bool) -> int:
    """Take one package in; return the exit status that it gives. One of several has a heading."""
    from generator.files.writing import UnwrittenError
    from generator.formats.writing import UneditableError
    from generator.proposals.packages.bringing import NoHistoryError, NotAsCommitteeError
    from generator.proposals.packages.manifest import PackageError
    from generator.proposals.packages.opened import opened

    name = visible(f"{path}")
    try:
        with opened(path) as package:
            return hold(root, Named(name, several), package, how)
    except PackageError as error:
        words = tr("“{path}”没有导入：{words}", path=name, words=f"{error.words}")
    except NotAsCommitteeError:
        words = tr("“{path}”没有导入：这是党委的报送包，要加 --as-committee 才导入", path=name)
    except NoHistoryError:
        words = tr("“{path}”没有导入：这里没有 git 历史，不能用 --commit", path=name)
    except UneditableError:
        words = tr(
            "“{path}”没有导入：登记收到日期的文件读不懂，请先按 appraise check 改正", path=name
        )
    except UnwrittenError as error:
        words = unwritten(error).format_message()
    finally:
        progress.close()
    click.echo(tr("错误：{words}", words=words), err=True)
    return UNREADABLE


def hold(root: Path, name: Named, package: Package, how: How) -> int:
    """Judge a package and write it; return the exit status that it gives."""
    from generator.proposals.packages.bringing import commit, judge, undivided, write

    if how.commit:
        judged = judge(root, package, how)
        if not said(name, judged, how):
            return status_of(judged)
        if not commit(root, package.manifest, judged, how.seconds):
            click.echo(known(name.path, tr("分支 {name} 上", name=judged.branch)))
            return 0
        told = tr("已提交到分支 {name}，工作区没有改动", name=judged.branch)
    else:
        with undivided(root) as completed:
            if completed:
                click.echo(gettext("上次中断的导入已经补完"), err=True)
            judged = judge(root, package, how)
            if not said(name, judged, how):
                return status_of(judged)
            write(root, package.manifest, judged)
        told = gettext("已写入工作区，还没有提交：请核对后提交")
    finish(package, judged, how)
    click.echo(told, err=True)
    return 0


def finish(package: Package, judged: Judged, how: How) -> None:
    """Print the receipt to send back."""
    from generator.reports.packages import receipt

    day = how.received or day_of(how.seconds)
    click.echo()
    click.echo(receipt(package.manifest, day, judged.impact), nl=False)
    if how.received is not None and judged.days is None:
        click.echo(gettext("报送包里没有新的记录，收到日期没有登记"), err=True)


def known(name: str, where: str) -> str:
    """Say that a package is in already."""
    return tr("“{path}”已经在{where}，没有改动任何文件", path=name, where=where)


def status_of(judged: Judged) -> int:
    """Return the exit status of a package that is not written."""
    return 0 if judged.already is not None else ERRORS


def said(name: Named, judged: Judged, how: How) -> bool:
    """Print what a package brings, or what speaks against it; return whether it is written."""
    from generator.reports.findings import as_text
    from generator.reports.impact.table import as_table
    from generator.reports.packages import dirty_lines, misfit_lines

    if judged.already is not None and not judged.findings:
        click.echo(known(name.path, f"{judged.already}"))
        return False
    if name.several:
        click.echo(tr("—— 报送包 {path} ——", path=name.path))
    click.echo(as_text(judged.findings), nl=False)
    for line in (*misfit_lines(judged), *dirty_lines(judged.dirty)):
        click.echo(line)
    if judged.unfit:
        words = tr("“{path}”没有导入：{why}", path=name.path, why=against(judged, how))
        click.echo(words, err=True)
        return False
    if judged.impact is None:
        return False
    kept = not judged.errors or how.keep_errors
    click.echo(as_table(judged.impact, lasting=how.commit and kept), nl=False)
    if kept:
        return True
    words = tr(
        "“{path}”没有导入：它带来 {n} 个错误。请支部改正后重新送来；先收下再改的，加 --keep-errors",
        path=name.path,
        n=judged.errors,
    )
    click.echo(words, err=True)
    return False


def against(judged: Judged, how: How) -> str:
    """Say why a package may not be written, and what to do."""
    if judged.closed:
        return gettext("它含有不允许的文件，请支部按上面的提示改正后重新送来")
    if judged.misfits:
        return tr(
            "{n} 个文件与主线对不上，请支部取得最新的材料，在其中重新修改后再送来",
            n=len(judged.misfits),
        )
    if how.commit:
        return gettext("它的分支已经有了别的内容")
    return tr(
        "{n} 处不能写入，请先提交或放弃这里的改动，或者用 --commit 提交到单独的分支",
        n=len(judged.dirty),
    )
