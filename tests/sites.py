"""What tests of whole sites share: their bytes, builds in processes of their own, two versions."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import astuple, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.site.data.years import SiteData

PROGRAM = Path(__file__).resolve().parents[1]
PROFILE = Path("branches/demo-a/branch.yml")


def files_of(folder: Path) -> dict[str, str]:
    """Return the digest of every file of a folder, links and empty folders by their names."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or (path.is_dir() and not any(path.iterdir())):
            found[name] = "no file"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def digest_of(folder: Path) -> str:
    """Return one digest of all names and bytes of a folder; ``absent`` where there is none."""
    if not folder.is_dir():
        return "absent"
    text = json.dumps(files_of(folder), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def beside(site: Path) -> set[str]:
    """Return the names that lie in the folder of a site."""
    return {path.name for path in site.parent.iterdir()}


@dataclass(frozen=True)
class Stroke:
    """A signal that a build sends itself just before it touches files for the n-th time.

    ``after_swap`` counts from the moment in which the new site is whole and about to be shown,
    ``call`` only what Python names so, such as ``os.rename``.
    """

    signal: int
    moments: tuple[int, ...]
    after_swap: bool = False
    call: str = ""


NEVER = Stroke(0, ())


@dataclass
class Build:
    """A build under way in a process of its own, forked from a runner."""

    runner: Runner
    pid: int
    #: How often files were touched, and how often before the swap; known when it has ended well.
    touches: int = 0
    swap: int = 0

    def stopped(self) -> bool:
        """Wait until the build has stopped itself; False where it ended."""
        return self.runner.call("stopped", f"{self.pid}") == "True"

    def ended(self) -> bool:
        """Whether the build has ended; it is there to be waited for."""
        return self.runner.call("ended", f"{self.pid}") == "True"

    def go_on(self) -> None:
        """Let a stopped build go on."""
        os.kill(self.pid, signal.SIGCONT)

    def wait(self) -> tuple[int, str]:
        """Return the exit status, or the negative number of a signal, and standard error."""
        status, words, self.touches, self.swap = json.loads(self.runner.call("wait", f"{self.pid}"))
        return int(status), str(words)


class Runner:
    """A process with everything imported; each build is forked from it and takes half a second.

    ``command`` goes before the interpreter, such as ``unshare``. Builds that are ``alike`` are of
    the small repository, and share what is the same for all of them.
    """

    def __init__(self, command: Sequence[str] = (), *, alike: bool = False) -> None:
        self.process = subprocess.Popen(
            [*command, sys.executable, "-m", "tests.build_runner", *(["alike"] if alike else [])],
            cwd=PROGRAM,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, *words: object) -> None:
        """Give an order."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def line(self) -> str:
        """Return what the process says next."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def start(self, *arguments: object, stroke: Stroke = NEVER) -> Build:
        """Begin ``appraise`` with arguments."""
        self.send("start", astuple(stroke), *map(str, arguments))
        return Build(self, int(self.line()))

    def run(self, *arguments: object) -> tuple[int, str]:
        """Run ``appraise`` to its end."""
        return self.start(*arguments).wait()

    def call(self, *order: str) -> str:
        """Let the process do something itself, such as ``mount`` or ``look``."""
        self.send(*order)
        return self.line()

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


@dataclass
class Place:
    """A repository of two versions and the site that is built from it, in one folder."""

    folder: Path
    versions: list[str] = field(default_factory=list)
    #: How often a build touches files, and how often before the swap.
    touches: int = 0
    swap: int = 0

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def site(self) -> Path:
        return self.folder / "public" / "site"

    def write(self, version: int) -> None:
        """Put a version of the data into the working tree."""
        text = (BASE / PROFILE).read_text("utf-8")
        assert "示例a" in text
        (self.root / PROFILE).write_text(text.replace("示例a", f"示例第{version}版"), "utf-8")

    def build(self, runner: Runner) -> tuple[int, str]:
        """Build to the end."""
        return runner.run(*self.arguments())

    def arguments(self) -> tuple[object, ...]:
        return ("--root", self.root, "build", "--quiet", "--site-dir", self.site)

    def prepare(self, runner: Runner) -> Place:
        """Build both versions once, the first one last."""
        shutil.copytree(BASE, self.root)
        digests = []
        for version in (1, 0):
            self.write(version)
            build = runner.start(*self.arguments())
            assert build.wait() == (0, "")
            digests.append(digest_of(self.site))
        self.touches, self.swap = build.touches, build.swap
        assert 100 < self.swap < self.touches
        self.versions = digests[::-1]
        assert self.versions[0] != self.versions[1]
        return self

    def copy(self, folder: Path) -> Place:
        """Return the same in another folder; sites share their files, which nobody writes into."""
        shutil.copytree(self.root, folder / "root")
        shutil.copytree(self.site, folder / "public" / "site", copy_function=os.link)
        return Place(folder, self.versions, self.touches, self.swap)

    @property
    def shown(self) -> int:
        """The version at the site's address, whole to the byte; fails for anything else."""
        digest = digest_of(self.site)
        assert digest in self.versions, sorted(beside(self.site))
        return self.versions.index(digest)


@cache
def namespace() -> tuple[str, ...]:
    """Return the command for a process that may mount; nothing where nobody may."""
    choices = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))
    for command in choices:
        script = (
            'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d"; s=$?; rmdir "$d"; exit $s'
        )
        with_shell = [*command, "sh", "-c", script]
        if (
            shutil.which("unshare")
            and not subprocess.run(with_shell, capture_output=True, check=False).returncode
        ):
            return command
    return ()


def final_year(site: SiteData) -> SiteData:
    """Return the one year of a site that is final."""
    (found,) = (year for year in site.years if not year.under_way)
    return found


def in_stage(site: SiteData, stage: str) -> SiteData:
    """Return a site with the same figures in another stage, such as the sample before publicity."""
    results = replace(site.published, stage=stage)
    return replace(site, evaluation=replace(site.evaluation, results=results))
