"""What stands between a year and its end: acting on every line, and nothing else, ends it."""

from __future__ import annotations

import copy
import io
import json
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import yaml

from generator.engine.evaluate import evaluate
from generator.engine.freeze.standing import Standing, standing
from generator.engine.year import Means
from generator.reports.left.ready import WHO, Line, as_json, as_text, lines_of
from generator.reports.left.workbook import as_workbook
from generator.results.document import dump_parts
from generator.text.language import speaking
from generator.text.messages import Message
from tests.gitrepo import GitRepo
from tests.memory import MemoryTree
from tests.plain_yaml import said
from tests.support import appraise, end_year
from tests.tiers import tiered
from tests.years import (
    YEAR,
    Branch,
    award,
    claim,
    document,
    encoded,
    judged,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Files = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
HOME = f"committee/{YEAR}"
APPRAISAL, DECISION = f"{HOME}/appraisal.yml", f"{HOME}/decision.yml"
#: The criteria that only the committee gives points.
PLAIN = ("one", "two", "three")
BALLOT = {"id": "debrief", "title": "述职", "points": 4, "method": "ballot"}
COUNTED = {
    "id": "counted", "title": "报表", "points": 6, "method": "share", "of": "form",
    "having": ["sign"], "empty": "pending",
}  # fmt: skip
RULES = rubric(
    section("s", *(judged(name) for name in PLAIN), judged("asked", evidence={"required": True})),
    section("t", BALLOT, COUNTED),
    ballot={"good": 1},
    bonus={"rules": [{"id": "award", "title": "表彰", "levels": {"city": 2}}]},
    vetoes=[{"id": "v", "title": "违纪"}],
    grades=[{"id": "good", "title": "好", "min": 30}, {"id": "low", "title": "差", "min": 0}],
    questions=[
        {"id": "q", "issue": "如何计", "choice": "按十分"},
        {"id": "r", "issue": "谁来定", "decided_by": "党委"},
    ],
)


def drawn(rng: random.Random) -> Files:
    """Return a year with many things that are still open."""
    branches = {}
    for name in ("a", "b", "c"):
        claims: Files = {own: claim(rng.randint(0, 8)) for own in PLAIN if rng.random() < 0.6}
        if rng.random() < 0.5:
            claims["asked"] = claim(5, *(["documents/x"] if rng.random() < 0.6 else []))
        if rng.random() < 0.3:
            claims["one"] = {"not_applicable": "没有"}
        reviews = {own: {"points": 2, "reason": "已核"} for own in PLAIN if rng.random() < 0.2}
        faulty: Files = {}
        if rng.random() < 0.2:
            faulty[f"{YEAR}/documents/bad/document.yml"] = {"kind": "plan", "title": "x"}
        votes = {"mode": "onsite", "ballots": {"good": 3}}
        branches[name] = Branch(
            claims=claims,
            reviews=reviews,
            records=[document("x"), *([document("f", "form", sign="true")][: rng.randint(0, 1)])],
            bonus=[award("won", "city", "甲", evidence=["documents/x"])][: rng.randint(0, 1)],
            debrief=votes if rng.random() < 0.6 else None,
            vetoes=[{"veto": "v", "state": rng.choice(["alleged", "verified", "dismissed"])}]
            if rng.random() < 0.4
            else None,
            files=faulty,
            silent=rng.random() < 0.15,
        )
        if branches[name].silent and rng.random() < 0.6:
            branches[name].records = []
    files = year_of(copy.deepcopy(RULES), branches)
    files[APPRAISAL] |= {"stage": rng.choice(["open", "review", "publicity", "final"])}
    if rng.random() < 0.5:
        files[DECISION] = {"meeting": "党委会"}
    if rng.random() < 0.4:
        files[f"{HOME}/appeals/a.yml"] = [
            {"id": "x", "received": "2026-01-23", "criterion": "grade", "matter": "不同意",
             "state": "open"}
        ]  # fmt: skip
    return files


def standing_of(files: Files) -> Standing:
    """Return how a year stands, whose files are all committed."""
    tree = MemoryTree({path: encoded(data) for path, data in files.items()})
    found = evaluate(tree, YEAR, Means(stage="final"), anew=True, details=False)
    stage = files[APPRAISAL]["stage"]
    return Standing(YEAR, found, stage, dirty=False, frozen=False, sizes={"a": 1})


def named(line: Line, key: str) -> str:
    """Return a value of what a line says, empty where it has none."""
    return f"{(line.what.value(key) if isinstance(line.what, Message) else '') or ''}"


def act(files: Files, line: Line) -> None:
    """Do what a line asks for, in the file that it names."""
    branch = line.branch or ""
    if line.code == "stage":
        files[APPRAISAL] = files[APPRAISAL] | {"stage": "final"}
    elif line.code == "C003":
        (question,) = [q for q in files["rubric.yml"]["questions"] if q["id"] == named(line, "id")]
        question["decided_by"] = "党委"
    elif line.code == "C004":
        files[DECISION] = {"meeting": "党委会", "decided": "2026-01-20"}
    elif line.code == "C011":
        (entry,) = files[line.path]
        files[line.path] = [entry | {"state": "dismissed", "answer": "维持", "date": "2026-01-25"}]
    elif line.code == "R004":
        told = files.get(path := f"{HOME}/vetoes/{branch}.yml", [])
        kept = [entry for entry in told if entry["state"] in {"verified", "dismissed"}]
        files[path] = [*kept, {"veto": veto_of(files, line), "state": "dismissed", "reason": "无"}]
    elif line.who == "office":
        debrief = files.setdefault(f"{HOME}/debrief.yml", {"held": "2026-01-10", "branches": {}})
        votes = {next(iter(files["rubric.yml"]["ballot"])): 3}
        debrief["branches"] = debrief["branches"] | {branch: {"mode": "onsite", "ballots": votes}}
    elif line.code in {"C007", "C009"}:
        reviewed(files, line, branch)
    else:
        mended(files, line, branch)


def veto_of(files: Files, line: Line) -> str:
    """Return the veto that a line names by its title."""
    titles = {rule["title"]: rule["id"] for rule in files["rubric.yml"]["vetoes"]}
    return str(titles[named(line, "title")])


def reviewed(files: Files, line: Line, branch: str) -> None:
    """Decide a criterion or a bonus in the review that the line names."""
    path = f"{HOME}/reviews/{branch}.yml"
    assert line.who == "branch" or path in f"{line.settle}"
    review = files.setdefault(path, {})
    if criterion := named(line, "criterion"):
        own = {"points": 0, "reason": "核定"}
        review["criteria"] = (review.get("criteria") or {}) | {criterion: own}
    else:
        own = {"accepted": True, "reason": "属实"}
        review["bonus"] = (review.get("bonus") or {}) | {named(line, "claim"): own}


def mended(files: Files, line: Line, branch: str) -> None:
    """Mend what a branch wrote: the faults that this test draws."""
    assert line.who == "branch", line
    if line.code == "S001":
        files[line.path] = files[line.path] | {"date": "2025-02-03"}
        return
    assert line.code == "E007", line
    claims = files[f"branches/{branch}/{YEAR}/self-assessment.yml"]["claims"]
    claims["asked"] = claims["asked"] | {"evidence": ["documents/x"]}


def keys(files: Files) -> dict[str, Line]:
    """Return all lines by what tells them apart; a year without any is ready, and no other."""
    found = standing_of(files)
    lines = lines_of(found)
    told = {f"{line.code} {line.branch} {line.fingerprint}": line for line in lines}
    assert len(told) == len(lines)
    assert found.ready == (not lines)
    return told


def standing_lines(files: Files) -> list[Line]:
    """Return the lines of a year."""
    return lines_of(standing_of(files))


@pytest.mark.parametrize("seed", tiered(range(120), often=4, fast=1))
def test_each_step_takes_away_exactly_its_line(seed: int) -> None:
    """Faults are mended first, since a record that counts again moves other lines."""
    rng = random.Random(seed)
    files = drawn(rng)
    left = keys(files)
    faults = [key for key, line in left.items() if line.code[0] in "YSE"]
    for key in faults:
        act(files, left[key])
        left = keys(files)
        assert key not in left
    order = sorted(left)
    rng.shuffle(order)
    for key in order:
        act(files, left[key])
        after = keys(files)
        assert set(left) - set(after) == {key}
        assert set(after) <= set(left)
        left = after
    assert not left
    tree = MemoryTree({path: encoded(data) for path, data in files.items()})
    ended = evaluate(tree, YEAR, anew=True)
    assert ended.results is not None
    assert (ended.results.stage, ended.errors) == ("final", 0)
    basis = {
        line["basis"]
        for branch in json.loads(as_whole(ended.results))["branches"]
        if branch["status"] == "scored"
        for line in branch["lines"]
        if line["part"] is None
    }
    assert basis <= {"verified", "computed", "not-applicable", "scaled"}


def as_whole(results: Any) -> str:
    """Return results as they are printed."""
    return "".join(dump_parts(results))


@pytest.mark.parametrize("seed", range(6))
def test_the_lines_are_what_finalize_finds(seed: int) -> None:
    """Of a year in its last stage: the errors of an evaluation, and nothing else."""
    files = drawn(random.Random(seed))
    files[APPRAISAL] |= {"stage": "final"}
    tree = MemoryTree({path: encoded(data) for path, data in files.items()})
    found = evaluate(tree, YEAR, anew=True)
    errors = sorted(f.fingerprint for f in found.findings if f.severity == "error")
    assert sorted(line.fingerprint for line in standing_lines(files)) == errors


def test_who_settles_a_line_and_where() -> None:
    files = drawn(random.Random(0))
    files[APPRAISAL] |= {"stage": "open"}
    files[f"branches/a/{YEAR}/self-assessment.yml"] = {
        "submitted": "2025-12-10", "claims": {"two": claim(5), "asked": claim(3)},
    }  # fmt: skip
    files[f"{HOME}/debrief.yml"] = {"held": "2026-01-10", "branches": {}}
    files[f"{HOME}/supervision/t.yml"] = {"opinion": "好"}
    files.pop(f"{HOME}/reviews/a.yml", None)
    files.pop(f"{HOME}/vetoes/a.yml", None)
    told = {
        (line.code, line.branch, named(line, "criterion")): line for line in standing_lines(files)
    }
    assert told["C007", "a", "one"].who == "branch"
    assert "self-assessment.yml" in f"{told['C007', 'a', 'one'].settle}"
    assert told["C009", "a", "two"].who == "committee"
    assert f"appraise review a --year {YEAR} --write" in f"{told['C009', 'a', 'two'].settle}"
    assert told["C007", "a", "debrief"].who == "office"
    assert f"{HOME}/debrief.yml" in f"{told['C007', 'a', 'debrief'].settle}"
    assert told["E007", "a", ""].who == "branch"
    assert told["S001", None, ""].who == "teams"
    assert told["stage", None, ""].who == "committee"
    files[APPRAISAL] |= {"stage": "publicity"}
    shut = {(line.code, line.branch, named(line, "criterion")): line
            for line in standing_lines(files)}  # fmt: skip
    assert shut["C007", "a", "one"].who == "committee"
    assert "先由党委把" in f"{shut['E007', 'a', ''].settle}"


def test_every_form_says_the_same_in_both_languages() -> None:
    found = standing_of(drawn(random.Random(1)))
    lines = lines_of(found)
    data = json.loads(as_json(found))
    assert (data["schema"], data["year"], data["ready"]) == ("appraisal-ready/1", YEAR, False)
    assert [line["fingerprint"] for line in data["lines"]] == [line.fingerprint for line in lines]
    assert {line["who"] for line in data["lines"]} <= set(WHO)
    assert data["claimed"] == sum(line["code"] == "C009" for line in data["lines"])
    text = as_text(found)
    assert f"{YEAR} 年离定稿还差 {len(lines)} 项" in text
    assert text.count("    · ") == len(lines)
    with speaking("en"):
        assert f"{len(lines)} lines stand between {YEAR} and its end" in as_text(found)


def test_the_workbook_has_a_row_a_line_and_no_formula() -> None:
    files = drawn(random.Random(3))
    files["branches/a/branch.yml"] |= {"name": "=1+1\x07\u202e党支部"}
    files["rubric.yml"]["questions"][0]["issue"] = '=HYPERLINK("http://example.org")'
    found = standing_of(files)
    lines = lines_of(found)
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(found))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)][: len(lines)]
    assert [row[7] for row in rows] == [line.code for line in lines]
    assert [row[1] or None for row in rows] == [line.branch for line in lines]
    assert all(row[0] and row[3] and row[4] for row in rows)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert any("HYPERLINK" in f"{row[3]}" for row in rows)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """A repository whose year is under way."""
    return GitRepo(tmp_path)


