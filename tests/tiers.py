"""Three tiers of one test: few of its parameters in each run, more in most, all in the longest."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable


#: Marks that no test of this run may bear, as ``conftest.py`` reads them from the command line.
left_out: set[str] = set()


def never(expression: str, mark: str) -> bool:
    """Tell whether an expression of marks says by itself that nothing with a mark runs."""
    return " or " not in expression and f"not {mark}" in expression.split(" and ")


def tiered(values: Iterable[Any], often: int, fast: int = 0) -> list[Any]:
    """Return parameters: the first ``fast`` for every tier, up to ``often`` for ``make test``.

    All others are for ``make test-long`` alone. What this run leaves out is not even drawn, but
    for one, since a test without parameters would be skipped.
    """
    marks = [pytest.mark.slow] * often + [pytest.mark.long]
    drawn = None
    if "long" in left_out:
        drawn = max(fast, 1 if "slow" in left_out else often, 1)
    return [
        value if number < fast else pytest.param(value, marks=marks[min(number, often)])
        for number, value in enumerate(islice(values, drawn))
    ]
