"""When files reached main: the first commit on its first-parent line that holds them.

Author dates, and the dates of commits inside a merged change, are whatever their writer says;
the commit on main is made by those who accept. Its committer's time is the receipt (design, Git).
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from generator.git import MissingHistoryError, run_git

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Chongqing's time: the same day for everyone who computes, wherever the machine stands.
ZONE = datetime.timezone(datetime.timedelta(hours=8))
ROOT = b"branches/"


class Receipts:
    """Days of receipt in the history of one commit; read when the first one is asked for.

    ``folders`` narrows the history; ``provisional`` is the time (seconds since 1970) given to
    files that no commit of it holds yet, such as those of a proposal.
    """

    def __init__(
        self,
        root: Path,
        commit: str,
        folders: Iterable[str] = ("branches",),
        provisional: int | None = None,
    ) -> None:
        self.root = root
        self.commit = commit
        self.folders = tuple(folders)
        self.provisional = provisional
        self._first: dict[str, tuple[int, str]] | None = None
        self._cut: frozenset[str] = frozenset()

    def day(self, path: str) -> datetime.date:
        """Return the day on which the file at ``path`` was received.

        Raises MissingHistoryError where a shallow clone has cut off the commit that tells.
        """
        if self._first is None:
            self._first = self._read()
        time, commit = self._first.get(path, (self.provisional, ""))
        if commit in self._cut:
            raise MissingHistoryError(path)
        if time is None:
            time = self.provisional = commit_time(self.root, self.commit)
        return datetime.datetime.fromtimestamp(time, ZONE).date()

    def _read(self) -> dict[str, tuple[int, str]]:
        out = run_git(
            self.root, "-c", "log.showRoot=true", "log", "--first-parent",
            "--diff-merges=first-parent", "--no-renames", "--diff-filter=A", "--name-only",
            "--relative", "-z", "--format=%H %ct", "--no-show-signature", "--end-of-options",
            self.commit, "--", *self.folders,
        )  # fmt: skip
        self._cut = cut_commits(self.root)
        first: dict[str, tuple[int, str]] = {}
        commit, time = "", 0
        for field in out.split(b"\0"):
            token = field.lstrip(b"\n")
            if token.startswith(ROOT):
                first[token.decode("utf-8", "surrogateescape")] = (time, commit)
            elif token:
                commit, seconds = token.decode("ascii").split()
                time = int(seconds)
        return first


def commit_time(root: Path, commit: str) -> int:
    """Return the committer's time of a commit, in seconds since 1970."""
    out = run_git(root, "show", "--no-patch", "--format=%ct", "--end-of-options", commit)
    return int(out)


def cut_commits(root: Path) -> frozenset[str]:
    """Return the commits at which a shallow clone's history is cut off; none in a whole one."""
    if run_git(root, "rev-parse", "--is-shallow-repository").strip() != b"true":
        return frozenset()
    name = run_git(root, "rev-parse", "--git-path", "shallow").decode("utf-8").rstrip("\n")
    return frozenset((root / name).read_text("ascii").split())
