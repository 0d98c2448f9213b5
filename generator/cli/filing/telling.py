"""What an import tells before it writes: what was read, what would change, what is not sure."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from generator.cli.common import ERRORS, EnvironmentProblem, unwritten
from generator.exchange.headed import check_year
from generator.exchange.sheets import read_book
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.exchange.table import find_table
from generator.files.limits import MAX_FILE
from generator.files.writing import UnwrittenError, write_together
from generator.text.language import gettext, mark, tr
from generator.text.messages import listed, some
from generator.text.names import visible
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from generator.exchange.plan import Item, Plan
    from generator.exchange.sheets.grid import Book
    from generator.exchange.table import Column, Table

UNREADABLE = mark("读不了“{name}”：{why}")
NEW, CHANGED = mark("新增 {name}"), mark("修改 {name}")
#: So many addresses stand in one line.
SHOWN = 12


def table_in(
    file: Path, columns: Sequence[Column], sheet: str | None, of: tuple[str, int] | None = None
) -> Table:
    """Return the table of a file; raises EnvironmentProblem.

    ``of``: how our own sheets of this kind are headed, and the year that is asked for.
    """
    with reading(file) as book:
        table = find_table(book, columns, sheet)
        if of is not None:
            check_year(table, *of)
        return table


@contextmanager
def reading(file: Path) -> Iterator[Book]:
    """Read the sheets of a file; raises EnvironmentProblem for one that cannot be taken."""
    name = visible(file.name)
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_FILE + 1)
        yield read_book(file.name, data)
    except OSError as error:
        raise EnvironmentProblem(tr(UNREADABLE, name=name, why=reason(error))) from None
    except UnreadableSheetError as error:
        raise EnvironmentProblem(tr(UNREADABLE, name=name, why=error.words)) from None


def tell_unread(book: Book, tables: Iterable[Table]) -> None:
    """Name the sheets that no table was read from."""
    taken = {table.sheet.name for table in tables}
    names = [visible(own.name) for own in book.sheets if own.name not in taken]
    if names:
        click.echo(tr("没有读的工作表：{names}", names=some(names, SHOWN)))


def tell_table(file: Path, table: Table, *, titles: bool = True, err: bool = False) -> None:
    """Say what was read of a file, and what was passed over.

    Without ``titles`` no word of the sheet is shown but its own name: it holds names of people.
    """

    def say(id_: str, /, **values: object) -> None:
        click.echo(tr(id_, **values), err=err)

    say(
        "{file}：标题行在 {where}，下面读了 {n} 行",
        file=visible(file.name),
        where=table.place,
        n=len(table.rows),
    )
    if table.others and titles:
        named = [tr("{where}“{title}”", where=o.where, title=o.title) for o in table.others]
        say("没有读的列：{names}", names=some(named, SHOWN))
    elif table.others:
        say("没有读的列：{names}", names=some([own.where for own in table.others], SHOWN))
    if table.passed:
        say("不是记录、没有读的行：{names}", names=some(table.passed, SHOWN))
    if table.hidden:
        say("隐藏的行和列也读了：{names}", names=some(table.hidden, SHOWN))


def tell_plan(plan: Plan, *, err: bool = False) -> None:
    """Say what would change, and every cell that is not sure."""
    for item in plan.items:
        click.echo(gettext("  ") + line_of(item), err=err)
    if plan.same:
        click.echo(tr("没有变化：{n} 条", n=plan.same), err=err)
    if plan.empty:
        click.echo(tr("没有填的行，不动：{n} 行", n=plan.empty), err=err)
    tell_troubles(plan, err=err)


def tell_troubles(plan: Plan, *, err: bool = False) -> None:
    """Name every cell that is not sure."""
    if plan.troubles:
        words = "以下 {n} 处不能确定，所在的行一个字也不写："
        click.echo(tr(words, n=len(plan.troubles)), err=err)
    for trouble in sorted(plan.troubles, key=lambda own: (own.sheet, own.place)):
        words = tr("{where}：{words}", where=trouble.where, words=trouble.words)
        click.echo(gettext("  ") + words, err=err)


def line_of(item: Item) -> str:
    """Return one line about a record that is new or changes."""
    name = tr(NEW if item.new else CHANGED, name=item.name)
    parts = [
        tr("{title} {value}", title=own.title, value=own.becomes)
        if item.new
        else tr(
            "{title} {before} → {after}",
            title=own.title,
            before=own.was,
            after=own.becomes,
        )
        for own in item.differences
    ]
    return tr("{name}：{parts}", name=name, parts=listed(parts, "；")) if parts else name


def finish(root: Path, plan: Plan, *, yes: bool) -> None:
    """Write what would change where that is wanted; exit 1 where a cell is not sure."""
    if plan.files and yes:
        write(root, plan.files)
    elif plan.files:
        click.echo(gettext("以上只是预览，什么也没有写；加上 --yes 写入"))
    else:
        click.echo(gettext("没有要写的改动"))
    if plan.troubles:
        sys.exit(ERRORS)


def write(root: Path, files: Mapping[str, bytes], *, err: bool = False) -> None:
    """Write files of the repository, all or none; raises EnvironmentProblem."""
    top = root.resolve()
    for path in files:
        folder = (root / path).parent.resolve()
        if top not in (folder, *folder.parents) or (root / path).is_symlink():
            raise EnvironmentProblem(tr("{path} 是链接，不写", path=visible(path)))
    try:
        write_together({root / path: data for path, data in files.items()})
    except UnwrittenError as error:
        raise unwritten(error) from None
    click.echo(tr("已写入 {paths}", paths=some(sorted(files), SHOWN)), err=err)
