"""The steps inside the program, in a process of their own: all that knows the program's functions.

    python -m benchmarks.steps read|parse|validate ROOT
    python -m benchmarks.steps watch STEPS COMMAND…

The first three do one thing with every file. ``watch`` runs a whole command of the program with
stopwatches on the functions that stand for STEPS; what no longer exists is left out of the answer.
"""

from __future__ import annotations

import importlib
import inspect
import io
import json
import re
import sys
import time
from contextlib import redirect_stdout
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import own_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Files that are read before the clock of the next step runs over all of them.
CHUNK = 500
#: Step → functions and methods that do it, each where it is defined.
WATCHED = {
    "check": (
        "generator.checks.registry:run_branch",
        "generator.checks.registry:run_cross",
        "generator.checks.registry:run_year",
        "generator.checks.names:check_names",
    ),
    "score": ("generator.scoring.scorer:Scorer.score",),
    "rank": ("generator.scoring.ranking:place",),
    "pages": ("generator.site.data.year:YearPages.page",),
    "search entries": ("generator.site.html.search:append_entries",),
    "write": ("generator.site.html.writing:Writer.page",),
    "bundles": ("generator.site.form.bundles:Bundles.own",),
}
#: Decimal places of points, as the sample's rubric has them.
PLACES = 2


class Stopwatch:
    """Adds up CPU and wall seconds of all calls of the functions it is put on."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0
        self.calls = 0
        self.running = False

    def time(self, action: Callable[[], Any]) -> Any:
        """Return what an action returns; a call inside another one is not counted twice."""
        if self.running:
            return action()
        self.running = True
        cpu, wall = time.process_time(), time.perf_counter()
        try:
            return action()
        finally:
            self.cpu += time.process_time() - cpu
            self.wall += time.perf_counter() - wall
            self.running = False

    def watch(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function in whose place the time is taken; of an iterator, each step's."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            result = self.time(lambda: function(*args, **kwargs))
            return self.each(result) if inspect.isgenerator(result) else result

        return watched

    def each(self, items: Iterator[Any]) -> Iterator[Any]:
        """Yield what an iterator yields, taking the time that it needs for it."""
        end = object()
        self.calls -= 1
        while (item := self.time(lambda: next(items, end))) is not end:
            self.calls += 1
            yield item

    def answer(self) -> dict[str, float]:
        """Return the times, and how often the functions were called or gave something."""
        taken = {"cpu": self.cpu, "wall": self.wall, "memory": own_memory()}
        return {**taken, "amount": self.calls}


def install(watch: Stopwatch, target: str) -> None:
    """Put a stopwatch on ``module:name`` everywhere it is used; nothing where there is none."""
    place, _, name = target.partition(":")
    try:
        owner: Any = importlib.import_module(place)
    except ModuleNotFoundError:
        return
    *outer, last = name.split(".")
    for part in outer:
        owner = getattr(owner, part, None)
    original = getattr(owner, last, None)
    if original is None:
        return
    watched = watch.watch(original)
    setattr(owner, last, watched)
    users = [m for n, m in sys.modules.items() if n.startswith("generator.")]
    for module in users:
        for key, value in list(vars(module).items()):
            if value is original:
                setattr(module, key, watched)


def watch_command(steps: Iterable[str], arguments: list[str]) -> dict[str, dict[str, float]]:
    """Run a command of the program; return the times of the steps that could be watched."""
    from generator.cli.main import main as program  # noqa: PLC0415 - only where it is measured

    watches = {step: Stopwatch() for step in steps}
    for step, watch in watches.items():
        for target in WATCHED[step]:
            install(watch, target)
    sys.argv = ["appraise", *arguments]
    with redirect_stdout(io.StringIO()):
        try:
            program()
        except SystemExit as end:
            if end.code:
                raise
    return {step: watch.answer() for step, watch in watches.items() if watch.calls > 0}


def read_all(root: Path, watch: Stopwatch) -> int:
    """List and read every file; return how many there are."""
    from generator.files.tree import WorkingTree, all_entries  # noqa: PLC0415 - only where it is measured

    tree = WorkingTree(root)
    entries = watch.time(partial(all_entries, tree))
    for entry in entries:
        watch.time(partial(tree.read, entry.path))
    return len(entries)


def chunks(root: Path) -> Iterator[list[tuple[str, bytes]]]:
    """Yield path and bytes of the YAML files of branches, some at a time."""
    paths = (p for p in sorted(root.glob("branches/*/**/*.yml")) if p.is_file())
    while part := list(islice(paths, CHUNK)):
        yield [(path.relative_to(root).as_posix(), path.read_bytes()) for path in part]


def parse_all(root: Path, watch: Stopwatch) -> int:
    """Parse every YAML file of the branches; return how many there are."""
    from generator.formats.nodes import parse  # noqa: PLC0415
    from generator.text.findings import Report  # noqa: PLC0415 - only where it is measured

    def parse_chunk(chunk: list[tuple[str, bytes]]) -> None:
        for path, data in chunk:
            parse(data, Report(), path)

    count = 0
    for chunk in chunks(root):
        count += len(chunk)
        watch.time(partial(parse_chunk, chunk))
    return count


def validate_all(root: Path, watch: Stopwatch) -> int:
    """Turn nodes into typed records; return how many files there are."""
    from generator.formats.nodes import parse  # noqa: PLC0415
    from generator.formats.shapes import Context  # noqa: PLC0415
    from generator.reports.schemas import FORMATS  # noqa: PLC0415
    from generator.text.findings import Place, Report  # noqa: PLC0415 - only where it is measured

    def read_chunk(nodes: list[tuple[Any, Any, Any]]) -> None:
        for shape, node, place in nodes:
            shape.read(node, place, Context(report, PLACES))

    shapes = [(_pattern(item.path), item.shape) for item in FORMATS]
    report, count = Report(), 0
    for chunk in chunks(root):
        nodes = []
        for path, data in chunk:
            node = parse(data, report, path)
            shape = next(shape for pattern, shape in shapes if pattern.fullmatch(path))
            if node is not None:
                nodes.append((shape, node, Place(path, node.line, node.column)))
        count += len(nodes)
        watch.time(partial(read_chunk, nodes))
    return count


def _pattern(path: str) -> re.Pattern[str]:
    """Return what paths of a form such as ``branches/<id>/branch.yml`` look like."""
    parts = re.split(r"<[^>]*>(?:-<[^>]*>)?", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


ALONE = {"read": read_all, "parse": parse_all, "validate": validate_all}


def main(arguments: list[str]) -> None:
    """Do what the arguments say; print the times as JSON."""
    name, subject, *rest = arguments
    if name == "watch":
        answer = watch_command(subject.split(","), rest)
    else:
        watch = Stopwatch()
        watch.calls = ALONE[name](Path(subject), watch)
        answer = {name: watch.answer()}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
