"""The generated pages and files of a site, in memory: bodies in their frames, without the shell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.site.build.producing import volumes_of
from generator.site.exports.files import files_of
from generator.site.exports.results_text import ResultsText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.site.build.volume import Pages
    from generator.site.data.years import SiteData
    from generator.site.html.page import GeneratedFile, GeneratedPage


def site_pages(site: SiteData) -> Iterator[GeneratedPage]:
    """Yield every generated page of a site."""
    for pages in volumes_of(site):
        for page in year_pages(pages):
            framed = pages.frame(page.address).around(str(page.body))
            body = Markup(framed)  # noqa: S704 - both parts come from autoescaped templates
            yield replace(page, body=body)


def year_pages(pages: Pages) -> Iterator[GeneratedPage]:
    """Yield the pages of a year without their frames."""
    for make in pages.standing.values():
        yield make()
    for branch in pages.site.results.branches:
        yield from pages.branch(branch)
    if pages.site is pages.whole:
        text = ResultsText(pages.site.published)
        assert b"".join(text.pieces())
        yield pages.downloads(text.digest)


def site_files(site: SiteData) -> Iterator[GeneratedFile]:
    """Yield every generated file of a site."""
    for pages in volumes_of(site):
        yield from files_of(pages.site)
