"""``appraise ready``: what stands between a year and its end, and who settles it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.common import ERRORS, answers, common, prepare
from generator.cli.line.completion import years
from generator.cli.line.saying import argument, command, option
from generator.reports.left.ready import as_json, as_text
from generator.reports.left.workbook import as_workbook
from generator.reports.progress import ProgressLine
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from pathlib import Path

FORMS = {"text": as_text, "json": as_json}
WORKBOOK = "xlsx"


@command("列出一年离定稿还差什么：由谁办，在哪个文件或用哪条命令办")
@argument("year", type=int, metavar="年度", shell_complete=years)
@option("--format", "form", type=click.Choice([*FORMS, WORKBOOK]), default="text", help="输出格式")
@common
def ready(year: int, form: str, root: Path | None, lang: str | None) -> None:
    """What stands between a year and its end; exit 1 while something blocks."""
    from generator.engine.freeze.standing import standing

    where = prepare(root, lang)
    if form == WORKBOOK and sys.stdout.isatty():
        raise click.UsageError(
            tr("表格不能显示在终端里：appraise ready {year} --format xlsx > ready.xlsx", year=year)
        )
    progress = ProgressLine(gettext("读取党支部"))
    try:
        with answers("HEAD", root=where):
            found = standing(where, year, progress)
    finally:
        progress.close()
    click.echo(as_workbook(found) if form == WORKBOOK else FORMS[form](found), nl=False)
    if not found.ready:
        sys.exit(ERRORS)
