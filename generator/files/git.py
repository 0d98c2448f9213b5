"""Git, asked through plumbing commands alone; no setting or hook of a repository has any effect."""

from __future__ import annotations

import os
import subprocess
from typing import IO, TYPE_CHECKING

from generator.text.messages import say
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

COMMAND = (
    "git",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "core.attributesFile=/dev/null",
)  # fmt: skip


CHUNK = 1 << 20
#: Questions that are put before their answers are read: both fit into a pipe.
AT_ONCE = 500
#: Characters of git's own words that are shown.
MAX_WORDS = 300


class GitError(Exception):
    """Git is missing, or cannot answer: no repository, no such revision."""


class SubfolderError(GitError):
    """The data lies in a subfolder of a larger repository."""


class MissingHistoryError(GitError):
    """A shallow clone lacks the commits that the answer rests on."""


#: What git tells its hooks about their repository; the one asked for here may be another.
OF_ANOTHER = frozenset(
    {"GIT_COMMON_DIR", "GIT_DIR", "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_WORK_TREE"}
)
ALWAYS = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
}


#: An index that does not exist. One of 400,000 files takes a tenth of a second to read, which
#: comparing two trees does for the sake of settings that are none of a proposal's business.
NO_INDEX = {"GIT_INDEX_FILE": f"{__file__}.index"}


def environment(*, index: bool = True) -> dict[str, str]:
    """Return the environment for git: no locale, locks, terminal, nor other repository.

    No object is taken for another (``git replace``). Without ``index`` there is none.
    """
    own = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER}
    return {**own, **ALWAYS, **({} if index else NO_INDEX)}


def run_git(
    root: Path, *arguments: str, accept: Collection[int] = (0,), index: bool = True
) -> bytes:
    """Return what a git command prints; raises GitError with git's own words.

    ``accept`` holds the exit statuses that are answers; without ``index`` none is read.
    """
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, no shell
            [*COMMAND, "-C", str(root), *arguments],
            capture_output=True,
            check=False,
            env=environment(index=index),
        )
    except FileNotFoundError as error:
        raise GitError(str(error)) from error
    if done.returncode not in accept:
        words = done.stderr.decode("utf-8", "replace").strip() or " ".join(arguments)
        raise GitError(visible(" ".join(words.split()), MAX_WORDS))
    return done.stdout


def stream_git(root: Path, *arguments: str) -> Iterator[bytes]:
    """Yield what a git command prints, parted at NUL; raises GitError with git's own words."""
    import tempfile  # noqa: PLC0415 - 5 ms that few commands need

    with tempfile.TemporaryFile() as words:
        try:
            process = subprocess.Popen(  # noqa: S603 - fixed program, no shell
                [*COMMAND, "-C", str(root), *arguments],
                stdout=subprocess.PIPE,
                stderr=words,
                env=environment(),
            )
        except FileNotFoundError as error:
            raise GitError(str(error)) from error
        rest = b""
        with process:
            while process.stdout and (chunk := process.stdout.read(CHUNK)):
                *parts, rest = (rest + chunk).split(b"\0")
                yield from parts
        yield rest
        if process.returncode:
            words.seek(0)
            raise GitError(words.read().decode("utf-8", "replace").strip())


def resolve_commit(root: Path, revision: str) -> str:
    """Return the commit id that ``revision`` names; raises GitError."""
    name = f"{revision}^{{commit}}"
    out = run_git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name, accept=(0, 1))
    if not out:
        raise GitError(say("没有“{revision}”这个版本", revision=visible(revision)))
    return out.decode("ascii").strip()


def commit_date(root: Path, commit: str) -> str:
    """Return the committer's date of a commit, ISO 8601 with its own offset."""
    out = run_git(root, "show", "--no-patch", "--format=%cI", "--end-of-options", commit)
    return out.decode("ascii").strip()


class Objects:
    """Reads objects of one repository through a single process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._batch: subprocess.Popen[bytes] | None = None

    def read(self, identifier: str) -> bytes:
        """Return the content of an object; raises GitError where it is missing."""
        return self.typed(identifier)[1]

    def typed(self, identifier: str) -> tuple[str, bytes]:
        """Return type and content of an object; raises GitError where it is missing."""
        stdin, stdout = self._pipes()
        stdin.write(b"contents %b\n" % identifier.encode("ascii"))
        stdin.flush()
        header = stdout.readline().split()
        if len(header) != 3:
            raise GitError(identifier)
        data = stdout.read(int(header[2]))
        stdout.read(1)
        return header[1].decode("ascii"), data

    def describe(self, identifiers: Collection[str]) -> dict[str, tuple[str, int]]:
        """Return id → (type, size in bytes) of objects; raises GitError where one is missing."""
        asked, found = list(identifiers), {}
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            stdin, stdout = self._pipes()
            stdin.write("".join([f"info {identifier}\n" for identifier in some]).encode("ascii"))
            stdin.flush()
            for identifier in some:
                line = stdout.readline().split()
                if len(line) != 3:
                    raise GitError(identifier)
                found[identifier] = (line[1].decode("ascii"), int(line[2]))
        return found

    def tree(self, name: str) -> str | None:
        """Return the id of the tree that ``<revision>:<folder>`` names; None for no such folder."""
        stdin, stdout = self._pipes()
        stdin.write(b"info %b\n" % name.encode("utf-8", "surrogateescape"))
        stdin.flush()
        line = stdout.readline().split()
        return line[0].decode("ascii") if line[1:2] == [b"tree"] else None

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._batch is None:
            self._batch = subprocess.Popen(  # noqa: S603 - fixed program, no shell
                [*COMMAND, "-C", str(self.root), "cat-file", "--batch-command"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment(),
            )
        if self._batch.stdin is None or self._batch.stdout is None:  # pragma: no cover - Popen
            raise GitError(str(self.root))
        return self._batch.stdin, self._batch.stdout

    def close(self) -> None:
        """End the process."""
        if self._batch is not None:
            self._batch.communicate()
            self._batch = None
