"""The modules import only what comes before them: the table of CONTRIBUTING.md, held."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "generator"

#: Each row may import itself and the rows above it.
LAYERS = (
    ("__init__",),
    ("i18n", "names", "codes", "findings"),
    ("source", "shapes", "records"),
    ("model", "committee_model"),
    ("tree", "git", "raw_trees", "git_tree", "checked_out", "history", "receipts", "attachments"),
    ("measures", "methods", "rubric"),
    ("evidence", "attachment_words", "attendance", "loading", "branch_reader", "committee"),
    ("scorecard", "details", "outcome", "bonus", "scoring", "fingerprint"),
    ("checks",),
    ("ranking",),
    (
        "results",
        "frozen",
        "reduction",
        "repository",
        "reducing",
        "encoding",
        "cache",
        "parallel",
        "sources",
        "run",
        "evaluation",
        "shards",
        "freeze",
        "excerpt",
        "scope",
        "sides",
        "narrow",
        "answers",
        "whatif",
    ),
    ("guard", "impact"),
    ("reports", "explain", "schemas", "progress", "review_form"),
    ("site",),
    ("commands",),
    ("cli", "__main__"),
)


def layer_of(module: str) -> int:
    """Return the row of a module below generator; raises KeyError for one that is not listed."""
    top = module.split(".", maxsplit=1)[0]
    for index, names in enumerate(LAYERS):
        if top in names:
            return index
    raise KeyError(module)


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module == "generator":
                found |= {f"generator.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def offences(package: Path) -> list[str]:
    """Return every import of a later layer below ``package``."""
    found = []
    for path in sorted(package.rglob("*.py")):
        module = ".".join(path.relative_to(package).with_suffix("").parts)
        own = layer_of(module)
        for name in sorted(imports(path)):
            if not name.startswith("generator."):
                continue
            target = name.removeprefix("generator.")
            if target.startswith("__version__"):
                continue
            if layer_of(target) > own:
                found.append(f"{module} imports {target}")
    return found


def test_no_module_imports_a_later_layer() -> None:
    assert offences(PACKAGE) == []


def test_the_test_finds_an_offence(tmp_path: Path) -> None:
    (tmp_path / "source.py").write_text("from generator.cli import main\n", "utf-8")
    assert offences(tmp_path) == ["source imports cli"]


def test_only_the_plugin_imports_mkdocs() -> None:
    users = [p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py") if uses(p, "mkdocs")]
    assert users == ["site/plugin.py"]


def uses(path: Path, package: str) -> bool:
    """Whether a file imports a package."""
    return any(name.split(".")[0] == package for name in imports(path))


def test_check_imports_neither_mkdocs_nor_jinja() -> None:
    import subprocess
    import sys

    names = ("mkdocs", "jinja2", "babel")
    code = f"import sys, generator.cli; print([m for m in {names} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_locks_hold_hashes_and_no_index() -> None:
    for name in ("site.txt", "test.txt"):
        text = (ROOT / "requirements" / name).read_text("utf-8")
        pinned = [line for line in text.splitlines() if "==" in line]
        assert len(pinned) > 20
        assert all(line.endswith("\\") for line in pinned)
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "index-url" not in text
        assert "http" not in text


def test_every_ignored_rule_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").split("ignore = [")[1].split("]")[0]
    previous = ""
    for line in filter(None, map(str.strip, lines.splitlines())):
        if line.startswith('"'):
            assert previous.startswith(("#", '"RUF00')), line
        previous = line


def test_no_number_of_the_rubric_stands_in_the_program() -> None:
    ids = [
        line.split("id: ")[1].split(",")[0].strip()
        for line in (ROOT / "rubric.yml").read_text("utf-8").splitlines()
        if "- id: " in line or "- {id: " in line
    ]
    source = "".join(p.read_text("utf-8") for p in PACKAGE.rglob("*.py"))
    named = [name for name in ids if "-" in name and f'"{name}"' in source]
    assert len(ids) > 40
    assert named == []
