"""The steps inside the program, from processes that take the time of each themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.commands import single
from benchmarks.measuring import PATIENCE, Failure, Usage, python, run
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.bench import Bench

STEPS = "benchmarks.steps"
#: What each step handles: as many as its process says, or as there are branches.
UNITS = {
    "read": "files",
    "parse": "files",
    "validate": "files",
    "check": "branches",
    "score": "branches",
    "rank": "branches",
    "pages": "pages",
    "search entries": "branches",
    "write": "files",
    "bundles": "branches",
}


def data_steps(bench: Bench) -> None:
    """Measure from files to ranks."""
    for step in ("read", "parse", "validate"):
        measure(bench, [step], python(STEPS, step, str(bench.root)))
    score = ["score", "--format", "json", "--root", str(bench.root), *single("score")]
    watch(bench, ["check", "score", "rank"], score)


def site_steps(bench: Bench) -> None:
    """Measure from results to files of a site."""
    target = bench.scratch / f"steps-{bench.branches}"
    build = ["build", "--root", str(bench.root), "--site-dir", str(target), *single("build")]
    watch(bench, ["pages", "search entries", "write", "bundles"], build)


def watch(bench: Bench, steps: list[str], arguments: list[str]) -> None:
    """Measure steps of one command of the program."""
    measure(bench, steps, python(STEPS, "watch", ",".join(steps), *arguments))


def measure(bench: Bench, steps: list[str], command: list[str]) -> None:
    """Run a process that takes the time of steps itself; keep a row of each."""
    found: dict[str, list[dict[str, float]]] = {step: [] for step in steps}
    wall = 0.0
    try:
        while len(found[steps[0]]) < bench.repeat and wall < PATIENCE:
            done = run(command)
            wall += done.usage.wall
            for step, taken in json.loads(done.output).items():
                found[step].append(taken)
            if not found[steps[0]]:
                break
    except Failure as failure:
        for step in steps:
            bench.absent(step, f"failed: {failure}")
        return
    for step, runs in found.items():
        if runs:
            bench.add(least(bench, step, runs))
        else:
            bench.absent(step, "no function of the program goes by the name that is watched")


def least(bench: Bench, step: str, runs: list[dict[str, float]]) -> Row:
    """Return the row of the run that took the least CPU."""
    taken = min(runs, key=lambda one: one["cpu"])
    usage = Usage(taken["cpu"], taken["wall"], taken["memory"])
    unit = UNITS[step]
    amount = bench.branches if unit == "branches" else int(taken["amount"])
    return Row(step, bench.branches, usage, amount, unit, note="inside the program")
