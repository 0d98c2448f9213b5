"""What pages across branches count: sums and means over marks, columns, and lists in pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from generator.scoring.scorecard import Basis, Status
from generator.site.addresses import criterion_address, folder_of, further_address, pages_address
from generator.site.data import standings
from generator.site.data.drawing import breadth
from generator.site.data.scale import ZERO
from generator.site.data.scant import SCANT, place_of
from generator.site.data.standings import PageLink
from generator.site.data.survey import losses
from generator.site.html.templating import span
from generator.text.language import gettext, mark, tr
from generator.text.numbers import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult
    from generator.rubric.document import Criterion
    from generator.site.data.survey import Mark, Survey
    from generator.site.data.year import YearPages

#: Bases of a criterion, the most certain first; what does not apply is outside of all figures.
BASES = (
    Basis.VERIFIED, Basis.COMPUTED, Basis.ACCEPTED, Basis.CLAIMED, Basis.PENDING,
    Basis.NOT_APPLICABLE,
)  # fmt: skip
#: Why a branch has no scorecard.
ABSENT = {
    Status.NOT_SUBMITTED: mark("未报送"),
    Status.UNREADABLE: mark("无法计分"),
    Status.VETOED: mark("一票否决且未报送"),
}
#: Cells of one page: with more columns a page has fewer rows, and stays as light.
CELLS = 4400
#: Height of a vertical heading, in pixels, and lines of the longest.
HIGH, WIDEST = 172, 6


def mean(values: Sequence[Decimal], places: int) -> Decimal | None:
    """Return the mean of points, rounded half-up once; None for an empty list."""
    if not values:
        return None
    return round_half_up(Fraction(sum(values, ZERO)) / len(values), places)


@dataclass(frozen=True, slots=True)
class Tally:
    """How some branches stand on one criterion.

    ``counts`` are numbers of branches by basis, in the order of ``BASES``. ``points`` and ``lost``
    are means over the ``figures`` branches that have a figure, ``full`` is how many of those lost
    nothing.
    """

    counts: tuple[int, ...]
    figures: int
    points: Decimal | None
    lost: Decimal | None
    full: int

    @property
    def pending(self) -> int:
        """Branches that wait for an assessment."""
        return self.counts[BASES.index(Basis.PENDING)]

    @property
    def outside(self) -> int:
        """Branches that the criterion does not apply to."""
        return self.counts[BASES.index(Basis.NOT_APPLICABLE)]


def tally(marks: Iterable[Mark | None], places: int) -> Tally:
    """Count the marks of some branches on one criterion."""
    known = [found for found in marks if found is not None]
    counts = Counter(found.basis for found in known)
    figures = [found for found in known if found.comparable]
    lost = [found.lost or ZERO for found in figures]
    return Tally(
        tuple(counts[basis] for basis in BASES),
        len(figures),
        mean([found.points or ZERO for found in figures], places),
        mean(lost, places),
        sum(points <= 0 for points in lost),
    )


def lost_of(marks: Sequence[Mark | None]) -> Decimal | None:
    """Return the points that a branch lost; None where no criterion has a figure yet."""
    if not any(found is not None and found.comparable for found in marks):
        return None
    return losses(marks)


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a criterion's column; ``look`` are its classes."""

    id: str
    title: str
    max: Decimal
    address: str
    first: bool
    look: str


@dataclass(frozen=True, slots=True)
class HeadGroup:
    """The heading above the criteria of a section."""

    title: str
    points: Decimal
    heads: tuple[Head, ...]


def heads_of(survey: Survey, prefix: str) -> tuple[HeadGroup, ...]:
    """Return the headings of all criteria by section."""
    groups = []
    for section in dict.fromkeys(column.section.id for column in survey.columns):
        here = [column for column in survey.columns if column.section.id == section]
        heads = tuple(
            head_of(column.criterion, prefix, first=number == 0)
            for number, column in enumerate(here)
        )
        groups.append(HeadGroup(here[0].section.title, here[0].section.points, heads))
    return tuple(groups)


