"""Names and kinds of tree entries: links, reserved and colliding names, depth and length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.files.tree import Entry, EntryKind
from generator.formats.shapes import IDENTIFIER, MAX_ID
from generator.text.codes import Severity
from generator.text.findings import Place, Report
from generator.text.language import gettext
from generator.text.names import (
    KIND_WORDS,
    SIZE_PROBLEMS,
    WORDS,
    YEAR,
    collisions,
    path_problem,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def check_names(entries: Mapping[str, Entry], report: Report, beside: Iterable[str] = ()) -> None:
    """Report G004 to G006 on every entry, E002 and S003 on what lies in no branch's folder."""
    for entry in entries.values():
        problem = path_problem(entry.path)
        if problem is None and entry.kind is EntryKind.FILE:
            continue
        place = Place(visible(entry.path))
        if entry.kind is not EntryKind.FILE:
            executable = entry.kind is EntryKind.EXECUTABLE
            severity = Severity.WARNING if executable else None
            report.add("G004", place, KIND_WORDS[entry.kind.value], severity=severity)
        if problem is not None:
            report.add("G006" if problem in SIZE_PROBLEMS else "G005", place, WORDS[problem])
    for one, other in collisions([*entries, *beside]):
        report.add(
            "G005",
            Place(visible(other)),
            "与“{one}”只差大小写或字符写法，在部分电脑上会互相覆盖",
            one=visible(one),
        )
    _strays(entries, report)


def _strays(entries: Mapping[str, Entry], report: Report) -> None:
    bad: set[str] = set()
    for path in entries:
        parts = path.split("/")
        if parts[0] != "branches":
            continue
        if len(parts) <= 2:
            report.add("E002", Place(visible(path)), "文件不在任何支部的文件夹里")
        elif not IDENTIFIER.fullmatch(parts[1]) or len(parts[1]) > MAX_ID:
            if parts[1] not in bad:
                bad.add(parts[1])
                report.add(
                    "S003",
                    Place(visible(path)),
                    "支部文件夹“{id}”不是合法的编号：只用小写字母、数字和短横线，最多 {n} 个字符",
                    id=visible(parts[1]),
                    n=MAX_ID,
                )
        elif (len(parts) == 3 and parts[2] != "branch.yml") or (
            len(parts) > 3 and not YEAR.fullmatch(parts[2])
        ):
            where = gettext("年度文件夹")
            report.add("E002", Place(visible(path)), "文件不在{where}里", where=where)
