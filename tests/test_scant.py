"""Who is 未评足: drawn shares of assessed points around half, and where pages show it."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from generator.site.build.producing import volumes_of
from generator.site.data.scant import is_scant, place_of, ranked_for_pages
from generator.site.exports.badge import badge_of
from generator.site.exports.feed import feed_of
from generator.site.exports.files import files_of as files_of_year
from tests.site_bodies import site_pages
from tests.test_site_pages import Page
from tests.tiers import tiered
from tests.two_years import site_of
from tests.years import YEAR, Branch, claim, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from generator.results.model import BranchResult
    from generator.site.data.years import SiteData

NAMES = ("a", "b", "c", "d")
#: Points of the criteria: any half of them can be met, missed by little, or passed by little.
POINTS = (20, 14, 9, 5, 2)
WHOLE = Decimal(sum(POINTS))
RULES = rubric(
    section("one", *(judged(f"c{n}", points) for n, points in enumerate(POINTS))),
    grades=[{"id": "good", "title": "好", "min": 30}, {"id": "low", "title": "差", "min": 0}],
)


def drawn(seed: int, stage: str) -> tuple[SiteData, dict[str, int]]:
    """Return a site, and the points that each branch has assessed, claimed or not applicable."""
    rng = random.Random(seed)
    told: dict[str, int] = {}
    branches = {}
    for name in NAMES:
        here = [n for n in range(len(POINTS)) if rng.random() < 0.5]
        reviewed = {n for n in here if rng.random() < 0.4}
        reviews: dict[str, Any] = {
            f"c{n}": {"points": rng.randint(0, POINTS[n]), "reason": "已核"} for n in reviewed
        }
        claims = {f"c{n}": claim(rng.randint(0, POINTS[n])) for n in here if n not in reviewed}
        branches[name] = Branch(claims=claims, reviews=reviews)
        told[name] = sum(POINTS[n] for n in here)
    files = year_of(RULES, branches)
    files[f"committee/{YEAR}/appraisal.yml"] |= {"stage": stage}
    return site_of({path: encoded(data) for path, data in files.items()}), told


@pytest.mark.parametrize("stage", ["open", "review", "publicity", "final"])
@pytest.mark.parametrize("seed", range(60))
def test_less_than_half_of_the_points_while_open(
    template: BranchResult, seed: int, stage: str
) -> None:
    """Shares from none to all, most of them within a point of half."""
    rng = random.Random(seed)
    whole = Decimal(rng.randint(1, 400)) / 4
    assessed = max(whole / 2 + Decimal(rng.randint(-4, 4)) / 4, Decimal(0))
    assessed = rng.choice([min(assessed, whole), Decimal(0), whole, whole / 2])
    first, second = sorted((rng.random(), rng.random()))
    verified = (assessed * Decimal(first)).quantize(Decimal("0.0001"))
    computed = (assessed * Decimal(second)).quantize(Decimal("0.0001")) - verified
    maxima = {
        "verified": verified,
        "computed": computed,
        "claimed": assessed - verified - computed,
        "pending": whole - assessed,
    }
    wanted = stage == "open" and assessed < whole / 2
    assert is_scant(stage, replace(template, maxima=maxima)) == wanted
    for status in ("vetoed", "not-submitted", "unreadable"):
        assert not is_scant(stage, replace(template, maxima=maxima, status=status))


@pytest.fixture(scope="module")
def template() -> BranchResult:
    """A branch whose figures are changed."""
    return drawn(0, "open")[0].published.branches[0]


@pytest.mark.parametrize("seed", tiered(range(50), often=20, fast=10))
def test_who_is_scant_comes_last_and_has_no_rank(seed: int) -> None:
    site, told = drawn(seed, "open")
    scant = {name for name, points in told.items() if points * 2 < WHOLE}
    by_id = {branch.id: branch for branch in site.published.branches}
    assert {b.id for b in site.results.branches if place_of(b) == "scant"} == scant
    ranked = [b for b in site.results.branches if b.id not in scant]
    assert [b.id for b in site.results.branches[: len(ranked)]] == [b.id for b in ranked]
    assert all(branch == by_id[branch.id] for branch in ranked)
    assert all(branch.rank is not None for branch in by_id.values())
    standings = volumes_of(site)[0].standings
    totals = sorted(branch.total for branch in ranked if branch.total is not None)
    assert (standings.count, len(standings.scant)) == (len(ranked), len(scant))
    assert standings.lowest == (totals[0] if totals else None)
    for stage in ("review", "final"):
        other = drawn(seed, stage)[0]
        assert ranked_for_pages(other.published) is other.published


@pytest.mark.parametrize("seed", tiered(range(50), often=3, fast=1))
def test_every_page_says_so_and_files_keep_their_ranks(seed: int) -> None:
    site, told = drawn(seed, "open")
    scant = {name for name, points in told.items() if points * 2 < WHOLE}
    ranks = {branch.id: branch.rank for branch in site.published.branches}
    pages = {page.address: page for page in site_pages(site)}
    read = {address: Page(str(page.body)).text for address, page in pages.items()}
    for name in NAMES:
        card = read[f"{YEAR}/branches/{name}.html"]
        found = pages[f"{YEAR}/branches/{name}.html"].search
        assert found is not None
        ranked = re.search(r"第 ?([0-9]+) ?名，共 ?4 ?个", " ".join(card.split()))
        if name in scant:
            assert "未评足" in card
            assert "未评足" in found.text
            assert not re.search(r"第 ?[0-9]+ ?名", card + found.text)
        else:
            assert f"第 {ranks[name]} 名" in found.text
            assert ranked is not None
            assert int(ranked[1]) == ranks[name]
    home = str(pages["index.html"].body)
    assert ('id="scant"' in home) == bool(scant)
    assert len(re.findall('<td class="ap-rank">', home)) == len(NAMES) - len(scant)
    last = home.find('id="scant"')
    links = [home.rindex(f'href="{YEAR}/branches/{name}.html"') for name in scant]
    assert all(place > last for place in links)
    (society,) = (address for address in read if address.startswith("societies/"))
    for address in (society, "heat.html", "points.html"):
        assert ("未评足" in read[address]) == bool(scant), address
    words = feed_of(site, "", "").decode("utf-8")
    assert ("未评足" in words) == bool(scant)
    written = {file.address: file.content for file in files_of_year(site)}
    document = json.loads(written["results.json"])
    assert {b["id"]: b["rank"] for b in document["branches"]} == ranks
    assert [b["id"] for b in document["branches"]] == sorted(NAMES, key=lambda n: (ranks[n], n))
    rows = written["ranking.csv"].decode("utf-8-sig").splitlines()[1:]
    assert [int(row.split(",")[0]) for row in rows] == sorted(r for r in ranks.values() if r)
    for branch in site.results.branches:
        badge = badge_of(YEAR, branch, ("good", "low")).decode("utf-8")
        assert ("未评足" in badge) == (branch.id in scant)
