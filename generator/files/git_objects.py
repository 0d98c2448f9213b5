"""Objects of a repository, read through one process; trees entry by entry, as git stores them."""

from __future__ import annotations

import contextlib
import re
import stat
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import (
    HEAD,
    PLAIN_NAME,
    Clone,
    GitError,
    ask,
    clone_at,
    commit_date,
    refused,
    resolve_commits,
    run_git,
    words_of_git,
)
from generator.files.remedies import remedy
from generator.text.messages import say

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path
    from typing import IO

#: One entry: mode as written, name, object id in bytes. Plain tuples: a folder may hold 10,000.
Entry = tuple[bytes, bytes, bytes]

#: The mode of a folder as git writes it, and as it tells it.
FOLDER, TREE = b"40000", "040000"
#: Files below one path; a few kilobytes can describe billions.
MAX_FILES = 200_000
#: Files of a whole state, which a few kilobytes can describe as well.
MAX_WHOLE = 2_000_000
#: Object ids are SHA-1 or SHA-256: their bytes, by the length of the hexadecimal form.
BYTES = {40: 20, 64: 32}
BATCH = ("cat-file", "--batch-command")
#: Questions that are put before their answers are read: both fit into a pipe.
AT_ONCE = 500
#: Who committed, and when: seconds since 1970, and hours and minutes from UTC.
COMMITTER = re.compile(rb"^committer [^\n]*> (\d{1,11}) ([+-])(\d\d)([0-5]\d)$", re.MULTILINE)


