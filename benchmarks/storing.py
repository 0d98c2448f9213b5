"""A repository written through ``git fast-import``: history first, then one checkout.

Objects go straight into one pack; one by one, with ``git add``, takes many times as long.
"""

from __future__ import annotations

import datetime
import os
import subprocess
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from benchmarks.made import File

MAIN = "main"
#: The day of the month on which the files of a month are merged, where not every day is.
MERGED_ON = 20
NOON = datetime.time(12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
NAMES = (b"branches", b"committee", b"rubric.yml")
GIT = ("git", "-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false")


class Batch(NamedTuple):
    """A commit to be: the day on which it is merged, and its place among those of one day."""

    day: datetime.date
    part: int = 0


def batch_of(file: File, index: int, per_day: int) -> Batch:
    """Return the commit that brings a file in; ``per_day`` 0 means one commit a month."""
    if per_day:
        return Batch(file.day, index % per_day)
    day = file.day
    if day.day > MERGED_ON:
        day = day.replace(day=1) + datetime.timedelta(days=31)
    return Batch(day.replace(day=MERGED_ON))


def git(root: Path, *arguments: str, data: bytes | None = None) -> bytes:
    """Return what a git command prints; raises CalledProcessError."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(  # noqa: S603 - fixed program, no shell
        [*GIT, "-C", str(root), *arguments],
        input=data,
        capture_output=True,
        check=True,
        env=environment,
    ).stdout


class Store:
    """Takes files one by one, and commits them by day of filing."""

    def __init__(self, root: Path, per_day: int = 0) -> None:
        root.mkdir(parents=True)
        self.root = root
        self.per_day = per_day
        self.batches: dict[Batch, list[tuple[int, str]]] = {}
        self.files = 0
        git(root, "init", "--quiet", f"--initial-branch={MAIN}")
        self.process = subprocess.Popen(  # noqa: S603 - fixed program, no shell
            [*GIT, "-C", str(root), "fast-import", "--quiet", "--done", "--depth=0"],
            stdin=subprocess.PIPE,
        )

    @property
    def stream(self) -> IO[bytes]:
        """Where the commands of the import go."""
        if self.process.stdin is None:  # pragma: no cover - Popen
            raise BrokenPipeError
        return self.process.stdin

    def add(self, files: Iterable[File], index: int = 0) -> None:
        """Store the content of files; ``index`` spreads them over the commits of a day."""
        write = self.stream.write
        for file in files:
            self.files += 1
            write(b"blob\nmark :%d\ndata %d\n" % (self.files, len(file.data)))
            write(file.data)
            write(b"\n")
            batch = batch_of(file, index, self.per_day)
            self.batches.setdefault(batch, []).append((self.files, file.path))

    def finish(self) -> None:
        """Write the commits, oldest first, and check out the last; raises CalledProcessError."""
        self.stream.writelines(self._commits())
        self.stream.write(b"done\n")
        self.stream.close()
        if self.process.wait():
            raise subprocess.CalledProcessError(self.process.returncode, "git fast-import")
        git(self.root, "-c", "checkout.workers=0", "reset", "--quiet", "--hard", MAIN)

    def _commits(self) -> Iterator[bytes]:
        for batch in sorted(self.batches):
            yield _commit(MAIN, batch.day, f"{batch.day:%Y-%m-%d}", "example-committee")
            for mark, path in self.batches[batch]:
                yield b"M 100644 :%d %s\n" % (mark, path.encode("utf-8"))
            yield b"\n"

    def change(self, ref: str, file: File, author: str) -> None:
        """Commit one changed file on a branch of its own, off main."""
        base = git(self.root, "rev-parse", MAIN).strip()
        head = _commit(ref, file.day, "one record edited", author)
        body = b"from %s\nM 100644 inline %s\n" % (base, file.path.encode("utf-8"))
        data = b"data %d\n%s\n" % (len(file.data), file.data)
        git(self.root, "fast-import", "--quiet", data=head + body + data)


def _commit(ref: str, day: datetime.date, message: str, author: str) -> bytes:
    moment = datetime.datetime.combine(day, NOON)
    who = f"{author} <{author}@example.org> {int(moment.timestamp())} +0800"
    text = message.encode("utf-8")
    head = f"commit refs/heads/{ref}\nauthor {who}\ncommitter {who}\n".encode()
    return head + b"data %d\n%s\n" % (len(text), text)
