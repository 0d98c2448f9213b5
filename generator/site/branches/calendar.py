"""The calendar of a branch's activities: true dates, a lane a kind, counts against standards."""

from __future__ import annotations

import datetime
from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.rubric.measures import ACTIVITY
from generator.rubric.methods.counted import Proportion, Threshold
from generator.site.addresses import record_address
from generator.site.data.drawing import percent
from generator.site.data.scale import ZERO
from generator.text.language import gettext, mark, tr
from generator.text.messages import source_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.results.model import BranchResult
    from generator.results.packed import EvidenceRecord
    from generator.rubric.document import Rubric
    from generator.rubric.methods.base import Method
    from generator.scoring.scorecard import Line
    from generator.site.data.year import Shown

DAY = datetime.timedelta(days=1)
#: A gap is named in the drawing where it leaves room for the words.
ROOM = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity: its day (None outside of the period), kinds, and whether it counts or why not.

    ``kind`` is what all its ``kinds`` are called together.
    """

    date: str
    day: datetime.date | None
    x: str
    title: str
    kind: str
    counted: bool
    note: str
    address: str
    path: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """The longest stretch without an activity that counts: days, ends, and where it is drawn."""

    days: int
    begin: str
    end: str
    x1: str
    x2: str
    middle: str
    named: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """Activities of one kind; ``target`` is the standard of the rubric, None where it has none."""

    title: str
    entries: tuple[Entry, ...]
    count: int
    target: Decimal | None
    gap: Gap | None = None

    @property
    def short(self) -> Decimal:
        """How many are missing to the standard."""
        return ZERO if self.target is None else max(ZERO, self.target - self.count)

    @property
    def words(self) -> str:
        """The days of the lane, for readers who cannot see it."""
        days = gettext("、").join(entry.date for entry in self.entries if entry.counted)
        return tr("计入 {n} 次：{days}", n=self.count, days=days) if days else gettext("没有计入")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the period: number, where it lies, whether it is shaded."""

    number: int
    x: str
    width: str
    middle: str
    shaded: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The activities of a period, on lanes and as a list."""

    months: tuple[Month, ...]
    lanes: tuple[Lane, ...]
    entries: tuple[Entry, ...]
    gap: Gap | None

    @property
    def uncounted(self) -> tuple[Entry, ...]:
        """Activities that were filed and do not count."""
        return tuple(entry for entry in self.entries if not entry.counted)


def calendar_of(rubric: Rubric, branch: BranchResult, shown: Shown) -> Calendar | None:
    """Return the calendar of a branch; None if the period is unknown."""
    start, end = map(day_of, shown.period)
    if start is None or end is None or end < start:
        return None
    entries = tuple(entries_of(rubric, branch, start, end))
    gap = longest_gap(entries, start, end, ended=shown.stage != "open")
    return Calendar(months_of(start, end), lanes_of(rubric, branch, entries, gap), entries, gap)


def day_of(text: str) -> datetime.date | None:
    """Return a date as results hold it, or None."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def place(day: datetime.date, start: datetime.date, end: datetime.date) -> str:
    """Return where a day stands in the period: its noon."""
    return share((day - start).days * 2 + 1, start, end)


def share(halves: int, start: datetime.date, end: datetime.date) -> str:
    """Return the position of a number of half days after the start of the period."""
    return percent(Decimal(halves) / (((end - start).days + 1) * 2))


def entries_of(
    rubric: Rubric, branch: BranchResult, start: datetime.date, end: datetime.date
) -> Iterator[Entry]:
    """Yield the activities of a branch by their dates."""
    found = [record for record in branch.records if record.kind == ACTIVITY]
    for record in sorted(found, key=lambda record: (record.date, record.path)):
        day = day_of(record.date)
        within = day is not None and start <= day <= end
        kind = kind_of(record)
        kinds = tuple(rubric.activity_types.get(type_, type_) for type_ in record.types)
        yield Entry(
            record.date,
            day if within else None,
            place(day, start, end) if day is not None and within else "",
            record.title,
            kind,
            record.counted,
            str(record.note),
            record_address(record),
            record.path,
            kinds or (kind,),
        )


#: How the page of an activity calls its type.
TYPE = mark("类型")


def kind_of(record: EvidenceRecord) -> str:
    """Return what kind of activity a record says it is, or what kinds, as its page shows it."""
    named = (v for name, v in record.details if source_words(name) == TYPE and v)
    return str(next(named, record.kind_title))


