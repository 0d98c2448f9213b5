"""Since which commit each entry of a review stands as it does."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from generator.formats.nodes import COMMITTEE_LIMITS, Mapping, parse
from generator.scoring.fingerprint import node_text
from generator.text.findings import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.files.tree import Annals, Deed


CRITERIA, BONUS = "criteria", "bonus"


class Decided(NamedTuple):
    """An entry of a review: in which of its lists, and under which name."""

    group: str
    name: str


def entries_of(data: bytes, path: str) -> dict[Decided, str]:
    """Return the entries of a review as text, whatever the layout of the file."""
    node = parse(data, Report(), path, COMMITTEE_LIMITS)
    found: dict[Decided, str] = {}
    for group in (CRITERIA, BONUS):
        own = node.entries.get(group, (None, None))[1] if isinstance(node, Mapping) else None
        if isinstance(own, Mapping):
            found |= {Decided(group, k): node_text(value) for k, (_, value) in own.entries.items()}
    return found


def editions(deeds: Iterable[Deed], paths: Sequence[str]) -> list[tuple[Deed, str]]:
    """Return commits with the blob id of the review that each left, the newest first.

    ``paths`` are where it may lie, the branch's own first; ``""`` is no review.
    """
    there: dict[str, str] = {}
    found = []
    for _, group in groupby(reversed([*deeds]), attrgetter("commit")):
        done = [*group]
        there |= {deed.path: deed.new for deed in done}
        found.append((done[0], next(filter(None, map(there.get, paths)), "")))
    return found[::-1]


def standing(
    annals: Annals, told: Sequence[tuple[Deed, str]], now: bytes
) -> Iterator[tuple[Decided, Deed]]:
    """Yield the entries of a review, each with the commit since which it stands as it does.

    ``told`` are the editions. An entry that no commit has like this is left out.
    """
    left = entries_of(now, "")
    since: dict[Decided, Deed] = {}
    for deed, blob in told:
        then = entries_of(annals.read(blob), "") if blob else {}
        left = {entry: text for entry, text in left.items() if then.get(entry) == text}
        since |= dict.fromkeys(left, deed)
        if not left:
            break
    yield from since.items()
