"""One year of a site as its pages are made: what every family of pages is handed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from generator.site.addresses import HOME, ONCE
from generator.site.data.figures import bar_words
from generator.site.data.posting import Posting, posted, posting_of
from generator.site.data.standings import Standings
from generator.site.data.survey import Survey, survey_of
from generator.site.html.page import BANNER, OTHERS, Frame, GeneratedPage, SearchEntry, TocEntry
from generator.site.html.templating import environment, render
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from jinja2 import Environment

    from generator.rubric.document import Rubric
    from generator.site.data.years import SiteData
    from generator.site.html.page import Program

#: The place of the banner, as templates write it.
MARK = Markup(BANNER)  # noqa: S704 - a constant
#: What pages for the committee alone say of themselves.
INSIDE = mark("内部网站，请勿转发")
#: The place of what a page shows of all other branches.
ALL = Markup(OTHERS)  # noqa: S704 - a constant


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pages of branches show of a year beside the branch: nothing that others change.

    ``accepts`` says that the committee takes over what is claimed.
    """

    year: int
    stage: str
    deadline: str
    prefix: str
    period: tuple[str, str]
    accepts: bool
    posting: Posting | None = None


class YearPages:
    """Makes pages of one year, each from one template; knows no family of pages.

    ``site`` is the year, ``whole`` the year that the site shows first, which knows all others.
    ``first`` is that year itself; ``current`` has pages of the work, as every year under way.
    """

    def __init__(self, site: SiteData, whole: SiteData | None = None) -> None:
        self.site = site
        self.whole = whole or site
        results = site.results
        self.shown = Shown(
            results.year,
            results.stage,
            results.deadline,
            site.prefix,
            results.period,
            accepts=bool(results.decision.get("accept_claims")),
            posting=posting_of(results),
        )
        self.standings = Standings(site)
        self.env: Environment = environment(site.templates, site.rubric.places)
        self.env.globals.update(
            shown=self.shown,
            rubric=site.rubric,
            banner=MARK,
            others=ALL,
            bar_words=bar_words,
            inside=gettext(INSIDE),
        )
        self.frames: dict[int, Frame] = {}
        self.first = self.site is self.whole
        self.current = self.first or site.under_way

    def page(
        self,
        address: str,
        template: str,
        title: str,
        *,
        description: str = "",
        toc: tuple[TocEntry, ...] = (),
        search: SearchEntry | None = None,
        nav: str = HOME,
        program: Program | None = None,
        **values: object,
    ) -> GeneratedPage:
        """Return a page; ``up`` leads from its folder to the site's root.

        The title of a page of another year says so: the year shown first has one of that name.
        """
        up = "../" * address.count("/")
        body = render(self.env, template, up=up, title=title, **values)
        title = self.titled(title)
        words = description or title
        return GeneratedPage(address, title, words, body, toc, search, nav, program)

    def titled(self, title: str) -> str:
        """Return the title of a page, with its year unless the site shows that first."""
        if self.site.prefix and str(self.shown.year) not in title:
            return tr("{title}（{year} 年度）", title=title, year=self.shown.year)
        return title

    def frame(self, address: str) -> Frame:
        """Return what a page at an address shows of the version of the data."""
        depth = address.count("/")
        if depth not in self.frames:
            values = {
                "up": "../" * depth,
                "site": self.site,
                "results": self.site.results,
                "posted": posted(self.site.results),
            }
            self.frames[depth] = Frame(
                str(render(self.env, "banner.html.jinja", **values)),
                str(render(self.env, "colophon.html.jinja", **values)),
                str(render(self.env, "others.html.jinja", rug=self.standings.rug)),
                notice=self.notice(**values),
            )
        frame = self.frames[depth]
        return replace(frame, notice="") if address in ONCE else frame

    def notice(self, **values: object) -> str:
        """Return what stands above every page of a final year that was corrected."""
        corrections = self.site.published.corrections
        if not corrections:
            return ""
        return str(render(self.env, "corrected.html.jinja", corrections=corrections, **values))

    @cached_property
    def survey(self) -> Survey:
        """All criteria of all branches; the first that asks has them read."""
        return survey_of(self.site.results, self.site.rubric)

    @cached_property
    def rubrics(self) -> dict[int, Rubric]:
        """The rubric of each year of the site."""
        return {year.results.year: year.rubric for year in self.whole.years}
