"""Final results change by a correction that names what it replaces, or not at all (G003)."""

from __future__ import annotations

# Any: what stands in a frozen file.
from typing import TYPE_CHECKING, Any

from generator.files.git_tree import KINDS
from generator.files.paths import RESULTS_FILE, YEAR, CommitteePath
from generator.proposals.guard.authority import READABLE
from generator.results.corrections import CORRECTIONS, read_corrections
from generator.results.frozen import FrozenError, load_document
from generator.text.codes import Severity
from generator.text.findings import Place
from generator.text.language import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.files.git_objects import TreeFile, Trees
    from generator.files.history import Change
    from generator.proposals.guard.authority import Authority
    from generator.text.findings import Report

REMOVED = mark("{year} 年已定稿，results.json 不能删去")
UNNAMED = mark("{year} 年的定稿结果被换掉，而没有写明更正的是主线上的那一份")
DROPPED = mark("{year} 年以前的更正被改动或去掉了")
REMEDY = mark(
    "恢复主线上的 results.json；确有错误的，用 appraise finalize {year} --correct 理由 更正"
)
CORRECTED = mark("{year} 年的定稿结果被更正，第 {n} 次")
LOOK = mark("合并前核对更正的理由和变化：appraise impact 列出前后对照")


def check_results(
    changes: Sequence[Change], authority: Authority, after: str, report: Report
) -> None:
    """G003: results of main that a change removes, or replaces by others that do not name them.

    ``after`` is the tree that merging would give. What strangers put there is not read.
    """
    trees = authority.trees
    for change in changes:
        year = results_of(change.path)
        before = trees.find(authority.tree, change.path) if year else None
        if before is None:
            continue
        now = trees.find(after, change.path)
        if now is not None and (now.id, now.mode) == (before.id, before.mode):
            continue
        old = document_at(trees, before)
        new = document_at(trees, now) if authority.is_member else None
        if old is not None:
            _judge(year, Place(change.path), old, new if now else {}, report)


def results_of(path: str) -> str:
    """Return the year whose final results a path is; nothing for every other path."""
    own = CommitteePath.of(path)
    if own is None or len(own.names) != 2 or not YEAR.fullmatch(own.names[0]):
        return ""
    return own.names[0] if own.names[1] == RESULTS_FILE else ""


def document_at(trees: Trees, found: TreeFile | None) -> dict[str, Any] | None:
    """Return results as JSON; None for what is no file, or cannot be read as results."""
    if found is None or KINDS.get(found.mode) not in READABLE:
        return None
    try:
        document = load_document(trees.objects.read(found.id))
        read_corrections(document)
    except (FrozenError, KeyError, TypeError, ValueError):
        return None
    return document


def _judge(
    year: str, place: Place, old: dict[str, Any], new: dict[str, Any] | None, report: Report
) -> None:
    """Report what a change makes of results that can be read; ``new`` is empty where they go."""
    earlier = old.get(CORRECTIONS, [])
    later = (new or {}).get(CORRECTIONS, [])
    words = ""
    if new == {}:
        words = REMOVED
    elif not later or later[-1]["digest"] != old.get("digest"):
        words = UNNAMED
    elif later[:-1] != earlier:
        words = DROPPED
    if words:
        report.add("G003", place, words, hint=REMEDY, year=year)
    else:
        severity = Severity.WARNING
        report.add("G003", place, CORRECTED, hint=LOOK, severity=severity, year=year, n=len(later))
