"""What is recorded and not scored, and reports that lie beside ballots: in no total."""

from __future__ import annotations

from typing import Any

import pytest

from generator.site.html.audit import Auditor
from tests.site_bodies import site_pages
from tests.test_site_pages import Page
from tests.two_years import site_of
from tests.years import (
    YEAR,
    Branch,
    Data,
    branches_of,
    claim,
    document,
    encoded,
    evaluated,
    judged,
    rubric,
    section,
    year_of,
)

KINDS: Data = {
    "survey": {"title": "满意度 <b>测评</b>", "fields": {"收回": "count"}, "scored": False},
    "report": {"title": "书面报告"},
}
BALLOT: Data = {
    "id": "c", "title": "述职", "points": 10, "method": "ballot", "evidence": {"kinds": ["report"]},
}  # fmt: skip
CARD = f"{YEAR}/branches/a.html"


def files_of(*kinds: str, criterion: Data = BALLOT, **change: Any) -> Data:
    """Return the files of a year whose branch filed documents of these kinds."""
    rules = rubric(section("s", criterion, judged("d")), ballot={"good": 1, "fair": 0.5})
    rules["document_kinds"] |= KINDS
    rules["document_kinds"]["survey"] |= change
    fields: Data = {"survey": {"收回": 27}}
    records = [document(kind, kind=kind, **fields.get(kind, {})) for kind in kinds]
    entry = {"mode": "onsite", "ballots": {"good": 3, "fair": 1}}
    branch = Branch(claims={"d": claim(5)}, records=records, debrief=entry)
    return year_of(rules, {"a": branch})


def card(*kinds: str) -> str:
    """Return the body of the scorecard, which passed the audit."""
    files = {path: encoded(data) for path, data in files_of(*kinds).items()}
    pages = {page.address: str(page.body) for page in site_pages(site_of(files))}
    Auditor().body(CARD, pages[CARD])
    return pages[CARD]


def figures(files: Data) -> dict[str, Any]:
    """Return all that the results say of the branch, without its list of records."""
    return {k: v for k, v in branches_of(files)["a"].items() if k != "records"}


def test_neither_moves_anything_in_the_results() -> None:
    plain = figures(files_of("plan"))
    assert figures(files_of("plan", "survey", "report")) == plain
    assert plain["total"] == 13.75


def test_what_is_not_scored_stands_apart_on_the_card() -> None:
    body = card("survey", "report")
    part = body[body.index('id="unscored"') :].partition("</section>")[0]
    said = "".join(Page(part).text.split())
    assert "不计分" in said
    assert "满意度<b>测评</b>" in said
    assert "收回27" in said
    assert "documents/survey.html" in part
    assert "documents/report.html" not in part
    assert 'id="unscored"' not in card("report", "plan")


def test_a_report_lies_beside_the_line_of_the_ballots() -> None:
    found = []
    for kinds in (("report",), ("plan",)):
        body = card(*kinds).replace("\n", "")
        line = body[body.index("述职") : body.index('id="reached"')]
        found.append(f"documents/{kinds[0]}.html" in line)
    assert found == [True, False]


COUNTING: list[Data] = [
    {"id": "c", "title": "c", "points": 10, "method": "share", "of": "survey", "having": ["url"]},
    judged("c", evidence={"kinds": ["survey"]}),
    {"id": "c", "title": "c", "points": 10, "method": "parts", "parts": [
        {"id": "p", "title": "p", "points": 6, "method": "share", "of": "survey",
         "having": ["收回"]},
        {"id": "q", "title": "q", "points": 4, "method": "share", "of": "plan", "having": ["url"]},
    ]},
]  # fmt: skip


@pytest.mark.parametrize("criterion", COUNTING)
def test_no_criterion_counts_it(criterion: Data) -> None:
    """Where it says that it is not scored, and only there."""
    at = "/document_kinds/survey/scored"
    told = [
        [
            f
            for f in evaluated(files_of(criterion=criterion, scored=own)).findings
            if f.pointer == at
        ]
        for own in (False, True)
    ]
    assert [[(f.code, f"{f.severity}") for f in found] for found in told] == [
        [("B005", "error")], [],
    ]  # fmt: skip
