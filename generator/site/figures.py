"""View models: what templates are handed, worked out from results; no template computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.codes import CODES
from generator.explain import BASIS_WORDS
from generator.i18n import gettext
from generator.scorecard import Basis, Status, ink
from generator.site.years import WIDE, ZERO, TrendPoint, branch_address

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.details import EvidenceRecord
    from generator.findings import Finding
    from generator.results import BranchResult
    from generator.rubric import Rubric
    from generator.scorecard import Line
    from generator.site.years import SiteData


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
class Row:
    """A branch in the ranking."""

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


def record_address(record: EvidenceRecord) -> str:
    """Return the address of a record's page."""
    _, branch, year, group, folder = record.path.split("/")
    return f"{year}/branches/{branch}/{group}/{folder}.html"


def row_of(site: SiteData, branch: BranchResult, ranks: dict[int | None, int]) -> Row:
    """Return the view of a branch in the ranking."""
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
    )


def possible_grades(rubric: Rubric, branch: BranchResult) -> str:
    """Name the grades that an ungraded branch can still come to by its range, quotas apart."""
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


@dataclass(frozen=True, slots=True)
class Ranking:
    """The home page's figures: ranked branches, and those outside the ranking."""

    rows: tuple[Row, ...]
    vetoed: tuple[Row, ...]
    unfiled: tuple[Row, ...]
    unreadable: tuple[Row, ...]
    median: Decimal | None
    graded: int
    assessed: str


def ranking_of(site: SiteData) -> Ranking:
    """Return the view of the ranked outcome."""
    branches = site.results.branches
    ranks: dict[int | None, int] = {}
    for branch in branches:
        ranks[branch.rank] = ranks.get(branch.rank, 0) + 1
    rows = [row_of(site, branch, ranks) for branch in branches]

    def of(status: Status) -> tuple[Row, ...]:
        return tuple(row for row in rows if row.branch.status == status)

    scored = of(Status.SCORED)
    totals = sorted(row.branch.total or ZERO for row in scored)
    verified = sum((row.branch.maxima["verified"] for row in scored), ZERO)
    whole = sum((points for row in scored for points in row.branch.maxima.values()), ZERO)
    return Ranking(
        scored,
        of(Status.VETOED),
        of(Status.NOT_SUBMITTED),
        of(Status.UNREADABLE),
        median(totals),
        sum(row.branch.grade is not None for row in scored),
        f"{int(verified * 100 / whole)}" if whole else "0",
    )


def median(values: list[Decimal]) -> Decimal | None:
    """Return the median of sorted values, None where there are none."""
    if not values:
        return None
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of a scorecard."""

    title: str
    clause: str
    points: Decimal
    max: Decimal
    bars: tuple[Segment, ...]
    pending: bool


def section_rows(site: SiteData, branch: BranchResult) -> tuple[SectionRow, ...]:
    """Return the sections of a scorecard, drawn on one scale."""
    whole = max((section.points for section in site.rubric.sections), default=ZERO)
    rows = []
    for section in site.rubric.sections:
        lines = [line for line in branch.criteria if line.section == section.id]
        sums = dict.fromkeys(("verified", "computed", "claimed", "pending"), ZERO)
        lost = ZERO
        for line in lines:
            if line.basis is Basis.PENDING:
                sums["pending"] += line.max or ZERO
            elif not line.excluded:
                sums[ink(line)] += line.points or ZERO
                lost += (line.max - (line.points or ZERO)) if line.max is not None else ZERO
        amounts = [*sums.items(), ("lost", lost)]
        rows.append(
            SectionRow(
                section.title,
                section.clause,
                branch.sections.get(section.id, ZERO),
                section.points,
                bar(amounts, whole),
                pending=bool(lines) and all(line.basis is Basis.PENDING for line in lines),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A record of evidence that a line rests on."""

    address: str
    words: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a criterion with the records that it counted."""

    line: Line
    evidence: tuple[RecordLink, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """A criterion on a scorecard with its parts and evidence."""

    line: Line
    section: str
    lost: Decimal
    basis: str
    basis_words: str
    requires: str
    method: str
    parts: tuple[PartLine, ...]
    evidence: tuple[RecordLink, ...]

    @property
    def adopted(self) -> str:
        """Which of the three figures stands: claimed, computed or verified."""
        return self.basis if self.basis in {"claimed", "computed", "verified"} else ""


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard: what was lost first, then what waits, what is reached, what does not apply."""

    branch: BranchResult
    row: Row
    sections: tuple[SectionRow, ...]
    lost: tuple[LineView, ...]
    waiting: tuple[LineView, ...]
    reached: tuple[LineView, ...]
    apart: tuple[LineView, ...]
    findings: tuple[FindingView, ...]
    trend: tuple[TrendPoint, ...]

    @property
    def stale(self) -> tuple[str, ...]:
        """What findings say of reviews that no longer fit."""
        return tuple(f.finding.message for f in self.findings if f.finding.code == "C002")

    @property
    def lost_points(self) -> Decimal:
        """Points lost for certain."""
        return sum((view.lost for view in self.lost), ZERO)

    @property
    def waiting_points(self) -> Decimal:
        """Points that wait for the committee, by their maxima."""
        return sum((view.line.max or ZERO for view in self.waiting), ZERO)

    @property
    def reached_points(self) -> Decimal:
        """Points of the criteria that lost nothing."""
        return sum((view.line.points or ZERO for view in self.reached), ZERO)


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding on a scorecard."""

    finding: Finding
    title: str


def card_of(site: SiteData, branch: BranchResult) -> Card:
    """Return the view of one scorecard."""
    views = line_views(site, branch)
    waiting = [v for v in views if v.line.basis in {Basis.CLAIMED, Basis.PENDING}]
    apart = [v for v in views if v.line.excluded or v.line.basis is Basis.SCALED]
    rest = [v for v in views if v not in waiting and v not in apart]
    lost = sorted((v for v in rest if v.lost > 0), key=lambda view: -view.lost)
    findings = site.by_branch.get(branch.id, [])
    return Card(
        branch,
        row_of(site, branch, {branch.rank: 1}),
        section_rows(site, branch),
        tuple(lost),
        tuple(waiting),
        tuple(v for v in rest if v.lost <= 0),
        tuple(apart),
        tuple(FindingView(f, gettext(CODES[f.code].title)) for f in findings if f.code != "C007"),
        site.trend(branch.id),
    )


def line_views(site: SiteData, branch: BranchResult) -> list[LineView]:
    """Return the criteria of a branch as they are shown."""
    records = {record.path: record for record in branch.records}
    titles = {section.id: section.title for section in site.rubric.sections}
    views = []
    for line in branch.criteria:
        entry = site.rubric.criteria.get(line.criterion or "")
        parts = tuple(
            PartLine(part, tuple(link_of(records[p]) for p in part.evidence if p in records))
            for part in branch.lines
            if part.part is not None and part.criterion == line.criterion
        )
        links = tuple(link_of(records[path]) for path in line.evidence if path in records)
        lost = ZERO
        if line.points is not None and line.max is not None:
            lost = line.max - line.points
        views.append(
            LineView(
                line,
                titles.get(line.section, line.section),
                lost,
                line.basis.value,
                gettext(BASIS_WORDS[line.basis]),
                entry[1].requires if entry else "",
                gettext(entry[1].method.title) if entry else "",
                parts,
                links,
            )
        )
    return views


def link_of(record: EvidenceRecord) -> RecordLink:
    """Return the link to a record's page."""
    return RecordLink(record_address(record), f"{record.date[5:]} {record.title}")
