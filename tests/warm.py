"""Python with the program imported already, which steps of workflows fork instead of starting it.

A step that starts Python spends most of its time on imports. ``Warm`` is a process that has them;
``install`` puts a program in the place of a workspace's Python that hands over its words, folder,
environment and files, and ends as what was forked for it ends. Only modules of ``FORKED`` run so,
and ``appraise``; all else is what it was. The tools are read from the workspace anew; the program
is the one of this suite, which no step changes. ``make install``, what follows it, and one run of
``score`` do without any of it.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.gitrepo import GitRepo

if TYPE_CHECKING:
    from typing import Self

ROOT = Path(__file__).resolve().parent.parent
#: Modules that are forked, and what the command is as a module.
FORKED = ("generator", "tools.pull_requests", "tools.validate", "tools.waiting")
#: The program that stands in for Python. Without a status the one that was forked was killed.
CLIENT = """#!{python} -ISE
import os, socket, sys
words = sys.argv[1:]
if os.path.basename(sys.argv[0]) == "appraise":
    words = ["-m", "generator", *words]
if words[:1] == ["-m"] and words[1] in {forked}:
    import json
    order = [words[1:], os.getcwd(), dict(os.environ), {real}]
    with socket.socket(socket.AF_UNIX) as server:
        server.connect({address})
        socket.send_fds(server, [b" "], [0, 1, 2])
        server.sendall(json.dumps(order).encode() + b"\\n")
        status = server.makefile().readline()
    sys.exit(int(status or 137))
os.execv({real}, [{real}, *words])
"""


class Warm:
    """A process that forks what steps start, and ends with the block.

    Where steps make ``builds``, templates and dictionaries are read beforehand too.
    """

    def __init__(self, *, builds: bool = False) -> None:
        self.folder = tempfile.mkdtemp()
        self.address = f"{self.folder}/socket"
        self.process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "tests.warm", self.address, f"{builds:d}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.communicate()
        shutil.rmtree(self.folder)

    def install(self, workspace: Path) -> None:
        """Let a workspace's Python and its command be forked."""
        programs = workspace / ".venv" / "bin"
        if not programs.is_dir():
            return
        real = programs / "python-itself"
        real.symlink_to(Path(sys.executable).resolve())
        told = {"forked": FORKED, "real": str(real), "address": self.address}
        words = CLIENT.format(
            python=real.resolve(), **{key: repr(value) for key, value in told.items()}
        )
        for name in ("python", "appraise"):
            (programs / name).unlink(missing_ok=True)
            (programs / name).write_text(words, "utf-8")
            (programs / name).chmod(0o755)


def serve(address: str, *, builds: bool) -> None:
    """Fork for whoever asks at a socket, until this process is ended."""
    warm_up(builds=builds)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            client, _ = server.accept()
            with client:
                if os.fork() == 0:
                    server.close()
                    run(client)
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def warm_up(*, builds: bool) -> None:
    """Do once what steps do, so that all that it needs is imported; build a site if these do."""
    from tests.support import appraise

    with tempfile.TemporaryDirectory() as folder:
        repo = GitRepo(Path(folder) / "root")
        site = ("build", "--quiet", "--no-cache", "--site-dir", f"{folder}/site")
        for words in (("check",), ("impact", "main", "main"), *([site] if builds else [])):
            assert appraise(*words, root=repo.root).exit_code == 0


def run(client: socket.socket) -> None:
    """Be the process that a client asked for, tell it the status, and end."""
    status = 3
    try:
        _, files, _, _ = socket.recv_fds(client, 1, 3)
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        with client.makefile(encoding="utf-8") as asked:
            words, folder, environment, executable = json.loads(asked.readline())
        become(words, folder, environment, executable)
        status = status_of(words[0])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        client.sendall(f"{status}\n".encode())
        os._exit(status)


def become(words: list[str], folder: str, environment: dict[str, str], executable: str) -> None:
    """Take over words, folder and environment."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    given = environment.get("PYTHONPATH", "").split(os.pathsep)
    kept = [path for path in sys.path if path and Path(path) != ROOT]
    sys.path[:] = [folder, *filter(None, given), *kept]
    sys.argv = words
    sys.executable = str(Path(executable).with_name("python"))


def status_of(module: str) -> int:
    """Run a module as Python does; return the exit status."""
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code: Any = end.code
        if isinstance(code, str):
            sys.stderr.write(f"{code}\n")
        return code if isinstance(code, int) else int(code is not None)
    except BaseException:  # noqa: BLE001 - as Python does with what nobody caught
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    serve(sys.argv[1], builds=sys.argv[2] == "1")
