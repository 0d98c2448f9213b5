"""Checks that compare records, branches and years: the same file, the same joint activity."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from generator.checks.registry import (
    CROSS_CHECKS,
    BranchSummary,
    FileUse,
    JointClaim,
    YearContext,
    check,
)
from generator.evidence import BranchYear, attachment_names, list_places
from generator.i18n import gettext
from generator.model import Activity

if TYPE_CHECKING:
    import datetime

    from generator.tree import Entry


def summarise(data: BranchYear) -> BranchSummary:
    """Reduce a branch to what cross-branch checks need."""
    summary = BranchSummary(data.id)
    for evidence in data.evidence.values():
        for name, place in attachment_names(evidence.record).items():
            attachment = evidence.attachments.get(name)
            if attachment is not None and attachment.size:
                summary.files.append(
                    FileUse(
                        data.id,
                        evidence.path,
                        attachment.path,
                        place,
                        attachment.size,
                        attachment.blob,
                    )
                )
        record = evidence.record
        if evidence.valid and isinstance(record, Activity) and record.joint_with:
            partners = tuple(list_places(record, "joint_with"))
            summary.joint.append(JointClaim(data.id, evidence.path, record.date, partners))
    return summary


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
    """No file serves two records, save those of one joint activity."""
    uses: dict[str, list[FileUse]] = defaultdict(list)
    for summary in context.summaries:
        for use in summary.files:
            uses[use.blob].append(use)
    for path, blob in other_years(context, {use.size for many in uses.values() for use in many}):
        owner = path.split("/")[1]
        concerned = [use for use in uses.get(blob, ()) if context.concerns(use.branch, owner)]
        _report_year(context, concerned, path)
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
            others=gettext("、").join(sorted({other.path for other in others})[:3]),
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


def other_years(context: YearContext, sizes: set[int]) -> list[tuple[str, str]]:
    """Return (path, blob id) of attachments of other years that have one of these sizes."""
    return [
        (entry.path, context.tree.blob_id(entry.path))
        for entry in context.entries.values()
        if entry.size in sizes
        and entry.is_file
        and _is_old_attachment(entry, context.committee.year)
    ]


def _is_old_attachment(entry: Entry, year: int) -> bool:
    parts = entry.path.split("/")
    return (
        len(parts) == 6
        and parts[0] == "branches"
        and parts[2] != str(year)
        and parts[3] in {"activities", "documents"}
        and parts[5] not in {"activity.yml", "document.yml"}
    )
