"""Peers that validate YAML, on the files that ``appraise score`` reads of each branch.

They check the shape of each file and nothing more: no attachment, no position, no comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.made import YEAR
from benchmarks.measuring import Done, Failure, Usage, run
from benchmarks.peer_tools import FOLDER
from benchmarks.table import Row, absent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.peer_tools import Tools

    Files = dict[str, list[Path]]

#: Kind of file → where those of the sample lie; ``{id}`` is a branch.
PLACES = {
    "branch": "branches/{id}/branch.yml",
    "self-assessment": f"branches/{{id}}/{YEAR}/self-assessment.yml",
    "activity": f"branches/{{id}}/{YEAR}/activities/*/activity.yml",
    "document": f"branches/{{id}}/{YEAR}/documents/*/document.yml",
    "review": f"committee/{YEAR}/reviews/{{id}}.yml",
}


class Peer(NamedTuple):
    """A peer: what it is called, how many branches are measured, the goal, how it is run."""

    name: str
    sample: int
    goal: str
    commands: Callable[[Files, Path], list[list[str]]]


def files_of(root: Path, ids: list[str]) -> Files:
    """Return kind → files of these branches."""
    return {
        kind: [path for name in ids for path in sorted(root.glob(place.format(id=name)))]
        for kind, place in PLACES.items()
    }


def number_of(files: Files) -> int:
    """Return how many files these are."""
    return sum(len(paths) for paths in files.values())


def check_jsonschema(folder: Path, schemas: Path) -> Callable[[Files, Path], list[list[str]]]:
    """Return what gives the command lines: one process for each kind of file."""
    program = str(folder / "bin" / "check-jsonschema")

    def commands(files: Files, scratch: Path) -> list[list[str]]:
        del scratch
        return [
            [program, "--schemafile", str(schemas / f"{kind}.schema.json"), *map(str, paths)]
            for kind, paths in files.items()
            if paths
        ]

    return commands


def yamale(folder: Path) -> Callable[[Files, Path], list[list[str]]]:
    """Return what gives the command lines: one process for each kind of file."""
    program = str(folder / "bin" / "yamale")

    def commands(files: Files, scratch: Path) -> list[list[str]]:
        del scratch
        return [
            [program, "-n", "1", "-s", str(FOLDER / f"{kind}.yamale"), *map(str, paths)]
            for kind, paths in files.items()
            if paths
        ]

    return commands


def pydantic(folder: Path) -> Callable[[Files, Path], list[list[str]]]:
    """Return what gives the command line: one process for all files."""
    program = [str(folder / "bin" / "python"), str(FOLDER / "validate_pydantic.py")]

    def commands(files: Files, scratch: Path) -> list[list[str]]:
        lines = [f"{kind}\t{path}\n" for kind, paths in files.items() for path in paths]
        listed = scratch / f"files-{len(lines)}"
        listed.write_text("".join(lines), "utf-8")
        return [[*program, str(listed)]]

    return commands


def peers(tools: Tools, schemas: Path) -> list[Peer]:
    """Return the peers; the slow ones are measured on fewer branches."""
    return [
        Peer("check-jsonschema", 150, "≥ 20", check_jsonschema(tools.plain, schemas)),
        Peer("check-jsonschema, libyaml", 150, "≥ 7", check_jsonschema(tools.library, schemas)),
        Peer("yamale", 1000, "", yamale(tools.plain)),
        Peer("CSafeLoader + pydantic", 1000, "≥ 2", pydantic(tools.plain)),
    ]


def compare(bench: Bench, tools: Tools, schemas: Path, ours: dict[str, Usage]) -> None:
    """Measure each validator, and how much more CPU it takes than check and score from nothing."""
    ids = [path.name for path in sorted((bench.root / "branches").iterdir())]
    for peer in peers(tools, schemas):
        try:
            row = measured(bench, peer, ids)
        except (Failure, FileNotFoundError) as failure:
            row = absent(peer.name, bench.branches, f"failed: {failure}")
        if row.usage is not None:
            row.ratio = row.usage.cpu / ours["score"].cpu
            row.note += f"; {row.usage.cpu / ours['check'].cpu:.2f} × check, cold"
        bench.add(row)


def measured(bench: Bench, peer: Peer, ids: list[str]) -> Row:
    """Return the row of one peer, scaled by files from its sample where that is smaller."""
    total = number_of(files_of(bench.root, ids))
    files = files_of(bench.root, ids[: peer.sample])
    number = number_of(files)
    usage = once(peer, files, bench.scratch).usage
    note = f"this ÷ score, cold; goal {peer.goal}" if peer.goal else "this ÷ score, cold"
    if number < total:
        few = {kind: paths[:1] for kind, paths in files.items()}
        start = once(peer, few, bench.scratch).usage
        more = (total - number_of(few)) / (number - number_of(few))
        usage = Usage(
            start.cpu + (usage.cpu - start.cpu) * more,
            start.wall + (usage.wall - start.wall) * more,
            usage.memory,
        )
        note += f"; {peer.sample} branches measured, scaled by files; memory of the sample"
    return Row(peer.name, bench.branches, usage, total, "files", note=note)


def once(peer: Peer, files: Files, scratch: Path) -> Done:
    """Run a peer on files: the sum of its processes, and the memory of the largest."""
    taken = [run(command).usage for command in peer.commands(files, scratch)]
    usage = Usage(
        sum(t.cpu for t in taken), sum(t.wall for t in taken), max(t.memory for t in taken)
    )
    return Done(usage, b"")
