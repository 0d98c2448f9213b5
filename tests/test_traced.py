"""Each cell and paragraph is traced to the results: one leaf changes, and its places alone do."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import docx
import pytest

from generator.exchange.papers import ballots, form, letter, notice
from generator.exchange.papers.paper import template_of
from generator.results.model import Veto
from generator.results.packed import pack
from generator.scoring.scorecard import Basis
from generator.text.days import read_day
from generator.text.privacy import masked
from tests.naive.repositories import make_repository
from tests.test_export_books import evaluated
from tests.tiers import tiered
from tests.tracing import (
    ADDED_UP,
    ALL,
    BRANCH,
    COUNTED,
    DIGEST,
    EMPTY,
    ORDER,
    PAPERS,
    RUBRIC,
    YEAR,
    of_paper,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric
    from tests.tracing import Shown

ROOT = Path(__file__).resolve().parent.parent
NOT_APPLICABLE = Basis.NOT_APPLICABLE
PACKED = ("lines", "bonus_lines", "records")
#: Leaves that no digest covers: they say where the figures come from.
ORIGIN = {leaf for leaf in YEAR if leaf.startswith("source.")}


def other(value: Any) -> Any:
    """Return another value of the same kind, which stands nowhere else."""
    if isinstance(value, Decimal):
        return value + Decimal("0.5") if value < 1 else value - Decimal("0.5")
    if isinstance(value, int):
        return value + 100
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return (value[0], value[1] + 100)
    if isinstance(value, tuple):
        return (masked(f"{value[0]}〔改〕"), *value[1:])
    if read_day(f"{value}"):
        return masked("2031-05-07")
    return masked(f"{value}〔改〕")


def remade(whole: Any, **values: Any) -> Any:
    """Return a record with other values, whatever it is of."""
    return replace(whole, **values)


def varied(branch: BranchResult, leaf: str) -> Iterator[BranchResult]:
    """Yield a branch's result with one leaf changed, for each that it has of this name."""
    head, _, key = leaf.partition(".")
    if head in PACKED:
        entries = sorted(enumerate(getattr(branch, head)), key=lambda own: not lost(own[1]))
        for number, entry in entries:
            if changes(head, key, entry):
                parts = {name: list(getattr(branch, name)) for name in PACKED}
                parts[head][number] = remade(entry, **{key: fitting(entry, key)})
                yield remade(branch, packed=pack(*(parts[name] for name in PACKED)))
    elif head == "vetoes":
        for number, veto in enumerate(branch.vetoes):
            if veto.state == "verified":
                own = [*branch.vetoes]
                own[number] = remade(veto, **{key: other(getattr(veto, key))})
                yield remade(branch, vetoes=tuple(own))
    elif head in {"sections", "maxima"}:
        for name, value in getattr(branch, head).items():
            yield remade(branch, **{head: {**getattr(branch, head), name: step(value)}})
    elif getattr(branch, head):
        value = getattr(branch, head)
        made = step(value) if isinstance(value, Decimal) else other(value)
        yield remade(branch, **{head: made})


def lost(entry: Any) -> bool:
    """Whether an entry is a line that lost points, but not all of them."""
    most, points = getattr(entry, "max", None), getattr(entry, "points", None)
    return most is not None and points is not None and 1 <= points < most


def changes(head: str, key: str, entry: Any) -> bool:
    """Whether an entry has a leaf whose change adds no row and takes none away."""
    if head == "lines":
        if entry.part is not None or entry.criterion is None or entry.basis is NOT_APPLICABLE:
            return False
        if key not in {"statement", "claimed"}:
            return lost(entry) and bool(getattr(entry, key))
    return bool(getattr(entry, key)) or key == "level_title"


def fitting(entry: Any, key: str) -> Any:
    """Return another value of an entry's leaf: of lost points fewer, of a maximum more."""
    value = getattr(entry, key)
    if key == "points" and hasattr(entry, "max"):
        return value - 1
    return value + 1 if isinstance(value, Decimal) else other(f"{value}")


