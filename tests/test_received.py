"""Days of receipt through git: renames, former ids, proposals, what the committee wrote down."""

from __future__ import annotations

import datetime
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.evaluate import evaluate
from generator.engine.narrow.run import evaluate_since, evaluate_some
from generator.engine.snapshot import snapshot_of
from generator.engine.year import Means
from generator.files.git import MissingHistoryError
from generator.files.git_objects import Objects
from generator.files.tree import blob_id
from generator.proposals.impact import assess
from generator.results.document import branch_json
from tests.gitrepo import GitRepo
from tests.memory import MemoryTree
from tests.receiving import Days
from tests.years import Branch, document, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.engine.evaluate import Evaluation

HOME = "committee/2025"
DUE = "2025-03-31"
#: Half of the points hang on the day of receipt: a share, and a measure.
RULES = rubric(
    section(
        "one",
        {
            "id": "timely", "clause": "一", "title": "按时", "points": 6, "method": "share",
            "of": "plan", "having": {"received": {"not_after": DUE}},
        },
        {
            "id": "some", "clause": "二", "title": "若干", "points": 4, "method": "threshold",
            "measure": {"count": "plan", "where": {"received": {"not_after": DUE}}}, "target": 1,
        },
        judged("rest", 10),
    )
)  # fmt: skip
DEADLINE = {
    "period": {"from": "2025-01-01", "to": "2025-12-31"},
    "stage": "open",
    "deadlines": {"self_assessment": "2025-12-20"},
}


def entry(path: str, on: str, **more: str) -> dict[str, str]:
    """Return an entry of received/."""
    return {"path": path, "on": on, "reason": "当天见到合并请求", **more}


def files_of(*records: tuple[str, Any], **received: Any) -> dict[str, Any]:
    """Return the files of a year with the branch ``a``, and what is written down of branches."""
    files = year_of(RULES, {"a": Branch(records=[*records])}, appraisal=DEADLINE)
    return files | {f"{HOME}/received/{name}.yml": data for name, data in received.items()}


class On(Days):
    """Every file was received on one day."""

    def __init__(self, day: str) -> None:
        self.received = datetime.date.fromisoformat(day)

    def on(self, path: str) -> datetime.date:
        """Return the day."""
        assert path
        return self.received


def evaluated(files: Mapping[str, Any], receipts: Any = None) -> Evaluation:
    """Evaluate a year in memory."""
    raw = {path: encoded(data) for path, data in files.items()}
    return evaluate(MemoryTree(raw), 2025, Means(receipts=receipts))


def points(evaluation: Evaluation, branch: str = "a") -> list[int | None]:
    """Return the points of both lines that hang on the day."""
    assert evaluation.results is not None
    lines = branch_json(evaluation.results.branch(branch))["lines"]
    return [line["points"] for line in lines if line["criterion"] in {"timely", "some"}]


def sums(evaluation: Evaluation, branch: str) -> tuple[str, str]:
    """Return the points of both together, and those that are possible: without details too."""
    assert evaluation.results is not None
    result = evaluation.results.branch(branch)
    return f"{result.sections}", f"{result.high}"


def codes(evaluation: Evaluation, *wanted: str) -> list[tuple[str, str, str]]:
    """Return code, severity and pointer of findings."""
    return [(f.code, f.severity.value, f.pointer) for f in evaluation.findings if f.code in wanted]


IN_TIME, LATE, UNKNOWN = [6, 4], [0, 0], [None, None]


