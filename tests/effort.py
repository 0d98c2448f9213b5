"""How much is done, told without a clock: calls of functions, and memory."""

from __future__ import annotations

import sys
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLS = frozenset({"call", "c_call"})


class TooMuchError(AssertionError):
    """More was done than is allowed."""


@contextmanager
def at_most(*, calls: int, megabytes: int | None = None) -> Iterator[None]:
    """Break off what calls more functions than this, and fail where it takes more memory."""
    met = 0

    def hear(_: Any, event: str, __: Any) -> None:
        nonlocal met
        met += event in CALLS
        if met > calls:
            sys.setprofile(None)
            message = f"more than {calls} calls"
            raise TooMuchError(message)

    if megabytes is not None:
        tracemalloc.start()
    sys.setprofile(hear)
    try:
        yield
    finally:
        sys.setprofile(None)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert megabytes is None or peak < megabytes << 20, peak


def steps_of(work: Callable[[], object]) -> int:
    """Return how many lines of Python and calls of functions a piece of work takes.

    What one call of a library does inside is not seen.
    """
    met = 0

    def step(_: Any, event: str, __: Any) -> Any:
        nonlocal met
        met += event in {"call", "line"}
        return step

    def hear(_: Any, event: str, __: Any) -> None:
        nonlocal met
        met += event == "c_call"

    sys.setprofile(hear)
    sys.settrace(step)
    try:
        work()
    finally:
        sys.settrace(None)
        sys.setprofile(None)
    return met
