"""Records that lose by waiting to be merged, and the entries that the committee may copy."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.formats.nodes import parse
from generator.formats.received import RECEIVED
from generator.formats.shapes import INVALID, Context
from generator.proposals import waiting as library
from generator.proposals.waiting import waiting
from generator.text.findings import Place, Report
from tests.test_received import DUE, Written, files_of
from tests.years import document, encoded
from tools.waiting import Record, Run, records_of, run_of, sound, text_for

if TYPE_CHECKING:
    from pathlib import Path

HOME = "branches/a/2025"
NOW = datetime.datetime(2025, 4, 3, 2, tzinfo=datetime.UTC)
IN_TIME = datetime.datetime(2025, 3, 30, 2, tzinfo=datetime.UTC)


def at(when: datetime.datetime) -> int:
    """Return seconds since 1970."""
    return int(when.timestamp())


@pytest.mark.parametrize("most", [0, 40])
def test_what_counts_by_its_day_loses_by_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(library, "MOST", most)
    written = Written(tmp_path / "root")
    files = {f"{HOME}/{path}": encoded(data) for path, data in (
        document("one"), document("two", kind="check-list"), document("two-more")
    )}  # fmt: skip
    head = written.repo.change(files | {f"{HOME}/documents/one/more.md": "x"})
    found = waiting(tmp_path / "root", "main", head, at(NOW))
    told = {record.path for record in found}
    assert {"documents/one", "documents/two-more"} <= told
    assert ("documents/two" in told) == (most == 0)
    for record in found:
        assert (record.branch, record.year) == ("a", 2025)
        path = f"{HOME}/{record.path}/document.yml"
        assert record.blob == written.repo.git("rev-parse", f"{head}:{path}")
    assert waiting(tmp_path / "root", "main", head, at(IN_TIME)) == []


def test_what_was_there_before_does_not_wait(tmp_path: Path) -> None:
    written = Written(tmp_path / "root")
    path = f"{HOME}/documents/y/document.yml"
    moved = written.repo.change(
        {path: None, path.replace("/y/", "/z/"): (written.root / path).read_bytes()}
    )
    edited = written.repo.change({path: encoded({**document("y")[1], "title": "另一个"})})
    outside = written.repo.change({"README.md": "x", "committee/2025/received/a.yml": "[]\n"})
    for head in (moved, edited, outside):
        assert waiting(written.root, "main", head, at(NOW)) == []


def test_the_deadline_of_the_self_assessment_is_a_day_too(tmp_path: Path) -> None:
    written = Written(tmp_path / "root")
    fresh = {path.replace("/a/", "/b/"): data for path, data in files_of().items() if "/a/" in path}
    head = written.repo.change({path: encoded(data) for path, data in fresh.items()})
    late = datetime.datetime(2025, 12, 21, tzinfo=datetime.UTC)
    (record,) = waiting(written.root, "main", head, at(late))
    assert record.path == "self-assessment.yml"
    assert waiting(written.root, "main", head, at(NOW)) == []


RECORD = Record("demo-a", 2025, "documents/report-4", "b" * 40)
OTHER = Record("demo-a", 2025, "self-assessment.yml", "c" * 40)
RUNS = [
    Run(datetime.datetime(2025, 12, 18, 12, tzinfo=datetime.UTC), "1" * 40),
    Run(datetime.datetime(2025, 12, 19, 15, 40, tzinfo=datetime.UTC), "2" * 40),
    Run(datetime.datetime(2025, 12, 22, 16, 40, tzinfo=datetime.UTC), "3" * 40),
]
MERGE = datetime.datetime(2025, 12, 22, 17, tzinfo=datetime.UTC)


def text_of(held: dict[str, set[str]], *records: Record) -> str:
    """Return the text for records, given which commit holds which blobs."""
    return text_for(
        12, records, RUNS, lambda commit, record: record.blob in held.get(commit, set()), MERGE
    )


def test_the_entry_is_one_that_the_program_reads() -> None:
    held = {"2" * 40: {RECORD.blob, OTHER.blob}, "3" * 40: {RECORD.blob}}
    text = text_of(held, RECORD, OTHER)
    assert "`committee/2025/received/demo-a.yml`" in text
    data = text.partition("```yaml\n")[2].partition("\n```")[0].encode()
    report = Report()
    node = parse(data, report, "received.yml")
    assert node is not None
    entries = RECEIVED.read(node, Place("received.yml"), Context(report))
    assert entries is not INVALID
    assert report.findings == []
    assert [(e.path, f"{e.on}", e.by, f"{e.date}") for e in entries] == [
        ("documents/report-4", "2025-12-19", "office", "2025-12-23"),
        ("self-assessment.yml", "2025-12-19", "office", "2025-12-23"),
    ]
    assert yaml.safe_load(data)[0]["reason"] == "平台 2025-12-19 23时40分 收到第 12 号合并请求"


def test_without_an_earlier_day_there_is_nothing_to_copy() -> None:
    assert text_of({}, RECORD) == ""
    assert text_of({"3" * 40: {RECORD.blob}}, RECORD) == ""
    assert text_of({"1" * 40: {RECORD.blob}}) == ""


def test_what_strangers_name_is_left_out() -> None:
    names = ["documents/x`", "documents/x\ny", "activities/甲", "other/x", "documents/x/y"]
    bad = [{**RECORD._asdict(), "path": name} for name in names]
    bad.append({**RECORD._asdict(), "branch": "a b"})
    assert records_of(json.dumps([*bad, RECORD._asdict()])) == [RECORD]
    assert run_of({"created_at": "2025-12-19T15:40:00Z", "head_sha": "2" * 40}) == RUNS[1]
    for answer in (
        {},
        {"created_at": "2025-12-19", "head_sha": "2" * 40},
        {"created_at": "2025-12-39T15:40:00Z", "head_sha": "2" * 40},
        {"created_at": "2025-12-19T15:40:00Z", "head_sha": "--upload-pack"},
    ):
        assert run_of(answer) is None
    assert sound("example-a")
    assert not any(map(sound, ("a&b", "app[bot]", "", "a b")))


def test_the_day_is_the_last_in_time() -> None:
    assert f"{IN_TIME:%Y-%m-%d}" <= DUE < f"{NOW:%Y-%m-%d}"
