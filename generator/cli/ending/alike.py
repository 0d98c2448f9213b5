"""``appraise alike``: pictures that look alike, for a person to look at."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    AT,
    ERRORS,
    Computing,
    EnvironmentProblem,
    at_work,
    common,
    prepare,
)
from generator.cli.line.completion import years
from generator.cli.line.saying import argument, command, option
from generator.reports.progress import ProgressLine
from generator.text.language import gettext

if TYPE_CHECKING:
    from pathlib import Path

    from generator.reports.alike.pairs import Alike


@command("找看起来很像的照片：同一支部、联合开展的支部、往年")
@argument("year", type=int, required=False, metavar="[年度]", shell_complete=years)
@option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式")
@AT
@option("--jobs", type=click.IntRange(min=1), default=None, metavar="N", help="进程数，默认按核数")
@option("--no-cache", is_flag=True, help="不用缓存")
@option("--quiet", is_flag=True, help="不显示进度")
@common
def alike(
    year: int | None,
    form: str,
    revision: str | None,
    jobs: int | None,
    no_cache: bool,
    quiet: bool,
    root: Path | None,
    lang: str | None,
) -> None:
    """Pictures that look alike; exit 1 where there are some."""
    from generator.reports.alike.told import as_json, as_text, summed

    where = prepare(root, lang)
    how = Computing(year=year, revision=revision, no_cache=no_cache, jobs=jobs, quiet=quiet)
    found = look_through(where, how)
    click.echo(as_json(found) if form == "json" else as_text(found), nl=False)
    click.echo(summed(found), err=True)
    if found.pairs:
        sys.exit(ERRORS)


def look_through(root: Path, how: Computing) -> Alike:
    """Read a year's branches, and compare their pictures."""
    from generator.engine.repository import UnknownYearError, default_year, open_repository
    from generator.engine.year import Run
    from generator.reports.alike.kept import LookStore
    from generator.reports.alike.looking import Decoding
    from generator.reports.alike.pairs import find_alike

    progress = ProgressLine(gettext("比较图片"), quiet=how.quiet)
    try:
        with at_work(root, how) as (tree, means):
            repository = open_repository(tree)
            year = default_year(repository) if how.year is None else how.year
            if year is None or not repository.knows(year):
                raise UnknownYearError(year)
            run = Run(repository, year, means, details=False)
            run.read(repository.branch_ids)
            if run.repository.rubric is None:
                words = gettext("考核办法 rubric.yml 读不懂：先按 appraise check 的提示改正")
                raise EnvironmentProblem(words)
            summaries = [reduced.summary for reduced in run.reduced.values()]
            store = LookStore.at(root, keep=not how.no_cache)
            return find_alike(tree, year, summaries, Decoding(store, how.jobs, progress))
    finally:
        progress.close()
