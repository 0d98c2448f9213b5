"""What tests of the form's session share: requests as the page sends them, records as drafts."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from generator.files.tree import MemoryTree
from generator.site.form.answering.ground import RankedTrial, Whole
from generator.site.form.session import Session
from tests.filling import records_in, sample
from tests.plain_yaml import said
from tests.sites import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.bundling import Bundles

TODAY = datetime.date(2025, 12, 10)
YEAR = 2025
MEETING = f"branches/demo-a/{YEAR}/activities/2025-03-27-member-meeting"
APPRAISAL = f"committee/{YEAR}/appraisal.yml"


class Page:
    """Asks a session as the page does: JSON in, JSON out."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.bytes: bytes | None = None

    def ask(self, call: str, data: bytes | None = None, /, **args: Any) -> Any:
        """Return the value of a call; what is refused or at fault fails the test."""
        found = self.answer(call, data, **args)
        assert "fault" not in found, found
        return found["value"]

    def answer(self, call: str, data: bytes | None = None, /, **args: Any) -> Any:
        """Return the answer to a call, whatever it is; bytes are kept."""
        request = json.dumps({"id": 7, "call": call, "args": args})
        answer = self.session.answer(request, data)
        self.bytes = answer.data
        found = json.loads(answer.text)
        assert found["id"] == 7
        return found

    def attach(self, draft: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
        """Attach files to a draft; none of them may be refused."""
        for name, data in files.items():
            found = self.ask(
                "attach", data, draft=draft["draft"], name=name, form=draft["form"], id=draft["id"]
            )
            assert found["kept"], found


def opened(files: Mapping[str, bytes], branch: str = "demo-a", year: int = YEAR) -> Page:
    """Return a page over files in memory."""
    published = Whole(MemoryTree(files))
    return Page(Session.over(published, RankedTrial(published, branch, year), TODAY))


def filing_open(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files of a year in which records are taken."""
    changed = files[APPRAISAL].replace(b"stage: publicity", b"stage: open")
    assert changed != files[APPRAISAL]
    return {**files, APPRAISAL: changed}


def open_sample(*branches: str) -> dict[str, bytes]:
    """Return the sample, of all but these branches what they are alone, while it is filed."""
    return filing_open(sample(*branches))


def draft(
    name: str,
    form: str,
    values: Mapping[str, Any],
    files: Mapping[str, bytes] | None = None,
    id_: str | None = None,
) -> dict[str, Any]:
    """Return a draft as the page keeps it."""
    return {"draft": name, "form": form, "id": id_, "values": values, "files": [*(files or {})]}


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record of a file as what a person types: fields by their keys, all as text."""
    fields = record.get("fields", {})
    own = {key: value for key, value in record.items() if key != "fields"}
    return {**own, **{f"fields.{key}": value for key, value in fields.items()}}


def year_as_drafts(
    root: Path = PROGRAM, branch: str = "demo-a", year: int = YEAR
) -> list[tuple[dict[str, Any], dict[str, bytes]]]:
    """Return every record of a branch's year as a draft with its attachments."""
    found: list[tuple[dict[str, Any], dict[str, bytes]]] = []
    for what, path, files in records_in(root, branch, year):
        *_, folder, name = path.split("/")
        record = flat(said(files.pop(name)))
        made = draft(f"d{len(found)}", what, {**record, "folder": folder}, files)
        found.append((made, files))
    whole = said((root / f"branches/{branch}/{year}/self-assessment.yml").read_bytes())
    claims = {
        f"claims.{criterion}.{key}": value
        for criterion, claim in whole["claims"].items()
        for key, value in claim.items()
    }
    values = {**claims, "submitted": whole["submitted"]}
    found.append((draft(f"d{len(found)}", "self", values), {}))
    for claim in whole.get("bonus", ()):
        found.append((draft(f"d{len(found)}", "bonus", claim), {}))
    return found


def a_conversation(bundles: Bundles, branch: str) -> list[tuple[str, bytes | None]]:
    """Return the requests of somebody who files an activity and mends a document."""
    record = "学习记录：读了两篇文章。".encode()
    picture = (PROGRAM / MEETING / "现场.jpg").read_bytes()
    activity = draft(
        "d1", "activity",
        {"title": "学习", "type": ["专题学习"], "date": "2025.11.11", "place": "会议室",
         "collective": "true", "attendance": "应到23，到会19，请假3，缺席1",
         "record": "记录.md"},
        {"记录.md": record},
    )  # fmt: skip
    document = draft("d2", "document", {"fields.写入党建": "true"}, id_="documents/charter")
    faulty = draft("d3", "activity", {"date": "2026-11-11", "type": "主题党曰"})
    texts = {"shared": bundles.shared, "own": bundles.own(branch)}
    drafts = {"drafts": [activity, document]}
    calls: list[tuple[str, dict[str, Any], bytes | None]] = [
        ("open", {**texts, "branch": branch, "today": f"{TODAY}", "lang": "zh"}, None),
        ("form", {"form": "self", "id": "self-assessment"}, None),
        ("attach", {"draft": "d1", "name": "记录.md", "form": "activity"}, record),
        ("attach", {"draft": "d4", "name": "现场.jpg", "form": "activity"}, picture),
        ("sheet", {"draft": "d1", "name": "签到.csv"}, "姓名,状态\n张三,到会\n".encode()),
        ("check", {"drafts": [activity, faulty], "current": "d3"}, None),
        ("summary", drafts, None),
        ("package", {**drafts, "made": f"{TODAY}T09:30:00+08:00"}, None),
        ("form", {"form": "none"}, None),
    ]
    return [
        (json.dumps({"id": number, "call": call, "args": args}, ensure_ascii=False), data)
        for number, (call, args, data) in enumerate(calls)
    ]
