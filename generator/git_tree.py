"""A git revision as a tree: objects are read from git, nothing is ever checked out."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from generator.git import COMMAND, GitError, environment, resolve_commit, run_git
from generator.tree import DATA_ROOTS, RUBRIC_PATH, Entry, EntryKind

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

KINDS = {
    "100644": EntryKind.FILE,
    "100664": EntryKind.FILE,
    "100755": EntryKind.EXECUTABLE,
    "120000": EntryKind.LINK,
    "160000": EntryKind.SUBMODULE,
}


class GitTree:
    """The data of one commit; raises GitError where git cannot give it."""

    def __init__(self, root: Path, revision: str) -> None:
        self.root = root
        self.commit = resolve_commit(root, revision)
        self.blobs: dict[str, str] = {}
        self._batch: subprocess.Popen[bytes] | None = None
        self._entries = self._list()

    def _list(self) -> list[Entry]:
        listing = run_git(
            self.root, "ls-tree", "-r", "-z", "--long", self.commit, "--", *DATA_ROOTS, RUBRIC_PATH
        )
        found = []
        for line in listing.split(b"\0"):
            if line:
                meta, _, name = line.partition(b"\t")
                mode, _, blob, size = meta.decode("ascii").split()
                path = name.decode("utf-8", "surrogateescape")
                self.blobs[path] = blob
                kind = KINDS.get(mode, EntryKind.OTHER)
                found.append(Entry(path, kind, int(size) if size.isdigit() else 0))
        return sorted(found, key=lambda entry: entry.path)

    def entries(self) -> list[Entry]:
        """Return rubric.yml and all below branches/ and committee/, sorted by path."""
        return list(self._entries)

    def blob_id(self, path: str) -> str:
        """Return the git blob id of a file's content."""
        return self.blobs[path]

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises GitError where the object is missing."""
        blob = self.blobs[path]
        stdin, stdout = self._pipes()
        stdin.write(blob.encode("ascii") + b"\n")
        stdin.flush()
        header = stdout.readline().split()
        if len(header) != 3 or header[1] != b"blob":
            raise GitError(path)
        data = stdout.read(int(header[2]))
        stdout.read(1)
        return data

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._batch is None:
            self._batch = subprocess.Popen(  # noqa: S603 - fixed program, no shell
                [*COMMAND, "-C", str(self.root), "cat-file", "--batch"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment(),
            )
        if self._batch.stdin is None or self._batch.stdout is None:  # pragma: no cover - Popen
            raise GitError(self.commit)
        return self._batch.stdin, self._batch.stdout

    def close(self) -> None:
        """End the process that reads objects."""
        if self._batch is not None:
            self._batch.communicate()
            self._batch = None
