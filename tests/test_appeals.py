"""Publicity and appeals: who may change what, what is still open, and what an answer changed."""

from __future__ import annotations

import datetime
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from generator.checks.committee.consequences import objected
from generator.engine.evaluate import evaluate
from generator.engine.freeze.standing import Standing
from generator.engine.year import Means
from generator.files.git import MissingHistoryError
from generator.files.receipts import GitReceipts
from generator.files.tree import Past
from generator.proposals.guard import guard
from generator.reports.left.ready import COMMITTEE, lines_of
from generator.results.advice import POSTED, When, advice_of
from generator.results.document import dump_parts, to_json
from generator.results.frozen import read_results
from generator.text.codes import Severity
from tests.gitrepo import GitRepo
from tests.guarding import AUTHOR, MEMBER, OTHER, OWN, guarded, verdict
from tests.memory import MemoryTree
from tests.receiving import Days
from tests.tiers import tiered
from tests.years import YEAR, Branch, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from generator.engine.evaluate import Evaluation

Data = dict[str, Any]
HOME = f"committee/{YEAR}"
APPRAISAL, DECISION = f"{HOME}/appraisal.yml", f"{HOME}/decision.yml"
REVIEW, VETOES, APPEALS = (f"{HOME}/{name}/b.yml" for name in ("reviews", "vetoes", "appeals"))
WINDOW = {"from": "2026-01-22", "to": "2026-01-28", "contact": "考核办公室 <b>三楼</b>"}
RULES = rubric(
    section("s", judged("one"), judged("two")),
    vetoes=[{"id": "harm", "title": "违纪", "clause": "第四条"}],
    grades=[{"id": "good", "title": "良好", "min": 9}, {"id": "pass", "title": "合格", "min": 0}],
)
DAY = datetime.date.fromisoformat


def appeal(state: str = "open", **more: Any) -> Data:
    """Return an appeal as it is written; one that is decided has answer and day."""
    answered = {} if state == "open" else {"answer": "已复核", "date": "2026-01-26"}
    return {
        "id": "a1",
        "received": "2026-01-23",
        "matter": "少计",
        "state": state,
        **answered,
        **more,
    }


def posted(stage: str = "publicity", **more: Any) -> Data:
    """Return an appraisal."""
    period = {"from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"}
    return {"period": period, "stage": stage, "publicity": WINDOW, **more}


def files_of(*appeals: Data, appraisal: Data | None = None, **more: Data) -> Data:
    """Return the files of a year of the branch ``b`` with appeals."""
    branch = Branch(reviews={"one": {"points": 5, "reason": "少一次", "date": "2026-01-10"}})
    files = year_of(RULES, {"b": branch}) | {APPRAISAL: appraisal or posted()}
    return files | ({APPEALS: [*appeals]} if appeals else {}) | more


class History(Days):
    """What some files held after each commit, the oldest first."""

    def __init__(self, *commits: tuple[str, Data]) -> None:
        self.commits = [Past(DAY(day), raw(files)) for day, files in commits]

    def on(self, path: str) -> datetime.date:
        """Return the day of the last commit."""
        assert path
        return self.commits[-1].day

    def past(self, paths: Sequence[str]) -> list[Past]:
        """Return the commits, with these files alone."""
        return [
            Past(then.day, {path: data for path, data in then.files.items() if path in paths})
            for then in self.commits
        ]


def raw(files: Data) -> dict[str, bytes]:
    """Return files as bytes."""
    return {path: encoded(data) for path, data in files.items()}


def at(files: Data, day: str = "2026-01-24", history: History | None = None) -> Evaluation:
    """Evaluate files as of a day."""
    return evaluate(MemoryTree(raw(files)), YEAR, Means(receipts=history, as_of=DAY(day)))


def told(evaluation: Evaluation, code: str = "C011") -> list[tuple[str, str, str]]:
    """Return severity, path and pointer of the findings of a code."""
    return [(f.severity.value, f.path, f.pointer) for f in evaluation.findings if f.code == code]