def step(value: Decimal) -> Decimal:
    """Return other points, so far off that every rubric shows them."""
    return value + 1


def of_year(results: Results, leaf: str) -> Results | None:
    """Return a year's results with one of its own leaves changed; None where it has none."""
    head, _, key = leaf.partition(".")
    group = getattr(results, head)
    if head == "source":
        value = getattr(group, key)
        new = f"f{value}" if key == "commit" else other(value)
        return remade(results, source=remade(group, **{key: new})) if value else None
    return remade(results, **{head: {**group, key: other(group[key])}}) if key in group else None


def differing(old: Shown, new: Shown) -> set[tuple[str, str]]:
    """Return places, with the branch whose row it is, where two results are shown otherwise."""
    assert old.keys() == new.keys()
    return {key[:2] for key, value in old.items() if new[key] != value}


def with_branch(results: Results, number: int, branch: BranchResult) -> Results:
    branches = [*results.branches]
    branches[number] = branch
    return replace(results, branches=tuple(branches))


def check(
    year: tuple[Results, Rubric], number: int, leaf: str, changed: list[BranchResult]
) -> set[str]:
    """Hold changes of a branch, one by one, to the trace; return the places that they changed."""
    results, rubric = year
    own = results.branches[number]
    old, seen = shown(results, rubric, own), set[str]()
    for branch in changed:
        found = differing(old, shown(with_branch(results, number, branch), rubric, branch))
        places = {place for place, _ in found}
        assert places >= DIGEST or leaf in ADDED_UP
        assert places - DIGEST <= BRANCH[leaf]
        assert {whose for place, whose in found if place not in ORDER} <= {own.id, ALL}
        seen |= places - DIGEST
        if seen == BRANCH[leaf]:
            break
    return seen


@pytest.fixture(scope="module")
def year() -> tuple[Results, Rubric]:
    """The sample's year in publicity, with one branch of the best grade and two of the worst."""
    results, rubric = evaluated(ROOT, 2025)
    first, second, third, *others = results.branches
    best, worst = rubric.grades[0], rubric.grades[-1]
    veto = Veto("veto-x", masked("否决"), masked("第九条"), "verified", "事实清楚", masked("文件"))
    reason = masked("研究决定")
    report, *records = first.records
    records = [replace(report, kind="debrief-report"), *records]
    filed = pack(first.lines, first.bonus_lines, records)
    first = replace(first, grade=best.id, grade_title=best.title, grade_reason=reason, packed=filed)
    second = replace(second, grade=worst.id, grade_title=worst.title, grade_reason=reason)
    third = replace(third, grade=worst.id, grade_title=worst.title, vetoes=(veto,))
    last = max(others, key=lambda b: sum(map(lost, b.criteria)))
    last = replace(last, grade=worst.id, grade_title=worst.title, vetoes=())
    branches = (first, replace(second, vetoes=()), third, last)
    decision = {"issued_by": masked("示例党委"), "notice": masked("示例〔2026〕1号"),
                "addressees": masked("各示例支部"), "copies": masked("示例学会"),
                "decided": masked("2026-02-01"), "meeting": masked("示例会议")}  # fmt: skip
    source = replace(results.source, commit="0123456789abcdef", date="2026-01-20")
    return replace(results, branches=branches, decision=decision, source=source), rubric


@pytest.mark.parametrize("leaf", sorted(BRANCH.keys() - {"id"}))
def test_a_leaf_of_a_branch_changes_its_places_and_no_other(
    leaf: str, year: tuple[Results, Rubric]
) -> None:
    """An id is an address: with another one a result is another branch's."""
    seen: set[str] = set()
    for number, branch in enumerate(year[0].branches):
        seen |= check(year, number, leaf, list(islice(varied(branch, leaf), 3)))
        if seen == BRANCH[leaf]:
            return
    assert seen == BRANCH[leaf]


