"""Compute what every open pull request would change, from its git objects alone.

Runs in a clone of main, with main's program. A pull request is fetched, checked by git's own
rules for objects, and never checked out; of its text only the author's account is read, from the
forge. One report a proposal is written as soon as it is made. Each proposal has a budget of time,
and the accounts take turns, so that no account can use up the run; what git refuses, what has no
history in common and what takes too long is told so.

    python -m tools.pull_requests FOLDER
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.forge import MAIN, ForgeError, author_of, pages, say
from tools.reports import ERRORS, OK, Report, compose
from tools.waiting import FETCHES, Record, records_of, runs_of, sound, text_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

REMOTE = "origin"
HEADS = "refs/pull/*/head"
HEAD_REF = re.compile(r"(?P<commit>[0-9a-f]{40,64})\trefs/pull/(?P<number>[1-9][0-9]*)/head")
#: Seconds for one proposal: to fetch it, and to compute it. Far above what ten thousand branches
#: take.
FETCHING, PATIENCE = 60, 120
#: Seconds after which no further proposal is begun; the step that calls us ends after more.
WHOLE = 480
GIT = (
    "git",
    # The token stays with gh, which hands it to git for this one host.
    "-c", "credential.helper=",
    "-c", "credential.helper=!gh auth git-credential",
    "-c", "fetch.fsckObjects=true",
    "-c", "core.hooksPath=/dev/null",
)  # fmt: skip
REFUSED = (
    "**不能合并：git 拒收这份改动**\n\n"
    "里面有不合 git 格式的记录（例如名为 `..` 或 `.git` 的文件、重名），内容没有读取。"
    "请用普通的 git 客户端重新提交。"
)


UNRELATED = (
    "**不能合并：这份改动和主线没有共同的历史**\n\n"
    "它不是从主线复制出来的，合并会把两套文件混在一起，内容没有计算。"
    "请先从主线取一份最新的文件，在上面重做改动，再提交。"
)
TOO_LONG = (
    f"**没有结果：{PATIENCE} 秒内没有算完**\n\n"
    "这份改动太大或文件很特殊，其他改动照常计算。请拆成几次提交；仍然这样的，请联系党委办公室。"
)


class SlowError(Exception):
    """Something took longer than it may."""


class ComputeError(Exception):
    """The program gave no answer for a proposal."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An open pull request against main: its number, its commit on the remote, its author."""

    number: int
    head: str
    author: str

    @property
    def ref(self) -> str:
        """The local name that its commit is fetched to."""
        return f"refs/appraisal/{self.number}"


