"""``package.json``: what a package says of itself, read strictly and written in one form."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

# Any: JSON of a file; every value is read by a function that raises for another type.
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from generator.files.limits import MAX_BRANCH_YEAR
from generator.files.paths import YEAR, is_branch_id
from generator.text.messages import Words, say
from generator.text.names import SHORT, UNDECODED, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Check = Callable[[object], bool]

SCHEMA = "appraisal-package/1"
FAMILY = "appraisal-package/"
MANIFEST = "package.json"
#: Files of a package, removed ones included; bytes of all together, and of package.json.
MAX_FILES = 1_000
MAX_BYTES = MAX_BRANCH_YEAR
MAX_MANIFEST = 2_000_000
#: Brackets within brackets: the document, a list, an entry.
MAX_DEPTH = 4
MAX_TEXT = 1_000
DIGITS = 15

HEX64, BLOB = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")
#: A commit that need not exist here: nothing depends on it.
COMMIT = re.compile("[0-9a-f]{4,64}")
VERSION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6}){0,3})(?:[-+.a-z][-+.0-9A-Za-z]{0,40})?")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
#: What matters to depth: texts are skipped whole.
MARKS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)


class PackageError(Exception):
    """A package cannot be read as one: says why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


class File(NamedTuple):
    """A file that a package brings, whole; ``replaces`` is the blob it was made from, or None."""

    path: str
    sha256: str
    size: int
    replaces: str | None


class Removed(NamedTuple):
    """A file that a package takes away, and the blob that it had."""

    path: str
    replaces: str


@dataclass(frozen=True)
class Manifest:
    """What a package says of itself; ``branch`` is None for the committee's own.

    ``made`` is a moment in ISO 8601, ``base`` the commit that the sender's files came from; both
    are None where there was no history. Nothing depends on either.
    """

    branch: str | None
    year: int
    made: str | None
    program: str
    base: str | None
    files: tuple[File, ...]
    removed: tuple[Removed, ...] = ()

    @property
    def paths(self) -> list[str]:
        """Every path that the package changes."""
        return [*(file.path for file in self.files), *(gone.path for gone in self.removed)]

    @cached_property
    def data(self) -> bytes:
        """The bytes of its package.json, in the one form that the program writes."""
        document = {
            "schema": SCHEMA,
            "branch": self.branch,
            "year": self.year,
            "made": self.made,
            "program": self.program,
            "base": {"commit": self.base},
            "files": [
                {"path": f.path, "sha256": f.sha256, "size": f.size, "from": f.replaces}
                for f in self.files
            ],
            "removed": [{"path": r.path, "from": r.replaces} for r in self.removed],
        }
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")

    @cached_property
    def digest(self) -> str:
        """Sha-256 over what the package does: whose, which year, which files; 64 hex digits.

        Neither when, by which program nor from which commit it was made is in it.
        """
        told = [
            self.branch,
            self.year,
            sorted([f.path, f.sha256, f.replaces] for f in self.files),
            sorted([r.path, r.replaces] for r in self.removed),
        ]
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


