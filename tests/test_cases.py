"""Every finding code has example files with their exact output, and every example a code."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest

from generator.cli.check import show_findings
from generator.engine.evaluate import evaluate
from generator.engine.snapshot import snapshot_of
from generator.engine.year import Means
from generator.reports.findings import as_json, as_text, safe
from generator.text.codes import CODES
from generator.text.language import load_catalogue, set_language
from tests.message_values import HAN, again, foreign, ids_of, stored
from tests.support import BASE, Case, appraise, cases

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from generator.engine.year import Evaluation

CASES = cases()
ENGLISH = load_catalogue("en")

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


class Checked(NamedTuple):
    """A case in a folder, what ``check`` printed of it, and its one evaluation, in Chinese."""

    case: Case
    root: Path
    result: Result
    evaluation: Evaluation


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.path.stem)
def checked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Return a case after its one check, for all tests that look at it."""
    case: Case = request.param
    root = tmp_path_factory.mktemp(case.path.stem, numbered=False)
    case.build(root)
    seen: list[Evaluation] = []

    def show(evaluation: Evaluation, form: str) -> None:
        seen.append(evaluation)
        show_findings(evaluation, form)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("generator.cli.check.show_findings", show)
        result = appraise("check", root=root)
    (evaluation,) = seen
    return Checked(case, root, result, evaluation)


def test_exact_output(checked: Checked) -> None:
    """The text and the exit status; JSON says the same of the one evaluation."""
    case, _, result, evaluation = checked
    assert result.stdout == case.expected
    errors = f": error {case.code} " in case.expected or ": error " in case.expected
    assert result.exit_code == (1 if errors else 0)
    assert f" {case.code} " in result.stdout

    document = json.loads(as_json(evaluation))
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


def test_one_stored_object_is_read_in_both_languages(checked: Checked) -> None:
    """What is stored is the same in both, and its values hold no words of the program."""
    set_language("en")
    with snapshot_of(checked.root) as snapshot:
        found = evaluate(snapshot.tree, means=Means(receipts=snapshot.receipts)).findings
    english = as_text(found)
    kept = stored(found)
    set_language("zh")
    anew = checked.evaluation.findings
    assert stored(anew) == kept
    chinese = as_text(found)
    assert chinese == as_text(anew)
    assert chinese.strip() in checked.case.expected
    assert english != chinese
    loaded = [(again(f.message), again(f.hint)) for f in found]
    assert loaded == [(f.message, f.hint) for f in found]
    values = [value for f in found for value in (f.message, f.hint)]
    assert foreign(values, checked.root) == []
    ids = {id_ for value in values for id_ in ids_of(value) if HAN.search(id_)}
    assert ids <= set(ENGLISH)


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    shown = {case.code for case in CASES}
    assert shown <= set(CODES)
    assert set(CODES) - shown == NEEDS_HISTORY - shown
    assert len(CASES) >= 60