def run(command: Sequence[str], seconds: int, environment: Mapping[str, str]) -> tuple[int, bytes]:
    """Run a command; return its status and output. Raises SlowError where it takes longer.

    It has a session of its own: all that it began ends with it.
    """
    with subprocess.Popen(  # noqa: S603 - no shell; commit ids and a checked account
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # strangers' words, which the log would obey
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise SlowError from None
    return process.returncode, output


def git(
    *arguments: str, check: bool = True, seconds: int = WHOLE
) -> subprocess.CompletedProcess[str]:
    """Run git in the present folder.

    Raises SlowError, and ComputeError for another status than 0 unless ``check`` is off.
    """
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    status, output = run([*GIT, *arguments], seconds, environment)
    if check and status:
        message = f"git {arguments[0]}: exit status {status}"
        raise ComputeError(message)
    text = output.decode("utf-8", "surrogateescape")
    return subprocess.CompletedProcess(arguments, status, text)


def remote_heads() -> dict[int, str]:
    """Return the commit of every pull request, open or not, that the remote has."""
    listed = git("ls-remote", REMOTE, HEADS).stdout.splitlines()
    found = [match for line in listed if (match := HEAD_REF.fullmatch(line))]
    return {int(match["number"]): match["commit"] for match in found}


def open_proposals(repository: str) -> list[Proposal]:
    """Return the open pull requests against main, by number; raises ForgeError."""
    heads = remote_heads()
    listed = pages(f"repos/{repository}/pulls?state=open&base={MAIN}")
    return [
        Proposal(number, heads[number], author_of(pull))
        for pull in sorted(listed, key=lambda pull: int(pull["number"]))
        if (number := int(pull["number"])) in heads and pull["base"]["ref"] == MAIN
    ]


def in_turn(proposals: Sequence[Proposal], turn: int) -> list[Proposal]:
    """Return proposals so that the accounts take turns; each run another account begins.

    So no account, with however many proposals, keeps the others from being computed.
    """
    own: dict[str, list[Proposal]] = {}
    for one in proposals:
        own.setdefault(one.author.casefold(), []).append(one)
    authors = [*own]
    first = turn % len(authors) if authors else 0
    queues = [own[author] for author in authors[first:] + authors[:first]]
    rounds = max(map(len, queues), default=0)
    return [queue[number] for number in range(rounds) for queue in queues if number < len(queue)]


def fetched(proposals: Sequence[Proposal], seconds: int = FETCHING) -> bool:
    """Fetch into refs of our own; False where git refused any of it. Raises SlowError."""
    specs = [f"+refs/pull/{one.number}/head:{one.ref}" for one in proposals]
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
    command = ("fetch", *options, REMOTE, *specs)
    return git(*command, check=False, seconds=seconds).returncode == 0


def fetch_all(proposals: Sequence[Proposal]) -> bool:
    """Try to fetch all at once; where that fails, each is fetched when its turn comes."""
    with suppress(SlowError):
        return not proposals or fetched(proposals)
    return False


def assess(proposal: Proposal, base: str) -> Report:
    """Return the report on a fetched proposal; raises ComputeError, SlowError.

    The commit is the one that was fetched, which may be newer than the one that was listed.
    """
    head = git("rev-parse", "--verify", f"{proposal.ref}^{{commit}}").stdout.strip()
    if git("merge-base", base, head, check=False, seconds=PATIENCE).returncode == 1:
        return compose(head, base, proposal.author, ERRORS, UNRELATED)
    command = [sys.executable, "-m", "generator", "impact", base, head]
    command += [f"--author={proposal.author}", "--format=markdown"]
    # What reads a stranger's objects needs no token.
    environment = {key: value for key, value in os.environ.items() if key != "GH_TOKEN"}
    status, output = run(command, PATIENCE, environment)
    if status not in (0, 1):
        message = f"exit status {status}"
        raise ComputeError(message)
    verdict = ERRORS if status else OK
    words = [output.decode("utf-8").strip(), receipts(proposal, base, head, environment)]
    return compose(head, base, proposal.author, verdict, "\n\n".join(filter(None, words)))


def receipts(proposal: Proposal, base: str, head: str, environment: Mapping[str, str]) -> str:
    """Return entries for records that lose by waiting, ``""`` where none does or nobody can tell.

    What the forge or the program cannot tell leaves the rest of the report as it is.
    """
    now = datetime.datetime.now(datetime.UTC)
    command = [sys.executable, "-m", "tools.waiting", base, head, f"{int(now.timestamp())}"]
    try:
        status, output = run(command, PATIENCE, environment)
        records = records_of(output.decode("utf-8")) if status == 0 else []
        if not records or not sound(proposal.author):
            return ""
        runs = runs_of(os.environ["GITHUB_REPOSITORY"], proposal.author)
    except (ForgeError, SlowError) as error:
        say(f"no times of receipt: #{proposal.number}: {type(error).__name__}")
        return ""
    return text_for(proposal.number, records, runs, Commits().hold, now)


class Commits:
    """Commits of runs: those that a proposal left behind are fetched, a few at most."""

    def __init__(self) -> None:
        self.blobs: dict[tuple[str, str], frozenset[str]] = {}
        self.fetches = 0

    def hold(self, commit: str, record: Record) -> bool:
        """Whether a commit has a record's content in the folder of its branch."""
        key = (commit, record.branch)
        if key not in self.blobs:
            self.blobs[key] = self._blobs(commit, record.branch)
        return record.blob in self.blobs[key]

    def _blobs(self, commit: str, branch: str) -> frozenset[str]:
        if git("cat-file", "-e", f"{commit}^{{commit}}", check=False).returncode:
            if self.fetches >= FETCHES:
                return frozenset()
            self.fetches += 1
            options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
            with suppress(SlowError):
                git("fetch", *options, REMOTE, commit, check=False, seconds=FETCHING)
        listed = git("ls-tree", "-r", "-z", commit, "--", f"branches/{branch}/", check=False)
        lines = listed.stdout.split("\0") if listed.returncode == 0 else []
        return frozenset(line.split("\t")[0].split(" ")[2] for line in lines if "\t" in line)


def report_on(one: Proposal, base: str, *, here: bool) -> Report:
    """Return the report on a proposal, fetched unless it is ``here``; raises ComputeError.

    Whoever waits hears of it, whatever came out.
    """
    try:
        if not here and not fetched([one]):
            return compose(one.head, base, one.author, ERRORS, REFUSED)
        return assess(one, base)
    except SlowError:
        return compose(one.head, base, one.author, ERRORS, TOO_LONG)


def compute(
    repository: str, folder: Path, turn: int = 0, clock: Callable[[], float] = time.monotonic
) -> int:
    """Write the reports on all open pull requests; return 1 where one could not be computed."""
    end = clock() + WHOLE
    base = git("rev-parse", "HEAD").stdout.strip()
    # Beside the reports, so that there is something to hand over where nothing is open.
    (folder / "base").write_text(f"{base}\n", "ascii")
    proposals = in_turn(open_proposals(repository), turn)
    here = fetch_all(proposals)
    faults = 0
    for one in proposals:
        if clock() > end:
            say(f"not computed: #{one.number}: no time is left; it comes first in another run")
            faults += 1
            continue
        try:
            report = report_on(one, base, here=here)
        except ComputeError as error:
            say(f"not computed: #{one.number}: {error}")
            faults += 1
            continue
        report.write(folder)
        say(f"#{one.number} {report.head[:12]} {report.verdict}")
    say(f"{len(proposals)} open pull requests, {faults} not computed")
    return 1 if faults else 0


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.pull_requests", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    turn = int(os.environ.get("GITHUB_RUN_NUMBER") or 0)
    sys.exit(compute(os.environ["GITHUB_REPOSITORY"], folder, turn))


if __name__ == "__main__":
    main()
