"""Checks that compare records, branches and years: the same file, the same joint activity."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from generator.checks.registry import CROSS_CHECKS, YearContext, check
from generator.files.paths import branch_of
from generator.text.messages import listed

if TYPE_CHECKING:
    import datetime

    from generator.checks.summary import FileUse, OldFile


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
    for file in old:
        owner = branch_of(file.path)
        concerned = [use for use in uses.get(file.blob, ()) if context.concerns(use.branch, owner)]
        _report_year(context, concerned, file.path)
    joint = {
        claim.record: (claim.date, {partner for partner, _ in claim.partners})
        for summary in context.summaries
        for claim in summary.joint
    }
    for many in uses.values():
        for use in many:
            others = [o for o in many if o.record != use.record and not _shared(use, o, joint)]
            if others and context.concerns(use.branch, *(o.branch for o in others)):
                _report(context, use, others)


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


def _shared(one: FileUse, other: FileUse, joint: dict[str, tuple[datetime.date, set[str]]]) -> bool:
    """Whether two uses belong to activities that name each other on the same day."""
    first, second = joint.get(one.record), joint.get(other.record)
    if first is None or second is None:
        return False
    return first[0] == second[0] and other.branch in first[1] and one.branch in second[1]


def _report(context: YearContext, use: FileUse, others: list[FileUse]) -> None:
    with context.report.about(use.branch, context.committee.year):
        context.report.add(
            "E005",
            use.place,
            "“{name}”与 {others} 内容相同",
            name=use.path.rpartition("/")[2],
            others=listed(sorted({other.path for other in others})[:3]),
        )


def _report_year(context: YearContext, uses: list[FileUse], path: str) -> None:
    for use in uses:
        with context.report.about(use.branch, context.committee.year):
            context.report.add(
                "E005",
                use.place,
                "“{name}”与往年的 {others} 内容相同",
                name=use.path.rpartition("/")[2],
                others=path,
            )
