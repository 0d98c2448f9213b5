"""The packages of ``generator/`` in their order, the rules of the house, and the picture of it.

``python -m tools.house`` draws the picture in CONTRIBUTING.md anew; ``tests/test_layers.py`` holds
the code to the list and the rules. Each rule returns what breaks it, worded for whoever mends it.
"""

from __future__ import annotations

import ast
import gc
import re
import sys
from functools import cache
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
GENERATOR = ROOT / "generator"
DOCUMENT = ROOT / "CONTRIBUTING.md"
#: Entries at the top of ``generator/`` and in a folder below; lines of a module and of a function.
TOP, FOLDER, LINES, FUNCTION = 20, 15, 400, 40
#: Tables of words, as long as they need to be.
TABLES = frozenset({"text.codes"})
#: Where statements, handlers and cases stand in the ones around them.
BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
Function = ast.FunctionDef | ast.AsyncFunctionDef
START, END = "<!-- house -->", "<!-- /house -->"


class Package(NamedTuple):
    """A package, what it does, and its sub-packages where these have an order of their own."""

    name: str
    does: str
    parts: tuple[Package, ...] = ()


#: Each may import itself and the ones before it; so may the parts of one.
PACKAGES = (
    Package("text", "languages, messages, numbers, legal names, finding codes"),
    Package("formats", "YAML with positions, its one writer; a definition a value, record, file"),
    Package("files", "where bytes come from: disk, revision, history; what an attachment is"),
    Package("rubric", "rubric.yml: its document, measures, one class a scoring method"),
    Package("loading", "files into typed records and findings"),
    Package("scoring", "records into lines, scorecards, ranks, grades"),
    Package("checks", "one function a check, registered with its codes"),
    Package("results", "what renderers see: its model, its canonical JSON, frozen years"),
    Package("engine", "a branch, a year, many years; caches, processes, shards, what-if"),
    Package("proposals", "who may make a change, what it does; forms, packages"),
    Package("reports", "text, JSON, SARIF, Markdown, CSV, derivations, schemas"),
    Package("exchange", "sheets of the office: read tolerantly, into values to write"),
    Package(
        "site",
        "pages from results, stamped into the theme's shell",
        (
            Package("addresses", "every address in one place"),
            Package("html", "templates, the shell, the audit of every page"),
            Package("data", "years, survey, standings, figures"),
            Package("ranking", "the ranking and the list of years"),
            Package("groups", "consortia and societies"),
            Package("criteria", "criteria, heat map, all points"),
            Package("work", "what is lacking, the process, other answers"),
            Package("branches", "cards, evidence, comparison, calendar"),
            Package("reference", "codes, keys of files, questions"),
            Package("exports", "tables, feeds, badges, pictures"),
            Package("form", "the form in the browser: its page, engine, bundles, session"),
            Package("guarding", "what no file of a site may hold, looked for in all of them"),
            Package("build", "making, reuse, swapping; the MkDocs plugin"),
            Package("archive", "a year in a folder that is read without the program"),
        ),
    ),
    Package("cli", "options in, reports out; one module a command"),
)


class Import(NamedTuple):
    """A module of ``generator`` that imports another one, anywhere in it."""

    importer: str
    imported: str


def parsed(source: str) -> ast.Module:
    """Return the syntax tree of a source.

    The collector rests meanwhile: it would go through what is half a tree again and again.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return ast.parse(source)
    finally:
        if collecting:
            gc.enable()


def modules(package: Path = GENERATOR) -> dict[str, Path]:
    """Return dotted name → file of every module below ``package``; a package is its own module."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = path
    return found


