"""The built sample in real Chromium: search, hostile names, requests, access, width, no script."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import shutil
import threading
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
    from playwright.sync_api import Page, sync_playwright
except ImportError:
    if IN_CI:
        raise
    pytest.skip("playwright is not installed", allow_module_level=True)

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
if CHROMIUM is None and not IN_CI:
    pytest.skip("Chromium is not installed", allow_module_level=True)


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
        """Return the address of the page, of the newest year, whose heading holds these words."""
        shown = re.compile(r"<h1\b[^>]*>[^<]*" + re.escape(words))
        found = sorted(self.folder.rglob("*.html"), reverse=True)
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
    last = max((root / "branches").glob("*/branch.yml"))
    renamed = f"name: {json.dumps(HOSTILE, ensure_ascii=False)}"
    last.write_text(re.sub(r"(?m)^name:.*$", lambda _: renamed, last.read_text("utf-8")), "utf-8")
    folder = tmp_path_factory.mktemp("out") / "site"
    build_site(root, folder, quiet=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(folder, f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()


@contextmanager
def chromium(*, script: bool = True, dark: bool = False, width: int = 1280) -> Iterator[Page]:
    """Open a page in Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser.new_page(
                java_script_enabled=script,
                color_scheme="dark" if dark else "light",
                viewport={"width": width, "height": 844},
            )
        finally:
            browser.close()


def find(page: Page, site: Site, words: str) -> list[dict[str, str]]:
    """Return what search finds: the text and the address of each hit."""
    page.goto(f"{site.origin}index.html")
    page.evaluate("document.getElementById('__search').click()")
    page.wait_for_function("""() => JSON.parse(document.getElementById('__config').textContent)
        .translations['search.result.placeholder'] ===
        document.querySelector('.md-search-result__meta').innerText.trim()""")
    page.fill(".md-search__input", words)
    page.press(".md-search__input", "End")  # the theme looks when a key is let go
    page.wait_for_selector(".md-search-result__item")
    found: list[dict[str, str]] = page.evaluate(
        """() => [...document.querySelectorAll('.md-search-result__item')].map(hit => ({
        text: hit.innerText.replaceAll('\\u200b', ''), address: hit.querySelector('a').href}))"""
    )
    return found


def test_search_finds_branches(site: Site) -> None:
    """By the name, and by the name of a society."""
    branch = next(b for b in site.branches if b["societies"] and b["name"] != HOSTILE)
    address = site.origin + site.address(branch["name"])
    with chromium() as page:
        for words in (branch["name"], branch["societies"][0]):
            hits = find(page, site, words)
            assert address in [re.sub(r"[?#].*", "", hit["address"]) for hit in hits]


def test_hostile_name_is_text(site: Site) -> None:
    """In the page, in its title and in what search shows."""
    with chromium() as page:
        hits = find(page, site, "危险支部")
        assert any(HOSTILE in hit["text"] for hit in hits)
        page.goto(site.origin + site.address("&lt;/title&gt;"))
        assert page.title().startswith(HOSTILE)
        assert HOSTILE in page.inner_text("h1")
        page.goto(f"{site.origin}index.html")
        assert HOSTILE in page.inner_text("main")
        assert page.title() != "owned"


def test_no_request_leaves_the_origin_and_the_console_is_silent(site: Site) -> None:
    """On every kind of page, with a search."""
    asked: list[str] = []
    said: list[str] = []
    with chromium() as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        find(page, site, "示例")
        for address in site.standing:
            page.goto(site.origin + address, wait_until="networkidle")
    assert asked
    assert [u for u in asked if not u.startswith((site.origin, "data:image/svg+xml"))] == []
    assert said == []


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
    with chromium(dark=dark) as page:
        for address in site.standing:
            page.goto(site.origin + address)
            scheme = page.get_attribute("body", "data-md-color-scheme")
            assert scheme == ("slate" if dark else "default")
            page.evaluate(source)
            for violation in page.evaluate("() => axe.run().then(result => result.violations)"):
                if violation["impact"] in {"serious", "critical"}:
                    nodes = [node["html"][:120] for node in violation["nodes"][:3]]
                    found.append((address, violation["id"], nodes))
    assert found == []


def test_nothing_scrolls_sideways_on_a_phone(site: Site) -> None:
    """At 390 pixels the page is as wide as the screen."""
    with chromium(width=390) as page:
        for address in site.standing:
            page.goto(site.origin + address)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert (address, width) == (address, 390)


def test_figures_can_be_read_without_script(site: Site) -> None:
    """The ranking and a scorecard show every total with scripts off, also from the disk."""
    scored = [b for b in site.branches if b["total"] is not None]
    with chromium(script=False) as page:
        for base in (site.origin, f"{site.folder.as_uri()}/"):
            page.goto(f"{base}index.html")
            ranking = page.inner_text("main")
            assert [b["id"] for b in scored if f"{b['total']:.2f}" not in ranking] == []
            page.goto(base + site.address(scored[0]["name"]))
            assert f"{scored[0]['total']:.2f}" in page.inner_text("main")
