"""Several years under way: a newer one hides none of them from those who validate."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from generator.cli.line.years import opened_on_disk, years_under_way
from generator.engine.repository import open_repository, under_way
from generator.engine.snapshot import snapshot_of
from generator.site.data.years import load_site
from tests.gitrepo import GitRepo
from tests.support import appraise
from tests.test_site_pages import TEMPLATES
from tests.tiers import tiered
from tests.years import YEAR, Branch, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from pathlib import Path

NAME = "a"


def filed(root: Path, stages: dict[int, str], faulty: set[int]) -> None:
    """Write a branch's files of some years in their stages, some with a claim out of bounds."""
    for year, stage in stages.items():
        points = 99 if year in faulty else 5
        files = year_of(
            rubric(section("s", judged("x"))), {NAME: Branch(claims={"x": entry(points)})}
        )
        own = files.pop(f"committee/{YEAR}/appraisal.yml")
        own |= {"period": {"from": f"{year}-01-01", "to": f"{year}-12-31"}, "stage": stage}
        files[f"committee/{YEAR}/appraisal.yml"] = own
        for path, data in files.items():
            target = root / path.replace(f"/{YEAR}/", f"/{year}/")
            target.parent.mkdir(parents=True, exist_ok=True)
            text = encoded(data).decode("utf-8").replace(f"{YEAR}-12-10", f"{year}-12-10")
            target.write_text(text, "utf-8")


def entry(points: int) -> dict[str, Any]:
    return {"points": points, "statement": "已完成", "evidence": []}


def some_years(seed: int) -> tuple[dict[int, str], set[int]]:
    """Return the stages of a few years, one of them open, and which of them hold a fault."""
    rng = random.Random(seed)
    years = sorted(rng.sample(range(2019, 2030), rng.randint(2, 4)))
    stages = {year: rng.choice(("open", "review", "final")) for year in years}
    stages[rng.choice(years)] = "open"
    return stages, {year for year in years if rng.random() < 0.5}


@pytest.mark.parametrize("seed", tiered(range(50), often=16, fast=8))
def test_every_year_under_way_is_checked(tmp_path: Path, seed: int) -> None:
    stages, faulty = some_years(seed)
    filed(tmp_path, stages, faulty)
    wanted = {year for year in faulty if stages[year] != "final"}
    for arguments in ((), (NAME,)):
        done = appraise("check", *arguments, "--format", "json", root=tmp_path)
        document = json.loads(done.stdout)
        found = {f["year"] for f in document["findings"] if f["code"] == "R001"}
        assert found == wanted
        assert done.exit_code == (1 if wanted else 0), done.output
        assert document["checked"]["branches"] == 1
    for year in stages:
        done = appraise("check", "--year", str(year), "--format", "json", root=tmp_path)
        told = {f["year"] for f in json.loads(done.stdout)["findings"] if f["code"] == "R001"}
        assert told == {year} & faulty


@pytest.mark.parametrize("seed", tiered(range(50), often=6, fast=1))
def test_shares_of_a_check_take_every_year_under_way(tmp_path: Path, seed: int) -> None:
    stages, faulty = some_years(seed)
    filed(tmp_path / "root", stages, faulty)
    files = []
    for share in ("1/2", "2/2"):
        done = appraise("check", "--format", "json", "--shard", share, root=tmp_path / "root")
        assert done.exit_code == 0, done.output
        files.append(tmp_path / share.replace("/", "-"))
        files[-1].write_text(done.stdout, "utf-8")
    one = appraise("check", "--format", "json", root=tmp_path / "root")
    merged = appraise("merge", *map(str, files), root=tmp_path / "root")
    assert (merged.stdout, merged.exit_code) == (one.stdout, one.exit_code)
    text = files[0].read_text("utf-8")
    files[1].write_text(text + text, "utf-8")
    assert appraise("merge", *map(str, files), root=tmp_path / "root").exit_code == 2