def ready(repo: GitRepo, *options: str) -> tuple[int, str]:
    """Run the command."""
    done = appraise("ready", f"{YEAR}", *options, root=repo.root)
    return done.exit_code, done.stdout


def test_the_exit_status_is_that_of_finalize(repo: GitRepo) -> None:
    status, text = ready(repo)
    assert status == 1
    assert "阶段还是评审" in text
    assert "accept_claims" in text
    end_year(repo.root)
    status, text = ready(repo)
    assert status == 1
    assert "有改动还没有提交" in text
    repo.commit("final")
    assert ready(repo)[0] == 0
    assert json.loads(ready(repo, "--format", "json")[1])["lines"] == []
    done = appraise("ready", f"{YEAR}", "--format", "xlsx", root=repo.root)
    assert (done.exit_code, done.stdout_bytes[:2]) == (0, b"PK")
    assert appraise("finalize", f"{YEAR}", root=repo.root).exit_code == 0
    repo.commit("frozen")
    status, text = ready(repo)
    assert (status, text) == (0, f"{YEAR} 年已经定稿\n")


def test_what_git_ignores_is_not_taken_for_filed(repo: GitRepo) -> None:
    """The commit is read, as finalize does, wherever nothing but ignored files differs."""
    end_year(repo.root)
    plan = "branches/demo-a/2025/documents/plan"
    repo.git("rm", "-q", "--cached", f"{plan}/plan.md")
    (repo.root / ".gitignore").write_text("plan.md\n", "utf-8")
    repo.git("add", ".gitignore")
    repo.git("commit", "-qam", "ignored")
    status, text = ready(repo)
    done = appraise("finalize", f"{YEAR}", root=repo.root)
    assert (status, done.exit_code) == (1, 1)
    assert "plan.md" in text


