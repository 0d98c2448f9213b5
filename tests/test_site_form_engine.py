"""The engine in real Chromium: in its module worker, with the answers of this Python, and alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from generator.site.form.engine import RUNTIME
from generator.site.form.session import Session
from tests.browser import PROGRAM, needed, opened, served
from tests.conversing import MEETING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser import Site

BRANCH, YEAR = "demo-b", 2026
#: The title of a kind of activity, and what another rubric calls it.
TITLE, OTHER_TITLE = "主题党日", "红色主题日"
Asked: TypeAlias = "tuple[str, dict[str, Any], bytes | None]"
#: Bytes that stay what they are: a text that is attached.
RECORD = "# 会议记录\n\n示例：学习党章，讨论发展计划。\n".encode()
#: Bytes whose kind is looked at: a photo.
PHOTO = (PROGRAM / MEETING / "现场.jpg").read_bytes()
TYPED = {"title": "主题党日", "type": "主题党日", "date": "2026.3.12", "place": "学会会议室"}
DRAFT = {"draft": "d1", "form": "activity", "id": None, "values": TYPED, "files": ["记录.md"]}
#: One with faults: a day of another year, no place.
WRONG = {**DRAFT, "draft": "d2", "values": {**TYPED, "date": "2025.3.12", "place": ""}, "files": []}

#: Call → its argument, and bytes.
CALLS: tuple[Asked, ...] = (
    ("form", {"form": "activity", "id": None, "like": None, "draft": None}, None),
    ("attach", {"draft": "d1", "name": "记录.md", "form": "activity", "id": None}, RECORD),
    ("attach", {"draft": "d3", "name": "现场.jpg", "form": "activity", "id": None}, PHOTO),
    ("sheet", {"draft": "d1", "name": "签到.csv"}, "姓名,状态\n张三,到会\n".encode()),
    ("form", {"form": "self", "id": "self-assessment", "like": None, "draft": None}, None),
    ("questions", {"form": "activity", "id": None, "draft": DRAFT}, None),
    ("check", {"drafts": [DRAFT], "current": "d1"}, None),
    ("check", {"drafts": [DRAFT, WRONG], "current": "d2"}, None),
    ("overview", {"drafts": [DRAFT]}, None),
    ("summary", {"drafts": [DRAFT]}, None),
    ("package", {"drafts": [DRAFT], "made": f"{YEAR}-03-20T09:30:00+08:00"}, None),
    ("nothing", {}, None),
)
#: Makes an engine of what the page is told, and keeps it.
BEGIN = """async () => {
  const told = JSON.parse(document.querySelector("#ap-form-settings").textContent);
  const main = document.querySelector("script[type=module]").src;
  const { Engine } = await import(new URL("./engine.js", main));
  self.engine = new Engine(told.engine, { failed: "failed", lost: "lost" });
  self.steps = [];
}"""
LOAD = """() => engine.load((step) => steps.push(step))
  .then(() => "loaded", ({ name, message, broken }) => [name, message, broken])"""
CALL = """async ([name, args, bytes]) => {
  const given = bytes === null ? undefined : new Uint8Array(bytes);
  try {
    const value = await engine.call(name, args, given);
    return JSON.stringify(value.bytes ? { ...value, bytes: [...value.bytes] } : value);
  }
  catch ({ message, refused, broken }) { return JSON.stringify({ message, refused, broken }); }
}"""
#: What no message can hold ends the worker: a number that is no JSON.
KILL = """() => {
  engine.worker.postMessage({ id: 0, call: "overview", args: 1n });
  return engine.call("overview", { drafts: [] })
    .then(() => "answered", ({ message, broken }) => [message, broken]);
}"""

#: Stands where the worker is loaded again: that it starts once more the first test shows.
WORKER = """addEventListener("message", ({ data }) => postMessage("load" in data
  ? { progress: { step: "ready", loaded: 0, total: 0 } }
  : { id: data.id, fault: `${data.call} of another worker`, refused: true, broken: false }));"""


@pytest.fixture(scope="module")
def site(sample_built: Path) -> Iterator[Site]:
    """The sample, its form with an engine."""
    needed("the engine (make engine)", RUNTIME.is_dir())
    with served(sample_built / "site", "sample") as found:
        yield found


@pytest.fixture(scope="module")
def page(site: Site, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page with the form of a year, and what it asked for."""
    with opened(browser) as shown:
        asked: list[str] = []
        shown.context.on("request", lambda request: asked.append(request.url))
        shown.goto(f"{site.origin}file.html")
        shown.evaluate(BEGIN)
        yield shown, asked


def answers(calls: Sequence[Asked]) -> list[str]:
    """Return what this Python answers to calls, as the page has it."""
    session = Session()
    found = []
    for call, args, data in calls:
        given = session.answer(json.dumps({"id": 1, "call": call, "args": args}), data)
        told = json.loads(given.text)
        value = told.get("value")
        if value is None:
            value = {"message": told["fault"], "refused": told["refused"], "broken": False}
        elif given.data is not None:
            value["bytes"] = list(given.data)
        found.append(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return found


def asked_of(site: Site) -> list[Asked]:
    """Return all calls: a branch opened, and once more under another rubric."""
    shared = site.text(f"{YEAR}/bundle.json")
    own = site.text(f"{YEAR}/branches/{BRANCH}.bundle.json")
    assert TITLE in shared
    return [
        ("open", opening(shared, own), None),
        *CALLS,
        ("open", opening(shared.replace(TITLE, OTHER_TITLE), own), None),
        *CALLS[:1],
    ]


def opening(shared: str, own: str) -> dict[str, Any]:
    """Return the argument that opens a branch."""
    year = {"year": YEAR, "today": f"{YEAR}-03-20", "lang": "zh"}
    return {"shared": shared, "own": own, "branch": BRANCH, **year}


def test_the_engine_answers_as_this_python_does_and_asks_nobody(
    site: Site, page: tuple[Page, list[str]]
) -> None:
    shown, asked = page
    shown.context.set_offline(True)
    assert shown.evaluate(LOAD) == ["Fault", "failed", True]
    shown.context.set_offline(False)
    assert shown.evaluate(LOAD) == "loaded"
    steps = shown.evaluate("steps")
    total = steps[0]["total"]
    assert [step["step"] for step in steps if step["step"] != "download"] == ["start", "ready"]
    assert max(step["loaded"] for step in steps) == total
    assert all(url.startswith(site.origin) for url in asked)
    before = len(asked)
    shown.context.set_offline(True)
    calls = asked_of(site)
    found = [
        shown.evaluate(CALL, [name, args, None if data is None else list(data)])
        for name, args, data in calls
    ]
    assert found == answers(calls)
    assert json.loads(found[0])["branch"]["id"] == BRANCH
    assert (OTHER_TITLE in found[1], OTHER_TITLE in found[-1]) == (False, True)
    assert len(asked) == before
    shown.context.set_offline(False)


def test_a_worker_that_is_lost_is_told_and_loaded_again(page: tuple[Page, list[str]]) -> None:
    shown, _ = page
    assert shown.evaluate(LOAD) == "loaded"
    assert shown.evaluate(KILL) == ["lost", True]
    module = {"content_type": "text/javascript", "body": WORKER}
    shown.route("**/worker.js", lambda route: route.fulfill(**module))
    assert shown.evaluate(LOAD) == "loaded"
    told = json.loads(shown.evaluate(CALL, ["overview", {"drafts": []}, None]))
    assert told["message"] == "overview of another worker"
    assert told["refused"] is True
    shown.evaluate("engine.terminate()")
