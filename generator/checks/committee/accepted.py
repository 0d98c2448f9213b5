"""Checks of accepted findings: what an entry names is there, else it accepts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check
from generator.files.paths import BranchPath
from generator.text.codes import Severity
from generator.text.language import mark
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.files.tree import Entry

NO_CONTENT = mark("{year} 年没有内容是这个校验码的文件")
NO_FILE = mark("没有“{path}”这个文件")
LOOK_AGAIN = mark("核对校验码或路径；文件已经换掉的，删去这一条")


@check(COMMITTEE_CHECKS, "C013")
def accepted(context: YearContext) -> None:
    """Each accepted finding names a content or a file of the year."""
    entries = [entry for entry in context.committee.accepted if entry.valid]
    blobs = contents(context) if any(entry.digest for entry in entries) else frozenset()
    year, severity = context.committee.year, Severity.WARNING
    for entry in entries:
        if entry.digest and entry.digest not in blobs:
            at = entry.at("digest")
            context.report.add(
                "C013", at, NO_CONTENT, hint=LOOK_AGAIN, severity=severity, year=year
            )
        if entry.path and not is_there(context, entry.path):
            at, path = entry.at("path"), visible(entry.path, SHORT)
            context.report.add("C013", at, NO_FILE, hint=LOOK_AGAIN, severity=severity, path=path)


def contents(context: YearContext) -> frozenset[str]:
    """Return the ids of all contents that branches have this year."""
    named = {use.blob for summary in context.summaries for use in summary.uses}
    wanted = {entry.digest for entry in context.committee.accepted if entry.digest}
    if wanted <= named:
        return frozenset(named)
    files = (entry for name in sorted(context.branch_ids) for entry in filed(context, name))
    return frozenset(named | {e.blob or context.tree.blob_id(e.path) for e in files})


def filed(context: YearContext, branch: str) -> Iterator[Entry]:
    """Yield the files of a branch's year."""
    for entry in context.tree.folder(branch):
        own = BranchPath.of(entry.path)
        if entry.is_file and own is not None and own.year == context.committee.year:
            yield entry


def is_there(context: YearContext, path: str) -> bool:
    """Whether a path is that of a file of a branch's year."""
    own = BranchPath.of(path)
    if own is None or own.branch not in context.branch_ids:
        return False
    return any(entry.path == path for entry in filed(context, own.branch))
