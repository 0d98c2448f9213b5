"""A seeded generator of valid repositories of any size: two years, Chinese text, attachments.

    python -m benchmarks.repository DIR --branches 1000 --seed 1

The rules are those of the project's own rubric.yml; everything else is made up and says so. A
branch has about 16 YAML files and 20 kB with its attachments; every fiftieth has a large photo and
a large PDF besides. ``main`` holds the data; ``change`` is one commit off it, in which one branch
edits one activity.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.making import RUBRIC, Made, make_repository, tell

HERE = Path(__file__).resolve().parent
#: What the bytes of a repository depend on, beside the rubric.
MODULES = (
    "attachments", "branches", "claims", "committee_files", "filing", "made", "making", "rules",
    "storing", "words",
)  # fmt: skip


def cached(
    data: Path, branches: int, seed: int = 1, *, per_day: int = 0, quiet: bool = True
) -> tuple[Path, Made]:
    """Return the repository of this size below ``data``, made only where it is not there yet.

    Its name holds a digest of generator and rubric; what was broken off is made anew.
    """
    digest = hashlib.sha256(RUBRIC.read_bytes())
    for module in MODULES:
        digest.update((HERE / f"{module}.py").read_bytes())
    often = f"-{per_day}-a-day" if per_day else ""
    name = f"{branches}-{seed}{often}-{digest.hexdigest()[:12]}"
    home, told = data / name, data / f"{name}.json"
    if not told.is_file():
        for leftover in (home, data / f".{name}"):
            shutil.rmtree(leftover, ignore_errors=True)
        # In a process of its own: the memory that it takes would be counted with all others.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
            made = pool.submit(
                make_repository, data / f".{name}", branches, seed, per_day=per_day, quiet=quiet
            ).result()
        (data / f".{name}").rename(home)
        told.write_text(json.dumps(made._asdict()), "utf-8")
    return home, Made(**json.loads(told.read_text("utf-8")))


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
