"""Records of a change that cannot be read or do not hold together: they count nowhere, unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.files.paths import ACTIVITIES, RECORD_NAMES, BranchPath
from generator.rubric.measures import ACTIVITY
from generator.text.privacy import masked

if TYPE_CHECKING:
    from generator.engine.evaluate import Evaluation
    from generator.results.model import BranchResult
    from generator.results.packed import EvidenceRecord
    from generator.rubric.document import Criterion, Rubric


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record with an error in its own file, and the criteria that count records of its kind."""

    path: str
    criteria: tuple[Criterion, ...] = ()


def broken_records(
    records: set[str], before: BranchResult | None, after: BranchResult | None, now: Evaluation
) -> tuple[BrokenRecord, ...]:
    """Return which of a branch's ``records`` (their folders) do not count for an error in them.

    Where the file says no kind any more, the kind is that of before; without one, no criterion.
    """
    shown: dict[str, EvidenceRecord] = {
        r.path: r for side in (before, after) if side is not None for r in side.records
    }
    counted = {r.path for r in (after.records if after is not None else ()) if r.counted}
    faulty = {record_in(f.path) for f in now.findings if f.severity == "error"} & {
        masked(path) for path in records
    }
    found = []
    for path in sorted(faulty - counted):
        own = BranchPath.of(path)
        kind = shown[path].kind if path in shown else ""
        if own is not None and own.group == ACTIVITIES:
            kind = ACTIVITY
        found.append(BrokenRecord(path, counting(now.rubric, kind)))
    return tuple(found)


def record_in(path: str) -> str:
    """Return the folder of a record whose own file a finding is in; nothing for other files."""
    folder, _, name = path.rpartition("/")
    return folder if name in RECORD_NAMES else ""


def counting(rubric: Rubric | None, kind: str) -> tuple[Criterion, ...]:
    """Return the criteria that count records of a kind, in the order of the rubric."""
    every = rubric.criteria.values() if rubric is not None else ()
    return tuple(criterion for _, criterion in every if kind in criterion.method.kinds)
