"""What was asked of whom and who answered: pages say what results hold, by entry and by branch."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.scoring.due import STATES, DueLine
from generator.site.build.volume import Pages
from generator.text.privacy import masked
from tests.markup import Element, tree
from tests.test_site_directory import changed
from tests.test_site_pages import HOSTILE

if TYPE_CHECKING:
    from generator.results.model import BranchResult
    from generator.site.data.years import SiteData


def bodies(made: Pages) -> dict[str, Element]:
    """Return the pages of what was asked, by address."""
    return {
        address: tree(str(make().body))
        for address, make in made.standing.items()
        if address.startswith(("asked", "due/"))
    }


def states_in(element: Element) -> dict[str, int]:
    """Return state → number, as a cell of counts says."""
    spans = [span for span in element.all("span", "ap-state") if "data-state" in span.attributes]
    return {span.attributes["data-state"]: int(span.one("b").text) for span in spans}


def rows_of(table: Element) -> list[Element]:
    """Return the rows of a table below its head."""
    return table.one("tbody").all("tr")


def test_the_list_counts_by_entry_and_by_branch(site: SiteData) -> None:
    entries, branches = bodies(Pages(site))["asked.html"].all("table")
    results = site.results
    by_entry: dict[str, Counter[str]] = {}
    for branch in results.branches:
        for line in branch.due:
            by_entry.setdefault(line.id, Counter())[line.state] += 1
    told = {row.one("code").text: states_in(row) for row in rows_of(entries)}
    assert told == {name: dict(found) for name, found in by_entry.items()}
    days = [row.all("td")[0].text for row in rows_of(entries)]
    assert days == sorted(days)
    assert [states_in(row) for row in rows_of(branches)] == [
        dict(Counter(line.state for line in branch.due)) for branch in results.branches
    ]
    links = [row.one("a").attributes["href"] for row in rows_of(branches)]
    assert links == [f"2025/branches/{branch.id}.html" for branch in results.branches]


def test_the_page_of_an_entry_says_what_became_of_it_in_each_branch(site: SiteData) -> None:
    pages = bodies(Pages(site))
    asked = {line.id for branch in site.results.branches for line in branch.due}
    assert set(pages) == {"asked.html", *(f"due/{name}.html" for name in asked)}
    for name in asked:
        rows = rows_of(pages[f"due/{name}.html"].one("table"))
        lines = [(b, own) for b in site.results.branches for own in b.due if own.id == name]
        assert len(rows) == len(lines)
        for row, (branch, line) in zip(rows, lines, strict=True):
            state, answers = row.all("td")
            assert row.one("th").text == branch.name
            assert STATES[line.state] in state.text
            wanted = [line.answer, *line.others] if line.answer else []
            links = [link.attributes["href"] for link in answers.all("a")]
            assert links == [
                f"../2025/{path.replace('/2025/', '/')}.html" for path in filter(None, wanted)
            ]
            assert not line.received or f"{line.received} 收到" in answers.text
    (extended,) = (
        row for row in rows_of(pages["due/report-q4.html"].one("table")) if "延至" in row.text
    )
    assert "示例寅" in extended.text
    assert "2025-12-25" in extended.text


def test_a_card_has_its_entries_at_the_line_that_counts_them(site: SiteData) -> None:
    made = Pages(site)
    branch = site.results.branch("demo-m")
    card = tree(str(made.scorecard(branch).body))
    details = {e.attributes.get("id"): e for e in card.all("details", "ap-criterion")}
    for criterion, kind in (("org-reporting", "report"), ("ideology-filing", "forum")):
        text = details[criterion].text
        for line in branch.due:
            words = f"{line.asked} {line.title}：{STATES[line.state]}"
            assert (words in text) == (line.kind == kind), words


def hostile(branch: BranchResult) -> BranchResult:
    """Return a branch of whose entries each word is hostile, and which has many."""
    lines = tuple(
        DueLine(
            f"e{n}",
            "report",
            masked(HOSTILE),
            masked(HOSTILE),
            "2025-01-01",
            "2025-01-01",
            "unanswered",
        )
        for n in range(30)
    )
    return replace(branch, due=lines)


@pytest.mark.parametrize("count", [1, 250])
def test_hostile_words_and_many_branches_stay_on_harmless_pages(site: SiteData, count: int) -> None:
    first = site.results.branches[0]
    many = [replace(hostile(first), id=f"b{n:03}", rank=n + 1) for n in range(count)]
    pages = bodies(changed(site, replace(site.results, branches=tuple(many))))
    beyond = {"asked/2.html", *(f"due/e{n}/2.html" for n in range(30))} if count > 200 else set()
    assert set(pages) == {"asked.html", *(f"due/e{n}.html" for n in range(30))} | beyond
    for address, body in pages.items():
        assert (HOSTILE in body.text) == (address != "asked/2.html")
        assert not body.all("script")


def test_where_nothing_was_asked_the_page_says_so(site: SiteData) -> None:
    bare = [replace(branch, due=()) for branch in site.results.branches]
    pages = bodies(changed(site, replace(site.results, branches=tuple(bare))))
    assert set(pages) == {"asked.html"}
    assert "这个年度没有列出应报事项" in pages["asked.html"].text
