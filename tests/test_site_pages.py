"""Every generated page of the sample: headings, links, figures, what is unknown, hostile text."""

from __future__ import annotations

import csv
import io
import json
import posixpath
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.scoring.scorecard import Basis
from generator.site.addresses import badge_address
from generator.site.data.years import load_site
from generator.site.html.templating import glue
from generator.text.numbers import figure, read_json
from tests.markup import Reader
from tests.site_bodies import site_files, site_pages

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.results.model import BranchResult, Results
    from generator.site.data.years import SiteData
    from generator.site.html.page import GeneratedPage
    from tests.markup import Attributes

PROGRAM = Path(__file__).resolve().parents[1]
TEMPLATES = PROGRAM / "site_templates"
HOSTILE = '=HYPERLINK(1)</title><script>alert(1)</script><img src=x onerror="a"> {{ 7 * 7 }} 示例'


class Page(Reader):
    """Collects headings, ids, links and the visible text of a page."""

    def __init__(self, body: str) -> None:
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


@pytest.fixture(scope="module")
def pages(site: SiteData) -> dict[str, GeneratedPage]:
    return {page.address: page for page in site_pages(site)}


@pytest.fixture(scope="module")
def read(pages: dict[str, GeneratedPage]) -> dict[str, Page]:
    return {address: Page(str(page.body)) for address, page in pages.items()}


@pytest.fixture(scope="module")
def results(site: SiteData) -> Results:
    return site.results


def card(results: Results, branch: BranchResult) -> str:
    return f"{results.year}/branches/{branch.id}.html"


def test_every_branch_and_record_has_a_page(
    results: Results, pages: dict[str, GeneratedPage]
) -> None:
    for branch in results.branches:
        assert card(results, branch) in pages
        for record in branch.records:
            _, owner, year, group, folder = record.path.split("/")
            assert f"{year}/branches/{owner}/{group}/{folder}.html" in pages


def test_headings_are_in_order_and_ids_differ(read: dict[str, Page]) -> None:
    for address, page in read.items():
        assert page.headings[0] == 1, address
        assert page.headings.count(1) == 1, address
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), address
        assert len(page.ids) == len(set(page.ids)), address


def test_every_link_leads_to_a_page_and_its_anchor(site: SiteData, read: dict[str, Page]) -> None:
    files = {file.address for file in site_files(site)}
    written = {f"{path.stem}.html" for path in (TEMPLATES / "pages").glob("*.md")}
    written |= {badge_address(site.results.year, b) for b in site.results.branches}
    for address, page in read.items():
        for link in page.links:
            if link.startswith("https://"):
                continue
            path, _, anchor = link.partition("#")
            path, _, _ = path.partition("?")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(address), path))
            target = target if path else address
            assert target in {*read, *files, *written}, (address, link)
            if anchor and target in read:  # those of written pages: test_site_links
                assert anchor in read[target].ids, (address, link)


def test_every_entry_of_a_table_of_contents_exists(
    pages: dict[str, GeneratedPage], read: dict[str, Page]
) -> None:
    for address, page in pages.items():
        assert {entry.anchor for entry in page.toc} <= set(read[address].ids), address


def words(value: Decimal) -> str:
    return f"{value:.2f}".replace("-", "\u2212")


def test_every_figure_is_on_the_scorecard(results: Results, read: dict[str, Page]) -> None:
    for branch in results.branches:
        text = read[card(results, branch)].text
        figures = [branch.fixed, branch.bonus, branch.total, branch.low, branch.high]
        for line in branch.lines:
            figures += [line.points, line.max]
            if line.part is None:
                figures += [line.claimed, line.computed, line.verified]
            assert str(line.title) in text
            assert glue(str(line.reason)) in text
        figures += [line.points for line in branch.bonus_lines]
        lacking = [f for f in figures if f is not None and words(f) not in text]
        assert (branch.id, lacking) == (branch.id, [])


def test_every_total_is_on_the_home_page(results: Results, read: dict[str, Page]) -> None:
    text = read["index.html"].text
    for branch in results.branches:
        assert branch.name in text
        for value in (branch.fixed, branch.total):
            assert value is None or branch.rank is None or words(value) in text


def test_unknown_is_worded_and_never_zero(
    results: Results, pages: dict[str, GeneratedPage]
) -> None:
    seen = 0
    for branch in results.branches:
        body = str(pages[card(results, branch)].body)
        for line in branch.criteria:
            if line.basis is not Basis.PENDING:
                continue
            start = body.index(f'id="{line.criterion}"')
            row = body[start : body.index("</summary>", start)]
            assert "未评" in row
            assert line.claimed == 0 or not re.search(r"(?<![\d.])0\.00", row)
            seen += 1
    assert seen


def test_what_filed_nothing_has_no_figure(
    results: Results, pages: dict[str, GeneratedPage]
) -> None:
    for branch in results.branches:
        if branch.status == "not-submitted":
            text = Page(str(pages[card(results, branch)].body)).text
            assert "未报送" in text
            assert "0.00" not in text


def test_files_hold_the_results(site: SiteData, results: Results) -> None:
    files = {file.address: file.content for file in site_files(site)}
    document = read_json(files["results.json"].decode("utf-8"))
    totals = {branch["id"]: branch["total"] for branch in document["branches"]}
    assert totals == {branch.id: figure(branch.total) for branch in results.branches}
    assert files["ranking.csv"].startswith(b"\xef\xbb\xbf")


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """No markup in any page, and no formula in any cell."""
    for part in ("branches", "committee"):
        shutil.copytree(PROGRAM / part, tmp_path / part)
    shutil.copy(PROGRAM / "rubric.yml", tmp_path)
    quoted = json.dumps(HOSTILE, ensure_ascii=False)
    for path in sorted((tmp_path / "branches").glob("*/branch.yml"))[:2]:
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"(?m)^name:.*$", lambda _: f"name: {quoted}", text), "utf-8")
    for path in sorted((tmp_path / "branches").glob("*/*/*/*/*.yml")):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"(?m)^title:.*$", lambda _: f"title: {quoted}", text), "utf-8")
    site = load_site(tmp_path, "zh", TEMPLATES)
    shown = 0
    for page in site_pages(site):
        reader = Page(str(page.body))
        assert not reader.tags & {"script", "img"}, page.address
        shown += HOSTILE in reader.text
    assert shown > 100
    rows = next(f.content for f in site_files(site) if f.address.endswith("ranking.csv"))
    cells = [cell for row in csv.reader(io.StringIO(rows.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if HOSTILE in cell]
    assert not [cell for cell in cells if cell.startswith("=")]


@pytest.mark.slow
def test_hand_written_pages_keep_their_markup_and_name_the_data(sample_built: Path) -> None:
    """A guide is a page of headings, with commit and rubric digest at its foot."""
    text = (sample_built / "site" / "guide.html").read_text("utf-8")
    assert text.count("<h1") == 1
    assert text.count("<h2") >= 5
    assert "&lt;h2" not in text
    assert 'class="ap-colophon"' in text
