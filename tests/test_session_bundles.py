"""The session over what is published: the same answers, and nothing withheld is ever written."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from generator.files.tree import MemoryTree, blob_id
from generator.site.form.session import Session
from tests.bundling import Bundles
from tests.conversing import TODAY, YEAR, Page, draft, open_sample, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

BRANCH = "demo-f"
HOME = f"branches/{BRANCH}/{YEAR}"
MEETING = "activities/2025-03-15-member-meeting"
FACILITIES = f"{HOME}/documents/facilities/document.yml"
ASSESSMENT = f"{HOME}/self-assessment.yml"
PHONE = "13812345678"
MADE = "2025-12-10T09:30:00+08:00"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The sample with demo-f's records, one of which says a telephone number."""
    found = open_sample(BRANCH)
    old = "年初列出责任清单，逐项落实。".encode()
    assert old in found[ASSESSMENT]
    new = f"年初列出责任清单，逐项落实，联系 {PHONE}。".encode()
    return {**found, ASSESSMENT: found[ASSESSMENT].replace(old, new)}


@pytest.fixture(scope="module")
def bundles(files: dict[str, bytes]) -> Bundles:
    """What is published of it."""
    return Bundles.of(MemoryTree(files), YEAR)


@pytest.fixture
def page(bundles: Bundles) -> Page:
    """A session over the bundles."""
    found = Page(Session())
    found.ask("open", **asked(bundles))
    return found


def asked(bundles: Bundles) -> dict[str, Any]:
    """Return what the page opens a branch with."""
    texts = {"shared": bundles.shared, "own": bundles.own(BRANCH)}
    return {**texts, "branch": BRANCH, "year": YEAR, "today": f"{TODAY}", "lang": "zh"}


def manifest_of(page: Page) -> Mapping[str, Any]:
    """Return what the package at hand says of its files, by path."""
    assert page.bytes is not None
    with zipfile.ZipFile(io.BytesIO(page.bytes)) as archive:
        manifest = json.loads(archive.read("package.json"))
    return {own["path"]: own for own in manifest["files"]}


def new_activity() -> dict[str, Any]:
    """Return a draft of an activity with nothing missing."""
    values = {"title": "学习", "type": "study", "date": "2025-11-11", "place": "会议室",
              "attendance": {"members": "15", "present": "13", "leave": "2"}}  # fmt: skip
    return draft("d", "activity", {**values, "collective": "是"})


def test_bundles_and_files_give_one_conversation(page: Page, files: dict[str, bytes]) -> None:
    whole = opened(files, BRANCH)
    one, two = (own.ask("overview", drafts=[]) for own in (page, whole))
    for key in ("branch", "state", "waiting", "until", "left", "stage"):
        assert one[key] == two[key], key
    # What a text holds of people is masked before it is published, so that it is not found there.
    assert one["missing"] == [own for own in two["missing"] if own["title"] != "含有个人信息"]
    states = [
        {(r["id"], r["state"], r["counts"]) for r in own["records"] if r["form"] != "self"}
        for own in (one, two)
    ]
    assert states[0] == states[1]
    checks = [own.ask("check", drafts=[new_activity()], current="d") for own in (page, whole)]
    assert checks[0]["findings"] == checks[1]["findings"]
    assert checks[0]["effect"] == checks[1]["effect"]
    assert checks[0]["effect"][-1]["title"].startswith("名次")
    assert checks[0]["pending"]
    packages = []
    for own in (page, whole):
        own.ask("package", drafts=[new_activity()], made=MADE)
        packages.append(manifest_of(own))
    assert packages[0] == packages[1]


def test_a_file_that_says_nothing_but_its_values_is_known_to_the_byte(
    page: Page, files: dict[str, bytes]
) -> None:
    edited = draft("d", "document", {"fields.书报": "true"}, id_="documents/facilities")
    page.ask("package", drafts=[edited], made=MADE)
    assert manifest_of(page)[FACILITIES]["from"] == blob_id(files[FACILITIES])
    assert page.bytes is not None
    with zipfile.ZipFile(io.BytesIO(page.bytes)) as archive:
        after = archive.read(FACILITIES)
    assert after == files[FACILITIES].replace("书报: false".encode(), "书报: true".encode())


