"""Whom a file of the committee reaches: one table, and every way of reading agrees with it."""

from __future__ import annotations

import datetime
import random
import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

from generator.engine.branch import Reducer
from generator.engine.evaluate import Evaluation, evaluate
from generator.engine.narrow.run import evaluate_since
from generator.engine.narrow.scope import Scope
from generator.engine.snapshot import means_of, snapshot_of
from generator.files.misplaced.outside import GROUPS as MEANT
from generator.files.paths import COMMITTEE, CommitteePath
from generator.formats import kept
from generator.formats.kept import KINDS, Kept, Whom, reaching
from generator.proposals.impact import assess
from generator.reports.findings import as_text
from generator.reports.schemas import FORMATS
from generator.results.document import to_json
from generator.site.data.years import load_site
from generator.text.numbers import write_json
from tests.gitrepo import GitRepo, blob_id
from tests.plain_yaml import said
from tests.support import BASE, write
from tests.test_format_docs import section, table
from tests.test_site_years import keyed
from tests.tiers import tiered
from tests.two_years import TEMPLATES

if TYPE_CHECKING:
    from pathlib import Path

    from generator.engine.branch import Reduced
    from generator.proposals.difference import YearImpact


YEAR = 2025
BRANCHES = ("demo-a", "demo-b", "demo-c")
HOME = f"{COMMITTEE}/{YEAR}"
#: Git's ids of the attachments that branches of the base have.
FILES = {
    path.relative_to(BASE).as_posix(): blob_id(path.read_bytes())
    for path in BASE.glob("branches/*/*/*/*/*.md")
}
PLAN_A = FILES[f"branches/demo-a/{YEAR}/documents/plan/plan.md"]
PLAN_B = f"branches/demo-b/{YEAR}/documents/plan/plan.md"
BEGINNING = {
    "committee/roster.yml": "members: [example-committee, example-a]\n",
    f"{HOME}/decision.yml": (
        "meeting: 示例会议\naccept_claims: 按 1 次审阅认定\ndecided: 2026-01-20\n"
    ),
    f"{HOME}/supervision/one.yml": "title: 示例督导团\norder: [east]\nopinion: 9 个支部较好\n",
    f"{HOME}/due.yml": (
        "- {id: plan-1, kind: plan, title: 计划, due: 2025-01-31, extended: {demo-a: 2025-02-10}}\n"
        "- {id: plan-2, kind: plan, title: 补充, date: 2025-06-30, branches: [demo-a, demo-c]}\n"
        "- {id: list-1, kind: checklist, title: 清单, due: 2025-09-30, branches: [demo-b]}\n"
    ),
    f"{HOME}/accepted.yml": (
        f"- {{code: E005, digest: {PLAN_A}, reason: 示例通知 1 份, by: 办公室, date: 2025-12-23}}\n"
        f"- {{code: E016, path: {PLAN_B}, reason: 看过 2 次}}\n"
        f"- {{code: E014, digest: {'0' * 40}, reason: 没有这个文件}}\n"
    ),
    f"{HOME}/after.yml": (
        "talks:\n- {branch: demo-a, held: 2026-02-18, asked: 补 2 份记录, until: 2026-06-30}\n"
        "funds:\n- {branch: demo-b, amount: 3000, purpose: 活动 1 次}\n"
    ),
    f"{HOME}/audit.yml": (
        "announced: 2025-12-01\nknown: 2026-01-20\nshare: 0.5\ndrawn:\n"
        "- {path: branches/demo-a/2025/documents/plan, looked: 2026-01-22, outcome: differs}\n"
        "- {path: branches/demo-b/2025/activities/2025-05-06-meeting}\n"
    ),
    **{
        f"{HOME}/reviews/{name}.yml": (
            "criteria:\n  org-plan: {points: 3, reason: 缺 1 项, by: 办公室, date: 2026-01-05}\n"
        )
        for name in BRANCHES
    },
    **{
        f"{HOME}/received/{name}.yml": (
            "- {path: self-assessment.yml, on: 2025-12-19, reason: 示例 1, date: 2025-12-23}\n"
        )
        for name in BRANCHES[:2]
    },
    **{
        f"{HOME}/vetoes/{name}.yml": (
            "- {veto: discipline, state: dismissed, reason: 查无 1 次, date: 2026-01-06}\n"
        )
        for name in BRANCHES[:2]
    },
}
#: What a final year has: it is read from its results, so that a year under way has neither.
FINAL = ("results.json", "rubric.yml")
DRAWN = [kind for kind in KINDS if kind.name not in FINAL]
SEEDS = 8


