"""Files, drafts and the ways out of the form, in real Chromium: nothing is lost without a word."""

from __future__ import annotations

import base64
import io
import json
import shutil
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from generator.files.attachments.inside import metadata_of
from generator.site.data.forge import Forge
from generator.site.form import engine
from generator.site.form.leaving import forge_settings
from generator.site.form.words import words
from generator.site.html.templating import environment
from tests.at_form import PAUSES, SETTLED, at_form, sooner
from tests.browser import PROGRAM, WEB, needed, opened, served
from tests.conversing import open_sample
from tests.conversing import opened as conversing
from tests.test_clean import exif
from tests.test_form_page import BRANCH, activity, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser import Sites

SCRIPTS = PROGRAM / "site_templates" / "pages" / "assets"
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>x</title>
<link rel="icon" href="data:,"><body>{ways}<main></main>
<script type="application/json" id="ap-form-settings">{settings}</script>
<script type="module" src="form-page.js"></script></body></html>"""
IMPORTED = '{% import "form_ways.html.jinja" as ways %}{{ ways.wechat() }}{{ ways.forge(forge) }}'
GITHUB = Forge("GitHub", "org/name", "https://github.com/org/name", "github")
WECHAT = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
WORDS = words()
SAID = WORDS["drafts"]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a page of one record: the real scripts and words, and a program that only notes."""
    folder = tmp_path_factory.mktemp("form")
    shutil.copytree(SCRIPTS / "form", folder / "form")
    for name in PAUSES:
        script = folder / "form" / name
        script.write_text(sooner(name, script.read_text("utf-8")), "utf-8")
    shutil.copy(WEB / "form-page.js", folder)
    env = environment(PROGRAM / "site_templates", 2)
    settings = {
        "words": WORDS,
        "files": {"most": 100_000, "photo": 50_000_000},
        "forge": forge_settings(GITHUB),
        "card": "card-{branch}.html",
        "lacking": "lacking.html",
    }
    ways = env.from_string(IMPORTED).render(forge=GITHUB, up="")
    text = PAGE.format(ways=ways, settings=json.dumps(settings))
    (folder / "index.html").write_text(text, "utf-8")
    with served(folder) as site:
        yield site.origin


def photo(width: int, height: int, turn: int = 6, kind: str = "JPEG") -> bytes:
    """Return a picture as a phone takes it: turned, with owner, day and place."""
    own = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    out = io.BytesIO()
    own.save(out, kind, exif=exif(own, turn))
    return out.getvalue()


def enter(page: Page, origin: str, query: str = "") -> Page:
    """Open the page and wait until it stands."""
    page.goto(f"{origin}index.html{query}")
    page.wait_for_selector("body[data-there]")
    return page


@contextmanager
def tab(browser: Browser, origin: str, query: str = "", **options: Any) -> Iterator[Page]:
    """A tab with the page, of a browser that remembers nothing."""
    with opened(browser, **options) as page:
        yield enter(page, origin, query)


def until(page: Page, condition: str) -> None:
    """Wait until something asked of the device is true; ``all()`` gives its drafts."""
    page.evaluate(
        f"""async () => {{
          const all = () => window.page.drafts.list();
          for (let turn = 0; !({condition}); turn += 1) {{
            if (turn > 3000) throw new Error({json.dumps(condition)});
            await new Promise((soon) => setTimeout(soon, 20));
          }}
        }}"""
    )


def typed(page: Page, text: str) -> None:
    """Type a title, and wait until it is kept."""
    page.fill("#title", text)
    until(page, f"(await all()).some(one => one.values.title === {json.dumps(text)})")


def picked(page: Page, where: str, name: str, data: bytes) -> None:
    """Choose a file, as the dialog of the system gives it."""
    page.set_input_files(where, {"name": name, "mimeType": "", "buffer": data})


