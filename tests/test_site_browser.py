"""The built sample in real Chromium: search, hostile names, no script, files from the disk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from generator.site.html.templating import glue
from tests.browser import HOSTILE, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser import Site, Sites

OPEN = "() => document.querySelectorAll('details').forEach(one => { one.open = true })"
#: The text of a page, and of the places with some ids.
PLACES = """ids => [document.querySelector('main').innerText,
    Object.fromEntries(ids.map(id => [id, document.getElementById(id).innerText]))]"""
#: The text of each row of the ranking by the address of its branch; columns that a script would
#: fold away are text of the page all the same.
ROWS = """() => Object.fromEntries([...document.querySelectorAll('table.ap-ranking tbody tr')]
    .map(row => [row.querySelector('a').getAttribute('href'), row.innerText]))"""


def find(page: Page, site: Site, words: str) -> list[dict[str, str]]:
    """Return what search finds: the text and the address of each hit."""
    page.goto(f"{site.origin}index.html")
    page.evaluate("document.getElementById('__search').click()")
    ready(page)
    page.fill(".md-search__input", words)
    page.press(".md-search__input", "End")  # the theme looks when a key is let go
    page.wait_for_selector(".md-search-result__item")
    found: list[dict[str, str]] = page.evaluate(
        """() => [...document.querySelectorAll('.md-search-result__item')].map(hit => ({
        text: hit.innerText.replaceAll('\\u200b', ''), address: hit.querySelector('a').href}))"""
    )
    return found


def ready(page: Page) -> None:
    """Wait until search has read its index."""
    page.wait_for_function("""() => JSON.parse(document.getElementById('__config').textContent)
        .translations['search.result.placeholder'] ===
        document.querySelector('.md-search-result__meta').innerText.trim()""")


def test_search_finds_branches(browser: Browser, sites: Sites) -> None:
    """By the name, and by the name of a society."""
    site = sites.sample
    branch = next(b for b in site.branches if b["societies"] and b["name"] != HOSTILE)
    with opened(browser) as page:
        for words in (branch["name"], branch["societies"][0]):
            hits = find(page, site, words)
            addresses = [re.sub(r"[?#].*", "", hit["address"]) for hit in hits]
            assert site.origin + site.card(branch) in addresses


def test_hostile_name_is_text(browser: Browser, sites: Sites) -> None:
    """In the page, in its title, in the ranking and in what search shows."""
    site = sites.sample
    branch = next(b for b in site.branches if b["name"] == HOSTILE)
    with opened(browser) as page:
        assert any(HOSTILE in hit["text"] for hit in find(page, site, "危险支部"))
        page.goto(site.origin + site.card(branch))
        assert page.title().startswith(HOSTILE)
        assert HOSTILE in page.inner_text("h1")
        page.goto(f"{site.origin}index.html")
        assert HOSTILE in page.inner_text("main")
        assert page.title() != "owned"


def written(value: float) -> str:
    """Write points as pages do, with the decimals of the sample's rubric."""
    return f"{value:.2f}".replace("-", "\u2212")


def figures(line: dict[str, Any]) -> Iterator[float]:
    """Yield the figures of a line of a scorecard."""
    for key in ("claimed", "computed", "verified", "points", "max"):
        if line.get(key) is not None:
            yield line[key]


@pytest.mark.parametrize("disk", [False, True], ids=["served", "disk"])
def test_the_ranking_can_be_read_without_script(
    browser: Browser, sites: Sites, *, disk: bool
) -> None:
    """Rank, fixed points, bonus and total of every branch, from a host and from the disk."""
    site = sites.sample
    base = f"{site.folder.as_uri()}/" if disk else site.origin
    with opened(browser, script=False) as page:
        page.goto(f"{base}index.html")
        rows = page.evaluate(ROWS)
    ranked = [b for b in site.branches if b["rank"] is not None]
    assert len(rows) == len(ranked) > 1
    for branch in ranked:
        row = rows[site.card(branch)]
        shown = {written(branch[key]) for key in ("fixed", "bonus", "total")}
        shown |= {str(branch["rank"]), *map(str, branch["rank_range"])}
        assert [figure for figure in shown if figure not in row] == [], branch["id"]


