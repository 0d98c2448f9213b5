"""A year from its first file to its end and past it: every change by its author, judged, merged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from generator.proposals.guard import guard
from generator.site.data.years import load_site
from tests.gitrepo import GitRepo
from tests.guarding import assert_printable
from tests.site_bodies import site_pages
from tests.support import appraise
from tests.two_years import TEMPLATES
from tests.years import YEAR, activity, claim, document, encoded, judged, rubric, section

if TYPE_CHECKING:
    from pathlib import Path

Files = dict[str, Any]

HOME = f"committee/{YEAR}"
MEMBER, OFFICE, TEAM = "example-committee", "example-office", "example-east"
#: Branch → the account that files for it.
OWN = {"demo-a": "example-a", "demo-b": "example-b"}
RESULTS, RUBRIC = f"{HOME}/results.json", f"{HOME}/rubric.yml"
DECISION, BALLOTS, APPRAISAL = (f"{HOME}/{n}.yml" for n in ("decision", "debrief", "appraisal"))
REVIEW, RECEIVED, APPEALS, VETOES = (
    f"{HOME}/{folder}/{{}}.yml".format for folder in ("reviews", "received", "appeals", "vetoes")
)
RULES = rubric(
    section("s", judged("one"), judged("two"), judged("kept", evidence={"required": True})),
    section(
        "t",
        {"id": "debrief", "title": "述职", "points": 10, "method": "ballot"},
        {
            "id": "reports", "title": "报表", "points": 10, "method": "share", "of": "report",
            "having": {"received": {"not_after": "asked"}}, "due": True, "empty": "pending",
        },
        {
            "id": "held", "title": "活动", "points": 10, "method": "proportion",
            "measure": {"count": "activity", "where": {"collective": True}},
            "target": {"regular": 2, "functional": 2},
        },
    ),
    ballot={"good": 1, "fair": 0.5},
    bonus={"rules": [{"id": "award", "title": "表彰", "levels": {"city": 2}}]},
    vetoes=[{"id": "harm", "title": "违纪"}],
    grades=[{"id": "good", "title": "良好", "min": 40}, {"id": "pass", "title": "合格", "min": 0}],
    questions=[{"id": "q-held", "issue": "几次", "choice": "两次"}],
)  # fmt: skip
RULES["document_kinds"] |= {"report": {"title": "报表"}}
PERIOD = {"from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31"}
OPENED: Files = {"period": PERIOD, "stage": "open", "deadlines": {"self_assessment": "2025-12-20"}}
POSTED = {"from": "2026-01-22", "to": "2026-01-28", "contact": "考核办公室"}
DUE = [
    {"id": "report-1", "kind": "report", "title": "第一季度报表", "due": "2025-03-31"},
    {"id": "report-2", "kind": "report", "title": "第二季度报表", "due": "2025-06-30"},
]


def below(branch: str, *records: tuple[str, Files]) -> Files:
    """Return records by their paths in the repository."""
    return {f"branches/{branch}/{YEAR}/{path}": data for path, data in records}


def report(number: int) -> tuple[str, Files]:
    """Return a report that answers an entry of the due list."""
    path, data = document(f"report-{number}", "report")
    return path, data | {"due": f"report-{number}"}


def identity(branch: str) -> Files:
    """Return what a branch says of itself."""
    return {
        "name": f"{branch}党支部", "kind": "regular", "societies": ["示例学会"],
        "consortium": "east", "established": "2016-05-20", "members": 10,
        "submitters": [OWN[branch]],
    }  # fmt: skip


def meeting(date: str) -> tuple[str, Files]:
    """Return an activity of the whole branch."""
    there = {"members": 10, "present": 9, "leave": 1}
    return activity(date, collective=True, attendance=there)


class Change(NamedTuple):
    """What an account changes on a day, and what the guard says of it beside nothing."""

    author: str
    day: str
    files: Files
    told: frozenset[tuple[str, str]] = frozenset()


BY_OFFICE = frozenset({("notice", "G001")})
AFTERWARDS = frozenset({("warning", "G003")})
CLAIMS: Files = {"submitted": "2025-12-10", "claims": {"one": claim(8), "two": claim(9)}}
AWARD = {
    "id": "won", "rule": "award", "level": "city", "matter": "表彰", "date": "2025-09-01",
    "evidence": ["documents/plan"],
}  # fmt: skip
CLAIMED_A = CLAIMS | {"bonus": [AWARD]}
CLAIMED_B = CLAIMS | {"claims": {"two": claim(7), "kept": claim(6)}}
YEAR_LONG = (
    Change(MEMBER, "2025-01-06", {APPRAISAL: OPENED, f"{HOME}/due.yml": DUE}),
    Change(MEMBER, "2025-01-07", {f"branches/{own}/branch.yml": identity(own) for own in OWN}),
    Change(OWN["demo-a"], "2025-02-03", below("demo-a", document("plan"))),
    Change(OWN["demo-a"], "2025-03-13", below("demo-a", meeting("2025-03-12"))),
    Change(OWN["demo-b"], "2025-03-20", below("demo-b", report(1))),
    # On paper in time, merged later: the office hands it in, with the day on which it came.
    Change(
        OFFICE,
        "2025-04-08",
        below("demo-a", report(1))
        | {
            RECEIVED("demo-a"): [
                {"path": "documents/report-1", "on": "2025-03-30", "reason": "纸质报送",
                 "by": "office", "date": "2025-04-08"}
            ]
        },
        BY_OFFICE,
    ),
    Change(OWN["demo-a"], "2025-06-20", below("demo-a", report(2))),
    Change(OWN["demo-b"], "2025-07-09", below("demo-b", report(2))),
    Change(OWN["demo-a"], "2025-09-02", below("demo-a", meeting("2025-09-01"))),
    Change(OWN["demo-b"], "2025-10-12", below("demo-b", meeting("2025-10-10"))),
    Change(OWN["demo-a"], "2025-12-10", below("demo-a", ("self-assessment.yml", CLAIMED_A))),
    Change(OWN["demo-b"], "2025-12-11", below("demo-b", ("self-assessment.yml", CLAIMED_B))),
    Change(MEMBER, "2025-12-22", {APPRAISAL: OPENED | {"stage": "review"}}),
    Change(TEAM, "2026-01-05", {f"{HOME}/supervision/east.yml": {"order": ["east"]}}),
    Change(MEMBER, "2026-01-06", {VETOES("demo-b"): [{"veto": "harm", "state": "alleged"}]}),
)  # fmt: skip

VOTES: Files = {"mode": "onsite", "issued": 12, "ballots": {"good": 8, "fair": 2}, "void": 1}
WRITTEN: Files = {"mode": "written", "points": 7, "reason": "报告完整"}
DISMISSED = {"veto": "harm", "state": "dismissed", "reason": "查无此事"}
DECIDED_A = {
    "criteria": {name: {"points": 5, "reason": "核定"} for name in ("one", "kept")},
    "bonus": {"won": {"accepted": True, "reason": "属实"}},
}
ACCEPTED: Files = {"accept_claims": "逐项审阅后按自评认定"}
MEETING: Files = {"meeting": "党委会", "decided": "2026-01-15"}
RULED = RULES | {"questions": [RULES["questions"][0] | {"decided_by": "党委"}]}
MENDED = CLAIMED_B["claims"] | {"kept": claim(6, "documents/report-1")}


def reviewed(*names: str) -> Files:
    """Return the part of the review of demo-a that decides these."""
    criteria = {name: own for name, own in DECIDED_A["criteria"].items() if name in names}
    return {"criteria": criteria} | ({"bonus": DECIDED_A["bonus"]} if "won" in names else {})


#: The claim that named nothing names its record now.
MENDING = Change(
    OWN["demo-b"],
    "2026-01-07",
    below("demo-b", ("self-assessment.yml", CLAIMED_B | {"claims": MENDED})),
    AFTERWARDS,
)


class Step(NamedTuple):
    """A line of ``ready`` and the change that it asks for; ``lines`` are told apart by words."""

    change: Change
    code: str
    who: str
    branch: str | None = None
    words: str = ""
    lines: int = 1


STEPS = (
    Step(Change(MEMBER, "2026-01-07", {REVIEW("demo-a"): reviewed("one")}),
         "C009", "committee", "demo-a", "“one”"),
    Step(Change(MEMBER, "2026-01-08", {REVIEW("demo-a"): reviewed("one", "kept")}),
         "C007", "committee", "demo-a", "“kept”"),
    Step(Change(MEMBER, "2026-01-08", {REVIEW("demo-a"): reviewed("one", "kept", "won")}),
         "C007", "committee", "demo-a", "“won”"),
    Step(Change(MEMBER, "2026-01-09",
                {REVIEW("demo-b"): {"criteria": {"one": {"points": 4, "reason": "核定"}}}}),
         "C007", "committee", "demo-b", "“one”"),
    Step(Change(MEMBER, "2026-01-12",
                {BALLOTS: {"held": "2026-01-11", "branches": {"demo-a": VOTES}}}),
         "C007", "office", "demo-a"),
    Step(Change(MEMBER, "2026-01-12",
                {BALLOTS: {"held": "2026-01-11",
                           "branches": {"demo-a": VOTES, "demo-b": WRITTEN}}}),
         "C007", "office", "demo-b"),
    Step(Change(MEMBER, "2026-01-13", {VETOES("demo-b"): [DISMISSED]}),
         "R004", "committee", "demo-b"),
    Step(Change(MEMBER, "2026-01-14", {"rubric.yml": RULED}), "C003", "committee"),
    Step(Change(MEMBER, "2026-01-15", {DECISION: MEETING}), "C004", "committee"),
    Step(Change(MEMBER, "2026-01-16", {DECISION: MEETING | ACCEPTED}),
         "C009", "committee", lines=3),
)  # fmt: skip

PUBLIC = OPENED | {"stage": "publicity", "publicity": POSTED}
APPEAL = {"id": "a1", "received": "2026-01-23", "criterion": "one", "matter": "少计",
          "state": "open"}  # fmt: skip
UPHELD = APPEAL | {"state": "upheld", "answer": "补计 2 分", "date": "2026-01-26"}
RAISED = {"criteria": {"one": {"points": 6, "reason": "复核后补计"}}}


class Committee:
    """A repository in which nothing gets onto main but what the guard lets through."""

    def __init__(self, root: Path) -> None:
        self.repo = GitRepo(root, base=False)
        self.root = root
        lists = {"members": [MEMBER], "office": [OFFICE], "teams": {"east": [TEAM]}}
        first: Files = {
            "rubric.yml": RULES,
            "committee/roster.yml": lists,
            "committee/consortia.yml": [{"id": "east", "title": "东部联合体"}],
        }
        for path, data in first.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(encoded(data))
        self.repo.commit("rules", when=moment("2025-01-02"))

    def judge(self, change: Change) -> str:
        """Commit a change on top of main; return the commit if the guard says what is expected."""
        files = {path: data if data is None else encoded(data)
                 for path, data in change.files.items()}  # fmt: skip
        head = self.repo.change(files, when=moment(change.day))
        found = guard(self.root, "main", head, change.author).findings
        assert_printable(found)
        assert {(f.severity.value, f.code) for f in found} == change.told, change
        return head

    def merge(self, change: Change) -> None:
        """Have a change judged, and merge it on its day."""
        self.repo.merge(self.judge(change), when=moment(change.day))

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run a command, and return what it prints."""
        done = appraise(*arguments, root=self.root)
        assert done.exit_code == status, done.output
        return done.stdout

    def ready(self) -> dict[str, Files]:
        """Return what stands between the year and its end, by what tells lines apart."""
        done = appraise("ready", f"{YEAR}", "--format", "json", root=self.root)
        told = json.loads(done.stdout)
        assert done.exit_code == (1 if told["lines"] else 0)
        return {f"{own['code']} {own['branch']} {own['fingerprint']}": own for own in told["lines"]}

    def sealed(self, day: str, *options: str) -> None:
        """Finalize on a clean main; what that writes goes the way of every other change."""
        self.run("finalize", f"{YEAR}", *options)
        written = {path: (self.root / path).read_bytes() for path in (RESULTS, RUBRIC)}
        self.repo.git("clean", "-qfd")
        self.repo.git("checkout", "--quiet", "--force", "main")
        self.merge(Change(MEMBER, day, written, AFTERWARDS))
        assert (self.root / RESULTS).read_bytes() == written[RESULTS]

    @property
    def branches(self) -> dict[str, Files]:
        """The branches of the final year."""
        told = json.loads((self.root / RESULTS).read_bytes())
        return {own["id"]: own for own in told["branches"]}


