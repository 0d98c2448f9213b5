"""Scorecards and the ranking as PDF: everything is open, and what only a screen has is left out."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from pypdf import PdfReader

from tests.browser import PROGRAM
from tests.test_site_browser import figures, written
from tests.tiers import tiered

if TYPE_CHECKING:
    from playwright.sync_api import Page, PdfMargins
    from pypdf import PageObject

    from tests.browser import Site, Sites

#: A4 in points, as PDF counts.
A4 = (595, 842)
#: Radicals by which a font names simplified characters such as 齐 and 页.
RADICALS = "\u2e80-\u2eff"
EDGE = "12mm"
EDGES: PdfMargins = {"top": EDGE, "right": EDGE, "bottom": EDGE, "left": EDGE}
#: What only a screen has: filters, tools, navigation, ways onward, the way to the top.
TOOLS = (
    ".ap-filters, .ap-tools, .ap-more, .ap-go, .ap-also, .md-content nav, "
    ".md-header, .md-tabs, .md-footer, .md-sidebar, .md-top"
)
#: Branches of the sample: the longest scorecards, a vetoed one, none, the shortest, all others.
MARKED = ("demo-a", "demo-l", "demo-g")
OTHERS = {path.parent.name for path in PROGRAM.glob("branches/*/branch.yml")} - {*MARKED}
CARDS = [*MARKED, *sorted(OTHERS)]
#: How high the number of a sheet stands above its lower edge, in points.
FOOT = 42


class Sheet(NamedTuple):
    """The text of a sheet without blanks, and how much is used: 1 to the foot."""

    text: str
    filled: float


@dataclass(frozen=True)
class Paper:
    """The sheets of a page: it is printed once for all tests that look at it."""

    data: bytes

    @cached_property
    def sizes(self) -> list[tuple[int, int]]:
        """The size of each sheet, in points."""
        boxes = [sheet.mediabox for sheet in PdfReader(io.BytesIO(self.data)).pages]
        return [(round(float(box.width)), round(float(box.height))) for box in boxes]

    @cached_property
    def sheets(self) -> list[Sheet]:
        """What stands on each sheet."""
        return [seen(sheet) for sheet in PdfReader(io.BytesIO(self.data)).pages]


#: Address, width of the screen and sheets → what was printed of it in this process.
PAPERS: dict[tuple[str, int, str], Paper] = {}


def paper(page: Page, address: str, sheets: str = "") -> Paper:
    """Load a page, and print it, or the sheets that are asked for, unless it was printed before."""
    page.goto(address)
    assert page.viewport_size is not None
    key = (address, page.viewport_size["width"], sheets)
    if key not in PAPERS:
        PAPERS[key] = Paper(page.pdf(format="A4", margin=EDGES, page_ranges=sheets))
    return PAPERS[key]


def printed(page: Page, address: str, which: str = "") -> tuple[list[str], list[tuple[int, int]]]:
    """Print a page; return the text of each sheet without blanks, and the sizes of the sheets."""
    it = paper(page, address, which)
    return [sheet.text for sheet in it.sheets], it.sizes


def seen(sheet: PageObject) -> Sheet:
    """Return what stands on a sheet; it is read once, which takes longer than to print it."""
    heights: list[float] = []

    def stands(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        height = outer[1] * inner[4] + outer[3] * inner[5] + outer[5]
        if text.strip() and height > FOOT:
            heights.append(height)

    text = sheet.extract_text(visitor_text=stands)
    return Sheet(bare(text), 1 - min(heights, default=A4[1]) / A4[1])


def bare(text: str) -> str:
    """Return a text without blanks; fonts may name a character by the radical that looks alike."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def printed_in(words: str, sheet: str) -> bool:
    """Whether words are printed; radicals that Unicode maps to nothing pass for any character."""
    form = "".join(f"[{re.escape(letter)}{RADICALS}]" for letter in bare(words))
    return bare(words) in sheet or re.search(form, sheet) is not None


def card_of(site: Site, status: str) -> tuple[dict[str, Any], str]:
    """Return the first branch of a status, and the address of its scorecard."""
    branch = next(b for b in site.branches if b["status"] == status)
    return branch, site.origin + site.card(branch)


def test_a_printed_scorecard_opens_everything(page: Page, sites: Sites) -> None:
    """Each criterion with its reason and figures, evidence by name, and a block to sign."""
    branch, address = card_of(sites.sample, "scored")
    sheets, sizes = printed(page, address)
    text = "".join(sheets)
    assert len(sheets) > 1
    assert set(sizes) <= {A4, (A4[0] + 1, A4[1]), (A4[0], A4[1] + 1), (A4[0] + 1, A4[1] + 1)}
    lines = [line for line in branch["lines"] if line["criterion"]]
    assert lines
    for line in lines:
        assert printed_in(line["title"], text)
        assert printed_in(line["reason"], text), line["criterion"]
        assert [f for f in figures(line) if written(f) not in text] == []
    cited = {path for line in lines for path in line["evidence"]}
    titles = {r["title"] for r in branch["records"] if r["path"] in cited}
    assert titles
    assert [title for title in titles if not printed_in(title, text)] == []
    assert "签字" in sheets[-1]


