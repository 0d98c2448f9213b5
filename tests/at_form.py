"""What tests share that sit at the form as a person does: the page in Chromium, over a session.

The page is the one that was built, with all its scripts but one: in place of the worker, whatever
it asks is answered by a session of this process, as ``engine.js`` would hand it on.
"""

from __future__ import annotations

import base64
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from generator.site.form.session import WITH_BYTES
from tests.browser import opened as page_of
from tests.browser import served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, FilePayload, Locator, Page

    from tests.browser import Site
    from tests.conversing import Page as Conversation

PHONE, DESK = 390, 1280
#: Stands in place of the form's engine.js: the calls go to the test.
ENGINE = """
export class Fault extends Error {
  constructor(message, { broken = false, refused = false, detail = "" } = {}) {
    super(message);
    Object.assign(this, { broken, refused, detail });
  }
}
const sign = (one) => String.fromCharCode(one);
const packed = (bytes) => bytes ? btoa(Array.from(bytes, sign).join("")) : "";
const unpacked = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
export class Engine {
  constructor(files) { this.files = files; }
  load(told) {
    const { size } = this.files;
    told?.({ step: "download", loaded: window.held ? size / 2 : size, total: size });
    this.loading ??= window.held ? new Promise((go) => { window.letGo = go; }) : Promise.resolve();
    return this.loading;
  }
  async call(call, args, bytes) {
    await this.load();
    const request = JSON.stringify({ id: 7, call, args });
    const answer = JSON.parse(await window.askSession(request, packed(bytes)));
    (window.answered ??= new Set()).add(call);
    if ("fault" in answer) throw new Fault(answer.fault, answer);
    return answer.bytes ? { ...answer.value, bytes: unpacked(answer.bytes) } : answer.value;
  }
  terminate() {}
}
"""
PICTURE = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 360 });
  const ink = canvas.getContext("2d");
  for (let at = 0; at < 48; at += 1) {
    ink.fillStyle = `hsl(${at * 37 % 360} 60% 50%)`;
    ink.fillRect(at * 53 % 480, at * 29 % 360, 90, 70);
  }
  return canvas.toDataURL("image/png").split(",")[1];
}"""
SETTLED = "() => !document.querySelector('[aria-busy]')"
GO = """address => {
  document.querySelector('.ap-f-view').dataset.at = '';
  location.hash = `#/${address}`;
}"""
STANDS = """address => document.querySelector('.ap-f-view').dataset.at === `#/${address}`
  && !document.querySelector('[aria-busy]')"""
#: How long the page waits after a change before it asks and before it keeps, and how long in tests.
PAUSES = {
    "checking.js": re.compile(r"(?<=const PAUSE = )\d+"),
    "keeping.js": re.compile(r"(?<=const WAIT = )\d+"),
}
SOON = 50
SETTINGS = re.compile(r'(<script type="application/json" id="ap-form-settings">)(.*?)(</script>)')


class Person:
    """Fills in the form, and counts what that takes: keys, and taps."""

    def __init__(self, page: Page, *, counted: bool = True) -> None:
        self.page = page
        #: Whether the test hears what is asked of the program.
        self.counted = counted
        self.han = 0
        self.signs = 0
        self.taps = 0
        self.attached = 0
        #: What was asked of the program: call and arguments.
        self.calls: list[tuple[str, Any]] = []

    def tap(self, target: Locator) -> None:
        """Tap something."""
        target.click()
        self.taps += 1

    def press(self, name: str) -> None:
        """Tap the button or link of a name that can be seen."""
        found = self.page.get_by_role("button", name=name, exact=True)
        found = found.or_(self.page.get_by_role("link", name=name, exact=True))
        self.tap(found.locator("visible=true").first)

    def box(self, title: str) -> Locator:
        """Return what a question of a title stands in."""
        name = re.compile(rf"^{re.escape(title)}(\s|可以不填|$)")
        fields = self.page.locator(".ap-f-field")
        return fields.filter(has=self.page.locator("> .ap-f-name", has_text=name)).first

    def write(self, title: str, text: str) -> None:
        """Write into the input of a title."""
        self.into(self.box(title).locator("input.ap-f-input, textarea").first, text)

    def into(self, target: Locator, text: str) -> None:
        """Write into an input in place of what stands there."""
        target.fill(text)
        self.taps += 1
        self.han += sum(sign > "\u2e80" for sign in text)
        self.signs += sum(sign <= "\u2e80" for sign in text)

    def choose(self, title: str, *names: str) -> None:
        """Choose by titles, whether they stand beside each other or in a list."""
        box = self.box(title)
        for name in names:
            choice = box.get_by_label(name, exact=True)
            opener = box.locator(".ap-f-opener")
            if not choice.first.is_visible():
                self.tap(opener)
            self.tap(choice.first)
        done = box.get_by_role("button", name="选好了", exact=True)
        if done.is_visible():
            self.tap(done)

    def answer(self, key: str, value: Any) -> None:
        """Answer the question of a key, as its input takes answers."""
        box = self.page.locator(f'.ap-f-field[data-key="{key}"]')
        fold = self.page.locator("details.ap-f-section:not([open])", has=box)
        if fold.count():
            self.tap(fold.locator("> summary"))
        parts = value if isinstance(value, dict) else {}
        for name, count in parts.items():
            self.into(box.locator(f'[data-part="{name}"]'), f"{count}")
        ids = [value] if isinstance(value, str | bool) else value if isinstance(value, list) else []
        choices = box.locator("input[type=radio], input[type=checkbox]")
        if parts or not choices.count():
            if not parts:
                own = box.locator(".ap-f-input").first
                self.into(own, "、".join(value) if isinstance(value, list) else f"{value}")
            return
        for id_ in ids:
            word = {True: "true", False: "false"}.get(id_, id_) if isinstance(id_, bool) else id_
            choice = box.locator(f'input[value="{word}"]')
            if not choice.is_visible():
                self.tap(box.locator(".ap-f-opener"))
            self.tap(choice)
        done = box.get_by_role("button", name="选好了", exact=True)
        if done.is_visible():
            self.tap(done)

    def go(self, address: str) -> None:
        """Go to a view by its address, and wait until it stands."""
        self.page.evaluate(GO, address)
        self.page.wait_for_function(STANDS, arg=address)

    def asked(self, call: str) -> None:
        """Wait until a call, and everything that was typed so far, has been asked and answered."""
        if self.counted:
            self.page.wait_for_function("call => window.answered?.has(call)", arg=call)
        self.page.wait_for_function(SETTLED)

    def release(self) -> None:
        """Let the program arrive that was held."""
        self.page.evaluate("() => window.letGo()")

    def heading(self, name: str) -> None:
        """Wait for a heading."""
        self.page.get_by_role("heading", name=name, exact=True).first.wait_for()

    def files(self, *files: tuple[str, str, bytes]) -> None:
        """Attach files, each by name, kind and content, and wait until each stands in the list."""
        for name, kind, data in files:
            given: FilePayload = {"name": name, "mimeType": kind, "buffer": data}
            self.page.locator(".ap-f-pickers input[type=file]").first.set_input_files([given])
            self.attached += 1
        for name, *_ in files:
            stem = name.partition(".")[0]
            self.page.locator(".ap-f-filelist li", has_text=stem).first.wait_for()

    def picture(self) -> bytes:
        """Return a picture as a camera makes them."""
        data: str = self.page.evaluate(PICTURE)
        return base64.b64decode(data)

    def effect(self, title: str, change: str) -> None:
        """Wait until the program says what this filing changes."""
        row = self.page.locator(".ap-f-effect > div", has_text=title)
        row.filter(has_text=change).first.wait_for(state="attached")


def sooner(name: str, script: str) -> str:
    """Return a script of the form, by its name, that waits less after a change."""
    found, times = PAUSES[name].subn(f"{SOON}", script)
    assert times == 1
    return found


def stubbed(site: Site, year: int, bundle: Mapping[str, Any]) -> dict[str, bytes]:
    """Return files that stand in a site's place: no worker, another year, one bundle for all.

    After a change the page asks and keeps sooner than it does elsewhere.
    """

    def changed(found: re.Match[str]) -> str:
        own = {**json.loads(found[2]), "year": year}
        told = json.dumps(own).replace("<", "\\u003c")  # as it was: a branch is named like markup
        return f"{found[1]}{told}{found[3]}"

    def addresses(pattern: str) -> list[str]:
        return [path.relative_to(site.folder).as_posix() for path in site.folder.glob(pattern)]

    (engine,) = addresses("assets/form/*/engine.js")
    own = {engine: ENGINE}
    for name in PAUSES:
        (address,) = addresses(f"assets/form/*/{name}")
        own[address] = sooner(name, site.text(address))
    bundles = [f"{year}/bundle.json", *addresses("*/bundle.json"), *addresses("*/*/*.bundle.json")]
    told = {address: json.dumps(dict(bundle)).encode() for address in bundles}
    own["file.html"] = SETTINGS.sub(changed, site.text("file.html"))
    return {**told, **{address: text.encode() for address, text in own.items()}}


class Seat:
    """A page at which one person after another fills in the form, each on an empty device."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.session: Conversation | None = None
        self.calls: list[tuple[str, Any]] = []
        page.expose_function("askSession", self.ask)

    def ask(self, request: str, data: str) -> str:
        """Answer a call of the page by the session of whoever sits there."""
        assert self.session is not None
        asked = json.loads(request)
        self.calls.append((asked["call"], asked["args"]))
        if asked["call"] == "open":
            asked = {"id": asked["id"], "call": "overview", "args": {"drafts": []}}
        given = base64.b64decode(data) if asked["call"] in WITH_BYTES else None
        answer = self.session.session.answer(json.dumps(asked), given)
        found = json.loads(answer.text)
        if answer.data is not None:
            found["bytes"] = base64.b64encode(answer.data).decode()
        return json.dumps(found)

    def take(self, session: Conversation) -> Person:
        """Sit down, with nothing left of whoever sat there before."""
        self.page.goto("about:blank")
        client = self.page.context.new_cdp_session(self.page)
        everything = {"origin": self.origin.rstrip("/"), "storageTypes": "all"}
        client.send("Storage.clearDataForOrigin", everything)
        client.detach()
        self.session, self.calls = session, []
        person = Person(self.page)
        person.calls = self.calls
        self.page.goto(f"{self.origin}file.html?branch={session.session.ground.branch}")
        return person


@contextmanager
def seat(
    browser: Browser, site: Site, year: int, *,
    width: int = PHONE, held: bool = False, bundle: Mapping[str, Any] = {},
) -> Iterator[Seat]:  # fmt: skip
    """Offer a page of a site with the form of a year.

    ``held`` says that the program is not there yet, but ``bundle``, which stands in for both.
    """
    with (
        served(site.folder, site.name, stubbed(site, year, bundle)) as own,
        page_of(browser, width=width, touch=width == PHONE) as page,
    ):
        if held:
            page.add_init_script("window.held = true")
        yield Seat(page, own.origin)


@contextmanager
def at_form(
    browser: Browser, site: Site, session: Conversation, **options: Any
) -> Iterator[Person]:
    """Open the form of the branch of a session; ``options`` are those of ``seat``."""
    with seat(browser, site, session.session.ground.year, **options) as own:
        yield own.take(session)
