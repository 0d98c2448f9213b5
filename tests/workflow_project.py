"""This project as a forge holds it: a bare remote, pull requests, and a stand-in for ``gh``."""

from __future__ import annotations

import atexit
import functools
import importlib.util
import json
import marshal
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import venv
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.site.form.engine import NAMES, RUNTIME
from tests.gitrepo import GitRepo
from tests.support import BASE
from tests.workflow_runner import Job, Runner, load_workflow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tests.warm import Warm

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
REPOSITORY = "example-org/appraisal"
ZERO = "0" * 40
#: What stays away: the sample, and of the suite all tests but those that `ci` runs here.
DATA = ("branches", "committee", "rubric.yml")
UNRUN = re.compile(r"tests/(?:cases/findings/|test_(?!names\.py))")
OWN = "branches/demo-a/2025/documents"
OTHER = "branches/demo-b/2025/self-assessment.yml"
#: Where a shell obeys any of it, a file `owned` appears beside the workspace.
SHELL = '";touch ../owned;"$(touch ../owned)`touch ../owned`${{ github.token }}'


class Project:
    """The project's present program as main of a bare repository, and the forge's other state.

    Its data are the two branches of the examples, since steps run whole programs.
    Programs that steps start are forked where there is a ``warm`` process.
    """

    def __init__(self, folder: Path, warm: Warm | None = None) -> None:
        self.folder, self.warm = folder, warm
        self.repo = GitRepo(folder / "author", base=False)
        copy_files(self.repo.root, DATA)
        shutil.copytree(BASE, self.repo.root, dirs_exist_ok=True)
        appraisal = self.repo.root / "committee/2025/appraisal.yml"
        text = appraisal.read_text("utf-8")
        # Branches file while a year is open.
        appraisal.write_text(re.sub("(?m)^stage: .*$", "stage: open", text), "utf-8")
        self.first = self.repo.commit("main")
        self.remote = folder / "remote.git"
        self.repo.git("repack", "-adq", "--window=0")
        self.repo.git("clone", "--quiet", "--bare", str(self.repo.root), str(self.remote))
        self.known = shutil.copytree(self.remote, folder / "known.git")
        self.forge = folder / "forge.json"
        self.state: dict[str, Any] = {}
        self.runs = 0
        self.clear()
        self.bin = folder / "bin"
        self.bin.mkdir()
        script(self.bin / "gh", (ROOT / "tests" / "fake_gh.py").read_text("utf-8"))
        (self.bin / "python3").symlink_to(Path(sys.executable).resolve())

    def clear(self) -> None:
        """Forget pull requests, comments and deployments; set main back."""
        self.state = {"pulls": [], "comments": {}, "deployments": [], "log": []}
        self.save()
        refs = self.repo.git("ls-remote", str(self.remote), "refs/pull/*").splitlines()
        gone = [f":{line.split()[1]}" for line in refs]
        self.repo.git("push", "--quiet", "--force", str(self.remote), f"{self.first}:main", *gone)
        self.repo.git("checkout", "--quiet", "--force", "-B", "main", self.first)

    def save(self) -> None:
        """Write what the forge knows."""
        self.forge.write_text(json.dumps(self.state), "utf-8")

    def load(self) -> dict[str, Any]:
        """Read what the forge knows by now."""
        self.state = json.loads(self.forge.read_text("utf-8"))
        return self.state

    def push_main(self, commit: str) -> None:
        """Set main, on the remote and here; anything may be lost by it."""
        self.repo.git("push", "--quiet", "--force", str(self.remote), f"{commit}:refs/heads/main")
        self.repo.git("checkout", "--quiet", "--force", "-B", "main", commit)

    def push_pull(self, number: int, commit: str) -> None:
        """Set the commit of a pull request, and its merge where there is one."""
        refs = [f"{commit}:refs/pull/{number}/head"]
        try:
            tree = self.repo.git("merge-tree", "--write-tree", "main", commit)
            parents = ("-p", "main", "-p", commit)
            merge = self.repo.git("commit-tree", tree, *parents, "-m", "merge")
            refs.append(f"{merge}:refs/pull/{number}/merge")
        except subprocess.CalledProcessError:
            pass
        self.repo.git("push", "--quiet", "--force", str(self.remote), *refs)

    def pull(self, number: int, commit: str, author: str, **more: Any) -> dict[str, Any]:
        """Open a pull request, or push to it; return what the forge says of it."""
        self.push_pull(number, commit)
        pull = {
            "number": number,
            "state": "open",
            "title": "示例",
            "user": {"login": author},
            "head": {"sha": commit, "ref": "topic"},
            "base": {"sha": self.first, "ref": "main"},
            **more,
        }
        self.load()["pulls"] = [p for p in self.state["pulls"] if p["number"] != number] + [pull]
        self.save()
        return pull

    def good(self, text: str = "示例：补充说明\n") -> str:
        """Commit a change that the account example-a may make."""
        path = min((self.repo.root / OWN).glob("*/*.md"))
        return self.repo.change({path.relative_to(self.repo.root).as_posix(): text})

    def obeyed(self) -> list[Path]:
        """Return what would be there if a shell had obeyed any of `SHELL`."""
        return list(self.folder.rglob("owned"))

    def comments(self, number: int) -> list[dict[str, Any]]:
        """Return the comments on a pull request."""
        found = self.load()["comments"].get(str(number), [])
        assert isinstance(found, list)
        return found

    def runner(self, ref: str = "refs/heads/main", **event: Any) -> Runner:
        """Return a runner on the remote's present state."""
        self.runs += 1
        listed = self.repo.git("ls-remote", str(self.remote), ref)
        repository = {"full_name": REPOSITORY, "fork": False}
        return Runner(
            self.remote,
            self.folder / f"run-{self.runs}",
            {
                "repository": REPOSITORY,
                "ref": ref,
                "sha": listed.split()[0] if listed else ZERO,
                "event": {"repository": repository, **event},
            },
            {**clean_environment(self.bin), "FAKE_FORGE": str(self.forge)},
            self.prepare,
            known=self.known,
        )

    def prepare(self, workspace: Path) -> None:
        """Make a workspace a machine where ``make install`` has run."""
        reuse_packages(workspace)
        if self.warm is not None:
            self.warm.install(workspace)

    def run(self, name: str, runner: Runner | None = None) -> dict[str, Job]:
        """Run a workflow by the name of its file."""
        return (runner or self.runner()).run(WORKFLOWS / f"{name}.yml")


