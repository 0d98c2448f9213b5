"""What tests cost, in seconds of CPU by file: ``pytest -p tests.costs -n0 tests/test_x.py``.

Time on the wall tells of the machine as well. Processes that tests start count along, and so do
those of Chromium, for which nobody waits.
"""

from __future__ import annotations

import os
import resource
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TICK = os.sysconf("SC_CLK_TCK")
#: How the processes are named that end without anybody who waits for them.
UNWAITED = "chrom"
SHOWN = 40


class Process(NamedTuple):
    """A process when it was last seen: its name, and seconds of CPU."""

    name: str
    cpu: float


seen: dict[int, Process] = {}
costs: defaultdict[str, float] = defaultdict(float)


def below(process: int) -> Iterator[int]:
    """Yield the processes that a process has started, and theirs."""
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        children = ""
        with suppress(FileNotFoundError, ProcessLookupError):  # one that ends in this moment
            children = task.read_text("utf-8")
        for child in map(int, children.split()):
            yield child
            yield from below(child)


def looked_at(process: int) -> Process:
    """Return what a process has spent, with those that it has waited for."""
    head, _, rest = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")
    name, fields = head.partition("(")[2], rest.split()
    waited = not name.startswith(UNWAITED)
    return Process(name, sum(map(int, fields[11 : 15 if waited else 13])) / TICK)


def spent() -> float:
    """Return the seconds of CPU of this process and of all that it has started."""
    alive = {}
    for process in list(below(os.getpid())):
        with suppress(FileNotFoundError, ProcessLookupError):  # one that ends in this moment
            alive[process] = looked_at(process)
    ended = {key: one for key, one in seen.items() if one.name.startswith(UNWAITED)}
    seen.clear()
    seen.update({**ended, **alive})
    waited = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in waited) + sum(x.cpu for x in seen.values())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Add what a test costs to its file, with the fixtures that it is the first to ask for."""
    before = spent()
    yield
    costs[item.path.name] += spent() - before


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the files that cost most."""
    terminalreporter.section("seconds of CPU")
    for name in sorted(costs, key=costs.__getitem__, reverse=True)[:SHOWN]:
        terminalreporter.write_line(f"{costs[name]:8.1f}  {name}")
