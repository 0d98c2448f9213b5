"""Work on a site spread over several processes: forked, so that all they need is shared."""

from __future__ import annotations

import gc
import mmap
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, TypeVar

from generator.engine.branch import SELDOM
from generator.engine.processes import NAME, WorkerDiedError, cores, names_on, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Task = TypeVar("Task")
Done = TypeVar("Done")


class Desk:
    """What one worker process has: the work, and where it writes what it is at."""

    work: Callable[[Any], Any]
    board: mmap.mmap | None = None
    slot = 0


def note(name: str) -> None:
    """Write down what a worker is at, for the message where it dies."""
    if Desk.board is not None:
        write(Desk.board, Desk.slot, name)


def spread(
    work: Callable[[Task], Done], tasks: Sequence[Task], jobs: int | None, *, few: bool
) -> Iterator[Done]:
    """Yield what each task comes to, in their order; ``jobs`` is the number of processes.

    ``few`` says that one process serves best where no number was asked for. Raises what the work
    raises, and WorkerDiedError.
    """
    wanted = cores() if jobs is None else jobs
    alone = (few and jobs is None) or wanted <= 1 or len(tasks) <= 1 or not hasattr(os, "fork")
    threshold = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what is shared by all is not looked through again and again
    gc.set_threshold(SELDOM)
    try:
        yield from map(work, tasks) if alone else by_many(work, tasks, wanted)
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()


def by_many(work: Callable[[Task], Done], tasks: Sequence[Task], workers: int) -> Iterator[Done]:
    """Yield what each task comes to, done by as many processes; raises WorkerDiedError."""
    with mmap.mmap(-1, workers * NAME) as board:
        context = multiprocessing.get_context("fork")
        slots = context.Value("i", 0)
        pool = ProcessPoolExecutor(
            workers, mp_context=context, initializer=begin, initargs=(work, board, slots)
        )
        try:
            with pool:
                yield from pool.map(perform, tasks)
        except BrokenProcessPool:
            raise WorkerDiedError(names_on(board, workers)) from None


def begin(work: Callable[[Any], Any], board: mmap.mmap, slots: Any) -> None:
    """Make a new process ready: its own place on the board, ordinary signals."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with slots.get_lock():
        Desk.slot = slots.value
        slots.value += 1
    Desk.work, Desk.board = work, board


def perform(task: Any) -> Any:
    """Do a task in a worker process."""
    return Desk.work(task)
