"""Numbers as text, as fractions and as JSON: every way from one to the other stands here."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache


def round_half_up(value: Fraction, places: int) -> Decimal:
    """Round an exact value half away from zero to ``places`` decimals."""
    scaled, below = value.numerator * 10**places, value.denominator
    whole = (abs(scaled) * 2 + below) // (2 * below)
    return Decimal(-whole if scaled < 0 else whole).scaleb(-places)


@lru_cache(maxsize=1024)
def exact(value: Decimal) -> Fraction:
    """Return a figure of the rubric as a fraction: the same few come back for every branch."""
    return Fraction(value)


def plain(value: Decimal | Fraction | int) -> str:
    """Write a number without trailing zeros or exponent; a fraction as a/b."""
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return str(value.numerator)
        return f"{value.numerator}/{value.denominator}"
    shown = f"{Decimal(value):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def figure(value: Decimal | None) -> int | float | None:
    """Return a JSON number without trailing zeros.

    Files hold at most 9 digits before and 6 behind the point, so the shortest decimal form of
    the nearest double is exactly the figure: no arithmetic is done on it.
    """
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def points(value: object) -> Decimal:
    """Return a JSON number exactly as it is written; raises TypeError for anything else."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return Decimal(repr(value))


def points_or_none(value: object) -> Decimal | None:
    """Return a JSON number or null; raises TypeError for anything else."""
    return None if value is None else points(value)


def as_text(value: Decimal | None) -> str | None:
    """Return a number as text that keeps its trailing zeros, or None."""
    return None if value is None else str(value)


def from_text(value: str | None) -> Decimal | None:
    """Return the number of a text by :func:`as_text`; raises InvalidOperation for no number."""
    return None if value is None else Decimal(value)
