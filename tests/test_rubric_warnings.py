"""A warning in the rubric takes nothing away; where nothing can be computed, that is an error."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.engine.repository import UnknownYearError
from generator.loading.committee import load_rubric
from generator.loading.reader import Reader
from generator.reports.documents import documents
from generator.results.document import to_json
from generator.text.findings import Report
from tests.gitrepo import GitRepo
from tests.memory import MemoryTree, base_files
from tests.support import appraise

if TYPE_CHECKING:
    from generator.engine.evaluate import Evaluation

RUBRIC = "rubric.yml"
SAMPLE = Path(__file__).resolve().parent.parent / RUBRIC
BASE_LINES = base_files()[RUBRIC].decode().split("\n")
#: Lines behind which a note may stand: with content, and no quotes that would hold it.
BEHIND = [n for n, line in enumerate(BASE_LINES) if line.strip() and not set(line) & set("\"'|>")]
WORDS = ("#待核", "#1", "#改为 5 分", "#TODO: ask")
COMMANDS = (("score",), ("score", "--format", "json"), ("score", "--format", "csv"), ("whatif",))


def figures(evaluation: Evaluation) -> object:
    """Return the results but for where the rubric comes from."""
    assert evaluation.results is not None
    document = to_json(evaluation.results)
    return {k: v for k, v in document.items() if k not in {"rubric", "digest", "source"}}


@cache
def evaluated_base() -> Evaluation:
    """Return the small repository as it is evaluated; nobody changes it."""
    return evaluate(MemoryTree(base_files()), 2025)


@pytest.mark.parametrize("line", BEHIND)
def test_a_note_behind_a_line_changes_no_figure(line: int) -> None:
    files, clean = base_files(), evaluated_base()
    dice = random.Random(line)
    lines = [*BASE_LINES]
    for number in {line, *dice.sample(BEHIND, dice.randrange(3))}:
        lines[number] += f" {dice.choice(WORDS)}"
    files[RUBRIC] = "\n".join(lines).encode()
    noted = evaluate(MemoryTree(files), 2025)
    assert figures(noted) == figures(clean)
    new = [f.code for f in noted.findings if f.path == RUBRIC]
    assert set(new) == {"Y008"}
    assert noted.errors == clean.errors


def test_a_note_behind_any_line_of_the_sample_is_read_over() -> None:
    lines = SAMPLE.read_text("utf-8").split("\n")
    behind = [n for n, li in enumerate(lines) if li.strip() and not set(li) & set("#\"'|>")]
    assert len(behind) > 100
    for number in behind[::3]:
        text = "\n".join([*lines[:number], f"{lines[number]} #记", *lines[number + 1 :]])
        report = Report()
        rubric = load_rubric(Reader(MemoryTree({RUBRIC: text.encode()}), report))
        assert rubric is not None
        assert {f.code for f in report.findings} == {"Y008"}
        assert len(rubric.criteria) == 19


def empty(root: Path) -> None:
    """Write a repository with a rubric and nothing else."""
    (root / RUBRIC).write_bytes(base_files()[RUBRIC])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_year_is_no_result_and_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    empty(tmp_path)
    result = appraise(*command, root=tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "没有可以计算的年度" in result.stderr


@pytest.mark.parametrize("command", [*COMMANDS, ("explain", "demo-a"), ("check",)], ids=" ".join)
def test_an_unreadable_rubric_is_an_error(tmp_path: Path, command: tuple[str, ...]) -> None:
    for path, data in base_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / RUBRIC).write_text("sections: [\n", "utf-8")
    result = appraise(*command, root=tmp_path)
    assert result.exit_code == 1
    assert "Y001" in result.output


def test_documents_without_a_year_are_refused() -> None:
    with pytest.raises(UnknownYearError):
        documents({RUBRIC: base_files()[RUBRIC]})


PLAN = "branches/demo-a/2025/documents/plan/document.yml"


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_impact_on_a_rubric_that_cannot_be_read(tmp_path: Path, form: str) -> None:
    repo = GitRepo(tmp_path)
    good = base_files()[RUBRIC]
    broken = repo.change({RUBRIC: "sections: [\n"})
    head = repo.change({PLAN: "title: [\n"}, start=broken)
    mended = repo.change({RUBRIC: good}, start=broken)
    result = appraise("impact", broken, head, "--format", form, root=tmp_path)
    assert result.exit_code == 1
    assert "算不出结果" in result.stdout
    mending = appraise("impact", broken, mended, "--format", form, root=tmp_path)
    assert mending.exit_code == 0
    assert "算不出结果" not in mending.stdout


def test_impact_with_a_note_in_the_rubric_finds_new_errors(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    text = base_files()[RUBRIC].decode().replace("clause: 第一条\n", "clause: 第一条 #待核\n")
    noted = repo.change({RUBRIC: text})
    head = repo.change({"branches/demo-a/2025/self-assessment.yml": "claims: [\n"}, start=noted)
    result = appraise("impact", noted, head, root=tmp_path)
    assert result.exit_code == 1
    assert result.stdout.startswith("不宜合并")
