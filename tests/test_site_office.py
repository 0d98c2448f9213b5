"""The ledger and the lists as pages: the rows of the workbooks, on the committee's site alone."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

import pytest

from generator.exchange.workbooks.ledger import summary
from generator.exchange.workbooks.lists import tables
from generator.results.audience import Audience, Publish
from generator.site.addresses import LEDGER, LISTS, branch_address
from generator.site.build.families import FAMILIES
from generator.site.data.standings import ROWS
from generator.site.data.year import YearPages
from generator.site.html.audit import Auditor
from generator.site.html.page import bare
from generator.site.html.templating import fixed
from generator.site.work.office import ledger_pages, lists_pages
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.reports.book import Table
    from generator.results.model import BranchResult
    from generator.site.data.years import SiteData
    from generator.site.html.page import Standing

    Rows = list[list[str]]

INTERNAL = Publish(Audience.INTERNAL)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
MARKUP = re.compile(r"<[^>]*>")


def made_for_committee(site: SiteData) -> YearPages:
    return YearPages(replace(site, publish=INTERNAL))


def rows_of(body: str) -> Rows:
    """Return the rows below the heads of all tables of a page, as texts."""
    return [
        [" ".join(unescape(MARKUP.sub(" ", cell)).split()) for cell in CELL.findall(row)]
        for part in body.split("<tbody>")[1:]
        for row in ROW.findall(part.partition("</tbody>")[0])
    ]


def expected(table: Table, places: int) -> Rows:
    """Return the rows of a workbook's table as a page writes them, without columns of nothing."""
    filled = [
        n for n, column in enumerate(table.columns)
        if not column.branch and any(row[n] not in {None, ""} for row in table.rows)
    ]  # fmt: skip
    ids = next(n for n, column in enumerate(table.columns) if column.branch)
    found = []
    for row in table.rows:
        cells = []
        for n in filled:
            value = row[n]
            text = "" if value is None else f"{value}"
            if table.columns[n].kind.value == "points" and value is not None:
                text = fixed(value, places)  # type: ignore[arg-type] # points are decimals
            text = f"{text} {row[ids]}" if n == ids + 1 else text
            cells.append(" ".join(text.split()))
        found.append(cells)
    return found


def bodies(pages: Iterable[Standing]) -> list[str]:
    auditor = Auditor()
    found = []
    for _, maker in pages:
        page = maker()
        auditor.body(page.address, bare(str(page.body)))
        found.append(str(page.body))
    return found


def test_every_year_with_results_has_both_and_the_public_site_neither(site: SiteData) -> None:
    for year in site.years:
        for audience in Audience:
            made = YearPages(replace(year, publish=Publish(audience)), site)
            found = {address for family in FAMILIES for address, _ in family(made)}
            own = {f"{year.prefix}{LEDGER}", f"{year.prefix}{LISTS}"}
            assert own & found == (own if audience is Audience.INTERNAL else set())


def test_pages_show_the_rows_of_the_workbooks(site: SiteData) -> None:
    for year in site.years:
        made = made_for_committee(year)
        results, rubric = year.published, year.rubric
        (ledger,) = bodies(ledger_pages(made))
        assert rows_of(ledger) == expected(summary(results, rubric), rubric.places)
        (lists,) = bodies(lists_pages(made))
        due = [row for table in tables(results, rubric) for row in expected(table, rubric.places)]
        assert rows_of(lists) == due
        assert due
        for branch in results.branches:
            card = branch_address(results.year, branch)
            assert f'href="{made.site.prefix and "../"}{card}"' in ledger


def test_many_rows_go_over_pages_and_none_is_lost(site: SiteData) -> None:
    first = site.published.branches[0]
    many = tuple(renamed(first, n) for n in range(ROWS + 7))
    results = replace(site.published, branches=many)
    year = replace(site, evaluation=replace(site.evaluation, results=results))
    made = made_for_committee(year)
    pages = bodies(ledger_pages(made))
    assert [len(rows_of(page)) for page in pages] == [ROWS, 7]
    lists = bodies(lists_pages(made))
    due = [row for table in tables(results, site.rubric) for row in table.rows]
    assert sum(len(rows_of(page)) for page in lists) == len(due)
    assert max(len(rows_of(page)) for page in lists) <= ROWS
    addresses = [address for address, _ in lists_pages(made)]
    assert len(set(addresses)) == len(addresses) > 2


def renamed(branch: BranchResult, number: int) -> BranchResult:
    """Return a branch under another name, which is markup."""
    return replace(branch, id=f"b{number}", name=masked(f"<b>支部{number}</b>"))


@pytest.mark.parametrize("nobody", [True, False])
def test_a_list_of_nobody_says_so(site: SiteData, *, nobody: bool) -> None:
    grade = None if nobody else site.rubric.grades[0].id
    branches = tuple(replace(b, grade=grade) for b in site.published.branches)
    results = replace(site.published, branches=branches)
    year = replace(site, evaluation=replace(site.evaluation, results=results))
    (body,) = bodies(lists_pages(made_for_committee(year)))
    assert body.count("没有。") == (2 if nobody else 1)
