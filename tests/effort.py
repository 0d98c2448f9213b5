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


class Calls:
    """Counts calls of functions, and breaks off what makes more than this."""

    def __init__(self, most: int) -> None:
        self.most, self.met = most, 0

    def hear(self, _: Any, event: str, __: Any) -> None:
        """Take what the interpreter tells of every call and return."""
        if event in CALLS:
            self.met += 1
            if self.met > self.most:
                sys.setprofile(None)
                message = f"more than {self.most} calls"
                raise TooMuchError(message)


@contextmanager
def at_most(*, calls: int, megabytes: int | None = None) -> Iterator[None]:
    """Break off what calls more functions than this, and fail where it takes more memory."""
    if megabytes is not None:
        tracemalloc.start()
    sys.setprofile(Calls(calls).hear)
    try:
        yield
    finally:
        sys.setprofile(None)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert megabytes is None or peak < megabytes << 20, peak


def calls_of(work: Callable[[], object], most: int = 1 << 23) -> int:
    """Return how many functions a piece of work calls; fails where there are too many."""
    calls = Calls(most)
    sys.setprofile(calls.hear)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls.met


def power_of(calls: int) -> int:
    """Return the least power of two that so many calls are no more than."""
    return (calls - 1).bit_length()


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
