"""The site by keyboard alone: search, filters and sorting of the ranking, folded rows, focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import opened
from tests.test_site_browser import ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser import Site, Sites

#: Stops of the Tab key within which everything at the top of a page is reached.
STOPS = 80
#: Names in the order in which they stand, of rows that are shown.
NAMES = """() => [...document.querySelectorAll('table.ap-ranking tbody tr')]
    .filter(row => row.checkVisibility()).map(row => row.querySelector('a').textContent)"""
#: Headings by which the table is sorted.
SORTED = """() => [...document.querySelectorAll('th[aria-sort]')].map(
    head => [head.dataset.key, head.getAttribute('aria-sort')])"""
#: What has the focus, and whether it can be seen: it has a size, and something is drawn at it. The
#: theme draws the focus of its switch at the label beside it, and that of search as a caret.
FOCUSED = """() => {
  const one = document.activeElement;
  const shown = one.matches('.md-option') ? one.nextElementSibling : one;
  const box = shown.getBoundingClientRect(), style = getComputedStyle(shown);
  const drawn = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  return {
    what: one.outerHTML.slice(0, 100),
    body: one === document.body,
    seen: Math.min(box.width, box.height) >= 8 && (drawn || one.matches('.md-search__input')),
  };
}"""


#: The theme looks where the focus is a millisecond after it has moved, and a focus that has come
#: back by then is none to it: a timer that is set later and runs longer comes after that.
LOOKED = "() => new Promise(done => setTimeout(done, 50))"


@pytest.fixture
def page(page: Page, sites: Sites) -> Page:
    """The home page of the sample."""
    page.goto(f"{sites.sample.origin}index.html")
    return page


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is at an element."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            return
    pytest.fail(f"{selector} cannot be reached with the Tab key")


def ranked(site: Site) -> list[str]:
    """Return the names of ranked branches in their order."""
    found = [b for b in site.branches if b["rank"] is not None]
    return [b["name"] for b in sorted(found, key=lambda b: b["rank"])]


def test_search_opens_and_leads_on(page: Page, sites: Sites) -> None:
    """The key / opens it, arrows go through what is found, Enter goes there, Escape closes it."""
    branch = sites.sample.branches[0]
    page.keyboard.press("/")
    ready(page)
    page.keyboard.type(branch["name"])
    page.keyboard.press("End")  # the theme looks when a key is let go
    page.wait_for_selector(".md-search-result__item")
    page.keyboard.press("Escape")
    page.wait_for_selector(".md-search-result__item", state="hidden")
    page.wait_for_function("!document.activeElement.matches('.md-search__input')")
    page.evaluate(LOOKED)
    page.keyboard.press("/")
    page.wait_for_selector(".md-search-result__item")
    page.wait_for_function("document.activeElement.matches('.md-search__input')")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.matches('.md-search-result__link')")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{sites.sample.card(branch)}*")
    assert branch["name"] in page.inner_text("h1")


def test_the_search_field_can_be_reached(page: Page) -> None:
    tab_to(page, ".md-search__input")


def test_filters_say_what_is_left(page: Page, sites: Sites) -> None:
    """Each list, then the text; what is shown is what was asked for, and is told."""
    everything = ranked(sites.sample)
    assert page.evaluate(NAMES) == everything
    for name in ("consortium", "kind", "grade"):
        if not page.is_visible(f"#ap-filter-{name}"):
            continue
        tab_to(page, f"#ap-filter-{name}")
        page.keyboard.press("ArrowDown")
        value = page.input_value(f"#ap-filter-{name}")
        assert value
        left = [b for b in sites.sample.branches if b["rank"] and (b[name] or "-") == value]
        assert sorted(page.evaluate(NAMES)) == sorted(b["name"] for b in left)
        assert f" {len(left)} / {len(everything)}" in page.inner_text("#ap-status")
        page.keyboard.press("ArrowUp")
        assert page.evaluate(NAMES) == everything
    tab_to(page, "#ap-filter-text")
    page.keyboard.type(everything[-1][:8])
    assert everything[-1] in page.evaluate(NAMES)
    assert len(page.evaluate(NAMES)) < len(everything)


def test_nothing_left_is_said_and_can_be_undone(page: Page, sites: Sites) -> None:
    """In words, with a way back, which puts the focus where it began."""
    tab_to(page, "#ap-filter-text")
    page.keyboard.type("没有这样的支部")
    assert page.evaluate(NAMES) == []
    assert page.is_visible("text=没有符合条件的党支部")
    assert " 0 / " in page.inner_text("#ap-status")
    tab_to(page, "#ap-filter-reset")
    page.keyboard.press("Enter")
    assert page.evaluate(NAMES) == ranked(sites.sample)
    assert page.evaluate("document.activeElement.id") == "ap-filter-text"
    assert not page.is_visible("#ap-filter-reset")


def test_sorting_is_announced(page: Page, sites: Sites) -> None:
    """A button in the heading turns the order; heading and status say which way it is."""
    branches = [b for b in sites.sample.branches if b["rank"] is not None]
    for key, direction, sign in (("fixed", "descending", -1), ("fixed", "ascending", 1)):
        if direction == "descending":
            tab_to(page, f"th[data-key={key}] button")
        page.keyboard.press("Enter")
        assert page.evaluate(SORTED) == [[key, direction]]
        in_order = sorted(branches, key=lambda b: (sign * b[key], b["rank"]))
        assert page.evaluate(NAMES) == [b["name"] for b in in_order]
        assert "排序" in page.inner_text("#ap-status")
    assert page.get_attribute("#ap-status", "role") == "status"
    assert page.inner_text("table.ap-ranking caption")


def test_folded_rows_open_on_a_phone(browser: Browser, sites: Sites) -> None:
    """Rank, name and total first; the rest behind a button that says whether it is open."""
    with opened(browser, width=390) as page:
        page.goto(f"{sites.sample.origin}index.html")
        first = page.locator("table.ap-ranking tbody tr").first
        assert not first.locator(".ap-fixed").is_visible()
        tab_to(page, "tbody tr:first-child .ap-more")
        for shown in (True, False):
            page.keyboard.press("Enter")
            button = first.locator(".ap-more")
            assert button.get_attribute("aria-expanded") == str(shown).lower()
            assert first.locator(".ap-fixed").is_visible() is shown


def test_the_folded_table_is_a_table_to_those_who_hear_it(browser: Browser, sites: Sites) -> None:
    """In the tree that Chromium gives to a screen reader: rows, and a heading in each."""
    site = sites.sample
    with opened(browser, width=390) as page:
        page.goto(f"{site.origin}index.html")
        session = page.context.new_cdp_session(page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
        assert page.get_attribute("table.ap-ranking", "role") == "table"
    assert roles.count("table") >= 1
    assert roles.count("rowheader") == len(ranked(site))
    assert roles.count("row") >= len(ranked(site)) + 1


@pytest.mark.parametrize("kind", ["home", "scorecard"])
def test_every_stop_of_the_tab_key_can_be_seen(page: Page, sites: Sites, kind: str) -> None:
    """What has the focus has a size and a mark."""
    site = sites.sample
    scored = next(b for b in site.branches if b["status"] == "scored")
    address = "index.html" if kind == "home" else site.card(scored)
    page.goto(site.origin + address)
    stops = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["body"]:
            break
        stops.append(stop)
    assert len(stops) > 20
    assert [stop["what"] for stop in stops if not stop["seen"]] == []
