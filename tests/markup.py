"""A page of the site as a tree: elements with attributes, children and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from generator.site.html.allowed import VOID

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Element:
    """An element, or the page itself; ``parts`` are elements and texts in turn."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text within, white space folded."""
        words = (part if isinstance(part, str) else part.text for part in self.parts)
        return " ".join("".join(words).split())

    @property
    def classes(self) -> list[str]:
        """Classes of the element."""
        return self.attributes.get("class", "").split()

    def walk(self) -> Iterator[Element]:
        """Yield all elements within, in the order of the page."""
        for part in self.parts:
            if isinstance(part, Element):
                yield part
                yield from part.walk()

    def all(self, name: str = "", style: str = "", **wanted: str) -> list[Element]:
        """Return elements by name, class and attributes."""
        return [
            element
            for element in self.walk()
            if name in {"", element.name}
            and (not style or style in element.classes)
            and all(element.attributes.get(key) == value for key, value in wanted.items())
        ]

    def one(self, name: str = "", style: str = "", **wanted: str) -> Element:
        """Return the only such element; fails where there is none or more than one."""
        found = self.all(name, style, **wanted)
        assert len(found) == 1, (name, style, wanted, len(found))
        return found[0]

    @property
    def values(self) -> list[str]:
        """What the shapes of a drawing stand for, each once, in the order of the drawing."""
        return [e.attributes["data-value"] for e in self.walk() if "data-value" in e.attributes]

    @property
    def table(self) -> list[list[str]]:
        """The cells of a table's rows."""
        return [[c.text for c in row.all() if c.name in {"th", "td"}] for row in self.all("tr")]


class Builder(HTMLParser):
    """Builds the tree."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag, tag

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def tree(body: str) -> Element:
    """Return the tree of a page's body."""
    builder = Builder()
    builder.feed(body)
    assert len(builder.open) == 1, builder.open[-1].name
    return builder.open[0]
