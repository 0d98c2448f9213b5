"""Records with masked texts, of every kind, opened, edited and handed in: the original stays.

Over what is published, as in a browser, texts are masked; over the branch's own files they are not.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from generator.files.tree import MemoryTree
from generator.site.form.answering.opening import FORMS
from generator.site.form.session import Session
from tests.bundling import Bundles
from tests.conversing import TODAY, YEAR, Page, draft, open_sample, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

BRANCH = "demo-a"
HOME = f"branches/{BRANCH}/{YEAR}"
MEETING = "activities/2025-03-27-member-meeting"
ASSESSMENT = f"{HOME}/self-assessment.yml"
ACTIVITY = f"{HOME}/{MEETING}/activity.yml"
FACILITIES = f"{HOME}/documents/facilities/document.yml"
MADE = "2025-12-10T09:30:00+08:00"
PHONE, NUMBER = "13812345678", "110101199003078515"
SAID = f"（联系 {PHONE}，{NUMBER}）"


class Edit(NamedTuple):
    """An edit of one key: where, from what to what in the file, and the texts that are masked."""

    path: str
    id: str
    values: Mapping[str, Any]
    before: str
    after: str
    masked: tuple[str, ...]


EDITS = {
    "activity": Edit(
        ACTIVITY, MEETING, {"collective": "false"}, "collective: true", "collective: false",
        ("title", "place"),
    ),
    "document": Edit(
        FACILITIES, "documents/facilities", {"fields.书报": "false"}, "书报: true", "书报: false",
        ("title",),
    ),
    "claim": Edit(
        ASSESSMENT, "team-liaison", {"points": "2.5"}, "team-liaison:\n    points: 3",
        "team-liaison:\n    points: 2.5", ("statement",),
    ),
    "bonus": Edit(
        ASSESSMENT, "award-city", {"date": "2025-06-29"}, "date: 2025-06-30", "date: 2025-06-29",
        ("matter",),
    ),
    "self": Edit(
        ASSESSMENT, "self-assessment", {"claims.team-liaison.points": "2"},
        "team-liaison:\n    points: 3", "team-liaison:\n    points: 2",
        ("claims.team-liaison.statement", "claims.team-responsibility.statement"),
    ),
}  # fmt: skip
#: What is written into each file, behind which words.
WORDS = {
    ACTIVITY: ("title: 支部党员大会", "place: 学会会议室"),
    FACILITIES: ("title: 活动阵地清单",),
    ASSESSMENT: (
        "书记与会长每季度沟通一次。", "年初列出责任清单，逐项落实。", "matter: 市级先进基层党组织",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The sample with demo-a's records, in which people are named by their numbers."""
    found = open_sample(BRANCH)
    for path, words in WORDS.items():
        text = found[path].decode()
        for word in words:
            assert word in text, word
            text = text.replace(word, word + SAID, 1)
        found[path] = text.encode()
    return found


@pytest.fixture(scope="module")
def whole(files: dict[str, bytes]) -> Page:
    """A session over the files themselves."""
    return opened(files, BRANCH)


@pytest.fixture(scope="module")
def bundles(files: dict[str, bytes]) -> Bundles:
    """What is published of them."""
    return Bundles.of(MemoryTree(files), YEAR)


def of_bundles(bundles: Bundles) -> Page:
    """Return a session over what is published."""
    page = Page(Session())
    texts = {"shared": bundles.shared, "own": bundles.own(BRANCH)}
    page.ask("open", **texts, branch=BRANCH, year=YEAR, today=f"{TODAY}", lang="zh")
    return page


def handed_in(page: Page, drafts: list[dict[str, Any]]) -> dict[str, bytes]:
    """Return the records of the package that drafts make."""
    page.ask("package", drafts=drafts, made=MADE)
    assert page.bytes is not None
    with zipfile.ZipFile(io.BytesIO(page.bytes)) as archive:
        return {n: archive.read(n) for n in archive.namelist() if n.endswith(".yml")}


def test_every_form_has_its_edit() -> None:
    assert EDITS.keys() == FORMS.keys()


@pytest.mark.parametrize("form", EDITS)
def test_an_edit_keeps_the_original_of_what_is_masked(
    form: str, whole: Page, files: dict[str, bytes]
) -> None:
    edit = EDITS[form]
    shown = whole.ask("form", form=form, id=edit.id)
    edited = draft("d", form, {**shown["values"], **edit.values}, id_=edit.id)
    checked = whole.ask("check", drafts=[edited], current="d")
    told = json.dumps([checked, whole.ask("summary", drafts=[edited])], ensure_ascii=False)
    assert PHONE not in told, "in no message"
    assert NUMBER not in told
    before = files[edit.path].decode()
    assert before.count(edit.before) == 1
    assert handed_in(whole, [edited]) == {
        edit.path: before.replace(edit.before, edit.after).encode()
    }
    same = draft("d", form, shown["values"], id_=edit.id)
    assert whole.answer("package", drafts=[same], made=MADE)["refused"], "nothing was edited"


@pytest.mark.parametrize("form", EDITS)
def test_over_what_is_published_the_branch_s_own_file_is_asked_for_and_kept(
    form: str, bundles: Bundles, files: dict[str, bytes]
) -> None:
    edit, page = EDITS[form], of_bundles(bundles)
    assert PHONE not in bundles.shared + bundles.own(BRANCH)
    shown = page.ask("form", form=form, id=edit.id)
    assert shown["whole"]["path"] == edit.path
    assert set(edit.masked) <= set(shown["withheld"])
    assert all("1381···5678" in shown["values"][key] for key in edit.masked)
    edited = draft("d", form, {**shown["values"], **edit.values}, id_=edit.id)
    assert page.answer("package", drafts=[edited], made=MADE)["refused"]
    page.ask("whole", files[edit.path], path=edit.path)
    after = files[edit.path].decode().replace(edit.before, edit.after)
    assert handed_in(page, [edited]) == {edit.path: after.encode()}
    for key in edit.masked:  # what has dots in it is never written for the original
        mixed = draft("d", form, {key: f"{shown['values'][key]}补充"}, id_=edit.id)
        told = page.ask("check", drafts=[mixed], current="d")["findings"]
        assert [own["key"] for own in told if "遮住" in own["text"]] == [key]
        assert page.answer("package", drafts=[mixed], made=MADE)["refused"]
