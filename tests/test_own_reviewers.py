"""Who files for a branch leaves its review to others (C019), whoever and however many they are."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from generator.engine.encoding import decode, encode
from generator.engine.evaluate import evaluate
from generator.engine.repository import open_repository
from generator.engine.year import Run
from generator.results.audience import INTERNAL
from generator.results.projection import is_told
from generator.text.messages import source_words
from tests.memory import MemoryTree, base_files
from tests.tiers import tiered

if TYPE_CHECKING:
    from generator.engine.evaluate import Evaluation

LOGINS = ("example-a", "example-b", "Example-One", "two", "x-3")
IDS = ("demo-a", "demo-b")
HOME = "committee/2025"
#: What there may be about a branch: a review alone says that somebody reviews it.
KEPT = ("reviews", "vetoes", "")


def varied(rng: random.Random, name: str) -> str:
    """Return a login in another case, which is the same account."""
    return rng.choice([name, name.upper(), name.capitalize()])


def drawn(seed: int) -> tuple[dict[str, bytes], set[tuple[str, int, int]]]:
    """Return the files of a repository, and the places (path, line, column) that C019 names."""
    rng = random.Random(seed)
    files = base_files()
    members = rng.sample(LOGINS, rng.randint(0, 3))
    named = [varied(rng, name) for name in members]
    others = rng.sample(LOGINS, 2)
    lists = f"members: [{', '.join(named)}]\noffice: [{others[0]}]\nteams: {{a: [{others[1]}]}}\n"
    files["committee/roster.yml"] = lists.encode()
    found = set()
    for branch in IDS:
        path = f"branches/{branch}/branch.yml"
        head = files[path].decode("utf-8").partition("submitters:")[0]
        own = rng.sample(LOGINS, rng.randint(1, 3))
        text = head + "submitters:\n" + "".join(f"  - {varied(rng, name)}\n" for name in own)
        files[path] = text.encode("utf-8")
        group = rng.choice(KEPT)
        if group:
            files[f"{HOME}/{group}/{branch}.yml"] = b"{}\n" if group == "reviews" else b"[]\n"
        first = head.count("\n") + 2
        found |= {
            (path, first + row, 5)
            for row, name in enumerate(own)
            if name in members and group == "reviews"
        }
    return files, found


def told(evaluation: Evaluation) -> set[tuple[str, int, int]]:
    """Return the places of C019."""
    return {(f.path, f.line, f.column) for f in evaluation.findings if f.code == "C019"}


@pytest.mark.parametrize("seed", tiered(range(80), often=25, fast=5))
def test_every_account_of_both_lists_is_named_where_there_is_a_review(seed: int) -> None:
    files, wanted = drawn(seed)
    evaluation = evaluate(MemoryTree(files), 2025)
    assert told(evaluation) == wanted
    for finding in evaluation.findings:
        if finding.code == "C019":
            assert finding.severity == "warning"
            assert finding.branch == finding.path.split("/")[1]
            assert is_told(finding, INTERNAL)
            words = f"{source_words(finding.message)} {source_words(finding.hint)}".casefold()
            assert not any(login.casefold() in words for login in LOGINS)
    one = evaluate(MemoryTree(files), 2025, ids=["demo-a"])
    assert told(one) == {place for place in wanted if "/demo-a/" in place[0]}


@pytest.mark.parametrize("seed", tiered(range(50), often=10, fast=2))
def test_what_is_kept_of_a_branch_holds_its_accounts(seed: int) -> None:
    files, wanted = drawn(seed)
    run = Run(open_repository(MemoryTree(files)), 2025)
    reducer = run.reducer()
    assert reducer is not None
    run.take({branch: decode(encode(reducer.reduce(branch))) for branch in IDS})
    assert told(run.conclude()) == wanted