@cache
def months_of(start: datetime.date, end: datetime.date) -> tuple[Month, ...]:
    """Return the months that a period touches."""
    found: list[Month] = []
    first = start
    while first <= end:
        last = min(first.replace(day=monthrange(first.year, first.month)[1]), end)
        begin, days = (first - start).days, (last - first).days + 1
        found.append(
            Month(
                first.month,
                share(begin * 2, start, end),
                share(days * 2, start, end),
                share(begin * 2 + days, start, end),
                shaded=len(found) % 2 == 0,
            )
        )
        if last == end:  # there may be no day behind it
            break
        first = last + DAY
    return tuple(found)


def longest_gap(
    entries: Iterable[Entry], start: datetime.date, end: datetime.date, *, ended: bool
) -> Gap | None:
    """Return the longest stretch between activities that count, bounds of the period included.

    While a year is under way its end says nothing yet.
    """
    days = sorted({entry.day for entry in entries if entry.counted and entry.day})
    marks = [start, *days, *([end] if ended else [])]
    if not days or len(marks) < 2:
        return None
    begin, last = max(pairwise(marks), key=lambda pair: pair[1] - pair[0])
    middle = share((begin - start).days + (last - start).days + 1, start, end)
    length = (last - begin).days
    named = length * ROOM > (end - start).days
    return Gap(
        length,
        f"{begin}",
        f"{last}",
        place(begin, start, end),
        place(last, start, end),
        middle,
        named,
    )


def lanes_of(
    rubric: Rubric, branch: BranchResult, entries: tuple[Entry, ...], gap: Gap | None
) -> tuple[Lane, ...]:
    """Return all activities, those that a standard counts across kinds, then a lane a kind.

    An activity of several kinds stands on the lane of each.
    """
    by_path = {entry.path: entry for entry in entries}
    across, targets = standards_of(rubric, branch, by_path)
    kinds = dict.fromkeys([*targets, *rubric.activity_types.values()])
    kinds.update(dict.fromkeys(kind for entry in entries for kind in entry.kinds))
    found = [lane(gettext("全部活动"), entries, targets.pop("", None), gap)]
    found += [lane(title, own, target) for title, (own, target) in across.items()]
    for kind in kinds:
        own = tuple(entry for entry in entries if kind in entry.kinds)
        if own or kind in targets:
            found.append(lane(kind, own, targets.get(kind)))
    return tuple(found) if entries or len(found) > 1 else ()


def lane(
    title: str, entries: tuple[Entry, ...], target: Decimal | None, gap: Gap | None = None
) -> Lane:
    """Return a lane with its count."""
    return Lane(title, entries, sum(entry.counted for entry in entries), target, gap)


Across = dict[str, tuple[tuple["Entry", ...], "Decimal"]]


def standards_of(
    rubric: Rubric, branch: BranchResult, entries: dict[str, Entry]
) -> tuple[Across, dict[str, Decimal]]:
    """Return the standards for numbers of activities: those across kinds, and those of one kind.

    What a standard across kinds counted is what its line names as evidence. The standard for all
    activities goes by the empty name.
    """
    across: Across = {}
    targets: dict[str, Decimal] = {}
    for line, method in counted_lines(rubric, branch):
        target = method.target_for(branch.kind)
        if target is None or line.points is None:
            continue
        conditions = method.measure.where.conditions
        values = [value for c in conditions if c.field == "type" for value in c.values or ()]
        if not conditions or (len(conditions) == 1 and len(values) == 1):
            kind = rubric.activity_types.get(values[0], values[0]) if values else ""
            targets[kind] = max(target, targets.get(kind, target))
        elif line.part is not None or not (line.statement or line.claimed is not None):
            own = tuple(entries[path] for path in line.evidence if path in entries)
            across.setdefault(str(rubric.vocabulary.label(method.measure)), (own, target))
    return across, targets


def counted_lines(
    rubric: Rubric, branch: BranchResult
) -> Iterator[tuple[Line, Proportion | Threshold]]:
    """Yield the lines whose method holds a number of activities against a standard."""
    methods: dict[tuple[str | None, str | None], Method] = {
        (criterion.id, part.id if part else None): (part or criterion).method
        for _, criterion in rubric.criteria.values()
        for part in (None, *criterion.parts)
    }
    for line in branch.lines:
        method = methods.get((line.criterion, line.part))
        if isinstance(method, Proportion | Threshold) and method.measure.count == ACTIVITY:
            yield line, method
