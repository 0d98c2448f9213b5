"""Packages import only what comes before them: the picture of CONTRIBUTING.md, held."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.house import (
    DOCUMENT,
    FOLDER,
    FUNCTION,
    GENERATOR,
    LINES,
    TOP,
    circles,
    crowded,
    drawn,
    imported_names,
    long_functions,
    long_modules,
    picture,
    upward,
)

ROOT = Path(__file__).resolve().parent.parent

#: What is longer than the rules let it be, still; whoever mends one takes it out of its list.
LONG_MODULES: list[str] = []
LONG_FUNCTIONS: list[str] = []


def plant(folder: Path, files: dict[str, str]) -> None:
    """Write the modules of a house of one's own."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def test_no_package_imports_a_later_one() -> None:
    assert upward() == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("text/names", "cli/main"),
        ("site/data/year", "site/build/volume"),
        ("site/addresses", "cli/main"),
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "from generator.{} import x",
        "import generator.{}",
        "if TYPE_CHECKING:\n    from generator.{} import X",
        "def f():\n    from generator.{} import x",
    ],
)
def test_an_import_of_a_later_package_or_part_is_found(
    tmp_path: Path, importer: str, imported: str, line: str
) -> None:
    one, other = importer.replace("/", "."), imported.replace("/", ".")
    plant(tmp_path, {f"{imported}.py": "", f"{importer}.py": line.format(other)})
    assert upward(tmp_path) == [f"{one} imports {other}"]
    plant(tmp_path, {f"{imported}.py": line.format(one), f"{importer}.py": ""})
    assert upward(tmp_path) == []


def test_a_part_without_a_place_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"text/names.py": "", "site/cellar/rats.py": "import generator.text.names"})
    with pytest.raises(KeyError, match=r"site\.cellar\.rats"):
        upward(tmp_path)


def test_a_relative_import_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {"text/names.py": "", "text/numbers.py": "\nfrom . import names"})
    with pytest.raises(ValueError, match=r"numbers\.py:2"):
        upward(tmp_path)


def test_no_module_imports_its_way_back_to_itself() -> None:
    assert circles() == []


def test_a_circle_is_found(tmp_path: Path) -> None:
    straight = {
        "text/a.py": "from generator.text import b",
        "text/b.py": "def f():\n    import generator.text.c",
        "text/c.py": "",
        "text/d.py": "from generator.text.a import x",
    }
    plant(tmp_path, straight)
    assert circles(tmp_path) == []
    plant(tmp_path, {"text/c.py": "if TYPE_CHECKING:\n    from generator.text.a import X"})
    assert circles(tmp_path) == ["text.a text.b text.c"]


def test_only_the_command_line_imports_modules_by_their_names() -> None:
    users = [
        path.relative_to(GENERATOR).as_posix()
        for path in GENERATOR.rglob("*.py")
        if uses(path, "importlib") or "__import__" in path.read_text("utf-8")
    ]
    assert users == ["cli/main.py"]


def test_folders_modules_and_functions_can_be_looked_over() -> None:
    assert crowded() == []
    assert long_modules() == LONG_MODULES
    assert long_functions() == LONG_FUNCTIONS


def test_a_crowded_folder_is_found(tmp_path: Path) -> None:
    plant(tmp_path, {f"{n}.py": "" for n in range(TOP - 1)})
    plant(tmp_path, {f"text/{n}.py": "" for n in range(FOLDER)})
    plant(tmp_path, {"text/__pycache__/0.pyc": ""})
    assert crowded(tmp_path) == []
    plant(tmp_path, {"more.py": "", "text/more.py": ""})
    assert crowded(tmp_path) == [f".: {TOP + 1} entries", f"text: {FOLDER + 1} entries"]


def test_a_long_module_is_found(tmp_path: Path) -> None:
    lines = "x = 1\n" * LINES
    plant(tmp_path, {"text/codes.py": lines * 2, "text/a.py": lines, "text/b.py": f"{lines}y = 1"})
    assert long_modules(tmp_path) == ["text.b"]


def test_a_long_function_is_found(tmp_path: Path) -> None:
    def body(indent: str, lines: int) -> str:
        return f'{indent}"""Say so."""\n' + f"{indent}x = 1\n" * (lines - 1)

    within = "def a():\n" + body("    ", FUNCTION - 1)
    beyond = "class B:\n    async def c(self):\n" + body(" " * 8, FUNCTION)
    around = "def d():\n    def e():\n" + body(" " * 8, FUNCTION) + body("    ", FUNCTION - 1)
    plant(tmp_path, {"text/a.py": within + beyond + around})
    assert long_functions(tmp_path) == ["text.a.B.c", "text.a.d.e"]


def test_the_picture_is_made_of_the_same_list() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert picture() in document
    assert drawn(document) == document


def test_only_the_plugin_and_what_runs_it_import_mkdocs() -> None:
    users = [
        p.relative_to(GENERATOR).as_posix() for p in GENERATOR.rglob("*.py") if uses(p, "mkdocs")
    ]
    assert users == ["site/build/plugin.py", "site/build/running.py"]


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
