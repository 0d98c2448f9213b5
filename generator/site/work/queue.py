"""The review queue: what is left to decide by branch, criterion and reviewer; for the committee."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.reports.review.queue import queue_of
from generator.site.addresses import (
    QUEUE,
    addresses_of,
    branch_address,
    criterion_address,
)
from generator.site.data.standings import ROWS, PageLink
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.reports.review.queue import Queue
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the pages of the queue, of a year under way alone."""
    if not made.site.under_way:
        return
    own = made.site.evaluation
    queue = queue_of(made.site.results, made.site.rubric, own.findings, own.after)
    first = f"{made.site.prefix}{QUEUE}"
    addresses = addresses_of(first, -(-len(queue.waiting) // ROWS))
    for number, address in enumerate(addresses):
        yield address, partial(page, made, queue, addresses, number)


def page(made: YearPages, queue: Queue, addresses: list[str], number: int) -> GeneratedPage:
    """Return a page of the queue, the first being 0."""
    title = gettext("核定进度")
    if len(addresses) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    return made.page(
        addresses[number],
        "queue.html.jinja",
        title,
        description=tr("{year} 年度还有哪些要核定", year=made.shown.year),
        queue=queue,
        rows=queue.waiting[number * ROWS : (number + 1) * ROWS],
        card_of=partial(branch_address, made.shown.year),
        criterion_of=partial(criterion_address, made.site.prefix),
        pages=tuple(PageLink(a, f"{n}") for n, a in enumerate(addresses, start=1)),
        at=number,
    )
