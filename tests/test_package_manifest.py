"""package.json, read strictly: every slip is refused and named, whatever its size or depth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import __version__
from generator.proposals.packages.manifest import (
    MAX_MANIFEST,
    PackageError,
    read_manifest,
    release,
)
from generator.proposals.packages.opened import check_program
from tests.packing import COMMIT, HOME, PLAN, as_json, told

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = {PLAN: b"plan"}
BLOB = "ab" * 20


def changed(**otherwise: Any) -> bytes:
    return as_json({**told(FILES), **otherwise})


def without(key: str) -> bytes:
    document = told(FILES)
    del document[key]
    return as_json(document)


def of_file(**otherwise: Any) -> bytes:
    document = told(FILES)
    document["files"][0] |= otherwise
    return as_json(document)


def text(**replaced: str) -> bytes:
    whole = json.dumps(told(FILES))
    for old, new in replaced.items():
        whole = whole.replace(f'"{old}":', new, 1)
    return whole.encode("utf-8")


#: What package.json may not be → words of the message.
WRONG: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "不是完整的 JSON"),
    "cut off": (lambda: changed()[:-2], "不是完整的 JSON"),
    "something behind it": (lambda: changed() + b"{}", "不是完整的 JSON"),
    "not UTF-8": (lambda: changed(made="年").decode().encode("gbk"), "不是 UTF-8"),
    "UTF-16": (lambda: changed().decode().encode("utf-16"), "不是 UTF-8"),
    "byte-order mark": (lambda: b"\xef\xbb\xbf" + changed(), "不是完整的 JSON"),
    "a list": (lambda: b"[]", "最外层"),
    "a number": (lambda: b"1", "最外层"),
    "too large": (lambda: changed() + b" " * MAX_MANIFEST, "太大"),
    "deep lists": (lambda: b"[" * 900_000, "套得太深"),
    "deep objects": (lambda: b'{"a":' * 300_000, "套得太深"),
    "key twice": (lambda: text(year='"year": 2024, "year":'), "“year”写了两次"),
    "key twice in a file": (lambda: text(size='"size": 1, "size":'), "“size”写了两次"),
    "fraction": (lambda: changed(year=2025.0), "整数"),
    "not a number": (lambda: changed(year=float("nan")), "整数"),
    "infinite": (lambda: changed(year=float("inf")), "整数"),
    "huge number": (lambda: text(size='"size": 1' + "0" * 5000 + ', "x":'), "数字太大"),
    "no schema": (lambda: without("schema"), "schema"),
    "another schema": (lambda: changed(schema="appraisal-results/1"), "schema"),
    "a newer schema": (lambda: changed(schema="appraisal-package/2"), "比本程序新"),
    "a list as schema": (lambda: changed(schema=["appraisal-package/1"]), "schema"),
    "unknown key": (lambda: changed(author="x"), "不认识的 author"),
    "unknown key in base": (lambda: changed(base={"commit": COMMIT, "x": 1}), "不认识的 base.x"),
    "unknown key of a file": (lambda: of_file(mode="100755"), "不认识的 files[0].mode"),
    "no branch": (lambda: without("branch"), "缺少 branch"),
    "no year": (lambda: without("year"), "缺少 year"),
    "no program": (lambda: without("program"), "缺少 program"),
    "no files": (lambda: without("files"), "缺少 files"),
    "nothing in it": (lambda: as_json(told({})), "没有任何文件"),
    "branch with a slash": (lambda: changed(branch="demo-a/2025"), "branch"),
    "branch that leads up": (lambda: changed(branch=".."), "branch"),
    "branch that is too long": (lambda: changed(branch="a" * 41), "branch"),
    "year as text": (lambda: changed(year="2025"), "year"),
    "year as yes": (lambda: changed(year=True), "year"),
    "year of three digits": (lambda: changed(year=999), "year"),
    "negative year": (lambda: changed(year=-2025), "year"),
    "made that is no moment": (lambda: changed(made="2025-13-10T09:30:00+08:00"), "made"),
    "made without an offset": (lambda: changed(made="2025-12-10T09:30:00"), "made"),
    "program that is no version": (lambda: changed(program="newest"), "program"),
    "long program": (lambda: changed(program="1." * 5000), "program"),
    "base that is text": (lambda: changed(base=COMMIT), "base"),
    "base that is no commit": (lambda: changed(base={"commit": "main"}), "base.commit"),
    "files that are an object": (lambda: changed(files={}), "files"),
    "a file that is text": (lambda: changed(files=[PLAN]), "files[0]"),
    "path that is a number": (lambda: of_file(path=1), "files[0].path"),
    "path that is empty": (lambda: of_file(path=""), "files[0].path"),
    "half a character": (
        lambda: of_file(path="HALF").replace(b"HALF", b"\\ud800"), "files[0].path",
    ),
    "digest in capitals": (lambda: of_file(sha256="AB" * 32), "files[0].sha256"),
    "short digest": (lambda: of_file(sha256="ab"), "files[0].sha256"),
    "negative size": (lambda: of_file(size=-1), "files[0].size"),
    "size as text": (lambda: of_file(size="4"), "files[0].size"),
    "size as yes": (lambda: of_file(size=True), "files[0].size"),
    "more than 200 MB": (lambda: of_file(size=200_000_001), "200 MB"),
    "from that is no blob": (lambda: of_file(**{"from": "HEAD"}), "files[0].from"),
    "removed without from": (
        lambda: changed(removed=[{"path": f"{HOME}/x.md", "from": None}]), "removed[0].from",
    ),
    "a path twice": (
        lambda: changed(removed=[{"path": PLAN, "from": BLOB}]), "写了 2 次",
    ),
    "too many files": (
        lambda: as_json(told({f"{HOME}/{n}.md": b"" for n in range(1001)})), "1001 个文件",
    ),
    "too many with what goes": (
        lambda: as_json(
            told(
                {f"{HOME}/{n}.md": b"" for n in range(600)},
                removed={f"{HOME}/{n}.txt": BLOB for n in range(600)},
            )
        ), "1200 个文件",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_named(what: str) -> None:
    make, words = WRONG[what]
    with pytest.raises(PackageError) as caught:
        read_manifest(make())
    assert words in f"{caught.value.words}"


def test_what_may_be_left_out() -> None:
    assert read_manifest(changed(base=None, made=None)).base is None
    assert read_manifest(without("base")).base is None
    assert read_manifest(changed(base={"commit": "0123abc"})).base == "0123abc"
    assert read_manifest(changed(made="2025-12-10T01:30:00.123Z")).made
    assert read_manifest(without("removed")).removed == ()
    assert read_manifest(changed(branch=None)).branch is None
    assert read_manifest(of_file(**{"from": "ab" * 32})).files[0].replaces == "ab" * 32


def test_bounds_may_be_reached() -> None:
    assert read_manifest(of_file(size=200_000_000)).files[0].size == 200_000_000
    assert read_manifest(of_file(size=0)).files[0].size == 0
    many = {f"{HOME}/{number}.md": b"" for number in range(1_000)}
    assert len(read_manifest(as_json(told(many))).files) == 1_000
    half = dict(list(many.items())[:500])
    rest = dict.fromkeys(list(many)[500:], BLOB)
    assert len(read_manifest(as_json(told(half, removed=rest))).paths) == 1_000
    assert read_manifest(of_file(path="a" * 1_000)).files
    with pytest.raises(PackageError):
        read_manifest(of_file(path="a" * 1_001))
    assert read_manifest(changed() + b" " * (MAX_MANIFEST - len(changed())))
    assert read_manifest(changed(year=1000)).year == 1000


def test_it_is_written_as_it_is_read() -> None:
    document = told(FILES, {PLAN: BLOB}, {f"{HOME}/说明.md": BLOB})
    manifest = read_manifest(as_json(document))
    assert json.loads(manifest.data) == document
    assert read_manifest(manifest.data) == manifest


def test_the_digest_is_of_what_the_package_does() -> None:
    first = read_manifest(changed())
    assert first.digest == read_manifest(changed(made=None, base=None, program="0.0.1")).digest
    for other in (changed(branch="demo-b"), changed(year=2024), of_file(size=4, sha256="ab" * 32)):
        assert read_manifest(other).digest != first.digest
    assert read_manifest(as_json(told(FILES, {PLAN: BLOB}))).digest != first.digest


@pytest.mark.parametrize(
    ("program", "own", "newer"),
    [
        ("0.1.0", "0.1.0", False), ("0.1.1", "0.1.0", True), ("0.1", "0.1.0", False),
        ("0.1.0.0", "0.1", False), ("1.10.0", "1.9.0", True), ("1.9.0", "1.10.0", False),
        ("2", "1.99.99", True), ("0.1.0rc1", "0.1.0", False), ("0.2.0+local", "0.1.0", True),
    ],
)  # fmt: skip
def test_a_newer_program_is_refused(program: str, own: str, newer: bool) -> None:
    assert (release(program) > release(own)) is newer
    if newer:
        with pytest.raises(PackageError) as caught:
            check_program(program, own)
        assert program in f"{caught.value.words}"
        assert own in f"{caught.value.words}"
    else:
        check_program(program, own)


def test_the_program_reads_its_own_version() -> None:
    check_program(__version__)
    assert release(__version__)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda each:
       st.lists(each) | st.dictionaries(st.text(), each), max_leaves=8))  # fmt: skip
def test_any_json_is_refused_in_words(document: object) -> None:
    with pytest.raises(PackageError) as caught:
        read_manifest(json.dumps(document).encode())
    assert f"{caught.value.words}" != ""
