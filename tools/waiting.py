"""Days of receipt for records that were there in time and wait to be merged, as text to copy.

The forge's time of a record is the ``created_at`` of the earliest run of ci.yml whose head commit
holds its content; nothing is taken from what the branch wrote. Standard library only, but for the
command below, which reads a stranger's objects and is run without a token:

    python -m tools.waiting BASE HEAD SECONDS
"""

from __future__ import annotations

import datetime
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.forge import COMMIT, LOGIN, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

WORKFLOW = "ci.yml"
#: Runs that are looked at, the newest; and commits of them that are fetched where they are missing.
RUNS, FETCHES = 300, 20
CHINA = datetime.timezone(datetime.timedelta(hours=8))
BRANCH = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PATH = re.compile(r"(?:activities|documents)/[a-z0-9-]{1,200}|self-assessment\.yml")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
HEAD = (
    "**等到现在才合并，下面的材料就算迟了；平台收到它们的时间更早**\n\n"
    "办公室核对后，把相应几行写进文件，材料就按当时收到计："
)


class Run(NamedTuple):
    """A run of ci.yml: when it was created, and the commit that it was for."""

    created: datetime.datetime
    head: str


class Record(NamedTuple):
    """A record that loses by waiting: whose, of which year, its path below that, its blob id."""

    branch: str
    year: int
    path: str
    blob: str


def records_of(text: str) -> list[Record]:
    """Return the records that the command told, without those whose names may not be printed."""
    found = [Record(**entry) for entry in json.loads(text)]
    return [
        record
        for record in found
        if BRANCH.fullmatch(record.branch) and PATH.fullmatch(record.path)
    ]


def runs_of(repository: str, author: str) -> list[Run]:
    """Return the runs of ci.yml that an account began, the oldest first; raises ForgeError."""
    address = f"repos/{repository}/actions/workflows/{WORKFLOW}/runs"
    found: list[Run] = []
    for answer in pages(f"{address}?event=pull_request&actor={author}", within="workflow_runs"):
        run = run_of(answer)
        found += [run] if run is not None else []
        if len(found) >= RUNS:
            break
    return sorted(found)


def run_of(answer: dict[str, Any]) -> Run | None:
    """Return one run, None where the forge does not say it as we know it."""
    created, head = f"{answer.get('created_at')}", f"{answer.get('head_sha')}"
    if not STAMP.fullmatch(created) or not COMMIT.fullmatch(head):
        return None
    try:
        return Run(datetime.datetime.fromisoformat(created), head)
    except ValueError:
        return None


def text_for(
    number: int,
    records: Iterable[Record],
    runs: Sequence[Run],
    holds: Callable[[str, Record], bool],
    now: datetime.datetime,
) -> str:
    """Return Markdown with the entries for records that the forge had on an earlier day.

    ``holds`` tells whether a commit holds a record's content; nothing is returned without entries.
    """
    today = now.astimezone(CHINA).date()
    lines: dict[str, list[str]] = {}
    for record in records:
        first = next((run for run in runs if holds(run.head, record)), None)
        if first is None:
            continue
        came = first.created.astimezone(CHINA)
        if came.date() >= today:
            continue
        file = f"committee/{record.year}/received/{record.branch}.yml"
        reason = f"平台 {came:%Y-%m-%d} {came:%H时%M分} 收到第 {number} 号合并请求"
        entry = f"path: {record.path}, on: {came.date()}, reason: {reason}"
        line = f"- {{{entry}, by: office, date: {today}}}"
        lines.setdefault(file, []).append(line)
    if not lines:
        return ""
    blocks = [f"`{file}`\n\n```yaml\n" + "\n".join(own) + "\n```" for file, own in lines.items()]
    return "\n\n".join([HEAD, *blocks])


def sound(author: str) -> bool:
    """Whether an account may be put into an address."""
    return LOGIN.fullmatch(author) is not None and "[" not in author


def main() -> None:
    """Print the records of a proposal that lose by waiting, as JSON."""
    from generator.proposals.waiting import waiting  # noqa: PLC0415 - the posting job has none

    base, head, now = sys.argv[1:4]
    found = [record._asdict() for record in waiting(Path.cwd(), base, head, int(now))]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
