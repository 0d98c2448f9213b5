"""Git, asked through plumbing commands alone; no setting or hook of a repository has any effect."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = (
    "git",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "core.attributesFile=/dev/null",
)  # fmt: skip


class GitError(Exception):
    """Git is missing, or cannot answer: no repository, no such revision, history cut off."""


def environment() -> dict[str, str]:
    """Return the environment for git: no locale, no locks, no terminal."""
    return {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}


def run_git(root: Path, *arguments: str) -> bytes:
    """Return what a git command prints; raises GitError with git's own words."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, no shell
            [*COMMAND, "-C", str(root), *arguments],
            capture_output=True,
            check=False,
            env=environment(),
        )
    except FileNotFoundError as error:
        raise GitError(str(error)) from error
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip()
        raise GitError(words or " ".join(arguments))
    return done.stdout


def resolve_commit(root: Path, revision: str) -> str:
    """Return the commit id that ``revision`` names; raises GitError."""
    name = f"{revision}^{{commit}}"
    out = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    return out.decode("ascii").strip()


def commit_date(root: Path, commit: str) -> str:
    """Return the committer's date of a commit, ISO 8601 with its own offset."""
    out = run_git(root, "show", "--no-patch", "--format=%cI", "--end-of-options", commit)
    return out.decode("ascii").strip()
