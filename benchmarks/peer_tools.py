"""Peers that are measured in the same run: installed into an environment of their own."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import Failure, run

HERE = Path(__file__).resolve().parent
PINNED = HERE / "peers.txt"
FOLDER = HERE / "peers"
#: Installed into the second environment only: it makes check-jsonschema read with libyaml.
LIBRARY = "ruamel.yaml.clib"


class Tools(NamedTuple):
    """Two environments: of the peers as ``pip`` installs them, and with ruamel's C library."""

    plain: Path
    library: Path

    def plain_bin(self, name: str) -> str:
        """Return a program of the first environment."""
        return str(self.plain / "bin" / name)


def pins() -> list[str]:
    """Return what is to be installed, each with its version."""
    lines = [line.strip() for line in PINNED.read_text("utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def install(data: Path) -> Tools:
    """Install the peers below ``data`` where they are not there yet; raises Failure."""
    key = hashlib.sha256(PINNED.read_bytes()).hexdigest()[:12]
    tools = Tools(data / f"peers-{key}", data / f"peers-{key}-library")
    both = [pin for pin in pins() if not pin.startswith(f"{LIBRARY}==")]
    fast = [
        p for p in pins() if p.partition("==")[0] in {"check-jsonschema", "ruamel.yaml", LIBRARY}
    ]
    for folder, wanted in ((tools.plain, both), (tools.library, fast)):
        if not (folder / "installed").is_file():
            run([sys.executable, "-m", "venv", "--clear", str(folder)])
            optional(folder, wanted)
            (folder / "installed").touch()
    return tools


def optional(folder: Path, wanted: list[str]) -> None:
    """Install packages one by one, so that one that does not install leaves the others."""
    for pin in wanted:
        try:
            pip(folder, pin)
        except Failure as failure:
            sys.stderr.write(f"{pin} does not install: {failure}\n")


def pip(folder: Path, *packages: str) -> None:
    """Install packages into an environment; raises Failure."""
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    run([*command, "--disable-pip-version-check", *packages])


def has(folder: Path, program: str) -> bool:
    """Whether an environment has a program."""
    return (folder / "bin" / program).is_file()
