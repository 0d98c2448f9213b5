"""The committee's workbook → reviews/<id>.yml: a row a branch and criterion.

Every row carries a stamp: what the committee had decided when the workbook was made, and the
fingerprint of the claim and files that it then saw. A row that nobody changed is left alone. One
whose claim or files changed since, or on which somebody else has decided meanwhile, is told and
left out: nobody's decision is undone, and none rests on what was not seen.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from generator.exchange.plan import Item, Plan, RowReader, differences, told_twice
from generator.exchange.table import Column
from generator.exchange.values import Titles, chosen_of, count_of, number_of, text_of
from generator.files.paths import review_path
from generator.formats.committee_files import REVIEW, TREATMENTS, CriterionReview
from generator.formats.records import RecordShape
from generator.formats.writing import Entries
from generator.scoring.fingerprint import fingerprint
from generator.text.language import mark
from generator.text.messages import Words, say
from generator.text.numbers import plain
from generator.text.unknown import entitled

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from generator.checks import BranchContext
    from generator.exchange.sheets.grid import Cell
    from generator.exchange.table import Table
    from generator.scoring.scorecard import Line

COLUMNS = (
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
#: Columns that a person fills in; who decides alone is no decision.
FILLED = ("points", "not_applicable", "reason", "by")
DECIDING = FILLED[:3]
KEYS = RecordShape(CriterionReview).keys
TITLES: dict[str, Words] = {key: say(KEYS[key][1].title) for key in FILLED}
TREATED = Titles({word: say(title) for word, title in TREATMENTS.items()})
STATE, SEEN = 8, 16

NO_STAMP = mark("这一行没有印记，不知道核定时看到的是什么：请从新导出的表里复制整行")
OTHER_YEAR = mark("这是 {other} 年的表，现在导入的是 {year} 年")
NO_CRITERION = mark("“{text}”不是今年的小项编号")
NO_LINE = mark("这个支部今年没有这一小项的得分")
STALE = mark("导出以后，这一项的自评或材料改过（C002）：请重新导出，看过再核定")
DECIDED = mark("导出以后，这一项已由别人核定为{verdict}：请重新导出，核对后再改")
BOTH = mark("核定分和不适用只能填一个")
NEITHER = mark("写了理由，没有填核定分或不适用")
TOO_MANY = mark("核定分应在 0 到 {max} 之间")
TOO_FINE = mark("核定分最多写到小数点后 {places} 位")
NO_REASON = mark("核定 {points} 分，与{what}的 {before} 分不同，要写理由")
COMPUTED, CLAIMED = mark("系统计算"), mark("自评")


@dataclass(frozen=True, slots=True)
class Known:
    """What is there: the year, its criteria with their maxima, branches, and what each filed."""

    year: int
    places: int
    criteria: Mapping[str, Words]
    branches: Titles
    context: Callable[[str], BranchContext | None]
    data: Callable[[str], bytes]
    today: datetime.date


class Decision(NamedTuple):
    """A decision as a row has it."""

    points: Decimal | None = None
    not_applicable: str | None = None
    reason: str | None = None
    by: str | None = None

    @property
    def state(self) -> str:
        """What tells one decision from another: 8 hex digits, of none as well."""
        points = "" if self.points is None else plain(self.points)
        said = [points, self.not_applicable or "", one_line(self.reason), one_line(self.by)]
        return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:STATE]

    @property
    def verdict(self) -> Words:
        """The decision in words."""
        if self.points is not None:
            return say("{points} 分", points=self.points)
        return TREATED.get(self.not_applicable or "", "") or say("未定")


def one_line(text: str | None) -> str:
    """Return a text as cells keep it: white space around and within it counts for one space."""
    return " ".join((text or "").split())


def decision_of(review: CriterionReview | None) -> Decision:
    """Return what the committee has decided; nothing where it has not."""
    if review is None or not review.valid:
        return Decision()
    return Decision(review.points, review.not_applicable, review.reason, review.by)


def stamp_of(decision: Decision, seen: str) -> str:
    """Return what a row carries: the decision's state and the fingerprint of what was seen."""
    return f"{decision.state}-{seen[:SEEN]}"


class Filled(NamedTuple):
    """A row that was read: whose it is, of which criterion, and what is decided."""

    branch: str
    criterion: str
    decision: Decision
    seen: str
    reader: RowReader


def plan_reviews(table: Table, known: Known) -> Plan:
    """Return what a workbook of reviews would change."""
    plan = Plan()
    lines = []
    for row in table.rows:
        reader = RowReader(row, plan)
        if not any(map(row.has, DECIDING)):
            plan.empty += 1
            continue
        line = read_row(reader, plan, known)
        if line is not None:
            lines.append(line)
    told_twice((f"{line.branch}/{line.criterion}", line.reader, "criterion") for line in lines)
    for branch in dict.fromkeys(line.branch for line in lines):
        decide(plan, branch, [line for line in lines if line.branch == branch], known)
    return plan


