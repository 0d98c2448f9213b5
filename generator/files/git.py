"""Git, asked through plumbing commands alone; no setting or hook of a repository has any effect."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from contextvars import ContextVar
from typing import IO, TYPE_CHECKING

from generator.files.remedies import no_program, remedy
from generator.text.days import read_day
from generator.text.messages import Message, Words, say
from generator.text.names import visible
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

COMMAND = (
    "git",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "core.quotePath=false",
    "-c", "core.attributesFile=/dev/null",
)  # fmt: skip


#: What git says of a name that stands for something else than a commit, such as a tree.
NO_COMMIT = "expected commit type"

HEAD = "HEAD"
#: A name that means a revision and nothing else to git: no option, range, path or day's moment.
PLAIN_NAME = re.compile(r"[0-9A-Za-z_](?:[0-9A-Za-z_/-]|\.(?!\.))*")
OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
#: How git begins what it says of a fault.
FAILED = (b"fatal:", b"error:")
BATCH = ("cat-file", "--batch-command")
CHUNK = 1 << 20
#: Questions that are put before their answers are read: both fit into a pipe.
AT_ONCE = 500
#: Characters of git's own words that are shown.
MAX_WORDS = 300


class GitError(Exception):
    """Git is missing, or cannot answer: no repository, no such revision.

    ``words`` are git's own where it has any; ``remedy`` says what to do.
    """

    def __init__(self, words: Words, remedy: Message | None = None) -> None:
        """Keep both."""
        super().__init__(words, remedy)
        self.words = words
        self.remedy = remedy

    def __str__(self) -> str:
        """Return git's words."""
        return str(self.words)

    @property
    def told(self) -> str:
        """Git's words, and the remedy in a line of its own."""
        return f"{self.words}\n{self.remedy}" if self.remedy else f"{self.words}"


class UnknownRevisionError(GitError):
    """Git reads the repository, which has no such revision."""


class UnmergeableError(GitError):
    """Git cannot merge two trees, such as those that no git would write."""


class SubfolderError(GitError):
    """The data lies in a subfolder of a larger repository."""


class UnstoredError(GitError):
    """Git could not keep what it was given: no object, no name."""


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


#: What git is told beside all that, for a while: where new objects go, whose commit it is.
_TOLD: ContextVar[Mapping[str, str]] = ContextVar("told")


@contextlib.contextmanager
def telling(**told: str) -> Iterator[None]:
    """Let git find these in its environment, on top of what it is told already."""
    before = _TOLD.set({**_TOLD.get({}), **told})
    try:
        yield
    finally:
        _TOLD.reset(before)


def environment(*, index: bool = True) -> dict[str, str]:
    """Return the environment for git: no locale, locks, terminal, nor other repository.

    No object is taken for another (``git replace``). Without ``index`` there is none.
    """
    own = {name: value for name, value in os.environ.items() if name not in OF_ANOTHER}
    return {**own, **ALWAYS, **_TOLD.get({}), **({} if index else NO_INDEX)}


def ask(
    root: Path, arguments: Sequence[str], stderr: int | IO[bytes], *, index: bool, stdin: bool
) -> subprocess.Popen[bytes]:
    """Start git at a repository: nothing else does. Raises GitError where it cannot be started.

    Its output is a pipe, its input one with ``stdin`` and nothing without.
    """
    try:
        return subprocess.Popen(  # noqa: S603 - fixed program, no shell
            [*COMMAND, "-C", str(root), *arguments],
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment(index=index),
        )
    except OSError as error:
        raise GitError(reason(error), no_program()) from error


def refused(root: Path, said: bytes, status: int, arguments: Sequence[str]) -> GitError:
    """Return the error of a git that gave no answer: in its own words, with the remedy."""
    words = said.decode("utf-8", "replace").strip() or f"{' '.join(arguments)}: {status}"
    return GitError(visible(" ".join(words.split()), MAX_WORDS), remedy(root, words))


def run_git(
    root: Path, *arguments: str, accept: Collection[int] = (0,), index: bool = True
) -> bytes:
    """Return what a git command prints; raises GitError with git's own words.

    ``accept`` holds the exit statuses that are answers, unless git says that it failed; without
    ``index`` none is read.
    """
    with ask(root, arguments, subprocess.PIPE, index=index, stdin=False) as process:
        out, said = process.communicate()
    failed = any(line.startswith(FAILED) for line in said.splitlines())
    if process.returncode not in accept or (process.returncode and failed):
        raise refused(root, said, process.returncode, arguments)
    return out


