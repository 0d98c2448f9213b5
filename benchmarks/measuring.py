"""CPU, wall time and peak memory of a program, its children included, in a process of its own."""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
KILO = 1024
WORDS = 400
#: Bytes of what a program prints that are kept; results of many branches are larger by far.
KEPT = 1_000_000
#: Seconds after which a measurement is not repeated.
PATIENCE = 60


class Usage(NamedTuple):
    """CPU and wall time in seconds, peak memory of the largest process in MB."""

    cpu: float
    wall: float
    memory: float


class Failure(Exception):  # noqa: N818 - stands in the table as a reason
    """A program gave another exit status than was expected; its own words say why."""


class Done(NamedTuple):
    """What a program took, and the beginning of what it printed."""

    usage: Usage
    output: bytes


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a measured program: the project importable from anywhere."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        # An installed program has its bytecode: compiling it at every start takes 80 ms.
        "PYTHONDONTWRITEBYTECODE": "",
        "NO_MKDOCS_2_WARNING": "1",
        **(extra or {}),
    }


def run(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    accept: Iterable[int] = (0,),
    extra: Mapping[str, str] | None = None,
    output: Path | None = None,
) -> Done:
    """Run a program to its end; raises Failure for a status that is not among ``accept``.

    What it prints goes to the file ``output``, where one is given. The kernel counts a process
    as one with its starter until it runs its own program, so no memory is below the peak of this
    process: nothing large is ever held in it.
    """
    with ExitStack() as stack:
        out = stack.enter_context(sink(output))
        errors = stack.enter_context(tempfile.TemporaryFile())
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - programs of this benchmark
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            env=environment(extra),
        )
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        if process.returncode not in set(accept):
            words = (tail(errors) or tail(out)).strip()
            raise Failure(words or f"exit status {process.returncode}")
        usage = Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / KILO)
        return Done(usage, out.read(KEPT))


def sink(path: Path | None) -> IO[bytes]:
    """Open what a program prints into: a file that stays, or one that goes."""
    if path is not None:
        return path.open("w+b")
    return tempfile.TemporaryFile()


def tail(stream: IO[bytes]) -> str:
    """Return the last words of what a program printed."""
    end = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, end - WORDS))
    return stream.read().decode("utf-8", "replace")


def best(action: Callable[[], Done], repeat: int) -> Done:
    """Return the run of ``repeat`` that took the least CPU: noise only ever adds.

    What has taken a minute is not run again: its noise is small beside it.
    """
    started, runs = time.monotonic(), [action()]
    while len(runs) < repeat and time.monotonic() - started < PATIENCE:
        runs.append(action())
    return min(runs, key=lambda done: done.usage.cpu)


def python(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module with the Python of this process."""
    return [sys.executable, "-m", module, *arguments]


def appraise(*arguments: str) -> list[str]:
    """Return the command line of the program that belongs to this Python."""
    script = Path(sys.executable).with_name("appraise")
    return [str(script), *arguments] if script.is_file() else python("generator", *arguments)


def own_memory() -> float:
    """Return the peak memory of this process or of its largest child, in MB."""
    whom = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whom) / KILO


def growth(small: tuple[int, float], large: tuple[int, float]) -> float | None:
    """Return the exponent with which time grows between two (size, seconds); 1 is linear."""
    if small[0] >= large[0] or small[1] <= 0 or large[1] <= 0:
        return None
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])
