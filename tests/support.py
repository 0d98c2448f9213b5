"""What tests share: repositories made from a base and a change, and the program run on them."""

from __future__ import annotations

import base64
import functools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from generator.cli.main import cli

TESTS = Path(__file__).parent
BASE = TESTS / "cases" / "base"
FINDINGS = TESTS / "cases" / "findings"


@dataclass(frozen=True)
class Case:
    """A change of the base repository and the exact text that ``check`` prints for it.

    Keys of a case file: ``files`` (path → text), ``binary`` (path → base64), ``sizes``
    (path → bytes of filler), ``replace`` (path → {old: new}), ``remove`` (paths), ``links``
    (path → target), ``executable`` (paths), ``folders`` (renamed: old → new), ``expected``
    (the output). ``committed`` (path → text) are files of a commit that the change comes after.
    """

    path: Path
    data: dict[str, Any]

    @property
    def code(self) -> str:
        """The finding code that the file's name begins with."""
        return self.path.name.split("-")[0]

    @property
    def expected(self) -> str:
        """The exact output of ``check``."""
        return str(self.data["expected"])

    def _commit(self, root: Path) -> None:
        """Commit the base with further files, where there are any."""
        from tests.gitrepo import GitRepo

        for path, content in self.data.get("committed", {}).items():
            write(root / path, content.encode("utf-8"))
        if "committed" in self.data:
            GitRepo(root, base=False).commit()

    def build(self, root: Path) -> None:  # noqa: C901 - one loop a key
        """Write the base repository with the change into ``root``."""
        shutil.copytree(BASE, root, dirs_exist_ok=True)
        self._commit(root)
        for old, new in self.data.get("folders", {}).items():
            (root / old).rename(root / new)
        for path in self.data.get("remove", []):
            target = root / path
            remove(target)
        for path, content in self.data.get("files", {}).items():
            write(root / path, content.encode("utf-8"))
        for path, content in self.data.get("binary", {}).items():
            write(root / path, base64.b64decode(content))
        for path, size in self.data.get("sizes", {}).items():
            write(root / path, b"x" * size)
        for path, changes in self.data.get("replace", {}).items():
            text = (root / path).read_text("utf-8")
            for old, new in changes.items():
                if old not in text:
                    message = f"{self.path.name}: {old!r} is not in {path}"
                    raise ValueError(message)
                text = text.replace(old, new, 1)
            write(root / path, text.encode("utf-8"))
        for path, target in self.data.get("links", {}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(target)
        for path in self.data.get("executable", []):
            (root / path).chmod(0o755)


def write(path: Path, data: bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def end_year(root: Path, year: int = 2025) -> None:
    """Put a year into stage final, whose claims the committee takes over as they stand."""
    home = root / f"committee/{year}"
    for name, old, new in (
        ("appraisal.yml", "stage: review", "stage: final"),
        ("decision.yml", "meeting:", "accept_claims: 逐项审阅后按自评认定\nmeeting:"),
    ):
        text = (home / name).read_text("utf-8")
        assert text.count(old) == 1, (name, old)
        (home / name).write_text(text.replace(old, new), "utf-8")


def remove(path: Path) -> None:
    """Remove a file or a folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def load_case(path: Path) -> Case:
    """Read a case file."""
    return Case(path, yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))


@functools.cache
def cases() -> tuple[Case, ...]:
    """Return every case of a finding, by name; nobody changes their data."""
    return tuple(load_case(path) for path in sorted(FINDINGS.glob("*.yml")))


def appraise(*arguments: str, root: Path) -> Result:
    """Run the command line in this process; a fault of the program is raised."""
    return CliRunner().invoke(
        cli, ["--root", str(root), *arguments], catch_exceptions=False, prog_name="appraise"
    )
