"""``appraise new year``: a year begun with what the year before gives for it."""

from __future__ import annotations

import datetime
import os
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.engine.evaluate import evaluate
from generator.files.tree import WorkingTree
from generator.proposals.new_year import FaultyError, NoSourceError, YearExistsError, begin
from tests.memory import MemoryTree, base_files
from tests.naive.repositories import make_repository
from tests.support import TESTS, appraise, write
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.proposals.new_year import NewYear

SAMPLE = TESTS.parent
APPRAISAL = "committee/2025/appraisal.yml"
DUE = "committee/2025/due.yml"
PLAIN = b"period: {from: 2025-01-01, to: 2025-12-31}\nstage: open\n"


def begun(files: Mapping[str, bytes | None], year: int = 2026, source: int = 2025) -> NewYear:
    """Begin a year in the base repository with some files in place of its own."""
    changed = {**base_files(), **files}
    tree = MemoryTree({path: data for path, data in changed.items() if data is not None})
    return begin(tree, year, source)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The sample's committee, rubric and branches, without what the branches filed."""
    shutil.copy(SAMPLE / "rubric.yml", tmp_path)
    shutil.copytree(SAMPLE / "committee", tmp_path / "committee")
    for path in sorted((SAMPLE / "branches").glob("*/branch.yml")):
        write(tmp_path / path.relative_to(SAMPLE), path.read_bytes())
    return tmp_path


def test_the_sample_has_another_year(sample: Path) -> None:
    """Both files, days a year later, in the style of the year before; `check` has no error."""
    result = appraise("new", "year", "2027", root=sample)
    assert result.exit_code == 0
    old, new = sample / "committee/2026", sample / "committee/2027"
    assert sorted(path.name for path in new.iterdir()) == ["appraisal.yml", "due.yml"]
    due = (old / "due.yml").read_text("utf-8")
    assert (new / "due.yml").read_text("utf-8") == due.replace("2026-", "2027-")
    assert (new / "appraisal.yml").read_text("utf-8") == (
        "period: {from: 2027-01-01, to: 2027-12-31}\n"
        "stage: open\n"
        "deadlines: {self_assessment: 2027-12-20}\n"
    )
    checked = appraise("check", "--year", "2027", root=sample)
    assert checked.exit_code == 0, checked.output


def test_years_under_way_keep_their_rubric(sample: Path) -> None:
    """A change of the rubric for the next year moves none of the points of this one."""
    appraise("new", "year", "2027", root=sample)
    rubric = (SAMPLE / "rubric.yml").read_bytes()
    for year in (2025, 2026):
        assert (sample / f"committee/{year}/rubric.yml").read_bytes() == rubric
    ended = begun({APPRAISAL: PLAIN.replace(b"open", b"final"), DUE: None})
    assert ended.kept == [2025]
    own = b"# 2025\n" + rubric
    found = begun({"rubric.yml": rubric, "committee/2025/rubric.yml": own, DUE: None})
    assert "committee/2025/rubric.yml" not in found.files
    assert "committee/2026/rubric.yml" not in found.files


def test_what_is_left_and_what_comes_later_is_told(sample: Path) -> None:
    """A line each: keys that belong to one year, files that the year needs later."""
    told = appraise("new", "year", "2027", root=sample).output
    assert "没有沿用的：as_of、history_from，" in told
    for name in ("debrief.yml", "decision.yml", "roster.yml", "reviews/", "supervision/"):
        assert len([line for line in told.splitlines() if name in line]) == 1, name
    assert "2025 年还没有定稿" in told


def test_a_year_that_is_there_stays(sample: Path) -> None:
    """Exit status 2, and not a byte is written."""
    before = contents(sample)
    result = appraise("new", "year", "2026", root=sample)
    assert result.exit_code == 2
    assert "committee/2026 里已经有文件" in result.output
    assert contents(sample) == before
    with pytest.raises(YearExistsError):
        begun({"committee/2026/results.json": b"{}"})


def test_what_git_does_not_list_stays_too(sample: Path) -> None:
    """A link in the place of a file, or one that nobody listed: nothing is written over it."""
    (sample / "committee/2027").mkdir()
    (sample / "committee/2027/due.yml").symlink_to(sample / "rubric.yml")
    before = contents(sample)
    assert appraise("new", "year", "2027", root=sample).exit_code == 2
    assert contents(sample) == before
    shutil.rmtree(sample / "committee/2027")
    (sample / "elsewhere").mkdir()
    (sample / "committee/2027").symlink_to(sample / "elsewhere")
    assert appraise("new", "year", "2027", root=sample).exit_code == 2
    assert not [*(sample / "elsewhere").iterdir()]


