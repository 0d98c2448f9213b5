"""Where tests write: in memory, where there is plenty of it.

They write many small files, which a disk takes twice the CPU for and waits of its own. ``python -m
tests.room`` prints what the environment of pytest has to say then (``Makefile``), or nothing;
whoever sets ``TMPDIR`` has chosen.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - tests alone write there, in folders of their own
#: Bytes that a whole run takes at most, and twice that are asked for.
TAKEN = 3 << 30
MEMORY = Path("/proc/meminfo")


def available(told: str) -> int:
    """Return the bytes of memory that can be had, from what Linux tells of it; 0 for no word."""
    lines = (line.split() for line in told.splitlines())
    return next((int(size) << 10 for name, size, *_ in lines if name == "MemAvailable:"), 0)


def has_room(folder: Path, told: str) -> bool:
    """Whether a folder may hold what tests write: plenty of room, and programs may be run there.

    ``told`` is what Linux says of memory: what lies in such a folder takes it.
    """
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    place = os.statvfs(folder)
    room = min(place.f_bavail * place.f_frsize, available(told))
    return room >= 2 * TAKEN and not place.f_flag & os.ST_NOEXEC


def surroundings() -> list[str]:
    """Return what has to stand in the environment of tests that write in memory; else nothing.

    What a test that passed has written goes at once there. On a disk taking it away costs more.
    """
    told = MEMORY.read_text("ascii") if MEMORY.exists() else ""
    if "TMPDIR" in os.environ or not has_room(IN_MEMORY, told):
        return []
    options = os.environ.get("PYTEST_ADDOPTS")
    own = [] if options else ["PYTEST_ADDOPTS=-otmp_path_retention_policy=failed"]
    return [f"TMPDIR={IN_MEMORY}", *own]


if __name__ == "__main__":
    sys.stdout.write(" ".join(surroundings()) + "\n")
