"""Names and kinds of tree entries: links, reserved and colliding names, depth and length."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from generator.codes import Severity
from generator.findings import Place, Report
from generator.i18n import gettext, mark
from generator.names import collisions, path_problem, visible
from generator.shapes import IDENTIFIER, MAX_ID
from generator.tree import Entry, EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WORDS = {
    "encoding": mark("名称不是 UTF-8 编码"),
    "control": mark("名称含有控制字符"),
    "bidi": mark("名称含有双向或零宽字符"),
    "windows": mark("名称是 Windows 的保留名"),
    "reserved": mark("名称是工具的保留名"),
    "charset": mark("名称含有不允许的字符"),
    "nfc": mark("名称的 Unicode 写法不规范"),
    "dot": mark("名称以点开头"),
    "trailing": mark("名称以空格或点结尾，或以空格开头"),
    "long": mark("名称或路径过长"),
    "deep": mark("文件夹嵌套过深"),
}
SIZE_PROBLEMS = frozenset({"long", "deep"})
YEAR = re.compile(r"[0-9]{4}")
KINDS = {
    EntryKind.LINK: mark("这是链接，不会被读取"),
    EntryKind.SUBMODULE: mark("这是子模块，不会被读取"),
    EntryKind.OTHER: mark("这不是普通文件"),
    EntryKind.EXECUTABLE: mark("文件带有可执行权限"),
}


def check_names(
    entries: Mapping[str, Entry], report: Report, beside: Iterable[str] = ()
) -> None:
    """Report G004 to G006 on every entry, E002 and S003 on what lies in no branch's folder."""
    folders: dict[str, list[str]] = defaultdict(list)
    for entry in entries.values():
        place = Place(visible(entry.path))
        if entry.kind is EntryKind.EXECUTABLE:
            report.add("G004", place, KINDS[entry.kind], severity=Severity.WARNING)
        elif entry.kind is not EntryKind.FILE:
            report.add("G004", place, KINDS[entry.kind])
        problem = path_problem(entry.path)
        if problem is not None:
            report.add("G006" if problem in SIZE_PROBLEMS else "G005", place, WORDS[problem])
        folders[entry.path.rpartition("/")[0]].append(entry.path)
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
        if len(parts) == 2:
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
