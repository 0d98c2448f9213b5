"""Whether anything changed for a branch after an objection (docs/format.md §4, appeals).

The branch's review, its veto facts and the grade decided for it are compared, as they stand now,
with what they were before the objection: before the commit that brought the entry in, and, for one
that was written down late, at the end of the day before it was received. Where history does not
reach back before the entry, the days count that the committee wrote beside its decisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.files.paths import APPEALS_FOLDER, DECISION_FILE, REVIEWS_FOLDER, VETOES_FOLDER, YAML
from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, Scalar, Sequence, parse
from generator.text.findings import Report

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator
    from collections.abc import Mapping as Files

    from generator.checks.registry import YearContext
    from generator.files.tree import Past
    from generator.formats.nodes import Node
    from generator.formats.received import AppealEntry

#: What is no decision: which evidence a reviewer saw.
PIN = "reviewed"


class Kept(NamedTuple):
    """Where the committee keeps what it decides about a branch, and its appeals."""

    branch: str
    review: str
    vetoes: str
    decision: str
    appeals: str

    @classmethod
    def of(cls, folder: str, branch: str) -> Kept:
        """Return the paths below the folder of a year."""
        file = f"{branch}{YAML}"
        return cls(
            branch,
            f"{folder}/{REVIEWS_FOLDER}/{file}",
            f"{folder}/{VETOES_FOLDER}/{file}",
            f"{folder}/{DECISION_FILE}",
            f"{folder}/{APPEALS_FOLDER}/{file}",
        )

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them."""
        return self.review, self.vetoes, self.decision, self.appeals


class Verdict(NamedTuple):
    """What was decided about a branch, without form and comments; None where there is no file."""

    review: object
    vetoes: object
    grade: object

    @classmethod
    def of(cls, kept: Kept, files: Files[str, bytes]) -> Verdict:
        """Return what files hold."""
        grades = below(plain(files, kept.decision), "grades")
        return cls(plain(files, kept.review), plain(files, kept.vetoes), below(grades, kept.branch))


def has_consequence(context: YearContext, branch: str, entry: AppealEntry) -> bool:
    """Whether the branch's review, vetoes or decided grade differ from those objected to.

    Raises MissingHistoryError where a shallow clone cannot tell.
    """
    kept, entries = Kept.of(context.committee.folder, branch), context.entries
    there = [path for path in kept.paths if path in entries and entries[path].is_file]
    files = {path: context.tree.read(path) for path in there}
    past = context.receipts.past(kept.paths) if context.receipts else []
    holding = (n for n, then in enumerate(past) if entry.id in ids(then.files, kept.appeals))
    first = next(holding, len(past))
    now = Verdict.of(kept, files)
    if any(Verdict.of(kept, then.files) != now for then in objected(past, first, entry.received)):
        return True
    return first == 0 and any(day >= f"{entry.received}" for day in days(kept, files, now))


def objected(past: list[Past], first: int, received: datetime.date) -> list[Past]:
    """Return what an objection may have been about; ``first`` is the commit that brought it in."""
    earlier = [then for then in past if then.day < received]
    return [*past[max(first - 1, 0) :][:1], *earlier[-1:]]


def days(kept: Kept, files: Files[str, bytes], now: Verdict) -> Iterator[str]:
    """Yield the days that the committee wrote beside what it decided."""
    review = now.review
    groups = [below(review, name) for name in ("criteria", "bonus")]
    entries = [entry for group in groups if isinstance(group, dict) for entry in group.values()]
    entries += now.vetoes if isinstance(now.vetoes, list) else []
    yield from (f"{below(entry, 'date') or ''}" for entry in entries)
    if now.grade is not None:
        yield f"{below(plain(files, kept.decision), 'decided') or ''}"


def ids(files: Files[str, bytes], path: str) -> set[object]:
    """Return the ids of the appeals in a file."""
    told = plain(files, path)
    return {below(entry, "id") for entry in told} if isinstance(told, list) else set()


def below(value: object, name: str) -> object:
    """Return what a mapping has at a key; None where it has nothing, or is no mapping."""
    return value.get(name) if isinstance(value, dict) else None


def plain(files: Files[str, bytes], path: str) -> object:
    """Return a file as text, lists and dicts; None where it is missing or cannot be read."""
    data = files.get(path)
    return None if data is None else text_of(parse(data, Report(), path, COMMITTEE_LIMITS))


def text_of(node: Node | None) -> object:
    """Return a node as text, lists and dicts, without fingerprints."""
    if isinstance(node, Mapping):
        told = ((name, value) for name, (_, value) in node.entries.items() if name != PIN)
        return {name: text_of(value) for name, value in told}
    if isinstance(node, Sequence):
        return [text_of(item) for item in node.items]
    return node.text if isinstance(node, Scalar) else None