def given(page: Page, name: str, data: bytes) -> None:
    """Choose a file, and wait until the list has done with it."""
    picked(page, "input[type=file] >> nth=0", name, data)
    page.wait_for_function("!window.panel.working")
    page.wait_for_selector(f"li:has-text('{name}')")


def kept(page: Page) -> dict[str, bytes]:
    """Return the files of the first draft as they lie on the device."""
    found: dict[str, list[int]] = page.evaluate(
        """async () => {
          const { draft } = window.draft;
          const files = await window.page.drafts.place.files(draft);
          const read = async (one) => [one.name, [...new Uint8Array(await one.blob.arrayBuffer())]];
          return Object.fromEntries(await Promise.all(files.map(read)));
        }"""
    )
    return {name: bytes(data) for name, data in found.items()}


STORED = """async () => {
  const [{ name }] = await indexedDB.databases();
  const request = indexedDB.open(name);
  await new Promise((done) => { request.onsuccess = done; });
  const files = request.result.transaction("files").objectStore("files").getAll();
  await new Promise((done) => { files.onsuccess = done; });
  const read = async (one) => [one.name, [...new Uint8Array(await one.blob.arrayBuffer())]];
  return Object.fromEntries(await Promise.all(files.result.map(read)));
}"""


#: Reads a saved draft back: its title, its files, those refused; or the name of the error.
BACK = """async (text) => {
  const { readBack } = await import("./form/rescue.js");
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  try {
    const { draft, refused } = await readBack(window.page, new File([bytes], "draft.zip"));
    const { values } = await window.page.drafts.get(draft);
    const files = await window.page.drafts.files(draft);
    return { title: values.title, files: files.map(({ name }) => name), refused };
  } catch (error) {
    return error.name;
  }
}"""


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as own:
        return own.size


def test_a_photo_is_small_upright_and_without_a_place_before_it_is_kept(
    browser: Browser, origin: str
) -> None:
    """The program is not there yet: what is drawn anew has nothing but pixels in it."""
    data = photo(2600, 1950)
    assert list(metadata_of("x.jpg", data))
    with tab(browser, origin) as page:
        typed(page, "three photos")
        given(page, "IMG_1.jpg", data)
        given(page, "screen.png", photo(1000, 2500, 1, "PNG"))
        given(page, "long.png", photo(300, 2400, 1, "PNG"))
        found = kept(page)
        assert {name: size_of(own) for name, own in found.items()} == {
            "IMG_1.jpg": (1536, 2048),
            "screen.png": (819, 2048),
            "long.png": (300, 2400),
        }
        for name, own in found.items():
            assert list(metadata_of(name, own)) == [], name
            assert Image.open(io.BytesIO(own)).format == ("JPEG" if "IMG" in name else "PNG")
        assert page.evaluate("window.page.engine.calls") == []
        page.evaluate("window.ready()")
        page.wait_for_function("window.page.engine.calls.length >= 3")
        page.wait_for_function("window.draft.values.photos?.length === 3")


def test_a_closed_tab_loses_nothing(browser: Browser, origin: str) -> None:
    """What was typed, the attachment and what it answers are there, and the program gets them."""
    with tab(browser, origin) as page:
        page.evaluate("window.ready()")
        small = photo(300, 200, 1)
        given(page, "small.jpg", small)
        typed(page, "first")
        assert kept(page) == {"small.jpg": small}, "the program strips it without encoding it anew"
        page.fill("#title", "typed a moment before")
        with page.expect_event("close"):
            page.close(run_before_unload=True)
        again = enter(page.context.new_page(), origin)
        assert again.input_value("#title") == "typed a moment before"
        again.wait_for_selector("li:has-text('small.jpg') select")
        assert again.input_value("li:has-text('small.jpg') select") == "photos"
        assert again.evaluate("window.page.drafts.restore(window.page.engine)") == []
        assert again.evaluate("window.page.engine.attached.get('small.jpg').length") == len(small)
        again.click("li:has-text('small.jpg') button")
        again.wait_for_function("window.draft.values.photos.length === 0")
        assert kept(again) == {}
        again.click(".ap-f-file-gone button")
        again.wait_for_selector(".ap-f-file-kept")
        assert again.evaluate("window.draft.values.photos") == ["small.jpg"]
        assert kept(again) == {"small.jpg": small}


