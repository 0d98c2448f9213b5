"""A main line of commits in memory: what each did is told by comparing the files of two."""

from __future__ import annotations

import contextlib
import datetime
from typing import TYPE_CHECKING, TypeAlias

from generator.files.tree import Deed
from tests.gitrepo import blob_id
from tests.receiving import Days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from generator.files.tree import Annals

Files: TypeAlias = "Mapping[str, bytes]"
FIRST = datetime.date(2026, 1, 5)


class Line(Days):
    """Commits, the oldest first, one a day; ``now`` are the files that are evaluated.

    ``cut`` says that the first one is where a shallow clone begins.
    """

    def __init__(self, commits: Sequence[Files], now: Files, *, cut: bool = False) -> None:
        numbered = enumerate(commits, start=1)
        self.commits = {f"{number:012x}" + "0" * 28: files for number, files in numbered}
        self.present = now
        self.cut = cut
        self.reads: list[str] = []

    def on(self, path: str) -> datetime.date:
        """Return the day of the first commit."""
        assert path
        return FIRST

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Annals]:
        yield self

    def annals(self) -> contextlib.AbstractContextManager[Annals]:
        """Return itself."""
        return self._opened()

    def deeds(self, paths: Sequence[str], after: str = "") -> list[Deed]:
        """Return what commits did at and below some paths, the newest first."""
        before: Files = {}
        found: list[Deed] = []
        for number, (commit, files) in enumerate(self.commits.items()):
            day, whole = FIRST + datetime.timedelta(number), bool(number) or not self.cut
            for path in sorted({*before, *files}):
                old, new = before.get(path), files.get(path)
                below = any(path == own or path.startswith(f"{own}/") for own in paths)
                if old != new and below and commit > after:
                    found.append(Deed(commit, day, path, named(old), named(new), whole))
            before = files
        return found[::-1]

    def is_same(self, commit: str, folder: str) -> bool:
        """Whether all below a folder is now as a commit had it."""
        return below(self.commits[commit], folder) == below(self.present, folder)

    def files(self, commit: str, folder: str) -> dict[str, str]:
        """Return path → blob id of the files that a commit had below a folder."""
        return {path: blob_id(data) for path, data in below(self.commits[commit], folder).items()}

    def sizes(self, blobs: Collection[str]) -> Mapping[str, int]:
        """Return the sizes of contents."""
        return {blob: len(self._content(blob)) for blob in blobs}

    def read(self, blob: str) -> bytes:
        """Return a content, and note that it was read."""
        self.reads.append(blob)
        return self._content(blob)

    def _content(self, blob: str) -> bytes:
        contents = (data for files in self.commits.values() for data in files.values())
        return next(data for data in contents if blob_id(data) == blob)


def named(data: bytes | None) -> str:
    """Return the blob id of a content, nothing where there is none."""
    return "" if data is None else blob_id(data)


def below(files: Files, folder: str) -> dict[str, bytes]:
    """Return the files below a folder."""
    return {path: data for path, data in files.items() if path.startswith(f"{folder}/")}
