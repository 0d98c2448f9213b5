"""Workbooks to fill in: what changes in a file changes its own cells, and no other."""

from __future__ import annotations

import datetime
import io
import shutil
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pytest

from generator.engine.evaluate import evaluate
from generator.exchange.workbooks.asked import ballots_book, due_book, missing_book
from generator.files.tree import MemoryTree, WorkingTree
from generator.formats.committee_files import DEBRIEF, DUE
from generator.loading.reader import Reader
from generator.reports.book import HEAD
from generator.reports.left.lacks import Item, Lack
from generator.reports.left.missing import Missing
from generator.text.findings import Report
from generator.text.messages import say
from generator.text.privacy import masked
from tests.support import BASE, appraise

if TYPE_CHECKING:
    from pathlib import Path

DAY = datetime.date
LEVELS = {"good": "良好", "fair": "一般"}


class Changed(NamedTuple):
    """A cell that two workbooks have otherwise: the first cell of its row, its column, values."""

    row: object
    title: object
    before: object
    after: object


def differing(before: bytes, after: bytes) -> list[Changed]:
    """Return the cells of the first sheet that differ; nothing else may."""
    old, new = (openpyxl.load_workbook(io.BytesIO(data)) for data in (before, after))
    assert old.sheetnames == new.sheetnames
    found = []
    for one, two in zip(old, new, strict=True):
        rows = zip(one.iter_rows(), two.iter_rows(), strict=True)
        cells = [pair for row in rows for pair in zip(*row, strict=True)]
        found += [
            Changed(one.cell(a.row, 1).value, one.cell(HEAD, a.column).value, a.value, b.value)
            for a, b in cells
            if a.value != b.value
        ]
    return found


FILES = {
    "due.yml": "- {id: d001, kind: plan, title: 计划, due: 2025-03-01, date: 2025-02-01,"
    " branches: [demo-a], extended: {demo-a: 2025-04-01}}\n",
    "debrief.yml": "held: 2026-01-10\nbranches:\n"
    "  demo-a: {mode: onsite, ballots: {good: 8, fair: 2}, void: 1, issued: 12}\n",
}


def read(name: str, definition: Any) -> Any:
    """Return what a file holds."""
    tree = MemoryTree({path: text.encode() for path, text in FILES.items()})
    return Reader(tree, Report()).load(name, definition)[0]


def remade(whole: Any, **values: Any) -> Any:
    """Return a record with other values, whatever it is of."""
    return replace(whole, **values)


@pytest.mark.parametrize(
    ("key", "value", "title"),
    [
        ("id", "d009", "编号"),
        ("kind", "report", "材料种类"),
        ("title", "总结", "名称"),
        ("due", DAY(2025, 3, 2), "期限"),
        ("date", DAY(2025, 2, 2), "举办日期"),
        ("branches", ("demo-b",), "支部"),
        ("branches", None, "支部"),
        ("extended", {"demo-a": DAY(2025, 4, 2)}, "延期"),
    ],
)
def test_a_key_of_what_is_asked_is_one_cell(key: str, value: Any, title: str) -> None:
    kinds = {"plan": "计划材料", "report": "报送事项"}
    (entry,) = read("due.yml", DUE)
    other = remade(entry, id="d002")

    def made(own: Any) -> bytes:
        return due_book(2025, (other, own), kinds, ())

    (cell,) = differing(made(entry), made(remade(entry, **{key: value})))
    assert (cell.row, cell.title) == ("d001", title)


@pytest.mark.parametrize(
    ("key", "value", "titles"),
    [
        ("ballots", {"good": 7, "fair": 2}, {"良好"}),
        ("ballots", {"good": 8, "fair": 3}, {"一般"}),
        ("void", 2, {"废票"}),
        ("issued", 13, {"发出票数"}),
        ("points", 4, {"书面述职得分"}),
        ("reason", "完整", {"理由"}),
        ("mode", "absent", {"方式"}),
    ],
)
def test_a_count_is_one_cell(key: str, value: Any, titles: set[str]) -> None:
    """The sum beside it is a formula, and the same."""
    names = {"demo-a": "示例甲", "demo-b": "示例乙"}
    held = read("debrief.yml", DEBRIEF).branches["demo-a"]

    def made(entry: Any) -> bytes:
        return ballots_book(2025, names, LEVELS, {"demo-a": held, "demo-b": entry}, ())

    cells = differing(made(held), made(remade(held, **{key: value})))
    assert {(cell.row, cell.title) for cell in cells} == {("demo-b", title) for title in titles}


@pytest.mark.parametrize(
    ("key", "value", "titles"),
    [
        ("title", masked("另一项"), {"事项"}),
        ("reason", say("另有缘由"), {"缺什么"}),
        ("how", say("另有办法"), {"怎么办"}),
        ("points", Decimal("2.5"), {"分"}),
        ("day", "2025-12-01", {"最后一天", "还有几天"}),
    ],
)
def test_what_is_missing_is_told_in_its_cells(key: str, value: Any, titles: set[str]) -> None:
    evaluation = evaluate(WorkingTree(BASE))
    assert evaluation.results is not None
    assert evaluation.rubric is not None
    items = tuple(
        Item(f"小项{n}", f"缺{n}", f"补{n}", "x", Decimal(n), "2025-11-30") for n in (3, 2, 1)
    )
    lacks = tuple(
        Lack(branch, "", items[:1], items[1:2], (), items[2:], (), 0)
        for branch in evaluation.results.branches
    )
    lacking = Missing(evaluation.results, DAY(2025, 11, 1), lacks, 0)
    *others, last = lacks
    changed = remade(last, lost=(remade(items[1], **{key: value}),))
    after = lacking._replace(lacks=(*others, changed))

    def told(own: Missing) -> list[tuple[object, ...]]:
        book = openpyxl.load_workbook(io.BytesIO(missing_book(own, (), 2)))
        return sorted(book.worksheets[0].iter_rows(min_row=HEAD + 1, values_only=True), key=str)

    heads = [c.value for c in openpyxl.load_workbook(
        io.BytesIO(missing_book(lacking, (), 2))).worksheets[0][HEAD]]  # fmt: skip
    here, there = told(lacking), told(after)
    (one,), (two,) = ([row for row in a if row not in b] for a, b in ((here, there), (there, here)))
    assert one[0] == two[0] == last.branch.id
    differ = {title for title, x, y in zip(heads, one, two, strict=True) if x != y}
    assert differ == titles


CLAIM = "branches/demo-a/2025/self-assessment.yml"


@pytest.mark.parametrize(
    ("old", "new", "titles"),
    [
        ("points: 4\n", "points: 3.5\n", {"自评"}),
        ("按要求完成。", "都完成了。", {"支部说明"}),
    ],
)
def test_a_claim_is_told_in_its_cells(old: str, new: str, titles: set[str], tmp_path: Path) -> None:
    """With it the stamp changes, and no cell of another row."""
    root = tmp_path / "repo"
    shutil.copytree(BASE, root)

    def made() -> bytes:
        file = tmp_path / "reviews.xlsx"
        done = appraise("export", "reviews", str(file), "--force", root=root)
        assert done.exit_code == 0, done.output
        return file.read_bytes()

    before = made()
    text = (root / CLAIM).read_text("utf-8")
    changed = text.replace(old, new, 1)
    assert changed != text
    (root / CLAIM).write_text(changed, "utf-8")
    found = differing(before, made())
    assert {cell.title for cell in found} == titles | {"印记"}
    assert len(found) == len(titles) + 1
