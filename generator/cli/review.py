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
    unwritten,
)
from generator.cli.years import tell_others
from generator.engine.evaluate import read_branch
from generator.engine.repository import MissingRubricError, UnknownYearError
from generator.engine.snapshot import snapshot_of
from generator.files.git import GitError
from generator.files.paths import review_path
from generator.files.writing import UnwrittenError, write_whole
from generator.formats.committee_files import REVIEW
from generator.formats.nodes import COMMITTEE_LIMITS
from generator.loading.reader import Reader
from generator.reports.review_form import Sheet, review_form
from generator.reports.review_kept import Kept, UnreadableReviewError, kept_of, same
from generator.text.findings import Report
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from pathlib import Path

    from generator.checks import BranchContext
    from generator.files.tree import Tree
    from generator.formats.committee_files import Review


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
            try:
                found = read_branch(snapshot.tree, branch, year, snapshot.receipts)
            except KeyError:
                words = tr("没有支部“{id}”{nearest}", id=branch, nearest="")
                raise EnvironmentProblem(words) from None
            if not found.card.lines:
                raise EnvironmentProblem(
                    tr("支部“{id}”在 {year} 年没有得分明细", id=branch, year=found.data.year)
                )
            text = form_of(snapshot.tree, found)
    except (MissingRubricError, UnknownYearError):
        raise EnvironmentProblem(gettext("这里没有可以核定的年度")) from None
    except GitError as error:
        raise git_problem(error, "HEAD") from None
    if year is None:
        tell_others(where, None, found.data.year)
    if not write:
        click.echo(text, nl=False)
        return
    target = where / review_path(branch, found.data.year)
    try:
        write_whole(target, text.encode("utf-8"))
    except UnwrittenError as error:
        raise unwritten(error) from None
    click.echo(tr("已写入 {path}", path=target), err=True)


def form_of(tree: Tree, found: BranchContext) -> str:
    """Return the form of one branch; nothing of the file there may be lost by it."""
    data = found.data
    path = review_path(data.id, data.year)
    before = tree.read(path) if data.id in found.committee.reviews else b""
    last = read_last(tree, review_path(data.id, data.year - 1))
    try:
        kept = kept_of(before) if before.strip() else Kept()
        today = datetime.datetime.now(datetime.UTC).date()
        text = review_form(Sheet(data, found.card, found.review, today, last, kept))
        if not before.strip() or same(before, text.encode("utf-8")):
            return text
    except UnreadableReviewError:
        pass
    words = tr("{path} 读不懂，不能改写：请先按 appraise check 的提示改正", path=path)
    raise EnvironmentProblem(words)


def read_last(tree: Tree, path: str) -> Review | None:
    """Return the review of the year before, where there is one."""
    if not any(entry.path == path and entry.is_file for entry in tree.common()):
        return None
    return Reader(tree, Report()).load(path, REVIEW, limits=COMMITTEE_LIMITS)[0]
