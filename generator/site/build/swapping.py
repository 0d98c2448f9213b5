"""Putting a new site in the place of the old one: one at a time, in one step, and cleared up.

Three hidden names lie beside a site's folder while it is built: ``.site.lock``, ``.site.new`` and,
only where the file system cannot let two folders change places, ``.site.old``. What is called new
may be gone at any moment: it is a site begun, or one that has been replaced. What is called old is
always a whole site.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.files.writing.exchange import exchange, flush, flush_names
from generator.text.language import gettext, tr
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What a system says when no more can be written: disk, quota, size of one file.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: What it says when a folder cannot be moved: a mount point, a lower layer of an overlay.
FIXED = frozenset({errno.EBUSY, errno.EXDEV})

#: Seconds that a build waits for another: one that was killed has processes that end in a moment.
PATIENCE = 0.25
PAUSE = 0.02


class BuildBusyError(Exception):
    """Another build of the same site is under way."""


class BuildDiskError(Exception):
    """The disk is full, or the site's folder or what lies beside it cannot be written."""


def beside(site_dir: Path, word: str) -> Path:
    """Return a hidden name next to the site's folder."""
    return site_dir.with_name(f".{site_dir.name}.{word}")


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file while the site is built; raises BuildBusyError where another holds it."""
    end = time.monotonic() + PATIENCE
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            if time.monotonic() > end:
                raise BuildBusyError(tr("另一次生成正在进行，请稍后再试")) from None
            time.sleep(PAUSE)
            continue
        if lock.exists() and os.path.samestat(os.fstat(descriptor), lock.stat()):
            break
        os.close(descriptor)  # the other build ended in between and took its lock file along
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def recover(site_dir: Path, new: Path, old: Path) -> None:
    """Clear up after a build that was killed: bring the old site back, remove what was begun."""
    if old.is_dir() and not (site_dir.is_dir() and any(site_dir.iterdir())):
        old.rename(site_dir)
    elif old.is_dir():
        discard(new)
        old.rename(new)
    discard(new)


def discard(folder: Path) -> None:
    """Remove a folder and all that is in it, if it is there; raises OSError."""
    if folder.is_dir():
        shutil.rmtree(folder)


def swap(site_dir: Path, new: Path, old: Path) -> None:
    """Put the new site in the place of the old one, which is called new afterwards.

    What is written is durable first, and the change of names before anything is removed: after
    a loss of power, too, one of the two sites is there and whole. Raises OSError.
    """
    flush(new)
    if not site_dir.exists():
        new.rename(site_dir)
    elif not exchange(new, site_dir):
        rename_both(site_dir, new, old)
    flush_names(site_dir.parent)


def rename_both(site_dir: Path, new: Path, old: Path) -> None:
    """Swap in two steps; a kill between them leaves no site until ``recover`` brings the old."""
    site_dir.rename(old)
    try:
        new.rename(site_dir)
    except OSError:
        old.rename(site_dir)
        raise
    flush_names(site_dir.parent)
    old.rename(new)


@contextmanager
def disk_told(site_dir: Path) -> Iterator[None]:
    """Turn what the disk refuses into BuildDiskError; any other OSError is a fault."""
    try:
        yield
    except OSError as error:
        words = disk_words(error, site_dir)
        if not words:
            raise
        raise BuildDiskError(words) from error


def disk_words(error: OSError, site_dir: Path) -> str:
    """Say what is wrong with the place of a site; nothing where that is not what failed."""
    if error.errno in FULL:
        return gettext("磁盘已满或超出限额：网站没有生成，原有网站保持不变；请腾出空间后再试")
    ours = (site_dir, *(beside(site_dir, word) for word in ("new", "old", "lock")))
    failed = Path(str(error.filename or ""))
    if failed not in site_dir.parents and not any(map(failed.is_relative_to, ours)):
        return ""
    if error.errno in FIXED:
        return tr(
            "{path} 不能整体替换（它是挂载点或只读层）：请用 --site-dir 指定它里面的一个目录",
            path=site_dir,
        )
    return tr("不能写入 {path}：{reason}", path=failed, reason=reason(error))
