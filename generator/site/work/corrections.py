"""Corrections of a final year: the page that lists them, and what a scorecard shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from generator.site.addresses import CORRECTIONS, branch_address
from generator.site.html.templating import DASH, fixed, shown
from generator.text.language import gettext, mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.results.corrections import Changed, Correction
    from generator.results.model import BranchResult
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: Branches of one correction that the page lists; it counts the rest, whose cards show theirs.
LISTED = 200
#: Figures of a branch that a reader looks for, in the order in which they are shown.
FIGURES = {
    "status": mark("状态"),
    "total": mark("总分"),
    "fixed": mark("固定分"),
    "bonus": mark("加分"),
    "rank": mark("名次"),
    "grade_title": mark("等次"),
}
#: What is not of one branch, by the first step to the place.
COMMON = {
    "rubric": mark("考核办法"),
    "period": mark("考核期"),
    "as_of": mark("数据日期"),
    "decision": mark("党委评定"),
    "supervision": mark("督导团意见"),
}
STATES = {
    "scored": mark("计分"),
    "vetoed": mark("一票否决"),
    "not-submitted": mark("未报送"),
    "unreadable": mark("无法计分"),
}
#: What stands for nothing.
NOTHING = {"rank": mark("不排名"), "grade_title": mark("未定")}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure before and after."""

    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction did to one branch: the figures, and how much else there is."""

    name: str
    address: str
    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction as pages show it: ``wordings`` are branches of which no figure changed.

    ``rest`` counts the branches that are not listed.
    """

    number: int
    date: str
    reason: str
    anchor: str
    branches: tuple[Corrected, ...]
    common: tuple[str, ...] = ()
    wordings: tuple[Corrected, ...] = ()
    rest: int = 0

    @property
    def count(self) -> int:
        """Number of branches that it changed."""
        return len(self.branches) + len(self.wordings) + self.rest


def anchor_of(number: int) -> str:
    """Return the anchor of a correction, the first being 1."""
    return f"correction-{number}"


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the page of corrections, of a year that has any."""
    if made.site.published.corrections:
        yield f"{made.site.prefix}{CORRECTIONS}", partial(page, made)


def page(made: YearPages) -> GeneratedPage:
    """Return the page of all corrections of a year, the newest first."""
    found = made.site.published.corrections
    views = [view(made, number, correction) for number, correction in enumerate(found, start=1)]
    return made.page(
        f"{made.site.prefix}{CORRECTIONS}",
        "corrections.html.jinja",
        gettext("更正"),
        description=tr("{year} 年度考核结果定稿后的更正", year=made.shown.year),
        corrections=views[::-1],
    )


def view(made: YearPages, number: int, correction: Correction) -> CorrectionView:
    """Return a correction with the branches that it changed."""
    by_branch: dict[str | None, list[Changed]] = {}
    for change in correction.changes:
        by_branch.setdefault(change.branch, []).append(change)
    common = by_branch.pop(None, [])
    known = {branch.id: branch for branch in made.site.results.branches}
    names = [name for name in by_branch if name is not None]
    listed = [corrected(made, name, known.get(name), by_branch[name]) for name in names[:LISTED]]
    return CorrectionView(
        number,
        correction.date,
        correction.reason,
        anchor_of(number),
        tuple(item for item in listed if item.rows),
        tuple(dict.fromkeys(common_words(common))),
        tuple(item for item in listed if not item.rows),
        max(0, len(names) - LISTED),
    )


def of_branch(made: YearPages, branch: BranchResult) -> tuple[CorrectionView, ...]:
    """Return the corrections of one branch, the newest first."""
    found = made.site.corrected.get(branch.id, ())
    views = (
        CorrectionView(
            number,
            correction.date,
            correction.reason,
            anchor_of(number),
            (corrected(made, branch.id, branch, correction.changes),),
        )
        for number, correction in found
    )
    return tuple(views)[::-1]


def corrected(
    made: YearPages, name: str, branch: BranchResult | None, changes: Iterable[Changed]
) -> Corrected:
    """Return what a correction did to a branch, which is None where it is there no more."""
    rows, more = [], 0
    order = [*FIGURES]
    found = sorted(changes, key=lambda c: order.index(c.key) if c.key in FIGURES else len(order))
    for change in found:
        title = title_of(made, branch, change)
        if title:
            old, new = (worded(made, change, value) for value in (change.old, change.new))
            rows.append(Row(title, old, new))
        else:
            more += 1
    address = branch_address(made.shown.year, branch) if branch else ""
    return Corrected(branch.name if branch else name, address, tuple(rows), more)


def title_of(made: YearPages, branch: BranchResult | None, change: Changed) -> str:
    """Return what a changed figure is called; nothing for what follows from others, and words."""
    if change.key in FIGURES:
        return gettext(FIGURES[change.key])
    if change.key == "id":
        return gettext("党支部")
    kind, *names, last = change.steps if "/" in change.key else ("", change.key)
    if last != "points" or len(names) != 1:
        return ""
    if kind == "lines":
        known = made.site.rubric.criteria.get(names[0])
        return known[1].title if known else names[0]
    if kind == "bonus_lines" and branch is not None:
        claims = {line.claim: f"{line.title}" for line in branch.bonus_lines}
        return claims.get(names[0], names[0])
    return ""


def worded(made: YearPages, change: Changed, value: object) -> str:
    """Return a value as it is shown."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        figure = Decimal(value)
        return shown(figure) if change.key == "rank" else fixed(figure, made.site.rubric.places)
    if not isinstance(value, str) or not value:
        return gettext(NOTHING.get(change.key, DASH))
    return gettext(STATES[value]) if change.key == "status" and value in STATES else value


def common_words(changes: Iterable[Changed]) -> Iterator[str]:
    """Yield what a correction changed beside branches."""
    for change in changes:
        yield gettext(COMMON.get(change.steps[0], mark("其他事项")))
