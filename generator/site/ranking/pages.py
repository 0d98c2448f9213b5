"""The pages of the ranking: home, and further pages of lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.site.addresses import (
    APPEALS,
    ASKED,
    CONSORTIA,
    HOME,
    LACKING,
    LOT,
    POINTS,
    PROCESS,
    SOCIETIES,
    WHATIF,
    YEARS,
)
from generator.site.data.figures import grade_words
from generator.site.data.posting import posted
from generator.site.ranking.choices import choices_of
from generator.site.ranking.distribution import distribution_of
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.data.standings import Listing
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the pages of the ranking."""
    yield f"{made.site.prefix}{HOME}", partial(home, made)
    for found in made.standings.listings():
        links = found.pages
        for number in range(found.made, len(links)):
            yield links[number].address, partial(listing, made, found, number)


def home(made: YearPages) -> GeneratedPage:
    """Return the ranked outcome."""
    return made.page(
        f"{made.site.prefix}{HOME}",
        "home.html.jinja",
        made.standings.ranking.title,
        description=tr("{year} 年度考核的名次、总分和等次", year=made.shown.year),
        site=made.site,
        results=made.site.results,
        ranking=made.standings,
        scale=made.site.scale,
        pages=made.standings.ranking.pages,
        rows=made.standings.rows_of(made.standings.ranking.rows(0)),
        caption=made.standings.ranking.caption(0),
        distribution=distribution_of(made.standings.scored, made.site.rubric, made.site.scale),
        choices=None if made.standings.large else choices_of(made.standings.scored),
        also=also(made),
        grades=grade_words(made.site.results, made.site.rubric),
    )


def also(made: YearPages) -> list[tuple[str, str]]:
    """Return address and words of the pages beside the ranking that there are this year."""
    prefix = made.site.prefix
    beside = (
        (f"{prefix}{LACKING}", made.site.tells_lacking, gettext("各支部还缺什么")),
        (f"{prefix}{ASKED}", any(b.due for b in made.site.results.branches), gettext("应报事项")),
        (f"{prefix}{APPEALS}", posted(made.site.results), gettext("公示与申诉")),
        (f"{prefix}{LOT}", made.site.tells_lot, gettext("抽查")),
        (f"{prefix}{POINTS}", True, gettext("全部得分与两个支部的比较")),
        (f"{prefix}{SOCIETIES}", True, gettext("按学会查找")),
        (f"{prefix}{WHATIF}", made.current, gettext("换一种答案会怎样")),
        (YEARS, True, gettext("历年")),
        (f"{prefix if made.current else ''}{PROCESS}", True, gettext("考核步骤与日期")),
    )
    return [(address, words) for address, there, words in beside if there]


def listing(made: YearPages, listing: Listing, number: int) -> GeneratedPage:
    """Return a page of a list, the first being 0."""
    pages = listing.pages
    branches = listing.rows(number)
    title = listing.title
    if len(pages) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    ranked = [branch for branch in branches if branch.rank is not None]
    return made.page(
        pages[number].address,
        "listing.html.jinja",
        title,
        nav=CONSORTIA if listing.above else HOME,
        listing=listing,
        pages=pages,
        at=number,
        rows=made.standings.rows_of(ranked),
        groups=made.standings.groups_of(branches, listing.branches),
        caption=listing.caption(number),
        scale=made.site.scale,
    )
