"""Accounts of the office and of supervision teams, and members who file for a branch themselves."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from generator.files.limits import Allowed
from generator.loading import sizes
from generator.proposals.guard import guard
from tests.guarding import APPRAISAL, OTHER, OWN, RECORD, ROSTER, errors, guarded, verdict
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tests.gitrepo import GitRepo
    from tests.guarding import Told

OFFICE, CLERK, TEAM, BOTH = "example-office", "example-clerk", "example-east", "example-both"
MEMBER, REVIEWER = "example-committee", "example-reviewer"
RECEIVED = "committee/2025/received/demo-a.yml"
OPINION = "committee/2025/supervision/east.yml"
REVIEW = "committee/2025/reviews/demo-{}.yml"
LISTS = f"""\
members: [{MEMBER}, Example-Reviewer]
office: [Example-Office, {CLERK}]
teams:
  east: [{TEAM}, {BOTH}]
  west: [Example-Both]
"""
#: Who files for which branch; the roster is above.
FILES_FOR = {
    "example-a": ("demo-a", "demo-c"),
    "example-b": ("demo-b",),
    CLERK: ("demo-b",),
    REVIEWER: ("demo-b",),
}
NOTICE = "notice"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return the guarded repository with an office and two teams; main never moves."""
    repo = guarded(tmp_path_factory.mktemp("office"))
    identity = (repo.root / "branches/demo-b/branch.yml").read_text("utf-8")
    named = identity.replace("[example-b]", "[example-b, Example-Clerk, example-REVIEWER]")
    assert named != identity
    main = repo.change({ROSTER: LISTS, "branches/demo-b/branch.yml": named, OPINION: "order: []\n"})
    repo.git("update-ref", "refs/heads/main", main)
    repo.git("reset", "--quiet", "--hard")
    return repo


def change(repo: GitRepo, *paths: str) -> str:
    """Return a commit that writes other text into each file."""
    return repo.change({path: f"# {path}\n" for path in paths})


class Place(NamedTuple):
    """A path that a change may touch, whose it is, and of which year."""

    path: str
    branch: str = ""
    year: int = 0
    team: str = ""


PATHS = (
    *(
        Place(f"branches/demo-{name}/{year}/documents/{slug}/note.md", f"demo-{name}", year)
        for name in "abc"
        for year in (2025, 2024)
        for slug in ("x", "y")
    ),
    *(
        Place(f"committee/{year}/supervision/{team}.yml", year=year, team=team)
        for team in ("east", "west", "north")
        for year in (2025, 2024)
    ),
    *(Place(f"committee/2025/received/demo-{name}.yml", f"demo-{name}") for name in "abc"),
    *(Place(f"committee/2025/reviews/demo-{name}.yml", f"demo-{name}") for name in "ab"),
    *(Place(path) for path in ("rubric.yml", ROSTER, "README.md", "branches/demo-a/branch.yml")),
)
AUTHORS = (OFFICE, OFFICE.upper(), CLERK, TEAM, BOTH, MEMBER, REVIEWER, "example-a", "stranger")
TEAMS = {TEAM: {"east"}, BOTH: {"east", "west"}}


def is_of_a_branch(item: Place) -> bool:
    return item.path.startswith("branches/") and item.year > 0


def expected(author: str, touched: Collection[Place]) -> set[tuple[str, str]]:
    """Return (severity, code) by the rules of docs/format.md §1, written down once more."""
    found: set[tuple[str, str]] = set()
    own = {(item.branch, item.year) for item in touched if is_of_a_branch(item)}
    files_for = FILES_FOR.get(author, ())
    foreign = {branch for branch, _ in own if branch not in files_for}
    office = author in {OFFICE, CLERK} and len(own) == 1 and bool(foreign)
    if author == "stranger":
        found.add(("error", "G007"))
    elif foreign:
        found.add((NOTICE if office else "error", "G001"))
    if len(own) > 1:
        found.add(("error", "G008"))
    found |= {("error", "G003") for _, year in own if year == 2024}
    for item in touched:
        if is_of_a_branch(item):
            continue
        if author in {MEMBER, REVIEWER}:
            found |= {("warning", "G003")} if item.year == 2024 else set()
            judged = "/reviews/" in item.path and item.branch in files_for
            found |= {("warning", "C019")} if judged else set()
        elif item.team in TEAMS.get(author, ()):
            found |= {("error", "G003")} if item.year == 2024 else set()
        elif not (office and own == {(item.branch, 2025)} and "/received/" in item.path):
            found.add(("error", "G002"))
    return found


