"""Checks of the due list: each entry names what is asked, of whom and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.registry import COMMITTEE_CHECKS, YearContext, check
from generator.formats.nodes import is_absent
from generator.loading.evidence import list_places
from generator.text.language import mark
from generator.text.unknown import NAMED, Known, report_unknown

if TYPE_CHECKING:
    from generator.formats.committee_files import DueEntry
    from generator.text.findings import Place

NO_KIND = mark("“{id}”没有写要什么材料（kind）")
WRITE_KIND = mark("在这一项写上 kind，即 rubric.yml 里 document_kinds 的键")
OTHER_KIND = mark("换成上面的一种，或先在 rubric.yml 的 document_kinds 里加上")
UNKNOWN_KIND = mark("没有“{value}”这种材料；可用：{known}{nearest}")
NO_DAY = mark("“{id}”没有写日期")
WRITE_DAY = mark("写上期限 due；会议、培训可以只写举办日期 date")
NOBODY = mark("“{id}”没有布置给任何支部")
WRITE_BRANCHES = mark("在 branches 里列出支部编号；布置给所有支部的，删去 branches 这一行")
UNKNOWN_BRANCH = mark("没有支部“{value}”；现有：{known}{nearest}")
WRITE_BRANCH = mark("写支部的编号；没有这个支部的，删去它")
TWICE = mark("编号“{id}”用了两次，只算前一项")
OTHER_ID = mark("给后一项另取一个编号，或删去重复的一项")
NOT_ASKED = mark("“{id}”没有布置给支部“{branch}”，却写了它的延期")
NO_EXTENSION = mark("从 extended 里去掉它，或把它写进 branches")


@check(COMMITTEE_CHECKS, "C012")
def due_list(context: YearContext) -> None:
    """Each entry names a kind, a day and branches that exist; no two have one id."""
    seen: set[str] = set()
    former = {name for summary in context.summaries for name, _ in summary.formerly}
    for entry in context.committee.due:
        if entry.id in seen:
            context.report.add("C012", entry.at("id"), TWICE, hint=OTHER_ID, id=entry.id)
        seen.add(entry.id)
        _kind(context, entry)
        if _lacks(entry, "due") and _lacks(entry, "date"):
            context.report.add("C012", entry.place, NO_DAY, hint=WRITE_DAY, id=entry.id)
        _branches(context, entry, context.branch_ids | former)


def _lacks(entry: DueEntry, key: str) -> bool:
    """Whether nothing is written at a key; what cannot be read is reported already."""
    written = entry.node.entries.get(key)
    return written is None or is_absent(written[1])


def _kind(context: YearContext, entry: DueEntry) -> None:
    kinds = context.rubric.document_kinds
    if _lacks(entry, "kind"):
        context.report.add("C012", entry.place, NO_KIND, hint=WRITE_KIND, id=entry.id)
    elif entry.kind is not None and entry.kind not in kinds:
        titles = {name: kind.title or "" for name, kind in kinds.items()}
        known = Known(kinds, titles, rest=OTHER_KIND)
        report_unknown(context.report, "C012", entry.at("kind"), entry.kind, known, UNKNOWN_KIND)


def _branches(context: YearContext, entry: DueEntry, there: frozenset[str]) -> None:
    """Report branches that do not exist, an entry that asks nobody, and who is not asked.

    ``there`` are the ids of branches and those that they had before.
    """
    if entry.branches == () and entry.is_whole("branches", ()):
        at = entry.at("branches")
        context.report.add("C012", at, NOBODY, hint=WRITE_BRANCHES, id=entry.id)
    for name, place in list_places(entry, "branches") if entry.branches else ():
        if name not in there:
            _unknown(context, name, place)
    for name in entry.extended:
        place = entry.at_key("extended", name)
        if name not in there:
            _unknown(context, name, place)
        elif not entry.asks((name,)):
            context.report.add(
                "C012", place, NOT_ASKED, hint=NO_EXTENSION, id=entry.id, branch=name
            )


def _unknown(context: YearContext, name: str, place: Place) -> None:
    known = Known(sorted(context.branch_ids), {}, guess=False, rest=WRITE_BRANCH)
    report_unknown(context.report, "C012", place, name, known, UNKNOWN_BRANCH, most=NAMED)
