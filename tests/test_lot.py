"""The audit by lot: what is drawn, that anyone draws the same, and what has to come of it."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
import textwrap
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import evaluate
from generator.engine.freeze.standing import Standing
from generator.engine.snapshot import means_of, snapshot_of
from generator.engine.year import Means
from generator.proposals.lot import (
    Drawn,
    Lot,
    Terms,
    TooEarlyError,
    commit_before,
    draw,
    drawn_from,
    records_of,
    with_drawn,
)
from generator.reports.left.ready import lines_of
from tests.gitrepo import GitRepo
from tests.memory import MemoryTree
from tests.receiving import Days
from tests.support import appraise
from tests.tiers import tiered
from tests.years import (
    YEAR,
    Branch,
    activity,
    award,
    claim,
    document,
    encoded,
    evaluated,
    judged,
    rubric,
    section,
    year_of,
)

if TYPE_CHECKING:
    from generator.formats.received import Audit
    from generator.text.findings import Finding

ROOT = Path(__file__).resolve().parent.parent
SEED, KNOWN = "2026年1月20日上证综指收盘点位 3210.45", "2026-01-20"
TERMS = Terms(SEED, date.fromisoformat(KNOWN), Decimal("0.3"))
PLAN = f"branches/a/{YEAR}/documents/x"
AUDIT = {"seed": SEED, "announced": "2025-12-01", "known": KNOWN, "share": 0.5}
RULES = rubric(
    section(
        "s",
        judged("one"),
        {"id": "plans", "title": "计划", "points": 4, "method": "threshold",
         "measure": {"count": "plan"}, "target": 1},
    ),
    bonus={"rules": [{"id": "award", "title": "表彰", "levels": {"city": 2}}]},
)  # fmt: skip


def first_by_hand(records: list[str], seed: str, numerator: int, denominator: int) -> set[str]:
    """Return what is drawn, with whole numbers and one branch after the other."""
    numbers = {hashlib.sha256(b"%s\n%s" % (seed.encode(), p.encode())).digest(): p for p in records}
    ordered = [numbers[number] for number in sorted(numbers)]
    found = set(ordered[: -(-len(records) * numerator // denominator)])
    for name in {path.split("/")[1] for path in records}:
        found.add(next(path for path in ordered if path.startswith(f"branches/{name}/")))
    return found


@pytest.mark.parametrize("seed", tiered(range(300), often=30, fast=5))
def test_the_draw_is_the_first_by_number_and_one_of_each_branch(seed: int) -> None:
    rng = random.Random(seed)
    records = [
        f"branches/b{rng.randint(0, 9)}/{YEAR}/documents/r{number}"
        for number in range(rng.randint(0, 60))
    ]
    part = rng.randint(1, 100)
    drawn = drawn_from(records, f"种子 {seed}", Decimal(part) / 100)
    assert set(drawn) == first_by_hand(records, f"种子 {seed}", part, 100)
    assert drawn == drawn_from(reversed(records), f"种子 {seed}", Decimal(part) / 100)


def test_a_share_is_exact() -> None:
    """In binary figures 0.07 × 100 is more than 7."""
    records = [f"branches/a/{YEAR}/documents/r{number}" for number in range(100)]
    assert len(drawn_from(records, SEED, Decimal("0.07"))) == 7
    assert len(drawn_from(records, SEED, Decimal("0.070001"))) == 8


def test_records_are_the_folders_of_their_files_of_branches_that_have_lines() -> None:
    files = {
        f"branches/a/{YEAR}/activities/2025-03-12-x/activity.yml": "{}",
        f"branches/a/{YEAR}/activities/2025-03-12-x/photo.jpg": "",
        f"branches/a/{YEAR}/documents/x/document.yml": "a: [",
        f"branches/a/{YEAR}/documents/y/activity.yml": "{}",
        f"branches/a/{YEAR}/activities/z/document.yml": "{}",
        f"branches/a/{YEAR - 1}/documents/x/document.yml": "{}",
        f"branches/a/{YEAR}/documents/x/deep/document.yml": "{}",
        f"branches/unread/{YEAR}/documents/x/document.yml": "a: [",
        f"branches/told/{YEAR}/documents/x/document.yml": "a: [",
        f"branches/told/{YEAR}/self-assessment.yml": "{}",
        f"branches/Demo/{YEAR}/documents/x/document.yml": "{}",
    }
    tree = MemoryTree({path: encoded(data) for path, data in files.items()})
    assert records_of(tree, YEAR) == [
        f"branches/a/{YEAR}/activities/2025-03-12-x",
        PLAN,
        f"branches/told/{YEAR}/documents/x",
    ]
    lines = evaluated({**year_of(RULES, {}), **files}).results
    assert lines is not None
    assert {b.id for b in lines.branches if b.lines} == {"a", "told"}


# A small history: before the day, on it, and a rename afterwards.


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Three records before the day, one more on it; then ``x`` is renamed and ``a`` is ``c``."""
    repo = GitRepo(tmp_path_factory.mktemp("lot"), base=False)
    branches = {
        "a": Branch({"one": claim(3, "documents/x")}, [document(), activity()]),
        "b": Branch({}, [document("y", date="2025-05-06")]),
    }
    put(repo, year_of(RULES, branches))
    repo.commit("filed", when="2026-01-19T23:59:59+08:00")
    put(repo, dict((on(document("late")),)))
    repo.commit("late", when="2026-01-20T00:00:00+08:00")
    home = repo.root / "branches" / "a"
    (home / f"{YEAR}/documents/x").rename(home / f"{YEAR}/documents/renamed")
    own = home / f"{YEAR}/self-assessment.yml"
    own.write_text(own.read_text("utf-8").replace("documents/x", "documents/renamed"), "utf-8")
    repo.commit("renamed", when="2026-01-21T12:00:00+08:00")
    home.rename(repo.root / "branches" / "c")
    put(repo, {"branches/c/branch.yml": {**branches["a"].write("c")["branches/c/branch.yml"],
                                         "formerly": ["a"]}})  # fmt: skip
    repo.commit("called otherwise", when="2026-01-22T12:00:00+08:00")
    return repo


