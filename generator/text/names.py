"""Names of files: what may be one, which collide, and how any text is shown safely."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from generator.text.language import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Problems of names, in words.
WORDS = {
    "encoding": mark("名称不是 UTF-8 编码"),
    "control": mark("名称含有控制字符"),
    "bidi": mark("名称含有双向或零宽字符"),
    "windows": mark("名称是 Windows 的保留名"),
    "reserved": mark("名称是工具的保留名"),
    "charset": mark("名称含有不允许的字符"),
    "nfc": mark("名称的 Unicode 写法不规范"),
    "dot": mark("名称以点开头"),
    "dash": mark("名称以短横线开头，会被当作命令的选项"),
    "trailing": mark("名称以空格或点结尾，或以空格开头"),
    "long": mark("名称或路径过长"),
    "deep": mark("文件夹嵌套过深"),
}
SIZE_PROBLEMS = frozenset({"long", "deep"})
#: What is no ordinary file, by the kind of its entry.
KIND_WORDS = {
    "link": mark("这是链接，不会被读取"),
    "submodule": mark("这是子模块，不会被读取"),
    "other": mark("这不是普通文件"),
    "executable": mark("文件带有可执行权限"),
}

KIND_HINTS = {
    "link": mark("链接换成它指向的文件本身"),
    "submodule": mark("删去子模块，把要报送的文件本身放进来"),
    "other": mark("换成普通文件"),
    "executable": mark("不影响计分；想去掉的，运行 git update-index --chmod=-x 加上文件名"),
}
_RENAME = mark("改成别的名称，例如“方案.md”；记录里写着它的地方一并改")
NAME_HINTS = {
    "windows": _RENAME,
    "reserved": _RENAME,
    "trailing": mark("删去名称开头、结尾的空格和句点"),
    "dot": mark("删去名称开头的句点；不是材料的，删去这个文件"),
    "dash": mark("删去名称开头的短横线"),
    "long": mark("缩短文件名或文件夹名；记录里写着它的地方一并改"),
    "deep": mark("减少文件夹的层数"),
}

MAX_NAME_BYTES = 200
MAX_PATH = 200
MAX_DEPTH = 12

#: Devices of Windows; spaces before the extension do not make them files.
WINDOWS = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\..*)?",
    re.IGNORECASE,
)
#: Names that tools read by themselves, wherever they lie.
RESERVED = frozenset(
    {
        "codeowners", "makefile", "gnumakefile", "dockerfile", "containerfile", "vagrantfile",
        "jenkinsfile", "procfile", "justfile", "gemfile", "gemfile.lock", "rakefile",
        "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bunfig.toml",
        "tsconfig.json", "requirements.txt", "constraints.txt", "pyproject.toml", "setup.py",
        "setup.cfg", "pip.conf", "pip.ini", "pipfile", "pipfile.lock", "poetry.lock", "uv.lock",
        "uv.toml", "tox.ini", "pytest.ini", "noxfile.py", "conftest.py", "sitecustomize.py",
        "usercustomize.py", "pyvenv.cfg", "mkdocs.yml", "mkdocs.yaml", "_config.yml", "_headers",
        "_redirects", "cname", "web.config", "action.yml", "action.yaml", "docker-compose.yml",
        "docker-compose.yaml", "compose.yml", "compose.yaml", "cargo.toml", "cargo.lock", "go.mod",
        "go.sum", "go.work", "cmakelists.txt", "build.gradle", "pom.xml", "desktop.ini",
        "autorun.inf", "thumbs.db",
    }
)  # fmt: skip
#: What Windows calls `.git`, `.gitmodules` and their like for short.
SHORT_GIT = re.compile(r"(?:git[a-z]{0,3}|gi[0-9a-f]{4})~[0-9]+", re.IGNORECASE)
DOTTED = re.compile("[.\uff0e]")
#: A byte as addresses write it: `%2e%2e%2f` is `../` to whoever decodes it.
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
#: All that a name may hold. No other script: Cyrillic and Greek letters look like Latin ones.
#: Neither : nor # is in it, so that no name can be a command to a build log (`::x::`, `##[x]`).
ALLOWED = re.compile(
    "["
    r"A-Za-z0-9 ._+=@,;!~&'()\[\]{}$%^\-"
    # ° ± ² ³ · × ÷ – — ― ‘ ’ “ ” • … ℃ № Ⅰ ① ⑴ and their like
    r"\u00b0-\u00b3\u00b7\u00d7\u00f7\u2013-\u2015\u2018\u2019\u201c\u201d\u2022\u2026\u2103\u2116"
    r"\u2160-\u217f\u2460-\u2487"
    # ← ↑ → ↓ √ ■ □ ▲ △ ◆ ◇ ○ ◎ ● ★ ☆
    r"\u2190-\u2193\u221a\u25a0\u25a1\u25b2\u25b3\u25c6\u25c7\u25cb\u25ce\u25cf\u2605\u2606"
    # the wide space, 、 。 々 〇 〈 to 】 〔 to 〗 〜 ・ ㈠ to ㈩ ㎡
    r"\u3000\u3001\u3002\u3005\u3007-\u3011\u3014-\u3017\u301c\u30fb\u3220-\u3229\u33a1"
    # Han: the first block, extension A, compatibility, extensions B to H
    r"\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U000323af"
    # Full-width: ！ ＃ to ＆ （ ） ＋ to ． digits ： ； ＝ ？ ＠ letters ［ ］ ＿ ～ ￥
    r"\uff01\uff03-\uff06\uff08\uff09\uff0b-\uff0e\uff10-\uff1b\uff1d\uff1f-\uff3b\uff3d\uff3f"
    r"\uff41-\uff5a\uff5e\uffe5"
    "]+"
)
#: Characters that turn the text around, or that nobody sees.
BIDI = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
UNDECODED = re.compile("[\ud800-\udfff]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


@lru_cache(maxsize=8192)
def name_problem(name: str) -> str | None:
    """Return the key of what is wrong with one path component, None where it is fine.

    Keys, in this order: ``encoding`` ``control`` ``bidi`` ``windows`` ``dot`` ``dash``
    ``reserved`` ``trailing`` ``nfc`` ``charset`` ``long``.
    """
    allowed = ALLOWED.fullmatch(name) is not None and PERCENT.search(name) is None
    return (
        (None if allowed else _unseen(name))
        or _taken(name)
        or (None if unicodedata.is_normalized("NFC", name) else "nfc")
        or (None if allowed else "charset")
        or ("long" if len(name) * 4 > MAX_NAME_BYTES < len(name.encode("utf-8")) else None)
    )


def _unseen(name: str) -> str | None:
    """Return the key of what nobody sees in a name: undecoded bytes, controls, zero width."""
    if UNDECODED.search(name):
        return "encoding"
    if CONTROL.search(name):
        return "control"
    return "bidi" if BIDI.search(name) else None


def _taken(name: str) -> str | None:
    """Return the key of what systems and tools make of a name, or of its half-width form."""
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
    if WINDOWS.fullmatch(name) or WINDOWS.fullmatch(plain):
        return "windows"
    if DOTTED.match(name):
        return "dot"
    if name.startswith("-"):
        return "dash"
    if plain.strip().casefold() in RESERVED or SHORT_GIT.fullmatch(plain):
        return "reserved"
    return "trailing" if name != name.strip() or name.endswith(".") else None


def path_problem(path: str) -> str | None:
    """Return the key of the first thing wrong with a repository path, None where it is fine.

    A component's problem comes before ``deep`` (levels) and ``long`` (characters of the path).
    """
    parts = path.split("/")
    for part in parts:
        problem = name_problem(part)
        if problem is not None:
            return problem
    if len(parts) > MAX_DEPTH:
        return "deep"
    return "long" if len(path) > MAX_PATH else None


def folded(path: str) -> str:
    """Return what a path becomes on systems that ignore case and width."""
    once = unicodedata.normalize("NFKC", path).casefold()
    return unicodedata.normalize("NFKC", once)


def is_folded(path: str) -> bool:
    """Whether a path is surely what :func:`folded` makes of it."""
    return path.isascii() and path.islower()


def folders_of(paths: Iterable[str]) -> set[str]:
    """Return all folders in which something of these paths lies."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def collisions(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of paths that would overwrite each other elsewhere, in order.

    Of folders that collide the folders alone are named, not what lies in them.
    """
    every = sorted(paths)
    names = {*every, *folders_of(every)}
    if len({name if is_folded(name) else folded(name) for name in names}) == len(names):
        return []
    first: dict[str, str] = {}
    collides: dict[str, bool] = {}
    found: list[tuple[str, str]] = []
    for path in every:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if name not in collides:
                other = first.setdefault(name if is_folded(name) else folded(name), name)
                collides[name] = other != name
                if other != name:
                    found.append((other, name))
            if collides[name]:
                break
    return found


#: So much of a word of somebody else stands in a message.
SHORT = 60


def visible(text: str, limit: int = 120) -> str:
    r"""Return text that is safe to print, at most ``limit`` characters of it and then ``…``.

    What cannot be seen is written as ``\u000a``, beyond U+FFFF as ``\U000e0041``.
    """
    cut = text[:limit]
    if not cut.isascii() or not cut.isprintable():
        cut = "".join(char if is_shown(char) else _escaped(char) for char in cut)
    return cut + ("…" if len(text) > limit else "")


def is_shown(char: str) -> bool:
    """Whether a character is seen as itself."""
    return char == "\u3000" or (char.isprintable() and not BIDI.match(char))


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