def test_what_a_closing_tab_noted_and_saved_is_there_once(browser: Browser, origin: str) -> None:
    """The database came to it all the same, and the tab ended before the note was taken back."""
    with tab(browser, origin) as page:
        page.evaluate("window.ready()")
        small = photo(300, 200, 1)
        given(page, "small.jpg", small)
        typed(page, "noted and saved")
        page.evaluate("""async () => {
          const { note } = await import("./form/lastwords.js");
          const { known } = window.page.drafts;
          known.set(window.draft.draft, known.get(window.draft.draft) - 1);
          note(window.page.drafts, window.draft);
        }""")
        with page.expect_event("close"):
            page.close(run_before_unload=True)
        again = enter(page.context.new_page(), origin)
        assert again.evaluate("window.page.drafts.list().then((all) => all.length)") == 1
        assert again.input_value("#title") == "noted and saved"
        assert kept(again) == {"small.jpg": small}
        assert again.evaluate("Object.keys(localStorage)") == []


@pytest.mark.long
def test_what_is_refused_is_told_and_kept_nowhere(browser: Browser, origin: str) -> None:
    with tab(browser, origin) as page:
        said = WORDS["files"]
        given(page, "note.docx", b"PK\3\4 no picture")
        assert page.locator("li", has_text="note.docx").inner_text().count(said["waiting"]) == 1
        page.evaluate("window.ready()")
        page.wait_for_function("window.draft.files.includes('note.docx')")
        heads = {"a.heic": b"\0\0\0\x18ftypheic" + bytes(40), "b.jpg": b"\xff\xd8\xff" + bytes(40)}
        for name, data in {**heads, "bad.txt": b"x", "film.mp4": bytes(100_001)}.items():
            given(page, name, data)
        told = {
            name: page.locator(".ap-f-file-refused", has_text=name).inner_text()
            for name in (*heads, "bad.txt", "film.mp4")
        }
        assert said["heic"] in told["a.heic"]
        assert said["unreadable"] in told["b.jpg"]
        assert "no good" in told["bad.txt"]
        assert said["refused"] in told["bad.txt"]
        assert "100 KB" in told["film.mp4"]
        # A folder that was dropped, a file that is gone: the browser's own words are nobody's.
        page.evaluate(
            """async () => {
              const gone = new File(["x"], "gone.txt");
              gone.arrayBuffer = gone.slice = () => { throw new DOMException("not found"); };
              await window.panel.add([gone]);
            }"""
        )
        assert said["unread"] in page.locator(".ap-f-file-refused", has_text="gone").inner_text()
        assert list(kept(page)) == ["note.docx"]
        assert page.evaluate("window.draft.files") == ["note.docx"]
        given(page, "note.docx", b"PK\3\4 another")
        page.wait_for_selector("li:has-text('note-2.docx')")
        assert sorted(kept(page)) == ["note-2.docx", "note.docx"], "a name that is taken"


