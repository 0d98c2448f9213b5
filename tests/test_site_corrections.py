"""Corrections on the site: card, page of their own, notice on every page of the year, feed."""

from __future__ import annotations

import shutil
from dataclasses import replace as again
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from generator.results.audience import PUBLIC
from generator.results.frozen import load_document, read_results
from generator.results.projection import projected
from generator.site.addresses import CORRECTIONS, ONCE
from generator.site.build.producing import volumes_of
from generator.site.build.reuse import Store
from generator.site.data.years import load_site
from generator.site.exports.feed import feed_of
from generator.site.html.audit import Auditor
from tests.gitrepo import GitRepo
from tests.site_bodies import year_pages
from tests.support import end_year
from tests.test_corrections import (
    DAYS,
    REASONS,
    RESULTS,
    YEAR,
    corrected,
    finalize,
)
from tests.test_site_pages import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.build.volume import Pages
    from generator.site.data.years import SiteData
    from generator.site.html.page import GeneratedPage

CARD_A, CARD_B = (f"{YEAR}/branches/{name}.html" for name in ("demo-a", "demo-b"))


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """A repository whose year was corrected three times."""
    repo = GitRepo(tmp_path_factory.mktemp("corrected"))
    end_year(repo.root)
    repo.commit("final", when="2026-02-01T09:00:00+08:00")
    finalize(repo)
    corrected(repo)
    return repo


@pytest.fixture(scope="module")
def shown(repo: GitRepo) -> SiteData:
    return load_site(repo.root, "zh", TEMPLATES)


def text_of(page: GeneratedPage) -> str:
    """Return the body of a page with plain spaces."""
    return f"{page.body}".replace("\u00a0", " ")


def pages_of(volume: Pages) -> dict[str, GeneratedPage]:
    return {page.address: page for page in year_pages(volume)}


def test_the_page_lists_every_correction_with_both_figures(shown: SiteData) -> None:
    (volume,) = volumes_of(shown)
    body = text_of(pages_of(volume)[CORRECTIONS])
    places = [body.index(f"{day} 更正") for day in DAYS]
    assert places == sorted(places, reverse=True)
    for reason in REASONS:
        assert f"理由：{reason}" in body
    assert "考核办法" in body[places[1] : places[0]]
    results = shown.published
    for correction in results.corrections:
        for change in correction.changes:
            if change.key == "total":
                for value in (change.old, change.new):
                    assert f"{value:.2f}" in body
    assert all(f'href="{address}"' in body for address in (CARD_A, CARD_B))


def test_a_card_has_its_own_corrections_alone(shown: SiteData) -> None:
    (volume,) = volumes_of(shown)
    pages = pages_of(volume)
    one, two = (text_of(pages[address]) for address in (CARD_A, CARD_B))
    assert [day in one for day in DAYS] == [True, True, False]
    assert [reason in one for reason in REASONS] == [True, True, False]
    # The other branch filed a written report: no ballot of it was counted otherwise.
    assert [reason in two for reason in REASONS] == [False, False, True]
    first = one[one.index(f"{DAYS[0]} 更正") :]
    # 8 of 10 good, 2 fair at 0.6 of 5 points: 4.6; with 7 and 3: 4.4.
    assert first.index("述职") < first.index("4.60") < first.index("4.40")
    assert f'href="../../{CORRECTIONS}"' in one


def test_every_page_of_the_year_says_so_and_no_other(shown: SiteData) -> None:
    (volume,) = volumes_of(shown)
    words = f"{YEAR} 年度的结果定稿后更正过 3 次"
    addresses = pages_of(volume)
    assert any("/documents/" in address for address in addresses)
    for address in addresses:
        frame = volume.frame(address)
        said = words in frame.around("<h1>x</h1>").replace("\u00a0", " ")
        assert said == (address not in ONCE), address
        for part in frame.parts:
            Auditor().body(address, part)


def test_a_year_that_nobody_corrected_has_none_of_it(repo: GitRepo, tmp_path: Path) -> None:
    shutil.copytree(repo.root, tmp_path / "copy")
    copy = GitRepo(tmp_path / "copy", base=False)
    copy.git("checkout", "--quiet", "HEAD~6")
    site = load_site(copy.root, "zh", TEMPLATES)
    (volume,) = volumes_of(site)
    pages = pages_of(volume)
    assert CORRECTIONS not in pages
    assert not any("更正" in text_of(page) for a, page in pages.items() if a not in ONCE)
    assert volume.frame("x.html").notice == ""


def test_the_feed_has_an_entry_a_correction(shown: SiteData) -> None:
    for url in ("", "https://example.org/"):
        root = ET.fromstring(feed_of(shown, "x", url))  # noqa: S314 - our own
        space = "{http://www.w3.org/2005/Atom}"
        entries = root.findall(f"{space}entry")
        texts = [
            [entry.findtext(f"{space}{name}") for name in ("title", "summary")] for entry in entries
        ]
        assert texts[1:] == [
            [f"{YEAR} 年度考核：{day} 更正", reason]
            for day, reason in reversed([*zip(DAYS, REASONS, strict=True)])
        ]
        ids = [entry.findtext(f"{space}id") for entry in entries]
        assert len(set(ids)) == len(ids) == 4
        links = [e.find(f"{space}link") for e in entries[1:]]
        assert [link.get("href") for link in links if link is not None] == [
            f"{url}{CORRECTIONS}#correction-{n}" for n in (3, 2, 1)
        ]
        assert entries[1].findtext(f"{space}updated") == "2026-04-30T16:00:00Z"


def test_kept_pages_of_a_branch_hold_while_nobody_corrects_it(
    shown: SiteData, tmp_path: Path
) -> None:
    """A reason is in no figure of a branch: it has to be in the key by itself."""
    (volume,) = volumes_of(shown)
    store = Store(tmp_path / "x.sqlite", TEMPLATES)
    before = {b.id: store.key(volume, b, b) for b in shown.results.branches}
    document = load_document((shown.root / RESULTS).read_bytes())
    document["corrections"][0]["reason"] = "另一个理由"
    results = projected(read_results(document), PUBLIC)
    evaluation = again(shown.evaluation, results=results)
    (other,) = volumes_of(again(shown, evaluation=evaluation))
    after = {b.id: store.key(other, b, b) for b in shown.results.branches}
    assert {name for name in before if before[name] != after[name]} == {"demo-a"}
