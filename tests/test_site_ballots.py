"""Ballots on pages: what became of them, and a sheet to count them on, twice."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pytest

from generator.results.audience import INTERNAL
from generator.site.html.audit import Auditor
from tests.site_bodies import site_pages
from tests.test_ballots import drawn, returned
from tests.test_site_directory import table
from tests.test_site_pages import Page
from tests.tiers import tiered
from tests.two_years import site_of
from tests.years import YEAR, Branch, Data, claim, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = f"committee/{YEAR}"
BALLOT: Data = {"id": "c", "title": "c", "points": 10, "method": "ballot"}
WEIGHTS = {"good": 1, "fair": 0.6, "poor": 0}


def bodies(meeting: Mapping[str, Data], stage: str, criterion: Data = BALLOT) -> dict[str, str]:
    """Return the bodies of the pages of a year with this meeting, all audited."""
    rules = rubric(section("s", criterion, judged("d")), ballot=WEIGHTS)
    branches = {name: Branch(claims={"d": claim(5)}, debrief=own) for name, own in meeting.items()}
    files = year_of(rules, branches)
    files[f"{HOME}/appraisal.yml"] |= {"stage": stage}
    found = site_of({path: encoded(data) for path, data in files.items()}, INTERNAL)
    pages = {page.address: str(page.body) for page in site_pages(found)}
    auditor = Auditor()
    for address, body in pages.items():
        auditor.body(address, body)
    return pages


@cache
def counted(stage: str) -> dict[str, str]:
    """Return the pages of a year in a stage."""
    entry = {"mode": "onsite", "issued": 12, "ballots": {"good": 8, "fair": 2}, "void": 1}
    return bodies({"a": entry}, stage)


def text(body: str) -> str:
    """Return what a page shows, without blanks."""
    return "".join(Page(body).text.split())


@pytest.mark.parametrize("stage", ["open", "review", "publicity"])
def test_a_sheet_has_two_columns_until_results_are_posted(stage: str) -> None:
    pages = counted(stage)
    assert ("count.html" in pages) == (stage != "publicity")
    assert ('href="count.html"' in pages["process.html"]) == ("count.html" in pages)
    if "count.html" in pages:
        body = pages["count.html"].replace("ap-form ap-counting", "ap-grid ap-form")
        body = body[body.index("<thead>") - 200 :]
        rows = table(body, "ap-form")
        assert [row[0].split("（")[0] for row in rows][:7] == [
            "发出", "良好", "一般", "较差", "有效票合计", "废票", "未收回发出减去有效票和废票",
        ]  # fmt: skip
        assert all(row[1:] == ["", ""] for row in rows)
        assert "第一次计票" in body
        assert "第二次计票" in body


def test_no_ballots_no_sheet() -> None:
    pages = bodies({"a": {"mode": "onsite"}}, "review", judged("c"))
    assert "count.html" not in pages
    assert "count.html" not in pages["process.html"]


@pytest.mark.parametrize("seed", tiered(range(30), often=6, fast=2))
def test_the_step_tells_what_became_of_all_ballots(seed: int) -> None:
    """Of those branches of which it is known how many were handed out; else nothing."""
    meeting = drawn(Random(seed), count=4)
    for entry in meeting.values():
        if "issued" in entry:
            entry["issued"] += returned(entry)
    known = [entry for entry in meeting.values() if "issued" in entry]
    said = text(bodies(meeting, "review")["process.html"])
    assert ("个党支部的测评票" in said) == bool(known)
    if known:
        issued = sum(entry["issued"] for entry in known)
        valid = sum(sum(entry["ballots"].values()) for entry in known)
        void = sum(entry["void"] for entry in known)
        words = f"发出{issued}张，有效{valid}张，废票{void}张，未收回{issued - valid - void}张"
        assert f"{len(known)}个党支部的测评票{words}" in said