def test_a_full_disk_is_told_with_a_way_out(browser: Browser, origin: str) -> None:
    with tab(browser, origin) as page:
        page.evaluate("window.ready()")
        # Before anything is written: Chromium remembers for a while how much room there is.
        quota = {"origin": origin.rstrip("/")}
        devtools = page.context.new_cdp_session(page)
        devtools.send("Storage.overrideQuotaForOrigin", {**quota, "quotaSize": 1})
        given(page, "p.jpg", photo(900, 700, 1))
        page.wait_for_selector(".ap-f-file-unkept")
        page.fill("#title", "does not fit " * 50)
        page.wait_for_selector(".ap-f-kept [role=alert]")
        assert SAID["full"] in page.inner_text(".ap-f-kept")
        with page.expect_download() as download:
            page.click(".ap-f-kept [role=alert] button")
        with zipfile.ZipFile(download.value.path()) as archive:
            assert archive.testzip() is None
            answers = json.loads(archive.read("draft.json"))
            assert answers["values"]["title"] == "does not fit " * 50
            assert archive.namelist() == ["draft.json", "files/p.jpg"]
        devtools.send("Storage.overrideQuotaForOrigin", quota)
        typed(page, "fits now")
        page.wait_for_selector(".ap-f-kept [role=alert]", state="detached")
        assert list(kept(page)) == ["p.jpg"]
        saved = base64.b64encode(download.value.path().read_bytes()).decode()
        back = page.evaluate(BACK, saved)
        assert back == {"title": "does not fit " * 50, "files": ["p.jpg"], "refused": []}
        other = base64.b64encode(b"PK\5\6" + bytes(18)).decode()
        assert page.evaluate(BACK, other) == "RangeError"


@pytest.mark.long
def test_a_saved_draft_is_taken_back_on_another_device(browser: Browser, sites: Sites) -> None:
    answers = {"title": "示例：取回的草稿", "type": ["other"], "oops": {"deep": [1]}}
    saved = {"branch": BRANCH, "year": 2025, "form": "activity", "id": None, "values": answers}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("draft.json", json.dumps(saved))
        archive.writestr("files/现场.jpg", photo(900, 700, 1))
        archive.writestr("files/bad.exe", b"MZ\0\0")
    with at_form(browser, sites.sample, conversing(open_sample(BRANCH), BRANCH)) as person:
        page = person.page
        page.get_by_role("heading", name="已经报送").wait_for()
        page.wait_for_function(SETTLED)
        picked(page, ".ap-f-pick >> nth=0", "other.zip", b"no archive")
        page.locator("[role=alert]:visible").wait_for()
        assert SAID["not_back"] in page.inner_text(".ap-f-view")
        picked(page, ".ap-f-pick >> nth=0", "draft.zip", out.getvalue())
        page.wait_for_selector("li:has-text('现场.jpg')")
        assert person.box("名称").locator("input").input_value() == answers["title"]
        assert "bad.exe" in page.inner_text("[aria-live=assertive]")


def test_two_tabs_never_write_over_each_other(browser: Browser, origin: str) -> None:
    with tab(browser, origin) as one:
        typed(one, "one")
        other = enter(one.context.new_page(), origin)
        other.wait_for_selector(".ap-f-kept [role=alert]")
        assert SAID["elsewhere"] in other.inner_text(".ap-f-kept")
        assert other.is_disabled("#title")
        one.fill("#title", "one, and more")
        other.click(".ap-f-kept [role=alert] button")
        other.wait_for_selector("#title:enabled")
        assert other.input_value("#title") == "one, and more"
        one.wait_for_selector("#title:disabled")
        assert SAID["given"] in one.inner_text(".ap-f-kept")
        typed(other, "two")
        # A tab whose lock is gone, as where the browser knows none: what it types is refused.
        one.evaluate(
            "() => { window.keeper.still = false; window.draft.values.title = 'three';"
            " window.keeper.typed(); }"
        )
        one.wait_for_function(
            "said => document.querySelector('.ap-f-kept').innerText.includes(said)",
            arg=SAID["stale"],
        )
        one.click(f".ap-f-kept button:has-text('{SAID['copy']}')")
        until(one, "(await all()).length === 2")
        titles = one.evaluate(
            "window.page.drafts.list().then(all => all.map(one => one.values.title))"
        )
        assert sorted(titles) == ["three", "two"]


