"""The format of ``received/<id>.yml``: days of receipt that history cannot know."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.records import Record, RecordShape, Values, key
from generator.formats.shapes import Context, ListShape, TextShape, day, text
from generator.text.language import mark

if TYPE_CHECKING:
    from generator.formats.nodes import Mapping
    from generator.text.findings import Place

filed = TextShape(
    r"self-assessment\.yml|(?:activities|documents)/(?!\.)[^/\\\x00-\x1f]{1,200}",
    mark("支部本年度文件夹里的“activities/文件夹”“documents/文件夹”或“self-assessment.yml”"),
)
AFTER = mark("收到日期 {on} 在登记日期 {date} 之后")
DAYS = mark("on 写材料送到的那一天，date 写登记的那一天")


@dataclass(frozen=True, kw_only=True, slots=True)
class Received(Record):
    """One entry: a record or the self-assessment, the day it was there, and how that is known."""

    path: str = key(filed, mark("材料"), mark("支部本年度文件夹里的路径"), required=True)
    on: datetime.date = key(day, mark("收到日期"), required=True)
    reason: str = key(text, mark("理由"), mark("怎么知道是这一天收到的"), required=True)
    by: str | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
    date: datetime.date | None = key(day, mark("登记日期"))


class ReceivedShape(RecordShape[Received]):
    """Nothing is received after it was written down."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report a day of receipt behind that of the entry, which counts for nothing then."""
        on, date = values.get("on"), values.get("date")
        if not isinstance(on, datetime.date) or not isinstance(date, datetime.date) or on <= date:
            return clean
        context.report.add("S003", node.place(place, "on"), AFTER, hint=DAYS, on=on, date=date)
        return False


RECEIVED = ListShape(ReceivedShape(Received, mark("收到日期登记")))