def path_of(kind: Kept, branch: str) -> str:
    """Return a path of a kind; teams are called ``one``."""
    return f"{COMMITTEE}/{kind.at(YEAR, branch).replace(kept.A_TEAM, 'one')}"


class Edit(NamedTuple):
    """A file of the committee, whose it is, and what it holds afterwards; None: it is removed."""

    path: str
    branch: str
    text: str | None


def drawn(rng: random.Random, kind: Kept, root: Path) -> Edit:
    """Return an edit of a file of a kind: words, numbers, lines, form, or the file itself."""
    branch = rng.choice(BRANCHES)
    path = path_of(kind, branch)
    file = root / path
    text = file.read_text("utf-8") if file.exists() else "- {veto: discipline, state: alleged}\n"
    lines = text.splitlines(keepends=True)
    numbers = [*re.finditer("[0-9]+", text)] or [*re.finditer("^", text)]
    one = rng.choice(numbers)
    at = rng.randrange(len(lines))
    ways = (
        f"{text}# {rng.random()}\n",
        f"{text[: one.start()]}{rng.randint(0, 12)}{text[one.end() :]}",
        "".join(lines[:at] + lines[at + 1 :]),
        text + lines[at],
        text.replace("示例", "另例") + f"unknown{rng.randint(1, 9)}: x\n",
        f"{text}a: [\n",
        text.replace("east", "west").replace("demo-a", "demo-x") + " \n",
        None if file.exists() else text,
    )
    return Edit(path, branch, rng.choice(ways))