def on(record: tuple[str, Any], branch: str = "b") -> tuple[str, Any]:
    """Return a record with its path from the root."""
    return f"branches/{branch}/{YEAR}/{record[0]}", record[1]


def put(repo: GitRepo, files: dict[str, Any]) -> None:
    """Write files into a working tree."""
    for path, data in files.items():
        file = repo.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encoded(data))


def test_records_are_those_of_the_last_commit_before_the_day(repo: GitRepo) -> None:
    found = draw(repo.root, YEAR, Terms(SEED, date(2026, 1, 20), Decimal(1)))
    assert found.records == 3
    assert found.commit == repo.git("rev-parse", "main~3")
    later = draw(repo.root, YEAR, Terms(SEED, date(2026, 1, 21), Decimal(1)))
    assert later.records == 4
    assert {one.path for one in later.drawn} - {one.path for one in found.drawn} == {
        f"branches/b/{YEAR}/documents/late"
    }
    assert commit_before(repo.root, "main", date(9999, 12, 31)) == repo.git("rev-parse", "main")
    for early in (date(2026, 1, 19), date(1970, 1, 1), date(1969, 12, 31), date(1, 1, 1)):
        with pytest.raises(TooEarlyError):
            commit_before(repo.root, "main", early)


def test_a_record_is_followed_to_where_it_lies_now(repo: GitRepo) -> None:
    found = draw(repo.root, YEAR, TERMS._replace(share=Decimal(1)))
    now = {one.path: one.now for one in found.drawn}
    assert now[PLAN] == (f"branches/c/{YEAR}/documents/renamed",)
    assert now[f"branches/b/{YEAR}/documents/y"] == (f"branches/b/{YEAR}/documents/y",)


def test_what_a_proposal_holds_is_not_drawn(repo: GitRepo) -> None:
    """A merge counts by the day on which it reached main, whatever its own commits say."""
    path, data = on(document("other"))
    other = repo.change({path: json.dumps(data)}, start="main~3", when="2026-01-01T12:00:00+08:00")
    merged = repo.git("commit-tree", f"{other}^{{tree}}", "-p", "main~3", "-p", other, "-m", "m",
                      when="2026-01-23T12:00:00+08:00")  # fmt: skip
    assert commit_before(repo.root, merged, date(2026, 1, 23)) == repo.git("rev-parse", "main~3")


