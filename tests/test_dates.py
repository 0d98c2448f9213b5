"""The date of the data: which day it is, what it reaches, and that nothing kept hangs on it."""

from __future__ import annotations

import datetime
import json
import random
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from generator.engine.branch import one_by_one
from generator.engine.evaluate import evaluate
from generator.engine.snapshot import means_of, snapshot_of
from generator.engine.year import Means
from generator.loading.dates import DataDate
from generator.results.document import dump_parts
from generator.results.model import Source
from generator.text.days import day_of, day_of_moment
from tests.gitrepo import GitRepo
from tests.memory import MemoryTree
from tests.support import appraise
from tests.tiers import tiered
from tests.years import YEAR, Branch, activity, encoded, judged, rubric, section, year_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.engine.branch import Reduced, Reducer
    from generator.engine.evaluate import Evaluation

DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(YEAR, 1, 1), datetime.date(YEAR, 12, 31)
VETO = "veto-x"
APPRAISAL = f"committee/{YEAR}/appraisal.yml"


def at(files: dict[str, Any], as_of: datetime.date | None, moment: str | None = None) -> Evaluation:
    """Evaluate files in memory as of a day, at a commit's moment."""
    raw = {path: encoded(data) for path, data in files.items()}
    means = Means(Source("0" * 40, dirty=False, date=moment), as_of=as_of)
    return evaluate(MemoryTree(raw), YEAR, means)


def suspected(evaluation: Evaluation) -> dict[str, str]:
    """Return branch → reason of the vetoes that records point to."""
    assert evaluation.results is not None
    return {
        branch.id: str(veto.reason)
        for branch in evaluation.results.branches
        for veto in branch.vetoes
        if veto.state == "candidate"
    }


def by_hand(established: datetime.date, days: Sequence[datetime.date], until: datetime.date) -> int:
    """Return the days of the longest stretch, counted day by day."""
    longest, begin = 0, max(established, FIRST)
    day = begin
    while day <= until:
        longest = max(longest, (day - begin).days)
        if day in days:
            begin = day
        day += DAY
    return longest


@pytest.mark.parametrize("seed", range(60))
def test_inactivity_is_counted_to_the_earlier_of_end_and_date(seed: int) -> None:
    rng = random.Random(seed)
    limit = rng.randrange(20, 200)
    as_of = FIRST + rng.randrange(1, 500) * DAY
    wanted = {}
    branches = {}
    for name in ("a", "b", "c", "d"):
        days = {FIRST + rng.randrange(365) * DAY for _ in range(rng.randrange(6))}
        established = FIRST + rng.randrange(-300, 300) * DAY
        own = Branch(records=[activity(f"{day}") for day in sorted(days)])
        branches[name] = own
        own.files["branch.yml"] = {
            "name": name, "kind": "regular", "societies": ["示例学会"],
            "established": f"{established}", "members": 10, "submitters": [f"login-{name}"],
        }  # fmt: skip
        stretch = by_hand(established, [*days], min(LAST, as_of))
        if stretch >= limit:
            wanted[name] = stretch
    veto = {"id": VETO, "title": "久不活动", "detect": {"inactivity": {"days": limit}}}
    files = year_of(rubric(section("s", judged("x"))), branches)
    files["rubric.yml"]["vetoes"] = [veto]
    found = suspected(at(files, as_of))
    assert found.keys() == wanted.keys()
    assert all(f"共 {wanted[name]} 天" in reason for name, reason in found.items())
    codes = {f.branch for f in at(files, as_of).findings if f.code == "R004" and f.branch}
    assert codes == wanted.keys()


@pytest.mark.parametrize("seed", range(50))
def test_the_day_is_that_in_chongqing(seed: int) -> None:
    rng = random.Random(seed)
    seconds = rng.randrange(1_000_000_000, 2_000_000_000)
    offset = datetime.timezone(datetime.timedelta(minutes=rng.randrange(-14 * 60, 14 * 60, 15)))
    moment = datetime.datetime.fromtimestamp(seconds, offset)
    whole = (seconds + 8 * 3600) // 86400
    assert day_of_moment(moment.isoformat()) == day_of(seconds)
    assert (day_of(seconds) - datetime.date(1970, 1, 1)).days == whole


