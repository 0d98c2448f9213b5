"""Branches reduced by several processes: forked, so that what is read once is shared."""

from __future__ import annotations

import gc
import os
import signal
from typing import TYPE_CHECKING

from generator.engine.branch import SELDOM, one_by_one

if TYPE_CHECKING:
    import mmap
    import multiprocessing
    from collections.abc import Iterator, Sequence

    from generator.engine.branch import Reduced, Reducer

#: Up to this many branches a second process costs more than it saves.
ALONE = 100
CHUNK = 16
NAME = 64


class WorkerDiedError(Exception):
    """A process ended while it read a branch: names those that were being read."""

    def __init__(self, branches: Sequence[str]) -> None:
        """Keep the branches."""
        super().__init__(", ".join(branches))
        self.branches = tuple(branches)


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def reduce_all(
    reducer: Reducer, branch_ids: Sequence[str], jobs: int | None = None
) -> Iterator[Reduced]:
    """Yield branches reduced, in any order; ``jobs`` is the number of processes.

    Raises WorkerDiedError. Without fork, and for few branches, one process does it all.
    """
    wanted = cores() if jobs is None else jobs
    few = jobs is None and len(branch_ids) <= ALONE
    alone = few or wanted <= 1 or len(branch_ids) <= 1 or not hasattr(os, "fork")
    if alone:
        yield from one_by_one(reducer, branch_ids)
        return
    threshold = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield from by_processes(reducer, branch_ids, wanted)
    finally:
        gc.set_threshold(*threshold)


def by_processes(reducer: Reducer, branch_ids: Sequence[str], wanted: int) -> Iterator[Reduced]:
    """Yield branches reduced by several processes, in any order; raises WorkerDiedError."""
    import mmap  # noqa: PLC0415 - these take as long as checking one branch, which needs none
    import multiprocessing  # noqa: PLC0415 - slow too
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - slow too
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - slow too

    reducer.prepare()
    with mmap.mmap(-1, wanted * NAME) as board:
        context = multiprocessing.get_context("fork")
        slots = context.Value("i", 0)
        pool = ProcessPoolExecutor(
            wanted, mp_context=context, initializer=begin, initargs=(reducer, board, slots)
        )
        chunks = [branch_ids[at : at + CHUNK] for at in range(0, len(branch_ids), CHUNK)]
        try:
            with pool:
                for done in pool.map(work, chunks):
                    yield from done
        except BrokenProcessPool:
            raise WorkerDiedError(names_on(board, wanted)) from None


class Desk:
    """What one worker process has: the reducer, and where it writes what it is reading."""

    reducer: Reducer
    board: mmap.mmap
    slot: int


def begin(reducer: Reducer, board: mmap.mmap, slots: multiprocessing.Value) -> None:  # type: ignore[valid-type]
    """Make a new process ready: its own pipes, its own place on the board, ordinary signals."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with slots.get_lock():  # type: ignore[attr-defined]
        Desk.slot = slots.value  # type: ignore[attr-defined]
        slots.value += 1  # type: ignore[attr-defined]
    Desk.reducer, Desk.board = reducer, board
    reducer.tree.forked()


def work(branch_ids: Sequence[str]) -> list[Reduced]:
    """Reduce some branches in a worker process."""
    done = []
    for branch_id in branch_ids:
        write(Desk.board, Desk.slot, branch_id)
        done.append(Desk.reducer.reduce(branch_id))
        write(Desk.board, Desk.slot, "")
    return done


def write(board: mmap.mmap, slot: int, name: str) -> None:
    """Write what a worker is reading."""
    board[slot * NAME : (slot + 1) * NAME] = name.encode("ascii")[:NAME].ljust(NAME, b"\0")


def names_on(board: mmap.mmap, workers: int) -> list[str]:
    """Return the branches that workers were reading."""
    fields = (board[slot * NAME : (slot + 1) * NAME].rstrip(b"\0") for slot in range(workers))
    return [field.decode("ascii") for field in fields if field]
