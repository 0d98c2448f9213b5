"""The due list on the day of the data: what was asked of a branch, and what has come due.

A branch's keys hold its own entries as they are here, and no key holds the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.rubric.asked import Asked
from generator.text.privacy import masked

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterator, Mapping

    from generator.formats.committee_files import DueEntry


@dataclass(frozen=True, slots=True)
class DueList:
    """Entries of a year's due list, of which the first with an id counts, and the day of the data.

    Without a day (None) nothing has come due.
    """

    entries: tuple[DueEntry, ...] = ()
    today: datetime.date | None = None

    def of(self, names: Collection[str]) -> tuple[Asked, ...]:
        """Return what is asked of a branch that has these names, in the order of the file.

        ``names`` are its id and those that it had before. Entries at fault ask nothing.
        """
        return tuple(self._asked(names))

    def _asked(self, names: Collection[str]) -> Iterator[Asked]:
        seen: set[str] = set()
        for entry in self.entries:
            first = entry.id not in seen
            seen.add(entry.id)
            day = entry.day_for(names)
            if not (first and entry.valid and entry.kind and day and entry.asks(names)):
                continue
            come = self.today is not None and day < self.today
            yield Asked(
                entry.id, entry.kind, entry.title or masked(entry.id), day, entry.date, come
            )

    def strangers(self, branches: Collection[str]) -> frozenset[str]:
        """Return the names in it of which there is no branch: former ids, or mistakes."""
        found = (
            name for entry in self.entries for name in (*(entry.branches or ()), *entry.extended)
        )
        return frozenset(found) - frozenset(branches)


NOTHING_ASKED = DueList()


def asked_otherwise(
    one: DueList, other: DueList, names: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Return the branches of which two due lists ask different things.

    ``names`` is branch → the names under which it may have been asked: each is looked at.
    """
    return frozenset(
        branch
        for branch, own in names.items()
        if any(one.of((name,)) != other.of((name,)) for name in own)
    )
