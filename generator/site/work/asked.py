"""What was asked of whom, and who answered: by entry of the due list, and by branch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from generator.scoring.due import STATES
from generator.site.addresses import (
    ASKED,
    branch_address,
    entry_address,
    folder_of,
    path_address,
)
from generator.site.data.figures import RecordLink
from generator.site.data.standings import links_of, page_of
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.results.model import BranchResult
    from generator.scoring.due import DueLine
    from generator.site.data.standings import PageLink
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing


class Count(NamedTuple):
    """How many entries or branches are in a state; ``words`` name it."""

    state: str
    words: str
    n: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an entry: days, the state in words, and links to what answers it.

    ``later`` is the day of a branch where it is another than most have.
    """

    line: DueLine
    words: str
    later: str
    taken: RecordLink | None
    others: tuple[RecordLink, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A branch with what became of one entry, or of all of them."""

    branch: BranchResult
    address: str
    answered: Answered | None = None
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with the branches that are asked; ``asked`` is the day that most of them have."""

    line: DueLine
    address: str
    asked: str
    rows: tuple[tuple[BranchResult, DueLine], ...]

    @property
    def counts(self) -> tuple[Count, ...]:
        """How many branches are in each state."""
        return counts_of(line for _, line in self.rows)

    @property
    def links(self) -> tuple[PageLink, ...]:
        """The pages of the entry."""
        return links_of(self.address, folder_of(self.address), len(self.rows))


def counts_of(lines: Iterable[DueLine]) -> tuple[Count, ...]:
    """Return how many lines are in each state that occurs, in the order of states."""
    found = Counter(line.state for line in lines)
    return tuple(
        Count(state, gettext(words), found[state])
        for state, words in STATES.items()
        if found[state]
    )


def answered(line: DueLine, asked: str = "") -> Answered:
    """Return what became of an entry as pages show it; ``asked`` is the day that most have."""
    received = line.received
    words = tr("{date} 收到", date=received) if received else line.answer.rpartition("/")[2]
    return Answered(
        line,
        gettext(STATES.get(line.state, line.state)),
        line.asked if line.asked != asked else "",
        RecordLink(path_address(line.answer), words) if line.answer else None,
        tuple(RecordLink(path_address(p), p.rpartition("/")[2]) for p in line.others),
    )


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the list of entries and branches, and the pages of each entry."""
    register = Register(made)
    if not register.entries and not made.first:
        return
    for number, link in enumerate(register.links):
        yield link.address, partial(index, register, number)
    for entry in register.entries:
        for number, link in enumerate(entry.links):
            yield link.address, partial(of_entry, register, entry, number)


class Register:
    """The due list of a year, from both sides."""

    def __init__(self, made: YearPages) -> None:
        self.made = made

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries by day; those of one day in the order of the list."""
        rows: dict[str, list[tuple[BranchResult, DueLine]]] = {}
        for branch in self.made.site.results.branches:
            for line in branch.due:
                rows.setdefault(line.id, []).append((branch, line))
        prefix = self.made.site.prefix
        found = []
        for name, own in rows.items():
            day, _ = Counter(line.asked for _, line in own).most_common(1)[0]
            found.append(Entry(own[0][1], entry_address(prefix, name), day, tuple(own)))
        return tuple(sorted(found, key=lambda entry: entry.asked))

    @cached_property
    def branches(self) -> tuple[BranchResult, ...]:
        """The branches that were asked something, in the order of the results."""
        return tuple(branch for branch in self.made.site.results.branches if branch.due)

    @cached_property
    def links(self) -> tuple[PageLink, ...]:
        """The pages of the list: entries on the first, branches on all."""
        first = f"{self.made.site.prefix}{ASKED}"
        return links_of(first, folder_of(first), len(self.branches))


def index(register: Register, number: int) -> GeneratedPage:
    """Return a page of the list, the first being 0."""
    made, links = register.made, register.links
    title = gettext("应报事项")
    if len(links) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    year = made.shown.year
    rows = tuple(
        Row(branch, branch_address(year, branch), counts=counts_of(branch.due))
        for branch in page_of(register.branches, number)
    )
    return made.page(
        links[number].address,
        "asked.html.jinja",
        title,
        description=tr("{year} 年度向各党支部布置了什么，谁已回应", year=year),
        nav=ASKED,
        entries=() if number else register.entries,
        rows=rows,
        count=len(register.branches),
        pages=links,
        at=number,
    )


def of_entry(register: Register, entry: Entry, number: int) -> GeneratedPage:
    """Return a page of an entry, the first being 0."""
    made, links = register.made, entry.links
    title: str = entry.line.title
    if len(links) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    year = made.shown.year
    rows = tuple(
        Row(branch, branch_address(year, branch), answered(line, entry.asked))
        for branch, line in page_of(entry.rows, number)
    )
    return made.page(
        links[number].address,
        "asked_entry.html.jinja",
        title,
        description=tr("{title}：{year} 年度哪些党支部已回应", title=entry.line.title, year=year),
        nav=ASKED,
        entry=entry,
        rows=rows,
        pages=links,
        at=number,
    )
