"""The heat map and the comparison in Chromium: keys, taps, what is said, the address, no script."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser import Site, Sites

STOPS = "() => document.querySelectorAll('.ap-heat [tabindex=\"0\"]').length"
#: Where the focus is: row and column of the map, counted from its headings.
AT = """() => {
  const cell = document.activeElement.closest('td, th');
  const rows = [...document.querySelectorAll('.ap-heat tr:not(.ap-heat-top)')];
  return [rows.indexOf(cell.parentElement), cell.cellIndex];
}"""
SHADED = """() => [document.querySelectorAll('.ap-heat tbody tr.ap-on').length,
  [...document.querySelectorAll('.ap-heat tbody td.ap-on')].every(
    (cell, _, all) => cell.cellIndex === all[0].cellIndex)]"""


def enter(page: Page) -> None:
    """Press Tab until the focus is in the map."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.ap-heat td, .ap-heat th')"):
            return
    pytest.fail("the map cannot be reached with the Tab key")


def figures(site: Site, address: str, criterion: str) -> dict[str, Any]:
    """Return the line of a criterion of the branch whose scorecard has an address."""
    branch = next(b for b in site.branches if address.endswith(f"/{b['id']}.html"))
    lines: list[dict[str, Any]] = branch["lines"]
    return next(x for x in lines if x["criterion"] == criterion and x["part"] is None)


def test_the_map_is_walked_with_keys(sites: Sites, page: Page) -> None:
    page.goto(f"{sites.sample.origin}heat.html")
    enter(page)
    assert page.get_attribute(".ap-heat", "role") == "grid"
    assert (page.evaluate(AT), page.evaluate(STOPS)) == ([1, 1], 1)
    for key, at in (
        ("ArrowRight", [1, 2]), ("ArrowDown", [2, 2]), ("ArrowUp", [1, 2]), ("ArrowUp", [0, 2]),
        ("ArrowUp", [0, 2]), ("ArrowDown", [1, 2]), ("Home", [1, 0]), ("ArrowLeft", [1, 0]),
        ("Control+Home", [0, 0]), ("PageDown", [10, 0]), ("PageUp", [0, 0]),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert (key, page.evaluate(AT), page.evaluate(STOPS)) == (key, at, 1)
    page.keyboard.press("Control+End")
    row, column = page.evaluate(AT)
    assert row == page.locator(".ap-heat tbody tr").count() + 1
    assert column == page.locator(".ap-heat-heads > *").count() - 1
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.ap-heat')"), (
        "one stop for the whole map"
    )


def test_a_cell_says_what_it_stands_for(sites: Sites, page: Page) -> None:
    """In words that describe the focused cell, with its row and its column shaded."""
    page.goto(f"{sites.sample.origin}heat.html")
    enter(page)
    told = set()
    for _ in range(page.locator(".ap-heat tbody tr").count()):
        for _ in range(2):
            cell = page.evaluate(
                """() => { const cell = document.activeElement; return {
                  tip: document.getElementById(cell.getAttribute('aria-describedby')).innerText,
                  text: cell.textContent, look: cell.className,
                  link: cell.parentElement.querySelector('a').getAttribute('href'),
                  id: document.querySelectorAll('.ap-heat-heads > *')[cell.cellIndex].dataset.id,
                } }"""
            )
            line = figures(sites.sample, cell["link"], cell["id"])
            assert line["title"] in cell["tip"]
            if line["basis"] in {"verified", "computed", "claimed"}:
                points = f"得 {Decimal(str(line['points'])):.2f} / "
                assert points in cell["tip"]
                assert (f"失 {cell['text']} 分" in cell["tip"]) == (cell["text"] != "0.00")
            else:
                assert cell["text"] in cell["tip"]
            assert page.evaluate(SHADED) == [1, True]
            told.add(line["basis"])
            page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
    assert len(told) > 1
    page.keyboard.press("ArrowUp")
    assert page.locator("#ap-heat-tip").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#ap-heat-tip").is_hidden()
    assert page.evaluate(SHADED)[0] == 0


def test_enter_opens_the_line_of_the_scorecard(sites: Sites, page: Page) -> None:
    page.goto(f"{sites.sample.origin}heat.html")
    enter(page)
    link = page.locator(".ap-heat tbody tr").first.locator("a").get_attribute("href")
    criterion = page.locator(".ap-heat-heads [data-id]").first.get_attribute("data-id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{sites.sample.origin}{link}#{criterion}")
    assert page.locator(f"#{criterion}").count() == 1


def test_a_finger_shows_first_and_opens_with_a_second_tap(sites: Sites, browser: Browser) -> None:
    with opened(browser, width=390, touch=True) as page:
        page.goto(f"{sites.sample.origin}heat.html")
        cell = page.locator(".ap-heat tbody tr:nth-child(2) td").first
        cell.tap()
        assert page.url.endswith("heat.html")
        assert page.locator("#ap-heat-tip").is_visible()
        box = page.locator("#ap-heat-tip").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        cell.tap()
        page.wait_for_url("**/branches/*.html#*")


