"""Finding one's way in real Chromium: search, sorting by what is not known, my branch."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import HOSTILE, opened
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser import Site, Sites

#: Asks the worker that pages ask, one query after the other; returns the places found, in order.
ASK = """async queries => {
  const config = JSON.parse(document.getElementById('__config').textContent);
  const index = await (await fetch('search/search_index.json')).json();
  const worker = new Worker(config.search);
  const answer = message => new Promise(heard => {
    worker.onmessage = event => heard(event.data);
    worker.postMessage(message);
  });
  await answer({type: 0, data: {...index, options: {suggest: false}}});
  const found = [];
  for (const query of queries) {
    const {type, data} = await answer({type: 2, data: query});
    if (type !== 3) throw new Error(`answered with ${type}`);
    const scores = data.items.map(group => group[0].score);
    if (scores.some((score, at) => at && score > scores[at - 1])) throw new Error(query);
    found.push(data.items.map(group => group[0].location));
  }
  worker.terminate();
  return found;
}"""
#: Hides figures of some rows of each sortable column behind dashes, sorts both ways, and returns
#: for each column and direction what stands in it from top to bottom: null for a dash.
SORT = """seed => {
  let state = seed;
  const draw = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const table = document.querySelector('table.ap-ranking');
  const found = [];
  for (const head of table.querySelectorAll('th[data-key]')) {
    if (head.dataset.key === 'name') continue;
    const cells = [...table.tBodies[0].rows].map(row => row.cells[head.cellIndex]);
    const before = cells.map(cell => [cell, cell.innerHTML, cell.dataset.place]);
    for (const cell of cells.filter(() => draw() < 0.4)) {
      cell.textContent = '—';
      delete cell.dataset.place;
    }
    for (let turn = 0; turn < 2; turn += 1) {
      head.querySelector('button').click();
      const values = [...table.tBodies[0].rows].map(row => {
        const cell = row.cells[head.cellIndex];
        if (head.dataset.key === 'grade') return cell.dataset.place ? -cell.dataset.place : null;
        const text = (cell.querySelector('b, .ap-share') || cell).textContent.trim();
        return text === '—' ? null : Number(text.replace('\\u2212', '-').replace('%', ''));
      });
      found.push([head.dataset.key, head.getAttribute('aria-sort'), values]);
    }
    for (const [cell, html, place] of before) {
      cell.innerHTML = html;
      if (place) cell.dataset.place = place;
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, sites: Sites) -> Iterator[Page]:
    """The home page of the sample."""
    with opened(browser) as page:
        page.goto(f"{sites.sample.origin}index.html")
        yield page


def index_of(site: Site) -> list[dict[str, Any]]:
    """Return what search reads."""
    docs: list[dict[str, Any]] = json.loads(site.text("search/search_index.json"))["docs"]
    return docs


def written(text: str) -> str:
    """Return a text of the index as people type it."""
    for mark, sign in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&amp;", "&")):
        text = text.replace(mark, sign)
    return text.replace("\u200b", "")


def test_the_exact_name_comes_first(page: Page, sites: Sites) -> None:
    """Criteria, codes, questions, types, kinds, rules, consortia and branches, by name and id."""
    names: dict[str, set[str]] = {}
    for doc in index_of(sites.sample):
        title = written(doc["title"])
        asked = {title} | ({title.split()[0]} if "findings.html#" in doc["location"] else set())
        if doc["location"].startswith(("criteria/", "ids.html#", "questions.html#")):
            asked |= {w for w in written(doc["text"]).split("、") if w.isascii() and w.islower()}
        for name in asked:
            names.setdefault(name, set()).add(doc["location"])
    assert len(names) > 150
    found = dict(zip(names, page.evaluate(ASK, list(names)), strict=True))
    assert [name for name, places in names.items() if found[name][0] not in places] == []


def test_a_clause_finds_its_criterion(page: Page, sites: Sites) -> None:
    clauses: dict[str, set[str]] = {}
    for doc in index_of(sites.sample):
        if doc["location"].startswith("criteria/"):
            for words in written(doc["text"]).split("、"):
                if words.startswith("第"):
                    clauses.setdefault(words, set()).add(doc["location"])
    assert clauses
    for (clause, places), found in zip(
        clauses.items(), page.evaluate(ASK, list(clauses)), strict=True
    ):
        assert found[0] in places, clause
        assert set(found) >= places


def test_what_has_all_of_a_query_comes_before_what_has_some(page: Page, sites: Sites) -> None:
    """Pieces from anywhere in a name, one or two: the first hits have every one of them."""
    rng = random.Random(14)
    docs = {
        d["location"]: written(f"{d['title']} {d['text']}").lower() for d in index_of(sites.sample)
    }
    titles = [written(d["title"]) for d in index_of(sites.sample) if "/branches/" in d["location"]]
    queries = []
    for _ in range(60):
        words = []
        for _ in range(rng.choice([1, 1, 2])):
            title = "".join(c for c in rng.choice(titles) if "\u4e00" <= c <= "\u9fff")
            start = rng.randrange(len(title) - 1)
            words.append(title[start : start + rng.randrange(2, 7)])
        queries.append(" ".join(words))
    for query, found in zip(queries, page.evaluate(ASK, queries), strict=True):
        whole = [all(word in docs[place] for word in query.split()) for place in found]
        assert found, query
        assert whole == sorted(whole, reverse=True), query
        assert whole[0] == any(all(w in text for w in query.split()) for text in docs.values())


def test_what_means_nothing_to_search_does_not_end_it(page: Page) -> None:
    """Signs that its language gives a meaning, markup, nothing: an answer each, and then a hit."""
    odd = ["", " ", "+", "-", "*", "~2", "^9", "title:", "a:b", "“”", "<b>", "&amp;", "\\", "（）"]
    answers = page.evaluate(ASK, [*odd, "没有这样的字句龘", "党课"])
    assert answers[-1]
    assert answers[-2] == answers[0] == []


@pytest.mark.parametrize("where", ["index.html", "consortium"])
@pytest.mark.parametrize("first", tiered(range(0, 50, 10), often=1))
def test_what_is_not_known_comes_last_both_ways(
    browser: Browser, sites: Sites, where: str, first: int
) -> None:
    """In every column of a table that can be sorted."""
    site = sites.sample
    if where == "consortium":
        named = [b["consortium"] for b in site.branches if b["consortium"] and b["rank"]]
        where = f"consortia/{max(named, key=named.count)}.html"
    seen = set()
    with opened(browser) as page:
        page.goto(site.origin + where)
        for seed in range(first, first + 10):
            for key, direction, values in page.evaluate(SORT, seed):
                known = [value for value in values if value is not None]
                assert values[: len(known)] == known, (seed, key, direction)
                assert known == sorted(known, reverse=direction == "descending"), (seed, key)
                seen.add((key, direction))
    keys = {"rank", "fixed", "bonus", "total", "share", "grade"}
    assert seen == {(key, way) for key in keys for way in ("ascending", "descending")}


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_search_is_offered_where_it_can_run(
    browser: Browser, sites: Sites, width: int, *, script: bool
) -> None:
    """Not without scripts, and not from the disk: what is hidden at first is shown by the head."""
    site = sites.sample
    offered = ".md-search__input" if width > 1000 else ".md-header label[for=__search]"
    with opened(browser, script=script, width=width) as page:
        for base, there in ((site.origin, script), (f"{site.folder.as_uri()}/", False)):
            page.goto(f"{base}index.html", wait_until="commit")
            page.wait_for_selector("header", state="attached")
            assert page.is_visible(offered) == there, base


def test_my_branch_is_remembered_and_forgotten(browser: Browser, sites: Sites) -> None:
    """By keys alone: kept on its scorecard, led to by every page, taken back in two places."""
    site = sites.sample
    branch = next(b for b in site.branches if b["rank"] and b["name"] != HOSTILE)
    asked: list[str] = []
    with opened(browser) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site.origin}index.html")
        assert not page.is_visible(".ap-mine-link, .ap-mine-line")
        page.goto(site.origin + site.card(branch), wait_until="networkidle")
        button = page.locator(".ap-mine-keep")
        assert button.inner_text() == "记为我的支部"
        before = len(asked)
        button.focus()
        page.keyboard.press("Enter")
        assert len(asked) == before
        assert button.inner_text() == "不再记为我的支部"
        assert "不会上传" in page.inner_text(".ap-mine-said[role=status]")
        kept = page.evaluate(
            "Object.entries(localStorage).filter(([k]) => k.endsWith('ap-branch'))"
        )
        assert [json.loads(value)["id"] for _, value in kept] == [branch["id"]]
        for address in ("index.html", "guide.html", "questions.html", "criteria/org-plan.html"):
            page.goto(site.origin + address)
            link = page.locator(".ap-mine-link")
            assert link.is_visible()
            assert link.inner_text() == f"我的支部：{branch['name']}"
            assert link.evaluate("one => one.href") == site.origin + site.card(branch)
        page.goto(f"{site.origin}index.html")
        own = page.locator(".ap-mine-line a")
        assert own.inner_text() == branch["name"]
        own.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{site.card(branch)}")
        page.locator(".ap-mine-keep").press("Enter")
        assert not page.is_visible(".ap-mine-link")
        page.locator(".ap-mine-keep").press("Enter")
        page.goto(f"{site.origin}index.html")
        page.locator(".ap-mine-line button").press("Enter")
        assert not page.is_visible(".ap-mine-link, .ap-mine-line")
        assert (
            page.evaluate("Object.keys(localStorage).some(k => k.endsWith('ap-branch'))") is False
        )
    assert {url for url in asked if not url.startswith(site.origin)} == set()


def test_another_branch_takes_the_place_and_names_are_text(browser: Browser, sites: Sites) -> None:
    """The name of the hostile branch is no markup in the header, on a phone too."""
    site = sites.sample
    first = next(b for b in site.branches if b["rank"] and b["name"] != HOSTILE)
    hostile = next(b for b in site.branches if b["name"] == HOSTILE)
    with opened(browser, width=390) as page:
        for branch in (first, hostile):
            page.goto(site.origin + site.card(branch))
            page.click(".ap-mine-keep")
        page.goto(f"{site.origin}index.html")
        link = page.locator(".ap-mine-link")
        assert link.get_attribute("title") == f"我的支部：{HOSTILE}"
        assert link.evaluate("one => one.textContent.trim()") == f"我的支部：{HOSTILE}"
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.inner_text(".ap-mine-line a") == HOSTILE


#: What may stand where the branch is kept, written by nobody or by another page of the host.
STRANGE = (
    *("", "null", "1", "[]", "{", '"x"', '{"id": 5}', '{"name": "d"}', '{"id": "x", "name": 3}'),
    *(json.dumps({"id": i, "name": "a"}) for i in ("", "../x", "a/b", "//e.example", "a b", "é")),
)
WRITE = """value => {
  localStorage.setItem('/.ap-branch', value);
  dispatchEvent(new Event('storage'));
}"""
FORBID = """Object.defineProperty(window, 'localStorage', {
  get() { throw new DOMException('forbidden'); },
})"""


def test_what_was_never_kept_offers_nothing(browser: Browser, sites: Sites) -> None:
    """Strange values lead nowhere, and where nothing may be kept there is no button."""
    site = sites.sample
    card = site.origin + site.card(site.branches[0])
    said: list[str] = []
    with opened(browser) as page:
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(card)
        for value in STRANGE:
            page.evaluate(WRITE, value)
            assert not page.is_visible(".ap-mine-link"), value
            assert page.inner_text(".ap-mine-keep") == "记为我的支部"
    with opened(browser) as page:
        page.on("pageerror", lambda error: said.append(str(error)))
        page.add_init_script(FORBID)
        page.goto(card)
        assert not page.is_visible(".ap-mine-link, .ap-mine-keep")
        assert page.inner_text("h1") == site.branches[0]["name"]
    with opened(browser, script=False) as page:
        page.goto(card)
        assert not page.is_visible(".ap-mine-link, .ap-mine-keep")
    assert [line for line in said if "forbidden" not in line] == []