@pytest.mark.parametrize(
    ("merged", "told", "found", "finding"),
    [
        ("2025-04-02", [], LATE, []),
        ("2025-04-02", [entry("documents/x", "2025-03-30")], IN_TIME, []),
        ("2025-04-02", [entry("documents/x", DUE, by="office", date="2025-04-02")], IN_TIME, []),
        ("2025-04-02", [entry("documents/x", "2025-04-01")], LATE, []),
        (
            "2025-04-02",
            [entry("documents/x", "2025-04-01"), entry("documents/x", DUE)],
            IN_TIME,
            [],
        ),
        ("2025-04-02", [entry("documents/y", DUE)], LATE, ["C013"]),
        ("2025-04-02", [entry("activities/x", DUE)], LATE, ["C013"]),
        ("2025-03-02", [entry("documents/x", "2025-04-30")], IN_TIME, ["C013"]),
        ("2025-04-02", [entry("documents/x", "2025-04-02")], LATE, []),
        ("2025-04-02", [entry("documents/x", DUE, date="2025-03-30")], LATE, ["S003"]),
        ("2025-04-02", [{"path": "documents/x", "on": DUE}], LATE, ["S001"]),
        (None, [], UNKNOWN, []),
        (None, [entry("documents/x", DUE)], IN_TIME, []),
    ],
)
def test_the_earlier_day_counts(
    merged: str | None, told: Any, found: list[int | None], finding: list[str]
) -> None:
    evaluation = evaluated(files_of(document("x"), a=told), On(merged) if merged else None)
    assert points(evaluation) == found
    assert [code for code, *_ in codes(evaluation, "C013", "S001", "S003")] == finding


def test_the_deadline_of_the_self_assessment_goes_by_it_too() -> None:
    files = files_of(document("x"))
    late = codes(evaluated(files, On("2025-12-23")), "E011")
    assert late == [("E011", "warning", "/submitted")]
    files[f"{HOME}/received/a.yml"] = [entry("self-assessment.yml", "2025-12-20")]
    assert codes(evaluated(files, On("2025-12-23")), "E011", "C013") == []
    files[f"{HOME}/received/a.yml"] = [entry("self-assessment.yml", "2025-12-21")]
    evaluation = evaluated(files, On("2025-12-23"))
    assert codes(evaluation, "E011") == late
    (words,) = [str(f.message) for f in evaluation.findings if f.code == "E011"]
    assert words == "2025-12-21 收到（党委登记：当天见到合并请求），截止日期是 2025-12-20"


def test_what_came_before_history_can_be_relied_on_may_be_earlier_still() -> None:
    files = files_of(document("x", date="2025-04-05"))
    since = {**DEADLINE, "history_from": "2026-06-01"}
    files[f"{HOME}/appraisal.yml"] = since
    assert points(evaluated(files, On("2026-02-01"))) == LATE
    files[f"{HOME}/received/a.yml"] = [entry("documents/x", DUE)]
    assert points(evaluated(files, On("2026-02-01"))) == IN_TIME


@pytest.mark.parametrize(
    "data",
    [
        "", "null", "x", "[1, [2]]", "- {on: []}", "{path: x}", "- \n-\n",
        "- {path: {a: b}, on: [x], reason: {}, date: 2025-01-01}",
    ],
)  # fmt: skip
def test_any_shape_is_a_finding_or_nothing(data: str) -> None:
    evaluation = evaluated(files_of(document("x"), a=data, stranger=data), On("2025-04-02"))
    assert points(evaluation) == LATE
    told = [f for f in evaluation.findings if "/received/" in f.path and f.code[0] in "SY"]
    assert bool(told) == (data not in {"", "null"}) or told


def reasons(told: Any, merged: str, **method: Any) -> str:
    """Return the reason of a criterion with one record, which hangs on its day of receipt."""
    rules = rubric(
        section("one", {"id": "x", "clause": "一", "title": "项", "points": 6, **method})
    )
    files = year_of(rules, {"a": Branch(records=[document("x")])}, appraisal=DEADLINE)
    evaluation = evaluated(files | {f"{HOME}/received/a.yml": told}, On(merged))
    assert evaluation.results is not None
    (line,) = branch_json(evaluation.results.branch("a"))["lines"]
    return str(line["reason"])


ASKED = {"received": {"not_after": DUE}}
METHODS = [
    {"method": "share", "of": "plan", "having": ASKED},
    {"method": "share", "of": "plan", "where": ASKED, "having": ["title"]},
    {"method": "proportion", "measure": {"count": "plan", "where": ASKED}, "target": 2},
    {"method": "proportion", "measure": {"count": "plan", "where": ASKED}, "target": 1},
    {"method": "threshold", "measure": {"count": "plan", "where": ASKED}, "target": 1},
    {
        "method": "tiers",
        "measure": {"count": "plan", "where": ASKED},
        "tiers": [{"at_least": 1, "points": 6}],
    },
]


