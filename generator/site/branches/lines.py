"""A criterion as a scorecard shows it: three figures, its parts, and links to its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.reports.explain import BASIS_WORDS
from generator.results.advice import Advice, When, advice_of
from generator.scoring.due import counted_kinds
from generator.site.addresses import record_address
from generator.site.data.figures import RecordLink
from generator.site.data.scale import ZERO
from generator.site.work.asked import Answered, answered
from generator.text.language import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from generator.results.model import BranchResult
    from generator.results.packed import EvidenceRecord
    from generator.rubric.document import Criterion, Rubric
    from generator.scoring.scorecard import Line


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a criterion with the records that it counted."""

    line: Line
    evidence: tuple[RecordLink, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """A criterion on a scorecard with its parts and evidence.

    ``advice`` is why it lacks points and what can be done, None where nothing is to be said.
    """

    line: Line
    advice: Advice | None
    section: str
    lost: Decimal
    basis: str
    basis_words: str
    requires: str
    method: str
    parts: tuple[PartLine, ...]
    evidence: tuple[RecordLink, ...]
    asked: tuple[Answered, ...] = ()


def line_views(
    rubric: Rubric, branch: BranchResult, links: Mapping[str, RecordLink], when: When
) -> list[LineView]:
    """Return the criteria of a branch as they are shown; ``links`` lead to its records."""
    titles = {section.id: section.title for section in rubric.sections}
    parts: dict[str | None, list[PartLine]] = {}
    for line in branch.lines:
        if line.part is not None:
            part = PartLine(line, linked(line.evidence, links))
            parts.setdefault(line.criterion, []).append(part)
    views = []
    for line in branch.criteria:
        entry = rubric.criteria.get(line.criterion) if line.criterion is not None else None
        own = parts.get(line.criterion, ())
        definition = entry[1] if entry else None
        lost = ZERO if line.points is None or line.max is None else line.max - line.points
        views.append(
            LineView(
                line,
                advice_of(line, [part.line for part in own], definition, when),
                titles.get(line.section, line.section),
                lost,
                line.basis.value,
                gettext(BASIS_WORDS[line.basis]),
                entry[1].requires if entry else "",
                gettext(entry[1].method.title) if entry else "",
                tuple(own),
                linked((*line.evidence, *reports_for(branch, line, definition)), links),
                asked_in(branch, definition),
            )
        )
    return views


def reports_for(branch: BranchResult, line: Line, definition: Criterion | None) -> tuple[str, ...]:
    """Return the records that lie beside ballots: those that count, of the kinds of its evidence.

    They give no points: the ballots, or the committee's points of a written report, do.
    """
    if definition is None or not definition.takes_ballots or definition.evidence is None:
        return ()
    kinds = definition.evidence.kinds
    return tuple(
        record.path
        for record in branch.records
        if record.kind in kinds and record.counted and record.path not in line.evidence
    )


def asked_in(branch: BranchResult, definition: Criterion | None) -> tuple[Answered, ...]:
    """Return the entries of the due list that a criterion counts, each with its answer."""
    kinds = counted_kinds(definition) if definition else frozenset()
    return tuple(answered(line) for line in branch.due if line.kind in kinds)


def linked(paths: tuple[str, ...], links: Mapping[str, RecordLink]) -> tuple[RecordLink, ...]:
    """Return the links to those records that have a page."""
    return tuple(links[path] for path in paths if path in links)


def link_of(record: EvidenceRecord) -> RecordLink:
    """Return the link to a record's page; its day leads where it has one."""
    return RecordLink(record_address(record), f"{record.date[5:]} {record.title}".strip())
