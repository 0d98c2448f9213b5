"""``appraise whatif``: points, ranks and grades under other answers to the open questions."""

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
    run,
    without_results,
)
from generator.cli.line.completion import questions
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import tell_not_taken
from generator.reports.findings import as_text, quiet
from generator.text.language import gettext, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from pathlib import Path

    from generator.engine.whatif.answers import Answer
    from generator.engine.year import Evaluation


@command("待定事项换一种答案，得分、名次和等次会怎样")
@argument("question", required=False, metavar="[待定事项]", shell_complete=questions)
@option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    help="输出格式",
)
@computing
@common
def whatif(
    question: str | None, form: str, how: Computing, root: Path | None, lang: str | None
) -> None:
    """The year under other answers."""
    from generator.reports.whatif import as_json, as_table
    from generator.results.document import dump

    where = prepare(root, lang)
    evaluation = run(where, how)
    tell_not_taken(where, how, evaluation)
    if evaluation.results is None:
        without_results(evaluation)
        click.echo(as_text(evaluation.findings), nl=False, err=True)
        finish(evaluation)
        return
    answers = answers_to(question, evaluation)
    if evaluation.whatif is None:
        click.echo(nothing(evaluation), err=True)
        return
    if form == "json":
        click.echo(quiet(dump(as_json(evaluation.whatif, answers))), nl=False)
    else:
        click.echo(as_table(evaluation.whatif, answers), nl=False)
    finish(evaluation)


def answers_to(question: str | None, evaluation: Evaluation) -> list[Answer]:
    """Return the other answers to a question, or to all; raises EnvironmentProblem."""
    from generator.text.unknown import nearest_text

    rubric = evaluation.rubric
    known = [q.id for q in rubric.questions] if rubric else []
    if question is not None and question not in known:
        nearest = nearest_text(question, known)
        words = tr("没有待定事项“{id}”{nearest}", id=visible(question), nearest=nearest)
        raise EnvironmentProblem(words)
    answers = evaluation.whatif.answers if evaluation.whatif else ()
    found = [a for a in answers if question in {None, a.question.id}]
    if question is not None and answers and not found:
        words = tr("“{id}”已经决定，或没有写明其他答案", id=visible(question))
        raise EnvironmentProblem(words)
    return found


def nothing(evaluation: Evaluation) -> str:
    """Say why there is nothing to compare."""
    if evaluation.frozen or (evaluation.results and evaluation.results.stage == "final"):
        return tr("{year} 年度已经定稿，不再比较其他答案", year=evaluation.year)
    return gettext("没有待定事项写明其他答案（rubric.yml 的 alternatives）")
