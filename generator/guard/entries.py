"""What may lie in a tree: names, modes, sizes, and what no ordinary program writes."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from generator.checks.names import KINDS as KIND_WORDS
from generator.checks.names import SIZE_PROBLEMS, WORDS
from generator.codes import Severity
from generator.findings import Place, Report
from generator.git import Objects
from generator.git_tree import KINDS, list_folder, list_tree
from generator.guard.authority import owner
from generator.history import TREE_MODE, Change, Proposal
from generator.i18n import mark
from generator.names import folded, path_problem, visible
from generator.tree import DATA_ROOTS, EntryKind

if TYPE_CHECKING:
    from pathlib import Path

MAX_CHANGED = 1_000
MAX_FILES = 2_000
MAX_FILE = 10_000_000
MAX_BRANCH_YEAR = 200_000_000
GIT_NAMES = re.compile(r"\.git(?:modules|attributes|ignore)?", re.IGNORECASE)


def check_entry(change: Change, report: Report) -> None:
    """G004 to G006 on one path that is there after the change."""
    if change.deleted:
        return
    place = Place(visible(change.path))
    inside = folded(change.path.split("/", maxsplit=1)[0]) in DATA_ROOTS
    kind = KINDS.get(change.new_mode, EntryKind.OTHER)
    if kind is EntryKind.EXECUTABLE:
        if inside:
            report.add("G004", place, KIND_WORDS[kind], severity=Severity.WARNING)
    elif kind is not EntryKind.FILE:
        report.add("G004", place, KIND_WORDS[kind])
    problem = path_problem(change.path)
    if problem is not None and (inside or problem in {"encoding", "control", "bidi"}):
        report.add("G006" if problem in SIZE_PROBLEMS else "G005", place, WORDS[problem])


def check_counts(root: Path, proposal: Proposal, changed: list[Change], report: Report) -> None:
    """G006: how many files a change has, and how much a branch's year holds after it."""
    if len(changed) > MAX_CHANGED:
        report.add(
            "G006",
            Place(visible(changed[0].path)),
            "一次改动了 {n} 个文件，上限 {limit} 个",
            n=len(changed),
            limit=MAX_CHANGED,
        )
    after = proposal.merged or proposal.head
    touched = {own for change in changed if (own := owner(change.path))}
    new = {change.path for change in changed if not change.deleted}
    for branch, year in sorted(touched):
        folder = f"branches/{branch}/{year}"
        items = list_tree(root, after, [folder])
        for item in items:
            if item.path in new and item.size > MAX_FILE:
                size, limit = round(item.size / 1_000_000, 1), MAX_FILE // 1_000_000
                place = Place(visible(item.path))
                report.add("G006", place, "文件 {size} MB，上限 {limit} MB", size=size, limit=limit)
        total = sum(item.size for item in items)
        if total > MAX_BRANCH_YEAR:
            size, limit = total // 1_000_000, MAX_BRANCH_YEAR // 1_000_000
            words = "{year} 年的文件共 {size} MB，上限 {limit} MB"
            report.add("G006", Place(folder), words, year=year, size=size, limit=limit)
        if len(items) > MAX_FILES:
            words = "{year} 年有 {n} 个文件，上限 {limit} 个"
            report.add("G006", Place(folder), words, year=year, n=len(items), limit=MAX_FILES)


def check_collisions(
    root: Path, proposal: Proposal, everything: list[Change], report: Report
) -> None:
    """G005: a new name that some systems take for one that is there."""
    after = proposal.merged or proposal.head
    added = {change.path for change in everything if change.status in "AT"}
    for folder in sorted({posixpath.dirname(path) for path in added}):
        groups: dict[str, list[str]] = {}
        for name in list_folder(root, after, folder):
            groups.setdefault(folded(name), []).append(name)
        for names in groups.values():
            paths = [posixpath.join(folder, name) for name in names]
            for path in paths:
                if len(names) > 1 and path in added:
                    other = next((p for p in paths if p != path), path)
                    report.add(
                        "G005",
                        Place(visible(path)),
                        "与“{one}”只差大小写或字符写法，在部分电脑上会互相覆盖",
                        one=visible(other),
                    )


def check_raw_trees(root: Path, everything: list[Change], report: Report) -> None:
    """G005: entries that no ordinary program writes, seen in the tree objects themselves."""
    objects = Objects(root)
    try:
        for change in everything:
            if change.new_mode == TREE_MODE:
                for words in tree_problems(objects.read(change.new_id)):
                    report.add("G005", Place(visible(change.path)), words)
    finally:
        objects.close()


def tree_problems(data: bytes) -> list[str]:
    """Return what is wrong with a raw tree: names that escape, repeat or are out of order."""
    names, found = [], []
    rest = data
    while rest:
        head, _, rest = rest.partition(b"\0")
        mode, _, name = head.partition(b" ")
        rest = rest[20:]
        if name in {b"", b".", b".."} or b"/" in name or GIT_NAMES.fullmatch(unhidden(name)):
            found.append(mark("文件夹里有 git 不允许的名称"))
        if mode.startswith(b"0"):
            found.append(mark("文件夹的记录不合 git 的格式"))
        names.append((name, name + b"/" if mode == b"40000" else name))
    if len({name for name, _ in names}) < len(names):
        found.append(mark("文件夹里有重名"))
    elif [key for _, key in names] != sorted(key for _, key in names):
        found.append(mark("文件夹的记录不合 git 的格式"))
    return sorted(set(found))


def unhidden(name: bytes) -> str:
    """Return a name without the characters that some file systems ignore."""
    text = name.decode("utf-8", "replace")
    return "".join(char for char in text if not ("\u200b" <= char <= "\u200f" or char == "\ufeff"))
