"""One repository under measurement, and the rows that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.making import tell
from benchmarks.measuring import Done, Failure, Usage, appraise, best, run
from benchmarks.table import Row, absent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(slots=True)
class Bench:
    """One repository under measurement: where it is, how large, and how patiently."""

    root: Path
    branches: int
    files: int
    scratch: Path
    repeat: int = 3
    rows: list[Row] = field(default_factory=list)

    def run(self, *arguments: str, output: Path | None = None) -> Done:
        """Run a command of the program on the repository; ``output`` keeps what it prints."""
        return run(appraise(*arguments, "--root", str(self.root)), output=output)

    def measure(
        self, step: str, action: Callable[[], Done], amount: int = 0, unit: str = "", note: str = ""
    ) -> Done | None:
        """Measure an action and keep its row; a failure stands there with its words."""
        try:
            done = best(action, self.repeat)
        except Failure as failure:
            self.absent(step, f"failed: {failure}")
            return None
        self.add(Row(step, self.branches, done.usage, amount, unit, note=note))
        return done

    def absent(self, step: str, reason: str) -> None:
        """Keep a row that says why there is nothing."""
        self.add(absent(step, self.branches, reason))

    def add(self, row: Row) -> None:
        """Keep a row, and tell how far the run is."""
        self.rows.append(row)
        taken = row.note if row.usage is None else f"{row.usage.cpu:.2f} s CPU"
        tell(f"{self.branches:>6} {row.step}: {taken}\n")

    def compare(self, before: Usage | None, what: str, *, wall: bool = False) -> None:
        """Give the last row the ratio of an earlier run to it."""
        row = self.rows[-1]
        if before is None or row.usage is None:
            return
        row.ratio = before.wall / row.usage.wall if wall else before.cpu / row.usage.cpu
        row.note = "; ".join(filter(None, (what, row.note)))
