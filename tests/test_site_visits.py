"""Every kind of page, visited in Chromium: axe, console, requests, layout shift, width.

Pages of the sample are loaded three times, and all tests look at what was seen then: light, dark
(the newest year: a past one has the same kinds), and at the width of a phone. axe looks for all in
light pages of the sample and of kinds that it has none of; in dark ones at colours, which alone
are others there; on a phone at every page of every site, and at the colours of one of each kind.
What another site has of the sample's kinds is seen on a phone alone.
"""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import launched, needed, opened
from tests.kinds import kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browser import Site, Sites

PHONE = 390
#: Way → dark, and how wide.
WAYS = {"light": (False, 1280), "dark": (True, 1280), "phone": (False, PHONE)}
SCHEMES = {"light": "default", "dark": "slate", "phone": "default"}
#: Rules that a law or a standard asks for, and those that axe adds of its own.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]

#: Nothing is shown before the page is read: a table that is painted while its rows come in shifts
#: on a busy machine, and only there. What fonts and scripts move afterwards is seen.
WATCH = """
window.shifts = [];
const unread = new CSSStyleSheet();
unread.replaceSync('html { visibility: hidden !important }');
document.adoptedStyleSheets = [unread];
document.addEventListener('readystatechange', () => {
  if (document.readyState === 'interactive') document.adoptedStyleSheets = [];
});
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const moved = entry.sources.map(source => source.node && source.node.nodeName
      + (source.node.className ? '.' + source.node.className : ''));
    shifts.push([entry.value, ...moved]);
  }
}).observe({type: 'layout-shift', buffered: true});
"""
SETTLED = """() => document.fonts.ready.then(() => new Promise(
  done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))))"""
OPEN = "() => document.querySelectorAll('details').forEach(one => { one.open = true })"
#: What can be pushed sideways but is no box that says so; lines of a program cannot be folded.
SIDEWAYS = """() => [...document.querySelectorAll('main *')].filter(one =>
    one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
    && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)
    && !one.matches('.ap-scroll, pre > code')
).map(one => one.outerHTML.slice(0, 120))"""
#: Rows of a table are alike, and so are entries of a list: axe takes its time for each, and finds
#: it in the first. What a box holds of one tag and class is alike but for text and cells.
SHORTEN = """rows => document.querySelectorAll('main *').forEach(box => {
  const met = new Map();
  for (const one of [...box.children]) {
    const look = one.tagName + one.className, number = (met.get(look) || 0) + 1;
    met.set(look, number);
    if (number > rows && !one.matches('td, th, p, h2, h3, h4')) one.remove();
  }
})"""
ROWS = 12
AXE = """({tags, rules}) => axe.run({
  runOnly: tags ? {type: 'tag', values: tags} : {type: 'rule', values: rules},
  rules: tags ? Object.fromEntries(rules.map(rule => [rule, {enabled: false}])) : {},
  resultTypes: ['violations'],
}).then(result => result.violations.flatMap(found => found.nodes.map(node =>
  [found.id, node.html.slice(0, 160), node.failureSummary.slice(0, 200)])))"""