@pytest.mark.long
def test_a_draft_is_thrown_away_with_a_question_and_comes_back(
    browser: Browser, origin: str
) -> None:
    with tab(browser, origin) as page:
        page.evaluate("window.ready()")
        given(page, "p.jpg", photo(30, 20, 1))
        typed(page, "mine")
        page.click(f"button:has-text('{SAID['discard']}')")
        assert SAID["ask_files"].replace("{n}", "1") in page.inner_text(".ap-f-kept")
        page.click(f".ap-f-kept [role=alertdialog] >> text='{SAID['throw']}'")
        page.wait_for_selector("main:has-text('gone')")
        assert page.evaluate("window.page.drafts.list()") == []
        assert kept(page) == {}
        page.click(f"button:has-text('{SAID['undo']}')")
        until(page, "(await all()).length === 1")
        assert list(kept(page)) == ["p.jpg"]


@pytest.mark.parametrize(
    ("before", "key"),
    [
        ("Object.defineProperty(window, 'indexedDB', { value: undefined })", "memory"),
        pytest.param(
            'window.indexedDB.open = () => { throw new DOMException("", "VersionError"); }',
            "newer",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_browser_that_keeps_nothing_works_and_says_so(
    browser: Browser, origin: str, before: str, key: str
) -> None:
    with opened(browser) as page:
        page.add_init_script(before)
        enter(page, origin)
        typed(page, "only here")
        assert SAID[key] in page.inner_text(".ap-f-kept")


def test_main_that_changed_since_is_told_with_both_values(browser: Browser, origin: str) -> None:
    with tab(browser, origin, "?id=activities/x") as page:
        typed(page, "mine")
        enter(page, origin, "?id=activities/x&data=two&day=2026-12-09&now=theirs")
        told = page.inner_text(".ap-f-changed")
        values = {"was": "as it was", "now": "theirs", "mine": "mine"}
        assert SAID["values"].format(**values) in told
        assert SAID["record_changed"].format(was="2026-12-01", n=1) in told
        page.click(f"text='{SAID['use_now']}'")
        until(page, "(await all())[0].values.title === 'theirs'")
        page.click(f"text='{SAID['seen']}'")
        until(page, "(await all())[0].begun.data === 'two'")
        enter(page, origin, "?id=activities/x&data=two&day=2026-12-09&now=theirs")
        assert page.locator(".ap-f-changed").count() == 0


def test_the_package_is_saved_without_a_network(browser: Browser, origin: str) -> None:
    """Nothing leaves the device: what is saved holds the very bytes that lie there."""
    with opened(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        enter(page, origin)
        page.evaluate("window.ready()")
        page.context.set_offline(True)
        given(page, "p.jpg", photo(2600, 100, 1))
        typed(page, "offline")
        data = kept(page)["p.jpg"]
        assert list(metadata_of("p.jpg", data)) == []
        page.evaluate("window.handIn()")
        with page.expect_download() as download:
            page.click(f"text='{WORDS['hand']['save']}'")
        assert download.value.suggested_filename == "demo-a-2026-01234567.zip"
        with zipfile.ZipFile(download.value.path()) as archive:
            assert archive.read("branches/demo-a/2026/activities/x/p.jpg") == data
        page.wait_for_selector(".ap-f-receipt h3")
        assert "01234567" in page.inner_text(".ap-f-receipt dl")
        assert page.get_attribute(".ap-f-receipt a >> nth=0", "href") == "card-demo-a.html"
        page.click(f"text='{WORDS['hand']['show_steps']}'")
        page.click(".ap-f-steps-out summary")
        page.wait_for_selector(".ap-f-tree li")
        link = page.locator(".ap-f-steps-out a.ap-f-upload")
        assert (
            link.get_attribute("href")
            == "https://github.com/org/name/upload/main/branches/demo-a/2026"
        )
        assert "{" not in page.inner_text(".ap-f-steps-out")
        with page.expect_download() as download:
            page.click(f"text='{WORDS['hand']['get_zip']}'")
        with zipfile.ZipFile(download.value.path()) as archive:
            assert archive.namelist() == ["demo-a-2026/activities/x/p.jpg"]
            assert archive.testzip() is None
        assert {url.split("/")[2] for url in asked if not url.startswith(("blob:", "data:"))} == {
            origin.split("/")[2]
        }
        page.click(f"text='{WORDS['hand']['clear']}'")
        until(page, "(await all()).length === 0")


@pytest.mark.long
def test_a_device_that_hands_files_on_is_asked_to(browser: Browser, origin: str) -> None:
    stub = """navigator.canShare = ({ files }) => files[0].name.endsWith(".zip");
      navigator.share = async ({ files }) => { window.shared = files[0].name; };"""
    with opened(browser) as page:
        page.add_init_script(stub)
        enter(page, origin)
        typed(page, "shared")
        page.evaluate("window.handIn()")
        page.click(f"text='{WORDS['hand']['share']}'")
        page.wait_for_function("window.shared === 'demo-a-2026-01234567.zip'")


def test_what_is_not_shown_whole_is_asked_for_and_kept_with_the_draft(
    browser: Browser, origin: str
) -> None:
    with tab(browser, origin) as page:
        page.evaluate("window.ready()")
        typed(page, "withheld")
        page.evaluate("window.whole()")
        picked(page, ".ap-f-whole input", "a.yml", b"title: whole\n")
        page.wait_for_selector("main:has-text('done')")
        calls = "window.page.engine.calls.filter(one => one[0] === 'whole')"
        expected = ["whole", {"path": "branches/demo-a/2026/a.yml"}, 13]
        assert page.evaluate(calls) == [expected]
        assert (
            page.get_attribute(".ap-f-whole a", "href")
            == "https://github.com/org/name/blob/main/branches/demo-a/2026/a.yml"
        )
        enter(page, origin)
        page.evaluate("window.page.drafts.restore(window.page.engine)")
        assert page.evaluate(calls) == [expected]
        assert page.locator(".ap-f-file").count() == 0, "it is no attachment"


def test_inside_wechat_the_way_out_of_it_is_told(browser: Browser, origin: str) -> None:
    context = browser.new_context(user_agent=WECHAT)
    page = enter(context.new_page(), origin)
    assert "在浏览器打开" in page.inner_text(".ap-f-wechat figure")
    context.close()
    with tab(browser, origin) as page:
        assert page.locator(".ap-f-wechat").count() == 0


@pytest.mark.long
def test_a_photo_with_a_place_goes_in_and_none_comes_out(browser: Browser, sites: Sites) -> None:
    """Of a small one the program takes the place out, of a large one the canvas leaves it."""
    needed("the engine (make engine)", engine.assets("zh"))
    photos = {"大.jpg": photo(2600, 1950), "小.jpg": photo(640, 480)}
    texts = {
        name: f"十一月党课{name}：主讲人、时间、内容。\n".encode() * 9
        for name in ("方案.txt", "记录.txt")
    }
    with at_form(browser, sites.sample, conversing(open_sample(BRANCH), BRANCH)) as person:
        page = person.page
        person.heading("还缺什么")
        activity(person)
        fill(person)
        person.files(*((name, "", data) for name, data in {**photos, **texts}.items()))
        for name in photos:
            page.locator(".ap-f-file-kept", has_text=name).wait_for()
        person.effect("集中活动", "6 次 → 7 次")
        stored = {name: bytes(data) for name, data in page.evaluate(STORED).items()}
        person.press("下一步：核对")
        person.heading("核对")
        person.press("下一步：交出去")
        with page.expect_download() as download:
            person.press(WORDS["hand"]["save"])
        with zipfile.ZipFile(download.value.path()) as archive:
            packed = {path.split("/")[-1]: archive.read(path) for path in archive.namelist()}
    for name, data in photos.items():
        assert list(metadata_of(name, data))
        assert list(metadata_of(name, stored[name])) == []
        assert packed[name] == stored[name]
    assert size_of(packed["大.jpg"]) == (1536, 2048)
    with Image.open(io.BytesIO(packed["小.jpg"])) as small:
        assert small.getexif()[0x0112] == 6, "its coded pixels stay, and how they are turned"
