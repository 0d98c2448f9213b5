"""The audit by lot on a page: seed, what was drawn, in which order, what came of it; no note."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.engine.year import Means
from generator.proposals.lot import number_of
from generator.results.audience import INTERNAL, PUBLIC, read_publish
from generator.site.addresses import LOT
from generator.site.build.producing import addresses_of, volumes_of
from generator.site.data.years import assembled, evaluations
from generator.site.html.audit import Auditor
from generator.site.html.page import bare
from generator.site.work import lot
from generator.text.language import set_language
from tests.memory import MemoryTree, base_files
from tests.receiving import Days
from tests.site_bodies import site_pages
from tests.test_site_pages import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from generator.results.audience import Publish
    from generator.site.data.years import SiteData

SEED = "2026年1月20日上证综指收盘点位 3210.45 <b>&"
THEME = "branches/demo-a/2025/activities/2025-03-12-theme-day"
PLAN, GONE = (f"branches/demo-{name}/2025/documents/plan" for name in "bz")
OLD = PLAN.replace("plan", "former-plan")
NOTE = "看过原件，与所报的不一样"
AUDIT = f"""
seed: {SEED}
announced: 2025-12-01
known: 2026-01-20
share: 0.125
drawn:
  - {{path: {THEME}, looked: 2026-01-22, by: 抽查小组, outcome: agrees}}
  - {{path: {PLAN}, looked: 2026-01-23, by: 抽查小组, outcome: differs, note: {NOTE}}}
  - {{path: {GONE}}}
"""


def site_for(text: str | None, publish: Publish = PUBLIC, receipts: Days | None = None) -> SiteData:
    files = base_files()
    if text is not None:
        files["committee/2025/audit.yml"] = text.encode()
    found = evaluations(MemoryTree(files), Means(receipts=receipts))
    return assembled(TEMPLATES.parent, TEMPLATES, found, publish=publish)


def bodies(site: SiteData) -> list[str]:
    made = volumes_of(site)[0]
    found = [make() for address, make in made.standing.items() if LOT.split(".")[0] in address]
    for page in found:
        Auditor().body(page.address, bare(str(page.body)))
    return [str(page.body).replace("\u00a0", " ") for page in found]


def test_seed_draw_and_outcomes_are_on_the_page() -> None:
    (body,) = bodies(site_for(AUDIT))
    assert "2026年1月20日上证综指收盘点位 3210.45 &lt;b&gt;&amp;" in body
    for words in (
        "2025-12-01",
        "2026-01-20",
        "12.5%，每个党支部至少一件",
        "3 件，1 件相符，1 件不符",
    ):
        assert words in body
    order = sorted((THEME, PLAN, GONE), key=lambda path: number_of(SEED, path))
    places = [
        body.index(f"<code>{path}</code> <code>{number_of(SEED, path)[:12]}") for path in order
    ]
    assert places == sorted(places)
    assert f'href="2025/{THEME[9:15]}' not in body
    assert 'href="2025/branches/demo-a/activities/2025-03-12-theme-day.html"' in body
    assert "<strong>不符</strong>" in body
    assert body.count("现在没有这条记录") == 1
    assert body.count("还没有查看") == 1


def test_notes_are_the_committee_s_and_the_class_can_be_moved() -> None:
    assert NOTE not in "".join(f"{page.body}{page.search}" for page in site_pages(site_for(AUDIT)))
    (body,) = bodies(site_for(AUDIT, INTERNAL))
    assert NOTE in body
    moved = replace(PUBLIC, moved=read_publish({"lots": "internal"}))
    assert bodies(site_for(AUDIT, moved)) == []
    assert all(LOT not in str(page.body) for page in site_pages(site_for(AUDIT, moved)))


def test_an_audit_that_is_only_announced_and_one_that_was_drawn_are_told_apart() -> None:
    (body,) = bodies(site_for("announced: 2025-12-01\nknown: 2026-01-20\nshare: 0.1\n"))
    assert "种子知道以后才抽取" in body
    assert "怎样重抽" not in body
    (body,) = bodies(
        site_for(f"announced: 2025-12-01\nknown: 2026-01-20\nshare: 0.1\nseed: {SEED}\n")
    )
    assert "还没有登记抽中的记录" in body
    assert "appraise audit draw 2025" in body
    assert bodies(site_for(None)) == []
    assert not any(LOT in a for a in addresses_of(volumes_of(site_for(None))[0]))


def test_home_leads_to_it_and_so_does_every_page_of_many() -> None:
    site = site_for(AUDIT)
    home = str(volumes_of(site)[0].standing["index.html"]().body)
    assert f'href="{LOT}">抽查</a>' in home
    assert LOT not in str(volumes_of(site_for(None))[0].standing["index.html"]().body)


class Renamed(Days):
    """A history in which one record was called otherwise when it was drawn."""

    def on(self, path: str) -> datetime.date:
        del path
        return datetime.date(2025, 12, 10)

    def now(self, path: str, day: datetime.date | None, names: Sequence[str]) -> frozenset[str]:
        assert day == datetime.date(2026, 1, 19)
        assert names == ("demo-b",)
        return frozenset({f"{PLAN}/document.yml"} if path == f"{OLD}/document.yml" else ())


def test_a_record_is_found_where_it_lies_now() -> None:
    text = AUDIT.replace(PLAN, OLD)
    (body,) = bodies(site_for(text, receipts=Renamed()))
    assert 'href="2025/branches/demo-b/documents/plan.html"' in body
    assert f"<code>{OLD}</code>" in body, "as it was drawn"
    assert body.count("现在没有这条记录") == 1
    (body,) = bodies(site_for(text))
    assert body.count("现在没有这条记录") == 2, "without history nobody knows"


def test_many_records_go_on_further_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lot, "ROWS", 2)
    first, second = bodies(site_for(AUDIT))
    assert "3 件" in first
    assert "3 件" in second
    assert [body.count('<th scope="row">') for body in (first, second)] == [2, 1]
    assert 'href="lot/2.html"' in first


def test_the_page_is_there_in_english() -> None:
    set_language("en")
    try:
        (body,) = bodies(site_for(AUDIT))
    finally:
        set_language("zh")
    assert "<h1>Audit</h1>" in body
    assert "differs" in body
