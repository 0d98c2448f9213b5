"""What a workbook of reviews would change: the decisions of both its sheets, a file a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.exchange.plan import Plan
from generator.exchange.reviews.bonus import OnBonus
from generator.exchange.reviews.criteria import OnCriteria
from generator.exchange.reviews.rows import read_table, taken
from generator.files.paths import review_path
from generator.formats.committee_files import REVIEW
from generator.formats.writing import Entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.exchange.reviews.rows import Known, Read, Sort
    from generator.exchange.table import Table

#: Sorts of rows in the order of their sheets.
SORTS: tuple[type[Sort], ...] = (OnCriteria, OnBonus)


def plan_reviews(tables: Sequence[Table | None], known: Known) -> Plan:
    """Return what a workbook would change; its tables in the order of ``SORTS``, None: not there.

    Decisions of both sheets on one branch are one edit of its file.
    """
    plan = Plan()
    found = [
        read_table(table, sort(known), plan)
        for sort, table in zip(SORTS, tables, strict=True)
        if table is not None
    ]
    for branch in dict.fromkeys(branch for own in found for branch in own.branches):
        decide(plan, branch, found, known)
    return plan


def decide(plan: Plan, branch: str, found: Sequence[Read], known: Known) -> None:
    """Take the decisions on one branch into the plan."""
    context = known.context(branch)
    groups: dict[str, dict[str, object]] = {}
    for own in found:
        for row in own.branches.get(branch, ()):
            entry = taken(row, context, own.sort, plan) if row.reader.clean else None
            if entry is not None:
                groups.setdefault(own.sort.group, {})[row.name] = entry
    if groups:
        path = review_path(branch, known.year)
        values = {group: Entries(entries) for group, entries in groups.items()}
        plan.edit(path, known.data(path), REVIEW, values)
