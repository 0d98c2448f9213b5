"""Both readings agree on every day of receipt, through renames, former ids and entries."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
import yaml

from generator.engine.evaluate import evaluate, read_branch
from generator.engine.narrow.run import evaluate_some
from generator.engine.snapshot import snapshot_of
from generator.engine.year import Means
from tests.gitrepo import GitRepo
from tests.naive.reading import half_up
from tests.naive.receipts import YEAR, Main, Writer
from tests.test_received import DUE, files_of, sums
from tests.tiers import tiered
from tests.years import encoded

if TYPE_CHECKING:
    from pathlib import Path

    from tests.naive.receipts import Commit

IDENTITY = {
    "name": "示例", "kind": "regular", "societies": ["示例学会"], "established": "2016-05-20",
    "members": 10, "submitters": ["login"],
}  # fmt: skip


def imported(repo: GitRepo, commits: list[Commit], more: dict[str, bytes]) -> None:
    """Write commits at once; the last also has more files."""
    parts = []
    for commit in commits:
        moment = datetime.datetime.fromisoformat(f"{commit.day}T12:00:00+08:00")
        head = b"commit refs/heads/main\ncommitter e <e@example.org> %d +0800\ndata 1\nx\n"
        parts += [head % int(moment.timestamp()), b"deleteall\n"]
        files = {path: text.encode() for path, text in commit.files.items()}
        for path, data in {**files, **(more if commit is commits[-1] else {})}.items():
            parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    repo.git("fast-import", "--quiet", "--force", data=b"".join(parts))


@pytest.mark.parametrize("seed", tiered(range(120), often=25, fast=6))
def test_both_readings_agree_on_days_of_receipt(seed: int, tmp_path: Path) -> None:
    writer = Writer(seed)
    commits = writer.write()
    names = [writer.name, *reversed(writer.former)]
    entries = writer.entries()
    more = {path: encoded(data) for path, data in files_of().items() if "branches/" not in path}
    identity = IDENTITY | {"formerly": names[1:]}
    more[f"branches/{writer.name}/branch.yml"] = encoded(identity)
    more[f"committee/{YEAR}/received/{writer.name}.yml"] = encoded(entries)
    repo = GitRepo(tmp_path, base=False)
    imported(repo, commits, more)
    wanted = Main(commits, names).received(entries)
    with snapshot_of(tmp_path, "main") as snapshot:
        found = read_branch(snapshot.tree, writer.name, YEAR, snapshot.receipts)
        means = Means(snapshot.source, snapshot.receipts)
        full = evaluate(snapshot.tree, YEAR, means)
    days = {
        own.file: f"{own.fact.fields['received']}"
        for own in found.data.evidence.values()
        if own.fact is not None
    }
    assert days == wanted
    plans = [day for path, day in days.items() if found_kind(commits[-1], path) == "plan"]
    timely = next((line for line in found.card.lines if line.criterion == "timely"), None)
    if plans:
        assert timely is not None
        in_time = Fraction(sum(day <= DUE for day in plans), len(plans))
        assert timely.points == half_up(6 * in_time, 2)
    some = evaluate_some(tmp_path, [writer.name], "main", YEAR)
    assert some is not None
    assert sums(some, writer.name) == sums(full, writer.name)


def found_kind(commit: Commit, path: str) -> str:
    """Return the kind of a document."""
    return str(yaml.safe_load(commit.files[path])["kind"])
