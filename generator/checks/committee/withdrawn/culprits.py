"""Which commit deleted or replaced evidence, told by what each did to the branch's files."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from generator.checks.committee.withdrawn.values import is_another, readdressed, value_of
from generator.files.paths import branch_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.checks.committee.withdrawn.losses import Loss, Since
    from generator.files.tree import Deed
    from generator.formats.branch_files import Activity, Document


class Culprits:
    """What commits did to a branch since a state of it."""

    def __init__(self, since: Since) -> None:
        self.since = since
        folders = [branch_folder(name) for name in since.names]
        told = since.annals.deeds(folders, since.deed.commit)
        self.commits = [[*done] for _, done in groupby(reversed(told), attrgetter("commit"))]

    def of(self, loss: Loss) -> Deed | None:
        """Return what a commit did to lose this, None where no commit did."""
        files, lost = self.since.tree.files, self.since.lost
        if loss.path in lost:
            found = self._left(loss.path, lambda blob: self._key(blob) == lost[loss.path])
            return found or self._last(loss.file)
        if loss.file not in self.since.present.files:
            return self._left(loss.file, lambda _: True)
        old = value_of(self.since.annals.read(files[loss.file]), loss.file)
        return self._turned(loss.file, old)

    def _key(self, blob: str) -> bytes:
        return self.since.present.key(self.since.annals, blob)

    def _last(self, file: str) -> Deed | None:
        """Return what was done last to a record's own file, which names an attachment no more."""
        own = self.since.as_then(file)
        done = [d for commit in self.commits for d in commit if d.path in {file, own}]
        return done[-1] if done else None

    def _left(self, path: str, holds: Callable[[str], bool]) -> Deed | None:
        """Return what was done when the last file went that held a content."""
        start = self.since.as_then(path)
        there = {start: self.since.tree.files[path]}
        known = {*there.values()}
        left: Deed | None = None
        for commit in self.commits:
            for deed in commit:
                if deed.path in there and not (deed.new and holds(deed.new)):
                    del there[deed.path]
                    left = left or deed
                elif deed.path in there:
                    there[deed.path] = deed.new
                    known.add(deed.new)
            there |= {deed.path: deed.new for deed in commit if deed.new in known}
            left = None if there else left
        return left

    def _turned(self, path: str, old: Activity | Document | None) -> Deed | None:
        """Return what was done when a record became another one, the last time."""
        turned: Deed | None = None
        own = {path, self.since.as_then(path)}
        for deed in (deed for commit in self.commits for deed in commit):
            if deed.path in own and deed.new:
                new = value_of(self.since.annals.read(deed.new), path)
                is_other = is_another(old, new) or readdressed(old, new)
                turned = (turned or deed) if is_other else None
        return turned
