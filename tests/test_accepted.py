"""Claims that the committee takes over as they stand: exactly these lines, and counted apart."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from generator.proposals.difference import line_changes
from generator.reports.scores import as_csv, as_table
from generator.results.document import dump_parts, to_json
from generator.results.frozen import FrozenError, frozen_bytes, read_results, sealed
from generator.results.packed import AS_CLAIMED
from generator.scoring.scorecard import INKS, Basis, Line
from generator.site.data.makeup import makeup_of
from generator.site.exports.tables import LINES, line_columns, lines_csv, ranking_columns
from tests.markup import tree
from tests.site_bodies import site_pages
from tests.tiers import tiered
from tests.two_years import site_of
from tests.years import (
    YEAR,
    Branch,
    award,
    claim,
    document,
    encoded,
    evaluated,
    judged,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from generator.results.model import BranchResult, Results
    from generator.site.data.years import SiteData

WHY = "党委会逐项审阅后按自评认定"
NAMES = ("a", "b", "c")
RULES = rubric(
    section(
        "one",
        judged("asked", 10, evidence={"required": True, "kinds": ["plan"]}),
        judged("free", 10),
        judged("other", 10),
        {"id": "counted", "title": "counted", "points": 10, "method": "threshold",
         "measure": {"count": "plan"}, "target": 1},
    ),
    section("two", judged("last", 8), {"id": "d", "title": "d", "points": 4, "method": "ballot"}),
    ballot={"good": 1},
    bonus={"rules": [{"id": "award", "title": "表彰", "levels": {"city": 2}}]},
    grades=[{"id": "good", "title": "好", "min": 30}, {"id": "low", "title": "差", "min": 0}],
    questions=[{
        "id": "q", "issue": "如何计", "choice": "按十分",
        "alternatives": [{"label": "按九分", "change": {
            "criteria.free.points": 9, "criteria.last.points": 9,
            "sections.one.points": 39, "sections.two.points": 13,
        }}],
    }],
)  # fmt: skip
JUDGED = ("asked", "free", "other", "last")


def drawn_branch(rng: random.Random) -> Branch:
    """Return a branch whose claims stand in every way that a claim can."""
    claims: dict[str, Any] = {}
    reviews: dict[str, Any] = {}
    for name in (*JUDGED, "counted"):
        kind = rng.choice(["no", "claim", "claim", "cited", "missing", "form", "apart", "above"])
        points = rng.randint(0, 8)
        claims[name] = {
            "claim": claim(points),
            "cited": claim(points, "documents/x"),
            "missing": claim(points, "documents/none"),
            "form": claim(points, "documents/f"),
            "apart": {"not_applicable": "没有"},
            "above": claim(11),
        }.get(kind)
        if rng.random() < 0.2:
            reviews[name] = rng.choice(
                [{"points": 1, "reason": "已核"}, {"not_applicable": "excluded", "reason": "无"}]
            )
    return Branch(
        claims={name: own for name, own in claims.items() if own},
        reviews=reviews,
        records=[document("x"), document("f", "form")],
        bonus=[award("won", "city", "甲")] if rng.random() < 0.5 else [],
        debrief={"mode": "onsite", "ballots": {"good": 3}} if rng.random() < 0.5 else None,
        vetoes=[{"veto": "v", "state": "verified"}] if rng.random() < 0.1 else None,
    )


def drawn(seed: int, accepts: str = "", stage: str = "review") -> dict[str, Any]:
    """Return the files of a year."""
    rng = random.Random(seed)
    files = year_of(RULES, {name: drawn_branch(rng) for name in NAMES})
    files[f"committee/{YEAR}/appraisal.yml"] |= {"stage": stage}
    files[f"committee/{YEAR}/decision.yml"] = {"meeting": "示例会议"} | (
        {"accept_claims": accepts} if accepts else {}
    )
    return files


def results_of(files: dict[str, Any]) -> Results:
    """Return the results of a year."""
    results = evaluated(files).results
    assert results is not None
    return results


def lines_by_name(branch: BranchResult) -> dict[tuple[str | None, str | None], Line]:
    """Return the lines of a branch."""
    return {(line.criterion, line.part): line for line in branch.lines}


@pytest.mark.parametrize("seed", tiered(range(200), often=40, fast=10))
def test_exactly_the_claimed_lines_become_verified(seed: int) -> None:
    before, after = results_of(drawn(seed)), results_of(drawn(seed, WHY))
    for branch in before.branches:
        again = after.branch(branch.id)
        old, new = lines_by_name(branch), lines_by_name(again)
        assert old.keys() == new.keys()
        taken = [name for name, line in old.items() if line.basis is Basis.CLAIMED]
        for name, line in new.items():
            if name not in taken:
                assert line == old[name]
                continue
            assert line.basis is Basis.ACCEPTED
            assert line.points == line.verified == line.claimed == old[name].points
            assert str(line.reason) == f"按自评认定：{WHY}"
        assert (again.total, again.fixed, again.bonus) == (branch.total, branch.fixed, branch.bonus)
        assert again.bonus_lines == branch.bonus_lines
        assert again.accepted == len(taken)
        assert again.done == branch.done + len(taken)
        assert again.pending == branch.pending
        told = [change.line for change in line_changes(branch, again)]
        assert [line.criterion for line in told if isinstance(line, Line)] == [
            name for name, _ in taken
        ]


@pytest.mark.parametrize("seed", tiered(range(60), often=12, fast=4))
def test_files_say_it_only_where_it_is_so(seed: int) -> None:
    before, after = results_of(drawn(seed)), results_of(drawn(seed, WHY))
    assert AS_CLAIMED not in "".join(dump_parts(before))
    assert ranking_columns(before) != ranking_columns(after) or not any(
        branch.accepted for branch in after.branches
    )
    document = json.loads("".join(dump_parts(after)))
    assert document["decision"]["accept_claims"] == WHY
    for branch in document["branches"]:
        marked = [line for line in branch["lines"] if AS_CLAIMED in line]
        assert all(line["basis"] == "verified" and line[AS_CLAIMED] is True for line in marked)
        assert (
            branch["assessed"].get(AS_CLAIMED, 0)
            == len(marked)
            == after.branch(branch["id"]).accepted
        )
    rows = list(csv.DictReader(io.StringIO(as_csv(after).removeprefix("\ufeff"))))
    lines = b"".join(lines_csv(after)).decode("utf-8-sig")
    told = [row for row in csv.DictReader(io.StringIO(lines)) if row.get(AS_CLAIMED) == "true"]
    wanted = sum(branch.accepted for branch in after.branches)
    assert sum(int(row.get(AS_CLAIMED, 0)) for row in rows) == len(told) == wanted
    assert ("按自评认定" in as_table(after)) == bool(wanted)
    assert b"".join(lines_csv(before)).splitlines()[0].decode("utf-8-sig").split(",") == [
        column.name for column in LINES
    ]
    assert [column.name for column in line_columns(after)][-1:] == (
        [AS_CLAIMED] if wanted else [LINES[-1].name]
    )


def test_frozen_lines_are_read_back_and_nothing_else_is_taken() -> None:
    results = results_of(drawn(3, WHY, "final"))
    document = to_json(results)
    again = read_results(sealed(results))
    assert frozen_bytes(to_json(again)) == frozen_bytes(document)
    line = next(li for b in document["branches"] for li in b["lines"] if AS_CLAIMED in li)
    for change in ({AS_CLAIMED: False, "x": 1}, {AS_CLAIMED: 1}, {AS_CLAIMED: "true"},
                   {"basis": "accepted"}, {"basis": "claimed"}):  # fmt: skip
        kept = dict(line)
        line |= change
        with pytest.raises(FrozenError):
            read_results(document)
        line.clear()
        line |= kept
    assert read_results(document).branches == again.branches


@pytest.mark.parametrize("answer", ["true", "false", "yes", "否", "是", ""])
def test_a_yes_or_no_takes_nothing_over(answer: str) -> None:
    files = drawn(1)
    files[f"committee/{YEAR}/decision.yml"] = f"meeting: 示例会议\naccept_claims: {answer}\n"
    evaluation = evaluated(files)
    assert evaluation.results is not None
    assert all(branch.accepted == 0 for branch in evaluation.results.branches)
    codes = [f.code for f in evaluation.findings if f.path.endswith("decision.yml")]
    assert codes == (["S003"] if answer else [])


def test_other_answers_take_claims_over_too() -> None:
    """The outcome of an answer is what the year gives with a rubric that was changed by hand."""
    files = drawn(2, WHY)
    evaluation = evaluated(files)
    assert evaluation.whatif is not None
    (answer,) = evaluation.whatif.answers
    outcome = evaluation.whatif.outcome(answer)
    assert outcome is not None
    text = json.dumps(RULES, ensure_ascii=False)
    one, two = json.loads(text)["sections"]
    one["points"], one["criteria"][1]["points"] = 39, 9
    two["points"], two["criteria"][0]["points"] = 13, 9
    changed = results_of(files | {"rubric.yml": json.loads(text) | {"sections": [one, two]}})
    assert any(branch.accepted for branch in changed.branches)
    for change in outcome.changes:
        found = changed.branch(change.now.id)
        assert (change.total, change.low, change.high) == (found.total, found.low, found.high)
    assert outcome.changes


def shares(body: str) -> dict[str, tuple[Decimal, str]]:
    """Return what a page says that totals are made of: basis → points, words."""
    (found,) = tree(body).all("ul", "ap-makeup")
    return {
        item.attributes["data-basis"] or "": (
            Decimal(item.attributes["data-value"] or ""), item.text
        )
        for item in found.all("li")
        if "data-basis" in item.attributes
    }  # fmt: skip


def site_drawn(seed: int, accepts: str, stage: str) -> SiteData:
    """Return the site of a drawn year."""
    files = drawn(seed, accepts, stage)
    return site_of({path: encoded(data) for path, data in files.items()})


@pytest.mark.parametrize("stage", ["open", "review", "final"])
@pytest.mark.parametrize("seed", tiered(range(30), often=3, fast=1))
def test_pages_name_all_parts_of_a_total_whatever_the_stage(seed: int, stage: str) -> None:
    site = site_drawn(seed, WHY if seed % 2 else "", "review")
    object.__setattr__(site.results, "stage", stage)
    bodies = {page.address: str(page.body) for page in site_pages(site)}
    wanted = [*INKS, "bonus"]
    filed = [branch for branch in site.results.branches if branch.total is not None]
    for address in ("index.html", "process.html"):
        told = shares(bodies[address])
        assert list(told) == wanted
        assert sum(points for points, _ in told.values()) == sum(b.total or 0 for b in filed)
    for branch in filed:
        told = shares(bodies[f"{YEAR}/branches/{branch.id}.html"])
        assert list(told) == wanted
        assert sum(points for points, _ in told.values()) == branch.total
        for basis, (_, words) in told.items():
            count = sum(own.basis.value == basis for own in branch.criteria)
            if basis in {"accepted", "claimed", "pending"}:
                assert re.search(rf"\b{count}\s项", words), (branch.id, words)
        accepted = [line for line in branch.criteria if line.basis is Basis.ACCEPTED]
        card = tree(bodies[f"{YEAR}/branches/{branch.id}.html"])
        assert len(card.all("span", "ap-mark-accepted")) >= len(accepted)
    for address in ("criteria.html", "heat.html", "points.html", "fields.html"):
        known = "按自评认定" in bodies[address]
        assert known == bool(seed % 2), address


def test_the_parts_add_up_to_the_totals_and_none_is_left_out() -> None:
    for seed in range(8):
        results = results_of(drawn(seed, WHY if seed % 2 else ""))
        for branch in results.branches:
            parts = makeup_of([branch])
            assert sum(part.points for part in parts) == branch.total
            assert sum(part.criteria or 0 for part in parts) == branch.of
    assert makeup_of([]) == ()