@pytest.mark.parametrize("method", METHODS)
def test_every_reason_that_hangs_on_a_day_says_both_days(method: dict[str, Any]) -> None:
    bound = f"期限 {DUE}"
    kept, late = (reasons([], merged, **method) for merged in ("2025-03-30", "2025-04-02"))
    assert "；按时：2025-02-01“x”：2025-03-30 收到，" + bound in kept
    assert f"2025-04-02 收到，{bound}（迟 2 天）" in late
    assert "按时：" not in late
    assert "迟" not in kept
    by = "收到（党委登记：当天见到合并请求）"
    early = reasons([entry("documents/x", "2025-03-31")], "2025-04-09", **method)
    assert f"；按时：2025-02-01“x”：2025-03-31 {by}，{bound}" in early
    later = reasons([entry("documents/x", "2025-04-03")], "2025-04-09", **method)
    assert f"2025-04-03 {by}，{bound}（迟 3 天）" in later


class Written:
    """A repository of one branch, written day by day."""

    def __init__(self, root: Path) -> None:
        self.repo = GitRepo(root, base=False)
        self.root = root
        self.put(files_of(document("y", date="2025-05-01")))
        self.commit("2025-01-02")

    def put(self, files: Mapping[str, Any]) -> None:
        """Write files; None: remove."""
        for path, data in files.items():
            target = self.root / path
            if data is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(encoded(data))

    def commit(self, day: str) -> str:
        """Commit all on a day."""
        return self.repo.commit(when=f"{day}T10:00:00+08:00")

    def move(self, old: str, new: str) -> None:
        """Move a folder below branches/."""
        shutil.move(self.root / "branches" / old, self.root / "branches" / new)

    def first(self, revision: str | None = None, branch: str = "a") -> int | None:
        """Return the points of the share: all ways of reading agree on them."""
        with snapshot_of(self.root, revision) as snapshot:
            means = Means(snapshot.source, snapshot.receipts, unsent=snapshot.unsent)
            full = evaluate(snapshot.tree, 2025, means)
        some = evaluate_some(self.root, [branch], revision, 2025)
        assert some is not None
        assert sums(some, branch) == sums(full, branch)
        return points(full, branch)[0]


