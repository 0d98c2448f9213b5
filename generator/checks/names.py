"""Names and kinds of tree entries: links, reserved and colliding names, depth and length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.checks.misplaced import report_misplaced
from generator.files.misplaced import find_misplaced
from generator.files.misplaced.leftovers import is_leftover
from generator.files.paths import BRANCH_FILE, BranchPath, is_branch_id
from generator.files.tree import Entry, EntryKind
from generator.formats.shapes import MAX_ID
from generator.text.codes import Severity
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import (
    KIND_HINTS,
    KIND_WORDS,
    NAME_HINTS,
    SIZE_PROBLEMS,
    WORDS,
    collisions,
    path_problem,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Of a file that systems and programs leave behind.
LEFTOVER = mark("这是系统或软件自己留下的文件，不是材料")
REMOVE = mark("删去即可")
OUTSIDE = mark("移到支部的年度文件夹里、写着它的记录旁边；不是材料的，删去")


def check_names(entries: Mapping[str, Entry], report: Report, beside: Iterable[str] = ()) -> None:
    """Report G004 to G006 on every entry, E002, E019 and S003 on what lies elsewhere."""
    for entry in entries.values():
        left = is_leftover(entry.path)
        problem = None if left else path_problem(entry.path)
        if problem is None and entry.kind is EntryKind.FILE and not left:
            continue
        place = Place(visible(entry.path))
        if left:
            report.add("E002", place, LEFTOVER, hint=REMOVE)
        if entry.kind is not EntryKind.FILE:
            executable = entry.kind is EntryKind.EXECUTABLE
            severity = Severity.WARNING if executable else None
            kind = entry.kind.value
            report.add("G004", place, KIND_WORDS[kind], hint=KIND_HINTS[kind], severity=severity)
        if problem is not None:
            code = "G006" if problem in SIZE_PROBLEMS else "G005"
            report.add(code, place, WORDS[problem], hint=NAME_HINTS.get(problem))
    for one, other in collisions([*entries, *beside]):
        report.add(
            "G005",
            Place(visible(other)),
            "与“{one}”只差大小写或字符写法，在部分电脑上会互相覆盖",
            hint="给其中一个改名，记录里写着它的地方一并改；同一份的，删去一个",
            one=visible(one),
        )
    _strays(entries, report)


def _strays(entries: Mapping[str, Entry], report: Report) -> None:
    bad: set[str] = set()
    entries = {path: entry for path, entry in entries.items() if not is_leftover(path)}
    outside = [path for path in entries if is_outside(path)]
    covered = report_misplaced(find_misplaced(outside), report) if outside else frozenset()
    for path in entries:
        own = BranchPath.of(path)
        if own is None or path in covered:
            continue
        if not own.below:
            report.add("E002", Place(visible(path)), "文件不在任何支部的文件夹里", hint=OUTSIDE)
        elif not is_branch_id(own.branch):
            if own.branch not in bad:
                bad.add(own.branch)
                report.add(
                    "S003",
                    Place(visible(path)),
                    "支部文件夹“{id}”不是合法的编号：只用小写字母、数字和短横线，最多 {n} 个字符",
                    id=visible(own.branch),
                    n=MAX_ID,
                )
        elif own.year is None if own.group else own.below != (BRANCH_FILE,):
            where = say("年度文件夹")
            place = Place(visible(path))
            report.add("E002", place, "文件不在{where}里", hint=OUTSIDE, where=where)


def is_outside(path: str) -> bool:
    """Whether a path below branches/ lies outside of the folders of years."""
    own = BranchPath.of(path)
    return own is not None and own.year is None
