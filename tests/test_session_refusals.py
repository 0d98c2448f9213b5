"""What the session is given by mistake or in malice: refused in words, never with a traceback."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from generator.files.limits import MAX_FILE
from generator.site.form.answering import arguments
from generator.site.form.answering.arguments import RefusedError
from generator.site.form.session import CALLS, WITH_BYTES, Session
from tests.conversing import TODAY, YEAR, draft, open_sample, opened
from tests.filling import sample

if TYPE_CHECKING:
    from tests.conversing import Page

MADE = "2025-12-10T09:30:00+08:00"
ASSESSMENT = f"branches/demo-f/{YEAR}/self-assessment.yml"
LONG = "字" * 20_000
NESTED: list[Any] = []
for _ in range(60):
    NESTED = [NESTED]
#: Values of every wrong kind.
HOSTILE: tuple[Any, ...] = (
    None, "", 0, -1, 1.5, True, [], {}, LONG, "\ud800", "a\0b", "../../x", ["x", 3], {"a": [1]},
    NESTED, "<script>", [LONG, LONG], {"members": LONG}, {"members": "9" * 30}, "\u202ex",
    "{x}", "%s", "x" * 400,
)  # fmt: skip
EMPTY = draft("d1", "activity", {})
#: A sound argument of every call.
SOUND: dict[str, dict[str, Any]] = {
    "open": {
        "shared": "{}",
        "own": "{}",
        "branch": "demo-f",
        "year": YEAR,
        "today": f"{TODAY}",
        "lang": "zh",
    },
    "overview": {"drafts": []},
    "form": {"form": "activity", "id": None, "like": None, "values": {}, "draft": None},
    "questions": {"form": "document", "id": None, "draft": EMPTY},
    "check": {"drafts": [EMPTY], "current": "d1"},
    "attach": {"draft": "d1", "name": "a.txt", "form": "activity", "id": None, "values": {}},
    "detach": {"draft": "d1", "name": "a.txt"},
    "sheet": {"draft": "d1", "name": "a.csv"},
    "whole": {"path": ASSESSMENT},
    "summary": {"drafts": [EMPTY]},
    "package": {"drafts": [EMPTY], "made": MADE},
}
#: Words that only a traceback has.
INNER = re.compile(r"Error\b|Traceback|object at 0x|NoneType")


@pytest.fixture(scope="module")
def page() -> Page:
    """A session over demo-f."""
    return opened(open_sample("demo-f"), "demo-f")


def told(found: dict[str, Any]) -> bool:
    """Whether an answer is a value, or a refusal in words that a person may read."""
    if "fault" not in found:
        return "value" in found
    return found["refused"] and bool(found["fault"]) and not INNER.search(found["fault"])


def test_every_call_is_tried() -> None:
    assert set(SOUND) == set(CALLS)


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_argument_is_refused_in_words(page: Page, call: str) -> None:
    data = b"x" if call in WITH_BYTES else None
    for bad in HOSTILE:
        for name in SOUND[call]:
            assert told(page.answer(call, data, **{**SOUND[call], name: bad})), (name, bad)
        request = json.dumps({"id": 7, "call": call, "args": bad})
        assert told(json.loads(page.session.answer(request, data).text)), bad


@pytest.mark.parametrize("key", ["draft", "form", "id", "values", "files"])
def test_a_wrong_draft_is_refused_in_words(page: Page, key: str) -> None:
    for bad in HOSTILE:
        assert told(page.answer("check", drafts=[{**EMPTY, key: bad}], current="d1")), bad


@pytest.mark.parametrize("form", ["activity", "document", "claim", "bonus", "self"])
def test_a_wrong_answer_is_told_at_its_question(page: Page, form: str) -> None:
    head = {"kind": "facilities", "rule": "bonus-innovation", "criterion": "team-structure"}
    asked = page.ask("form", form=form, id=None, values=head)["questions"]
    for question, bad in zip(asked, (*HOSTILE[8:14], LONG, LONG), strict=False):
        own = draft("d", form, {**head, question["key"]: bad})
        found = page.answer("check", drafts=[own], current="d")
        assert told(found), (question["key"], bad)
    own = draft("d", form, {**head, question["key"]: "a\0b"})
    (found,) = [
        one
        for one in page.ask("check", drafts=[own], current="d")["findings"]
        if one["key"] == question["key"]
    ]
    assert "看不见的字符" in found["text"]
    assert page.answer("package", drafts=[own], made=MADE)["refused"]


@pytest.mark.parametrize(
    "request_",
    ["", "{", "[]", "null", '"x"', "[" * 10_000, "{}", '{"call": 1}', '{"call": "answer"}',
     '{"call": "_stand"}', '{"call": "__init__"}', '{"call": "check", "args": []}'],
)  # fmt: skip
def test_a_broken_request_is_refused_in_words(page: Page, request_: str) -> None:
    found = json.loads(page.session.answer(request_).text)
    assert "fault" in found
    assert told(found)


def test_a_request_beyond_all_measure_is_not_read(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arguments, "MAX_REQUEST", 40)
    assert "value" in json.loads(page.session.answer('{"call": "overview"}').text)
    request = json.dumps({"id": 1, "call": "overview", "args": {"drafts": [EMPTY]}})
    found = json.loads(page.session.answer(request).text)
    assert "fault" in found
    assert told(found)


def test_nothing_is_answered_before_a_branch_is_open() -> None:
    for call in set(CALLS) - {"open", "detach", "sheet"}:
        request = json.dumps({"id": 1, "call": call, "args": SOUND[call]})
        found = json.loads(Session().answer(request, b"x").text)
        assert "fault" in found, call
        assert told(found)


def test_a_file_beyond_the_limits_is_told_of_and_not_kept(page: Page) -> None:
    found = page.ask("attach", b"x" * (MAX_FILE + 1), draft="d1", name="a.txt", form="activity")
    assert found["kept"] is False
    assert found["findings"][0]["file"] == "a.txt"
    assert page.bytes is None
    assert told(page.answer("sheet", b"x" * (MAX_FILE + 1), draft="d1", name="a.csv"))


def test_attachments_are_kept_up_to_what_a_package_holds() -> None:
    files = open_sample("demo-f")
    path = f"committee/{YEAR}/appraisal.yml"
    files[path] += b"limits: {file: 1, branch: 2}\n"
    page = opened(files, "demo-f")
    for number in range(2):
        data = bytes([65 + number]) * 990_000
        assert page.ask("attach", data, draft="d1", name=f"{number}.txt")["kept"]
    data = b"c" * 990_000
    refused = page.answer("attach", data, draft="d1", name="3.txt")
    assert refused["refused"]
    page.ask("detach", draft="d1", name="0.txt")
    assert page.ask("attach", data, draft="d1", name="3.txt")["kept"]


def test_a_fault_of_the_program_is_told_as_one(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(page.session.ground.trial, "evaluate", fails)
    own = draft("d", "activity", {"title": "学习", "type": "study", "date": "2025-03-03"})
    found = page.answer("check", drafts=[own], current="d")
    assert found["refused"] is False
    assert "ZeroDivisionError" in found["fault"]
    assert "fails" in found["detail"]


def test_a_year_that_takes_nothing_is_not_opened() -> None:
    with pytest.raises(RefusedError, match="2025 年现在不收材料"):
        opened(sample("demo-f"), "demo-f")