def within(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements right below a node."""
    return chain.from_iterable(getattr(node, block, ()) for block in BLOCKS)


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements below a node, outer ones first, without looking into expressions."""
    for child in within(node):
        yield child
        yield from statements(child)


def imported_names(path: Path) -> set[str]:
    """Return the dotted names that a file imports: type-only, lazy and by function alike.

    Raises ValueError for a relative import, which does not say whose module it means.
    """
    names, relative = named_in(path.read_text("utf-8"))
    if relative is not None:
        message = f"{path}:{relative}: a relative import"
        raise ValueError(message)
    return {*names}


@cache
def named_in(source: str) -> tuple[frozenset[str], int | None]:
    """Return the dotted names that a source imports, and the line of a relative import, if any.

    What is asked of each module again and again is kept, and not its tree, which is large.
    """
    found = set()
    for node in statements(parsed(source)):
        if isinstance(node, ast.ImportFrom):
            if node.level or not node.module:
                return frozenset(), node.lineno
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(found), None


def imports(package: Path = GENERATOR) -> list[Import]:
    """Return every import between modules below ``package``, by the module that holds the name."""
    known = modules(package)
    found = set()
    for importer, path in known.items():
        for name in imported_names(path):
            if name.startswith("generator."):
                target = name.removeprefix("generator.")
                while target and target not in known:
                    target = target.rpartition(".")[0]
                if target and target != importer:
                    found.add(Import(importer, target))
    return sorted(found)


def closure(firsts: Iterable[str], package: Path = GENERATOR) -> dict[str, str]:
    """Return every module that these need → the first found that imports it, ``""`` for themselves.

    The packages that a module lies in are run before it, and count as imported by it.
    """
    known = modules(package)
    imported: dict[str, list[str]] = {}
    for pair in imports(package):
        imported.setdefault(pair.importer, []).append(pair.imported)
    found = dict.fromkeys(firsts, "")
    pending = [*found]
    while pending:
        name = pending.pop()
        parents = accumulate(name.split(".")[:-1], "{}.{}".format)
        for other in (*imported.get(name, ()), *(p for p in parents if p in known)):
            if other not in found:
                found[other] = name
                pending.append(other)
    return found


def floor(module: str) -> tuple[int, int]:
    """Return the place of a module in the order; raises KeyError for a package without one."""
    first, _, rest = module.partition(".")
    if first in {"", "__main__"}:
        return (len(PACKAGES), 0) if first else (-1, 0)
    names = [package.name for package in PACKAGES]
    if first not in names:
        raise KeyError(module)
    place = names.index(first)
    parts = [part.name for part in PACKAGES[place].parts]
    if not parts or not rest:
        return (place, -1)
    own = rest.partition(".")[0]
    if own not in parts:
        raise KeyError(module)
    return (place, parts.index(own))


def upward(package: Path = GENERATOR) -> list[str]:
    """Return every import of a later package, or of a later part of the same package."""
    return [
        f"{found.importer} imports {found.imported}"
        for found in imports(package)
        if floor(found.imported) > floor(found.importer)
    ]


def circles(package: Path = GENERATOR) -> list[str]:
    """Return the modules of each circle, joined by blanks: each imports its way to all others."""
    arrows: dict[str, set[str]] = {name: set() for name in modules(package)}
    for importer, imported in imports(package):
        arrows[importer].add(imported)
    reached = {name: reachable(arrows, name) for name in arrows}
    return sorted(
        {
            " ".join(sorted(other for other in found if name in reached[other]))
            for name, found in reached.items()
            if name in found
        }
    )


def reachable(arrows: dict[str, set[str]], start: str) -> set[str]:
    """Return where arrows lead from a module; the module itself only where they lead back."""
    found: set[str] = set()
    waiting = list(arrows[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += arrows[name]
    return found


def crowded(package: Path = GENERATOR) -> list[str]:
    """Return the folders that have more entries than can be looked over."""
    folders = [package, *(path for path in package.rglob("*") if path.is_dir())]
    found = []
    for folder in sorted(folders):
        count = sum(path.name != "__pycache__" for path in folder.iterdir())
        if folder.name != "__pycache__" and count > (TOP if folder == package else FOLDER):
            name = folder.relative_to(package).as_posix()
            found.append(f"{name}: {count} entries")
    return found


def long_modules(package: Path = GENERATOR) -> list[str]:
    """Return the modules of too many lines, tables of words apart."""
    lines = {name: len(path.read_bytes().splitlines()) for name, path in modules(package).items()}
    return sorted(name for name, n in lines.items() if n > LINES and name not in TABLES)


def long_functions(package: Path = GENERATOR) -> list[str]:
    """Return the functions of too many lines of their own: docstring in, nested functions out."""
    return sorted(
        f"{module}.{name}"
        for module, path in modules(package).items()
        for name, lines in functions(parsed(path.read_text("utf-8")))
        if lines > FUNCTION
    )


def functions(node: ast.AST, inside: str = "") -> Iterator[tuple[str, int]]:
    """Yield the dotted name and the own lines of every function below a node."""
    for child in within(node):
        name = inside
        if isinstance(child, Function | ast.ClassDef):
            name = f"{inside}.{child.name}".lstrip(".")
        if isinstance(child, Function):
            yield name, length(child) - sum(map(length, nested(child)))
        yield from functions(child, name)


def nested(node: ast.AST) -> Iterator[Function]:
    """Yield the functions below a node that lie in no other one below it."""
    for child in within(node):
        if isinstance(child, Function):
            yield child
        else:
            yield from nested(child)


def length(node: Function) -> int:
    """Return the lines of a function from ``def`` to its end."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def picture() -> str:
    """Return the packages as a table in their order, for CONTRIBUTING.md."""
    names = " → ".join(package.name for package in PACKAGES)
    rows = [f"    {names}", "", "| package | does |", "|---|---|"]
    for package in PACKAGES:
        rows.append(f"| `{package.name}/` | {package.does} |")
        rows += [f"| `{package.name}/{part.name}` | {part.does} |" for part in package.parts]
    return "\n".join(rows)


def drawn(document: str) -> str:
    """Return a document with the picture between its marks drawn anew."""
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{START}\n\n{picture()}\n\n{END}", document)


def main() -> None:
    """Draw the picture in CONTRIBUTING.md anew."""
    DOCUMENT.write_text(drawn(DOCUMENT.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{DOCUMENT.name}: {len(PACKAGES)} packages\n")


if __name__ == "__main__":
    main()
