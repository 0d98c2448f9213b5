"""What only the system can do: folders change places in one step, writes last, signals wait.

Linux has renameat2(2) with RENAME_EXCHANGE, macOS renamex_np(2) with RENAME_SWAP; Python offers
neither. At no moment is either of the two names empty.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Constants of <fcntl.h> and <stdio.h>.
AT_FDCWD = -100
RENAME_EXCHANGE = 2
RENAME_SWAP = 2

#: Signals by which somebody asks a program to end.
DISTURBING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})

#: What a system, or one of its file systems, says that cannot exchange.
CANNOT = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one file system change places in one step.

    Returns False, with nothing changed, where the system cannot; raises OSError.
    """
    call = exchange_call()
    if call is None:
        return False
    ctypes.set_errno(0)
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


@cache
def exchange_call() -> Callable[[bytes, bytes], int] | None:
    """Return the system's own call, which takes two paths; None where it has none."""
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        swap = getattr(library, "renamex_np", None)
        return None if swap is None else lambda one, other: int(swap(one, other, RENAME_SWAP))
    rename = getattr(library, "renameat2", None)
    if rename is None:
        return None
    return lambda one, other: int(rename(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE))


def flush(folder: Path) -> None:
    """Bring all that was written to the file system of a folder onto the disk; raises OSError.

    One call for the whole file system: asking for each file takes ten to forty times as long.
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if call(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)


def flush_names(folder: Path) -> None:
    """Make the names in a folder durable, where its file system can; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in CANNOT:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C and requests to end wait until a few steps that belong together are done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, DISTURBING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
