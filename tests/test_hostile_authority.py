"""Who may change what: what people try, and other instances of the family.

A row is a change, its author, and all that the guard says of it: severity, code, path.
"""

from __future__ import annotations

import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.files.git_tree import GitTree
from generator.formats.branch_files import account
from generator.proposals.guard.authority import owner
from tests.guarding import (
    APPRAISAL,
    AUTHOR,
    MEMBER,
    OTHER,
    OWN,
    RECORD,
    ROSTER,
    errors,
    guarded,
    is_seen,
    verdict,
)
from tests.support import appraise

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.gitrepo import GitRepo
    from tests.guarding import Told

    Change = Mapping[str, str | bytes | None]

ASSESSMENT = "branches/demo-b/2025/self-assessment.yml"


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return the guarded repository with a CODEOWNERS at its root; main never moves."""
    repo = guarded(tmp_path_factory.mktemp("authority"))
    main = repo.change({"CODEOWNERS": "* @example-committee\n"})
    repo.git("update-ref", "refs/heads/main", main)
    return repo


def at(*paths: str, code: str) -> Told:
    """Return one error of this code at each path."""
    return {("error", code, path) for path in paths}


def twin(folder: str, rest: str) -> Told:
    """Return what is said of a protected path in a folder that differs from one of main by case."""
    return errors(f"{folder}/{rest}", "G002") | errors(folder, "G005")


def text_of(repo: GitRepo, path: str) -> str:
    """Return a file of main."""
    return repo.git("show", f"main:{path}") + "\n"


G1, G2, G5 = "G001", "G002", "G005"
ROWS: list[tuple[str, Change, Told]] = [
    ("rubric", {"rubric.yml": "x: 1\n"}, at("rubric.yml", code=G2)),
    ("rubric deleted", {"rubric.yml": None}, at("rubric.yml", code=G2)),
    ("rubric near", {"Rubric.yml": "x: 1\n"}, errors("Rubric.yml", G2, G5)),
    (
        "rubric frozen",
        {"committee/2023/rubric.yml": "x\n"},
        at("committee/2023/rubric.yml", code=G2),
    ),
    (
        "committee other",
        {"committee/2025/reviews/demo-b.yml": "criteria: {}\n"},
        at("committee/2025/reviews/demo-b.yml", code=G2),
    ),
    (
        "committee own",
        {"committee/2025/reviews/demo-a.yml": "criteria: {}\n"},
        at("committee/2025/reviews/demo-a.yml", code=G2),
    ),
    *(
        (f"committee {name}", {f"committee/{name}": "x: 1\n"}, at(f"committee/{name}", code=G2))
        for name in (
            "2025/appraisal.yml",
            "2025/decision.yml",
            "2025/debrief.yml",
            "2025/vetoes/demo-a.yml",
            "2025/supervision/first.yml",
            "2025/results.json",
            "2026/appraisal.yml",
            "consortia.yml",
            "roster.yml",
            "branches/demo-a/2025/x.yml",
        )
    ),
    ("tools", {".github/CODEOWNERS": "* @example-a\n"}, at(".github/CODEOWNERS", code=G2)),
    ("tools docs", {"docs/CODEOWNERS": "* @example-a\n"}, at("docs/CODEOWNERS", code=G2)),
    ("tools root", {"CODEOWNERS": "* @example-a\n"}, at("CODEOWNERS", code=G2)),
    ("tools case", {".GitHub/workflows/x.yml": "x\n"}, at(".GitHub/workflows/x.yml", code=G2)),
    *(
        (f"tools {path}", {path: "x\n"}, at(path, code=G2))
        for path in (
            ".github/workflows/score.yml",
            ".github/dependabot.yml",
            ".gitattributes",
            ".gitmodules",
            ".gitignore",
            "generator/proposals/guard/__init__.py",
            "site_templates/theme/main.html",
            "mkdocs.yml",
            "Makefile",
            "pyproject.toml",
            "requirements/site.txt",
            "x.md",
        )
    ),
    ("owners", {f"{RECORD}/CODEOWNERS": "*\n"}, at(f"{RECORD}/CODEOWNERS", code=G5)),
    ("owners case", {f"{RECORD}/CodeOwners": "*\n"}, at(f"{RECORD}/CodeOwners", code=G5)),
    (
        "owners branch",
        {"branches/demo-a/CODEOWNERS": "*\n"},
        errors("branches/demo-a/CODEOWNERS", G2, G5),
    ),
    ("owners all", {"branches/CODEOWNERS": "*\n"}, errors("branches/CODEOWNERS", G2, G5)),
    (
        "owners year",
        {"branches/demo-a/2025/.github/CODEOWNERS": "*\n"},
        at("branches/demo-a/2025/.github/CODEOWNERS", code=G5),
    ),
    ("removed", {OTHER: None}, at(OTHER, code=G1)),
    (
        "removed folder",
        {OTHER: None, OTHER.replace("plan.md", "document.yml"): None},
        at(OTHER, OTHER.replace("plan.md", "document.yml"), code=G1),
    ),
    ("removed emptied", {ASSESSMENT: ""}, at(ASSESSMENT, code=G1)),
    *(
        (
            f"like {name}",
            {f"branches/{name}/2025/x.yml": "x\n"},
            at(f"branches/{name}/2025/x.yml", code=code),
        )
        for name, code in (
            ("demo-a0", G1),
            ("demo-a-b", G1),
            ("demo-ab", G1),
            ("demo", G1),
            ("a", G1),
            ("demo-new", G1),
            ("demo_a", G2),
            ("demo-", G2),
            ("a" * 41, G2),
        )
    ),
    ("place", {"Branches/demo-a/2025/x.md": "x\n"}, twin("Branches", "demo-a/2025/x.md")),
    ("place all", {"BRANCHES/demo-a/2025/x.md": "x\n"}, twin("BRANCHES", "demo-a/2025/x.md")),
    ("place id", {"branches/Demo-a/2025/x.md": "x\n"}, twin("branches/Demo-a", "2025/x.md")),
    ("place width", {"ｂranches/demo-a/2025/x": "x\n"}, twin("ｂranches", "demo-a/2025/x")),
    ("place space", {"branches /demo-a/2025/x": "x\n"}, at("branches /demo-a/2025/x", code=G2)),
    ("place near", {"branch/demo-a/2025/x.md": "x\n"}, at("branch/demo-a/2025/x.md", code=G2)),
    ("place deep", {"x/branches/demo-a/2025/x": "x\n"}, at("x/branches/demo-a/2025/x", code=G2)),
    (
        "place committee",
        {"Committee/2025/reviews/x.yml": "x\n"},
        twin("Committee", "2025/reviews/x.yml"),
    ),
    (
        "identity new",
        {"branches/demo-new/branch.yml": "x\n"},
        at("branches/demo-new/branch.yml", code=G2),
    ),
    (
        "identity gone",
        {"branches/demo-a/branch.yml": None},
        at("branches/demo-a/branch.yml", code=G2),
    ),
    (
        "identity other",
        {"branches/demo-b/branch.yml": "x\n"},
        at("branches/demo-b/branch.yml", code=G2),
    ),
    (
        "year final",
        {"branches/demo-a/2024/x.yml": "x\n"},
        at("branches/demo-a/2024/x.yml", code="G003"),
    ),
    (
        "year frozen",
        {"branches/demo-a/2023/x.yml": "x\n"},
        at("branches/demo-a/2023/x.yml", code="G003"),
    ),
    (
        "year frozen, deleted",
        {"branches/demo-a/2023/self-assessment.yml": None},
        at("branches/demo-a/2023/self-assessment.yml", code="G003"),
    ),
    (
        "year to come",
        {"branches/demo-a/2026/x.yml": "x\n"},
        at("branches/demo-a/2026/x.yml", code="G003"),
    ),
    (
        "year 0000",
        {"branches/demo-a/0000/x.yml": "x\n"},
        at("branches/demo-a/0000/x.yml", code="G003"),
    ),
    *(
        (
            f"year {name}",
            {f"branches/demo-a/{name}/x.yml": "x\n"},
            errors(f"branches/demo-a/{name}/x.yml", *codes),
        )
        for name, codes in (
            ("2025x", [G2]),
            ("02025", [G2]),
            ("20255", [G2]),
            ("202", [G2]),
            ("-2025", [G2, G5]),
            ("2025-1", [G2]),
            ("2025.", [G2, G5]),
            ("٢٠٢٥", [G2, G5]),
            ("documents", [G2]),
        )
    ),
    ("year width", {"branches/demo-a/２０２５/x": "x\n"}, twin("branches/demo-a/２０２５", "x")),
    (
        "year raised",
        {"branches/demo-a/²⁰²⁵/x": "x\n"},
        twin("branches/demo-a/²⁰²⁵", "x") | errors("branches/demo-a/²⁰²⁵/x", G5),
    ),
    ("year a file", {"branches/demo-a/2026": "x\n"}, at("branches/demo-a/2026", code=G2)),
    (
        "own folder gone",
        {
            "branches/demo-a/branch.yml": None,
            "branches/demo-a/2023/self-assessment.yml": None,
            OWN: None,
        },
        at("branches/demo-a/branch.yml", code=G2)
        | at("branches/demo-a/2023/self-assessment.yml", code="G003")
        | at(OWN, code="G008"),
    ),
    (
        "two years",
        {OWN: "x\n", "branches/demo-a/2024/x.md": "x\n"},
        at("branches/demo-a/2024/x.md", code="G003") | at(OWN, code="G008"),
    ),
    (
        "two branches of one's own",
        {OWN: "x\n", "branches/demo-c/2025/x.md": "x\n"},
        at("branches/demo-c/2025/x.md", code="G008"),
    ),
    ("OK", {OWN: "x\n", f"{RECORD}/new.md": "y\n"}, set()),
    ("OK deleted", {OWN: None}, set()),
]


@pytest.mark.parametrize(("change", "told"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_a_branch_changes_its_own_open_year(repo: GitRepo, change: Change, told: Told) -> None:
    assert verdict(repo, repo.change(change)) == told


def test_a_rename_takes_from_the_other_branch(repo: GitRepo) -> None:
    content = text_of(repo, OTHER)
    head = repo.change({OTHER: None, f"{RECORD}/taken.md": content})
    assert verdict(repo, head) == errors(OTHER, "G001", "G008")
    out_of = repo.change({OWN: None, "branches/demo-b/2025/given.md": text_of(repo, OWN)})
    given = "branches/demo-b/2025/given.md"
    assert verdict(repo, out_of) == errors(given, "G001", "G008")
    from_committee = repo.change(
        {APPRAISAL: None, f"{RECORD}/appraisal.yml": text_of(repo, APPRAISAL)}
    )
    assert verdict(repo, from_committee) == errors(APPRAISAL, "G002")
    listed = repo.git("ls-tree", "-r", "--name-only", "main", "branches/demo-b").split()
    whole: dict[str, str | bytes | None] = dict.fromkeys(listed)
    moved = {path.replace("demo-b", "demo-z"): text_of(repo, path) for path in whole}
    codes = {code for _, code, _ in verdict(repo, repo.change({**whole, **moved}))}
    assert codes == {"G001", "G002", "G008"}


def test_fields_of_the_committee_in_a_branch_file(repo: GitRepo) -> None:
    path = "branches/demo-a/2025/self-assessment.yml"
    forged = "committee_score: 9\nfinal: true\nreviewed_by: office\n"
    head = repo.change({path: text_of(repo, path) + forged})
    assert verdict(repo, head) == set()
    with closing(GitTree.at(repo.root, head)) as tree:
        findings = [f for f in evaluate(tree, 2025).findings if f.path == path]
    unknown = [f for f in findings if (f.severity.value, f.code) == ("error", "S002")]
    assert len(unknown) == 3


def test_a_branch_does_not_change_what_it_is(repo: GitRepo) -> None:
    path = "branches/demo-a/branch.yml"
    text = text_of(repo, path)
    for old, new in (("kind: regular", "kind: functional"), ("[example-a]", "[example-a, x]")):
        assert old in text
        assert verdict(repo, repo.change({path: text.replace(old, new)})) == errors(path, "G002")


def test_main_moved_since(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n"})
    moved = repo.change({OTHER: "y\n"})
    assert verdict(repo, head, base=moved) == set()
    same = repo.change({OWN: "x\n"}, when="2025-06-02T12:00:00+08:00")
    assert verdict(repo, head, base=same) == set()
    done = repo.git("commit-tree", f"{head}^{{tree}}", "-p", moved, "-p", head, "-m", "merge")
    assert verdict(repo, head, base=done) == set()
    assert appraise("guard", done, head, "--author", AUTHOR, root=repo.root).stderr == "没有改动\n"


def test_a_merge_that_undoes_what_lies_on_main(repo: GitRepo) -> None:
    """Main took demo-b's file; the author merges main and keeps the tree as it was before."""
    moved = repo.change({"branches/demo-b/2025/new.md": "y\n"})
    tree = f"{repo.change({OWN: 'x'})}^{{tree}}"
    head = repo.git("commit-tree", tree, "-p", "main", "-p", moved, "-m", "ours")
    assert verdict(repo, head, base=moved) == errors("branches/demo-b/2025/new.md", "G001", "G008")


