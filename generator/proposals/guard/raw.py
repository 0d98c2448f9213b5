"""What no ordinary program writes into a tree, found before git lists it.

A listing of such a tree fails, leaves entries out, or never ends: a few kilobytes can describe
billions of files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.files.git_objects import EMPTY, FOLDER, Entry, RawTree, Trees, paths_of
from generator.text.findings import Place, Report
from generator.text.language import mark
from generator.text.names import BIDI, visible

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: Entries that a change may differ in before the rest is not looked at any more.
MAX_ENTRIES = 100_000
#: Levels of folders; far below the depth at which git's own recursion ends.
MAX_LEVELS = 64

MODES = frozenset({b"100644", b"100664", b"100755", b"120000", b"160000", FOLDER})
NULL = frozenset({bytes(20), bytes(32)})
FORBIDDEN = mark("文件夹里有 git 不允许的名称")
MALFORMED = mark("文件夹的记录不合 git 的格式")
REPEATED = mark("文件夹里有重名")
#: Names joined by NUL: nothing, a dot, two dots; and what becomes `.git` on some system.
DOTS = re.compile(r"(?:\A|(?<=\0))\.{0,2}(?=\0|\Z)")
GIT = re.compile(r"(?:\A|(?<=\0))(?:\.git|git~[0-9]+)[. ]*(?::[^\0]*)?(?=\0|\Z)", re.IGNORECASE)


def check_trees(trees: Trees, old: str, new: str, report: Report) -> bool:
    """Report G005 and G006 on trees that differ; return whether git can list them all."""
    pending: list[tuple[str, str | None, str]] = [("", old, new)]
    whole, count = True, 0
    while pending:
        path, before, after = pending.pop()
        place = Place(visible(path) or ".")
        tree = trees.read(after)
        if tree is None:
            report.add("G005", place, MALFORMED)
            whole = False
            continue
        known = (trees.read(before) if before else None) or EMPTY
        found = problems(tree, top=not path)
        for words in found - problems(known, top=True) if found else ():
            report.add("G005", place, words)
        whole = whole and b"" not in tree.names
        fresh = set(tree.entries).difference(known.entries)
        count += len(fresh)
        if count > MAX_ENTRIES:
            report.add("G006", place, "一次改动超过 {n} 项，其余不再查看", n=MAX_ENTRIES)
            return False
        below = list(_folders(path, fresh, known))
        if below and path.count("/") >= MAX_LEVELS:
            report.add("G006", place, "文件夹嵌套过深")
            whole = False
            continue
        pending += below
    return whole


def _folders(
    path: str, fresh: Collection[Entry], known: RawTree
) -> Iterator[tuple[str, str | None, str]]:
    """Yield the folders among new entries: path, id before the change, id after it."""
    wanted = {name for mode, name, _ in fresh if mode.lstrip(b"0") == FOLDER}
    earlier = {name: (mode, old) for mode, name, old in known.entries if name in wanted}
    for shown, (mode, name, new) in paths_of(fresh, path):
        if mode.lstrip(b"0") == FOLDER:
            old_mode, old = earlier.get(name, (b"", b""))
            yield shown, old.hex() if old_mode == FOLDER else None, new.hex()


def problems(tree: RawTree, *, top: bool = False) -> set[str]:
    """Return what is wrong with a tree: names that escape or repeat, order, modes, no entries.

    The ``top`` of a repository may be empty; git keeps no other empty folder.
    """
    found = set()
    names = tree.names
    joined = b"\0".join(names).decode("utf-8", "replace")
    seen = joined if joined.isascii() else BIDI.sub("", joined)
    if names and ("/" in joined or DOTS.search(joined) or GIT.search(seen)):
        found.add(FORBIDDEN)
    if len(set(names)) < len(names):
        found.add(REPEATED)
    keys = [name + b"/" if mode == FOLDER else name for mode, name, _ in tree.entries]
    modes = {mode for mode, _, _ in tree.entries}
    null = NULL.intersection([identifier for _, _, identifier in tree.entries])
    if keys != sorted(keys) or not modes <= MODES or null:
        found.add(MALFORMED)
    if not names and not top:
        found.add(MALFORMED)
    return found
