"""Archives that are no packages, each refused for its own reason; and those that are, all read."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from generator.files.limits import MEGABYTE
from generator.proposals.packages import archive
from generator.proposals.packages.manifest import PackageError
from generator.proposals.packages.opened import opened
from generator.text.names import CONTROL
from tests.packing import (
    HOME,
    NOTE,
    PLAN,
    Entry,
    archived,
    as_json,
    entries_of,
    put,
    told,
    with_entry,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FILES = {PLAN: b"plan\n" * 50, NOTE: "说明\n".encode()}
LINK, PIPE, FOLDER = stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFDIR | 0o755
IRREGULAR, DAMAGED = "结构不合规矩", "已经损坏"
PACKED = Entry(b"", FILES[PLAN]).packed
BOMB = bytes(2 * MEGABYTE)


def ordinary() -> list[Entry]:
    return entries_of(told(FILES), FILES)


def named(*names: str) -> bytes:
    """Return a package with more files, all of which package.json lists."""
    files = {**FILES, **dict.fromkeys(names, b"x")}
    return zipped(files)


def described(mark: bytes) -> bytes:
    """Return a package as tools write it that pack while they read: figures stand behind data."""
    entries = []
    for entry in ordinary():
        told_later = entry.figures()
        figures = struct.pack("<3L", *(told_later[name] for name in ("crc", "packed", "size")))
        empty = {"crc": 0, "packed": 0, "size": 0, "flags": 0x808}
        entries.append(
            Entry(
                entry.name, entry.data, behind=mark + figures, flags=0x808,
                headed=empty, listed={"flags": 0x808},
            )
        )  # fmt: skip
    return archived(entries)


#: What is wrong with an archive → the archive, and words of the message.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "不是 ZIP"),
    "text": (lambda: b"hello\n" * 100, "不是 ZIP"),
    "cut off": (lambda: zipped(FILES)[:-30], "不是 ZIP"),
    "no entry": (lambda: archived([]), "0 项"),
    "no package.json": (lambda: archived(ordinary()[1:]), "没有 package.json"),
    "package.json deeper": (
        lambda: archived([Entry(b"x/package.json", as_json(told(FILES)))]), "不在最上层",
    ),
    "package.json twice": (lambda: archived([*ordinary(), ordinary()[0]]), "同一个名称"),
    "another case of package.json": (
        lambda: archived([*ordinary(), Entry(b"PACKAGE.json", b"{}")]), "同一个名称",
    ),
    "link": (lambda: with_entry(FILES, 1, mode=LINK), "链接"),
    "pipe": (lambda: with_entry(FILES, 1, mode=PIPE), "链接"),
    "folder under the name of a file": (lambda: with_entry(FILES, 1, mode=FOLDER), "链接"),
    "file under the name of a folder": (
        lambda: archived([*ordinary(), Entry(f"{HOME}/".encode())]), "链接",
    ),
    "link of Windows": (lambda: with_entry(FILES, 1, mode=0, attributes=0x400, system=0), "链接"),
    "device of Windows": (lambda: with_entry(FILES, 1, mode=0, attributes=0x40, system=0), "链接"),
    "absolute": (lambda: named("/etc/passwd"), "绝对路径"),
    "drive": (lambda: named("C:/x.md"), "绝对路径"),
    "up": (lambda: named(f"{HOME}/../../x.md"), ".."),
    "up at the front": (lambda: named("../x.md"), ".."),
    "dot": (lambda: named(f"{HOME}/./x.md"), ".."),
    "nothing between": (lambda: named(f"{HOME}//x.md"), ".."),
    "backslash": (lambda: named("branches\\demo-a\\x.md"), "反斜杠"),
    "zero byte": (lambda: named(f"{HOME}/a\0b.md"), "控制字符"),
    "case": (lambda: named(f"{HOME}/a.md", f"{HOME}/A.md"), "同一个名称"),
    "unicode form": (lambda: named(f"{HOME}/\u00e9.md", f"{HOME}/e\u0301.md"), "同一个名称"),
    "width": (lambda: named(f"{HOME}/ａ.md", f"{HOME}/a.md"), "同一个名称"),
    "dot at the end": (lambda: named(f"{HOME}/a", f"{HOME}/a."), "同一个名称"),
    "space at the end": (lambda: named(f"{HOME}/a", f"{HOME}/a "), "同一个名称"),
    "case of a folder": (lambda: named(f"{HOME}/x/a.md", f"{HOME}/X/b.md"), "同一个名称"),
    "file and folder": (lambda: named(f"{HOME}/x", f"{HOME}/x/b.md"), "同一个名称"),
    "twice": (lambda: archived([*ordinary(), ordinary()[1]]), "同一个名称"),
    "encrypted": (lambda: with_entry(FILES, 1, flags=0x801), "密码"),
    "strongly encrypted": (lambda: with_entry(FILES, 1, flags=0x841), "密码"),
    "masked head": (lambda: with_entry(FILES, 1, flags=0x2800), "密码"),
    "patched": (lambda: with_entry(FILES, 1, flags=0x820), IRREGULAR),
    "another method": (lambda: with_entry(FILES, 1, method=12), "压缩方式"),
    "another method in the head": (
        lambda: with_entry(FILES, 1, headed={"method": 0}), IRREGULAR,
    ),
    "bomb": (lambda: zipped({PLAN: BOMB}), "大得不正常"),
    "folder with data": (
        lambda: archived([*ordinary(), Entry(f"{HOME}/".encode(), b"x", mode=FOLDER)]), IRREGULAR,
    ),
    "empty folder": (
        lambda: archived([*ordinary(), Entry(b"branches/x/", mode=FOLDER)]), "空文件夹",
    ),
    "smaller than it is": (lambda: with_entry(FILES, 1, listed={"size": 10}), IRREGULAR),
    "smaller in both": (
        lambda: with_entry(FILES, 1, listed={"size": 10}, headed={"size": 10}), "大小",
    ),
    "larger in both": (
        lambda: with_entry(FILES, 1, listed={"size": 999}, headed={"size": 999}), "大小",
    ),
    "another crc in both": (
        lambda: with_entry(FILES, 1, listed={"crc": 1}, headed={"crc": 1}), DAMAGED,
    ),
    "another name in the head": (lambda: with_entry(FILES, 1, headed={"name": b"x"}), IRREGULAR),
    "stored and of two sizes": (
        lambda: with_entry(FILES, 1, method=0, listed={"size": 1}, headed={"size": 1}), DAMAGED,
    ),
    "damaged": (lambda: zipped(FILES).replace(PACKED[:6], b"\xff" * 6), DAMAGED),
    "overlapping": (
        lambda: archived([*ordinary(), Entry(b"x.md", b"", listed={"offset": 0})]), IRREGULAR,
    ),
    "behind the end": (lambda: with_entry(FILES, 1, listed={"offset": 10**6}), IRREGULAR),
    "before the first": (lambda: archived(ordinary(), before=b"MZ"), IRREGULAR),
    "between entries": (lambda: with_entry(FILES, 0, behind=b"hidden"), IRREGULAR),
    "behind the last": (lambda: archived(ordinary(), gap=b"hidden"), IRREGULAR),
    "behind everything": (lambda: archived(ordinary(), after=b"hidden"), IRREGULAR),
    "comment that is another end": (
        lambda: archived(ordinary(), comment=archived(ordinary())[-22:]), IRREGULAR,
    ),
    "more entries than there are": (lambda: archived(ordinary(), count=9, here=9), IRREGULAR),
    "fewer entries than there are": (lambda: archived(ordinary(), count=2, here=2), IRREGULAR),
    "several disks": (lambda: archived(ordinary(), disk=1), IRREGULAR),
    "zip64 count": (lambda: archived(ordinary(), count=0xFFFF, here=0xFFFF), "ZIP64"),
    "zip64 place": (lambda: archived(ordinary(), at=0xFFFFFFFF), "ZIP64"),
    "zip64 size": (lambda: with_entry(FILES, 1, listed={"size": 0xFFFFFFFF}), "ZIP64"),
    "too many entries": (
        lambda: archived([Entry(b"%d" % n) for n in range(archive.MAX_ENTRIES + 1)]), "4001 项",
    ),
    "too large a list": (lambda: archived(ordinary(), size=5_000_000), IRREGULAR),
    "more than 200 MB in all": (
        lambda: archived(
            [*ordinary(), *(Entry(b"%d" % n, listed={"size": 10**8, "packed": 10**7},
                                  headed={"size": 10**8, "packed": 10**7}) for n in range(3))]
        ), "200 MB",
    ),
    "not listed": (lambda: archived([*ordinary(), Entry(b"x.md", b"x")]), "没有列出"),
    "missing": (lambda: archived(ordinary()[:2]), "缺少"),
    "another digest": (
        lambda: archived(entries_of(told(FILES), {**FILES, PLAN: b"PLAN\n" * 50})), "校验码",
    ),
    "another size": (lambda: archived(entries_of(told(FILES), {**FILES, PLAN: b"x"})), "大小"),
    "a name that never ends": (
        lambda: archived([*ordinary(), Entry(b"a/" * 30_000 + b"x")]), IRREGULAR,
    ),
    "a name in no encoding": (lambda: with_entry(FILES, 2, name=b"\xff\xff", flags=0), "读不出"),
    "a name that is not the UTF-8 it says": (
        lambda: with_entry(FILES, 2, name=NOTE.encode("gb18030")), "读不出",
    ),
    "a Chinese name that is not listed": (
        lambda: with_entry(FILES, 2, name=f"{HOME}/别的.md".encode("gb18030"), flags=0), "没有列出",
    ),
}  # fmt: skip


def refusal(path: Path) -> str:
    """Return why a package is refused."""
    with pytest.raises(PackageError) as caught, opened(path):
        pass
    words = f"{caught.value.words}"
    assert not CONTROL.search(words)
    return words


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_for_its_own_reason(what: str, tmp_path: Path) -> None:
    make, words = HOSTILE[what]
    path = tmp_path / "p.zip"
    path.write_bytes(make())
    assert words in refusal(path)
    assert [item.name for item in tmp_path.iterdir()] == ["p.zip"]


def test_nothing_is_unpacked_of_what_is_refused_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr("generator.proposals.packages.opened.unpack", never)
    for what in ("link", "absolute", "up", "case", "twice", "bomb", "encrypted", "overlapping"):
        path = tmp_path / "p.zip"
        path.write_bytes(HOSTILE[what][0]())
        refusal(path)


def python_zip(method: int, name_of: Callable[[str], zipfile.ZipInfo | str] = str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for path, data in {**FILES, "package.json": as_json(told(FILES))}.items():
            made.writestr(name_of(path), data)
    return target.getvalue()


SOUND: dict[str, Callable[[], bytes]] = {
    "ours": lambda: zipped(FILES),
    "stored": lambda: python_zip(zipfile.ZIP_STORED),
    "deflated": lambda: python_zip(zipfile.ZIP_DEFLATED),
    "figures behind the data": lambda: described(b"PK\x07\x08"),
    "figures behind the data, unmarked": lambda: described(b""),
    "a comment": lambda: archived(ordinary(), comment="2025 年报送".encode("gb18030")),
    "folders beside the files": lambda: archived(
        [Entry(f"{HOME}/".encode(), mode=FOLDER, attributes=0x10, method=0), *ordinary()]
    ),
    "notes of a system": lambda: with_entry(FILES, 1, extra=b"UT\x05\x00\x01\x00\x00\x00\x00"),
    "a name in GBK": lambda: with_entry(FILES, 2, name=NOTE.encode("gbk"), flags=0, system=0),
    "a name in UTF-8 that does not say so": lambda: with_entry(FILES, 2, flags=0),
    "everything may be executed": lambda: with_entry(FILES, 1, mode=0o100777),
    "files of Windows": lambda: with_entry(FILES, 1, mode=0, attributes=0x20, system=0),
}


@pytest.mark.parametrize("what", SOUND)
def test_sound_archives_of_any_tool_are_read(what: str, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(SOUND[what]())
    with opened(path) as package:
        assert {file.path: package.read(file.path) for file in package.manifest.files} == FILES


def test_a_folder_is_a_package_as_well(tmp_path: Path) -> None:
    with opened(put(tmp_path / "p", told(FILES), FILES)) as package:
        assert {file.path: package.read(file.path) for file in package.manifest.files} == FILES


def many(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / name).touch()


FOLDERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "link": (lambda p: (p / HOME / "x.md").symlink_to("/etc/passwd"), "链接"),
    "link to a folder": (lambda p: (p / "x").symlink_to("/etc"), "链接"),
    "pipe": (lambda p: os.mkfifo(p / "x"), "链接"),
    "not listed": (lambda p: (p / "x.md").write_bytes(b"x"), "没有列出"),
    "missing": (lambda p: (p / PLAN).unlink(), "缺少"),
    "another content": (lambda p: (p / PLAN).write_bytes(b"PLAN\n" * 50), "校验码"),
    "no package.json": (lambda p: (p / "package.json").unlink(), "没有 package.json"),
    "package.json deeper": (
        lambda p: (p / "package.json").rename(p / "branches/package.json"), "不在最上层",
    ),
    "too many": (
        lambda p: many(p, map(str, range(archive.MAX_ENTRIES + 1))), "太多",
    ),
    "too deep": (lambda p: (p / "/".join("abcdefghijklmnop")).mkdir(parents=True), "太多"),
    "clash": (lambda p: many(p / HOME, ("a.md", "A.md")), "同一个名称"),
}  # fmt: skip


@pytest.mark.parametrize("what", FOLDERS)
def test_a_folder_is_held_to_the_same(what: str, tmp_path: Path) -> None:
    folder = put(tmp_path / "p", told(FILES), FILES)
    spoil, words = FOLDERS[what]
    spoil(folder)
    assert words in refusal(folder)


def test_a_folder_may_be_as_deep_as_a_path_may_be(tmp_path: Path) -> None:
    deep = f"{HOME}/{'x/' * 9}a.md"
    with opened(put(tmp_path / "p", told({deep: b"x"}), {deep: b"x"})) as package:
        assert package.read(deep) == b"x"


def test_what_is_neither_is_told(tmp_path: Path) -> None:
    assert "没有这个文件" in refusal(tmp_path / "nothing.zip")
    os.mkfifo(tmp_path / "pipe.zip")
    assert "不是文件或文件夹" in refusal(tmp_path / "pipe.zip")


def test_a_file_that_changes_after_it_was_looked_at_is_noticed(tmp_path: Path) -> None:
    folder = put(tmp_path / "p", told(FILES), FILES)
    with opened(folder) as package:
        (folder / PLAN).write_bytes(b"PLAN\n" * 50)
        with pytest.raises(PackageError):
            package.read(PLAN)


def test_damage_at_any_byte_is_harmless(tmp_path: Path) -> None:
    """Whatever one byte becomes: the same files, or a refusal in words."""
    data = zipped({PLAN: FILES[PLAN]})
    path = tmp_path / "p.zip"
    for place in range(0, len(data), 3):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :])
        with contextlib.suppress(PackageError), opened(path) as package:
            assert package.read(PLAN) == FILES[PLAN]
