"""Bonus claims in the committee's workbook; a workbook alone makes the reviews that files hold."""

from __future__ import annotations

import datetime
import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from generator.cli.ending.export.returning import reviewed, under_review
from generator.cli.filing.sheets import place_at
from generator.exchange.reviews.plan import SORTS, plan_reviews
from generator.exchange.reviews.rows import Known
from generator.exchange.sheets import read_book
from generator.exchange.sheets.problems import UnreadableSheetError
from generator.exchange.table import find_tables
from generator.exchange.workbooks.filling import FIRST, Asked
from generator.exchange.workbooks.reviews import reviews_book
from generator.files.tree import WorkingTree
from generator.formats.committee_files import REVIEW, TREATMENTS
from generator.loading.reader import Reader
from generator.reports.book import HEAD
from generator.text.findings import Report
from generator.text.language import speaking
from tests.naive.repositories import make_repository
from tests.support import BASE, appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.exchange.plan import Plan

ROOT = Path(__file__).resolve().parent.parent
ACCEPTED, LEVEL, REASON, BY, STAMP = range(FIRST, FIRST + 5)
TODAY = datetime.date(2026, 1, 8)
REVIEWS = "committee/2025/reviews"
CLAIM = "  - {{id: {id}, rule: bonus-award, level: {level}, matter: {matter}, {rest}}}\n"
REST = "date: 2025-06-30, evidence: [documents/plan]"
CLAIMS = "bonus:\n" + "".join(
    CLAIM.format(id=id_, level=level, matter=matter, rest=REST)
    for id_, level, matter in (("award", "municipal", "先进支部"), ("other", "central", "典型材料"))
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two bonus claims."""
    root = tmp_path / "repo"
    shutil.copytree(BASE, root)
    claim(root, CLAIMS)
    return root


def claim(root: Path, text: str) -> None:
    path = root / "branches/demo-a/2025/self-assessment.yml"
    path.write_text(path.read_text("utf-8").partition("bonus:")[0] + text, "utf-8")


def made(root: Path, criterion: str | None = None) -> bytes:
    """Return the workbook of a year, as the command makes it."""
    with under_review(root, 2025) as own:
        asked = Asked(own.year, own.rubric, criterion, str, [])
        return reviews_book(reviewed(own), asked)


def planned(root: Path, book: bytes, sheet: str | None = None) -> Plan:
    """Return what a workbook would change, as the command plans it."""
    place = place_at(root)
    tables = find_tables(
        read_book("核定.xlsx", book), [(sort.columns, sort.key) for sort in SORTS], sheet
    )
    with under_review(root, 2025) as own:
        titles = {name: item.title for name, (_, item) in own.rubric.criteria.items()}
        known = Known(own.year, own.rubric.places, titles, own.rubric.bonus_rules, place.titles,
                      own.context, place.data, TODAY)  # fmt: skip
        return plan_reviews(tables, known)


def write(root: Path, plan: Plan) -> None:
    for path, data in plan.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def changed(book: bytes, change: Callable[[Any], None]) -> bytes:
    """Return a workbook as somebody saves it who changed it."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    change(opened)
    stream = io.BytesIO()
    opened.save(stream)
    return stream.getvalue()


def filled(book: bytes, claim: str = "award", **cells: object) -> bytes:
    """Return a workbook with the row of a claim filled in."""
    columns = {"accepted": ACCEPTED, "level": LEVEL, "reason": REASON, "by": BY, "stamp": STAMP,
               "rule": 5, "year": 1}  # fmt: skip

    def change(opened: Any) -> None:
        sheet = opened["加分"]
        number = next(
            n for n in range(HEAD + 1, sheet.max_row + 1) if sheet.cell(n, 4).value == claim
        )
        for name, value in cells.items():
            sheet.cell(number, columns[name]).value = value

    return changed(book, change)


def review(root: Path, branch: str = "demo-a") -> Any:
    return Reader(WorkingTree(root), Report()).load(f"{REVIEWS}/{branch}.yml", REVIEW)[0]


def told(plan: Plan) -> str:
    return "\n".join(f"{own.where} {own.words}" for own in plan.troubles)


def decisions(root: Path) -> dict[str, Any]:
    """Return branch → what its review decides: all but the day and what was seen."""
    found = {}
    for path in sorted((root / REVIEWS).glob("*.yml")):
        own = review(root, path.stem)
        criteria = {name: (item.points, item.not_applicable, item.reason, item.by)
                    for name, item in own.criteria.items()}  # fmt: skip
        bonus = {name: (item.accepted, item.level, item.reason, item.by)
                 for name, item in own.bonus.items()}  # fmt: skip
        if criteria or bonus:
            found[path.stem] = (criteria, bonus)
    return found


def fill_all(book: Any, wanted: dict[str, Any]) -> None:
    """Fill in every decision, as whoever has them on paper."""
    for number, sheet in enumerate(book.worksheets[:-1]):
        for row in range(HEAD + 1, sheet.max_row + 1):
            own = wanted.get(sheet.cell(row, 2).value, ({}, {}))[number]
            found = own.get(sheet.cell(row, 4).value)
            if found is None:
                continue
            values = [*found]
            if number:
                values[0] = "是" if values[0] else "否"
            else:
                values[1] = TREATMENTS.get(values[1])
            for column, value in enumerate(values, start=FIRST):
                sheet.cell(row, column).value = value


def scored(root: Path) -> dict[str, Any]:
    """Return the figures that rest on reviews, of branches that have a scorecard."""
    found: dict[str, Any] = {}
    with under_review(root, 2025) as own:
        for name in own.names:
            context = own.context(name)
            card = context.card if context else None
            if card is not None and card.lines:
                lines = [(line.criterion, line.points, line.basis) for line in card.lines]
                claims = [(c.claim, c.level, c.points, c.status) for c in card.bonus_lines]
                found[name] = (lines, claims, card.fixed, card.bonus)
    return found


def by_workbook_alone(root: Path) -> None:
    """Take the reviews away, and make them again by the workbook."""
    wanted, figures = decisions(root), scored(root)
    wanted = {name: own for name, own in wanted.items() if name in figures}
    assert wanted
    shutil.rmtree(root / REVIEWS)
    plan = planned(root, changed(made(root), lambda book: fill_all(book, wanted)))
    assert told(plan) == ""
    write(root, plan)
    assert decisions(root) == wanted
    assert scored(root) == figures


@pytest.mark.slow
def test_the_sample_s_whole_year_by_the_workbook_alone(tmp_path: Path) -> None:
    """Fourteen branches, criteria and bonus claims: the reviews and figures of the files."""
    root = tmp_path / "repo"
    for name in ("branches", "committee"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "rubric.yml", root / "rubric.yml")
    assert sum(len(bonus) for _, bonus in decisions(root).values()) > 3
    by_workbook_alone(root)


@pytest.mark.parametrize("seed", tiered(range(12), 1))
def test_random_years_by_the_workbook_alone(seed: int, tmp_path: Path) -> None:
    make_repository(tmp_path, seed)
    by_workbook_alone(tmp_path)
    again = planned(tmp_path, made(tmp_path))
    assert not again.files
    assert not again.items
    assert not again.troubles


def test_a_bonus_claim_is_decided_in_the_workbook(root: Path) -> None:
    """Shown first by its matter; written with the day; the command does the same."""
    book = made(root)
    plan = planned(root, filled(book, accepted="√", reason=" 文件 核对无误 ", by="考核办公室"))
    assert told(plan) == ""
    assert [f"{item.name}" for item in plan.items] == ["demo-a（示例a党支部） 先进支部"]
    file = root.parent / "核定.xlsx"
    file.write_bytes(
        filled(book, accepted="是", level="central", reason="核对无误", by="考核办公室")
    )
    done = appraise("import", "reviews", str(file), "--yes", root=root)
    assert done.exit_code == 0, done.output
    assert "没有读的工作表：怎么读" in done.output
    own = review(root).bonus["award"]
    assert (own.accepted, own.level, own.reason, own.by) == (
        True,
        "central",
        "核对无误",
        "考核办公室",
    )
    assert own.date is not None
    assert not review(root).criteria
    before = (root / REVIEWS / "demo-a.yml").read_bytes()
    again = appraise("import", "reviews", str(file), "--yes", root=root)
    assert "没有要写的改动" in again.output
    assert (root / REVIEWS / "demo-a.yml").read_bytes() == before


def test_a_refusal_takes_the_place_of_an_acceptance(root: Path) -> None:
    write(root, planned(root, filled(made(root), accepted="是", level="市级")))
    plan = planned(root, filled(made(root), accepted="否", level=None, reason="无文件"))
    assert [item.new for item in plan.items] == [False]
    write(root, plan)
    own = review(root).bonus["award"]
    assert (own.accepted, own.level, own.reason) == (False, None, "无文件")


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"accepted": "也许"}, "N", "是"),
        ({"reason": "只写了理由"}, "N", "没有填认可"),
        ({"level": "市级"}, "N", "没有填认可"),
        ({"accepted": "是", "level": "世界级"}, "O", "世界级"),
        ({"accepted": "是", "stamp": None}, "R", "印记"),
        ({"accepted": "是", "rule": "bonus-x"}, "E", "bonus-x"),
        ({"accepted": "是", "year": 2024}, "A", "2024 年的表"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(
    cells: dict[str, Any], column: str, words: str, root: Path
) -> None:
    """With its sheet and place; nothing of its row is taken, and all else is."""
    book = filled(filled(made(root), **cells), "other", accepted="是")
    plan = planned(root, book)
    assert f"加分!{column}" in told(plan)
    assert words in told(plan)
    write(root, plan)
    assert set(review(root).bonus) == {"other"}


def test_a_level_that_the_rubric_lacks_is_asked_for(root: Path) -> None:
    claim(root, CLAIMS.replace("municipal", "district"))
    plan = planned(root, filled(made(root), accepted="是"))
    assert "加分!O" in told(plan)
    assert "市级、中央级" in told(plan)
    assert planned(root, filled(made(root), accepted="是", level="市级")).files


def test_a_claim_or_its_file_that_changed_since_is_looked_at_first(root: Path) -> None:
    book = filled(made(root), accepted="是")
    record = root / "branches/demo-a/2025/documents/plan/plan.md"
    text = record.read_text("utf-8")
    record.write_text(text + "\n补充一段。\n", "utf-8")
    plan = planned(root, book)
    assert "C002" in told(plan)
    assert not plan.files
    record.write_text(text, "utf-8")
    assert planned(root, book).files
    claim(root, CLAIMS.replace("先进支部", "先进集体"))
    assert "C002" in told(planned(root, book))
    claim(root, CLAIMS.replace("id: award", "id: gone"))
    assert "没有这一条加分申报" in told(planned(root, book))


def test_two_people_s_workbooks_undo_nothing(root: Path) -> None:
    """On both sheets; the second is told what the first decided on the same claim."""
    book = made(root)

    def verify(opened: Any) -> None:
        sheet = opened["核定"]
        cells = {
            (sheet.cell(n, 2).value, sheet.cell(n, 4).value): n
            for n in range(HEAD + 1, sheet.max_row + 1)
        }
        number = cells["demo-a", "study"]
        sheet.cell(number, FIRST).value, sheet.cell(number, REASON).value = 3, "甲"

    write(root, planned(root, changed(book, verify)))
    write(root, planned(root, filled(book, accepted="是")))
    write(root, planned(root, filled(book, "other", accepted="否", reason="无文件")))
    own = review(root)
    assert (own.criteria["study"].points, {k: v.accepted for k, v in own.bonus.items()}) == (
        3, {"award": True, "other": False})  # fmt: skip
    plan = planned(root, filled(book, accepted="否", reason="乙"))
    assert "已由别人核定为认可" in told(plan)
    assert not plan.files
    assert not planned(root, book).files


def test_sheets_sorted_moved_and_alone(root: Path) -> None:
    """Columns by their titles in any order; one sheet chosen; a title that lacks is told."""

    def turned(opened: Any) -> None:
        sheet = opened["加分"]
        for row in sheet.iter_rows(min_row=HEAD):
            for cell, value in zip(row, [cell.value for cell in reversed(row)], strict=True):
                cell.value = value
        opened.move_sheet("加分", -1)
        sheet.title = "我的加分"

    book = changed(filled(made(root), accepted="是", level="中央级"), turned)
    assert len(planned(root, book).items) == 1
    assert not planned(root, book, "核定").items
    assert len(planned(root, book, "我的加分").items) == 1

    def untitled(opened: Any) -> None:
        opened["我的加分"].cell(HEAD, 5).value = "备注"

    with pytest.raises(UnreadableSheetError) as caught:
        planned(root, changed(book, untitled))
    assert "我的加分" in f"{caught.value.words}"


def test_in_english_choices_come_back_by_the_words_that_were_shown(root: Path) -> None:
    """Of treatments and levels; unedited nothing changes."""
    write(root, planned(root, filled(made(root), "other", accepted="否", level="中央级")))
    with speaking("en"):
        english = made(root)
        assert not planned(root, english).troubles
        assert not planned(root, english).items
    opened = openpyxl.load_workbook(io.BytesIO(english))
    sheet = opened.worksheets[1]
    first = opened.worksheets[0]
    first.cell(HEAD + 1, LEVEL).value, first.cell(HEAD + 1, REASON).value = "full points", "x"
    sheet.cell(HEAD + 1, ACCEPTED).value, sheet.cell(HEAD + 1, LEVEL).value = "yes", "municipal"
    stream = io.BytesIO()
    opened.save(stream)
    with speaking("en"):
        plan = planned(root, stream.getvalue())
    assert told(plan) == ""
    assert len(plan.items) == 2


def test_only_cells_to_decide_in_are_open(root: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(root)))
    sheet = book["加分"]
    assert sheet.protection.sheet
    for row in sheet.iter_rows(min_row=HEAD + 1):
        assert [c.column for c in row if not c.protection.locked] == [ACCEPTED, LEVEL, REASON, BY]
    lists = [own.formula1 for own in sheet.data_validations.dataValidation]
    assert lists == ['"是,否"', '"市级,中央级"']
    assert book.sheetnames == ["核定", "加分", "怎么读"]
    alone = openpyxl.load_workbook(io.BytesIO(made(root, "study")))
    assert alone.sheetnames == ["核定", "怎么读"]
