"""``appraise impact``: what a change does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.common import DATED, ERRORS, answers, common, prepare
from generator.cli.line.saying import argument, command, option
from generator.reports.progress import ProgressLine
from generator.text.language import gettext

if TYPE_CHECKING:
    import datetime
    from pathlib import Path


@command("改动合并后对得分、名次、核定和校验的影响")
@argument("base", metavar="基准")
@argument("head", metavar="[版本]", default="HEAD")
@option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    help="输出格式",
)
@option("--author", metavar="账号", default=None, help="一并判断权限")
@option(
    "--ranks/--no-ranks",
    default=None,
    help="计算全部名次（支部在 1000 个以内时默认计算）",
)
@DATED
@option("--no-cache", is_flag=True, expose_value=False, help="不用缓存")
@common
def impact(
    base: str,
    head: str,
    form: str,
    author: str | None,
    ranks: bool | None,
    as_of: datetime.date | None,
    root: Path | None,
    lang: str | None,
) -> None:
    """What merging HEAD into BASE does."""
    from generator.proposals.impact import assess
    from generator.reports.impact.comment import as_markdown
    from generator.reports.impact.document import as_json
    from generator.reports.impact.table import as_table

    where = prepare(root, lang)
    progress = ProgressLine(gettext("读取党支部"))
    try:
        with answers(base, head, root=where):
            found = assess(
                where, base, head, ranks=ranks, author=author, progress=progress, as_of=as_of
            )
    finally:
        progress.close()
    render = {"table": as_table, "json": as_json, "markdown": as_markdown}[form]
    click.echo(render(found), nl=False)
    if found.errors:
        sys.exit(ERRORS)
