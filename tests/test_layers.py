"""Packages import only what comes before them: the picture of CONTRIBUTING.md, held."""

from __future__ import annotations

from pathlib import Path

from tools.house import DOCUMENT, GENERATOR, drawn, floor, imported_names, imports, picture

ROOT = Path(__file__).resolve().parent.parent


def offences(package: Path) -> list[str]:
    """Return every import of a later package below ``package``."""
    return [
        f"{found.importer} imports {found.imported}"
        for found in imports(package)
        if floor(found.imported)[0] > floor(found.importer)[0]
    ]


def test_no_package_imports_a_later_one() -> None:
    assert offences(GENERATOR) == []


def test_the_test_finds_an_offence(tmp_path: Path) -> None:
    for name in ("text", "cli"):
        (tmp_path / name).mkdir()
    (tmp_path / "cli" / "main.py").write_text("", "utf-8")
    lazy = "def f():\n    from generator.cli.main import main\n"
    (tmp_path / "text" / "names.py").write_text(lazy, "utf-8")
    assert offences(tmp_path) == ["text.names imports cli.main"]


def test_the_picture_is_made_of_the_same_list() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert picture() in document
    assert drawn(document) == document


def test_only_the_plugin_imports_mkdocs() -> None:
    users = [
        p.relative_to(GENERATOR).as_posix() for p in GENERATOR.rglob("*.py") if uses(p, "mkdocs")
    ]
    assert users == ["site/build/plugin.py"]


def uses(path: Path, package: str) -> bool:
    """Whether a file imports a package."""
    return any(name.split(".")[0] == package for name in imported_names(path))


def test_check_imports_neither_mkdocs_nor_jinja() -> None:
    import subprocess
    import sys

    names = ("mkdocs", "jinja2", "babel")
    code = f"import sys, generator.cli.main; print([m for m in {names} if m in sys.modules])"
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
    source = "".join(p.read_text("utf-8") for p in GENERATOR.rglob("*.py"))
    named = [name for name in ids if "-" in name and f'"{name}"' in source]
    assert len(ids) > 40
    assert named == []
