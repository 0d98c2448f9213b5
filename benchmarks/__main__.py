"""``make bench``: each step on synthetic repositories, in one run, as a table."""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.repository import make_repository
from generator.evaluation import evaluate, open_repository
from generator.results import dump, to_json
from generator.site.building import build_site
from generator.tree import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (150, 1000)
MEGA = 1024


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Return CPU and wall seconds of an action."""
    cpu, wall = time.process_time(), time.perf_counter()
    action()
    return time.process_time() - cpu, time.perf_counter() - wall


def steps(root: Path, site: Path) -> dict[str, Callable[[], object]]:
    """Return name → action of every step on a repository."""

    def score() -> object:
        results = evaluate(WorkingTree(root)).results
        return dump(to_json(results)) if results else None

    return {
        "list files, read the rubric": lambda: open_repository(WorkingTree(root)),
        "check (read, parse, validate, score)": lambda: evaluate(WorkingTree(root)),
        "score --format json": score,
        "build the site": lambda: build_site(root, site, quiet=True),
    }


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    sizes = parser.parse_args().sizes
    write = sys.stdout.write
    write(f"{'step':40}{'branches':>10}{'files':>8}{'CPU s':>9}{'wall s':>9}{'files/s':>10}\n")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "repository"
            files = make_repository(root, size)
            for name, action in steps(root, Path(folder) / "site").items():
                cpu, wall = timed(action)
                rate = files / wall
                write(f"{name:40}{size:>10}{files:>8}{cpu:>9.2f}{wall:>9.2f}{rate:>10.0f}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGA
    write(f"peak memory {peak:.0f} MB\n")


if __name__ == "__main__":
    main()
