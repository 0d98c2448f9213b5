"""``appraise review``: a review file, prefilled."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    EnvironmentProblem,
    branch_ids,
    common,
    git_problem,
    prepare,
)
from generator.engine.evaluate import read_branch
from generator.engine.repository import MissingRubricError, UnknownYearError
from generator.engine.snapshot import snapshot_of
from generator.files.git import GitError
from generator.reports.review_form import review_form
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("branch", metavar="ID", shell_complete=branch_ids)
@click.option("--year", type=int, default=None, help="年度 / year")
@click.option("--write", is_flag=True, help="写入 reviews 文件 / write the file")
@common
def review(branch: str, year: int | None, write: bool, root: Path | None, lang: str | None) -> None:
    """输出一个支部的核定表：自评、计算结果和材料指纹已填好。 A review file, prefilled."""
    where = prepare(root, lang)
    try:
        with snapshot_of(where) as snapshot:
            found = read_branch(snapshot.tree, branch, year, snapshot.receipts)
    except (MissingRubricError, UnknownYearError):
        raise EnvironmentProblem(gettext("这里没有可以核定的年度")) from None
    except GitError as error:
        raise git_problem(error, "HEAD") from None
    except KeyError:
        raise EnvironmentProblem(tr("没有支部“{id}”{nearest}", id=branch, nearest="")) from None
    if not found.card.lines:
        raise EnvironmentProblem(
            tr("支部“{id}”在 {year} 年没有得分明细", id=branch, year=found.data.year)
        )
    text = review_form(
        found.data, found.card, found.review, datetime.datetime.now(datetime.UTC).date()
    )
    if not write:
        click.echo(text, nl=False)
        return
    target = where / "committee" / str(found.data.year) / "reviews" / f"{branch}.yml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    click.echo(tr("已写入 {path}", path=target), err=True)