def criss_cross(repo: GitRepo, keep: str) -> tuple[str, str]:
    """Return main and a head with two merge bases; the head's tree is that of ``keep``."""
    theirs = repo.change({"branches/demo-b/2025/new.md": "y\n"})
    mine = repo.change({OWN: "x\n"})
    both = repo.change({OWN: "x\n"}, start=theirs)
    main = repo.git("commit-tree", f"{both}^{{tree}}", "-p", theirs, "-p", mine, "-m", "main")
    tree = {"both": both, "mine": mine, "theirs": theirs}[keep]
    head = repo.git("commit-tree", f"{tree}^{{tree}}", "-p", mine, "-p", theirs, "-m", "head")
    return main, repo.change({f"{RECORD}/more.md": "z\n"}, start=head)


@pytest.mark.parametrize(
    ("keep", "told"),
    [
        ("both", set()),
        ("mine", errors("branches/demo-b/2025/new.md", "G001", "G008")),
        ("theirs", set()),
    ],
)
def test_two_merge_bases(repo: GitRepo, keep: str, told: Told) -> None:
    main, head = criss_cross(repo, keep)
    bases = repo.git("merge-base", "--all", main, head).split()
    assert len(bases) == 2
    assert verdict(repo, head, base=main) == told


def test_the_year_closed_and_the_author_left_meanwhile(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n"})
    final = repo.change({APPRAISAL: text_of(repo, APPRAISAL).replace("open", "final")})
    assert verdict(repo, head, base=final) == errors(OWN, "G003")
    frozen = repo.change({"committee/2025/results.json": "{}\n"})
    assert verdict(repo, head, base=frozen) == errors(OWN, "G003")
    path = "branches/demo-a/branch.yml"
    left = repo.change({path: text_of(repo, path).replace("[example-a]", "[example-z]")})
    assert verdict(repo, head, base=left) == errors(OWN, "G001")
    gone = repo.change({path: None, OWN: None})
    assert verdict(repo, head, base=gone) == errors(OWN, "G001", "G009")


def test_each_valid_and_together_a_duplicate(repo: GitRepo) -> None:
    def activity(slug: str, title: str) -> dict[str, str | bytes | None]:
        path = f"branches/demo-a/2025/activities/2025-04-02-{slug}/activity.yml"
        return {path: f"title: {title}\ntype: theme-day\ndate: 2025-04-02\nplace: 会议室\n"}

    def doubled(commit: str) -> list[tuple[str, str]]:
        with closing(GitTree.at(repo.root, commit)) as tree:
            found = [f for f in evaluate(tree, 2025).findings if f.code == "E009"]
        return [(f.severity.value, f.path.split("/")[4]) for f in found]

    first, second = activity("one", "学习会 A"), activity("two", "学习 会ａ")
    one, two = repo.change(first), repo.change(second)
    assert verdict(repo, one) == verdict(repo, two) == set()
    assert doubled(one) == doubled(two) == []
    both = repo.change({**first, **second})
    assert doubled(both) == [("error", "2025-04-02-two")]
    assert verdict(repo, two, base=one) == set()


STRANGERS = [
    "stranger",
    "example",
    "example-a2",
    "xexample-a",
    "example-a-",
    " example-a",
    "example-a ",
    "example-a\n",
    "example-\u0430",  # Cyrillic
    "ｅxample-a",
    "e\u0445ample-a",
    "example\u2010a",
    "example-a\u200b",
    "@example-a",
    "example_a",
    "example-a[bot]",
    "submitters",
    "kind",
    "*",
    ".*",
    "example-a|example-b",
    "-c",
    "--all",
    "",
    " ",
    "null",
    "\x00",
    "\x1b[31mexample-a",
    "\u202eexample-a",
    "::error::x",
]


@pytest.fixture(scope="module")
def proposal(repo: GitRepo) -> str:
    """Return a change of demo-a's own file."""
    return repo.change({OWN: "x\n"})


@pytest.mark.parametrize("author", STRANGERS)
def test_accounts_that_nobody_registered(repo: GitRepo, proposal: str, author: str) -> None:
    assert verdict(repo, proposal, author) == errors(OWN, "G007")


def test_letters_that_fold_to_ascii_are_other_accounts() -> None:
    assert account("Example-K") == "example-k"
    assert account("example-\u212a") != "example-k"  # the Kelvin sign
    assert account("\u017ftranger") != "stranger"  # the long s


def test_all_is_said_of_a_stranger_too(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n", "rubric.yml": "x\n", f"{RECORD}/CON": "x\n"})
    assert verdict(repo, head, "stranger") == (
        errors(f"{RECORD}/CON", "G005", "G007") | errors("rubric.yml", "G002")
    )


@pytest.mark.parametrize("author", ["example-a", "Example-A", "EXAMPLE-A"])
def test_accounts_differ_by_no_case(repo: GitRepo, proposal: str, author: str) -> None:
    assert verdict(repo, proposal, author) == set()


@pytest.mark.parametrize("author", ["example-b", MEMBER])
def test_another_branch_is_not_ones_own(repo: GitRepo, proposal: str, author: str) -> None:
    assert verdict(repo, proposal, author) == errors(OWN, "G001")


def test_a_change_grants_itself_nothing(repo: GitRepo) -> None:
    path = "branches/demo-b/branch.yml"
    joined = text_of(repo, path).replace("[example-b]", "[example-b, example-a]")
    head = repo.change({path: joined, ROSTER: "members: [example-a]\n", OTHER: "x\n"})
    granted = errors(path, "G002") | errors(ROSTER, "G002")
    assert verdict(repo, head) == granted | errors(OTHER, "G001")
    stranger = {code for _, code, _ in verdict(repo, head, "stranger")}
    assert stranger == {"G002", "G007"}


def test_a_member_who_also_files_for_a_branch(repo: GitRepo) -> None:
    main = repo.change({ROSTER: f"members: [{MEMBER}, example-a]\n"})
    head = repo.change(
        {OWN: "x\n", "committee/2025/reviews/demo-b.yml": "criteria: {}\n"}, start=main
    )
    assert verdict(repo, head, AUTHOR, main) == set()
    other = repo.change({OTHER: "x\n"}, start=main)
    assert verdict(repo, other, AUTHOR, main) == errors(OTHER, "G001")
    closed = repo.change({"branches/demo-a/2024/x.md": "x\n"}, start=main)
    assert verdict(repo, closed, AUTHOR, main) == errors("branches/demo-a/2024/x.md", "G003")


@pytest.mark.parametrize(
    "roster",
    [
        None,
        "",
        "members:\n",
        "members: []\n",
        "members: example-committee\n",
        "members: {example-committee: true}\n",
        "member: [example-committee]\n",
        "[example-committee]\n",
        "members: [example-committee\n",
        "members: &a [example-committee]\nx: *a\n---\n",
        b"\xff\xfe",
        "- " * 25_000,
    ],
)
def test_without_a_roster_that_can_be_read_nobody_is_a_member(
    repo: GitRepo, roster: str | bytes | None
) -> None:
    main = repo.change({ROSTER: roster})
    head = repo.change({"committee/2025/reviews/demo-a.yml": "criteria: {}\n"}, start=main)
    path = "committee/2025/reviews/demo-a.yml"
    assert verdict(repo, head, MEMBER, main) == errors(path, "G002", "G007")
    assert verdict(repo, head, "", main) == errors(path, "G002", "G007")


def test_a_roster_that_is_a_link_names_nobody(repo: GitRepo) -> None:
    blob = repo.blob(b"branches/demo-a/2025/documents/plan/plan.md")
    main = repo.graft(ROSTER, "120000", blob)
    head = repo.change({"rubric.yml": "x\n"}, start=main)
    assert verdict(repo, head, MEMBER, main) == errors("rubric.yml", "G002", "G007")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "G003"),
        ("", "G003"),
        ("stage: [open]\n", None),
        ("x: [\n", "G003"),
        (b"\xff", "G003"),
        ("- open\n", "G003"),
    ],
)
def test_a_year_whose_stage_cannot_be_read_is_closed(
    repo: GitRepo, text: str | bytes | None, told: str | None
) -> None:
    main = repo.change({APPRAISAL: text})
    head = repo.change({OWN: "x\n"}, start=main)
    assert verdict(repo, head, base=main) == (errors(OWN, told) if told else set())


