"""Every finding code has example files with their exact output, and every example a code."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from generator.cli.check import show_findings
from generator.reports.findings import as_json, safe
from generator.text.codes import CODES
from tests.support import BASE, Case, appraise, cases

if TYPE_CHECKING:
    from pathlib import Path

    from generator.engine.year import Evaluation

CASES = cases()

#: Codes that need two revisions, the frozen results of a year, or a git that lacks a file.
NEEDS_HISTORY = {
    "C005",
    "C014",
    "E022",
    "G001",
    "G002",
    "G003",
    "G007",
    "G008",
    "G009",
    "G010",
    "G011",
    "G012",
}


def test_the_base_repository_is_clean(tmp_path: Path) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    result = appraise("check", root=tmp_path)
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_exact_output(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text and the exit status; JSON says the same of the one evaluation."""
    case.build(tmp_path)
    seen = []

    def show(evaluation: Evaluation, form: str) -> None:
        seen.append(as_json(evaluation))
        show_findings(evaluation, form)

    monkeypatch.setattr("generator.cli.check.show_findings", show)
    result = appraise("check", root=tmp_path)
    assert result.stdout == case.expected
    errors = f": error {case.code} " in case.expected or ": error " in case.expected
    assert result.exit_code == (1 if errors else 0)
    assert f" {case.code} " in result.stdout

    (text,) = seen
    document = json.loads(text)
    assert document["schema"] == "appraisal-findings/1"
    assert set(document["checked"]) >= {"files", "branches", "rules"}
    shown = [
        f"{safe(f['path'])}:{f['line']}:{f['column']}: {f['severity']} {f['code']} "
        for f in document["findings"]
    ]
    lines = [line for line in case.expected.splitlines() if not line.startswith("    ")]
    assert len(shown) == len(lines)
    for start, line in zip(shown, lines, strict=True):
        assert line.startswith(start)


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    shown = {case.code for case in CASES}
    assert shown <= set(CODES)
    assert set(CODES) - shown == NEEDS_HISTORY - shown
    assert len(CASES) >= 60
