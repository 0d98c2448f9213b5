"""The engine where a browser runs it: in Pyodide, the same bytes as here.

Pyodide has another CPython, no libyaml, no processes and no disk: files are handed in.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from generator.files.tree import MemoryTree
from generator.site.form.engine import FIRST, program
from generator.site.form.session import Session
from generator.text.language import gettext, speaking
from tests.browser import WEB, needed
from tests.bundling import Bundles
from tests.conversing import YEAR, a_conversation, open_sample
from tests.naive.repositories import make_repository
from tests.support import appraise, cases

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
NODE = shutil.which("node")
#: With flaws and without; what a parser or a number may do otherwise shows in the others as well.
SEEDS = range(10)
#: Looked at before a release.
MORE_SEEDS = range(10, 20)
SAMPLE = "sample"
#: Cases in which files are not YAML, or not the YAML that is taken: what parsers word themselves.
UNREADABLE = {case.path.stem: case for case in cases() if case.code.startswith("Y")}
#: One of each code; ``test_scanner`` holds PyYAML's own parser to libyaml in all cases.
OFTEN = tuple({case.code: name for name, case in UNREADABLE.items()}.values())
NAMES = (SAMPLE, *(f"seed-{n}" for n in SEEDS), *OFTEN)
MORE = (*(f"seed-{n}" for n in MORE_SEEDS), *(name for name in UNREADABLE if name not in OFTEN))
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


def repositories(folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """Make the sample, random repositories with flaws and without, and unreadable files."""
    roots = {name: folder / name for name in names}
    for name, root in roots.items():
        if name == SAMPLE:
            copy_sample(root)
        elif name in UNREADABLE:
            UNREADABLE[name].build(root)
        else:
            seed = int(name.rpartition("-")[2])
            make_repository(root, seed, flawed=bool(seed % 2))
    return roots


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Compute what every change must pass in one start of Pyodide."""
    return started(tmp_path_factory.mktemp("pyodide"), NAMES, [])


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Compute further random repositories, and all that is unreadable; hold a conversation."""
    return started(tmp_path_factory.mktemp("pyodide"), MORE, conversation())


def started(folder: Path, names: Sequence[str], asked: Sequence[tuple[str, bytes | None]]) -> Run:
    """Compute repositories with the modules that a browser is given, and those that write them."""
    needed("node", NODE)
    needed("pyodide (make test installs it by npm)", (WEB / "node_modules/pyodide").is_dir())
    roots = repositories(folder / "roots", names)
    (folder / "modules.zip").write_bytes(program("en", (*FIRST, "reports.documents")))
    output, requests = folder / "output", folder / "conversation.json"
    encoded = [(text, None if data is None else encode(data)) for text, data in asked]
    requests.write_text(json.dumps(encoded), "utf-8")
    done = subprocess.run(
        [str(NODE), "pyodide.mjs", folder / "modules.zip", requests, output, *roots.values()],
        cwd=WEB, capture_output=True, text=True, check=False, timeout=TIMEOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return Run(output, roots, json.loads((output / "facts.json").read_text("utf-8")))


@cache
def conversation() -> list[tuple[str, bytes | None]]:
    """Return requests to the session of the form, over what is published of the sample."""
    bundles = Bundles.of(MemoryTree(open_sample("demo-a")), YEAR)
    return a_conversation(bundles, "demo-a")


def encode(data: bytes) -> str:
    """Return bytes as JSON holds them."""
    return base64.b64encode(data).decode("ascii")


@pytest.mark.long
def test_the_form_says_there_what_it_says_here(more: Run) -> None:
    """In each run ``test_site_form_engine`` shows it of the engine that a browser is given."""
    told = json.loads((more.output / "answers.json").read_text("utf-8"))
    session = Session()
    answers = [session.answer(request, data) for request, data in conversation()]
    assert told == [[own.text, own.data and encode(own.data)] for own in answers]
    values = [json.loads(text) for text, _ in told]
    assert [number for number, own in enumerate(values) if "fault" in own] == [len(values) - 1]
    assert values[-2]["value"]["digest"]


def test_it_is_another_python_without_libyaml_or_command_line(run: Run) -> None:
    assert run.facts["platform"] == "emscripten"
    assert run.facts["libyaml"] is False
    loaded = set(run.facts["modules"])
    assert "generator.engine.year" in loaded
    assert "yaml.scanner" in loaded
    lacking = {"click", "jinja2", "mkdocs", "babel", "sqlite3", "ssl", "lzma", "subprocess"}
    assert loaded & {*lacking, "generator.files.git", "generator.engine.processes"} == set()


def test_it_speaks_english_where_the_catalogue_went_along(run: Run) -> None:
    with speaking("en"):
        assert run.facts["english"] == gettext("党支部") == "Branch"


@pytest.mark.parametrize("name", NAMES)
def test_bytes_are_those_of_this_python(run: Run, name: str) -> None:
    compare(run, name)


@pytest.mark.long
@pytest.mark.parametrize("name", MORE)
def test_bytes_of_more_are_those_of_this_python(more: Run, name: str) -> None:
    compare(more, name)


def compare(run: Run, name: str) -> None:
    """Hold the bytes of Pyodide against those of the command line."""
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
