"""The audit by lot: seed, share and days, which records were drawn, what came of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from generator.files.paths import branch_of
from generator.formats.received import DIFFERS, OUTCOMES
from generator.proposals.lot import number_of
from generator.results.audience import FieldClass
from generator.site.addresses import (
    LOT,
    addresses_of,
    path_address,
    scorecard_address,
)
from generator.site.data.standings import ROWS, PageLink
from generator.text.language import gettext, tr
from generator.text.names import visible
from generator.text.numbers import plain
from generator.text.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.formats.received import Audit, DrawnEntry
    from generator.results.model import BranchResult
    from generator.results.packed import EvidenceRecord
    from generator.site.data.year import YearPages
    from generator.site.html.page import GeneratedPage, Standing

#: Hexadecimal digits of the number that orders a record: enough to tell any two apart.
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A record that was drawn: its place in the order, whose it is, what came of it.

    ``record`` is the address of its page, empty where no record of the site lies at its path.
    """

    number: str
    path: str
    branch: str
    card: str
    title: str
    record: str
    date: str
    looked: str
    by: str
    outcome: str
    differs: bool
    note: str


def pages(made: YearPages) -> Iterator[Standing]:
    """Yield the pages of a year in which an audit was announced."""
    audit = made.site.evaluation.audit
    if audit is None:
        return
    first = f"{made.site.prefix}{LOT}"
    drawn = ordered(audit)
    addresses = addresses_of(first, -(-len(drawn) // ROWS))
    for number, address in enumerate(addresses):
        yield address, partial(page, made, audit, addresses, number)


def ordered(audit: Audit) -> list[DrawnEntry]:
    """Return the records that were drawn, in the order of the draw where there is a seed."""
    seed, entries = audit.seed, [entry for entry in audit.drawn if entry.valid]
    if seed is None:
        return entries
    return sorted(entries, key=lambda entry: number_of(seed, entry.path))


def page(made: YearPages, audit: Audit, addresses: list[str], number: int) -> GeneratedPage:
    """Return a page of the records that were drawn, the first being 0."""
    title = gettext("抽查")
    if len(addresses) > 1:
        title = tr("{title}（第 {n} 页）", title=title, n=number + 1)
    drawn = ordered(audit)
    outcomes = Counter(entry.outcome for entry in drawn)
    branches = {name: own for own in made.site.results.branches for name in (*own.formerly, own.id)}
    shown = drawn[number * ROWS : (number + 1) * ROWS]
    return made.page(
        addresses[number],
        "lot.html.jinja",
        title,
        description=tr("{year} 年度抽查了哪些记录，结论如何", year=made.shown.year),
        audit=audit,
        share=plain(audit.share * 100) if audit.share is not None else "",
        count=len(drawn),
        outcomes=[(gettext(words), outcomes[name]) for name, words in OUTCOMES.items()],
        waiting=outcomes[None],
        rows=[row(made, audit, entry, branches.get(branch_of(entry.path))) for entry in shown],
        notes=made.site.publish.shows(FieldClass.LOT_NOTES),
        pages=tuple(PageLink(a, f"{n}") for n, a in enumerate(addresses, start=1)),
        at=number,
    )


def row(made: YearPages, audit: Audit, entry: DrawnEntry, branch: BranchResult | None) -> Row:
    """Return a record that was drawn; ``branch`` is whose it is now, if anybody's."""
    record = record_of(made, entry.path, branch) if branch is not None else None
    path = visible(masked(entry.path))
    return Row(
        number=number_of(audit.seed, entry.path)[:DIGITS] if audit.seed is not None else "",
        path=path,
        branch=branch.name if branch is not None else visible(masked(branch_of(entry.path))),
        card=scorecard_address(made.shown.year, branch.id) if branch is not None else "",
        title=record.title if record is not None else path.rpartition("/")[2],
        record=path_address(record.path) if record is not None else "",
        date=record.date if record is not None else "",
        looked=f"{entry.looked or ''}",
        by=entry.by or "",
        outcome=gettext(OUTCOMES[entry.outcome]) if entry.outcome is not None else "",
        differs=entry.outcome == DIFFERS,
        note=entry.note or "",
    )


def record_of(made: YearPages, path: str, branch: BranchResult) -> EvidenceRecord | None:
    """Return the record that was drawn, wherever it lies now."""
    now = made.site.evaluation.moved.get(path)
    return next((record for record in branch.records if record.path == now), None)
