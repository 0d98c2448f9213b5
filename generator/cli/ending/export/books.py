"""Workbooks that only leave: the ledger, and the lists that results are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.common import common, prepare
from generator.cli.ending.export.making import exporting, fitting, told, written
from generator.cli.line.saying import command

if TYPE_CHECKING:
    from pathlib import Path

    from generator.cli.common import Computing


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


BOOKS = {"ledger": ledger, "lists": lists}
