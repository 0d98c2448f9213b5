"""A branch that was renamed: its former ids are its own, and of nobody else."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.encoding import decode, encode
from generator.engine.evaluate import evaluate
from generator.engine.narrow.run import evaluate_some
from generator.engine.repository import open_repository
from generator.engine.snapshot import snapshot_of
from generator.engine.year import Means, Run
from generator.proposals.impact import assess
from generator.results.document import dump, to_json
from generator.results.frozen import read_results
from generator.results.model import Results
from generator.site.data.years import newest_id, trends_of
from generator.text.numbers import read_json
from tests.gitrepo import GitRepo
from tests.memory import MemoryTree, base_files
from tests.support import write
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.text.findings import Finding

OLD = ("old-x", "old-y", "demo-a", "demo-b")


def claiming(former: Mapping[str, Iterable[str]]) -> dict[str, bytes]:
    """Return the files of a year in which branches say what they were called."""
    files = base_files()
    for branch, names in former.items():
        files[f"branches/{branch}/branch.yml"] += f"formerly: [{', '.join(names)}]\n".encode()
    return files


def told(findings: Iterable[Finding]) -> set[tuple[str, int, str]]:
    """Return C013: the branch, the place in its list, and whether the id is claimed or there."""
    return {
        (f.path.split("/")[1], int(f.pointer.rpartition("/")[2]), str(f.message)[-5:])
        for f in findings
        if f.code == "C013"
    }


@pytest.mark.parametrize("seed", tiered(range(40), often=15, fast=5))
def test_a_former_id_is_of_no_branch_now_and_of_one_alone(seed: int) -> None:
    rng = random.Random(seed)
    former = {name: rng.sample(OLD, rng.randint(0, 3)) for name in ("demo-a", "demo-b")}
    wanted = set()
    for branch, names in former.items():
        (other,) = former.keys() - {branch}
        for place, name in enumerate(names):
            if name in former:
                wanted.add((branch, place, "支部的编号"))
            if name in former[other]:
                wanted.add((branch, place, f"{other[-1]} 也写了"))
    evaluation = evaluate(MemoryTree(claiming(former)), 2025)
    assert told(evaluation.findings) == wanted
    assert all(f.severity == "error" for f in evaluation.findings if f.code == "C013")
    assert evaluation.results is not None
    for result in evaluation.results.branches:
        assert result.formerly == tuple(n for n in former[result.id] if n not in former)


def test_results_hold_former_ids_only_where_there_are_some() -> None:
    results = evaluate(MemoryTree(claiming({"demo-a": ["old-x"]})), 2025).results
    assert results is not None
    document = read_json(dump(to_json(results)))
    keys = {entry["id"]: entry.get("formerly", "absent") for entry in document["branches"]}
    assert keys == {"demo-a": ["old-x"], "demo-b": "absent"}
    assert {b.id: b.formerly for b in read_results(document).branches} == {
        "demo-a": ("old-x",),
        "demo-b": (),
    }


def test_what_is_kept_of_a_branch_holds_its_former_ids() -> None:
    run = Run(open_repository(MemoryTree(claiming({"demo-a": ["old-x", "old-y"]}))), 2025)
    run.read(["demo-a"])
    kept = decode(encode(run.reduced["demo-a"]))
    assert kept.result.formerly == ("old-x", "old-y")
    assert [name for name, _ in kept.summary.formerly] == ["old-x", "old-y"]
    assert kept.summary.formerly == run.reduced["demo-a"].summary.formerly


@pytest.mark.parametrize("written", ["[old-x]", r'["old\x2Dx"]'])
@pytest.mark.parametrize("where", ["committed", "on the disk"])
def test_a_check_of_one_branch_looks_at_what_all_claim(
    written: str, where: str, tmp_path: Path
) -> None:
    repo = GitRepo(tmp_path)
    for branch, names in (("demo-a", "[old-x]"), ("demo-b", written)):
        path = tmp_path / f"branches/{branch}/branch.yml"
        write(path, path.read_bytes() + f"formerly: {names}\n".encode())
        if branch == "demo-a" or where == "committed":
            repo.commit(branch)
    evaluation = evaluate_some(tmp_path, ["demo-a"], None, 2025)
    assert evaluation is not None
    assert told(evaluation.findings) == {("demo-a", 0, "b 也写了")}
    with snapshot_of(tmp_path) as snapshot:
        means = Means(snapshot.source, snapshot.receipts, unsent=snapshot.unsent)
        of_all = evaluate(snapshot.tree, 2025, means, ids=["demo-a"], details=False)
    assert evaluation.findings == of_all.findings


def test_a_change_that_claims_what_another_has_is_seen_before_it_is_merged(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path)
    files = claiming({"demo-a": ["old-x"], "demo-b": ["old-x"]})
    write(tmp_path / "branches/demo-b/branch.yml", files["branches/demo-b/branch.yml"])
    base = repo.commit("b")
    head = repo.change({"branches/demo-a/branch.yml": files["branches/demo-a/branch.yml"]})
    for ranks in (False, True):
        (year,) = assess(tmp_path, base, head, ranks=ranks).years
        assert told(year.new) == {("demo-a", 0, "b 也写了"), ("demo-b", 0, "a 也写了")}


def results_of(year: int, former: Mapping[str, tuple[str, ...]]) -> Any:
    """Return the evaluation of a year with these branches."""
    results = evaluate(MemoryTree(base_files()), 2025).results
    assert results is not None
    (one, _) = results.branches
    branches = tuple(
        type(one)(**{**attributes(one), "id": name, "formerly": names})
        for name, names in former.items()
    )
    own = Results(**{**attributes(results), "year": year, "branches": branches})
    return SimpleNamespace(year=year, results=own)


def attributes(value: Any) -> dict[str, Any]:
    """Return what an object holds, by name."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def test_the_trend_follows_former_ids() -> None:
    years = [
        results_of(2023, {"a": (), "z": ()}),
        results_of(2024, {"b": ("a",), "z": ()}),
        results_of(2025, {"c": ("b",), "z": ()}),
    ]
    trends = trends_of(years)
    assert set(trends) == {"a", "b", "c", "z"}
    line = [(point.year, point.result.id) for point in trends["c"]]
    assert line == [(2023, "a"), (2024, "b"), (2025, "c")]
    assert trends["a"] == trends["b"] == trends["c"]
    assert [point.result.id for point in trends["z"]] == ["z", "z", "z"]


def test_of_two_in_one_year_the_newer_id_is_the_branch() -> None:
    years = [results_of(2024, {"a": (), "b": ()}), results_of(2025, {"b": ("a",)})]
    assert [(p.year, p.result.id) for p in trends_of(years)["b"]] == [(2024, "b"), (2025, "b")]


@pytest.mark.parametrize(
    ("now", "last"),
    [({}, "a"), ({"a": "b"}, "b"), ({"a": "b", "b": "c"}, "c"), ({"a": "b", "b": "a"}, "b")],
)
def test_the_last_id_is_found_in_circles_too(now: dict[str, str], last: str) -> None:
    assert newest_id("a", now) == last
