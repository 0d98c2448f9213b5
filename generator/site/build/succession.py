"""Whether a site may follow the one published last: history goes on, and is never rewritten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.files.git import MissingHistoryError, UnknownRevisionError, resolve_commit, run_git
from generator.files.history import is_shallow
from generator.text.findings import Place, Report
from generator.text.names import visible

if TYPE_CHECKING:
    from pathlib import Path

    from generator.text.findings import Finding

WHOLE_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
SHOWN = 12


def succession(root: Path, after: str) -> list[Finding]:
    """Return G011 unless the history of HEAD holds ``after``, the commit published last.

    Raises MissingHistoryError where a shallow clone cannot tell, and GitError where there is no
    history or no such revision.
    """
    head = resolve_commit(root, "HEAD")
    last = published(root, after)
    if last and is_ancestor(root, last, head):
        return []
    if is_shallow(root):
        raise MissingHistoryError(after)
    report = Report()
    report.add(
        "G011",
        Place("."),
        "上次公布的提交 {after} 不在当前提交 {head} 的历史中"
        if last
        else "上次公布的提交 {after} 已不在仓库里，当前提交是 {head}",
        after=visible(last[:SHOWN] or after),
        head=head[:SHOWN],
    )
    return report.sorted()


def published(root: Path, after: str) -> str:
    """Return the id of the commit published last; nothing where the clone has no such object.

    Only a whole id can name what is not there: a name that means nothing raises GitError.
    """
    try:
        return resolve_commit(root, after)
    except UnknownRevisionError:
        if WHOLE_ID.fullmatch(after):
            return ""
        raise


def is_ancestor(root: Path, old: str, new: str) -> bool:
    """Whether the history of ``new``, as written and not as replaced since, holds ``old``."""
    listed = run_git(root, "--no-replace-objects", "merge-base", old, new, accept=(0, 1))
    return listed.decode("ascii").strip() == old
