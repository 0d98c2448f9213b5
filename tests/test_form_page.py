"""The form as a person meets it, in Chromium at 390 pixels: the built page over a session.

``tests/test_form_year.py`` does the same with the engine in the page, a whole year long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.site.form import engine
from tests.at_form import PHONE, SOON, Person, at_form, seat
from tests.browser import needed, opened
from tests.conversing import YEAR, open_sample
from tests.conversing import opened as conversing
from tests.test_site_html import checked, summary
from tests.test_site_visits import AXE, DARK, INKS, LIGHT, PAINT, TAGS, axe, coloured_dark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.at_form import Seat
    from tests.browser import Site, Sites
    from tests.conversing import Page as Conversation

BRANCH = "demo-f"
#: Seconds that a person at a phone takes for a sign of Chinese, another sign, a tap, and a file.
HAN, SIGN, TAP, FILE = 1.2, 0.4, 1.5, 6.0
MINUTES = 3
#: Parts of the page that can be tapped and are lower than a thumb: inputs and what is chosen.
LOW = """() => [...document.querySelectorAll(
    '.ap-f-input, .ap-f-row label, .ap-f-button, .ap-f-opener')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML.slice(0, 120))"""
#: What has the focus, and whether the bar or the header lies over it.
COVERED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.bottom - 2);
  return at === one || one.contains(at) || at?.control === one ? '' : one.outerHTML.slice(0, 120);
}"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
SOURCE = "() => '<!doctype html>' + document.documentElement.outerHTML"


@pytest.fixture(scope="module")
def site(sites: Sites) -> Site:
    """The sample with the engine beside it."""
    needed("the engine (make engine)", engine.assets("zh"))
    return sites.sample


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The sample's files of the year in which records are taken."""
    return open_sample(BRANCH)


@pytest.fixture
def session(files: dict[str, bytes]) -> Conversation:
    """A session of a branch."""
    return conversing(files, BRANCH)


@pytest.fixture(scope="module")
def own_seat(browser: Browser, site: Site) -> Iterator[Seat]:
    """A phone at which one person after another sits."""
    with seat(browser, site, YEAR) as own:
        yield own


@pytest.fixture
def person(own_seat: Seat, session: Conversation) -> Person:
    """A person at the form of a branch, with a phone that remembers nothing."""
    own_seat.page.set_viewport_size({"width": PHONE, "height": 844})
    sitting = own_seat.take(session)
    sitting.heading("还缺什么")
    return sitting


def activity(person: Person) -> None:
    """Begin with an activity."""
    person.press("一次活动")
    person.heading("一次活动")


def fill(person: Person, day: str = "2025-11-11") -> None:
    """Fill in an activity."""
    person.choose("类型", "党课")
    person.write("名称", "专题党课：学习全会精神")
    person.write("日期", day)
    person.write("地点", "学会会议室")
    person.choose("集中活动", "是")
    counts = person.box("考勤")
    for name, count in (("应到", "15"), ("到会", "13"), ("请假", "2"), ("缺席", "0")):
        person.into(counts.get_by_label(name), count)


def attach(person: Person) -> None:
    """Attach plan, record and photo."""
    person.files(
        ("方案.txt", "text/plain", "十一月党课方案：学习内容、时间、主讲人。\n".encode() * 9),
        ("记录.txt", "text/plain", "十一月党课记录：书记主讲，到会十三人。\n".encode() * 9),
        ("现场.png", "image/png", person.picture()),
    )


def test_an_activity_with_three_files_takes_three_minutes(person: Person) -> None:
    activity(person)
    fill(person)
    attach(person)
    person.effect("集中活动", "6 次 → 7 次")
    person.press("下一步：核对")
    person.heading("核对")
    person.press("下一步：交出去")
    person.heading("交出去")
    assert person.page.get_by_text("专题党课：学习全会精神").first.is_visible()
    seconds = person.han * HAN + person.signs * SIGN + person.taps * TAP + person.attached * FILE
    assert seconds < MINUTES * 60, (person.han, person.signs, person.taps, person.attached)


