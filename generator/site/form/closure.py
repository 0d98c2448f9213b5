"""Which modules of the program a module needs: what is packed for a browser, as bytes.

Imports are found in the text, in functions too, so that nothing is imported to learn it; those for
types alone are left out. ``tests/test_pure.py`` compares them with those that a parser finds.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

PACKAGE = Path(__file__).resolve().parents[2]
NAME = PACKAGE.name
#: An import from a module of ours: the module, and the names, which parentheses may hold.
IMPORT = re.compile(rf"^[ \t]*from {NAME}((?:\.\w+)*) import (\([^()]*\)|[^\n(]*)", re.MULTILINE)
WHOLE = re.compile(rf"^[ \t]*import {NAME}((?:\.\w+)*)", re.MULTILINE)
#: What is imported for types alone: nobody runs it.
TYPES = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t]+[^\n]*\n|\n)*", re.MULTILINE)
WORD = re.compile(r"[A-Za-z_]\w*")


def closure(firsts: Sequence[str]) -> dict[str, bytes]:
    """Return path in an archive → source of modules, and of all of ours that they import.

    A module is named without the program's own name: ``site.form.session``. Raises ValueError for
    one to begin with that is none.
    """
    for name in firsts:
        if module_path(name) is None:
            raise ValueError(name)
    found: dict[str, bytes] = {}
    waiting = ["", *firsts]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        path = None if name in seen else module_path(name)
        seen.add(name)
        if path is None:
            continue
        source = path.read_bytes()
        found[f"{NAME}/{path.relative_to(PACKAGE).as_posix()}"] = source
        waiting.extend(imported(source.decode()))
        waiting.append(name.rpartition(".")[0])
    return found


def imported(source: str) -> Iterator[str]:
    """Yield what may be a module among the names that a source imports, types aside."""
    source = TYPES.sub("", source)
    for module, names in IMPORT.findall(source):
        yield module[1:]
        for name in WORD.findall(names):
            yield f"{module}.{name}"[1:]
    for module in WHOLE.findall(source):
        yield module[1:]


def module_path(name: str) -> Path | None:
    """Return the file of a module of ours; None for a name that is none."""
    path = PACKAGE.joinpath(*name.split(".")) if name else PACKAGE
    for file in (path / "__init__.py", path.with_suffix(".py")):
        if file.is_file():
            return file
    return None


def library(module: ModuleType) -> Iterator[tuple[str, bytes]]:
    """Yield path in an archive and source of the Python files of an installed library."""
    for path in sorted(Path(str(module.__file__)).parent.glob("*.py")):
        yield f"{module.__name__}/{path.name}", path.read_bytes()
