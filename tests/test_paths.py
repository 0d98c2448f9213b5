"""The grammar of paths: each place in a path is read, built back, and told from its neighbours."""

from __future__ import annotations

import pytest

from generator.files.paths import (
    BranchPath,
    CommitteePath,
    RecordPath,
    appraisal_path,
    branch_folder,
    branch_of,
    branch_path,
    committee_folder,
    is_attachment,
    is_branch_id,
    results_path,
    root_of,
    rubric_path,
    year_folder,
)

RECORD = "branches/demo-a/2025/activities/2025-07-01-meeting"


@pytest.mark.parametrize(
    ("path", "branch", "group", "year"),
    [
        ("branches/demo-a/branch.yml", "demo-a", "", None),
        ("branches/demo-a/2025", "demo-a", "", None),
        ("branches/demo-a/2025/self-assessment.yml", "demo-a", "2025", 2025),
        (f"{RECORD}/photo.jpg", "demo-a", "2025", 2025),
        ("branches/demo-a/drafts/x.yml", "demo-a", "drafts", None),
        ("branches/demo-a/20255/x.yml", "demo-a", "20255", None),
        ("branches/demo-a/２０２５/x.yml", "demo-a", "２０２５", None),
        ("branches/README.md", "README.md", "", None),
        ("branches", "", "", None),
    ],
)
def test_a_path_of_a_branch(path: str, branch: str, group: str, year: int | None) -> None:
    own = BranchPath.of(path)
    assert own is not None
    assert (own.branch, own.group, own.year) == (branch, group, year)
    assert "/".join(["branches", *filter(None, [own.branch, *own.below])]) == path


@pytest.mark.parametrize("path", ["rubric.yml", "committee/2025/debrief.yml", "branches2/a/b", ""])
def test_other_paths_are_of_no_branch(path: str) -> None:
    assert BranchPath.of(path) is None
    assert RecordPath.of(path) is None
    assert branch_of(path) == ""


def test_only_what_lies_in_a_folder_is_of_its_branch() -> None:
    assert branch_of("branches/demo-a/branch.yml") == "demo-a"
    assert branch_of(f"{RECORD}/photo.jpg") == "demo-a"
    assert branch_of("branches/README.md") == ""
    assert branch_of("committee/2025/branch.yml") == ""


@pytest.mark.parametrize(
    ("file", "is_direct", "is_record", "attached"),
    [
        ("activity.yml", True, True, False),
        ("document.yml", True, False, False),
        ("photo.jpg", True, False, True),
        ("more/photo.jpg", False, False, False),
        ("more/activity.yml", False, False, False),
        ("", False, False, False),
    ],
)
def test_a_path_of_a_record(file: str, is_direct: bool, is_record: bool, attached: bool) -> None:
    path = f"{RECORD}/{file}".rstrip("/")
    own = RecordPath.of(path)
    assert own == ("demo-a", "2025", "activities", "2025-07-01-meeting", file)
    assert own.record == RECORD
    assert own.reference == "activities/2025-07-01-meeting"
    assert (own.is_direct, own.is_record, own.is_attachment) == (is_direct, is_record, attached)
    assert is_attachment(path) == attached


def test_the_group_decides_which_file_is_the_record() -> None:
    files = ("activity.yml", "document.yml")
    found = {
        (group, file)
        for group in ("activities", "documents", "drafts")
        for file in files
        if (own := RecordPath.of(f"branches/a/2025/{group}/x/{file}")) is not None and own.is_record
    }
    assert found == {("activities", "activity.yml"), ("documents", "document.yml")}
    assert not is_attachment("branches/a/2025/drafts/x/photo.jpg")


@pytest.mark.parametrize(
    "path", ["branches/a/2025/documents", "branches/a/2025/x.yml", "x/a/b/c/d"]
)
def test_no_record_is_so_short_or_elsewhere(path: str) -> None:
    assert RecordPath.of(path) is None


@pytest.mark.parametrize(
    ("path", "year", "group", "stem", "branch"),
    [
        ("committee/roster.yml", None, "", "roster", ""),
        ("committee/2025", 2025, "", "2025", ""),
        ("committee/2025/debrief.yml", 2025, "", "debrief", ""),
        ("committee/2025/reviews/demo-a.yml", 2025, "reviews", "demo-a", "demo-a"),
        ("committee/2025/vetoes/demo-a.yml", 2025, "vetoes", "demo-a", "demo-a"),
        ("committee/2025/supervision/team.yml", 2025, "supervision", "team", ""),
        ("committee/2025/reviews/more/demo-a.yml", 2025, "", "demo-a", ""),
        ("committee/old/reviews/demo-a.yml", None, "reviews", "demo-a", "demo-a"),
        ("committee", None, "", "", ""),
    ],
)
def test_a_path_of_the_committee(
    path: str, year: int | None, group: str, stem: str, branch: str
) -> None:
    own = CommitteePath.of(path)
    assert own is not None
    assert (own.year, own.group, own.stem, own.branch) == (year, group, stem, branch)


@pytest.mark.parametrize("path", ["rubric.yml", "committee2/2025/x.yml", "branches/a/branch.yml"])
def test_other_paths_are_not_the_committees(path: str) -> None:
    assert CommitteePath.of(path) is None


def test_what_is_built_is_read_back() -> None:
    assert branch_of(branch_path("a")) == branch_of(f"{branch_folder('a')}/x") == "a"
    own = BranchPath.of(f"{year_folder('a', 2025)}/x")
    assert own is not None
    assert (own.branch, own.year) == ("a", 2025)
    for path in (appraisal_path(2025), results_path(2025), rubric_path(2025)):
        kept = CommitteePath.of(path)
        assert kept is not None
        assert kept.year == 2025
        assert path == f"{committee_folder(2025)}/{kept.names[1]}"


def test_names_of_branches() -> None:
    assert is_branch_id("demo-a")
    assert not is_branch_id("Demo-A")
    assert not is_branch_id("")
    assert not is_branch_id("a" * 200)
    assert root_of("committee/2025/x.yml") == "committee"
    assert root_of("rubric.yml") == "rubric.yml"