def test_a_fault_is_told_at_its_question_with_what_is_meant(person: Person) -> None:
    activity(person)
    page, box = person.page, person.box("日期")
    day = box.get_by_role("textbox")
    day.press_sequentially("2026")
    person.asked("check")
    assert box.locator(".ap-f-error").count() == 0, "told while the first word is written"
    day.press_sequentially("-11-11")
    page.keyboard.press("Tab")
    box.get_by_text("不在考核期").wait_for()
    assert day.get_attribute("aria-invalid") == "true"
    ids = f"{day.get_attribute('aria-describedby')}".split()
    told = " ".join(page.locator(f"#{id_}").inner_text() for id_ in ids)
    assert "例如：2025-01-01" in told, "the first day of the period"
    assert "不在考核期 2025-01-01 至 2025-12-31 之内" in told
    person.press("改成 2025-11-11")
    box.locator(".ap-f-error").wait_for(state="detached")
    assert day.input_value() == "2025-11-11"
    assert day.get_attribute("aria-invalid") is None


def test_nothing_is_asked_while_an_input_method_puts_words_together(person: Person) -> None:
    activity(person)
    page = person.page
    title = person.box("名称").get_by_role("textbox")
    title.focus()
    person.asked("check")
    before = len(person.calls)
    client = page.context.new_cdp_session(page)
    for text in ("zhu", "zhuti", "主题"):
        place = {"selectionStart": len(text), "selectionEnd": len(text)}
        client.send("Input.imeSetComposition", {"text": text, **place})
    page.wait_for_timeout(4 * SOON)  # longer than the pause after which a change is asked about
    assert len(person.calls) == before
    client.send("Input.insertText", {"text": "主题党日"})
    person.asked("check")
    (draft,) = person.calls[-1][1]["drafts"]
    assert draft["values"]["title"] == "主题党日"


def test_a_list_is_searched_and_left_by_keys(person: Person) -> None:
    activity(person)
    page, keys = person.page, person.page.keyboard
    box = person.box("联合开展")
    box.get_by_role("button").focus()
    keys.press("Enter")
    keys.type("示例甲")
    keys.press("Enter")
    opener = box.locator(".ap-f-opener")
    assert "示例甲学会" in opener.inner_text()
    assert page.evaluate("() => document.activeElement.matches('.ap-f-opener')")
    keys.press("Enter")
    assert opener.get_attribute("aria-expanded") == "true"
    keys.press("Escape")
    assert opener.get_attribute("aria-expanded") == "false"
    assert page.evaluate("() => document.activeElement.matches('.ap-f-opener')")


def test_whoever_goes_on_too_early_is_led_to_what_is_wrong(person: Person) -> None:
    activity(person)
    person.write("名称", "专题党课")
    person.press("下一步：核对")
    told = person.page.locator(".ap-f-summary")
    told.get_by_role("heading").wait_for()
    assert told.evaluate("one => one === document.activeElement")
    told.get_by_role("button").first.click()
    assert person.page.evaluate("() => Boolean(document.activeElement.closest('.ap-f-wrong'))")
    assert person.page.locator(".ap-f-wrong").count() >= 2


def test_going_back_leads_to_the_view_before(person: Person) -> None:
    page = person.page
    activity(person)
    assert page.evaluate("() => document.activeElement.textContent") == "一次活动"
    person.write("名称", "专题党课")
    person.page.locator(".ap-f-kept").get_by_text("存好").wait_for()
    page.go_back()
    person.heading("还缺什么")
    page.get_by_role("link", name="专题党课", exact=True).click()
    person.heading("一次活动")
    assert person.box("名称").get_by_role("textbox").input_value() == "专题党课"
    page.reload()
    person.heading("一次活动")
    assert person.box("名称").get_by_role("textbox").input_value() == "专题党课"


def test_the_bar_never_covers_what_has_the_focus(person: Person) -> None:
    activity(person)
    for _ in range(30):
        person.page.keyboard.press("Tab")
        assert not person.page.evaluate(COVERED)


