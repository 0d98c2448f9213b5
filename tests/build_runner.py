"""A process that forks builds on demand: the other side of ``tests.sites.Runner``.

Everything is imported and every template compiled before the first fork, so that a build of the
small repository takes a third of a second, and many of them can be killed. A build strikes itself:
it counts its own calls that touch files, and sends itself a signal at the one that it was told.
So a test says at which step a build is killed, stopped or asked to end, and no clock does.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tests.sites import PROGRAM, beside, digest_of
from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.site.build.plugin import AppraisalPlugin
    from generator.site.exports.social import Card
    from generator.site.html.shell import ShellKey

#: Calls that touch files, by what Python names them to whoever listens.
TOUCHES = ("open", "os.", "shutil.", "tempfile.", "fcntl.")
#: Seconds that a build waits for the processes of one that was killed: no outcome hangs on them.
PATIENCE = 600
#: Says that all builds are of the small repository.
ALIKE = "alike"
COUNTS = struct.Struct("qq")


def serve_orders() -> None:
    """Take orders from standard input until it ends."""
    from generator.files.writing import exchange
    from generator.site.build import swapping

    exchange_call = exchange.exchange_call
    reply = os.dup(1)
    os.dup2(2, 1)
    get_ready()
    child = 0
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as counts:
        for line in sys.stdin:
            order, *values = json.loads(line)
            answer: object = "done"
            if order == "start":
                child = answer = fork_build(
                    Strokes(counts.fileno(), *values[0]), values[1:], errors
                )
            elif order == "stopped":
                answer = os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])
            elif order == "wait":
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                words = os.pread(errors.fileno(), 1 << 20, 0).decode("utf-8", "replace")
                told = os.pread(counts.fileno(), COUNTS.size, 0)
                answer = json.dumps([status, words, *COUNTS.unpack(told)])
            elif order == "two-steps":
                exchange.exchange_call = lambda: None  # type: ignore[assignment]
            elif order == "one-step":
                exchange.exchange_call = exchange_call
            elif order == "patient":
                swapping.PATIENCE = PATIENCE
            elif order == "mount":
                subprocess.run(["mount", *values], check=True)
            elif order == "look":
                answer = json.dumps(look(Path(values[0])))
            os.write(reply, f"{answer}\n".encode())


class Strokes:
    """Counts the touches of a process, and sends it a signal at some of them: see ``Stroke``.

    All touches, and those before the swap, are told in the file ``counts``.
    """

    def __init__(
        self, counts: int, number: int, moments: list[int], after_swap: bool, call: str
    ) -> None:
        self.counts, self.number, self.after_swap, self.call = counts, number, after_swap, call
        self.moments = frozenset(moments)
        self.touches = self.swap = self.met = 0

    def listen(self) -> None:
        """Begin to count in this process."""
        from generator.site.build import building, swapping

        swap, self.process = swapping.swap, os.getpid()

        def marked(site_dir: Path, new: Path, old: Path) -> None:
            self.swap = self.touches
            swap(site_dir, new, old)

        building.swap = marked  # type: ignore[attr-defined] # imported there, replaced here
        sys.addaudithook(self.hear)

    def hear(self, event: str, _: object) -> None:
        """Count a touch; processes that are forked from this one are not struck."""
        if not event.startswith(TOUCHES) or event == "os.kill" or os.getpid() != self.process:
            return
        self.touches += 1
        if self.call in {"", event} and (self.swap or not self.after_swap):
            self.met += 1
            if self.met in self.moments:
                os.kill(self.process, self.number)

    def tell(self) -> None:
        """Write down the counts: all touches, and how many came before the swap."""
        os.pwrite(self.counts, COUNTS.pack(self.touches, self.swap), 0)


def look(site: Path) -> tuple[str, list[str], int]:
    """Return the digest of a site, what lies beside it, and bytes used on its file system."""
    return digest_of(site), sorted(beside(site)), shutil.disk_usage(site.parent).used


def fork_build(strokes: Strokes, arguments: list[str], errors: IO[bytes]) -> int:
    """Fork the command line; return the process."""
    from generator.cli.main import main

    strokes.tell()
    errors.seek(0)
    errors.truncate()
    pid = os.fork()
    if pid:
        return pid
    os.dup2(errors.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    sys.argv = ["appraise", *arguments]
    status = 0
    strokes.listen()
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    strokes.tell()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def get_ready() -> None:
    """Make all that builds share; their garbage collector passes over it."""
    if ALIKE in sys.argv:
        remember()
    warm_up()
    load_libraries()
    gc.collect()
    gc.freeze()


def warm_up() -> None:
    """Build once, so that everything that a build needs is imported and compiled."""
    from generator.site.build.building import build_site

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        shutil.copytree(BASE, root)
        build_site(root, Path(folder) / "site", quiet=True)


def remember() -> None:
    """Give builds what they would make alike: a shell by its key, the card of the same totals.

    What goes into a shell beside its key is the theme, the configuration and the language; and the
    year, which is that of the small repository.
    """
    from generator.site.build import plugin as host
    from generator.site.build import setting
    from generator.site.exports import social

    def theme(_: AppraisalPlugin, key: ShellKey) -> object:
        root = setting.data_root(None)
        made_of = setting.templates_folder(root), setting.config_file(root)
        return key, *made_of, setting.site_language()

    def totals(card: Card) -> object:
        results = card.site.results
        return results.year, tuple((branch.total, branch.grade) for branch in results.branches)

    once(host.AppraisalPlugin, "shell", theme)
    once(social.Card, "picture", totals)


def once(owner: type, name: str, key: Callable[..., object]) -> None:
    """Let a method give the same answer for the same key."""
    original, known = getattr(owner, name), {}

    def remembered(self: object, *values: object) -> object:
        it = key(self, *values)
        if it not in known:
            known[it] = original(self, *values)
        return known[it]

    setattr(owner, name, remembered)


def load_libraries() -> None:
    """Import what only the processes beside a build import, once for all of them, and draw once."""
    import pyarrow.parquet  # noqa: F401 - so that it is there

    from generator.site.data.years import load_site
    from generator.site.exports.social import picture_of

    picture_of(load_site(BASE, "zh", PROGRAM / "site_templates"))


if __name__ == "__main__":
    serve_orders()
