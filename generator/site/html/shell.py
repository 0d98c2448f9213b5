"""The shell: the theme's page rendered once with slots, and every generated page stamped into it.

This is the seam to the site generator: whoever renders a page of the theme with the words of
``Slot`` in it provides a shell, and everything else of the site is made without that generator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin

from markupsafe import escape

from generator.site.html.foreign import marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.site.html.audit import Auditor
    from generator.site.html.page import Frame, GeneratedPage


class Slot(StrEnum):
    """Words that stand in a shell where a page's own text goes; no page is made of these."""

    TITLE = "slot-4f1c9a-title"
    TOPIC = "slot-4f1c9a-topic"
    DESCRIPTION = "slot-4f1c9a-description"
    CANONICAL = "slot-4f1c9a-canonical"
    IMAGE = "slot-4f1c9a-image"
    DATA = "slot-4f1c9a-data"
    CONTENT = "slot-4f1c9a-content"
    SKIP = "slot-4f1c9a-skip"
    TOC = "slot-4f1c9a-toc"
    TOC_TITLE = "slot-4f1c9a-entry"
    TOC_ANCHOR = "slot-4f1c9a-anchor"


#: The content that the theme is given: it looks for a heading, and adds one where it finds none.
CONTENT_STANDIN = f"<h1>{Slot.CONTENT}</h1>"

#: Anchor that "skip to content" leads to where the heading of a page has no id of its own.
TOP = "__top"

#: The title where it stands by itself: in the header, for people.
_TOPIC = re.compile(rf"(?<=>)(\s*){Slot.TITLE}(?=\s*<)")
_SLOTS = re.compile("(slot-4f1c9a-[a-z]+)")
_HEADING = re.compile(r"<h1\b([^<>]*)>")
#: Elements in which every blank counts.
_VERBATIM = re.compile(r"<(script|style|pre|textarea)\b.*?</\1>", re.DOTALL)
#: A step of an address that is empty or begins with a dot.
_ASTRAY = re.compile(r"(?:\A|/)(?:\.|/|\Z)")
_ID = re.compile(r'\sid="([^"<>]*)"')
_SWITCH = re.compile(r'(<input\b[^<>]*\btype="checkbox"[^<>]*?) autocomplete="off"')
_EMPTY_STOP = re.compile(r'(<label\b[^<>]*?) tabindex=""')
_OUTLINE = "__toc"


#: What data for programs stands in; the slot holds the element with its data, or nothing.
DATA_START, DATA_END = '<script type="application/ld+json">', "</script>"


class Head(NamedTuple):
    """What the head of a page says beside its title.

    ``data`` is an element of JSON-LD, made by ``jsonld``, or nothing; ``image`` is the address of
    the picture that goes with links.
    """

    data: str = ""
    image: str = ""


PLAIN_HEAD = Head()


class ShellError(Exception):
    """A page has no fit address or no fit shell: a fault of the program or the theme."""

    def __init__(self, address: str, reason: str) -> None:
        """Name the page and what is wrong with it."""
        super().__init__(address, reason)

    def __str__(self) -> str:
        """Return both in one line."""
        address, reason = self.args
        return f"{address!r}: {reason}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text with slots, taken apart once: ``parts`` alternates between text and slot names."""

    parts: tuple[str, ...]
    encoded: tuple[bytes, ...]

    @classmethod
    def of(cls, text: str) -> Pattern:
        """Return the pattern of a text that holds slots."""
        parts = tuple(_SLOTS.split(text))
        return cls(parts, tuple(part.encode("utf-8") for part in parts))

    @property
    def slots(self) -> frozenset[str]:
        """Slots that the text holds."""
        return frozenset(self.parts[1::2])

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with each slot's value; values are never looked through for slots."""
        parts = list(self.parts)
        parts[1::2] = [values[name] for name in parts[1::2]]
        return "".join(parts)

    def stamp(self, values: Mapping[str, str]) -> bytes:
        """Return the same as bytes; what lies between the slots is encoded once for all pages."""
        data = list(self.encoded)
        ready = {name: value.encode("utf-8") for name, value in values.items()}
        data[1::2] = [ready[name] for name in self.parts[1::2]]
        return b"".join(data)


