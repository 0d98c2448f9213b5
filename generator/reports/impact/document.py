"""The impact of a change as JSON; its lines are those of results (docs/format.md §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.tree import NO_BLOB
from generator.reports.findings import finding_json, quiet
from generator.reports.impact.words import (
    reproduce,
    verdict,
)
from generator.results.corrections import CORRECTIONS, correction_json
from generator.results.packed import bonus_json, line_json
from generator.scoring.scorecard import BonusLine
from generator.text.names import visible
from generator.text.numbers import figure, write_json

if TYPE_CHECKING:
    from generator.proposals.difference import BranchImpact, LineChange, YearImpact
    from generator.proposals.impact import Impact
    from generator.results.model import BranchResult

SCHEMA = "appraisal-impact/1"


def as_json(impact: Impact) -> str:
    """Return the impact as JSON."""
    proposal = impact.proposal
    document = {
        "schema": SCHEMA,
        "base": proposal.base,
        "head": proposal.head,
        "merge_base": proposal.merge_base,
        "merged_tree": proposal.merged,
        "conflicts": [visible(path, 400) for path in proposal.conflicts],
        "verdict": verdict(impact),
        "effect": impact.effect,
        "errors": impact.errors,
        "guard": None
        if impact.guard is None
        else {
            "author": impact.author,
            "allowed": impact.guard.errors == 0,
            "findings": [finding_json(finding) for finding in impact.guard.findings],
        },
        "years": [year_json(year) for year in impact.years],
        "rubric": [year_json(year) for year in impact.rubric],
        "frozen": list(impact.frozen),
        "reproduce": reproduce(impact),
    }
    return quiet(write_json(document, indent=1)) + "\n"


def year_json(year: YearImpact) -> dict[str, object]:
    """Return one year."""
    told = [correction_json(correction) for correction in year.corrections]
    return {
        "year": year.year,
        "ranked": year.ranked,
        **({CORRECTIONS: told} if told else {}),
        "findings": {
            "new": [finding_json(finding) for finding in year.new],
            "fixed": [finding_json(finding) for finding in year.fixed],
            "still": [finding_json(finding) for finding in year.still],
        },
        "branches": [branch_json(branch, year) for branch in year.branches],
        "others": [
            {
                "id": branch.id,
                "before": standing_json(branch.before, ranked=True),
                "after": standing_json(branch.after, ranked=True),
            }
            for branch in year.others
        ],
    }


def branch_json(branch: BranchImpact, year: YearImpact) -> dict[str, object]:
    """Return one branch."""
    return {
        "id": branch.id,
        "name": branch.result.name,
        "before": standing_json(branch.before, ranked=year.ranked),
        "after": standing_json(branch.after, ranked=year.ranked),
        "lines": [change_json(change) for change in branch.lines],
        "bonus_lines": [change_json(change) for change in branch.bonus],
        "stale": [{"title": str(s.title), "by": s.by, "date": s.on} for s in branch.stale],
        "files": [
            {
                "status": change.status,
                "path": visible(change.path, 400),
                "before": None if change.old_id == NO_BLOB else change.old_id,
                "after": None if change.new_id == NO_BLOB else change.new_id,
            }
            for change in branch.files
        ],
        "points_without_evidence": [str(title) for title in branch.without_evidence],
        "broken_records": [
            {"path": visible(r.path, 400), "criteria": [one.id for one in r.criteria]}
            for r in branch.broken
        ],
        "evidence_without_effect": [visible(path, 400) for path in branch.without_effect],
    }


def standing_json(branch: BranchResult | None, *, ranked: bool) -> dict[str, object] | None:
    """Return where a branch stands; rank and range are null where they were not computed."""
    if branch is None:
        return None
    return {
        "status": branch.status,
        "fixed": figure(branch.fixed),
        "bonus": figure(branch.bonus),
        "total": figure(branch.total),
        "low": figure(branch.low),
        "high": figure(branch.high),
        "grade": branch.grade,
        "rank": branch.rank if ranked else None,
        "rank_range": list(branch.rank_range) if ranked and branch.rank_range else None,
    }


def change_json(change: LineChange) -> dict[str, object]:
    """Return one line on both sides."""
    sides = [
        None
        if line is None
        else bonus_json(line)
        if isinstance(line, BonusLine)
        else line_json(line)
        for line in (change.before, change.after)
    ]
    return {"before": sides[0], "after": sides[1], "why": str(change.why)}
