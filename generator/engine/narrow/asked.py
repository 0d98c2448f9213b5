"""Whom a change of a due list reaches: those whom its two states ask different things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.engine.narrow.sides import claimants
from generator.files.paths import due_path
from generator.formats.committee_files import DUE
from generator.formats.nodes import COMMITTEE_LIMITS
from generator.loading.due import DueList, asked_otherwise
from generator.loading.reader import Reader
from generator.text.findings import Report

if TYPE_CHECKING:
    from generator.engine.narrow.scope import Scope
    from generator.engine.narrow.sides import Side
    from generator.files.tree import Tree


def with_asked(scope: Scope, old: Side, new: Side) -> Scope:
    """Return a scope that also reaches whom changed due lists ask otherwise than before."""
    if not scope.asked:
        return scope
    for side in (old, new):
        side.take(())
    found: frozenset[str] = frozenset()
    for year in scope.asked:
        one, other = due_list(old.tree, year), due_list(new.tree, year)
        found |= asked_otherwise(one, other, branch_names(one, other, old, new))
    return scope.reaching(found)


def branch_names(one: DueList, other: DueList, old: Side, new: Side) -> dict[str, list[str]]:
    """Return branch → its id, then the names in the lists of no branch that it may have had."""
    ids = old.ids | new.ids
    names = {branch: [branch] for branch in ids}
    for stranger in sorted(one.strangers(ids) | other.strangers(ids)):
        for branch in claimants(old, {stranger}) | claimants(new, {stranger}):
            names[branch].append(stranger)
    return names


def due_list(tree: Tree, year: int) -> DueList:
    """Return the due list of a year, empty where there is none that can be read."""
    path = due_path(year)
    entry = next((entry for entry in tree.common() if entry.path == path), None)
    if entry is None or not entry.is_file:
        return DueList()
    reader = Reader(tree, Report())
    value, _ = reader.load(path, DUE, limits=COMMITTEE_LIMITS, size=entry.size)
    return DueList(value or ())
