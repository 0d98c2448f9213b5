"""The generated pages of a site, each from one template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.codes import CODES, FAMILIES
from generator.i18n import gettext, tr
from generator.reports.scores import as_csv
from generator.results import dump, to_json
from generator.schemas import FORMATS
from generator.scorecard import Status
from generator.site.figures import card_of, ranking_of, record_address
from generator.site.keys import format_tables
from generator.site.page import GeneratedFile, GeneratedPage, SearchEntry, TocEntry
from generator.site.rulebook import rubric_view
from generator.site.templating import environment, joined, render
from generator.site.years import branch_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment
    from markupsafe import Markup

    from generator.details import EvidenceRecord
    from generator.results import BranchResult
    from generator.site.years import SiteData


class Pages:
    """Makes the pages of one year of a site."""

    def __init__(self, site: SiteData, whole: SiteData | None = None) -> None:
        self.site = site
        whole = whole or site
        self.env: Environment = environment(site.templates, site.rubric.places)
        self.env.globals.update(site=site, whole=whole, results=site.results, rubric=site.rubric)

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
        body = render(
            self.env,
            template,
            up="../" * address.count("/"),
            title=title,
            address=address,
            **values,
        )
        return GeneratedPage(address, title, description or title, body, toc, search, nav)

    def all(self) -> Iterator[GeneratedPage]:
        """Yield every generated page of the year under way, and what all years share."""
        yield from self.year()
        yield self.findings()
        yield self.formats()
        yield self.downloads()

    def year(self) -> Iterator[GeneratedPage]:
        """Yield the pages of the year: outcome, scorecards, evidence, rubric, questions."""
        elsewhere = {
            record.path
            for past in self.site.past
            for branch in past.results.branches
            for record in branch.records
        }
        yield self.home()
        for branch in self.site.results.branches:
            yield self.scorecard(branch)
            for record in branch.records:
                if record.path not in elsewhere:
                    yield self.evidence(branch, record)
        yield self.rubric()
        yield self.questions()

    def home(self) -> GeneratedPage:
        """Return the ranked outcome."""
        title = tr("{year} 年度党支部考核结果", year=self.site.results.year)
        return self.page(
            f"{self.site.prefix}index.html",
            "home.html.jinja",
            title,
            description=tr("{year} 年度考核的名次、总分和等次", year=self.site.results.year),
            ranking=ranking_of(self.site),
            scale=self.site.scale,
        )

    def scorecard(self, branch: BranchResult) -> GeneratedPage:
        """Return the scorecard of a branch."""
        results = self.site.results
        rank = tr("第 {rank} 名", rank=branch.rank) if branch.rank else ""
        words = joined(word for word in (*branch.societies, branch.id, rank) if word)
        status = Status(branch.status)
        template = "scorecard.html.jinja" if branch.lines else "unfiled.html.jinja"
        return self.page(
            branch_address(results.year, branch),
            template,
            branch.name,
            description=tr("{name} {year} 年度考核评分卡", name=branch.name, year=results.year),
            search=None if self.site.prefix else SearchEntry(branch.name, words),
            card=card_of(self.site, branch),
            scale=self.site.scale,
            vetoed=status is Status.VETOED,
            unreadable=status is Status.UNREADABLE,
        )

    def evidence(self, branch: BranchResult, record: EvidenceRecord) -> GeneratedPage:
        """Return the page of one record of evidence."""
        lines = [line for line in branch.criteria if record.path in line.evidence]
        bonus = [line for line in branch.bonus_lines if record.path in line.evidence]
        return self.page(
            record_address(record),
            "evidence.html.jinja",
            record.title,
            description=tr("{name}的佐证：{title}", name=branch.name, title=record.title),
            branch=branch,
            record=record,
            lines=lines,
            bonus=bonus,
            home=branch_address(self.site.results.year, branch),
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

    def colophon(self, address: str) -> Markup:
        """Return the foot of a hand-written page: version of the data, rubric, recomputing."""
        return render(self.env, "colophon.html.jinja", up="../" * address.count("/"))

    def downloads(self) -> GeneratedPage:
        """Return the page of downloads and how to recompute."""
        return self.page(
            "downloads.html", "downloads.html.jinja", gettext("下载"), nav="downloads.html"
        )


def site_pages(site: SiteData) -> Iterator[GeneratedPage]:
    """Yield every generated page of a site; nothing where the rubric cannot be read."""
    if site.evaluation.results is not None:
        yield from Pages(site).all()
        for past in site.past:
            yield from Pages(past, site).year()


def site_colophon(site: SiteData) -> Callable[[str], str]:
    """Return what gives the foot of a hand-written page at an address."""
    pages = Pages(site)
    return lambda address: str(pages.colophon(address))


def site_files(site: SiteData) -> Iterator[GeneratedFile]:
    """Yield each year's results and its ranking as CSV; of final years the frozen files."""
    if site.evaluation.results is None:
        return
    for year in site.years:
        files = dict(year.frozen) or {"results.json": dump(to_json(year.results)).encode("utf-8")}
        for name, content in files.items():
            yield GeneratedFile(f"{year.prefix}{name}", content)
        yield GeneratedFile(f"{year.prefix}ranking.csv", as_csv(year.results).encode("utf-8"))
