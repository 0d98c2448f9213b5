"""Evidence lost after it was verified (C018), in histories of git: every check says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.engine.evaluate import evaluate
from generator.engine.narrow.run import evaluate_since, evaluate_some
from generator.engine.snapshot import means_of, snapshot_of
from generator.engine.year import Means
from generator.files.tree import WorkingTree
from generator.proposals.impact import assess
from tests.gitrepo import GitRepo
from tests.support import write
from tests.test_withdrawn import (
    HOME,
    JPEG,
    ONE,
    PLAN,
    PLAN_FILE,
    REVIEW,
    Files,
    changed,
    losses,
    moved,
    record,
    removed,
    review,
    start,
    written,
)
from tests.years import YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from generator.engine.year import Evaluation


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """Return a repository with a verified branch in its first commit."""
    repo = GitRepo(tmp_path / "repo", base=False)
    put(repo, {}, start())
    repo.commit("first")
    return repo


def put(repo: GitRepo, old: Files, new: Files) -> None:
    """Make the working tree hold these files."""
    for path in old.keys() - new.keys():
        (repo.root / path).unlink()
    for path, data in new.items():
        if old.get(path) != data:
            write(repo.root / path, data)


def edit(repo: GitRepo, *edits: Callable[[Files], None]) -> None:
    """Edit the files of the working tree."""
    names = repo.git("ls-files", "-z", "--cached", "--others").split("\0")
    there = {path: repo.root / path for path in names if path}
    old = {path: file.read_bytes() for path, file in there.items() if file.exists()}
    new = old
    for one in edits:
        new = changed(new, one)
    put(repo, old, new)


def changes(repo: GitRepo, *edits: Callable[[Files], None]) -> Mapping[str, bytes | None]:
    """Return what edits change of what is committed."""
    names = repo.git("ls-files", "-z").split("\0")
    old = {path: (repo.root / path).read_bytes() for path in names if path}
    new = old
    for one in edits:
        new = changed(new, one)
    return {p: new.get(p) for p in sorted({*old, *new}) if old.get(p) != new.get(p)}


def of_all(repo: GitRepo, revision: str | None = None) -> Evaluation:
    """Evaluate all branches."""
    with snapshot_of(repo.root, revision) as snapshot:
        means = Means(snapshot.source, snapshot.receipts, unsent=snapshot.unsent)
        return evaluate(snapshot.tree, YEAR, means)


def told(evaluation: Evaluation | None) -> set[tuple[str, str, str]]:
    """Return what is lost: line, path then, path now."""
    assert evaluation is not None
    return {loss[:3] for loss in losses(evaluation)}


def lost(repo: GitRepo, revision: str | None = None) -> set[tuple[str, str, str, str]]:
    """Return what is lost with the commit that did it, which every check says alike."""
    whole = of_all(repo, revision)
    found = [f for f in whole.findings if f.code == "C018"]
    some = evaluate_some(repo.root, ["b"], revision, YEAR)
    assert some is not None
    assert [f for f in some.findings if f.code == "C018"] == found
    for keep in (True, True, False):
        with snapshot_of(repo.root, revision) as snapshot:
            means = means_of(repo.root, snapshot, keep=keep)
            again = evaluate(snapshot.tree, YEAR, means)
        assert [f for f in again.findings if f.code == "C018"] == found
    return {(*loss[:3], f"{loss[3]:012x}" if loss[3] else "") for loss in losses(whole)}


def test_a_deletion_is_told_from_the_working_tree_on(repo: GitRepo) -> None:
    assert lost(repo) == set()
    edit(repo, removed(PLAN_FILE))
    assert lost(repo) == {(ONE, PLAN_FILE, "", "")}
    commit = repo.commit("deleted")
    expected = {(ONE, PLAN_FILE, "", commit[:12])}
    assert lost(repo) == expected
    assert lost(repo, "HEAD") == expected
    assert lost(repo, "HEAD^") == set()
    repo.git("revert", "--no-edit", "HEAD")
    assert lost(repo) == set()


def test_the_commit_on_main_counts_whatever_was_merged(repo: GitRepo) -> None:
    """Deleted on a branch that began before: what counts is when main had it."""
    side = repo.change(changes(repo, removed(JPEG)))
    edit(repo, review("one", points=6))
    verified = repo.commit("verified")
    merged = repo.merge(side)
    assert merged not in {side, verified}
    assert lost(repo) == {(ONE, JPEG, "", merged[:12])}
    # Verified again on a branch that is merged later: as main had it when it came in.
    again = repo.change(changes(repo, review("one", points=5)), start=verified)
    repo.merge(again)
    assert lost(repo) == set()


def test_a_record_that_moves_is_followed(repo: GitRepo) -> None:
    other = f"{HOME}/activities/2025-05-12-moved"
    edit(
        repo,
        moved(f"{HOME}/activities/2025-04-12-y", other),
        record(f"{other}/activity.yml", title="改名"),
    )
    repo.commit("renamed, and its title written anew")
    assert lost(repo) == set()


def test_a_branch_that_has_another_id_now_keeps_what_was_verified(repo: GitRepo) -> None:
    rename = [
        moved("branches/b", "branches/c"),
        moved(REVIEW, REVIEW.replace("b.yml", "c.yml")),
        record("branches/c/branch.yml", formerly=["b"]),
    ]
    edit(repo, *rename)
    repo.commit("renamed")
    assert {loss[:2] for loss in losses(of_all(repo), review=REVIEW.replace("b.yml", "c.yml"))} == (
        set()
    )
    edit(repo, removed(PLAN_FILE.replace("/b/", "/c/")))
    repo.commit("deleted")
    found = of_all(repo)
    assert {loss[:3] for loss in losses(found, review=REVIEW.replace("b.yml", "c.yml"))} == {
        (ONE, PLAN_FILE, "")
    }


def test_data_in_a_subfolder_of_a_repository_is_compared_as_it_lies(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path, base=False)
    for path, data in start().items():
        write(tmp_path / "data" / path, data)
    repo.commit("first")
    (tmp_path / "data" / PLAN_FILE).unlink()
    for number in range(2):
        with snapshot_of(tmp_path / "data") as snapshot:
            found = evaluate(snapshot.tree, YEAR, Means(snapshot.source, snapshot.receipts))
        assert {(*loss[:3], bool(loss[3])) for loss in losses(found)} == {
            (ONE, PLAN_FILE, "", bool(number))
        }
        repo.commit("deleted")


def test_a_proposal_shows_what_it_would_lose(repo: GitRepo) -> None:
    head = repo.change(changes(repo, written(PLAN_FILE, "别的计划")))
    for ranks in (False, True):
        (year,) = assess(repo.root, "main", head, ranks=ranks).years
        assert [f.code for f in year.new if f.code == "C018"] == ["C018"]
    repo.git("checkout", "--quiet", head)
    found = evaluate_since(repo.root, "main", None, YEAR)
    assert told(found) == {(ONE, PLAN_FILE, PLAN_FILE)}


def test_a_history_that_is_cut_off_says_so_once(repo: GitRepo, tmp_path: Path) -> None:
    edit(repo, removed(PLAN))
    repo.commit("deleted")
    root = tmp_path / "cut"
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.root}", str(root))
    with snapshot_of(root) as snapshot:
        found = evaluate(snapshot.tree, YEAR, Means(snapshot.source, snapshot.receipts)).findings
    assert [(f.severity.value, f.path) for f in found if f.code == "C018"] == [
        ("notice", f"committee/{YEAR}/appraisal.yml")
    ]
    # Without any history nobody says anything.
    found = evaluate(WorkingTree(root), YEAR).findings
    assert not [f for f in found if f.code == "C018"]