@pytest.mark.parametrize("seed", range(50, 56))
def test_nothing_is_published_while_a_year_under_way_has_an_error(
    tmp_path: Path, seed: int
) -> None:
    stages, faulty = some_years(seed)
    filed(tmp_path, stages, faulty)
    site = load_site(tmp_path, "zh", TEMPLATES)
    errors = {f.year for f in site.findings if f.severity == "error"}
    assert errors == {year for year in faulty if stages[year] != "final"}
    shown = [f.year for f in site.by_branch.get(NAME, ())]
    assert set(shown) <= {site.results.year}


@pytest.mark.parametrize("seed", tiered(range(50), often=16, fast=8))
def test_the_other_commands_name_the_rest(tmp_path: Path, seed: int) -> None:
    stages, _ = some_years(seed)
    filed(tmp_path, stages, set())
    open_years = [year for year, stage in stages.items() if stage != "final"]
    done = appraise("score", "--format", "json", root=tmp_path)
    assert json.loads(done.stdout)["year"] == max(open_years)
    lines = [line for line in done.stderr.splitlines() if "进行中的还有" in line]
    assert len(lines) == (len(open_years) > 1)
    for year in open_years[:-1]:
        assert f"{year}" in lines[0]
    told = appraise("score", "--year", str(open_years[0]), root=tmp_path)
    assert "进行中的还有" not in told.stderr


def test_impact_takes_every_year_under_way(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path, base=False)
    filed(repo.root, {2024: "review", 2025: "open", 2023: "final"}, set())
    repo.commit()
    rules = json.loads((repo.root / "rubric.yml").read_text("utf-8"))
    rules["sections"][0]["criteria"][0]["points"] = 4
    rules["sections"][0]["points"] = rules["rubric"]["total"] = 4
    head = repo.change({"rubric.yml": json.dumps(rules)})
    done = appraise("impact", "main", head, "--format", "json", root=repo.root)
    document = json.loads(done.stdout)
    assert {f["year"] for f in find(document, "code", "R001")} == {2024, 2025}


def find(document: Any, key: str, value: str) -> list[dict[str, Any]]:
    """Return the mappings of a document that hold a value under a key."""
    if isinstance(document, list):
        return [found for item in document for found in find(item, key, value)]
    if not isinstance(document, dict):
        return []
    own = [document] if document.get(key) == value else []
    return own + [found for item in document.values() for found in find(item, key, value)]


@pytest.mark.parametrize("seed", tiered(range(50), often=8))
def test_the_disk_alone_tells_the_years_under_way(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stages changed, years added or taken away, not committed: git looks at no branch for it."""
    rng = random.Random(900 + seed)
    stages, _ = some_years(900 + seed)
    filed(tmp_path, stages, set())
    repo = GitRepo(tmp_path, base=False)
    commit = repo.commit("years")
    expected = sorted(year for year, stage in stages.items() if stage != "final")
    assert years_under_way(tmp_path, commit) == expected
    later, _ = some_years(1900 + seed)
    filed(tmp_path, later, set())
    gone = rng.choice(sorted(stages))
    if rng.random() < 0.5:
        (tmp_path / f"committee/{gone}/results.json").write_text("{}", "utf-8")
    with snapshot_of(tmp_path) as snapshot:
        told = under_way(snapshot.tree, open_repository(snapshot.tree).entries)
    monkeypatch.setattr("generator.engine.snapshot.changed_paths", None)
    assert years_under_way(tmp_path, None) == (told if len(opened_on_disk(tmp_path)) > 1 else [])


def test_a_part_that_is_checked_out_is_read_from_git(tmp_path: Path) -> None:
    filed(tmp_path, {2024: "open", 2025: "open", 2026: "open"}, set())
    repo = GitRepo(tmp_path, base=False)
    repo.commit("years")
    patterns = "/*\n!/committee/2024/appraisal.yml\n"
    repo.git("sparse-checkout", "set", "--no-cone", "--stdin", data=patterns.encode())
    assert not (tmp_path / "committee/2024/appraisal.yml").exists()
    assert years_under_way(tmp_path, None) == [2024, 2025, 2026]
