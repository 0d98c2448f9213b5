"""Pages of what every branch still lacks before the deadline, by consortium and rank."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from generator.reports.left.lacks import FINDINGS, lack_of
from generator.scoring.scorecard import Basis, Status
from generator.site.addresses import LACKING, addresses_of, branch_address
from generator.site.data.standings import ROWS, PageLink, turn_of
from generator.site.html.page import TocEntry
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.reports.left.lacks import Lack
    from generator.results.model import BranchResult
    from generator.site.data.survey import Mark
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: Items of a page: a few hundred bytes each, so that a page stays below 300 kB.
ITEMS = 600


@dataclass(frozen=True, slots=True)
class Chapter:
    """Branches of one consortium on one page, and where it begins."""

    id: str
    title: str
    address: str
    page: int
    branches: tuple[BranchResult, ...]

    @property
    def anchor(self) -> str:
        """The anchor of the chapter; no id of a branch holds an underscore."""
        return f"group_{self.id}"

    @property
    def unfiled(self) -> int:
        """Number of branches that filed nothing."""
        return sum(branch.status == Status.NOT_SUBMITTED for branch in self.branches)


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the pages of what branches lack, of a year under way alone."""
    if not made.site.under_way:
        return
    register = Register(made)
    for number, address in enumerate(register.addresses):
        yield address, partial(page, register, number)


class Register:
    """All branches by consortium, on pages by how much there may be to say of each."""

    def __init__(self, made: YearPages) -> None:
        self.made = made

    @cached_property
    def sheets(self) -> tuple[tuple[BranchResult, ...], ...]:
        """The branches of each page; one empty page without branches."""
        sheets: list[list[BranchResult]] = [[]]
        room = ITEMS
        for branch in self.order:
            weight = self.weight(branch)
            if sheets[-1] and weight > room:
                sheets.append([])
                room = ITEMS
            sheets[-1].append(branch)
            room -= weight
        return tuple(tuple(sheet) for sheet in sheets)

    @property
    def order(self) -> tuple[BranchResult, ...]:
        """All branches as in the lists of consortia: the ranked first, then group by group."""
        return tuple(
            branch
            for listing in self.made.standings.consortia
            for branch in sorted(listing.branches, key=turn_of)
        )

    def weight(self, branch: BranchResult) -> int:
        """Return how many items a branch may fill, told without unpacking it."""
        marks = self.made.survey.of(branch)
        found = min(len(self.made.site.by_branch.get(branch.id, ())), FINDINGS)
        return 2 + found + sum(map(is_open, marks))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The address of each page."""
        first = f"{self.made.site.prefix}{LACKING}"
        return tuple(addresses_of(first, len(self.sheets)))

    @property
    def links(self) -> tuple[PageLink, ...]:
        """The pages, worded by their numbers."""
        return tuple(PageLink(a, f"{n}") for n, a in enumerate(self.addresses, start=1))

    @property
    def contents(self) -> tuple[Chapter, ...]:
        """The consortia of all pages."""
        return tuple(chapter for sheet in self.chapters for chapter in sheet)

    @cached_property
    def chapters(self) -> tuple[tuple[Chapter, ...], ...]:
        """The consortia of each page."""
        before = None
        chapters = []
        for number, sheet in enumerate(self.sheets):
            found = tuple(chapters_of(sheet, self.addresses[number], number + 1, before))
            before = found[-1].id if found else None
            chapters.append(found)
        return tuple(chapters)


def is_open(mark: Mark | None) -> bool:
    """Whether a criterion can be an item: pending, claimed, or computed with points lost."""
    if mark is None or mark.basis in {Basis.VERIFIED, Basis.ACCEPTED, Basis.NOT_APPLICABLE}:
        return False
    return mark.basis is not Basis.COMPUTED or bool(mark.lost)


def chapters_of(
    branches: tuple[BranchResult, ...], address: str, page: int, before: str | None
) -> Iterator[Chapter]:
    """Yield the consortia of a page; ``before`` is the last of the page before it."""
    members: dict[str, list[BranchResult]] = {}
    for branch in branches:
        members.setdefault(branch.consortium or "", []).append(branch)
    for name, found in members.items():
        title = found[0].consortium_title or name or gettext("未加入联合体")
        if name == before:
            title = tr("{title}（续）", title=title)
        yield Chapter(name, title, address, page, tuple(found))


def page(register: Register, number: int) -> GeneratedPage:
    """Return a page of what branches lack, the first being 0."""
    made = register.made
    addresses = register.addresses
    title = gettext("还缺什么")
    if len(addresses) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    chapters = register.chapters[number]
    site = made.site

    def lacking(branch: BranchResult) -> Lack:
        found = site.by_branch.get(branch.id, ())
        return lack_of(site.results, site.rubric, branch, found)

    return made.page(
        addresses[number],
        "lacking.html.jinja",
        title,
        description=tr("{year} 年度每个党支部还缺什么", year=made.shown.year),
        toc=tuple(TocEntry(chapter.title, chapter.anchor) for chapter in chapters),
        nav=LACKING,
        chapters=[(c, [*map(lacking, c.branches)]) for c in chapters],
        card_of=partial(branch_address, site.results.year),
        contents=() if number else register.contents,
        named=len(made.site.results.branches) <= ROWS,
        pages=register.links,
        at=number,
    )
