"""Warm runs give what cold ones give, whatever happened to the cache in between."""

from __future__ import annotations

import random
import shutil
import sqlite3
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import pytest

from generator.engine.branch import Reducer
from generator.engine.cache import Cache, cache_path
from generator.engine.encoding import EncodingError, decode, encode
from generator.engine.evaluate import evaluate
from generator.engine.repository import open_repository
from generator.engine.store import OUTSIDE
from generator.engine.year import Means, Run
from generator.files.tree import WorkingTree
from tests.gitrepo import GitRepo
from tests.naive.repositories import make_repository
from tests.support import appraise, write
from tests.test_impact import Editor
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from generator.engine.branch import Reduced

YEAR = "2025"
#: What shows all findings, and all results.
COMMANDS = (("check", "--format", "json"), ("score", "--format", "json"))
#: The same results as a table.
TABLE = ("score", "--format", "csv")


class Evaluated(NamedTuple):
    """A repository whose cache is full, and what every command printed while it was empty."""

    root: Path
    cold: list[str]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """A repository of random branches with all kinds of faults; nobody changes it."""
    root = tmp_path_factory.mktemp("prepared") / "root"
    make_repository(root, 11, flawed=True)
    GitRepo(root, base=False).commit("data")
    return Evaluated(root, outputs(root))


@pytest.fixture
def repo(tmp_path: Path, prepared: Evaluated) -> GitRepo:
    """A copy of it, with its cache."""
    shutil.copytree(prepared.root, tmp_path / "root")
    return GitRepo(tmp_path / "root", base=False)


@pytest.fixture
def cold(prepared: Evaluated) -> list[str]:
    """What every command prints where the cache is empty."""
    return prepared.cold


def outputs(root: Path, *options: str, commands: Iterable[tuple[str, ...]] = COMMANDS) -> list[str]:
    """Return what every command prints."""
    return [appraise(*c, "--year", YEAR, *options, root=root).stdout for c in commands]