def test_the_printed_ranking_has_every_branch(page: Page, sites: Sites) -> None:
    """With its figures, also where a phone's screen folds them away."""
    ranked = [b for b in sites.sample.branches if b["rank"] is not None]
    page.set_viewport_size({"width": 390, "height": 844})
    sheets, _ = printed(page, f"{sites.sample.origin}index.html")
    text = "".join(sheets)
    for branch in ranked:
        assert printed_in(branch["name"], text)
        figures = [written(branch[key]) for key in ("fixed", "bonus", "total")]
        assert [f for f in figures if f not in text] == [], branch["id"]


@pytest.mark.parametrize("which", tiered(["1-5", ""], often=1))
def test_headings_of_a_long_ranking_stand_on_every_sheet(
    which: str, page: Page, sites: Sites
) -> None:
    """Two hundred rows: the table's head is printed again wherever the table goes on.

    Half of its ten sheets are printed each time, for reading them takes long, and all before a
    release.
    """
    site = sites.many
    totals = {written(b["total"]) for b in site.branches if b["total"] is not None}
    sheets, _ = printed(page, f"{site.origin}index.html", which)
    heads = page.eval_on_selector_all(
        "table.ap-ranking thead th[data-key]", "all => all.map(one => one.innerText)"
    )
    lines = [bare(line) for head in heads for line in head.splitlines() if line.strip(" ↑↓")]
    assert len(lines) > 8
    long = [sheet for sheet in sheets if sum(total in sheet for total in totals) > 8]
    assert len(long) > 3
    lacking = {line for sheet in long for line in lines if line.strip("↑↓") not in sheet}
    assert lacking == set()


def test_what_belongs_to_a_screen_is_not_printed(page: Page, sites: Sites) -> None:
    """And every part that opens on a screen is open."""
    site = sites.sample
    _, address = card_of(site, "scored")
    page.emulate_media(media="print")
    for where in (f"{site.origin}index.html", address):
        page.goto(where)
        tools = "all => all.filter(one => one.checkVisibility()).map(one => one.className)"
        assert page.eval_on_selector_all(TOOLS, tools) == []
    closed = """all => all.filter(one => one.checkVisibility())
        .filter(one => !one.lastElementChild.checkVisibility({contentVisibilityAuto: true}))
        .map(one => one.outerHTML.slice(0, 80))"""
    assert page.eval_on_selector_all("main details", closed) == []


def test_a_veto_is_printed_first(page: Page, sites: Sites) -> None:
    """Before any figure."""
    branch, address = card_of(sites.sample, "vetoed")
    sheets, _ = printed(page, address)
    assert "一票否决" in sheets[0]
    assert printed_in(branch["name"], sheets[0])


@pytest.mark.parametrize("name", tiered(CARDS, often=len(MARKED)))
def test_a_scorecard_takes_few_sheets_and_fills_them(name: str, page: Page, sites: Sites) -> None:
    """Five at most, none but the last one half empty, in letters of eight points or more."""
    site = sites.sample
    branch = next(b for b in site.branches if b["id"] == name)
    small = """all => all.filter(one => one.checkVisibility())
        .filter(one => [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .filter(one => parseFloat(getComputedStyle(one).fontSize) * one.currentCSSZoom < 32 / 3)
        .map(one => one.outerHTML.slice(0, 80))"""
    sheets = paper(page, site.origin + site.card(branch)).sheets
    assert len(sheets) <= 5
    assert [n for n, s in enumerate(sheets[:-1], 1) if s.filled < 0.5] == []
    page.emulate_media(media="print")
    assert page.eval_on_selector_all("article *", small) == []


def test_no_heading_is_left_behind_and_no_sheet_blank(page: Page, sites: Sites) -> None:
    """A heading stands above what it leads to; the frame of the screen asks for no sheet."""
    site = sites.sample
    branch, _ = card_of(site, "scored")
    card = site.card(branch)
    kept = sorted((site.folder / card.removesuffix(".html")).rglob("*.html"))
    evidence = str(kept[0].relative_to(site.folder))
    for address in (card, evidence, "lacking.html", "whatif.html", "questions.html"):
        sheets, _ = printed(page, site.origin + address)
        heads = page.eval_on_selector_all(
            "article :is(h2, h3, h4)", "all => all.map(one => one.textContent)"
        )
        ends = [re.sub(r"\d+/\d+$", "", sheet) for sheet in sheets]
        assert "" not in ends, address
        assert [e[-30:] for e in ends for h in heads if e.endswith(bare(h))] == [], address
        if address == evidence:
            assert len(sheets) == 1


def test_a_printed_signature_says_what_is_signed(page: Page, sites: Sites) -> None:
    """The branch and the year stand in the block, which may come on a sheet of its own."""
    branch, address = card_of(sites.sample, "scored")
    page.emulate_media(media="print")
    page.goto(address)
    words = page.inner_text(".ap-sign")
    assert branch["name"] in words
    assert str(sites.sample.year) in words
