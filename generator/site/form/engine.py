"""The engine as a browser loads it: Pyodide, its standard library, and the program as an archive.

``make engine`` packs Pyodide once, from what npm installed; a build only copies it. The archive of
the program is made anew from the modules that lie here. Nothing is fetched from elsewhere, neither
by the build nor by the page.
"""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sys
import zipfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import simplejson
import yaml

from generator.site.form.closure import PACKAGE, closure, library
from generator.site.form.scripts import digest
from generator.site.html.page import GeneratedFile
from generator.text.language import catalogue_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Where ``make engine`` puts what it packed; a wheel holds it.
RUNTIME = Path(__file__).parent / "runtime"
#: What the worker imports first; whatever it imports goes along.
FIRST = ("site.form.session",)
#: Libraries that are Python alone where Pyodide runs them.
LIBRARIES = (simplejson, yaml)
#: Name in npm's package → name in the site. Not every server knows what .mjs and .wasm are.
MODULES = {"pyodide.mjs": "pyodide.js", "pyodide.asm.mjs": "pyodide.asm.js"}
LIBRARY = "python_stdlib.zip"
WASM, PACKED_WASM = "pyodide.asm.wasm", "pyodide.asm.wasm.gz"
NOTICE = "NOTICE.txt"
#: What Pyodide asks for to learn of further packages: there are none.
LOCK = "pyodide-lock.json"
NAMES = (*MODULES.values(), LIBRARY, PACKED_WASM, LOCK, NOTICE)
FOLDER = "assets/engine/"
#: An archive carries no clock: the same modules give the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
BUFFER = 1 << 20
TOLD = """\
Pyodide {version} (Mozilla Public License 2.0), https://github.com/pyodide/pyodide
CPython and its standard library (Python Software Foundation License), https://www.python.org
PyYAML (MIT), https://pyyaml.org
simplejson (MIT or Academic Free License 2.1), https://github.com/simplejson/simplejson
"""


class NoPyodideError(Exception):
    """What npm should have installed is not there: ``path`` is the file that is missing."""

    def __init__(self, path: Path) -> None:
        """Keep the path."""
        super().__init__(f"{path} is missing: make engine installs it with npm")
        self.path = path


class Part(NamedTuple):
    """A file of the engine: its address, its size, and where it lies or what it is."""

    address: str
    size: int
    source: Path | bytes

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes."""
        if isinstance(self.source, bytes):
            yield self.source
            return
        with self.source.open("rb") as stream:
            while piece := stream.read(BUFFER):
                yield piece


@dataclass(frozen=True)
class Assets:
    """The engine of a site: addresses below the site's root, ``index`` ending in a slash."""

    index: str
    program: str
    parts: tuple[Part, ...]

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Name in ``index``, or ``program``, of what a browser loads → bytes that it fetches."""
        return {
            "program" if part.address == self.program else part.address.removeprefix(self.index):
            part.size for part in self.parts if not part.address.endswith(NOTICE)
        }  # fmt: skip

    @property
    def size(self) -> int:
        """Bytes that a browser fetches."""
        return sum(self.sizes.values())

    def files(self) -> Iterator[GeneratedFile]:
        """Yield the files of the site."""
        for part in self.parts:
            yield GeneratedFile(part.address, part.pieces)


def assets(lang: str) -> Assets | None:
    """Return the engine for pages in a language; None where ``make engine`` was not run."""
    return assets_of(RUNTIME, lang) if RUNTIME.is_dir() else None


@cache
def assets_of(runtime: Path, lang: str) -> Assets:
    """Return the engine with the runtime in a folder."""
    named = digest((name, (runtime / name).read_bytes()) for name in NAMES)
    index = f"{FOLDER}{named}/"
    archive = program(lang)
    address = f"{FOLDER}{digest([('program', archive)])}.zip"
    parts = [Part(f"{index}{n}", (runtime / n).stat().st_size, runtime / n) for n in NAMES]
    return Assets(index, address, (*parts, Part(address, len(archive), archive)))


def runtime_at(address: str) -> Path | None:
    """Return the file that ``make engine`` packed for an address; None where that is another's."""
    name = address.rpartition("/")[2]
    return RUNTIME / name if address.startswith(FOLDER) and name in NAMES else None


def program(lang: str, firsts: Sequence[str] = FIRST) -> bytes:
    """Return the archive of our own modules, of libraries, and of the catalogue of a language.

    ``firsts`` are modules of ours: these and what they import go along.
    """
    files = closure(firsts)
    for module in LIBRARIES:
        files.update(library(module))
    if lang != "zh":
        path = catalogue_path(lang)
        name = path.relative_to(PACKAGE.parent).as_posix()
        files[name] = uncommented(path.read_text("utf-8")).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return target.getvalue()


def uncommented(catalogue: str) -> str:
    """Return a catalogue without its comments."""
    return "".join(line for line in catalogue.splitlines(keepends=True) if not line.startswith("#"))


def pack(pyodide: Path, runtime: Path = RUNTIME) -> None:
    """Pack what npm installed into ``runtime``, which is made anew; raises NoPyodideError."""
    needed = [pyodide / name for name in (*MODULES, LIBRARY, WASM, LOCK, "package.json")]
    for path in needed:
        if not path.is_file():
            raise NoPyodideError(path)
    begun = runtime.with_name(f"{runtime.name}.new")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True)
    for name, new in MODULES.items():
        (begun / new).write_text(without_map((pyodide / name).read_text("utf-8")), "utf-8")
    shutil.copyfile(pyodide / LIBRARY, begun / LIBRARY)
    (begun / PACKED_WASM).write_bytes(gzip.compress((pyodide / WASM).read_bytes(), mtime=0))
    lock = json.loads((pyodide / LOCK).read_text("utf-8"))
    (begun / LOCK).write_text(json.dumps({"info": lock["info"], "packages": {}}), "utf-8")
    (begun / NOTICE).write_text(TOLD.format(version=version_of(pyodide)), "utf-8")
    shutil.rmtree(runtime, ignore_errors=True)
    begun.rename(runtime)


def without_map(script: str) -> str:
    """Return a script that names no map of its source, which is not published."""
    return "".join(
        line for line in script.splitlines(keepends=True)
        if not line.startswith("//# sourceMappingURL=")
    )  # fmt: skip


def version_of(pyodide: Path) -> str:
    """Return the version of npm's package in a folder."""
    return str(json.loads((pyodide / "package.json").read_text("utf-8"))["version"])


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