def path_of(root: Path) -> Path:
    path = cache_path(root)
    assert path is not None
    return path


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that every branch that is read anew is added to."""
    read: list[str] = []
    real = Reducer.reduce

    def reduce(self: Reducer, branch_id: str) -> Reduced:
        read.append(branch_id)
        return real(self, branch_id)

    monkeypatch.setattr(Reducer, "reduce", reduce)
    return read


def test_warm_and_cold_are_the_same(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    path_of(repo.root).unlink()
    every = partial(outputs, repo.root, commands=[*COMMANDS, TABLE])
    cold = every("--no-cache")
    assert not path_of(repo.root).exists()
    first = every()
    read = counted(monkeypatch)
    assert every() == first == cold
    assert read == []
    assert outputs(repo.root, "--at", "HEAD") == outputs(repo.root, "--at", "HEAD", "--no-cache")


def test_one_changed_branch_is_read_alone(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    branch = min(path.name for path in (repo.root / "branches").iterdir())
    write(repo.root / "branches" / branch / YEAR / "documents/new/document.yml", b"kind: x\n")
    read = counted(monkeypatch)
    warm = outputs(repo.root)
    assert set(read) == {branch}
    assert warm == outputs(repo.root, "--no-cache")
    repo.commit("later")
    read.clear()
    later = outputs(repo.root)
    assert set(read) == {branch}
    assert later == outputs(repo.root, "--no-cache")


@pytest.mark.parametrize("seed", tiered(range(4), often=1))
def test_random_changes(seed: int, tmp_path: Path) -> None:
    rng = random.Random(900 + seed)
    donor, root = tmp_path / "donor", tmp_path / "root"
    make_repository(donor, 1900 + seed, flawed=True)
    make_repository(root, 900 + seed, flawed=True)
    repo = GitRepo(root, base=False)
    repo.commit("data")
    editor = Editor(root, rng, donor)
    for _ in range(6):
        editor.edit()
        if rng.random() < 0.4:
            repo.commit()
        assert outputs(root) == outputs(root, "--no-cache")


@pytest.mark.parametrize(
    "path",
    [f"committee/{YEAR}/appraisal.yml", f"committee/{YEAR}/debrief.yml", "rubric.yml"],
)
def test_what_all_rest_on_makes_all_new(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    file = repo.root / path
    file.write_text((file.read_text("utf-8") if file.exists() else "{}\n") + "# later\n", "utf-8")
    read = counted(monkeypatch)
    assert outputs(repo.root) == outputs(repo.root, "--no-cache")
    assert len(read) >= 2 * len(list((repo.root / "branches").iterdir()))


def test_another_history_makes_receipts_new(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "root")
    appraisal = repo.root / "committee/2025/appraisal.yml"
    text = appraisal.read_text("utf-8")
    assert "self_assessment" in text
    repo.git("commit", "--amend", "--no-edit", "--quiet", when="2025-12-01T12:00:00+08:00")
    early = appraise("check", root=repo.root).stdout
    repo.git("commit", "--amend", "--no-edit", "--quiet", when="2026-03-01T12:00:00+08:00")
    late = appraise("check", root=repo.root).stdout
    assert ("E011" in early, "E011" in late) == (False, True)
    assert late == appraise("check", "--no-cache", root=repo.root).stdout


def damage(path: Path, kind: str) -> None:
    data = bytearray(path.read_bytes())
    if kind == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "foreign":
        path.write_bytes(b"not a database\n" * 100)
    elif kind == "version":
        with sqlite3.connect(path) as store:
            store.execute("PRAGMA user_version = 99")
    elif kind == "tampered":
        with sqlite3.connect(path) as store:
            store.execute("UPDATE branches SET value = replace(value, '\"4.5\"', '\"5\"')")
            store.execute("UPDATE branches SET value = replace(value, '2025', '2024')")
    elif kind == "table":
        with sqlite3.connect(path) as store:
            store.execute("DROP TABLE branches")
            store.execute("CREATE TABLE branches (x)")


@pytest.mark.parametrize(
    "kind", tiered(["truncated", "version", "tampered", "empty", "foreign", "table"], often=3)
)
def test_a_bad_cache_is_rebuilt(repo: GitRepo, cold: list[str], kind: str) -> None:
    damage(path_of(repo.root), kind)
    done = appraise("check", "--year", YEAR, "--format", "json", root=repo.root)
    assert done.stdout == cold[0]
    assert ("缓存文件有误，已经重建" in done.stderr) == (kind != "empty")
    assert outputs(repo.root) == cold


@pytest.mark.parametrize("lock", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_locked_cache_is_left_alone(
    repo: GitRepo, cold: list[str], lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.engine.store.TIMEOUT", 0)
    path = path_of(repo.root)
    before = path.read_bytes()
    other = sqlite3.connect(path)
    try:
        other.execute(f"BEGIN {lock}")
        done = appraise("check", "--year", YEAR, "--format", "json", root=repo.root)
        assert done.stdout == cold[0]
        assert "缓存文件有误" not in done.stderr
        assert path.read_bytes() == before
    finally:
        other.close()
    assert outputs(repo.root) == cold


#: Codes of SQLite in their extended forms: faults that are none of the file's, and those that are.
OUT_OF_REACH = [low | high << 8 for low in OUTSIDE for high in range(5)]
BROKEN = [low | high << 8 for low in (1, 11, 24, 26) for high in range(4)]


@pytest.mark.parametrize(("codes", "kept"), [(OUT_OF_REACH, True), (BROKEN, False)])
def test_only_a_broken_file_is_taken_away(
    codes: list[int], kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in codes:
        path = tmp_path / "cache.sqlite"
        path.write_bytes(b"rows")
        cache = Cache(path, tmp_path, "", {})
        error = sqlite3.OperationalError("no such luck")
        error.sqlite_errorcode = code

        def rows(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr("generator.engine.store.RowFile.connect", rows)
        assert cache.load(2025, {}, details=False) == {}
        told = path.exists(), cache.rows.out_of_reach, cache.broken
        assert told == (kept, kept, not kept), code


@pytest.mark.parametrize("seed", tiered(range(3), often=1))
def test_flipped_bytes_of_the_cache_change_nothing(
    seed: int, repo: GitRepo, cold: list[str]
) -> None:
    rng = random.Random(seed)
    path = path_of(repo.root)
    whole = path.read_bytes()
    for _ in range(9):
        data = bytearray(whole)
        for _ in range(3):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        done = appraise("check", "--year", YEAR, "--format", "json", root=repo.root)
        assert done.stdout == cold[0]


def test_without_git_nothing_is_kept(tmp_path: Path) -> None:
    make_repository(tmp_path, 11, flawed=False)
    outputs(tmp_path)
    assert [p.name for p in tmp_path.iterdir() if "cache" in p.name] == []


def test_a_reduced_branch_is_read_back_as_it_was(repo: GitRepo) -> None:
    run = Run(open_repository(WorkingTree(repo.root)), int(YEAR), Means())
    run.read(run.repository.branch_ids)
    assert evaluate(WorkingTree(repo.root), int(YEAR)).results is not None
    for reduced in run.reduced.values():
        again = decode(encode(reduced))
        assert again == reduced
    for text in ("", "[]", "{}", "null", "[1,2]", encode(next(iter(run.reduced.values())))[:-9]):
        with pytest.raises(EncodingError):
            decode(text)
