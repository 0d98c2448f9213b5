"""Whether an author may make a change: who owns which path, and what may lie in the tree.

Who may do what is read from the base revision alone (contract §1). Names, modes and sizes are
those of the proposed trees, read from git objects; nothing is checked out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.codes import Severity
from generator.findings import Finding, Place, Report
from generator.git import Objects
from generator.guard.authority import Authority, owner
from generator.guard.entries import check_collisions, check_counts, check_entry, check_raw_trees
from generator.guard.rules import check_rubric
from generator.history import TREE_MODE, Change, Proposal, changes, propose
from generator.i18n import gettext, mark
from generator.names import visible

if TYPE_CHECKING:
    from pathlib import Path

CLOSED = {
    "final": mark("{year} 年已定稿，不再改动"),
    "none": mark("{year} 年还没有开放考核"),
    "review": mark("{year} 年已进入评审：改动会使已有的核定过期，由党委决定是否接受"),
}


@dataclass(slots=True)
class Judgement:
    """What the guard found about one change."""

    proposal: Proposal
    author: str
    changes: list[Change]
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Number of errors."""
        return sum(finding.severity == "error" for finding in self.findings)


def guard(root: Path, base: str, head: str, author: str) -> Judgement:
    """Judge a change; raises GitError where a revision or its history is missing."""
    return judge(root, propose(root, base, head), author)


def judge(root: Path, proposal: Proposal, author: str) -> Judgement:
    """Judge a change whose merge base is known."""
    everything = changes(root, proposal.merge_base, proposal.head, folders=True)
    files = [c for c in everything if TREE_MODE not in {c.old_mode, c.new_mode}]
    judgement = Judgement(proposal, author, files)
    report = Report()
    objects = Objects(root)
    try:
        authority = Authority(root, proposal.base, author, objects)
        _scope(judgement, authority, report)
        check_rubric(judgement.changes, authority, report)
    finally:
        objects.close()
    for change in judgement.changes:
        check_entry(change, report)
    check_counts(root, proposal, files, report)
    check_collisions(root, proposal, everything, report)
    check_raw_trees(root, everything, report)
    for path in proposal.conflicts:
        report.add("G009", Place(visible(path)), "与主线上的改动冲突，无法自动合并")
    judgement.findings = report.sorted()
    return judgement


def _scope(judgement: Judgement, authority: Authority, report: Report) -> None:
    """G001, G002, G003, G007, G008: whose files these are, and whether their year is open."""
    touched: dict[tuple[str, str], str] = {}
    foreign: list[tuple[str, str]] = []
    for change in judgement.changes:
        place = Place(visible(change.path))
        own = owner(change.path)
        if own is None:
            if not authority.is_member:
                report.add("G002", place, "这个文件只由党委改动")
            elif (year := frozen_year(change.path)) and authority.stage(year) == "final":
                words = "{year} 年已定稿：改动后须重新定稿"
                report.add("G003", place, words, severity=Severity.WARNING, year=year)
            continue
        if own not in touched:
            touched[own] = change.path
            _open(own[1], place, authority, report)
        if not authority.submits(own[0]):
            foreign.append((own[0], change.path))
    if judgement.changes and not authority.is_known():
        report.add(
            "G007",
            Place(visible(judgement.changes[0].path)),
            "账号“{author}”没有登记在任何支部或党委的名单里",
            author=visible(judgement.author),
        )
    else:
        for branch, path in foreign:
            report.add("G001", Place(visible(path)), "“{branch}”不是提交人的支部", branch=branch)
    if len(touched) > 1:
        report.add(
            "G008",
            Place(visible(list(touched.values())[1])),
            "一次改动了 {n} 处：{names}",
            n=len(touched),
            names=gettext("、").join("/".join(own) for own in list(touched)[:5]),
        )


def frozen_year(path: str) -> str | None:
    """Return the year whose committee files a path belongs to."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "committee" else None


def _open(year: str, place: Place, authority: Authority, report: Report) -> None:
    stage = authority.stage(year)
    if stage in CLOSED:
        severity = Severity.WARNING if stage == "review" else None
        report.add("G003", place, CLOSED[stage], severity=severity, year=year)
