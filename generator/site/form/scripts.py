"""The scripts of the form and its styles: small files in a folder named by what they say."""

from __future__ import annotations

import hashlib
import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Where they lie below the hand-written pages, and below the site with a folder in between.
SCRIPTS = "assets/form/"
ENDINGS = frozenset({".js", ".css"})
#: What the page runs.
MAIN = "main.js"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
IMPORT = re.compile(r'^(?:import|export)\b[^"\';]*?from "(\.[^"]+)";', re.MULTILINE)
#: Hexadecimal digits of a digest in an address.
DIGITS = 16


def scripts_folder(templates: Path) -> str:
    """Return the address of the folder of the scripts, which changes when one of them does."""
    folder = templates / "pages" / SCRIPTS
    found = sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS)
    texts = ((path.relative_to(folder).as_posix(), path.read_bytes()) for path in found)
    return f"{SCRIPTS}{digest(texts)}/"


def imported(templates: Path) -> list[str]:
    """Return what the first script imports before it runs, and that in turn, below the folder.

    Named in the page, they are fetched at once, and not one after the other as they are met.
    """
    folder = templates / "pages" / SCRIPTS
    found = [MAIN]
    for name in found:
        source = COMMENT.sub("", (folder / name).read_text("utf-8"))
        for other in IMPORT.findall(source):
            own = posixpath.normpath(posixpath.join(posixpath.dirname(name), other))
            if own not in found:
                found.append(own)
    return found[1:]


def digest(files: Iterable[tuple[str, bytes]]) -> str:
    """Return what stands for files in an address: for their names and content."""
    whole = hashlib.sha256()
    for name, data in files:
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()[:DIGITS]