def test_what_people_write_in_comments_is_not_published(files: dict[str, bytes]) -> None:
    noted = {**files, FACILITIES: files[FACILITIES] + "# 王五经手\n".encode()}
    bundles = Bundles.of(MemoryTree(noted), YEAR)
    assert "王五" not in bundles.own(BRANCH) + bundles.shared
    assert not bundles.bundled(BRANCH).is_exact(FACILITIES)


def test_a_file_with_something_withheld_is_asked_for_and_keeps_it(
    page: Page, files: dict[str, bytes]
) -> None:
    shown = page.ask("form", form="claim", id="team-responsibility")
    assert shown["withheld"] == ["statement"]
    assert shown["whole"]["path"] == ASSESSMENT
    assert PHONE not in json.dumps(shown)
    dotted = shown["values"]["statement"]
    edited = draft("d", "claim", {**shown["values"], "points": "4.5"}, id_="team-responsibility")
    checked = page.ask("check", drafts=[edited], current="d")
    assert [own["whole"] for own in checked["findings"] if "whole" in own] == [ASSESSMENT]
    assert page.answer("package", drafts=[edited], made=MADE)["refused"]

    page.ask("whole", files[ASSESSMENT], path=ASSESSMENT)
    assert page.ask("form", form="claim", id="team-responsibility")["whole"] is None
    page.ask("package", drafts=[edited], made=MADE)
    manifest = manifest_of(page)
    assert manifest[ASSESSMENT]["from"] == blob_id(files[ASSESSMENT])
    assert page.bytes is not None
    with zipfile.ZipFile(io.BytesIO(page.bytes)) as archive:
        after = archive.read(ASSESSMENT)
    lead = b"team-responsibility:\n    points: 4"
    assert after == files[ASSESSMENT].replace(lead, lead + b".5")
    assert PHONE.encode() in after

    mixed = draft("d", "claim", {"statement": f"{dotted}补充"}, id_="team-responsibility")
    told = page.ask("check", drafts=[mixed], current="d")["findings"]
    assert [own["key"] for own in told if "遮住" in own["text"]] == ["statement"]
    assert page.answer("package", drafts=[mixed], made=MADE)["refused"]


def test_the_file_that_is_given_must_be_the_one_that_is_published(
    page: Page, files: dict[str, bytes]
) -> None:
    older = files[ASSESSMENT].replace(b"points: 4\n", b"points: 3\n")
    for data in (older, b"", b"\xff", b"x: [", b"a: 1\n"):
        found = page.answer("whole", data, path=ASSESSMENT)
        assert found.get("refused"), data
    assert page.answer("whole", b"x", path=f"{HOME}/none.yml")["refused"]
    commented = files[ASSESSMENT] + "# 备注\n".encode()
    page.ask("whole", commented, path=ASSESSMENT)


def test_opening_anew_keeps_what_was_given(
    page: Page, bundles: Bundles, files: dict[str, bytes]
) -> None:
    page.ask("whole", files[ASSESSMENT], path=ASSESSMENT)
    page.ask("attach", b"abc", draft="d", name="a.txt")
    page.ask("open", **asked(bundles))
    assert page.ask("form", form="self", id="self-assessment")["whole"] is None
    assert "d" in page.session.attaching.files
    others = {"branch": "demo-a", "year": 2024, "today": "x", "lang": "fr", "own": "{}"}
    for key, bad in others.items():
        assert page.answer("open", **{**asked(bundles), key: bad})["refused"], key
    assert page.ask("overview", drafts=[])["branch"]["id"] == BRANCH
    assert datetime.date.fromisoformat(page.ask("overview", drafts=[])["until"])
