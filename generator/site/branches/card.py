"""The view of a scorecard: what was lost, what waits, what is reached, and the pictures on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.results.advice import When
from generator.scoring.scorecard import Basis, summed
from generator.site.addresses import consortium_address, society_address
from generator.site.branches.calendar import Calendar, calendar_of
from generator.site.branches.comparison import Comparison, Trend, comparison_of, trend_of
from generator.site.branches.lines import LineView, line_views, link_of, linked
from generator.site.branches.profile import Profile, profile_of
from generator.site.branches.prospects import Prospects, prospects_of
from generator.site.branches.strip import Strip, grade_lines, strip_of
from generator.site.data.drawing import Piece, pieces
from generator.site.data.figures import INK_WORDS, RecordLink, possible_grades
from generator.site.data.makeup import makeup_of
from generator.site.data.posting import AppealView, appeals_of
from generator.site.data.scale import ZERO
from generator.site.html.templating import shown
from generator.site.work.asked import Answered, answered
from generator.site.work.corrections import CorrectionView, of_branch
from generator.text.codes import CODES
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from generator.results.after import Rectify
    from generator.results.model import AcceptedFinding, BranchResult, Veto
    from generator.results.packed import EvidenceRecord
    from generator.rubric.document import Rubric
    from generator.scoring.scorecard import BonusLine, Line
    from generator.site.branches.peers import Peers
    from generator.site.data.makeup import TotalPart
    from generator.site.data.year import Shown, YearPages
    from generator.text.findings import Finding

#: Bases that wait for the committee.
UNDECIDED = frozenset({Basis.CLAIMED, Basis.PENDING})
#: What stands outside of losses: not applicable, however it is treated, and scaling.
BESIDE = frozenset({Basis.NOT_APPLICABLE, Basis.SCALED})
STALE = "C002"
#: Told by the basis of each line, not a second time as a finding.
TOLD = frozenset({"C007", "C009"})


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding on a scorecard; ``criterion`` is what it concerns, empty where nothing of it."""

    finding: Finding
    title: str
    criterion: str


@dataclass(frozen=True, slots=True)
class AcceptedView:
    """A finding that the committee accepts, and what findings of its code are called."""

    finding: AcceptedFinding
    title: str


@dataclass(frozen=True, slots=True)
class UnscoredView:
    """A record that is kept and not scored, and the link to its page."""

    record: EvidenceRecord
    link: RecordLink


