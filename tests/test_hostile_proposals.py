"""Proposals that no honest person makes: each gets an answer, none a fault of the program."""

from __future__ import annotations

import pytest

from tests.gitrepo import GitRepo
from tests.support import BASE, appraise
from tests.tiers import tiered

FOLDER = "branches/demo-a/2025"
RUBRIC = (BASE / "rubric.yml").read_text("utf-8")
PROPOSALS: dict[str, dict[str, str | bytes | None]] = {
    "no rubric": {"rubric.yml": None},
    "an unreadable rubric": {"rubric.yml": b"\x00\xff"},
    "a grade without its least total": {"rubric.yml": RUBRIC.replace("min: 20", "min: null")},
    "a section without an id": {"rubric.yml": RUBRIC.replace("- id: political", "- id: null")},
    "a kind without a title": {"rubric.yml": RUBRIC.replace("{title: 计划", "{title: null")},
    "no appraisal": {"committee/2025/appraisal.yml": None},
    "an appraisal that is none": {"committee/2025/appraisal.yml": "]"},
    "frozen results that are none": {"committee/2025/results.json": "{}"},
    "no consortia": {"committee/consortia.yml": None},
    "a roster that is none": {"committee/roster.yml": "[["},
    "a year that nobody opened": {f"{FOLDER[:-4]}2030/self-assessment.yml": "x: 1\n"},
    "a year nought": {"committee/0000/appraisal.yml": "stage: open\n"},
    "a branch without its file": {"branches/demo-a/branch.yml": None},
    "a branch of its own": {"branches/demo-z/2025/self-assessment.yml": "claims: {}\n"},
}
PLACES = ("branches", "committee", "rubric.yml", "branches/demo-a", FOLDER, "committee/2025")
MODES = ("100644", "120000", "160000", "040000")
GRAFTS = [(path, mode) for path in PLACES for mode in MODES]
#: Each place twice, each mode at three depths; the others come before a release.
GRAFTS.sort(key=lambda graft: (PLACES.index(graft[0]) + MODES.index(graft[1])) % 2)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return the base repository."""
    return GitRepo(tmp_path_factory.mktemp("proposals"))


def answers(repo: GitRepo, head: str) -> None:
    """Whatever is proposed, the comment says something of it; exit 2 or 3 would say nothing."""
    for more in ((), ("--no-ranks",)):
        arguments = ("impact", "main", head, "--author", "example-a", "--format", "markdown", *more)
        result = appraise(*arguments, root=repo.root)
        assert result.exit_code == 1, result.output
        assert "`error G00" in result.stdout


@pytest.mark.parametrize("files", PROPOSALS.values(), ids=PROPOSALS)
def test_every_proposal_gets_an_answer(repo: GitRepo, files: dict[str, str | bytes | None]) -> None:
    answers(repo, repo.change(files))


@pytest.mark.parametrize("graft", tiered(GRAFTS, often=len(GRAFTS) // 2), ids="-".join)
def test_a_proposal_that_puts_something_else_in_the_place_gets_an_answer(
    repo: GitRepo, graft: tuple[str, str]
) -> None:
    path, mode = graft
    made = {
        "160000": repo.git("rev-parse", "main"),
        "040000": repo.git("mktree", data=b""),
    }.get(mode) or repo.blob(b"../x")
    answers(repo, repo.graft(path, mode, made))