def test_names_stay_in_sight_on_a_phone(sites: Sites, browser: Browser) -> None:
    """The map scrolls in its box, and a focused cell is not below the names."""
    with opened(browser, width=390) as page:
        page.goto(f"{sites.sample.origin}heat.html")
        enter(page)
        for key in ("End", "ArrowLeft", "Home", "ArrowRight"):
            page.keyboard.press(key)
        name, cell = page.evaluate(
            """() => [document.activeElement.parentElement.cells[0], document.activeElement].map(
              one => { const at = one.getBoundingClientRect(); return [at.left, at.right]; })"""
        )
        assert 0 <= name[0] < name[1] <= cell[0] + 1
        assert cell[1] <= 390
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_map_of_many_leads_to_those_of_consortia(sites: Sites, page: Page) -> None:
    page.goto(f"{sites.many.origin}heat.html")
    enter(page)
    assert "平均失" in page.inner_text("#ap-heat-tip")
    link = page.locator(".ap-heat tbody tr").first.locator("a").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{sites.many.origin}{link}")
    assert page.locator(".ap-heat tbody tr").count() > 1


def test_without_script_the_map_is_a_table_of_figures(sites: Sites, browser: Browser) -> None:
    with opened(browser, script=False) as page:
        page.goto(f"{sites.sample.folder.as_uri()}/heat.html")
        assert page.get_attribute(".ap-heat", "role") is None
        assert page.locator(".ap-heat-hint").is_hidden()
        assert page.locator("#ap-heat-tip").count() == 0
        scored = [b for b in sites.sample.branches if b["total"] is not None]
        assert page.locator(".ap-heat tbody tr").count() == len(scored)
        page.goto(f"{sites.sample.folder.as_uri()}/points.html")
        assert page.locator(".ap-compare").is_hidden()
        text = page.inner_text(".ap-points")
        assert [b["id"] for b in scored if f"{b['total']:.2f}" not in text] == []


def compared(page: Page) -> list[list[str]]:
    """Return the rows of the comparison: criterion, maximum, both figures, difference."""
    rows: list[list[str]] = page.evaluate(
        """() => {
          const text = cell => [...cell.childNodes].filter(one => one.nodeName !== 'I')
            .map(one => one.textContent).join('');
          return [...document.querySelectorAll('.ap-compare tr')].filter(
            row => row.querySelector('td')).map(row => [...row.cells].map(text));
        }"""
    )
    return rows


@pytest.mark.parametrize("by", ["http", "file"])
def test_two_branches_are_compared_with_keys(sites: Sites, page: Page, by: str) -> None:
    site = sites.sample
    base = site.origin if by == "http" else f"{site.folder.as_uri()}/"
    page.goto(f"{base}points.html")
    shown = [b for b in site.branches if b["total"] is not None]
    page.focus("#ap-compare-a")
    page.keyboard.press("ArrowDown")
    assert page.locator(".ap-compare table").count() == 0
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert "不同的党支部" in page.inner_text(".ap-compare-status")
    page.keyboard.press("ArrowDown")
    one, other = shown[:2]
    assert page.url.endswith(f"points.html#a={one['id']}&b={other['id']}")
    rows = compared(page)
    differing = 0
    criteria = [x for x in one["lines"] if x["part"] is None and x["criterion"]]
    assert len(rows) == len(criteria) + 4
    for line, row in zip(criteria, rows, strict=False):
        second = figures(site, f"/{other['id']}.html", line["criterion"])
        assert row[0] == line["title"]
        if all(x["basis"] in {"verified", "computed", "claimed"} for x in (line, second)):
            difference = Decimal(str(line["points"])) - Decimal(str(second["points"]))
            differing += bool(difference)
            words = f"{difference:+.2f}".replace("-", "\u2212")
            assert row[2:] == [
                f"{line['points']:.2f}", f"{second['points']:.2f}", words if difference else "持平",
            ]  # fmt: skip
        else:
            assert row[4] == "—"
    assert rows[-2][0] == "总分"
    assert rows[-2][2:4] == [f"{one['total']:.2f}", f"{other['total']:.2f}"]
    gap = abs(Decimal(str(one["total"])) - Decimal(str(other["total"])))
    told = page.inner_text(".ap-compare-status")
    assert f"{gap:.2f} 分" in told or not gap
    assert f"{differing} 个小项不同" in told
    assert page.get_attribute(".ap-compare-status", "aria-live") == "polite"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    swapped = compared(page)
    assert [[r[3], r[2]] for r in swapped] == [[r[2], r[3]] for r in rows]
    assert page.url.endswith(f"#a={other['id']}&b={one['id']}")


def test_a_comparison_can_be_passed_on(sites: Sites, page: Page) -> None:
    """The address alone brings it back; ids that are not there choose nothing."""
    site = sites.sample
    one, other = [b["id"] for b in site.branches if b["total"] is not None][2:4]
    page.goto(f"{site.origin}points.html#a={one}&b={other}")
    assert page.input_value("#ap-compare-a") == one
    assert page.locator(".ap-compare tbody").count() > 1
    links = page.locator(".ap-compare td a").evaluate_all("all => all.map(a => a.href)")
    assert f"{site.origin}{site.year}/branches/{one}.html#" in links[0]
    page.evaluate("window.location.hash = 'a=nobody&b=%3Cb%3E'")
    page.wait_for_function("!document.querySelector('.ap-compare table')")
    assert page.input_value("#ap-compare-a") == ""
