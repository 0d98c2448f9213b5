"""The paper on which written reports are scored (书面述职评分表): a row a branch.

It is for those that took no part in the ballots: whoever read the report writes points and a
reason, which go into ``debrief.yml`` or the count sheet of ballots.
"""

from __future__ import annotations

# Any: what templates are handed, by names.
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.exchange.papers.paper import common, day_words, figure, filled, template_of
from generator.rubric.methods.ballot import Ballot
from generator.scoring.scorecard import Basis
from generator.text.language import gettext, tr
from generator.text.messages import listed
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from decimal import Decimal
    from pathlib import Path

    from generator.results.model import BranchResult, Results
    from generator.rubric.document import Rubric
    from generator.scoring.scorecard import Line

NAME = "debrief"


class Scored(NamedTuple):
    """What ballots score: a criterion or a part of one, at most so many points, by such reports."""

    criterion: str
    part: str | None
    points: Decimal
    kinds: Collection[str]


def debrief_papers(
    root: Path, results: Results, rubric: Rubric, scored: Scored, chosen: Iterable[BranchResult]
) -> bytes:
    """Return the paper to score written reports on as a Word file; raises TemplateError."""
    told = {**common(results, draft=False), **facts(rubric.places, scored, chosen)}
    return filled(template_of(root, NAME), told)


def scored_by_ballots(rubric: Rubric) -> Scored | None:
    """Return what ballots score, the first in the rubric; None where nothing is."""
    for name, (_, criterion) in rubric.criteria.items():
        kinds = criterion.evidence.kinds if criterion.evidence else ()
        for item, part in ((criterion, None), *((own, own.id) for own in criterion.parts)):
            if isinstance(item.method, Ballot):
                return Scored(name, part, item.points, kinds)
    return None


def line_of(branch: BranchResult, scored: Scored) -> Line | None:
    """Return the line that ballots or a written report give."""
    own = (scored.criterion, scored.part)
    return next((line for line in branch.lines if (line.criterion, line.part) == own), None)


def waiting(results: Results, scored: Scored) -> Iterator[BranchResult]:
    """Yield the branches that neither ballots nor a written report have scored yet."""
    for branch in results.branches:
        line = line_of(branch, scored)
        if line is not None and line.basis is Basis.PENDING:
            yield branch


def facts(places: int, scored: Scored, chosen: Iterable[BranchResult]) -> dict[str, Any]:
    """Return the branches by consortium and id, with their reports and what is known of them."""
    named = sorted(chosen, key=lambda b: (b.consortium_title, b.id))
    return {
        "most": plain(scored.points),
        "branches": [
            {"number": number, "name": branch.name, "report": reports(branch, scored),
             **known(line_of(branch, scored), places)}
            for number, branch in enumerate(named, start=1)
        ],
    }  # fmt: skip


def reports(branch: BranchResult, scored: Scored) -> str:
    """Return the reports that a branch filed: title and day; or that there is none."""
    found = [
        tr("{title}（{day}）", title=own.title, day=day_words(own.date)) if own.date else own.title
        for own in branch.records
        if own.kind in scored.kinds
    ]
    return f"{listed(found)}" if found else gettext("没有报")


def known(line: Line | None, places: int) -> dict[str, str]:
    """Return the points that stand already, with their reason; blanks to fill in where none do."""
    if line is None or line.points is None:
        return {"points": "", "reason": ""}
    return {"points": figure(line.points, places), "reason": f"{line.reason}"}
