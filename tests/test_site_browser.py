"""The built sample in real Chromium: search, hostile names, requests, access, width, no script."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.site.building import build_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROGRAM = Path(__file__).resolve().parents[1]
HOSTILE = '</title><script>document.title="owned"</script>示例危险支部'
IN_CI = bool(os.environ.get("CI"))

try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
except ImportError:
    if IN_CI:
        raise
    pytest.skip("selenium is not installed", allow_module_level=True)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
DRIVER = shutil.which("chromedriver")
if not (CHROMIUM and DRIVER) and not IN_CI:
    pytest.skip("Chromium and its driver are not installed", allow_module_level=True)


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and writes no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Site:
    """A built site that is being served: its folder and its origin, ending in ``/``."""

    folder: Path
    origin: str

    @property
    def branches(self) -> list[dict[str, Any]]:
        """Branches of results.json."""
        text = (self.folder / "results.json").read_text("utf-8")
        branches: list[dict[str, Any]] = json.loads(text)["branches"]
        return branches

    def address(self, words: str) -> str:
        """Return the address of the page whose heading holds these words."""
        shown = re.compile(r"<h1\b[^>]*>[^<]*" + re.escape(words))
        found = sorted(self.folder.rglob("*.html"))
        page = next(path for path in found if shown.search(path.read_text("utf-8")))
        return page.relative_to(self.folder).as_posix()

    @property
    def standing(self) -> list[str]:
        """Home, the rubric, a scorecard and the page of a record, which lies deepest."""
        pages = [p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*.html")]
        deepest = max(pages, key=lambda address: (address.count("/"), address))
        name = next(b["name"] for b in self.branches if b["status"] == "scored")
        return ["index.html", "rubric.html", "questions.html", self.address(name), deepest]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Build the sample, with one branch renamed to something that would be a script."""
    root = tmp_path_factory.mktemp("root")
    for name in ("branches", "committee", "rubric.yml", "mkdocs.yml", "site_templates"):
        source = PROGRAM / name
        copy: Callable[..., object] = shutil.copytree if source.is_dir() else shutil.copy
        if source.exists():
            copy(source, root / name)
    last = sorted((root / "branches").glob("*/branch.yml"))[-1]
    renamed = f"name: {json.dumps(HOSTILE, ensure_ascii=False)}"
    last.write_text(re.sub(r"(?m)^name:.*$", lambda _: renamed, last.read_text("utf-8")), "utf-8")
    folder = tmp_path_factory.mktemp("out") / "site"
    build_site(root, folder, quiet=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(folder, f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()


@contextmanager
def chromium(*, script: bool = True, dark: bool = False) -> Iterator[webdriver.Chrome]:
    """Run Chromium without a window; its requests and its console are recorded."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    if dark:
        options.add_argument("--blink-settings=preferredColorScheme=0")
    if not script:
        blocked = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", blocked)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Return one browser for the module."""
    with chromium() as driver:
        yield driver


def wait(condition: Callable[[], Any]) -> Any:
    """Return the first true value of a condition within ten seconds."""
    end = time.monotonic() + 10
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    assert value
    return value


def find(browser: webdriver.Chrome, site: Site, words: str) -> list[dict[str, str]]:
    """Return what search finds: the text and the address of each hit."""
    browser.get(f"{site.origin}index.html")
    browser.execute_script("document.getElementById('__search').click()")
    field = wait(lambda: browser.find_element(By.CSS_SELECTOR, ".md-search__input"))
    wait(field.is_displayed)
    ready = """return JSON.parse(document.getElementById('__config').textContent)
        .translations['search.result.placeholder'] ===
        document.querySelector('.md-search-result__meta').innerText.trim()"""
    wait(lambda: browser.execute_script(ready))
    field.send_keys(words)
    hits = """return [...document.querySelectorAll('.md-search-result__item')].map(hit => ({
        text: hit.innerText.replaceAll('\\u200b', ''), address: hit.querySelector('a').href}))"""
    found: list[dict[str, str]] = wait(lambda: browser.execute_script(hits))
    return found


def test_search_finds_branches(browser: webdriver.Chrome, site: Site) -> None:
    """By the name, and by the name of a society."""
    branch = next(b for b in site.branches if b["societies"] and b["name"] != HOSTILE)
    address = site.origin + site.address(branch["name"])
    for words in (branch["name"], branch["societies"][0]):
        hits = find(browser, site, words)
        assert address in [re.sub(r"[?#].*", "", hit["address"]) for hit in hits]


def test_hostile_name_is_text(browser: webdriver.Chrome, site: Site) -> None:
    """In the page, in its title and in what search shows."""
    hits = find(browser, site, "危险支部")
    assert any(HOSTILE in hit["text"] for hit in hits)
    browser.get(re.sub(r"[?#].*", "", hits[0]["address"]))
    assert browser.title.startswith(HOSTILE)
    assert HOSTILE in browser.find_element(By.TAG_NAME, "h1").text
    browser.get(f"{site.origin}index.html")
    assert HOSTILE in browser.find_element(By.TAG_NAME, "body").text
    assert browser.title != "owned"


def test_no_request_leaves_the_origin_and_the_console_is_silent(site: Site) -> None:
    """On every kind of page, with a search."""
    with chromium() as browser:
        find(browser, site, "示例")
        for address in site.standing:
            browser.get(site.origin + address)
        messages = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
        assert browser.get_log("browser") == []
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert asked
    assert [u for u in asked if not u.startswith((site.origin, "data:image/svg+xml"))] == []


def axe() -> str:
    """Return the source of axe-core as a Python package carries it."""
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or not spec.submodule_search_locations:
        if IN_CI:
            pytest.fail("axe is not installed")
        pytest.skip("axe is not installed")
    return Path(spec.submodule_search_locations[0], "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_serious_for_axe(site: Site, *, dark: bool) -> None:
    """No serious and no critical violation, in both palettes."""
    source, found = axe(), []
    with chromium(dark=dark) as browser:
        browser.set_script_timeout(60)
        for address in site.standing:
            browser.get(site.origin + address)
            browser.execute_script(source)
            run = "const done = arguments[0]; axe.run().then(r => done(r.violations))"
            for violation in browser.execute_async_script(run):
                if violation["impact"] in {"serious", "critical"}:
                    nodes = [node["html"][:120] for node in violation["nodes"][:3]]
                    found.append((address, violation["id"], nodes))
    assert found == []


def test_nothing_scrolls_sideways_on_a_phone(site: Site) -> None:
    """At 390 pixels the page is as wide as the screen."""
    with chromium() as browser:
        metrics = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        width = "return document.documentElement.scrollWidth"
        for address in site.standing:
            browser.get(site.origin + address)
            assert (address, browser.execute_script(width)) == (address, 390)


def test_figures_can_be_read_without_script(site: Site) -> None:
    """The ranking and a scorecard show every total with scripts off, also from the disk."""
    branch = next(b for b in site.branches if b["total"] is not None)
    total = f"{branch['total']:.2f}"
    with chromium(script=False) as browser:
        for base in (site.origin, f"{site.folder.as_uri()}/"):
            for address in ("index.html", site.address(branch["name"])):
                browser.get(base + address)
                assert total in browser.find_element(By.TAG_NAME, "main").text
