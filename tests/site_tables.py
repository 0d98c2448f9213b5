"""Tables of generated pages as tests read them: cells with their text, classes and links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.markup import Reader

if TYPE_CHECKING:
    from tests.markup import Attributes


@dataclass
class TableCell:
    """A cell: its tag, attributes, visible text, links, and the values of what is drawn in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    links: list[str] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)

    @property
    def look(self) -> list[str]:
        """Classes of the cell."""
        return self.attributes.get("class", "").split()


@dataclass
class TableRead:
    """A table: rows of its head, bodies and foot, and its caption."""

    look: list[str]
    parts: dict[str, list[list[TableCell]]] = field(
        default_factory=lambda: {"thead": [], "tbody": [], "tfoot": []}
    )
    caption: str = ""

    @property
    def rows(self) -> list[list[TableCell]]:
        """Rows of the bodies that hold figures."""
        return [row for row in self.parts["tbody"] if len(row) > 1]


class TableReader(Reader):
    """Reads all tables of a page; ``b`` and ``i`` are kept apart by spaces."""

    def __init__(self, body: str) -> None:
        self.tables: list[TableRead] = []
        self.part = ""
        self.cell: TableCell | None = None
        self.captioned = False
        self.feed(re.sub(r"\s*\n\s*", "", body))

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.tables.append(TableRead(values.get("class", "").split()))
        elif tag in ("thead", "tbody", "tfoot"):
            self.part = tag
        elif tag == "tr":
            self.tables[-1].parts[self.part].append([])
        elif tag in ("th", "td"):
            self.cell = TableCell(tag, values)
            self.tables[-1].parts[self.part][-1].append(self.cell)
        elif tag == "caption":
            self.captioned = True
        elif self.cell is not None:
            if "href" in values and tag == "a":
                self.cell.links.append(values["href"])
            if "data-value" in values:
                self.cell.values.append((values.get("data-basis", ""), values["data-value"]))
            if tag in ("b", "i", "span"):
                self.cell.text += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self.cell = None
        elif tag == "caption":
            self.captioned = False
        elif tag in ("b", "i", "span") and self.cell is not None:
            self.cell.text += " "

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.text += data
        elif self.captioned:
            self.tables[-1].caption += data


def table(body: object, name: str) -> TableRead:
    """Return the table of a body that has a class; raises StopIteration where there is none."""
    return next(t for t in TableReader(str(body)).tables if name in t.look)
