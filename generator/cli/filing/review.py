"""``appraise review``: a review file, prefilled."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from generator.cli.common import (
    EnvironmentProblem,
    UnknownBranch,
    answers,
    common,
    prepare,
    unwritten,
)
from generator.cli.line.completion import branch_ids, folders, years
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import tell_others
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
from generator.text.language import tr

if TYPE_CHECKING:
    from pathlib import Path

    from generator.checks import BranchContext
    from generator.files.tree import Tree
    from generator.formats.committee_files import Review


@command("输出一个支部的核定表：自评、计算结果和材料指纹已填好")
@argument("branch", metavar="支部编号", shell_complete=branch_ids)
@option("--year", type=int, default=None, metavar="年度", shell_complete=years, help="年度")
@option("--write", is_flag=True, help="写入 reviews 文件")
@common
def review(branch: str, year: int | None, write: bool, root: Path | None, lang: str | None) -> None:
    """A review file, prefilled."""
    where = prepare(root, lang)
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
