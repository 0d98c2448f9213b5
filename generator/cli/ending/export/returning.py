"""Workbooks that come back filled in: the committee's reviews."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from generator.cli.common import YEAR, EnvironmentProblem, answers, common, prepare
from generator.cli.ending.export.making import FILE, fitting, written
from generator.cli.line.completion import criteria
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import tell_others
from generator.engine.repository import default_year, open_repository
from generator.engine.year import Means, Run
from generator.files.paths import branch_path, review_path
from generator.text.findings import Report
from generator.text.language import gettext, tr
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.checks import BranchContext
    from generator.engine.branch import Reducer
    from generator.engine.snapshot import Snapshot
    from generator.exchange.workbooks.filling import Reviewed
    from generator.loading.committee import CommitteeYear
    from generator.rubric.document import Rubric
    from generator.text.messages import Words

SITE_URL = "APPRAISAL_SITE_URL"


class Year(NamedTuple):
    """A year under way, as its branches are reviewed."""

    snapshot: Snapshot
    year: int
    rubric: Rubric
    names: list[str]
    reducer: Reducer
    committee: CommitteeYear

    def context(self, branch: str) -> BranchContext | None:
        """Return a branch, read and scored; None for one that there is not."""
        return self.reducer.score(branch, Report()) if branch in self.names else None


@contextmanager
def under_review(root: Path, year: int | None) -> Iterator[Year]:
    """Open the year that is reviewed; raises EnvironmentProblem where it cannot be."""
    from generator.engine.snapshot import snapshot_of

    with answers("HEAD", root=root), snapshot_of(root) as snapshot:
        repository = open_repository(snapshot.tree)
        chosen = default_year(repository) if year is None else year
        if chosen is None or chosen not in repository.opened or chosen in repository.frozen_years:
            raise EnvironmentProblem(tr("{year} 年不在评审：没有可以核定的", year=chosen or "—"))
        run = Run(repository, chosen, Means(receipts=snapshot.receipts), details=False)
        reducer, rubric = run.reducer(), run.repository.rubric
        if reducer is None or rubric is None:
            raise EnvironmentProblem(gettext("rubric.yml 读不懂：请先按 appraise check 的提示改正"))
        if year is None:
            tell_others(root, None, chosen)
        yield Year(snapshot, chosen, rubric, repository.branch_ids, reducer, run.committee)


@command("核定表：每个支部每一小项一行，另一张每条加分申报一行，填好以后再导入")
@argument("file", metavar="文件", type=FILE)
@option(
    "--criterion", default=None, metavar="小项编号", shell_complete=criteria, help="只要一个小项"
)
@YEAR
@option("--force", is_flag=True, help="文件已经有了也写，代替原来的")
@common
def reviews(
    file: Path,
    *,
    criterion: str | None,
    year: int | None,
    force: bool,
    root: Path | None,
    lang: str | None,
) -> None:
    """Write the workbook of reviews."""
    from generator.exchange.workbooks.filling import Asked
    from generator.exchange.workbooks.reviews import reviews_book

    where = prepare(root, lang)
    fitting(file, ".xlsx", force=force)
    with under_review(where, year) as own:
        if criterion is not None and criterion not in own.rubric.criteria:
            raise EnvironmentProblem(tr("今年没有小项“{id}”", id=visible(criterion)))
        asked = Asked(own.year, own.rubric, criterion, address, source_told(own))
        data = reviews_book(reviewed(own), asked)
    written(file, data)


def reviewed(own: Year) -> Iterator[Reviewed]:
    """Yield the branches of a year that have a scorecard."""
    from generator.cli.filing.review import read_last
    from generator.exchange.workbooks.filling import Reviewed

    for name in own.names:
        context = own.context(name)
        if context is None or not context.card.lines:
            continue
        data = context.data
        paths = [review_path(known, own.year - 1) for known in data.names]
        last = next(filter(None, (read_last(own.snapshot.tree, path) for path in paths)), None)
        title = (data.branch.name if data.branch else None) or name
        yield Reviewed(context, title, last)


def address(path: str) -> str:
    """Return where a record can be looked at: on the site, or else below the branch's year."""
    from generator.site.addresses import path_address
    from generator.site.html.shell import location

    site = os.environ.get(SITE_URL)
    return location(site, path_address(path)) if site else path.split("/", 3)[-1]


def source_told(own: Year) -> list[tuple[str, str]]:
    """Return what a workbook says of where it comes from."""
    commit = own.snapshot.source.commit or gettext("没有提交")
    return [(gettext("年度"), f"{own.year}"), (gettext("依据的提交"), commit)]


@command("应报事项表：布置了什么、到哪天、要谁报；改好再导入")
@argument("file", metavar="文件", type=FILE)
@YEAR
@option("--force", is_flag=True, help="文件已经有了也写，代替原来的")
@common
def due(file: Path, *, year: int | None, force: bool, root: Path | None, lang: str | None) -> None:
    """Write the list of what is asked."""
    from generator.exchange.workbooks.asked import due_book

    where = prepare(root, lang)
    fitting(file, ".xlsx", force=force)
    with under_review(where, year) as own:
        kinds = {id_: kind.title or id_ for id_, kind in own.rubric.document_kinds.items()}
        data = due_book(own.year, own.committee.due or (), kinds, source_told(own))
    written(file, data)


@command("计票表：每个支部一行，填好各档票数再导入")
@argument("file", metavar="文件", type=FILE)
@YEAR
@option("--force", is_flag=True, help="文件已经有了也写，代替原来的")
@common
def ballots(
    file: Path, *, year: int | None, force: bool, root: Path | None, lang: str | None
) -> None:
    """Write the count sheet of ballots."""
    from generator.exchange.workbooks.asked import ballots_book
    from generator.formats.branch_files import BRANCH
    from generator.loading.reader import Reader

    where = prepare(root, lang)
    fitting(file, ".xlsx", force=force)
    with under_review(where, year) as own:
        reader = Reader(own.snapshot.tree, Report())
        names: dict[str, Words] = {}
        for name in own.names:
            branch, _ = reader.load(branch_path(name), BRANCH)
            names[name] = (branch.name if branch else None) or name
        debrief = own.committee.debrief
        entries = debrief.branches if debrief else {}
        levels = own.rubric.ballot_titles
        data = ballots_book(own.year, names, levels, entries, source_told(own))
    written(file, data)


RETURNING = {"reviews": reviews, "due": due, "ballots": ballots}
