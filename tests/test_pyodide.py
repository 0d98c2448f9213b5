"""The engine where a browser runs it: in Pyodide, the same bytes as here.

Pyodide has another CPython, no libyaml, no processes and no disk: files are handed in.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import simplejson
import yaml

from tests.browser import WEB, needed
from tests.naive.repositories import make_repository
from tests.support import appraise, cases
from tools.house import closure, modules

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
NODE = shutil.which("node")
SEEDS = range(10)
SAMPLE = "sample"
#: Cases in which files are not YAML, or not the YAML that is taken: what parsers word themselves.
UNREADABLE = tuple(case for case in cases() if case.code.startswith("Y"))
NAMES = (SAMPLE, *(f"seed-{n}" for n in SEEDS), *(case.path.stem for case in UNREADABLE))
TIMEOUT = 300


class Run(NamedTuple):
    """What Pyodide wrote for repositories, the repositories, and what it says of itself."""

    output: Path
    roots: dict[str, Path]
    facts: dict[str, Any]

    def written(self, name: str) -> tuple[bytes, bytes]:
        """Return the results and the findings of a repository."""
        folder = self.output / name
        return (folder / "results.json").read_bytes(), (folder / "findings.json").read_bytes()


def copy_sample(root: Path) -> None:
    """Copy the sample without its history, for the bytes of files alone are handed in.

    The year that has just begun is left out, so that the one compared has most in it.
    """
    root.mkdir(parents=True)
    for name in ("branches", "committee", "rubric.yml"):
        source = ROOT / name
        copy: Callable[..., object] = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / name)
    for begun in (root / "committee" / "2026", *root.glob("branches/*/2026")):
        shutil.rmtree(begun)


def repositories(folder: Path) -> dict[str, Path]:
    """Make the sample, random repositories with flaws and without, and unreadable files."""
    roots = {name: folder / name for name in NAMES}
    copy_sample(roots[SAMPLE])
    for seed in SEEDS:
        make_repository(roots[f"seed-{seed}"], seed, flawed=bool(seed % 2))
    for case in UNREADABLE:
        case.build(roots[case.path.stem])
    return roots


def archive(path: Path) -> None:
    """Pack what a browser would be given: the modules that the engine needs, and PyYAML's."""
    known = modules()
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(known[""], "generator/__init__.py")
        for name in closure(["reports.documents"]):
            packed.write(known[name], f"generator/{known[name].relative_to(ROOT / 'generator')}")
        for library in (simplejson, yaml):
            for source in sorted(Path(str(library.__file__)).parent.glob("*.py")):
                packed.write(source, f"{library.__name__}/{source.name}")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Compute everything in one start of Pyodide."""
    needed("node", NODE)
    needed("pyodide (make test installs it by npm)", (WEB / "node_modules/pyodide").is_dir())
    folder = tmp_path_factory.mktemp("pyodide")
    roots = repositories(folder / "roots")
    archive(folder / "modules.zip")
    output = folder / "output"
    done = subprocess.run(
        [str(NODE), "pyodide.mjs", folder / "modules.zip", output, *roots.values()],
        cwd=WEB, capture_output=True, text=True, check=False, timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return Run(output, roots, json.loads((output / "facts.json").read_text("utf-8")))


def test_it_is_another_python_without_libyaml_or_command_line(run: Run) -> None:
    assert run.facts["platform"] == "emscripten"
    assert run.facts["libyaml"] is False
    loaded = set(run.facts["modules"])
    assert "generator.engine.year" in loaded
    assert "yaml.scanner" in loaded
    lacking = {"click", "jinja2", "mkdocs", "babel", "sqlite3", "ssl", "lzma", "subprocess"}
    assert loaded & {*lacking, "generator.files.git", "generator.engine.processes"} == set()


@pytest.mark.parametrize("name", NAMES)
def test_bytes_are_those_of_this_python(run: Run, name: str) -> None:
    results, findings = run.written(name)
    root = run.roots[name]
    score = appraise("score", "--format", "json", root=root)
    assert results == score.stdout_bytes
    assert findings == appraise("check", "--format", "json", root=root).stdout_bytes
    if name == SAMPLE:
        assert len(json.loads(results)["branches"]) > 5


def test_flaws_are_among_what_is_compared(run: Run) -> None:
    found = [json.loads(run.written(name)[1])["findings"] for name in run.roots]
    codes = {finding["code"] for findings in found for finding in findings}
    assert {"E001", "E004", "E006", "E009", "S004", "S007"} <= codes
    assert {f"Y00{number}" for number in range(1, 9)} <= codes
