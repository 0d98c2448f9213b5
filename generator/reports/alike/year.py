"""The pictures of a year that look alike, with small ones of them to be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.reports.alike.decoding import decoder, undecodable
from generator.reports.alike.looks import BITS
from generator.reports.alike.pairs import MOST, find_alike

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.checks.summary import BranchSummary
    from generator.files.tree import Tree
    from generator.reports.alike.looking import Decoding
    from generator.reports.alike.pairs import Alike, Pair
    from generator.reports.alike.small import Small

#: So many pairs are shown at most: the nearest ones.
SHOWN = 240


class Likeness(NamedTuple):
    """What was found in a year, the pairs that are shown, and path → a small picture of theirs.

    ``decoder`` is what decoded them, ``lacking`` are the kinds of picture that it cannot decode;
    ``of`` and ``most`` are ``BITS`` and ``MOST``.
    """

    found: Alike
    shown: tuple[Pair, ...]
    small: Mapping[str, Small]
    decoder: str
    lacking: tuple[str, ...]
    of: int = BITS
    most: int = MOST

    @property
    def left(self) -> int:
        """The number of pairs that are not shown."""
        return len(self.found.pairs) - len(self.shown)


def likeness_of(
    tree: Tree, year: int, summaries: Iterable[BranchSummary], decoding: Decoding
) -> Likeness:
    """Compare the pictures of a year, and make small those that are shown."""
    found = find_alike(tree, year, summaries, decoding)
    nearest = sorted(found.pairs, key=lambda pair: pair.bits)[:SHOWN]
    shown = tuple(sorted(nearest, key=lambda pair: (pair.one.path, pair.other.path)))
    pictures = {p.path: p for pair in shown for p in (pair.one, pair.other)}
    small = decoding.small(tree, [picture.placed for picture in pictures.values()])
    return Likeness(found, shown, small, decoder(), tuple(undecodable()))
