"""Validate all of the present revision: every year, the final ones against their frozen results.

All years are reported before the verdict; the exit status is the highest of theirs.

    python -m tools.validate [--format text|github]
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

YEAR = re.compile(r"[0-9]{4}")
#: A fault of the program, as the command line reports it.
FAULT = 3


def years(root: Path) -> list[tuple[str, bool]]:
    """Return the years of the committee's folder, and whether each is frozen."""
    folders = [path for path in (root / "committee").iterdir() if YEAR.fullmatch(path.name)]
    return sorted((path.name, (path / "results.json").exists()) for path in folders)


def validate(root: Path, form: str) -> int:
    """Run ``check`` or ``verify`` on each year; return the highest exit status."""
    worst = 0
    for year, frozen in years(root):
        command = [sys.executable, "-m", "generator", "--root", str(root)]
        command += ["verify", year] if frozen else ["check", "--year", year, "--format", form]
        done = subprocess.run(command, check=False)  # noqa: S603 - no shell
        # Below zero: ended by a signal.
        worst = max(worst, done.returncode if done.returncode >= 0 else FAULT)
    return worst


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.validate", description=__doc__)
    parser.add_argument("--format", choices=["text", "github"], default="text")
    sys.exit(validate(Path(), parser.parse_args().format))


if __name__ == "__main__":
    main()
