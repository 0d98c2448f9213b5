"""What LibreOffice makes of our files: papers rendered and measured in mm, workbooks resaved."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.exchange.papers import letter, notice
from generator.exchange.workbooks.ledger import ledger
from generator.text.privacy import masked
from tests.browser import needed
from tests.test_export_books import evaluated
from tests.test_retold import FILL, KINDS, books, taken
from tools.rendering import converted, lacking, measured, pages

if TYPE_CHECKING:
    from generator.results.model import BranchResult
    from tests.test_retold import Books

__all__ = ["books"]
pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parent.parent
LONG = "重庆市示例自然科学与工程技术促进会等三家学会联合党支部（功能型，高新区与两江新区片区）"


def rendering() -> None:
    """Skip, with what is missing, where nothing can be rendered; in CI that is a failure."""
    absent = lacking()
    needed(", ".join(absent), not absent)


def test_the_notice_measures_what_the_standard_says(tmp_path: Path) -> None:
    rendering()
    found, fonts = measured(tmp_path)
    assert [measure for measure in found if not measure.fits] == []
    assert len(found) == 16
    assert all(any(name in font for name in ("Noto", "Liberation")) for font in fonts)


def test_what_libreoffice_saves_is_read_the_same(books: Books, tmp_path: Path) -> None:
    rendering()
    files = []
    for kind in KINDS:
        for name, data in (("plain", books.plain[kind]), ("filled", books.filled[kind])):
            files.append(tmp_path / f"{kind}-{name}.xlsx")
            files[-1].write_bytes(data)
    saved = {file.stem: file.read_bytes() for file in converted(files, "xlsx", tmp_path / "saved")}
    assert len(saved) == 2 * len(FILL)
    for kind in KINDS:
        assert "没有要写的改动" in taken(books, kind, saved[f"{kind}-plain"])
        told = taken(books, kind, books.filled[kind])
        assert taken(books, kind, saved[f"{kind}-filled"]) == told


def lines(pdf: Path) -> list[list[str]]:
    """Return the lines of each page, without blanks, in order; words at one height are a line."""
    found = []
    for page in pages(pdf):
        rows: dict[int, str] = {}
        for word in sorted(page, key=lambda own: (round(own.top), own.left)):
            rows[round(word.top)] = rows.get(round(word.top), "") + word.text
        found.append([*rows.values()])
    return found


def many(branches: tuple[BranchResult, ...], count: int) -> tuple[BranchResult, ...]:
    """Return so many branches with long names, those with a rank first."""
    made = [
        replace(own, id=f"x{n:03d}", name=masked(f"{LONG}{n}"), rank=own.rank and n + 1)
        for n, own in enumerate(islice(cycle(branches), count))
    ]
    return tuple(sorted(made, key=lambda own: (own.rank is None, own.rank or 0)))


def test_a_notice_of_many_branches_breaks_where_it_may(tmp_path: Path) -> None:
    """Heads are on each page of the ranking, numbers at its foot; no heading ends a page."""
    rendering()
    results, rubric = evaluated(ROOT, 2025)
    crowd = replace(results, branches=many(results.branches, 150))
    file = tmp_path / "notice.docx"
    file.write_bytes(notice.notice(ROOT, crowd, rubric, draft=True))
    (pdf,) = converted([file], "pdf", tmp_path)
    found = lines(pdf)
    assert len(found) > 10
    annex = next(number for number, page in enumerate(found) if "附件" in page)
    for number, page in enumerate(found, start=1):
        assert page[0] == "草稿（未定稿，不得印发）"
        assert page[-1] == f"—{number}—"
        assert not page[-2].startswith(
            ("一、", "二、", "（一）", "（二）", "（三）", "（四）", "（五）")
        )
        assert number <= annex or "名次党支部总分等次" in page
    told = "".join(text for page in found for text in page)
    for branch in crowd.branches:
        assert f"{branch.name}"[-3:] in told


def test_a_letter_is_one_page_a_branch(tmp_path: Path) -> None:
    rendering()
    files = []
    for year in (2024, 2025):
        results, rubric = evaluated(ROOT, year)
        for branch in results.branches:
            files.append(tmp_path / f"{year}-{branch.id}.docx")
            data = letter.letter(ROOT, results, rubric, branch, draft=False)
            files[-1].write_bytes(data)
    made = converted(files, "pdf", tmp_path)
    assert {pdf.stem: len(pages(pdf)) for pdf in made} == {file.stem: 1 for file in files}


def test_a_ledger_of_many_branches_has_its_heads_on_every_page(tmp_path: Path) -> None:
    rendering()
    results, rubric = evaluated(ROOT, 2025)
    file = tmp_path / "ledger.xlsx"
    file.write_bytes(ledger(replace(results, branches=many(results.branches, 150)), rubric))
    (pdf,) = converted([file], "pdf", tmp_path)
    found = ["".join(word.text for word in page) for page in pages(pdf)]
    assert len(found) > 20
    for page in found[:-1]:
        assert "党支部" in page
        assert "编号" in page
        assert "年度" in page
