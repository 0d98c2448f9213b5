"""All of a package or nothing: on full disks, and for whoever is killed at any step."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.files.writing import UnwrittenError, exchange
from generator.files.writing.folder import alone, put, recover
from tests.gitrepo import GitRepo, blob_id
from tests.packing import HOME, PLAN, zipped
from tests.strikes import (
    AFTER,
    BESIDE,
    DAYS,
    FOLDER,
    OLD,
    Counted,
    Struck,
    forked,
    killed,
    write,
)
from tests.support import BASE, appraise
from tests.tiers import tiered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def state(root: Path) -> dict[str, bytes]:
    """Return every file below a root, what is begun left out."""
    found = (path for path in root.rglob("*") if path.is_file())
    return {
        name: path.read_bytes()
        for path in found
        if not (name := str(path.relative_to(root))).startswith(".staging")
    }


def filled(root: Path) -> Path:
    """Write the old files below a root; return it."""
    for path, data in OLD.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_files_are_written_changed_and_removed_together(tmp_path: Path) -> None:
    root = filled(tmp_path)
    inode = (root / f"{FOLDER}/keep.md").stat().st_ino
    (root / FOLDER).chmod(0o750)
    write(root)
    assert state(root) == AFTER
    assert (root / f"{FOLDER}/keep.md").stat().st_ino == inode
    assert (root / FOLDER).stat().st_mode & 0o777 == 0o750
    assert not (root / ".staging").exists()
    assert not (root / FOLDER / "y").exists()


def test_a_folder_that_is_not_there_appears_whole(tmp_path: Path) -> None:
    files = {f"{FOLDER}/a.md": b"a", f"{FOLDER}/b/c.md": b"c"}
    put(tmp_path, FOLDER, files.items(), (), tmp_path / ".staging", BESIDE)
    assert state(tmp_path) == files | {DAYS: BESIDE.data}


def test_a_full_disk_at_any_step_leaves_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(monkeypatch.setattr)
    failed = 0
    for step in range(1, 200):
        root = filled(tmp_path / f"{step}")
        counted.set(step, full)
        expected = AFTER
        try:
            write(root)
        except UnwrittenError:
            failed, expected = failed + 1, OLD
        taken = counted.steps
        counted.set(0, full)
        assert state(root) == expected, step
        if taken < step:
            break
    assert failed > 15


def test_a_disk_that_is_full_at_any_byte(tmp_path: Path) -> None:
    root = filled(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        for size in (0, 10, 499, 14_999, 26_999):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
            with pytest.raises(UnwrittenError):
                write(root)
            assert state(root) == OLD, size
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    write(root)
    assert state(root) == AFTER


@pytest.fixture(scope="module")
def process() -> Iterator[Struck]:
    """Return a small process that forks what is killed."""
    with Struck() as it:
        yield it


@pytest.mark.parametrize(
    ("swaps", "beside"),
    [
        pytest.param(True, False, id="exchange-alone"),
        pytest.param(True, True, id="exchange-with a file"),
        pytest.param(False, True, id="two renames-with a file"),
        pytest.param(False, False, id="two renames-alone", marks=pytest.mark.long),
    ],
)
def test_whoever_is_killed_at_any_step_leaves_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: Struck, *, swaps: bool, beside: bool
) -> None:
    """In one step even before the next run; in two as soon as that begins."""
    after = AFTER if beside else AFTER | {DAYS: OLD[DAYS]}
    if not swaps:
        monkeypatch.setattr(exchange, "exchange_call", lambda: None)
    seen = set()
    for step in range(1, 200):
        root = filled(tmp_path / f"{step}")
        ended = process.write(root, step, swaps=swaps, beside=beside)
        at_once = state(root)
        with alone(root):
            went_on = recover(root, root / ".staging")
        found = state(root)
        assert found in (OLD, after), step
        if swaps and not beside:
            assert found == at_once, step
        assert went_on == (found != at_once)
        seen.add((found == OLD, went_on))
        assert not (root / ".staging").exists()
        shutil.rmtree(root)
        if not ended:
            break
    assert seen >= {(True, False), (False, False)}
    assert ((False, True) in seen) == (beside or not swaps)


def test_what_was_changed_since_is_not_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between folder and file: the file is left to whoever wrote it in the meantime."""
    root = filled(tmp_path)
    monkeypatch.setattr("generator.files.writing.folder.flush_names", lambda _: killed())
    real = Path.replace

    def struck(path: Path, target: Path) -> Path:
        if path.name == "file":
            killed()
        return real(path, target)

    monkeypatch.setattr(Path, "replace", struck)
    assert forked(lambda: write(root)) == signal.SIGKILL
    monkeypatch.undo()
    assert state(root) == AFTER | {DAYS: OLD[DAYS]}
    (root / DAYS).write_bytes(b"mine")
    assert recover(root, root / ".staging") is False
    assert state(root) == AFTER | {DAYS: b"mine"}


