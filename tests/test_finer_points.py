"""Finer points of docs/format.md §9 that nothing else holds, each in a few lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.proposals import impact
from generator.site.groups.societies import reading
from tests.gitrepo import GitRepo
from tests.support import BASE, Case, appraise, end_year

if TYPE_CHECKING:
    from pathlib import Path

OWN = "branches/demo-a/2025"
CLAIMS = f"{OWN}/self-assessment.yml"
ACTIVITY = f"{OWN}/activities/2025-03-12-theme-day/activity.yml"
APPRAISAL = "committee/2025/appraisal.yml"
RULE = """        method: proportion
        measure: {count: activity, where: {collective: true}}
        target: {regular: 1, functional: 1}
"""
TIMELY = {RULE: RULE.replace("collective: true", "received: {not_after: 2025-05-01}")}


def changed(root: Path, **keys: Any) -> Path:
    """Write the base repository with a change, in the keys of a case file."""
    Case(BASE, keys).build(root)
    return root


def findings(root: Path) -> list[dict[str, Any]]:
    """Return what ``check`` finds."""
    found: list[dict[str, Any]] = json.loads(
        appraise("check", "--format", "json", root=root).stdout
    )["findings"]
    return found


def branches(root: Path, *options: str) -> dict[str, dict[str, Any]]:
    """Return id → branch as ``score`` has it."""
    text = appraise("score", "--format", "json", *options, root=root).stdout
    return {branch["id"]: branch for branch in json.loads(text)["branches"]}


def line(root: Path, criterion: str) -> dict[str, Any]:
    """Return the line of a criterion of demo-a."""
    lines: list[dict[str, Any]] = branches(root)["demo-a"]["lines"]
    (found,) = [entry for entry in lines if entry["criterion"] == criterion]
    return found


def test_a_quoted_null_is_text(tmp_path: Path) -> None:
    statement = "statement: 按要求完成。"
    root = changed(tmp_path, replace={CLAIMS: {statement: 'statement: "null"'}})
    assert line(root, "discipline")["statement"] == "null"
    root = changed(tmp_path, replace={CLAIMS: {statement: "statement: null"}})
    assert [f["code"] for f in findings(root) if f["severity"] == "error"] == ["S001"]


def test_an_entry_at_fault_leaves_the_others_of_its_file(tmp_path: Path) -> None:
    review = "criteria:\n  discipline: {points: many}\n  study: {points: 3, reason: 缺一次}\n"
    root = changed(
        tmp_path,
        replace={
            CLAIMS: {"points: 4.5": "points: much"},
            "committee/2025/debrief.yml": {"mode: onsite, ballots": "mode: onsite, voted"},
        },
        files={"committee/2025/reviews/demo-a.yml": review},
    )
    assert [f["code"] for f in findings(root) if f["severity"] == "error"] == [
        "S003",
        "S002",
        "S003",
    ]
    bases = {entry["criterion"]: entry["basis"] for entry in branches(root)["demo-a"]["lines"]}
    assert bases == {
        "discipline": "pending",
        "study": "verified",
        "activities": "computed",
        "debrief": "pending",
    }
    assert branches(root)["demo-b"]["total"] is not None


def test_a_record_at_fault_is_no_evidence(tmp_path: Path) -> None:
    plan = f"{OWN}/documents/plan/document.yml"
    root = changed(tmp_path, replace={plan: {"kind: plan": "kind: plans"}})
    assert line(root, "discipline")["basis"] == "pending"
    assert {f["code"] for f in findings(root) if f["severity"] == "error"} == {"S004"}


@pytest.mark.parametrize(
    ("written", "condition", "counts"),
    [
        ("", "collective: false", True),
        ("", "collective: {present: true}", False),
        ("collective: false\n", "collective: {present: true}", True),
        ("collective: null\n", "collective: {present: true}", False),
    ],
)
def test_an_absent_boolean_is_false_and_not_present(
    tmp_path: Path, written: str, condition: str, counts: bool
) -> None:
    rule = {"where: {collective: true}": f"where: {{{condition}}}"}
    root = changed(
        tmp_path,
        replace={ACTIVITY: {"collective: true\n": written}, "rubric.yml": rule},
    )
    assert line(root, "activities")["points"] == (15 if counts else 0)


def test_the_grade_of_a_vetoed_branch_cannot_be_decided_otherwise(tmp_path: Path) -> None:
    veto = "- {veto: veto-inactive, state: verified, reason: 属实, date: 2026-01-06}\n"
    decision = "grades:\n  demo-a: {grade: excellent, reason: 研究决定}\n"
    root = changed(
        tmp_path,
        files={
            "committee/2025/vetoes/demo-a.yml": veto,
            "committee/2025/decision.yml": decision,
        },
    )
    assert [(f["code"], f["severity"]) for f in findings(root)] == [("C004", "error")]
    branch = branches(root)["demo-a"]
    assert (branch["status"], branch["grade"], branch["rank"]) == ("vetoed", "unqualified", None)


def test_a_gap_is_long_enough_whatever_lies_before_it(tmp_path: Path) -> None:
    root = changed(
        tmp_path,
        replace={
            "rubric.yml": {"days: 365": "days: 200"},
            "branches/demo-a/branch.yml": {"2025-01-02": "2019-01-02"},
        },
    )
    (found,) = [f for f in findings(root) if f["code"] == "R004" and f["branch"] == "demo-a"]
    assert "2025-03-12 至 2025-12-31 共 294 天" in found["message"]


def test_findings_on_a_review_are_the_branchs(tmp_path: Path) -> None:
    review = "criteria:\n  discipline: {points: 6, reason: 笔误}\n"
    veto = "- {veto: veto-inactive, state: alleged}\n"
    root = changed(
        tmp_path,
        files={
            "committee/2025/reviews/demo-a.yml": review,
            "committee/2025/vetoes/demo-b.yml": veto,
        },
    )
    found = {(f["path"], f["branch"], f["year"]) for f in findings(root)}
    assert ("committee/2025/reviews/demo-a.yml", "demo-a", 2025) in found
    assert ("committee/2025/vetoes/demo-b.yml", "demo-b", 2025) in found


@pytest.mark.parametrize(
    ("when", "points"),
    [("2025-05-01T15:30:00+00:00", 15), ("2025-05-01T16:30:00+00:00", 0)],
)
def test_received_is_the_day_in_chongqing(tmp_path: Path, when: str, points: int) -> None:
    root = changed(tmp_path, replace={"rubric.yml": TIMELY})
    repo = GitRepo(root, base=False)
    repo.commit(when=when)
    assert line(root, "activities")["points"] == points


def test_a_later_attachment_is_no_later_receipt(tmp_path: Path) -> None:
    root = changed(tmp_path, replace={"rubric.yml": TIMELY})
    repo = GitRepo(root, base=False)
    repo.commit(when="2025-04-01T12:00:00+08:00")
    (root / ACTIVITY).with_name("record.md").write_text("# 另一份记录\n", "utf-8")
    repo.commit(when="2025-09-01T12:00:00+08:00")
    assert line(root, "activities")["points"] == 15


def test_without_history_the_day_of_receipt_is_unknown(tmp_path: Path) -> None:
    root = changed(tmp_path, replace={"rubric.yml": TIMELY})
    assert line(root, "activities")["basis"] == "pending"


def test_what_no_commit_holds_came_with_the_present_one(tmp_path: Path) -> None:
    root = changed(tmp_path, replace={"rubric.yml": TIMELY}, remove=[f"{OWN}/activities"])
    repo = GitRepo(root, base=False)
    repo.commit(when="2025-04-01T12:00:00+08:00")
    changed(root, replace={"rubric.yml": TIMELY})
    assert line(root, "activities")["points"] == 15


def test_before_history_from_the_date_stated_holds(tmp_path: Path) -> None:
    since = {"deadlines:": "history_from: 2026-06-01\ndeadlines:"}
    root = changed(tmp_path, replace={"rubric.yml": TIMELY, APPRAISAL: since})
    repo = GitRepo(root, base=False)
    repo.commit(when="2026-02-01T12:00:00+08:00")
    assert line(root, "activities")["points"] == 15
    text = (root / APPRAISAL).read_text("utf-8")
    (root / APPRAISAL).write_text(text.replace("2026-06-01", "2026-01-01"), "utf-8")
    assert line(root, "activities")["points"] == 0


def test_outside_of_git_a_year_is_frozen_without_a_commit(tmp_path: Path) -> None:
    root = changed(
        tmp_path,
        files={
            "committee/2025/reviews/demo-a.yml": "bonus: {}\n",
            "committee/2025/reviews/demo-b.yml": "bonus: {}\n",
        },
    )
    end_year(root)
    done = appraise("finalize", "2025", root=root)
    assert done.exit_code == 0, done.stderr
    document = json.loads((root / "committee/2025/results.json").read_text("utf-8"))
    assert document["source"]["commit"] is None


def test_every_rank_is_computed_up_to_a_number_of_branches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = GitRepo(tmp_path)
    head = repo.change({f"{OWN}/documents/plan/document.yml": None})
    assert impact.RANKED == 1_000
    for limit, asked, ranked in [(2, None, True), (1, None, False), (1, True, True)]:
        monkeypatch.setattr(impact, "RANKED", limit)
        (year,) = impact.assess(repo.root, "main", head, ranks=asked).years
        assert year.ranked is ranked


def told(repo: GitRepo, head: str) -> str:
    """Return what a check of a change says at its end."""
    return appraise("check", "--since", "main", "--at", head, root=repo.root).stderr


def test_what_reaches_all_branches_checks_all(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    identity = (BASE / "branches/demo-b/branch.yml").read_text("utf-8")
    gone = {p.relative_to(BASE).as_posix(): None for p in (BASE / "branches/demo-b").rglob("*.*")}
    shared = repo.change({"committee/consortia.yml": "- {id: east, title: 东}\n"})
    assert "已校验 2 个支部" in told(repo, shared)
    assert "已校验 3 个支部" in told(repo, repo.change({"branches/demo-c/branch.yml": identity}))
    assert "已校验 1 个支部" in told(repo, repo.change(gone))
    more = {f"{OWN}/documents/plan/more.md": "# x\n"}
    assert "已校验 1 个支部" in told(repo, repo.change(more))


@pytest.mark.parametrize(("quota", "count"), [(", quota: 0.5", 2), ("", 1)])
def test_a_decided_grade_beside_quotas_reaches_all_branches(
    tmp_path: Path, quota: str, count: int
) -> None:
    grades = "grades:\n  demo-a: {grade: unqualified, reason: 研究决定}\n"
    rubric = (BASE / "rubric.yml").read_text("utf-8").replace("min: 20", f"min: 20{quota}")
    repo = GitRepo(tmp_path)
    main = repo.change({"rubric.yml": rubric, "committee/2025/decision.yml": grades})
    repo.git("update-ref", "refs/heads/main", main)
    head = repo.change({f"{OWN}/documents/plan/more.md": "# x\n"})
    assert f"已校验 {count} 个支部" in told(repo, head)


def test_societies_are_listed_by_pinyin() -> None:
    names = ["重庆市医学会", "北京路学会", "Zebra", "化学学会", "安全学会", "数学学会"]
    assert sorted(names, key=reading) == [
        "Zebra",
        "安全学会",
        "北京路学会",
        "化学学会",
        "数学学会",
        "重庆市医学会",
    ]
