"""Publicity on pages: until when and how one objects, appeals with their answers, in any stage."""

from __future__ import annotations

import datetime
import html
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from generator.site.data.posting import Posting
from generator.site.data.years import front_of
from generator.site.exports.feed import feed_of
from generator.site.html.audit import Auditor
from tests.site_bodies import site_pages
from tests.test_site_pages import Page
from tests.tiers import tiered
from tests.two_years import TEMPLATES, site_of
from tests.years import YEAR, Branch, claim, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from generator.site.data.years import SiteData

HOME = f"committee/{YEAR}"
CONTACT = "考核办公室 <script>alert(1)</script>"
MATTER = "少计一次 <b>主题党日</b> & 两份记录"
ANSWER = '补计 "一次" <img src=x>'
RULES = rubric(
    section("s", judged("one"), judged("two")),
    vetoes=[{"id": "harm", "title": "违纪", "clause": "第四条"}],
)
BRANCHES = {
    "scored": Branch(claims={"one": claim(5)}),
    "vetoed": Branch(claims={"one": claim(5)}, vetoes=[{"veto": "harm", "state": "verified"}]),
    "unfiled": Branch(silent=True),
}
APPEALS: dict[str, list[dict[str, Any]]] = {
    "scored": [
        {"id": "a1", "received": "2026-01-23", "criterion": "one", "matter": MATTER,
         "state": "upheld", "answer": ANSWER, "date": "2026-01-26"},
        {"id": "a2", "received": "2026-01-24", "matter": "总分不对", "state": "open"},
    ],
    "unfiled": [
        {"id": "a1", "received": "2026-01-25", "criterion": "grade", "matter": "已经报送",
         "state": "dismissed"},
    ],
}  # fmt: skip


@cache
def site(stage: str, *, window: bool = True, appeals: bool = True) -> SiteData:
    """Return the site of a year in a stage."""
    files = year_of(RULES, BRANCHES)
    files[f"{HOME}/appraisal.yml"] |= {"stage": stage}
    if window:
        posted = {"from": "2026-01-22", "to": "2026-01-28", "contact": CONTACT}
        files[f"{HOME}/appraisal.yml"] |= {"publicity": posted}
    if appeals:
        files |= {f"{HOME}/appeals/{name}.yml": found for name, found in APPEALS.items()}
    return site_of({path: encoded(data) for path, data in files.items()})


@cache
def bodies(stage: str, *, window: bool = True, appeals: bool = True) -> dict[str, str]:
    """Return the bodies of all pages in their frames, each of which passed the audit."""
    found = site(stage, window=window, appeals=appeals)
    pages = {page.address: str(page.body) for page in site_pages(found)}
    auditor = Auditor()
    for address, body in pages.items():
        auditor.body(address, body)
    return pages


def text(body: str) -> str:
    """Return what a page shows, without blanks."""
    return "".join(Page(body).text.split())


CARDS = {name: f"{YEAR}/branches/{name}.html" for name in BRANCHES}


def test_while_results_are_posted_every_card_says_how_to_object_and_until_when() -> None:
    pages = bodies("publicity")
    for address in (*CARDS.values(), "appeals.html", "objection.html"):
        said = text(pages[address])
        assert "（1月28日截止）" in said, address
        assert "".join(CONTACT.split()) in said, address
    for address in CARDS.values():
        assert 'href="../../objection.html"' in pages[address]
    assert "报送材料的平台" in text(pages["appeals.html"])


def test_the_banner_has_the_days_and_leaves_the_count_to_the_script() -> None:
    pages = bodies("publicity")
    for address, body in pages.items():
        if address not in {CARDS["vetoed"], "objection.html"} and "ap-steps" in body:
            said = text(body)
            assert "公示1月22日至28日" in said, address
            assert "还有" not in said.partition("公示1月22日至28日")[2][:8]
            assert 'data-from="2026-01-22" data-to="2026-01-28"' in body
    assert "公示1月22日至28日" in text(pages["index.html"])


def test_appeals_stand_on_the_card_and_on_a_page_of_the_year_with_their_answers() -> None:
    for stage in ("publicity", "final"):
        pages = bodies(stage)
        for address in (CARDS["scored"], "appeals.html"):
            said = text(pages[address])
            assert "".join(MATTER.split()) not in said
            assert "异议：（不公开）" in said
            assert "".join(ANSWER.split()) in said
            for words in ("one2026-01-23收到·已采纳", "整体结果2026-01-24收到·待答复"):
                assert words in said, address
            assert "党委正在复核，还没有答复。" in said
            assert html.escape(MATTER) not in pages[address]
        assert 'href="#one"' in pages[CARDS["scored"]]
        assert "等次2026-01-25收到·未采纳异议：（不公开）答复还没有写明。" in text(
            pages[CARDS["unfiled"]]
        )
        assert "3件，1件待答复" in text(pages["appeals.html"])
        assert 'id="appeals"' not in pages[CARDS["vetoed"]]