def test_rules_after_the_first_verified_point(repo: GitRepo) -> None:
    text = text_of(repo, "rubric.yml")
    main = repo.change({"committee/2025/reviews/demo-a.yml": "criteria: {}\n"})
    changed = text.replace("min: 20", "min: 19")
    assert changed != text
    head = repo.change({"rubric.yml": changed}, start=main)
    assert verdict(repo, head, MEMBER, main) == errors("rubric.yml", "G010")
    assert verdict(repo, head, AUTHOR, main) == errors("rubric.yml", "G002", "G010")
    dated = repo.change({"rubric.yml": changed.replace("2020-10-16", "2026-02-01")}, start=main)
    assert verdict(repo, dated, MEMBER, main) == set()
    for old, new, code in (
        ("where: {collective: true}", "where: {title: 主题党日}", ["G010"]),
        ("where: {collective: true}", "where: {collective: false}", ["G010"]),
        ("id: small", "id: other", []),
        ("total: 30", "total: 31", ["G010"]),
        ("title: 纪律", "title: 遵守纪律", []),
        ("places: 2", "places: 1", ["G010"]),
        ("fair: 0.6", "fair: 0.7", ["G010"]),
        ("days: 365", "days: 366", ["G010"]),
        ("decided_by: 示例党委", "decided_by: null", []),
    ):
        assert old in text
        head = repo.change({"rubric.yml": text.replace(old, new)}, start=main)
        assert verdict(repo, head, MEMBER, main) == errors("rubric.yml", *code), new


