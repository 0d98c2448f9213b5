"""No line of a final year is unverified without pages, results, tables and a finding saying so."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import evaluate
from generator.results.document import dump_parts
from generator.results.frozen import frozen_bytes, sealed
from generator.scoring.scorecard import Basis
from generator.site.exports.tables import lines_csv
from tests.markup import tree
from tests.memory import MemoryTree
from tests.site_bodies import site_pages
from tests.test_accepted import NAMES, RULES, WHY, drawn, shares
from tests.tiers import tiered
from tests.two_years import site_of
from tests.years import YEAR, claim, encoded

if TYPE_CHECKING:
    from generator.results.model import Results
    from generator.site.data.years import SiteData
    from generator.text.findings import Finding

HOME = f"committee/{YEAR}"
OPEN = {Basis.CLAIMED: "C009", Basis.PENDING: "C007"}
BANNED = {"vetoes": [{"id": "harm", "title": "违纪"}]}


def ended(seed: int) -> dict[str, Any]:
    """Return a final year in which claims, and what nobody assessed, are left in every way."""
    files = drawn(seed, WHY if seed % 4 == 1 else "", "final")
    files["rubric.yml"] = RULES | BANNED
    rng = random.Random(seed)
    for name in NAMES:
        if rng.random() < 0.4:
            files[f"{HOME}/vetoes/{name}.yml"] = [
                {"veto": "harm", "state": "verified", "reason": "属实"}
            ]
    return files


def blocked_by_nothing(seed: int) -> dict[str, Any]:
    """Return a year that can be frozen: its claims are sound, and every branch is vetoed."""
    files = ended(seed)
    files["rubric.yml"] = RULES | BANNED | {"questions": []}
    files[f"{HOME}/decision.yml"] = {"meeting": "示例会议", "decided": "2026-01-20"}
    veto = [{"veto": "harm", "state": "verified", "reason": "属实"}]
    for name in NAMES:
        files[f"{HOME}/vetoes/{name}.yml"] = veto
        own = files[f"branches/{name}/{YEAR}/self-assessment.yml"]
        own["bonus"] = []
        for criterion, told in own["claims"].items():
            if "points" in told:
                own["claims"][criterion] = claim(min(told["points"], 8), "documents/x")
    return files


def told_of(results: Results, site: SiteData, findings: list[Finding]) -> int:
    """Hold every form of a final year to what is unverified in it; return how many lines are."""
    bodies = {page.address: str(page.body) for page in site_pages(site)}
    written = {own["id"]: own for own in json.loads("".join(dump_parts(results)))["branches"]}
    table = b"".join(lines_csv(results)).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["line"] == "criterion"]
    count = 0
    for branch in results.branches:
        left = {line.criterion or "": line.basis for line in branch.criteria if line.basis in OPEN}
        count += len(left)
        own = written[branch.id]
        said = {
            line["criterion"]: line["basis"]
            for line in own["lines"]
            if line["part"] is None and line["basis"] in {"claimed", "pending"}
        }
        assert said == {name: basis.value for name, basis in left.items()}
        about = {
            (f.code, f"{f.message}".split("”")[0].strip("“"))
            for f in findings
            if f.branch == branch.id and f.code in OPEN.values()
        }
        assert {(OPEN[basis], name) for name, basis in left.items()} <= about
        on_card(bodies[f"{YEAR}/branches/{branch.id}.html"], left)
        apart = {row["criterion"]: row["basis"] for row in rows if row["branch"] == branch.id}
        assert said.items() <= apart.items()
    for address in ("index.html", "process.html"):
        told = shares(bodies[address])
        filed = [branch for branch in results.branches if branch.total is not None]
        for basis in OPEN:
            lines = [li for b in filed for li in b.criteria if li.basis is basis]
            points, words = told[basis.value]
            assert points == sum((line.points or Decimal(0) for line in lines), Decimal(0))
            assert re.search(rf"\b{len(lines)}\s项", words)
    return count


def on_card(body: str, left: dict[str, Basis]) -> None:
    """Hold a card to the lines that nobody verified: how many of which kind, and each by name."""
    sections = [own for own in tree(body).all("section") if own.all("h2", id="waiting")]
    assert len(sections) == bool(left)
    for own in sections:
        claimed = sum(basis is Basis.CLAIMED for basis in left.values())
        heading = own.one("h2").text.replace("\u00a0", " ")
        assert heading.startswith(f"未经核定 {len(left)} 项")
        assert heading.endswith(f"按自评计入 {claimed} 项，未评 {len(left) - claimed} 项")
        assert {part.attributes["id"] for part in own.all("details", "ap-criterion")} == {*left}


@pytest.mark.parametrize("seed", tiered(range(60), often=4, fast=1))
def test_what_nobody_verified_is_said_in_every_form(seed: int) -> None:
    raw = {path: encoded(data) for path, data in ended(seed).items()}
    found = evaluate(MemoryTree(raw), YEAR)
    assert found.results is not None
    assert told_of(found.results, site_of(raw), found.findings) > 0 or seed % 4 == 1


@pytest.mark.parametrize("seed", tiered(range(60), often=4, fast=1))
def test_a_frozen_year_says_it_of_branches_that_block_nothing(seed: int) -> None:
    raw = {path: encoded(data) for path, data in blocked_by_nothing(seed).items()}
    found = evaluate(MemoryTree(raw), YEAR)
    assert found.results is not None
    assert found.errors == 0
    raw[f"{HOME}/results.json"] = frozen_bytes(sealed(found.results))
    raw[f"{HOME}/rubric.yml"] = raw["rubric.yml"]
    site = site_of(raw)
    assert site.results.stage == "final"
    assert told_of(site.results, site, found.findings) > 0
