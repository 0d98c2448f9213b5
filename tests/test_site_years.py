"""Several years on one site: which is shown first, and how every page leads to the others."""

from __future__ import annotations

import posixpath
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.site.addresses import ONCE
from generator.site.build.producing import volumes_of
from generator.site.build.reuse import Store
from generator.site.build.switch import Switch
from generator.site.data.years import assembled, front_of
from generator.site.exports.feed import feed_of
from generator.site.exports.files import files_of as files_of_year
from tests.site_bodies import year_pages
from tests.support import appraise
from tests.test_site_links import LINK, target
from tests.tiers import tiered
from tests.two_years import NAMES, TEMPLATES, drawn_branch, drawn_years, files_of, site_of
from tests.years import Branch, claim, document, encoded

if TYPE_CHECKING:
    from generator.engine.year import Evaluation
    from generator.site.build.volume import Pages
    from generator.site.data.years import SiteData

STAGES = ("open", "review", "publicity", "final")
SWITCH = re.compile(r'<nav class="ap-years".*?</nav>', re.DOTALL)
ENTRY = re.compile(r'<li class="ap-year">(?:<a href="([^"]*)">|<strong[^>]*>)([0-9]+)')


@pytest.mark.parametrize("seed", range(80))
def test_the_year_shown_first(seed: int) -> None:
    """The newest in review or publicity, else the newest open one, else the newest."""
    rng = random.Random(seed)
    stages = {year: rng.choice(STAGES) for year in rng.sample(range(2000, 2100), rng.randint(1, 7))}
    order = {"publicity": 2, "review": 2, "open": 1, "final": 0}
    best = max(order[stage] for stage in stages.values())
    wanted = max(year for year, stage in stages.items() if order[stage] == best)
    assert front_of(stages) == wanted
    assert front_of({}) is None


@pytest.fixture(scope="module")
def plain() -> Evaluation:
    """One evaluated year, to be told as any other."""
    return site_of(files_of({2025: ("open", {"a": Branch(claims={"first": claim(5)})})})).evaluation


@pytest.mark.parametrize("seed", range(60))
def test_a_year_is_shown_alike_wherever_its_figures_come_from(plain: Evaluation, seed: int) -> None:
    rng = random.Random(seed)
    years = sorted(rng.sample(range(2000, 2100), rng.randint(1, 6)))
    stages = {year: rng.choice(STAGES) for year in years}
    frozen = {year for year in years if stages[year] == "final" and rng.random() < 0.7}
    assert plain.results is not None
    found = [
        replace(
            plain,
            results=replace(plain.results, year=year, stage=stages[year]),
            frozen=year in frozen,
            findings=[replace(f, year=year) for f in plain.findings],
        )
        for year in years
    ]
    site = assembled(Path(), TEMPLATES, found)
    assert [each.results.year for each in site.years] == years[::-1]
    first = front_of(stages)
    for each in site.years:
        year = each.results.year
        assert each.prefix == ("" if year == first else f"{year}/")
        assert each.under_way == (stages[year] != "final")
        assert [point.year for point in each.trend("a")] == years
    assert {f.year for f in site.findings} == set(years)
    volumes = volumes_of(site)
    assert volumes[0].shown.year == first
    home = feed_of(site, "", "").decode("utf-8")
    assert re.findall(r'html" href="([0-9/]*index.html)"', home)[1:] == [
        f"{each.prefix}index.html" for each in site.years
    ]
    work = {"lacking.html": 0, "process.html": 0, "whatif.html": 0}
    for pages in volumes:
        made = {name for name in work if pages.site.prefix + name in pages.standing}
        lacks = {"lacking.html"} if pages.site.under_way else set()
        always = {"process.html", "whatif.html"} if pages.first or pages.site.under_way else set()
        assert made == lacks | always


def all_pages(volumes: list[Pages]) -> dict[int, set[str]]:
    """Return the addresses of the pages of each year, and under 0 those that belong to none."""
    found: dict[int, set[str]] = {0: set()}
    for pages in volumes:
        made = {page.address for page in year_pages(pages)}
        found[0] |= made & ONCE
        found[pages.shown.year] = made - ONCE
    return found


@pytest.mark.parametrize("seed", tiered(range(50), often=3, fast=1))
def test_the_switch_leads_to_the_same_page_or_home(seed: int) -> None:
    """From every page to every other year; on it stands which year is shown."""
    made_by = volumes_of(site_of(files_of(drawn_years(seed))))
    volumes = {pages.shown.year: pages for pages in made_by}
    switch = Switch(made_by)
    made = all_pages(made_by)
    years = sorted(volumes, reverse=True)
    named = {
        year: {name_of(address, volumes[year]): address for address in made[year]} for year in years
    }
    for own, addresses in made.items():
        for address in addresses:
            pages = volumes.get(own, made_by[0])
            frame = switch.around(pages.frame(address), address, pages)
            entries = ENTRY.findall(frame.around("<p>"))
            assert [int(year) for _, year in entries] == years
            for link, year in entries:
                if int(year) == own:
                    assert not link
                    continue
                home = f"{volumes[int(year)].site.prefix}index.html"
                wanted = named[int(year)].get(name_of(address, pages), home) if own else home
                found = posixpath.normpath(posixpath.join(posixpath.dirname(address), link))
                assert found == wanted, address