def page() -> str:
    """Return the program that the page about formats shows."""
    text = (ROOT / "docs" / "format.md").read_text("utf-8")
    part = text[text.index("### Audit by lot") :]
    found = re.search(r"(?:^ {4}.*\n)+", part, re.MULTILINE)
    assert found is not None
    return textwrap.dedent(found[0])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """The sample with its evidence, as one commit."""
    root = tmp_path_factory.mktemp("lot-sample")
    for name in ("branches", "committee"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "rubric.yml", root)
    repo = GitRepo(root, base=False)
    repo.commit("sample", when="2026-01-15T12:00:00+08:00")
    return repo


@pytest.mark.slow
def test_the_ten_lines_of_the_page_draw_the_same(sample: GitRepo) -> None:
    lines = page().splitlines()
    assert len(lines) == 10
    for seed, share in ((SEED, "0.1"), ("另一个", "0.01"), ("1", "1")):
        asked = (f"{YEAR}", seed, KNOWN, share)
        own = subprocess.run(
            [sys.executable, "-c", page(), *asked],
            cwd=sample.root, capture_output=True, check=True, encoding="utf-8",
        )  # fmt: skip
        ours = appraise(
            "audit", "draw", f"{YEAR}", "--seed", seed, "--known", KNOWN, "--share", share,
            root=sample.root,
        )  # fmt: skip
        assert ours.exit_code == 0
        assert own.stdout == ours.stdout
        assert len(own.stdout.splitlines()) >= 14


# The command.


def audited(repo: GitRepo, text: str) -> Path:
    """Write the file of the audit."""
    path = repo.root / f"committee/{YEAR}/audit.yml"
    path.write_text(text, "utf-8")
    return path


HEAD = f"announced: 2025-12-01   # 党委公告\nknown: {KNOWN}\nshare: 1\n"
#: Written by hand, with a comment and odd spaces.
BY_HAND = (
    f"drawn:\n  - {{path:  {PLAN},looked: 2026-01-22, by: '办公室',  outcome: agrees}} # 看过\n"
)


def test_what_is_drawn_is_written_behind_what_is_there(repo: GitRepo) -> None:
    file = audited(repo, HEAD + BY_HAND)
    try:
        lacking = appraise("audit", "draw", f"{YEAR}", root=repo.root)
        assert lacking.exit_code == 2
        assert "--seed" in lacking.stderr
        shown = appraise("audit", "draw", f"{YEAR}", "--seed", SEED, root=repo.root)
        assert f"{PLAN}（现在是 branches/c/{YEAR}/documents/renamed）\n" in shown.stdout
        assert "还缺 2 条" in shown.stderr
        wrote = appraise("audit", "draw", f"{YEAR}", "--seed", SEED, "--write", root=repo.root)
        assert wrote.exit_code == 0
        text = file.read_text("utf-8")
        assert HEAD in text
        assert BY_HAND in text
        assert f"seed: {SEED}\n" in text
        added = re.findall(r"^  - path: (.*)$", text, re.MULTILINE)
        assert sorted(added) == [f"branches/a/{YEAR}/activities/2025-03-12-x",
                                 f"branches/b/{YEAR}/documents/y"]  # fmt: skip
        again = appraise("audit", "draw", f"{YEAR}", "--write", root=repo.root)
        assert again.exit_code == 0
        assert file.read_text("utf-8") == text
        assert again.stdout == wrote.stdout == shown.stdout
        assert "没有改动" in again.stderr
        assert "已写入" in wrote.stderr
    finally:
        file.unlink()


def test_a_day_that_has_not_come_is_told(repo: GitRepo) -> None:
    for known, words in (("9999-12-31", True), (KNOWN, False)):
        options = ("--seed", SEED, "--known", known, "--share", "1")
        told = appraise("audit", "draw", f"{YEAR}", *options, root=repo.root)
        assert told.exit_code == 0
        assert (f"{known} 还没有到" in told.stderr) is words


