"""The guard is a gate: behind names, sizes and strangers (G005 to G007) nothing is evaluated."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from generator.proposals import impact
from generator.proposals.guard import GATE
from generator.proposals.guard.entries import MAX_CHANGED
from generator.proposals.impact import assess
from generator.reports.impact.comment import as_markdown
from generator.reports.impact.document import as_json
from generator.reports.impact.table import as_table
from generator.text.names import RESERVED
from tests.guarding import AUTHOR, MEMBER, OTHER, OWN, RECORD, guarded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.gitrepo import GitRepo

CLAIMS = "branches/demo-a/2025/self-assessment.yml"
#: Names that no file of data may have.
PIECES = ("|", "<b>", "::error::x", "#", "\u202e", "\u200b", "а", "\x1b[2J", "＂", "*", "?", '"')
WORDS = ("con", "nul.txt", "aux.jpg", "LPT1.md", ".hidden", "-x.md", " x.md", "x.", "x ", "COM3")


def names(count: int) -> list[str]:
    """Return names that the guard refuses, the same at every run."""
    rng = random.Random(7)
    mixed = [f"a{rng.choice(PIECES)}{rng.randrange(100)}.md" for _ in range(count)]
    return sorted({*mixed, *WORDS, *rng.sample(sorted(RESERVED), 12)})


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Return a repository with an open year."""
    return guarded(tmp_path_factory.mktemp("gate"))


def codes(repo: GitRepo, files: Mapping[str, str | bytes | None], author: str) -> set[str]:
    """Return the codes of errors of the guard, after a look that nothing else was computed."""
    found = assess(repo.root, "main", repo.change(files), author=author)
    assert found.guard is not None
    errors = {f.code for f in found.guard.findings if f.severity == "error"}
    assert found.stopped is bool(errors & GATE)
    if found.stopped:
        assert (found.years, found.rubric, found.frozen) == ((), (), ())
        assert found.errors == found.guard.errors
        for render in (as_markdown, as_table):
            assert "改动没有计算" in render(found).splitlines()[0]
        assert '"years": []' in as_json(found)
    return errors


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever evaluates fail."""

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(impact, "Comparison", never)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("name", names(60), ids=ascii)
def test_nothing_is_evaluated_behind_a_name(repo: GitRepo, name: str) -> None:
    assert codes(repo, {f"{RECORD}/{name}": "x", CLAIMS: "claims: {}\n"}, AUTHOR) == {"G005"}


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("author", ["nobody", "x` <!-- @all", "example-zz", "[bot]", "a" * 90])
@pytest.mark.parametrize("path", [OWN, OTHER, "rubric.yml", "committee/2025/decision.yml"])
def test_nothing_is_evaluated_for_strangers(repo: GitRepo, author: str, path: str) -> None:
    assert "G007" in codes(repo, {path: "x\n"}, author)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("excess", [1, 40])
def test_nothing_is_evaluated_behind_too_many_files(repo: GitRepo, excess: int) -> None:
    files = {f"{RECORD}/n{number}.md": "x" for number in range(MAX_CHANGED + excess)}
    assert codes(repo, files, AUTHOR) == {"G006"}


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("author", [AUTHOR, MEMBER])
def test_nothing_is_evaluated_behind_a_file_that_is_too_large(repo: GitRepo, author: str) -> None:
    assert "G006" in codes(repo, {OWN: b"x" * 10_000_001}, author)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({CLAIMS: "submitted: 2025-12-01\nclaims: {}\n"}, set()),
        ({OTHER: "x\n"}, {"G001"}),
        ({"rubric.yml": None}, {"G002"}),
        ({"branches/demo-a/2024/self-assessment.yml": "claims: {}\n"}, {"G003"}),
    ],
)
def test_whatever_else_is_wrong_is_evaluated(
    repo: GitRepo, files: dict[str, str | None], expected: set[str]
) -> None:
    assert codes(repo, files, AUTHOR) == expected