@pytest.mark.parametrize("seed", range(50))
def test_what_was_told_goes_before_what_the_commit_says(seed: int) -> None:
    rng = random.Random(seed)
    days = [FIRST + rng.randrange(600) * DAY for _ in range(3)]
    option, own, commit = (day if rng.random() < 0.5 else None for day in days)
    files = year_of(rubric(section("s", judged("x"))), {"a": Branch()})
    if own:
        files[APPRAISAL]["as_of"] = f"{own}"
    moment = f"{commit}T12:00:00+08:00" if commit else None
    found = at(files, option, moment).results
    assert found is not None
    wanted = option or own or commit or LAST
    assert DataDate(option or own, commit, LAST).day == wanted
    if option or own or wanted < LAST:
        assert found.as_of == f"{wanted}"
    else:
        assert not found.as_of
    assert json.loads("".join(dump_parts(found))).get("as_of", "") == found.as_of


def test_an_activity_of_the_future_does_not_move_the_date() -> None:
    records = [activity("2025-01-10"), activity("2025-12-30")]
    veto = {"id": VETO, "title": "久不活动", "detect": {"inactivity": {"days": 100}}}
    files = year_of(
        rubric(section("s", judged("x")), vetoes=[veto]), {"a": Branch(records=records)}
    )
    assert suspected(at(files, datetime.date(2025, 3, 1))) == {}
    assert suspected(at(files, None, "2025-03-01T00:00:00+08:00")) == {}
    assert "2025-01-10 至 2025-06-01" in suspected(at(files, datetime.date(2025, 6, 1)))["a"]


def test_what_nobody_can_tell_is_the_committees() -> None:
    names = [f"b{number:02}" for number in range(50)]
    veto = {"id": VETO, "title": "久不活动", "detect": {"inactivity": {"days": 400}}}
    files = year_of(
        rubric(section("s", judged("x")), vetoes=[veto]), {name: Branch() for name in names}
    )
    found = at(files, LAST)
    told = [f for f in found.findings if f.code == "R004"]
    assert [f.path for f in told] == [f"committee/{YEAR}/vetoes/{name}.yml" for name in names]
    assert {(f.branch, f.year, f.severity) for f in told} == {(None, YEAR, "notice")}
    assert suspected(found) == {}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """The base repository, where 100 days without activity are too many."""
    repo = GitRepo(tmp_path)
    path = repo.root / "rubric.yml"
    path.write_text(path.read_text("utf-8").replace("days: 365", "days: 100"), "utf-8")
    repo.commit("rules")
    return repo


def scored(repo: GitRepo, *options: str) -> Any:
    """Return the results that ``score`` prints."""
    return json.loads(appraise("score", "--format", "json", *options, root=repo.root).stdout)


def candidates(document: Any) -> dict[str, str]:
    """Return branch → reason of its candidates in printed results."""
    return {
        branch["id"]: veto["reason"]
        for branch in document["branches"]
        for veto in branch["vetoes"]
        if veto["state"] == "candidate"
    }


def test_edits_leave_the_date_and_without_history_the_end_counts(
    repo: GitRepo, tmp_path_factory: pytest.TempPathFactory
) -> None:
    at_commit = scored(repo)
    assert at_commit["as_of"] == "2025-06-01"
    path = repo.root / APPRAISAL
    path.write_text(path.read_text("utf-8") + "# 未提交\n", "utf-8")
    dirty = scored(repo)
    assert (dirty["source"]["dirty"], dirty["as_of"]) == (True, "2025-06-01")
    assert candidates(dirty) == candidates(at_commit)
    bare = GitRepo(tmp_path_factory.mktemp("bare"), base=True)
    (bare.root / "rubric.yml").write_bytes((repo.root / "rubric.yml").read_bytes())
    (bare.root / ".git").rename(bare.root.parent / f"{bare.root.name}.git")
    without = scored(bare)
    assert "as_of" not in without
    assert candidates(without) != candidates(at_commit)
    assert any("至 2025-12-31" in reason for reason in candidates(without).values())


def counted(read: list[str], reducer: Reducer, ids: Sequence[str]) -> Iterator[Reduced]:
    """Reduce branches, and note which."""
    read.extend(ids)
    return one_by_one(reducer, ids)


