"""Workbooks that only leave: the ledger, and the lists that results are for."""

from __future__ import annotations

import time
from pathlib import Path

import click

from generator.cli.common import Computing, common, computing, prepare
from generator.cli.ending.export.making import exporting, fitting, told, written
from generator.cli.line.saying import argument, command, option
from generator.reports.book import made_from
from generator.site.addresses import LINES_CSV, LINES_PARQUET, RANKING_CSV, RANKING_PARQUET
from generator.text.days import day_of


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


@command("名单：激励、约谈、学会考评、加分事项、经费依据")
@exporting
@common
def lists(file: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None) -> None:
    """Write the lists of a year."""
    from generator.exchange.workbooks.lists import lists as made

    where = prepare(root, lang)
    fitting(file, ".xlsx", force=force)
    found = told(where, how)
    written(file, made(found.results, found.rubric))


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
    lacks = Missing.of(found.results, found.rubric, found.findings, today)
    written(file, missing_book(lacks, made_from(found.results), found.rubric.places))


@command("CSV 表格：排名和每一行得分，供程序和表格软件用")
@argument("folder", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path))
@option("--force", is_flag=True, help="文件已经有了也写，代替原来的")
@computing
@common
def csv(folder: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None) -> None:
    """Write the tables of a year as CSV."""
    from generator.reports.scores import as_csv
    from generator.site.exports.tables import lines_csv

    found = told(prepare(root, lang), how)
    tables = {
        RANKING_CSV: as_csv(found.results).encode("utf-8"),
        LINES_CSV: b"".join(lines_csv(found.results)),
    }
    tabled(folder, found.results.year, tables, force=force)


@command("Parquet 表格：与 CSV 相同的两张表，列有类型")
@argument("folder", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path))
@option("--force", is_flag=True, help="文件已经有了也写，代替原来的")
@computing
@common
def parquet(
    folder: Path, *, force: bool, how: Computing, root: Path | None, lang: str | None
) -> None:
    """Write the tables of a year as Parquet."""
    from generator.site.exports.parquet import lines_parquet, ranking_parquet

    found = told(prepare(root, lang), how)
    tables = {
        RANKING_PARQUET: b"".join(ranking_parquet(found.results)),
        LINES_PARQUET: b"".join(lines_parquet(found.results)),
    }
    tabled(folder, found.results.year, tables, force=force)


def tabled(folder: Path, year: int, tables: dict[str, bytes], *, force: bool) -> None:
    """Write the tables of a year into its folder."""
    files = {folder / f"{year}" / name: data for name, data in tables.items()}
    for file in files:
        fitting(file, file.suffix, force=force)
    (folder / f"{year}").mkdir(parents=True, exist_ok=True)
    for file, data in files.items():
        written(file, data)


BOOKS = {"ledger": ledger, "lists": lists, "missing": missing, "csv": csv, "parquet": parquet}