def moment(day: str) -> str:
    """Return noon of a day in Chongqing."""
    return f"{day}T12:00:00+08:00"


def points(branch: Files) -> dict[str, float]:
    """Return criterion → points, as numbers."""
    return {own["criterion"]: float(own["points"]) for own in branch["lines"]}


@pytest.fixture(scope="module")
def committee(tmp_path_factory: pytest.TempPathFactory) -> Committee:
    """A committee whose year has run until its last line is settled."""
    own = Committee(tmp_path_factory.mktemp("year"))
    for change in YEAR_LONG:
        own.merge(change)
    return own


def test_a_year_from_its_first_file_to_its_end_and_past_it(committee: Committee) -> None:
    mend(committee)
    settle(committee)
    post_and_answer(committee)
    end(committee)
    correct(committee)


def mend(committee: Committee) -> None:
    """A claim without its evidence is mended: it is nothing but claimed from then on."""
    before = committee.ready()
    committee.merge(MENDING)
    after = committee.ready()
    gone, new = ({*one} - {*other} for one, other in ((before, after), (after, before)))
    assert {(before[key]["code"], before[key]["who"]) for key in gone} == {
        ("E007", "branch"), ("C007", "committee"),
    }  # fmt: skip
    assert [after[key]["code"] for key in new] == ["C009"]
    told = {key: line["message"] for key, line in (before | after).items()}
    assert all("“kept”" in told[key] for key in gone | new)


