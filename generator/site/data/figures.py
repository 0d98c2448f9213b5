"""View models: what templates are handed, worked out from results; no template computes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.site.addresses import branch_address
from generator.site.data.scale import WIDE, ZERO
from generator.site.html.templating import NBSP, shown
from generator.text.language import gettext, mark

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric
    from generator.site.data.years import SiteData


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar: basis, coordinate, width, and the points that it stands for."""

    basis: str
    x: Decimal
    width: Decimal
    points: Decimal


def bar(amounts: list[tuple[str, Decimal]], whole: Decimal) -> tuple[Segment, ...]:
    """Return the segments of a bar whose full width stands for ``whole`` points."""
    segments, at = [], ZERO
    for basis, points in amounts:
        if points > 0 and whole > 0:
            width = points * WIDE / whole
            segments.append(Segment(basis, at, width, points))
            at += width
    return tuple(segments)


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A record of evidence that a line rests on."""

    address: str
    words: str


#: What the segments of a bar stand for.
INK_WORDS = {
    "verified": mark("核定"),
    "computed": mark("系统计算"),
    "accepted": mark("按自评认定"),
    "claimed": mark("自评"),
    "pending": mark("未评"),
    "lost": mark("失分"),
}


def bar_words(segments: Sequence[Segment]) -> str:
    """Say what a bar shows."""
    words = (f"{gettext(INK_WORDS[s.basis])} {shown(s.points)}" for s in segments)
    return gettext("，").join(words)


@dataclass(frozen=True, slots=True)
class Row:
    """A branch in the ranking; ``place`` is that of its grade among all, 1 at the top."""

    branch: BranchResult
    address: str
    meta: str
    bars: tuple[Segment, ...]
    share: str
    low: Decimal
    high: Decimal
    dot: Decimal
    tied: bool
    possible: str
    open: str
    place: int | None


def row_of(site: SiteData, branch: BranchResult, ranks: dict[int | None, int]) -> Row:
    """Return the view of a branch in the ranking; ``ranks`` says how many share each rank."""
    amounts = list(branch.maxima.items())
    whole = sum((points for _, points in amounts), ZERO)
    verified = dict(amounts)["verified"]
    share = f"{int(verified * 100 / whole)}%" if whole else "0%"
    meta = [branch.kind_title, branch.consortium_title]
    scale = site.scale
    return Row(
        branch,
        branch_address(site.results.year, branch),
        " · ".join(word for word in meta if word),
        bar(amounts, whole),
        share,
        scale.x(scale.start if branch.low is None else branch.low),
        scale.x(scale.start if branch.high is None else branch.high),
        scale.x(scale.start if branch.total is None else branch.total),
        tied=branch.rank is not None and ranks[branch.rank] > 1,
        possible=possible_grades(site.rubric, branch),
        open=open_words(branch),
        place=places_of(site.rubric).get(branch.grade or ""),
    )


def places_of(rubric: Rubric) -> dict[str, int]:
    """Return the place of each grade by its id, from 1 at the top."""
    return {band.id: place for place, band in enumerate(rubric.grades, start=1)}


def open_words(branch: BranchResult) -> str:
    """Say how many points, by their maxima, nobody verified one by one, and on what they rest."""
    waiting = ((name, branch.maxima[name]) for name in ("accepted", "claimed", "pending"))
    words = (
        f"{gettext(INK_WORDS[basis])}{NBSP}{shown(points)}" for basis, points in waiting if points
    )
    return gettext("，").join(words)


def grade_words(results: Results, rubric: Rubric) -> str:
    """Say how many ranked branches have each grade, from the top."""
    found = Counter(b.grade for b in results.branches if b.rank is not None)
    known = [(band.title, found.pop(band.id, 0)) for band in rubric.grades]
    words = [(title, n) for title, n in known if n] + [(gettext("未定"), sum(found.values()))]
    return gettext("，").join(f"{title} {n}" for title, n in words if n)


def possible_grades(rubric: Rubric, branch: BranchResult) -> str:
    """Name the grades that an ungraded branch can still get by its range, quotas apart."""
    if branch.grade is not None or branch.rank is None or branch.low is None:
        return ""
    titles = []
    above: Decimal | None = None
    for index, band in enumerate(rubric.grades):
        least = ZERO if index == len(rubric.grades) - 1 else band.min
        if (branch.high or ZERO) >= least and (above is None or branch.low < above):
            titles.append(band.title)
        above = least
    return gettext("或").join(reversed(titles))


def median(values: list[Decimal]) -> Decimal | None:
    """Return the median of sorted values; None for an empty list."""
    if not values:
        return None
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