class Project:
    """A repository whose main is never moved, and what it gave before any edit."""

    def __init__(self, root: Path) -> None:
        self.repo = GitRepo(root)
        self.root = root
        copied = self.repo.root / "branches/demo-b"
        files: dict[str, str | bytes | None] = dict(BEGINNING)
        for file in sorted(copied.rglob("*")):
            if file.is_file() and file.suffix == ".yml":
                path = f"branches/demo-c/{file.relative_to(copied).as_posix()}"
                files[path] = file.read_text("utf-8").replace("示例b", "示例c")
        for path, text in files.items():
            write(root / path, str(text).encode("utf-8"))
        self.base = self.repo.commit("year")
        self.whole()

    def whole(self, *, keep: bool = True) -> Evaluation:
        """Evaluate the working tree, with what earlier runs kept or without."""
        with snapshot_of(self.root) as snapshot:
            return evaluate(snapshot.tree, YEAR, means_of(self.root, snapshot, keep=keep, jobs=1))

    @cached_property
    def before(self) -> Evaluation:
        """What an evaluation of main gives."""
        return self.whole(keep=False)

    def undo(self) -> None:
        """Take edits back."""
        self.repo.git("checkout", "--quiet", "--force", "main")
        self.repo.git("clean", "-qfd")

    def edit(self, edit: Edit) -> None:
        """Put an edit into the working tree."""
        if edit.text is None:
            (self.root / edit.path).unlink()
        else:
            write(self.root / edit.path, edit.text.encode("utf-8"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("kept"))


def told(evaluation: Evaluation) -> str:
    """Return results and findings as they are printed."""
    results = write_json(to_json(evaluation.results)) if evaluation.results else ""
    return f"{results}\n{as_text(evaluation.findings)}"


def marks(evaluation: Evaluation) -> set[str]:
    return {finding.fingerprint for finding in evaluation.findings}


def asking(text: str, branch: str) -> list[tuple[object, ...]]:
    """Return what a due list asks of a branch, read without the program."""
    try:
        entries = said(text)
    except yaml.YAMLError:
        return []
    found: dict[str, tuple[object, ...]] = {}
    for entry in entries:
        later = entry.get("extended", {})
        days = [*later.values(), *(entry[key] for key in ("due", "date") if key in entry)]
        day = later.get(branch, entry.get("due", entry.get("date")))
        own = (entry["kind"], entry["title"], day, entry.get("date"))
        asked = day is not None and branch in entry.get("branches", BRANCHES)
        found.setdefault(entry["id"], own if asked and all(map(is_day, days)) else ())
    return [(name, *own) for name, own in found.items() if own]


def accepting(text: str, branch: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what a list of accepted findings says of a branch, read without the program."""
    try:
        entries = said(text)
    except yaml.YAMLError:
        return {}
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in entries or ():
        digest, place = entry.get("digest", ""), entry.get("path", "")
        whole = entry["code"] in ("E005", "E014", "E016") and bool(digest) != bool(place)
        whole &= not digest or re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", digest) is not None
        whole &= "date" not in entry or is_day(entry["date"])
        own = place.split("/")[1:2] == [branch]
        own |= any(b == digest and p.split("/")[1] == branch for p, b in FILES.items())
        if whole and own:
            told = tuple(entry.get(key, "") for key in ("reason", "by", "date"))
            found.setdefault((entry["code"], digest or place), told)
    return found


def is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def expected(kind: Kept, edit: Edit) -> set[str]:
    """Return whom the table says that an edit of a file reaches."""
    if kind.whom is Whom.ASKED:
        old, new = BEGINNING[edit.path], edit.text or ""
        return {name for name in BRANCHES if asking(old, name) != asking(new, name)}
    if kind.whom is Whom.HOLDERS:
        old, new = BEGINNING[edit.path], edit.text or ""
        return {name for name in BRANCHES if accepting(old, name) != accepting(new, name)}
    return {Whom.BRANCH: {edit.branch}, Whom.EVERY: set(BRANCHES), Whom.NOBODY: set()}[kind.whom]


def named(case: tuple[int, Kept]) -> str:
    """Return what pytest calls a case."""
    return f"{case[1].path}-{case[0]}"


@pytest.mark.parametrize(
    "case",
    tiered(((seed, kind) for seed in range(SEEDS) for kind in DRAWN), often=len(DRAWN), fast=1),
    ids=named,
)
def test_warm_narrow_and_full_agree_and_read_whom_the_table_says(
    project: Project, monkeypatch: pytest.MonkeyPatch, case: tuple[int, Kept]
) -> None:
    seed, kind = case
    edit = drawn(random.Random(f"{seed} {kind.path}"), kind, project.root)
    reach = expected(kind, edit)
    before = project.before
    read: set[str] = set()
    real = Reducer.reduce

    def reduce(self: Reducer, branch_id: str) -> Reduced:
        read.add(branch_id)
        return real(self, branch_id)

    project.whole()
    try:
        project.edit(edit)
        full = project.whole(keep=False)
        monkeypatch.setattr(Reducer, "reduce", reduce)
        assert told(project.whole()) == told(full)
        assert read == (reach if kind.scored else set())
        read.clear()
        narrow = evaluate_since(project.root, "main", None, YEAR)
        assert (narrow is None) == (kind.whom is Whom.EVERY)
        if narrow is not None:
            assert read == set(narrow.ids) == reach
            assert marks(full) - marks(before) <= marks(narrow) <= marks(full)
    finally:
        project.undo()


@pytest.mark.parametrize(
    "case",
    tiered(
        ((seed, kind) for seed in range(SEEDS) for kind in DRAWN if kind.whom is not Whom.EVERY),
        often=3,
    ),
    ids=named,
)
def test_impact_says_the_same_of_some_branches_as_of_all(
    project: Project, case: tuple[int, Kept]
) -> None:
    seed, kind = case
    edit = drawn(random.Random(f"{seed} {kind.path}"), kind, project.root)
    head = project.repo.change({edit.path: edit.text})
    narrow, full = (assess(project.root, "main", head, ranks=ranks) for ranks in (False, True))
    assert [shown(year) for year in narrow.years] == [shown(year) for year in full.years]
    assert {b.id for year in full.years for b in year.branches} <= expected(kind, edit)
    assert narrow.errors == full.errors


def shown(year: YearImpact) -> tuple[object, ...]:
    """Return what an impact says of a year, ranks left out."""
    figures = {b.id: (b.lines, b.bonus, b.stale, b.files) for b in year.branches}
    return (
        year.year,
        {name: said for name, said in figures.items() if any(said)},
        {finding.fingerprint for finding in year.new},
        {finding.fingerprint for finding in year.fixed},
    )


@pytest.mark.parametrize(
    "case",
    tiered(((seed, kind) for seed in range(SEEDS) for kind in DRAWN), often=2),
    ids=named,
)
def test_kept_pages_hold_while_nothing_reaches_them(
    project: Project, tmp_path: Path, case: tuple[int, Kept]
) -> None:
    seed, kind = case
    edit = drawn(random.Random(f"{seed} {kind.path}"), kind, project.root)
    old = keyed(load_site(project.root, "zh", TEMPLATES, jobs=1), tmp_path)
    try:
        project.edit(edit)
        site = load_site(project.root, "zh", TEMPLATES, jobs=1)
        new = keyed(site, tmp_path) if site.evaluation.results else {}
    finally:
        project.undo()
    for where, (key, bodies) in new.items():
        assert key != old[where][0] or bodies == old[where][1], where
        if kind.whom is Whom.NOBODY:
            assert key == old[where][0]
        if kind.whom is Whom.BRANCH and where == (YEAR, edit.branch):
            assert key != old[where][0]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
def test_the_scope_of_a_file_is_that_of_the_table(kind: Kept) -> None:
    scope = Scope.of([path_of(kind, "demo-b")])
    assert scope.ids == ({"demo-b"} if kind.whom is Whom.BRANCH else set())
    assert scope.shared is (kind.whom is Whom.EVERY)
    assert scope.asked == ({YEAR} if kind.whom is Whom.ASKED else set())
    assert scope.accepted == ({YEAR} if kind.whom is Whom.HOLDERS else set())
    assert scope.years == ({YEAR} if kind.yearly else set())
    assert not scope.rubric
    assert scope.data


@pytest.mark.parametrize(
    "path",
    [
        f"{HOME}/new.yml",
        f"{HOME}/supervision/one.yaml",
        f"{HOME}/supervision/deep/one.yml",
        f"{HOME}/supervision",
        f"{COMMITTEE}/supervision/one.yml",
        f"{COMMITTEE}/<year>/supervision/one.yml",
        f"{COMMITTEE}/20255/supervision/one.yml",
        f"{COMMITTEE}/2025",
        f"{COMMITTEE}/decision.yml",
        f"{HOME}/roster.yml",
        f"{HOME}/reviews/Demo-A.yml",
        f"{HOME}/reviews/<id>",
    ],
)
def test_a_file_that_no_row_names_reaches_everybody(path: str) -> None:
    assert Scope.of([path]).shared


def test_the_table_has_the_files_that_the_program_reads() -> None:
    formats = {f.path for f in FORMATS if f.path.startswith(f"{COMMITTEE}/")}
    rows = {f"{COMMITTEE}/{kind.path}" for kind in KINDS}
    assert rows - formats == {f"{HOME.replace(str(YEAR), kept.IN_YEAR)}/{name}" for name in FINAL}
    assert formats <= rows
    assert set(MEANT) == set(kept.GROUPS)
    for kind in KINDS:
        found = CommitteePath.of(path_of(kind, "demo-a"))
        assert found is not None
        assert found.kind is kind


def test_the_page_of_formats_has_the_table() -> None:
    words = {
        Whom.BRANCH: "its branch",
        Whom.ASKED: "the branches asked",
        Whom.HOLDERS: "who holds the content, or the file",
        Whom.EVERY: "every branch",
        Whom.NOBODY: "nobody",
    }
    assert table(section(1), "file of the committee") == [
        [f"`{COMMITTEE}/{kind.path}`", words[kind.whom], "✓" if kind.scored else ""]
        for kind in KINDS
    ]


def test_rows_that_count_in_the_years_step_are_in_no_key() -> None:
    scored = {kind for whom in Whom for kind in reaching(whom)}
    assert {kind.name or kind.folder for kind in set(KINDS) - scored} == {
        "roster.yml", "audit.yml", "after.yml", *FINAL, "appeals", "supervision",
    }  # fmt: skip
    assert {kind for whom in Whom for kind in reaching(whom, scored=False)} == set(KINDS)
