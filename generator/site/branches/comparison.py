"""A branch beside itself: last year's sections, and the totals of all years on file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.site.data.drawing import percent
from generator.site.data.scale import TEN, ZERO
from generator.site.data.scant import SCANT, place_of
from generator.site.html.templating import shown
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from generator.results.model import BranchResult
    from generator.rubric.document import Rubric
    from generator.site.branches.profile import SectionRow
    from generator.site.data.years import TrendPoint


@dataclass(frozen=True, slots=True)
class Change:
    """A section, the bonus or a total in two years; None where a year has no figure for it.

    ``before_x`` and ``now_x`` are where each stands between nothing and its own year's maximum.
    """

    title: str
    before: Decimal | None
    now: Decimal | None
    by: Decimal | None
    before_x: str = ""
    now_x: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A year beside the last one on file: sections, then bonus and total."""

    year: int
    title: str
    address: str
    rows: tuple[Change, ...]
    sums: tuple[Change, ...]
    words: str


def comparison_of(
    sections: Sequence[SectionRow],
    branch: BranchResult,
    trend: Iterable[TrendPoint],
    rubrics: Mapping[int, Rubric],
    year: int,
) -> Comparison | None:
    """Return a branch's two years side by side; None where no earlier year is on file."""
    earlier = [point for point in trend if point.year < year and point.year in rubrics]
    if not earlier:
        return None
    last = max(earlier, key=lambda point: point.year)
    lead = gettext("与上年相比")
    title = lead if last.year == year - 1 else tr("与 {year} 年相比", year=last.year)
    maxima = {s.id: s.points for s in rubrics[last.year].sections}
    titles = {s.id: s.title for s in rubrics[last.year].sections}
    if last.result.total is None:
        words = tr("{year} 年度没有得分，无从比较。", year=last.year)
        return Comparison(last.year, title, last.address, (), (), words)
    rows = [change(row, last.result, maxima.get(row.id)) for row in sections]
    rows += [
        Change(titles[name], last.result.sections.get(name), None, None)
        for name in maxima
        if name not in {row.id for row in sections}
    ]
    return Comparison(
        last.year,
        title,
        last.address,
        tuple(rows),
        (
            summed(gettext("加分"), last.result.bonus, branch.bonus),
            summed(gettext("总分"), last.result.total, branch.total),
        ),
        comparable_words(sections, maxima, titles, last),
    )


def change(row: SectionRow, last: BranchResult, maximum: Decimal | None) -> Change:
    """Return one section in both years."""
    before = None if maximum is None else last.sections.get(row.id)
    by = None if before is None or row.points is None else row.points - before
    return Change(
        row.title,
        before,
        row.points,
        by,
        "" if before is None or not maximum else percent(before / maximum),
        "" if row.points is None or not row.max else percent(row.points / row.max),
        pending=row.points is None,
    )


def summed(title: str, before: Decimal | None, now: Decimal | None) -> Change:
    """Return bonus or total in both years."""
    return Change(title, before, now, None if before is None or now is None else now - before)


def comparable_words(
    sections: Sequence[SectionRow],
    maxima: Mapping[str, Decimal],
    titles: Mapping[str, str],
    last: TrendPoint,
) -> str:
    """Say whether the maxima of both years are the same, and name the sections where not."""
    now = {row.id: row for row in sections}
    found = []
    for name in dict.fromkeys([*now, *maxima]):
        before, after = maxima.get(name), now[name].max if name in now else None
        if before != after:
            words = [
                gettext("无") if points is None else shown(points) for points in (before, after)
            ]
            title = now[name].title if name in now else titles[name]
            found.append(
                tr("{title} {before} → {after}", title=title, before=words[0], after=words[1])
            )
    if not found:
        return tr("两年的大项与满分相同，可以直接比较；{state}。", state=state_of(last))
    return tr(
        "两年满分不同，只宜看各自的得分率：{sections}；{state}。",
        sections=gettext("，").join(found),
        state=state_of(last),
    )


def state_of(point: TrendPoint) -> str:
    """Say whether a year's figures may still change."""
    if point.final:
        return tr("{year} 年度为定稿", year=point.year)
    return tr("{year} 年度尚未定稿", year=point.year)


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year of a branch: where its total stands in the drawing, empty where it has none."""

    year: int
    address: str
    result: BranchResult
    final: bool
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line from one year's total to the next."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The years of a branch, the oldest first, and what joins neighbouring totals."""

    rows: tuple[YearRow, ...]
    stretches: tuple[Stretch, ...]
    low: Decimal
    high: Decimal

    @property
    def drawn(self) -> bool:
        """Whether there are two totals to draw."""
        return sum(bool(row.y) for row in self.rows) > 1

    @property
    def hollow(self) -> bool:
        """Whether a total is drawn that had no rank."""
        return self.drawn and any(row.y and row.result.rank is None for row in self.rows)


def trend_of(points: Sequence[TrendPoint]) -> Trend:
    """Return the totals of a branch over the years; a year without a total stays empty.

    So does one that has just begun: its few points are no fall.
    """
    drawn = [None if place_of(p.result) == SCANT else p.result.total for p in points]
    totals = [total for total in drawn if total is not None]
    low = (min(totals, default=ZERO) / TEN).to_integral_value(ROUND_FLOOR) * TEN
    high = (max(totals, default=ZERO) / TEN).to_integral_value(ROUND_CEILING) * TEN
    high = high if high > low else low + TEN
    count = len(points) or 1
    rows = []
    for number, (point, total) in enumerate(zip(points, drawn, strict=True)):
        y = "" if total is None else percent((high - total) / (high - low))
        x = percent(Decimal(number * 2 + 1) / (count * 2))
        rows.append(YearRow(point.year, point.address, point.result, point.final, x, y))
    stretches = [
        Stretch(one.x, one.y, two.x, two.y)
        for one, two in pairwise(rows)
        if one.y and two.y and two.year == one.year + 1
    ]
    return Trend(tuple(rows), tuple(stretches), low, high)
