"""The ranking in pages of some hundred rows: who is ranked, who is not, lists by consortium."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from generator.scoring.scorecard import Status
from generator.site.addresses import (
    CONSORTIA,
    HOME,
    NO_CONSORTIUM,
    consortium_address,
    folder_of,
    further_address,
    group_address,
)
from generator.site.data.figures import median, row_of
from generator.site.data.makeup import makeup_of
from generator.site.data.scale import ZERO
from generator.site.data.scant import SCANT, place_of
from generator.site.html.templating import span
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from generator.results.model import BranchResult
    from generator.site.data.figures import Row
    from generator.site.data.makeup import TotalPart
    from generator.site.data.years import SiteData

Item = TypeVar("Item")

#: Rows of a page: the first view of ten thousand branches stays below 300 kB.
ROWS = 200
#: Where branches fill more than one page, longer groups of unranked ones have pages of their own.
INLINE = 20

#: Groups outside the ranking: where their branches stand, name in addresses and anchors, title.
GROUPS = (
    (SCANT, SCANT, mark("未评足")),
    (Status.VETOED, "vetoed", mark("一票否决")),
    (Status.NOT_SUBMITTED, "unfiled", mark("未报送")),
    (Status.UNREADABLE, "unreadable", mark("无法计分")),
)


#: The turn of the branches of each place in a list.
TURNS = {place: turn for turn, place in enumerate((Status.SCORED, *(s for s, _, _ in GROUPS)))}


def turn_of(branch: BranchResult) -> int:
    """Return the turn of a branch in a list: 0 for the ranked, else that of its group."""
    return TURNS[place_of(branch)]


@dataclass(frozen=True, slots=True)
class Group:
    """Branches outside the ranking; ``address`` is that of their own page where they have one.

    ``told`` says whether any of them has points.
    """

    status: str
    id: str
    title: str
    count: int
    rows: tuple[Row, ...]
    told: bool
    address: str = ""


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page of a list: its address, and which rows stand on it."""

    address: str
    words: str


