"""Whom a finding concerns: which are told where some branches are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import DATA_PATHS, RUBRIC_PATH, BranchPath, CommitteePath, root_of

if TYPE_CHECKING:
    from generator.text.findings import Finding


def asked_for(finding: Finding, ids: frozenset[str]) -> bool:
    """Whether a check of these branches tells a finding: theirs, and what lies in no data.

    Of a record in the root nobody can tell whose it is.
    """
    beside = root_of(finding.path) not in DATA_PATHS
    return finding.branch in ids or concerns(finding, ids) or beside


def concerns(finding: Finding, ids: frozenset[str]) -> bool:
    """Whether a finding lies in the files of one of these branches."""
    own = BranchPath.of(finding.path)
    if own is not None:
        return own.branch in ids
    kept = CommitteePath.of(finding.path)
    if kept is not None and kept.branch:
        return kept.branch in ids
    return finding.path == RUBRIC_PATH and finding.severity == "error"