def test_without_a_year_to_start_from(sample: Path) -> None:
    """The years there are, and how to name one; without any, what to write."""
    result = appraise("new", "year", "2031", root=sample)
    assert result.exit_code == 2
    assert "现有 2024、2025、2026 年，用 --from 写沿用哪一年的" in result.output
    shutil.rmtree(sample / "committee")
    result = appraise("new", "year", "2031", root=sample)
    assert result.exit_code == 2
    assert "period: {from: 2031-01-01, to: 2031-12-31}" in result.output
    assert not (sample / "committee").exists()


def test_any_year_to_start_from(sample: Path) -> None:
    """`--from`: as many years later as there are between them."""
    result = appraise("new", "year", "2031", "--from", "2025", root=sample)
    assert result.exit_code == 0
    appraisal = yaml.safe_load((sample / "committee/2031/appraisal.yml").read_bytes())
    assert appraisal["period"] == {
        "from": datetime.date(2031, 1, 1),
        "to": datetime.date(2031, 12, 31),
    }
    assert appraisal.keys() == {"period", "stage", "deadlines"}
    assert appraise("new", "year", "2031", "--from", "2031", root=sample).exit_code == 2


def test_the_last_day_of_february() -> None:
    """29 February becomes 28, and stays where the new year has it."""
    leap = b"period: {from: 2024-01-01, to: 2024-12-31}\nstage: final\n"
    due = b"- {id: a, kind: plan, due: 2024-02-29, extended: {b01: 2024-03-01}}\n"
    files = {"committee/2024/appraisal.yml": leap, "committee/2024/due.yml": due}
    common = begun(files, 2026, 2024).files["committee/2026/due.yml"]
    assert common == b"- {id: a, kind: plan, due: 2026-02-28, extended: {b01: 2026-03-01}}\n"
    later = begun(files, 2028, 2024).files["committee/2028/due.yml"]
    assert b"due: 2028-02-29" in later


def test_every_entry_of_the_due_list_keeps_what_it_says() -> None:
    """Comments, quotes, lists, an id like a year; words that name the old year are told."""
    due = (
        "# 应报事项\n\n"
        '- {id: plan-2025, kind: plan, title: "2025 年计划", due: 2025-03-31}  # 春天\n'
        "# 年中\n"
        "-   id: \"2025\"\n    kind: 'plan'\n    title: '总结：上半年'\n"
        "    date: 2025-07-01 # 晚一天\n    due: 2026-01-15\n    branches: [b01,\n      b02]\n"
        "    extended:\n      # 准假\n      b01: 2026-01-20\n"
        "- {id: empty, kind: plan, due: 2025-12-31, title: , branches: }\n"
    )
    found = begun({APPRAISAL: PLAIN, DUE: due.encode()})
    new = due.replace("2026-01-", "2027-01-").replace("2025-", "2026-")
    assert found.files["committee/2026/due.yml"].decode() == new
    assert [entry.id for entry in found.dated] == ["plan-2025", "2025"]
    assert found.entries == 3


def test_kinds_that_the_rubric_no_longer_has() -> None:
    """A rubric of the year's own knows them, the next one does not: they are left and told."""
    rubric = yaml.safe_load(base_files()["rubric.yml"])
    rubric["document_kinds"]["old"] = {"title": "旧材料"}
    due = "- {id: a, kind: old, due: 2025-03-01}\n- {id: b, kind: plan, due: 2025-03-02} # 计划\n"
    own = yaml.dump(rubric, Dumper=yaml.CSafeDumper, allow_unicode=True).encode()
    files = {APPRAISAL: PLAIN, DUE: due.encode(), "committee/2025/rubric.yml": own}
    found = begun(files)
    assert [entry.id for entry in found.unfit] == ["a"]
    assert found.files["committee/2026/due.yml"].decode() == (
        "- {id: b, kind: plan, due: 2026-03-02} # 计划\n"
    )
    only = begun({**files, DUE: b"- {id: a, kind: old, due: 2025-03-01}\n"})
    assert sorted(only.files) == ["committee/2026/appraisal.yml"]


