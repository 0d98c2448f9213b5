"""Files of a year for programs, and how those that take long are made beside the site's pages."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from generator.engine.branch import SELDOM
from generator.site.addresses import LINES_CSV, LINES_PARQUET, RANKING_PARQUET, card_address
from generator.site.exports.parquet import lines_parquet, ranking_parquet
from generator.site.exports.social import picture_of
from generator.site.exports.tables import lines_csv
from generator.site.html.page import GeneratedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from generator.site.data.years import SiteData


#: The option of Linux's prctl that sends a signal to a process when its parent ends.
PARENT_DEATH = 1
#: What may stop a build at any moment, but not while its process is being made.
STOPPING = (signal.SIGTERM, signal.SIGINT)


class LostError(Exception):
    """The process that makes files ended without a word: its exit status."""


def outputs_of(site: SiteData) -> list[GeneratedFile]:
    """Return the files of a year that are made in a process of their own."""
    results, prefix = site.published, site.prefix
    return [
        GeneratedFile(f"{prefix}{RANKING_PARQUET}", partial(ranking_parquet, results)),
        GeneratedFile(f"{prefix}{LINES_CSV}", partial(lines_csv, results)),
        GeneratedFile(f"{prefix}{LINES_PARQUET}", partial(lines_parquet, results)),
        GeneratedFile(card_address(prefix), lambda: [picture_of(site)]),
    ]


@contextmanager
def beside(work: Callable[[], None], *, wait: bool) -> Iterator[None]:
    """Have work done in a process of its own meanwhile; raises what the work raises.

    The libraries of tables and pictures take memory and may take threads, neither of which a
    process has that others are forked from. With ``wait`` the work is done before all else, and
    where there is no fork, in this process.
    """
    if not hasattr(os, "fork"):
        work()
        yield
        return
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=perform, args=(work, theirs, os.getpid()), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # until it is known
    process.start()
    theirs.close()
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if wait:
            end(process, ours)
        yield
        if not wait:
            end(process, ours)
    finally:
        if process.is_alive():
            process.terminate()
        process.join()
        ours.close()


def end_with(parent: int) -> None:
    """Have this process end when its parent does, even one that was killed; Linux alone can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def perform(work: Callable[[], None], answer: Connection, parent: int) -> None:
    """Do work in a new process and say how it ended."""
    end_with(parent)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    gc.freeze()
    gc.set_threshold(SELDOM)
    try:
        work()
    except Exception as error:  # noqa: BLE001 - whoever waits raises it, and says it once
        answer.send(error)
    else:
        answer.send(None)


def end(process: multiprocessing.process.BaseProcess, answer: Connection) -> None:
    """Wait for a process and raise what it raised; raises LostError where it says nothing."""
    try:
        error = answer.recv()
    except EOFError:
        process.join()
        raise LostError(process.exitcode) from None
    if error is not None:
        raise error
