"""What may be published of results: of the vetoes only those that are verified.

What was reported, is looked into or was dismissed is the committee's to know, and names nobody in
public. A final year's file is published as it was sealed.
"""

from __future__ import annotations

from dataclasses import replace

# Any: JSON of a results file.
from typing import TYPE_CHECKING, Any

from generator.files.paths import APPEALS_FOLDER, VETOES_FOLDER, CommitteePath

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.results.model import Results
    from generator.text.findings import Finding

VERIFIED = "verified"
SUSPICION = "R004"
KEPT_BACK = frozenset({VETOES_FOLDER, APPEALS_FOLDER})


def public(results: Results) -> Results:
    """Return results without the vetoes that are not verified."""
    branches = tuple(
        branch
        if all(veto.state == VERIFIED for veto in branch.vetoes)
        else replace(branch, vetoes=tuple(v for v in branch.vetoes if v.state == VERIFIED))
        for branch in results.branches
    )
    return replace(results, branches=branches)


def is_public(finding: Finding) -> bool:
    """Whether a finding may stand on a page: it tells of no suspicion, nor that there is a file.

    What is wrong with answers to appeals is the committee's to mend; pages show them as they are.
    """
    own = CommitteePath.of(finding.path)
    return finding.code != SUSPICION and (own is None or own.group not in KEPT_BACK)


def holds_verified_alone(document: Mapping[str, Any]) -> bool:
    """Whether a results file has no veto but verified ones, as published files have."""
    branches = document.get("branches")
    return isinstance(branches, list) and all(
        isinstance(veto, dict) and veto.get("state") == VERIFIED
        for branch in branches
        if isinstance(branch, dict)
        for veto in branch.get("vetoes") or ()
    )
