"""The engine of the form: what is packed of the program and of Pyodide, and the page's frame."""

from __future__ import annotations

import gzip
import io
import json
import tomllib
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from generator.site.build.switch import Switch
from generator.site.build.volume import Pages
from generator.site.form import engine
from generator.site.form.closure import closure
from generator.site.form.engine import NoPyodideError, assets_of, pack, program
from generator.site.form.page import program_of
from generator.site.form.scripts import imported, scripts_folder
from generator.site.html.audit import AuditError, Auditor
from generator.text.catalogue import read_catalogue
from generator.text.language import catalogue_path, speaking
from tests.browser import PROGRAM, WEB

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.data.years import SiteData

SCRIPT = "console.log(1);\n"
MAP = "//# sourceMappingURL=pyodide.mjs.map\n"
WASM = b"\0asm" + b"x" * 1000


@pytest.fixture
def pyodide(tmp_path: Path) -> Path:
    """A folder as npm leaves it, its files small."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in ("pyodide.mjs", "pyodide.asm.mjs"):
        (folder / name).write_text(SCRIPT + MAP, "utf-8")
    (folder / "pyodide.asm.wasm").write_bytes(WASM)
    (folder / "python_stdlib.zip").write_bytes(b"PK")
    lock = {"info": {"abi_version": "1"}, "packages": {"numpy": {"file_name": "numpy.whl"}}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
    (folder / "package.json").write_text('{"version": "1.2.3"}', "utf-8")
    return folder


@pytest.fixture
def runtime(pyodide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What ``make engine`` leaves of it, where the program looks for it."""
    folder = tmp_path / "runtime"
    pack(pyodide, folder)
    monkeypatch.setattr(engine, "RUNTIME", folder)
    return folder


