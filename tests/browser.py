"""What tests in real Chromium share: sites built and served, the browser, what a machine lacks."""

from __future__ import annotations

import functools
import gzip
import importlib.util
import json
import os
import re
import shutil
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.made import YEAR
from benchmarks.making import make_repository
from generator.site.build.building import build_site
from tests.kinds import OWN, chosen, kinds_of, results_of
from tests.shared import made_once
from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from playwright.sync_api import Browser, Page

PROGRAM = Path(__file__).resolve().parents[1]
WEB = PROGRAM / "tests" / "web"
HOSTILE = '</title><script>document.title="owned"</script>示例危险支部'
#: Enough branches for lists in pages of 200, and how many of them file all that branches file.
MANY, BUSY = 210, 50
#: The first one that a machine has: without a window's own pages the shell takes a fifth less.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
#: What is packed already, which no host compresses.
PACKED = frozenset({".gz", ".zip"})
#: No window, no sandbox (a container has none), and no word with anybody outside. A page's scripts
#: run for less than it takes to compile them well, which took a fifth of all.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--js-flags=--no-opt --no-maglev",
)


def needed(what: str, there: object) -> None:
    """Skip, with a message, where the machine lacks something; in CI that is a failure."""
    if there:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what}: not installed, and CI must have it")
    pytest.skip(f"{what}: not installed", allow_module_level=True)


@functools.cache
def compressed(path: Path) -> bytes:
    """Return a file as hosts send it; nobody writes into a site that is served."""
    return gzip.compress(path.read_bytes(), 0 if path.suffix in PACKED else 6)


class Host(SimpleHTTPRequestHandler):
    """Serves a folder as hosts of static sites do: compressed, over connections that stay open.

    Files at the addresses of ``instead`` are others than those in the folder.
    """

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, instead: Mapping[str, bytes], **named: Any) -> None:
        self.instead = instead
        super().__init__(*arguments, **named)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Send a file."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        own = self.instead.get(self.path.partition("?")[0].removeprefix("/"))
        data = compressed(path) if own is None else gzip.compress(own)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(data)


class Server(ThreadingHTTPServer):
    """Serves until it is closed: then it ends the connections that browsers hold open."""

    daemon_threads = False  # so that closing waits for each of them

    def __init__(self, folder: Path, instead: Mapping[str, bytes]) -> None:
        self.held: set[socket.socket] = set()
        host = functools.partial(Host, directory=folder, instead=instead)
        super().__init__(("127.0.0.1", 0), host)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own."""
        self.held.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection that has ended."""
        super().shutdown_request(request)
        self.held.discard(request)

    def server_close(self) -> None:
        """End all connections, and wait for their threads."""
        for request in list(self.held):
            with suppress(OSError):  # ended by the browser in this moment
                request.shutdown(socket.SHUT_RDWR)
        super().server_close()


@dataclass(frozen=True, slots=True)
class Site:
    """A built site that is being served: its folder and its origin, ending in ``/``."""

    name: str
    folder: Path
    origin: str

    @property
    def branches(self) -> list[dict[str, Any]]:
        """Branches of the newest year in results.json."""
        branches: list[dict[str, Any]] = results_of(self.folder)["branches"]
        return branches

    @property
    def year(self) -> int:
        """The newest year."""
        return int(results_of(self.folder)["year"])

    def card(self, branch: dict[str, Any]) -> str:
        """Return the address of a branch's scorecard."""
        return f"{self.year}/branches/{branch['id']}.html"

    def text(self, address: str) -> str:
        """Return the source of a page."""
        return (self.folder / address).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Sites:
    """The sample, and sites of no branch, of one, and of so many that lists have pages."""

    sample: Site
    none: Site
    one: Site
    many: Site

    @property
    def all(self) -> tuple[Site, ...]:
        """Every site."""
        return (self.sample, self.none, self.one, self.many)

    def shown(self, site: Site) -> list[str]:
        """Return the pages of a site to look at: of every kind, in every state that it has.

        What belongs to one branch alone, or to none, is the same everywhere, and is looked at in
        the sample.
        """
        found = chosen(site.folder, fixed=site is self.sample)
        own = OWN if site is self.many else frozenset()
        return [address for address in found if kinds_of(address)[0].name not in own]