def test_open_matters_are_warnings_while_results_are_posted() -> None:
    expected = {"open": "notice", "review": "notice", "publicity": "warning", "final": "error"}
    for stage, severity in expected.items():
        found = at(files_of(appraisal=posted(stage)))
        assert {f.severity.value for f in found.findings if f.code in {"C004", "C007"}} == {
            severity
        }
        assert {f.code for f in found.findings} == {"C004", "C007"}


def test_other_open_matters_stay_notices_while_results_are_posted() -> None:
    alleged = [{"veto": "harm", "state": "alleged", "date": "2026-01-06"}]
    questions = [{"id": "q", "issue": "几次", "choice": "四次"}]
    files = files_of() | {VETOES: alleged, "rubric.yml": {**RULES, "questions": questions}}
    found = at(files)
    assert {f.severity for f in found.findings if f.code in {"C003", "R004"}} == {Severity.NOTICE}
    assert {"C003", "R004"} <= {f.code for f in found.findings}


def test_results_are_not_posted_without_saying_until_when() -> None:
    without = posted()
    del without["publicity"]
    assert told(at(files_of(appraisal=without))) == [("warning", APPRAISAL, "")]
    assert told(at(files_of(appraisal={**without, "stage": "review"}))) == []
    assert told(at(files_of(appraisal=posted(publicity=None)))) == [("warning", APPRAISAL, "")]
    # What is there and wrong is told once, as what it is.
    broken = at(files_of(appraisal=posted(publicity={"from": "2026-01-22"})))
    assert (told(broken), len(told(broken, "S001"))) == ([], 1)


@pytest.mark.parametrize("day", ["2026-01-27", "2026-01-28", "2026-01-29"])
@pytest.mark.parametrize("stage", ["review", "publicity", "final"])
def test_an_open_appeal_is_late_after_the_last_day_and_blocks_the_end(stage: str, day: str) -> None:
    found = told(at(files_of(appeal(), appraisal=posted(stage)), day))
    late = [("warning", APPEALS, "/0/state")] if day > WINDOW["to"] else []
    assert found == ([("error", APPEALS, "/0/state")] if stage == "final" else late)


def test_what_is_left_before_the_end_names_open_appeals_until_they_are_answered() -> None:
    for state, codes in (("open", ["C011"]), ("dismissed", [])):
        tree = MemoryTree(raw(files_of(appeal(state))))
        found = evaluate(tree, YEAR, Means(as_of=DAY("2026-01-24"), stage="final"))
        lines = lines_of(Standing(YEAR, found, "publicity", dirty=False, frozen=False, sizes={}))
        assert [line.code for line in lines if line.path == APPEALS] == codes
        assert {line.who for line in lines if line.path == APPEALS} <= {COMMITTEE}


def test_decided_appeals_block_nothing_and_lack_neither_answer_nor_day() -> None:
    final = posted("final")
    for lacking in ("answer", "date"):
        entry = appeal("dismissed")
        del entry[lacking]
        found = at(files_of(entry, appraisal=final))
        assert told(found) == []
        assert told(found, "S001") == [("warning", APPEALS, "/0/state")]
    assert told(at(files_of(appeal("dismissed"), appraisal=final)), "S001") == []


def test_appeals_are_told_apart_and_about_something() -> None:
    found = at(files_of(appeal(), appeal(), appeal(id="a2", criterion="three")))
    assert told(found, "S003") == [("error", APPEALS, "/1/id")]
    assert told(found, "S004") == [("error", APPEALS, "/2/criterion")]
    for subject in ("one", "bonus", "grade", "veto", None):
        assert told(at(files_of(appeal(criterion=subject))), "S004") == []