class Objects:
    """Reads objects of one repository through a single process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._batch: subprocess.Popen[bytes] | None = None
        self._words: IO[bytes] | None = None

    def read(self, identifier: str) -> bytes:
        """Return the content of an object; raises GitError where it is missing."""
        return self.typed(identifier)[1]

    def typed(self, identifier: str) -> tuple[str, bytes]:
        """Return type and content of an object; raises GitError where it is missing."""
        stdout = self._ask(b"contents %b\n" % identifier.encode("ascii"))
        kind, size = self._header(stdout, identifier)
        data = stdout.read(size)
        if len(data) < size or not stdout.read(1):
            raise self._ended()
        return kind, data

    def find(self, identifier: str) -> bytes | None:
        """Return the content of a file; None where there is no such object, or it is no file."""
        stdout = self._ask(b"contents %b\n" % identifier.encode("ascii"))
        line = stdout.readline()
        if not line.endswith(b"\n"):
            raise self._ended()
        fields = line.split()
        if len(fields) != 3:
            return None
        size = int(fields[2])
        data = stdout.read(size)
        if len(data) < size or not stdout.read(1):
            raise self._ended()
        return data if fields[1] == b"blob" else None

    def describe(self, identifiers: Collection[str]) -> dict[str, tuple[str, int]]:
        """Return id → (type, size in bytes) of objects; raises GitError where one is missing."""
        asked, found = list(identifiers), {}
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            stdout = self._ask("".join([f"info {name}\n" for name in some]).encode("ascii"))
            for identifier in some:
                found[identifier] = self._header(stdout, identifier)
        return found

    def tree(self, name: str) -> str | None:
        """Return the id of the tree that ``<revision>:<folder>`` names; None for no such folder."""
        return self.named(name, b"tree")

    def named(self, name: str, kind: bytes) -> str | None:
        """Return the id of what ``<revision>:<path>`` names; None where it is of another kind."""
        if "\n" in name:
            return None
        stdout = self._ask(b"info %b\n" % name.encode("utf-8", "surrogateescape"))
        line = stdout.readline()
        if not line.endswith(b"\n"):
            raise self._ended()
        fields = line.split()
        # Of a name that is not there git says the name, which may hold blanks.
        found = len(fields) == 3 and fields[1] == kind and fields[2].isdigit()
        return fields[0].decode("ascii") if found else None

    def resolve(self, *revisions: str) -> list[str]:
        """Return the commit ids that revisions name, as ``resolve_commits`` does."""
        asked = (HEAD, *revisions)
        plain = all(map(PLAIN_NAME.fullmatch, asked))
        told = [self.named(f"{own}^{{commit}}", b"commit") for own in asked] if plain else [None]
        found = [own for own in told if own is not None]
        return found[1:] if len(found) == len(asked) else resolve_commits(self.root, *revisions)

    def _header(self, stdout: IO[bytes], identifier: str) -> tuple[str, int]:
        line = stdout.readline()
        if not line.endswith(b"\n"):
            raise self._ended()
        fields = line.split()
        if len(fields) != 3:
            raise missing(self.root, identifier)
        return fields[1].decode("ascii"), int(fields[2])

    def _ask(self, question: bytes) -> IO[bytes]:
        """Put a question; return where the answer is read."""
        if self._batch is None:
            self._words = words_of_git()
            self._batch = ask(self.root, BATCH, self._words, index=True, stdin=True)
        stdin, stdout = self._batch.stdin, self._batch.stdout
        if stdin is None or stdout is None:  # pragma: no cover - Popen gives both
            raise self._ended()
        try:
            stdin.write(question)
            stdin.flush()
        except OSError:
            raise self._ended() from None
        return stdout

    def _ended(self) -> GitError:
        """Return the error of a process that ended before it had answered."""
        said, status = b"", 0
        if self._batch is not None and self._words is not None:
            self._batch.kill()
            status = self._batch.wait()
            self._words.seek(0)
            said = self._words.read()
        return refused(self.root, said, status, BATCH)

    def close(self) -> None:
        """End the process."""
        if self._batch is not None:
            with contextlib.suppress(OSError):
                self._batch.communicate()
            self._batch = None
        if self._words is not None:
            self._words.close()
            self._words = None


class RawTree:
    """The entries of one tree, as written; parsed on the first use of all of them."""

    def __init__(self, data: bytes = b"", size: int = 20) -> None:
        self.data = data
        self.size = size

    @cached_property
    def entries(self) -> list[Entry]:
        """All entries in the order of the tree."""
        pattern = _pattern(rb"([0-7]+) ([^\0]*)\0(.{%d})" % self.size)
        return pattern.findall(self.data)

    @property
    def names(self) -> list[bytes]:
        """Names in the order of the tree."""
        return [name for _, name, _ in self.entries]

    def named(self, name: bytes) -> Entry | None:
        """Return the first entry of this name."""
        before = _entry(self.size) + b"*?"
        wanted = rb"([0-7]+) (%s)\0(.{%d})" % (re.escape(name), self.size)
        found = re.compile(before + wanted, re.DOTALL).match(self.data)
        return (found[1], found[2], found[3]) if found else None

    def below(self, path: str) -> Iterable[tuple[str, Entry]]:
        """Return each entry with its path, given the path of this tree."""
        return paths_of(self.entries, path)


def paths_of(entries: Iterable[Entry], path: str) -> Iterable[tuple[str, Entry]]:
    """Return each entry with its path, given the path of their tree."""
    for entry in entries:
        name = entry[1].decode("utf-8", "surrogateescape")
        yield (f"{path}/{name}" if path else name), entry


EMPTY = RawTree()


class TreeFile(NamedTuple):
    """What lies at a path: the mode of six digits that git takes the written one for, object id."""

    path: str
    mode: str
    id: str

    @property
    def is_folder(self) -> bool:
        """Whether this is a tree."""
        return self.mode == TREE


class Trees:
    """Reads the trees and commits of one repository, each once.

    ``clone`` is what git says of it where it is known.
    """

    def __init__(self, root: Path, objects: Objects, clone: Clone | None = None) -> None:
        self.root = root
        self.objects = objects
        self._clone = clone
        self._known: dict[str, RawTree | None] = {}
        self._heads: dict[str, bytes] = {}

    @property
    def clone(self) -> Clone:
        """What git says of the repository; raises GitError."""
        if self._clone is None:
            self._clone = clone_at(self.root)
        return self._clone

    def top(self, treeish: str) -> str | None:
        """Return the tree that a commit or tree has at our folder; None for no such folder.

        Raises GitError where there is no such commit or tree.
        """
        whole = self.objects.tree(f"{treeish}^{{tree}}")
        if whole is None:
            raise missing(self.root, treeish)
        found = self.find(whole, self.clone.prefix)
        return found.id if found is not None and found.is_folder else None

    def head(self, commit: str) -> bytes:
        """Return what a commit says before its message; raises GitError."""
        if commit not in self._heads:
            self._heads[commit] = self.objects.read(commit).partition(b"\n\n")[0]
        return self._heads[commit]

    def of(self, commit: str) -> str:
        """Return the id of a commit's tree; raises GitError."""
        return self.head(commit).partition(b"\n")[0].removeprefix(b"tree ").decode("ascii")

    def time(self, commit: str) -> int:
        """Return the committer's time of a commit, in seconds since 1970; raises GitError."""
        line = next(x for x in self.head(commit).split(b"\n") if x.startswith(b"committer "))
        return int(line.split()[-2])

    def date(self, commit: str) -> str:
        """Return the committer's date of a commit, ISO 8601 with its own offset: ``commit_date``.

        Of a day that no calendar has git itself tells. Raises GitError.
        """
        found = COMMITTER.search(self.head(commit))
        with contextlib.suppress(ValueError, OverflowError):
            if found is not None:
                seconds, sign, hours, minutes = found.groups()
                offset = timedelta(hours=int(sign + hours), minutes=int(sign + minutes))
                there = datetime.fromtimestamp(int(seconds), UTC).astimezone(timezone(offset))
                return there.isoformat()
        return commit_date(self.root, commit)

    def read(self, identifier: str) -> RawTree | None:
        """Return a tree, or None for another object; raises GitError for a missing one."""
        if identifier not in self._known:
            kind, data = self.objects.typed(identifier)
            size = BYTES[len(identifier)]
            self._known[identifier] = parse(data, size) if kind == "tree" else None
        return self._known[identifier]

    def find(self, tree: str, path: str) -> TreeFile | None:
        """Return what lies at a path of a tree, or None."""
        found = TreeFile("", TREE, tree)
        for part in filter(None, path.encode("utf-8", "surrogateescape").split(b"/")):
            inside = self.read(found.id) if found.is_folder else None
            entry = inside.named(part) if inside else None
            if entry is None:
                return None
            found = file_at(path, entry)
        return found

    def names(self, tree: str, folder: str) -> list[str]:
        """Return the names in a folder of a tree, none where it does not exist."""
        found = self.find(tree, folder)
        inside = self.read(found.id) if found is not None and found.is_folder else None
        names = inside.names if inside else []
        return [name.decode("utf-8", "surrogateescape") for name in names]

    def folders(self, tree: str, folder: str) -> list[str]:
        """Return the names of the folders in a folder of a tree, none where it does not exist."""
        found = self.find(tree, folder)
        inside = self.read(found.id) if found is not None and found.is_folder else None
        entries = inside.entries if inside else []
        return [name.decode("utf-8", "surrogateescape") for mode, name, _ in entries
                if usual(mode) == TREE]  # fmt: skip

    def files(self, tree: str, path: str, most: int = MAX_FILES) -> list[TreeFile]:
        """Return all files at and below a path of a tree, in git's order; raises as ``walk``."""
        found = self.find(tree, path)
        if found is None:
            return []
        return list(self.walk(found.id, path, most)) if found.is_folder else [found]

    def walk(self, tree: str, path: str = "", most: int = MAX_WHOLE) -> Iterator[TreeFile]:
        """Yield all that lies below a tree but folders, in git's order.

        Raises GitError for what is no tree, and where there are more than ``most``.
        """
        pending = [self.inside(tree, path)]
        count = 0
        while pending:
            item = next(pending[-1], None)
            if item is None:
                pending.pop()
                continue
            count += 1
            if count > most:
                raise GitError(path)
            if item.is_folder:
                pending.append(self.inside(item.id, item.path))
            else:
                yield item

    def inside(self, tree: str, path: str = "") -> Iterator[TreeFile]:
        """Yield what lies directly in a tree; raises GitError for what is none."""
        found = self.read(tree)
        if found is None or b"" in found.names:
            run_git(self.root, "ls-tree", "-r", tree)  # it says what is wrong
            raise missing(self.root, tree)
        for below, entry in found.below(path):
            yield file_at(below, entry)


def missing(root: Path, name: str) -> GitError:
    """Return the error for an object that is not there, or is another than it should be."""
    return GitError(say("缺少对象 {id}", id=name), remedy(root, ""))


def usual(mode: bytes) -> str:
    """Return the mode that git takes a written one for, of six digits."""
    number = int(mode, 8)
    if stat.S_ISREG(number):
        return "100755" if number & stat.S_IXUSR else "100644"
    if stat.S_ISLNK(number):
        return "120000"
    return TREE if stat.S_ISDIR(number) else "160000"


def file_at(path: str, entry: Entry) -> TreeFile:
    """Return an entry at its path."""
    mode, _, identifier = entry
    return TreeFile(path, usual(mode), identifier.hex())


def parse(data: bytes, size: int = 20) -> RawTree | None:
    """Return a raw tree, None where the bytes are not those of a tree."""
    return RawTree(data, size) if _pattern(_entry(size) + b"*+").fullmatch(data) else None


def _entry(size: int) -> bytes:
    """Return the pattern of one entry; it never tries another way to read the same bytes."""
    return rb"(?:[0-7]++ [^\0]*+\0.{%d})" % size


@lru_cache(maxsize=8)
def _pattern(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)
