"""The review queue: what is left, by branch, criterion and reviewer; for the committee alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.reports.review.queue import LEFT, queue_of
from generator.results.audience import Audience, Publish
from generator.site.addresses import QUEUE
from generator.site.work import queue as pages_of_queue
from tests.support import BASE, appraise
from tests.test_export_books import evaluated

if TYPE_CHECKING:
    from generator.results.model import Results
    from generator.rubric.document import Rubric
    from generator.site.data.years import SiteData

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def year() -> tuple[Results, Rubric]:
    return evaluated(ROOT, 2025)


def test_what_is_left_is_what_rests_on_claims_or_nothing(year: tuple[Results, Rubric]) -> None:
    results, rubric = year
    queue = queue_of(results, rubric, ())
    left = {b.id: sum(line.basis in LEFT for line in b.criteria) for b in results.branches}
    assert {item.branch.id: item.left for item in queue.waiting if item.left} == {
        name: n for name, n in left.items() if n
    }
    assert sum(column.left for column in queue.criteria) == sum(left.values()) > 0
    assert queue.done + len(queue.waiting) == len(results.branches)
    office = queue.reviewers[0]
    assert office.decided == sum(
        bool(line.decided_on) and line.decided_by == office.name
        for b in results.branches for line in b.criteria if line.criterion
    )  # fmt: skip
    weights = [item.left + item.stale + item.bonus for item in queue.waiting]
    assert weights == sorted(weights, reverse=True)


def test_a_decision_whose_evidence_changed_comes_back_into_the_queue(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path / "repo")
    root = tmp_path / "repo"
    assert appraise("review", "demo-a", "--write", root=root).exit_code == 0
    own = root / "committee/2025/reviews/demo-a.yml"
    own.write_text(own.read_text("utf-8").replace("# ", "", 1).replace("\n#   ", "\n  "), "utf-8")
    before = appraise("review", root=root).output
    record = root / "branches/demo-a/2025/documents/plan/plan.md"
    record.write_text(record.read_text("utf-8") + "\n补充。\n", "utf-8")
    after = appraise("review", root=root).output
    assert "材料已变" not in before
    assert "材料已变" in after
    assert appraise("review", "--write", root=root).exit_code == 2


def test_the_page_is_on_the_committee_s_site_alone(site: SiteData) -> None:
    from generator.site.build.families import FAMILIES
    from generator.site.data.year import YearPages

    for audience in Audience:
        made = YearPages(replace(site, publish=Publish(audience)))
        found = [address for family in FAMILIES for address, _ in family(made)]
        assert (f"{site.prefix}{QUEUE}" in found) is (audience is Audience.INTERNAL)
    made = YearPages(replace(site, publish=Publish(Audience.INTERNAL)))
    ((_, maker),) = list(pages_of_queue.pages(made))
    body = str(maker().body)
    queue = queue_of(site.results, site.rubric, site.evaluation.findings)
    for item in queue.waiting:
        assert item.branch.name in body
