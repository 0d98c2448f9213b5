"""Post what was computed: one comment a pull request, edited while its verdict stays.

Reads the reports that the computing job of the same run wrote, finds the pull requests itself,
and writes only where the commit is still the newest. A comment counts as ours when the workflow's
own account wrote it and it begins with our marker. Where the verdict flips, a new comment is
posted, so that people are told; otherwise ours is edited in silence. Standard library only.

    python3 -m tools.comment FOLDER
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.forge import MAIN, ForgeError, ask, author_of, pages, say
from tools.reports import MARKER, Report, read_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The account of the token that workflows get: github-actions[bot].
BOT = 41898282


def ours(comments: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the newest comment that is ours; None where there is none."""
    found = [
        comment
        for comment in comments
        if (comment["user"] or {}).get("id") == BOT and MARKER.match(comment["body"] or "")
    ]
    return max(found, key=lambda comment: int(comment["id"]), default=None)


def same(text: str, other: str) -> bool:
    """Whether two comments read the same; the forge may change line ends."""
    return text.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def is_newest(repository: str, number: int, report: Report) -> bool:
    """Whether the pull request is open and its newest commit is the report's."""
    pull = ask("GET", f"repos/{repository}/pulls/{number}")
    return bool(pull["state"] == "open" and pull["head"]["sha"] == report.head)


def post(repository: str, number: int, report: Report) -> str:
    """Bring the comment of one pull request up to date; return what was done."""
    comments = f"repos/{repository}/issues/{number}/comments"
    last = ours(pages(comments))
    if last is not None and same(last["body"], report.body):
        return "unchanged"
    if not is_newest(repository, number, report):
        return "pushed again meanwhile"
    marked = MARKER.match(last["body"]) if last is not None else None
    if last is None or marked is None or marked["verdict"] != report.verdict:
        ask("POST", comments, {"body": report.body})
        return "posted"
    ask("PATCH", f"repos/{repository}/issues/comments/{int(last['id'])}", {"body": report.body})
    return "edited"


def post_all(repository: str, reports: Mapping[tuple[str, str], Report]) -> int:
    """Bring all comments up to date; return 1 where the forge refused one of them."""
    faults = 0
    for pull in pages(f"repos/{repository}/pulls?state=open&base={MAIN}"):
        number, head = int(pull["number"]), str(pull["head"]["sha"])
        report = reports.get((head, author_of(pull)))
        if report is None:
            say(f"#{number}: its newest commit is not computed yet")
            continue
        try:
            say(f"#{number} {report.head[:12]}: {post(repository, number, report)}")
        except ForgeError as error:
            say(f"#{number}: refused: {error}")
            faults += 1
    return 1 if faults else 0


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.comment", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    sys.exit(post_all(os.environ["GITHUB_REPOSITORY"], read_all(folder)))


if __name__ == "__main__":
    main()
