"""Where main is: the commit that packages are held against, whatever the branch is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import HEAD, resolve_commit, run_git
from generator.files.remedies import history_at

if TYPE_CHECKING:
    from pathlib import Path

LOCAL, REMOTE = "refs/heads/", "refs/remotes/origin/"
MAIN = "main"


class Mainline(NamedTuple):
    """The commit that counts as main, and what it was found by: a branch's name, or HEAD."""

    name: str
    commit: str


def mainline(root: Path) -> Mainline | None:
    """Return main; None in a folder without any history. Raises GitError.

    It is the branch that ``origin`` has as its first, here or else as it was fetched last; without
    one the branch ``main``, and else what HEAD names.
    """
    if history_at(root) is None:
        return None
    head = resolve_commit(root, HEAD)
    asked = ("symbolic-ref", "--quiet", f"{REMOTE}HEAD")
    told = run_git(root, *asked, accept=(0, 1)).decode("utf-8", "replace").strip()
    own = told.removeprefix(REMOTE) if told.startswith(REMOTE) else ""
    for ref in (*((f"{LOCAL}{own}", told) if own else ()), f"{LOCAL}{MAIN}"):
        commit = commit_of(root, ref)
        if commit:
            name = ref.removeprefix(LOCAL).removeprefix("refs/remotes/")
            return Mainline(name, commit)
    return Mainline(HEAD, head)


def commit_of(root: Path, ref: str) -> str:
    """Return the commit of a ref, ``""`` where there is none; raises GitError."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    return run_git(root, *asked, accept=(0, 1)).decode("ascii").strip()
