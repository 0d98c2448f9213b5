"""What may lie in a tree: names, modes, sizes, counts."""

from __future__ import annotations

import posixpath
from decimal import Decimal
from typing import TYPE_CHECKING

from generator.checks.names import REMOVE
from generator.files.git_tree import KINDS
from generator.files.limits import MEGABYTE
from generator.files.misplaced.leftovers import is_leftover
from generator.files.paths import COMMITTEE, DATA_ROOTS, root_of, year_folder
from generator.files.tree import EntryKind
from generator.loading.sizes import allowed_of, megabytes
from generator.proposals.guard.authority import owner
from generator.text.codes import Severity
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.names import KIND_WORDS, SIZE_PROBLEMS, WORDS, folded, path_problem, visible

if TYPE_CHECKING:
    from collections.abc import Collection

    from generator.files.git_objects import Trees
    from generator.files.history import Change
    from generator.files.limits import Allowed
    from generator.proposals.guard.authority import Authority

MAX_CHANGED = 1_000
MAX_FILES = 2_000
#: Of a name that needs no folder of data to do harm.
ANYWHERE = frozenset({"encoding", "control", "bidi"})
COLLIDES = mark("与“{one}”只差大小写或字符写法，在部分电脑上会互相覆盖")


def is_data(path: str) -> bool:
    """Whether a path lies below branches/ or committee/, or where some system takes it for such."""
    return folded(root_of(path)) in DATA_ROOTS


def check_entry(change: Change, report: Report) -> None:
    """G004 to G006 on one path that is there after the change."""
    if change.deleted:
        return
    place = Place(visible(change.path))
    inside = is_data(change.path)
    kind = KINDS.get(change.new_mode, EntryKind.OTHER)
    if kind is EntryKind.EXECUTABLE:
        if inside:
            report.add("G004", place, KIND_WORDS[kind.value], severity=Severity.WARNING)
    elif kind is not EntryKind.FILE:
        report.add("G004", place, KIND_WORDS[kind.value])
    problem = path_problem(change.path)
    if problem is not None and (inside or problem in ANYWHERE):
        hint = REMOVE if is_leftover(change.path) else None
        code = "G006" if problem in SIZE_PROBLEMS else "G005"
        report.add(code, place, WORDS[problem], hint=hint)


def check_count(changed: Collection[Change], report: Report, *, member: bool) -> None:
    """G006: how many files a change has; the committee's own are not counted for a member."""
    counted = [c.path for c in changed if not member or owner(c.path)]
    if len(counted) > MAX_CHANGED:
        report.add(
            "G006",
            Place(visible(counted[0])),
            "一次改动了 {n} 个文件，上限 {limit} 个",
            n=len(counted),
            limit=MAX_CHANGED,
        )


def check_sizes(
    trees: Trees, after: str, changed: Collection[Change], authority: Authority, report: Report
) -> None:
    """G004, G006: that files are files, how large they are, what a branch's year holds in all.

    A member's own files may be as large as they like; everybody else's below committee/ may not.
    """
    touched = sorted({own for change in changed if (own := owner(change.path))})
    new = {
        c.path: c.new_id for c in changed if c.new_mode.startswith("100") and c.new_id.strip("0")
    }
    years = {
        (branch, year): trees.files(after, year_folder(branch, year)) for branch, year in touched
    }
    allowed = {year: authority.allowed(year) for _, year in touched}
    files = [item for items in years.values() for item in items]
    blobs = {item.id for item in files if item.mode.startswith("100") and item.id.strip("0")}
    blobs |= set(new.values())
    told = trees.objects.describe(blobs)
    for path, identifier in new.items():
        kind, size = told[identifier]
        own = owner(path)
        most = (allowed[own[1]] if own else allowed_of(None)).file
        if kind != "blob":
            report.add("G004", Place(visible(path)), KIND_WORDS["other"])
        elif size > most and (own or (not authority.is_member and root_of(path) == COMMITTEE)):
            shown = f"{Decimal(size) / MEGABYTE:.1f}"
            words = "文件 {size} MB，上限 {limit} MB"
            report.add("G006", Place(visible(path)), words, size=shown, limit=megabytes(most))
    for (branch, year), items in years.items():
        total = sum(told[item.id][1] for item in items if item.id in told)
        _check_year(Place(year_folder(branch, year)), total, len(items), allowed[year], report)


def _check_year(place: Place, total: int, count: int, allowed: Allowed, report: Report) -> None:
    """G006 on all files of a branch's year: their bytes, their number."""
    year = place.path.rpartition("/")[2]
    if total > allowed.branch:
        whole, limit = total // MEGABYTE, megabytes(allowed.branch)
        words = "{year} 年的文件共 {size} MB，上限 {limit} MB"
        report.add("G006", place, words, year=year, size=whole, limit=limit)
    if count > MAX_FILES:
        words = "{year} 年有 {n} 个文件，上限 {limit} 个"
        report.add("G006", place, words, year=year, n=count, limit=MAX_FILES)


def check_collisions(
    trees: Trees, after: str, everything: Collection[Change], report: Report
) -> None:
    """G005: a new name that some systems take for one that is there."""
    added = {change.path for change in everything if change.status in "AT"}
    for folder in sorted({posixpath.dirname(path) for path in added}):
        groups: dict[str, list[str]] = {}
        for name in trees.names(after, folder):
            groups.setdefault(folded(name), []).append(name)
        for names in groups.values():
            paths = [posixpath.join(folder, name) for name in names]
            for path in paths if len(names) > 1 else ():
                if path in added:
                    other = next((p for p in paths if p != path), path)
                    report.add("G005", Place(visible(path)), COLLIDES, one=visible(other))