def links_of(
    address: str, folder: str, count: int, most: int | None = None
) -> tuple[PageLink, ...]:
    """Return the pages of a list of ``count`` rows: the first at ``address``, others in a folder.

    ``most`` is the number of rows of a page where they are heavier than others.
    """
    most = min(most or ROWS, ROWS)
    return tuple(
        PageLink(
            further_address(folder, at // most + 1) if at else address,
            span(at + 1, min(at + most, count)),
        )
        for at in range(0, max(count, 1), most)
    )


def page_of(rows: tuple[Item, ...], number: int, most: int | None = None) -> tuple[Item, ...]:
    """Return the rows of a page, the first being 0; ``most`` as in ``links_of``."""
    most = min(most or ROWS, ROWS)
    return rows[number * most : (number + 1) * most]


@dataclass(frozen=True, slots=True)
class Listing:
    """Branches on pages: the first at ``address``, the others in a folder of that name.

    ``made`` pages are made elsewhere; ``above`` is the list that leads to this one.
    """

    address: str
    title: str
    branches: tuple[BranchResult, ...]
    folder: str = ""
    made: int = 0
    above: str = ""
    final: bool = False

    @property
    def pages(self) -> tuple[PageLink, ...]:
        """The pages of the list."""
        folder = self.folder or folder_of(self.address)
        return links_of(self.address, folder, len(self.branches))

    def rows(self, number: int) -> tuple[BranchResult, ...]:
        """Return the branches of a page, the first being 0."""
        return page_of(self.branches, number)

    def caption(self, number: int) -> str:
        """Say what the table on a page holds: all ranked branches, or from which to which."""
        ranked = sum(branch.rank is not None for branch in self.branches)
        first, last = number * ROWS, min((number + 1) * ROWS, ranked)
        if last - first >= ranked:
            words = tr("{n} 个党支部按总分排名", n=ranked)
        else:
            words = tr(
                "{n} 个党支部按总分排名，本页是第 {first} 至第 {last} 个",
                n=ranked,
                first=first + 1,
                last=last,
            )
        return words if self.final else words + gettext("；名次下方是可能的范围")


@dataclass(frozen=True)
class Standings:
    """The ranked outcome of a year: figures over all branches, and rows where they are shown."""

    site: SiteData

    @cached_property
    def large(self) -> bool:
        """Whether the branches fill more than one page."""
        return len(self.site.results.branches) > ROWS

    @property
    def final(self) -> bool:
        """Whether figures are final: no ranges, no basis."""
        return self.site.results.stage == "final"

    @cached_property
    def ranks(self) -> Counter[int | None]:
        """How many share a rank."""
        return Counter(branch.rank for branch in self.site.results.branches)

    @cached_property
    def by_status(self) -> dict[str, tuple[BranchResult, ...]]:
        """The branches of each status and those 未评足, in the order of the results."""
        found: dict[str, list[BranchResult]] = {place: [] for place in (*Status, SCANT)}
        for branch in self.site.results.branches:
            found[place_of(branch)].append(branch)
        return {status: tuple(branches) for status, branches in found.items()}

    @property
    def scored(self) -> tuple[BranchResult, ...]:
        """The branches that are ranked, the best first."""
        return self.by_status[Status.SCORED]

    @property
    def scant(self) -> tuple[BranchResult, ...]:
        """The branches of which too little is assessed for a rank on pages."""
        return self.by_status[SCANT]

    def rows_of(self, branches: Sequence[BranchResult]) -> tuple[Row, ...]:
        """Return branches as rows."""
        return tuple(row_of(self.site, branch, self.ranks) for branch in branches)

    @cached_property
    def ranking(self) -> Listing:
        """The ranked branches: the first page is the home page of the year."""
        prefix = self.site.prefix
        title = tr("{year} 年度党支部考核结果", year=self.site.results.year)
        return Listing(
            f"{prefix}{HOME}", title, self.scored, f"{prefix}ranking", made=1, final=self.final
        )

    @property
    def count(self) -> int:
        """Number of ranked branches."""
        return len(self.scored)

    @property
    def unfiled(self) -> int:
        """Number of branches that filed nothing."""
        return len(self.by_status[Status.NOT_SUBMITTED])

    @property
    def vetoed(self) -> int:
        """Number of vetoed branches."""
        return len(self.by_status[Status.VETOED])

    @property
    def median(self) -> Decimal | None:
        """Median of the totals, rounded as points are; None if nobody is ranked."""
        middle = median(sorted(branch.total or ZERO for branch in self.scored))
        return None if middle is None else self.site.rubric.vocabulary.round(Fraction(middle))

    @cached_property
    def rug(self) -> tuple[Decimal, ...]:
        """Where ranked branches stand on the scale of totals, ascending, each place once."""
        return tuple(sorted({self.site.scale.x(branch.total or ZERO) for branch in self.scored}))

    @property
    def highest(self) -> Decimal | None:
        """Total of the first."""
        return self.scored[0].total if self.scored else None

    @property
    def lowest(self) -> Decimal | None:
        """Total of the last."""
        return self.scored[-1].total if self.scored else None

    @property
    def graded(self) -> int:
        """Number of ranked branches whose grade is certain."""
        return sum(branch.grade is not None for branch in self.scored)

    @property
    def assessed(self) -> str | None:
        """TotalPart of the points that is verified, in whole percent; None if nobody is scored."""
        filed = (*self.scored, *self.scant)
        verified = sum((branch.maxima["verified"] for branch in filed), ZERO)
        whole = sum((sum(branch.maxima.values(), ZERO) for branch in filed), ZERO)
        return f"{int(verified * 100 / whole)}" if whole else None

    @property
    def makeup(self) -> tuple[TotalPart, ...]:
        """What the totals of all branches that have one are made of."""
        return makeup_of(self.site.results.branches)

    def groups_of(
        self, branches: Sequence[BranchResult], whole: Sequence[BranchResult]
    ) -> tuple[Group, ...]:
        """Return those of some branches that are not ranked; ``whole`` is what is counted."""
        counts = Counter(map(place_of, whole))
        told = {place_of(branch) for branch in whole if branch.total is not None}
        found = []
        for status, name, title in GROUPS:
            members = [branch for branch in branches if place_of(branch) == status]
            if members:
                rows = self.rows_of(members)
                found.append(
                    Group(status, name, gettext(title), counts[status], rows, status in told)
                )
        return tuple(found)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups outside the ranking as the home page shows them."""
        branches = self.site.results.branches
        found = self.groups_of(branches, branches)
        return tuple(
            replace(group, rows=(), address=group_address(self.site.prefix, group.id))
            if self.large and group.count > INLINE
            else group
            for group in found
        )

    @property
    def index(self) -> str:
        """Address of the list of consortia."""
        return f"{self.site.prefix}{CONSORTIA}"

    @cached_property
    def consortia(self) -> tuple[Listing, ...]:
        """A list for each consortium, the branches without one in the last."""
        members: dict[str, list[BranchResult]] = {}
        for branch in self.site.results.branches:
            members.setdefault(branch.consortium or "", []).append(branch)
        prefix = self.site.prefix
        return tuple(
            Listing(
                consortium_address(prefix, name) if name else f"{prefix}{NO_CONSORTIUM}",
                members[name][0].consortium_title or name or gettext("未加入联合体"),
                tuple(members[name]),
                above=self.index,
                final=self.final,
            )
            for name in sorted(members, key=lambda name: (not name, name))
        )

    def listings(self) -> Iterator[Listing]:
        """Yield the lists beyond the home page: the ranking and the groups outside of it."""
        if not self.large:
            return
        yield self.ranking
        for status, name, title in GROUPS:
            branches = self.by_status[status]
            if len(branches) > INLINE:
                address = group_address(self.site.prefix, name)
                yield Listing(address, gettext(title), branches, final=self.final)