@pytest.mark.parametrize("due", [None, b"", b"# nothing yet\n", b"[]\n"])
def test_without_a_due_list(due: bytes | None) -> None:
    """None, or an empty one that says so: appraisal.yml alone, or a message."""
    files = {APPRAISAL: b"# head\n" + PLAIN, DUE: due}
    if due is None or due == b"[]\n":
        found = begun(files)
        assert sorted(path for path in found.files if "/2026/" in path) == [
            "committee/2026/appraisal.yml"
        ]
        assert found.files["committee/2026/appraisal.yml"].startswith(
            b"# head\nperiod: {from: 2026"
        )
    else:
        with pytest.raises(FaultyError):
            begun(files)


def test_comments_and_quotes_stay_in_block_style() -> None:
    """The stage is the first one; what belongs to one year goes with its comment."""
    before = (
        "# 考核\n# 第二行\nperiod:\n  from: '2025-01-01'   # 起\n  to: 2025-12-31\n\n"
        "stage: final  # 已定稿\n# 公示\npublicity:\n  from: 2026-01-02\n  to: 2026-01-09\n"
        "  contact: 办公室\nlimits: {file: 20, branch: 300.5}\nas_of: 2025-12-01 # 停\n# 末尾\n"
    )
    found = begun({APPRAISAL: before.encode()})
    assert found.files["committee/2026/appraisal.yml"].decode() == (
        "# 考核\n# 第二行\nperiod:\n  from: 2026-01-01   # 起\n  to: 2026-12-31\n\n"
        "stage: open  # 已定稿\n# 公示\nlimits: {file: 20, branch: 300.5}\n# 末尾\n"
    )
    assert found.left == ["publicity", "as_of"]


HOSTILE = {
    "anchor": b"period: &a {from: 2025-01-01, to: 2025-12-31}\nstage: open\n",
    "no stage": b"period: {from: 2025-01-01, to: 2025-12-31}\n",
    "no day": b"period: {from: 2025-02-30, to: 2025-12-31}\nstage: open\n",
    "unknown key": PLAIN + b"stages: open\n",
    "a list": b"- period\n",
    "empty": b"",
    "no text": b"\xff\xfe\x00",
    "twice": PLAIN + b"stage: open\n",
    "control": PLAIN + b"# \x1b[31m\n",
    "deep": b"[" * 50_000,
    "never": b"period: {from: 2025-01-01, to: 9999-12-31}\nstage: open\n",
    "conflict": b"<<<<<<< HEAD\n" + PLAIN + b"=======\n>>>>>>> b\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_with_errors_is_not_taken_over(name: str) -> None:
    """The file is told; nothing is guessed."""
    with pytest.raises(FaultyError) as told:
        begun({APPRAISAL: HOSTILE[name]})
    assert told.value.path == APPRAISAL


def test_a_message_for_a_file_with_errors(sample: Path) -> None:
    """Exit status 2, the file, and what to do; nothing is written."""
    write(sample / "committee/2026/due.yml", b"- {id: a, due: soon}\n")
    before = contents(sample)
    result = appraise("new", "year", "2027", root=sample)
    assert result.exit_code == 2
    assert "committee/2026/due.yml 有错误" in result.output
    assert "appraise check --year 2026" in result.output
    assert contents(sample) == before


def test_a_year_is_not_taken_through_a_link(sample: Path) -> None:
    """A link in place of appraisal.yml is no year."""
    path = sample / "committee/2026/appraisal.yml"
    path.rename(sample / "else.yml")
    path.symlink_to(sample / "else.yml")
    assert appraise("new", "year", "2027", root=sample).exit_code == 2
    with pytest.raises(NoSourceError):
        begun({APPRAISAL: None})


def test_all_or_nothing(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fails at the second file: the first is not there either."""
    before = contents(sample)
    done = []
    replace = os.replace

    def fails(*paths: str) -> None:
        done.append(paths)
        if len(done) == 2:
            raise OSError(28, "full")
        replace(*paths)

    monkeypatch.setattr(os, "replace", fails)
    result = appraise("new", "year", "2027", root=sample)
    assert result.exit_code == 2
    assert contents(sample) == before
    assert not (sample / "committee/2027").exists()


@pytest.mark.parametrize("seed", tiered(range(12), often=2, fast=1))
def test_random_repositories_have_another_year(tmp_path: Path, seed: int) -> None:
    """Whatever their rubric and due list: no error in the new year's files."""
    year = make_repository(tmp_path, seed)
    result = appraise("new", "year", f"{year + 1}", root=tmp_path)
    assert result.exit_code == 0, result.output
    found = evaluate(WorkingTree(tmp_path), year + 1)
    own = f"committee/{year + 1}/"
    assert not [f for f in found.findings if f.path.startswith(own) and f.severity == "error"]


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {f"{path}": path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
