"""``appraise explain``: why a finding exists, how a point came about."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from generator.cli.line.years import tell_not_taken
from generator.reports.explain import explain_branch, explain_code, explain_criterion
from generator.reports.findings import as_text
from generator.text.codes import CODES
from generator.text.language import tr
from generator.text.messages import listed, some
from generator.text.names import visible
from generator.text.unknown import NAMED, nearest_text

if TYPE_CHECKING:
    from pathlib import Path


from generator.cli.common import (
    ERRORS,
    Computing,
    EnvironmentProblem,
    UnknownBranch,
    common,
    computing,
    prepare,
    run,
    without_results,
)
from generator.cli.line.completion import criteria, rubric_of, subjects
from generator.cli.line.saying import argument, command


@command("说明一条校验规则，或一个支部的每一分从何而来")
@argument("subject", metavar="规则|支部编号", shell_complete=subjects)
@argument("criterion", required=False, metavar="[小项]", shell_complete=criteria)
@computing
@common
def explain(
    subject: str,
    criterion: str | None,
    how: Computing,
    root: Path | None,
    lang: str | None,
) -> None:
    """Explain a finding code or a point."""
    where = prepare(root, lang)
    if subject.upper() in CODES:
        click.echo(explain_code(subject.upper()), nl=False)
        return
    try:
        evaluation = run(where, how, [subject])
    except UnknownBranch as error:
        raise EnvironmentProblem(unknown_subject(subject, error.known, where)) from None
    tell_not_taken(where, how, evaluation)
    if evaluation.results is None or evaluation.rubric is None:
        without_results(evaluation)
        click.echo(as_text(evaluation.findings), nl=False, err=True)
        sys.exit(ERRORS)
    branch = evaluation.results.branch(subject)
    if criterion is None:
        click.echo(explain_branch(branch, evaluation.results, evaluation.rubric), nl=False)
        return
    if criterion not in evaluation.rubric.criteria:
        raise unknown_criterion(criterion, list(evaluation.rubric.criteria))
    if not branch.lines:
        raise EnvironmentProblem(
            tr("支部“{id}”在 {year} 年没有得分明细", id=subject, year=evaluation.results.year)
        )
    results, rubric = evaluation.results, evaluation.rubric
    words = explain_criterion(branch, criterion, results, rubric, evaluation.asked)
    click.echo(words, nl=False)


def unknown_subject(subject: str, branches: list[str], root: Path) -> str:
    """Say what may be explained: branches, codes, and criteria behind a branch."""
    rubric = rubric_of(root)
    criteria = list(rubric.criteria) if rubric else []
    if subject in criteria and branches:
        return tr(
            "“{id}”是小项，要写在支部编号后面：appraise explain {branch} {id}",
            id=subject,
            branch=branches[0],
        )
    words = tr(
        "“{id}”不是支部，也不是校验规则{nearest}",
        id=visible(subject),
        nearest=nearest_text(subject, [*branches, *CODES, *criteria]),
    )
    lines = [words, tr("支部：{names}", names=some(branches, NAMED))] if branches else [words]
    lines.append(tr("校验规则：{names}", names=listed(ranges(list(CODES)))))
    if criteria:
        lines.append(tr("小项（写在支部编号后面）：{names}", names=listed(criteria)))
    return "\n".join(lines)


def unknown_criterion(criterion: str, known: list[str]) -> click.UsageError:
    """Return what to tell a user who names a criterion that does not exist."""
    words = tr(
        "没有小项“{id}”{nearest}；可用：{known}",
        id=visible(criterion),
        nearest=nearest_text(criterion, known),
        known=listed(known),
    )
    return click.UsageError(words)


def ranges(codes: list[str]) -> list[str]:
    """Return codes in order, those that follow one another as a range."""
    runs: list[list[str]] = []
    for code in sorted(codes):
        number = int(code[1:])
        if runs and runs[-1][-1] == f"{code[0]}{number - 1:03}":
            runs[-1].append(code)
        else:
            runs.append([code])
    return [run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
