"""``python -m tools.removals``: what taking away each record of the sample does to its points.

Every record of the sample's year is taken away alone, and its branch is scored without it. The
table goes to docs/removals.md; a test compares it.
"""

from __future__ import annotations

import datetime
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from generator.engine.repository import open_repository
from generator.engine.year import Means, Run
from generator.files.paths import RecordPath
from generator.files.tree import MemoryTree, WorkingTree, all_entries
from generator.text.findings import Report
from generator.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.files.tree import Entry, Past

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "removals.md"
YEAR = 2025
HEAD = """\
# Taking records away

What each single record of the sample's year {year} does to the points of its branch: of {count}
records that can be taken away alone, {raising} raise a criterion when they go, {lowering} lower
one, and {idle} change none. Written by `python -m tools.removals`, held by
`tests/test_removals.py`; [format.md](format.md#3-the-rubric) says by which methods points can rise.
Below, how often the points of a criterion fall or rise by each method of the rubric, and each
criterion that a record moves.
"""


class Arrived:
    """A history in which every file was received on one day, before ``history_from``."""

    def day(self, path: str, blob: str, names: Sequence[str]) -> datetime.date:
        """Return the day."""
        del path, blob, names
        return datetime.date(2026, 1, 12)

    def now(self, path: str, day: datetime.date | None, names: Sequence[str]) -> frozenset[str]:
        """Nothing was moved."""
        del day, names
        return frozenset({path})

    def past(self, paths: Sequence[str]) -> list[Past]:
        """Nothing was there before."""
        del paths
        return []

    def annals(self) -> None:
        """Nothing is known of commits."""

    def prepare(self) -> None:
        """All is there."""


class Without(MemoryTree):
    """The files of a working tree, read once, without the folder of one record."""

    gone = "/"

    def __init__(self, root: Path) -> None:
        tree = WorkingTree(root)
        super().__init__({entry.path: tree.read(entry.path) for entry in all_entries(tree)})

    def folder(self, name: str) -> list[Entry]:
        """Return the entries of a branch, those of the record left out."""
        return [entry for entry in super().folder(name) if not entry.path.startswith(self.gone)]


class Effect(NamedTuple):
    """What taking a record away does to a criterion; points are decimals or None."""

    record: str
    criterion: str
    before: Decimal | None
    after: Decimal | None

    @property
    def gain(self) -> Decimal:
        """How much the points of the branch rise by it."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


class Sample:
    """The sample, of which a record can be taken away."""

    def __init__(self, root: Path = ROOT) -> None:
        self.tree = Without(root)
        repository = open_repository(self.tree)
        self.names = repository.branch_ids
        reducer = Run(repository, YEAR, Means(receipts=Arrived()), details=False).reducer()
        if reducer is None:
            raise ValueError(root)
        self.reducer = reducer

    def records(self, branch: str) -> list[str]:
        """Return the folders of the records of a branch, as evidence names them."""
        self.tree.gone = "/"
        found = (RecordPath.of(entry.path) for entry in self.tree.folder(branch))
        own = (one for one in found if one is not None and one.is_record)
        return [one.record for one in own if one.year == str(YEAR)]

    def points(self, branch: str, gone: str = "") -> dict[str, Decimal | None]:
        """Return criterion → points of a branch, without a record."""
        self.tree.gone = f"{gone}/"
        lines = self.reducer.score(branch, Report()).card.lines
        return {line.criterion: line.points for line in lines if line.criterion and not line.part}

    @cache  # noqa: B019 - a sample lives as long as what asks it
    def effects(self, branch: str) -> list[list[Effect]]:
        """Return what taking away each record of a branch does; nothing where it does nothing."""
        before = self.points(branch)
        return [
            [
                Effect(record, criterion, points, after.get(criterion))
                for criterion, points in before.items()
                if after.get(criterion) != points
            ]
            or [Effect(record, "", None, None)]
            for record in self.records(branch)
            for after in [self.points(branch, record)]
        ]


def shown(points: Decimal | None) -> str:
    """Return points as a table has them."""
    return "—" if points is None else plain(points)


def page(sample: Sample) -> str:
    """Return the page."""
    removals = [effects for name in sample.names for effects in sample.effects(name)]
    moved = [effect for effects in removals for effect in effects if effect.criterion]
    rows = [
        f"| `{effect.record.removeprefix('branches/')}` | `{effect.criterion}` |"
        f" {shown(effect.before)} | {shown(effect.after)} |"
        for effect in sorted(moved, key=lambda own: (-own.gain, own.record, own.criterion))
    ]
    head = HEAD.format(
        year=YEAR,
        count=len(removals),
        raising=sum(any(e.gain > 0 for e in effects) for effects in removals),
        lowering=sum(any(e.gain < 0 for e in effects) for effects in removals),
        idle=sum(not effects[0].criterion for effects in removals),
    )
    table = ["| method | lower | raise |", "|---|---|---|", *by_method(sample, moved), ""]
    table += ["| record | criterion | with it | without it |", "|---|---|---|---|", *rows]
    return head + "\n" + "\n".join(table) + "\n"


def by_method(sample: Sample, moved: Sequence[Effect]) -> Iterator[str]:
    """Yield a row a method of the rubric: how often its points fall, and how often they rise."""
    criteria = sample.reducer.setting.rubric.criteria
    for method in sorted({own.method.name for _, own in criteria.values()}):
        gains = [e.gain for e in moved if criteria[e.criterion][1].method.name == method]
        yield f"| `{method}` | {sum(g < 0 for g in gains)} | {sum(g > 0 for g in gains)} |"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(Sample()), "utf-8")
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
