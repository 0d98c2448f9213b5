"""The guard: who may change what, and what may lie in a tree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from generator.files.git_objects import parse
from generator.files.limits import Allowed
from generator.loading import sizes
from generator.proposals.guard import entries, guard, raw
from generator.proposals.guard.raw import problems
from tests.guarding import APPRAISAL, OTHER, OWN, RECORD, ROSTER, guarded
from tests.support import appraise

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gitrepo import GitRepo


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return a repository whose year 2025 is open, 2024 final, 2023 frozen; main never moves."""
    return guarded(tmp_path_factory.mktemp("guard"))


def codes(
    repo: GitRepo, head: str, author: str = "example-a", base: str = "main"
) -> set[tuple[str, str]]:
    """Return (severity, code) of what the guard finds."""
    judged = guard(repo.root, base, head, author)
    return {(finding.severity.value, finding.code) for finding in judged.findings}


def error(*names: str) -> set[tuple[str, str]]:
    return {("error", name) for name in names}


def test_one_may_change_ones_own_files(repo: GitRepo) -> None:
    head = repo.change({OWN: "新计划\n", f"{RECORD}/2025年3月活动 （一）·甲.jpg": b"x"})
    assert codes(repo, head) == set()
    assert codes(repo, head, "EXAMPLE-A") == set()


def test_nothing_changed_is_allowed(repo: GitRepo) -> None:
    result = appraise("guard", "main", "main", "--author", "example-a", root=repo.root)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "没有改动\n")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("rubric.yml", "G002"),
        ("committee/2025/reviews/demo-a.yml", "G002"),
        ("committee/roster.yml", "G002"),
        ("branches/demo-a/branch.yml", "G002"),
        ("branches/demo-a/notes.md", "G002"),
        (".github/CODEOWNERS", "G002"),
        (".github/workflows/x.yml", "G002"),
        ("generator/cli/main.py", "G002"),
        ("mkdocs.yml", "G002"),
        ("site_templates/templates/home.html.jinja", "G002"),
        ("branches/demo-new/branch.yml", "G002"),
        ("branches/demo-new/2025/self-assessment.yml", "G001"),
        ("branches/demo-b/2025/self-assessment.yml", "G001"),
        ("branches/demo-a0/2025/self-assessment.yml", "G001"),
        ("branches/demo-/2025/self-assessment.yml", "G002"),
        ("branches/demo-a/2024/self-assessment.yml", "G003"),
        ("branches/demo-a/2023/documents/x/x.md", "G003"),
        ("branches/demo-a/2031/self-assessment.yml", "G003"),
        ("branches/demo-a/20255/self-assessment.yml", "G002"),
    ],
)
def test_what_is_not_ones_own(repo: GitRepo, path: str, expected: str) -> None:
    found = codes(repo, repo.change({path: "x: 1\n"}))
    assert ("error", expected) in found
    assert found <= error("G002", "G001", "G003", expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("branches/demo-a/CODEOWNERS", error("G002", "G005")),
        (f"{RECORD}/CODEOWNERS", error("G005")),
        (f"{RECORD}/.python-version", error("G005")),
        (f"{RECORD}/pip.conf", error("G005")),
        (f"{RECORD}/requirements.txt", error("G005")),
        (f"{RECORD}/package.json", error("G005")),
        (f"{RECORD}/.gitattributes", error("G005")),
        ("Branches/demo-a/2025/self-assessment.yml", error("G002", "G005")),
        ("ｂranches/demo-a/2025/x.md", error("G002", "G005")),
        (f"{RECORD}/CON.txt", error("G005")),
        (f"{RECORD}/LPT¹", error("G005")),
        (f"{RECORD}/aсtivity.md", error("G005")),
        (f"{RECORD}/cafe\u0301.jpg", error("G005")),
        (f"{RECORD}/a\nb.jpg", error("G005")),
        (f"{RECORD}/a\x1bb.jpg", error("G005")),
        (f"{RECORD}/::error::x.jpg", error("G005")),
        (f"{RECORD}/##[add-mask]x.jpg", error("G005")),
        (f"{RECORD}/a\u202eb.jpg", error("G005")),
        (f"{RECORD}/PLAN.md", error("G005")),
        (f"{RECORD}/ｐlan.md", error("G005")),
        (f"{RECORD}/{'长' * 80}.md", error("G005", "G006") - error("G005")),
        (f"{RECORD}/{'/'.join(['d'] * 20)}/x.md", error("G006")),
    ],
)
def test_names(repo: GitRepo, path: str, expected: set[tuple[str, str]]) -> None:
    assert codes(repo, repo.change({path: "x\n"})) == expected


