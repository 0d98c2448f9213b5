"""Names of files: what may be one, which collide, and how any text is shown safely."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_NAME_BYTES = 200
MAX_PATH = 200
MAX_DEPTH = 12

WINDOWS = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\..*)?",
    re.IGNORECASE,
)
#: Names that tools read by themselves, wherever they lie.
RESERVED = frozenset(
    {
        "codeowners", "makefile", "dockerfile", "package.json", "package-lock.json",
        "requirements.txt", "pyproject.toml", "setup.py", "setup.cfg", "pip.conf", "pip.ini",
        "tox.ini", "conftest.py", "sitecustomize.py", "usercustomize.py", "mkdocs.yml",
        "action.yml", "action.yaml", "desktop.ini", "thumbs.db", "git~1",
    }
)  # fmt: skip
#: Letters, digits and marks that a name may hold: ASCII, Chinese, and punctuation in use.
ALLOWED = re.compile(
    r"[A-Za-z0-9 ._+=@,;!~&'()\[\]{}$%^\-"
    r"\u00b7\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2022\u2103"
    r"\u3001\u3002\u3005\u3007-\u3011\u3014-\u3017"
    r"\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\U00020000-\U000323af"
    r"\uff01\uff08\uff09\uff0b-\uff0e\uff1a\uff1b\uff1f\uff3b\uff3d\uff5e\u2160-\u217f"
    r"\u2460-\u2473\u00b0\u00d7\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u0300-\u036f\u00c0-\u024f]+"
)
COMMANDS = re.compile(r"##\[|::")
BIDI = re.compile(
    "[\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def name_problem(name: str) -> str | None:  # noqa: PLR0911 - one return a rule reads best
    """Return the key of what is wrong with one path component, None where it is fine."""
    if any("\ud800" <= char <= "\udfff" for char in name):
        return "encoding"
    if any(unicodedata.category(char) == "Cc" for char in name):
        return "control"
    if BIDI.search(name):
        return "bidi"
    if WINDOWS.fullmatch(name):
        return "windows"
    if name.startswith("."):
        return "dot"
    if name.casefold() in RESERVED:
        return "reserved"
    if name != name.strip() or name.endswith("."):
        return "trailing"
    if COMMANDS.search(name) or not ALLOWED.fullmatch(name):
        return "charset"
    if unicodedata.normalize("NFC", name) != name:
        return "nfc"
    return "long" if len(name.encode("utf-8")) > MAX_NAME_BYTES else None


def path_problem(path: str) -> str | None:
    """Return the key of the first thing wrong with a repository path, None where it is fine."""
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


def collisions(paths: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of paths, folders included, that would overwrite each other elsewhere."""
    first: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    seen: set[str] = set()
    for path in sorted(paths):
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if name in seen:
                continue
            seen.add(name)
            plain = name.isascii() and name.islower()
            other = first.setdefault(name if plain else folded(name), name)
            if other != name:
                found.append((other, name))
                break
    return found


def visible(text: str, limit: int = 120) -> str:
    """Return text that is safe to print: the unseen written as escapes, long text cut."""
    cut = text[:limit]
    if not cut.isascii() or not cut.isprintable():
        cut = "".join(char if is_shown(char) else f"\\u{ord(char):04x}" for char in cut)
    return cut + ("…" if len(text) > limit else "")


def is_shown(char: str) -> bool:
    """Whether a character is seen as itself."""
    return char == "\u3000" or (char.isprintable() and not BIDI.match(char))
