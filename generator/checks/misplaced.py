"""Words for records in the wrong place: what does not count, where it belongs, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.misplaced import ACTIVITY_FILE, DOCUMENT_FILE, Fault, Misplaced
from generator.files.paths import BRANCH_FILE, COMMITTEE, SELF_ASSESSMENT_FILE, root_of
from generator.text.findings import Place
from generator.text.language import mark
from generator.text.messages import some
from generator.text.names import SHORT, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.text.findings import Report

MESSAGES = {
    Fault.NAME: mark("文件名“{name}”应是“{wanted}”，现在不计入"),
    Fault.DEEP: mark("多了一层文件夹，“{name}”不计入"),
    Fault.HIGH: mark("少了一层文件夹，“{name}”不计入"),
    Fault.PLACE: mark("“{name}”放错了文件夹，不计入"),
    Fault.SECOND: mark("已经有“{target}”，“{name}”不计入"),
    Fault.STRANGE: mark("这里不是放活动或材料的地方，“{name}”不计入"),
    Fault.ROOT: mark("放在了仓库的最上层，不计入：{names}"),
}
NO_ACTIVITY = mark("这个文件夹里没有 activity.yml，这次活动不计入")
NO_DOCUMENT = mark("这个文件夹里没有 document.yml，这份材料不计入")
LOOSE = mark("文件直接放在 activities 或 documents 里，没有自己的文件夹，不计入")

RENAME = mark(
    "改名为“{wanted}”；Windows 要先在“查看”里勾选“文件扩展名”，才看得到并能删去多余的结尾"
)
MOVE = mark("连同旁边的附件移到文件夹“{folder}”，文件名写作“{wanted}”")
MOVE_ACTIVITY = mark(
    "连同附件移到 activities 里它自己的文件夹，例如“activities/2025-03-12-theme-day/activity.yml”"
)
MOVE_DOCUMENT = mark(
    "连同附件移到 documents 里它自己的文件夹，例如“documents/annual-plan/document.yml”"
)
MOVE_ASSESSMENT = mark("移到支部的年度文件夹里，文件名写作“self-assessment.yml”")
SECOND = mark("要补的内容写进那一份，再删去这一份；若是另一次活动或另一份材料，放进它自己的文件夹")
SECOND_ASSESSMENT = mark("要补的内容写进那一份，再删去这一份")
WRITE_ACTIVITY = mark("在这个文件夹里写一份 activity.yml；不要了的，连文件夹一起删去")
WRITE_DOCUMENT = mark("在这个文件夹里写一份 document.yml；不要了的，连文件夹一起删去")
MOVE_BRANCH = mark("移到支部自己的文件夹，例如“branches/demo-a/branch.yml”")
MOVE_KEPT = mark("移到文件夹“{folder}”，文件名写作“{wanted}”")
MOVE_COMMITTEE = mark(
    "党委的文件放在年度文件夹里，例如“committee/2025/decision.yml”；某个支部的评审和否决放在"
    "“committee/2025/reviews/demo-a.yml”和“committee/2025/vetoes/demo-a.yml”"
)
MOVE_DOWN = mark(
    "支部的材料移到“branches/支部编号/年度”下的 activities 或 documents，党委的文件移到 committee；"
    "属于整个项目的文件放进 docs 等文件夹"
)
#: Most names of files that a message shows.
MOST = 5
ELSEWHERE = mark(
    "活动放在 activities 里，材料放在 documents 里，各有自己的文件夹和 activity.yml 或 document.yml"
)
HINTS = {
    Fault.NAME: RENAME,
    Fault.SECOND: SECOND,
    Fault.STRANGE: ELSEWHERE,
    Fault.LOOSE: ELSEWHERE,
    Fault.ROOT: MOVE_DOWN,
}
#: Where the path does not say what its folder is to be called.
NAMELESS = {
    ACTIVITY_FILE: MOVE_ACTIVITY,
    DOCUMENT_FILE: MOVE_DOCUMENT,
    SELF_ASSESSMENT_FILE: MOVE_ASSESSMENT,
    BRANCH_FILE: MOVE_BRANCH,
}


def report_misplaced(cases: Iterable[Misplaced], report: Report) -> frozenset[str]:
    """Report E019 once for each folder in the wrong place; return the files that lie there."""
    cases = tuple(cases)
    for case in cases:
        report.add(
            "E019",
            Place(visible(case.path)),
            message_of(case),
            hint=hint_of(case),
            name=visible(case.path.rpartition("/")[2], SHORT),
            wanted=case.wanted,
            target=visible(case.target or case.wanted),
            folder=visible(case.target.rpartition("/")[0]),
            names=some([visible(path, SHORT) for path in sorted(case.covers)], MOST),
        )
    return frozenset(path for case in cases for path in case.covers)


def message_of(case: Misplaced) -> str:
    """Return what is wrong."""
    if case.fault is Fault.MISSING:
        return NO_ACTIVITY if case.wanted == ACTIVITY_FILE else NO_DOCUMENT
    return MESSAGES.get(case.fault, LOOSE)


def hint_of(case: Misplaced) -> str:
    """Return what to do."""
    kept = root_of(case.path) == COMMITTEE and case.wanted not in NAMELESS
    if case.fault is Fault.SECOND and (kept or case.wanted == SELF_ASSESSMENT_FILE):
        return SECOND_ASSESSMENT
    if case.fault in HINTS:
        return HINTS[case.fault]
    if case.fault is Fault.MISSING:
        return WRITE_ACTIVITY if case.wanted == ACTIVITY_FILE else WRITE_DOCUMENT
    if kept:
        return MOVE_KEPT if case.target else MOVE_COMMITTEE
    return MOVE if case.target else NAMELESS[case.wanted]
