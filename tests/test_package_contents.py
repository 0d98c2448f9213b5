"""What a package may contain, by its paths alone: its branch and year, and names of the guard."""

from __future__ import annotations

import pytest

from generator.proposals.packages.contents import changes_of, check_contents, received_change
from generator.proposals.packages.manifest import File, Manifest, Removed
from generator.text.findings import Report
from tests.packing import HOME, PLAN

BLOB = "ab" * 20


def codes(*paths: str, branch: str | None = "demo-a", gone: tuple[str, ...] = ()) -> set[str]:
    """Return the codes of errors that a package of these paths gives."""
    files = tuple(File(path, "0" * 64, 1, None) for path in paths)
    removed = tuple(Removed(path, BLOB) for path in gone)
    manifest = Manifest(branch, 2025, None, "0.1.0", None, files, removed)
    report = Report()
    check_contents(manifest, changes_of(manifest, dict.fromkeys(paths, BLOB)), report)
    return {finding.code for finding in report.findings if finding.severity == "error"}


def test_files_of_the_branch_and_year_are_its_own() -> None:
    own = (
        PLAN,
        f"{HOME}/self-assessment.yml",
        f"{HOME}/activities/2025-03-12-x/现场 （一）·甲.jpg",
    )
    assert codes(*own, gone=(f"{HOME}/documents/old/document.yml",)) == set()


@pytest.mark.parametrize(
    "path",
    [
        "branches/demo-b/2025/documents/x/x.md", "branches/demo-a/2024/documents/x/x.md",
        "branches/demo-a/branch.yml", "branches/demo-a/notes.md", "branches/demo-a0/2025/x.md",
        "branches/demo-a/20255/x.md", "Branches/demo-a/2025/x.md", "branches/demo-a/2025",
        "committee/2025/reviews/demo-a.yml", "committee/2025/received/demo-a.yml", "rubric.yml",
        ".github/workflows/x.yml", "mkdocs.yml", "x/branches/demo-a/2025/x.md",
    ],
)  # fmt: skip
def test_whatever_else_is_not(path: str) -> None:
    assert "G001" in codes(PLAN, path)
    assert "G001" in codes(PLAN, gone=(path,))


@pytest.mark.parametrize(
    "path",
    [
        "committee/2025/results.json", "committee/2025/rubric.yml", "committee/2025/Rubric.YML",
        "committee/2025/RESULTS.json", "committee/2024/appraisal.yml", "committee/roster.yml",
        "committee/20255/x.yml", "committee/2025x/x.yml", "committee/2025", "rubric.yml", PLAN,
    ],
)  # fmt: skip
def test_of_the_committee_its_year_alone(path: str) -> None:
    assert "G002" in codes(path, branch=None)
    assert "G002" in codes(branch=None, gone=(path,))


def test_files_of_the_committee() -> None:
    names = (
        "appraisal.yml",
        "due.yml",
        "reviews/demo-a.yml",
        "supervision/first.yml",
        "debrief.yml",
    )
    assert codes(*(f"committee/2025/{name}" for name in names), branch=None) == set()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CON.md", "G005"), (".hidden", "G005"), ("-rf", "G005"), ("a\u202eb.md", "G005"),
        ("\u0430.md", "G005"), ("conftest.py", "G005"), (".git/hooks/x", "G005"),
        ("a\n.md", "G005"), ("::error::x.jpg", "G005"), ("e\u0301.md", "G005"), ("a ", "G005"),
        ("%2e%2e.md", "G005"),
        ("package.json", "G005"), (f"{'长' * 80}.md", "G006"), (f"{'a/' * 12}x.md", "G006"),
    ],
)  # fmt: skip
def test_names_are_held_to_the_rules_of_the_guard(name: str, code: str) -> None:
    assert code in codes(f"{HOME}/documents/{name}")


def test_the_number_of_files_is_bounded() -> None:
    many = [f"{HOME}/documents/x/{number}.md" for number in range(1_001)]
    assert codes(*many[:1_000]) == set()
    assert codes(*many) == {"G006"}


def test_what_is_told_of_each_change() -> None:
    files = (File(PLAN, "0" * 64, 1, BLOB), File(f"{HOME}/a.md", "0" * 64, 1, None))
    gone = (Removed(f"{HOME}/z.md", BLOB),)
    manifest = Manifest("demo-a", 2025, None, "0.1.0", None, files, gone)
    found = changes_of(manifest, {PLAN: "cd" * 20, f"{HOME}/a.md": "ef" * 20})
    assert [(c.status, c.old_mode, c.new_mode, c.old_id, c.new_id) for c in found] == [
        ("A", "000000", "100644", "0" * 40, "ef" * 20),
        ("M", "100644", "100644", BLOB, "cd" * 20),
        ("D", "100644", "000000", BLOB, "0" * 40),
    ]
    days = "committee/2025/received/demo-a.yml"
    new, old = (received_change(days, "cd" * 20, before) for before in (None, BLOB))
    assert (new.status, new.old_mode, new.new_mode) == ("A", "000000", "100644")
    assert (old.status, old.old_mode, old.new_mode) == ("M", "100644", "100644")
    assert (new.old_id, old.old_id, new.new_id, new.path) == ("0" * 40, BLOB, "cd" * 20, days)


def test_whose_paths_they_are_is_said() -> None:
    manifest = Manifest(
        None, 2025, None, "0.1.0", None, (File("committee/2025/results.json", "0" * 64, 1, None),)
    )
    report = Report()
    check_contents(manifest, changes_of(manifest, {"committee/2025/results.json": BLOB}), report)
    (found,) = report.findings
    assert "定稿命令" in f"{found.message}"
    assert "finalize 2025" in f"{found.hint}"
    assert codes("committee/2025/sub/results.json", branch=None) == set()
