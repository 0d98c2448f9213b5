"""The first-parent commits that brought, changed or took away YAML files of branches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import stream_git
from generator.files.paths import BRANCHES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ROOT = f"{BRANCHES}/".encode()
#: Names of YAML files, also where a system hung another ending behind theirs.
YAML_FILE = re.compile(rb"\.ya?ml(?:\.\w{1,8})?\Z", re.IGNORECASE)
#: The time of a commit that a shallow clone has cut off: before any other.
UNKNOWN = -1


class Step(NamedTuple):
    """A commit of the first-parent line: its time in seconds since 1970, and its id."""

    seconds: int
    commit: str


class Event(NamedTuple):
    """A path at which a commit differs from its first parent: what lay there, what lies there.

    Both are blob ids, ``""`` for nothing.
    """

    path: bytes
    old: str
    new: str


class History:
    """What first-parent commits did to YAML files, kept as a few bytes a branch.

    ``cut`` are the commits at which a shallow clone ends.
    """

    def __init__(
        self, root: Path, commit: str, folders: Iterable[str], cut: frozenset[str]
    ) -> None:
        self.root = root
        self.cut = cut
        self.steps: list[Step] = []
        self._told: dict[bytes, bytearray] = {}
        meta = b""
        lines = stream_git(
            root, "-c", "log.showRoot=true", "log", "--first-parent",
            "--diff-merges=first-parent", "--no-renames", "--raw", "--no-abbrev",
            "--relative", "-z", "--format=%H %ct", "--no-show-signature", "--end-of-options",
            commit, "--", *folders,
        )  # fmt: skip
        for line in lines:
            token = line.lstrip(b"\n") if not meta else line
            if meta:
                self._take(meta, token)
                meta = b""
            elif token.startswith(b":"):
                meta = token
            elif token:
                name, seconds = token.decode("ascii").split()
                time = UNKNOWN if name in self.cut else int(seconds)
                self.steps.append(Step(time, name))

    def _take(self, meta: bytes, path: bytes) -> None:
        if path.startswith(ROOT) and YAML_FILE.search(path):
            _, _, old, new, _ = meta.split(b" ")
            name = path.split(b"/", 2)[1]
            line = b"%d %b %b %b\0" % (len(self.steps) - 1, old, new, path)
            self._told.setdefault(name, bytearray()).extend(line)

    def events(self, names: Iterable[str]) -> Iterator[tuple[Step, list[Event]]]:
        """Yield what commits did to some folders of branches/, the oldest commit first."""
        steps: dict[int, list[Event]] = {}
        for name in dict.fromkeys(names):
            lines = bytes(self._told.get(encoded(name), b"")).split(b"\0")[:-1]
            for line in lines:
                index, old, new, path = line.split(b" ", 3)
                steps.setdefault(int(index), []).append(Event(path, blob(old), blob(new)))
        for number in sorted(steps, reverse=True):
            yield self.steps[number], steps[number]


def blob(name: bytes) -> str:
    """Return a blob id as git writes it, ``""`` where there is no blob."""
    return "" if not name.strip(b"0") else name.decode("ascii")


def encoded(path: str) -> bytes:
    """Return a path as git writes it."""
    return path.encode("utf-8", "surrogateescape")
