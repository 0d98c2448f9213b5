"""Rows on criteria: verified points or a treatment of what does not apply, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from generator.exchange.reviews.rows import Sort, Subject, one_line, state_of
from generator.exchange.table import Column
from generator.exchange.values import Titles, chosen_of, number_of, text_of
from generator.formats.committee_files import TREATMENTS, CriterionReview
from generator.formats.records import RecordShape
from generator.formats.writing import Entries
from generator.scoring.fingerprint import fingerprint
from generator.text.language import mark
from generator.text.messages import Words, say
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from generator.checks import BranchContext
    from generator.exchange.plan import RowReader
    from generator.exchange.reviews.rows import Filled, Known
    from generator.scoring.scorecard import Line

#: Columns that a person fills in; who decides alone is no decision.
FILLED = ("points", "not_applicable", "reason", "by")
KEYS = RecordShape(CriterionReview).keys
TREATED = Titles({word: say(title) for word, title in TREATMENTS.items()})

NO_CRITERION = mark("“{text}”不是今年的小项编号")
NO_LINE = mark("这个支部今年没有这一小项的得分")
BOTH = mark("核定分和不适用只能填一个")
NEITHER = mark("写了理由，没有填核定分或不适用")
TOO_MANY = mark("核定分应在 0 到 {max} 之间")
TOO_FINE = mark("核定分最多写到小数点后 {places} 位")
NO_REASON = mark("核定 {points} 分，与{what}的 {before} 分不同，要写理由")
COMPUTED, CLAIMED = mark("系统计算"), mark("自评")


class Verified(NamedTuple):
    """A decision on a criterion."""

    points: Decimal | None = None
    not_applicable: str | None = None
    reason: str | None = None
    by: str | None = None

    @property
    def state(self) -> str:
        """What tells one decision from another."""
        points = "" if self.points is None else plain(self.points)
        return state_of(points, self.not_applicable, self.reason, self.by)

    @property
    def verdict(self) -> Words:
        """The decision in words."""
        if self.points is not None:
            return say("{points} 分", points=self.points)
        return TREATED.get(self.not_applicable or "", "") or say("未定")


def verified_of(review: CriterionReview | None) -> Verified:
    """Return what the committee has decided; nothing where it has not."""
    if review is None or not review.valid:
        return Verified()
    return Verified(review.points, review.not_applicable, review.reason, review.by)


def line_of(context: BranchContext, criterion: str) -> Line | None:
    """Return the line of a criterion on a branch's scorecard."""
    lines = context.card.lines
    return next((own for own in lines if own.criterion == criterion and own.part is None), None)


class OnCriteria(Sort):
    """Rows on criteria."""

    group = "criteria"
    key = "criterion"
    columns = (
        Column("year", "年度", required=True),
        Column("id", "编号", frozenset({"支部编号"}), required=True),
        Column("name", "党支部", frozenset({"支部", "名称"})),
        Column("criterion", "小项编号", required=True),
        Column("points", "核定分", frozenset({"核定得分", "核定分数"}), required=True),
        Column("not_applicable", "不适用", frozenset({"不适用的处理"}), required=True),
        Column("reason", "核定理由", frozenset({"理由"}), required=True),
        Column("by", "经办"),
        Column("stamp", "印记", required=True),
    )
    deciding = FILLED[:3]
    told_at = "points"
    titles: ClassVar[Mapping[str, Words]] = {key: say(KEYS[key][1].title) for key in FILLED}
    nothing = NO_LINE

    def named(self, reader: RowReader) -> str | None:
        """Return the criterion of a row."""
        text = (reader.take(self.key, text_of) or "").strip()
        if reader.clean and text not in self.known.criteria:
            reader.fail(self.key, NO_CRITERION, text=text)
        return text

    def read(self, reader: RowReader) -> Verified:
        """Return the decision of a row."""
        return Verified(
            reader.take("points", number_of),
            reader.take("not_applicable", lambda cell: chosen_of(text_of(cell), TREATED)),
            reader.take("reason", text_of),
            reader.take("by", text_of),
        )

    def subject(self, context: BranchContext, name: str) -> Subject | None:
        """Return the criterion of a branch."""
        own = line_of(context, name)
        if own is None:
            return None
        held = context.review.criteria.get(name) if context.review else None
        title = self.known.criteria[name]
        return Subject(title, fingerprint(context.data, own), verified_of(held))

    def check(self, row: Filled, context: BranchContext) -> None:
        """Tell of points and a treatment at once, of neither, and of points that cannot be."""
        reader, decision = row.reader, cast("Verified", row.decision)
        own = line_of(context, row.name)
        if decision.points is not None and decision.not_applicable is not None:
            reader.fail("not_applicable", BOTH)
        elif decision.points is None and decision.not_applicable is None:
            reader.fail("points", NEITHER)
        elif decision.points is not None and own is not None:
            in_range(reader, decision.points, own, self.known)
            reasoned(reader, decision, own)

    def entry(self, row: Filled, seen: str) -> Entries:
        """Return the entry of a decision; of points and treatment the one that it is not goes."""
        values = row.decision._asdict()
        return Entries({**values, "date": self.known.today, "reviewed": seen})

    def names(self, row: Filled) -> Mapping[str, Mapping[str, Words]]:
        """Return the titles of treatments."""
        del row
        return {"not_applicable": TREATED}


def in_range(reader: RowReader, points: Decimal, own: Line, known: Known) -> None:
    """Tell of points that a criterion cannot give, or with more places than the rubric has."""
    if points < 0 or (own.max is not None and points > own.max):
        reader.fail("points", TOO_MANY, max=own.max or 0)
    elif points != round(points, known.places):
        reader.fail("points", TOO_FINE, places=known.places)


def reasoned(reader: RowReader, decision: Verified, own: Line) -> None:
    """Tell of points that are others than those computed, or else claimed, without a reason."""
    what, before = (COMPUTED, own.computed) if own.computed is not None else (CLAIMED, own.claimed)
    if before is not None and decision.points != before and not one_line(decision.reason):
        reader.fail("reason", NO_REASON, points=decision.points, what=say(what), before=before)
