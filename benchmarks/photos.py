"""How long check takes where every activity has a photo of 2 MB, this year and the year before."""

from __future__ import annotations

import shutil
from functools import partial
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

from benchmarks import attachments
from benchmarks.making import make_repository
from benchmarks.measuring import Failure, appraise, run
from benchmarks.storing import git

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.measuring import Done

BRANCHES = 6
STEP = "check, photos of 2 MB"


def measure(bench: Bench) -> None:
    """Measure from nothing, then again after one photo was added; the amount is bytes of photos."""
    root = bench.scratch / "photos"
    try:
        make_repository(root, BRANCHES)
        size = add_photos(root)
    except (Failure, CalledProcessError) as failure:
        bench.absent(f"{STEP}, cold", f"failed: {failure}")
        return
    note = f"{BRANCHES} branches, {size // 10**6} MB of photos of two years"
    alone = ("check", "--jobs=1", "--quiet")
    cold = bench.measure(
        f"{STEP}, cold", partial(checked, root, *alone, "--no-cache"), size, "bytes", note
    )
    checked(root, *alone)
    bench.measure(f"{STEP}, one more", partial(one_more, root, alone), note=note)
    bench.compare(cold.usage if cold else None, "cold ÷ this")
    shutil.rmtree(root)


def add_photos(root: Path) -> int:
    """Put a photo beside every activity and name it there; return the bytes of all."""
    size = 0
    for record in sorted(root.glob("branches/*/*/activities/*/activity.yml")):
        data = attachments.photo(f"{record.parent.name} {record}")
        (record.parent / "large.jpg").write_bytes(data)
        size += len(data)
    git(root, "add", "--all")
    git(root, "-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "-qm", "photos")
    return size


def checked(root: Path, *arguments: str) -> Done:
    """Run a command there."""
    return run(appraise(*arguments, "--root", str(root)), accept={0, 1})


def one_more(root: Path, arguments: tuple[str, ...]) -> Done:
    """Check with one more photo, which is taken away again."""
    folder = next(iter(sorted(root.glob("branches/*/*/activities/*"))))
    path = folder / "more.jpg"
    path.write_bytes(attachments.photo("one more"))
    try:
        return checked(root, *arguments)
    finally:
        path.unlink()
