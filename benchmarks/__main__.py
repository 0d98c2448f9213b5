"""``make bench``: every step on synthetic repositories, and peers beside it, as one table.

make bench ARGS="--sizes 150,1000 --peers"
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import (
    commands,
    inside,
    inspecting,
    judged,
    peer_tools,
    photos,
    site_peers,
    validators,
)
from benchmarks.bench import Bench
from benchmarks.making import tell
from benchmarks.measuring import appraise, run
from benchmarks.repository import cached
from benchmarks.table import lines

if TYPE_CHECKING:
    from benchmarks.peer_tools import Tools
    from benchmarks.table import Row

SIZES = (150, 1000, 10000)
TERMINATED = 143
PARTS = ("files", "steps", "whole", "git", "cache", "site")


def default_data() -> Path:
    """Return where repositories are kept between runs: this user's corner of the temp folder."""
    return Path(tempfile.gettempdir()) / f"appraisal-bench-{os.getuid()}"


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=numbers, default=SIZES, help="branches, such as 150,1000")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commits-a-day", type=int, default=0, help="on main; 0: one a month")
    parser.add_argument("--repeat", type=int, default=3, help="runs; the least CPU counts")
    parser.add_argument("--only", type=words, default=PARTS, help=f"of {','.join(PARTS)}")
    parser.add_argument("--data", type=Path, default=default_data(), help="kept between runs")
    parser.add_argument("--peers", action="store_true", help="install peers and measure them too")
    parser.add_argument("--json", type=Path, help="write the rows to a file as well")
    given = parser.parse_args()
    unknown = sorted(set(given.only) - set(PARTS))
    if unknown:
        parser.error(f"--only knows {','.join(PARTS)}, not {','.join(unknown)}")
    return given


def words(text: str) -> tuple[str, ...]:
    """Return words parted by commas."""
    return tuple(text.split(","))


def numbers(text: str) -> tuple[int, ...]:
    """Return sizes parted by commas, smallest first."""
    return tuple(sorted({int(part) for part in text.split(",")}))


def measure(bench: Bench, parts: tuple[str, ...], tools: Tools | None) -> None:
    """Measure all parts on one repository, and the peers where their tools are given."""
    if "steps" in parts:
        inside.data_steps(bench)
        inside.site_steps(bench)
    cold = commands.whole(bench) if "whole" in parts else {}
    if "git" in parts:
        commands.one_branch(bench)
        commands.proposals(bench)
    if "cache" in parts:
        commands.cached(bench, cold)
        commands.processes(bench)
        commands.shards(bench)
    built = commands.site(bench) if "site" in parts else None
    if tools is not None:
        if len(cold) == len(commands.COMPUTED):
            schemas = bench.scratch / "schemas"
            run(appraise("schema", "--output", str(schemas)))
            validators.compare(bench, tools, schemas, cold)
        if built is not None:
            site_peers.compare(bench, tools, built)


def by_step(rows: list[Row]) -> list[Row]:
    """Return the rows of each step together, in the order in which steps came up."""
    steps = list(dict.fromkeys(row.step for row in rows))
    return sorted(rows, key=lambda row: (steps.index(row.step), row.branches))


def machine(repeat: int) -> str:
    """Say what was measured on, and how."""
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}. "
        f"Least CPU of {repeat} runs (one, where it takes a minute); MB: the largest process."
    )


def show(rows: list[Row], given: argparse.Namespace) -> None:
    """Print the table, and write the rows where they are wanted."""
    rows = by_step(rows)
    sys.stdout.write("\n".join(lines(rows)) + f"\n\n{machine(given.repeat)}\n")
    if given.json:
        text = json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1)
        given.json.write_text(text + "\n", "utf-8")


def stop(_signal: int, _frame: object) -> None:
    """End as one would by hand, so that what was begun is cleared away."""
    sys.exit(TERMINATED)


def main() -> None:
    """Measure and print the table, also of a run that was broken off."""
    given = arguments()
    signal.signal(signal.SIGTERM, stop)
    given.data.mkdir(parents=True, exist_ok=True)
    tools = peer_tools.install(given.data) if given.peers else None
    rows: list[Row] = []
    started = time.monotonic()
    try:
        for size in given.sizes:
            root, made = cached(
                given.data, size, given.seed, per_day=given.commits_a_day, quiet=False
            )
            with tempfile.TemporaryDirectory(dir=given.data) as scratch:
                bench = Bench(root, size, made.files, Path(scratch), given.repeat, rows)
                if "files" in given.only and size == given.sizes[0]:
                    inspecting.measure(bench)
                    photos.measure(bench)
                    judged.measure(bench)
                measure(bench, given.only, tools)
    finally:
        show(rows, given)
        tell(f"{time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    main()