def test_a_file_in_the_place_of_a_folder_is_not_moved_into_it(tmp_path: Path) -> None:
    root = filled(tmp_path)
    (root / FOLDER / "z").write_bytes(b"mine")
    before = state(root)
    with pytest.raises(UnwrittenError):
        write(root)
    assert state(root) == before


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b"{}", b'{"unit": 1}', b"null"])
def test_a_note_that_cannot_be_read_is_cleared_away(note: bytes, tmp_path: Path) -> None:
    root = filled(tmp_path)
    (root / ".staging").mkdir()
    (root / ".staging/note.json").write_bytes(note)
    assert recover(root, root / ".staging") is False
    assert state(root) == OLD
    assert not (root / ".staging").exists()


def test_no_link_is_followed(tmp_path: Path) -> None:
    root = filled(tmp_path / "root")
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(root / FOLDER)
    for place in (FOLDER, "home/a"):
        shutil.rmtree(root / place, ignore_errors=True)
        (root / place).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(UnwrittenError):
            write(root, None)
        (root / place).unlink()
        (root / "home/a").mkdir(exist_ok=True)
    assert list((tmp_path / "elsewhere").iterdir()) == []


# The command as a whole.

RECORD = f"{HOME}/documents/summary/document.yml"
FILES = {
    RECORD: "kind: plan\ntitle: 总结\ndate: 2025-12-01\nfiles: [a.md]\n".encode(),
    f"{HOME}/documents/summary/a.md": "# 全年总结\n".encode(),
    PLAN: "# 改过的计划\n".encode(),
}


@pytest.fixture
def place(tmp_path: Path) -> GitRepo:
    """Return a repository beside a package, which is called ``p.zip``."""
    repo = GitRepo(tmp_path / "root")
    data = zipped(FILES, replaced={PLAN: blob_id((BASE / PLAN).read_bytes())})
    (tmp_path / "p.zip").write_bytes(data)
    return repo


def data_of(repo: GitRepo) -> dict[str, bytes]:
    files = (path for path in repo.root.rglob("*") if path.is_file())
    own = {str(path.relative_to(repo.root)): path.read_bytes() for path in files}
    return {name: data for name, data in own.items() if not name.startswith(".git/")}


@pytest.fixture
def limited() -> Iterator[Callable[[int], None]]:
    """Give a function that lets no file grow beyond a number of bytes, also for git."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("option", ["--received=2025-12-11", "--commit"])
def test_a_full_disk_is_told_and_leaves_nothing(
    option: str, place: GitRepo, limited: Callable[[int], None]
) -> None:
    before, refs = data_of(place), place.git("for-each-ref")
    path = str(place.root.parent / "p.zip")
    for size in (0, 30, 200):
        limited(size)
        done = appraise("import", path, option, root=place.root)
        limited(resource.RLIM_INFINITY)
        assert done.exit_code == 2, done.output
        assert (data_of(place), place.git("for-each-ref")) == (before, refs), size
    assert appraise("import", path, option, root=place.root).exit_code == 0


@pytest.mark.parametrize("seed", tiered(range(50), often=2))
def test_kills_at_any_step_leave_all_or_nothing(
    seed: int, place: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is there or it is not, and the next import sees to the rest."""
    option = ("--received=2025-12-11", "--commit")[seed % 2]
    shutil.copytree(place.root, tmp_path / "counting")
    counted = Counted(monkeypatch.setattr)
    run = partial(appraise, "import", str(tmp_path / "p.zip"), option)
    counted.set(0, killed)
    run(root=tmp_path / "counting")
    before, days = data_of(place), "committee/2025/received/demo-a.yml"
    counted.set(random.Random(seed).randint(1, counted.steps), killed)
    assert forked(partial(run, root=place.root)) == signal.SIGKILL
    monkeypatch.undo()
    found = data_of(place)
    found.pop(days, None)
    assert found in ((before,) if option == "--commit" else (before, before | FILES))
    for ref in place.git("for-each-ref", "--format=%(refname)", "refs/heads/filing").split():
        assert all(place.git("show", f"{ref}:{p}").encode() + b"\n" == FILES[p] for p in FILES)
    done = run(root=place.root)
    assert done.exit_code == 0, done.output
    assert place.git("fsck", "--no-dangling") == ""
    assert not (place.root / ".git/appraise-import").exists()
    if option != "--commit":
        assert data_of(place).items() >= FILES.items()
        assert (place.root / days).is_file()