@pytest.mark.parametrize("stage", ["open", "review", "final"])
def test_in_other_stages_nobody_is_asked_to_object(stage: str) -> None:
    pages = bodies(stage)
    assert "objection.html" not in "".join(pages.values())
    assert "ap-left" not in "".join(pages.values())
    assert "公示期1月22日至28日" in text(pages["appeals.html"])


@pytest.mark.parametrize("stage", ["open", "review", "final"])
def test_a_year_without_publicity_has_no_trace_of_it(stage: str) -> None:
    pages = bodies(stage, window=False, appeals=False)
    assert not {"appeals.html", "objection.html"} & pages.keys()
    assert "appeals.html" not in "".join(pages.values())
    assert "<span>公示</span>" not in pages["index.html"]
    if "process.html" in pages:
        assert 'id="publicity"' not in pages["process.html"]


def test_without_days_pages_say_that_they_have_not_been_told() -> None:
    pages = bodies("publicity", window=False, appeals=False)
    for address in (*CARDS.values(), "appeals.html", "objection.html"):
        assert "公示期和受理的地方还没有公布" in text(pages[address])
    assert "没有收到申诉" in text(pages["appeals.html"])


def test_the_process_and_the_feed_have_the_step() -> None:
    found = site("publicity")
    said = text(bodies("publicity")["process.html"])
    assert said.index("3述职测评") < said.index("公示期1月22日至28日") < said.index("4党委评定")
    assert "已答复的申诉公示与申诉2/3已办2，共31件待答复" in said
    feed = feed_of(found, "示例", "").decode("utf-8")
    assert "年度考核：公示中，拟定" in feed
    assert "公示 1月22日至28日，可以提出异议" in feed
    assert front_of({2024: "final", 2025: "publicity", 2026: "open"}) == 2025


def test_what_waits_for_the_committee_about_appeals_is_no_matter_of_a_branch() -> None:
    found = site("publicity")
    codes = {f.code for f in found.evaluation.findings if "/appeals/" in f.path}
    assert codes == {"C011", "S001"}
    pages = bodies("publicity")
    for address in (*CARDS.values(), "lacking.html"):
        assert "findings.html#C011" not in pages[address]
        assert "findings.html#S001" not in pages[address]


def test_a_branch_is_not_told_to_file_while_results_are_posted() -> None:
    posted, reviewed = (bodies(stage, appeals=False) for stage in ("publicity", "review"))
    for address, words in (("lacking.html", "还能补"), (CARDS["unfiled"], "要报送什么")):
        assert words in text(reviewed[address])
        assert words not in text(posted[address])
    assert "不再收材料" in text(posted["lacking.html"])


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-01-22", "2026-01-28", "1月22日至28日"),
        ("2026-01-28", "2026-02-03", "1月28日至2月3日"),
        ("2026-01-22", "2026-01-22", "1月22日"),
        ("2025-12-28", "2026-01-03", "2025-12-28 至 2026-01-03"),
        ("2025-10-09", "2025-12-10", "10月9日至12月10日"),
    ],
)
def test_days_are_written_as_people_write_them(start: str, end: str, words: str) -> None:
    assert Posting(start, end, "").days == words


#: How many days lie between today in Chongqing and the first day of a publicity of seven days.
AHEAD = tiered(range(-9, 4), often=5, fast=3)


@pytest.mark.parametrize("ahead", AHEAD)
def test_the_script_counts_the_days_in_chongqing(browser: Browser, ahead: int) -> None:
    last = ahead + 6
    expected = f"b{ahead}" if ahead > 0 else f"d{last}" if last > 0 else "l" if not last else "o"
    first = datetime.date(2026, 3, 10) + datetime.timedelta(ahead)
    end = first + datetime.timedelta(6)
    script = (TEMPLATES / "pages/assets/mine.js").read_text("utf-8")
    page = browser.new_page(timezone_id="America/Los_Angeles")
    for moment in ("2026-03-09T16:00:01Z", "2026-03-10T15:59:59Z"):
        page.clock.set_fixed_time(datetime.datetime.fromisoformat(moment))
        page.set_content(
            f'<i class="ap-left" data-from="{first}" data-to="{end}" data-before="b{{n}}" '
            'data-days="d{n}" data-last="l" data-over="o"></i>'
        )
        page.add_script_tag(content=script)
        assert page.inner_text(".ap-left") == expected
    page.close()