@dataclass(slots=True)
class Visit:
    """What was seen of a page in one way."""

    site: str
    address: str
    way: str
    scheme: str | None = None
    violations: list[list[str]] = field(default_factory=list)
    shifts: list[list[Any]] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Which page in which way, for messages."""
        return f"{self.site}/{self.address} {self.way}"


@pytest.fixture(scope="module")
def visits(sites: Sites) -> list[Visit]:
    """Visit every page in every way, all ways at once."""
    with ThreadPoolExecutor(len(WAYS)) as pool:
        tours = pool.map(lambda way: tour(sites, way), WAYS)
        return [visit for seen in tours for visit in seen]


def axe() -> str:
    """Return the script that looks for violations."""
    spec = importlib.util.find_spec("axe_playwright_python")
    needed("axe", spec and spec.submodule_search_locations)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0], "axe.min.js").read_text("utf-8")


def tour(sites: Sites, way: str) -> list[Visit]:
    """Visit all pages in one way."""
    source = axe()
    dark, width = WAYS[way]
    seen = [Visit("", "", way)]
    met: set[str] = set()
    with launched() as browser, opened(browser, dark=dark, width=width) as page:
        page.on("request", lambda request: seen[-1].asked.append(request.url))
        page.on("console", lambda message: seen[-1].said.append(message.text))
        page.on("pageerror", lambda error: seen[-1].said.append(str(error)))
        page.add_init_script(WATCH)
        for site, address, fresh in pages(sites, way):
            seen.append(Visit(site.name, address, way))
            look(page, site, seen[-1])
            (kind,) = kinds_of(address)
            coloured = fresh and not (way == "phone" and kind.name in met)
            met.add(kind.name)
            for rules in asked_of(way, fresh=fresh, coloured=coloured):
                page.evaluate(source)
                seen[-1].violations += page.evaluate(AXE, rules)
    return seen[1:]


def asked_of(way: str, *, fresh: bool, coloured: bool) -> Iterator[dict[str, list[str]]]:
    """Yield what axe is asked of a page: rules by their tags without some, or some alone."""
    if way == "phone" or (way == "light" and fresh):
        yield {"tags": TAGS, "rules": [] if coloured else COLOURS}
    elif coloured:
        yield {"rules": COLOURS}


def pages(sites: Sites, way: str) -> Iterator[tuple[Site, str, bool]]:
    """Yield the pages to look at in one way, and whether they are fresh.

    Fresh are the sample's and those of a kind that it lacks; in the dark, past years are not.
    """
    known = {kinds_of(address)[0].name for address in sites.shown(sites.sample)}
    for site in sites.all:
        for address in sites.shown(site):
            (kind,) = kinds_of(address)
            fresh = site is sites.sample or kind.name not in known
            past = kind.year not in {"", str(site.year)}
            if way == "phone" or (fresh and not (past and way == "dark")):
                yield site, address, fresh


def look(page: Page, site: Site, visit: Visit) -> None:
    """Load a page and write down what is seen; what can be opened is opened for axe."""
    page.goto(site.origin + visit.address)
    page.evaluate(SETTLED)
    visit.scheme = page.get_attribute("body", "data-md-color-scheme")
    visit.shifts = page.evaluate("shifts")
    width = "document.documentElement.scrollWidth"
    visit.widths.append(page.evaluate(width))
    page.evaluate(OPEN)
    visit.widths.append(page.evaluate(width))
    visit.sideways = page.evaluate(SIDEWAYS)
    page.evaluate(SHORTEN, ROWS)
    visit.asked = [url for url in visit.asked if not url.startswith(site.origin)]


def nothing(found: list[tuple[str, Any]]) -> None:
    """Fail with one line for each thing that was found."""
    assert not found, "\n".join(f"{where}: {what}" for where, what in found)


def test_each_way_is_what_it_says(visits: list[Visit]) -> None:
    """Dark pages are dark, and there are pages at all."""
    assert {visit.way for visit in visits} == set(WAYS)
    assert [v.name for v in visits if v.scheme != SCHEMES[v.way]] == []


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing(visits: list[Visit], way: str) -> None:
    """No violation of any impact, with everything opened that can be."""
    nothing([(v.name, v.violations) for v in visits if v.way == way and v.violations])


@pytest.mark.parametrize(
    ("way", "coloured", "found"),
    [
        ("light", True, {"image-alt", "color-contrast"}),
        ("dark", True, {"color-contrast"}),
        ("phone", True, {"image-alt", "color-contrast"}),
        ("phone", False, {"image-alt"}),
    ],
)
def test_axe_would_find_something(way: str, coloured: bool, found: set[str]) -> None:
    """Each way asks for its rules, and is told of what breaks them."""
    with launched() as browser, opened(browser) as page:
        page.set_content(
            "<main><img src='x'><p style='color: #ddd; background: #fff'>示例</p></main>"
        )
        page.evaluate(axe())
        told = [
            name
            for rules in asked_of(way, fresh=True, coloured=coloured)
            for name, *_ in page.evaluate(AXE, rules)
        ]
    assert found == set(told) & {"image-alt", "color-contrast"}


def test_no_request_leaves_the_origin(visits: list[Visit]) -> None:
    """Nothing is asked of anybody but the site's own host; drawings in styles are no requests."""
    nothing([(v.name, url) for v in visits for url in v.asked if not url.startswith("data:")])


def test_the_console_is_silent(visits: list[Visit]) -> None:
    nothing([(v.name, v.said) for v in visits if v.said])


def test_nothing_moves_while_a_page_loads(visits: list[Visit]) -> None:
    """The cumulative layout shift is nought."""
    nothing([(v.name, v.shifts) for v in visits if v.shifts])


def test_a_shift_would_be_seen(sites: Sites) -> None:
    """What a script puts in after the page is read moves what is below, and is told."""
    late = """addEventListener('DOMContentLoaded', () => requestAnimationFrame(() =>
      requestAnimationFrame(() => document.querySelector('main').insertAdjacentHTML(
        'beforebegin', '<p style="height: 200px">late</p>'))))"""
    with launched() as browser, opened(browser) as page:
        page.add_init_script(WATCH)
        page.add_init_script(late)
        page.goto(f"{sites.sample.origin}index.html")
        page.wait_for_function("shifts.length > 0")


def test_nothing_scrolls_sideways_on_a_phone(visits: list[Visit]) -> None:
    """At 390 pixels a page is as wide as the screen, and so is what it holds when opened."""
    seen = [v for v in visits if v.way == "phone"]
    nothing([(v.name, v.widths) for v in seen if set(v.widths) != {PHONE}])
    nothing([(v.name, v.sideways) for v in seen if v.sideways])
