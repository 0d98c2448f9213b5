"""Writing a folder whole, struck at any step: what is written, and a small process that is killed.

A process that runs tests is large, and so a fork of it takes long; ``Struck`` forks one that has
nothing but what writes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from generator.files.writing import exchange, folder
from generator.files.writing.folder import Beside, alone, put

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = "home/a/2025"
DAYS = "office/days.yml"
OLD = {
    f"{FOLDER}/keep.md": b"keep", f"{FOLDER}/x/change.md": b"old", f"{FOLDER}/x/gone.md": b"gone",
    f"{FOLDER}/y/gone too.md": b"gone", "home/b/other.md": b"other", DAYS: b"before",
}  # fmt: skip
NEW = {f"{FOLDER}/x/change.md": b"new" * 5000, f"{FOLDER}/z/z/new.md": b"new" * 9000}
GONE = (f"{FOLDER}/x/gone.md", f"{FOLDER}/y/gone too.md")
BESIDE = Beside(DAYS, b"after" * 100)
AFTER = {path: data for path, data in OLD.items() if path not in GONE} | NEW | {DAYS: BESIDE.data}
#: Every call of the system that changes the disk, by who makes it.
STEPS = (
    (os, "mkdir"), (os, "link"), (os, "rename"), (os, "replace"), (os, "open"), (os, "rmdir"),
    (os, "unlink"), (os, "chmod"), (exchange, "exchange"), (exchange, "flush"),
)  # fmt: skip


class Counted:
    """Counts the steps of a run, and lets one of them strike: before it is done, or behind it.

    ``put_in_place`` is ``setattr``, or one that takes it back in the end.
    """

    def __init__(self, put_in_place: Callable[[Any, str, object], object]) -> None:
        self.steps = 0
        self.at = 0
        self.strike: Callable[[], None] = lambda: None
        for module, name in STEPS:
            wrapped = self.counted(getattr(module, name))
            put_in_place(module, name, wrapped)
            if module is exchange:
                put_in_place(folder, name, wrapped)
        put_in_place(Path, "open", self.counted(Path.open))
        put_in_place(subprocess, "Popen", self.counted(subprocess.Popen))

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            self.steps += 1
            if self.steps == self.at:
                self.strike()
            return function(*arguments, **named)

        return step

    def set(self, at: int, strike: Callable[[], None]) -> None:
        self.steps, self.at, self.strike = 0, at, strike


def write(root: Path, beside: Beside | None = BESIDE) -> None:
    """Write the new files in the place of the old ones."""
    with alone(root):
        put(root, FOLDER, NEW.items(), GONE, root / ".staging", beside)


def killed() -> None:
    """End this process as nobody can prevent it."""
    os.kill(os.getpid(), signal.SIGKILL)


def forked(run: Callable[[], object]) -> int:
    """Run something in a process of its own; return how that ended."""
    child = os.fork()
    if not child:
        status = 1
        try:
            run()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1]


class Struck:
    """A process that forks one which writes and is killed at a step; ends with the block."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.strikes"],
            cwd=Path(__file__).resolve().parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def write(self, root: Path, step: int, *, swaps: bool, beside: bool) -> int:
        """Write below a root, killed at a step; return how that ended.

        Without ``swaps`` folders do not change places at once; ``beside`` there is a file more.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([str(root), step, swaps, beside]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def struck(root: str, step: int, swaps: bool, beside: bool) -> None:
    """Be the process that writes and is killed."""
    if not swaps:
        exchange.exchange_call = lambda: None  # type: ignore[assignment] # as where there is none
    Counted(setattr).set(step, killed)
    write(Path(root), BESIDE if beside else None)


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{forked(partial(struck, *json.loads(line)))}\n")
        sys.stdout.flush()