def test_a_rename_takes_from_the_other_branch(repo: GitRepo) -> None:
    content = (repo.root / OTHER).read_text("utf-8")
    head = repo.change({OTHER: None, f"{RECORD}/other.md": content})
    assert codes(repo, head) == error("G001", "G008")


def test_a_deletion_is_a_change(repo: GitRepo) -> None:
    assert codes(repo, repo.change({OTHER: None})) == error("G001")
    assert codes(repo, repo.change({OWN: None})) == set()


def test_several_branches_at_once(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n", "branches/demo-c/2025/self-assessment.yml": "x: 1\n"})
    assert codes(repo, head) == error("G008")


def test_an_unknown_author(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n"})
    assert codes(repo, head, "stranger") == error("G007")
    assert codes(repo, head, "example") == error("G007")
    assert codes(repo, head, "") == error("G007")
    assert codes(repo, head, "-c") == error("G007")
    assert codes(repo, head, "example-c") == error("G001")


def test_a_change_cannot_grant_itself_anything(repo: GitRepo) -> None:
    text = (repo.root / "branches/demo-b/branch.yml").read_text("utf-8")
    head = repo.change(
        {
            OTHER: "x\n",
            "branches/demo-b/branch.yml": text.replace("[example-b]", "[example-a]"),
            "committee/roster.yml": "members: [example-a]\n",
        }
    )
    assert codes(repo, head) == error("G001", "G002")


def test_the_committee_changes_its_own_files(repo: GitRepo) -> None:
    files = {"rubric.yml": "x: 1\n", "committee/2025/reviews/demo-a.yml": "criteria: {}\n"}
    files |= {"branches/demo-new/branch.yml": "name: x\n", "generator/cli/main.py": "x\n"}
    assert codes(repo, repo.change(files), "Example-Committee") == set()
    assert codes(repo, repo.change({OWN: "x\n"}), "example-committee") == error("G001")
    frozen = repo.change({"committee/2023/appraisal.yml": "x: 1\n"})
    assert codes(repo, frozen, "example-committee") == {("warning", "G003")}


def test_a_change_while_the_committee_reviews_is_for_it_to_decide(repo: GitRepo) -> None:
    text = (repo.root / APPRAISAL).read_text("utf-8").replace("open", "review")
    main = repo.change({APPRAISAL: text})
    head = repo.change({OWN: "x\n"}, start=main)
    assert codes(repo, head, base=main) == {("warning", "G003")}


def test_a_year_that_closed_after_the_change_began(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n"})
    text = (repo.root / APPRAISAL).read_text("utf-8").replace("open", "final")
    assert codes(repo, head, base=repo.change({APPRAISAL: text})) == error("G003")


def test_what_main_changed_meanwhile_is_not_the_authors(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n"})
    assert codes(repo, head, base=repo.change({OTHER: "y\n", "rubric.yml": "z: 1\n"})) == set()


def test_a_name_that_collides_with_what_main_added_meanwhile(repo: GitRepo) -> None:
    head = repo.change({f"{RECORD}/Neu.md": "x\n"})
    assert codes(repo, head, base=repo.change({f"{RECORD}/neu.md": "y\n"})) == error("G005")


def test_a_conflict(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n"})
    assert codes(repo, head, base=repo.change({OWN: "y\n"})) == error("G009")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("120000", error("G004")),
        ("160000", error("G004")),
        ("100755", {("warning", "G004")}),
    ],
)
def test_modes(repo: GitRepo, mode: str, expected: set[tuple[str, str]]) -> None:
    blob = repo.git("rev-parse", "main") if mode == "160000" else repo.blob(b"../../../.git/config")
    assert codes(repo, repo.graft(f"{RECORD}/photo.jpg", mode, blob)) == expected
    assert codes(repo, repo.graft(OWN, mode, blob)) == expected


def test_a_submodule_that_hides_itself(repo: GitRepo) -> None:
    hidden = '[submodule "x"]\n\tpath = x\n\turl = https://example.org/x\n\tignore = all\n'
    head = repo.graft(f"{RECORD}/x", "160000", repo.git("rev-parse", "main"))
    (repo.root / ".gitmodules").write_text(hidden, "utf-8")
    found = codes(repo, head)
    (repo.root / ".gitmodules").unlink()
    assert found == error("G004")


def test_bytes_that_are_no_utf8(repo: GitRepo) -> None:
    blob = repo.blob(b"x")
    name = "计划".encode("gbk")
    folder = repo.raw_tree([("100644", name, blob)])
    head = repo.graft(f"{RECORD}/sub", "040000", folder)
    result = appraise("guard", "main", head, "--author", "example-a", root=repo.root)
    assert result.exit_code == 1
    assert "error G005 名称不是 UTF-8 编码" in result.stdout
    result.stdout.encode("utf-8")


def test_trees_that_no_ordinary_program_writes(repo: GitRepo) -> None:
    blob = repo.blob(b"x")
    for names in ([b".."], [b".git"], [b".GIT"], [".g\u200bit".encode()], [b"a", b"a"], [b"a/b"]):
        folder = repo.raw_tree([("100644", name, blob) for name in names])
        head = repo.graft(f"{RECORD}/sub", "040000", folder)
        assert ("error", "G005") in codes(repo, head), names


def wrong(data: bytes, size: int = 20) -> set[str]:
    """Return what is wrong with a raw tree that can be read; ids have so many bytes."""
    tree = parse(data, size)
    assert tree is not None
    return problems(tree)


def test_raw_trees() -> None:
    entry = b"\0" + b"1" * 20
    assert wrong(b"100644 a" + entry + b"40000 a.d" + entry + b"100644 b" + entry) == set()
    assert wrong(b"100644 a.b" + entry + b"40000 a" + entry) == set()
    for bad in (b"100644 b" + entry + b"100644 a" + entry, b"0100644 a" + entry, b""):
        assert wrong(bad) == {raw.MALFORMED}
    assert wrong(b"100644 a" + entry + b"40000 a" + entry) == {raw.REPEATED}
    for bad in (b"x", b"100644 a\0" + b"1" * 19, b"10064x a" + entry, b" a" + entry):
        assert parse(bad) is None


def test_a_folder_may_hold_all_that_git_knows() -> None:
    every = (mode + b" %d\0" % n + b"1" * 20 for n, mode in enumerate(sorted(raw.MODES)))
    assert wrong(b"".join(every)) == set()


@pytest.mark.parametrize("size", [20, 32])
def test_nothing_but_noughts_is_the_name_of_no_object(size: int) -> None:
    assert wrong(b"100644 a\0" + bytes(size), size) == {raw.MALFORMED}
    assert wrong(b"100644 a\0" + bytes(size - 1) + b"1", size) == set()


def test_sizes_and_counts(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    many = repo.change({f"{RECORD}/{n}.md": f"{n}" for n in range(8)})
    big = repo.change({f"{RECORD}/big.md": b"x" * 2_001})
    assert codes(repo, many) == codes(repo, big) == set()
    monkeypatch.setattr(sizes, "USUAL", Allowed(file=2_000))
    assert codes(repo, big) == error("G006")
    monkeypatch.setattr(entries, "MAX_CHANGED", 7)
    assert codes(repo, many) == error("G006")
    monkeypatch.setattr(entries, "MAX_CHANGED", 1_000)
    monkeypatch.setattr(entries, "MAX_FILES", 9)
    assert codes(repo, many) == error("G006")
    monkeypatch.setattr(entries, "MAX_FILES", 2_000)
    monkeypatch.setattr(sizes, "USUAL", Allowed(branch=1_500))
    assert codes(repo, big) == error("G006")


def test_rules_do_not_change_once_something_is_verified(repo: GitRepo) -> None:
    text = (repo.root / "rubric.yml").read_text("utf-8")
    other = text.replace("min: 20", "min: 21")
    dated = other.replace("issued: 2020-10-16", "issued: 2026-01-01")
    earlier = other.replace("issued: 2020-10-16", "issued: 2019-01-01")
    assert len({text, other, dated, earlier}) == 4
    assert codes(repo, repo.change({"rubric.yml": other}), "example-committee") == set()
    main = repo.change({"committee/2025/reviews/demo-a.yml": "criteria: {}\n"})
    for changed, expected in (
        (other, error("G010")),
        (earlier, error("G010")),
        (None, error("G010")),
        (text + "# 说明\n", set()),
        (text.replace("title:", "title:  "), set()),
        (dated, set()),
    ):
        head = repo.change({"rubric.yml": changed}, start=main)
        assert codes(repo, head, "example-committee", main) == expected


def test_findings_as_json(repo: GitRepo) -> None:
    head = repo.change({OTHER: "x\n"})
    result = appraise(
        "guard", "main", head, "--author", "example-a", "--format", "json", root=repo.root
    )
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert document["schema"] == "appraisal-findings/1"
    assert [(f["code"], f["path"]) for f in document["findings"]] == [("G001", OTHER)]
    assert document["checked"]["files"] == 1


def test_revisions_that_are_not_there(repo: GitRepo) -> None:
    for revision in ("nowhere", "--output=x", ""):
        result = appraise("guard", "main", revision, "--author", "example-a", root=repo.root)
        assert result.exit_code == 2


def test_a_clone_without_the_common_commit(tmp_path: Path) -> None:
    repo, clone = guarded(tmp_path / "whole"), tmp_path / "clone"
    repo.git("update-ref", "refs/heads/topic", repo.change({OWN: "x\n"}))
    repo.git("update-ref", "refs/heads/main", repo.change({OTHER: "y\n"}))
    repo.git("clone", "--quiet", "--depth=1", "--no-single-branch", repo.root.as_uri(), str(clone))
    result = appraise("guard", "main", "origin/topic", "--author", "example-a", root=clone)
    assert result.exit_code == 2
    assert "只有部分历史" in result.stderr


def history(repo: GitRepo, heads: list[str], mine: dict[str, str], main: str) -> tuple[str, str]:
    """Return main and a head that each merged all of ``heads``: so many merge bases.

    The head has its own first parent's tree and the changes ``mine``; main has the tree ``main``.
    """
    parents = [item for head in heads for item in ("-p", head)]
    ours = repo.git("commit-tree", f"{main}^{{tree}}", *parents, "-m", "main")
    tree = f"{repo.change(mine, start=main)}^{{tree}}"
    return ours, repo.git("commit-tree", tree, *parents[2:], *parents[:2], "-m", "head")


def test_what_main_did_alike_is_the_authors_all_the_same(repo: GitRepo) -> None:
    head = repo.change({OTHER: "y\n", OWN: "x\n"})
    assert codes(repo, head, base=repo.change({OTHER: "y\n"})) == error("G001", "G008")


@pytest.mark.parametrize("undone", [False, True], ids=["kept", "undone"])
def test_three_merge_bases(repo: GitRepo, undone: bool) -> None:
    """Each base has a file of demo-b's that main took: only to take it away is the author's."""
    paths = [f"branches/demo-b/2025/new{n}.md" for n in range(3)]
    heads = [repo.change({path: "y\n"}) for path in paths]
    both = repo.change(dict.fromkeys(paths, "y\n"))
    main, head = history(repo, heads, {OWN: "x\n"}, both)
    if undone:
        main, head = history(repo, heads, {OWN: "x\n", paths[1]: "z\n"}, both)
    assert len(repo.git("merge-base", "--all", main, head).split()) == 3
    assert codes(repo, head, base=main) == (error("G001", "G008") if undone else set())


def told(repo: GitRepo, head: str, author: str = "example-a", base: str = "main") -> list[str]:
    """Return what the command says of each finding, without the hints."""
    result = appraise("guard", base, head, "--author", author, root=repo.root)
    return [line for line in result.stdout.splitlines() if line and not line.startswith(" ")]


def test_limits_are_told_in_numbers(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    home = "branches/demo-a/2025"
    big = repo.change({f"{RECORD}/big.md": b"x" * 12_345_678})
    assert told(repo, big) == [f"{RECORD}/big.md:1:1: error G006 文件 12.3 MB，上限 10 MB"]
    notice = repo.change({"committee/2025/notice.md": b"x" * 12_345_678})
    assert told(repo, notice, "example-committee") == []
    monkeypatch.setattr(sizes, "USUAL", Allowed(20_000_000, 7_000_000))
    assert told(repo, big) == [f"{home}:1:1: error G006 2025 年的文件共 12 MB，上限 7 MB"]
    five = repo.change({f"{RECORD}/{n}.md": "x" for n in range(5)})
    monkeypatch.setattr(entries, "MAX_FILES", 3)
    monkeypatch.setattr(entries, "MAX_CHANGED", 4)
    assert told(repo, five) == [
        f"{home}:1:1: error G006 2025 年有 10 个文件，上限 3 个",
        f"{RECORD}/0.md:1:1: error G006 一次改动了 5 个文件，上限 4 个",
    ]


def test_files_of_a_branch_are_counted_for_a_member_too(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MAX_CHANGED", 2)
    own = repo.change({f"{RECORD}/{n}.md": "x" for n in range(3)})
    assert codes(repo, own, "example-committee") == error("G001", "G006")
    both = repo.change({f"{RECORD}/0.md": "x", APPRAISAL: "x: 1\n", ROSTER: "x: 1\n"})
    assert codes(repo, both, "example-committee") == error("G001")


def test_limits_can_be_reached(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    five = repo.change({f"{RECORD}/{n}.md": "x" * 100 for n in range(5)})
    listed = repo.git("ls-tree", "-r", "-l", five, "branches/demo-a/2025").splitlines()
    total = sum(int(line.split()[3]) for line in listed)
    edges = [(entries, "MAX_FILES", len(listed)), (entries, "MAX_CHANGED", 5)]
    # What differs: five folders on the way, five files.
    edges += [(raw, "MAX_ENTRIES", 10), (raw, "MAX_LEVELS", 4)]
    for module, name, least in edges:
        monkeypatch.setattr(module, name, least)
        assert codes(repo, five) == set(), name
        monkeypatch.setattr(module, name, least - 1)
        assert codes(repo, five) == error("G006"), name
        monkeypatch.undo()
    for reached, passed in (
        (Allowed(branch=total), Allowed(branch=total - 1)),
        (Allowed(file=100), Allowed(file=99)),
    ):
        monkeypatch.setattr(sizes, "USUAL", reached)
        assert codes(repo, five) == set()
        monkeypatch.setattr(sizes, "USUAL", passed)
        assert codes(repo, five) == error("G006")


def test_a_file_in_the_place_of_a_link_is_a_new_name(repo: GitRepo) -> None:
    link = repo.graft(f"{RECORD}/PLAN.md", "120000", repo.blob(b"plan.md"))
    head = repo.change({f"{RECORD}/PLAN.md": "x"}, start=link)
    assert codes(repo, head, base=link) == error("G005")


def test_names_that_collide_name_each_other(repo: GitRepo) -> None:
    words = "只差大小写或字符写法，在部分电脑上会互相覆盖"
    head = repo.change({f"{RECORD}/A.md": "x", f"{RECORD}/a.md": "y", f"{RECORD}/PLAN.md": "z"})
    assert told(repo, head) == [
        f"{RECORD}/{one}.md:1:1: error G005 与“{RECORD}/{other}.md”{words}"
        for one, other in (("A", "a"), ("PLAN", "plan"), ("a", "A"))
    ]


def test_a_name_that_is_taken_for_a_folder_of_data(repo: GitRepo) -> None:
    assert codes(repo, repo.change({"notes/CON.txt": "x"}), "example-committee") == set()
    assert codes(repo, repo.change({"notes/a\x1bb": "x"}), "example-committee") == error("G005")
    shouted = repo.change({"COMMITTEE/CON.txt": "x"})
    assert codes(repo, shouted, "example-committee") == error("G005")


def test_what_is_touched_is_counted_and_five_are_named(repo: GitRepo) -> None:
    head = repo.change({f"branches/demo-{name}/2025/x.md": "x" for name in "abcdefg"})
    named = "、".join(f"demo-{name}/2025" for name in "abcde")
    at = "branches/demo-b/2025/x.md:1:1: error"
    lines = told(repo, head)
    assert f"{at} G008 一次改动了 7 处：{named}" in lines
    assert f"{at} G001 “demo-b”不是报送人的支部" in lines
    assert len(lines) == 6


def test_why_a_path_is_not_for_a_branch(repo: GitRepo) -> None:
    paths = ["branches/demo-a/x.md", "branches/demo-b/x.md", "branches/demo-a/branch.yml", "x.md"]
    paths += ["branches/x.md", "committee/demo-a/x.md"]
    lines = told(repo, repo.change(dict.fromkeys(paths, "x: 1\n")))
    inside = "支部的材料只放在年度文件夹里，例如 branches/demo-a/2025/documents/"
    expected = dict.fromkeys(paths, "这个文件只由党委改动") | {paths[0]: inside}
    assert lines == [f"{path}:1:1: error G002 {expected[path]}" for path in sorted(paths)]


def test_years_are_open_final_or_not_opened(repo: GitRepo) -> None:
    head = repo.change({f"branches/demo-a/{y}/x.md": "x" for y in (2023, 2024, 2025, 2026)})
    assert [line for line in told(repo, head) if "G003" in line] == [
        f"branches/demo-a/{year}/x.md:1:1: error G003 {year} 年{words}"
        for year, words in (
            (2023, "已定稿，不再改动"),
            (2024, "已定稿，不再改动"),
            (2026, "还没有开放考核"),
        )
    ]


def test_a_member_is_reminded_of_years_that_are_final(repo: GitRepo) -> None:
    """But not of what came after the results: it is written then."""
    paths = ["committee/2023/x.yml", "committee/2024/x.yml", "committee/2025/x.yml", ROSTER]
    paths += ["committee/2023/after.yml", "committee/2024/after.yml"]
    head = repo.change(dict.fromkeys(paths, "x: 1\n"))
    assert told(repo, head, "example-committee") == [
        f"committee/{year}/x.yml:1:1: warning G003 {year} 年已定稿：改动后须更正定稿的结果"
        for year in (2023, 2024)
    ]


def test_a_file_in_the_place_of_a_year_is_of_no_year(repo: GitRepo) -> None:
    listed = repo.git("ls-tree", "-r", "--name-only", "main", "committee/2024").split()
    files: dict[str, str | bytes | None] = {**dict.fromkeys(listed), "committee/2024": "x\n"}
    lines = told(repo, repo.change(files), "example-committee")
    assert [line.partition(":")[0] for line in lines if "G003" in line] == listed


def test_a_file_in_conflict_is_named(repo: GitRepo) -> None:
    head = repo.change({OWN: "x\n"})
    line = f"{OWN}:1:1: error G009 与主线上的改动冲突，无法自动合并"
    assert told(repo, head, base=repo.change({OWN: "y\n"})) == [line]


RULES = [
    (("title: 纪律", "title: 守纪"), False),
    (("clause: 第一条1", "clause: 第一条（1）"), False),
    (("requires: 遵守纪律。", "requires: 守纪。"), False),
    (("choice: 按集中活动计", "choice: 另计"), False),
    (("{good: 1, fair: 0.6}", "{good: 1, fair: 0.7}"), True),
    (("total: 30", "total: 31"), True),
    (("ties: [fixed]", "ties: [political]"), True),
    (("{regular: 1, functional: 1}", "{regular: 1, functional: 2}"), True),
    (("where: {collective: true}", "where: {title: x}"), True),
    (("fields: {sign: boolean", "fields: {title: text, sign: boolean"), True),
]


@pytest.mark.parametrize(("change", "counts"), RULES, ids=[row[0][1] for row in RULES])
def test_what_makes_other_rules(repo: GitRepo, change: tuple[str, str], counts: bool) -> None:
    text = (repo.root / "rubric.yml").read_text("utf-8")
    assert change[0] in text
    main = repo.change({"committee/2025/reviews/demo-a.yml": "criteria: {}\n"})
    head = repo.change({"rubric.yml": text.replace(*change, 1)}, start=main)
    expected = ["rubric.yml:1:1: error G010 2025 年已有核定，计分规则却变了"] if counts else []
    assert told(repo, head, "example-committee", main) == expected


@pytest.mark.parametrize("text", ["[", "- a\n", "x", ""])
def test_rules_that_cannot_be_read_are_anothers_matter(repo: GitRepo, text: str) -> None:
    main = repo.change({"committee/2025/reviews/demo-a.yml": "criteria: {}\n"})
    head = repo.change({"rubric.yml": text}, start=main)
    assert codes(repo, head, "example-committee", main) == set()
    broken = repo.change({"rubric.yml": text}, start=main)
    mended = repo.change({"rubric.yml": "sections: []\n"}, start=broken)
    assert codes(repo, mended, "example-committee", broken) == set()


def test_rules_are_held_for_years_that_are_verified_and_not_frozen(repo: GitRepo) -> None:
    review = {f"committee/{y}/reviews/demo-a.yml": "criteria: {}\n" for y in (2023, 2024, 2025)}
    main = repo.change({**review, "committee/notes/reviews/x.yml": "x: 1\n"})
    head = repo.change({"rubric.yml": None}, start=main)
    assert told(repo, head, "example-committee", main) == [
        f"rubric.yml:1:1: error G010 {year} 年已有核定，计分规则却删去了" for year in (2024, 2025)
    ]
    first = repo.change({"rubric.yml": "sections: []\n"}, start=head)
    assert codes(repo, first, "example-committee", head) == set()


def test_what_is_no_file_is_told_of_once(repo: GitRepo) -> None:
    for mode, severity in (("120000", "error"), ("160000", "error"), ("100755", "warning")):
        blob = repo.git("rev-parse", "main") if mode == "160000" else repo.blob(b"x")
        (line,) = told(repo, repo.graft(f"{RECORD}/photo.jpg", mode, blob))
        assert line.startswith(f"{RECORD}/photo.jpg:1:1: {severity} G004 ")
        assert told(repo, repo.graft("notes.txt", mode, blob), "example-committee") == (
            [] if mode == "100755" else [line.replace(f"{RECORD}/photo.jpg", "notes.txt")]
        )


def test_a_folder_that_was_wrong_before_is_not_the_authors(repo: GitRepo) -> None:
    one, two = repo.blob(b"1"), repo.blob(b"2")
    before = [("100644", b"a", one), ("100644", b"a", two)]
    main = repo.graft(f"{RECORD}/sub", "040000", repo.raw_tree(before))
    after = repo.raw_tree([*before, ("100644", b"b.md", one)])
    head = repo.graft(f"{RECORD}/sub", "040000", after, start=main)
    assert codes(repo, head, base=main) == set()
    assert codes(repo, head) == error("G005")
