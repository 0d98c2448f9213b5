"""The engine is pure: no process, thread, git, command line or template below it.

What it needs of these is handed in: a tree, receipts, a keeper, other processes.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.engine.evaluate import evaluate
from generator.files.tree import EntryKind, MemoryTree, WorkingTree, all_entries
from generator.site.form.closure import closure as packed
from generator.site.form.engine import FIRST
from tests.naive.repositories import make_repository
from tools.house import GENERATOR, PACKAGES, closure, imported_names, modules, parsed

ROOT = Path(__file__).resolve().parent.parent
LAST = "results"
ENGINE = (
    "engine.branch", "engine.year", "engine.evaluate", "reports.documents",
    "proposals.filing.every", "proposals.filing.trial", "proposals.filing.attached",
    "proposals.packages.opened", "proposals.packages.packing", "proposals.bundles.view",
    "proposals.bundles.common", "proposals.bundles.trial",
    "exchange.attendance", "exchange.branches", "exchange.due", "exchange.ballots",
)  # fmt: skip
#: What is asked for from outside and handed in.
OUTSIDE = frozenset({
    "files.git", "files.git_tree", "files.git_objects", "files.history", "files.checked_out",
    "files.receipts", "files.receipts.course", "files.receipts.history",
    "files.receipts.annals", "files.receipts.likeness", "files.receipts.past",
    "engine.snapshot", "engine.processes", "engine.cache", "engine.store", "files.writing",
    "files.writing.exchange", "files.writing.folder",
})  # fmt: skip
#: Processes, threads, signals, the network, databases, and what faces people.
FORBIDDEN = frozenset({
    "subprocess", "multiprocessing", "threading", "_thread", "concurrent", "asyncio", "queue",
    "signal", "mmap", "fcntl", "socket", "ssl", "http", "sqlite3", "lzma", "tempfile", "ctypes",
    "git", "click", "jinja2", "markupsafe", "mkdocs", "material", "PIL", "pyarrow", "jieba",
})  # fmt: skip
#: What ``os`` has to the same end, by how its name begins.
PROCESSES = ("fork", "posix_spawn", "spawn", "exec", "popen", "system", "kill", "wait")

GUARDED = """
import builtins, json, os, sys
from pathlib import Path

import_anything, forbidden = builtins.__import__, set(json.loads(sys.argv[1]))

def guarded(name, globals=None, locals=None, fromlist=(), level=0):
    ours = str((globals or {}).get("__name__")).startswith("generator")
    if ours and name.split(".")[0] in forbidden:
        raise ImportError(f"{globals['__name__']} imports {name}")
    return import_anything(name, globals, locals, fromlist, level)

def refused(*_, **__):
    raise OSError("a process is begun")

builtins.__import__ = guarded
for name in dir(os):
    if name.startswith(tuple(json.loads(sys.argv[2]))):
        setattr(os, name, refused)
exec(sys.argv[3])
"""
EVALUATED = """
from generator.files.tree import WorkingTree, all_entries
from generator.reports.documents import documents

disk = WorkingTree(Path())
done = documents({e.path: disk.read(e.path) for e in all_entries(disk) if e.is_file})
assert json.loads(done.results)["branches"]
print(json.dumps(sorted(sys.modules)))
"""


CONVERSED = """
from datetime import date

from generator.files.tree import WorkingTree
from generator.site.form.answering.ground import RankedTrial, Whole
from generator.site.form.session import Session

own = {"draft": "d", "form": "activity", "id": None, "files": [], "values": {
    "title": "t", "type": "study", "date": "2026-01-20", "place": "p"}}
files = Whole(WorkingTree(Path()))
session = Session.over(files, RankedTrial(files, "demo-a", 2026), date(2026, 1, 25))
asked = {"overview": {"drafts": []}, "form": {"form": "self"}, "check": {"drafts": [own]},
         "summary": {"drafts": [own]}, "package": {"drafts": [own]}}
for call, args in asked.items():
    found = json.loads(session.answer(json.dumps({"id": 1, "call": call, "args": args})).text)
    assert "value" in found, found