def head_of(criterion: Criterion, prefix: str, *, first: bool) -> Head:
    """Return a heading, set vertically; one that needs more than two lines has a wider column."""
    lines = -(-breadth(criterion.title) // HIGH)
    looks = [f"w{min(lines, WIDEST)}"] if lines > 2 else []
    address = criterion_address(prefix, criterion.id)
    looks += ["g"] if first else []
    return Head(criterion.id, criterion.title, criterion.points, address, first, " ".join(looks))


@dataclass(frozen=True, slots=True)
class Paging:
    """Rows on pages: the first at ``address``, the others numbered in ``folder``."""

    address: str
    folder: str
    count: int
    columns: int = 1

    @property
    def size(self) -> int:
        """Rows of a page."""
        return max(1, min(standings.ROWS, CELLS // max(self.columns, 1)))

    @property
    def links(self) -> tuple[PageLink, ...]:
        """The pages."""
        return tuple(
            PageLink(
                further_address(self.folder, at // self.size + 1) if at else self.address,
                span(at + 1, min(at + self.size, self.count)),
            )
            for at in range(0, max(self.count, 1), self.size)
        )

    def rows(self, number: int) -> slice:
        """Return which rows stand on a page, the first being 0."""
        return slice(number * self.size, (number + 1) * self.size)


@dataclass(frozen=True)
class Circle:
    """Branches whose rows stand together: all of a year, or those of one consortium.

    What is counted of them is counted once, however many pages they fill. ``absent`` says how many
    more there are without a scorecard.
    """

    title: str
    branches: tuple[BranchResult, ...]
    paging: Paging
    survey: Survey = field(repr=False)
    places: int
    absent: str = ""

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """Counts on every criterion, in the order of the columns."""
        rows = [self.survey.of(branch) for branch in self.branches]
        columns = range(len(self.survey.columns))
        return tuple(tally([row[n] for row in rows], self.places) for n in columns)

    @cached_property
    def lost(self) -> dict[str, Decimal | None]:
        """What each branch lost, by its id; None where no criterion has a figure yet."""
        return {branch.id: lost_of(self.survey.of(branch)) for branch in self.branches}

    @cached_property
    def mean_lost(self) -> Decimal | None:
        """The mean of what branches lost, of those that have a figure at all."""
        return mean([lost for lost in self.lost.values() if lost is not None], self.places)


def circle_of(
    made: YearPages, title: str, branches: Iterable[BranchResult], address: str
) -> Circle:
    """Return those of some branches that have a scorecard; the first page is at ``address``."""
    survey, branches = made.survey, tuple(branches)
    members = tuple(branch for branch in branches if branch.id in survey.marks)
    folder = folder_of(address)
    paging = Paging(address, folder, len(members), len(survey.columns))
    places = made.site.rubric.places
    return Circle(title, members, paging, survey, places, absent_words(branches))


def whole_year(made: YearPages, address: str = "") -> Circle:
    """Return all branches of a year."""
    return circle_of(made, "", made.site.results.branches, address)


def circles(made: YearPages, name: str) -> tuple[Circle, ...]:
    """Return the circles that a family of pages is made for; the family's pages have ``name``.

    All branches where they are few, a circle a consortium where they are many. Identifiers hold
    no slash and are never empty, so that no consortium can claim the address of another's pages
    or that of the branches without one.
    """
    prefix = made.site.prefix
    if not made.standings.large:
        return (whole_year(made, pages_address(prefix, name)),)
    found = []
    for listing in made.standings.consortia:
        consortium = listing.branches[0].consortium
        place = f"{name}/{consortium}" if consortium else f"{name}-none"
        found.append(circle_of(made, listing.title, listing.branches, pages_address(prefix, place)))
    return tuple(found)


def overview_paging(made: YearPages, name: str, count: int) -> Paging:
    """Return how the list of the consortia is paged."""
    prefix, columns = made.site.prefix, len(made.survey.columns)
    return Paging(pages_address(prefix, name), f"{prefix}{name}-consortia", count, columns)


def numbered(title: str, paging: Paging, number: int) -> str:
    """Return the title of a page, with its number where there is more than one."""
    if len(paging.links) == 1:
        return title
    return tr("{title}（第 {n} 页）", title=title, n=number + 1)


def note_of(branch: BranchResult) -> str:
    """Return what must stand beside the figures of a branch that is not ranked."""
    if place_of(branch) == SCANT:
        return gettext("未评足")
    return gettext("一票否决") if branch.status == Status.VETOED else ""


def absent_words(branches: Iterable[BranchResult]) -> str:
    """Say how many of some branches have no scorecard, and why; empty where all have one."""
    counts = Counter(branch.status for branch in branches if branch.total is None)
    found = [
        tr("{word} {n} 个", word=gettext(word), n=counts[status])
        for status, word in ABSENT.items()
        if counts[status]
    ]
    if not found:
        return ""
    return tr("{words}，没有评分卡，不在其中。", words=gettext("、").join(found))
