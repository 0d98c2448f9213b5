"""What a package may contain: paths of its branch and year, by the guard's rules for names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.history import Change
from generator.files.paths import (
    FROZEN_RUBRIC,
    RESULTS_FILE,
    CommitteePath,
    committee_folder,
    year_folder,
)
from generator.files.tree import NO_BLOB
from generator.proposals.guard.authority import owner
from generator.proposals.guard.entries import check_count, check_entry
from generator.text.findings import Place, Report
from generator.text.names import folded, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.proposals.packages.manifest import Manifest

FILE_MODE, NO_MODE = "100644", "000000"
#: Files of a year that the program alone writes.
OWN = frozenset({RESULTS_FILE, FROZEN_RUBRIC})


def changes_of(manifest: Manifest, blobs: Mapping[str, str]) -> list[Change]:
    """Return what a package changes; ``blobs`` are the ids of its files by path."""
    found = [
        Change(
            "M" if file.replaces else "A",
            file.path,
            FILE_MODE if file.replaces else NO_MODE,
            FILE_MODE,
            file.replaces or NO_BLOB,
            blobs[file.path],
        )
        for file in manifest.files
    ]
    found += [
        Change("D", gone.path, FILE_MODE, NO_MODE, gone.replaces, NO_BLOB)
        for gone in manifest.removed
    ]
    return sorted(found, key=lambda change: change.path)


def received_change(path: str, blob: str, before: str | None) -> Change:
    """Return the change of a file of days of receipt."""
    old = FILE_MODE if before else NO_MODE
    return Change("M" if before else "A", path, old, FILE_MODE, before or NO_BLOB, blob)


def check_contents(manifest: Manifest, changes: list[Change], report: Report) -> None:
    """G001, G002, G004 to G006 on the paths of a package, before any of it is put anywhere."""
    for change in changes:
        place = Place(visible(change.path))
        if manifest.branch is None:
            _of_committee(change.path, manifest.year, place, report)
        elif owner(change.path) != (manifest.branch, f"{manifest.year}"):
            report.add(
                "G001",
                place,
                "报送包只能有 {folder}/ 里的文件",
                hint="请支部重新生成报送包，一个包只含一个支部一年的材料",
                folder=year_folder(manifest.branch, manifest.year),
            )
        check_entry(change, report)
    check_count(changes, report, member=False)


def _of_committee(path: str, year: int, place: Place, report: Report) -> None:
    own = CommitteePath.of(path)
    if own is None or own.names[:1] != (f"{year}",) or len(own.names) == 1:
        report.add(
            "G002",
            place,
            "党委的报送包只能有 {folder}/ 里的文件",
            hint="请重新生成报送包，一个包只含一年的文件",
            folder=committee_folder(year),
        )
    elif len(own.names) == 2 and folded(own.names[1]) in OWN:
        report.add(
            "G002",
            place,
            "这个文件只由定稿命令写出，报送包里不能有",
            hint="要更正定稿的结果，运行 appraise finalize {year} --correct 理由",
            year=year,
        )
