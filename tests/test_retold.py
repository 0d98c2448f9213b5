"""Our workbooks as other programs save them: unedited no change, and edits are read right."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest

from generator.exchange.workbooks.filling import FIRST
from generator.reports.book import HEAD
from tests.retelling import Form, retold
from tests.support import BASE, appraise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KINDS = ("reviews", "due", "ballots")
DUE = """\
- {id: d001, kind: plan, title: 年度计划, due: 2025-03-01}
- {id: d002, kind: plan, title: 半年小结, due: 2025-07-10, branches: [demo-a],
   extended: {demo-a: 2025-07-20}}
"""
BONUS = """\
bonus:
  - {id: one, rule: bonus-award, level: municipal, matter: 市级表彰, date: 2025-05-01,
     evidence: [documents/plan]}
"""
#: How programs write: LibreOffice, Excel with runs of letters, services, days from 1904, all text.
FORMS = {
    "libreoffice": Form(),
    "runs": Form(strings="runs", absolute=True),
    "inline": Form(strings="inline", prefix="x"),
    "1904": Form(since_1904=True, prefix="ss", absolute=True),
    "iso": Form(days="iso", styles=False),
    "texts": Form(days="text", numbers="text", styles=False),
    "wide": Form(strings="inline", days="text", numbers="wide"),
}


class Books(NamedTuple):
    """A repository, and the workbooks that it gives out: unedited, and filled in, by kind."""

    root: Path
    plain: dict[str, bytes]
    filled: dict[str, bytes]


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """Return a workbook as somebody leaves it who opened it: ``change`` is handed its sheets."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets[:-1]:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def at(sheet: Any, title: str, *texts: str) -> Any:
    """Return the cell of a column, by its title, in the row that holds texts."""
    column = next(cell.column for cell in sheet[HEAD] if cell.value == title)
    for row in sheet.iter_rows(min_row=HEAD + 1):
        if {*texts} <= {cell.value for cell in row}:
            return sheet.cell(row[0].row, column)
    raise LookupError(texts)


def decide(sheet: Any) -> None:
    if sheet.title == "加分":
        at(sheet, "认可", "demo-a", "one").value = "是"
        at(sheet, "核定理由", "demo-a", "one").value = "属实"
        return
    at(sheet, "核定分", "demo-a", "study").value = 3.5
    at(sheet, "核定理由", "demo-a", "study").value = "缺 一次 <记录> & 其他"
    at(sheet, "不适用", "demo-b", "study").value = "按满分计"
    at(sheet, "核定理由", "demo-b", "study").value = "不涉及"


def ask(sheet: Any) -> None:
    day = at(sheet, "期限", "d002").value
    at(sheet, "期限", "d001").value = day
    at(sheet, "名称", "d002").value = "半年总结"


def count(sheet: Any) -> None:
    at(sheet, "发出票数", "demo-a").value = 12
    at(sheet, "良好", "demo-a").value = 9
    at(sheet, "废票", "demo-a").value = 1


FILL = {"reviews": decide, "due": ask, "ballots": count}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    folder = tmp_path_factory.mktemp("retold")
    root = folder / "repo"
    shutil.copytree(BASE, root)
    (root / "committee/2025/due.yml").write_text(DUE, "utf-8")
    with (root / "branches/demo-a/2025/self-assessment.yml").open("a", encoding="utf-8") as file:
        file.write(BONUS)
    plain = {}
    for kind in KINDS:
        out = folder / f"{kind}.xlsx"
        done = appraise("export", kind, str(out), root=root)
        assert done.exit_code == 0, done.output
        plain[kind] = out.read_bytes()
    return Books(root, plain, {kind: edited(plain[kind], FILL[kind]) for kind in KINDS})


def taken(books: Books, kind: str, data: bytes) -> str:
    """Return what importing a workbook would change, in words; nothing is written."""
    file = books.root.parent / "表.xlsx"
    file.write_bytes(data)
    done = appraise("import", kind, str(file), root=books.root)
    assert done.exit_code == 0, done.output
    return done.output.replace("我的表!", "核定!")


@pytest.mark.parametrize("kind", KINDS)
def test_a_resaved_workbook_is_no_change(kind: str, books: Books) -> None:
    """Reviews take longest to read: of them the two forms that differ most."""
    for name in ("libreoffice", "texts") if kind == "reviews" else FORMS:
        form = FORMS[name]
        told = taken(books, kind, retold(books.plain[kind], replace(form, texts=[])))
        assert "没有要写的改动" in told