def test_every_view_fits_a_phone_and_a_thumb(person: Person) -> None:
    for width in (PHONE, 320, PHONE // 2):  # the last is a phone with type twice as large
        person.page.set_viewport_size({"width": width, "height": 700})
        for place in ("overview", "new/activity", "like", "open/self/self-assessment"):
            person.go(place)
            assert person.page.evaluate(WIDE) <= 0, (place, width)
            assert person.page.evaluate(LOW) == [], (place, width)


def test_another_rubric_changes_the_form_and_no_script(
    browser: Browser, site: Site, files: dict[str, bytes]
) -> None:
    rubric = files["rubric.yml"].decode()
    changed = rubric.replace("theme-day: 主题党日", "theme-day: 第一种活动")
    changed = changed.replace("  other: 其他活动\n", "")
    assert len(changed) < len(rubric)
    other = {**files, "rubric.yml": changed.encode()}
    with at_form(browser, site, conversing(other, BRANCH)) as person:
        person.heading("还缺什么")
        activity(person)
        person.choose("类型", "第一种活动")
        assert person.box("类型").get_by_text("其他活动").count() == 0


def test_the_form_works_before_the_program_is_there(
    browser: Browser, site: Site, session: Conversation
) -> None:
    form = session.ask("form", form="activity", id=None, like=None, draft=None)
    known = {"forms": {"activity": form}, "overview": session.ask("overview", drafts=[])}
    with at_form(browser, site, session, held=True, bundle=known) as person:
        person.heading("还缺什么")
        activity(person)
        person.write("名称", "专题党课")
        person.page.get_by_text("可以先填").first.wait_for()
        assert person.page.locator("progress").first.get_attribute("max") != "1"
        person.page.locator(".ap-f-kept").get_by_text("存好").wait_for()
        assert not person.calls
        person.release()
        person.asked("check")
        assert person.page.get_by_text("可以先填").first.is_hidden()


def test_states_of_the_page_pass_axe_and_the_checker(
    browser: Browser, site: Site, session: Conversation, tmp_path: Path
) -> None:
    script, dark = axe(), set[str]()
    with at_form(browser, site, session) as person:
        page = person.page
        for number, state in enumerate(states(person)):
            if not number:
                page.evaluate(script)
            page.evaluate(INKS, [])
            found = page.evaluate(AXE, {"tags": TAGS, "without": []})
            assert found == [], (state, found)
            source = page.evaluate(SOURCE)
            (tmp_path / f"{number}.html").write_text(source, "utf-8")
            page.evaluate(PAINT, DARK)
            found = coloured_dark(page, dark)
            assert found == [], (state, DARK, found)
            page.evaluate(PAINT, LIGHT)
    found = checked(sorted(tmp_path.glob("*.html")))
    assert not found, summary(found)


def states(person: Person) -> Iterator[str]:
    """Go through the states of the page: what is missing, a form with a fault, both last steps."""
    person.heading("还缺什么")
    yield "overview"
    activity(person)
    fill(person, "2026-11-11")
    person.page.keyboard.press("Tab")
    person.box("日期").get_by_text("不在考核期").wait_for()
    person.press("下一步：核对")
    person.page.locator(".ap-f-summary").wait_for()
    yield "fault"
    person.box("类型").locator(".ap-f-opener").click()
    yield "list"
    person.press("改成 2025-11-11")
    person.box("日期").locator(".ap-f-error").wait_for(state="detached")
    person.asked("check")
    person.go("review")
    person.heading("核对")
    person.page.get_by_text("这一次一共").wait_for()
    yield "review"
    person.go("hand-in")
    person.page.get_by_text("怎样交").wait_for()
    yield "hand in"
    person.go("open/self/self-assessment")
    yield "self"


def test_without_scripts_the_page_says_how_else(browser: Browser, site: Site) -> None:
    with opened(browser, script=False, width=PHONE) as page:
        page.goto(f"{site.origin}file.html")
        assert page.get_by_role("heading", name="填报").is_visible()
        assert page.get_by_text("JavaScript").is_visible()
        assert page.get_by_role("link", name="交给办公室").is_visible()
