"""``appraise score``: compute and rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    Computing,
    EnvironmentProblem,
    common,
    computing,
    finish,
    prepare,
    print_part,
    run,
    sharded,
    without_results,
)
from generator.cli.line.completion import branch_ids
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import tell_not_taken
from generator.reports.findings import as_text, quiet
from generator.reports.scores import as_csv, as_table
from generator.results.audience import WITHHELD
from generator.results.document import dump_parts
from generator.results.projection import projected
from generator.text.language import gettext, language, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.engine.shards import Shard
    from generator.engine.year import Evaluation
    from generator.results.audience import Publish


@command("计分并排名")
@argument("ids", nargs=-1, metavar="[支部编号]…", shell_complete=branch_ids)
@option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    help="输出格式",
)
@option("--public", "as_public", is_flag=True, help="只含可公布的内容，与网站相同")
@sharded
@computing
@common
def score(
    ids: tuple[str, ...],
    form: str,
    as_public: bool,
    shard: Shard | None,
    how: Computing,
    root: Path | None,
    lang: str | None,
) -> None:
    """Compute points, ranks and grades; exit 1 where an error stands."""
    where = prepare(root, lang)
    details = form == "json"
    if shard is not None:
        if ids or as_public:
            raise click.UsageError(gettext("--shard 不与支部编号、--since 或 --public 同用"))
        print_part(where, how, shard, {"command": "score", "format": form}, details=details)
        return
    evaluation = run(where, how, ids, details=details)
    tell_not_taken(where, how, evaluation)
    if as_public and evaluation.results is not None:
        evaluation.results = projected(evaluation.results, shown_at(where), gettext(WITHHELD))
    show_score(evaluation, form, ids)


def shown_at(root: Path) -> Publish:
    """Return what the public site of a repository shows; raises EnvironmentProblem."""
    from generator.site.build.running import publish_told
    from generator.site.build.setting import SiteBuildError

    try:
        return publish_told(root.resolve(), language())
    except SiteBuildError as error:
        raise EnvironmentProblem(str(error)) from None


def show_score(evaluation: Evaluation, form: str, ids: Sequence[str] = ()) -> None:
    """Print results in a format, and end with the exit status."""
    if evaluation.results is None:
        without_results(evaluation)
        click.echo(as_text(evaluation.findings), nl=False, err=True)
    elif form == "json":
        for part in dump_parts(evaluation.results, ids):
            click.echo(quiet(part), nl=False)
    elif form == "csv":
        click.echo(as_csv(evaluation.results, ids), nl=False)
    else:
        click.echo(as_table(evaluation.results, ids), nl=False)
    if evaluation.errors:
        words = tr("有 {n} 个错误未改，结果不能发布；运行 appraise check 查看", n=evaluation.errors)
        click.echo(words, err=True)
    finish(evaluation)
