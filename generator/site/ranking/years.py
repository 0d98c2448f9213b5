"""The years on file: each with its address and figures, and how totals went from year to year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.scoring.scorecard import Status
from generator.site.addresses import DOWNLOADS, HOME, YEARS, year_address
from generator.site.data.figures import grade_words, median
from generator.site.data.scale import TEN, ZERO
from generator.site.data.scant import SCANT, place_of
from generator.site.html.templating import shown
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.results.model import Results
    from generator.site.data.year import YearPages
    from generator.site.data.years import SiteData
    from generator.site.html.page import GeneratedPage, Standing

#: Fewer ranked branches than this have no middle half worth the name.
FEW = 4
#: The drawing in pixels: it is shown as large as it is, so that its words can be read.
LEFT, COLUMN, TOP, HEIGHT, BOTTOM = (
    Decimal(48),
    Decimal(112),
    Decimal(20),
    Decimal(200),
    Decimal(28),
)


@dataclass(frozen=True, slots=True)
class Year:
    """A year in figures; points of the ranked branches, None where too few are ranked."""

    year: int
    address: str
    final: bool
    stage: str
    count: int
    ranked: int
    median: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    low: Decimal | None
    high: Decimal | None
    grades: str
    apart: str
    decided: str
    rubric: str


@dataclass(frozen=True, slots=True)
class Point:
    """A year in the drawing: where its median and middle half lie, or None."""

    entry: Year
    x: Decimal
    median: Decimal | None
    lower: Decimal | None
    upper: Decimal | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure on the axis."""

    y: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The drawing: points from the oldest year on, lines between medians of adjacent years."""

    width: Decimal
    height: Decimal
    points: tuple[Point, ...]
    lines: tuple[tuple[Point, Point], ...]
    ticks: tuple[Tick, ...]


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the list of years, and the page at the lasting address of the year shown first."""
    if made.first:
        yield YEARS, partial(years, made)
        yield year_address(made.shown.year), partial(year, made)


def years(made: YearPages) -> GeneratedPage:
    """Return the list of years with the drawing of their totals."""
    entries = tuple(year_of(site) for site in made.whole.years)
    return made.page(
        YEARS,
        "years.html.jinja",
        gettext("历年结果"),
        description=gettext("每个年度的地址、总分、等次，和逐年的变化"),
        nav=DOWNLOADS,
        entries=entries,
        trend=trend_of(entries[::-1]),
        changed=len({entry.rubric for entry in entries}) > 1,
    )


def year(made: YearPages) -> GeneratedPage:
    """Return the page at a year's lasting address while its ranking is the home page."""
    number = made.shown.year
    return made.page(
        year_address(number),
        "year.html.jinja",
        tr("{year} 年度", year=number),
        description=tr("{year} 年度考核结果的固定地址", year=number),
        nav=DOWNLOADS,
        entry=year_of(made.site),
        results=made.site.results,
    )


def year_of(site: SiteData) -> Year:
    """Return a year in figures."""
    results = site.results
    values = sorted(b.total or ZERO for b in results.branches if b.rank is not None)

    def rounded(value: Decimal | None) -> Decimal | None:
        return None if value is None else site.rubric.vocabulary.round(Fraction(value))

    lower, upper = middle_half(values)
    return Year(
        year=results.year,
        address=f"{site.prefix}{HOME}",
        final=results.stage == "final",
        stage=stage_words(results.stage),
        count=len(results.branches),
        ranked=len(values),
        median=rounded(median(values)),
        lower=rounded(lower),
        upper=rounded(upper),
        low=values[0] if values else None,
        high=values[-1] if values else None,
        grades=grade_words(results, site.rubric),
        apart=apart_words(results),
        decided=results.decision.get("decided", ""),
        rubric=results.rubric_sha256,
    )


def middle_half(values: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """Return where the middle half of sorted values begins and ends; None where there are few.

    A quarter of the way between the first and the last value, and three quarters: between two
    values in proportion.
    """
    if len(values) < FEW:
        return None, None
    return quantile(values, 1), quantile(values, 3)


def quantile(values: Sequence[Decimal], quarters: int) -> Decimal:
    """Return the value at a number of quarters of sorted values."""
    at, rest = divmod((len(values) - 1) * quarters, 4)
    beyond = values[min(at + 1, len(values) - 1)]
    return values[at] + (beyond - values[at]) * rest / 4


def stage_words(stage: str) -> str:
    """Name a stage."""
    words = {
        "final": gettext("定稿"),
        "publicity": gettext("公示中"),
        "review": gettext("评审中"),
    }
    return words.get(stage, gettext("报送中"))


def apart_words(results: Results) -> str:
    """Say how many branches are outside of the ranking, and why."""
    found = Counter(map(place_of, results.branches))
    words = (
        (gettext("未评足"), found[SCANT]),
        (gettext("一票否决"), found[Status.VETOED]),
        (gettext("未报送"), found[Status.NOT_SUBMITTED]),
        (gettext("无法计分"), found[Status.UNREADABLE]),
    )
    return gettext("，").join(f"{title} {n}" for title, n in words if n)


def trend_of(entries: Sequence[Year]) -> Trend | None:
    """Return the drawing of years, the oldest first; None where fewer than two can be compared."""
    told = [entry for entry in entries if entry.median is not None]
    if len(told) < 2:
        return None
    ends = [v for e in told for v in (e.median, e.lower, e.upper) if v is not None]
    start = (min(ends) / TEN).to_integral_value(ROUND_FLOOR) * TEN
    end = max((max(ends) / TEN).to_integral_value(ROUND_CEILING) * TEN, start + TEN)

    def y(value: Decimal | None) -> Decimal | None:
        return None if value is None else TOP + (end - value) * HEIGHT / (end - start)

    points = tuple(
        Point(e, LEFT + COLUMN * n + COLUMN / 2, y(e.median), y(e.lower), y(e.upper))
        for n, e in enumerate(told)
    )
    adjacent = pairwise(points)
    step = TEN if end - start <= TEN * 6 else TEN * 2
    ticks = (start + step * n for n in range(int((end - start) / step) + 1))
    return Trend(
        LEFT + COLUMN * len(told),
        TOP + HEIGHT + BOTTOM,
        points,
        tuple((a, b) for a, b in adjacent if b.entry.year - a.entry.year == 1),
        tuple(Tick(y(tick) or ZERO, shown(tick)) for tick in ticks),
    )
