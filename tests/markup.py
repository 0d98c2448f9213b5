"""A page of the site as a tree: elements with attributes, children and text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from typing import TYPE_CHECKING

from generator.site.html.allowed import VOID

if TYPE_CHECKING:
    from collections.abc import Iterator


TAG = re.compile(r"<([^<>]*)>")
NAMED = re.compile(r"(/?)([A-Za-z][A-Za-z0-9]*)")
ATTRIBUTE = re.compile(r'\s+([A-Za-z_:@][\w:.@-]*)(?:="([^"]*)")?')
Attributes = list[tuple[str, str | None]]


@lru_cache(100_000)
def tag_of(inside: str) -> tuple[bool, bool, str, Attributes]:
    """Return whether a tag begins, whether it ends an element, its name and its attributes.

    Nobody changes these. Nothing is mended: what is not written as a page writes it fails the test.
    """
    found = NAMED.match(inside)
    assert found, inside
    at, attributes = found.end(), []
    while one := ATTRIBUTE.match(inside, at):
        attributes.append((one[1].lower(), None if one[2] is None else unescape(one[2])))
        at = one.end()
    name, rest = found[2].lower(), inside[at:].strip()
    assert rest in {"", "/"}, inside
    return not found[1], bool(found[1]) or (rest == "/" and name not in VOID), name, attributes


class Reader:
    """Reads a page tag by tag, as ``HTMLParser`` does: a third of the time, and strictly."""

    def feed(self, body: str) -> None:
        """Call the three methods below for what a page holds, in its order."""
        for number, piece in enumerate(TAG.split(body)):
            if number % 2 == 0:
                assert "<" not in piece, piece
                if piece:
                    self.handle_data(unescape(piece))
            elif not piece.startswith("!"):  # a comment, or what kind of document it is
                begins, ends, name, attributes = tag_of(piece)
                if begins:
                    self.handle_starttag(name, attributes)
                if ends:
                    self.handle_endtag(name)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Take an element that begins, or one that is nothing but its tag."""

    def handle_endtag(self, tag: str) -> None:
        """Take the end of an element."""

    def handle_data(self, data: str) -> None:
        """Take text."""


@dataclass
class Element:
    """An element, or the page itself; ``parts`` are elements and texts in turn.

    ``page`` are all elements of the page in their order, those within from ``first`` to ``last``.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Element | str] = field(default_factory=list)
    page: list[Element] = field(default_factory=list, repr=False, compare=False)
    first: int = field(default=0, compare=False)
    last: int = field(default=0, compare=False)

    @cached_property
    def text(self) -> str:
        """All text within, white space folded."""
        words = (part if isinstance(part, str) else part.text for part in self.parts)
        return " ".join("".join(words).split())

    @cached_property
    def classes(self) -> list[str]:
        """Classes of the element."""
        return self.attributes.get("class", "").split()

    def walk(self) -> Iterator[Element]:
        """Yield all elements within, in the order of the page."""
        return iter(self.page[self.first : self.last])

    def all(self, name: str = "", style: str = "", **wanted: str) -> list[Element]:
        """Return elements by name, class and attributes."""
        found = self.page[self.first : self.last]
        if name:
            found = [element for element in found if element.name == name]
        for key, value in wanted.items():
            found = [element for element in found if element.attributes.get(key) == value]
        return [element for element in found if style in element.classes] if style else found

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


class Builder(Reader):
    """Builds the tree."""

    def __init__(self) -> None:
        self.page: list[Element] = []
        self.open = [Element("page", page=self.page)]

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        place = len(self.page) + 1
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, page=self.page, first=place, last=place)
        self.open[-1].parts.append(element)
        self.page.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        element = self.open.pop()
        assert element.name == tag, tag
        element.last = len(self.page)

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def tree(body: str) -> Element:
    """Return the tree of a page's body."""
    builder = Builder()
    builder.feed(body)
    assert len(builder.open) == 1, builder.open[-1].name
    builder.open[0].last = len(builder.page)
    return builder.open[0]