def names(archive: bytes) -> list[str]:
    """Return the names in an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()


def test_what_is_packed_first_must_be_a_module() -> None:
    with pytest.raises(ValueError, match="nothing"):
        closure(["site.form.nothing"])


def test_an_archive_has_the_same_bytes_twice_and_no_clock() -> None:
    first = program("zh")
    assert first == program("zh")
    with zipfile.ZipFile(io.BytesIO(first)) as opened:
        assert {entry.date_time for entry in opened.infolist()} == {engine.EPOCH}
        assert opened.namelist() == sorted(opened.namelist())
        assert "yaml/scanner.py" in opened.namelist()
        assert {name.split("/")[0] for name in opened.namelist()} == {
            "generator", "simplejson", "yaml",
        }  # fmt: skip


def test_the_catalogue_goes_along_where_the_page_is_in_its_language() -> None:
    path = catalogue_path("en")
    name = path.relative_to(PROGRAM).as_posix()
    assert [own for own in names(program("zh")) if "locale" in own] == []
    with zipfile.ZipFile(io.BytesIO(program("en"))) as opened:
        text = opened.read(name).decode()
    with path.open(encoding="utf-8") as lines:
        assert read_catalogue(text.splitlines()) == read_catalogue(lines)
    assert "#" not in {line[:1] for line in text.splitlines()}


def test_a_catalogue_is_read_as_the_library_reads_it() -> None:
    path = catalogue_path("en")
    with path.open("rb") as stream:
        theirs = {str(m.id): str(m.string) for m in read_po(stream) if m.id and m.string}
    assert len(theirs) > 2000
    with path.open(encoding="utf-8") as lines:
        assert read_catalogue(lines) == theirs


def test_signs_of_a_catalogue_are_read() -> None:
    text = (
        'msgid ""\nmsgstr "Head: x\\n"\n\n#: a.py:1\nmsgid "一"\nmsgstr ""\n"one \\"1\\"\\\\"\n'
        '"\\tand\\n"\n\nmsgid "二"\nmsgstr ""\n\n#~ msgid "三"\n#~ msgstr "three"\n'
    )
    assert read_catalogue(text.splitlines()) == {"一": 'one "1"\\\tand\n'}


def test_what_npm_installed_is_packed_under_names_that_servers_know(runtime: Path) -> None:
    assert sorted(path.name for path in runtime.iterdir()) == sorted(engine.NAMES)
    assert (runtime / "pyodide.js").read_text("utf-8") == SCRIPT
    assert gzip.decompress((runtime / "pyodide.asm.wasm.gz").read_bytes()) == WASM
    lock = json.loads((runtime / "pyodide-lock.json").read_text("utf-8"))
    assert lock == {"info": {"abi_version": "1"}, "packages": {}}
    assert "Pyodide 1.2.3" in (runtime / "NOTICE.txt").read_text("utf-8")


def test_packing_again_gives_the_same_bytes_and_leaves_nothing_old(
    runtime: Path, pyodide: Path
) -> None:
    before = {path.name: path.read_bytes() for path in runtime.iterdir()}
    (runtime / "old").write_text("x", "utf-8")
    pack(pyodide, runtime)
    assert {path.name: path.read_bytes() for path in runtime.iterdir()} == before


def test_without_a_file_of_npm_nothing_is_packed(runtime: Path, pyodide: Path) -> None:
    (pyodide / "pyodide.asm.wasm").unlink()
    before = sorted(runtime.iterdir())
    with pytest.raises(NoPyodideError, match="make engine"):
        pack(pyodide, runtime)
    assert sorted(runtime.iterdir()) == before


def test_addresses_hold_what_files_hold(runtime: Path, pyodide: Path, tmp_path: Path) -> None:
    first, english = assets_of(runtime, "zh"), assets_of(runtime, "en")
    assert first.index == english.index
    assert first.program != english.program
    (pyodide / "pyodide.asm.wasm").write_bytes(WASM + b"y")
    pack(pyodide, tmp_path / "other")
    other = assets_of(tmp_path / "other", "zh")
    assert other.index != first.index
    assert other.program == first.program
    for found in (first, other):
        files = {file.address: file.content for file in found.files()}
        assert len(files) == len(engine.NAMES) + 1
        told = {address.removeprefix(found.index): len(data) for address, data in files.items()}
        told["program"] = told.pop(found.program)
        del told["NOTICE.txt"]
        assert found.sizes == told
        assert found.size == sum(told.values())


@pytest.mark.usefixtures("runtime")
def test_the_form_stands_in_years_that_take_filings(site: SiteData) -> None:
    first, *others = [Pages(site), *(Pages(other, site) for other in site.others)]
    stages = {pages.shown.year: pages.shown.stage for pages in (first, *others)}
    assert {stages[2024], stages[2025], stages[2026]} == {"final", "publicity", "open"}
    forms = {a for pages in (first, *others) for a in pages.standing if a.endswith("file.html")}
    assert forms == {"file.html", "2026/file.html"}
    page = first.standing["file.html"]()
    assert "2026\u00a0年度的活动" in page.body
    assert page.program is not None
    told = json.loads(page.program.data)
    assert (told["year"], told["stage"], told["up"]) == (2026, "open", "")
    assert told["bundles"]["own"] == "2026/branches/{branch}.bundle.json"
    assert page.program.script == f"{scripts_folder(site.templates)}main.js"
    (deep,) = (pages.standing["2026/file.html"]() for pages in others if pages.shown.year == 2026)
    assert deep.program is not None
    assert json.loads(deep.program.data)["engine"]["index"] == f"../{told['engine']['index']}"
    Auditor().program("file.html", str(deep.program))


def test_the_form_of_another_year_is_not_shown_as_that_of_the_first(site: SiteData) -> None:
    volumes = [Pages(site), *(Pages(other, site) for other in site.others)]
    switch, first = Switch(volumes), volumes[0]
    years = {a: switch.around(first.frame(a), a, first).years for a in ("file.html", "heat.html")}
    assert "aria-current" in years["heat.html"]
    assert "aria-current" not in years["file.html"]
    assert "2026" in years["file.html"]


def test_without_the_engine_the_page_says_how_else(
    site: SiteData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "RUNTIME", tmp_path / "none")
    assert engine.assets("zh") is None
    page = Pages(site).standing["file.html"]()
    assert page.program is None
    assert "没有装填报用的校验程序" in page.body
    assert "handing-in.html#office" in page.body
    with speaking("en"):
        assert "does not have the checking program" in Pages(site).standing["file.html"]().body


def test_what_the_page_tells_its_script_can_begin_no_markup(site: SiteData, runtime: Path) -> None:
    assets = assets_of(runtime, "zh")
    made = Pages(site)
    told = program_of(made, "file.html", assets)
    Auditor().program("file.html", str(told))
    for wrong in (
        str(told).replace("assets/form/", "https://elsewhere.example/"),
        str(told).replace("assets/form/", "//elsewhere.example/", 1),
        str(told).replace('"modulepreload"', '"stylesheet"', 1),
        str(told).replace("assets/form/", "/assets/form/"),
        str(told).replace('{"year"', '{"<script>": 1, "year"'),
        f"{told}{told}",
        str(told).replace('"module"', '"text/javascript"'),
    ):
        with pytest.raises(AuditError):
            Auditor().program("file.html", wrong)


def test_tests_run_the_pyodide_that_sites_have() -> None:
    def locked(folder: Path) -> object:
        document = json.loads((folder / "package-lock.json").read_text("utf-8"))
        return document["packages"]["node_modules/pyodide"]

    assert locked(WEB) == locked(PROGRAM / "site_templates" / "engine")


def test_a_wheel_holds_what_was_packed() -> None:
    project = tomllib.loads((PROGRAM / "pyproject.toml").read_text("utf-8"))
    (patterns,) = project["tool"]["setuptools"]["package-data"].values()
    folder = engine.RUNTIME.relative_to(PROGRAM / "generator").as_posix()
    for name in engine.NAMES:
        assert any(PurePath(f"{folder}/{name}").match(pattern) for pattern in patterns)


def test_no_lock_names_a_registry() -> None:
    for folder in (WEB, PROGRAM / "site_templates" / "engine"):
        assert "resolved" not in (folder / "package-lock.json").read_text("utf-8")


def test_what_the_first_script_imports_is_named_in_the_page(site: SiteData) -> None:
    folder = site.templates / "pages" / "assets" / "form"
    named = imported(site.templates)
    assert {"words.js", "engine.js", "views/overview.js", "inputs/day.js"} <= set(named)
    assert len(set(named)) == len(named)
    # The worker's script is fetched by the worker, and the first one by the page itself.
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.js")}
    assert there - set(named) == {"main.js", "worker.js"}
