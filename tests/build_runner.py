"""A process that forks builds on demand: the other side of ``tests.sites.Runner``.

Everything is imported and every template compiled before the first fork, so that a build of the
small repository takes a third of a second, and two hundred of them can be killed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.sites import ENDED, SWAPPING, beside, digest_of
from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Callable


def serve_orders() -> None:
    """Take orders from standard input until it ends."""
    from generator.site.build import building, exchange, swapping

    reply = os.dup(1)
    os.dup2(2, 1)
    remember_templates()
    warm_up()
    swap = swapping.swap

    def announced(site_dir: Path, new: Path, old: Path) -> None:
        os.write(reply, f"{SWAPPING}\n".encode())
        swap(site_dir, new, old)

    building.swap = announced  # type: ignore[attr-defined]
    child = 0
    with tempfile.TemporaryFile() as errors:
        for line in sys.stdin:
            order, *values = json.loads(line)
            answer: object = "done"
            if order == "start":
                child = answer = fork_build(values, errors.fileno(), reply)
            elif order == "wait":
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                words = os.pread(errors.fileno(), 1 << 20, 0).decode("utf-8", "replace")
                answer = json.dumps([status, words])
            elif order == "two-steps":
                exchange.exchange_call = lambda: None  # type: ignore[assignment]
            elif order == "mount":
                subprocess.run(["mount", *values], check=True)
            elif order == "look":
                answer = json.dumps(look(Path(values[0])))
            os.write(reply, f"{answer}\n".encode())


def look(site: Path) -> tuple[str, list[str], int]:
    """Return the digest of a site, what lies beside it, and bytes used on its file system."""
    return digest_of(site), sorted(beside(site)), shutil.disk_usage(site.parent).used


def fork_build(arguments: list[str], errors: int, reply: int) -> int:
    """Fork the command line; return the process."""
    from generator.cli.main import main

    os.ftruncate(errors, 0)
    os.lseek(errors, 0, os.SEEK_SET)
    pid = os.fork()
    if pid:
        return pid
    os.dup2(errors, 1)
    os.dup2(errors, 2)
    sys.argv = ["appraise", *arguments]
    status = 0
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(reply, f"{ENDED}\n".encode())
    os._exit(status)


def warm_up() -> None:
    """Build once, so that everything that a build needs is imported and compiled."""
    from generator.site.build.building import build_site

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        shutil.copytree(BASE, root)
        build_site(root, Path(folder) / "site", quiet=True)


def remember_templates() -> None:
    """Compile each template, and list those of the theme, once for all builds.

    Most of a small build goes there, and no file is written by it.
    """
    from jinja2 import Environment

    once(Environment, "compile", lambda env, *source, **_: (env.autoescape, source))
    once(Environment, "list_templates", lambda env, **_: tuple(env.loader.searchpath))


def once(owner: type, name: str, key: Callable[..., object]) -> None:
    """Let a method give the same answer for the same key."""
    original, known = getattr(owner, name), {}

    def remembered(self: object, *values: object, **more: object) -> object:
        it = key(self, *values, **more)
        if it not in known:
            known[it] = original(self, *values, **more)
        return known[it]

    setattr(owner, name, remembered)


if __name__ == "__main__":
    serve_orders()
