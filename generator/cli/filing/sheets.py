"""``appraise import KIND``: sheets of the office, each kind a command."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

# Any: click hands options to a command by their names, each of its own type.
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.cli.common import YEAR, EnvironmentProblem, answers, common, prepare, unknown_year
from generator.cli.filing import roll
from generator.cli.filing.telling import (
    finish,
    reading,
    table_in,
    tell_plan,
    tell_table,
    tell_unread,
)
from generator.cli.line.completion import branch_ids
from generator.cli.line.saying import argument, command, option
from generator.cli.line.years import tell_others
from generator.engine.repository import UnknownYearError, default_year, open_repository
from generator.exchange import ballots as ballots_sheet
from generator.exchange import branches as branches_sheet
from generator.exchange import due as due_sheet
from generator.exchange.headed import BALLOTS, DUE
from generator.exchange.reviews.plan import SORTS, plan_reviews
from generator.exchange.reviews.rows import Known as KnownReviews
from generator.exchange.table import find_tables
from generator.exchange.values import Titles
from generator.files.paths import branch_path, debrief_path, due_path
from generator.files.tree import WorkingTree
from generator.formats.branch_files import BRANCH
from generator.loading.reader import Reader
from generator.text.days import day_of
from generator.text.findings import Report
from generator.text.language import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.cli.line.saying import Command
    from generator.engine.repository import Repository
    from generator.formats.branch_files import Branch
    from generator.rubric.document import Rubric
    from generator.text.messages import Words

F = TypeVar("F", bound="Callable[..., Any]")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def importing(function: F) -> F:
    """Add what every import of a sheet takes."""
    for added in (
        common,
        option("--yes", is_flag=True, help="写入；不写这一项时只预览"),
        option("--sheet", default=None, metavar="名称", help="工作表的名称，有几张时指明"),
        argument("file", type=FILE, metavar="文件"),
    ):
        function = added(function)
    return function


@dataclass(frozen=True, slots=True)
class Place:
    """The repository that a sheet is imported into: what is common to all, and its branches."""

    root: Path
    repository: Repository
    branches: Mapping[str, Branch | None]

    @property
    def rubric(self) -> Rubric:
        """The rubric; raises EnvironmentProblem where it cannot be read."""
        if self.repository.rubric is None:
            words = gettext("rubric.yml 读不懂：请先按 appraise check 的提示改正")
            raise EnvironmentProblem(words)
        return self.repository.rubric

    @property
    def titles(self) -> Titles:
        """Id → name of every branch, and each former id under itself."""
        found: dict[str, Words] = {}
        for id_, branch in self.branches.items():
            found[id_] = (branch.name if branch else None) or id_
            found.update({name: name for name in (branch.formerly if branch else ())})
        return Titles(found)

    def data(self, path: str) -> bytes:
        """Return the bytes of a file of the committee; nothing where there is none."""
        return self.repository.tree.read(path) if self.repository.is_file(path) else b""


def place_at(root: Path) -> Place:
    """Open the repository as it lies on the disk; raises EnvironmentProblem."""
    tree = WorkingTree(root)
    with answers(root=root):
        repository = open_repository(tree)
    reader = Reader(tree, Report())
    branches = {}
    for name in repository.branch_ids:
        if any(entry.path == branch_path(name) and entry.is_file for entry in tree.folder(name)):
            branches[name] = reader.load(branch_path(name), BRANCH)[0]
    return Place(root, repository, branches)


def in_year(place: Place, year: int | None) -> tuple[Place, int]:
    """Return the repository with the rubric of a year, and the year; raises EnvironmentProblem."""
    repository = place.repository
    chosen = default_year(repository) if year is None else year
    if chosen is None or chosen not in repository.opened:
        raise unknown_year(UnknownYearError(chosen))
    if year is None:
        tell_others(place.root, None, chosen)
    return Place(place.root, repository.of_year(chosen), place.branches), chosen


@command("导入支部名册：表里的各列写进 branch.yml，新的支部编号")
@importing
def branches(file: Path, sheet: str | None, yes: bool, root: Path | None, lang: str | None) -> None:
    """A list of branches."""
    place = place_at(prepare(root, lang))
    table = table_in(file, branches_sheet.COLUMNS, sheet)
    repository = place.repository
    known = branches_sheet.Known(
        Titles(place.rubric.branch_kinds),
        Titles({id_: own.title or id_ for id_, own in repository.consortia.items()}),
        place.branches,
        {id_: repository.tree.read(branch_path(id_)) for id_ in place.branches},
        given_ids(repository),
    )
    tell_table(file, table)
    plan = branches_sheet.plan_branches(table, known)
    tell_plan(plan)
    finish(place.root, plan, yes=yes)


def given_ids(repository: Repository) -> set[str]:
    """Return the ids that were given: folders of branches, files of the committee about one."""
    about = (repository.committee_year(year).branches for year in repository.opened)
    return {*repository.names, *repository.all_ids, *(name for names in about for name in names)}


@command("导入应报事项：表里的各行写进 due.yml")
@importing
@YEAR
def due(
    file: Path, sheet: str | None, yes: bool, year: int | None, root: Path | None, lang: str | None
) -> None:
    """A list of what is asked of branches."""
    place, chosen = in_year(place_at(prepare(root, lang)), year)
    table = table_in(file, due_sheet.COLUMNS, sheet, (DUE, chosen))
    path = due_path(chosen)
    kinds = Titles({id_: kind.title or id_ for id_, kind in place.rubric.document_kinds.items()})
    entries = place.repository.committee_year(chosen).due
    known = due_sheet.Known(kinds, place.titles, entries, path, place.data(path))
    tell_table(file, table)
    plan = due_sheet.plan_due(table, known)
    tell_plan(plan)
    finish(place.root, plan, yes=yes)


@command("导入述职测评票：计票表的各行写进 debrief.yml")
@importing
@YEAR
def ballots(
    file: Path, sheet: str | None, yes: bool, year: int | None, root: Path | None, lang: str | None
) -> None:
    """Count sheets of ballots."""
    place, chosen = in_year(place_at(prepare(root, lang)), year)
    levels = place.rubric.ballot_titles
    table = table_in(file, ballots_sheet.columns_of(levels), sheet, (BALLOTS, chosen))
    path = debrief_path(chosen)
    debrief = place.repository.committee_year(chosen).debrief
    entries = debrief.branches if debrief else {}
    known = ballots_sheet.Known(levels, place.titles, entries, path, place.data(path))
    tell_table(file, table)
    plan = ballots_sheet.plan_ballots(table, known)
    tell_plan(plan)
    finish(place.root, plan, yes=yes)


@command("导入签到表：姓名换成代号，写成 attendance.csv；姓名只留在仓库以外的对照表里")
@importing
@option(
    "--activity",
    type=click.Path(path_type=Path),
    default=None,
    metavar="文件夹",
    help="活动的文件夹：写入其中的 attendance.csv 和 activity.yml；不写时输出 CSV",
)
@option(
    "--branch",
    default=None,
    metavar="支部编号",
    shell_complete=branch_ids,
    help="支部，用它的对照表；写了 --activity 的不必写",
)
@option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="文件",
    help="姓名与代号的对照表，放在仓库以外；不写时在用户自己的数据文件夹里",
)
def attendance(
    file: Path,
    sheet: str | None,
    yes: bool,
    activity: Path | None,
    branch: str | None,
    key: Path | None,
    root: Path | None,
    lang: str | None,
) -> None:
    """A sign-in sheet."""
    asked = roll.Asked(file, sheet, activity, branch, key, yes)
    roll.take(prepare(root, lang), asked)


@command("导入核定表：填好的各行写进 reviews；导出以后材料变了的不导入")
@importing
@YEAR
def reviews(
    file: Path, sheet: str | None, yes: bool, year: int | None, root: Path | None, lang: str | None
) -> None:
    """The committee's workbook of reviews: its sheets of criteria and of bonus claims."""
    from generator.cli.ending.export.returning import under_review

    place = place_at(prepare(root, lang))
    with reading(file) as book:
        tables = find_tables(book, [(own.columns, own.key) for own in SORTS], sheet)
    for table in filter(None, tables):
        tell_table(file, table, titles=False)
    tell_unread(book, filter(None, tables))
    with under_review(place.root, year) as own:
        known = KnownReviews(
            own.year,
            own.rubric.places,
            {name: criterion.title for name, (_, criterion) in own.rubric.criteria.items()},
            own.rubric.bonus_rules,
            place.titles,
            own.context,
            place.data,
            day_of(int(time.time())),
        )
        plan = plan_reviews(tables, known)
    tell_plan(plan)
    finish(place.root, plan, yes=yes)


#: Kind → command, of those that ``appraise import`` knows by their first word.
OFFERED: Mapping[str, Command] = {
    "attendance": attendance,
    "branches": branches,
    "due": due,
    "ballots": ballots,
    "reviews": reviews,
}
