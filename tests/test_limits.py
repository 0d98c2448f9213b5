"""Limits of files stand where a secretary looks, as the program holds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.engine.freeze.standing import Standing
from generator.files.attachments import TYPES
from generator.files.attachments.images import DENSE, DENSE_FROM, MAX_PIXELS
from generator.files.attachments.office import MAX_ROWS, MAX_TOTAL
from generator.files.limits import MAX_BRANCH_YEAR, MAX_FILE, MEGABYTE, Allowed
from generator.reports.left.ready import as_json, as_text
from generator.site.build.written import filled
from generator.text.names import MAX_NAME_BYTES
from tests.guarding import AUTHOR, guarded, verdict
from tests.years import YEAR, Branch, evaluated, judged, rubric, section, year_of

ROOT = Path(__file__).resolve().parents[1]
MILLION = 1_000_000
FILE, ALL = f"{MAX_FILE // MEGABYTE} MB", f"{MAX_BRANCH_YEAR // MEGABYTE} MB"
TOLD = {
    "site_templates/pages/guide.md": [
        f"每个不超过 {FILE}",
        f"合计不超过 {ALL}",
        f"最多 {MAX_PIXELS // 10**8} 亿像素",
        f"最多 {MAX_ROWS // 10**4} 万行",
        f"最长 {MAX_NAME_BYTES} 字节（大约 {MAX_NAME_BYTES // 3} 个汉字）",
    ],
    "site_templates/pages/guide.en.md": [
        f"at most {FILE} each",
        f"{ALL} for all",
        f"at most {MAX_PIXELS // MILLION} million pixels",
        f"at most {MAX_ROWS:,} rows",
        f"at most {MAX_NAME_BYTES} bytes",
    ],
    "docs/format.md": [
        f"At most {FILE} (of 1,000,000 bytes) each, and {ALL} for all files",
        f"at most {MAX_PIXELS // MILLION} million pixels; above {DENSE_FROM // MILLION} million,",
        f"at most {DENSE:,} a byte of its file",
        f"at most {MAX_ROWS:,} rows",
        f"unpacks to at most {MAX_TOTAL // MEGABYTE} MB",
        f"At most {MAX_NAME_BYTES} bytes a name",
    ],
}


@pytest.mark.parametrize("page", TOLD)
def test_limits_are_told_as_they_are(page: str) -> None:
    text = " ".join(filled((ROOT / page).read_text("utf-8"), 2031).split())
    assert [words for words in TOLD[page] if words not in text] == []
    assert [ending for ending in TYPES if ending != "jpeg" and ending not in text] == []


PLAN = f"branches/b/{YEAR}/documents/x"


def allowing(limits: Any, size: int) -> list[tuple[str, str, str]]:
    """Return code, path and words of what is found in a year with limits and a file of a size."""
    plan = {"kind": "plan", "title": "计划", "date": f"{YEAR}-02-01", "files": ["a.txt"]}
    files = year_of(rubric(section("s", judged("one"))), {"b": Branch()})
    files[f"committee/{YEAR}/appraisal.yml"] |= {"limits": limits}
    files |= {f"{PLAN}/document.yml": plan, f"{PLAN}/a.txt": b"x" * size}
    found = evaluated(files).findings
    return [(f.code, f.path, str(f.message)) for f in found if f.code in {"E013", "S003", "S002"}]


@pytest.mark.parametrize(("limit", "size"), [(2, 2_000_000), (0.5, 500_000), (12, 12_000_000)])
def test_a_year_has_limits_of_its_own(limit: float, size: int) -> None:
    words = f"附件 {(size + 1) / MEGABYTE:.1f} MB，上限 {limit} MB"
    assert allowing({"file": limit}, size) == []
    assert allowing({"file": limit}, size + 1) == [("E013", f"{PLAN}/a.txt", words)]
    (year,) = allowing({"file": 50, "branch": limit}, size)
    assert (year[0], f"上限 {limit} MB" in year[2]) == ("E013", True)


def test_without_limits_the_usual_hold() -> None:
    for limits in (None, {}, {"branch": 300}):
        assert allowing(limits, MAX_FILE) == []
        assert [found[0] for found in allowing(limits, MAX_FILE + 1)] == ["E013"]


@pytest.mark.parametrize(
    "limits", [{"file": 0}, {"file": 101}, {"branch": 0}, {"file": -1}, [], "x", {"files": 1}]
)
def test_limits_that_cannot_be_are_told_and_the_usual_hold(limits: object) -> None:
    (fault,) = allowing(limits, MAX_FILE)
    assert fault[:2] in {(code, f"committee/{YEAR}/appraisal.yml") for code in ("S002", "S003")}
    assert len(allowing(limits, MAX_FILE + 1)) == 2


def test_the_guard_takes_the_limits_of_the_base(tmp_path: Path) -> None:
    repo = guarded(tmp_path)
    path, appraisal = "branches/demo-a/2025/documents/plan/big.md", "committee/2025/appraisal.yml"
    text = (tmp_path / appraisal).read_text("utf-8")
    limited = f"{text}limits: {{file: 0.002, branch: 0.01}}\n"
    own = {path: "x" * 2_001}
    # A change that brings limits along is judged by those of the base.
    both = repo.change({path: "x" * 2_001, appraisal: limited})
    assert not {code for _, code, _ in verdict(repo, both, "example-committee")} & {"G006"}
    main = repo.change({appraisal: limited})
    repo.git("update-ref", "refs/heads/main", main)
    assert verdict(repo, repo.change(own), AUTHOR) == {("error", "G006", path)}
    assert verdict(repo, repo.change({path: "x" * 2_000}), AUTHOR) == set()
    many = {f"{path}{n}.md": "x" * 1_999 for n in range(6)}
    whole = verdict(repo, repo.change(many), AUTHOR)
    assert whole == {("error", "G006", "branches/demo-a/2025")}


def test_what_is_left_before_the_end_has_the_limit_of_the_year() -> None:
    files = year_of(rubric(section("s", judged("one"))), {"b": Branch()})
    files[f"committee/{YEAR}/appraisal.yml"] |= {"limits": {"branch": 1.5}}
    standing = Standing(YEAR, evaluated(files), "review", dirty=False, frozen=False, sizes={"b": 7})
    assert json.loads(as_json(standing))["bytes"]["limit"] == 1_500_000
    assert "每个支部最多 1.5 MB" in as_text(standing)


def test_the_guide_tells_the_limits_of_the_year() -> None:
    told = filled("{file_limit} {year_limit}", YEAR, Allowed(2_500_000, 80_000_000))
    assert told == "2.5 MB 80 MB"
