"""View models of a scorecard: sections, lines by what became of them, evidence, findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.codes import CODES
from generator.explain import BASIS_WORDS
from generator.i18n import gettext, tr
from generator.methods.base import Judgement
from generator.scorecard import Basis
from generator.site.drawing import INKS, ZERO, Segment, bar, ink_of
from generator.site.rendering import DASH, fixed
from generator.site.views import Row, record_address, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from generator.findings import Finding
    from generator.results import BranchResult, EvidenceRecord, Results, Veto
    from generator.rubric import Criterion, Rubric
    from generator.scorecard import BonusLine, Line
    from generator.site.views import SiteData

BONUS_WORDS = {
    "accepted": "已认可",
    "rejected": "未认可",
    "claimed": "待认定",
    "same-matter": "同一事项已计",
}
VETO_WORDS = {
    "alleged": "有反映，待核查",
    "under-review": "正在核查",
    "verified": "已核定",
    "dismissed": "已排除",
    "candidate": "系统提示，待党委判定",
}


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of a scorecard and its bar, on one scale for all sections."""

    id: str
    title: str
    clause: str
    points: Decimal | None
    max: Decimal
    waiting: Decimal
    bars: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A record of evidence that a line rests on."""

    address: str
    date: str
    title: str
    counted: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One of the three figures of a line; the adopted one carries the ink of its basis."""

    title: str
    words: str
    ink: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a criterion with its own reason and evidence."""

    line: Line
    words: str
    evidence: tuple[RecordLink, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """A criterion on a scorecard."""

    line: Line
    section: str
    lost: Decimal
    basis: str
    cells: tuple[Cell, ...]
    requires: str
    method: str
    parts: tuple[PartView, ...]
    evidence: tuple[RecordLink, ...]
    question: str


@dataclass(frozen=True, slots=True)
class BonusView:
    """A bonus claim with its status in words."""

    line: BonusLine
    words: str
    status: str
    evidence: tuple[RecordLink, ...]


@dataclass(frozen=True, slots=True)
class VetoView:
    """A veto, or the candidate of one, with its state in words."""

    veto: Veto
    words: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its title."""

    finding: Finding
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines with the same fate: how they are headed, what they add up to."""

    id: str
    title: str
    note: str
    lead: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard: what was lost comes first, then what waits, what is reached, what is left out."""

    branch: BranchResult
    row: Row
    sections: tuple[SectionRow, ...]
    groups: tuple[Group, ...]
    bonus: tuple[BonusView, ...]
    verified: tuple[VetoView, ...]
    alleged: tuple[VetoView, ...]
    findings: tuple[FindingView, ...]


def card_of(site: SiteData, results: Results, rubric: Rubric, branch: BranchResult) -> Card:
    """Return the view of one scorecard."""
    records = {record.path: link_of(record) for record in branch.records}
    vetoes = [VetoView(v, gettext(VETO_WORDS.get(v.state, v.state))) for v in branch.vetoes]
    return Card(
        branch,
        row_of(site, results.year, branch),
        section_rows(rubric, branch) if branch.lines else (),
        groups_of(line_views(rubric, branch, records), rubric.places),
        tuple(
            BonusView(
                line,
                fixed(line.points, rubric.places),
                gettext(BONUS_WORDS[line.status]),
                links(records, line.evidence),
            )
            for line in branch.bonus_lines
        ),
        tuple(view for view in vetoes if view.veto.state == "verified"),
        tuple(view for view in vetoes if view.veto.state != "verified"),
        tuple(
            FindingView(f, gettext(CODES[f.code].title))
            for f in site.by_branch.get(branch.id, ())
            if f.code != "C007"  # what waits has a group of its own
        ),
    )


def section_rows(rubric: Rubric, branch: BranchResult) -> tuple[SectionRow, ...]:
    """Return the sections of a scorecard; one that only waits has no points."""
    whole = max((section.points for section in rubric.sections), default=ZERO)
    rows = []
    for section in rubric.sections:
        lines = [line for line in branch.criteria if line.section == section.id]
        sums = dict.fromkeys((*INKS[:3], "lost", "pending"), ZERO)
        for line in lines:
            if line.excluded:
                continue
            sums[ink_of(line)] += (line.max if line.points is None else line.points) or ZERO
            if line.points is not None and line.max is not None:
                sums["lost"] += line.max - line.points
        known = any(line.points is not None for line in lines)
        points = branch.sections.get(section.id) if known else None
        title, clause = section.title, section.clause
        bars = bar(sums.items(), whole)
        rows.append(
            SectionRow(section.id, title, clause, points, section.points, sums["pending"], bars)
        )
    return tuple(rows)


