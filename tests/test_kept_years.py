"""Three years of many branches: an edit of a committee's file evaluates whom the table says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from generator.engine.branch import Reducer
from generator.engine.evaluate import Evaluation, evaluate
from generator.engine.narrow.run import evaluate_since
from generator.engine.snapshot import means_of, snapshot_of
from generator.files.paths import COMMITTEE
from generator.formats.kept import KINDS, Whom
from generator.reports.findings import as_text
from generator.results.document import to_json
from generator.results.packed import PARTS
from tests.gitrepo import GitRepo, blob_id
from tests.support import write
from tests.test_kept import FINAL, YEAR, told
from tests.years import claim, document, encoded, judged, rubric, section

if TYPE_CHECKING:
    from pathlib import Path

    from generator.engine.branch import Reduced
    from generator.formats.kept import Kept

Files = dict[str, Any]

YEARS = (2023, 2024, YEAR)
TEAM = "one"
SHARED = "上级发来的同一份通知\n".encode()
RULES = rubric(
    section("s", judged("one"), judged("two")),
    section(
        "t",
        {"id": "debrief", "title": "述职", "points": 5, "method": "ballot"},
        {
            "id": "reports", "title": "报表", "points": 6, "method": "share", "of": "report",
            "having": {"received": {"not_after": "asked"}}, "due": True, "empty": "pending",
        },
    ),
    ballot={"good": 1},
    vetoes=[{"id": "harm", "title": "违纪"}],
    grades=[{"id": "good", "title": "良好", "min": 9}, {"id": "pass", "title": "合格", "min": 0}],
)  # fmt: skip
RULES["document_kinds"] |= {"report": {"title": "报表"}}


def due(day: str) -> list[Files]:
    """Return a due list: one entry for all, another for two branches, due on a day of the year."""
    entries: list[Files] = [
        {"id": "r1", "due": f"{day[:4]}-03-31"},
        {"id": "r2", "due": day, "branches": ["b1", "b2"]},
    ]
    return [{"kind": "report", "title": "报表", **entry} for entry in entries]


def filed(branch: str, year: int) -> Files:
    """Return what a branch filed for a year: a claim, and what it answers."""
    files: Files = {"self-assessment.yml": {"submitted": f"{year}-12-10",
                                            "claims": {"one": claim(6)}}}  # fmt: skip
    for entry in ("r1", "r2") if branch in {"b1", "b2"} else ("r1",):
        path, data = document(entry, "report", f"{year}-02-01")
        files[path] = data | {"due": entry}
    if branch in {"b3", "b4"}:
        path, data = document("notice", "plan", f"{year}-02-01")
        files |= {path: data | {"files": ["notice.txt"]}, "documents/notice/notice.txt": SHARED}
    return {f"branches/{branch}/{year}/{path}": data for path, data in files.items()}


def files_of(count: int) -> Files:
    """Return the files of a repository of ``count`` branches b0, b1 and so on, three years each."""
    files: Files = {
        "rubric.yml": RULES,
        "committee/roster.yml": {"members": ["example-committee"]},
        "committee/consortia.yml": [{"id": "east", "title": "东部"}],
    }
    for year in YEARS:
        home = f"{COMMITTEE}/{year}"
        files[f"{home}/appraisal.yml"] = {
            "period": {"from": f"{year}-01-01", "to": f"{year}-12-31"}, "stage": "review",
            "deadlines": {"self_assessment": f"{year}-12-20"}, "as_of": "2026-01-31",
        }  # fmt: skip
        files[f"{home}/due.yml"] = due(f"{year}-06-30")
        files[f"{home}/debrief.yml"] = written("3")
        files[f"{home}/decision.yml"] = {"meeting": "党委会"}
    for name in (f"b{n}" for n in range(count)):
        files[f"branches/{name}/branch.yml"] = {
            "name": f"{name}党支部", "kind": "regular", "societies": ["示例学会"],
            "consortium": "east", "established": "2016-05-20", "members": 10,
            "submitters": ["example"],
        }  # fmt: skip
        for year in YEARS:
            files |= filed(name, year)
    return files


def written(points: str) -> Files:
    """Return the debrief of one branch."""
    entry = {"mode": "written", "points": points, "reason": "报告完整"}
    return {"held": "2026-01-10", "branches": {"b0": entry}}


class Edit(NamedTuple):
    """What a file holds afterwards, and the branches that its row means by it."""

    data: Any
    reach: frozenset[str] = frozenset()


ONE, TWO, HOLDERS = frozenset({"b1"}), frozenset({"b1", "b2"}), frozenset({"b3", "b4"})
#: Path in the table → the edit; a file of one branch is that of b1.
EDITS = {
    "consortia.yml": Edit([{"id": "east", "title": "西部"}]),
    "roster.yml": Edit({"members": ["example-committee", "example-other"]}),
    "appraisal.yml": Edit(
        {"period": {"from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"}, "stage": "review",
         "deadlines": {"self_assessment": f"{YEAR}-12-01"}, "as_of": "2026-01-31"}
    ),
    "debrief.yml": Edit(written("4")),
    "decision.yml": Edit({"meeting": "党委会", "accept_claims": "逐项审阅"}),
    "due.yml": Edit(due(f"{YEAR}-05-01"), TWO),
    "accepted.yml": Edit(
        [{"code": "E005", "digest": blob_id(SHARED), "reason": "同一份通知"}], HOLDERS
    ),
    "audit.yml": Edit(
        {"announced": "2025-12-01", "known": "2026-01-20", "share": "0.1",
         "drawn": [{"path": f"branches/b1/{YEAR}/documents/r1"}]}
    ),
    "after.yml": Edit(
        {"talks": [{"branch": "b1", "held": "2026-03-01", "by": "办公室", "outcome": "已谈"}]}
    ),
    "received": Edit(
        [{"path": "documents/r1", "on": f"{YEAR}-03-01", "reason": "纸质报送"}], ONE
    ),
    "reviews": Edit({"criteria": {"one": {"points": 4, "reason": "核定"}}}, ONE),
    "vetoes": Edit([{"veto": "harm", "state": "verified", "reason": "属实"}], ONE),
    "appeals": Edit([{"id": "a1", "received": "2026-01-23", "matter": "少计", "state": "open"}],
                    ONE),
    "supervision": Edit({"order": ["east"], "opinion": "较好"}),
}  # fmt: skip
#: Files that move nothing that is computed or found.
STILL = {"roster.yml", "after.yml"}
EDITED = [kind for kind in KINDS if kind.name not in FINAL]


def edit_of(kind: Kept) -> Edit:
    """Return the edit of a kind."""
    return EDITS[kind.name or kind.folder]


class Crowd:
    """A repository of many branches with three years, and what it gave before any edit."""

    def __init__(self, root: Path, count: int) -> None:
        self.repo = GitRepo(root, base=False)
        self.repo.commit("empty")
        self.root = root
        self.all = frozenset(f"b{n}" for n in range(count))
        files = {path: encoded(data) for path, data in files_of(count).items()}
        main = self.repo.change(files, when="2025-06-01T12:00:00+08:00")
        self.repo.git("update-ref", "refs/heads/main", main)
        self.repo.git("reset", "--quiet", "--hard")
        self.before = {year: self.run(year) for year in YEARS}

    def run(self, year: int, *, keep: bool = True) -> Evaluation:
        """Evaluate a year of the working tree, with what was kept or without."""
        with snapshot_of(self.root) as snapshot:
            return evaluate(snapshot.tree, year, means_of(self.root, snapshot, keep=keep, jobs=1))

    def reached(self, kind: Kept) -> frozenset[str]:
        """Return whom the table says that the edit of a kind reaches."""
        return {Whom.EVERY: self.all, Whom.NOBODY: frozenset[str]()}.get(
            kind.whom, edit_of(kind).reach
        )

    def edit(self, kind: Kept) -> None:
        """Commit the edit of a kind on top of main, which stays where it is."""
        path = kind.at(YEAR, "b1").replace("<team>", TEAM)
        write(self.root / COMMITTEE / path, encoded(edit_of(kind).data))
        self.repo.git("checkout", "--quiet", "--detach")
        self.repo.commit("edit")

    def undo(self) -> None:
        """Go back to main."""
        self.repo.git("checkout", "--quiet", "--force", "main")


@pytest.fixture(scope="module", params=[12, pytest.param(150, marks=pytest.mark.long)])
def crowd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    return Crowd(tmp_path_factory.mktemp("crowd"), request.param)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every branch that is read anew."""
    found: set[str] = set()
    real = Reducer.reduce

    def reduce(self: Reducer, branch_id: str) -> Reduced:
        found.add(branch_id)
        return real(self, branch_id)

    monkeypatch.setattr(Reducer, "reduce", reduce)
    return found