def clean_environment(folder: Path) -> dict[str, str]:
    """Return an environment for steps: ``folder`` first on the path, git without settings."""
    kept = {k: v for k, v in os.environ.items() if k in {"LANG", "SSL_CERT_FILE"} or "PIP_" in k}
    return {
        **kept,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }


def all_ran(name: str, jobs: Mapping[str, Job]) -> None:
    """Hold that every step of every job of a workflow ran, and succeeded."""
    for key, job in load_workflow(WORKFLOWS / f"{name}.yml")["jobs"].items():
        results = [step.result for step in jobs[key].steps]
        assert results == ["success"] * len(job["steps"]), jobs[key].log


def copy_files(target: Path, without: Collection[str]) -> None:
    """Copy what git tracks here, or would; the suite may run before the commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in sorted(set(listed.stdout.decode("utf-8").split("\0")) - {""}):
        source, copy = ROOT / name, target / name
        if source.is_file() and name.split("/")[0] not in without and not UNRUN.match(name):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)


def script(path: Path, text: str) -> None:
    """Write a program for this interpreter."""
    path.write_text(f"#!{sys.executable}\n{text}", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def empty_environment(workspace: Path) -> Path:
    """Make .venv with the packages of this interpreter in reach, and nothing installed.

    ``make install`` then has all to do but downloading. Return its folder of packages.
    """
    venv.create(workspace / ".venv", with_pip=False, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = workspace / ".venv" / "lib" / version / "site-packages"
    here = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    # A line of a .pth file is a folder to look in; the .pth files in there have no effect.
    (packages / "reuse.pth").write_text("\n".join(here) + "\n", "utf-8")
    return packages


@functools.cache
def compiled() -> list[tuple[str, Path]]:
    """Return what Python keeps of each module, by its place in a clone, made once a process.

    What it keeps here already is not compiled again. Another text makes it void, whatever its age.
    """
    kept = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    head = importlib.util.MAGIC_NUMBER + (0b11).to_bytes(4, "little")  # a hash, to be compared
    found: list[tuple[str, Path]] = []
    for folder in ("generator", "tools", "tests"):
        for source in (ROOT / folder).rglob("*.py"):
            if source.name.startswith("test_"):
                continue
            code = SourceFileLoader(source.stem, str(source)).get_code(source.stem)
            file = kept / f"{len(found)}.pyc"
            told = importlib.util.source_hash(source.read_bytes())
            file.write_bytes(head + told + marshal.dumps(code))
            found.append((importlib.util.cache_from_source(str(source.relative_to(ROOT))), file))
    return found


def compile_program(workspace: Path) -> None:
    """Spare each of the many programs that run in a clone to compile all modules anew.

    Files are linked, for nobody writes into them: Python puts another one in the place of one.
    """
    for name, file in compiled():
        place = workspace / name
        if place.parent.parent.is_dir():
            place.parent.mkdir(exist_ok=True)
            os.link(file, place)


def reuse_packages(workspace: Path) -> None:
    """Make .venv as ``make install`` leaves it, so that only one test waits for that."""
    if not (workspace / "Makefile").exists():
        return
    compile_program(workspace)
    packages = empty_environment(workspace)
    (packages / "project.pth").write_text(f"{workspace}\n", "utf-8")
    line = "from generator.cli.main import main\nmain()\n"
    program = workspace / ".venv" / "bin" / "appraise"
    program.write_text(f"#!{workspace}/.venv/bin/python\n{line}", "utf-8")
    program.chmod(0o755)
    for stamp in ("site.stamp", "test.stamp"):
        (workspace / ".venv" / stamp).touch()
    web = workspace / "tests" / "web" / "node_modules"
    web.mkdir()
    (web / "stamp").touch()
    runtime = workspace / RUNTIME.relative_to(ROOT)
    runtime.mkdir()
    for name in NAMES:
        (runtime / name).touch()
