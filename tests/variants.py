"""The same commit built under other circumstances: checkouts, and a Python that is disturbed.

``disturb`` is what a child's ``sitecustomize`` calls before anything of the program is imported.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tests.gitrepo import GitRepo
from tests.sites import PROGRAM, digest_of, files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

DATA = ("branches", "committee", "rubric.yml")

#: Settings of a user's git that change what ordinary commands print.
GIT_CONFIG = """\
[core]
    autocrlf = true
    quotePath = true
    abbrev = 4
    fileMode = false
[log]
    showSignature = true
    date = relative
    follow = true
[diff]
    renames = copies
    noprefix = true
    external = false
[status]
    relativePaths = true
    showUntrackedFiles = no
[color]
    ui = always
[pager]
    log = cat
[user]
    name = somebody
    email = somebody@example.org
"""


@dataclass(frozen=True)
class Variant:
    """Circumstances of one build. ``clone``: the checkout is cloned instead of copied."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)
    command: Sequence[str] = ()
    options: Sequence[str] = ()
    clone: bool = False
    relative: bool = False
    umask: int = 0o022
    folder: str = "checkout"


def checkout(data: Path, root: Path, *, seed: int | None = None) -> Path:
    """Return a repository with the data of a folder in one commit, always the same one.

    ``seed`` shuffles the order in which the files are created.
    """
    paths = [path for name in DATA for path in (data / name, *(data / name).rglob("*"))]
    files = sorted({path for path in paths if path.is_file()})
    if seed is not None:
        random.Random(seed).shuffle(files)
    repo = GitRepo(root, base=False)
    for path in files:
        target = root / path.relative_to(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    repo.commit("data")
    return root


def built(variant: Variant, first: Path, folder: Path, seed: int) -> tuple[str, dict[str, str]]:
    """Build a checkout of the same commit as ``first``; return the site's digest, and by file."""
    root, site = folder / variant.folder, folder / "out" / "site"
    if variant.clone:
        subprocess.run(["git", "clone", "--quiet", first.as_uri(), root], check=True)
    else:
        checkout(first, root, seed=seed)
    home = folder / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(GIT_CONFIG)
    (folder / "sitecustomize.py").write_text("import tests.variants as v\nv.disturb()\n")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(folder), str(PROGRAM)]),
        **variant.environment,
    }
    place = [".", "../out/site"] if variant.relative else [str(root), str(site)]
    done = subprocess.run(
        [
            *(*variant.command, sys.executable, "-m", "generator", "build"),
            *("--root", place[0], "--site-dir", place[1], *variant.options),
        ],
        cwd=root if variant.relative else "/",
        env=environment,
        umask=variant.umask,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return digest_of(site), files_of(site)


# What follows runs in the child.


def disturb() -> None:
    """Shuffle listings of folders (TEST_SHUFFLE, a seed), move the clock (TEST_LATER, seconds)."""
    if seed := os.environ.get("TEST_SHUFFLE"):
        shuffle_listings(random.Random(int(seed)))
    if later := os.environ.get("TEST_LATER"):
        move_clock(int(later))


def shuffle_listings(rng: random.Random) -> None:
    """Let listings of folders come in a random order, as file systems may give them."""
    listdir, scandir = os.listdir, os.scandir

    def shuffled_names(*arguments: Any) -> list[Any]:
        names = listdir(*arguments)
        rng.shuffle(names)
        return names

    class Shuffled:
        """As what os.scandir returns."""

        def __init__(self, *arguments: Any) -> None:
            with scandir(*arguments) as entries:
                found = list(entries)
            rng.shuffle(found)
            self.entries = iter(found)

        def __iter__(self) -> Self:
            return self

        def __next__(self) -> os.DirEntry[Any]:
            return next(self.entries)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self.close()

        def close(self) -> None:
            """Forget the entries that were not asked for."""
            self.entries = iter(())

    os.listdir, os.scandir = shuffled_names, Shuffled  # type: ignore[assignment]


def move_clock(seconds: int) -> None:
    """Let Python's clocks show a later time."""
    import datetime
    import time

    real, real_ns = time.time, time.time_ns
    time.time = lambda: real() + seconds
    time.time_ns = lambda: real_ns() + seconds * 10**9
    for name in ("gmtime", "localtime"):
        setattr(time, name, shifted(getattr(time, name), time.time))

    class AsBefore(type):
        """Dates that the standard library makes are instances still."""

        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, cls.__mro__[1])

    class Later(datetime.datetime, metaclass=AsBefore):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Later:
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def today(cls) -> Later:
            return cls.now()

        @classmethod
        def utcnow(cls) -> Later:
            return cls.now(datetime.UTC).replace(tzinfo=None)

    class LaterDate(datetime.date, metaclass=AsBefore):
        @classmethod
        def today(cls) -> LaterDate:
            return cls.fromtimestamp(time.time())

    datetime.datetime, datetime.date = Later, LaterDate  # type: ignore[misc]


def shifted(original: Callable[..., Any], clock: Callable[[], float]) -> Callable[..., Any]:
    """Return ``time.gmtime`` or its like, with another clock for now."""
    return lambda seconds=None: original(clock() if seconds is None else seconds)
