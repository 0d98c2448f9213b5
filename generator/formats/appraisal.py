"""``committee/<year>/appraisal.yml``: period, stage, days and limits of a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.formats.records import Record, RecordShape, Values, key
from generator.formats.shapes import ChoiceShape, Context, NumberShape, day, text
from generator.text.language import mark

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from generator.formats.nodes import Mapping
    from generator.text.findings import Place

#: Megabytes of one file that a committee may allow at most: a file is read in one piece.
LARGEST = 100
megabytes = NumberShape()


@dataclass(frozen=True, kw_only=True, slots=True)
class Period(Record):
    """The period that an appraisal covers, both days included."""

    start: datetime.date = key(day, mark("起"), required=True, name="from")
    end: datetime.date = key(day, mark("止"), required=True, name="to")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadlines(Record):
    """Deadlines of an appraisal."""

    self_assessment: datetime.date | None = key(day, mark("自评截止日期"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Publicity(Record):
    """When results are posted for objections, both days included, and where one objects."""

    start: datetime.date = key(day, mark("起"), required=True, name="from")
    end: datetime.date = key(day, mark("止"), required=True, name="to")
    contact: str | None = key(text, mark("受理异议的地方"), mark("照写的样子公布，不写姓名"))


class PublicityShape(RecordShape[Publicity]):
    """Publicity ends no earlier than it begins."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report an end that lies before the beginning."""
        start, end = values["start"], values["end"]
        if end >= start:
            return clean
        at = node.place(place, "to")
        context.report.add(
            "S003",
            at,
            "公示到 {end} 为止，早于开始的 {start}",
            hint=mark("核对 from 和 to：止日不早于起日"),
            start=f"{start}",
            end=f"{end}",
        )
        return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits(Record):
    """How large files may be, in megabytes of 1,000,000 bytes."""

    file: Decimal | None = key(megabytes, mark("每个文件"), mark("MB，不写的是 10"))
    branch: Decimal | None = key(megabytes, mark("每个支部一年"), mark("MB，不写的是 200"))


class LimitsShape(RecordShape[Limits]):
    """Limits are above 0, and a file has at most what is read in one piece."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report a limit that cannot be."""
        for name, value in values.items():
            too_high = name == "file" and value > LARGEST
            words = TOO_LOW if value <= 0 else TOO_HIGH if too_high else None
            if words is not None:
                at = node.place(place, name)
                context.report.add("S003", at, words, hint=SENSIBLE, value=value, most=LARGEST)
                clean = False
        return clean


TOO_LOW = mark("上限 {value} MB 太小：应大于 0")
TOO_HIGH = mark("上限 {value} MB 太大：每个文件最多 {most} MB")
SENSIBLE = mark("写合适的 MB 数，例如 {{file: 10, branch: 200}}")
STAGES = {
    "open": mark("报送"),
    "review": mark("评审"),
    "publicity": mark("公示"),
    "final": mark("定稿"),
}
PUBLICITY, FINAL = "publicity", "final"


@dataclass(frozen=True, kw_only=True, slots=True)
class Appraisal(Record):
    """``committee/<year>/appraisal.yml``: period, stage and deadlines of a year."""

    period: Period | None = key(
        RecordShape(Period, mark("考核期")), mark("考核期"), required=True, default=None
    )
    stage: str = key(ChoiceShape(STAGES), mark("阶段"), required=True, default="open")
    deadlines: Deadlines | None = key(RecordShape(Deadlines, mark("截止日期")), mark("截止日期"))
    publicity: Publicity | None = key(
        PublicityShape(Publicity, mark("公示")), mark("公示"), mark("公示期和受理异议的地方")
    )
    limits: Limits | None = key(
        LimitsShape(Limits, mark("文件大小的上限")), mark("文件大小的上限"), mark("以 MB 计")
    )
    as_of: datetime.date | None = key(
        day, mark("数据日期"), mark("统计到这一天；不写的，以所据版本的日期为准")
    )
    history_from: datetime.date | None = key(
        day, mark("历史起算日"), mark("此日以前入库的材料，收到日期以材料自己写的为准")
    )


APPRAISAL = RecordShape(Appraisal, mark("年度考核"))