@dataclass(frozen=True, slots=True)
class BonusView:
    """A bonus claim with its evidence; ``basis`` is the mark of how certain it is."""

    line: BonusLine
    basis: str
    evidence: tuple[RecordLink, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A section and how many of its criteria lost nothing."""

    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard: what was lost first, then what waits, what is reached, what stands beside."""

    branch: BranchResult
    peers: Peers
    basis: Footing
    makeup: tuple[TotalPart, ...]
    possible: str
    crossed: str
    strip: Strip | None
    prospects: Prospects | None
    profile: Profile
    lost: tuple[LineView, ...]
    waiting: tuple[LineView, ...]
    reached: tuple[LineView, ...]
    apart: tuple[LineView, ...]
    calendar: Calendar | None
    bonus: tuple[BonusView, ...]
    comparison: Comparison | None
    trend: Trend
    records: tuple[RecordLink, ...]
    consortium: str
    societies: tuple[RecordLink, ...]
    findings: tuple[FindingView, ...]
    corrections: tuple[CorrectionView, ...] = ()
    appeals: tuple[AppealView, ...] = ()
    rectify: tuple[Rectify, ...] = ()
    asked: tuple[Answered, ...] = ()
    accepted: tuple[AcceptedView, ...] = ()
    unscored: tuple[UnscoredView, ...] = ()

    @property
    def stale(self) -> tuple[FindingView, ...]:
        """Findings of reviews that no longer fit what they looked at."""
        return tuple(view for view in self.findings if view.finding.code == STALE)

    @property
    def vetoes(self) -> tuple[Veto, ...]:
        """Vetoes that are verified."""
        return tuple(veto for veto in self.branch.vetoes if veto.state == "verified")

    @property
    def lost_points(self) -> Decimal:
        """Points lost for certain."""
        return sum((view.lost for view in self.lost), ZERO)

    @property
    def waiting_points(self) -> Decimal:
        """Points that wait for the committee, by their maxima."""
        return summed(view.line.max for view in self.waiting)

    @property
    def claimed(self) -> int:
        """How many of the criteria that wait count as claimed; of the others nothing is known."""
        return sum(view.line.basis is Basis.CLAIMED for view in self.waiting)

    @property
    def reached_points(self) -> Decimal:
        """Points of the criteria that lost nothing."""
        return summed(view.line.points for view in self.reached)

    @property
    def reached_shares(self) -> tuple[Share, ...]:
        """How many criteria of each section lost nothing."""
        counts: dict[str, int] = {}
        for view in self.reached:
            counts[view.section] = counts.get(view.section, 0) + 1
        return tuple(Share(title, count) for title, count in counts.items())


@dataclass(frozen=True, slots=True)
class Footing:
    """What a branch's points rest on, by their maxima: verified of all, and the rest in words."""

    verified: Decimal
    whole: Decimal
    pieces: tuple[Piece, ...]
    rest: str


def day_of(record: EvidenceRecord) -> tuple[bool, str, str]:
    """Return what records are ordered by: the day; those without one come last."""
    return not record.date, record.date, record.path


def card_of(made: YearPages, branch: BranchResult, peers: Peers) -> Card:
    """Return the view of one scorecard; ``peers`` is what it shows of all others."""
    rubric = made.site.rubric
    links: dict[str, RecordLink] = {r.path: link_of(r) for r in branch.records}
    lost, waiting, reached, apart = sorted_views(
        line_views(rubric, branch, links, When.of(made.site.results))
    )
    profile = profile_of(rubric, branch, peers)
    trend = made.site.trend(branch.id)
    findings = made.site.by_branch.get(branch.id, [])
    return Card(
        branch=branch,
        peers=peers,
        basis=basis_of(branch),
        makeup=makeup_of([branch]),
        possible=possible_grades(rubric, branch),
        crossed=crossed_words(rubric, branch),
        strip=strip_of(rubric, branch, peers),
        prospects=prospects_of(rubric, branch, made.shown, mendable(lost)),
        profile=profile,
        lost=lost,
        waiting=waiting,
        reached=reached,
        apart=apart,
        calendar=calendar_of(rubric, branch, made.shown),
        bonus=tuple(bonus_view(line, links) for line in branch.bonus_lines),
        comparison=comparison_of(profile.rows, branch, trend, made.rubrics, made.shown.year),
        trend=trend_of(trend),
        records=tuple(links[record.path] for record in sorted(branch.records, key=day_of)),
        consortium=consortium_link(made.shown, branch),
        societies=tuple(society_link(made.shown, name) for name in branch.societies),
        findings=tuple(finding_view(f) for f in findings if f.code not in TOLD),
        corrections=of_branch(made, branch),
        appeals=appeals_of(rubric, branch),
        rectify=made.site.evaluation.after.rectify(branch, made.site.results),
        asked=tuple(map(answered, branch.due)),
        accepted=tuple(map(accepted_view, made.site.accepted.get(branch.id, ()))),
        unscored=unscored_views(rubric, branch, links),
    )


def unscored_views(
    rubric: Rubric, branch: BranchResult, links: dict[str, RecordLink]
) -> tuple[UnscoredView, ...]:
    """Return the records, by day, whose kind is recorded and not scored."""
    kinds = {name for name, kind in rubric.document_kinds.items() if not kind.scored}
    found = (record for record in branch.records if record.kind in kinds)
    return tuple(UnscoredView(r, links[r.path]) for r in sorted(found, key=day_of))


Views = tuple[LineView, ...]


def mendable(lost: Sequence[LineView]) -> list[Line]:
    """Return lines, among those that lost points, about which the branch can do something."""
    return [view.line for view in lost if view.advice is not None and view.advice.own]


def sorted_views(views: Sequence[LineView]) -> tuple[Views, Views, Views, Views]:
    """Return criteria that lost points, the most first, that wait, are reached, stand beside."""
    lost: list[LineView] = []
    waiting: list[LineView] = []
    reached: list[LineView] = []
    apart: list[LineView] = []
    for view in views:
        if view.line.basis in UNDECIDED:
            waiting.append(view)
        elif view.line.basis in BESIDE or view.line.excluded:
            apart.append(view)
        else:
            (lost if view.lost > 0 else reached).append(view)
    lost.sort(key=lambda view: -view.lost)
    return tuple(lost), tuple(waiting), tuple(reached), tuple(apart)


def basis_of(branch: BranchResult) -> Footing:
    """Return what the points of a branch rest on."""
    whole = sum(branch.maxima.values(), ZERO)
    rest = [
        f"{gettext(INK_WORDS[name])} {shown(points)}"
        for name, points in branch.maxima.items()
        if points and name != "verified"
    ]
    return Footing(
        branch.maxima["verified"],
        whole,
        pieces(branch.maxima.items(), whole),
        gettext("，").join(rest) or gettext("全部由党委核定"),
    )


def crossed_words(rubric: Rubric, branch: BranchResult) -> str:
    """Say which lines between grades lie within the range of a branch without a grade."""
    if branch.grade is not None or branch.low is None or branch.high is None:
        return ""
    inside = grade_lines(rubric, branch.low, branch.high)
    if not inside:
        return ""
    figures = gettext("、").join(shown(line.points) for line in reversed(inside))
    return tr("区间跨过 {lines} 分线", lines=figures)


def consortium_link(shown: Shown, branch: BranchResult) -> str:
    """Return the address of the page of a branch's consortium; empty where it is in none."""
    return consortium_address(shown.prefix, branch.consortium) if branch.consortium else ""


def society_link(shown: Shown, name: str) -> RecordLink:
    """Return the link to the page of a society."""
    return RecordLink(society_address(shown.prefix, name), name)


def bonus_view(line: BonusLine, links: dict[str, RecordLink]) -> BonusView:
    """Return a bonus claim as it is shown."""
    basis = "claimed" if line.status == "claimed" else "verified"
    return BonusView(line, basis, linked(line.evidence, links))


def accepted_view(finding: AcceptedFinding) -> AcceptedView:
    """Return an accepted finding as it is shown; a final year may name a code of before."""
    known = CODES.get(finding.code)
    return AcceptedView(finding, gettext(known.title) if known else "")


def finding_view(finding: Finding) -> FindingView:
    """Return a finding as it is shown; one of a review names its criterion in its pointer."""
    steps = finding.pointer.strip("/").split("/")
    criterion = steps[1] if finding.code == STALE and len(steps) > 1 else ""
    return FindingView(finding, gettext(CODES[finding.code].title), criterion)
