"""``appraise explain``: why a finding exists, how a point came about."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.years import tell_others
from generator.reports.explain import explain_branch, explain_code, explain_criterion
from generator.reports.findings import as_text
from generator.text.codes import CODES
from generator.text.language import tr
from generator.text.unknown import nearest_text

if TYPE_CHECKING:
    from pathlib import Path


from generator.cli.common import (
    ERRORS,
    Computing,
    EnvironmentProblem,
    branch_ids,
    common,
    computing,
    prepare,
    run,
    without_results,
)


@click.command()
@click.argument("subject", metavar="CODE|ID", shell_complete=branch_ids)
@click.argument("criterion", required=False)
@computing
@common
def explain(
    subject: str,
    criterion: str | None,
    how: Computing,
    root: Path | None,
    lang: str | None,
) -> None:
    """说明一条校验规则，或一个支部的每一分从何而来。 Explain a finding code or a point."""
    where = prepare(root, lang)
    if subject.upper() in CODES:
        click.echo(explain_code(subject.upper()), nl=False)
        return
    evaluation = run(where, how, [subject])
    if how.year is None:
        tell_others(where, how.revision, evaluation.results.year if evaluation.results else None)
    if evaluation.results is None or evaluation.rubric is None:
        without_results(evaluation)
        click.echo(as_text(evaluation.findings), nl=False, err=True)
        sys.exit(ERRORS)
    branch = evaluation.results.branch(subject)
    if criterion is None:
        click.echo(explain_branch(branch, evaluation.results, evaluation.rubric), nl=False)
        return
    if criterion not in evaluation.rubric.criteria:
        known = evaluation.rubric.criteria
        raise click.UsageError(
            tr("没有小项“{id}”{nearest}", id=criterion, nearest=nearest_text(criterion, known))
        )
    if not branch.lines:
        raise EnvironmentProblem(
            tr("支部“{id}”在 {year} 年没有得分明细", id=subject, year=evaluation.results.year)
        )
    words = explain_criterion(branch, criterion, evaluation.results, evaluation.rubric)
    click.echo(words, nl=False)
