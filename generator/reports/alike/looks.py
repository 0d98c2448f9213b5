"""How a picture looks, in 64 bits: whether each of 8 × 8 places is lighter than the next.

Decoders differ by version, so nothing that is checked or counted rests on this.
"""

from __future__ import annotations

import io
import warnings
from itertools import pairwise
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from generator.files.attachments import inspect
from generator.files.attachments.kinds import kind_of

#: Pictures are compared in so many rows of so many places.
ROWS, PLACES = 8, 9
BITS = ROWS * (PLACES - 1)
#: Pixels of a picture that is decoded whole, and of a JPEG, which is decoded at an eighth.
MAX_PIXELS, MAX_JPEG = 50_000_000, 200_000_000
#: Steps of grey between neighbours, on the whole: with fewer a picture shows nothing to compare.
CONTRAST = 3 * BITS
#: A picture is also compared without its edges: of each side the 40th part.
EDGE = 40
KINDS = frozenset({"jpeg", "png", "webp"})
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, ArithmeticError,
    Image.DecompressionBombError, UnidentifiedImageError,
)  # fmt: skip

Greys = list[list[int]]


class Look(NamedTuple):
    """How a picture looks as it stands upright, and turned and mirrored in all eight ways.

    The ways are also those of the picture without its edges.
    """

    upright: int
    ways: tuple[int, ...]

    def bits_from(self, other: Look) -> int:
        """Return how many bits two pictures differ by at least, in any way of one of them."""
        return min(
            *((self.upright ^ way).bit_count() for way in other.ways),
            *((other.upright ^ way).bit_count() for way in self.ways),
        )


class UnseenError(Exception):
    """A picture that is not looked at: unsound, too large, or without contrast."""


def look(name: str, data: bytes) -> Look:
    """Return how a picture looks; raises UnseenError, and nothing else.

    Takes memory for at most ``MAX_PIXELS`` pixels.
    """
    if kind_of(data) not in KINDS or inspect(name, data, len(data)):
        raise UnseenError
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            grey = _grey(data)
            x, y = grey.width // EDGE, grey.height // EDGE
            inner = (x, y, grey.width - x, grey.height - y)
            small = [*_small(grey, (0, 0, *grey.size)), *_small(grey, inner)]
    except _BROKEN:
        raise UnseenError from None
    steps = (abs(a - b) for row in small[:ROWS] for a, b in pairwise(row))
    if sum(steps) < CONTRAST:
        raise UnseenError
    quarters = (small[at : at + ROWS] for at in range(0, len(small), ROWS))
    found = [_bits(rows) for greys in quarters for rows in _mirrored(greys)]
    return Look(found[0], tuple(dict.fromkeys(found)))


def _grey(data: bytes) -> Image.Image:
    """Return a picture upright and grey, on white where it is clear."""
    with Image.open(io.BytesIO(data)) as opened:
        jpeg = opened.format == "JPEG"
        if opened.width * opened.height > (MAX_JPEG if jpeg else MAX_PIXELS):
            raise ValueError(opened.size)
        if jpeg:
            opened.draft("L", (PLACES * 8, PLACES * 8))
        upright = ImageOps.exif_transpose(opened)
        if upright.mode not in {"L", "RGB"}:
            white = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(white, upright.convert("RGBA"))
        return upright.convert("L")


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
