"""The review form: prefilled, valid once uncommented, stale once its evidence changes."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import BASE, appraise

if TYPE_CHECKING:
    from pathlib import Path

REVIEW = "committee/2025/reviews/demo-a.yml"
PLAN = "branches/demo-a/2025/documents/plan/plan.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the base repository with a review of one criterion, made from the form."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    assert appraise("review", "demo-a", "--write", root=tmp_path).exit_code == 0
    path = tmp_path / REVIEW
    text = path.read_text("utf-8")
    filled = re.sub(r"(?m)^# (?=  discipline: )", "", text)
    assert filled != text
    path.write_text(filled, "utf-8")
    return tmp_path


def test_the_form_changes_nothing_by_itself(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    before = appraise("score", root=tmp_path).stdout
    appraise("review", "demo-a", "--write", root=tmp_path)
    assert appraise("check", root=tmp_path).stdout == ""
    assert appraise("score", root=tmp_path).stdout == before


def test_an_uncommented_entry_is_a_clean_review(root: Path) -> None:
    result = appraise("check", root=root)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "核定" in appraise("explain", "demo-a", "discipline", root=root).stdout


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (PLAN, "计划", "新的计划"),
        ("branches/demo-a/2025/documents/plan/document.yml", "年度计划", "年度新计划"),
        ("branches/demo-a/2025/self-assessment.yml", "points: 4.5", "points: 4"),
    ],
)
def test_a_change_makes_the_review_stale(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    (root / path).write_text(text.replace(old, new), "utf-8")
    assert " warning C002 " in appraise("check", root=root).stdout
    form = appraise("review", "demo-a", root=root).stdout
    assert "材料已变" in form


def test_a_change_elsewhere_leaves_it_fresh(root: Path) -> None:
    record = root / "branches/demo-a/2025/activities/2025-03-12-theme-day/record.md"
    record.write_text("# 另一份示例记录\n", "utf-8")
    assert "C002" not in appraise("check", root=root).stdout
