"""What was asked of one branch: the entries of the due list, and the records that answer them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from generator.rubric.measures import FactRecord, FieldValue, Having, has_all
from generator.text.language import mark

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from generator.text.privacy import Printable

#: Fields that an answered entry has beside those of its answer, and what they are called.
ASKED, HELD = "asked", "held"
OF_ENTRY = {ASKED: mark("期限"), HELD: mark("举办日期")}


class Asked(NamedTuple):
    """An entry of the due list as one branch is asked.

    ``asked`` is the last day of this branch, ``held`` the day of the occasion; ``come`` says that
    the last day lies before the date of the data, so that the entry counts.
    """

    id: str
    kind: str
    title: Printable
    asked: datetime.date
    held: datetime.date | None
    come: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry, the record that counts for it, and further records that answer it, by folder.

    ``record`` is the entry as methods see a record: the fields of its answer and the entry's own;
    one that nobody answers has no path. ``met`` says that the answer has all that is asked.
    """

    entry: Asked
    taken: FactRecord | None
    others: tuple[FactRecord, ...]
    record: FactRecord
    met: bool

    @property
    def counts(self) -> bool:
        """Whether the entry counts: its day has passed, or it has been answered in full."""
        return self.entry.come or self.met


def answer_of(entry: Asked, records: Iterable[FactRecord], having: Having | None) -> Answer:
    """Return what a branch answers: the first by folder that has all, else the first by folder.

    ``records`` are those of the entry's kind, by path; without ``having`` any answer has all.
    """
    found = {record: entered(entry, record) for record in records if record.due == entry.id}
    full = [own for own, seen in found.items() if having is None or has_all(seen, having)]
    taken = next(iter(full or found), None)
    return Answer(
        entry,
        taken,
        tuple(record for record in found if record is not taken),
        missing(entry) if taken is None else found[taken],
        bool(full),
    )


def entered(entry: Asked, record: FactRecord) -> FactRecord:
    """Return an entry as it is answered by a record."""
    own: dict[str, FieldValue] = {ASKED: entry.asked, HELD: entry.held}
    fields = {**record.fields, **own}
    return replace(
        record, title=entry.title, date=entry.asked, fields=fields, names=OF_ENTRY, due=entry.id
    )


def missing(entry: Asked) -> FactRecord:
    """Return an entry that nobody answers: a record that has nothing."""
    own: dict[str, FieldValue] = {ASKED: entry.asked, HELD: entry.held}
    return FactRecord(
        "", entry.kind, entry.title, entry.asked, own, frozenset(), names=OF_ENTRY, due=entry.id
    )