def test_an_entry_that_was_not_drawn_is_told(repo: GitRepo) -> None:
    other = f"branches/b/{YEAR}/documents/late"
    file = audited(repo, f"seed: {SEED}\n{HEAD}drawn:\n- path: {other}\n")
    try:
        told = appraise("audit", "draw", f"{YEAR}", root=repo.root)
        assert f"有 1 条不是抽中的：{other}" in told.stderr
        told = appraise("audit", "draw", f"{YEAR}", "--format", "json", root=repo.root)
        data = json.loads(told.stdout)
        assert (data["schema"], data["records"], data["share"]) == ("appraisal-lot/1", 3, "1")
        one = next(one for one in data["drawn"] if one["path"] == PLAN)
        assert one["now"] == [f"branches/c/{YEAR}/documents/renamed"]
        assert one["sha256"] == hashlib.sha256(f"{SEED}\n{PLAN}".encode()).hexdigest()
    finally:
        file.unlink()


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (None, (), "--seed、--known、--share"),
        (None, ("--seed", "s", "--known", "2020-01-01", "--share", "1"), "主线还没有提交"),
        (None, ("--seed", "s", "--known", KNOWN, "--share", "1", "--write"), "没有 committee/"),
        (HEAD, ("--seed", "s", "--known", "2025-11-30"), "早于宣布抽查的 2025-12-01"),
        (HEAD, ("--seed", "s", "--share", "0.5", "--write"), "选项与"),
        (f"seed: {SEED}\n{HEAD}", ("--seed", "s", "--write"), "选项与"),
        (f"{HEAD}drawn: [1\n", ("--seed", "s"), "有错误"),
        (HEAD, ("--seed", "  "), "--seed"),
        (HEAD, ("--seed", "a\u202eb"), "--seed"),
        (HEAD, ("--seed", "s", "--share", "0"), "--share"),
        (HEAD, ("--seed", "s", "--share", "1e-1"), "--share"),
        (HEAD, ("--seed", "s", "--known", "2026-02-30"), "--known"),
    ],
)
def test_why_nothing_is_drawn_is_told(
    repo: GitRepo, text: str | None, options: tuple[str, ...], words: str
) -> None:
    file = repo.root / f"committee/{YEAR}/audit.yml"
    if text is not None:
        audited(repo, text)
    try:
        told = appraise("audit", "draw", f"{YEAR}", *options, root=repo.root)
        assert told.exit_code == 2
        assert words in told.stderr
        assert told.stdout == ""
        assert (file.read_text("utf-8") if file.exists() else None) == text
    finally:
        file.unlink(missing_ok=True)


def test_without_history_nothing_is_drawn(tmp_path: Path) -> None:
    for path, data in year_of(RULES, {"a": Branch({}, [document()])}).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(encoded(data))
    options = ("--seed", SEED, "--known", KNOWN, "--share", "1")
    told = appraise("audit", "draw", f"{YEAR}", *options, root=tmp_path)
    assert told.exit_code == 2
    assert "没有 git 历史" in told.stderr


# What has to come of it.


def year_with(drawn: list[Any], reviews: Any = None, stage: str = "final", **more: Any) -> Any:
    """Return a year with an audit; ``x`` stands behind a claim, a computed line and a bonus."""
    bonus = [award("bonus-1", "city", "示例表彰", evidence=["documents/x"])]
    branch = Branch(
        {"one": claim(3, "documents/x")}, [document(), document("free", "form")], bonus,
        reviews or {}, **more,
    )  # fmt: skip
    files = year_of(RULES, {"a": branch}, audit={**AUDIT, "drawn": drawn})
    files[f"committee/{YEAR}/appraisal.yml"]["stage"] = stage
    return files


def codes(files: Any) -> list[Finding]:
    """Return the findings on the audit."""
    return [f for f in evaluated(files).findings if f.code == "C015"]


SEEN = {"path": PLAN, "looked": "2026-01-22", "by": "办公室"}
DIFFERS = {**SEEN, "outcome": "differs"}


def item(day: str | None = "2026-01-23", **more: Any) -> dict[str, Any]:
    """Return a review of a criterion."""
    return {"points": 3, "reason": "重新核定", **({"date": day} if day else {}), **more}


