"""Ballots of the debrief: a sheet to count them on, twice, and what became of all of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from generator.rubric.methods.ballot import Ballot
from generator.rubric.methods.parts import Parts
from generator.scoring.ballots import Ballots, ballot_words
from generator.site.addresses import COUNT, GUIDE
from generator.text.language import gettext, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.rubric.document import Criterion
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: Stages in which ballots are counted: before results are posted.
COUNTING = frozenset({"open", "review"})


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the count sheet of a year under way whose rubric has ballots."""
    if is_counted(made):
        yield f"{made.site.prefix}{COUNT}", partial(sheet, made)


def is_counted(made: YearPages) -> bool:
    """Whether ballots of the year are still to be counted."""
    return made.current and made.shown.stage in COUNTING and bool(ballot_columns(made))


def sheet(made: YearPages) -> GeneratedPage:
    """Return the sheet to print: one for each branch, two columns for two who count."""
    return made.page(
        f"{made.site.prefix}{COUNT}",
        "count.html.jinja",
        gettext("计票单"),
        description=tr(
            "{year} 年度述职测评的计票单，打印后填写，两人各计一次", year=made.shown.year
        ),
        nav=GUIDE,
        levels=tuple(str(title) for title in made.site.rubric.ballot_titles.values()),
    )


def ballot_facts(made: YearPages) -> tuple[tuple[str, str], ...]:
    """Return what became of the ballots, over all branches of which it is known."""
    known = made.survey.ballots.values()
    if not known:
        return ()
    issued, valid, void = (sum(column) for column in zip(*known, strict=True))
    words = str(ballot_words(Ballots(issued, valid, void)))
    return ((tr("{n} 个党支部的测评票", n=len(known)), words),)


def ballot_columns(made: YearPages) -> list[int]:
    """Return which criteria are given points by ballots."""
    columns = made.survey.columns
    return [n for n, column in enumerate(columns) if is_ballot(column.criterion)]


def is_ballot(criterion: Criterion) -> bool:
    """Whether ballots give a criterion its points, or a part of them."""
    method = criterion.method
    if isinstance(method, Parts):
        return any(isinstance(part.method, Ballot) for part in method.parts)
    return isinstance(method, Ballot)
