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
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

# Any: a stroke as JSON has it.
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from tests.sites import PROGRAM, beside, digest_of
from tests.support import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

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
    reply = os.dup(1)
    os.dup2(2, 1)
    get_ready()
    desk = Desk()
    for line in sys.stdin:
        order, *values = json.loads(line)
        os.write(reply, f"{getattr(desk, order)(*values)}\n".encode())


class Forked(NamedTuple):
    """What a build that was forked prints into, and where it writes down its counts."""

    words: IO[bytes]
    counts: IO[bytes]


class Desk:
    """What this process can be told to do: a method an order, whose answer is a line."""

    def __init__(self) -> None:
        from generator.files.writing import exchange
        from generator.site.build import swapping

        self.exchange, self.swapping = exchange, swapping
        self.exchange_call = exchange.exchange_call
        self.patience = swapping.PATIENCE
        self.builds: dict[int, Forked] = {}
        self.largest = -1
        self.environment: dict[str, str] = {}

    def start(self, stroke: list[Any], *arguments: str) -> int:
        """Begin a build; return its process."""
        forked = Forked(*(tempfile.TemporaryFile() for _ in range(2)))  # noqa: SIM115 - see wait
        strokes = Strokes(forked.counts.fileno(), *stroke)
        process = fork_build(strokes, arguments, forked.words, self.largest, self.environment)
        self.builds[process] = forked
        return process

    def stopped(self, process: str) -> bool:
        """Wait until a build has stopped itself; False where it ended."""
        return os.WIFSTOPPED(os.waitpid(int(process), os.WUNTRACED)[1])

    def ended(self, process: str) -> bool:
        """Whether a build has ended; nobody waits for it."""
        told = os.waitid(os.P_PID, int(process), os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return told is not None

    def wait(self, process: str) -> str:
        """Wait for the end of a build."""
        status = os.waitstatus_to_exitcode(os.waitpid(int(process), 0)[1])
        with self.builds[int(process)].words as file:
            words = os.pread(file.fileno(), 1 << 20, 0).decode("utf-8", "replace")
        with self.builds.pop(int(process)).counts as file:
            told = os.pread(file.fileno(), COUNTS.size, 0)
        return json.dumps([status, words, *COUNTS.unpack(told)])

    def two_steps(self) -> None:
        """Let no two folders be exchanged in one step."""
        self.exchange.exchange_call = lambda: None  # type: ignore[assignment]

    def one_step(self) -> None:
        """Let them be exchanged as the system can."""
        self.exchange.exchange_call = self.exchange_call

    def patient(self) -> None:
        """Let builds wait for another one as long as it takes."""
        self.swapping.PATIENCE = PATIENCE

    def impatient(self) -> None:
        """Let them wait as long as anybody's."""
        self.swapping.PATIENCE = self.patience

    def limit(self, size: str) -> None:
        """Let no file of the builds that follow exceed a size; -1: let it."""
        self.largest = int(size)

    def surround(self, *pairs: str) -> None:
        """Add ``name=value`` to the environment of the builds that follow; nothing: no more."""
        self.environment = dict(pair.split("=", 1) for pair in pairs)

    def mount(self, *words: str) -> None:
        """Mount a file system."""
        subprocess.run(["mount", *words], check=True)

    def look(self, site: str) -> str:
        """Return the digest of a site, what lies beside it, and bytes used on its file system."""
        path = Path(site)
        used = shutil.disk_usage(path.parent).used
        return json.dumps([digest_of(path), sorted(beside(path)), used])


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


def fork_build(
    strokes: Strokes,
    arguments: Sequence[str],
    words: IO[bytes],
    largest: int,
    environment: Mapping[str, str],
) -> int:
    """Fork the command line, none of whose files may exceed a size; return the process."""
    from generator.cli.main import main

    strokes.tell()
    pid = os.fork()
    if pid:
        return pid
    os.dup2(words.fileno(), 1)
    os.dup2(words.fileno(), 2)
    if largest != -1:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    os.environ.update(environment)
    tempfile.tempdir = None  # to be found in the environment
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

    Light style sheets and the words of a text are those of the same text. What goes into a shell
    beside its key is the theme, the configuration and the language; and the year, which is that
    of the small repository.
    """
    import jieba

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
    once(setting, "lightened", lambda css: css)
    once(jieba, "cut", lambda text: text, tuple)


def once(
    owner: type | ModuleType,
    name: str,
    key: Callable[..., object],
    kept: Callable[[Any], object] = lambda answer: answer,
) -> None:
    """Let a function or method give the same answer, in the form in which it is kept, for a key."""
    original, known = getattr(owner, name), {}

    def remembered(*values: object) -> object:
        it = key(*values)
        if it not in known:
            known[it] = kept(original(*values))
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
