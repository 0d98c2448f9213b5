"""Workbooks that only leave: the ledger, and the lists that results are for."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.common import Computing, common, computing, prepare
from generator.cli.ending.export.making import exporting, fitting, told, written, years_told
from generator.cli.line.saying import argument, command, option
from generator.reports.book import made_from
from generator.text.days import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.cli.ending.export.making import Told
    from generator.site.exports.tabled import Tables


@command("考核汇总表：每个支部的名次、得分、等次，各小项，失分与理由")
@exporting
@common
def ledger(file: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None) -> None:
    """Write the ledger of a year."""
    from generator.exchange.workbooks.ledger import ledger as made

    where = prepare(root, lang)
    fitting(file, ".xlsx", force=force)
    found = told(where, how)
    written(file, made(found.results, found.rubric))


@command("名单：激励、约谈、学会考评、加分事项、经费，以及谈话和整改")
@exporting
@common
def lists(file: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None) -> None:
    """Write the lists of a year."""
    from generator.exchange.workbooks.lists import lists as made

    where = prepare(root, lang)
    fitting(file, ".xlsx", force=force)
    found = told(where, how)
    written(file, made(found.results, found.rubric, found.after))


@command("还缺什么：每个支部缺的材料、能得的分、最后一天")
@exporting
@common
def missing(
    file: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None
) -> None:
    """Write what branches lack."""
    from generator.exchange.workbooks.asked import missing_book
    from generator.reports.left.missing import Missing

    where = prepare(root, lang)
    fitting(file, ".xlsx", force=force)
    found = told(where, how)
    today = day_of(int(time.time()))
    lacks = Missing.of(found.results, found.rubric, found.findings, today, (), found.after)
    written(file, missing_book(lacks, made_from(found.results), found.rubric.places))


FOLDER = click.Path(file_okay=False, path_type=Path)


@command("CSV 表格：排名和每一行得分，供程序和表格软件用；不写 --year 时所有年度")
@argument("folder", metavar="文件夹", type=FOLDER)
@option("--force", is_flag=True, help="文件已经有了也写，代替原来的")
@computing
@common
def csv(folder: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None) -> None:
    """Write the tables of a year, or of all, as CSV."""
    from generator.site.exports.tabled import CSV

    tabled(folder, years_told(prepare(root, lang), how), CSV, force=force)


@command("Parquet 表格：与 CSV 相同的两张表，列有类型；不写 --year 时所有年度")
@argument("folder", metavar="文件夹", type=FOLDER)
@option("--force", is_flag=True, help="文件已经有了也写，代替原来的")
@computing
@common
def parquet(
    folder: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None
) -> None:
    """Write the tables of a year, or of all, as Parquet."""
    from generator.site.exports.tabled import PARQUET

    tabled(folder, years_told(prepare(root, lang), how), PARQUET, force=force)


def tabled(folder: Path, years: Sequence[Told], tables: Tables, *, force: bool) -> None:
    """Write the tables of each year into a folder of its own."""
    files = {
        folder / f"{told.results.year}" / name: (make, told.results)
        for told in years
        for name, make in tables.items()
    }
    for file in files:
        fitting(file, file.suffix, force=force)
    for file, (make, results) in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        written(file, b"".join(make(results)))


BOOKS = {"ledger": ledger, "lists": lists, "missing": missing, "csv": csv, "parquet": parquet}
