"""Every kind of page, visited in Chromium: axe, console, requests, layout shift, width.

Pages are loaded wide and at the width of a phone, and all tests look at what was seen then. axe
looks for all in wide pages of each kind, the sample's where it has the kind, and at their colours
once more after the page has gone dark; on a phone at these and, of all others, at the page of each
kind that holds least and the one that holds most; at the colours of one of each kind.
What lies between these, a second wide page of a kind, and what other years have is seen only
before a release.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import needed, opened
from tests.kinds import Kind, kinds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser import Site, Sites

PHONE = 390
#: How pages are visited → how wide; ``broad`` are further pages of the kinds that are seen wide,
#: ``between`` other ones that hold neither most nor least, ``years`` those of other
#: years, which differ in what is told and not in how.
WIDTHS = {"wide": 1280, "broad": 1280, "phone": PHONE, "between": PHONE, "years": PHONE}
SELDOM = ("broad", "between", "years")
WAYS = ("wide", "phone", *(pytest.param(way, marks=pytest.mark.long) for way in SELDOM))
LIGHT, DARK = "default", "slate"
#: Rules that a law or a standard asks for, and those that axe adds of its own.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = "color-contrast"

#: Nothing is shown before the page is read: a table that is painted while its rows come in shifts
#: on a busy machine, and only there. What fonts and scripts move afterwards is seen.
#: What a page has asked for, and its timers of less than a second, are in ``awaited`` until they
#: come; the promise ``painted`` is kept when something has been painted.
WATCH = """
window.shifts = [];
window.awaited = new Set();
const unread = new CSSStyleSheet();
unread.replaceSync('html { visibility: hidden !important }');
document.adoptedStyleSheets = [unread];
document.addEventListener('readystatechange', () => {
  if (document.readyState === 'interactive') document.adoptedStyleSheets = [];
});
const shift = entry => {
  if (entry.hadRecentInput) return;
  const moved = entry.sources.map(source => source.node && source.node.nodeName
    + (source.node.className ? '.' + source.node.className : ''));
  shifts.push([entry.value, ...moved]);
};
const watcher = new PerformanceObserver(list => list.getEntries().forEach(shift));
watcher.observe({type: 'layout-shift', buffered: true});
window.seen = () => (watcher.takeRecords().forEach(shift), shifts);
window.painted = new Promise(done => new PerformanceObserver(list => {
  if (list.getEntriesByName('first-contentful-paint').length) done();
}).observe({type: 'paint', buffered: true}));
for (const kind of ['Timeout', 'Interval']) {
  const set = window[`set${kind}`], clear = window[`clear${kind}`];
  window[`set${kind}`] = (act, delay, ...given) => {
    const acting = (...all) => (awaited.delete(timer), act(...all));
    const timer = set(acting, delay, ...given);
    if (!(delay >= 1000)) awaited.add(timer);
    return timer;
  };
  window[`clear${kind}`] = timer => (awaited.delete(timer), clear(timer));
}
const ask = window.fetch;
window.fetch = (...all) => {
  const answer = ask(...all), told = () => awaited.delete(answer);
  awaited.add(answer);
  answer.then(told, told);
  return answer;
};
"""
#: Search is the same on every page of a site: it starts on the first that is visited, and on the
#: others its worker is only asked for.
SEARCH = """(() => {
  const Real = Worker, started = sessionStorage.getItem('search');
  class Asked extends EventTarget {
    postMessage() {}
  }
  window.Worker = function (address, options) {
    const search = String(address).includes('/workers/');
    if (!search || !started) {
      if (search) sessionStorage.setItem('search', 'started');
      return new Real(address, options);
    }
    fetch(address, {method: 'HEAD'});
    return new Asked();
  };
})()"""
SCHEME = "data-md-color-scheme"
PAINT = f"scheme => document.body.setAttribute('{SCHEME}', scheme)"
PAINTED = f"() => document.body.getAttribute('{SCHEME}')"
#: After fonts and the first paint, two frames with nothing awaited: what moves in the first of them
#: is known in the second.
SETTLED = f"""async () => {{
  const frame = () => new Promise(requestAnimationFrame);
  await document.fonts.ready;
  await painted;
  for (let still = 0; still < 2;) {{
    await frame();
    still = awaited.size ? 0 : still + 1;
  }}
  return [({PAINTED})(), seen(), document.documentElement.scrollWidth];
}}"""
OPENED = """() => {
  document.querySelectorAll('details').forEach(one => { one.open = true });
  return document.documentElement.scrollWidth;
}"""
#: What can be pushed sideways but is no box that says so; lines of a program cannot be folded.
SIDEWAYS = """() => [...document.querySelectorAll('main *')].filter(one =>
    one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
    && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)
    && !one.matches('.ap-scroll, pre > code')
).map(one => one.outerHTML.slice(0, 120))"""
#: Rows of a table are alike, and so are entries of a list: axe takes its time for each, and finds
#: it in the first. What a box holds of one tag and class is alike but for text and cells; the more
#: so where tags, whether there is text, and attributes agree all the way down (of those that name,
#: lead somewhere or are read out it counts whether they are empty).
SHORTEN = """([rows, twins]) => {
  const free = /^(id|for|href|src|alt|title|name|value|d|points|datetime|aria-label|data-.*)$/;
  const numbers = new Map(), forms = new Map();
  const enter = one => {
    const own = [one.tagName, ...[...one.attributes].map(({name, value}) =>
      `${name}=${free.test(name) ? value !== '' : value}`)];
    if ([...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) own.push('text');
    const form = own.join(' ') + '>' + [...one.children].map(enter);
    if (!numbers.has(form)) numbers.set(form, numbers.size);
    forms.set(one, numbers.get(form));
    return numbers.get(form);
  };
  document.querySelectorAll('main').forEach(enter);
  for (const box of document.querySelectorAll('main, main *')) {
    const met = new Map();
    const times = look => met.set(look, (met.get(look) || 0) + 1).get(look);
    for (const one of [...box.children]) {
      const many = [times(one.tagName + one.className) > rows, times(forms.get(one)) > twins];
      if (many.includes(true) && !one.matches('td, th, p, h2, h3, h4')) one.remove();
    }
  }
}"""
#: So many of one class stay, and of these so many of one form: what clashes takes two.
ROWS, TWINS = 6, 2
#: All of these in one step, for each way to the page and back takes its time.
LOOK = f"""async few => {{
  const [scheme, moved, width] = await ({SETTLED})();
  const told = {{scheme, moved, widths: [width, ({OPENED})()], sideways: ({SIDEWAYS})()}};
  ({SHORTEN})(few);
  return told;
}}"""
FOUND = """result => result.violations.flatMap(found => found.nodes.map(node =>
  [found.id, node.html.slice(0, 160), node.failureSummary.slice(0, 200)]))"""
AXE = f"""({{tags, without}}) => axe.run(document, {{
  runOnly: {{type: 'tag', values: tags}},
  rules: Object.fromEntries(without.map(rule => [rule, {{enabled: false}}])),
  resultTypes: ['violations'],
}}).then({FOUND})"""
#: Contrast hangs on the ink, its size and weight, and on what lies behind: of text that has all
#: these alike and that can be seen, axe is shown one (``MARKED``), unless it has judged it before.
#: It judges no single letter. Returns the looks that are new.
INK = "data-ink"
INKS = f"""known => {{
  const met = new Set(known), fresh = [], grounds = new Map();
  const ground = one => {{
    if (!one) return '';
    if (grounds.has(one)) return grounds.get(one);
    const {{backgroundColor, backgroundImage, opacity}} = getComputedStyle(one);
    const own = [backgroundColor, backgroundImage, opacity].join();
    const found = ground(one.parentElement) + (own === 'rgba(0, 0, 0, 0),none,1' ? '' : '>' + own);
    grounds.set(one, found);
    return found;
  }};
  const seen = one => {{
    const {{width, height, right, bottom}} = one.getBoundingClientRect();
    return Math.min(width, height) > 1 && right > 0 && bottom + scrollY > 0
      && one.checkVisibility({{visibilityProperty: true, opacityProperty: true}});
  }};
  for (const one of document.querySelectorAll('[{INK}]')) one.removeAttribute('{INK}');
  for (const one of document.body.querySelectorAll('*')) {{
    const own = [...one.childNodes].filter(node => node.nodeType === 3);
    if (own.map(node => node.data).join('').trim().length < 2 || !seen(one)) continue;
    const {{color, fontSize, fontWeight, textShadow}} = getComputedStyle(one);
    const look = [color, fontSize, fontWeight, textShadow, ground(one)].join('|');
    if (met.has(look)) continue;
    met.add(look);
    fresh.push([look, one]);
  }}
  fresh.forEach(([, one], number) => one.setAttribute('{INK}', number));
  return fresh.map(([look]) => look);
}}"""
MARKED = f"axe.configure({{rules: [{{id: '{COLOURS}', selector: '[{INK}]'}}]}});"
#: The one rule that is asked after a page has gone dark: what it finds, and which looks it judged.
AXE_COLOURS = f"""rule => axe.run(document, {{
  runOnly: {{type: 'rule', values: [rule]}}, resultTypes: ['violations', 'passes'],
  elementRef: true,
}}).then(result => ({{
  found: ({FOUND})(result),
  judged: [...result.violations, ...result.passes].flatMap(
    one => one.nodes.map(node => Number(node.element.getAttribute('{INK}')))),
}}))"""


@dataclass(slots=True)
class Visit:
    """What was seen of a page in one way."""

    site: str
    address: str
    way: str
    schemes: list[str | None] = field(default_factory=list)
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


@pytest.fixture(scope="module", params=WAYS)
def visits(browser: Browser, sites: Sites, request: pytest.FixtureRequest) -> list[Visit]:
    """Visit every page in one way."""
    return tour(browser, sites, request.param)


def axe() -> str:
    """Return the script that looks for violations."""
    spec = importlib.util.find_spec("axe_playwright_python")
    needed("axe", spec and spec.submodule_search_locations)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    script = Path(spec.submodule_search_locations[0], "axe.min.js").read_text("utf-8")
    return f"{script};{MARKED}"


def tour(browser: Browser, sites: Sites, way: str) -> list[Visit]:
    """Visit all pages in one way."""
    seen = [Visit("", "", way)]
    met: set[str] = set()
    dark: set[str] = set()
    with opened(browser, width=WIDTHS[way]) as page:
        page.on("request", lambda request: seen[-1].asked.append(request.url))
        page.on("console", lambda message: seen[-1].said.append(message.text))
        page.on("pageerror", lambda error: seen[-1].said.append(str(error)))
        page.add_init_script(WATCH)
        page.add_init_script(SEARCH)
        page.add_init_script(axe())
        for site, address, fresh in pages(sites, way):
            seen.append(Visit(site.name, address, way))
            look(page, site, seen[-1])
            (kind,) = kinds_of(address)
            coloured = fresh and not (WIDTHS[way] == PHONE and kind.name in met)
            met.add(kind.name)
            seen[-1].violations += violations(page, way, dark, coloured=coloured)
            seen[-1].schemes.append(page.evaluate(PAINTED))
    return seen[1:]


def violations(page: Page, way: str, dark: set[str], *, coloured: bool) -> list[list[str]]:
    """Return what axe finds; what is coloured is seen dark too where there is a desk for it.

    ``dark`` are looks that axe has judged in the dark; those of the page are added.
    """
    if coloured:
        page.evaluate(INKS, [])
    without = [] if coloured else [COLOURS]
    found: list[list[str]] = page.evaluate(AXE, {"tags": TAGS, "without": without})
    if coloured and WIDTHS[way] != PHONE:
        page.evaluate(PAINT, DARK)
        found += coloured_dark(page, dark)
    return found


def coloured_dark(page: Page, dark: set[str]) -> list[list[str]]:
    """Return what axe finds in colours that it has not judged in the dark before."""
    fresh: list[str] = page.evaluate(INKS, list(dark))
    if not fresh:
        return []
    told = page.evaluate(AXE_COLOURS, COLOURS)
    dark.update(fresh[number] for number in told["judged"])
    found: list[list[str]] = told["found"]
    return found


def pages(sites: Sites, way: str) -> Iterator[tuple[Site, str, bool]]:
    """Yield the pages to look at in one way, and whether they are fresh.

    Fresh are the sample's and those of a kind that it lacks. The kinds of the year shown first
    stand for those of other years.
    """
    shown = [(s, address, kinds_of(address)[0]) for s in sites.all for address in sites.shown(s)]
    known = {kind.name for site, _, kind in shown if site is sites.sample}
    first = {kind.name for site, _, kind in shown if kind.year in {"", str(site.year)}}
    ends = extremes(shown)
    met: set[Kind] = set()
    for site, address, kind in shown:
        fresh = site is sites.sample or kind.name not in known
        if kind.name in first and kind.year not in {"", str(site.year)}:
            ways = {"years"}
        elif fresh:
            seen = kind in met
            end = (site.name, address) in ends
            ways = {"broad" if seen else "wide", "between" if seen and not end else "phone"}
            met |= {kind} - {Kind("scorecard", str(site.year))}  # of these there is one a status
        else:
            ways = {"phone" if (site.name, address) in ends else "between"}
        if way in ways:
            yield site, address, fresh


def extremes(shown: list[tuple[Site, str, Kind]]) -> set[tuple[str, str]]:
    """Return site and address of the pages of each kind that have the least and the most bytes."""
    kinds: dict[Kind, list[tuple[int, str, str]]] = {}
    for site, address, kind in shown:
        size = (site.folder / address).stat().st_size
        kinds.setdefault(kind, []).append((size, site.name, address))
    return {one[1:] for pages in kinds.values() for one in (min(pages), max(pages))}


def look(page: Page, site: Site, visit: Visit) -> None:
    """Load a page and write down what is seen; what can be opened is opened for axe."""
    page.goto(site.origin + visit.address)
    told = page.evaluate(LOOK, [ROWS, TWINS])
    visit.schemes.append(told["scheme"])
    visit.shifts, visit.widths, visit.sideways = told["moved"], told["widths"], told["sideways"]
    visit.asked = [url for url in visit.asked if not url.startswith(site.origin)]


def nothing(found: list[tuple[str, Any]]) -> None:
    """Fail with one line for each thing that was found."""
    assert not found, "\n".join(f"{where}: {what}" for where, what in found)


def test_each_way_is_what_it_says(visits: list[Visit]) -> None:
    """Wide pages were light, then dark, and there are pages at all."""
    assert visits
    schemes = {WIDTHS["wide"]: [LIGHT, DARK], PHONE: [LIGHT, LIGHT]}
    assert [v.name for v in visits if v.schemes != schemes[WIDTHS[v.way]]] == []


def test_whoever_prefers_dark_gets_dark_pages(browser: Browser, sites: Sites) -> None:
    with opened(browser, dark=True) as page:
        for site in sites.all:
            page.goto(f"{site.origin}years.html")
            assert page.get_attribute("body", SCHEME) == DARK, site.name


def test_axe_finds_nothing(visits: list[Visit]) -> None:
    """No violation of any impact, with everything opened that can be."""
    nothing([(v.name, v.violations) for v in visits if v.violations])


@pytest.mark.parametrize(
    ("way", "coloured", "found"),
    [
        ("wide", True, ["color-contrast", "image-alt"]),
        ("wide", False, ["image-alt"]),
        ("phone", True, ["color-contrast", "image-alt"]),
        ("phone", False, ["image-alt"]),
    ],
)
def test_axe_would_find_something(
    browser: Browser, way: str, coloured: bool, found: list[str]
) -> None:
    """Each way asks for its rules, and is told of what breaks them."""
    with opened(browser) as page:
        page.set_content(
            "<main><img src='x'><p style='color: #ddd; background: #fff'>示例</p></main>"
        )
        page.evaluate(axe())
        told = [name for name, *_ in violations(page, way, set(), coloured=coloured)]
    assert sorted(set(told) & {"image-alt", "color-contrast"}) == found


def test_every_ink_is_shown_to_axe_once(browser: Browser) -> None:
    """Text on the same ground is judged once, and each other ink, size and ground as well."""
    pale = "<p style='color: #ddd'>示例</p>"
    grounds = ("", "background: #fffff0", "opacity: .9", "background: #000")
    boxes = "".join(f"<div style='{ground}'>{pale * 3}</div>" for ground in grounds)
    larger = "<p style='color: #ddd; font-size: 40px'>示例</p>"
    with opened(browser) as page:
        page.set_content(f"<main>{boxes}{larger}</main>")
        page.evaluate(axe())
        inks = page.evaluate(INKS, [])
        told = page.evaluate(AXE_COLOURS, COLOURS)
        assert len(told["found"]) == len(grounds)  # black is a good ground
        assert sorted(told["judged"]) == list(range(len(inks)))
        assert page.evaluate(INKS, inks[1:]) == inks[:1]
        assert len(page.evaluate(AXE_COLOURS, COLOURS)["found"]) == 1


def test_what_is_pale_in_the_dark_alone_is_found(browser: Browser) -> None:
    style = f"<style>[{SCHEME}={DARK}] p {{ color: #111; background: #222 }}</style>"
    with opened(browser) as page:
        page.set_content(f"{style}<p>示例</p>")
        page.evaluate(axe())
        told = [name for name, *_ in violations(page, "wide", set(), coloured=True)]
    assert "color-contrast" in told


def test_no_request_leaves_the_origin(visits: list[Visit]) -> None:
    """Nothing is asked of anybody but the site's own host; drawings in styles are no requests."""
    nothing([(v.name, url) for v in visits for url in v.asked if not url.startswith("data:")])


def test_the_console_is_silent(visits: list[Visit]) -> None:
    nothing([(v.name, v.said) for v in visits if v.said])


def test_nothing_moves_while_a_page_loads(visits: list[Visit]) -> None:
    """The cumulative layout shift is nought."""
    nothing([(v.name, v.shifts) for v in visits if v.shifts])


def test_a_shift_would_be_seen(browser: Browser, sites: Sites) -> None:
    """What a script puts in after the page is read moves what is below, and is told."""
    late = """addEventListener('DOMContentLoaded', () => requestAnimationFrame(() =>
      requestAnimationFrame(() => document.querySelector('main').insertAdjacentHTML(
        'beforebegin', '<p style="height: 200px">late</p>'))))"""
    with opened(browser) as page:
        page.add_init_script(WATCH)
        page.add_init_script(late)
        page.goto(f"{sites.sample.origin}index.html")
        page.wait_for_function("shifts.length > 0")


def test_a_page_is_looked_at_when_it_has_come_to_rest(browser: Browser, sites: Sites) -> None:
    """Not before timers have run out, what was asked for is there, and something is painted."""
    late = """const done = what => requestAnimationFrame(() => { window[what] = true });
      addEventListener('load', () => {
        setTimeout(() => setTimeout(done, 200, 'timed'), 200);
        fetch('index.html').then(() => done('answered'), () => done('answered'));
        new PerformanceObserver(() => done('shown')).observe({type: 'paint', buffered: true});
      });"""
    with opened(browser) as page:
        page.add_init_script(WATCH)
        page.add_init_script(late)
        page.goto(f"{sites.sample.origin}404.html")
        page.evaluate(SETTLED)
        assert page.evaluate("[window.timed, window.answered, window.shown]") == [True] * 3


def test_nothing_scrolls_sideways_on_a_phone(visits: list[Visit]) -> None:
    """At 390 pixels a page is as wide as the screen, and so is what it holds when opened."""
    seen = [v for v in visits if WIDTHS[v.way] == PHONE]
    nothing([(v.name, v.widths) for v in seen if set(v.widths) != {PHONE}])
    nothing([(v.name, v.sideways) for v in seen if v.sideways])
