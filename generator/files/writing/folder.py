"""A folder whose files change together: all or none, also for whoever is killed in the middle.

The folder is made anew beside the old one, with links to the files that stay, and the two change
places in one step of the system. What was begun lies in a folder of its own (``staging``, on the
same file system) and is cleared away by whoever comes next; where one step does not do, a note in
it says how to go on.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path

# Any: a note of ours, or whatever stands in its place; a wrong type is an error of lookup.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.files.tree import blob_id
from generator.files.writing import UnwrittenError
from generator.files.writing.exchange import exchange, flush, flush_names, undisturbed
from generator.text.messages import say
from generator.text.names import visible
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

NEW, OLD, FILE, NOTE = "new", "old", "file", "note.json"


class Beside(NamedTuple):
    """A file outside of the folder that changes with it: its path, and its whole new content."""

    path: str
    data: bytes


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Wait until nobody else writes below a root, and let others wait: by a lock on the folder.

    Where a file system has no locks nobody waits. Raises UnwrittenError.
    """
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise UnwrittenError(reason(error)) from error
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def put(
    root: Path,
    folder: str,
    files: Iterable[tuple[str, bytes]],
    removed: Collection[str],
    staging: Path,
    beside: Beside | None = None,
) -> None:
    """Write and remove files below a folder of the root, all or none; raises UnwrittenError.

    ``files`` gives path and content, paths from the root; whoever calls holds ``alone(root)``.
    """
    try:
        recover(root, staging)
        try:
            unit = _stage(root, folder, files, removed, staging)
            _note(root, unit, staging, beside)
            flush(staging)
            with undisturbed():
                _switch(root, unit, staging, beside)
        finally:
            _clear(staging)
    except OSError as error:
        raise UnwrittenError(reason(error)) from error


def recover(root: Path, staging: Path) -> bool:
    """Go on where a run was killed between two steps, and clear up; return whether it went on.

    Nothing that somebody has changed since is touched. Raises UnwrittenError.
    """
    went_on = False
    try:
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            went_on = _go_on(root, staging, json.loads((staging / NOTE).read_text("utf-8")))
    except OSError as error:
        raise UnwrittenError(reason(error)) from error
    _clear(staging)
    return went_on


def _go_on(root: Path, staging: Path, note: Any) -> bool:
    """Do the steps that a note says and that are not done yet; return whether there was one."""
    target = root / note["unit"]
    moved = not os.path.lexists(target) and (staging / OLD).is_dir()
    if moved:
        (staging / NEW).rename(target)
    done = os.path.lexists(target) and target.lstat().st_ino == note["inode"]
    staged = staging / FILE
    if done and note["file"] and staged.exists():
        path = root / note["file"]
        now = blob_id(path.read_bytes()) if path.is_file() else None
        if now == note["before"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(path)
            return True
    return moved


def _stage(
    root: Path,
    folder: str,
    files: Iterable[tuple[str, bytes]],
    removed: Collection[str],
    staging: Path,
) -> str:
    """Make the folder anew; return what is to be put in its place, from the root.

    That is the folder, or the topmost one above it that is not there yet.
    """
    unit = _unit(root, folder)
    new = staging / NEW
    new.mkdir(parents=True)
    home = new / Path(folder).relative_to(unit)
    home.mkdir(parents=True, exist_ok=True)
    given = set()
    for path, data in files:
        given.add(path)
        target = home / Path(path).relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(data)
    if unit == folder and (root / folder).is_dir():
        _keep(root, folder, home, given | set(removed))
    return unit


def _unit(root: Path, folder: str) -> str:
    """Return the folder, or the topmost one above it that is not there; none may be a link."""
    parts = folder.split("/")
    for depth in range(1, len(parts) + 1):
        above = "/".join(parts[:depth])
        try:
            mode = (root / above).lstat().st_mode
        except FileNotFoundError:
            return above
        if not stat.S_ISDIR(mode):
            raise UnwrittenError(say("“{path}”是链接或文件，不是文件夹", path=visible(above)))
    return folder


def _keep(root: Path, folder: str, home: Path, left_out: Collection[str]) -> None:
    """Let the files that stay lie in the new folder as well; folders are as open as they were."""
    for place, _, names in os.walk(root / folder, followlinks=False):
        below = Path(place).relative_to(root / folder)
        kept = [name for name in names if (folder / below / name).as_posix() not in left_out]
        links = [item.name for item in os.scandir(place) if item.is_dir() and item.is_symlink()]
        target = home / below
        if kept or links:
            target.mkdir(parents=True, exist_ok=True)
        for name in (*kept, *links):
            _link(Path(place) / name, target / name)
        if target.is_dir():
            target.chmod(stat.S_IMODE(Path(place).stat().st_mode))


def _link(source: Path, target: Path) -> None:
    """Let a file lie at a second place, by a copy where the file system has no links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)


def _note(root: Path, unit: str, staging: Path, beside: Beside | None) -> None:
    """Write down what is about to happen, and stage the file that changes with the folder."""
    before = None
    if beside is not None:
        path = root / beside.path
        _unit(root, beside.path.rpartition("/")[0])
        before = blob_id(path.read_bytes()) if path.is_file() else None
        (staging / FILE).write_bytes(beside.data)
    note = {
        "unit": unit,
        "inode": (staging / NEW).lstat().st_ino,
        "file": beside.path if beside is not None else None,
        "before": before,
    }
    (staging / NOTE).write_text(json.dumps(note), "utf-8")


def _switch(root: Path, unit: str, staging: Path, beside: Beside | None) -> None:
    """Put the new folder in the place of the old one; raises OSError with everything as it was."""
    target, new, old = root / unit, staging / NEW, staging / OLD
    there = os.path.lexists(target)
    if not there:
        new.rename(target)
    elif not exchange(new, target):
        target.rename(old)
        try:
            new.rename(target)
        except OSError:
            old.rename(target)
            raise
        old.rename(new)
    if beside is not None:
        path = root / beside.path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            (staging / FILE).replace(path)
        except OSError:
            _back(target, new, there=there)
            raise
    with contextlib.suppress(OSError):  # it is done, and lasts in a moment
        flush_names(target.parent)


def _back(target: Path, new: Path, *, there: bool) -> None:
    """Undo the first step of two."""
    if not there:
        target.rename(new)
    elif not exchange(new, target):
        aside = new.with_name(OLD)
        target.rename(aside)
        new.rename(target)


def _clear(staging: Path) -> None:
    """Remove what was begun; what cannot be removed now is removed by the next."""
    shutil.rmtree(staging, ignore_errors=True)
