"""Progress of long work: one line on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
import time

INTERVAL = 0.1


class ProgressLine:
    """Shows how far the work is, on standard error, where that is a terminal."""

    def __init__(self, label: str, *, quiet: bool = False) -> None:
        self.label = label
        self.shown = False
        self.active = sys.stderr.isatty() and not quiet
        self.started = self.last = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        """Show ``done`` of ``of``, at most ten times a second, with rate and time left."""
        now = time.monotonic()
        if not self.active or now - self.last < INTERVAL:
            return
        self.last = now
        rate = done / max(now - self.started, INTERVAL)
        left = (of - done) / rate if rate else 0
        sys.stderr.write(f"\r\033[K{self.label} {done}/{of}  {rate:.0f}/s  {left:.0f} s")
        sys.stderr.flush()
        self.shown = True

    def close(self) -> None:
        """Clear the line."""
        if self.shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
            self.shown = False
