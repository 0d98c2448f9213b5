"""Which of many looks differ by few bits, without comparing each with each.

Looks that differ by at most ``NEAR`` of 64 bits are the same in one of ``NEAR + 1`` parts of them.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from generator.reports.alike.looks import BITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.reports.alike.looks import Look

#: Bits of 64 by which two pictures that look alike differ at most.
NEAR = 6
EDGES = [BITS * n // (NEAR + 1) for n in range(NEAR + 2)]
#: Where each part begins, and the bits of one that begins at 0.
PARTS = [(start, (1 << (end - start)) - 1) for start, end in pairwise(EDGES)]
#: So many pictures are compared with one at most: only pictures made for it are more.
COMPARED = 2_000

Found = dict[tuple[int, int], set[int]]
NOTHING: frozenset[int] = frozenset()


class Matches(NamedTuple):
    """Looks like one, as (number, bits that differ), in their order; ``whole``: that is all."""

    found: list[tuple[int, int]]
    whole: bool


class Near:
    """Some looks, by their numbers; None is one that is like no other."""

    def __init__(self, looks: Iterable[Look | None]) -> None:
        self.looks = list(looks)
        self.upright: Found = defaultdict(set)
        self.ways: Found = defaultdict(set)
        for number, look in enumerate(self.looks):
            if look is not None:
                enter(self.upright, number, (look.upright,))
                enter(self.ways, number, look.ways)

    def of(self, look: Look) -> Matches:
        """Return the looks like one."""
        near: set[int] = set()
        for found, ways in ((self.upright, look.ways), (self.ways, (look.upright,))):
            for part in parts(ways):
                near |= found.get(part, NOTHING)
                if len(near) > COMPARED:
                    break
        asked = ((n, self.looks[n]) for n in sorted(near)[:COMPARED])
        bits = ((n, own.bits_from(look)) for n, own in asked if own is not None)
        return Matches([(n, b) for n, b in bits if b <= NEAR], len(near) <= COMPARED)


def enter(found: Found, number: int, ways: Iterable[int]) -> None:
    """Enter a look under each part of some ways."""
    for part in parts(ways):
        found[part].add(number)


def parts(ways: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the parts of some ways, each with the place where it begins."""
    for way in ways:
        for at, bits in PARTS:
            yield at, way >> at & bits
