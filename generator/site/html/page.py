"""What a generated page is, before it is stamped into the shell of the theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup  # noqa: TC002 - part of the public type

from generator.site.addresses import HOME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    #: Address of a page that does not belong to a branch, and what makes it.
    Standing = tuple[str, Callable[[], "GeneratedPage"]]


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A heading of a page for its table of contents: text and anchor id."""

    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What search finds a page by: title and words, both plain text."""

    title: str
    text: str


class Program(NamedTuple):
    """The one script that a page runs by itself, and what it is told: an address, and JSON.

    ``imported`` are the addresses of what it imports.
    """

    script: str
    data: str
    imported: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return all of it as it stands below the body."""
        early = "".join(f'<link rel="modulepreload" href="{other}">\n' for other in self.imported)
        return (
            f'<script type="application/json" id="{TOLD}">{self.data}</script>\n'
            f'{early}<script type="module" src="{self.script}"></script>\n'
        )


#: The id of what a page tells its script.
TOLD = "ap-form-settings"
#: Where a body has the banner of its year; no text from anywhere can hold it, ``<`` is escaped.
BANNER = "<!--banner-->"
#: Where a body has what it shows of all other branches of its year.
OTHERS = "<!--others-->"


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of a year at one depth show alike: the banner, the foot, all other branches.

    It says which version of the data is shown, and changes when nothing else of a page does.
    ``others`` is a drawing's symbol, defined where a body asks for it; ``years`` leads to the same
    page of other years; ``notice`` says above a page that final results were corrected.
    """

    banner: str
    foot: str
    others: str = ""
    years: str = ""
    notice: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """All that is put into a page."""
        return (self.years, self.notice, self.banner, self.foot, self.others)

    def around(self, body: str) -> str:
        """Return a body with each in its place."""
        body = body.replace(BANNER, self.banner, 1).replace(OTHERS, self.others, 1)
        return self.years + self.notice + body + self.foot


def bare(body: str) -> str:
    """Return a body without the marks of its frame."""
    return body.replace(BANNER, "", 1).replace(OTHERS, "", 1)


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """A page at ``address`` (below the site's root, with ``/``, ending in ``.html``).

    ``title`` and ``description`` are plain text, escaped where they are stamped; ``body`` comes
    from an autoescaped template and holds the ``<h1>``; it is shown in a frame. ``nav`` is the
    address of the entry of the main navigation that the page belongs to. ``program`` is what runs
    in the page.
    """

    address: str
    title: str
    description: str
    body: Markup
    toc: tuple[TocEntry, ...] = ()
    search: SearchEntry | None = None
    nav: str = HOME
    program: Program | None = None


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file that is written as it is, such as results.json, a piece at a time."""

    address: str
    pieces: Callable[[], Iterable[bytes]]

    @property
    def content(self) -> bytes:
        """All bytes of the file."""
        return b"".join(self.pieces())
