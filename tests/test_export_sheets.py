"""Lists and count sheets: out and back; tables of a year as the site has them."""

from __future__ import annotations

import codecs
import csv
import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from generator.engine.year import Means
from generator.files.tree import WorkingTree
from generator.formats.committee_files import DEBRIEF
from generator.loading.reader import Reader
from generator.reports.book import HEAD
from generator.results.document import to_json
from generator.site.data.years import evaluations
from generator.site.exports.tabled import CSV, PARQUET
from generator.text.findings import Report
from generator.text.language import speaking
from tests.support import appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import Results

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's files without history, and without the year that has just begun."""
    root = tmp_path_factory.mktemp("sheets") / "repo"
    root.mkdir()
    for name in ("branches", "committee"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "rubric.yml", root / "rubric.yml")
    return root


def exported(root: Path, kind: str, folder: Path) -> Path:
    file = folder / f"{kind}.xlsx"
    done = appraise("export", kind, str(file), "--year", "2025", root=root)
    assert done.exit_code == 0, done.output
    return file


@pytest.mark.parametrize("kind", ["due", "ballots"])
def test_what_nobody_edited_changes_nothing(kind: str, sample: Path, tmp_path: Path) -> None:
    file = exported(sample, kind, tmp_path)
    done = appraise("import", kind, str(file), "--year", "2025", "--yes", root=sample)
    assert done.exit_code == 0, done.output
    assert "没有要写的改动" in done.output
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert sheet.max_row > HEAD + 5


def test_a_count_that_is_filled_in_comes_back(sample: Path, tmp_path: Path) -> None:
    root = tmp_path / "repo"
    shutil.copytree(sample, root)
    file = exported(root, "ballots", tmp_path)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[HEAD]]
    number = next(n for n in range(HEAD + 1, sheet.max_row + 1)
                  if sheet.cell(n, 1).value == "demo-i")  # fmt: skip
    for title, value in (("优秀", 5), ("良好", 2), ("一般", 0), ("较差", 0), ("废票", 1)):
        sheet.cell(number, titles.index(title) + 1).value = value
    total = sheet.cell(number, titles.index("合计") + 1).value
    assert total.startswith("=SUM(")
    book.save(file)
    done = appraise("import", "ballots", str(file), "--year", "2025", "--yes", root=root)
    assert done.exit_code == 0, done.output
    held = Reader(WorkingTree(root), Report()).load("committee/2025/debrief.yml", DEBRIEF)[0]
    assert held is not None
    assert held.branches["demo-i"].ballots == {"excellent": 5, "good": 2, "fair": 0, "poor": 0}


def test_missing_is_what_the_command_lists(sample: Path, tmp_path: Path) -> None:
    file = exported(sample, "missing", tmp_path)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
    listed = appraise("missing", "--year", "2025", "--format", "csv", root=sample).stdout
    rows = list(csv.reader(io.StringIO(listed.removeprefix("\ufeff"))))[1:]
    assert [(r[0], r[4], r[5] or "") for r in found] == [
        (r[0], float(r[5]) if r[5] else None, r[6]) for r in rows
    ]


def test_tables_are_those_of_the_results(sample: Path, tmp_path: Path) -> None:
    for kind in ("csv", "parquet"):
        done = appraise("export", kind, str(tmp_path), "--year", "2025", root=sample)
        assert done.exit_code == 0, done.output
    folder = tmp_path / "2025"
    text = (folder / "lines.csv").read_text("utf-8-sig")
    lines: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(text)))
    table = pq.read_table(folder / "lines.parquet").to_pylist()
    assert len(lines) == len(table) > 100
    assert [row["branch"] for row in lines] == [row["branch"] for row in table]
    assert [path.name for path in tmp_path.iterdir()] == ["2025"]
    again = appraise("export", "csv", str(tmp_path), "--year", "2025", root=sample)
    assert again.exit_code == 2


#: Columns of the lines that hold words, and what results call them.
WORDED = ("name", "title", "clause", "reason", "statement", "decided_by")


@pytest.fixture(scope="module")
def years(sample: Path) -> list[Results]:
    """Every year of the sample: a final one, one that is posted, one that is open."""
    found = evaluations(WorkingTree(sample), Means())
    return [item.results for item in found if item.results is not None]


@pytest.mark.parametrize("lang", tiered(["zh", "en"], 1))
def test_words_of_every_year_are_right_in_both_kinds_of_tables(
    lang: str, years: list[Results]
) -> None:
    assert [results.year for results in years] == [2024, 2025, 2026]
    for results in years:
        with speaking(lang):
            document = to_json(results)
            made = {name: b"".join(make(results)) for name, make in {**CSV, **PARQUET}.items()}
        due = [row for branch in document["branches"] for row in lines_of(branch)]
        raw = made["lines.csv"]
        assert raw.startswith(codecs.BOM_UTF8)
        assert b"\n" not in raw.replace(b"\r\n", b"")
        lines = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
        rows = [[row[name] for name in WORDED] for row in lines]
        table = pq.read_table(io.BytesIO(made["lines.parquet"]))
        typed = [[row[name] or "" for name in WORDED] for row in table.to_pylist()]
        assert rows == typed == due
        assert any("\u4e00" <= sign <= "\u9fff" for row in due for cell in row for sign in cell)
        assert f"{table.schema.field('points').type}" == "decimal128(18, 6)"
        ranks = pq.read_table(io.BytesIO(made["ranking.parquet"]))
        assert f"{ranks.schema.field('rank').type}" == "int32"
        names = [branch["name"] for branch in document["branches"]]
        assert ranks.column("name").to_pylist() == names


def test_without_a_year_all_are_written_and_final_ones_as_they_were_frozen(
    sample: Path, tmp_path: Path
) -> None:
    done = appraise("--lang", "en", "export", "csv", str(tmp_path), root=sample)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2024", "2025", "2026"]
    frozen = json.loads((sample / "committee/2024/results.json").read_bytes())
    said = {line["reason"] for branch in frozen["branches"] for line in branch["lines"]}
    text = (tmp_path / "2024/lines.csv").read_text("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    assert {row["reason"] for row in rows if row["line"] != "bonus"} == said


def lines_of(branch: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the words of the lines of a branch, as results have them."""
    for line in branch["lines"]:
        yield [branch["name"], *(line[name] or "" for name in WORDED[1:])]
    for claim in branch["bonus_lines"]:
        words = (claim["title"], claim["clause"], claim["reason"], claim["matter"])
        yield [branch["name"], *(word or "" for word in words), ""]
