"""Due lists that are changed afterwards: guard and impact name the entry and its branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.proposals.guard import guard
from generator.proposals.impact import assess
from tests.gitrepo import GitRepo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.text.findings import Finding

DUE = "committee/2025/due.yml"
MEMBER = "example-committee"
#: The commits of these repositories are of this day in Chongqing.
WHEN, BEFORE = "2025-06-30T12:00:00+08:00", "2025-06-29"
LIST = f"""\
- {{id: plan-1, kind: plan, title: 计划, due: 2025-01-31}}
- {{id: plan-2, kind: plan, title: 补充, due: {BEFORE}, branches: [demo-b]}}
"""


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return a repository with a due list whose first entry demo-a answers; main never moves."""
    repo = GitRepo(tmp_path_factory.mktemp("due"))
    path = repo.root / "branches/demo-a/2025/documents/plan/document.yml"
    path.write_text(path.read_text("utf-8") + "due: plan-1\n", "utf-8")
    (repo.root / DUE).write_text(LIST, "utf-8")
    (repo.root / "committee/roster.yml").write_text(f"members: [{MEMBER}]\n", "utf-8")
    repo.commit("due", when=WHEN)
    return repo


def told(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """Return severity and words of G012."""
    return {(f.severity, f"{f.line} {f.message}") for f in findings if f.code == "G012"}


def changed(repo: GitRepo, text: str | None) -> set[tuple[str, str]]:
    """Return what both say of a change of the list; guard and impact say the same."""
    head = repo.change({DUE: text}, when=WHEN)
    guarded = guard(repo.root, "main", head, MEMBER)
    assert guarded.errors == 0
    own = told(guarded.findings)
    impact = assess(repo.root, "main", head)
    assert told(f for year in impact.years for f in year.new) == own
    assert impact.errors == 0
    with_author = assess(repo.root, "main", head, author=MEMBER)
    assert with_author.guard is not None
    assert told(with_author.guard.findings) == own
    assert told(f for year in with_author.years for f in year.new) == set()
    return own


def late(line: int, name: str, *branches: str) -> tuple[str, str]:
    return "warning", f"{line} “{name}”在它自己的日期以后才布置给：{'、'.join(branches)}"


def other(line: int, name: str, words: str) -> tuple[str, str]:
    return "warning", f"{line} “{name}”已有材料回应，现在{words}：demo-a"


def test_an_entry_may_be_added_until_its_own_day_and_named_after_it(repo: GitRepo) -> None:
    today = "- {id: new, kind: plan, title: 新, due: 2025-06-30}\n"
    assert changed(repo, LIST + today) == set()
    gone = (
        f"- {{id: new, kind: plan, title: 新, due: {BEFORE}, extended: {{demo-b: 2025-07-31}}}}\n"
    )
    assert changed(repo, LIST + gone) == {late(3, "new", "demo-a")}
    assert changed(repo, LIST + gone.replace(", extended: {demo-b: 2025-07-31}", "")) == {
        late(3, "new", "demo-a", "demo-b")
    }


def test_a_branch_that_is_asked_later_is_named(repo: GitRepo) -> None:
    assert changed(repo, LIST.replace("[demo-b]", "[demo-a, demo-b]")) == {
        late(2, "plan-2", "demo-a")
    }


def test_an_entry_may_be_changed_until_someone_answers(repo: GitRepo) -> None:
    assert changed(repo, LIST.replace(BEFORE, "2025-09-30")) == set()
    assert changed(repo, LIST.splitlines(keepends=True)[0]) == set()
    for old, new in (
        ("due: 2025-01-31", "due: 2025-02-28"),
        ("title: 计划", "title: 年度计划"),
        ("due: 2025-01-31", "due: 2025-01-31, extended: {demo-a: 2025-03-31}"),
        ("title: 计划, due", "title: 计划, date: 2025-01-01, due"),
    ):
        assert changed(repo, LIST.replace(old, new)) == {other(1, "plan-1", "改了")}
    extended = "due: 2025-01-31, extended: {demo-b: 2025-03-31}"
    assert changed(repo, LIST.replace("due: 2025-01-31", extended)) == set()


@pytest.mark.parametrize(
    "text",
    [LIST.splitlines(keepends=True)[1], LIST.replace("due: 2025-01-31", "due: 2025-01-31, "
     "branches: [demo-b]"), None, "[]\n"],
)  # fmt: skip
def test_an_answered_entry_that_goes_is_named(repo: GitRepo, text: str | None) -> None:
    assert other(1, "plan-1", "不再布置给") in changed(repo, text)


def test_order_and_comments_change_nothing(repo: GitRepo) -> None:
    one, two = LIST.splitlines(keepends=True)
    assert changed(repo, f"# 新\n{two}{one}") == set()


def test_other_changes_and_broken_lists_are_no_fault(repo: GitRepo, tmp_path: Path) -> None:
    del tmp_path
    for text in ("a: [\n", "- x\n", "\x00", "7\n"):
        head = repo.change({DUE: text}, when=WHEN)
        assert other(1, "plan-1", "不再布置给") in told(
            guard(repo.root, "main", head, MEMBER).findings
        )
    head = repo.change({"docs/x.md": "# x\n", "committee/2025/other.yml": "x: 1\n"}, when=WHEN)
    assert told(guard(repo.root, "main", head, MEMBER).findings) == set()