def groups_of(views: list[LineView], places: int) -> tuple[Group, ...]:
    """Return the lines by what became of them, each group with its count and sum."""
    waiting = [v for v in views if v.line.basis in {Basis.CLAIMED, Basis.PENDING}]
    apart = [v for v in views if v.line.excluded or v.line.basis is Basis.SCALED]
    rest = [v for v in views if v not in waiting and v not in apart]
    lost = sorted((v for v in rest if v.lost > 0), key=lambda view: -view.lost)
    full = [v for v in rest if v.lost <= 0]
    most = sum((v.line.max or ZERO for v in waiting), ZERO)
    gone = sum((v.lost for v in lost), ZERO)
    kept = sum((v.line.points or ZERO for v in full), ZERO)

    def note(words: str, group: list[LineView], points: Decimal) -> str:
        return tr(words, count=len(group), points=fixed(points, places))

    groups = (
        Group(
            "lost",
            gettext("失分"),
            note("{count} 项，共失 {points} 分，由多到少", lost, gone),
            gettext("失分"),
            tuple(lost),
        ),
        Group(
            "waiting",
            gettext("待评"),
            note("{count} 项，共 {points} 分尚未核定", waiting, most),
            gettext("分值"),
            tuple(waiting),
        ),
        Group(
            "full",
            gettext("已得满分"),
            note("{count} 项，共 {points} 分", full, kept),
            gettext("得分"),
            tuple(full),
        ),
        Group(
            "apart",
            gettext("不计入与折算"),
            tr("{count} 项", count=len(apart)),
            gettext("得分"),
            tuple(apart),
        ),
    )
    return tuple(group for group in groups if group.lines or group.id in {"lost", "waiting"})


def line_views(
    rubric: Rubric, branch: BranchResult, records: dict[str, RecordLink]
) -> list[LineView]:
    """Return the criteria of a branch as they are shown."""
    parts: dict[str | None, list[PartView]] = {}
    for line in branch.lines:
        if line.part is not None:
            view = PartView(line, words_of(line, rubric.places), links(records, line.evidence))
            parts.setdefault(line.criterion, []).append(view)
    titles = {section.id: section.title for section in rubric.sections}
    questions = {question.id: question.issue for question in rubric.questions}
    views = []
    for line in branch.criteria:
        entry = rubric.criteria.get(line.criterion or "")
        criterion = entry[1] if entry else None
        lost = ZERO
        if line.points is not None and line.max is not None:
            lost = line.max - line.points
        views.append(
            LineView(
                line,
                titles.get(line.section, line.section),
                lost,
                gettext(BASIS_WORDS[line.basis]),
                cells_of(line, criterion, rubric.places),
                criterion.requires if criterion else "",
                gettext(criterion.method.title) if criterion else "",
                tuple(parts.get(line.criterion, ())) if line.criterion else (),
                links(records, line.evidence),
                questions.get(line.question, ""),
            )
        )
    return views


def cells_of(line: Line, criterion: Criterion | None, places: int) -> tuple[Cell, ...]:
    """Return claimed, computed and verified side by side; what is unknown is worded."""
    claimed = fixed(line.claimed, places)
    computed, verified = fixed(line.computed, places), gettext("待核定")
    if line.computed is None and criterion and not isinstance(criterion.method, Judgement):
        computed = gettext("不能计算")
    if line.basis is Basis.SCALED:
        claimed, computed, verified = DASH, DASH, fixed(line.points, places)
    elif line.basis is Basis.NOT_APPLICABLE:
        verified = gettext("不计入") if line.excluded else fixed(line.points, places)
    elif line.basis is Basis.PENDING:
        verified = gettext("未评")
    elif line.verified is not None:
        verified = fixed(line.verified, places)
    adopted = line.basis if line.basis in {Basis.CLAIMED, Basis.COMPUTED} else "last"
    ink = ink_of(line)
    return (
        Cell(gettext("自评"), claimed, ink if adopted == Basis.CLAIMED else ""),
        Cell(gettext("系统计算"), computed, ink if adopted == Basis.COMPUTED else ""),
        Cell(gettext("核定"), verified, ink if adopted == "last" else ""),
    )


def words_of(line: Line, places: int) -> str:
    """Word the points of a line out of its maximum; 未评 where there are none."""
    points = gettext("未评") if line.points is None else fixed(line.points, places)
    return f"{points} / {fixed(line.max, places)}" if line.max is not None else points


def link_of(record: EvidenceRecord) -> RecordLink:
    """Return the link to the page of a record."""
    return RecordLink(record_address(record), record.date[5:], record.title, record.counted)


def links(records: dict[str, RecordLink], paths: Iterable[str]) -> tuple[RecordLink, ...]:
    """Return the links to the records at these paths."""
    return tuple(records[path] for path in paths if path in records)
