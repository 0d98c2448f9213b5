"""The packages of ``generator/`` in their order, and the picture of them in CONTRIBUTING.md.

``python -m tools.house`` draws it anew; ``tests/test_layers.py`` holds the code to the list.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
GENERATOR = ROOT / "generator"
DOCUMENT = ROOT / "CONTRIBUTING.md"
START, END = "<!-- house -->", "<!-- /house -->"


class Package(NamedTuple):
    """A package, what it does, and its sub-packages where these have an order of their own."""

    name: str
    does: str
    parts: tuple[Package, ...] = ()


#: Each may import itself and the ones before it; so may the parts of one.
PACKAGES = (
    Package("text", "languages, messages, numbers, legal names, finding codes"),
    Package("formats", "YAML with positions; one definition a value, a record, a file"),
    Package("files", "where bytes come from: disk, revision, history; what an attachment is"),
    Package("rubric", "rubric.yml: its document, measures, one class a scoring method"),
    Package("loading", "files into typed records and findings"),
    Package("scoring", "records into lines, scorecards, ranks, grades"),
    Package("checks", "one function a check, registered with its codes"),
    Package("results", "what renderers see: its model, its canonical JSON, frozen years"),
    Package("engine", "a branch, a year, many years; caches, processes, shards, what-if"),
    Package("proposals", "who may make a change, and what it does"),
    Package("reports", "text, JSON, SARIF, Markdown, CSV, derivations, schemas"),
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
            Package("build", "making, reuse, swapping; the MkDocs plugin"),
        ),
    ),
    Package("cli", "options in, reports out; one module a command"),
)


class Import(NamedTuple):
    """A module of ``generator`` that imports another one, anywhere in it."""

    importer: str
    imported: str


def modules(package: Path = GENERATOR) -> dict[str, Path]:
    """Return dotted name → file of every module below ``package``; a package is its own module."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = path
    return found


def imported_names(path: Path) -> set[str]:
    """Return the dotted names that a file imports: type-only, lazy and by function alike."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


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
