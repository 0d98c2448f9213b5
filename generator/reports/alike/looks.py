"""How a picture looks, in 64 bits: whether each of 8 × 8 places is lighter than the next."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from generator.reports.alike.decoding import UnseenError, decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a look is made of, and how: another number makes all looks anew.
FORM = 1
#: Pictures are compared in so many rows of so many places.
ROWS, PLACES = 8, 9
BITS = ROWS * (PLACES - 1)
#: Bytes of a look in one way.
WAY = BITS // 8
#: Steps of grey between neighbours, on the whole: with fewer a picture shows nothing to compare.
CONTRAST = 3 * BITS
#: A picture is also compared without its edges: of each side the 40th part.
EDGE = 40

Greys = list[list[int]]


class Look(NamedTuple):
    """How a picture looks as it stands upright, and turned and mirrored in all eight ways.

    The ways are also those of the picture without its edges.
    """

    upright: int
    ways: tuple[int, ...]

    @classmethod
    def of(cls, ways: Sequence[int]) -> Look:
        """Return the look of a picture that stands as the first of some ways has it."""
        return cls(ways[0], tuple(dict.fromkeys(ways)))

    @classmethod
    def of_bytes(cls, data: bytes) -> Look:
        """Return a look as it was kept."""
        steps = range(0, len(data), WAY)
        return cls.of([int.from_bytes(data[at : at + WAY], "big") for at in steps])

    def to_bytes(self) -> bytes:
        """Return the look to be kept."""
        return b"".join(way.to_bytes(WAY, "big") for way in self.ways)

    def bits_from(self, other: Look) -> int:
        """Return how many bits two pictures differ by at least, in any way of one of them."""
        return min(
            *((self.upright ^ way).bit_count() for way in other.ways),
            *((other.upright ^ way).bit_count() for way in self.ways),
        )


def look(name: str, data: bytes) -> Look:
    """Return how a picture looks; raises UnseenError, and nothing else."""
    with decoded(name, data, "L", PLACES * 8) as grey:
        x, y = grey.width // EDGE, grey.height // EDGE
        inner = (x, y, grey.width - x, grey.height - y)
        small = [*_small(grey, (0, 0, *grey.size)), *_small(grey, inner)]
    steps = (abs(a - b) for row in small[:ROWS] for a, b in pairwise(row))
    if sum(steps) < CONTRAST:
        raise UnseenError
    quarters = (small[at : at + ROWS] for at in range(0, len(small), ROWS))
    return Look.of([_bits(rows) for greys in quarters for rows in _mirrored(greys)])


def _small(grey: Image.Image, box: tuple[int, int, int, int]) -> Greys:
    """Return a part in 8 rows of 9 greys, then as many with rows and columns exchanged."""
    wide = grey.resize((PLACES, ROWS), Image.Resampling.BOX, box).tobytes()
    high = grey.resize((ROWS, PLACES), Image.Resampling.BOX, box).tobytes()
    rows = [list(wide[at : at + PLACES]) for at in range(0, len(wide), PLACES)]
    return rows + [list(high[at::ROWS]) for at in range(ROWS)]


def _mirrored(greys: Greys) -> list[Greys]:
    """Return a picture as it is, mirrored each way, and both."""
    return [
        greys,
        [row[::-1] for row in greys],
        greys[::-1],
        [row[::-1] for row in greys[::-1]],
    ]


def _bits(greys: Greys) -> int:
    """Return a bit for each place: whether it is lighter than the next."""
    bits = 0
    for row in greys:
        for one, other in pairwise(row):
            bits = bits << 1 | (one > other)
    return bits
