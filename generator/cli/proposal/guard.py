"""``appraise guard``: whether an author may make a change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.common import ERRORS, common, git_problem, prepare
from generator.cli.line.saying import argument, command, option
from generator.text.language import tr

if TYPE_CHECKING:
    from pathlib import Path

    from generator.proposals.guard import Judgement


@command("判断提交人可否作这一改动")
@argument("base", metavar="基准")
@argument("head", metavar="版本")
@option("--author", required=True, metavar="账号", help="提交人的账号")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="输出格式",
)
@common
def guard(
    base: str, head: str, author: str, form: str, root: Path | None, lang: str | None
) -> None:
    """Whether that author may make this change."""
    from generator.files.git import GitError
    from generator.proposals.guard import guard as judge_change
    from generator.reports.findings import as_github, as_text, findings_json

    where = prepare(root, lang)
    try:
        judgement = judge_change(where, base, head, author)
    except GitError as error:
        raise git_problem(error, base, head) from None
    if form == "json":
        click.echo(findings_json(judgement.findings, files=len(judgement.changes)), nl=False)
    elif form == "github":
        click.echo(as_github(judgement.findings), nl=False)
    else:
        click.echo(as_text(judgement.findings), nl=False)
    click.echo(summary(judgement), err=True)
    if judgement.errors:
        sys.exit(ERRORS)


def summary(judgement: Judgement) -> str:
    """Say in one line what was judged, and how."""
    n, errors = len(judgement.changes), judgement.errors
    if not judgement.readable:
        return tr("git 无法列出这一改动：不允许，{errors} 个错误", errors=errors)
    if not n and not errors:
        return tr("没有改动")
    if errors:
        return tr("改动了 {n} 个文件：不允许，{errors} 个错误", n=n, errors=errors)
    return tr("改动了 {n} 个文件：允许", n=n)
