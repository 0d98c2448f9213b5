"""Checks that compare records, branches and years: the same file, the same joint activity."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from generator.checks.registry import CROSS_CHECKS, YearContext, check
from generator.files.paths import BranchPath, branch_of
from generator.text.findings import Content
from generator.text.language import mark
from generator.text.messages import listed

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from generator.checks.summary import FileUse, OldFile

OWN_FILE = mark(
    "换上这项记录自己的文件；确是共同开展的同一次活动，双方都写 joint_with；"
    "本来就是同一份文件的，由党委写进 accepted.yml（digest: {blob}）"
)
#: How many other places of the same content a message names.
NAMED = 3


def joint_index(context: YearContext) -> dict[tuple[str, object], set[str]]:
    """Return (branch, date) → ids of all branches that its activities of that day name."""
    index: dict[tuple[str, object], set[str]] = defaultdict(set)
    for summary in context.summaries:
        for claim in summary.joint:
            index[claim.branch, claim.date].update(partner for partner, _ in claim.partners)
    return index


@check(CROSS_CHECKS, "E008")
def joint_one_sided(context: YearContext) -> None:
    """Each branch of a joint activity names the others on the same day."""
    index = joint_index(context)
    for summary in context.summaries:
        for claim in summary.joint:
            for partner, place in claim.partners:
                if claim.branch in index.get((partner, claim.date), ()):
                    continue
                if not context.concerns(claim.branch, partner):
                    continue
                with context.report.about(claim.branch, context.committee.year):
                    context.report.add(
                        "E008",
                        place,
                        "“{partner}”在 {date} 没有写明与本支部联合开展的活动",
                        partner=partner,
                        date=claim.date,
                    )


@check(CROSS_CHECKS, "E005")
def same_file(context: YearContext) -> None:
    """No file serves two records, except in one joint activity."""
    uses, old = suspects(context)
    told: Counter[str] = Counter()
    for file in old:
        owner = branch_of(file.path)
        concerned = [use for use in uses.get(file.blob, ()) if context.concerns(use.branch, owner)]
        told[file.blob] += bool(concerned)
        if told[file.blob] <= NAMED:
            _report_year(context, concerned, file.path)
    joint = {
        claim.record: Joint(claim.branch, claim.date, frozenset(p for p, _ in claim.partners))
        for summary in context.summaries
        for claim in summary.joint
    }
    for many in (many for many in uses.values() if len(many) > 1):
        everybody = Copies(many, joint)
        near = Copies([use for use in many if context.concerns(use.branch)], joint)
        for use in many:
            if (everybody if context.concerns(use.branch) else near).beside(use):
                _report(context, use, everybody.beside(use))


def suspects(context: YearContext) -> tuple[dict[str, list[FileUse]], list[OldFile]]:
    """Return blob id → uses, and files of other years, of all files whose content seems shared."""
    seen: set[int] = set()
    twice: set[int] = set()
    for summary in context.summaries:
        for key in summary.keys:
            (twice if key in seen else seen).add(key)
    blind = any(summary.blind for summary in context.summaries)
    sizes = {use.size for summary in context.summaries for use in summary.uses} if blind else set()
    uses: dict[str, list[FileUse]] = defaultdict(list)
    old: list[OldFile] = []
    for summary in context.summaries:
        if blind or not twice.isdisjoint(summary.keys):
            for use in summary.uses:
                uses[use.blob].append(use)
            old += [known(context, file) for file in summary.old if file.blob or file.size in sizes]
    return uses, old


def known(context: YearContext, file: OldFile) -> OldFile:
    """Return a file of another year with its blob id."""
    return file if file.blob else replace(file, blob=context.tree.blob_id(file.path))


class Joint(NamedTuple):
    """What tells whether two activities are one: branch, day, and the branches that it names."""

    branch: str
    date: datetime.date
    partners: frozenset[str]

    def shares(self, other: Joint | None) -> bool:
        """Whether both activities name each other on the same day."""
        return (
            other is not None
            and self.date == other.date
            and other.branch in self.partners
            and self.branch in other.partners
        )


class Copies:
    """Uses of one content: for each the first paths at which another record has it.

    There may be thousands. So each kind of activity goes once through the records, and no further
    than to the fourth: beside any record there are then ``NAMED`` paths of others.
    """

    def __init__(self, uses: Iterable[FileUse], joint: Mapping[str, Joint]) -> None:
        self.joint = joint
        self.paths: dict[str, list[str]] = {}
        for use in sorted(set(uses), key=lambda use: use.path):
            paths = self.paths.setdefault(use.record, [])
            if len(paths) < NAMED:
                paths.append(use.path)
        self.found: dict[Joint | None, list[tuple[str, list[str]]]] = {}

    def beside(self, use: FileUse) -> list[str]:
        """Return the first paths of other records, those of the same joint activity left out."""
        own = self.joint.get(use.record)
        if own not in self.found:
            others = (
                (record, paths)
                for record, paths in self.paths.items()
                if own is None or not own.shares(self.joint.get(record))
            )
            self.found[own] = list(islice(others, NAMED + 1))
        paths = [p for record, paths in self.found[own] if record != use.record for p in paths]
        return sorted(paths)[:NAMED]


def _report(context: YearContext, use: FileUse, others: list[str]) -> None:
    with context.report.about(use.branch, context.committee.year):
        context.report.add(
            "E005",
            use.place,
            "“{name}”与 {others} 内容相同",
            hint=OWN_FILE,
            blob=use.blob,
            name=use.path.rpartition("/")[2],
            of=Content(use.path, use.blob),
            others=listed(others),
        )


def _report_year(context: YearContext, uses: list[FileUse], path: str) -> None:
    other = BranchPath.of(path)
    later = other is not None and (other.year or 0) > context.committee.year
    for use in uses:
        with context.report.about(use.branch, context.committee.year):
            context.report.add(
                "E005",
                use.place,
                "“{name}”与往年的 {others} 内容相同"
                if not later
                else "“{name}”与以后年度的 {others} 内容相同",
                hint="换上本年度自己的材料；以往年的作佐证，在 evidence 写“往年/documents/文件夹”",
                name=use.path.rpartition("/")[2],
                of=Content(use.path, use.blob),
                others=path,
            )
