"""The page for readers of the data by program: addresses, columns, badges, the feed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.site.addresses import (
    DOWNLOADS,
    FEED,
    FIELDS,
    LINES_CSV,
    LINES_PARQUET,
    RANKING_CSV,
    RANKING_PARQUET,
    badge_address,
)
from generator.site.exports.tables import (
    LINES,
    LINES_ACCEPTED,
    RANKING,
    RANKING_ACCEPTED,
    Kind,
    accepting,
)
from generator.site.html.page import TocEntry
from generator.text.language import gettext, mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.data.year import YearPages
    from generator.site.exports.tables import Column
    from generator.site.html.page import GeneratedPage, Standing

#: What a column holds: in words, and as Parquet has it.
KINDS = {
    Kind.TEXT: (mark("文字"), "string"),
    Kind.COUNT: (mark("整数"), "int32"),
    Kind.POINTS: (mark("分数"), "decimal(18, 6)"),
}
#: Branches whose badges are shown.
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column in words."""

    name: str
    kind: str
    type: str
    words: str


@dataclass(frozen=True, slots=True)
class TableView:
    """A table: its anchor, title, names of its files, and its columns."""

    id: str
    title: str
    files: tuple[str, ...]
    columns: tuple[ColumnView, ...]


@dataclass(frozen=True, slots=True)
class BadgeView:
    """The badge of a branch."""

    name: str
    address: str


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the page, once for a site."""
    if made.first:
        yield FIELDS, partial(page, made)


def page(made: YearPages) -> GeneratedPage:
    """Return the page on data for programs."""
    accepted = any(accepting(site.results) for site in made.site.years)
    ranking = (*RANKING, *(RANKING_ACCEPTED if accepted else ()))
    lines = (*LINES, *(LINES_ACCEPTED if accepted else ()))
    tables = (
        table("ranking", gettext("排名表"), (RANKING_CSV, RANKING_PARQUET), ranking),
        table("lines", gettext("明细表"), (LINES_CSV, LINES_PARQUET), lines),
    )
    year = made.shown.year
    branches = made.site.results.branches[:EXAMPLES]
    return made.page(
        FIELDS,
        "fields.html.jinja",
        gettext("数据说明"),
        description=gettext("结果文件的地址和各列的含义，徽章和订阅"),
        toc=(
            *(TocEntry(t.title, t.id) for t in tables),
            TocEntry(gettext("徽章"), "badges"),
            TocEntry(gettext("订阅"), "feed"),
            TocEntry(gettext("页面里的数据"), "more"),
        ),
        nav=DOWNLOADS,
        tables=tables,
        badges=[BadgeView(b.name, badge_address(year, b)) for b in branches],
        feed=FEED,
    )


def table(name: str, title: str, files: tuple[str, ...], columns: tuple[Column, ...]) -> TableView:
    """Return a table in words."""
    views = (
        ColumnView(c.name, gettext(KINDS[c.kind][0]), KINDS[c.kind][1], gettext(c.words))
        for c in columns
    )
    return TableView(name, title, files, tuple(views))
