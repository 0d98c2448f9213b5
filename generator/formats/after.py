"""What came after the results: ``after.yml``, talks with branches and the funds they were given.

The committee keeps it for itself: nothing of it is in results, and no public page shows it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.formats.branch_files import branch_id
from generator.formats.records import Record, RecordShape, Values, key
from generator.formats.shapes import Context, ListShape, NumberShape, day, text
from generator.text.language import mark
from generator.text.messages import say

if TYPE_CHECKING:
    from generator.formats.nodes import Mapping
    from generator.text.findings import Place
    from generator.text.privacy import Printable

TOO_EARLY = mark("{title} {day} 早于谈话的 {held}")
SAME_OR_LATER = mark("核对这两个日期：谈话在前")
NOT_ASKED = mark("写了整改的期限或结果，没有写要求整改什么（asked）")
WRITE_ASKED = mark("在这一条写上 asked；没有要求整改的，删去 until、closed 和 result")
NO_AMOUNT = mark("金额 {amount} 应大于 0")
TOO_FINE = mark("金额 {amount} 最多写到分，即小数点后两位")
WRITE_AMOUNT = mark("写元数，例如 amount: 3000；没有发放的，删去这一条")
#: Keys of what was asked, which say nothing where nothing was.
FOLLOWING = ("until", "closed", "result")


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk(Record):
    """A talk with a branch: when, by whom, what came of it, and what it was asked to put right."""

    branch: str = key(branch_id, mark("党支部"), mark("支部编号"), required=True)
    held: datetime.date | None = key(day, mark("谈话日期"), mark("还没有谈的不写"))
    by: Printable | None = key(text, mark("谈话人"), mark("部门或职务，不写姓名"))
    outcome: Printable | None = key(text, mark("谈话情况"))
    asked: Printable | None = key(text, mark("整改要求"), mark("写了的，完成以前每年都列出来"))
    until: datetime.date | None = key(day, mark("整改期限"))
    closed: datetime.date | None = key(day, mark("整改完成日期"), mark("没有完成的不写"))
    result: Printable | None = key(text, mark("整改结果"))

    @property
    def is_open(self) -> bool:
        """Whether something was asked that is not put right yet."""
        return self.valid and self.asked is not None and self.closed is None


class TalkShape(RecordShape[Talk]):
    """Nothing is put right before the talk, and nothing that was not asked."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report days before the talk, and an answer to nothing."""
        held = values.get("held")
        for name in ("until", "closed"):
            own = values.get(name)
            if isinstance(own, datetime.date) and isinstance(held, datetime.date) and own < held:
                at, title = node.place(place, name), say(self.keys[name][1].title)
                context.report.add(
                    "S003", at, TOO_EARLY, hint=SAME_OR_LATER, title=title, day=own, held=held
                )
                clean = False
        if clean and "asked" not in values and not values.keys().isdisjoint(FOLLOWING):
            context.report.add("S001", place, NOT_ASKED, hint=WRITE_ASKED)
            return False
        return clean


@dataclass(frozen=True, kw_only=True, slots=True)
class Fund(Record):
    """An amount that a branch is given, in yuan, as the committee decided."""

    branch: str = key(branch_id, mark("党支部"), mark("支部编号"), required=True)
    amount: Decimal | None = key(
        NumberShape(), mark("金额"), mark("元，由党委决定"), required=True, default=None
    )
    purpose: Printable | None = key(text, mark("用途"))
    by: Printable | None = key(text, mark("经办"), mark("部门或小组，不写姓名"))
    date: datetime.date | None = key(day, mark("日期"))


class FundShape(RecordShape[Fund]):
    """An amount is above 0, in yuan and fen."""

    def holds(
        self, values: Values, node: Mapping, place: Place, context: Context, *, clean: bool
    ) -> bool:
        """Report an amount of nothing, or of parts of a fen."""
        amount = values.get("amount")
        if not isinstance(amount, Decimal):
            return clean
        words = NO_AMOUNT if amount <= 0 else TOO_FINE if amount != round(amount, 2) else None
        if words is None:
            return clean
        at = node.place(place, "amount")
        context.report.add("S003", at, words, hint=WRITE_AMOUNT, amount=amount)
        return False


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterYear(Record):
    """``after.yml``: what came after the results of a year."""

    talks: tuple[Talk, ...] = key(
        ListShape(TalkShape(Talk, mark("谈话"))), mark("谈话"), mark("对支部书记的谈话和整改"),
        default=(),
    )  # fmt: skip
    funds: tuple[Fund, ...] = key(
        ListShape(FundShape(Fund, mark("经费"))), mark("经费"), mark("发给各支部的党建工作经费"),
        default=(),
    )  # fmt: skip

    @property
    def entries(self) -> tuple[Talk | Fund, ...]:
        """All that names a branch."""
        return (*self.talks, *self.funds)


AFTER = RecordShape(AfterYear, mark("结果运用"))
