"""A package opened: a ZIP or a folder, with what it says of itself, and found to be whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Protocol

from generator import __version__
from generator.files.tree import READ_ONLY
from generator.proposals.packages.archive import MAX_ENTRIES, Member, members, unpack
from generator.proposals.packages.manifest import (
    MANIFEST,
    MAX_FILES,
    MAX_MANIFEST,
    Manifest,
    PackageError,
    check_total,
    read_manifest,
    release,
)
from generator.text.language import mark
from generator.text.messages import say
from generator.text.names import MAX_DEPTH, folded, visible
from generator.text.system import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

#: Largest archive that is opened: its files stored, and what an archive adds.
MAX_ARCHIVE = 220_000_000
DRIVE = re.compile("[A-Za-z]:")


class Source(Protocol):
    """Where the bytes of a package come from: an archive, a folder."""

    def listed(self, wanted: Collection[str]) -> Mapping[str, int]:
        """Return path → bytes of every file; ``wanted`` decides between readings of a name."""

    def first(self) -> bytes:
        """Return the bytes of package.json."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a listed file."""


class Package:
    """A package that is whole: what it says, and its files, each checked again when it is read."""

    def __init__(self, manifest: Manifest, source: Source) -> None:
        self.manifest = manifest
        self.source = source
        self._files = {file.path: file for file in manifest.files}

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises PackageError where it is not what was promised."""
        file = self._files[path]
        try:
            data = self.source.read(path)
        except OSError as error:
            raise unreadable(error) from error
        if len(data) != file.size or hashlib.sha256(data).hexdigest() != file.sha256:
            raise PackageError(
                say("“{path}”与 package.json 里写的大小或校验码不符", path=visible(path))
            )
        return data


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Give a package that is whole; raises PackageError, also for what cannot be read."""
    with contextlib.ExitStack() as stack:
        try:
            source = _source(path, stack)
            manifest = read_manifest(source.first())
            check_program(manifest.program)
            check_names(manifest.paths)
            check_clashes(manifest.paths)
            compare(manifest, source.listed({file.path for file in manifest.files}))
            package = Package(manifest, source)
            for file in manifest.files:
                package.read(file.path)
        except OSError as error:
            raise unreadable(error) from error
        yield package


def unreadable(error: OSError) -> PackageError:
    """Return what to say of a package that the system does not let us read."""
    return PackageError(say("读不了：{reason}", reason=reason(error)))


def check_program(program: str, own: str = __version__) -> None:
    """Refuse a package of a newer program: it may mean something that this one does not know."""
    if release(program) > release(own):
        raise PackageError(
            say(
                "报送包由 {program} 版程序生成，比这里的 {own} 版新：请先升级程序",
                program=program,
                own=own,
            )
        )


def compare(manifest: Manifest, there: Mapping[str, int]) -> None:
    """Refuse a file that is not listed, one that is listed and missing, and another size."""
    listed = {file.path: file.size for file in manifest.files}
    for path in sorted(there.keys() - listed.keys()):
        raise PackageError(
            say("报送包里有 package.json 没有列出的文件：{path}", path=visible(path))
        )
    for path in sorted(listed.keys() - there.keys()):
        raise PackageError(say("报送包里缺少 package.json 列出的文件：{path}", path=visible(path)))
    for path in sorted(listed):
        if listed[path] != there[path]:
            raise PackageError(
                say("“{path}”与 package.json 里写的大小或校验码不符", path=visible(path))
            )


