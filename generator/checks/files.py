"""Checks of what a branch filed: its records, what lies beside them, folders of other years."""

from __future__ import annotations

from generator.checks.misplaced import report_misplaced
from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.files.paths import RecordPath
from generator.formats.branch_files import Activity, Document
from generator.loading.evidence import Evidence, activity_identity
from generator.rubric.measures import ACTIVITY
from generator.text.findings import Place
from generator.text.language import mark
from generator.text.links import PLAIN, may_link
from generator.text.messages import listed
from generator.text.names import SHORT, visible
from generator.text.unknown import NO_RECORD, Known, report_unknown

SEVERAL_TYPES = mark("一次活动有几种的，只留一份，写作 type: [{types}]，把其他材料并入")
#: Of a file in a folder beside the record.
INNER = mark("附件要放在记录旁边，放在下一层文件夹“{folder}”里的不算")
#: A photo's own day may lie so many days before or after its activity.
DAYS_APART = 3
TAKEN = mark("照片“{name}”里记的拍摄日期是 {taken}，活动的日期是 {date}")
OUT = mark("移到记录所在的文件夹；记录里没有写上它的，一并写上")


@check(BRANCH_CHECKS, "S004")
def consortium_exists(context: BranchContext) -> None:
    """The consortium of branch.yml is on the committee's list."""
    branch = context.data.branch
    if branch and branch.consortium and branch.consortium not in context.consortia:
        place = branch.at("consortium")
        titles = {name: item.title for name, item in context.consortia.items()}
        known = Known(titles, titles)
        report_unknown(context.report, "S004", place, branch.consortium, known)


@check(BRANCH_CHECKS, "E009")
def activity_twice(context: BranchContext) -> None:
    """No activity is filed twice: same date, place and title."""
    seen: dict[tuple[object, ...], Evidence] = {}
    for evidence in context.data.evidence.values():
        if evidence.fact is None or evidence.fact.kind != ACTIVITY:
            continue
        first = seen.setdefault(activity_identity(evidence.fact), evidence)
        if first is not evidence:
            types = tuple(dict.fromkeys([*types_of(first), *types_of(evidence)]))
            context.report.add(
                "E009",
                evidence.record.at("title"),
                "与“{first}”的日期、地点、名称相同，只计第一份",
                hint=None if types == types_of(first) else SEVERAL_TYPES,
                first=first.folder,
                types=listed(types, ", "),
            )


def types_of(evidence: Evidence) -> tuple[str, ...]:
    """Return the types of an activity."""
    return evidence.record.type if isinstance(evidence.record, Activity) else ()


@check(BRANCH_CHECKS, "E021")
def photos_of_the_day(context: BranchContext) -> None:
    """Photos of an activity say a day near to it, or nothing: a hint for whoever looks at them."""
    for evidence in context.data.evidence.values():
        record = evidence.record
        if not isinstance(record, Activity) or record.date is None:
            continue
        for name in record.photos:
            file = evidence.attachments.get(name)
            taken = file.taken if file is not None else None
            if taken is not None and abs((taken - record.date).days) > DAYS_APART:
                context.report.add(
                    "E021", evidence.named[name], TAKEN,
                    name=visible(name, SHORT), taken=taken, date=record.date,
                )  # fmt: skip


@check(BRANCH_CHECKS, "S008")
def addresses_that_are_text(context: BranchContext) -> None:
    """Addresses become links; of one that cannot, whoever wrote it hears that it stays text."""
    for evidence in context.data.evidence.values():
        record = evidence.record
        url = record.url if isinstance(record, Document) else None
        if url and not url.startswith(PLAIN) and not may_link(url):
            context.report.add(
                "S008",
                record.at("url"),
                "“{url}”在网页上只显示为文字，不能点开",
                url=visible(url, SHORT),
            )


@check(BRANCH_CHECKS, "E002", "E019")
def orphan_files(context: BranchContext) -> None:
    """Each record names every file of its folder, and no file lies elsewhere."""
    data = context.data
    covered = report_misplaced(data.misplaced, context.report)
    named = {
        f"{evidence.path}/{name}" for evidence in data.evidence.values() for name in evidence.named
    }
    for path, file in data.attachments.items():
        own = RecordPath.of(path)
        if path in named or path in covered or (own and own.file and own.reference in data.broken):
            continue
        place = Place(visible(path))
        if own and own.reference in data.evidence:
            inner = own.file.rpartition("/")[0]
            if inner:
                context.report.add("E002", place, INNER, hint=OUT, folder=visible(inner, SHORT))
                continue
        report_unknown(context.report, "E002", place, file.name, (), NO_RECORD)


@check(BRANCH_CHECKS, "E002")
def unopened_years(context: BranchContext) -> None:
    """No files lie in the folder of a later year that the committee has not opened."""
    for name, entries in context.groups.items():
        if name.isdigit() and int(name) > context.setting.year and entries:
            if int(name) in context.setting.opened:
                continue
            context.report.add(
                "E002",
                Place(visible(entries[0].path)),
                "{year} 年还没有开放考核，这些文件不会被读取",
                year=name,
            )