def test_nothing_of_the_working_tree_counts(repo: GitRepo) -> None:
    """A checked-out proposal, its attributes and its settings have no say."""
    head = repo.change({OTHER: "x\n"})
    roster = repo.root / ROSTER
    before = roster.read_text("utf-8")
    attributes = repo.root / ".gitattributes"
    try:
        roster.write_text("members: [example-a]\n", "utf-8")
        attributes.write_text("* -diff merge=ours export-ignore\n", "utf-8")
        repo.git("config", "diff.renames", "copies")
        repo.git("config", "diff.external", "false")
        repo.git("config", "core.quotePath", "true")
        assert verdict(repo, head) == errors(OTHER, "G001")
    finally:
        roster.write_text(before, "utf-8")
        attributes.unlink()
        for name in ("diff.renames", "diff.external", "core.quotePath"):
            subprocess.run(["git", "config", "--unset", name], cwd=repo.root, check=True)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("branches/demo-a/2025/x", ("demo-a", "2025")),
        ("branches/demo-a/2025/d/e/f", ("demo-a", "2025")),
        ("branches/demo-a/2025", None),
        ("branches/demo-a/branch.yml", None),
        ("branches//2025/x", None),
        ("branches/../2025/x", None),
        ("/branches/demo-a/2025/x", None),
        ("branches\\demo-a\\2025\\x", None),
        ("committee/demo-a/2025/x", None),
    ],
)
def test_owner(path: str, expected: tuple[str, str] | None) -> None:
    assert owner(path) == expected


