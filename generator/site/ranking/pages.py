"""The pages of the ranking: home, and further pages of lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.scoring.scorecard import Status
from generator.site.ranking.choices import choices_of
from generator.site.ranking.distribution import distribution_of
from generator.site.ranking.years import grade_words
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.build.volume import Pages
    from generator.site.data.standings import Listing
    from generator.site.html.page import GeneratedPage, Standing


def pages(made: Pages) -> Iterator[Standing]:
    """Yield the pages of the ranking."""
    yield f"{made.site.prefix}index.html", partial(home, made)
    for found in made.standings.listings():
        links = found.pages
        for number in range(found.made, len(links)):
            yield links[number].address, partial(listing, made, found, number)


def home(made: Pages) -> GeneratedPage:
    """Return the ranked outcome."""
    return made.page(
        f"{made.site.prefix}index.html",
        "home.html.jinja",
        made.standings.ranking.title,
        description=tr("{year} 年度考核的名次、总分和等次", year=made.shown.year),
        site=made.site,
        whole=made.whole,
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


#: Pages that lie beside the ranking: address, whether each year has its own, words.
BESIDE = (
    ("lacking.html", True, mark("各支部还缺什么")),
    ("points.html", True, mark("全部得分与两个支部的比较")),
    ("societies.html", True, mark("按学会查找")),
    ("whatif.html", True, mark("换一种答案会怎样")),
    ("years.html", False, mark("历年")),
    ("process.html", False, mark("考核步骤与日期")),
)


def also(made: Pages) -> list[tuple[str, str]]:
    """Return address and words of the pages beside the ranking that there are this year."""
    found = []
    for name, yearly, words in BESIDE:
        address = f"{made.site.prefix if yearly else ''}{name}"
        if not yearly or address in made.standing:
            found.append((address, gettext(words)))
    return found


def listing(made: Pages, listing: Listing, number: int) -> GeneratedPage:
    """Return a page of a list, the first being 0."""
    pages = listing.pages
    branches = listing.rows(number)
    title = listing.title
    if len(pages) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    ranked = [branch for branch in branches if branch.status == Status.SCORED]
    return made.page(
        pages[number].address,
        "listing.html.jinja",
        title,
        nav="consortia.html" if listing.above else "index.html",
        listing=listing,
        pages=pages,
        at=number,
        rows=made.standings.rows_of(ranked),
        groups=made.standings.groups_of(branches, listing.branches),
        caption=listing.caption(number),
        scale=made.site.scale,
    )
