"""A year shared out and joined again: the bytes of one run, and nothing but whole parts."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from generator.engine.branch import Reducer
from generator.engine.cache import digest_of_program
from generator.engine.evaluate import evaluate
from generator.engine.processes import WorkerDiedError, reduce_all
from generator.engine.shards import Shard
from generator.engine.year import Means
from generator.files.tree import WorkingTree
from tests.gitrepo import GitRepo
from tests.naive.repositories import make_repository
from tests.support import appraise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from click.testing import Result

    from generator.engine.branch import Reduced

YEAR = "2025"
SHARES = 4


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of random branches with all kinds of faults, committed."""
    make_repository(tmp_path / "root", 7, flawed=True)
    GitRepo(tmp_path / "root", base=False).commit("data")
    return tmp_path / "root"


def parts(root: Path, folder: Path, *arguments: str) -> list[Path]:
    """Compute every share and return the files of the parts."""
    files = []
    for number in range(1, SHARES + 1):
        share = f"{number}/{SHARES}"
        done = appraise(*arguments, "--year", YEAR, "--shard", share, "--no-cache", root=root)
        assert done.exit_code == 0, done.output
        files.append(folder / f"part-{number}")
        files[-1].write_text(done.stdout, "utf-8")
    return files


def merged(root: Path, files: Sequence[Path]) -> Result:
    return appraise("merge", *map(str, files), "--no-cache", root=root)


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "--format", "json"),
        ("score", "--format", "csv"),
        ("score",),
        ("check", "--format", "json"),
        ("check",),
    ],
    ids="-".join,
)
def test_joined_parts_are_the_bytes_of_one_run(
    root: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    files = parts(root, tmp_path, *arguments)
    one = appraise(*arguments, "--year", YEAR, "--no-cache", root=root)
    joined = merged(root, list(reversed(files)))
    assert joined.stdout == one.stdout
    assert joined.exit_code == one.exit_code
    assert len(one.stdout) > 100


def test_parts_fill_the_cache(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = parts(root, tmp_path, "score", "--format", "json")
    joined = appraise("merge", *map(str, files), root=root)

    def refuse(_: Reducer, branch_id: str) -> Reduced:
        raise AssertionError(branch_id)

    monkeypatch.setattr(Reducer, "reduce", refuse)
    again = appraise("score", "--format", "json", "--year", YEAR, root=root)
    assert again.stdout == joined.stdout


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda files: files.pop(), "分片不全，或有重复"),
        (lambda files: files.append(files[0]), "分片不全，或有重复"),
        (lambda files: cut(files[1]), "不完整"),
        (lambda files: files[1].write_text("x\n", "utf-8"), "不是分片结果"),
        (lambda files: files[1].write_text("", "utf-8"), "不是分片结果"),
        (lambda files: spoil(files[1]), "不完整"),
    ],
    ids=["missing", "twice", "cut", "foreign", "empty", "damaged"],
)
def test_what_is_no_whole_set_is_refused(
    root: Path, tmp_path: Path, damage: Callable[[list[Path]], object], words: str
) -> None:
    files = parts(root, tmp_path, "score", "--format", "json")
    damage(files)
    if len(files) > SHARES:
        files[-1] = tmp_path / "again"
        files[-1].write_bytes(files[0].read_bytes())
    joined = merged(root, files)
    assert joined.exit_code == 2
    assert words in joined.stderr
    assert joined.stdout == ""


def cut(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), "utf-8")


def spoil(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([lines[0], "[1]\n", *lines[2:]]), "utf-8")


def test_parts_of_other_data_are_refused(root: Path, tmp_path: Path) -> None:
    files = parts(root, tmp_path, "score", "--format", "json")
    debrief = root / "committee" / YEAR / "debrief.yml"
    debrief.write_text(debrief.read_text("utf-8") + "# later\n", "utf-8")
    joined = merged(root, files)
    assert joined.exit_code == 2
    assert "不是从这里的数据和程序算出的" in joined.stderr


@pytest.mark.parametrize("change", [False, True], ids=["times", "contents"])
def test_parts_of_another_checkout_go_together_if_the_program_is_the_same(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: bool
) -> None:
    """The files of the program have other times on every machine."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "a.py").write_text("# program\n", "utf-8")
    monkeypatch.setattr("generator.engine.cache.PROGRAM", program)
    files = parts(root, tmp_path, "score", "--format", "json")
    os.utime(program / "a.py", (1, 1))
    if change:
        # As long as before.
        (program / "a.py").write_text("# progran\n", "utf-8")
    digest_of_program.cache_clear()  # the other machine has a process of its own
    joined = merged(root, files)
    assert ("不是从这里的数据和程序算出的" in joined.stderr) is change
    assert (joined.stdout == "") is change


def test_a_share_is_written_as_one_of_many(root: Path) -> None:
    for text in ("0/4", "5/4", "4", "a/b", "-1/2", "1/0"):
        assert appraise("score", "--shard", text, root=root).exit_code == 2
    assert Shard.of("2/3").take(["a", "b", "c", "d", "e"]) == ["b", "e"]


def test_several_processes_give_the_same(root: Path) -> None:
    one = evaluate(WorkingTree(root), int(YEAR), Means(work=partial(reduce_all, jobs=1)))
    two = evaluate(WorkingTree(root), int(YEAR), Means(work=partial(reduce_all, jobs=2)))
    assert one.results == two.results
    assert one.findings == two.findings
    at = ("score", "--at", "HEAD", "--year", YEAR, "--format", "json", "--no-cache")
    assert appraise(*at, "--jobs", "1", root=root).stdout == (
        appraise(*at, "--jobs", "3", root=root).stdout
    )


class Dying(Reducer):
    """Ends its process at one branch, as running out of memory would."""

    def reduce(self, branch_id: str) -> Reduced:
        """Die at the second branch."""
        if branch_id.endswith("01"):
            os._exit(9)
        return super().reduce(branch_id)


def test_a_process_that_dies_names_the_branch(root: Path) -> None:
    from generator.engine.repository import open_repository
    from generator.engine.year import Run

    run = Run(open_repository(WorkingTree(root)), int(YEAR))
    reducer = run.reducer()
    assert reducer is not None
    dying = Dying(reducer.tree, reducer.setting, reducer.committee, reducer.consortia)
    ids = run.repository.branch_ids
    assert any(branch_id.endswith("01") for branch_id in ids)
    with pytest.raises(WorkerDiedError) as caught:
        list(reduce_all(dying, ids, jobs=2))
    assert any(name.endswith("01") for name in caught.value.branches)
