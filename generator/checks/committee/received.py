"""Checks of the days of receipt on file: each is about something that is there, and counts."""

from __future__ import annotations

from generator.checks.registry import BRANCH_CHECKS, BranchContext, check
from generator.text.codes import Severity
from generator.text.language import mark

NOT_THERE = mark("没有“{path}”：这条登记不起作用")
WRITE_PATH = mark("写支部本年度文件夹里现有的活动、材料文件夹或 self-assessment.yml")
USELESS = mark("“{path}”{day} 已经收到，登记的 {on} 更晚，不起作用")
REMOVE = mark("删去这一条；确是更早送到的，把 on 改为送到的那一天")


@check(BRANCH_CHECKS, "C013")
def registered(context: BranchContext) -> None:
    """What the committee wrote down is about a file that is there, and earlier than its merge."""
    data = context.data
    for entry in data.register.lost:
        place = entry.at("path")
        context.report.add(
            "C013", place, NOT_THERE, hint=WRITE_PATH, severity=Severity.WARNING, path=entry.path
        )
    for path, entry in sorted(data.register.placed.items()):
        receipt = data.register.told.get(path)
        if receipt is not None and receipt.day is not None and receipt.day < entry.on:
            context.report.add(
                "C013",
                entry.at("on"),
                USELESS,
                hint=REMOVE,
                severity=Severity.WARNING,
                path=entry.path,
                day=receipt.day,
                on=entry.on,
            )