@pytest.mark.parametrize("seed", tiered(range(3), often=1))
@pytest.mark.parametrize("details", [True, False])
def test_what_is_kept_holds_on_every_day(repo: GitRepo, seed: int, *, details: bool) -> None:
    rng = random.Random(2 * seed + details)
    days = [FIRST + rng.randrange(500) * DAY for _ in range(9)]
    read: list[str] = []
    for number, day in enumerate(days):
        told = []
        for keep in (True, False):
            with snapshot_of(repo.root) as snapshot:
                means = means_of(repo.root, snapshot, keep=keep, as_of=day)
                own: list[str] = []
                means = Means(
                    means.source, means.receipts, None, means.keeper, partial(counted, own), day
                )
                found = evaluate(snapshot.tree, YEAR, means, details=details)
            assert found.results is not None
            vetoes = [branch.vetoes for branch in found.results.branches]
            whole = "".join(dump_parts(found.results)) if details else ""
            told.append((vetoes, whole, found.findings))
            read = own if keep else read
        assert told[0] == told[1]
        assert bool(read) == (number == 0)


def test_impact_has_the_day_of_the_base_on_both_sides(repo: GitRepo) -> None:
    base = repo.git("rev-parse", "HEAD")
    assert candidates(scored(repo, "--as-of", "2025-12-31")) != candidates(scored(repo))
    record = "branches/demo-a/2025/activities/2025-05-20-y/activity.yml"
    text = "title: 学习\ntype: theme-day\ndate: 2025-05-20\nplace: 会议室\n"
    head = repo.change({record: text}, when="2025-12-30T12:00:00+08:00")
    told = appraise("impact", base, head, "--format", "json", root=repo.root)
    assert "R004" not in told.stdout
    later = appraise(
        "impact", base, head, "--format", "json", "--as-of", "2025-12-31", root=repo.root
    )
    assert "2025-05-20 至 2025-12-31" in later.stdout


def test_a_file_is_verified_as_of_its_own_date(repo: GitRepo, tmp_path: Path) -> None:
    for day in ("2025-04-01", "2025-08-20", "2025-12-31", "2026-02-01"):
        file = tmp_path / f"{day}.json"
        told = appraise("score", "--format", "json", "--as-of", day, root=repo.root)
        file.write_text(told.stdout, "utf-8")
        done = appraise("verify", str(YEAR), str(file), root=repo.root)
        assert done.exit_code == 0, done.output


def test_parts_carry_the_date(repo: GitRepo, tmp_path: Path) -> None:
    command = ("score", "--format", "json", "--as-of", "2025-12-31")
    parts = []
    for number in (1, 2):
        part = tmp_path / f"part-{number}"
        done = appraise(*command, "--shard", f"{number}/2", root=repo.root)
        part.write_text(done.stdout, "utf-8")
        parts.append(str(part))
    joined = appraise("merge", *parts, root=repo.root)
    assert joined.stdout == appraise(*command, root=repo.root).stdout
    assert '"as_of": "2025-12-31"' in joined.stdout


def test_finalize_refuses_a_date(repo: GitRepo) -> None:
    done = appraise("finalize", str(YEAR), "--as-of", "2025-12-31", root=repo.root)
    assert done.exit_code == 2
    assert "as_of" in done.stderr


@pytest.mark.parametrize(
    "text", ["2025-02-30", "20250630", "2025-6-30", "２０２５-06-30", "today", "2025-06-30T00:00"]
)
def test_what_is_no_day_is_refused(repo: GitRepo, text: str) -> None:
    done = appraise("check", "--as-of", text, root=repo.root)
    assert done.exit_code == 2
    assert "不是日期" in done.stderr


def test_one_branch_alone_is_told_the_same(repo: GitRepo) -> None:
    for day in ("2025-04-01", "2025-08-20", "2025-12-31"):
        whole = appraise("check", "--format", "json", "--as-of", day, root=repo.root)
        some = appraise("check", "demo-a", "--format", "json", "--as-of", day, root=repo.root)
        own = [f for f in json.loads(whole.stdout)["findings"] if f["branch"] == "demo-a"]
        told = [f for f in json.loads(some.stdout)["findings"] if f["branch"] == "demo-a"]
        assert own == told
