"""Small git repositories for tests: commits from a mapping of paths, raw trees, refs."""

from __future__ import annotations

import atexit
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

WHEN = "2025-06-01T12:00:00+08:00"


class GitRepo:
    """A repository below ``root`` on the branch ``main``; author and dates are fixed."""

    def __init__(self, root: Path, *, base: bool = True) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        if base and not any(root.iterdir()):
            with_base().copy(root)
            return
        self.git("init", "--quiet", "--initial-branch=main", "--template=")
        if base:
            self.commit_base()

    def copy(self, root: Path) -> GitRepo:
        """Return a copy below ``root``, which may be changed; nothing may wait for a commit."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        made = GitRepo.__new__(GitRepo)
        made.root = root
        made.git("update-index", "--refresh")
        return made

    def commit_base(self) -> None:
        """Begin with the base of the examples."""
        shutil.copytree(BASE, self.root, dirs_exist_ok=True)
        self.commit("base")

    def git(self, *arguments: str, data: bytes | None = None, when: str = WHEN) -> str:
        """Run git and return what it prints, without the last line end."""
        environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "example",
            "GIT_AUTHOR_EMAIL": "example@example.org",
            "GIT_COMMITTER_NAME": "example",
            "GIT_COMMITTER_EMAIL": "example@example.org",
            "GIT_AUTHOR_DATE": "2001-01-01T00:00:00+00:00",
            "GIT_COMMITTER_DATE": when,
        }
        done = subprocess.run(
            ["git", "-c", "gc.auto=0", *arguments],
            cwd=self.root,
            input=data,
            capture_output=True,
            check=True,
            env=environment,
        )
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def commit(self, message: str = "change", when: str = WHEN) -> str:
        """Commit all that lies in the working tree; return the commit's id."""
        self.git("add", "--all", "--force", when=when)
        self.git("commit", "--quiet", "--allow-empty", "-m", message, when=when)
        return self.git("rev-parse", "HEAD")

    def change(
        self,
        files: Mapping[str, str | bytes | None],
        *,
        start: str = "main",
        when: str = WHEN,
    ) -> str:
        """Commit files (None: removed) on top of ``start``; return the commit's id.

        Neither index nor working tree is touched: names may be such as no file system takes.
        """
        stamp = f"{int(datetime.fromisoformat(when).timestamp())} +0800"
        person = "example <example@example.org>"
        parts = [
            b"commit refs/heads/proposal\nmark :1\n",
            f"author {person} 978307200 +0000\ncommitter {person} {stamp}\n".encode(),
            b"data 6\nchange\n",
            # Not a name alone: fast-import knows the branches that it makes, and no others.
            f"from {start}^0\n".encode(),
        ]
        for path, content in files.items():
            name = quoted(path)
            if content is None:
                parts.append(b"D %s\n" % name)
            else:
                data = content.encode("utf-8") if isinstance(content, str) else content
                parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (name, len(data), data))
        parts.append(b"get-mark :1\n")
        return self.git("fast-import", "--quiet", "--force", data=b"".join(parts))

    def blob(self, content: bytes) -> str:
        """Store a blob; return its id."""
        return self.git("hash-object", "-w", "--stdin", data=content)

    def raw_tree(self, entries: list[tuple[str, bytes, str]]) -> str:
        """Store a tree with entries (mode, name, id) just as given; return its id."""
        data = b"".join(
            f"{mode} ".encode() + name + b"\0" + bytes.fromhex(blob) for mode, name, blob in entries
        )
        return self.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=data)

    def graft(self, path: str, mode: str, object_id: str, *, start: str = "main") -> str:
        """Commit ``start`` with one entry put at ``path`` through tree objects alone."""
        parts = path.split("/")
        for depth in range(len(parts) - 1, -1, -1):
            folder = "/".join(parts[:depth])
            treeish = f"{start}:{folder}" if folder else f"{start}^{{tree}}"
            try:
                listing = self.git("ls-tree", "-z", treeish)
            except subprocess.CalledProcessError:
                listing = ""
            lines = [
                line
                for line in listing.split("\0")
                if line and line.partition("\t")[2] != parts[depth]
            ]
            kind = {"040000": "tree", "160000": "commit"}.get(mode, "blob")
            lines.append(f"{mode} {kind} {object_id}\t{parts[depth]}")
            data = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
            object_id, mode = self.git("mktree", "-z", "--missing", data=data), "040000"
        return self.git("commit-tree", object_id, "-p", start, "-m", "graft")

    def merge(self, commit: str, *, when: str = WHEN) -> str:
        """Merge a commit into main with a merge commit; return its id."""
        self.git("checkout", "--quiet", "--force", "main")
        self.git("merge", "--quiet", "--no-ff", "-m", "merge", commit, when=when)
        return self.git("rev-parse", "HEAD")


@functools.cache
def with_base() -> GitRepo:
    """Return a repository of the base in one commit, made once a process, to be copied."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    repo = GitRepo(folder / "root", base=False)
    repo.commit_base()
    return repo


def quoted(path: str) -> bytes:
    """Return a path as ``git fast-import`` reads it, byte for byte."""
    raw = path.encode("utf-8", "surrogateescape")
    return b'"' + b"".join(b"\\%03o" % byte for byte in raw) + b'"'


def blob_id(data: bytes) -> str:
    """Return git's id of a content, worked out here."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324 - git's
