"""Whom a change of the accepted findings reaches: those who hold what its two states tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import accepted_path, branch_of
from generator.formats.nodes import COMMITTEE_LIMITS
from generator.formats.received import ACCEPTED
from generator.loading.accepted import AcceptedList, differing
from generator.loading.reader import Reader
from generator.text.findings import Report

if TYPE_CHECKING:
    from generator.engine.narrow.scope import BlobIndex, Scope
    from generator.engine.narrow.sides import Side
    from generator.files.tree import Tree


def with_holders(scope: Scope, old: Side, new: Side, index: BlobIndex) -> Scope:
    """Return a scope that also reaches who holds what is accepted otherwise than before."""
    if not scope.accepted:
        return scope
    for side in (old, new):
        side.take(())
    ids: set[str] = set()
    for year in scope.accepted:
        targets = differing(accepted_list(old.tree, year), accepted_list(new.tree, year))
        ids |= index.branches({target.digest for target in targets if target.digest})
        ids |= {branch_of(target.path) for target in targets if target.path}
    return scope.reaching(frozenset(ids) & (old.ids | new.ids))


def accepted_list(tree: Tree, year: int) -> AcceptedList:
    """Return what a year accepts, nothing where there is no list that can be read."""
    path = accepted_path(year)
    if not any(entry.path == path and entry.is_file for entry in tree.common()):
        return AcceptedList()
    value, _ = Reader(tree, Report()).load(path, ACCEPTED, limits=COMMITTEE_LIMITS)
    return AcceptedList.of(value or ())
