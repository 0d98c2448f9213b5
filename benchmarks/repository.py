"""A seeded generator of valid repositories of any size: two years, Chinese text, attachments.

    python -m benchmarks.repository DIR --branches 1000 --seed 1

The rules are those of the project's own rubric.yml; everything else is made up and says so. A
branch has about 16 YAML files and 20 kB with its attachments. ``main`` holds the data; ``change``
is one commit off it, in which one branch edits one activity.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import shutil
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.branches import make_branch
from benchmarks.committee_files import branch_files, common_files, debrief_file
from benchmarks.made import YEAR, Branch, File
from benchmarks.rules import read_rules
from benchmarks.storing import Store

ROOT = Path(__file__).resolve().parent.parent
RUBRIC = ROOT / "rubric.yml"
CHANGE = "change"
#: What the bytes of a repository depend on, beside the rubric.
MODULES = (
    "attachments", "branches", "claims", "committee_files", "filing", "made", "repository", "rules",
    "storing", "words",
)  # fmt: skip
CHANGED_ON = datetime.date(YEAR + 1, 1, 21)
INTERVAL = 0.5


class Made(NamedTuple):
    """What was made: numbers of files and of bytes."""

    files: int
    records: int
    size: int


def make_repository(
    root: Path,
    branches: int,
    seed: int = 1,
    *,
    per_day: int = 0,
    rubric: Path = RUBRIC,
    quiet: bool = True,
) -> Made:
    """Write a repository of ``branches`` branches to the new folder ``root``.

    ``records`` of what is returned counts YAML files; ``per_day`` is the number of commits on main
    a day (0: one a month). Raises FileExistsError and CalledProcessError.
    """
    rules = read_rules(rubric)
    store = Store(root, per_day)
    records = size = 0
    started = last = time.monotonic()
    store.add(common_files(rubric, branches))
    filed: list[int] = []
    changed: Branch | None = None
    for number in range(branches):
        branch = make_branch(number, branches, seed, rules)
        files = [*branch.files, *branch_files(branch, seed, rules)]
        records += sum(file.path.endswith(".yml") for file in files)
        size += sum(len(file.data) for file in files)
        store.add(files, number)
        if branch.filed:
            filed.append(number)
            if changed is None or number <= branches // 2:
                changed = branch
        if not quiet and time.monotonic() - last > INTERVAL:
            last = time.monotonic()
            tell(f"\r{number + 1}/{branches} branches, {last - started:.0f} s")
    store.add([debrief_file(filed, seed, rules)])
    if not quiet:
        tell("\rcommits and checkout …\033[K")
    store.finish()
    if changed is not None:
        store.change(CHANGE, edited(changed), changed.login)
    if not quiet:
        tell("\r\033[K")
    return Made(store.files, records, size)


def edited(branch: Branch) -> File:
    """Return the first activity of a branch with another title."""
    file = next(f for f in branch.files if is_activity(f.path))
    text = file.data.decode("utf-8").replace("\n", "（更正）\n", 1)
    return File(file.path, text.encode("utf-8"), CHANGED_ON)


def is_activity(path: str) -> bool:
    """Whether a path is that of an activity of the year that is appraised."""
    return path.endswith("/activity.yml") and path.split("/")[2] == str(YEAR)


def cached(
    data: Path, branches: int, seed: int = 1, *, per_day: int = 0, quiet: bool = True
) -> tuple[Path, Made]:
    """Return the repository of this size below ``data``, made only where it is not there yet.

    Its name holds a digest of generator and rubric; what was broken off is made anew.
    """
    digest = hashlib.sha256(RUBRIC.read_bytes())
    for module in MODULES:
        digest.update((ROOT / "benchmarks" / f"{module}.py").read_bytes())
    often = f"-{per_day}-a-day" if per_day else ""
    name = f"{branches}-{seed}{often}-{digest.hexdigest()[:12]}"
    home, told = data / name, data / f"{name}.json"
    if not told.is_file():
        for leftover in (home, data / f".{name}"):
            shutil.rmtree(leftover, ignore_errors=True)
        made = make_repository(data / f".{name}", branches, seed, per_day=per_day, quiet=quiet)
        (data / f".{name}").rename(home)
        told.write_text(json.dumps(made._asdict()), "utf-8")
    return home, Made(**json.loads(told.read_text("utf-8")))


def tell(words: str) -> None:
    """Show progress on standard error."""
    sys.stderr.write(words)
    sys.stderr.flush()


def main() -> None:
    """Make one repository, and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repository", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--branches", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--commits-a-day", type=int, default=0, help="0: one commit a month, the default"
    )
    given = parser.parse_args()
    if given.folder.exists():
        parser.error(f"{given.folder} exists")
    started = time.monotonic()
    made = make_repository(
        given.folder, given.branches, given.seed, per_day=given.commits_a_day, quiet=False
    )
    tell(
        f"{given.branches} branches: {made.files} files, {made.records} of them YAML, "
        f"{made.size / 1e6:.1f} MB, {time.monotonic() - started:.0f} s\n"
    )


if __name__ == "__main__":
    main()
