"""The day on which a package was received, written down for the records that it brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.paths import SELF_ASSESSMENT_FILE, BranchPath, RecordPath, received_path
from generator.files.tree import MemoryTree
from generator.formats.nodes import COMMITTEE_LIMITS
from generator.formats.received import RECEIVED
from generator.formats.writing import Entries, UneditableError, edited, written
from generator.loading.reader import Reader
from generator.text.findings import Report
from generator.text.language import mark
from generator.text.messages import say

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from generator.proposals.packages.manifest import Manifest

#: How the day is known: a text of the file from then on, in the language of files.
REASON = mark("报送包 {digest} 于当日送到")
#: Digits of a digest by which people know a package.
SHORT_DIGEST = 8


def short_digest(manifest: Manifest) -> str:
    """Return the digits by which people know a package."""
    return manifest.digest[:SHORT_DIGEST]


def with_day(
    manifest: Manifest, blobs: Mapping[str, str], before: bytes | None, on: datetime.date
) -> bytes | None:
    """Return received/<id>.yml with the day of each record that the package adds.

    A record that was there, or only moves, keeps the day of its history; an entry of the committee
    stays. ``blobs`` are the ids of the package's files. None where there is nothing to add.
    Raises UneditableError for a file that cannot be read.
    """
    known = entries_in(before) if before else frozenset()
    reason = say(REASON, digest=short_digest(manifest)).source
    entries = {
        path: {"path": path, "on": on, "reason": reason}
        for path in sorted(new_records(manifest, blobs) - known)
    }
    if not entries:
        return None
    if before is None or not before.strip():
        return written(RECEIVED, list(entries.values()))
    return edited(before, RECEIVED, Entries(entries, by="path"))


def path_of_days(manifest: Manifest) -> str | None:
    """Return where the days of a branch's package stand; None of the committee's own."""
    return received_path(manifest.branch, manifest.year) if manifest.branch else None


def new_records(manifest: Manifest, blobs: Mapping[str, str]) -> set[str]:
    """Return the records and the self-assessment that a package adds, below the branch's year."""
    moved = {gone.replaces for gone in manifest.removed}
    found = set()
    for file in manifest.files:
        record, own = RecordPath.of(file.path), BranchPath.of(file.path)
        if file.replaces is not None or blobs[file.path] in moved:
            continue
        if record is not None and record.is_record:
            found.add(record.reference)
        elif own is not None and own.below[1:] == (SELF_ASSESSMENT_FILE,):
            found.add(SELF_ASSESSMENT_FILE)
    return found


def entries_in(data: bytes) -> frozenset[str]:
    """Return what the entries of a file are about; raises UneditableError."""
    report = Report()
    found, readable = Reader(MemoryTree({"x": data}), report).load(
        "x", RECEIVED, limits=COMMITTEE_LIMITS
    )
    if found is None or not readable:
        raise UneditableError
    return frozenset(entry.path for entry in found)
