"""A commit that brings a package, made of objects alone: no working tree, no index is touched.

``aside`` keeps all objects that git makes in a folder of its own, which is gone afterwards, so
that a change can be judged that nobody has accepted.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import UnstoredError, feed_git, run_git, telling
from generator.files.writing import UnwrittenError
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

#: A pack: its mark and version; the type of a blob in it.
PACK, BLOB = struct.Struct(">4s2L"), 3
FAST = 1
#: Who commits where git knows no name.
NOBODY = {"name": "appraise", "email": "appraise@localhost"}


class Writing(NamedTuple):
    """A file of a commit: its path, its blob id, and what gives its bytes."""

    path: str
    blob: str
    read: Callable[[], bytes]


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that is gone afterwards; raises UnwrittenError where there can be none."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="appraise-", ignore_cleanup_errors=True)
    except OSError as error:
        raise UnwrittenError(reason(error)) from error
    with folder as name:
        yield Path(name)


@contextmanager
def aside(root: Path) -> Iterator[None]:
    """Let git put new objects where nobody else sees them; they are gone afterwards."""
    told = run_git(root, "rev-parse", "--path-format=absolute", "--git-path", "objects")
    real = told.decode("utf-8", "surrogateescape").rstrip("\n")
    with tempfile.TemporaryDirectory(prefix="appraise-", ignore_cleanup_errors=True) as folder:
        quoted = real.replace("\\", "\\\\").replace('"', '\\"')
        with telling(GIT_OBJECT_DIRECTORY=folder, GIT_ALTERNATE_OBJECT_DIRECTORIES=f'"{quoted}"'):
            yield


def draft(
    root: Path,
    base: str,
    files: Iterable[Writing],
    removed: Iterable[str],
    message: str,
    seconds: int,
) -> str:
    """Return a new commit upon a base; raises GitError. Nothing names it yet."""
    written = list(files)
    store(root, {file.blob: file.read for file in written})
    with scratch() as folder, telling(GIT_INDEX_FILE=f"{folder / 'index'}"):
        feed_git(root, ("read-tree", base))
        null = "0" * len(base)
        lines = [f"0 {null}\t{path}\0" for path in removed]
        lines += [f"100644 {file.blob}\t{file.path}\0" for file in written]
        given = [line.encode("utf-8") for line in lines]
        feed_git(root, ("update-index", "-z", "--index-info"), given)
        tree = feed_git(root, ("write-tree",)).decode("ascii").strip()
    with telling(**identity(root, seconds)):
        made = feed_git(root, ("commit-tree", tree, "-p", base, "-m", message))
    return made.decode("ascii").strip()


def identity(root: Path, seconds: int) -> dict[str, str]:
    """Return who commits, and when: who git knows, or where it does not a name of our own."""
    asked = ("config", "--name-only", "--get-regexp", r"^(user|author|committer)\.(name|email)$")
    known = set(run_git(root, *asked, accept=(0, 1)).decode("utf-8", "replace").split())
    told = {}
    for role in ("author", "committer"):
        told[f"GIT_{role.upper()}_DATE"] = f"@{seconds} +0800"
        for part, own in NOBODY.items():
            name = f"GIT_{role.upper()}_{part.upper()}"
            if name not in os.environ and known.isdisjoint({f"user.{part}", f"{role}.{part}"}):
                told[name] = own
    return told


def store(root: Path, contents: Mapping[str, Callable[[], bytes]]) -> None:
    """Let git keep some contents as blobs; raises GitError."""
    if contents:
        feed_git(root, ("unpack-objects", "-q"), packed(contents))


def packed(contents: Mapping[str, Callable[[], bytes]]) -> Iterator[bytes]:
    """Yield a pack of blobs, one content at a time; ids say which digest the repository has."""
    digest = hashlib.sha256() if len(next(iter(contents))) == 64 else hashlib.new("sha1")  # noqa: S324 - git's own

    def parts() -> Iterator[bytes]:
        yield PACK.pack(b"PACK", 2, len(contents))
        for read in contents.values():
            data = read()
            yield head_of(len(data))
            yield zlib.compress(data, FAST)

    for part in parts():
        digest.update(part)
        yield part
    yield digest.digest()


def head_of(size: int) -> bytes:
    """Return what stands before a blob of so many bytes in a pack."""
    head, rest = [BLOB << 4 | size & 15], size >> 4
    while rest:
        head[-1] |= 128
        head.append(rest & 127)
        rest >>= 7
    return bytes(head)


def name_commit(root: Path, ref: str, commit: str) -> bool:
    """Give a commit a name that is not in use yet; return whether it was free. Raises GitError."""
    try:
        feed_git(root, ("update-ref", "-m", "appraise import", ref, commit, "0" * len(commit)))
    except UnstoredError:
        if run_git(root, "rev-parse", "--verify", "--quiet", ref, accept=(0, 1)):
            return False
        raise
    return True