def feed_git(root: Path, arguments: Sequence[str], given: Iterable[bytes] = ()) -> bytes:
    """Return what a git command prints that writes, given bytes; raises UnstoredError.

    It answers when it has read all of them.
    """
    with words_of_git() as words:
        with ask(root, arguments, words, index=True, stdin=True) as process:
            if process.stdin is None or process.stdout is None:  # pragma: no cover - both are pipes
                raise refused(root, b"", 0, arguments)
            with contextlib.suppress(BrokenPipeError):
                process.stdin.writelines(given)
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            out = process.stdout.read()
        if process.returncode:
            words.seek(0)
            error = refused(root, words.read(), process.returncode, arguments)
            raise UnstoredError(error.words, error.remedy)
    return out


def stream_git(root: Path, *arguments: str) -> Iterator[bytes]:
    """Yield what a git command prints, parted at NUL; raises GitError with git's own words."""
    with words_of_git() as words:
        rest = b""
        with ask(root, arguments, words, index=True, stdin=False) as process:
            while process.stdout and (chunk := process.stdout.read(CHUNK)):
                *parts, rest = (rest + chunk).split(b"\0")
                yield from parts
        if process.returncode:
            words.seek(0)
            raise refused(root, words.read(), process.returncode, arguments)
        yield rest


def words_of_git() -> IO[bytes]:
    """Return a file for what git says besides its answers: a pipe that nobody reads runs full."""
    import tempfile  # noqa: PLC0415 - 5 ms that few commands need

    return tempfile.TemporaryFile()


def resolve_commit(root: Path, revision: str) -> str:
    """Return the commit id that ``revision`` names, by a day where nothing has that name.

    Raises GitError; UnknownRevisionError says that there is no such revision, and that git is well:
    with a HEAD that names no commit it is not, whatever else is asked for.
    """
    return resolve_commits(root, revision)[0]


def resolve_commits(root: Path, *revisions: str) -> list[str]:
    """Return the commit ids that revisions name, as ``resolve_commit`` does.

    Plain names are asked for at once; where one is none, each by itself says what is wrong.
    """
    told = _resolved_at_once(root, (HEAD, *revisions))
    if told:
        return told[1:]
    head = _resolved(root, HEAD)
    return [head if own == HEAD else _resolved(root, own) for own in revisions]


def _resolved_at_once(root: Path, revisions: Sequence[str]) -> list[str]:
    """Return the commit ids that revisions name, none where one is not plain or names none."""
    if not all(map(PLAIN_NAME.fullmatch, revisions)):
        return []
    # It ends without an error at the first that names no revision.
    names = (f"{own}^{{commit}}" for own in revisions)
    told = run_git(root, "rev-parse", "--revs-only", *names)
    found = told.decode("utf-8", "replace").split()
    whole = len(found) == len(revisions) and all(map(OBJECT_ID.fullmatch, found))
    return found if whole else []


def _resolved(root: Path, revision: str) -> str:
    """Return the commit id that a revision names; raises GitError."""
    name = f"{revision}^{{commit}}"
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", name)
    unknown = UnknownRevisionError(say("没有“{revision}”这个版本", revision=visible(revision)))
    try:
        found = run_git(root, *asked, accept=(0, 1)).decode("ascii").split()
    except GitError as error:
        raise unknown if NO_COMMIT in str(error) else error from None
    if len(found) != 1 and read_day(revision) is not None:
        found = _at_day(root, revision)
    if len(found) != 1:
        if revision == HEAD:
            explain_head(root)
        raise unknown
    return found[0]


def _at_day(root: Path, day: str) -> list[str]:
    """Return the last first-parent commit up to the end of a day in Chongqing, if there is one."""
    end = f"{day}T23:59:59+08:00"
    asked = ("rev-list", "--first-parent", "--max-count=1", f"--before={end}", HEAD)
    return run_git(root, *asked).decode("ascii").split()


