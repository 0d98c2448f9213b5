"""Compute what every open pull request would change, from its git objects alone.

Runs in a clone of main, with main's program. A pull request is fetched, checked by git's own
rules for objects, and never checked out; of its text only the author's account is read, from the
forge. One report a proposal is written; a proposal that cannot be computed fails the run and
none of the others.

    python -m tools.pull_requests FOLDER
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.forge import MAIN, author_of, pages, say
from tools.reports import ERRORS, OK, Report, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

REMOTE = "origin"
HEADS = "refs/pull/*/head"
HEAD_REF = re.compile(r"(?P<commit>[0-9a-f]{40,64})\trefs/pull/(?P<number>[1-9][0-9]*)/head")
#: Seconds for one proposal; far above what ten thousand branches take.
PATIENCE = 300
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


def git(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run git in the present folder; raises CalledProcessError unless ``check`` is off."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return subprocess.run(  # noqa: S603 - no shell
        [*GIT, *arguments], capture_output=True, text=True, check=check, env=environment
    )


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


def fetch(proposals: Sequence[Proposal]) -> set[int]:
    """Fetch the objects of proposals; return the numbers of those that git refused."""
    if not proposals or fetched(proposals):
        return set()
    return {one.number for one in proposals if not fetched([one])}


def fetched(proposals: Sequence[Proposal]) -> bool:
    """Fetch into refs of our own; False where git refused any of it."""
    specs = [f"+refs/pull/{one.number}/head:{one.ref}" for one in proposals]
    options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
    return git("fetch", *options, REMOTE, *specs, check=False).returncode == 0


def assess(proposal: Proposal, base: str) -> Report:
    """Return the report on a fetched proposal; raises ComputeError.

    The commit is the one that was fetched, which may be newer than the one that was listed.
    """
    head = git("rev-parse", "--verify", f"{proposal.ref}^{{commit}}").stdout.strip()
    command = [sys.executable, "-m", "generator", "impact", base, head]
    command += [f"--author={proposal.author}", "--format=markdown"]
    # What reads a stranger's objects needs no token.
    environment = {key: value for key, value in os.environ.items() if key != "GH_TOKEN"}
    try:
        done = subprocess.run(  # noqa: S603 - no shell; commit ids and a checked account
            command, capture_output=True, check=False, timeout=PATIENCE, env=environment
        )
    except subprocess.TimeoutExpired:
        message = f"#{proposal.number}: no answer in {PATIENCE} s"
        raise ComputeError(message) from None
    if done.returncode not in (0, 1):
        message = f"#{proposal.number}: exit status {done.returncode}"
        raise ComputeError(message)
    verdict = ERRORS if done.returncode else OK
    return compose(head, base, proposal.author, verdict, done.stdout.decode("utf-8"))


def compute(repository: str, folder: Path) -> int:
    """Write the reports on all open pull requests; return 1 where one could not be computed."""
    base = git("rev-parse", "HEAD").stdout.strip()
    # Beside the reports, so that there is something to hand over where nothing is open.
    (folder / "base").write_text(f"{base}\n", "ascii")
    proposals = open_proposals(repository)
    refused = fetch(proposals)
    faults = 0
    for one in proposals:
        try:
            if one.number in refused:
                report = compose(one.head, base, one.author, ERRORS, REFUSED)
            else:
                report = assess(one, base)
        except ComputeError as error:
            say(f"not computed: {error}")
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
    sys.exit(compute(os.environ["GITHUB_REPOSITORY"], folder))


if __name__ == "__main__":
    main()
