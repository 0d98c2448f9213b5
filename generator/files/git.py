"""Git, asked through plumbing commands alone; no setting or hook of a repository has any effect."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import subprocess
from contextvars import ContextVar
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from generator.files.remedies import no_program, remedy
from generator.text.days import read_day
from generator.text.messages import Message, Words, say
from generator.text.names import visible
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

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
PLAIN_NAME = re.compile(r"[0-9A-Za-z_](?:[0-9A-Za-z_/-]|\.(?!\.))*(?:[~^][0-9]{0,4})*")
OBJECT_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
#: How git begins what it says of a fault.
FAILED = (b"fatal:", b"error:")
CHUNK = 1 << 20
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


class Clone(NamedTuple):
    """What stays as it is while a command runs: where git keeps a repository, and how much of it.

    ``prefix`` leads from git's root to ours, with a slash at its end, or is empty; ``folder`` is
    git's own; ``cut`` is the file that says where a shallow history begins, None for a whole one.
    """

    prefix: str
    folder: Path
    cut: Path | None

    @property
    def cut_commits(self) -> frozenset[str]:
        """The commits at which a shallow clone's history is cut off; none in a whole one."""
        found = "" if self.cut is None else self.cut.read_text("ascii")
        return frozenset(found.split())


CLONE = (
    ("--is-shallow-repository",), ("--absolute-git-dir",), ("--git-path", "shallow"),
    ("--show-prefix",),
)  # fmt: skip
#: What git said of repositories while a command runs; None outside of one.
_CLONES: ContextVar[dict[Path, Clone] | None] = ContextVar("clones", default=None)


@contextlib.contextmanager
def asking_once() -> Iterator[None]:
    """Ask git once, for a while, what it says of a whole repository (``clone_at``)."""
    token = _CLONES.set({})
    try:
        yield
    finally:
        _CLONES.reset(token)


def clone_at(root: Path) -> Clone:
    """Return what git says of the repository at a folder; raises GitError where it cannot."""
    known = _CLONES.get()
    if known is not None and root in known:
        return known[root]
    lines = run_git(root, "rev-parse", *itertools.chain(*CLONE)).split(b"\n")[:-1]
    if len(lines) != len(CLONE):  # a name that holds such an end itself
        lines = [run_git(root, "rev-parse", *one)[:-1] for one in CLONE]
    shallow, folder, cut, prefix = (line.decode("utf-8", "surrogateescape") for line in lines)
    found = Clone(prefix, Path(folder), root / cut if shallow == "true" else None)
    if known is not None:
        known[root] = found
    return found


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
