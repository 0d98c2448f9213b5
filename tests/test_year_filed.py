"""A whole year, made anew by ``appraise new`` alone, packaged and imported: the same points."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.filling import as_set, loaded, options_of, records_in
from tests.gitrepo import GitRepo
from tests.memory import files_below
from tests.plain_yaml import said
from tests.sites import PROGRAM
from tests.support import appraise

if TYPE_CHECKING:
    from pathlib import Path

#: Nearly fifty calls of the program: what each does, the tests of filling hold in every run.
pytestmark = pytest.mark.long
BRANCH, YEAR = "demo-a", "2025"
HOME = f"branches/{BRANCH}/{YEAR}"


def scored(root: Path) -> Any:
    """Return the branch's results, without what hangs on the others."""
    done = appraise("score", BRANCH, "--year", YEAR, "--format", "json", root=root)
    (own,) = [b for b in json.loads(done.stdout)["branches"] if b["id"] == BRANCH]
    return own


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """The sample, in which the branch has filed nothing for the year yet."""
    repo = GitRepo(tmp_path_factory.mktemp("filed") / "data", base=False)
    for name in ("branches", "committee"):
        shutil.copytree(PROGRAM / name, repo.root / name)
    shutil.copy(PROGRAM / "rubric.yml", repo.root)
    shutil.rmtree(repo.root / HOME)
    repo.commit("main")
    return repo


@pytest.fixture(scope="module")
def filed(repo: GitRepo) -> GitRepo:
    """The same, with every record and claim of the branch made by options, none by hand."""

    def new(what: str, *words: str) -> None:
        done = appraise("new", what, BRANCH, "--year", YEAR, *words, root=repo.root)
        assert done.exit_code == 0, done.output

    for what, path, own in records_in(PROGRAM, BRANCH, int(YEAR)):
        folder, _, name = path.rpartition("/")
        record = options_of(loaded(own.pop(name)))
        files = [word for other in own for word in ("--attach", f"{PROGRAM / folder / other}")]
        new(what, *as_set([*record, f"folder={folder.rpartition('/')[2]}"]), *files)
    whole = loaded((PROGRAM / HOME / "self-assessment.yml").read_bytes())
    day = [f"submitted={whole['submitted']}"]
    for criterion, claim in whole["claims"].items():
        new("claim", *as_set([f"criterion={criterion}", *options_of(claim), *day]))
        day = []
    for claim in whole["bonus"]:
        new("bonus", *as_set(options_of(claim)))
    return repo


def test_it_says_what_the_hand_written_year_says(filed: GitRepo) -> None:
    ours, theirs = (files_below(root / HOME) for root in (filed.root, PROGRAM))
    assert len(ours) > 75
    assert ours.keys() == theirs.keys()
    for path, data in ours.items():
        assert data == theirs[path] or said(data) == said(theirs[path]), path
    assert appraise("check", BRANCH, "--year", YEAR, root=filed.root).exit_code == 0


def test_packaged_and_imported_it_has_the_same_points(filed: GitRepo, tmp_path: Path) -> None:
    package = tmp_path / "报送.zip"
    made = appraise("package", BRANCH, "--year", YEAR, f"{package}", root=filed.root)
    assert made.exit_code == 0, made.output
    office = tmp_path / "office"
    filed.git("clone", "--quiet", ".", f"{office}")
    done = appraise("import", f"{package}", "--commit", root=office)
    assert done.exit_code == 0, done.output
    other = GitRepo.__new__(GitRepo)
    other.root = office
    (branch,) = other.git("for-each-ref", "--format=%(refname:short)", "refs/heads/filing").split()
    other.git("switch", "--quiet", branch)
    assert files_below(office / HOME) == files_below(filed.root / HOME)
    mine, first = scored(office), scored(PROGRAM)
    figures = ("fixed", "bonus", "total", "low", "high", "assessed", "sections", "status")
    assert {key: mine[key] for key in figures} == {key: first[key] for key in figures}
    assert [line["points"] for line in mine["lines"]] == [
        line["points"] for line in first["lines"]
    ]  # fmt: skip
    assert appraise("check", BRANCH, "--year", YEAR, root=office).exit_code == 0
    again = appraise("import", f"{package}", "--commit", root=office)
    assert again.exit_code == 0
    assert len(other.git("for-each-ref", "refs/heads/filing").splitlines()) == 1
