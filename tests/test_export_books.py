"""Workbooks that leave: every figure is one of the results, the same bytes twice, no formula."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from generator.engine.evaluate import evaluate
from generator.exchange.workbooks.ledger import BASES, ledger
from generator.exchange.workbooks.lists import lists
from generator.files.tree import WorkingTree
from generator.reports.book import HEAD
from generator.text.language import speaking
from generator.text.privacy import masked
from tests.naive.repositories import make_repository
from tests.support import appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from generator.results.model import Results
    from generator.rubric.document import Rubric

    Year = tuple[Results, Rubric]

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = '=HYPERLINK("http://x.example","甲")'


@pytest.fixture(scope="module")
def year() -> Year:
    """The year of the sample that is in publicity."""
    return evaluated(ROOT, 2025)


def evaluated(root: Path, year: int | None = None) -> Year:
    found = evaluate(WorkingTree(root), year)
    assert found.results is not None
    assert found.rubric is not None
    return found.results, found.rubric


def without_none(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows without the one that says that there is none."""
    return [] if len(rows) == 1 and rows[0][0] == "无" else rows


def sheets(data: bytes) -> dict[str, list[list[Any]]]:
    """Return the cells of a workbook by sheet, without the rows above the first of a table."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
        for sheet in book
    }


def number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def check(results: Results, rubric: Rubric) -> None:
    """Compare each cell of the ledger with the results that it was made from."""
    found = sheets(ledger(results, rubric))
    for row, branch in zip(found["汇总"], results.branches, strict=True):
        assert row[0] == branch.rank
        assert (row[2], row[3]) == (branch.id, branch.name)
        own = branch.total is not None
        points = [branch.sections.get(s.id) if own else None for s in rubric.sections]
        points += [branch.fixed, branch.bonus, branch.total, branch.low, branch.high]
        assert row[6 : 6 + len(points)] == [number(p) for p in points]
        bases = [branch.maxima[name] if own else None for name in BASES]
        assert row[-len(BASES) :] == [number(p) for p in bases]
    lines = [(b.id, line) for b in results.branches for line in b.criteria]
    gaps = [
        (id_, f"{line.title}", number(line.max - line.points), f"{line.reason}")
        for id_, line in lines
        if line.max is not None and line.points is not None and line.points < line.max
        and line.basis.value != "not-applicable"
    ]  # fmt: skip
    assert [(r[0], r[4], r[7], r[9] or "") for r in without_none(found["失分"])] == gaps
    claims = [(b.id, number(line.points)) for b in results.branches for line in b.bonus_lines]
    assert [(r[0], r[6]) for r in without_none(found["加分"])] == claims


def test_figures_of_the_ledger_are_those_of_the_results(year: Year) -> None:
    check(*year)


@pytest.mark.parametrize("seed", tiered(range(12), 2))
def test_random_years_too(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed, flawed=False)
    results, rubric = evaluated(tmp_path)
    check(results, rubric)
    found = sheets(lists(results, rubric))
    funds = [[b.id, b.name, b.members, b.rank, number(b.total)] for b in results.branches]
    assert [row[:5] for row in found["经费依据"]] == funds
    named = {
        (name, b.id, b.rank, number(b.total)) for b in results.branches for name in b.societies
    }
    assert {(row[0], row[1], *row[3:5]) for row in found["学会"]} == named


def test_one_figure_that_changes_changes_its_cells_alone(year: Year) -> None:
    results, rubric = year
    first, *others = results.branches
    assert first.total is not None
    changed = replace(results, branches=(replace(first, total=first.total + 1), *others))
    before, after = (sheets(ledger(own, rubric)) for own in (results, changed))
    differ = [
        (name, number, column)
        for name, rows in before.items()
        for number, row in enumerate(rows)
        for column, value in enumerate(row)
        if after[name][number][column] != value
    ]
    total = 6 + len(rubric.sections) + 2
    assert ("汇总", 0, total) in differ
    assert {name for name, *_ in differ} == {"汇总", "怎么读"}
    assert len(differ) == 2


def test_lists_hold_the_branches_of_their_grade() -> None:
    results, rubric = evaluated(ROOT, 2024)
    best, worst = rubric.grades[0], rubric.grades[-1]
    ranked = [b for b in results.branches if b.rank is not None]
    low = replace(ranked[-1], grade=worst.id, vetoes=())
    branches = tuple(low if b.id == low.id else b for b in results.branches)
    found = sheets(lists(replace(results, branches=branches), rubric))
    due = [b.id for b in branches if b.grade == best.id]
    assert [row[1] for row in found[best.title]] == due
    assert due
    talks = {row[0]: row for row in found[worst.title]}
    assert list(talks) == [b.id for b in branches if b.grade == worst.id]
    assert talks[low.id][5]
    for branch in branches:
        if any(veto.state == "verified" for veto in branch.vetoes):
            assert talks[branch.id][4]
    named = {(name, b.id) for b in branches for name in b.societies}
    assert {(row[0], row[1]) for row in found["学会"]} == named
    nobody = replace(results, branches=tuple(replace(b, grade=None) for b in branches))
    assert [row[0] for row in sheets(lists(nobody, rubric))[best.title]] == ["无"]


@pytest.mark.parametrize("title", ["优秀/良好", "[甲]*", "等" * 40, "'", "优秀?:"])
def test_a_grade_of_any_title_has_its_sheet(title: str, year: Year) -> None:
    results, rubric = year
    grades = (replace(rubric.grades[0], title=masked(title)), *rubric.grades[1:])
    book = openpyxl.load_workbook(io.BytesIO(lists(results, replace(rubric, grades=grades))))
    name = book.sheetnames[0]
    assert 1 <= len(name) <= 31
    assert not set(name) & set("[]:*?/\\")
    assert title in book[name]["A1"].value


@pytest.mark.parametrize("make", [ledger, lists])
def test_the_same_data_gives_the_same_bytes(year: Year, make: Callable[..., bytes]) -> None:
    data = make(*year)
    assert make(*year) == data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {2000}
        core = book.read("docProps/core.xml")
    assert b"2000-01-01T00:00:00Z" in core
    assert b"202" not in core


@pytest.mark.parametrize("make", [ledger, lists])
def test_no_text_is_a_formula(year: Year, make: Callable[..., bytes]) -> None:
    results, rubric = year
    hostile = tuple(
        replace(b, name=masked(HOSTILE), societies=(masked(HOSTILE),)) for b in results.branches
    )
    data = make(replace(results, branches=hostile), rubric)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert not [name for name, part in parts.items() if b"<f>" in part or b"<f " in part]
    assert HOSTILE in {cell for rows in sheets(data).values() for row in rows for cell in row}


def test_a_sheet_is_ready_for_the_screen_and_for_paper(year: Year) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(ledger(*year)))["汇总"]
    assert sheet.freeze_panes == "E3"
    assert sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.auto_filter.ref.startswith("A2:")
    assert "&P" in sheet.oddFooter.center.text
    assert (sheet.page_setup.fitToWidth, sheet.print_title_cols) == (2, "$A:$D")
    assert sheet["A3"].font.name == sheet["A2"].font.name == "SimSun"
    narrow = openpyxl.load_workbook(io.BytesIO(lists(*year))).worksheets[-2]
    assert (narrow.page_setup.fitToWidth, narrow.print_title_cols) == (1, None)


def test_english_has_no_chinese_of_the_program(year: Year) -> None:
    with speaking("en"):
        book = openpyxl.load_workbook(io.BytesIO(ledger(*year)))
    assert "Summary" in book.sheetnames
    digests = []
    for lang in ("zh", "en"):
        with speaking(lang):
            rows = [row for name, row in last_sheet(ledger(*year))]
        digests.append([cell for row in rows for cell in row if f"{cell}".startswith("sha256:")])
    assert digests[0] == digests[1]
    assert digests[0]


def last_sheet(data: bytes) -> list[tuple[str, list[Any]]]:
    name, rows = list(sheets(data).items())[-1]
    return [(name, row) for row in rows]


def test_the_command_writes_once_and_says_where(tmp_path: Path) -> None:
    done = appraise("export", "ledger", str(tmp_path / "a.xlsx"), root=ROOT)
    assert done.exit_code == 0, done.output
    assert "已写好" in done.output
    again = appraise("export", "ledger", str(tmp_path / "a.xlsx"), root=ROOT)
    assert again.exit_code == 2
    assert "--force" in again.output
    other = appraise("export", "lists", str(tmp_path / "a.docx"), root=ROOT)
    assert other.exit_code == 2
    assert ".xlsx" in other.output