def _source(path: Path, stack: contextlib.ExitStack) -> Source:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        return Folder(path)
    if not stat.S_ISREG(mode):
        raise PackageError(say("“{path}”不是文件或文件夹", path=visible(f"{path}")))
    file = stack.enter_context(path.open("rb"))
    if os.fstat(file.fileno()).st_size > MAX_ARCHIVE:
        raise PackageError(say("压缩包太大：超过 {n} MB", n=MAX_ARCHIVE // 1_000_000))
    return Archive(file)


class Archive:
    """A package in a ZIP archive."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        found = members(file)
        names = [member.names[0] for member in found if not member.is_folder]
        check_names([*names, *(member.names[0][:-1] for member in found if member.is_folder)])
        check_clashes(names)
        self.folders = [member for member in found if member.is_folder]
        self.files = [member for member in found if not member.is_folder]
        self._places: dict[str, Member] = {}

    def first(self) -> bytes:
        """Return the bytes of package.json."""
        there = [member for member in self.files if member.raw == MANIFEST.encode()]
        if len(there) != 1:
            deeper = any(member.raw.endswith(b"/" + MANIFEST.encode()) for member in self.files)
            raise without_manifest(deeper=deeper)
        if there[0].size > MAX_MANIFEST:
            raise PackageError(say("package.json 太大"))
        return unpack(self.file, there[0])

    def listed(self, wanted: Collection[str]) -> Mapping[str, int]:
        """Return path → bytes of every file but package.json; raises PackageError."""
        for member in self.files:
            meant = [name for name in member.names if name in wanted] or [member.names[0]]
            if len(meant) > 1 or meant[0] in self._places:
                raise PackageError(say("压缩包里有两个“{path}”", path=visible(meant[0])))
            if member.raw != MANIFEST.encode():
                self._places[meant[0]] = member
        check_clashes(self._places)
        self._check_folders()
        return {path: member.size for path, member in self._places.items()}

    def _check_folders(self) -> None:
        """Refuse a folder in which no file lies: nothing else is in a package."""
        for folder in self.folders:
            if not any(path.startswith(folder.names) for path in self._places):
                path = visible(folder.names[0])
                raise PackageError(say("报送包里有空文件夹“{path}”", path=path))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        return unpack(self.file, self._places[path])


class Folder:
    """A package that lies unpacked in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sizes: dict[str, int] = {}
        self._walk()
        check_clashes(self.sizes)
        check_total(sum(self.sizes.values()) - MAX_MANIFEST)

    def _walk(self) -> None:
        pending, seen = [""], 0
        while pending:
            folder = pending.pop()
            with os.scandir(self.root / folder) as scan:
                for item in scan:
                    seen += 1
                    path = f"{folder}{item.name}"
                    if seen > MAX_ENTRIES or path.count("/") > MAX_DEPTH:
                        raise PackageError(
                            say("文件夹里的文件太多：报送包最多 {limit} 个文件", limit=MAX_FILES)
                        )
                    self._take(path, item, pending)

    def _take(self, path: str, item: os.DirEntry[str], pending: list[str]) -> None:
        if item.is_dir(follow_symlinks=False):
            pending.append(f"{path}/")
        elif item.is_file(follow_symlinks=False):
            self.sizes[path] = item.stat(follow_symlinks=False).st_size
        else:
            raise PackageError(
                say("“{path}”是链接或不是普通文件，报送包里不能有", path=visible(path))
            )

    def first(self) -> bytes:
        """Return the bytes of package.json."""
        if MANIFEST not in self.sizes:
            deeper = any(path.endswith(f"/{MANIFEST}") for path in self.sizes)
            raise without_manifest(deeper=deeper)
        return self._read(MANIFEST, MAX_MANIFEST)

    def listed(self, wanted: Collection[str]) -> Mapping[str, int]:
        """Return path → bytes of every file but package.json."""
        del wanted
        return {path: size for path, size in self.sizes.items() if path != MANIFEST}

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        return self._read(path, self.sizes[path])

    def _read(self, path: str, most: int) -> bytes:
        """Return the bytes of a file, at most one more than it may have."""
        with os.fdopen(os.open(self.root / path, READ_ONLY), "rb") as file:
            return file.read(most + 1)


def without_manifest(*, deeper: bool) -> PackageError:
    """Return what to say of a package without package.json at its root."""
    if deeper:
        return PackageError(
            say("package.json 不在最上层：请压缩文件夹里面的内容，不要压缩外面的文件夹")
        )
    return PackageError(say("没有 package.json：这不是报送包"))


#: What is wrong with a name that leads somewhere → whether it does.
LEADS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (mark("“{path}”用了反斜杠"), lambda name: "\\" in name),
    (mark("“{path}”是绝对路径"), lambda name: name.startswith("/") or bool(DRIVE.match(name))),
    (
        mark("“{path}”的路径里有空的一段、. 或 .."),
        lambda name: not {"", ".", ".."}.isdisjoint(name.split("/")),
    ),
    (mark("“{path}”的名称里有控制字符"), lambda name: "\0" in name),
)


def check_names(names: Iterable[str]) -> None:
    """Refuse names that lead out of a folder, whatever the system; raises PackageError."""
    for name in names:
        for words, leads in LEADS:
            if leads(name):
                raise PackageError(say(words, path=visible(name)))


def check_clashes(names: Iterable[str]) -> None:
    """Refuse names that some system takes for one: case, form, dots and spaces at the end."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        key = key_of(name)
        if key in files:
            raise clash(files[key], name)
        files[key] = name
    for name in files.values():
        parts = name.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            key = key_of(folder)
            if key in files:
                raise clash(files[key], folder)
            if folders.setdefault(key, folder) != folder:
                raise clash(folders[key], folder)


def key_of(name: str) -> str:
    """Return what systems compare of a path."""
    return "/".join(part.rstrip(". ") for part in folded(name).split("/"))


def clash(one: str, other: str) -> PackageError:
    """Return what to say of two names that are one somewhere."""
    return PackageError(
        say(
            "“{one}”与“{other}”在部分电脑上是同一个名称，会互相覆盖",
            one=visible(one),
            other=visible(other),
        )
    )