@pytest.mark.parametrize("kind", KINDS)
def test_cells_that_were_filled_in_are_read_the_same_in_every_form(kind: str, books: Books) -> None:
    plain = taken(books, kind, books.filled[kind])
    assert "没有要写的改动" not in plain
    assert ("属实" in plain) is (kind == "reviews")
    for form in FORMS.values():
        assert taken(books, kind, retold(books.filled[kind], replace(form, texts=[]))) == plain


def shuffled(sheet: Any) -> None:
    """Turn the rows round, hide them all, leave one empty, and change the name of the sheet."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
    for number, row in enumerate(reversed(rows), start=HEAD + 2):
        for column, value in enumerate(row, start=1):
            own = value
            if isinstance(value, str) and value.startswith("=SUM("):
                own = None
            sheet.cell(number, column).value = own
        sheet.row_dimensions[number].hidden = True
    for cell in sheet[HEAD + 1]:
        cell.value = None
    if sheet.title == "核定":
        sheet.title = "我的表"


@pytest.mark.parametrize("kind", KINDS)
def test_rows_may_be_sorted_filtered_and_apart(kind: str, books: Books) -> None:
    def changes(told: str) -> set[str]:
        return {line for line in told.splitlines() if line.startswith(("新增", "修改", "  "))}

    plain = changes(taken(books, kind, books.filled[kind]))
    assert plain
    told = taken(books, kind, retold(edited(books.filled[kind], shuffled), Form()))
    assert changes(told) == plain


def test_a_share_is_no_number_of_points(books: Books) -> None:
    def percent(sheet: Any) -> None:
        if sheet.title == "核定":
            at(sheet, "核定分", "demo-a", "study").number_format = "0%"

    file = books.root.parent / "表.xlsx"
    file.write_bytes(edited(books.filled["reviews"], percent))
    done = appraise("import", "reviews", str(file), root=books.root)
    assert done.exit_code == 1
    assert "核定!N" in done.output


@pytest.mark.parametrize(("title", "value"), [("编号", "demo-b"), ("小项编号", "discipline")])
def test_a_locked_cell_that_was_changed_moves_no_decision(
    title: str, value: str, books: Books
) -> None:
    """The stamp tells for what a row was made: for nothing else it is taken."""

    def change(sheet: Any) -> None:
        if sheet.title != "核定":
            sheet.delete_rows(HEAD + 1, sheet.max_row)
            return
        number = at(sheet, "核定分", "demo-a", "study").row
        for row in range(sheet.max_row, HEAD, -1):
            if row != number:
                sheet.delete_rows(row)
        at(sheet, title, "demo-a", "study").value = value

    file = books.root.parent / "表.xlsx"
    file.write_bytes(edited(books.filled["reviews"], change))
    done = appraise("import", "reviews", str(file), "--yes", root=books.root)
    assert done.exit_code == 1
    assert f"核定!{openpyxl.utils.get_column_letter(FIRST)}3" in done.output
    assert not (books.root / "committee/2025/reviews").exists()


@pytest.mark.parametrize("kind", ["due", "ballots"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_another_year_s_sheet_is_refused(kind: str, lang: str, books: Books) -> None:
    file = books.root.parent / "表.xlsx"
    done = appraise("export", kind, str(file), "--force", "--lang", lang, root=books.root)
    assert done.exit_code == 0, done.output

    def earlier(sheet: Any) -> None:
        sheet["A1"].value = sheet["A1"].value.replace("2025", "2024")

    told = taken_in(books, kind, lang, file.read_bytes())
    assert "2024" not in told
    file.write_bytes(edited(file.read_bytes(), earlier))
    done = appraise("import", kind, str(file), "--yes", "--lang", lang, root=books.root)
    assert done.exit_code == 2
    assert "!A1" in done.output
    assert "2024" in done.output


def taken_in(books: Books, kind: str, lang: str, data: bytes) -> str:
    """Return what importing a workbook says in a language."""
    file = books.root.parent / "own.xlsx"
    file.write_bytes(data)
    done = appraise("import", kind, str(file), "--lang", lang, root=books.root)
    assert done.exit_code == 0, done.output
    return done.output