def settle(committee: Committee) -> None:
    """Act on each line of ``ready``: exactly it is gone, until the stage alone is left."""
    left = committee.ready()
    for step in STEPS:
        meant = {
            key
            for key, line in left.items()
            if (line["code"], line["who"]) == (step.code, step.who)
            and (step.branch in {None, line["branch"]})
            and step.words in line["message"]
        }
        assert len(meant) == step.lines, (step, [*left.values()])
        committee.merge(step.change)
        after = committee.ready()
        assert {*left} - {*after} == meant
        assert {*after} <= {*left}
        left = after
    assert [line["code"] for line in left.values()] == ["stage"]


def post_and_answer(committee: Committee) -> None:
    """Post results: an appeal blocks until it is answered, and no branch files any more."""
    committee.merge(Change(MEMBER, "2026-01-22", {APPRAISAL: PUBLIC}))
    late = below("demo-b", ("self-assessment.yml", CLAIMED_B))
    committee.judge(Change(OWN["demo-b"], "2026-01-23", late, frozenset({("error", "G003")})))
    before = committee.ready()
    committee.merge(Change(MEMBER, "2026-01-23", {APPEALS("demo-b"): [APPEAL]}, AFTERWARDS))
    (opened,) = {*committee.ready()} - {*before}
    assert opened.startswith("C011 ")
    answered = {APPEALS("demo-b"): [UPHELD], REVIEW("demo-b"): RAISED}
    committee.merge(Change(MEMBER, "2026-01-26", answered, AFTERWARDS))
    assert {*committee.ready()} == {*before}
    assert "C011" not in committee.run("check", "--year", f"{YEAR}")


