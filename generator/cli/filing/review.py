"""``appraise review``: a review file, prefilled."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    Computing,
    EnvironmentProblem,
    UnknownBranch,
    answers,
    common,
    prepare,
    run,
    unwritten,
    without_results,
)
from generator.cli.line.completion import branch_ids, folders, years
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import tell_not_taken, tell_others
from generator.engine.evaluate import read_branch
from generator.engine.snapshot import snapshot_of
from generator.files.paths import BRANCHES, REVIEWS_FOLDER, review_path
from generator.files.writing import UnwrittenError, write_whole
from generator.formats.committee_files import REVIEW
from generator.formats.nodes import COMMITTEE_LIMITS
from generator.loading.reader import Reader
from generator.reports.review.form import Sheet, review_form
from generator.reports.review.kept import Kept, UnreadableReviewError, kept_of, same
from generator.text.findings import Report
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from pathlib import Path

    from generator.checks import BranchContext
    from generator.files.tree import Tree
    from generator.formats.committee_files import Review


@command("输出一个支部的核定表：自评、计算结果和材料指纹已填好；不写支部的，列出还有哪些要核定")
@argument("branch", required=False, metavar="[支部编号]", shell_complete=branch_ids)
@option("--year", type=int, default=None, metavar="年度", shell_complete=years, help="年度")
@option("--write", is_flag=True, help="写入 reviews 文件")
@common
def review(
    branch: str | None, year: int | None, write: bool, root: Path | None, lang: str | None
) -> None:
    """A review file, prefilled; without a branch what is left to decide."""
    where = prepare(root, lang)
    if branch is None:
        if write:
            raise click.UsageError(gettext("--write 要写明哪个支部"))
        tell_queue(where, year)
        return
    with answers("HEAD", root=where), snapshot_of(where) as snapshot:
        try:
            found = read_branch(snapshot.tree, branch, year, snapshot.receipts)
        except KeyError:
            raise UnknownBranch(branch, folders(where, BRANCHES)) from None
        if not found.card.lines:
            raise EnvironmentProblem(
                tr("支部“{id}”在 {year} 年没有得分明细", id=branch, year=found.data.year)
            )
        text = form_of(snapshot.tree, found)
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


def tell_queue(root: Path, year: int | None) -> None:
    """Print what is left to decide in a year; raises EnvironmentProblem where nothing is known."""
    from generator.reports.review.queue import as_text, queue_of

    how = Computing(year=year)
    evaluation = run(root, how)
    tell_not_taken(root, how, evaluation)
    if evaluation.results is None or evaluation.rubric is None:
        without_results(evaluation)
        raise EnvironmentProblem(gettext("有错误未改，没有结果可以输出"))
    queue = queue_of(evaluation.results, evaluation.rubric, evaluation.findings, evaluation.after)
    click.echo(as_text(queue), nl=False)


def form_of(tree: Tree, found: BranchContext) -> str:
    """Return the form of one branch; nothing of the file there may be lost by it."""
    data = found.data
    path = review_path(data.id, data.year)
    before = tree.read(path) if data.id in found.committee.files[REVIEWS_FOLDER] else b""
    earlier = (read_last(tree, review_path(name, data.year - 1)) for name in data.names)
    last = next(filter(None, earlier), None)
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
