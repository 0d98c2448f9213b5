"""Two tiers of one test: a few of its parameters in every run, all in ``make test-long``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable


def tiered(values: Iterable[Any], often: int) -> list[Any]:
    """Return parameters of which only the first ones, as many as ``often``, are not ``long``."""
    return [
        value if number < often else pytest.param(value, marks=pytest.mark.long)
        for number, value in enumerate(values)
    ]