def end(committee: Committee) -> None:
    """End the year, whose every figure is worked out here by hand."""
    final = {APPRAISAL: PUBLIC | {"stage": "final"}}
    committee.merge(Change(MEMBER, "2026-01-30", final, AFTERWARDS))
    assert committee.ready() == {}
    committee.sealed("2026-01-30")
    assert "一致" in committee.run("verify", f"{YEAR}")
    a, b = (committee.branches[name] for name in OWN)
    # Ballots: 8 and 2 of 10 valid, 10 × (8 + 2 × 0.5) / 10; both reports in time, both meetings.
    assert points(a) == {
        "one": 5, "two": 9, "kept": 5, "debrief": 9, "reports": 10, "held": 10,
    }  # fmt: skip
    # One of two reports in time, one of two meetings; two points more after the appeal.
    assert points(b) == {"one": 6, "two": 7, "kept": 6, "debrief": 7, "reports": 5, "held": 5}
    assert [float(own["total"]) for own in (a, b)] == [48 + 2, 36]
    assert [own["grade"] for own in (a, b)] == ["good", "pass"]
    assert {line["basis"] for own in (a, b) for line in own["lines"]} == {"verified", "computed"}
    taken = [line["criterion"] for own in (a, b) for line in own["lines"]
             if line.get("accepted_as_claimed")]  # fmt: skip
    assert taken == ["two", "two", "kept"]
    assert [own["state"] for own in b["appeals"]] == ["upheld"]
    states = [[own["state"] for own in each["due"]] for each in (a, b)]
    assert states == [["answered", "answered"], ["answered", "short"]]
    cards = shown(committee)
    assert "补计 2 分" in cards["demo-b"]
    assert "第一季度报表" in cards["demo-a"]
    assert not any("未经核定" in card or "计票有误" in card for card in cards.values())


def shown(committee: Committee) -> dict[str, str]:
    """Return branch → its card on the site."""
    site = load_site(committee.root, "zh", TEMPLATES, jobs=1)
    pages = {page.address: str(page.body) for page in site_pages(site)}
    return {name: pages[f"{YEAR}/branches/{name}.html"] for name in OWN}


def correct(committee: Committee) -> None:
    """Change the end in the open: what was counted wrongly, and nothing else."""
    gone = Change(MEMBER, "2026-02-27", {RESULTS: None}, frozenset({("error", "G003")}))
    committee.judge(gone)
    counted = VOTES | {"ballots": {"good": 7, "fair": 3}}
    ballots = {"held": "2026-01-11", "branches": {"demo-a": counted, "demo-b": WRITTEN}}
    committee.merge(Change(MEMBER, "2026-03-01", {BALLOTS: ballots}, AFTERWARDS))
    before = committee.branches
    committee.sealed("2026-03-01", "--correct", "计票有误")
    told = json.loads((committee.root / RESULTS).read_bytes())["corrections"]
    assert [own["reason"] for own in told] == ["计票有误"]
    assert points(committee.branches["demo-a"]) == points(before["demo-a"]) | {"debrief": 8.5}
    assert committee.branches["demo-b"] == before["demo-b"]
    assert "一致" in committee.run("verify", f"{YEAR}")
    assert all("计票有误" in card for card in shown(committee).values())
