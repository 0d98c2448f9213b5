"""Work shared out to several processes: forked, so that what is read once is shared."""

from __future__ import annotations

import gc
import os
import signal

# Any: tasks and their outcomes are of the caller's types; multiprocessing's have none.
from typing import TYPE_CHECKING, Any, TypeVar

from generator.engine.branch import one_by_one, seldom

if TYPE_CHECKING:
    import mmap
    from collections.abc import Callable, Iterator, Sequence

    from generator.engine.branch import Reduced, Reducer

#: Up to this many branches a second process costs more than it saves.
ALONE = 100
CHUNK = 16
NAME = 64

Task = TypeVar("Task")
Done = TypeVar("Done")


class WorkerDiedError(Exception):
    """A process ended while it was at a branch: names those that were being worked on."""

    def __init__(self, branches: Sequence[str]) -> None:
        """Keep the branches."""
        super().__init__(", ".join(branches))
        self.branches = tuple(branches)


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_for(tasks: int, jobs: int | None, *, few: bool) -> int:
    """Return how many processes serve best, 1 where this one is enough or cannot be forked.

    ``jobs`` is the number asked for, if any; ``few`` says that without one this process serves.
    """
    wanted = cores() if jobs is None else jobs
    alone = (few and jobs is None) or wanted <= 1 or tasks <= 1 or not hasattr(os, "fork")
    return 1 if alone else wanted


def reduce_all(
    reducer: Reducer, branch_ids: Sequence[str], jobs: int | None = None
) -> Iterator[Reduced]:
    """Yield branches reduced, in any order; ``jobs`` is the number of processes.

    Raises WorkerDiedError. Without fork, and for few branches, one process does it all.
    """
    workers = workers_for(len(branch_ids), jobs, few=len(branch_ids) <= ALONE)
    if workers == 1:
        yield from one_by_one(reducer, branch_ids)
        return

    def work(ids: Sequence[str]) -> list[Reduced]:
        done = []
        for branch_id in ids:
            note(branch_id)
            done.append(reducer.reduce(branch_id))
            note("")
        return done

    chunks = [branch_ids[at : at + CHUNK] for at in range(0, len(branch_ids), CHUNK)]
    with seldom():
        reducer.prepare()
        for done in by_many(work, chunks, workers, reducer.tree.forked):
            yield from done


def spread(
    work: Callable[[Task], Done],
    tasks: Sequence[Task],
    jobs: int | None,
    *,
    few: bool,
    ready: Callable[[], None] | None = None,
) -> Iterator[Done]:
    """Yield what each task comes to, in their order; ``jobs`` is the number of processes.

    ``few`` says that one process serves best where no number was asked for; ``ready`` is called in
    each new process. Raises what the work raises, and WorkerDiedError.
    """
    workers = workers_for(len(tasks), jobs, few=few)
    with seldom():
        if workers == 1 and few:
            yield from map(work, tasks)
            return
        gc.collect()
        own = gc.get_freeze_count() == 0  # otherwise whoever called has seen to it
        if own:
            gc.freeze()  # what is shared by all is not looked through again and again
        try:
            yield from map(work, tasks) if workers == 1 else by_many(work, tasks, workers, ready)
        finally:
            if own:
                gc.unfreeze()


def by_many(
    work: Callable[[Task], Done],
    tasks: Sequence[Task],
    workers: int,
    ready: Callable[[], None] | None = None,
) -> Iterator[Done]:
    """Yield what each task comes to, done by as many processes; raises WorkerDiedError.

    ``ready`` is called in each new process before its first task.
    """
    import mmap  # noqa: PLC0415 - these take as long as checking one branch, which needs none
    import multiprocessing  # noqa: PLC0415 - slow too
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - slow too
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - slow too

    with mmap.mmap(-1, workers * NAME) as board:
        context = multiprocessing.get_context("fork")
        slots = context.Value("i", 0)
        pool = ProcessPoolExecutor(
            workers, mp_context=context, initializer=begin, initargs=(work, ready, board, slots)
        )
        try:
            with pool:
                yield from pool.map(perform, tasks)
        except BrokenProcessPool:
            raise WorkerDiedError(names_on(board, workers)) from None


class Desk:
    """What one worker process has: the work, and where it writes what it is at."""

    work: Callable[[Any], Any]
    board: mmap.mmap | None = None
    slot = 0


def begin(
    work: Callable[[Any], Any], ready: Callable[[], None] | None, board: mmap.mmap, slots: Any
) -> None:
    """Make a new process ready: its own place on the board, ordinary signals."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with slots.get_lock():
        Desk.slot = slots.value
        slots.value += 1
    Desk.work, Desk.board = work, board
    if ready is not None:
        ready()


def perform(task: Any) -> Any:
    """Do a task in a worker process."""
    return Desk.work(task)


def note(name: str) -> None:
    """Write down what a worker is at, for the message where it dies; nothing in other processes."""
    if Desk.board is not None:
        at = Desk.slot * NAME
        Desk.board[at : at + NAME] = name.encode("ascii")[:NAME].ljust(NAME, b"\0")


def names_on(board: mmap.mmap, workers: int) -> list[str]:
    """Return what workers were at."""
    fields = (board[slot * NAME : (slot + 1) * NAME].rstrip(b"\0") for slot in range(workers))
    return [field.decode("ascii") for field in fields if field]
