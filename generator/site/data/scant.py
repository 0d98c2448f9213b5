"""Who is 未评足: too little of a branch is assessed for a place among the others on pages.

While a year is open, a branch that has filed a report and nothing else would lead the ranking on
six points. Files for programs keep all ranks; pages are made of results in which such a branch
has none and stands after those that are ranked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from generator.scoring.scorecard import Status
from generator.site.data.scale import ZERO

if TYPE_CHECKING:
    from generator.results.model import BranchResult, Results

#: The stage in which branches file.
OPEN = "open"
#: What stands for the status of such a branch in lists and addresses.
SCANT = "scant"


def is_scant(stage: str, branch: BranchResult) -> bool:
    """Whether less than half of a scored branch's points is assessed or claimed while open.

    Points that a review excludes are none of the branch's; what a method computes is assessed.
    """
    if stage != OPEN or branch.status != Status.SCORED:
        return False
    return branch.maxima["pending"] * 2 > sum(branch.maxima.values(), ZERO)


def ranked_for_pages(results: Results) -> Results:
    """Return results as pages show them: whoever is 未评足 has no rank and comes after the others.

    The ranks of the others stay those of the files.
    """
    scant = {branch.id for branch in results.branches if is_scant(results.stage, branch)}
    if not scant:
        return results
    branches = [
        replace(branch, rank=None, rank_range=None) if branch.id in scant else branch
        for branch in results.branches
    ]
    branches.sort(key=lambda branch: (branch.status != Status.SCORED, branch.rank is None))
    return replace(results, branches=tuple(branches))


def place_of(branch: BranchResult) -> str:
    """Return in which list a branch of ``ranked_for_pages`` stands: its status, or ``SCANT``."""
    return SCANT if branch.status == Status.SCORED and branch.rank is None else branch.status
