"""Pages of criteria: how far each is assessed over all branches, and all branches on one."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING

from generator.reports.explain import BASIS_WORDS
from generator.scoring.scorecard import Basis, Status
from generator.site.addresses import CRITERIA, branch_address, criterion_address, folder_of
from generator.site.criteria.histogram import Bin, bins_of
from generator.site.data.counting import (
    BASES,
    Paging,
    Tally,
    absent_words,
    note_of,
    numbered,
    tally,
)
from generator.site.data.figures import Segment, bar
from generator.site.data.rulebook import CriterionView, rubric_view
from generator.site.data.scale import WIDE, ZERO
from generator.site.html.templating import DASH, MINUS, fixed, px, shown
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import BranchResult
    from generator.rubric.document import Question
    from generator.site.data.survey import Column, Mark
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: What stands for points where a scorecard lacks a criterion.
NO_MARK = mark("没有评分")
#: What stands for points where a branch has no scorecard.
STATUS_WORDS = {
    Status.NOT_SUBMITTED: mark("未报送"),
    Status.UNREADABLE: mark("无法计分"),
    Status.VETOED: mark("一票否决"),
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many branches there are of one basis, and the basis in words."""

    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Completion:
    """How far a criterion is assessed: counts of branches, drawn on one scale for all criteria."""

    title: str
    clause: str
    address: str
    max: Decimal
    tally: Tally
    counts: tuple[Count, ...]
    bars: tuple[Segment, ...]

    @property
    def words(self) -> str:
        """Say what the bar shows."""
        words = (tr("{basis} {n} 个", basis=c.words, n=c.count) for c in self.counts if c.count)
        return gettext("，").join(words)


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its criteria."""

    id: str
    title: str
    clause: str
    points: Decimal
    rows: tuple[Completion, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How branches stand that stand alike on a criterion: basis, points and loss as shown.

    ``width`` is that of the bar of points, empty without a bar.
    """

    basis: str
    words: str
    got: str
    lost: str
    loses: bool = False
    width: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A branch on a criterion; ``address`` leads to the line of its scorecard."""

    name: str
    meta: str
    address: str
    result: Result


@dataclass(frozen=True, slots=True)
class OneCriterion:
    """All that pages of a criterion share: its words, counts, and all branches in order."""

    criterion: CriterionView
    question: Question | None
    section: str
    tally: Tally
    bins: tuple[Bin, ...]
    branches: tuple[tuple[BranchResult, Mark | None], ...]
    paging: Paging
    results: dict[Mark, Result] = field(default_factory=dict)


class Criteria:
    """Makes the pages of criteria of one year."""

    def __init__(self, made: YearPages) -> None:
        self.made = made
        self.survey = made.survey
        self.places = made.site.rubric.places
        self.known: dict[str, OneCriterion] = {}

    @cached_property
    def views(self) -> dict[str, CriterionView]:
        """Every criterion in words, by its id."""
        sections = rubric_view(self.made.site.rubric).sections
        return {view.id: view for section in sections for view in section.criteria}

    def parts(self) -> tuple[Part, ...]:
        """Return all criteria by section, with their counts."""
        found: dict[str, list[Completion]] = {}
        for column in self.survey.columns:
            found.setdefault(column.section.id, []).append(self.completion(column))
        sections = {column.section.id: column.section for column in self.survey.columns}
        return tuple(
            Part(name, sections[name].title, sections[name].clause, sections[name].points, (*rows,))
            for name, rows in found.items()
        )

    def completion(self, column: Column) -> Completion:
        """Return how far a criterion is assessed."""
        criterion = column.criterion
        counted = self.one(column).tally
        accepts = self.made.shown.accepts
        pairs = [
            (basis, n)
            for basis, n in zip(BASES, counted.counts, strict=True)
            if accepts or basis is not Basis.ACCEPTED
        ]
        return Completion(
            criterion.title,
            criterion.clause,
            criterion_address(self.made.site.prefix, criterion.id),
            criterion.points,
            counted,
            tuple(Count(gettext(BASIS_WORDS[basis]), count) for basis, count in pairs),
            bar([(b.value, Decimal(n)) for b, n in pairs], Decimal(len(self.survey.branches))),
        )

    def one(self, column: Column) -> OneCriterion:
        """Return what the pages of a criterion share; it is worked out once."""
        name = column.criterion.id
        if name not in self.known:
            rubric = self.made.site.rubric
            number = self.survey.positions[name]
            branches = self.made.site.results.branches
            pairs = [(branch, self.survey.of(branch)[number]) for branch in branches]
            marks = [found for _, found in pairs]
            address = criterion_address(self.made.site.prefix, name)
            self.known[name] = OneCriterion(
                self.views[name],
                next((q for q in rubric.questions if q.id == column.criterion.question), None),
                column.section.title,
                tally(marks, self.places),
                bins_of(marks, column.criterion.points, accepts=self.made.shown.accepts),
                tuple(sorted(pairs, key=order)),
                Paging(address, folder_of(address), len(pairs)),
            )
        return self.known[name]

    def row(self, one: OneCriterion, branch: BranchResult, found: Mark | None) -> Row:
        """Return a branch on a criterion."""
        address = branch_address(self.made.shown.year, branch)
        meta = " · ".join(filter(None, (branch.consortium_title, note_of(branch))))
        if found is None:
            words = gettext(STATUS_WORDS.get(Status(branch.status), NO_MARK))
            return Row(branch.name, meta, address, Result("none", words, DASH, DASH))
        known = one.results.get(found)
        if known is None:
            known = one.results[found] = self.result(found, one.criterion.points)
        return Row(branch.name, meta, f"{address}#{one.criterion.id}", known)

    def result(self, found: Mark, most: Decimal) -> Result:
        """Return how a mark is shown; what does not apply may still count."""
        words = gettext(BASIS_WORDS[found.basis])
        points = fixed(found.points, self.places)
        if found.lost is None:
            counts = found.basis is Basis.NOT_APPLICABLE and found.points is not None
            got = tr("计 {n}", n=points) if counts else DASH
            return Result(found.basis.value, words, got, DASH)
        lost = fixed(found.lost, self.places)
        loses = found.lost > 0
        width = px((found.points or ZERO) * WIDE / most) if found.points and most else ""
        return Result(
            found.basis.value,
            words,
            f"{points} / {shown(most)}",
            f"{MINUS}{lost}" if loses else lost,
            loses,
            width,
        )


def order(pair: tuple[BranchResult, Mark | None]) -> tuple[int, Decimal]:
    """Return where a branch stands: the most lost first, then what has no figure."""
    found = pair[1]
    if found is None:
        return 3, ZERO
    if found.lost is not None:
        return 0, -found.lost
    return (1 if found.basis is Basis.PENDING else 2), ZERO


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the list of criteria, and the pages of each."""
    criteria = Criteria(made)
    yield f"{made.site.prefix}{CRITERIA}", partial(overview, criteria)
    count = len(made.site.results.branches)
    for column in made.survey.columns:
        address = criterion_address(made.site.prefix, column.criterion.id)
        links = Paging(address, folder_of(address), count).links
        for number, link in enumerate(links):
            yield link.address, partial(page, criteria, column, number)


def overview(criteria: Criteria) -> GeneratedPage:
    """Return how far each criterion is assessed over all branches."""
    made = criteria.made
    return made.page(
        f"{made.site.prefix}{CRITERIA}",
        "criteria.html.jinja",
        gettext("各小项完成情况"),
        description=tr("{year} 年度各小项已评、待评和平均得分", year=made.shown.year),
        nav=CRITERIA,
        parts=criteria.parts(),
        count=len(made.survey.branches),
        absent=absent_words(made.site.results.branches),
    )


def page(criteria: Criteria, column: Column, number: int) -> GeneratedPage:
    """Return a page of a criterion, the first being 0."""
    one = criteria.one(column)
    links = one.paging.links
    return criteria.made.page(
        links[number].address,
        "criterion_page.html.jinja",
        numbered(column.criterion.title, one.paging, number),
        description=tr(
            "{year} 年度各党支部在“{title}”上的得分、失分和依据",
            year=criteria.made.shown.year,
            title=column.criterion.title,
        ),
        nav=CRITERIA,
        one=one,
        c=one.criterion,
        pages=links,
        at=number,
        rows=tuple(criteria.row(one, *pair) for pair in one.branches[one.paging.rows(number)]),
    )
