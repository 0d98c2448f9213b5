"""Days of receipt of one branch: those of history, and those that the committee wrote down."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from generator.files.paths import RECORD_FILES, year_folder
from generator.rubric.measures import RECEIVED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Sequence

    from generator.files.tree import Receipts
    from generator.formats.received import Received
    from generator.rubric.measures import FactRecord


class Receipt(NamedTuple):
    """When a file was received: ``day``, None where nobody can tell.

    ``entry`` is what the committee wrote down, where that is the day.
    """

    day: datetime.date | None
    entry: Received | None = None


def dated(fact: FactRecord | None, receipt: Receipt | None) -> FactRecord | None:
    """Return a record with the field that no file holds: the day on which it was received."""
    if fact is None or receipt is None:
        return fact
    reason = receipt.entry.reason if receipt.entry is not None else ""
    return replace(fact, fields={RECEIVED: receipt.day, **fact.fields}, registered=reason)


@dataclass(slots=True)
class Register:
    """Tells when files of a branch were received.

    ``names`` are what the branch is and was called. What came in before ``since``, the day from
    which history can be relied on, has the date that it states. ``placed`` has the entries of the
    committee by the file that they are about, wherever that lies now; ``lost`` are the others.
    ``told`` are the receipts that were asked for, by file.
    """

    names: tuple[str, ...]
    receipts: Receipts | None = None
    since: datetime.date | None = None
    placed: dict[str, Received] = field(default_factory=dict)
    lost: tuple[Received, ...] = ()
    told: dict[str, Receipt] = field(default_factory=dict)

    def place(self, year: int, entries: Sequence[Received], there: Collection[str]) -> None:
        """Find out which of the files that are there the entries of a year are about.

        Of two about one file the earlier day counts.
        """
        lost = []
        for entry in entries:
            found = self._files(year, entry, there)
            for path in found:
                known = self.placed.get(path)
                if known is None or entry.on < known.on:
                    self.placed[path] = entry
            if not found:
                lost.append(entry)
        self.lost = tuple(lost)

    def _files(self, year: int, entry: Received, there: Collection[str]) -> list[str]:
        """Return the files that are there of what lay at the path of an entry."""
        group, _, folder = entry.path.partition("/")
        name = f"{entry.path}/{RECORD_FILES[group]}" if folder else entry.path
        for branch in self.names:
            path = f"{year_folder(branch, year)}/{name}"
            now = self.receipts.now(path, entry.date, self.names) if self.receipts else {path}
            found = sorted(now.intersection(there))
            if found:
                return found
        return []

    def of(self, path: str, blob: str, stated: datetime.date | None) -> Receipt:
        """Return when the file of this content was received; ``stated`` is the date in it."""
        merged = self.receipts.day(path, blob, self.names) if self.receipts else None
        early = merged is not None and self.since is not None and merged < self.since
        day, entry = stated if early else merged, self.placed.get(path)
        late = entry is None or (day is not None and day <= entry.on)
        found = Receipt(day) if late or entry is None else Receipt(entry.on, entry)
        self.told[path] = found
        return found