def read_row(reader: RowReader, plan: Plan, known: Known) -> Filled | None:
    """Read a row that somebody filled; None where it is as it left, or cannot be read."""
    year = reader.take("year", count_of)
    if year is not None and year != known.year:
        reader.fail("year", OTHER_YEAR, other=f"{year}", year=f"{known.year}")
        return None
    branch = reader.take("id", lambda cell: chosen_of(text_of(cell), known.branches))
    criterion = reader.take("criterion", lambda cell: criterion_of(cell, reader, known))
    stamp = (reader.take("stamp", text_of) or "").strip()
    state, _, seen = stamp.partition("-")
    if not reader.clean or not branch or not criterion:
        return None
    if len(state) != STATE or len(seen) != SEEN:
        reader.fail("stamp", NO_STAMP)
        return None
    decision = Decision(
        reader.take("points", number_of),
        reader.take("not_applicable", lambda cell: chosen_of(text_of(cell), TREATED)),
        reader.take("reason", text_of),
        reader.take("by", text_of),
    )
    if not reader.clean:
        return None
    if decision.state == state:
        plan.same += 1
        return None
    return Filled(branch, criterion, decision, stamp, reader)


def criterion_of(cell: Cell, reader: RowReader, known: Known) -> str:
    """Return the criterion of a row; tells of one that the year does not have."""
    text = text_of(cell).strip()
    if text not in known.criteria:
        reader.fail("criterion", NO_CRITERION, text=text)
    return text


def decide(plan: Plan, branch: str, lines: list[Filled], known: Known) -> None:
    """Take the decisions on one branch into the plan."""
    context = known.context(branch)
    reviews = context.review.criteria if context and context.review else {}
    found: dict[str, object] = {}
    for line in lines:
        if not line.reader.clean:
            continue
        own = line_of(context, line.criterion)
        if context is None or own is None:
            line.reader.fail("criterion", NO_LINE)
            continue
        before = decision_of(reviews.get(line.criterion))
        seen = fingerprint(context.data, own)
        if before.state == line.decision.state:
            plan.same += 1
        elif fits(line, before, seen, own, known):
            found[line.criterion] = entry(line.decision, seen, known.today)
            plan.items.append(item_of(line, before, known))
    if found:
        path = review_path(branch, known.year)
        plan.edit(path, known.data(path), REVIEW, {"criteria": Entries(found)})


def line_of(context: BranchContext | None, criterion: str) -> Line | None:
    """Return the line of a criterion on a branch's scorecard."""
    lines = context.card.lines if context else ()
    return next((own for own in lines if own.criterion == criterion and own.part is None), None)


def fits(line: Filled, before: Decision, seen: str, own: Line, known: Known) -> bool:
    """Whether a decision can be taken over; tells why not."""
    reader, decision = line.reader, line.decision
    if line.seen != stamp_of(before, seen):
        if before.state != line.seen[:STATE]:
            reader.fail("points", DECIDED, verdict=before.verdict)
        else:
            reader.fail("points", STALE)
        return False
    if decision.points is not None and decision.not_applicable is not None:
        reader.fail("not_applicable", BOTH)
    elif decision.points is None and decision.not_applicable is None:
        reader.fail("points", NEITHER)
    elif decision.points is not None:
        in_range(reader, decision.points, own, known)
        reasoned(reader, decision, own)
    return reader.clean


def in_range(reader: RowReader, points: Decimal, own: Line, known: Known) -> None:
    """Tell of points that a criterion cannot give, or with more places than the rubric has."""
    if points < 0 or (own.max is not None and points > own.max):
        reader.fail("points", TOO_MANY, max=own.max or 0)
    elif points != round(points, known.places):
        reader.fail("points", TOO_FINE, places=known.places)


def reasoned(reader: RowReader, decision: Decision, own: Line) -> None:
    """Tell of points that are others than those computed, or else claimed, without a reason."""
    what, before = (COMPUTED, own.computed) if own.computed is not None else (CLAIMED, own.claimed)
    if before is not None and decision.points != before and not one_line(decision.reason):
        reader.fail("reason", NO_REASON, points=decision.points, what=say(what), before=before)


def entry(decision: Decision, seen: str, today: datetime.date) -> Entries:
    """Return the entry of a decision; of points and treatment the one that it is not goes."""
    values = decision._asdict()
    return Entries({**values, "date": today, "reviewed": seen})


def item_of(line: Filled, before: Decision, known: Known) -> Item:
    """Return what is told of a decision that is taken over."""
    name = say("{branch} {criterion}", branch=entitled(line.branch, known.branches),
               criterion=known.criteria[line.criterion])  # fmt: skip
    names = {"not_applicable": TREATED}
    found = differences(before._asdict(), line.decision._asdict(), TITLES, names)
    return Item(name, new=before == Decision(), differences=found)