@dataclass(frozen=True, slots=True)
class Shell:
    """The theme around a page, for one depth of address and one entry of the navigation."""

    page: Pattern
    item: Pattern
    scripts: frozenset[str]

    @classmethod
    def of(cls, address: str, page: str, item: str, auditor: Auditor) -> Shell:
        """Make a shell of a rendered page and a rendered entry of its table of contents.

        Raises AuditError and ShellError.
        """
        page = valid(page)
        text = without_blanks(page.replace(item, Slot.TOC).replace(CONTENT_STANDIN, Slot.CONTENT))
        text = _TOPIC.sub(rf"\1{Slot.TOPIC}", text)
        entry = Pattern.of(without_blanks(item))
        shell = cls(Pattern.of(text), entry, auditor.document(address, page))
        if lacking := {Slot.TITLE, Slot.DESCRIPTION, Slot.CONTENT} - shell.page.slots:
            raise ShellError(address, "lacks " + ", ".join(sorted(lacking)))
        return shell

    def stamp(
        self, page: GeneratedPage, frame: Frame, site_url: str = "", head: Head = PLAIN_HEAD
    ) -> bytes:
        """Return the bytes of a page; its body and frame have passed the audit before."""
        anchor, body = with_anchor(frame.around(str(page.body)))
        body += str(page.program or "")
        entries = [
            self.item.fill(
                {
                    Slot.TOC_TITLE: marked(str(escape(e.title))),
                    Slot.TOC_ANCHOR: str(escape(e.anchor)),
                }
            )
            for e in page.toc
        ]
        title = str(escape(one_line(page.title)))
        return self.page.stamp(
            {
                Slot.TITLE: title,
                Slot.TOPIC: marked(title),
                Slot.DESCRIPTION: str(escape(one_line(page.description))),
                Slot.CANONICAL: str(escape(location(site_url, page.address))) if site_url else "",
                Slot.IMAGE: str(escape(location(site_url, head.image))) if site_url else "",
                Slot.DATA: head.data,
                Slot.CONTENT: body,
                Slot.SKIP: str(escape(anchor)),
                Slot.TOC: "".join(entries),
            }
        )


@dataclass(frozen=True, slots=True)
class ShellKey:
    """What a shell depends on: how deep the address lies, its entry of the nav, and the outline."""

    depth: int
    nav: str
    own: bool
    toc: bool

    @classmethod
    def of(cls, page: GeneratedPage) -> ShellKey:
        """Return the key of a page's shell."""
        own = page.address == page.nav
        return cls(page.address.count("/"), page.nav, own, bool(page.toc))

    @property
    def address(self) -> str:
        """An address for the page that stands in while the shell is rendered."""
        return self.nav if self.own else "-/" * self.depth + "-.html"


@dataclass(slots=True)
class Addresses:
    """Addresses of the pages so far; each may be given once."""

    taken: set[str] = field(default_factory=set)

    def take(self, address: str) -> None:
        """Claim an address below the site's root; raises ShellError where it cannot be one."""
        if _ASTRAY.search(address):
            raise ShellError(address, "no address below the site")
        if "\\" in address or not address.isprintable() or address in self.taken:
            raise ShellError(address, "unfit or taken")
        self.taken.add(address)


def valid(text: str) -> str:
    """Return a document of the theme without what is no HTML.

    A switch has no ``autocomplete``, a label no empty ``tabindex``; and on a page that is no
    entry of the navigation there is no switch for the outline, which its title is a label of.
    """
    text = _EMPTY_STOP.sub(r"\1", _SWITCH.sub(r"\1", text))
    return text if f'id="{_OUTLINE}"' in text else text.replace(f' for="{_OUTLINE}"', "")


def boxed(html: str) -> str:
    """Return a hand-written page with a box around each table that the keyboard can push sideways.

    The theme's script would put one there without, and all below would move.
    """
    start = '<div class="ap-scroll" tabindex="0"><table class="ap-plain ap-read">'
    return html.replace("<table>", start).replace("</table>", "</table></div>")


def without_blanks(text: str) -> str:
    """Return a document with one line break for the blanks around line breaks."""
    pieces, end = [], 0
    for found in _VERBATIM.finditer(text):
        pieces += [tightened(text[end : found.start()]), found.group()]
        end = found.end()
    return "".join((*pieces, tightened(text[end:])))


def tightened(text: str) -> str:
    """Return text with one line break for the blanks around line breaks, wherever they are."""
    first, *rest = text.split("\n")
    if not rest:
        return text
    *middle, last = rest
    return "\n".join((first.rstrip(), *filter(None, map(str.strip, middle)), last.lstrip()))


def with_anchor(body: str) -> tuple[str, str]:
    """Return the anchor of a body's first heading, and the body; one without id is given one."""
    heading = _HEADING.search(body)
    if heading is None:
        return TOP, f'<span id="{TOP}"></span>{body}'
    if own := _ID.search(heading.group(1)):
        return own.group(1), body
    start = heading.start() + len("<h1")
    return TOP, f'{body[:start]} id="{TOP}"{body[start:]}'


def location(site_url: str, address: str) -> str:
    """Return where a page will be found: with the host where the site's is known."""
    return urljoin(site_url or "/", quote(address))


def one_line(text: str) -> str:
    """Return text with every run of spaces and line breaks as one space."""
    return " ".join(text.split())