@pytest.mark.parametrize("leaf", YEAR)
def test_a_leaf_of_the_year_changes_its_places_and_no_other(
    leaf: str, year: tuple[Results, Rubric]
) -> None:
    results, rubric = year
    changed = of_year(results, leaf)
    assert changed is not None
    old, new = (shown(own, rubric, own.branches[0]) for own in (results, changed))
    places = {place for place, _ in differing(old, new)}
    assert places - DIGEST == YEAR[leaf]
    assert places >= DIGEST or leaf in ORIGIN


def test_every_place_is_traced(year: tuple[Results, Rubric]) -> None:
    """What no leaf explains is a count or a state, comes with the rubric, or is to be filled in."""
    results, rubric = year
    there = {
        place for branch in results.branches[:4] for place, _, _ in shown(results, rubric, branch)
    }
    traced = {place for places in (*BRANCH.values(), *YEAR.values()) for place in places}
    assert there == traced | DIGEST | COUNTED | EMPTY | RUBRIC


@pytest.mark.parametrize("seed", tiered(range(40), 1))
def test_random_leaves_of_random_years(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed, flawed=False)
    results, rubric = evaluated(tmp_path)
    rng = Random(seed)
    tried = 0
    for leaf in rng.sample(sorted(BRANCH.keys() - {"id"}), 12):
        number = rng.randrange(len(results.branches))
        changed = list(islice(varied(results.branches[number], leaf), 1))
        check((results, rubric), number, leaf, changed)
        tried += len(changed)
    assert tried


def texts(data: bytes) -> list[str]:
    """Return each paragraph of a paper, of its cells too, in order."""
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return [*(p.text for p in document.paragraphs), *cells]


def test_a_paper_shows_what_its_template_is_handed_and_nothing_else(
    year: tuple[Results, Rubric],
) -> None:
    results, rubric = year
    branch = results.branches[0]
    changed = replace(branch, name=other(branch.name), total=step(branch.total or Decimal(0)))
    after = with_branch(results, 0, changed)
    makers: dict[str, Any] = {
        "notice": lambda r, _: (notice.notice(ROOT, r, rubric, draft=False),
                                notice.facts(r, rubric, draft=False)),
        "letter": lambda r, b: (letter.letter(ROOT, r, rubric, b, draft=False),
                                letter.facts(r, rubric, b)),
        "form": lambda r, b: (form.form(ROOT, r, rubric, b), form.facts(rubric, b)),
        "ballot": lambda r, _: (ballots.ballot_papers(ROOT, r, rubric), ballots.facts(r, rubric)),
    }  # fmt: skip
    for paper, make in makers.items():
        (one, old), (two, new) = make(results, branch), make(after, changed)
        pairs = zip(texts(one), texts(two), strict=True)
        moved = [text for before, text in pairs if before != text and "sha256:" not in text]
        facts = zip(of_paper(paper, old, "", {}), of_paper(paper, new, "", {}), strict=True)
        values = {b[2] for a, b in facts if a[2] != b[2] and "sha256:" not in b[2]}
        assert moved
        assert all(any(value in text for value in values) for text in moved)
        assert all(any(value in text for text in moved) for value in values)


def test_templates_ask_for_what_is_traced() -> None:
    """Each name in a template is a place, so that no paragraph stands outside the trace."""
    traced = {place for places in (*BRANCH.values(), *YEAR.values()) for place in places}
    known = traced | DIGEST | COUNTED | RUBRIC
    for paper in PAPERS:
        xml = docx.Document(str(template_of(ROOT, paper))).element.xml
        for name in re.findall(r"\{\{ ([\w.]+) \}\}", xml):
            head, _, key = name.partition(".")
            lists = [own for var, own in re.findall(r"for (\w+) in (\w+) %", xml) if var == head]
            places = {f"{paper}/{own}/{key}" for own in lists} or {f"{paper}/{name}"}
            assert places & known, name
