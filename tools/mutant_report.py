"""What became of mutants, counted by module."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tools.mutants import Outcome, Site

#: So many of a hundred have to be killed.
LEAST = 90


@dataclass(frozen=True)
class Row:
    """A module's mutants, counted."""

    path: str
    drawn: int
    killed: int
    equivalent: int
    survived: int


def rows_of(
    drawn: Sequence[Site], equivalent: Iterable[Site], outcomes: Mapping[Site, Outcome]
) -> list[Row]:
    """Count by module; what was not tried yet counts as drawn alone."""
    drawn_, equal = Counter(s.path for s in drawn), Counter(s.path for s in equivalent)
    killed = Counter(site.path for site, outcome in outcomes.items() if outcome.killed)
    survived = Counter(site.path for site, outcome in outcomes.items() if not outcome.killed)
    return [Row(p, drawn_[p], killed[p], equal[p], survived[p]) for p in sorted(drawn_)]


def share(rows: Sequence[Row]) -> float:
    """Return how many of a hundred mutants that are other programs were killed."""
    tried = sum(row.killed + row.survived for row in rows)
    return 100 * sum(row.killed for row in rows) / tried if tried else 100.0


def table(rows: Sequence[Row]) -> str:
    """Return the report: a line a module, and what they add up to."""
    total = Row("", *(sum(getattr(r, n) for r in rows) for n in list(Row.__annotations__)[1:]))
    width = max(len(row.path) for row in [*rows, Row("module", 0, 0, 0, 0)])
    lines = [f"{'module':{width}}  drawn  killed  equivalent  survived"]
    lines += [
        f"{r.path:{width}}  {r.drawn:5}  {r.killed:6}  {r.equivalent:10}  {r.survived:8}"
        for r in [*rows, total]
    ]
    return "\n".join([*lines, f"killed: {share(rows):.1f} %"])
