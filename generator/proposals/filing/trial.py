"""One branch and year with files laid over its tree: what they bring, by the engine's own words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from generator.engine.evaluate import NOTHING
from generator.engine.repository import open_repository
from generator.engine.year import Run
from generator.files.attachments.inside.same.known import key_of, known_key
from generator.files.paths import branch_of, branch_path, is_attachment
from generator.files.tree import blob_id
from generator.formats.branch_files import BRANCH
from generator.loading.reader import Reader
from generator.proposals.overlay import Overlay
from generator.text.findings import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.engine.year import Evaluation, Means
    from generator.files.tree import Tree
    from generator.text.findings import Finding

NO_FILES: Mapping[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class Brought:
    """What files bring to a branch: both sides, and the findings that are new.

    Ranks mean nothing on either side, as no other branch is scored.
    """

    before: Evaluation
    after: Evaluation

    @property
    def new(self) -> list[Finding]:
        """Findings that are there with the files alone."""
        known = {(f.fingerprint, f.accepted is not None) for f in self.before.findings}
        return [
            f for f in self.after.findings if (f.fingerprint, f.accepted is not None) not in known
        ]

    def errors(self, branch: str) -> list[Finding]:
        """Return those of the new findings that are errors in the branch's own files.

        What the committee's files say of a branch may run ahead of what it has filed.
        """
        new = (finding for finding in self.new if finding.severity == "error")
        return [finding for finding in new if branch_of(finding.path) == branch]


class Trial:
    """Evaluates a branch as its files would be; nothing is written.

    Of other branches those alone are read that comparisons need. Raises MissingRubricError.
    """

    def __init__(self, tree: Tree, branch: str, year: int, means: Means = NOTHING) -> None:
        self.tree = tree
        self.branch = branch
        self.year = year
        self.means = means

    def brought(self, files: Mapping[str, bytes]) -> Brought:
        """Return what files bring."""
        return Brought(self.before, self.evaluate(files))

    @cached_property
    def before(self) -> Evaluation:
        """The branch as it is."""
        return self.evaluate(NO_FILES)

    def evaluate(self, files: Mapping[str, bytes]) -> Evaluation:
        """Return results and findings of the branch with some files."""
        tree = Overlay(self.tree, files)
        repository = open_repository(tree)
        run = Run(repository, self.year, self.means, answered=False)
        run.read([name for name in repository.branch_ids if name == self.branch])
        self.compare(run, files)
        found = run.conclude(focus=frozenset({self.branch}), paths=frozenset(files))
        return self.ranked(run, found)

    def compare(self, run: Run, files: Mapping[str, bytes]) -> None:
        """Read of other branches what the branch is compared with."""
        near = {partner for r in run.reduced.values() for claim in r.summary.joint
                for partner, _ in claim.partners}  # fmt: skip
        near |= {*self._holders(files), *self._claimants(run.repository.tree, files)}
        run.peek(sorted((near & run.repository.all_ids) - {self.branch}))

    def ranked(self, run: Run, found: Evaluation) -> Evaluation:
        """Return what was found, ranked among all where their figures are known; here not."""
        del run
        return found

    @cached_property
    def holders(self) -> dict[int | bytes, set[str]]:
        """Size of a file beside a record, or key of it where that is kept → who holds such a one.

        No file is read for it: of a file in another wrapping that nobody read yet a run tells.
        """
        if self.means.contents:
            self.means.contents.load()
        found: dict[int | bytes, set[str]] = {}
        for name in self.tree.folders():
            for entry in self.tree.folder(name):
                if is_attachment(entry.path):
                    found.setdefault(entry.size, set()).add(name)
                    key = known_key(entry.blob)
                    if key is not None:
                        found.setdefault(key, set()).add(name)
        return found

    def _holders(self, files: Mapping[str, bytes]) -> Iterator[str]:
        """Yield the branches that may hold a file like one of these."""
        for path, data in files.items():
            if is_attachment(path):
                yield from self.holders.get(len(data), ())
                yield from self.holders.get(key_of(blob_id(data), data), ())

    def _claimants(self, tree: Tree, files: Mapping[str, bytes]) -> Iterator[str]:
        """Yield the branches that may have the same former id as this one."""
        own = branch_path(self.branch)
        if own not in files:
            return
        record, _ = Reader(tree, Report()).load(own, BRANCH)
        former = [name.encode() for name in record.formerly] if record else []
        for name in tree.folders() if former else ():
            path = branch_path(name)
            if any(entry.path == path and entry.is_file for entry in tree.folder(name)):
                data = tree.read(path)
                if any(mark in data for mark in former):
                    yield name