def explain_head(root: Path) -> None:
    """Raise GitError with git's words on why HEAD names no commit."""
    try:
        run_git(root, "log", "--max-count=1", "--format=%H")
    except GitError as error:
        raise GitError(error.words, error.remedy) from error


def commit_date(root: Path, commit: str) -> str:
    """Return the committer's date of a commit, ISO 8601 with its own offset."""
    out = run_git(root, "show", "--no-patch", "--format=%cI", "--end-of-options", commit)
    return out.decode("ascii").strip()


class Objects:
    """Reads objects of one repository through a single process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._batch: subprocess.Popen[bytes] | None = None
        self._words: IO[bytes] | None = None

    def read(self, identifier: str) -> bytes:
        """Return the content of an object; raises GitError where it is missing."""
        return self.typed(identifier)[1]

    def typed(self, identifier: str) -> tuple[str, bytes]:
        """Return type and content of an object; raises GitError where it is missing."""
        stdout = self._ask(b"contents %b\n" % identifier.encode("ascii"))
        kind, size = self._header(stdout, identifier)
        data = stdout.read(size)
        if len(data) < size or not stdout.read(1):
            raise self._ended()
        return kind, data

    def find(self, identifier: str) -> bytes | None:
        """Return the content of a file; None where there is no such object, or it is no file."""
        stdout = self._ask(b"contents %b\n" % identifier.encode("ascii"))
        line = stdout.readline()
        if not line.endswith(b"\n"):
            raise self._ended()
        fields = line.split()
        if len(fields) != 3:
            return None
        size = int(fields[2])
        data = stdout.read(size)
        if len(data) < size or not stdout.read(1):
            raise self._ended()
        return data if fields[1] == b"blob" else None

    def describe(self, identifiers: Collection[str]) -> dict[str, tuple[str, int]]:
        """Return id → (type, size in bytes) of objects; raises GitError where one is missing."""
        asked, found = list(identifiers), {}
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            stdout = self._ask("".join([f"info {name}\n" for name in some]).encode("ascii"))
            for identifier in some:
                found[identifier] = self._header(stdout, identifier)
        return found

    def tree(self, name: str) -> str | None:
        """Return the id of the tree that ``<revision>:<folder>`` names; None for no such folder."""
        return self.named(name, b"tree")

    def named(self, name: str, kind: bytes) -> str | None:
        """Return the id of what ``<revision>:<path>`` names; None where it is of another kind."""
        if "\n" in name:
            return None
        stdout = self._ask(b"info %b\n" % name.encode("utf-8", "surrogateescape"))
        line = stdout.readline()
        if not line.endswith(b"\n"):
            raise self._ended()
        fields = line.split()
        # Of a name that is not there git says the name, which may hold blanks.
        found = len(fields) == 3 and fields[1] == kind and fields[2].isdigit()
        return fields[0].decode("ascii") if found else None

    def _header(self, stdout: IO[bytes], identifier: str) -> tuple[str, int]:
        line = stdout.readline()
        if not line.endswith(b"\n"):
            raise self._ended()
        fields = line.split()
        if len(fields) != 3:
            raise GitError(say("缺少对象 {id}", id=identifier), remedy(self.root, ""))
        return fields[1].decode("ascii"), int(fields[2])

    def _ask(self, question: bytes) -> IO[bytes]:
        """Put a question; return where the answer is read."""
        if self._batch is None:
            self._words = words_of_git()
            self._batch = ask(self.root, BATCH, self._words, index=True, stdin=True)
        stdin, stdout = self._batch.stdin, self._batch.stdout
        if stdin is None or stdout is None:  # pragma: no cover - Popen gives both
            raise self._ended()
        try:
            stdin.write(question)
            stdin.flush()
        except OSError:
            raise self._ended() from None
        return stdout

    def _ended(self) -> GitError:
        """Return the error of a process that ended before it had answered."""
        said, status = b"", 0
        if self._batch is not None and self._words is not None:
            self._batch.kill()
            status = self._batch.wait()
            self._words.seek(0)
            said = self._words.read()
        return refused(self.root, said, status, BATCH)

    def close(self) -> None:
        """End the process."""
        if self._batch is not None:
            with contextlib.suppress(OSError):
                self._batch.communicate()
            self._batch = None
        if self._words is not None:
            self._words.close()
            self._words = None
