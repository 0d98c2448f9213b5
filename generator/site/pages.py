"""The generated pages of a site, each from one template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.codes import CODES, FAMILIES
from generator.i18n import gettext, tr
from generator.reports.scores import as_csv
from generator.results import dump
from generator.schemas import FORMATS
from generator.site.cards import FindingView, card_of
from generator.site.keys import format_tables
from generator.site.page import GeneratedFile, GeneratedPage, SearchEntry, TocEntry
from generator.site.templating import environment, joined, render
from generator.site.rulebook import rubric_view
from generator.site.figures import branch_address, provenance, ranking_of, record_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results import BranchResult, EvidenceRecord, Results
    from generator.rubric import Rubric
    from generator.site.figures import SiteData

SEVERITIES = {"error": "错误", "warning": "警告", "notice": "提示"}
HOME = "index.html"


class Pages:
    """Makes the pages of one site."""

    def __init__(self, site: SiteData, rubric: Rubric) -> None:
        """Work out once what all pages show."""
        self.site = site
        self.rubric = rubric
        self.env = environment(site.templates, rubric.places)
        self.env.globals.update(
            origin=provenance(site),
            rubric=rubric,
            scale=site.scale,
            severities={name: gettext(word) for name, word in SEVERITIES.items()},
        )

    def page(
        self,
        address: str,
        title: str,
        description: str = "",
        *,
        template: str,
        toc: tuple[TocEntry, ...] = (),
        search: SearchEntry | None = None,
        nav: str = "",
        **values: Any,
    ) -> GeneratedPage:
        """Return a page; ``up`` leads from its folder to the site's root."""
        up = "../" * address.count("/")
        body = render(self.env, f"{template}.html.jinja", up=up, title=title, **values)
        return GeneratedPage(address, title, description or title, body, toc, search, nav or HOME)

    def all(self) -> Iterator[GeneratedPage]:
        """Yield every generated page."""
        results = self.site.results
        yield self.home(results)
        for branch in results.branches if results else ():
            yield self.scorecard(results, branch)
            for record in branch.records:
                yield self.evidence(results, branch, record)
        yield self.rules()
        yield self.questions()
        yield self.findings()
        yield self.formats()
        yield self.downloads(results)

    def home(self, results: Results | None) -> GeneratedPage:
        """Return the ranked outcome, or say that there is none."""
        if results is None:
            return self.page(HOME, gettext("党支部考核结果"), template="empty")
        return self.page(
            HOME,
            tr("{year} 年度党支部考核结果", year=results.year),
            tr("{year} 年度考核的名次、总分和等次", year=results.year),
            template="home",
            results=results,
            ranking=ranking_of(self.site, results),
        )

    def scorecard(self, results: Results, branch: BranchResult) -> GeneratedPage:
        """Return the scorecard of a branch; one without lines says what is to be done."""
        rank = tr("第 {rank} 名", rank=branch.rank) if branch.rank else ""
        words = joined(word for word in (*branch.societies, branch.id, rank) if word)
        return self.page(
            branch_address(results.year, branch),
            branch.name,
            tr("{name} {year} 年度考核评分卡", name=branch.name, year=results.year),
            template="scorecard" if branch.lines else "unfiled",
            search=SearchEntry(branch.name, words),
            results=results,
            branch=branch,
            card=card_of(self.site, results, self.rubric, branch),
        )

    def evidence(
        self, results: Results, branch: BranchResult, record: EvidenceRecord
    ) -> GeneratedPage:
        """Return the page of one record of evidence."""
        findings = self.site.by_record.get(record.path, ())
        return self.page(
            record_address(record),
            record.title or record.slug,
            tr("{name}的佐证：{title}", name=branch.name, title=record.title),
            template="evidence",
            branch=branch,
            record=record,
            home=branch_address(results.year, branch),
            lines=[line for line in branch.criteria if record.path in line.evidence],
            bonus=[line for line in branch.bonus_lines if record.path in line.evidence],
            findings=[FindingView(f, gettext(CODES[f.code].title)) for f in findings],
        )

    def rules(self) -> GeneratedPage:
        """Return the rubric with an anchor a criterion."""
        view = rubric_view(self.rubric)
        sections = tuple(TocEntry(s.title, f"section-{s.id}") for s in view.sections)
        rest = (
            TocEntry(gettext("加分"), "bonus"),
            TocEntry(gettext("一票否决"), "vetoes"),
            TocEntry(gettext("等次"), "grades"),
            TocEntry(gettext("名次与并列"), "ties"),
            TocEntry(gettext("测评票权重"), "ballot"),
        )
        return self.page(
            "rubric.html",
            gettext("考核办法"),
            template="rubric",
            toc=(*sections, *rest),
            search=SearchEntry(gettext("考核办法"), joined(s.title for s in view.sections)),
            nav="rubric.html",
            view=view,
        )

    def questions(self) -> GeneratedPage:
        """Return the open questions, then those decided."""
        questions = self.rubric.questions
        return self.page(
            "questions.html",
            gettext("待定事项"),
            template="questions",
            search=SearchEntry(gettext("待定事项"), joined(q.issue for q in questions)),
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
            gettext("校验规则"),
            template="findings",
            toc=tuple(TocEntry(title, f"family-{family}") for family, title, _ in groups),
            search=SearchEntry(gettext("校验规则"), " ".join(CODES)),
            nav="findings.html",
            groups=groups,
        )

    def formats(self) -> GeneratedPage:
        """Return the reference of file formats."""
        tables = [format_tables(item) for item in FORMATS]
        return self.page(
            "formats.html",
            gettext("文件格式"),
            template="formats",
            toc=tuple(TocEntry(table.title, table.name) for table in tables),
            search=SearchEntry(gettext("文件格式"), " ".join(table.path for table in tables)),
            nav="guide.html",
            tables=tables,
        )

    def downloads(self, results: Results | None) -> GeneratedPage:
        """Return the page of downloads and how to recompute."""
        return self.page(
            "downloads.html",
            gettext("下载"),
            gettext("结果数据、摘要和重算方法"),
            template="downloads",
            nav="downloads.html",
            results=results,
        )


def site_pages(site: SiteData) -> Iterator[GeneratedPage]:
    """Yield every generated page of a site; nothing where the rubric cannot be read."""
    if site.rubric is not None:
        yield from Pages(site, site.rubric).all()


def site_files(site: SiteData) -> Iterator[GeneratedFile]:
    """Yield results and ranking under their year, and the shown year's results at the root."""
    results = site.results
    if results is None:
        return
    content = dump(site.document).encode("utf-8")
    yield GeneratedFile(f"downloads/{results.year}/results.json", content)
    yield GeneratedFile(f"downloads/{results.year}/ranking.csv", as_csv(results).encode("utf-8"))
    yield GeneratedFile("results.json", content)
