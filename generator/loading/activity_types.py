"""The types of an activity are ids of the rubric: what to write in place of anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.formats.nodes import Sequence
from generator.formats.slips.separators import RUN_INTO_ONE, SPLIT, parted
from generator.loading.evidence import list_places
from generator.text.messages import listed
from generator.text.names import SHORT, visible
from generator.text.remedies import write
from generator.text.unknown import FIRST, NAMED, Known, meant, report_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.formats.branch_files import Activity
    from generator.text.findings import Place, Report


def report_types(activity: Activity, titles: Mapping[str, str], report: Report) -> None:
    """Report S004 for each type that is no id of the rubric; ``titles`` are those of the ids."""
    unknown = [name for name in activity.type if name not in titles]
    if not unknown:
        return
    entry = activity.node.entries["type"][1]
    if isinstance(entry, Sequence):
        for name, place in list_places(activity, "type"):
            if name not in titles and not _run_into_one(name, place, titles, report):
                report_unknown(report, "S004", place, name, Known(titles, titles))
        return
    place = activity.at("type")
    if not _run_into_one(unknown[0], place, titles, report, alone=True):
        report_unknown(report, "S004", place, unknown[0], Known(titles, titles))


def _run_into_one(
    name: str, place: Place, titles: Mapping[str, str], report: Report, *, alone: bool = False
) -> bool:
    """Report several types in one text, with what to write; return whether it is that.

    ``alone`` says that the text stands where the whole list is due.
    """
    parts = parted(name).split(", ")
    if not 1 < len(parts) <= NAMED or report.unknown["S004"] >= FIRST:
        return False
    ids = dict.fromkeys(meant(part, titles, titles) for part in parts)
    if "" in ids or meant(name, titles, titles):
        return False
    report.unknown["S004"] += 1
    split = ", ".join(ids)
    if len(ids) == 1:
        report.add("S004", place, RUN_INTO_ONE, hint=write(name, split), text=visible(name, SHORT))
        return True
    report.add(
        "S004",
        place,
        RUN_INTO_ONE,
        hint=SPLIT,
        text=visible(name, SHORT),
        split=listed(ids, ", "),
        old=name,
        new=f"[{split}]" if alone else split,
    )
    return True
