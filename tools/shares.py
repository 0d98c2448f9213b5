"""Print the shares in which publish.yml computes the present commit: a JSON list of ``I/N``.

An empty list up to the size that one machine serves, and where no year is open: a final year is
read, not computed. Standard library only.

    python3 -m tools.shares
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

#: Branches per machine, set here alone.
PER_MACHINE = 5000
#: As many jobs as the forge takes in one matrix.
MOST = 256
YEAR = re.compile(r"[0-9]{4}")


def names(root: Path, *arguments: str) -> list[str]:
    """Return the paths in HEAD that git lists; raises CalledProcessError."""
    command = ["git", "-C", str(root), "ls-tree", "-z", "--name-only", *arguments]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - no shell
    return [name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name]


def branches(root: Path) -> int:
    """Return the number of folders of branches."""
    return len(names(root, "-d", "HEAD", "branches/"))


def is_open(root: Path) -> bool:
    """Whether the committee's newest year is not final yet."""
    folders = [Path(name).name for name in names(root, "-d", "HEAD", "committee/")]
    years = sorted(filter(YEAR.fullmatch, folders))
    return bool(years) and not names(root, "HEAD", f"committee/{years[-1]}/results.json")


def shares(count: int) -> list[str]:
    """Return the shares of so many branches, none where one machine serves."""
    machines = min(-(-count // PER_MACHINE), MOST)
    return [f"{number}/{machines}" for number in range(1, machines + 1)] if machines > 1 else []


def main() -> None:
    """Run the command."""
    root = Path()
    found = shares(branches(root)) if is_open(root) else []
    sys.stdout.write(json.dumps(found, separators=(",", ":")))


if __name__ == "__main__":
    main()
