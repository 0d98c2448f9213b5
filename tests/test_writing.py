"""Files of a final year are both there or neither, wherever the disk fails."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

from generator.files.writing import UnwrittenError, write_together
from tests.gitrepo import GitRepo
from tests.support import appraise, end_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

YEAR = 2025
FOLDER = f"committee/{YEAR}"
STEPS = ((os, "replace"), (os, "fsync"), (os, "chmod"), (os, "fdopen"), (tempfile, "mkstemp"))


class FailingDisk:
    """Counts what is asked of the disk, and lets one step fail as a full disk does."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        self.fails = 0
        for module, name in STEPS:
            patch.setattr(module, name, self.counted(getattr(module, name)))

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            self.steps += 1
            if self.steps == self.fails:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return function(*arguments, **named)

        return step

    def fail(self, step: int) -> None:
        self.steps, self.fails = 0, step


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def some_files(seed: int, folder: Path) -> dict[Path, bytes]:
    """Return files to write, some of which are there already."""
    rng = random.Random(seed)
    files = {}
    for name in ("rubric.yml", "results.json", "third")[: rng.randint(1, 3)]:
        files[folder / name] = rng.randbytes(rng.choice([0, 1, 5000, 200_000]))
        if rng.random() < 0.5:
            (folder / name).write_bytes(rng.randbytes(rng.choice([0, 10, 9000])))
    return files


@pytest.mark.parametrize("seed", range(50))
def test_all_files_or_none(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = some_files(seed, tmp_path)
    before = state(tmp_path)
    disk = FailingDisk(monkeypatch)
    step = 0
    while True:
        step += 1
        disk.fail(step)
        try:
            write_together(files)
        except UnwrittenError:
            assert state(tmp_path) == before, step
        else:
            break
    assert step == disk.steps + 1 >= 5 * len(files)
    assert state(tmp_path) == before | {path.name: data for path, data in files.items()}


@pytest.fixture
def limited() -> Iterator[Callable[[int], None]]:
    """Give a function that lets no file grow beyond a number of bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


def test_a_disk_that_is_full_at_any_byte(tmp_path: Path, limited: Callable[[int], None]) -> None:
    rng = random.Random(0)
    files = {tmp_path / "rubric.yml": b"r" * 3000, tmp_path / "results.json": b"s" * 40_000}
    for size in [0, 1, 2999, 3000, 39_999, *(rng.randrange(40_000) for _ in range(50))]:
        limited(size)
        with pytest.raises(UnwrittenError):
            write_together(files)
        assert state(tmp_path) == {}, size
    limited(40_000)
    write_together(files)
    assert len(state(tmp_path)) == 2


def test_finalize_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = GitRepo(tmp_path)
    end_year(repo.root)
    repo.commit("final")
    before = state(repo.root / FOLDER)
    disk = FailingDisk(monkeypatch)
    for step in range(1, 11):
        disk.fail(step)
        done = appraise("finalize", f"{YEAR}", root=repo.root)
        assert done.exit_code == 2, (step, done.output)
        assert "没有写成：磁盘已满" in done.stderr
        assert state(repo.root / FOLDER) == before
    disk.fail(0)
    assert appraise("finalize", f"{YEAR}", root=repo.root).exit_code == 0
    assert {*state(repo.root / FOLDER)} - {*before} == {"results.json", "rubric.yml"}
