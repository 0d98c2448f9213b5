"""Societies: the branches of each; a joint branch counts for every society that formed it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from generator.site.addresses import CONSORTIA, SOCIETIES, folder_of, society_address
from generator.site.data.standings import links_of, page_of
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import BranchResult
    from generator.site.data.figures import Row
    from generator.site.data.standings import PageLink
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: Branches of a society that the list of societies names.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Society:
    """A society with its branches in the order of the results."""

    name: str
    address: str
    branches: tuple[BranchResult, ...]

    @property
    def links(self) -> tuple[PageLink, ...]:
        """The pages of the society."""
        return links_of(self.address, folder_of(self.address), len(self.branches))


@dataclass(frozen=True, slots=True)
class Member:
    """A branch of a society, and the other societies of a joint one."""

    row: Row
    partners: tuple[Society, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A society in the list: the first of its branches, and how many more there are."""

    society: Society
    rows: tuple[Row, ...]
    more: int


def reading(name: str) -> tuple[bytes, str]:
    """Return where a name stands among others: GB 2312 orders common characters by pinyin."""
    return name.encode("gb18030", "replace"), name


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the list of societies, and the pages of each."""
    register = Register(made)
    for number, link in enumerate(register.links):
        yield link.address, partial(index, register, number)
    for found in register.societies.values():
        for number, link in enumerate(found.links):
            yield link.address, partial(society, register, found, number)


class Register:
    """All societies of a year."""

    def __init__(self, made: YearPages) -> None:
        self.made = made

    @cached_property
    def societies(self) -> dict[str, Society]:
        """The societies by name, in the order of ``reading``."""
        members: dict[str, list[BranchResult]] = {}
        for branch in self.made.site.results.branches:
            for name in dict.fromkeys(branch.societies):
                members.setdefault(name, []).append(branch)
        prefix = self.made.site.prefix
        return {
            name: Society(name, society_address(prefix, name), tuple(members[name]))
            for name in sorted(members, key=reading)
        }

    @cached_property
    def links(self) -> tuple[PageLink, ...]:
        """The pages of the list."""
        prefix = self.made.site.prefix
        count = len(self.societies)
        return links_of(f"{prefix}{SOCIETIES}", f"{prefix}societies-index", count)

    @cached_property
    def joint(self) -> int:
        """Number of branches that several societies formed together."""
        return sum(len(set(b.societies)) > 1 for b in self.made.site.results.branches)


def index(register: Register, number: int) -> GeneratedPage:
    """Return a page of the list of societies, the first being 0."""
    made = register.made
    links = register.links
    title = gettext("学会")
    if len(links) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    entries = []
    for found in page_of(tuple(register.societies.values()), number):
        rows = made.standings.rows_of(found.branches[:NAMED])
        entries.append(Entry(found, rows, len(found.branches) - len(rows)))
    return made.page(
        links[number].address,
        "societies.html.jinja",
        title,
        description=tr("{year} 年度各学会党支部的考核结果", year=made.shown.year),
        nav=CONSORTIA,
        entries=entries,
        count=len(register.societies),
        joint=register.joint,
        pages=links,
        at=number,
    )


def society(register: Register, found: Society, number: int) -> GeneratedPage:
    """Return a page of a society, the first being 0."""
    made = register.made
    links = found.links
    title = found.name
    if len(links) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    branches = page_of(found.branches, number)
    members = tuple(
        Member(row, partners_of(register, found, branch))
        for row, branch in zip(made.standings.rows_of(branches), branches, strict=True)
    )
    return made.page(
        links[number].address,
        "society.html.jinja",
        title,
        description=tr("{title} {year} 年度考核结果", title=found.name, year=made.shown.year),
        nav=CONSORTIA,
        members=members,
        count=len(found.branches),
        joint=any(len(set(branch.societies)) > 1 for branch in found.branches),
        pages=links,
        at=number,
    )


def partners_of(register: Register, found: Society, branch: BranchResult) -> tuple[Society, ...]:
    """Return the other societies of a joint branch."""
    names = dict.fromkeys(branch.societies)
    return tuple(register.societies[name] for name in names if name != found.name)
