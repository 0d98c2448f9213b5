"""Whether an author may make a change: who owns which path, and what may lie in the tree.

Who may do what is read from the base revision alone (docs/format.md §1). Names, modes and sizes are
those of the proposed trees, read from git objects; nothing is checked out.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.files.git import UnmergeableError, run_git
from generator.files.git_objects import Objects, Trees
from generator.files.history import TREE_MODE, Change, Proposal, changes, merge_base, propose
from generator.proposals.guard.authority import Authority
from generator.proposals.guard.due import check_due
from generator.proposals.guard.entries import (
    check_collisions,
    check_count,
    check_entry,
    check_sizes,
)
from generator.proposals.guard.final import check_results
from generator.proposals.guard.ownership import check_ownership
from generator.proposals.guard.raw import check_trees
from generator.proposals.guard.rules import check_rubric
from generator.text.findings import Finding, Place, Report
from generator.text.names import visible

if TYPE_CHECKING:
    from pathlib import Path


#: Errors behind which nothing is read: dangerous names, too many or too large files, strangers.
GATE = frozenset({"G005", "G006", "G007"})


@dataclass(slots=True)
class Judgement:
    """What the guard found about one change.

    ``readable`` is False where git cannot list the change: then there is nothing else to compare.
    """

    proposal: Proposal
    author: str
    changes: list[Change]
    findings: list[Finding] = field(default_factory=list)
    readable: bool = True

    @property
    def closed(self) -> bool:
        """Whether nothing of the change is to be evaluated: names, sizes or nobody's account."""
        return not self.readable or any(
            finding.severity == "error" and finding.code in GATE for finding in self.findings
        )

    @property
    def errors(self) -> int:
        """Number of errors."""
        return sum(finding.severity == "error" for finding in self.findings)


def guard(root: Path, base: str, head: str, author: str) -> Judgement:
    """Judge a change; raises GitError where a revision or its history is missing."""
    with closing(Objects(root)) as objects:
        trees = Trees(root, objects)
        try:
            proposal = propose(trees, base, head)
        except UnmergeableError:
            base, head = objects.resolve(base, head)
            unmerged = Proposal(base, head, merge_base(root, base, head), None)
            judgement = judge(trees, unmerged, author)
            if judgement.readable:
                raise
            return judgement
        return judge(trees, proposal, author)


def judge(trees: Trees, proposal: Proposal, author: str) -> Judgement:
    """Judge a change whose merge base is known; raises GitError."""
    report = Report()
    judgement = Judgement(proposal, author, [])
    old, new = trees.of(proposal.merge_base), trees.of(proposal.head)
    judgement.readable = check_trees(trees, old, new, report)
    if judgement.readable:
        everything = touched(trees.root, proposal)
        judgement.changes = [c for c in everything if TREE_MODE not in {c.old_mode, c.new_mode}]
        authority = Authority(trees.root, proposal.base, author, trees)
        after = proposal.merged or new
        check_ownership(judgement.changes, authority, report)
        check_rubric(judgement.changes, authority, report)
        check_results(judgement.changes, authority, after, report)
        for change in judgement.changes:
            check_entry(change, report)
        check_count(judgement.changes, report, member=authority.is_member)
        check_sizes(trees, after, judgement.changes, authority, report)
        check_collisions(trees, after, everything, report)
        check_due(trees, proposal.base, after, judgement.changes, report)
    for path in proposal.conflicts:
        report.add("G009", Place(visible(path)), "与主线上的改动冲突，无法自动合并")
    judgement.findings = report.sorted()
    return judgement


def touched(root: Path, proposal: Proposal) -> list[Change]:
    """Return what the proposal changes since it began, and what merging it would change.

    The two differ where main has moved: a history with several merge bases can undo what lies on
    main without a trace in the first; the second says nothing of what main changed as well.
    """
    since = changes(root, proposal.merge_base, proposal.head, folders=True)
    if proposal.merged is None or proposal.merge_base in {proposal.base, proposal.head}:
        return since
    merging = changes(root, proposal.base, proposal.merged, folders=True)
    known = {change.path for change in merging}
    more = [change for change in since if change.path not in known]
    if more:
        out = run_git(root, "merge-base", "--all", proposal.base, proposal.head)
        for other in set(out.decode("ascii").split()) - {proposal.merge_base}:
            differing = {c.path for c in changes(root, other, proposal.head, folders=True)}
            more = [change for change in more if change.path in differing]
    return merging + more
