"""The archive of a year: one folder that is read without the program."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    Computing,
    EnvironmentProblem,
    at_work,
    common,
    computing_site,
    prepare,
    unwritten,
)
from generator.cli.ending.export.making import told_of
from generator.cli.ending.export.papers import templates
from generator.cli.line.completion import years
from generator.cli.line.saying import argument, command, option
from generator.engine.evaluate import evaluate
from generator.files.writing import UnwrittenError
from generator.reports.book import PUBLISHED
from generator.reports.progress import ProgressLine
from generator.results.audience import Audience
from generator.text.language import gettext, language, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.archive.source import Source
    from generator.site.build.running import Own

AUDIENCES = tuple(audience.value for audience in Audience)


@command("档案：一个年度的文书、表格、网页、数据和校验码，放进一个文件夹，不用程序就能看")
@argument("year", metavar="年度", type=int, shell_complete=years)
@argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default=Audience.INTERNAL.value,
    help="给谁看：internal 内部存档（默认），public 只有公开的内容",
)
@option("--draft", is_flag=True, help="没有定稿也输出，标明是草稿，没有通报")
@computing_site
@common
def archive(
    folder: Path,
    *,
    audience: str,
    draft: bool,
    how: Computing,
    root: Path | None,
    lang: str | None,
) -> None:
    """Write the archive of a year, whole or not at all."""
    from generator.site.archive.making import archived, free
    from generator.site.archive.source import guard_of
    from generator.site.build.running import own_setting

    where = prepare(root, lang)
    with refusals():
        free(folder)
        source = told(where, how, own_setting(where, language(), Audience(audience)))
        if source.draft and not draft:
            raise EnvironmentProblem(
                tr("{year} 年还没有定稿，不能存档；要看草稿，加 --draft", year=how.year)
            )
        if language() != PUBLISHED and not source.draft:
            click.echo(gettext("通报只有中文的"), err=True)
        line = ProgressLine(gettext("写党支部的文书和网页"), quiet=how.quiet)
        with templates(), closing(line):
            archived(source, folder, guard_of(source, how.revision).look, line)
    click.echo(tr("已写好：{file}", file=visible(f"{folder}")), err=True)


def told(root: Path, how: Computing, own: Own) -> Source:
    """Return what the archive of a year is made of; raises EnvironmentProblem."""
    from generator.site.archive.source import source_of

    with at_work(root, how) as (tree, means):
        evaluation = evaluate(tree, how.year, means)
        told_of(evaluation)
        return source_of(root, tree, evaluation, own, how.revision)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn why an archive cannot be written into a message."""
    from generator.site.archive.making import TakenError
    from generator.site.build.setting import SiteBuildError
    from generator.site.build.swapping import BuildBusyError
    from generator.site.guarding.guard import LeakError

    try:
        yield
    except TakenError as error:
        raise EnvironmentProblem(str(error.words)) from None
    except (BuildBusyError, LeakError, SiteBuildError) as error:
        raise EnvironmentProblem(str(error)) from None
    except UnwrittenError as error:
        raise unwritten(error) from None
