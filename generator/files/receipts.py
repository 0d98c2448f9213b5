"""When files reached main: the first commit on its first-parent line that holds them.

Author dates, and the dates of commits inside a merged change, say what their writer wants;
the commit on main is made by those who accept. Its committer's time is the receipt
(docs/format.md §9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.git import MissingHistoryError, run_git, stream_git
from generator.files.tree import Past
from generator.text.days import day_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ROOT = b"branches/"
ENDING = b".yml"


class GitReceipts:
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
        self._history: History | None = None

    def load(self) -> History:
        """Return the history; it is read once."""
        if self._history is None:
            self._history = History(self.root, self.commit, self.folders)
        return self._history

    def prepare(self) -> None:
        """Read the history before several processes begin."""
        self.load()

    def day(self, path: str) -> datetime.date:
        """Return the day on which the YAML file at ``path`` was received.

        Raises MissingHistoryError where a shallow clone has cut off the commit that tells.
        """
        time = self.load().time(path)
        if time is None:
            if self.provisional is None:
                self.provisional = commit_time(self.root, self.commit)
            time = self.provisional
        return day_of(time)

    def past(self, paths: Sequence[str]) -> list[Past]:
        """Return what some files held after each first-parent commit that changed one of them.

        Raises MissingHistoryError where a shallow clone has cut off how they came to be.
        """
        lines = run_git(
            self.root, "--literal-pathspecs", "log", "--first-parent", "--format=%H %ct",
            "--no-show-signature", "--end-of-options", self.commit, "--", *paths,
        )  # fmt: skip
        told = [line.split() for line in reversed(lines.decode("ascii").splitlines())]
        if told and told[0][0] in cut_commits(self.root):
            raise MissingHistoryError(paths[0])
        return [Past(day_of(int(time)), self._held(commit, paths)) for commit, time in told]

    def _held(self, commit: str, paths: Sequence[str]) -> dict[str, bytes]:
        files = {}
        for entry in run_git(self.root, "ls-tree", "-z", commit, "--", *paths).split(b"\0"):
            meta, _, name = entry.partition(b"\t")
            if meta.split()[1:2] == [b"blob"]:
                data = run_git(self.root, "cat-file", "blob", meta.split()[2].decode("ascii"))
                files[name.decode("utf-8", "surrogateescape")] = data
        return files


class History:
    """The first-parent commits that brought YAML files in, kept as a few bytes a branch."""

    def __init__(self, root: Path, commit: str, folders: Iterable[str]) -> None:
        self.cut = cut_commits(root)
        self.commits: list[tuple[int, bool]] = []
        self._added: dict[bytes, bytearray] = {}
        self._last: tuple[bytes, dict[bytes, int]] = (b"", {})
        lines = stream_git(
            root, "-c", "log.showRoot=true", "log", "--first-parent",
            "--diff-merges=first-parent", "--no-renames", "--diff-filter=A", "--name-only",
            "--relative", "-z", "--format=%H %ct", "--no-show-signature", "--end-of-options",
            commit, "--", *folders,
        )  # fmt: skip
        for line in lines:
            self._take(line.lstrip(b"\n"))

    def _take(self, token: bytes) -> None:
        if not token.startswith(ROOT):
            if token:
                commit, seconds = token.decode("ascii").split()
                self.commits.append((int(seconds), commit in self.cut))
        elif token.endswith(ENDING):
            name = token.split(b"/", 2)[1]
            entry = b"%d %b\0" % (len(self.commits) - 1, token)
            self._added.setdefault(name, bytearray()).extend(entry)

    def time(self, path: str) -> int | None:
        """Return when a file came in, in seconds since 1970; None where no commit added it.

        Raises MissingHistoryError where the clone has cut off the commit that tells.
        """
        key = path.encode("utf-8", "surrogateescape")
        index = self._of(key.split(b"/", 2)[1]).get(key)
        if index is None:
            return None
        seconds, cut = self.commits[index]
        if cut:
            raise MissingHistoryError(path)
        return seconds

    def _of(self, name: bytes) -> dict[bytes, int]:
        """Return path → number of the oldest commit that added it; the log begins with the newest.

        The branch asked for last stays at hand.
        """
        if self._last[0] != name:
            entries = bytes(self._added.get(name, b"")).split(b"\0")[:-1]
            pairs = (entry.split(b" ", 1) for entry in entries)
            self._last = (name, {path: int(number) for number, path in pairs})
        return self._last[1]


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