@pytest.mark.parametrize(("stage", "severity"), [("final", "error"), ("review", "notice")])
@pytest.mark.parametrize("entry", [{"path": PLAN}, SEEN, {"path": "branches/x/2025/documents/x"}])
def test_what_nobody_looked_at(stage: str, severity: str, entry: Any) -> None:
    (finding,) = codes(year_with([entry], stage=stage))
    assert (finding.severity, finding.pointer) == (severity, "/drawn/0")
    assert entry["path"] in f"{finding.message}"


def test_what_agrees_is_settled() -> None:
    assert codes(year_with([{**SEEN, "outcome": "agrees"}])) == []


@pytest.mark.parametrize(
    ("one", "plans", "bonus", "left"),
    [
        (None, None, None, {"one", "计划", "表彰"}),
        (item(), item(), "2026-01-22", set()),
        (item("2026-01-22"), item("2026-01-21"), "2026-01-21", {"计划", "表彰"}),
        (item(None), item(), "2026-01-23", {"one"}),
        (item(points=11), item(), "2026-01-23", set()),
        ({"not_applicable": "zero", "date": "2026-01-23"}, item(), None, {"表彰"}),
    ],
)
def test_what_differs_is_verified_since(one: Any, plans: Any, bonus: Any, left: set[str]) -> None:
    """Each line that rests on it, and each bonus claim, on the day itself or later."""
    reviews = {name: own for name, own in (("one", one), ("plans", plans)) if own}
    decided = {"bonus-1": {"accepted": False, "date": bonus}} if bonus else {}
    found = codes(year_with([DIFFERS], reviews, decided=decided))
    assert [f.severity for f in found] == ["error"] * bool(left)
    for finding in found:
        assert finding.pointer == "/drawn/0/outcome"
        told = f"{finding.message}".rpartition("：")[2]
        assert set(told.split("、")) == left


def test_taking_claims_over_verifies_nothing() -> None:
    files = year_with([DIFFERS], {"plans": item()}, decided={
        "bonus-1": {"accepted": True, "date": "2026-01-23"}
    })  # fmt: skip
    files[f"committee/{YEAR}/decision.yml"] = {"accept_claims": "逐项审阅", "decided": "2026-02-01"}
    assert [f"{f.message}".rpartition("：")[2] for f in codes(files)] == ["one"]


def test_nothing_rests_on_what_nothing_cites() -> None:
    free = {**DIFFERS, "path": f"branches/a/{YEAR}/documents/free"}
    gone = {**DIFFERS, "path": f"branches/a/{YEAR}/documents/gone"}
    assert codes(year_with([free, gone])) == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_any_day_may_stand_in_the_file(day: str) -> None:
    """What a record was called on the day before is asked for, where there is one."""
    files = year_with([DIFFERS])
    files[f"committee/{YEAR}/audit.yml"] |= {"announced": day, "known": day}
    found = [f for f in evaluated(files, Days()).findings if f.code == "C015"]
    assert [f.pointer for f in found] == ["/drawn/0/outcome"]


def test_what_was_announced_is_drawn_before_the_year_ends() -> None:
    (finding,) = codes(year_with([]))
    assert finding.severity == "warning"
    assert codes(year_with([], stage="review")) == []
    files = year_with([])
    files[f"committee/{YEAR}/audit.yml"] = {**AUDIT, "drawn": [3]}
    assert codes(files) == []


def test_a_record_is_followed_when_it_differs(repo: GitRepo) -> None:
    """The branch and the folder have other names since: the lines of today are asked for."""
    put(repo, {f"committee/{YEAR}/audit.yml": {**AUDIT, "drawn": [DIFFERS]}})
    file = repo.root / f"committee/{YEAR}/reviews/c.yml"
    try:
        for reviews, left in (({}, ["one、计划"]), ({"one": item(), "plans": item()}, [])):
            if reviews:
                put(repo, {f"committee/{YEAR}/reviews/c.yml": {"criteria": reviews}})
            with snapshot_of(repo.root) as snapshot:
                found = evaluate(snapshot.tree, YEAR, means_of(repo.root, snapshot, jobs=1))
            told = [f for f in found.findings if f.code == "C015"]
            assert [f"{f.message}".rpartition("：")[2] for f in told] == left
            assert {f.branch for f in told} == ({"c"} if left else set())
    finally:
        file.unlink(missing_ok=True)
        (repo.root / f"committee/{YEAR}/audit.yml").unlink()


