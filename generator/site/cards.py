"""The view of a scorecard: what was lost, what waits, what is reached, on which evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.codes import CODES
from generator.explain import BASIS_WORDS
from generator.i18n import gettext
from generator.scorecard import Basis, ink
from generator.site.figures import Segment, bar, basis_bar, possible_grades, record_address
from generator.site.years import ZERO, TrendPoint

if TYPE_CHECKING:
    from decimal import Decimal

    from generator.details import EvidenceRecord
    from generator.findings import Finding
    from generator.results import BranchResult
    from generator.rubric import Rubric
    from generator.scorecard import Line
    from generator.site.years import SiteData

#: Bases that wait for the committee.
UNDECIDED = frozenset({Basis.CLAIMED, Basis.PENDING})


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of a scorecard."""

    title: str
    clause: str
    points: Decimal
    max: Decimal
    bars: tuple[Segment, ...]
    pending: bool


def section_rows(rubric: Rubric, branch: BranchResult) -> tuple[SectionRow, ...]:
    """Return the sections of a scorecard, drawn on one scale."""
    whole = max((section.points for section in rubric.sections), default=ZERO)
    criteria = branch.criteria
    rows = []
    for section in rubric.sections:
        lines = [line for line in criteria if line.section == section.id]
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
    bars: tuple[Segment, ...]
    possible: str
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
    waiting, apart, rest = [], [], []
    views = line_views(site.rubric, branch)
    for view in views:
        waits = view.line.basis in UNDECIDED
        beside = view.line.excluded or view.line.basis is Basis.SCALED
        if waits:
            waiting.append(view)
        if beside:
            apart.append(view)
        if not waits and not beside:
            rest.append(view)
    findings = site.by_branch.get(branch.id, [])
    return Card(
        branch,
        basis_bar(branch),
        possible_grades(site.rubric, branch),
        section_rows(site.rubric, branch),
        tuple(sorted((v for v in rest if v.lost > 0), key=lambda view: -view.lost)),
        tuple(waiting),
        tuple(v for v in rest if v.lost <= 0),
        tuple(apart),
        tuple(FindingView(f, gettext(CODES[f.code].title)) for f in findings if f.code != "C007"),
        site.trend(branch.id),
    )


def line_views(rubric: Rubric, branch: BranchResult) -> list[LineView]:
    """Return the criteria of a branch as they are shown."""
    links = {record.path: link_of(record) for record in branch.records}
    titles = {section.id: section.title for section in rubric.sections}
    parts: dict[str | None, list[PartLine]] = {}
    lines = branch.lines
    for line in lines:
        if line.part is not None:
            linked = tuple(links[path] for path in line.evidence if path in links)
            parts.setdefault(line.criterion, []).append(PartLine(line, linked))
    views = []
    for line in lines:
        if line.part is not None:
            continue
        entry = rubric.criteria.get(line.criterion or "")
        lost = ZERO if line.points is None or line.max is None else line.max - line.points
        views.append(
            LineView(
                line,
                titles.get(line.section, line.section),
                lost,
                line.basis.value,
                gettext(BASIS_WORDS[line.basis]),
                entry[1].requires if entry else "",
                gettext(entry[1].method.title) if entry else "",
                tuple(parts.get(line.criterion, ())),
                tuple(links[path] for path in line.evidence if path in links),
            )
        )
    return views


def link_of(record: EvidenceRecord) -> RecordLink:
    """Return the link to a record's page."""
    return RecordLink(record_address(record), f"{record.date[5:]} {record.title}")
