"""Places in drawings, in percent of their width, so that strokes and text keep their size."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.site.data.figures import bar
from generator.site.data.scale import WIDE, ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

HUNDRED = Decimal(100)
#: Widths of a Chinese character and of any other at the size of a caption.
FULL, HALF = 13, 8
ASCII = 0x7F


def percent(share: Decimal) -> str:
    """Write a share of the width, 0 to 1, as a coordinate."""
    return f"{share * HUNDRED:.2f}%"


def at(value: Decimal, start: Decimal, end: Decimal) -> str:
    """Return where a value stands between two ends; at the start where these coincide."""
    return percent((value - start) / (end - start) if end > start else ZERO)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: what its points rest on, where it begins, how wide it is."""

    basis: str
    x: str
    width: str
    points: Decimal


def pieces(amounts: Iterable[tuple[str, Decimal]], whole: Decimal) -> tuple[Piece, ...]:
    """Return the pieces of a bar whose full width stands for ``whole`` points."""
    return tuple(
        Piece(s.basis, percent(s.x / WIDE), percent(s.width / WIDE), s.points)
        for s in bar(list(amounts), whole)
    )


def breadth(words: str) -> int:
    """Return about how wide words are in a caption, in pixels."""
    return sum(HALF if ord(c) <= ASCII else FULL for c in words)
