"""Numbers as text, as fractions and as JSON: every way from one to the other stands here."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

# Any: JSON of any form.
from typing import Any

#: Figures of files have at most nine digits before the point and six behind it.
DIGITS = 30


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


def figure(value: Decimal | None) -> int | Decimal | None:
    """Return a number as JSON writes it: without trailing zeros, whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


def points(value: object) -> Decimal:
    """Return a number of ``read_json`` as a figure; raises TypeError for anything else."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return Decimal(value)


def points_or_none(value: object) -> Decimal | None:
    """Return a number of ``read_json`` or null; raises TypeError for anything else."""
    return None if value is None else points(value)


def read_json(text: str) -> Any:
    """Return the values of a JSON text, its fractions as they are written: exact, never floats.

    Raises ValueError for a text that is not JSON, and for a number beyond 30 digits or not finite.
    """
    return json.loads(text, parse_float=_written, parse_constant=_written)


def _written(text: str) -> int | Decimal | None:
    value = Decimal(text)
    if not value.is_finite() or not -DIGITS < value.adjusted() < DIGITS:
        raise ValueError(text)
    return figure(value)


def write_json(value: object, *, indent: int | None = None, sort_keys: bool = False) -> str:
    """Return JSON with real characters and exact figures; without ``indent`` on one line."""
    import simplejson  # noqa: PLC0415 - only where results leave the program

    text: str = simplejson.dumps(
        value,
        ensure_ascii=False,
        indent=indent,
        sort_keys=sort_keys,
        separators=(",", ":") if indent is None else None,
        use_decimal=True,
        namedtuple_as_object=False,
    )
    return text


def as_text(value: Decimal | None) -> str | None:
    """Return a number as text that keeps its trailing zeros, or None."""
    return None if value is None else str(value)


def from_text(value: str | None) -> Decimal | None:
    """Return the number of a text by :func:`as_text`; raises InvalidOperation for no number."""
    return None if value is None else Decimal(value)