#: What a run of some branches does not tell.
BESIDE = {"rank", "rank_range", *PARTS}


def data_of(evaluation: Evaluation) -> tuple[str, Files]:
    """Return what is said of a year, wherever its files come from."""
    assert evaluation.results is not None
    return as_text(evaluation.findings), to_json(evaluation.results) | {"source": None}


def of_branches(evaluation: Evaluation, ids: frozenset[str]) -> tuple[str, dict[str, Files]]:
    """Return what is said of some branches, without ranks and details: a narrow run has none."""
    assert evaluation.results is not None
    findings = as_text([f for f in evaluation.findings if f.branch in ids])
    figures = {
        own["id"]: {key: value for key, value in own.items() if key not in BESIDE}
        for own in to_json(evaluation.results)["branches"]
        if own["id"] in ids
    }
    return findings, figures


def test_there_is_an_edit_of_every_kind() -> None:
    assert {kind.name or kind.folder for kind in EDITED} == {*EDITS}


@pytest.mark.parametrize("kind", EDITED, ids=lambda kind: kind.path)
def test_an_edit_evaluates_whom_the_table_says_in_its_year_alone(
    crowd: Crowd, read: set[str], kind: Kept
) -> None:
    reach = crowd.reached(kind)
    touched = YEARS if not kind.yearly else (YEAR,)
    try:
        crowd.edit(kind)
        for year in YEARS:
            read.clear()
            warm = crowd.run(year)
            assert read == (reach if kind.scored and year in touched else set()), year
            moved = data_of(warm) != data_of(crowd.before[year])
            assert moved == (kind.name not in STILL and year in touched)
            if year in touched:
                assert told(warm) == told(full := crowd.run(year, keep=False))
        read.clear()
        narrow = evaluate_since(crowd.root, "main", None, YEAR)
        assert (narrow is None) == (kind.whom is Whom.EVERY)
        if narrow is not None:
            assert read == set(narrow.ids) == reach
            assert not reach or of_branches(narrow, reach) == of_branches(full, reach)
    finally:
        crowd.undo()
        for year in touched if kind.scored else ():
            crowd.run(year)