def copy_sample(root: Path) -> None:
    """Copy the sample, with one branch renamed to something that would be a script."""
    root.mkdir()
    for name in ("branches", "committee", "rubric.yml", "mkdocs.yml", "site_templates"):
        source = PROGRAM / name
        copy: Callable[..., object] = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / name)
    last = max((root / "branches").glob("*/branch.yml"))
    renamed = f"name: {json.dumps(HOSTILE, ensure_ascii=False)}"
    last.write_text(re.sub(r"(?m)^name:.*$", lambda _: renamed, last.read_text("utf-8")), "utf-8")


def make_many(root: Path) -> None:
    """Write many branches, in a stage in which none files: they have no form and no bundles."""
    make_repository(root, MANY, 1, busy=BUSY)
    stage = root / f"committee/{YEAR}/appraisal.yml"
    stage.write_text(stage.read_text("utf-8").replace("review", "publicity"), "utf-8")


def copy_base(root: Path, *without: str) -> None:
    """Copy the base of the examples without some branches, and without what names them."""
    shutil.copytree(BASE, root)
    (root / "committee" / "2025" / "debrief.yml").unlink()
    for name in without:
        shutil.rmtree(root / name)


@contextmanager
def served(
    folder: Path, name: str = "", instead: Mapping[str, bytes] | None = None
) -> Iterator[Site]:
    """Serve a folder; at the addresses of ``instead`` other files than are there."""
    server = Server(folder, instead or {})
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield Site(name, folder, f"http://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Build every site once, and serve them while tests of this process run."""
    folder = made_once(tmp_path_factory, "sites", build_all)
    with (
        served(folder / "sample", "sample") as sample,
        served(folder / "none", "none") as none,
        served(folder / "one", "one") as one,
        served(folder / "many", "many") as many,
    ):
        yield Sites(sample, none, one, many)


def build_all(folder: Path) -> None:
    """Build every site into a folder of its name."""
    make: dict[str, Callable[[Path], object]] = {
        "many": make_many,
        "sample": copy_sample,
        "one": lambda root: copy_base(root, "branches/demo-b"),
        "none": lambda root: copy_base(root, "branches"),
    }
    for name, copy in make.items():
        root = folder / f"{name}-root"
        copy(root)
        build_site(root, folder / name, quiet=True, keep=False)


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium without a window."""
    needed("Chromium", CHROMIUM)
    needed("playwright", importlib.util.find_spec("playwright"))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as run:
        browser = run.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once a process; ``opened`` gives each test a profile of its own."""
    with launched() as started:
        yield started


@contextmanager
def opened(
    browser: Browser,
    *,
    script: bool = True,
    dark: bool = False,
    width: int = 1280,
    touch: bool = False,
) -> Iterator[Page]:
    """Open an empty page of a browser that remembers nothing, without movement."""
    context = browser.new_context(
        java_script_enabled=script,
        has_touch=touch,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        viewport={"width": width, "height": 844},
    )
    # So that a page that never comes to it ends the test; no busy machine takes as long.
    context.set_default_timeout(600_000)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def again(page: Page) -> Iterator[Page]:
    """Lend a page to a test, and take it back empty: that costs half of what a new one does.

    It is for tests that have the page remember nothing: what other sites keep is not forgotten.
    """
    before = page.viewport_size
    assert before is not None
    yield page
    page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.goto("about:blank")
    page.emulate_media(media="null")
    page.set_viewport_size(before)


@pytest.fixture(scope="session")
def lent(browser: Browser) -> Iterator[Page]:
    """A page of this process, for all tests that take it back as it was: see ``page``."""
    with opened(browser) as page:
        yield page


@pytest.fixture
def page(lent: Page) -> Iterator[Page]:
    """A page of 1280 pixels, empty, which remembers nothing."""
    with again(lent) as page:
        yield page
