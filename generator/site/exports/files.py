"""The files of a year beside its pages: results, tables, badges, the feed, what is frozen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.reports.scores import as_csv
from generator.results.document import dump_parts
from generator.site.addresses import FEED, RANKING_CSV, RESULTS, badge_address, picture_address
from generator.site.exports.badge import badge_of
from generator.site.exports.feed import feed_of
from generator.site.exports.jsonld import name_of
from generator.site.exports.outputs import outputs_of
from generator.site.exports.results_text import ResultsText
from generator.site.html.page import GeneratedFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import BranchResult
    from generator.site.data.year import YearPages
    from generator.site.data.years import FrozenFile, SiteData

#: Bytes of a file that are held at once.
BLOCK = 1 << 20


def files_of(site: SiteData) -> list[GeneratedFile]:
    """Return the files of a year: results, tables, its card; of a final year as it was frozen."""
    results = GeneratedFile(f"{site.prefix}{RESULTS}", ResultsText(site.published).pieces)
    feeds = [] if site.prefix else [feed_file(site)]
    own = [*(frozen_files(site) or [results]), table_of(site), *outputs_of(site), *feeds]
    return [*own, *pictures_of(site)]


def badge_file(pages: YearPages, branch: BranchResult) -> GeneratedFile:
    """Return the badge of a branch."""
    year = pages.shown.year
    grades = tuple(band.id for band in pages.site.rubric.grades)
    return GeneratedFile(badge_address(year, branch), lambda: [badge_of(year, branch, grades)])


def feed_file(site: SiteData, name: str = "", site_url: str = "") -> GeneratedFile:
    """Return the feed of a whole site; ``name`` is the site's."""
    return GeneratedFile(FEED, lambda: [feed_of(site, name or name_of(site), site_url)])


def frozen_files(site: SiteData) -> list[GeneratedFile]:
    """Return what a final year was frozen into; of its results, what is shown of them."""
    return [
        GeneratedFile(
            f"{site.prefix}{file.path.name}",
            partial(projection, site)
            if site.published.full_digest and file.path.name == RESULTS
            else partial(blocks, file),
        )
        for file in site.frozen
    ]


def projection(site: SiteData) -> Iterator[bytes]:
    """Yield what is shown of a final year's results, in the form of the file itself."""
    for part in dump_parts(site.published):
        yield part.encode("utf-8")


def table_of(site: SiteData) -> GeneratedFile:
    """Return the ranking as CSV."""
    return GeneratedFile(
        f"{site.prefix}{RANKING_CSV}", lambda: [as_csv(site.published).encode("utf-8")]
    )


def pictures_of(site: SiteData) -> list[GeneratedFile]:
    """Return the small pictures that the pages of those that look alike show, each once."""
    if site.likeness is None:
        return []
    found = {picture_address(site.prefix, own.data): own for own in site.likeness.small.values()}
    return [GeneratedFile(a, partial(iter, (own.data,))) for a, own in sorted(found.items())]


def blocks(file: FrozenFile) -> Iterator[bytes]:
    """Yield the bytes of a file, some at a time."""
    with file.open() as stream:
        while block := stream.read(BLOCK):
            yield block