@pytest.mark.parametrize(
    "revision",
    [
        "\x1b[31mred",
        "::error::x",
        "a\n::error::b",
        "a\r::error::b",
        "\u202eabc",
        "main:rubric.yml",
        "main^{tree}",
        "main..main",
        "a" * 5_000,
        "",
    ],
)
def test_revisions_are_printed_as_text(repo: GitRepo, revision: str) -> None:
    result = appraise("guard", "main", "--author", AUTHOR, "--", revision, root=repo.root)
    assert result.exit_code == 2
    assert result.stdout == ""
    words = result.stderr.removesuffix("\n")
    assert is_seen(words)
    assert words.startswith("错误：git 读不到")
    assert len(words) < 600


def test_objects_that_stand_in_for_others_have_no_say(repo: GitRepo) -> None:
    head, harmless = repo.change({OTHER: "x\n"}), repo.change({OWN: "x\n"})
    repo.git("replace", head, harmless)
    try:
        assert verdict(repo, head) == errors(OTHER, "G001")
    finally:
        repo.git("replace", "--delete", head)


def test_a_bare_repository_is_judged_alike(repo: GitRepo, tmp_path: Path) -> None:
    head = repo.change({OWN: "x\n", OTHER: None})
    repo.git("update-ref", "refs/heads/topic", head)
    bare = tmp_path / "bare.git"
    repo.git("clone", "--quiet", "--mirror", repo.root.as_uri(), str(bare))
    result = appraise("guard", "main", "topic", "--author", AUTHOR, root=bare)
    assert result.exit_code == 1
    assert "error G001" in result.stdout
