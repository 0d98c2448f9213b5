"""Publicity: how one objects and until when, every appeal with its answer, a form to print."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.formats.committee_files import PUBLICITY
from generator.site.addresses import APPEALS, HOME, OBJECTION, branch_address
from generator.site.data.posting import AppealView, appeals_of, posted
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.results.model import BranchResult
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing


@dataclass(frozen=True, slots=True)
class Row:
    """A branch with appeals, and the address of its scorecard."""

    branch: BranchResult
    address: str
    appeals: tuple[AppealView, ...]


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the page of appeals of a year that is or was posted, and the form while it is."""
    if posted(made.site.results):
        yield f"{made.site.prefix}{APPEALS}", partial(appeals, made)
    if made.shown.stage == PUBLICITY:
        yield f"{made.site.prefix}{OBJECTION}", partial(objection, made)


def appeals(made: YearPages) -> GeneratedPage:
    """Return the page of appeals, by branch in the order of results."""
    rows = [
        Row(branch, branch_address(made.shown.year, branch), appeals_of(made.site.rubric, branch))
        for branch in made.site.results.branches
        if branch.appeals
    ]
    found = [view.appeal.state for row in rows for view in row.appeals]
    return made.page(
        f"{made.site.prefix}{APPEALS}",
        "appeals.html.jinja",
        gettext("公示与申诉"),
        description=tr("{year} 年度考核的公示期、怎样提出异议、申诉和答复", year=made.shown.year),
        nav=HOME,
        rows=rows,
        count=len(found),
        waiting=found.count("open"),
    )


def objection(made: YearPages) -> GeneratedPage:
    """Return the form to print."""
    return made.page(
        f"{made.site.prefix}{OBJECTION}",
        "objection.html.jinja",
        gettext("异议申请表"),
        description=tr("对 {year} 年度考核结果提出异议，打印后填写", year=made.shown.year),
        nav=HOME,
    )