def test_who_settles_it() -> None:
    files = year_with([DIFFERS, {"path": f"branches/a/{YEAR}/documents/free"}], stage="review")
    tree = MemoryTree({path: encoded(data) for path, data in files.items()})
    evaluation = evaluate(tree, YEAR, Means(stage="final"), anew=True)
    standing = Standing(YEAR, evaluation, "review", dirty=False, frozen=False, sizes={})
    who = {line.who: f"{line.settle}" for line in lines_of(standing) if line.code == "C015"}
    assert set(who) == {"office", "committee"}
    assert f"appraise review a --year {YEAR} --write" in who["committee"]


# Shapes that cannot be.


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"announced": None}, "S001"),
        ({"known": None}, "S001"),
        ({"share": None}, "S001"),
        ({"known": "2025-11-30"}, "S003"),
        ({"share": 0}, "S003"),
        ({"share": 1.5}, "S003"),
        ({"share": -0.1}, "S003"),
        ({"share": "10%"}, "S003"),
        ({"seed": ["a"]}, "S003"),
        ({"drawn": {}}, "S003"),
        ({"drawn": [PLAN]}, "S003"),
        ({"drawn": [{}]}, "S001"),
        ({"drawn": [{"path": f"../{PLAN}"}]}, "S003"),
        ({"drawn": [{"path": f"{PLAN}/document.yml"}]}, "S003"),
        ({"drawn": [{"path": "branches/a/2025/documents/.."}]}, "S003"),
        ({"drawn": [{"path": PLAN}, {"path": PLAN}]}, "S003"),
        ({"drawn": [{"path": PLAN, "outcome": "agrees"}]}, "S001"),
        ({"drawn": [{"path": PLAN, "looked": "1月22日"}]}, "S003"),
        ({"drawn": [{**SEEN, "outcome": "fine"}]}, "S005"),
        ({"drawn": [{**SEEN, "result": "agrees"}]}, "S002"),
    ],
)
def test_what_cannot_be_is_a_finding(change: dict[str, Any], found: str) -> None:
    files = year_with([])
    data = {name: value for name, value in {**AUDIT, **change}.items() if value is not None}
    files[f"committee/{YEAR}/audit.yml"] = data
    path = f"committee/{YEAR}/audit.yml"
    assert found in {f.code for f in evaluated(files).findings if f.path == path}


@pytest.mark.parametrize("text", ["", "[]", "3", "drawn:\n- &a {path: *a}\n", "a: [", "\x00"])
def test_what_is_no_audit_is_a_finding(text: str) -> None:
    files = {**year_with([]), f"committee/{YEAR}/audit.yml": text}
    found = [f for f in evaluated(files).findings if f.path == f"committee/{YEAR}/audit.yml"]
    assert any(f.severity == "error" for f in found)


def test_a_seed_is_read_as_it_is_written() -> None:
    """It looks like a number that is hidden elsewhere; every sign of it draws."""
    mobile = "138" + "0013" + "8000"
    files = year_with([])
    files[f"committee/{YEAR}/audit.yml"] = {**AUDIT, "seed": mobile, "drawn": []}
    tree = MemoryTree({path: encoded(data) for path, data in files.items()})
    assert read(tree).seed == mobile


def read(tree: MemoryTree) -> Audit:
    """Return the audit of a year."""
    from generator.engine.repository import open_repository

    found = open_repository(tree).committee_year(YEAR).audit
    assert found is not None
    return found


def test_a_seed_that_is_there_stays() -> None:
    files = {**year_with([]), f"committee/{YEAR}/audit.yml": f"seed: {SEED}  # 公告\n{HEAD}"}
    tree = MemoryTree({path: encoded(data) for path, data in files.items()})
    before = tree.read(f"committee/{YEAR}/audit.yml")
    lot = Lot(YEAR, TERMS, "", 1, (Drawn(PLAN, "", (PLAN,)),))
    assert with_drawn(before, lot, read(tree)) == before + f"drawn:\n  - path: {PLAN}\n".encode()
