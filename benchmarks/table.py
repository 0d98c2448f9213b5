"""The one table that a run prints: a row a measurement, growth and ratios worked out last."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import Usage, growth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADS = (
    "step", "branches", "CPU s", "wall s", "MB", "per second", "growth", "ratio", "note",
)  # fmt: skip
NONE = "—"
TEXT_COLUMNS = (0, len(HEADS) - 1)
FINE, COARSE = 10, 100
#: Characters of a reason; the end of a program's last words says most.
LONG = 160


@dataclass(slots=True)
class Row:
    """One measurement: what was done on how many branches, and what it took.

    ``usage`` is None where it could not be measured; ``note`` says why. ``amount`` counts what
    was handled, in ``unit``. ``ratio`` compares with another row of the same run, which the
    note names.
    """

    step: str
    branches: int
    usage: Usage | None
    amount: int = 0
    unit: str = ""
    ratio: float | None = None
    note: str = ""

    @property
    def rate(self) -> float | None:
        """Units a second of CPU."""
        if self.usage is None or not self.amount or self.usage.cpu <= 0:
            return None
        return self.amount / self.usage.cpu

    def as_json(self) -> dict[str, Any]:
        """Return the row as plain values."""
        taken = None if self.usage is None else self.usage._asdict()
        return {**asdict(self), "usage": taken, "rate": self.rate}


def absent(step: str, branches: int, reason: str) -> Row:
    """Return the row of something that could not be measured."""
    words = " ".join(reason.split())
    return Row(step, branches, None, note=words if len(words) <= LONG else f"…{words[-LONG:]}")


def exponent(rows: Sequence[Row], row: Row) -> float | None:
    """Return the growth of a step's CPU time from the size before the largest to the largest."""
    sizes = sorted(
        (other.branches, other.usage.cpu)
        for other in rows
        if other.step == row.step and other.usage is not None
    )
    if len(sizes) < len(("smaller", "larger")) or row.branches != sizes[-1][0]:
        return None
    return growth(sizes[-2], sizes[-1])


def cells(rows: Sequence[Row], row: Row) -> list[str]:
    """Return the text of a row's cells."""
    grown = exponent(rows, row)
    taken = row.usage
    return [
        row.step,
        f"{row.branches:,}",
        NONE if taken is None else seconds(taken.cpu),
        NONE if taken is None else seconds(taken.wall),
        NONE if taken is None or not taken.memory else f"{taken.memory:.0f}",
        NONE if row.rate is None else f"{row.rate:,.0f} {row.unit}",
        "" if grown is None else f"{grown:.2f}",
        "" if row.ratio is None else f"{row.ratio:.2f} ×",
        row.note,
    ]


def seconds(value: float) -> str:
    """Return seconds with as many places as mean anything."""
    places = 3 if value < 1 else 2 if value < FINE else 1 if value < COARSE else 0
    return f"{value:.{places}f}"


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table as Markdown, aligned, so that it reads well on a terminal too."""
    body = [cells(rows, row) for row in rows]
    widths = [max(len(line[n]) for line in [list(HEADS), *body]) for n in range(len(HEADS))]
    widths[-1] = len(HEADS[-1])
    yield _line(HEADS, widths)
    rules = [
        "-" * width if n in TEXT_COLUMNS else "-" * (width - 1) + ":"
        for n, width in enumerate(widths)
    ]
    yield _line(rules, widths)
    for line in body:
        yield _line(line, widths)


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        text.ljust(width) if n in TEXT_COLUMNS else text.rjust(width)
        for n, (text, width) in enumerate(zip(texts, widths, strict=True))
    ]
    return "| " + " | ".join(padded) + " |"
