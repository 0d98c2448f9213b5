"""The generated pages of a site, each from one template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from generator.codes import CODES, FAMILIES
from generator.i18n import gettext, tr
from generator.schemas import FORMATS
from generator.scorecard import Status
from generator.site.cards import card_of
from generator.site.figures import bar_words, record_address
from generator.site.keys import format_tables
from generator.site.page import (
    BANNER,
    Frame,
    GeneratedPage,
    SearchEntry,
    TocEntry,
)
from generator.site.rulebook import rubric_view
from generator.site.standings import Standings
from generator.site.templating import environment, joined, render
from generator.site.years import branch_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment

    from generator.details import EvidenceRecord
    from generator.results import BranchResult
    from generator.scorecard import BonusLine, Line
    from generator.site.standings import Listing
    from generator.site.years import SiteData

    Lines = dict[str, list[Line]]
    BonusLines = dict[str, list[BonusLine]]


#: The place of the banner, as templates write it.
MARK = Markup(BANNER)  # noqa: S704 - a constant


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pages of branches show of a year beside the branch: nothing that others change."""

    year: int
    stage: str
    deadline: str
    prefix: str


class Pages:
    """Makes the pages of one year of a site."""

    def __init__(self, site: SiteData, whole: SiteData | None = None) -> None:
        self.site = site
        self.whole = whole or site
        results = site.results
        self.shown = Shown(results.year, results.stage, results.deadline, site.prefix)
        self.standings = Standings(site)
        self.env: Environment = environment(site.templates, site.rubric.places)
        self.env.globals.update(
            shown=self.shown, rubric=site.rubric, banner=MARK, bar_words=bar_words
        )
        self.frames: dict[int, Frame] = {}

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
        """Return a page; ``up`` leads from its folder to the site's root."""
        up = "../" * address.count("/")
        body = render(self.env, template, up=up, title=title, **values)
        return GeneratedPage(address, title, description or title, body, toc, search, nav)

    def frame(self, address: str) -> Frame:
        """Return what a page at an address shows of the version of the data."""
        depth = address.count("/")
        if depth not in self.frames:
            values = {"up": "../" * depth, "site": self.site, "results": self.site.results}
            self.frames[depth] = Frame(
                str(render(self.env, "banner.html.jinja", **values)),
                str(render(self.env, "colophon.html.jinja", **values)),
            )
        return self.frames[depth]

    @cached_property
    def standing(self) -> dict[str, Callable[[], GeneratedPage]]:
        """What makes the pages that do not belong to a branch, by address; not the downloads."""
        prefix = self.site.prefix
        pages: dict[str, Callable[[], GeneratedPage]] = {
            f"{prefix}index.html": self.home,
            f"{prefix}rubric.html": self.rubric,
            f"{prefix}questions.html": self.questions,
        }
        if self.site is self.whole:
            pages |= {"findings.html": self.findings, "formats.html": self.formats}
        if self.standings.large:
            pages[self.standings.index] = self.consortia
        for listing in self.standings.listings():
            links = listing.pages
            for number in range(listing.made, len(links)):
                pages[links[number].address] = partial(self.listing, listing, number)
        return pages

    def home(self) -> GeneratedPage:
        """Return the ranked outcome."""
        return self.page(
            f"{self.site.prefix}index.html",
            "home.html.jinja",
            self.standings.ranking.title,
            description=tr("{year} 年度考核的名次、总分和等次", year=self.shown.year),
            site=self.site,
            whole=self.whole,
            results=self.site.results,
            ranking=self.standings,
            scale=self.site.scale,
            pages=self.standings.ranking.pages,
            rows=self.standings.rows_of(self.standings.ranking.rows(0)),
            caption=self.standings.ranking.caption(0),
        )

    def listing(self, listing: Listing, number: int) -> GeneratedPage:
        """Return a page of a list, the first being 0."""
        pages = listing.pages
        branches = listing.rows(number)
        title = listing.title
        if len(pages) > 1:
            title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
        ranked = [branch for branch in branches if branch.status == Status.SCORED]
        return self.page(
            pages[number].address,
            "listing.html.jinja",
            title,
            listing=listing,
            pages=pages,
            at=number,
            rows=self.standings.rows_of(ranked),
            groups=self.standings.groups_of(branches, listing.branches),
            caption=listing.caption(number),
            scale=self.site.scale,
        )

    def consortia(self) -> GeneratedPage:
        """Return the list of consortia, from which every branch is two steps away."""
        return self.page(
            self.standings.index,
            "consortia.html.jinja",
            gettext("按联合体查找"),
            listings=self.standings.consortia,
        )

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
            card=card_of(self.site, branch),
            vetoed=status is Status.VETOED,
            unreadable=status is Status.UNREADABLE,
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

    def rubric(self) -> GeneratedPage:
        """Return the rubric with an anchor a criterion."""
        view = rubric_view(self.site.rubric)
        return self.page(
            f"{self.site.prefix}rubric.html",
            "rubric.html.jinja",
            gettext("考核办法"),
            toc=tuple(TocEntry(s.title, s.id) for s in view.sections),
            nav="rubric.html",
            view=view,
        )

    def questions(self) -> GeneratedPage:
        """Return the open questions, then those decided."""
        questions = self.site.rubric.questions
        return self.page(
            f"{self.site.prefix}questions.html",
            "questions.html.jinja",
            gettext("待定事项"),
            nav="questions.html",
            waiting=[q for q in questions if q.decided_by is None],
            decided=[q for q in questions if q.decided_by is not None],
        )

    def findings(self) -> GeneratedPage:
        """Return the reference of finding codes."""
        groups = [
            (family, gettext(title), [c for c in CODES.values() if c.family == family])
            for family, title in FAMILIES.items()
        ]
        return self.page(
            "findings.html",
            "findings.html.jinja",
            gettext("校验规则"),
            toc=tuple(TocEntry(title, f"family-{family}") for family, title, _ in groups),
            nav="findings.html",
            groups=groups,
        )

    def formats(self) -> GeneratedPage:
        """Return the reference of file formats."""
        tables = [format_tables(item) for item in FORMATS]
        return self.page(
            "formats.html",
            "formats.html.jinja",
            gettext("文件格式"),
            toc=tuple(TocEntry(table.title, table.name) for table in tables),
            nav="guide.html",
            tables=tables,
        )

    def downloads(self, digest: str) -> GeneratedPage:
        """Return the page of downloads and how to recompute; ``digest`` is that of the results."""
        return self.page(
            "downloads.html",
            "downloads.html.jinja",
            gettext("下载"),
            nav="downloads.html",
            site=self.site,
            whole=self.whole,
            results=self.site.results,
            digest=digest,
        )


def entry_of(branch: BranchResult) -> SearchEntry:
    """Return what search finds a branch by: name, societies, id and rank, and no more."""
    rank = tr("第 {rank} 名", rank=branch.rank) if branch.rank else ""
    words = joined(word for word in (*branch.societies, branch.id, rank) if word)
    return SearchEntry(branch.name, words)
