"""``appraise export``: papers, lists and workbooks, each kind a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.common import common
from generator.cli.line.handing import Handing
from generator.cli.line.saying import argument
from generator.text.language import mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.cli.line.saying import Command

#: What can be exported, in the order of a year.
KINDS = (
    "due", "missing", "form", "ballot-papers", "debrief-papers", "ballots", "reviews", "ledger",
    "lists", "notice", "letter", "csv", "parquet", "archive",
)  # fmt: skip


class Export(Handing):
    """A command that hands over to the one of the kind that its first word names."""

    heading = mark("可以输出")

    @property
    def others(self) -> Mapping[str, Command]:
        """Kind → command."""
        from generator.cli.ending.export.archiving import archive
        from generator.cli.ending.export.books import BOOKS
        from generator.cli.ending.export.papers import PAPERS
        from generator.cli.ending.export.returning import RETURNING

        kinds = {**BOOKS, **PAPERS, **RETURNING, "archive": archive}
        return {kind: kinds[kind] for kind in KINDS}


@click.command(cls=Export, name="export", help=mark("输出文书、名单和表格：用 Word、Excel 打开"))
@argument("kind", metavar="种类", type=click.Choice(KINDS))
@common
def export(kind: str, root: Path | None, lang: str | None) -> None:
    """Papers, lists and workbooks; the command of a kind takes its place."""
    raise AssertionError(kind, root, lang)
