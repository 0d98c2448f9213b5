"""``appraise missing``: what each branch still lacks, and how many days are left for it."""

from __future__ import annotations

import datetime
import sys
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    ERRORS,
    Computing,
    common,
    computing,
    prepare,
    run,
    run_some,
    without_results,
)
from generator.cli.line.completion import branch_ids
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import tell_not_taken
from generator.reports.findings import as_text as findings_text
from generator.reports.left.missing import Missing, as_calendar, as_csv, as_messages, as_text
from generator.results.advice import FINAL, PUBLICITY
from generator.results.after import NOTHING
from generator.text.days import ZONE
from generator.text.language import mark, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.engine.evaluate import Evaluation
    from generator.results.after import After

#: Stage → what is said of a year in which nothing can be mended any more.
OVER = {
    PUBLICITY: mark("{year} 年考核正在公示，不再收材料；有异议的，在公示期内向党委提出"),
    FINAL: mark("{year} 年考核已经结束，不能再补材料"),
}


@command("列出每个支部还缺什么、还有几天")
@argument("ids", nargs=-1, metavar="[支部编号]…", shell_complete=branch_ids)
@option(
    "--format",
    "form",
    type=click.Choice(["text", "messages", "csv", "ics"]),
    default="text",
    help="输出格式：文字、可以粘贴到群里的通知、表格、日历",
)
@computing
@common
def missing(
    ids: tuple[str, ...], form: str, how: Computing, root: Path | None, lang: str | None
) -> None:
    """List what lacks, ordered by points; exit 1 where nothing can be computed."""
    where = prepare(root, lang)
    evaluation = run_some(where, how, ids) if ids else run(where, how)
    tell_not_taken(where, how, evaluation)
    found = missing_of(evaluation, ids, evaluation.after)
    if found is None:
        without_results(evaluation)
        click.echo(findings_text(evaluation.findings), nl=False, err=True)
        sys.exit(ERRORS)
    click.echo(shown(found, form), nl=False)


def missing_of(
    evaluation: Evaluation, ids: Sequence[str], after: After = NOTHING
) -> Missing | None:
    """Return what branches lack today, where the year can be computed."""
    if evaluation.results is None or evaluation.rubric is None:
        return None
    today = datetime.datetime.now(ZONE).date()
    results, findings = evaluation.results, evaluation.findings
    return Missing.of(results, evaluation.rubric, findings, today, ids, after)


def shown(found: Missing, form: str) -> str:
    """Return what lacks in a format; once a year is posted or final, nothing can be mended."""
    over = OVER.get(found.results.stage)
    if over and form == "text":
        return tr(over, year=found.results.year) + "\n"
    if form == "ics":
        return as_calendar(found, datetime.datetime.now(datetime.UTC))
    return {"text": as_text, "messages": as_messages, "csv": as_csv}[form](found)
