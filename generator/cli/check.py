"""``appraise check``: validate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.reports.findings import as_github, as_json, as_sarif, as_text
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.engine.evaluate import Evaluation
    from generator.engine.shards import Shard
    from generator.text.findings import Finding


from generator.cli.common import (
    Computing,
    answers,
    common,
    computing,
    finish,
    prepare,
    print_part,
    run,
    run_since,
    run_some,
    sharded,
)
from generator.cli.line.completion import branch_ids
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import joined, of_all, of_each


@command("校验全部文件，列出所有问题")
@argument("ids", nargs=-1, metavar="[支部编号]…", shell_complete=branch_ids)
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    help="输出格式",
)
@option(
    "--since",
    metavar="版本",
    default=None,
    help="只校验此后的改动",
)
@sharded
@computing
@common
def check(
    ids: tuple[str, ...],
    form: str,
    since: str | None,
    shard: Shard | None,
    how: Computing,
    root: Path | None,
    lang: str | None,
) -> None:
    """Validate; exit 1 where an error was found."""
    where = prepare(root, lang)
    if shard is not None:
        if ids or since:
            raise click.UsageError(gettext("--shard 不与支部编号、--since 或 --public 同用"))
        for of in of_each(where, how):
            print_part(where, of, shard, {"command": "check", "format": form}, details=False)
        return

    def evaluate(of: Computing) -> Evaluation:
        if since is not None:
            return run_since(where, since, of, ids)
        return run_some(where, of, ids) if ids else run(where, of, details=False)

    found = of_all(where, how, evaluate)
    evaluation = joined(found)
    if evaluation.frozen and not evaluation.errors:
        evaluation.findings += reproduced(where, evaluation.year, how.revision)
    show_findings(evaluation, form)
    for each in found if ids and form == "text" else ():
        show_missing(each, ids)
    show_summary(evaluation)


def show_check(evaluation: Evaluation, form: str) -> None:
    """Print findings in a format, a summary, and end with the exit status."""
    show_findings(evaluation, form)
    show_summary(evaluation)


def show_findings(evaluation: Evaluation, form: str) -> None:
    """Print findings in a format."""
    if form == "json":
        click.echo(as_json(evaluation), nl=False)
    elif form == "sarif":
        click.echo(as_sarif(evaluation.findings), nl=False)
    elif form == "github":
        click.echo(as_github(evaluation.findings), nl=False)
    else:
        click.echo(as_text(evaluation.findings), nl=False)


def show_missing(evaluation: Evaluation, ids: Sequence[str]) -> None:
    """Print what branches still lack in a year under way; nothing where they lack nothing."""
    from generator.cli.missing import missing_of
    from generator.reports.left.missing import as_text as missing_text

    found = None if evaluation.frozen else missing_of(evaluation, ids)
    if found is not None and found.lacks:
        words = tr("{year} 年度还缺什么：", year=found.results.year)
        click.echo(f"\n{words}\n{missing_text(found)}", nl=False)


def show_summary(evaluation: Evaluation) -> None:
    """Say what was checked and found, and end with the exit status."""
    click.echo(summary(evaluation), err=True)
    finish(evaluation)


def reproduced(root: Path, year: int, revision: str | None) -> list[Finding]:
    """Return what recomputing a final year finds."""
    from generator.engine.freeze import unreproduced

    with answers(revision or "HEAD", root=root):
        return unreproduced(root, year, revision)


def summary(evaluation: Evaluation) -> str:
    """Say in one line what was checked and found."""
    counts = dict.fromkeys(("error", "warning", "notice", "accepted"), 0)
    for finding in evaluation.findings:
        counts[finding.severity] += 1
    accepted = counts.pop("accepted")
    told = tr("，党委已接受 {n}", n=accepted) if accepted else ""
    return told_of(evaluation, counts) + told


def told_of(evaluation: Evaluation, counts: dict[str, int]) -> str:
    """Say how much was checked, and how much was found of each severity."""
    return tr(
        "已校验 {branches} 个支部、{files} 个文件：错误 {error}，警告 {warning}，提示 {notice}",
        branches=evaluation.branches,
        files=evaluation.files,
        **counts,
    )