def name_of(address: str, pages: Pages) -> str:
    """Return what a page is called in every year."""
    below = address.removeprefix(f"{pages.shown.year}/branches/")
    return f"branch {below}" if below != address else address.removeprefix(pages.site.prefix)


def test_one_year_has_no_switch() -> None:
    site = site_of(files_of({2025: ("open", {"a": Branch(claims={"first": claim(5)})})}))
    volumes = volumes_of(site)
    frame = volumes[0].frame("index.html")
    assert Switch(volumes).around(frame, "index.html", volumes[0]) is frame


@pytest.mark.parametrize("seed", tiered(range(50), often=3, fast=1))
def test_kept_pages_hold_while_their_key_does(seed: int, tmp_path: Path) -> None:
    """Something changes in one branch and year: whatever else shows it has another key."""
    rng = random.Random(seed)
    years = drawn_years(seed)
    before = site_of(files_of(years))
    year = rng.choice([*years])
    stage, branches = years[year]
    name = rng.choice([*branches])
    later = years | {year: (stage, branches | {name: drawn_branch(rng)})}
    after = site_of(files_of(later))
    old, new = (keyed(site, tmp_path) for site in (before, after))
    assert old.keys() == new.keys()
    for where, (key, bodies) in new.items():
        assert key != old[where][0] or bodies == old[where][1], where


def keyed(site: SiteData, folder: Path) -> dict[tuple[int, str], tuple[bytes, list[str]]]:
    """Return key and bodies of every branch in every year."""
    store = Store(folder / "pages.sqlite", TEMPLATES)
    return {
        (pages.shown.year, branch.id): (
            store.key(pages, branch, written),
            [f"{page.title} {page.body}" for page in pages.branch(branch)],
        )
        for pages in volumes_of(site)
        for written, branch in pages.site.pairs
    }


def test_words_of_one_branch_reach_no_page_of_others(tmp_path: Path) -> None:
    """A statement changes no figure: one branch's pages of one year are made anew, no others."""
    filed = {name: Branch(claims={"first": claim(4)}, records=[document()]) for name in NAMES}
    years = {2025: ("review", filed), 2026: ("open", filed)}
    old = keyed(site_of(files_of(years)), tmp_path)
    said = Branch(claims={"first": claim(4, statement="另写")}, records=[document()])
    new = keyed(site_of(files_of(years | {2026: ("open", filed | {"b": said})})), tmp_path)
    assert [where for where in new if new[where][0] != old[where][0]] == [(2026, "b")]


def test_files_and_search_are_of_their_own_year() -> None:
    filed = {"a": Branch(claims={"first": claim(4)})}
    site = site_of(files_of({2025: ("review", filed), 2026: ("open", filed | {"b": filed["a"]})}))
    names = [{file.address for file in files_of_year(year)} for year in site.years]
    assert {"2026/results.json", "2026/ranking.csv", "2026/lines.parquet"} <= names[0]
    assert {"results.json", "ranking.csv", "feed.xml"} <= names[1]
    found = {
        page.search.title: page.address
        for pages in volumes_of(site)
        for branch in pages.site.results.branches
        for page in pages.branch(branch)
        if page.search is not None
    }
    assert found == {
        "a": "2025/branches/a.html",
        "a（2026 年度）": "2026/branches/a.html",
        "b": "2025/branches/b.html",
        "b（2026 年度）": "2026/branches/b.html",
    }


def test_a_site_of_two_years_under_way_holds_together(tmp_path: Path) -> None:
    filed = {name: Branch(claims={"first": claim(4)}, records=[document(name)]) for name in NAMES}
    files = files_of({2025: ("review", filed), 2026: ("open", {"a": filed["a"]})})
    for path, data in files.items():
        place = tmp_path / "root" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    folder = tmp_path / "site"
    done = appraise("build", "--quiet", "--site-dir", str(folder), root=tmp_path / "root")
    assert done.exit_code == 0, done.output
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    pages = {a for a in there if a.endswith(".html") and a != "404.html"}
    assert {"index.html", "2026/index.html", "2026/lacking.html", "2025/branches/c.html"} <= pages
    for address in pages:
        text = (folder / address).read_text("utf-8")
        assert len(SWITCH.findall(text)) == 1, address
        for link in LINK.findall(text):
            if not link.startswith(("https://", "data:")):
                assert target(address, link)[0] in there, (address, link)
    sitemap = (folder / "sitemap.xml").read_text("utf-8")
    assert {a for a in pages if f"<loc>/{a}</loc>" not in sitemap} <= {"index.html"}


@pytest.mark.parametrize("lacking", [(), ("first",), ("second",), ("third",), ("first", "third")])
def test_an_ended_year_that_is_not_frozen_is_shown_while_it_has_no_error(
    lacking: tuple[str, ...],
) -> None:
    reviews = {
        name: {"points": 3, "reason": "已核"}
        for name in ("first", "second", "third")
        if name not in lacking
    }
    ended = {"a": Branch(reviews=reviews, records=[document()])}
    files = files_of({2024: ("final", ended), 2025: ("open", ended)})
    decision = {"meeting": "党委会", "decided": "2025-02-01", "notice": "文号"}
    files["committee/2024/decision.yml"] = encoded(decision)
    site = site_of(files)
    assert [year.results.year for year in site.years] == ([2025] if lacking else [2025, 2024])
    assert not [f for f in site.findings if f.severity == "error"]
