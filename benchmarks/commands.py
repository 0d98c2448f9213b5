"""What users run, measured as whole programs through the command line alone.

What an option is needed for that the program does not have yet stands in the table with a reason.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from filecmp import cmp
from functools import cache, partial
from typing import TYPE_CHECKING

from benchmarks.making import CHANGE
from benchmarks.measuring import Failure, Usage, appraise, run
from benchmarks.storing import MAIN, git
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.measuring import Done

SHARDS = 4


@cache
def options(command: str) -> frozenset[str]:
    """Return the options that a command has; none where there is no such command."""
    try:
        text = run(appraise(command, "--help")).output.decode("utf-8")
    except Failure:
        return frozenset()
    return frozenset(re.findall(r"--[a-z-]+", text))


def with_known(command: str, *wanted: str) -> list[str]:
    """Return those of the options that a command has; each may carry a value after ``=``."""
    return [option for option in wanted if option.partition("=")[0] in options(command)]


def single(command: str) -> list[str]:
    """Return the options for one process and no cache."""
    return with_known(command, "--no-cache", "--jobs=1", "--quiet")


#: What is measured from nothing and with a cache: the command and its own options.
COMPUTED = {"check": (), "score": ("--format", "json")}


def whole(bench: Bench) -> dict[str, Usage]:
    """Measure check and score from nothing in one process; return what each took."""
    taken = {}
    for name, form in COMPUTED.items():
        command = (name, *form, *single(name))
        note = "all checks and scores, JSON" if form else ""
        done = bench.measure(
            f"{name}, cold", partial(bench.run, *command), bench.files, "files", note
        )
        if done is not None:
            taken[name] = done.usage
    return taken


def cached(bench: Bench, cold: dict[str, Usage]) -> None:
    """Measure check and score with their cache: nothing changed, then one branch changed."""
    for name, form in COMPUTED.items():
        again = partial(bench.run, name, *form, *with_known(name, "--jobs=1", "--quiet"))
        try:
            again()
        except Failure as failure:
            bench.absent(f"{name}, warm", f"failed: {failure}")
            continue
        goal = "cold ÷ this, goal ≥ 60"
        bench.measure(f"{name}, warm, nothing changed", again)
        bench.compare(cold.get(name), goal)
        bench.measure(f"{name}, warm, one branch changed", partial(edited, bench, again))
        bench.compare(cold.get(name), goal)


def edited(bench: Bench, again: Callable[[], Done]) -> Done:
    """Run a command with one activity edited, then once more without, so that all is as before."""
    with one_edit(bench.root):
        done = again()
    again()
    return done


def processes(bench: Bench) -> None:
    """Measure the wall time of two processes against one."""
    step = "score, cold, two processes"
    if "--jobs" not in options("score"):
        bench.absent(step, "score has no --jobs")
        return
    one = bench.run("score", "--format", "json", *single("score")).usage
    arguments = with_known("score", "--no-cache", "--jobs=2", "--quiet")
    bench.measure(
        step, lambda: bench.run("score", "--format", "json", *arguments), bench.files, "files"
    )
    bench.compare(one, "wall of one ÷ wall of two, goal ≥ 1.7", wall=True)


def shards(bench: Bench) -> None:
    """Compute a year in parts, merge them, and compare the bytes with those of one run."""
    step = f"score, {SHARDS} shards, merged"
    if "--shard" not in options("score") or not options("merge"):
        bench.absent(step, "no --shard and merge")
        return
    folder = bench.scratch / "shards"
    folder.mkdir(exist_ok=True)
    parts, taken = [], []
    try:
        for number in range(1, SHARDS + 1):
            shard = f"--shard={number}/{SHARDS}"
            parts.append(folder / str(number))
            command = ("score", "--format", "json", shard, *single("score"))
            taken.append(bench.run(*command, output=parts[-1]).usage)
        command = ("merge", *map(str, parts), *with_known("merge", "--no-cache"))
        merged = bench.run(*command, output=folder / "merged")
        command = ("score", "--format", "json", *single("score"))
        once = bench.run(*command, output=folder / "once")
    except Failure as failure:
        bench.absent(step, f"failed: {failure}")
        return
    same = cmp(folder / "merged", folder / "once", shallow=False)
    usage = Usage(
        sum(t.cpu for t in taken) + merged.usage.cpu,
        max(t.wall for t in taken) + merged.usage.wall,
        max(t.memory for t in taken),
    )
    note = "byte-identical to one run" if same else "DIFFERS FROM ONE RUN"
    bench.add(Row(step, bench.branches, usage, note=f"{note}; wall: the slowest and the merge"))
    bench.compare(once.usage, "wall of one run ÷ this", wall=True)
    size = sum(part.stat().st_size for part in parts) / 1e6
    bench.add(Row("merge of the shards", bench.branches, merged.usage, note=f"{size:.1f} MB"))


def site(bench: Bench) -> Usage | None:
    """Measure the site with search, and the build after one branch changed; return the former."""
    target = bench.scratch / f"site-{bench.branches}"
    more = with_known("build", "--jobs=1", "--quiet")
    arguments = ("build", "--site-dir", str(target), *more)
    cold = with_known("build", "--no-cache")
    full = bench.measure(
        "build, the whole site", lambda: bench.run(*arguments, *cold), bench.branches, "cards"
    )
    if full is None:
        return None
    bench.rows[-1].note = size_of(target)
    bench.run(*arguments)

    again = partial(bench.run, *arguments)
    bench.measure("build, one branch changed", partial(edited, bench, again))
    bench.compare(full.usage, "whole ÷ this, goal ≥ 5")
    return full.usage


def size_of(site_dir: Path) -> str:
    """Say how many pages a site has, and how large its first view and its search index are."""
    pages = sum(1 for _ in site_dir.rglob("*.html"))
    first = (site_dir / "index.html").stat().st_size / 1000
    index = (site_dir / "search" / "search_index.json").stat().st_size / 1e6
    return f"{pages:,} pages; index.html {first:,.0f} kB, search index {index:.2f} MB"


def one_branch(bench: Bench) -> None:
    """Measure the check of a single branch, from a cold start, and what starting alone takes."""
    name = changed_path(bench.root).split("/")[1]
    bench.measure("appraise --help", lambda: run(appraise("--help")), note="start-up alone")
    bench.measure(
        "check ID, cold",
        lambda: bench.run("check", name, *single("check")),
        note="goal ≤ 0.2 s CPU",
    )


def proposals(bench: Bench) -> None:
    """Measure what the server asks about a change of one branch."""
    login = author_of(bench.root)
    goal = "one branch changed; goal about 0.2 s CPU"
    bench.measure(
        "guard main HEAD", lambda: bench.run("guard", MAIN, CHANGE, "--author", login), note=goal
    )
    bench.measure(
        "impact main HEAD",
        lambda: bench.run(
            "impact", MAIN, CHANGE, *with_known("impact", "--no-cache", "--no-ranks")
        ),
        note=f"{goal}; --no-ranks",
    )
    with checked_out(bench.root, CHANGE):
        bench.measure(
            "check --since main",
            lambda: bench.run("check", "--since", MAIN, *single("check")),
            note=f"{goal}; working tree",
        )
    bench.measure(
        "check --since main --at HEAD",
        lambda: bench.run("check", "--since", MAIN, "--at", CHANGE, *single("check")),
        note=goal,
    )


def changed_path(root: Path) -> str:
    """Return the path of the file that differs on the branch ``change``."""
    out = git(root, "-c", "core.quotePath=false", "diff", "--name-only", MAIN, CHANGE)
    return out.decode("utf-8").strip()


def author_of(root: Path) -> str:
    """Return the login that made the change."""
    return git(root, "log", "-1", "--format=%an", CHANGE).decode("utf-8").strip()


@contextmanager
def one_edit(root: Path) -> Iterator[None]:
    """Have one branch's activity edited in the working tree for a while."""
    path = changed_path(root)
    before = (root / path).read_bytes()
    (root / path).write_bytes(git(root, "show", f"{CHANGE}:{path}"))
    try:
        yield
    finally:
        (root / path).write_bytes(before)
        git(root, "update-index", "--refresh", "-q")


@contextmanager
def checked_out(root: Path, ref: str) -> Iterator[None]:
    """Have another branch checked out for a while."""
    git(root, "checkout", "--quiet", ref)
    try:
        yield
    finally:
        git(root, "checkout", "--quiet", MAIN)