print(json.dumps(sorted(sys.modules)))
"""


def pure(package: Path = GENERATOR) -> dict[str, str]:
    """Return every module that must be pure → the one that imports it; the first ones name none."""
    names = [p.name for p in PACKAGES]
    below = names[: names.index(LAST) + 1]
    firsts = [
        name
        for name in modules(package)
        if name not in OUTSIDE and (name.split(".")[0] in below or name in ENGINE)
    ]
    return closure(firsts, package)


def processes_of(path: Path) -> list[str]:
    """Return what a file uses of ``os`` that begins, ends or awaits a process."""
    source = path.read_text("utf-8")
    used = [
        node.attr
        for node in (ast.walk(parsed(source)) if re.search(r"\bos\b", source) else ())
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    used += [name[3:] for name in imported_names(path) if name.startswith("os.")]
    return sorted({name for name in used if name.startswith(PROCESSES)})


def offences(package: Path = GENERATOR) -> list[str]:
    """Return what is not pure below the engine, each as a sentence."""
    known = modules(package)
    found = []
    for name, importer in sorted(pure(package).items()):
        if name in OUTSIDE:
            found.append(f"{importer} imports {name}")
            continue
        used = {i.split(".")[0] for i in imported_names(known[name])} & FORBIDDEN
        found += [f"{name} imports {other}" for other in sorted(used)]
        found += [f"{name} uses os.{other}" for other in processes_of(known[name])]
    return found


def test_the_engine_imports_no_process_thread_git_or_template() -> None:
    found = pure()
    assert set(ENGINE) <= set(found)
    assert "engine.whatif.outcomes" in found
    assert offences() == []


@pytest.mark.parametrize(
    ("module", "source", "words"),
    [
        ("text.names", "import subprocess", "text.names imports subprocess"),
        ("engine.year", "def f():\n    import threading", "engine.year imports threading"),
        ("scoring.scorer", "import os\nos.fork()", "scoring.scorer uses os.fork"),
        ("checks.cross", "from os import fork", "checks.cross uses os.fork"),
        ("results.model", "from concurrent import futures", "results.model imports concurrent"),
        (
            "engine.branch",
            "if TYPE_CHECKING:\n    from generator.engine.cache import Cache",
            "engine.branch imports engine.cache",
        ),
        ("engine.evaluate", "from generator.engine.shards import f", "engine.shards imports click"),
    ],
)
def test_the_test_finds_an_offence(tmp_path: Path, module: str, source: str, words: str) -> None:
    others = ("engine.cache", "engine.shards", "cli.main")
    for name in {*others, module}:
        path = tmp_path / f"{name.replace('.', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("import click\nimport sqlite3\n", "utf-8")
    (tmp_path / f"{module.replace('.', '/')}.py").write_text(f"{source}\n", "utf-8")
    assert words in offences(tmp_path)
    (tmp_path / f"{module.replace('.', '/')}.py").write_text("import os\nos.scandir\n", "utf-8")
    assert offences(tmp_path) == []


def run_imports(path: Path) -> set[str]:
    """Return what a file imports of ours when it is run: not what it names in types alone."""
    tree = parsed(path.read_text("utf-8"))
    typed = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    return {
        f"{node.module}.{alias.name}".partition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("generator.")
        for alias in node.names
        if id(node) not in typed
    }


def test_a_browser_is_given_the_modules_that_a_parser_finds() -> None:
    known, seen, waiting = modules(), {""}, ["", *FIRST]
    while waiting:
        name = waiting.pop()
        for other in run_imports(known[name]) | {name}:
            parts = other.split(".")
            steps = {".".join(parts[:n]) for n in range(1, len(parts) + 1)} & set(known)
            waiting += steps - seen
            seen |= steps
    assert set(packed(FIRST)) == {known[name].relative_to(ROOT).as_posix() for name in seen}
    assert seen & OUTSIDE == set()


def guarded(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process in which our own code may import and begin nothing forbidden."""
    limits = (json.dumps(sorted(FORBIDDEN)), json.dumps(PROCESSES))
    return subprocess.run(
        [sys.executable, "-c", GUARDED, *limits, code],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name"), [(EVALUATED, "engine.year"), (CONVERSED, "site.form.session")]
)
def test_a_run_from_memory_imports_nothing_else(code: str, name: str) -> None:
    done = guarded(code)
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    assert f"generator.{name}" in loaded
    assert {name for name in OUTSIDE if f"generator.{name}" in loaded} == set()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import generator.engine.snapshot", "imports subprocess"),
        ("import generator.cli.check", "generator.cli.check imports click"),
        ("os.fork()", "a process is begun"),
    ],
)
def test_the_guard_finds_an_offence(source: str, words: str) -> None:
    done = guarded(source)
    assert done.returncode == 1
    assert words in done.stderr


@pytest.mark.parametrize("flawed", [False, True], ids=["plain", "flawed"])
def test_files_in_memory_give_what_files_on_disk_give(tmp_path: Path, flawed: bool) -> None:
    year = make_repository(tmp_path, 3, flawed=flawed)
    (tmp_path / "branches" / "beside.txt").write_text("x", "utf-8")
    (tmp_path / "elsewhere.txt").write_text("x", "utf-8")
    disk = WorkingTree(tmp_path)
    entries = all_entries(disk)
    memory = MemoryTree(
        {
            path.relative_to(tmp_path).as_posix(): path.read_bytes()
            for path in tmp_path.rglob("*")
            if path.is_file()
        }
    )
    assert all(entry.kind is EntryKind.FILE for entry in entries)
    assert "branches/beside.txt" in {entry.path for entry in entries}
    assert all_entries(memory) == entries
    assert memory.folders() == disk.folders()
    assert memory.blob_id("rubric.yml") == disk.blob_id("rubric.yml")
    with pytest.raises(FileNotFoundError):
        memory.read("branches/none.yml")
    one, two = evaluate(disk, year), evaluate(memory, year)
    assert one.results is not None
    assert one.results == two.results
    assert one.findings == two.findings
