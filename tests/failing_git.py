"""A git that fails at one of its calls, put before the real one on the PATH."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

#: How a program fails: with git's own words, an error that looks like an answer, by a signal.
WAYS = ("echo 'fatal: out of luck' >&2; exit 128", "echo 'error: out of luck' >&2; exit 1",
        "kill -9 $$")  # fmt: skip
SCRIPT = """#!/bin/sh
read n < "$GIT_CALLS/n"; n=$((n + 1)); echo $n > "$GIT_CALLS/n"
echo "$@" >> "$GIT_CALLS/log"
[ "$n" = "$GIT_FAILS" ] && {{ eval "$GIT_WAY"; }}
exec "{git}" "$@"
"""


class FailingGit:
    """Counts the calls of git, and lets one of them fail."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.patch = patch
        program = folder / "bin" / "git"
        program.parent.mkdir()
        program.write_text(SCRIPT.format(git=shutil.which("git")), "utf-8")
        program.chmod(0o755)
        patch.setenv("GIT_CALLS", str(folder))
        patch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        self.fail(0)

    def fail(self, call: int, way: str = WAYS[0]) -> None:
        """Let the ``call``-th of the next calls (from 1) fail; 0: none."""
        (self.folder / "n").write_text("0\n", "utf-8")
        (self.folder / "log").write_text("", "utf-8")
        self.patch.setenv("GIT_FAILS", str(call))
        self.patch.setenv("GIT_WAY", way)

    @property
    def calls(self) -> list[str]:
        """What git was asked since."""
        return (self.folder / "log").read_text("utf-8").splitlines()
