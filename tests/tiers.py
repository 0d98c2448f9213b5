"""Three tiers of one test: few of its parameters in each run, more in most, all in the longest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable


def tiered(values: Iterable[Any], often: int, fast: int = 0) -> list[Any]:
    """Return parameters: the first ``fast`` for every tier, up to ``often`` for ``make test``.

    All others are for ``make test-long`` alone.
    """
    marks = [pytest.mark.slow] * often + [pytest.mark.long]
    return [
        value if number < fast else pytest.param(value, marks=marks[min(number, often)])
        for number, value in enumerate(values)
    ]
