"""All branches of a made-up repository put together, in a history with one change beside it."""

from __future__ import annotations

import datetime
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.branches import MONTHS, make_branch
from benchmarks.committee_files import branch_files, common_files, debrief_file
from benchmarks.made import YEAR, Branch, File
from benchmarks.rules import read_rules
from benchmarks.storing import Store

RUBRIC = Path(__file__).resolve().parent.parent / "rubric.yml"
CHANGE = "change"
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
    busy: int | None = None,
) -> Made:
    """Write a repository of ``branches`` branches to the new folder ``root``.

    ``records`` of what is returned counts YAML files; ``per_day`` is the number of commits on main
    a day (0: one a month). Branches after the first ``busy`` are active in one month only.
    Raises FileExistsError and CalledProcessError.
    """
    rules = read_rules(rubric)
    store = Store(root, per_day)
    records = size = 0
    started = last = time.monotonic()
    store.add(common_files(rubric, branches))
    filed: list[int] = []
    changed: Branch | None = None
    for number in range(branches):
        months = MONTHS if busy is None or number < busy else (1,)
        branch = make_branch(number, branches, seed, rules, months)
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


def tell(words: str) -> None:
    """Show progress on standard error."""
    sys.stderr.write(words)
    sys.stderr.flush()