RECORD = "branches/a/2025/documents/x/document.yml"
EDITED = {RECORD.replace("/x/", "/z/"): {**document("x")[1], "title": "另一个标题"}}


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Two records, one of which came in time: half of the share."""
    found = Written(tmp_path / "root")
    found.put({f"branches/a/2025/{document('x')[0]}": document("x")[1]})
    found.commit("2025-03-28")
    (found.root / "branches/a/2025/documents/y/document.yml").touch()
    return found


def late(written: Written) -> None:
    """Bring the other record late."""
    written.put({"branches/a/2025/documents/y/document.yml": None})
    written.commit("2025-03-29")
    written.put({f"branches/a/2025/{document('late')[0]}": document("late", date="2025-05-01")[1]})
    written.commit("2025-05-02")


def test_a_renamed_record_keeps_its_day_edited_or_not(written: Written) -> None:
    late(written)
    assert written.first() == 3
    written.move("a/2025/documents/x", "a/2025/documents/w")
    assert written.first() == 3
    written.commit("2025-11-05")
    assert written.first() == 3
    written.put({"branches/a/2025/documents/w/document.yml": None} | EDITED)
    assert written.first() == 3
    written.commit("2025-11-06")
    assert written.first() == 3
    assert written.first("HEAD~2") == 3


def test_what_is_like_nothing_that_was_removed_is_new(written: Written) -> None:
    late(written)
    other = {path: {**data, "date": "2025-03-27"} for path, data in EDITED.items()}
    written.put({RECORD: None} | other)
    written.commit("2025-11-05")
    assert written.first() == 0


def test_a_former_id_brings_its_days_along(written: Written) -> None:
    late(written)
    written.move("a", "b")
    written.commit("2025-11-05")
    assert written.first(branch="b") == 0
    path = written.root / "branches/b/branch.yml"
    data = path.read_text("utf-8")
    written.put({"branches/b/branch.yml": data.replace("{", '{"formerly": ["a"], ', 1)})
    assert written.first(branch="b") == 3
    written.commit("2025-11-06")
    assert written.first(branch="b") == 3
    written.put({"branches/a/branch.yml": data})
    written.commit("2025-11-07")
    assert written.first(branch="b") == 0


def test_an_entry_follows_what_is_renamed(written: Written) -> None:
    late(written)
    told = {f"{HOME}/received/a.yml": [entry("documents/late", DUE, date="2025-05-03")]}
    written.put(told)
    written.commit("2025-05-03")
    assert written.first() == 6
    written.move("a/2025/documents/late", "a/2025/documents/other")
    assert written.first() == 6
    written.commit("2025-06-01")
    assert written.first() == 6
    written.put({f"branches/a/2025/{document('late')[0]}": document("n", date="2025-06-02")[1]})
    written.commit("2025-06-02")
    assert written.first() == 4


def test_impact_sees_a_rename_as_the_merge_will(written: Written) -> None:
    late(written)
    moved = written.repo.change({RECORD: None, **{p: encoded(d) for p, d in EDITED.items()}},
                                when="2025-11-05T10:00:00+08:00")  # fmt: skip
    new = {path: encoded({**data, "date": "2025-03-27"}) for path, data in EDITED.items()}
    other = written.repo.change({RECORD: None, **new}, when="2025-11-05T10:00:00+08:00")
    told = [entry("documents/late", DUE, date="2025-05-03")]
    brought = written.repo.change({f"{HOME}/received/a.yml": encoded(told)})
    for head, changed in (
        (moved, []),
        (other, [("3.00", "0.00"), ("4.00", "0.00")]),
        (brought, [("3.00", "6.00")]),
    ):
        for ranks in (False, True):
            (year,) = assess(written.root, "main", head, ranks=ranks).years
            lines = [line for branch in year.branches for line in branch.lines]
            pairs = [(f"{own.before.points}", f"{own.after.points}") for own in lines
                     if own.before and own.after]  # fmt: skip
            assert [pair for pair in pairs if pair[0] != pair[1]] == changed, (head, ranks)


def test_what_a_change_since_touches_is_read_with_its_renames(written: Written) -> None:
    late(written)
    written.move("a/2025/documents/x", "a/2025/documents/w")
    written.commit("2025-11-05")
    found = evaluate_since(written.root, "HEAD~1", None, 2025)
    assert found is not None
    assert sums(found, "a")[0] == "{'one': Decimal('7.00')}"


def test_a_shallow_clone_does_not_guess(written: Written, tmp_path: Path) -> None:
    late(written)
    written.move("a/2025/documents/x", "a/2025/documents/w")
    written.commit("2025-11-05")
    written.repo.git("clone", "--quiet", "--depth=2", f"file://{written.root}", f"{tmp_path}/cut")
    with snapshot_of(tmp_path / "cut") as snapshot, pytest.raises(MissingHistoryError):
        evaluate(snapshot.tree, 2025, Means(snapshot.source, snapshot.receipts))


def test_names_with_blanks_are_no_answers_of_git(written: Written) -> None:
    written.put({"branches/a/x blob 5": b"x", "branches/a/y": b"y"})
    commit = written.commit("2025-04-01")
    with closing(Objects(written.root)) as objects:
        found = objects.named(f"{commit}:branches/a/x blob 5", b"blob")
        assert found == blob_id(b"x")
        for name in ("x blob", "x blob 6", "n blob 5", "x tree", "y\ny", "."):
            assert objects.named(f"{commit}:branches/a/{name}", b"blob") is None
        assert objects.named(f"{commit}:branches/a/y", b"blob") == blob_id(b"y")