@pytest.mark.parametrize("seed", tiered(range(90), often=10, fast=4))
def test_drawn_changes_of_drawn_authors(repo: GitRepo, seed: int) -> None:
    """Mostly changes that are nearly right: a branch and its receipt, a team and its opinion."""
    rng = random.Random(seed)
    author = AUTHORS[seed % len(AUTHORS)]
    touched = set(rng.sample(PATHS, rng.randint(1, 3)))
    if rng.random() < 0.6:
        one = rng.choice([item for item in PATHS if is_of_a_branch(item)])
        receipt = [i for i in PATHS if "/received/" in i.path and i.branch == one.branch]
        touched = {one, *rng.sample(receipt, rng.randint(0, 1))}
    head = change(repo, *(item.path for item in touched))
    found = {(severity, code) for severity, code, _ in verdict(repo, head, author.lower())}
    assert found == expected(author.lower(), touched)
    assert verdict(repo, head, author) == verdict(repo, head, author.lower())


def test_the_office_files_for_a_branch_and_says_so_once(repo: GitRepo) -> None:
    head = change(repo, OWN, f"{RECORD}/more.md", RECEIVED)
    assert verdict(repo, head, OFFICE) == {(NOTICE, "G001", f"{RECORD}/more.md")}


HOSTILE: list[tuple[str, str, tuple[str, ...], Told]] = [
    (
        "two branches", OFFICE, (OWN, OTHER),
        errors(OWN, "G001") | errors(OTHER, "G001", "G008"),
    ),
    (
        "two years", OFFICE, (OWN, "branches/demo-a/2023/x.md"),
        errors(OWN, "G001", "G008") | errors("branches/demo-a/2023/x.md", "G001", "G003"),
    ),
    ("receipt alone", OFFICE, (RECEIVED,), errors(RECEIVED, "G002")),
    (
        "receipt of another branch", OFFICE, (OTHER, RECEIVED),
        {(NOTICE, "G001", OTHER)} | errors(RECEIVED, "G002"),
    ),
    (
        "receipt of another year", OFFICE, (OWN, "committee/2024/received/demo-a.yml"),
        {(NOTICE, "G001", OWN)} | errors("committee/2024/received/demo-a.yml", "G002"),
    ),
    (
        "receipt under another name", OFFICE, (OWN, "committee/2025/received/Demo-A.yml"),
        {(NOTICE, "G001", OWN)} | errors("committee/2025/received/Demo-A.yml", "G002"),
    ),
    (
        "receipt of one's own branch", CLERK,
        (OTHER, "committee/2025/received/demo-b.yml"),
        errors("committee/2025/received/demo-b.yml", "G002"),
    ),
    (
        "a branch beside it", OFFICE, (OWN, "branches/demo-a/branch.yml"),
        {(NOTICE, "G001", OWN)} | errors("branches/demo-a/branch.yml", "G002"),
    ),
    (
        "a branch that nobody registered", OFFICE,
        ("branches/demo-new/branch.yml", "branches/demo-new/2025/x.md"),
        errors("branches/demo-new/branch.yml", "G002")
        | errors("branches/demo-new/2025/x.md", "G001"),
    ),
    ("a review", OFFICE, (REVIEW.format("a"),), errors(REVIEW.format("a"), "G002")),
    ("an opinion", OFFICE, (OPINION,), errors(OPINION, "G002")),
    ("the lists", OFFICE, (ROSTER,), errors(ROSTER, "G002")),
    ("the lists by a team", TEAM, (ROSTER, OPINION), errors(ROSTER, "G002")),
    ("their opinion", TEAM, (OPINION,), set()),
    (
        "another team's", TEAM, ("committee/2025/supervision/west.yml",),
        errors("committee/2025/supervision/west.yml", "G002"),
    ),
    (
        "a team that nobody listed", BOTH, ("committee/2025/supervision/north.yml",),
        errors("committee/2025/supervision/north.yml", "G002"),
    ),
    ("a frozen year", TEAM, ("committee/2023/supervision/east.yml",),
     errors("committee/2023/supervision/east.yml", "G003")),
    ("a year that is not opened", TEAM, ("committee/2031/supervision/east.yml",),
     errors("committee/2031/supervision/east.yml", "G003")),
    ("another ending", TEAM, ("committee/2025/supervision/east.yaml",),
     errors("committee/2025/supervision/east.yaml", "G002")),
    ("a letter's case", TEAM, ("committee/2025/supervision/East.yml",),
     errors("committee/2025/supervision/East.yml", "G002", "G005")),
    ("a folder below", TEAM, ("committee/2025/supervision/x/east.yml",),
     errors("committee/2025/supervision/x/east.yml", "G002")),
    ("no folder of a year", TEAM, ("committee/supervision/east.yml",),
     errors("committee/supervision/east.yml", "G002")),
    ("a team and a branch", TEAM, (OPINION, OWN), errors(OWN, "G001")),
    ("a part of a name", "example-offic", (OWN,), errors(OWN, "G007")),
    ("a letter that folds", "example-oﬃce", (OWN,), errors(OWN, "G007")),
    ("a team's name", "east", (OPINION,), errors(OPINION, "G002", "G007")),
    (
        "a review of one's own", REVIEWER, (REVIEW.format("b"), REVIEW.format("a")),
        {("warning", "C019", REVIEW.format("b"))},
    ),
    (
        "vetoes of one's own", REVIEWER, ("committee/2025/vetoes/demo-b.yml",),
        {("warning", "C019", "committee/2025/vetoes/demo-b.yml")},
    ),
    ("a review by another", MEMBER, (REVIEW.format("b"),), set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("author", "paths", "wanted"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
)
def test_what_people_try(repo: GitRepo, author: str, paths: tuple[str, ...], wanted: Told) -> None:
    assert verdict(repo, change(repo, *paths), author) == wanted


def test_a_notice_names_the_branch_and_the_year(repo: GitRepo) -> None:
    found = guard(repo.root, "main", change(repo, OWN), OFFICE).findings
    assert [f"{f.message}" for f in found] == ["由办公室代报：“demo-a”2025 年的材料"]


def test_no_change_lists_its_own_author(repo: GitRepo) -> None:
    lists = LISTS.replace("office: [", "office: [example-a, ").replace(
        "east: [", "east: [example-a, "
    )
    head = repo.change({ROSTER: lists, OTHER: "x\n", OPINION: "order: [x]\n"})
    assert verdict(repo, head, "example-a") == (
        errors(ROSTER, "G002") | errors(OTHER, "G001") | errors(OPINION, "G002")
    )


@pytest.mark.parametrize(
    "text",
    [
        f"members: [{MEMBER}]\noffice: {OFFICE}\nteams: [{TEAM}]\n",
        f"members: [{MEMBER}]\noffice: [[{OFFICE}]]\nteams: {{east: {TEAM}}}\n",
        f"members: [{MEMBER}]\noffice: [{OFFICE} x, '-{OFFICE}']\n",
        f"members: [{MEMBER}]\nteams: {{EAST: [{TEAM}], '': [{TEAM}]}}\n",
        f"members: [{MEMBER}]\noffice:\nteams:\n",
        f"office: [{MEMBER}\n",
    ],
)
def test_a_list_that_cannot_be_read_lets_nobody_in(repo: GitRepo, text: str) -> None:
    main = repo.change({ROSTER: text})
    for author, path in ((OFFICE, OWN), (TEAM, OPINION)):
        head = repo.change({path: "x: 1\n"}, start=main)
        found = {(severity, code) for severity, code, _ in verdict(repo, head, author, main)}
        assert ("error", "G007") in found


def test_a_review_is_no_time_for_nobody_but_branches(repo: GitRepo) -> None:
    text = (repo.root / APPRAISAL).read_text("utf-8").replace("open", "review")
    main = repo.change({APPRAISAL: text})
    opinion = repo.change({OPINION: "order: [x]\n"}, start=main)
    assert verdict(repo, opinion, TEAM, main) == set()
    filed = repo.change({OWN: "x\n", RECEIVED: "x\n"}, start=main)
    assert verdict(repo, filed, OFFICE, main) == {
        (NOTICE, "G001", OWN), ("warning", "G003", OWN),
    }  # fmt: skip


def test_what_an_office_or_a_team_brings_has_a_size(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "USUAL", Allowed(file=2_000))
    files: Mapping[str, str] = {OWN: "x", RECEIVED: "x" * 2_001, OPINION: "x" * 2_001}
    office = repo.change({path: files[path] for path in (OWN, RECEIVED)})
    assert verdict(repo, office, OFFICE) == {(NOTICE, "G001", OWN)} | errors(RECEIVED, "G006")
    team = repo.change({OPINION: files[OPINION]})
    assert verdict(repo, team, TEAM) == errors(OPINION, "G006")
    assert verdict(repo, team, MEMBER) == set()


def test_a_link_in_the_place_of_an_opinion(repo: GitRepo) -> None:
    head = repo.graft(OPINION, "120000", repo.blob(b"../appraisal.yml"))
    assert verdict(repo, head, TEAM) == errors(OPINION, "G004")


def test_an_opinion_may_be_withdrawn_but_not_passed_on(repo: GitRepo) -> None:
    assert verdict(repo, repo.change({OPINION: None}), TEAM) == set()
    moved = "committee/2025/supervision/north.yml"
    head = repo.change({OPINION: None, moved: "order: []\n"})
    assert verdict(repo, head, TEAM) == errors(moved, "G002")


@pytest.mark.parametrize(
    ("author", "path", "words"),
    [
        (BOTH, "committee/2025/supervision/north.yml",
         f"督导团的账号只改动本团的意见：{OPINION}、committee/2025/supervision/west.yml"),
        (TEAM, REVIEW.format("a"), f"督导团的账号只改动本团的意见：{OPINION}"),
        (OFFICE, OPINION,
         "这份意见由督导团“east”的账号改动，账号登记在 committee/roster.yml 的 teams 里"),
        (OFFICE, ROSTER, "这些文件只由党委改动"),
    ],
)  # fmt: skip
def test_who_may_not_is_told_who_may(repo: GitRepo, author: str, path: str, words: str) -> None:
    found = guard(repo.root, "main", change(repo, path), author).findings
    assert [(f.code, f"{f.hint}") for f in found] == [("G002", words)]
