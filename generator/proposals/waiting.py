"""Records of a proposal that lose by being merged so late: those for which a day of receipt counts.

Whoever waits for the committee should not pay for it. A record counts here where the proposal,
merged now, gives the branch another result than with the record received long before.
"""

from __future__ import annotations

import datetime
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from generator.engine.narrow.contents import ContentIndex
from generator.engine.narrow.run import NarrowRun, Reach, folders_of
from generator.engine.narrow.sides import GitSide
from generator.engine.year import Means
from generator.files.git_objects import Objects, Trees
from generator.files.git_tree import list_paths
from generator.files.history import changes, propose
from generator.files.paths import (
    RUBRIC_PATH,
    SELF_ASSESSMENT_FILE,
    BranchPath,
    RecordPath,
    is_branch_id,
)
from generator.files.receipts import GitReceipts, Proposed
from generator.results.model import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from generator.files.history import Change

#: A day that is in time for anything.
LONG_AGO = datetime.date(2000, 1, 1)
#: Up to this many records of a branch and year are looked at one by one.
MOST = 40
RESULT = frozenset({"E011"})


class Waiting(NamedTuple):
    """A record that loses by waiting: whose, of which year, the path below it, its blob id."""

    branch: str
    year: int
    path: str
    blob: str


class Early(GitReceipts):
    """Days of receipt, of some files long ago."""

    early: frozenset[str] = frozenset()

    def day(self, path: str, blob: str, names: Sequence[str]) -> datetime.date:
        """Return the day on which a file was received."""
        return LONG_AGO if path in self.early else super().day(path, blob, names)


def waiting(root: Path, base: str, head: str, now: int) -> list[Waiting]:
    """Return the records of a proposal that lose by being merged at ``now`` (seconds since 1970).

    Raises GitError, MissingRubricError.
    """
    with closing(Objects(root)) as objects:
        trees = Trees(root, objects)
        proposal = propose(trees, base, head)
        if proposal.merged is None:
            return []
        found = changes(root, proposal.base, proposal.merged)
        brought = records_in(found)
        rubric = list_paths(trees, GitSide(trees, proposal.base).top, [RUBRIC_PATH])
        source = Source(proposal.base, dirty=False, date=trees.date(proposal.base))
        ids = sorted({branch for branch, _ in brought})
        receipts = Early(
            root, proposal.base, folders_of(ids), Proposed(now, proposal.merged, found)
        )
        result: list[Waiting] = []
        for (branch, year), records in brought.items():
            side = GitSide(trees, proposal.merged, rubric)
            index = ContentIndex(root, proposal.base, objects)
            judge = Judge(side, Reach(frozenset({branch}), frozenset(), index), year, source)
            result += judge.losing(receipts, records)
        return result


def records_in(changed: Iterable[Change]) -> dict[tuple[str, int], dict[str, Waiting]]:
    """Return branch and year → path → what is added of them."""
    brought: dict[tuple[str, int], dict[str, Waiting]] = {}
    for change in changed:
        record = record_of(change.path, change.new_id) if change.status == "A" else None
        if record is not None:
            group = brought.setdefault((record.branch, record.year), {})
            group[change.path] = record
    return brought


def record_of(path: str, blob: str) -> Waiting | None:
    """Return a file that is a record or a self-assessment, None for any other."""
    own = BranchPath.of(path)
    if own is None or own.year is None or not is_branch_id(own.branch):
        return None
    record = RecordPath.of(path)
    if record is not None and record.is_record:
        return Waiting(own.branch, own.year, record.reference, blob)
    if own.below[1:] == (SELF_ASSESSMENT_FILE,):
        return Waiting(own.branch, own.year, SELF_ASSESSMENT_FILE, blob)
    return None


class Judge:
    """Evaluates one branch of a merged proposal under several days of receipt."""

    def __init__(self, side: GitSide, reach: Reach, year: int, source: Source) -> None:
        self.side = side
        self.reach = reach
        self.year = year
        self.source = source

    def losing(self, receipts: Early, records: dict[str, Waiting]) -> list[Waiting]:
        """Return those of the records without whose early receipt the result is another one."""
        best = self.result(receipts, records)
        if best == self.result(receipts, ()):
            return []
        if len(records) > MOST:
            return list(records.values())
        return [
            record
            for path, record in records.items()
            if self.result(receipts, records.keys() - {path}) != best
        ]

    def result(self, receipts: Early, early: Collection[str]) -> object:
        """Return what the branch has where some files were received long ago."""
        receipts.early = frozenset(early)
        run = NarrowRun(self.side, self.reach, self.year, Means(self.source, receipts))
        return [
            (
                [(line.criterion, line.part, line.points) for line in reduced.result.lines],
                sorted(f.code for f in reduced.findings if f.code in RESULT),
            )
            for reduced in run.run.reduced.values()
        ]
