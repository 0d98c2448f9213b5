"""What pages say to programs in their head: JSON-LD in the words of schema.org.

It is data: what it holds of a branch is a JSON string in which no markup can begin or end.
"""

from __future__ import annotations

import json
import posixpath

# Any: a JSON document, indexed by those who read it back.
from typing import TYPE_CHECKING, Any

from generator.site.addresses import (
    DOWNLOADS,
    HOME,
    LINES_CSV,
    LINES_PARQUET,
    RANKING_CSV,
    RANKING_PARQUET,
    RESULTS,
    branch_address,
)
from generator.site.exports.feed import moment
from generator.site.exports.tables import Kind, ranking_columns
from generator.site.html.shell import DATA_END, DATA_START, location
from generator.text.language import language, tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.results.model import BranchResult
    from generator.site.data.year import YearPages
    from generator.site.data.years import SiteData
    from generator.site.html.page import GeneratedPage

CONTEXT = "https://schema.org"
#: Media types of the files of a year that hold its data.
FORMATS = {
    RESULTS: "application/json",
    RANKING_CSV: "text/csv",
    RANKING_PARQUET: "application/vnd.apache.parquet",
    LINES_CSV: "text/csv",
    LINES_PARQUET: "application/vnd.apache.parquet",
}
ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def script(data: dict[str, Any]) -> str:
    """Return data as the element that holds it."""
    text = json.dumps({"@context": CONTEXT, **data}, ensure_ascii=False, separators=(",", ":"))
    return DATA_START + text.translate(ESCAPES) + DATA_END


def standing_data(pages: YearPages, page: GeneratedPage, site_url: str) -> str:
    """Return what a page that belongs to no branch says to programs; mostly nothing."""
    where = Where(page.address, site_url)
    if page.address == f"{pages.site.prefix}{HOME}":
        return script(dataset(pages.site, where))
    if page.address == DOWNLOADS:
        years = [dataset(site, where) for site in pages.whole.years]
        return script({"@type": "DataCatalog", "name": page.title, "dataset": years})
    return ""


def branch_data(pages: YearPages, branch: BranchResult, page: GeneratedPage, site_url: str) -> str:
    """Return what a page of a branch says to programs: a scorecard is a part of the results."""
    if page.address != branch_address(pages.shown.year, branch):
        return ""
    where = Where(page.address, site_url)
    return script(
        {
            "@type": "Report",
            "name": page.title,
            "description": page.description,
            "inLanguage": bcp47(),
            "url": where.to(page.address),
            "dateModified": moment(pages.site),
            "about": {"@type": "Organization", "name": branch.name, "identifier": branch.id},
            "isPartOf": {
                "@type": "Dataset",
                "name": name_of(pages.site),
                "url": where.to(f"{pages.site.prefix}{HOME}"),
            },
        }
    )


class Where:
    """Leads from a page to addresses of the site: absolute where the site's own is known."""

    def __init__(self, page: str, site_url: str) -> None:
        self.folder = posixpath.dirname(page)
        self.site_url = site_url

    def to(self, address: str) -> str:
        """Return an address as the page has it."""
        if self.site_url:
            return location(self.site_url, address)
        return posixpath.relpath(address, self.folder or ".")


def dataset(site: SiteData, where: Where) -> dict[str, Any]:
    """Return the results of a year with the files that hold them."""
    results = site.results
    head = site.rubric.rubric
    data: dict[str, Any] = {
        "@type": "Dataset",
        "name": name_of(site),
        "description": tr(
            "{year} 年度 {n} 个党支部的名次、总分和等次，以及每一分的依据、理由和佐证",
            year=results.year,
            n=len(results.branches),
        ),
        "inLanguage": bcp47(),
        "url": where.to(f"{site.prefix}{HOME}"),
        "isAccessibleForFree": True,
        "dateModified": moment(site),
        "version": results.stage,
        "variableMeasured": [
            column.name for column in ranking_columns(results) if column.kind is not Kind.TEXT
        ],
        "distribution": list(distributions(site, where)),
    }
    if all(results.period):
        data["temporalCoverage"] = "/".join(results.period)
    if head is not None and head.title:
        source = {"@type": "CreativeWork", "name": head.title}
        if head.document:
            source["identifier"] = head.document
        data["isBasedOn"] = source
    return data


def distributions(site: SiteData, where: Where) -> Iterable[dict[str, str]]:
    """Yield the files that hold the results of a year."""
    for name, media in FORMATS.items():
        yield {
            "@type": "DataDownload",
            "name": name,
            "encodingFormat": media,
            "contentUrl": where.to(f"{site.prefix}{name}"),
        }


def name_of(site: SiteData) -> str:
    """Return the name of the results of a year."""
    return tr("{year} 年度党支部考核结果", year=site.results.year)


def bcp47() -> str:
    """Return the language in use as the web names it."""
    return {"zh": "zh-CN"}.get(language(), language())
