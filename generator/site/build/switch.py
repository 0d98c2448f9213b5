"""The switch of years on every page: to the same page of another year, or else to its home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from generator.site.addresses import FILE, HOME, ONCE, PAGE, record_address
from generator.site.build.written import filled
from generator.site.form.page import is_filed
from generator.site.html.templating import render
from generator.site.ranking.years import stage_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.results.model import BranchResult
    from generator.site.build.volume import Pages
    from generator.site.data.forge import Forge
    from generator.site.html.page import Frame

#: Texts that are kept: most pages of a year at one depth lead to the same.
KEPT = 256


@dataclass(frozen=True, slots=True)
class Entry:
    """A year in the switch: where it leads; ``shown`` is the year that the page belongs to."""

    year: int
    stage: str
    address: str
    shown: bool


class Switch:
    """Knows which pages every year of a site has; a site of one year has no switch."""

    def __init__(self, volumes: Sequence[Pages]) -> None:
        self.first = volumes[0] if volumes else None
        self.volumes = sorted(volumes, key=lambda pages: -pages.shown.year)
        self.text = lru_cache(KEPT)(self.render)
        self.records = lru_cache(len(volumes))(self.records_of)

    @cached_property
    def branches(self) -> dict[int, dict[str, BranchResult]]:
        """The branches of each year by id."""
        return {
            pages.shown.year: {branch.id: branch for branch in pages.site.results.branches}
            for pages in self.volumes
        }

    def around(self, frame: Frame, address: str, pages: Pages | None = None) -> Frame:
        """Return a frame with the switch of the page at an address; ``pages`` is its year's.

        A page that a site has once, or that was written by hand, belongs to no year; nor does the
        form at the root where the year shown first takes no filings.
        """
        if not self.volumes[1:]:
            return frame
        elsewhere = address == FILE and pages is not None and not is_filed(pages.site)
        own = None if address in ONCE or elsewhere else pages
        entries = tuple(
            Entry(
                other.shown.year,
                stage_words(other.shown.stage),
                address if other is own else self.counterpart(address, own, other),
                shown=other is own,
            )
            for other in self.volumes
        )
        return replace(frame, years=self.text(entries, address.count("/")))

    def around_written(self, html: str, address: str, forge: Forge | None) -> str:
        """Return a hand-written page with the years above it and the version of the data below."""
        if self.first is None:
            return html
        frame = self.around(self.first.frame(address), address)
        site = self.first.site
        allowed = site.evaluation.allowed
        text = filled(html, self.first.shown.year, allowed, forge, site.publish)
        return frame.years + text + frame.foot

    def counterpart(self, address: str, own: Pages | None, other: Pages) -> str:
        """Return the address of the same kind of page in another year, or else of its home."""
        prefix = other.site.prefix
        home = f"{prefix}{HOME}"
        if own is None:
            return home
        if address in own.standing:
            same = prefix + address.removeprefix(own.site.prefix)
            return same if same in other.standing else home
        _, _, below = address.partition("/branches/")
        branch, _, record = below.partition("/")
        same = f"{other.shown.year}/branches/{below}"
        if record:
            return same if same in self.records(other.shown.year, branch) else home
        return same if branch.removesuffix(PAGE) in self.branches[other.shown.year] else home

    def records_of(self, year: int, branch_id: str) -> frozenset[str]:
        """Return the addresses of the pages of a branch's records."""
        branch = self.branches[year].get(branch_id)
        return frozenset(map(record_address, branch.records)) if branch else frozenset()

    def render(self, entries: tuple[Entry, ...], depth: int) -> str:
        """Return the switch of pages of one depth."""
        up = "../" * depth
        return str(render(self.volumes[0].env, "switch.html.jinja", up=up, entries=entries))
