"""The sections of a scorecard on one scale, beside the median of the branch's kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.scoring.scorecard import INKS as BASES
from generator.scoring.scorecard import Basis, ink
from generator.site.data.drawing import Piece, at, pieces
from generator.site.data.figures import INK_WORDS
from generator.site.data.scale import ZERO
from generator.site.data.survey import COMPARABLE
from generator.site.html.templating import shown
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult
    from generator.rubric.document import Rubric, Section
    from generator.scoring.scorecard import Line
    from generator.site.branches.peers import Peers

#: What points of a section rest on, in the order in which they are drawn.
#: What is left beside losses is what does not apply, or what scaling adds.
INKS = (*BASES, "lost", "beside")
#: How a table heads them: of what is pending, the maximum is drawn.
INK_TITLES = {**INK_WORDS, "pending": mark("未评（满分）"), "beside": mark("不适用与折算")}


@dataclass(frozen=True, slots=True)
class Amount:
    """Points of a section that rest on one basis, as a table heads them."""

    title: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section: its points (None while all of it is pending), what they rest on, the median.

    ``amounts`` are in the order of ``inks_of``; ``gap`` is points less median, None where one of
    them is missing.
    """

    id: str
    title: str
    clause: str
    points: Decimal | None
    max: Decimal
    pieces: tuple[Piece, ...]
    amounts: tuple[Amount, ...]
    median: Decimal | None
    median_x: str
    gap: Decimal | None

    @property
    def words(self) -> str:
        """What the bar shows, for readers who cannot see it."""
        words = [f"{gettext(INK_TITLES[p.basis])} {shown(p.points)}" for p in self.pieces]
        if self.median is not None:
            words.append(tr("同类中位 {points}", points=shown(self.median)))
        return gettext("，").join(words)


@dataclass(frozen=True, slots=True)
class Profile:
    """All sections of a scorecard, drawn on one scale, with a caption that says of what.

    ``drawn`` are the inks that any bar has.
    """

    rows: tuple[SectionRow, ...]
    caption: str
    compared: bool
    drawn: frozenset[str]
    inks: tuple[str, ...]


def profile_of(rubric: Rubric, branch: BranchResult, peers: Peers) -> Profile:
    """Return the sections of a scorecard."""
    whole = max((section.points for section in rubric.sections), default=ZERO)
    medians = dict(peers.medians)
    lines: dict[str, list[Line]] = {}
    for line in branch.criteria:
        lines.setdefault(line.section, []).append(line)
    rows = tuple(
        section_row(section, branch, lines.get(section.id, []), medians.get(section.id), whole)
        for section in rubric.sections
    )
    compared = any(row.median is not None for row in rows)
    drawn = frozenset(piece.basis for row in rows for piece in row.pieces)
    inks = tuple(gettext(INK_TITLES[name]) for name in inks_of(branch))
    return Profile(rows, caption(branch, peers, compared=compared), compared, drawn, inks)


def inks_of(branch: BranchResult) -> tuple[str, ...]:
    """Return what the points of a branch's sections can rest on; claims taken over, if any are."""
    return tuple(name for name in INKS if name != "accepted" or branch.accepted)


def section_row(
    section: Section,
    branch: BranchResult,
    lines: Sequence[Line],
    median: Decimal | None,
    whole: Decimal,
) -> SectionRow:
    """Return one section; ``whole`` is what the full width stands for."""
    sums = dict.fromkeys(INKS, ZERO)
    for line in lines:
        if line.basis is Basis.PENDING:
            sums["pending"] += line.max or ZERO
        elif not line.excluded:
            sums[ink(line)] += line.points or ZERO
            if line.basis in COMPARABLE:
                sums["lost"] += (line.max or ZERO) - (line.points or ZERO)
    sums["beside"] = max(ZERO, section.points - sum(sums.values(), ZERO))
    pending = all(line.basis is Basis.PENDING for line in lines)
    points = None if pending else branch.sections.get(section.id, ZERO)
    return SectionRow(
        section.id,
        section.title,
        section.clause,
        points,
        section.points,
        pieces(sums.items(), whole),
        tuple(Amount(gettext(INK_TITLES[name]), sums[name]) for name in inks_of(branch)),
        median,
        "" if median is None else at(median, ZERO, whole),
        None if points is None or median is None else points - median,
    )


def caption(branch: BranchResult, peers: Peers, *, compared: bool) -> str:
    """Say what the bars and strokes are, and of how many branches of which kind."""
    lead = gettext("长度按分值，各行同一比例")
    if compared:
        lead = tr(
            "{lead}；竖线为同类中位数（{kind}，{n} 个），即排在正中间的得分",
            lead=lead,
            kind=branch.kind_title,
            n=peers.of_kind,
        )
        rest = gettext("末列是本支部比它多（+）或少（−）几分")
    elif branch.kind_title:
        rest = tr("参加排名的{kind}不足两个，没有中位数可比", kind=branch.kind_title)
    else:
        rest = gettext("支部类型不明，没有中位数可比")
    return tr("{lead}；{rest}", lead=lead, rest=rest)
