"""The generated pages of a site, each from one template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from generator.scoring.scorecard import Status
from generator.site.branches.card import card_of
from generator.site.branches.peers import lacking_of, peers_of
from generator.site.build.families import FAMILIES
from generator.site.data.figures import bar_words, record_address
from generator.site.data.rulebook import rubric_view
from generator.site.data.standings import Standings
from generator.site.data.survey import Survey, survey_of
from generator.site.data.years import branch_address
from generator.site.exports import downloads_page as provenance
from generator.site.html.page import (
    BANNER,
    OTHERS,
    Frame,
    GeneratedPage,
    SearchEntry,
    TocEntry,
)
from generator.site.html.templating import environment, joined, render
from generator.text.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment

    from generator.results.model import BranchResult
    from generator.results.packed import EvidenceRecord
    from generator.rubric.document import Rubric
    from generator.scoring.scorecard import BonusLine, Line
    from generator.site.branches.peers import Peers
    from generator.site.data.rulebook import RubricView
    from generator.site.data.years import SiteData

    Lines = dict[str, list[Line]]
    BonusLines = dict[str, list[BonusLine]]


#: The place of the banner, as templates write it.
MARK = Markup(BANNER)  # noqa: S704 - a constant
#: The place of what a page shows of all other branches.
ALL = Markup(OTHERS)  # noqa: S704 - a constant


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pages of branches show of a year beside the branch: nothing that others change."""

    year: int
    stage: str
    deadline: str
    prefix: str
    period: tuple[str, str]


class Pages:
    """Makes the pages of one year of a site."""

    def __init__(self, site: SiteData, whole: SiteData | None = None) -> None:
        self.site = site
        self.whole = whole or site
        results = site.results
        self.shown = Shown(
            results.year, results.stage, results.deadline, site.prefix, results.period
        )
        self.standings = Standings(site)
        self.env: Environment = environment(site.templates, site.rubric.places)
        self.env.globals.update(
            shown=self.shown, rubric=site.rubric, banner=MARK, others=ALL, bar_words=bar_words
        )
        self.frames: dict[int, Frame] = {}
        self.first = self.site is self.whole

    def page(
        self,
        address: str,
        template: str,
        title: str,
        *,
        description: str = "",
        toc: tuple[TocEntry, ...] = (),
        search: SearchEntry | None = None,
        nav: str = "index.html",
        **values: Any,
    ) -> GeneratedPage:
        """Return a page; ``up`` leads from its folder to the site's root.

        The title of a page of an earlier year says so: the newest year has one of the same name.
        """
        up = "../" * address.count("/")
        body = render(self.env, template, up=up, title=title, **values)
        if self.site.prefix and str(self.shown.year) not in title:
            title = tr("{title}（{year} 年度）", title=title, year=self.shown.year)
        return GeneratedPage(address, title, description or title, body, toc, search, nav)

    def frame(self, address: str) -> Frame:
        """Return what a page at an address shows of the version of the data."""
        depth = address.count("/")
        if depth not in self.frames:
            values = {"up": "../" * depth, "site": self.site, "results": self.site.results}
            self.frames[depth] = Frame(
                str(render(self.env, "banner.html.jinja", **values)),
                str(render(self.env, "colophon.html.jinja", **values)),
                str(render(self.env, "others.html.jinja", rug=self.standings.rug)),
            )
        return self.frames[depth]

    @cached_property
    def survey(self) -> Survey:
        """All criteria of all branches; the first that asks has them read."""
        return survey_of(self.site.results, self.site.rubric)

    def peers(self, branch: BranchResult) -> Peers:
        """Return what a branch's pages show of all others."""
        return peers_of(self, branch)

    def prepare(self) -> None:
        """Work out what all pages look at, before they are shared out to processes."""
        for branch in self.site.results.branches[:1]:
            self.peers(branch)

    @cached_property
    def lacking(self) -> dict[str, str]:
        """Where each branch stands in the list of what all lack."""
        return lacking_of(self)

    @cached_property
    def rubrics(self) -> dict[int, Rubric]:
        """The rubric of each year of the site."""
        return {year.results.year: year.rubric for year in self.whole.years}

    @cached_property
    def rules(self) -> RubricView:
        """The rubric in words."""
        return rubric_view(self.site.rubric)

    @cached_property
    def standing(self) -> dict[str, Callable[[], GeneratedPage]]:
        """What makes the pages that do not belong to a branch, by address; not the downloads."""
        return {address: make for family in FAMILIES for address, make in family(self)}

    def downloads(self, digest: str) -> GeneratedPage:
        """Return the page of downloads; ``digest`` is that of the results, known at the end."""
        return provenance.downloads(self, digest)

    def branch(self, branch: BranchResult) -> Iterator[GeneratedPage]:
        """Yield the pages of a branch: its scorecard, and a page for each record of evidence.

        They show nothing but the branch, what the rubric says, and ``shown``.
        """
        yield self.scorecard(branch)
        lines: Lines = {}
        for line in branch.criteria:
            for path in dict.fromkeys(line.evidence):
                lines.setdefault(path, []).append(line)
        bonus: BonusLines = {}
        for claim in branch.bonus_lines:
            for path in dict.fromkeys(claim.evidence):
                bonus.setdefault(path, []).append(claim)
        elsewhere = {record.path for past in self.earlier(branch) for record in past.records}
        for record in branch.records:
            if record.path not in elsewhere:
                yield self.evidence(
                    branch, record, lines.get(record.path, []), bonus.get(record.path, [])
                )

    def earlier(self, branch: BranchResult) -> list[BranchResult]:
        """Return a branch's results of earlier years, which have the pages of their own records."""
        years = {past.results.year for past in self.whole.past}
        points = self.site.trend(branch.id)
        return [p.result for p in points if p.year in years and p.year < self.shown.year]

    def scorecard(self, branch: BranchResult) -> GeneratedPage:
        """Return the scorecard of a branch."""
        year = self.shown.year
        status = Status(branch.status)
        return self.page(
            branch_address(year, branch),
            "scorecard.html.jinja" if branch.lines else "unfiled.html.jinja",
            branch.name,
            description=tr("{name} {year} 年度考核评分卡", name=branch.name, year=year),
            search=None if self.site.prefix else entry_of(branch),
            card=card_of(self, branch),
            vetoed=status is Status.VETOED,
            unreadable=status is Status.UNREADABLE,
            rules=self.rules if not branch.lines and self.shown.stage != "final" else None,
        )

    def evidence(
        self,
        branch: BranchResult,
        record: EvidenceRecord,
        lines: list[Line],
        bonus: list[BonusLine],
    ) -> GeneratedPage:
        """Return the page of one record of evidence and the lines that rest on it."""
        return self.page(
            record_address(record),
            "evidence.html.jinja",
            record.title,
            description=tr("{name}的佐证：{title}", name=branch.name, title=record.title),
            branch=branch,
            record=record,
            lines=lines,
            bonus=bonus,
            home=branch_address(self.shown.year, branch),
        )


def entry_of(branch: BranchResult) -> SearchEntry:
    """Return what search finds a branch by: name, societies, id and rank, and no more."""
    rank = tr("第 {rank} 名", rank=branch.rank) if branch.rank else ""
    words = joined(word for word in (*branch.societies, branch.id, rank) if word)
    return SearchEntry(branch.name, words)
