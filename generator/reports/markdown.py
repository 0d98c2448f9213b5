"""Markdown for comments and summaries: whatever the data holds, it stays literal text.

Everything that comes from data is set in a code span: there neither markup, links, mentions,
references nor HTML are live. What could end the span, a table cell or an HTML comment is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.reports.findings import safe
from generator.text.language import tr
from generator.text.names import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: GitHub takes 65,536 characters.
LIMIT = 65_000
CELL = 400
#: Characters kept for the words that say how much was left out.
RESERVE = 80
DASH = "—"
#: What would end a code span or a cell, and what stands in its place.
LOOKALIKES = str.maketrans({"`": "ˋ", "|": "｜"})


def literal(text: str, limit: int = CELL) -> str:
    """Return text of the data as a code span; a dash where it is empty."""
    shown = safe(visible(text, limit)).translate(LOOKALIKES).replace("<!--", "<\u200a!--").strip()
    return f"`{shown}`" if shown else DASH


def size(text: str) -> int:
    """Return the length as the forge counts it: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class Table:
    """A table whose cells are ready to print."""

    title: str
    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)


@dataclass(slots=True)
class Fold:
    """A table that opens when it is asked for, and words below it; always at the end."""

    table: Table
    words: str

    def render(self, budget: int) -> str:
        """Return the folded block with as many rows as the budget holds."""
        start, end = (
            f"<details><summary>{self.table.title}</summary>",
            f"{self.words}\n\n</details>",
        )
        inside = fit(self.table, budget - size(start) - size(end) - 4) if self.table.rows else ""
        return "\n\n".join(part for part in (start, inside, end) if part)


@dataclass(slots=True)
class Document:
    """Paragraphs and tables in order, cut by rows where they grow too long."""

    blocks: list[str | Table] = field(default_factory=list)
    last: Fold | None = None

    def say(self, text: str) -> None:
        """Add a paragraph or a heading, ready to print; nothing where it is empty."""
        if text:
            self.blocks.append(text)

    def table(self, title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table; nothing where it has no rows."""
        found = list(rows)
        if found:
            self.blocks.append(Table(title, head, found))

    def fold(self, title: str, head: Sequence[str], rows: list[list[str]], words: str) -> None:
        """Set what stands at the end, folded; title and words are the program's own."""
        self.last = Fold(Table(title, head, [*rows]), words)

    def render(self, limit: int = LIMIT) -> str:
        """Return the text, at most ``limit`` characters; what is left out is counted."""
        ends = [] if self.last else self.blocks[-1:]
        tail = [block for block in ends if isinstance(block, str)]
        least = size(self.last.render(0)) + 2 if self.last else 0
        budget = limit - least - sum(size(block) + 2 for block in tail) - RESERVE
        parts: list[str] = []
        omitted = 0
        for block in self.blocks[: len(self.blocks) - len(tail)]:
            text = block if isinstance(block, str) else fit(block, budget)
            if not text or size(text) + 2 > budget:
                omitted += 1 if isinstance(block, str) else len(block.rows)
                continue
            parts.append(text)
            budget -= size(text) + 2
        if omitted:
            parts.append(tr("篇幅所限，另有 {n} 行没有列出", n=omitted))
        last = self.last.render(budget + least) if self.last else ""
        return "\n\n".join(part for part in (*parts, *tail, last) if part) + "\n"


def fit(table: Table, budget: int) -> str:
    """Return a table with as many rows as the budget holds, nothing where it holds none."""
    lines = [f"**{table.title}**", "", row(table.head), row(["---"] * len(table.head))]
    used = sum(size(line) + 1 for line in lines) + RESERVE
    shown = 0
    for cells in table.rows:
        line = row(cells)
        used += size(line) + 1
        if used > budget:
            break
        lines.append(line)
        shown += 1
    if shown < len(table.rows):
        lines += ["", tr("还有 {n} 行没有列出", n=len(table.rows) - shown)]
    return "\n".join(lines) if shown else ""


def row(cells: Sequence[str]) -> str:
    """Return one row of a table."""
    return "| " + " | ".join(cells) + " |"