@pytest.mark.parametrize("year", ["2019", "x"])
def test_a_year_that_is_not_there_is_wrong_usage(year: str, repo: GitRepo) -> None:
    assert appraise("ready", year, root=repo.root).exit_code == 2


def read_yaml(path: Path) -> Any:
    """Return a YAML file with dates and numbers as they are written."""
    text = path.read_text("utf-8")
    return nulls(said(text))


def nulls(node: Any) -> Any:
    """Return what was read, with nothing where null is written."""
    if isinstance(node, dict):
        return {key: nulls(value) for key, value in node.items()}
    if isinstance(node, list):
        return [nulls(value) for value in node]
    return None if node == "null" else node


@pytest.mark.slow
def test_acting_on_every_line_makes_finalize_succeed(tmp_path: Path) -> None:
    """The sample, whose open year has lines of most kinds."""
    for name in ("rubric.yml", "branches", "committee"):
        copied: Callable[..., object] = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copied(ROOT / name, tmp_path / name)
    repo = GitRepo(tmp_path, base=False)
    repo.commit("sample")
    found = standing(tmp_path, YEAR)
    lines = lines_of(found)
    assert {"C003", "C007", "C009", "C011", "R004", "stage"} <= {line.code for line in lines}
    paths = {"rubric.yml", APPRAISAL, DECISION, f"{HOME}/debrief.yml"}
    paths |= {f"{HOME}/{group}/{line.branch}.yml" for line in lines if line.branch
              for group in ("reviews", "vetoes", "appeals")}  # fmt: skip
    files: Files = {
        path: read_yaml(tmp_path / path) for path in paths if (tmp_path / path).exists()
    }
    before = copy.deepcopy(files)
    for line in lines:
        act(files, line)
    for path, data in files.items():
        if data != before.get(path):
            text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
    repo.commit("settled")
    after = standing(tmp_path, YEAR)
    assert (after.ready, lines_of(after)) == (True, [])
    assert appraise("finalize", f"{YEAR}", root=tmp_path).exit_code == 0
