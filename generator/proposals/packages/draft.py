"""A commit that brings a package, made of objects alone: no working tree, no index is touched.

``aside`` keeps all objects that git makes in a folder of its own, which is gone afterwards, so
that a change can be judged that nobody has accepted.
"""

from __future__ import annotations

import hashlib
import struct
import tempfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.files.git import GitError, feed_git, run_git, telling
from generator.files.history import tree_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

#: A pack: its mark and version; the type of a blob in it.
PACK, BLOB = struct.Struct(">4s2L"), 3
FAST = 1
#: Who commits where git knows no name.
NOBODY = {"NAME": "appraise", "EMAIL": "appraise@localhost"}


class Writing(NamedTuple):
    """A file of a commit: its path, its blob id, and what gives its bytes."""

    path: str
    blob: str
    read: Callable[[], bytes]


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
    with (
        tempfile.TemporaryDirectory(prefix="appraise-") as folder,
        telling(GIT_INDEX_FILE=str(Path(folder) / "index")),
    ):
        run_git(root, "read-tree", tree_id(root, base))
        null = "0" * len(base)
        lines = [f"0 {null}\t{path}\0" for path in removed]
        lines += [f"100644 {file.blob}\t{file.path}\0" for file in written]
        given = [line.encode("utf-8") for line in lines]
        feed_git(root, ("update-index", "-z", "--index-info"), given)
        tree = run_git(root, "write-tree").decode("ascii").strip()
    with telling(**identity(root, seconds)):
        made = run_git(root, "commit-tree", tree, "-p", base, "-m", message)
    return made.decode("ascii").strip()


def identity(root: Path, seconds: int) -> dict[str, str]:
    """Return who commits, and when: who git says, or a name of the program's own."""
    told = {}
    for role in ("AUTHOR", "COMMITTER"):
        told[f"GIT_{role}_DATE"] = f"@{seconds} +0800"
        try:
            run_git(root, "-c", "user.useConfigOnly=true", "var", f"GIT_{role}_IDENT")
        except GitError:
            told |= {f"GIT_{role}_{name}": value for name, value in NOBODY.items()}
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
        run_git(root, "update-ref", "-m", "appraise import", ref, commit, "0" * len(commit))
    except GitError:
        if run_git(root, "rev-parse", "--verify", "--quiet", ref, accept=(0, 1)):
            return False
        raise
    return True
