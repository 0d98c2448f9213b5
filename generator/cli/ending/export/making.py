"""What every export does: evaluate a year, make the file, put it where it is to be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from generator.cli.common import (
    Computing,
    EnvironmentProblem,
    at_work,
    computing,
    run,
    unwritten,
    without_results,
)
from generator.cli.line.saying import argument, option
from generator.cli.line.years import tell_not_taken
from generator.reports.findings import as_text
from generator.text.language import gettext, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from generator.engine.year import Evaluation
    from generator.results.after import After
    from generator.results.model import Results
    from generator.rubric.document import Rubric
    from generator.text.findings import Finding

    F = TypeVar("F", bound=Callable[..., object])

FILE = click.Path(dir_okay=False, path_type=Path)


class Told(NamedTuple):
    """A year as papers tell of it."""

    results: Results
    rubric: Rubric
    findings: list[Finding]
    after: After


def exporting(function: F) -> F:
    """Add what every export of one file takes: where it goes, the year, the root, the language."""
    function = option("--force", is_flag=True, help="文件已经有了也写，代替原来的")(function)
    function = computing(function)
    return argument("file", metavar="文件", type=FILE)(function)


def told(root: Path, how: Computing) -> Told:
    """Return a year's results with its rubric; raises EnvironmentProblem where there are none."""
    evaluation = run(root, how)
    tell_not_taken(root, how, evaluation)
    return told_of(evaluation)


def years_told(root: Path, how: Computing) -> list[Told]:
    """Return the year that was asked for, or else every year; raises EnvironmentProblem."""
    from generator.site.data.years import evaluations

    if how.year is not None:
        return [told(root, how)]
    with at_work(root, how) as (tree, means):
        return [told_of(evaluation) for evaluation in evaluations(tree, means)]


def told_of(evaluation: Evaluation) -> Told:
    """Return an evaluation that papers can be made of; raises EnvironmentProblem for no other."""
    results, rubric = evaluation.results, evaluation.rubric
    if results is None:
        without_results(evaluation)
        click.echo(as_text(evaluation.findings), nl=False, err=True)
        raise EnvironmentProblem(gettext("有错误未改，没有结果可以输出"))
    if rubric is None:
        raise EnvironmentProblem(tr("{year} 年的考核办法读不懂", year=results.year))
    if evaluation.errors:
        words = tr(
            "有 {n} 个错误未改，输出的结果不能发布；运行 appraise check 查看", n=evaluation.errors
        )
        click.echo(words, err=True)
    return Told(results, rubric, evaluation.findings, evaluation.after)


def fitting(file: Path, ending: str, *, force: bool) -> None:
    """Refuse a name of another kind of file, and one that is taken; raises EnvironmentProblem."""
    if file.suffix.casefold() != ending:
        raise click.UsageError(
            tr("文件名要以 {ending} 结尾：{file}", ending=ending, file=visible(f"{file}"))
        )
    if file.exists() and not force:
        raise EnvironmentProblem(
            tr("{file} 已经有了：换一个名字，或加 --force 代替它", file=visible(f"{file}"))
        )


def written(file: Path, data: bytes) -> None:
    """Write a file as a whole, and say where it is; raises EnvironmentProblem."""
    from generator.files.writing import UnwrittenError, write_whole

    try:
        write_whole(file, data)
    except UnwrittenError as error:
        raise unwritten(error) from None
    click.echo(tr("已写好：{file}", file=visible(f"{file}")), err=True)