#: Changes of the files that an appeal may lead to: what counts, and what does not.
CHANGES: dict[str, tuple[str, Any, bool]] = {
    "points": (REVIEW, {"criteria": {"one": {"points": 6, "reason": "补计"}}}, True),
    "removed": (REVIEW, None, True),
    "veto": (VETOES, [{"veto": "harm", "state": "dismissed"}], True),
    "grade": (DECISION, {"grades": {"b": {"grade": "good", "reason": "复核"}}}, True),
    "grade of another": (DECISION, {"grades": {"c": {"grade": "good", "reason": "x"}}}, False),
    "meeting": (DECISION, {"meeting": "会议", "decided": "2026-01-26"}, False),
    "nothing": (f"{HOME}/debrief.yml", {"branches": {}}, False),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("together", [True, False], ids=["one commit", "a later one"])
def test_an_upheld_appeal_has_a_consequence(name: str, together: bool) -> None:
    path, value, counts = CHANGES[name]
    before = files_of()
    upheld = before | {APPEALS: [appeal("upheld")]}
    after = {k: v for k, v in (upheld | {path: value}).items() if v is not None}
    commits = [("2026-01-10", before), ("2026-01-26", upheld), ("2026-01-27", after)]
    history = History(*commits[:1], *commits[2:]) if together else History(*commits)
    expected = [] if counts else [("warning", APPEALS, "/0/state")]
    assert told(at(after, history=history)) == expected


def test_form_comments_and_fingerprints_are_no_consequence() -> None:
    before = files_of()
    upheld = before | {APPEALS: [appeal("upheld")]}
    review = json.loads(encoded(before[REVIEW]))
    review["criteria"]["one"]["reviewed"] = "0" * 64
    written = f"# 已复核\n{json.dumps(review, ensure_ascii=True, indent=1)}\n"
    after = upheld | {REVIEW: written.encode("utf-8")}
    history = History(("2026-01-10", before), ("2026-01-26", upheld), ("2026-01-27", after))
    assert told(at(after, history=history)) == [("warning", APPEALS, "/0/state")]


def test_an_appeal_that_is_written_down_late_may_have_had_its_consequence() -> None:
    before, changed = files_of(), files_of() | {REVIEW: {"criteria": {"one": {"points": 7}}}}
    upheld = changed | {APPEALS: [appeal("upheld")]}
    for day, expected in (("2026-01-25", []), ("2026-01-22", [("warning", APPEALS, "/0/state")])):
        history = History(("2026-01-10", before), (day, changed), ("2026-01-26", upheld))
        assert told(at(upheld, history=history)) == expected


@pytest.mark.parametrize("history", [None, "one"])
def test_where_history_begins_with_the_appeal_the_days_written_count(history: str | None) -> None:
    for day, expected in (("2026-01-23", 0), ("2026-01-22", 1)):
        files = files_of(appeal("upheld"))
        files[REVIEW]["criteria"]["one"]["date"] = day
        one = History(("2026-02-01", files)) if history else None
        assert len(told(at(files, history=one))) == expected


@pytest.mark.parametrize("seed", tiered(range(60), often=15, fast=5))
def test_what_an_objection_was_about_lies_before_it(seed: int) -> None:
    draw = random.Random(seed)
    days = sorted(draw.choices([DAY("2026-01-01") + datetime.timedelta(n) for n in range(9)], k=6))
    past = [Past(day, {"n": b"%d" % number}) for number, day in enumerate(days)]
    first, received = draw.randint(0, 6), draw.choice(days)
    found = objected(past, first, received)
    assert past[first - 1 if first else 0] in found
    earlier = [then for then in past if then.day < received]
    assert all(then in found for then in earlier[-1:])
    assert len(found) == 1 + bool(earlier)


def test_of_an_unknown_branch_nothing_but_that_is_told() -> None:
    files = files_of() | {f"{HOME}/appeals/c.yml": [appeal("upheld")]}
    found = at(files)
    assert told(found) == []
    assert told(found, "S004") == [("error", f"{HOME}/appeals/c.yml", "")]


def test_results_hold_publicity_and_appeals_only_where_there_are_any() -> None:
    entries = appeal("dismissed", criterion="one"), appeal(id="a2", matter="<b>等次</b>")
    results = at(files_of(*entries)).results
    assert results is not None
    document = to_json(results)
    assert document["publicity"] == WINDOW
    (branch,) = document["branches"]
    assert branch["appeals"] == [
        {"criterion": "", "answer": "", "date": "", **entry} for entry in entries
    ]
    assert json.loads("".join(dump_parts(results))) == document
    again = read_results(document)
    assert again.publicity == results.publicity
    assert [b.appeals for b in again.branches] == [b.appeals for b in results.branches]
    plain = at(files_of(appraisal={k: v for k, v in posted().items() if k != "publicity"})).results
    assert plain is not None
    document = to_json(plain)
    assert "publicity" not in document
    assert "appeals" not in document["branches"][0]


@pytest.mark.parametrize(
    "text",
    ["", "- ", "a: [", "{}", "- [[]]", "- {id: }", "- {id: [x], received: {}}", "- &a *a", "7",
     "- {id: a, received: 2026-13-01, matter: [], state: maybe}", "\x00", "- id: a\n  id: a\n"],
)  # fmt: skip
def test_any_shape_of_a_file_is_a_finding(text: str) -> None:
    found = at(files_of() | {APPEALS: text.encode("utf-8")})
    assert [f for f in found.findings if f.path == APPEALS and f.severity == "error"]
    without = json.dumps({k: v for k, v in posted().items() if k != "publicity"})
    publicity = f"{without[:-1]}, publicity: {text}}}".encode()
    assert [f for f in at(files_of() | {APPRAISAL: publicity}).findings if f.path == APPRAISAL]


def test_while_results_are_posted_a_branch_can_object_and_file_nothing() -> None:
    for stage, own in (("review", True), ("publicity", False)):
        found = at(files_of(appraisal=posted(stage)))
        results, rules = found.results, found.rubric
        assert results is not None
        assert rules is not None
        (line,) = [line for line in results.branch("b").lines if line.criterion == "two"]
        advice = advice_of(line, [], rules.criteria["two"][1], When.of(results))
        assert advice is not None
        assert (advice.own, str(advice.how) == POSTED) == (own, not own)
        (hint,) = {str(f.hint) for f in found.findings if f.code == "C007"}
        assert (hint == "等待党委核定") is not own


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return the guarded repository with its year 2025 posted."""
    repo = guarded(tmp_path_factory.mktemp("posted"))
    main = repo.change({APPRAISAL: encoded(posted())})
    repo.git("update-ref", "refs/heads/main", main)
    return repo


def test_a_branch_changes_nothing_while_results_are_posted(repo: GitRepo) -> None:
    head = repo.change({OWN: "more\n"})
    assert verdict(repo, head) == {("error", "G003", OWN)}
    (told,) = guard(repo.root, "main", head, AUTHOR).findings
    assert "异议申请表" in str(told.hint)
    appeals = f"{HOME}/appeals/demo-a.yml"
    assert verdict(repo, repo.change({appeals: "[]\n"})) == {("error", "G002", appeals)}


def test_the_committee_is_warned_while_results_are_posted(repo: GitRepo) -> None:
    for path in (f"{HOME}/reviews/demo-a.yml", f"{HOME}/appeals/demo-a.yml", APPRAISAL):
        assert verdict(repo, repo.change({path: "x\n"}), MEMBER) == {("warning", "G003", path)}
    assert ("error", "G003", OTHER) in verdict(repo, repo.change({OTHER: "x\n"}), MEMBER)


def test_history_tells_what_files_held(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "whole", base=False)
    paths = (REVIEW, APPEALS)
    states: list[dict[str, str | bytes | None]] = [
        {REVIEW: "one\n"}, {"x.md": "x\n"}, {APPEALS: "中\n"}, {REVIEW: None},
    ]  # fmt: skip
    repo.commit("first", when="2026-01-09T12:00:00+08:00")
    for number, state in enumerate(states):
        head = repo.change(state, when=f"2026-01-1{number}T23:30:00+08:00")
        repo.git("update-ref", "refs/heads/main", head)
    assert GitReceipts(repo.root, "main").past(paths) == [
        Past(DAY("2026-01-10"), {REVIEW: b"one\n"}),
        Past(DAY("2026-01-12"), {REVIEW: b"one\n", APPEALS: "中\n".encode()}),
        Past(DAY("2026-01-13"), {APPEALS: "中\n".encode()}),
    ]
    assert GitReceipts(repo.root, "main").past((VETOES,)) == []
    repo.git("clone", "-q", "--depth", "2", f"file://{repo.root}", str(tmp_path / "cut"))
    with pytest.raises(MissingHistoryError):
        GitReceipts(tmp_path / "cut", "HEAD").past(paths)