@pytest.mark.parametrize("disk", [False, True], ids=["served", "disk"])
def test_every_scorecard_can_be_read_without_script(
    browser: Browser, sites: Sites, *, disk: bool
) -> None:
    """Every figure that results.json has of a branch; those of a criterion in its own place.

    From the disk nothing differs but how a page finds its styles: one of each status is read there.
    """
    site = sites.sample
    base = f"{site.folder.as_uri()}/" if disk else site.origin
    one_each = {branch["status"]: branch for branch in site.branches}.values()
    seen = 0
    with opened(browser, script=False) as page:
        for branch in one_each if disk else site.branches:
            page.goto(base + site.card(branch))
            page.evaluate(OPEN)
            lines = [line for line in branch["lines"] if line["criterion"] is not None]
            text, places = page.evaluate(PLACES, [line["criterion"] for line in lines])
            heads = [branch[key] for key in ("fixed", "bonus", "total", "low", "high")]
            heads += [line["points"] for line in branch["bonus_lines"]]
            heads += list((branch["sections"] or {}).values())
            lacking = [h for h in heads if h is not None and written(h) not in text]
            assert lacking == [], branch["id"]
            for line in lines:
                place = places[line["criterion"]]
                lost = [f for f in figures(line) if written(f) not in place]
                assert lost == [], (branch["id"], line["criterion"])
                assert glue(line["reason"]) in place
                seen += 1
    assert seen > (10 if disk else 100)


def test_nothing_is_said_of_pages_from_the_disk(browser: Browser, sites: Sites) -> None:
    """Opened as files, with scripts: figures show, the ranking sorts, the console is silent."""
    site = sites.sample
    scored = next(b for b in site.branches if b["status"] == "scored")
    said: list[str] = []
    with opened(browser) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((site.folder / "index.html").as_uri(), wait_until="networkidle")
        page.click(".ap-sorter >> nth=1")
        assert page.locator("th[aria-sort]").count() == 1
        page.click(f"a[href='{site.card(scored)}']")
        page.wait_for_url((site.folder / site.card(scored)).as_uri())
        assert written(scored["total"]) in page.inner_text("main")
    assert said == []


def test_from_home_to_the_evidence_of_a_lost_point_in_three_taps(
    browser: Browser, sites: Sites
) -> None:
    """On a phone: the branch, the criterion, the evidence; the reason is there after two."""
    site = sites.sample
    branch, line = next(
        (branch, line)
        for branch in site.branches
        for line in branch["lines"]
        if branch["rank"] and line["evidence"] and line["points"] is not None
        if line["criterion"] and line["points"] < line["max"]
    )
    record = next(r for r in branch["records"] if r["path"] in line["evidence"])
    with opened(browser, width=390, touch=True) as page:
        page.goto(f"{site.origin}index.html")
        page.tap(f"table.ap-ranking a[href='{site.card(branch)}']")
        place = page.locator(f"[id='{line['criterion']}']")
        place.locator("summary").first.tap()
        assert glue(line["reason"]) in place.inner_text()
        place.get_by_role("link", name=record["title"]).first.tap()
        page.wait_for_url(re.compile(rf"/{re.escape(record['path'].rsplit('/', 1)[1])}\.html$"))
        assert record["title"] in page.inner_text("h1")


def test_where_the_form_cannot_begin_the_other_ways_are_shown(
    browser: Browser, sites: Sites
) -> None:
    """They are hidden while it may still come, so that nothing moves under the eyes."""
    with opened(browser) as page:
        page.route("**/main.js", lambda route: route.abort())
        page.goto(f"{sites.sample.origin}file.html")
        page.wait_for_selector("#otherwise", state="visible")