def release(program: str) -> tuple[int, ...]:
    """Return a version as numbers that compare; what stands behind them is left out."""
    found = VERSION.fullmatch(program)
    numbers = [int(part) for part in found[1].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def read_manifest(data: bytes) -> Manifest:
    """Read package.json; raises PackageError for anything that is not exactly one."""
    document = _document(data)
    schema = document.get("schema")
    if schema != SCHEMA:
        if isinstance(schema, str) and schema.startswith(FAMILY):
            raise PackageError(
                say("报送包的格式 {schema} 比本程序新，请先升级程序", schema=visible(schema, SHORT))
            )
        raise PackageError(say("package.json 里没有写 schema: {schema}", schema=SCHEMA))
    _keys(document, TOP, TOP_OPTIONAL, "")
    base = document.get("base")
    if base is not None:
        _keys(base, BASE, frozenset(), "base")
    files = _entries(document["files"], FILE, "files")
    removed = _entries(document.get("removed", []), REMOVED, "removed")
    manifest = Manifest(
        document["branch"],
        document["year"],
        document["made"],
        document["program"],
        base["commit"] if base is not None else None,
        tuple(File(f["path"], f["sha256"], f["size"], f["from"]) for f in files),
        tuple(Removed(r["path"], r["from"]) for r in removed),
    )
    _bounds(manifest)
    return manifest


def _bounds(manifest: Manifest) -> None:
    """Refuse too many files, too many bytes, and a path that stands twice."""
    paths = manifest.paths
    if not paths:
        raise PackageError(say("报送包里没有任何文件"))
    if len(paths) > MAX_FILES:
        raise PackageError(
            say("报送包有 {n} 个文件，上限 {limit} 个", n=len(paths), limit=MAX_FILES)
        )
    check_total(sum(file.size for file in manifest.files))
    path, times = Counter(paths).most_common(1)[0]
    if times > 1:
        raise PackageError(say("package.json 里“{path}”写了 {n} 次", path=visible(path), n=times))


def check_total(size: int) -> None:
    """Refuse more bytes than a package may hold."""
    if size > MAX_BYTES:
        raise PackageError(say("报送包里的文件共超过 {n} MB", n=MAX_BYTES // 1_000_000))


def _document(data: bytes) -> dict[str, Any]:
    """Return package.json as an object whose keys stand once; raises PackageError."""
    if len(data) > MAX_MANIFEST:
        raise PackageError(say("package.json 太大"))
    try:
        text = data.decode("utf-8")
        if _is_deep(text):
            raise PackageError(say("package.json 的括号套得太深"))
        found = json.loads(
            text, object_pairs_hook=_once, parse_int=_whole, parse_float=_none, parse_constant=_none
        )
    except UnicodeDecodeError:
        raise PackageError(say("package.json 不是 UTF-8 编码")) from None
    except ValueError:
        raise PackageError(say("package.json 不是完整的 JSON 文件")) from None
    if not isinstance(found, dict):
        raise PackageError(say("package.json 的最外层应是花括号里的一组值"))
    return found


def _is_deep(text: str) -> bool:
    """Whether brackets stand deeper in brackets than they may, texts left out."""
    depth = 0
    for found in MARKS.finditer(text):
        if found[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif found[0] in "]}":
            depth -= 1
    return False


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return an object; raises PackageError where a key stands twice."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise PackageError(say("package.json 里“{key}”写了两次", key=visible(name, SHORT)))
        found[name] = value
    return found


def _whole(text: str) -> int:
    if len(text) > DIGITS:
        raise PackageError(say("package.json 里的数字太大"))
    return int(text)


def _none(text: str) -> NoReturn:
    raise PackageError(say("package.json 里只能写整数，不能写 {text}", text=visible(text, SHORT)))


def _keys(value: object, known: Mapping[str, Check], optional: frozenset[str], at: str) -> None:
    """Refuse anything but an object with these keys and values of these kinds."""
    if not isinstance(value, dict):
        raise PackageError(say("package.json 的 {at} 应是花括号里的一组值", at=at))
    lead = f"{at}." if at else ""
    for name in value:
        if name not in known:
            raise PackageError(
                say("package.json 里有不认识的 {key}", key=lead + visible(name, SHORT))
            )
    for name, check in known.items():
        if name not in value:
            if name not in optional:
                raise PackageError(say("package.json 里缺少 {key}", key=lead + name))
        elif not check(value[name]):
            raise PackageError(say("package.json 的 {key} 不合格式", key=lead + name))


def _entries(value: object, known: Mapping[str, Check], at: str) -> list[dict[str, Any]]:
    """Return a list of objects with these keys; raises PackageError."""
    if not isinstance(value, list):
        raise PackageError(say("package.json 的 {at} 应是方括号里的一列", at=at))
    if len(value) > MAX_FILES:
        raise PackageError(
            say("报送包有 {n} 个文件，上限 {limit} 个", n=len(value), limit=MAX_FILES)
        )
    for number, entry in enumerate(value):
        _keys(entry, known, frozenset(), f"{at}[{number}]")
    return value


def _text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT and UNDECODED.search(value) is None


def _like(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _year(value: object) -> bool:
    return _number(value) and YEAR.fullmatch(f"{value}") is not None


def _size(value: object) -> bool:
    return isinstance(value, int) and _number(value) and value >= 0


def _moment(value: object) -> bool:
    if not isinstance(value, str) or MOMENT.fullmatch(value) is None:
        return False
    try:
        datetime.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _branch(value: object) -> bool:
    return isinstance(value, str) and is_branch_id(value)


TOP: dict[str, Check] = {
    "schema": _text,
    "branch": _or_none(_branch),
    "year": _year,
    "made": _or_none(_moment),
    "program": _like(VERSION),
    "base": lambda value: value is None or isinstance(value, dict),
    "files": lambda value: isinstance(value, list),
    "removed": lambda value: isinstance(value, list),
}
TOP_OPTIONAL = frozenset({"base", "removed"})
BASE: dict[str, Check] = {"commit": _or_none(_like(COMMIT))}
FILE: dict[str, Check] = {
    "path": _text,
    "sha256": _like(HEX64),
    "size": _size,
    "from": _or_none(_like(BLOB)),
}
REMOVED: dict[str, Check] = {"path": _text, "from": _like(BLOB)}
