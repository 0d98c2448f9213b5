"""The YAML files of one branch through history: when each was received, whatever it was called.

Commits are taken one after the other, the oldest first, so the work is linear in what they did.
What a path held with the same content keeps the day that it had then: later commits move no day of
what is as it was, and rows of the cache may rest on that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from generator.files.receipts.history import UNKNOWN, encoded
from generator.text.days import day_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.files.receipts.history import Event
    from generator.files.receipts.likeness import Likeness


class Teller(Protocol):
    """Returns what tells a file of a change from others, None where nothing does."""

    def __call__(self, path: bytes, blob: str, *, before: bool) -> Likeness | None:
        """Read the file as it was ``before`` the change, or as it is after it."""


class Change(NamedTuple):
    """What one commit, or a proposal, did: when, to what, and how its files are told apart."""

    seconds: int
    events: Sequence[Event]
    teller: Teller


@dataclass(eq=False, slots=True)
class Stay:
    """A file at one path, from a commit that brought it to the one that took it away.

    ``day`` is when it was received, in seconds since 1970; ``after`` is what became of it.
    """

    path: bytes
    begin: int
    day: int
    moved: bool = False
    after: list[Stay] = field(default_factory=list)


class Course:
    """All files of a branch, under its own id and its former ones."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self.present: dict[bytes, Stay] = {}
        self._stays: dict[bytes, list[Stay]] = {}
        self._known: dict[tuple[bytes, str], tuple[int, Stay]] = {}
        self._first: dict[str, tuple[int, Stay]] = {}
        for change in changes:
            self._take(change)

    def _take(self, change: Change) -> None:
        """Follow what was renamed, then note what is there."""
        gone = [event for event in change.events if event.old and not event.new]
        came = [event for event in change.events if event.new and not event.old]
        sources = self._sources(change, gone, came)
        left = {event.path: self.present.pop(event.path, None) for event in gone}
        before = {event.path: self._before(event, sources, left) for event in came}
        found: list[tuple[Event, Stay]] = []
        for event in change.events:
            if event.old and event.new:
                found.append((event, self._edit(change.seconds, event)))
            elif event.new:
                stays = before.get(event.path, [])
                found.append((event, self._arrive(change.seconds, event, stays)))
        first: dict[str, tuple[int, Stay]] = {}
        for event, stay in found:
            self.present[event.path] = stay
            self._known.setdefault((event.path, event.new), (stay.day, stay))
            if event.new not in first or stay.day < first[event.new][0]:
                first[event.new] = (stay.day, stay)
        for blob, told in first.items():
            self._first.setdefault(blob, told)

    def _sources(
        self, change: Change, gone: Sequence[Event], came: Sequence[Event]
    ) -> dict[bytes, list[bytes]]:
        """Return the path of each new file → those of the files that were removed for it."""
        blobs: dict[str, list[bytes]] = {}
        for event in gone:
            blobs.setdefault(event.old, []).append(event.path)
        found = {event.path: blobs[event.new] for event in came if event.new in blobs}
        same = {event.new for event in came}
        rest = [event for event in gone if event.old not in same]
        new = [event for event in came if event.path not in found]
        if not rest or not new:
            return found
        told = [(change.teller(event.path, event.old, before=True), event.path) for event in rest]
        count = Counter(likeness for likeness, _ in told)
        single = {likeness: path for likeness, path in told if likeness and count[likeness] == 1}
        for event in new:
            likeness = change.teller(event.path, event.new, before=False)
            if likeness in single:
                found[event.path] = [single[likeness]]
        return found

    def _before(
        self, event: Event, sources: Mapping[bytes, list[bytes]], left: Mapping[bytes, Stay | None]
    ) -> list[Stay]:
        """Return the stays that a new file goes on from: the paths are left for good by that."""
        stays = [stay for path in sources.get(event.path, ()) if (stay := left[path])]
        _, first = self._first.get(event.new, (0, None))
        if first is not None and self.present.get(first.path) is not first and not first.moved:
            stays += [] if first in stays or first.path == event.path else [first]
        for stay in stays:
            stay.moved = True
        return stays

    def _arrive(self, seconds: int, event: Event, sources: Sequence[Stay]) -> Stay:
        """Return the stay of a file that was not at its path before."""
        path, blob = event.path, event.new
        days, before = [seconds], [*sources]
        old = self._stays.get(path, [None])[-1]
        if (path, blob) in self._known:
            day, stay = self._known[path, blob]
            days, before = [day], [stay, *sources]
        else:
            if old is not None and not old.moved:
                before.append(old)
            if blob in self._first:
                days.append(self._first[blob][0])
            days += [stay.day for stay in before]
        new = Stay(path, seconds, min(days))
        for stay in before:
            stay.after.append(new)
        self._stays.setdefault(path, []).append(new)
        return new

    def _edit(self, seconds: int, event: Event) -> Stay:
        """Return the stay of a file whose content changed: it is received as before."""
        stay = self.present.get(event.path)
        if stay is None:
            return self._arrive(seconds, event, ())
        known = self._known.get((event.path, event.new))
        first = self._first.get(event.new)
        stay.day = known[0] if known else min(stay.day, first[0] if first else stay.day)
        return stay

    def time(self, path: str, blob: str) -> int | None:
        """Return when a file of this content was received, in seconds since 1970.

        ``UNKNOWN`` where a shallow clone has cut off the commit that tells; None where no commit
        holds the file.
        """
        key = encoded(path)
        stay = self.present.get(key)
        told = self._known.get((key, blob)) or self._first.get(blob)
        if told is not None:
            return told[0] if stay is None else min(told[0], stay.day)
        return stay.day if stay is not None else None

    def now(self, path: str, day: datetime.date | None) -> frozenset[str]:
        """Return where the file lies now that lay at a path on a day, or else came there first.

        Without a day the last one that lay there is meant. Nothing where it is gone; the path
        itself where no commit ever had a file there.
        """
        stays = self._stays.get(encoded(path))
        if not stays:
            return frozenset((path,))
        there = [stay for stay in stays if day is None or begun(stay, day)]
        found = [stay for stay in onward((there or stays[:1])[-1])
                 if self.present.get(stay.path) is stay]  # fmt: skip
        return frozenset(stay.path.decode("utf-8", "surrogateescape") for stay in found)


def begun(stay: Stay, day: datetime.date) -> bool:
    """Whether a file was there by the end of a day."""
    return stay.begin == UNKNOWN or day_of(stay.begin) <= day


def onward(stay: Stay) -> Iterator[Stay]:
    """Yield a stay and all that became of it, each once."""
    seen = {id(stay)}
    pending = [stay]
    while pending:
        found = pending.pop()
        yield found
        for later in found.after:
            if id(later) not in seen:
                seen.add(id(later))
                pending.append(later)
