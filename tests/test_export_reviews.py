"""The committee's workbook: out, filled in, and back; nobody's decision is undone."""

from __future__ import annotations

import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from generator.exchange.workbooks.filling import FIRST
from generator.files.tree import WorkingTree
from generator.formats.committee_files import REVIEW
from generator.loading.reader import Reader
from generator.reports.book import HEAD
from generator.text.findings import Report
from tests.support import BASE, appraise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POINTS, TREATMENT, REASON, BY, STAMP = range(FIRST, FIRST + 5)
BOOK = "reviews.xlsx"
REVIEWS = "committee/2025/reviews"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository, and beside it the workbook of its year."""
    shutil.copytree(BASE, tmp_path / "repo")
    export(tmp_path / "repo")
    return tmp_path / "repo"


def export(root: Path, *options: str) -> Path:
    book = root.parent / "reviews.xlsx"
    done = appraise("export", "reviews", str(book), "--force", *options, root=root)
    assert done.exit_code == 0, done.output
    return book


def edit(root: Path, change: Callable[[Any], None], to: str = "reviews.xlsx") -> Path:
    """Change a workbook as somebody would who opens it."""
    book = openpyxl.load_workbook(root.parent / "reviews.xlsx")
    change(book.worksheets[0])
    book.save(root.parent / to)
    return root.parent / to


def row_of(sheet: Any, branch: str, criterion: str) -> int:
    return next(
        n for n in range(HEAD + 1, sheet.max_row + 1)
        if (sheet.cell(n, 2).value, sheet.cell(n, 4).value) == (branch, criterion)
    )  # fmt: skip


def fill(
    root: Path, branch: str, criterion: str, to: str = "reviews.xlsx", **cells: object
) -> Path:
    """Fill in one row: ``points``, ``treatment``, ``reason``, ``by``."""
    columns = {"points": POINTS, "treatment": TREATMENT, "reason": REASON, "by": BY}

    def change(sheet: Any) -> None:
        number = row_of(sheet, branch, criterion)
        for name, value in cells.items():
            sheet.cell(number, columns[name]).value = value

    return edit(root, change, to)


def taken(root: Path, book: Path | None = None, *options: str) -> Any:
    return appraise(
        "import", "reviews", str(book or root.parent / "reviews.xlsx"), *options, root=root
    )


def review(root: Path, branch: str) -> Any:
    path = f"{REVIEWS}/{branch}.yml"
    return Reader(WorkingTree(root), Report()).load(path, REVIEW)[0]


def files(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_what_nobody_edited_changes_nothing(root: Path) -> None:
    before = files(root)
    done = taken(root, None, "--yes")
    assert done.exit_code == 0, done.output
    assert "没有要写的改动" in done.output
    assert files(root) == before


def test_a_decision_in_the_workbook_is_one_in_the_file(root: Path) -> None:
    fill(root, "demo-a", "study", points="３.５分", reason=" 缺 一次记录 ", by="考核办公室")
    done = taken(root)
    assert "核定分 3.5" in done.output.replace("→ 3.5", "核定分 3.5")
    assert "预览" in done.output
    done = taken(root, None, "--yes")
    assert done.exit_code == 0, done.output
    own = review(root, "demo-a").criteria["study"]
    assert (own.points, own.by) == (Decimal("3.5"), "考核办公室")
    assert own.reviewed
    shown = appraise("explain", "demo-a", "study", root=root).output
    assert "3.5" in shown
    assert "C002" not in appraise("check", root=root).output
    again = taken(root, None, "--yes")
    assert "没有要写的改动" in again.output


def test_points_give_way_to_a_treatment_and_back(root: Path) -> None:
    fill(root, "demo-a", "study", points=3, reason="甲")
    assert taken(root, None, "--yes").exit_code == 0
    export(root)
    fill(root, "demo-a", "study", points=None, treatment="按满分计", reason="不涉及")
    assert taken(root, None, "--yes").exit_code == 0
    own = review(root, "demo-a").criteria["study"]
    assert (own.points, own.not_applicable) == (None, "full")


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"points": 99, "reason": "甲"}, "N", "应在 0 到"),
        ({"points": -1, "reason": "甲"}, "N", "应在 0 到"),
        ({"points": "三分", "reason": "甲"}, "N", "三分"),
        ({"points": 1.2345, "reason": "甲"}, "N", "小数"),
        ({"points": 0}, "P", "要写理由"),
        ({"points": 1, "treatment": "按满分计", "reason": "甲"}, "O", "只能填一个"),
        ({"treatment": "满分吧", "reason": "甲"}, "O", "满分吧"),
        ({"reason": "只写了理由"}, "N", "没有填核定分"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(
    cells: dict[str, Any], column: str, words: str, root: Path
) -> None:
    """With its sheet and place; nothing of its row is written, and all else is."""
    fill(root, "demo-a", "study", **cells)
    fill(root, "demo-b", "study", points=2, reason="乙")
    done = taken(root, None, "--yes")
    assert done.exit_code == 1
    line = next(text for text in done.output.splitlines() if words in text)
    assert f"核定!{column}" in line
    assert not (root / REVIEWS / "demo-a.yml").exists()
    assert review(root, "demo-b").criteria["study"].points == 2


def test_what_was_filed_after_the_workbook_was_made_is_looked_at_first(root: Path) -> None:
    fill(root, "demo-a", "discipline", points=1, reason="甲")
    record = root / "branches/demo-a/2025/documents/plan/plan.md"
    record.write_text(record.read_text("utf-8") + "\n补充一段。\n", "utf-8")
    before = files(root)
    done = taken(root, None, "--yes")
    assert done.exit_code == 1
    assert "C002" in done.output
    assert files(root) == before


def test_two_people_s_workbooks_one_after_the_other(root: Path) -> None:
    """Rows of both are taken; on the same row the second is told what the first decided."""
    one = fill(root, "demo-a", "study", to="one.xlsx", points=3, reason="甲")
    two = fill(root, "demo-b", "study", to="two.xlsx", points=2, reason="乙")
    both = fill(root, "demo-a", "study", to="both.xlsx", points=1, reason="丙")
    assert taken(root, one, "--yes").exit_code == 0
    assert taken(root, two, "--yes").exit_code == 0
    assert review(root, "demo-a").criteria["study"].points == 3
    assert review(root, "demo-b").criteria["study"].points == 2
    done = taken(root, both, "--yes")
    assert done.exit_code == 1
    assert "已由别人核定为3 分" in done.output.replace(" 3 分", "3 分")
    assert review(root, "demo-a").criteria["study"].points == 3


def test_an_old_workbook_never_undoes_what_was_decided_since(root: Path) -> None:
    """Its rows still say what stood there when it was made: nobody edited them."""
    fill(root, "demo-a", "study", points=3, reason="甲")
    assert taken(root, None, "--yes").exit_code == 0
    export(root)
    shutil.copy(root.parent / "reviews.xlsx", root.parent / "old.xlsx")
    fill(root, "demo-a", "study", points=2, reason="乙")
    assert taken(root, None, "--yes").exit_code == 0
    done = taken(root, root.parent / "old.xlsx", "--yes")
    assert done.exit_code == 0
    assert review(root, "demo-a").criteria["study"].points == 2


def test_rows_may_be_sorted_hidden_and_the_sheet_renamed(root: Path) -> None:
    def change(sheet: Any) -> None:
        rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
        for number, row in enumerate(reversed(rows), start=HEAD + 1):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value
        number = row_of(sheet, "demo-a", "study")
        sheet.cell(number, POINTS).value, sheet.cell(number, REASON).value = 3, "甲"
        sheet.row_dimensions[number].hidden = True
        sheet.title = "我的表"

    edit(root, change)
    done = taken(root, None, "--yes")
    assert done.exit_code == 0, done.output
    assert review(root, "demo-a").criteria["study"].points == 3


def test_a_row_without_its_stamp_is_refused(root: Path) -> None:
    def change(sheet: Any) -> None:
        number = row_of(sheet, "demo-a", "study")
        sheet.cell(number, POINTS).value, sheet.cell(number, REASON).value = 3, "甲"
        sheet.cell(number, STAMP).value = None

    edit(root, change)
    done = taken(root, None, "--yes")
    assert done.exit_code == 1
    assert "核定!R" in done.output
    assert "印记" in done.output


def test_another_year_s_workbook_is_refused(root: Path) -> None:
    def change(sheet: Any) -> None:
        for number in range(HEAD + 1, sheet.max_row + 1):
            sheet.cell(number, 1).value = 2024
            sheet.cell(number, POINTS).value = 1

    edit(root, change)
    before = files(root)
    done = taken(root, None, "--yes")
    assert done.exit_code == 1
    assert "2024 年的表" in done.output
    assert files(root) == before


def test_only_cells_to_fill_in_can_be_changed(root: Path) -> None:
    sheet = openpyxl.load_workbook(root.parent / "reviews.xlsx").worksheets[0]
    assert sheet.protection.sheet
    for row in sheet.iter_rows(min_row=HEAD + 1):
        opened = [cell.column for cell in row if not cell.protection.locked]
        assert opened == [POINTS, TREATMENT, REASON, BY]
    limits = {v.formula2 for v in sheet.data_validations.dataValidation if v.type == "decimal"}
    assert limits == {f"{sheet.cell(n, 7).value}" for n in range(HEAD + 1, sheet.max_row + 1)}


def test_one_criterion_alone(root: Path) -> None:
    export(root, "--criterion", "study")
    sheet = openpyxl.load_workbook(root.parent / "reviews.xlsx").worksheets[0]
    assert {sheet.cell(n, 4).value for n in range(HEAD + 1, sheet.max_row + 1)} == {"study"}
    done = appraise(
        "export", "reviews", str(root.parent / "x.xlsx"), "--criterion", "no", root=root
    )
    assert done.exit_code == 2
    assert "no" in done.output
